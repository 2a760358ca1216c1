"""The dossier of one company as records: everything the run knows of it, and what each missing fact would tell."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from screening.analysis.evidence import directions, texts
from screening.analysis.facts import fact_results, questions
from screening.analysis.measures import measures_of
from screening.analysis.quotes import quotes
from screening.analysis.rulewords import (
    citation,
    domain_text,
    facts_of_axis,
    run_record,
    text,
    verdict,
)
from screening.errors import Problem, RunError
from screening.quantity import Quantity
from screening.result.dossier_records import (
    Company,
    CriterionResult,
    Dossier,
    FactResult,
    GateResult,
    HalfResult,
    MeasureResult,
    OutcomeReason,
    OverrideResult,
    Parent,
    PillarResult,
    PlaceResult,
    StageAxisResult,
)
from screening.result.records import Band, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from screening.analysis.rundata import Row, RunData
    from screening.rulebook.model import Criterion, Deduction, Gate

_COMPANY_COLUMNS = (
    "uscc",
    "city",
    "district",
    "established_on",
    "status_text",
    "company_type",
    "registered_capital",
    "registered_capital_currency",
    "address",
    "source_file",
    "source_row",
    "source_kind",
    "observed_on",
    "entity_kind",
)


def dossier(run: RunData, company_id: str) -> Dossier:
    """Return the records of one company. Raises RunError when the run has no such company."""
    ranking = run.one("ranking_row", company_id=company_id)
    if ranking is None:
        raise RunError([Problem("run/no-company", f"the run has no company '{company_id}'")])
    company = run.one("company_row", company_id=company_id) or {}
    criteria = run.one("company_criteria", company_id=company_id) or {}
    gates = run.one("company_gates", company_id=company_id) or {}
    stage = run.one("company_stage", company_id=company_id) or {}
    facts = fact_results(run, company_id)
    halves = _halves(run, criteria, stage, facts)
    found = directions(run, company_id)
    tier = run.pack.verdict.tier_labels().get(ranking["tier"] or "")
    gate_results = tuple(
        _gate(run, g, gate, gates, facts) for g, gate in run.pack.gates.items() if f"{g}.status" in gates
    )
    measures = _measures(run, company_id) if facts else ()
    stages = _stages(run, stage, facts)
    place = _place(run, company_id)
    return Dossier(
        run=run_record(run),
        company=Company(
            company_id=company_id,
            name=ranking["name"] or "",
            **{c: company.get(c) for c in _COMPANY_COLUMNS},
            parent=_parent(run, company),
        ),
        outcome=ranking["outcome"],
        reasons=_reasons(run, ranking, gate_results),
        tier=ranking["tier"],
        tier_label=text(tier) if tier else None,
        rank=ranking["rank"],
        ranked=(run.one("ranked_totals") or {"ranked": 0})["ranked"],
        score=Band(ranking["score"], ranking["score_low"], ranking["score_high"]),
        fit=Band(ranking["fit"], ranking["fit_low"], ranking["fit_high"]),
        merit=Band(ranking["merit"], ranking["merit_low"], ranking["merit_high"]),
        coverage=ranking["coverage"],
        merit_coverage=ranking["merit_coverage"],
        verdict=verdict(run.parsed),
        halves=halves,
        directions=found,
        evidence=texts(run, company_id, company),
        gates=gate_results,
        track=_track(run, stage),
        stages=stages,
        place=place,
        measures=measures,
        questions=questions(run, facts, halves, ranking),
        facts=tuple(facts.values()),
        clauses=quotes(run, ranking, halves, gate_results, stages, place, measures),
        overrides=_overrides(run, company_id),
        deductions=_deductions(run, criteria),
    )


def _parent(run: RunData, company: Row) -> Parent | None:
    parent_id = company.get("parent_id")
    row = run.one("ranking_row", company_id=parent_id) if parent_id else None
    return Parent(row["company_id"], row["name"] or "", row["outcome"]) if row else None


def _reasons(run: RunData, ranking: Row, gates: Sequence[GateResult]) -> tuple[OutcomeReason, ...]:
    """What decided comes first; other gates with the same effect follow, since mending one would not be enough."""
    pack, outcome, decisive = run.pack, ranking["outcome"], ranking["outcome_reason"]
    if outcome in ("rejected", "review"):
        effect = "reject" if outcome == "rejected" else "review"
        stopping = [
            g
            for g in gates
            if (g.status == "failed" and g.effect == effect) or (g.status == "unknown" and g.on_unknown == effect)
        ]
        stopping.sort(key=lambda g: g.id != decisive)
        return tuple(
            OutcomeReason(
                "gate" if g.status == "failed" else "unknown",
                g.id,
                g.label,
                g.message if g.status == "failed" else g.remedy,
            )
            for g in stopping
        )
    if outcome == "shortlisted":
        route = pack.verdict.routes.get(decisive or "")
        return (OutcomeReason("route", decisive, text(route.label)),) if route else ()
    return (OutcomeReason("reason", decisive or "none"),)


def _halves(run: RunData, criteria: Row, stage: Row, facts: Mapping[str, FactResult]) -> tuple[HalfResult, ...]:
    if not criteria:
        return ()
    halves = []
    for half_id, half in run.pack.criteria.items():
        pillars = []
        for pillar_id, pillar in half.pillars.items():
            results = tuple(
                _criterion(run, c, criterion, criteria, stage, facts)
                for c, criterion in pillar.criteria.items()
                if f"{c}.contribution" in criteria
            )
            shown = tuple(r for r in results if r.full)
            if not shown:
                continue
            band = Band(*(criteria.get(f"{half_id}.{pillar_id}.{end}") for end in ("points", "low", "high")))
            pillars.append(PillarResult(pillar_id, text(pillar.label), _full(shown), band, shown))
        halves.append(
            HalfResult(
                half_id,
                text(half.label),
                Decimal(repr(float(run.pack.verdict.weights.get(half_id, 0.0)))),
                Band(criteria.get(half_id), criteria.get(f"{half_id}_low"), criteria.get(f"{half_id}_high")),
                criteria.get(f"{half_id}_coverage"),
                tuple(pillars),
            )
        )
    return tuple(halves)


def _full(criteria: Sequence[CriterionResult]) -> Decimal:
    """Return the most a pillar can give. Weights are quantised one by one, so their sum may miss a round number by 0.01."""
    return sum((c.full or Decimal(0) for c in criteria), Decimal(0)).quantize(Decimal("0.1"))


def _criterion(
    run: RunData,
    criterion_id: str,
    criterion: Criterion,
    criteria: Row,
    stage: Row,
    facts: Mapping[str, FactResult],
) -> CriterionResult:
    program = run.parsed.program
    reads = program.facts("criterion", criterion_id)
    low, high = criteria.get(f"{criterion_id}.contribution_low"), criteria.get(f"{criterion_id}.contribution_high")
    axes = program.axes("criterion", criterion_id)
    missing: tuple[Text, ...] = ()
    if low != high:
        missing = tuple(facts[f].label for f in reads if f in facts and facts[f].value is None)
        missing += tuple(text(run.pack.stages[a].label) for a in axes if stage.get(a) is None)
    reads = tuple(dict.fromkeys((*reads, *(f for a in axes for f in facts_of_axis(program, a)))))
    reason = criteria.get(f"{criterion_id}.reason")
    return CriterionResult(
        id=criterion_id,
        label=text(criterion.label),
        full=criteria.get(f"{criterion_id}.weight"),
        value=criteria.get(f"{criterion_id}.contribution"),
        low=low,
        high=high,
        reason=None if reason == "undefined" and missing else reason,
        missing=missing,
        reads=reads,
        citation=citation(run.pack, criterion),
    )


def _deductions(run: RunData, criteria: Row) -> tuple[CriterionResult, ...]:
    if run.pack.deductions is None or not criteria:
        return ()
    cap = Decimal(repr(float(run.pack.deductions.cap)))

    def result(item_id: str, item: Deduction) -> CriterionResult:
        points, low, high = (criteria.get(f"{item_id}.{end}") for end in ("points", "low", "high"))
        return CriterionResult(
            item_id,
            text(item.label),
            cap,
            points,
            low,
            high,
            criteria.get(f"{item_id}.reason"),
            citation=citation(run.pack, item),
        )

    return tuple(result(i, item) for i, item in run.pack.deductions.items.items() if f"{i}.points" in criteria)


def _gate(run: RunData, gate_id: str, gate: Gate, row: Row, facts: Mapping[str, FactResult]) -> GateResult:
    reads = run.parsed.program.facts("gate", gate_id)
    tables = {run.pack.facts[f].table for f in reads} - {""}
    searched = run.manifest.get("inputs", {}).get("searched_on", {})
    dates = sorted(str(searched[t]) for t in tables if searched.get(t))
    valid = None
    if gate.valid_for is not None:
        valid = gate.valid_for if isinstance(gate.valid_for, Quantity) else run.parsed.numbers[gate.valid_for]
    return GateResult(
        id=gate_id,
        label=text(gate.label),
        effect=gate.effect,
        on_unknown=gate.on_unknown,
        status=row[f"{gate_id}.status"],
        reason=row.get(f"{gate_id}.reason"),
        message=text(gate.message),
        remedy=text(gate.remedy) if gate.remedy else None,
        datum=tuple(facts[f] for f in reads if f in facts),
        searched_on=datetime.date.fromisoformat(dates[0]) if dates else None,
        valid_for=Decimal(repr(float(valid.value))) if valid else None,
        valid_for_unit=(valid.unit or "") if valid else "",
        citation=citation(run.pack, gate),
    )


def _stages(run: RunData, row: Row, facts: Mapping[str, FactResult]) -> tuple[StageAxisResult, ...]:
    results = []
    for axis_id, axis in run.pack.stages.items():
        if axis_id == "track" or axis_id not in row:
            continue
        value = axis.values.get(row[axis_id] or "")
        possible = tuple(
            text(axis.values[v].label) for v in (row[f"{axis_id}.possible"] or "").split(",") if v in axis.values
        )
        deciding = tuple(
            facts[f].label for f in run.parsed.program.facts("axis", axis_id) if f in facts and facts[f].value is None
        )
        results.append(
            StageAxisResult(
                id=axis_id,
                label=text(axis.label),
                value=text(value.label) if value else None,
                possible=possible,
                reason=row.get(f"{axis_id}.reason"),
                deciding=deciding if value is None else (),
                **({"citation": citation(run.pack, value)} if value else {}),
            )
        )
    return tuple(results)


def _track(run: RunData, row: Row) -> Text | None:
    axis = run.pack.stages.get("track")
    value = axis.values.get(row.get("track") or "") if axis else None
    return text(value.label) if value else None


def _place(run: RunData, company_id: str) -> PlaceResult | None:
    row = run.one("company_place", company_id=company_id)
    if row is None:
        return None
    entry = run.pack.places.entries.get(row["entry"] or "") if run.pack.places else None
    result: dict[str, Any] = {
        "grade": row["place_grade"],
        "city": row["city"],
        "city_basis": row["city_basis"],
        "district": row["district"],
        "sub_industry": row["sub_industry"],
        "carrier": row["carrier"],
    }
    if entry is None:
        return PlaceResult(**result)
    named = tuple(name for name in (domain_text(run.pack, d) for d in entry.domains) if name)
    return PlaceResult(
        **result,
        entry=row["entry"],
        domains=named,
        domains_open=entry.domains_open,
        sub_industries=tuple(s.name for s in entry.sub_industries),
        sub_industries_open=entry.sub_industries_open,
        citation=citation(run.pack, entry),
    )


def _measures(run: RunData, company_id: str) -> tuple[MeasureResult, ...]:
    return tuple(
        MeasureResult(
            m,
            text(rule.label),
            rule.departments,
            rule.audience,
            text(rule.note) if rule.note else None,
            citation(run.pack, rule),
        )
        for m, rule in ((m, run.pack.measures[m]) for m in measures_of(run, company_id))
    )


def _overrides(run: RunData, company_id: str) -> tuple[OverrideResult, ...]:
    return tuple(
        OverrideResult(
            str(o.get("what", "")),
            o.get("before"),
            o.get("after"),
            str(o.get("reason", "")),
            datetime.date.fromisoformat(str(o["on"])) if o.get("on") else None,
            o.get("by"),
        )
        for o in run.manifest.get("overrides", ())
        if o.get("company_id") == company_id
    )
