#!/usr/bin/env bash
# 上市公司：☑是 □否 is read as 上市公司：是 否, and a name with its pinyin is no name.
#
# Guess: boxes put in with Insert, Symbol and the pinyin guide over a name are part of the text of a paragraph.
# Seen on 28 November 2026, python-docx==1.2.0 docx2txt==0.9 mammoth==1.13.0 docx2python==3.7.1: python-docx and
#   docx2txt leave the boxes out, so that a form says yes and no to everything; mammoth gives ☑是 □否. A name under its
#   pinyin is missing in python-docx and mammoth (名称：科技) and doubled by its sound in docx2txt and docx2python (lán
#   dù岚渡科技).
# So: answers are taken from tables in workbooks; a form is not read by its text.
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

boxes = document.add_paragraph("上市公司：")
for code, answer in (("F052", "是 "), ("F0A3", "否")):
    boxes.add_run()._r.append(part("w:sym", font="Wingdings 2", char=code))
    boxes.add_run(answer)
name = document.add_paragraph("名称：")
ruby, above, below = part("w:ruby"), part("w:rt"), part("w:rubyBase")
for place, text in ((above, "lán dù"), (below, "岚渡")):
    run = part("w:r")
    run.append(part("w:t", text))
    place.append(run)
ruby.extend([part("w:rubyPr"), above, below])
name.add_run()._r.append(ruby)
name.add_run("科技")
document.save("a.docx")

import docx2python
import docx2txt
import mammoth

with open("a.docx", "rb") as file:
    by_mammoth = mammoth.extract_raw_text(file).value
seen = {
    "python-docx": [paragraph.text for paragraph in docx.Document("a.docx").paragraphs],
    "docx2txt": docx2txt.process("a.docx").split("\n\n"),
    "mammoth": by_mammoth.split(),
    "docx2python": docx2python.docx2python("a.docx").text.split("\n\n"),
}
for tool, lines in seen.items():
    print(tool, lines)
assert seen["python-docx"] == ["上市公司：是 否", "名称：科技"]
assert seen["docx2txt"][:2] == ["上市公司：是 否", "名称：lán dù岚渡科技"]
assert by_mammoth.split("\n\n")[:2] == ["上市公司：☑是 □否", "名称：科技"]
assert seen["docx2python"][1] == "名称：lán dù岚渡科技"
PY
