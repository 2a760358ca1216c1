#!/usr/bin/env bash
# Two table libraries and the column 持股比例: 45 % is 45, or text.
#
# Guess: a percent cell stays text or becomes 0.45 in both.
# Seen on 27 November 2026, agate==1.14.2 frictionless==5.21.0: agate reads 45% as the number 45 and 0870 as 870, a
#   company called NA or None as no name; frictionless keeps 45% as text, but types 18-digit codes and 0870 as
#   integers.
# So: column types are declared, a percent sign divides by a hundred, and only declared words mean missing.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'agate==1.14.2' 'frictionless==5.21.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import pathlib
import warnings
from decimal import Decimal

warnings.simplefilter("ignore")
import agate
from frictionless import Resource

pathlib.Path("t.csv").write_text("name,code,uscc,share\nNA,0870,914401010123456789,45%\n样例,0871,914401010123456780,30%\n", encoding="utf-8")
by_agate = list(agate.Table.from_csv("t.csv").rows[0].values())
by_frictionless = list(Resource("t.csv").read_rows()[0].to_dict().values())
print(by_agate, by_frictionless)
assert by_agate == [None, Decimal(870), Decimal("914401010123456789"), Decimal(45)]
assert by_frictionless == ["NA", 870, 914401010123456789, "45%"]
PY
