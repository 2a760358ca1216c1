#!/usr/bin/env bash
# Clause （二） of an official document is "2." or nothing.
#
# Guess: a converter of Word files keeps the numbers its reader sees, （一） （二） （三）, or says that it changed them.
# Seen on 28 November 2026, pypandoc-binary==1.17 (pandoc 3.9) mammoth==1.13.0 python-docx==1.2.0 docx2txt==0.9: numbers
#   are not part of the text. pandoc writes 1. 2. 3., mammoth a numbered list, python-docx and docx2txt the bare items:
#   "第二十条第（二）项" can no longer be found by its number in any of them.
# So: a rule names its clause in words of its own field, and its quotation is what is looked for.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pypandoc-binary==1.17' 'mammoth==1.13.0' 'python-docx==1.2.0' 'docx2txt==0.9'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import docx
import docx2txt
import mammoth
import pypandoc
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

space = nsdecls("w")
document = docx.Document()
level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%1）"/></w:lvl>'
numbering = document.part.numbering_part._element
numbering.insert(0, parse_xml(f'<w:abstractNum {space} w:abstractNumId="99">{level}</w:abstractNum>'))
numbering.append(parse_xml(f'<w:num {space} w:numId="99"><w:abstractNumId w:val="99"/></w:num>'))
properties = f'<w:numPr {space}><w:ilvl w:val="0"/><w:numId w:val="99"/></w:numPr>'
for item in ("投早", "投小", "投科技"):
    document.add_paragraph(item)._p.get_or_add_pPr().append(parse_xml(properties))
document.save("plan.docx")

pandoc = pypandoc.convert_file("plan.docx", "markdown").split()
with open("plan.docx", "rb") as stream:
    html = mammoth.convert_to_html(stream).value
bare = [[p.text for p in docx.Document("plan.docx").paragraphs], docx2txt.process("plan.docx").split()]
print(pypandoc.get_pandoc_version(), pandoc, html, bare)
assert pandoc == ["1.", "投早", "2.", "投小", "3.", "投科技"]
assert html == "<ol><li>投早</li><li>投小</li><li>投科技</li></ol>" and bare == [["投早", "投小", "投科技"]] * 2
PY
