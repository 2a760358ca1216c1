#!/usr/bin/env bash
# A table for a report shows 12,345,678.91 yuan as 1.23457e+07.
#
# Guess: DataFrame.to_markdown() shows what the frame shows, and texts as they are.
# Seen on 28 November 2026, tabulate==0.10.0 pandas==2.3.3: six digits of every number with a fraction, of decimals and
#   of amounts kept as text too: "12345678.91" is shown as 1.23457e+07. The code "000123" beside a number-like one is
#   123, and a credit code whose only letter is an E, 914401011234567E51, is 9.14401e+65. disable_numparse=True keeps
#   them.
# So: figures on pages are written from decimals by one function; codes are never taken for numbers.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'tabulate==0.10.0' 'pandas==2.3.3'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from decimal import Decimal

import pandas as pd

frame = pd.DataFrame(
    {
        "decimal": [Decimal("12345678.91"), Decimal("2.50")],
        "text": ["12345678.91", "2.50"],
        "code": ["000123", "914401011234567E51"],
    }
)
shown = frame.to_markdown(index=False).splitlines()[2:]
seen = [[cell.strip() for cell in line.strip("|").split("|")] for line in shown]
plain = frame.to_markdown(index=False, disable_numparse=True)
print(seen)
assert seen == [["1.23457e+07", "1.23457e+07", "123"], ["2.5", "2.5", "9.14401e+65"]]
assert "000123" in plain and "12345678.91" in plain
PY
