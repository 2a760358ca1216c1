#!/usr/bin/env bash
# 12.5 is rounded to 13 and printed as 12.
#
# Guess: a number shown or made a text with two decimals is rounded as ROUND rounds it.
# Seen on 28 November 2026, ironcalc==0.9.1 formualizer==0.13.0: ROUND takes halves away from zero, TEXT and the
#   number format of a cell to the even digit: TEXT(0.125,"0.00") is 0.12 beside ROUND 0.13, TEXT(2.5,"0") 2 beside 3,
#   and 28.5 % is 28%. formualizer prints 0.13, 3 and 29%. TEXT(day,"yyyy年m月d日"), as it is written in China, is an
#   error here and a date there.
# So: numbers are rounded here once, as decimals, and the text is made of what was rounded.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'ironcalc==0.9.1' 'formualizer==0.13.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import ironcalc

model = ironcalc.create("m", "en", "UTC", "en")


def put(column, values):
    for row, value in enumerate(values, 1):
        if value is not None:
            model.set_user_input(0, row, column, value)


def worth(formula):
    model.set_user_input(0, 1, 9, formula)
    model.evaluate()
    return model.get_formatted_cell_value(0, 1, 9)



FORMULAS = ['=TEXT(0.125,"0.00")', "=ROUND(0.125,2)", '=TEXT(2.5,"0")', "=ROUND(2.5,0)", '=TEXT(0.285,"0%")', "=ROUND(0.285,2)", '=TEXT(45352,"yyyy年m月d日")']
seen = [worth(f) for f in FORMULAS]

import formualizer

sheet = (book := formualizer.Workbook()).sheet("S")
other = []
for row, f in enumerate(FORMULAS, 1):
    sheet.set_formula(row, 1, f)
    other.append(book.evaluate_cell("S", row, 1))
print("ironcalc", seen, "formualizer", other)
assert seen == ["0.12", "0.13", "2", "3", "28%", "0.29", "#VALUE!"]
assert other == ["0.13", 0.13, "3", 3.0, "29%", 0.29, "2024年3月1日"]
PY
