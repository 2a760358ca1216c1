#!/usr/bin/env bash
# Registered capital 500 struck out, 800 written behind it: 5.008 million.
#
# Guess: what is struck out of a document, a hyphen that must not break and a raised 4 are not joined to the digits
#   beside them.
# Seen on 28 November 2026, python-docx==1.2.0 docx2txt==0.9 mammoth==1.13.0 docx2python==3.7.1: four readers give
#   500800万元 for a struck 500 before 800万元, and 104平方米 for ten to the fourth. The years 2024 to 2026 with a hyphen
#   that does not break are 20242026年 in docx2txt and docx2python. python-docx and mammoth leave out what stands in a
#   simple field: 合计元.
# So: figures come from tables; of a policy document a clause is compared with the printed page before it becomes a
#   rule.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'python-docx==1.2.0' 'docx2txt==0.9' 'mammoth==1.13.0' 'docx2python==3.7.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn


def part(tag, text=None, **attributes):
    made = OxmlElement(tag)
    if text:
        made.text = text
    for name, value in attributes.items():
        made.set(qn("w:" + name), value)
    return made


document = docx.Document()

capital = document.add_paragraph("注册资本")
capital.add_run("500").font.strike = True
capital.add_run("800万元")
area = document.add_paragraph("面积10")
area.add_run("4").font.superscript = True
area.add_run("平方米")
years = document.add_paragraph().add_run("2024")._r
years.extend([part("w:noBreakHyphen"), part("w:t", "2026年")])
total = document.add_paragraph("合计")
field, result = part("w:fldSimple", instr=" =SUM(ABOVE) "), part("w:r")
result.append(part("w:t", "1,234"))
field.append(result)
total._p.append(field)
total.add_run("元")
document.save("a.docx")

import docx2python
import docx2txt
import mammoth

with open("a.docx", "rb") as file:
    by_mammoth = mammoth.extract_raw_text(file).value
seen = {
    "python-docx": [paragraph.text for paragraph in docx.Document("a.docx").paragraphs],
    "docx2txt": docx2txt.process("a.docx").split(),
    "mammoth": by_mammoth.split(),
    "docx2python": docx2python.docx2python("a.docx").text.split(),
}
for tool, lines in seen.items():
    print(tool, lines)
    assert lines[:2] == ["注册资本500800万元", "面积104平方米"]
assert seen["docx2txt"][2] == seen["docx2python"][2] == "20242026年"
assert seen["python-docx"][3] == seen["mammoth"][3] == "合计元"
PY
