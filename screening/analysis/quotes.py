"""The clauses a dossier rests on, quoted as the pack quotes them, in the plan's order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.analysis.rulewords import text, told_direction
from screening.result.records import ClauseRecord, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.analysis.reading import PackReading
    from screening.analysis.rundata import Row
    from screening.result.company import GateResult, HalfResult, MeasureResult, PlaceResult, StageAxisResult


def quotes(
    reading: PackReading,
    ranking: Row,
    halves: Sequence[HalfResult],
    gates: Sequence[GateResult],
    stages: Sequence[StageAxisResult],
    place: PlaceResult | None,
    measures: Sequence[MeasureResult],
) -> tuple[tuple[ClauseRecord, str], ...]:
    """Return (clause, quote) once each, with the labels of the rules that rest on it."""
    cited: dict[tuple[str, str], dict[str, Text]] = {}
    pack = reading.pack
    domain = pack.domains.get(ranking["domain_id"] or "")
    direction = domain.directions.get(told_direction(ranking) or "") if domain else None
    found = [(text(domain.label), reading.cited(domain))] if domain else []
    found += [(text(direction.name), reading.cited(direction))] if direction else []
    found += [(c.label, c.citation) for half in halves for pillar in half.pillars for c in pillar.criteria]
    found += [(axis.label, axis.citation) for axis in stages]
    found += [(Text("空间布局", "Place"), place.citation)] if place is not None and place.entry else []
    found += [(g.label, g.citation) for g in gates if g.status != "not_applicable"]
    found += [(m.label, m.citation) for m in measures if m.audience == "company"]
    for label, source in found:
        if source.clause and source.quote and not source.document:
            cited.setdefault((source.clause, source.quote), {}).setdefault(label.zh, label)
    clauses = reading.pack.clauses
    order = {clause_id: position for position, clause_id in enumerate(clauses)}
    result = []
    for (clause_id, quote), labels in sorted(
        cited.items(), key=lambda item: (order.get(item[0][0], len(order)), item[0][1])
    ):
        clause = clauses.get(clause_id)
        title, line, alias = (text(clause.title), clause.line, clause.alias) if clause else (text(None), None, "")
        result.append((ClauseRecord(clause_id, title, line, tuple(labels), tuple(labels.values()), alias), quote))
    return tuple(result)
