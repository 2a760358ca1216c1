"""The dossier of a company as a Word file, because committees edit and sign: real headings and tables, text that can be searched."""

from __future__ import annotations

import importlib
import io
from typing import TYPE_CHECKING, Any

import polars as pl

from screening.analysis.companies import company_records
from screening.errors import Problem, RunError
from screening.report import sentences
from screening.report.figures import plain
from screening.report.printer import printer
from screening.run.pages import page_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from screening.analysis.rundata import RunData
    from screening.report.printer import Printer
    from screening.report.wording import Lang
    from screening.result.company import CompanyRecord


def document(record: CompanyRecord, lang: Lang) -> bytes:
    """Return the dossier of a company as a Word file. Raises RunError when the library is not installed."""
    paper, p = _Paper(), printer(lang, record.run)
    w = p.words
    paper.title(record.company.name, f"{w('dossier.subtitle')} · {record.company.uscc or w('identity.no_uscc')}")
    if record.run.synthetic:
        paper.text(w("run.synthetic"))
    marks = (p.word("outcome", record.outcome), p.told(record.tier_label, 40) if record.tier_label else "")
    paper.heading(" · ".join(x for x in (*marks, w("dossier.provisional") if record.provisional else "") if x))
    paper.text(p.sentences([sentences.rank(record, p)]))
    paper.text(sentences.verdict(record, p))
    paper.listed(w("tear.flags"), (f"{f.label}{w('sign.colon')}{f.text}" for f in sentences.red_flags(record, p)))
    paper.listed(w("tear.highlights"), (" ".join(x for x in pair if x) for pair in sentences.highlights(record, p)))
    paper.listed(w("nav.questions"), (sentences.asked(q, p) for q in sentences.bearing(record)))
    _points(paper, record, p)
    _gates(paper, record, p)
    paper.listed(
        w("nav.evidence"),
        (f"{p.told(d.direction or d.domain, 40)} · {p.word('grade', d.grade)} · {d.clause}" for d in record.directions),
    )
    paper.listed(w("nav.measures"), (f"{p.told(m.label)} · {p.cited(m.citation)}" for m in record.measures))
    paper.listed(w("nav.notes"), (f"{p.date(n.on)} {n.by} {n.text}" for n in record.notes))
    paper.heading(w("nav.provenance"))
    run = record.run
    paper.table(
        ("", ""),
        (
            (w("run.pack"), f"{p.told(run.pack_label)} {run.pack_version}"),
            (w("run.as_of"), p.date(run.as_of)),
            (w("run.id"), run.run_id),
            (w("run.result_digest"), run.result_digest),
        ),
        head_row=False,
    )
    paper.text(f"{w('foot.prepared')}________    {w('foot.checked')}________    {w('foot.dated')}________")
    paper.text(w("foot.disclaimer"))
    return paper.bytes()


def _points(paper: _Paper, record: CompanyRecord, p: Printer) -> None:
    w, facts = p.words, {f.id: f for f in record.facts}
    for half in record.halves:
        paper.heading(f"{p.told(half.label)} {p.points(half.band.value)}")
        head = [w(f"points.{key}") for key in ("item", "value", "full", "bounds", "data")] + [
            w("trace.band"),
            w("trace.ground"),
        ]
        rows = []
        for pillar in half.pillars:
            bounds = p.open_span(pillar.band)
            rows.append((p.told(pillar.label), p.points(pillar.band.value), p.points(pillar.full), bounds, "", "", ""))
            for c in pillar.criteria:
                known = [facts[f] for f in c.direct if f in facts]
                data = p.joined(f"{p.told(f.label)} {p.fact(f)}" for f in known)
                open_ = "" if c.low == c.high else f"{p.points(c.low)}–{p.points(c.high)}"
                taken = p.joined(p.step(s) for s in c.scale if s.taken)
                place = f"{c.place.file}:{c.place.line}" if c.place else ""
                ground = " ".join(x for x in (p.cited(c.citation), c.citation.quote, place) if x)
                rows.append((p.told(c.label), p.points(c.value), p.points(c.full), open_, data, taken, ground))
        paper.table(head, rows)


