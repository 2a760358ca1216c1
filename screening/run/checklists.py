"""`screen ask`: checklists of what to ask companies for, as pages and as Word files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.report import checklist, render_checklist
from screening.report.wording import Words
from screening.run.asked_file import write_asked
from screening.run.paper import Paper

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
    view = checklist(record, lang)
    paper = Paper(lang, "ask/word", 'pip install "screening[word]", or write pages with --html', margin=1.0)
    paper.about(f"{view.page.heading} · {view.name}", record.run.run_id, record.run.as_of)
    paper.heading(view.page.heading, 1)
    paper.heading(view.name)
    if view.page.synthetic:
        paper.text(Words(lang)("run.synthetic"))
    for label, value, _ in view.page.colophon:
        paper.text(f"{label}: {value}")
    paper.text(view.intro)
    if view.rows:
        rows = [(r.number, r.question, r.fact, r.reason, r.gates, r.criteria, r.at_stake) for r in view.rows]
        paper.table(view.head, rows, _WIDTHS_CM)
    return paper.bytes()


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
