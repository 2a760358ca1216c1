#!/usr/bin/env bash
# "A registered capital of not less than 50 million yuan" loses its figure, and a form its answers.
#
# Guess: the text of a paragraph is what Word shows: tracked insertions, content controls and merge fields are in it.
# Seen on 28 November 2026, python-docx==1.2.0 mammoth==1.13.0 docx2txt==0.9: Paragraph.text of python-docx leaves all
#   three out: 注册资本不低于5000万元 is 注册资本万元, and 企业名称：甲公司 is 企业名称：. mammoth keeps insertion and control and drops
#   the field; docx2txt keeps all three.
# So: a clause quoted in a pack is held to the text of the plan letter by letter, not to what one reader makes of it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'python-docx==1.2.0' 'mammoth==1.13.0' 'docx2txt==0.9'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import docx
import docx2txt
import mammoth
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

space = nsdecls("w")
document = docx.Document()
run = "<w:r><w:t>{}</w:t></w:r>"
clause = document.add_paragraph("注册资本")
mark = 'w:id="1" w:author="a" w:date="2026-01-01T00:00:00Z"'
clause._p.append(parse_xml(f"<w:ins {space} {mark}>{run.format('不低于5000')}</w:ins>"))
clause.add_run("万元")
form = document.add_paragraph("企业名称：")
form._p.append(parse_xml(f"<w:sdt {space}><w:sdtContent>{run.format('甲公司')}</w:sdtContent></w:sdt>"))
field = document.add_paragraph("金额：")
field._p.append(parse_xml(f'<w:fldSimple {space} w:instr="MERGEFIELD x">{run.format("80万元")}</w:fldSimple>'))
document.save("clause.docx")

seen = [paragraph.text for paragraph in docx.Document("clause.docx").paragraphs]
with open("clause.docx", "rb") as stream:
    other = mammoth.extract_raw_text(stream).value.split()
third = docx2txt.process("clause.docx").split()
print(seen, other, third)
assert seen == ["注册资本万元", "企业名称：", "金额："]
assert other == ["注册资本不低于5000万元", "企业名称：甲公司", "金额："]
assert third == ["注册资本不低于5000万元", "企业名称：甲公司", "金额：80万元"]
PY
