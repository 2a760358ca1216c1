#!/usr/bin/env bash
# All companies but those on a list: the ones with an empty cell are no companies.
#
# Guess: COUNTIF and SUMIF with "<>text" take every cell that is not that text, empty cells and numbers too, as
#   spreadsheets do.
# Seen on 28 November 2026, ironcalc==0.9.1 formualizer==0.13.0: IronCalc takes only other texts. Of six cells (5, 缺,
#   empty, TRUE, 4, 岚) one is "<>缺", 岚, where formualizer and spreadsheets count five; the capital of all companies
#   whose list is not 黑名单 leaves out those on no list: 20 of 60. "<>5" counts the empty ones.
# So: a condition here says what an unknown value does to it; a workbook made for an outside engine writes both cases
#   out.
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



put(1, ["5", "'缺", None, "TRUE", "4", "'岚"])
put(2, [None, "'黑名单", "'观察", None])
put(3, ["10", "99", "20", "30"])
seen = [worth(f) for f in ('=COUNTIF(A1:A6,"<>缺")', '=COUNTIF(A1:A6,"<>5")', '=SUMIF(B1:B4,"<>黑名单",C1:C4)', '=COUNTIFS(B1:B4,"<>黑名单",C1:C4,">0")')]

import formualizer

sheet = (book := formualizer.Workbook()).sheet("S")
text, number = formualizer.LiteralValue.text, formualizer.LiteralValue.number
for row, value in ((1, number(5)), (2, text("缺")), (4, formualizer.LiteralValue.boolean(True)), (5, number(4)), (6, text("岚"))):
    sheet.set_value(row, 1, value)
for row, value in ((2, text("黑名单")), (3, text("观察"))):
    sheet.set_value(row, 2, value)
for row, value in enumerate((10, 99, 20, 30), 1):
    sheet.set_value(row, 3, number(value))
other = []
for row, f in enumerate(('=COUNTIF(A1:A6,"<>缺")', '=SUMIF(B1:B4,"<>黑名单",C1:C4)'), 1):
    sheet.set_formula(row, 9, f)
    other.append(book.evaluate_cell("S", row, 9))
print("ironcalc", seen, "formualizer", other)
assert seen == ["1", "5", "20", "1"] and other == [5.0, 60.0]
PY
