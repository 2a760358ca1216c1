"""The dossier of a company as a Word file, because committees edit and sign: real headings and tables, text that can be searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from screening.analysis.companies import company_records
from screening.report import sentences
from screening.report.figures import DASH
from screening.report.printer import printer
from screening.run.pages import page_names
from screening.run.paper import Bar, Paper

if TYPE_CHECKING:
    from pathlib import Path

    from screening.analysis.rundata import RunData
    from screening.report.printer import Printer
    from screening.report.wording import Lang
    from screening.result.company import CompanyRecord


def document(record: CompanyRecord, lang: Lang) -> bytes:
    """Return the dossier of a company as a Word file. Raises RunError when the library is not installed."""
    paper, p = (
        Paper(lang, "export/word", 'pip install "screening[word]", or export with --to pdf'),
        printer(lang, record.run),
    )
    w, run = p.words, record.run
    paper.about(
        record.company.name, f"{w('run.id')} {run.run_id} · {w('run.result_digest')} {run.result_digest}", run.as_of
    )
    paper.title(record.company.name, f"{w('dossier.subtitle')} · {record.company.uscc or w('identity.no_uscc')}")
    if record.run.synthetic:
        paper.text(w("run.synthetic"))
    marks = (p.word("outcome", record.outcome), p.told(record.tier_label, 40) if record.tier_label else "")
    paper.heading(" · ".join(x for x in (*marks, w("dossier.provisional") if record.provisional else "") if x))
    paper.text(p.sentences([sentences.rank(record, p)]))
    paper.text(sentences.verdict(record, p))
    _totals(paper, record, p)
    paper.listed(w("tear.flags"), (f"{f.label}{w('sign.colon')}{f.text}" for f in sentences.red_flags(record, p)))
    paper.listed(w("tear.highlights"), (" ".join(x for x in pair if x) for pair in sentences.highlights(record, p)))
    paper.listed(w("nav.questions"), (sentences.asked(q, p) for q in sentences.bearing(record)))
    _accounts(paper, record, p)
    _points(paper, record, p)
    _gates(paper, record, p)
    paper.listed(
        w("nav.evidence"),
        (f"{p.told(d.direction or d.domain, 40)} · {p.word('grade', d.grade)} · {d.clause}" for d in record.directions),
    )
    paper.listed(w("nav.measures"), (f"{p.told(m.label)} · {p.cited(m.citation)}" for m in record.measures))
    paper.listed(w("nav.notes"), (f"{p.date(n.on)} {n.by} {n.text}" for n in record.notes))
    paper.heading(w("nav.provenance"))
    paper.table(
        (),
        (
            (w("run.pack"), f"{p.told(run.pack_label)} {run.pack_version}"),
            (w("run.as_of"), p.date(run.as_of)),
            (w("run.id"), run.run_id),
            (w("run.result_digest"), run.result_digest),
        ),
    )
    paper.text(f"{w('foot.prepared')}________    {w('foot.checked')}________    {w('foot.dated')}________")
    paper.text(w("foot.disclaimer"))
    return paper.bytes()


def _totals(paper: Paper, record: CompanyRecord, p: Printer) -> None:
    """The score and its halves, each with its picture."""
    told = [(p.words("half.score"), record.score), *((p.told(h.label), h.band) for h in record.halves)]
    rows = []
    for label, band in told:
        if band.value is not None and band.low is not None and band.high is not None:
            says = [p.points(v) for v in (band.value, band.low, band.high)]
            described = f"{label} " + p.words("rank.described", score=says[0], low=says[1], high=says[2])
            share = [float(v) / p.axis for v in (band.low, band.high, band.value)]
            rows.append((label, Bar(described, *share), " ".join(x for x in (says[0], p.open_span(band)) if x)))
    if rows:
        paper.table((), rows, (4.5, 8.5, 5))


def _accounts(paper: Paper, record: CompanyRecord, p: Printer) -> None:
    if record.accounts is None:
        return
    w, accounts = p.words, record.accounts
    paper.heading(w("tear.accounts"))
    kinds = [p.word("source_kind", k) if k else DASH for k in accounts.kinds]
    lines = [(p.told(line.label), *map(p.amount, line.values)) for line in accounts.lines]
    paper.table((w("tear.line"), *map(str, accounts.years)), [*lines, (w("tear.kind"), *kinds)])


def _points(paper: Paper, record: CompanyRecord, p: Printer) -> None:
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


def _gates(paper: Paper, record: CompanyRecord, p: Printer) -> None:
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
