"""Company records: everything a run knows of the companies asked for, in a few queries for all of them together."""

from __future__ import annotations

import datetime
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from screening.analysis.background import Background
from screening.analysis.comparable import Comparable
from screening.analysis.evidence import directions, texts
from screening.analysis.facts import fact_results, questions
from screening.analysis.measures import measures_held
from screening.analysis.quotes import quotes
from screening.analysis.rulewords import text, verdict
from screening.analysis.run_record import run_record
from screening.engine.compile.functions.scoring import Scale
from screening.engine.steps import branches_step
from screening.errors import RunError
from screening.expression_sql.decimals import decimal_of
from screening.quantity import Quantity
from screening.result.company import (
    Company,
    CompanyRecord,
    CriterionResult,
    FactResult,
    GateResult,
    GateTally,
    HalfResult,
    MeasureResult,
    OutcomeReason,
    OverrideResult,
    Parent,
    PillarResult,
    PlaceResult,
    StageAxisResult,
)
from screening.result.contract import WITHHELD
from screening.result.records import NO_BAND, Band, ScaleStep, Text, record_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from screening.analysis.rundata import Row, RunData
    from screening.rulebook.ground import Rule
    from screening.rulebook.model import Criterion, Gate, Pillar, RulePack

AT_ONCE = 200
"""Companies whose rows are held in memory together."""

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


def company_records(run: RunData, company_ids: Sequence[str]) -> Iterator[CompanyRecord]:
    """Yield the records of companies in the order asked. Raises RunError when the run has no such company."""
    common = _Common(run)
    for start in range(0, len(company_ids), AT_ONCE):
        wanted = company_ids[start : start + AT_ONCE]
        with run.narrowed(wanted) as narrow:
            some = _Some(common, narrow, wanted)
            for company_id in wanted:
                yield some.record(company_id)


class _Common:
    """What the records of one run share."""

    def __init__(self, run: RunData) -> None:
        self.run, self.reading, self.pack = run, run.reading, run.pack
        self.record = run_record(run)
        self.verdict = verdict(run.parsed)
        self.ranked = int((run.one("ranked_totals") or {"ranked": 0})["ranked"])
        self.sharing = {r["rank"]: r["count"] for r in run.rows("shared_ranks")}
        overrides: dict[str, list[OverrideResult]] = {}
        for o in run.manifest.get("overrides", ()):
            overrides.setdefault(str(o.get("company_id")), []).append(_override(o, self.pack))
        self.overrides = overrides
        searched = run.manifest.get("inputs", {}).get("searched_on", {})
        self.searched = {t: datetime.date.fromisoformat(str(d)) for t, d in searched.items() if d}
        self.weights = {half: decimal_of(w) for half, w in self.pack.verdict.weights.items()}

    def axis_value(self, axis_id: str, value: str | None) -> Text | None:
        """Return the name of a value of a stage axis."""
        axis = self.pack.stages.get(axis_id)
        found = axis.values.get(value or "") if axis else None
        return text(found.label) if found else None


