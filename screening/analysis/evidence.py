"""What a company was found in and the texts that say so, with the places of every hit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.analysis.rulewords import direction_text, domain_text, text
from screening.result.dossier_records import DirectionResult, EvidenceText, Span
from screening.result.records import Text

if TYPE_CHECKING:
    from screening.analysis.rundata import Row, RunData

ALWAYS = ("products", "description", "business_scope")
"""Fields shown even without a hit: a reader must see what there was to read."""


def directions(run: RunData, company_id: str) -> tuple[DirectionResult, ...]:
    """Return the directions of a company, primary first."""
    pack = run.pack
    results = []
    for row in run.rows("company_directions", company_id=company_id):
        domain = domain_text(pack, row["domain_id"])
        direction = direction_text(pack, row["domain_id"], row["direction_id"])
        results.append(
            DirectionResult(
                position=row["position"],
                domain=domain or Text(row["domain_id"]),
                direction_id=row["direction_id"] or "",
                direction=direction,
                grade=row["grade"],
                strength=row["strength"],
                clause=row["direction_id"] or row["domain_id"],
            )
        )
    return tuple(results)


def texts(run: RunData, company_id: str, company: Row) -> tuple[EvidenceText, ...]:
    """Return the texts of a company with their hits, those with hits first."""
    pack, columns = run.pack, run.pack.tables["companies"].columns
    spans: dict[str, list[Span]] = {}
    for row in run.rows("company_spans", company_id=company_id):
        named = direction_text(pack, row["domain_id"], row["direction_id"]) or domain_text(pack, row["domain_id"])
        spans.setdefault(row["field"], []).append(
            Span(
                start=row["start"],
                end=row["stop"],
                term=row["term"],
                direction_id=row["direction_id"] or row["domain_id"] or "",
                direction=named or Text(row["term"]),
                grade=row["grade"] or "unknown",
                kind=row["kind"] or "",
                activity=row["activity"] or "",
            )
        )
    shown = [f for f in (*ALWAYS, *sorted(spans.keys() - set(ALWAYS))) if company.get(f)]
    shown.sort(key=lambda f: f not in spans)
    return tuple(
        EvidenceText(
            f,
            text(columns[f].label) if f in columns and columns[f].label else Text(f),
            company[f],
            tuple(spans.get(f, ())),
        )
        for f in shown
    )
