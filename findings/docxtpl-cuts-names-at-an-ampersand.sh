#!/usr/bin/env bash
# A Word template drops part of a company name.
#
# Guess: a name with & or < makes an unreadable document or is escaped.
# Seen on 27 November 2026, docxtpl==0.20.2 python-docx==1.2.0: without autoescape=True, which is not the default, the
#   document opens and the text is gone: A&B 科技 becomes A 科技, and 岚渡<样例>科技。 loses everything after the bracket, the
#   sentence's end included.
# So: documents are written through elements, not through text templates, or with escaping on and a test.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'docxtpl==0.20.2' 'python-docx==1.2.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import docx
from docxtpl import DocxTemplate

document = docx.Document()
document.add_paragraph("企业：{{ name }}。")
document.save("template.docx")


def rendered(name: str, autoescape: bool) -> str:
    template = DocxTemplate("template.docx")
    template.render({"name": name}, autoescape=autoescape)
    template.save("out.docx")
    return docx.Document("out.docx").paragraphs[0].text


seen = [rendered(name, False) for name in ("A&B 科技", "岚渡<样例>科技")]
print(seen)
assert seen == ["企业：A 科技。", "企业：岚渡"]
assert rendered("A&B 科技", True) == "企业：A&B 科技。"
PY