class _Some:
    """The rows of some companies, by relation and company."""

    def __init__(self, common: _Common, narrow: RunData, company_ids: Sequence[str]) -> None:
        self.common, self.run, self.reading, self.pack = common, narrow, common.reading, common.pack
        read = ("ranking", "companies", "criteria", "gates", "stage", "place", "facts")
        self.rows = {name: {str(r["company_id"]): r for r in narrow.all(name)} for name in read}
        self.classes = narrow.grouped("classes_of_companies")
        self.spans = narrow.grouped("spans_of_companies")
        self.held = measures_held(narrow)
        self.comparable = Comparable(common.run, narrow)
        self.background = Background(common.run, narrow, company_ids)
        step, branches = branches_step(narrow.parsed)
        self.branches = {(b.path, b.what): b.column for b in branches}
        self.taken = {str(r["company_id"]): r for r in narrow.told(step)}
        parents = sorted({str(r["parent_id"]) for r in self.rows["companies"].values() if r.get("parent_id")})
        self.parents = {r["company_id"]: r for r in common.run.rows("named_companies", companies=parents)}

    def record(self, company_id: str) -> CompanyRecord:
        ranking = self.rows["ranking"].get(company_id)
        if ranking is None:
            raise RunError.of("run/no-company", f"the run has no company '{company_id}'")
        company, criteria, gates, stage = (
            self.rows[name].get(company_id, {}) for name in ("companies", "criteria", "gates", "stage")
        )
        facts = fact_results(self.run, self.rows["facts"].get(company_id), self.background)
        halves = self._halves(company_id, criteria, stage, facts)
        gate_results = tuple(
            self._gate(g, gate, gates, facts) for g, gate in self.pack.gates.items() if f"{g}.status" in gates
        )
        measures = self._measures(company_id) if facts else ()
        stages, place = self._stages(stage, facts), self._place(company_id)
        tier = self.pack.verdict.tier_labels().get(ranking["tier"] or "")
        labels = self.pack.verdict.tier_labels()
        possible = tuple(text(labels.get(t)) for t in (ranking["tiers_possible"] or "").split(",") if t)
        return CompanyRecord(
            run=self.common.record,
            company=Company(
                company_id=company_id,
                name=ranking["name"] or "",
                **{c: company.get(c) for c in _COMPANY_COLUMNS},
                parent=self._parent(company),
            ),
            outcome=ranking["outcome"],
            reasons=self._reasons(ranking, gate_results),
            tier=ranking["tier"],
            tier_label=text(tier) if tier else None,
            rank=ranking["rank"],
            ranked=self.common.ranked,
            score=Band(ranking["score"], ranking["score_low"], ranking["score_high"])
            if self.pack.verdict.weights
            else NO_BAND,
            fit=Band(ranking["fit"], ranking["fit_low"], ranking["fit_high"]),
            merit=Band(ranking["merit"], ranking["merit_low"], ranking["merit_high"]),
            coverage=ranking["coverage"],
            merit_coverage=ranking["merit_coverage"],
            verdict=self.common.verdict,
            halves=halves,
            directions=directions(self.reading, self.classes.get(company_id, ())),
            evidence=texts(self.run, self.spans.get(company_id, ()), company),
            gates=gate_results,
            track=self.common.axis_value("track", stage.get("track")),
            stages=stages,
            place=place,
            measures=measures,
            questions=questions(self.reading, facts, halves, ranking),
            facts=tuple(facts.values()),
            clauses=quotes(self.reading, ranking, halves, gate_results, stages, place, measures),
            overrides=tuple(self.common.overrides.get(company_id, ())),
            deductions=self._deductions(company_id, criteria),
            deduction=Band(*(criteria.get(f"deduction{end}") for end in ("", "_low", "_high"))),
            sharing=self.common.sharing.get(ranking["rank"], 1),
            provisional=bool(ranking["provisional"]),
            tiers_possible=possible,
            rejecting=_tally(gate_results),
            accounts=self.background.accounts(company_id),
            holders=self.background.holders(company_id),
            events=self.background.events(company_id, company),
            patents=self.background.patents(company_id),
            peers=self.background.peers(ranking),
            limits=self.background.limits(company_id, ranking),
            notes=self.background.notes(company_id),
            robustness=self.comparable.robustness(company_id, ranking["name"] or ""),
            group=self.comparable.group(company_id),
            lift=self.comparable.lift.get(company_id),
        )

    def _parent(self, company: Row) -> Parent | None:
        row = self.parents.get(company.get("parent_id") or "")
        return Parent(row["company_id"], row["name"] or "", row["outcome"]) if row else None

    def _reasons(self, ranking: Row, gates: Sequence[GateResult]) -> tuple[OutcomeReason, ...]:
        """What decided comes first; other gates with the same effect follow, since mending one would not be enough."""
        outcome, decisive = ranking["outcome"], ranking["outcome_reason"]
        if outcome in ("rejected", "review"):
            effect = "reject" if outcome == "rejected" else "review"
            stopping = [
                g
                for g in gates
                if (g.status == "failed" and g.effect == effect) or (g.status == "unknown" and g.on_unknown == effect)
            ]
            stopping.sort(key=lambda g: (g.id != decisive, g.status != "failed"))
            return tuple(
                OutcomeReason("failed" if g.status == "failed" else "unknown", g.id, g.label) for g in stopping
            )
        if outcome == "shortlisted":
            route = self.pack.verdict.routes.get(decisive or "")
            return (OutcomeReason("route", decisive, text(route.label)),) if route else ()
        return (OutcomeReason("reason", decisive or "none"),)

    def _halves(
        self, company_id: str, criteria: Row, stage: Row, facts: Mapping[str, FactResult]
    ) -> tuple[HalfResult, ...]:
        if not criteria:
            return ()
        halves = []
        for half_id, half in self.pack.criteria.items():
            pillars = []
            for pillar_id, pillar in half.pillars.items():
                results = tuple(
                    self._criterion(company_id, (half_id, pillar_id, c), criterion, criteria, stage, facts)
                    for c, criterion in pillar.criteria.items()
                    if criteria.get(f"{c}.weight")
                )
                if not results and criteria.get(f"{half_id}.{pillar_id}.high") in (None, 0):
                    continue
                band = Band(*(criteria.get(f"{half_id}.{pillar_id}.{end}") for end in ("points", "low", "high")))
                pillars.append(PillarResult(pillar_id, text(pillar.label), _full(pillar, results), band, results))
            halves.append(
                HalfResult(
                    half_id,
                    text(half.label),
                    self.common.weights.get(half_id, Decimal(0)),
                    Band(criteria.get(half_id), criteria.get(f"{half_id}_low"), criteria.get(f"{half_id}_high")),
                    criteria.get(f"{half_id}_coverage"),
                    tuple(pillars),
                )
            )
        return tuple(halves)

    def _criterion(
        self,
        company_id: str,
        ids: tuple[str, str, str],
        criterion: Criterion,
        criteria: Row,
        stage: Row,
        facts: Mapping[str, FactResult],
    ) -> CriterionResult:
        half_id, pillar_id, criterion_id = ids
        path = ("criteria", half_id, "pillars", pillar_id, "criteria", criterion_id)
        program = self.reading.program
        direct, axes = program.facts("criterion", criterion_id), program.axes("criterion", criterion_id)
        low, high = criteria.get(f"{criterion_id}.contribution_low"), criteria.get(f"{criterion_id}.contribution_high")
        missing: tuple[Text, ...] = ()
        if low != high:
            unknown = (facts[f] for f in direct if f in facts and facts[f].value is None)
            missing = tuple(fact.label for fact in unknown if fact.reason != WITHHELD)
            missing += tuple(text(self.pack.stages[a].label) for a in axes if stage.get(a) is None)
        reads = tuple(dict.fromkeys((*direct, *(f for a in axes for f in self.reading.axis_facts(a)))))
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
            citation=self.reading.cited(criterion),
            points=criteria.get(f"{criterion_id}.points"),
            scale=self._scale(company_id, criterion, (*path, "score")),
            place=self.reading.place(*path),
            note=text(criterion.note) if criterion.note else None,
            axes=tuple((text(self.pack.stages[a].label), self.common.axis_value(a, stage.get(a))) for a in axes),
            direct=direct,
            judged=self.reading.judged("criterion", criterion_id),
        )

    def _scale(self, company_id: str, rule: Any, path: tuple[str, ...]) -> tuple[ScaleStep, ...]:
        row = self.taken.get(company_id, {})

        def taken(at: tuple[str | int, ...], what: str) -> bool:
            return bool(row.get(self.branches.get((at, what), "")))

        return tuple(Scale(self.run.parsed, taken).steps(rule.score, path))

    def _deductions(self, company_id: str, criteria: Row) -> tuple[CriterionResult, ...]:
        if self.pack.deductions is None or not criteria:
            return ()
        cap = decimal_of(self.pack.deductions.cap)
        return tuple(
            CriterionResult(
                id=i,
                label=text(item.label),
                full=cap,
                value=criteria.get(f"{i}.points"),
                low=criteria.get(f"{i}.low"),
                high=criteria.get(f"{i}.high"),
                reason=criteria.get(f"{i}.reason"),
                citation=self.reading.cited(item),
                reads=self.reading.program.facts("deduction", i),
                direct=self.reading.program.facts("deduction", i),
                points=criteria.get(f"{i}.points"),
                scale=self._scale(company_id, item, ("deductions", "items", i, "score")),
                place=self.reading.place("deductions", "items", i),
            )
            for i, item in self.pack.deductions.items.items()
            if f"{i}.points" in criteria
        )

    def _gate(self, gate_id: str, gate: Gate, row: Row, facts: Mapping[str, FactResult]) -> GateResult:
        reads = self.reading.program.facts("gate", gate_id)
        tables = [t for t in dict.fromkeys(self.pack.facts[f].table for f in reads) if t]
        dates = {t: self.common.searched[t] for t in tables if t in self.common.searched}
        valid, stale = None, []
        if gate.valid_for is not None:
            parsed = self.run.parsed
            valid = gate.valid_for if isinstance(gate.valid_for, Quantity) else parsed.numbers[gate.valid_for]
            stale = [t for t, d in dates.items() if d.isoformat() < parsed.oldest(gate.valid_for)]
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
            searched_on=min((dates[t] for t in stale or dates), default=None),
            valid_for=decimal_of(valid.value) if valid else None,
            valid_for_unit=(valid.unit or "") if valid else "",
            citation=self.reading.cited(gate),
            stale=tuple(text(self.pack.tables[t].label) for t in stale),
            place=self.reading.place("gates", gate_id),
        )

    def _stages(self, row: Row, facts: Mapping[str, FactResult]) -> tuple[StageAxisResult, ...]:
        results = []
        for axis_id, axis in self.pack.stages.items():
            if axis_id == "track" or axis_id not in row:
                continue
            value = axis.values.get(row[axis_id] or "")
            possible = tuple(
                text(axis.values[v].label) for v in (row[f"{axis_id}.possible"] or "").split(",") if v in axis.values
            )
            deciding = tuple(
                facts[f].label
                for f in self.reading.program.facts("axis", axis_id)
                if f in facts and facts[f].value is None
            )
            results.append(
                StageAxisResult(
                    id=axis_id,
                    label=text(axis.label),
                    value=text(value.label) if value else None,
                    possible=possible,
                    reason=row.get(f"{axis_id}.reason"),
                    deciding=deciding if value is None else (),
                    **({"citation": self.reading.cited(value)} if value else {}),
                )
            )
        return tuple(results)

    def _place(self, company_id: str) -> PlaceResult | None:
        row = self.rows["place"].get(company_id)
        if row is None or self.pack.places is None:
            return None
        entry = self.pack.places.entries.get(row["entry"] or "")
        if entry is None:
            return record_of(PlaceResult, row, grade=row["place_grade"], entry="")
        sub = next((s for s in entry.sub_industries if s.name == row["sub_industry"] and s.mapping == "alias"), None)
        means = self.reading.domains.get(sub.direction) if sub else None
        return record_of(
            PlaceResult,
            row,
            grade=row["place_grade"],
            sub_industry_means=means if means and means.zh != row["sub_industry"] else None,
            carrier_form=entry.carrier_form,
            carriers_open=entry.carriers_open,
            domains=tuple(self.reading.domains[d] for d in entry.domains if d in self.reading.domains),
            domains_open=entry.domains_open,
            sub_industries=tuple(s.name for s in entry.sub_industries),
            sub_industries_open=entry.sub_industries_open,
            citation=self.reading.cited(entry),
        )

    def _measures(self, company_id: str) -> tuple[MeasureResult, ...]:
        measures = self.pack.measures
        return tuple(
            MeasureResult(
                m,
                text(rule.label),
                rule.departments,
                rule.audience,
                text(rule.note) if rule.note else None,
                self.reading.cited(rule),
                self._programme(rule),
            )
            for m, rule in ((m, measures[m]) for m in self.held.get(company_id, ()))
        )

    def _programme(self, rule: Rule) -> Text | None:
        """The programme of the plan's action that the measure's clause belongs to."""
        clause = rule.source.clause if rule.source and not rule.source.document else ""
        found = next((a for a in self.pack.actions.values() if a.source and clause and a.source.clause == clause), None)
        if found is not None:
            return text(found.programme)
        known = self.pack.clauses.get(clause)
        return text(known.title) if known and known.title else None


