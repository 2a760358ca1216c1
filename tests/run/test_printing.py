"""Pages on paper: printed by a browser at hand, searchable, with running heads, the dossier within its four pages and an appendix."""

from __future__ import annotations

import datetime
import io
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING

import pytest

from screening.errors import RunError
from screening.run.opened import opened
from screening.run.printing import BROWSERS, find_browser, pages_in, print_pages
from screening.run.word import document, write_documents
from tests.report import fictional

if TYPE_CHECKING:
    from pathlib import Path

    from screening.run.screening import Finished

browser = next((b for b in BROWSERS if shutil.which(b)), None)


def test_a_browser_that_is_not_there_is_told() -> None:
    with pytest.raises(RunError, match="no browser 'nowhere'"):
        find_browser("nowhere")


def test_pages_of_one_language_only(sample_dir: Path) -> None:
    zh, en = ([p.name for p in pages_in(sample_dir, lang)] for lang in ("zh", "en"))
    assert zh[0] == "report.html" and en[0] == "report.en.html"
    assert len(zh) == len(en) == 4 and not set(zh) & set(en)


@pytest.mark.browser
@pytest.mark.skipif(browser is None, reason="no Chromium, Chrome or Edge on this machine")
def test_a_dossier_prints_on_four_pages_and_an_appendix(sample_dir: Path, tmp_path: Path) -> None:
    written = print_pages(sample_dir, tmp_path, "zh")
    assert written[0].name == "report.pdf" and len(written) == 4
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext on this machine")
    for path in written[1:]:
        told = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True).stdout.decode()
        pages = told.split("\f")
        appendix = next(
            i for i, page in enumerate(pages, 1) if any(line.strip() == "附录" for line in page.splitlines())
        )
        assert appendix <= 5, path.name
        assert all(f"{i} / {len(pages) - 1}" in page for i, page in enumerate(pages[:-1], 1))
        name = next(line.strip() for line in pages[0].splitlines() if "样例" in line)
        assert all(name[:8] in page for page in pages[:-1]), "the running head"
        assert "criteria.yaml" in told, "details are open on paper"


def test_a_dossier_in_word_has_real_headings_and_tables_and_is_searchable(sample: Finished, tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    with opened(sample.run_dir) as data:
        written = write_documents(data, tmp_path, "zh")
    assert len(written) == 3
    made = docx.Document(str(written[0]))
    heads = [p.text for p in made.paragraphs if p.style.name.startswith("Heading")]
    assert "样例" in heads[0] and any("门槛" in head for head in heads)
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    assert any("criteria.yaml:" in cell for cell in cells)
    assert not any(0x2E80 <= ord(c) <= 0x2FDF for cell in cells for c in cell), "no compatibility radicals"
    assert cells[0] == "总分" and cells[2].startswith(tuple("123456789"))
    assert [s._inline.docPr.get("descr").split()[0] for s in made.inline_shapes] == ["总分", "政策契合度", "企业质量"]
    core = made.core_properties
    assert (core.author, core.language, core.created.date()) == ("", "zh-CN", datetime.date(2026, 6, 30))
    assert sample.manifest["result_digest"] in core.comments
    with zipfile.ZipFile(written[0]) as file:
        assert not {"docProps/thumbnail.jpeg", "docProps/app.xml"} & set(file.namelist()), (
            "nothing of the library's template"
        )


def test_hostile_text_stays_text_in_word() -> None:
    docx = pytest.importorskip("docx")
    made = docx.Document(io.BytesIO(document(fictional.dossier(fictional.HOSTILE + "\x0b\x00"), "zh")))
    assert "onerror=alert" in made.paragraphs[0].text and "\u202e" not in made.paragraphs[0].text
