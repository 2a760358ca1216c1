"""The facts of one company with their origin, and the missing ones as questions in the order of what they would settle."""

from __future__ import annotations

import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from screening.analysis.rulewords import text
from screening.quantity import Quantity
from screening.result.company import FactResult, HalfResult, Question
from screening.result.contract import NOT_APPLICABLE, WITHHELD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from screening.analysis.background import Background
    from screening.analysis.reading import PackReading
    from screening.analysis.rundata import Row, RunData
    from screening.result.records import Text
    from screening.rulebook.model import Fact

WEAKEST = ("self_reported", "vendor", "certificate", "audited", "registry")
"""A fact drawn from several rows is only as good as the weakest of them."""


def fact_results(run: RunData, row: Row | None, background: Background) -> dict[str, FactResult]:
    """Return the facts of a company by id, in the pack's order; empty when its rules were not judged."""
    if row is None:
        return {}
    company_id = str(row["company_id"])
    results: dict[str, FactResult] = {}
    for fact_id, fact in run.pack.facts.items():
        if fact_id not in row:
            continue
        value, sources = _value(row[fact_id], fact), background.sources(company_id, fact_id)
        known, kinds = value is not None, {s.kind for s in sources}
        results[fact_id] = FactResult(
            id=fact_id,
            label=text(fact.label),
            type=fact.type,
            unit=fact.unit,
            value=value,
            reason=row.get(f"{fact_id}.reason"),
            low=_number(row.get(f"{fact_id}.low")) if known else None,
            high=_number(row.get(f"{fact_id}.high")) if known else None,
            source_kind=next((k for k in WEAKEST if k in kinds), None),
            table=fact.table or "companies",
            table_label=text(run.pack.tables[fact.table or "companies"].label),
            period=max((s.period for s in sources if s.period), default=None),
            value_label=_category(run, fact_id, value),
            assumed=is_stand_in(value, fact),
            sources=sources,
            place=run.reading.place("facts", fact_id),
        )
    return results


def is_stand_in(value: object, fact: Fact) -> bool:
    """True where no row exists and the number is only what the pack puts in its place, such as 600 months for never."""
    if not isinstance(fact.if_none, Quantity) or not isinstance(value, Decimal | int) or isinstance(value, bool):
        return False
    return fact.if_none.value != 0 and Decimal(value) == Decimal(repr(float(fact.if_none.value)))


def _value(value: Any, fact: Fact) -> Any:
    if isinstance(value, Decimal):
        return int(value) if fact.type == "integer" and value == int(value) else _bare(value)
    return value.date() if isinstance(value, datetime.datetime) else value


def _bare(value: Decimal) -> Decimal:
    """Return a decimal without the zeros behind it."""
    text = f"{value:f}"
    return Decimal(text.rstrip("0").rstrip(".") or "0") if "." in text else value


def _number(value: Any) -> Decimal | None:
    if isinstance(value, Decimal):
        return _bare(value)
    return Decimal(value) if isinstance(value, int) else None


def _category(run: RunData, fact_id: str, value: object) -> Text | None:
    """Words of the pack for a category; others are in the catalogue of the pages."""
    label = run.pack.value_label(fact_id, value) if isinstance(value, str) else None
    return text(label) if label is not None else None


def questions(
    reading: PackReading, facts: Mapping[str, FactResult], halves: Sequence[HalfResult], ranking: Row
) -> tuple[Question, ...]:
    """Return the missing facts as questions.

    A fact that is missing only because others are is asked through those. `at_stake` sums the open widths, in points of
    the score, of the criteria that rest on it, directly or through a stage axis; it never exceeds the score's band.
    """
    missing = {
        f for f, result in facts.items() if result.value is None and result.reason not in (NOT_APPLICABLE, WITHHELD)
    }
    program = reading.program
    below = {f: frozenset(program.facts("fact", f)) & missing for f in missing}
    asked = [f for f in facts if f in missing and not below[f]]
    uses = _uses(halves)
    whole = (ranking["score_high"] or Decimal(0)) - (ranking["score_low"] or Decimal(0))
    read_by_gate = {gate_id: frozenset(program.facts("gate", gate_id)) for gate_id in reading.pack.gates}
    result = []
    resting = {f: _closure(f, below) for f in missing}
    for fact_id in asked:
        carried = {fact_id} | {f for f, under in resting.items() if fact_id in under}
        used = [(label, width) for label, width, reads in uses if carried & reads]
        gates = [text(g.label) for gate_id, g in reading.pack.gates.items() if carried & read_by_gate[gate_id]]
        fact = reading.pack.facts[fact_id]
        if not used and not gates and fact.question is None:
            continue
        result.append(
            Question(
                fact_id=fact_id,
                label=text(fact.label),
                question=text(put) if (put := fact.asked()) is not None else None,
                reason=facts[fact_id].reason or "missing",
                at_stake=min(whole, sum((width for _, width in used), Decimal(0))).quantize(
                    Decimal("0.01"), ROUND_HALF_UP
                ),
                actionable=bool(fact.actionable),
                used_by=tuple(dict.fromkeys([label for label, _ in used] + gates)),
            )
        )
    return tuple(sorted(result, key=lambda q: (-(q.at_stake or Decimal(0)), q.fact_id)))


def _uses(halves: Sequence[HalfResult]) -> list[tuple[Text, Decimal, frozenset[str]]]:
    return [
        (c.label, (c.high - c.low) * half.weight, frozenset(c.reads))
        for half in halves
        for pillar in half.pillars
        for c in pillar.criteria
        if c.low is not None and c.high is not None and c.high > c.low
    ]


def _closure(fact_id: str, below: Mapping[str, frozenset[str]]) -> frozenset[str]:
    seen: set[str] = set()
    todo = [fact_id]
    while todo:
        for child in below.get(todo.pop(), frozenset()):
            if child not in seen:
                seen.add(child)
                todo.append(child)
    return frozenset(seen)
