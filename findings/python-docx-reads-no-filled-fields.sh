#!/usr/bin/env bash
# What was filled into the fields of a form is not in the document
#
# Guess: a paragraph, a cell, a row or a table inside a content control of a Word file (the fields of application
#   forms) is read like any other.
# Seen on 28 November 2026, python-docx==1.2.0 docx2python==3.7.1 mammoth==1.13.0: python-docx gives none of the five:
#   the paragraph, the words in a paragraph, the cell, the row and the table are not there, with no error.
#   docx2python, mammoth and pandoc give all five.
# So: the text of a form is looked at for the figures that a person sees in it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'python-docx==1.2.0' 'docx2python==3.7.1' 'mammoth==1.13.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import docx
import mammoth
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx2python import docx2python

WORDS = nsdecls("w")


def field(inside):
    return parse_xml(f"<w:sdt {WORDS}><w:sdtPr/><w:sdtContent>{inside}</w:sdtContent></w:sdt>")


def within(element):
    around = field("")
    element.getparent().replace(element, around)
    around[1].append(element)


form = docx.Document()
within(form.add_paragraph("岚渡科技有限公司")._p)
form.add_paragraph("实收资本:")._p.append(field("<w:r><w:t>1200万元</w:t></w:r>"))
table = form.add_table(2, 2)
table.cell(0, 0).text = "研发占比"
cell = table.cell(0, 1)._tc
cell.remove(cell.p_lst[0])
cell.append(field("<w:p><w:r><w:t>35%</w:t></w:r></w:p>"))
table.cell(1, 1).text = "60人"
within(table.rows[1]._tr)
patents = form.add_table(1, 1)
patents.cell(0, 0).text = "专利12件"
within(patents._tbl)
form.save("a.docx")

filled = ("岚渡科技有限公司", "1200万元", "35%", "60人", "专利12件")
read = docx.Document("a.docx")
texts = {
    "python-docx": [p.text for p in read.paragraphs] + [c.text for t in read.tables for r in t.rows for c in r.cells],
    "docx2python": [docx2python("a.docx").text],
    "mammoth": [mammoth.convert_to_html(open("a.docx", "rb")).value],
}
seen = {name: [word for word in filled if word in " ".join(text)] for name, text in texts.items()}
print(seen)
assert seen["python-docx"] == []
assert seen["docx2python"] == seen["mammoth"] == list(filled)
PY
