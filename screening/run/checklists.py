"""`screen ask`: checklists of what to ask companies for, as pages and as Word files."""

from __future__ import annotations

import importlib
import io
from typing import TYPE_CHECKING, Any

from screening.errors import Problem, RunError
from screening.report import checklist, render_checklist
from screening.run.asked_file import write_asked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from screening.report.wording import Lang
    from screening.result.company import CompanyRecord

_WIDTHS_CM = (1.0, 6.2, 3.0, 1.8, 2.6, 3.0, 1.4)


def write_pages(records: Sequence[CompanyRecord], target: Path, lang: Lang) -> list[Path]:
    """Write one page per company: to `target` when there is one company, else into the folder `target`."""
    return _each(records, target, ".html", lambda r: render_checklist(r, lang).encode())


def write_documents(records: Sequence[CompanyRecord], target: Path, lang: Lang) -> list[Path]:
    """Write one Word file per company, likewise.

    Raises RunError when the library is not installed or a file cannot be written.
    """
    return _each(records, target, ".docx", lambda r: document(r, lang))


def document(record: CompanyRecord, lang: Lang) -> bytes:
    """Return the checklist of a company as a Word file: headings and one table whose head repeats on every page."""
    try:
        docx: Any = importlib.import_module("docx")
        shared: Any = importlib.import_module("docx.shared")
        oxml: Any = importlib.import_module("docx.oxml")
    except ImportError as error:
        raise RunError(
            [
                Problem(
                    "ask/word",
                    "the library for Word files is not installed",
                    remedy='pip install "screening[word]", or write pages with --html',
                )
            ]
        ) from error
    view = checklist(record, lang)
    made = docx.Document()
    made.core_properties.title = f"{view.page.heading} · {view.name}"
    made.core_properties.author = ""
    section = made.sections[0]
    section.page_width, section.page_height = shared.Cm(21), shared.Cm(29.7)
    section.left_margin = section.right_margin = shared.Cm(1.0)
    made.add_heading(f"{view.page.heading}", level=1)
    made.add_heading(view.name, level=2)
    if view.page.synthetic:
        made.add_paragraph(_plain("synthetic", lang))
    for line in view.page.colophon:
        made.add_paragraph(f"{line.label}: {line.value}").paragraph_format.space_after = shared.Pt(0)
    made.add_paragraph(view.intro)
    if view.rows:
        table = made.add_table(rows=1, cols=len(view.head))
        table.style = "Table Grid"
        for cell, text in zip(table.rows[0].cells, view.head, strict=True):
            cell.text = text
        # The head of the table is said again on every page.
        properties = table.rows[0]._tr.get_or_add_trPr()
        properties.append(oxml.OxmlElement("w:tblHeader"))
        for row in view.rows:
            texts = (row.number, row.question, row.fact, row.reason, row.gates, row.criteria, row.at_stake)
            for cell, text in zip(table.add_row().cells, texts, strict=True):
                cell.text = text
        for column, width in zip(table.columns, _WIDTHS_CM, strict=True):
            for cell in column.cells:
                cell.width = shared.Cm(width)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def _plain(key: str, lang: Lang) -> str:
    from screening.report.wording import Words  # noqa: PLC0415 - words are read when they are printed

    return Words(lang)(f"run.{key}")


def _each(
    records: Sequence[CompanyRecord], target: Path, suffix: str, make: Callable[[CompanyRecord], bytes]
) -> list[Path]:
    written = []
    single = len(records) == 1 and target.suffix == suffix
    for number, record in enumerate(records, 1):
        # Ids of companies come from the data and are no file names.
        path = target if single else target / f"{number:04}{suffix}"
        write_asked(path, make(record), "ask/unwritable")
        written.append(path)
    return written
