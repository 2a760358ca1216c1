#!/usr/bin/env bash
# A score given as a text, and a yes, are weighed with the others.
#
# Guess: SUMPRODUCT of scores and weights leaves out texts and truth values, as in spreadsheets; NETWORKDAYS.INTL
#   leaves out the holidays it is given.
# Seen on 28 November 2026, ironcalc==0.9.1 formualizer==0.13.0: SUMPRODUCT of the scores 5, "3", empty, TRUE, 4 with
#   equal weights of 0.2 is 2.6 where IronCalc and SUM give 1.8; SUMPRODUCT of the scores alone is 13 beside a SUM of
#   9. The first week of October 2024 with a holiday on the 2nd has five working days instead of four.
# So: scores are added up in the database here and a text among them is told; a workbook is written with its values.
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



import formualizer

FORMULAS = ["=SUMPRODUCT(A1:A5,B1:B5)", "=SUMPRODUCT(A1:A5)", "=SUM(A1:A5)", "=NETWORKDAYS.INTL(DATE(2024,10,1),DATE(2024,10,7),1,DATE(2024,10,2))"]
put(1, ["5", "'3", None, "TRUE", "4"])
put(2, ["0.2"] * 5)
other = [worth(f) for f in FORMULAS]

sheet = (book := formualizer.Workbook()).sheet("S")
value = formualizer.LiteralValue
for row, cell in ((1, value.number(5)), (2, value.text("3")), (4, value.boolean(True)), (5, value.number(4))):
    sheet.set_value(row, 1, cell)
for row in range(1, 6):
    sheet.set_value(row, 2, value.number(0.2))
seen = []
for row, f in enumerate(FORMULAS, 1):
    sheet.set_formula(row, 9, f)
    seen.append(book.evaluate_cell("S", row, 9))
print("formualizer", seen, "ironcalc", other)
assert [round(x, 9) for x in seen] == [2.6, 13.0, 9.0, 5.0]
assert other == ["1.8", "9", "9", "4"]
PY