def _tally(gates: Sequence[GateResult]) -> GateTally:
    return GateTally(**Counter(g.status for g in gates if g.effect == "reject"))


def _full(pillar: Pillar, criteria: Sequence[CriterionResult]) -> Decimal | None:
    """Return the most a pillar can give: its criteria up to the cap, or what a slot that no pack fills is worth.

    Weights are quantised one by one, so their sum may miss a round number by 0.01.
    """
    if not criteria:
        size = pillar.weight if pillar.weight is not None else pillar.cap
        return decimal_of(size) if isinstance(size, int | float) else None
    most = sum((c.full or Decimal(0) for c in criteria), Decimal(0)).quantize(Decimal("0.1"))
    return most if pillar.cap is None else min(most, decimal_of(pillar.cap))


def _override(o: Mapping[str, Any], pack: RulePack) -> OverrideResult:
    names = {i: text(d.label) for i, d in pack.domains.items()} | {i: text(d.name) for _, i, d in pack.directions()}
    before, _, before_in = str(o.get("before") or "").partition(" ")
    after, _, after_in = str(o.get("after") or "").partition(" ")
    return OverrideResult(
        str(o.get("state", "")),
        before,
        names.get(before_in),
        after,
        names.get(after_in),
        str(o.get("reason", "")),
        datetime.date.fromisoformat(str(o["on"])) if o.get("on") else None,
        o.get("by"),
    )
