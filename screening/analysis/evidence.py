"""What a company was found in and the texts that say so, with the places of every hit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.analysis.rulewords import nearest_text, text
from screening.result.company import DirectionResult, EvidenceText, Span
from screening.result.records import Text, record_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.analysis.reading import PackReading
    from screening.analysis.rundata import Row, RunData

ALWAYS = ("products", "description", "business_scope")
"""Fields shown even without a hit: a reader must see what there was to read."""


def directions(reading: PackReading, rows: Sequence[Row]) -> tuple[DirectionResult, ...]:
    """Return the directions of a company, primary first."""
    names = reading.domains
    return tuple(
        DirectionResult(
            position=row["position"],
            domain=names.get(row["domain_id"]) or Text(row["domain_id"]),
            direction_id=row["direction_id"] or "",
            direction=names.get(row["direction_id"] or "") or _nearest(names.get(row["nearest_direction_id"] or "")),
            grade=row["grade"],
            strength=row["strength"],
            clause=row["direction_id"] or row["domain_id"],
            nearest=names.get(row["nearest_direction_id"] or ""),
            verb=reading.verbs.get(row["direction_id"] or row["domain_id"], ""),
        )
        for row in rows
    )


def _nearest(name: Text | None) -> Text | None:
    return nearest_text(name) if name else None


def texts(run: RunData, rows: Sequence[Row], company: Row) -> tuple[EvidenceText, ...]:
    """Return the texts of a company with their hits, those with hits first."""
    names, columns = run.reading.domains, run.pack.tables["companies"].columns
    told = {a: text(verbs.label) for a, verbs in run.pack.classification.activities.items() if verbs.label}
    spans: dict[str, list[Span]] = {}
    for row in rows:
        named = names.get(row["direction_id"] or "") or names.get(row["domain_id"] or "")
        spans.setdefault(row["field"], []).append(
            record_of(
                Span,
                row,
                end=row["stop"],
                direction_id=row["direction_id"] or row["domain_id"] or "",
                direction=named or Text(row["term"]),
                grade=row["grade"] or "unknown",
                kind=row["kind"] or "",
                activity=row["activity"] or "",
                activity_label=told.get(row["activity"]),
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
