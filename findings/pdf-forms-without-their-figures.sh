#!/usr/bin/env bash
# The text of a filled form is the form, without what was filled in
#
# Guess: the text of a PDF form has the values that stand in its fields, since every viewer shows them.
# Seen on 28 November 2026, reportlab==5.1.0 pypdf==7.1.1 pdfplumber==0.11.10 pdfminer.six==20260107 pymupdf==2.0:
#   pypdf, pdfplumber and pdfminer.six give the labels alone; PyMuPDF gives label and value, with all values at the
#   end, so that none stands beside its label. After pypdf filled and flattened a form, PyMuPDF gives the value twice.
# So: fields are read as fields, by their names; no value in the text does not mean that none was filled in.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'reportlab==5.1.0' 'pypdf==7.1.1' 'pdfplumber==0.11.10' 'pdfminer.six==20260107' 'pymupdf==2.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import fitz
import pdfplumber
import pypdf
from pdfminer.high_level import extract_text
from reportlab.pdfgen import canvas

form = canvas.Canvas("a.pdf")
form.drawString(50, 800, "Paid-in capital")
form.acroForm.textfield(name="capital", value="1200", x=200, y=790, width=100, height=20)
form.drawString(50, 720, "Stage")
form.acroForm.choice(name="stage", value="seed", options=["seed", "growth"], x=200, y=710, width=100, height=20)
form.save()
seen = {
    "pypdf": pypdf.PdfReader("a.pdf").pages[0].extract_text(),
    "pdfplumber": pdfplumber.open("a.pdf").pages[0].extract_text(),
    "pdfminer": extract_text("a.pdf"),
    "pymupdf": fitz.open("a.pdf")[0].get_text(),
}
for name, text in seen.items():
    print(name, text.split())
assert all("1200" not in seen[name] for name in ("pypdf", "pdfplumber", "pdfminer"))
assert seen["pymupdf"].split() == ["Paid-in", "capital", "Stage", "1200", "seed"]
assert pypdf.PdfReader("a.pdf").get_form_text_fields() == {"capital": "1200"}

writer = pypdf.PdfWriter(clone_from="a.pdf")
writer.update_page_form_field_values(writer.pages[0], {"capital": "4700"}, flatten=True)
writer.write("b.pdf")
twice = fitz.open("b.pdf")[0].get_text()
print("flattened", twice.split())
assert twice.count("4700") == 2
PY
