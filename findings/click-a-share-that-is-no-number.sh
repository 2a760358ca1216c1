#!/usr/bin/env bash
# A share between 0 and 1 may be nan
#
# Guess: an option that takes a number from 0 to 1 refuses nan, as it refuses inf and 2.
# Seen on 28 November 2026, click==8.5.1: click lets nan through FloatRange(0, 1), since nan is neither below 0 nor
#   above 1; a share of nan then passes every later comparison or none. 1_0e-1 is 1.0 and full-width digits are read
#   too.
# So: numbers of options are read as decimals, finite ones only.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'click==8.5.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import click
from click.testing import CliRunner


@click.command()
@click.option("--share", type=click.FloatRange(min=0, max=1))
def allot(share):
    click.echo(f"{share} {share > 0.2} {share <= 0.2}")


seen = {text: CliRunner().invoke(allot, ["--share", text]) for text in ("0.3", "nan", "inf", "2", "1_0e-1")}
for text, result in seen.items():
    print(text, result.exit_code, result.output.strip().splitlines()[-1])
assert [result.exit_code for result in seen.values()] == [0, 0, 2, 2, 0]
assert seen["nan"].output == "nan False False\n"
PY