def _gates(paper: _Paper, record: CompanyRecord, p: Printer) -> None:
    if not record.gates:
        return
    w = p.words
    paper.heading(w("nav.gates"))
    paper.text(sentences.gates_passed(record, p))
    paper.table(
        [w(f"gate.{key}") for key in ("gate", "status", "effect", "datum", "source")],
        (
            (
                p.told(g.label) + (f" {said}" if (said := sentences.gate_says(g, p)) else ""),
                p.word("gate_status", g.status),
                p.word("effect", g.effect),
                p.joined(f"{p.told(f.label)} {p.fact(f)}" for f in g.datum),
                p.cited(g.citation),
            )
            for g in record.gates
            if g.status != "not_applicable"
        ),
    )


class _Paper:
    """A Word file in the making, on A4."""

    def __init__(self) -> None:
        try:
            self._docx: Any = importlib.import_module("docx")
            shared: Any = importlib.import_module("docx.shared")
            self._oxml: Any = importlib.import_module("docx.oxml")
        except ImportError as error:
            remedy = 'pip install "screening[word]", or export with --to pdf'
            raise RunError(
                [Problem("export/word", "the library for Word files is not installed", remedy=remedy)]
            ) from error
        self._made = self._docx.Document()
        self._made.core_properties.author = ""
        section = self._made.sections[0]
        section.page_width, section.page_height = shared.Cm(21), shared.Cm(29.7)
        section.left_margin = section.right_margin = shared.Cm(1.5)
        self._made.styles["Normal"].font.size = shared.Pt(9)

    def title(self, name: str, below: str) -> None:
        self._made.core_properties.title = plain(name)[:200]
        self._made.add_heading(plain(name), level=1)
        self._made.add_paragraph(plain(below))
        self._made.sections[0].header.paragraphs[0].text = plain(f"{name} · {below}")

    def heading(self, text: str) -> None:
        self._made.add_heading(plain(text), level=2)

    def text(self, text: str) -> None:
        if text:
            self._made.add_paragraph(plain(text))

    def listed(self, title: str, items: Iterable[str]) -> None:
        found = list(items)
        if found:
            self.heading(title)
            for item in found:
                self._made.add_paragraph(plain(item), style="List Bullet")

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]], *, head_row: bool = True) -> None:
        table = self._made.add_table(rows=0, cols=len(head))
        table.style = "Table Grid"
        for i, row in enumerate((*([head] if head_row else []), *rows)):
            cells = table.add_row()
            if head_row and i == 0:
                # The head of the table is said again on every page.
                cells._tr.get_or_add_trPr().append(self._oxml.OxmlElement("w:tblHeader"))
            for cell, text in zip(cells.cells, row, strict=True):
                cell.text = plain(text)

    def bytes(self) -> bytes:
        content = io.BytesIO()
        self._made.save(content)
        return content.getvalue()


def write_documents(data: RunData, folder: Path, lang: Lang) -> list[Path]:
    """Write the Word file of every company of a run that has a dossier, by the names of their pages; return the files.

    The short list stands for a run without dossiers.
    """
    names = {p.name.split(".")[0] for p in (data.folder / "dossiers").glob("*.html")}
    ranking = pl.read_parquet(data.folder / "result" / "ranking.parquet", glob=False).sort(
        "rank", "company_id", nulls_last=True
    )
    pages = page_names(ranking["company_id"].to_list())
    listed = set(ranking.filter(pl.col("outcome") == "shortlisted")["company_id"].to_list())
    wanted = [c for c, page in pages.items() if page in names] if names else [c for c in pages if c in listed]
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for record in company_records(data, wanted):
        target = folder / f"{pages[record.company.company_id]}.docx"
        target.write_bytes(document(record, lang))
        written.append(target)
    return written
