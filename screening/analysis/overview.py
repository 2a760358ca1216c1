"""The overview of a run as records: counts, pictures and the head of the ranking."""

from __future__ import annotations

import datetime
import functools
from collections import Counter
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from screening.analysis.fund_terms import exposure
from screening.analysis.measures import measures_reached
from screening.analysis.plan_view import rows_of
from screening.analysis.rulewords import citation, clauses, direction_text, domain_text, text, verdict
from screening.analysis.run_record import run_record
from screening.analysis.standing import near_misses, set_aside, stale_sources, stopped, waiting
from screening.analysis.targets import target_records
from screening.analysis.whatif import what_if
from screening.expression_sql.pieces import column, relation
from screening.result.contract import EXTERNAL, WITHHELD
from screening.result.overview import (
    Bin,
    CityName,
    DomainName,
    Holdings,
    Overview,
    PlaceCell,
    RankedCompany,
    RowCounts,
    RuleTally,
)
from screening.result.quality_records import ColumnConflict, ColumnQuality, Quality, SourceTable
from screening.result.records import NO_BAND, Band, Citation, Count, Text, record_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from screening.analysis.rundata import Row, RunData
    from screening.rulebook.model import RulePack

STEP = Decimal(5)
ROWS = 5000
HEAD, TERMS = 10, 3
"""Companies at the head of the report, and words that say for each what it does."""
ELSEWHERE = CityName("", Text("其他", "Other"), outside=True)
_NONE: Mapping[str, str] = MappingProxyType({})


def overview(run: RunData, dossiers: Mapping[str, str] = _NONE, rows: int = ROWS) -> Overview:
    """Return the records of the overview; `dossiers` gives the page of each company that has one, relative to it."""
    pack = run.pack
    outcomes = tuple(Count(r["id"], r["count"]) for r in run.rows("outcome_counts"))
    shortlist = any(c.id == "shortlisted" and c.count for c in outcomes)
    totals = run.one("ranked_totals") or {"ranked": 0, "merit_coverage": None}
    titles = pack.verdict.list_titles
    key = "shortlist" if shortlist else "long_list"
    places = run.rows("place_counts")
    holdings = run.rows("holding_counts") if run.has("holdings") else None
    plan = rows_of(run)
    tallies = {r["rule_id"]: r for r in run.rows("rule_tallies")}
    head = run_record(run)
    fund = exposure(run)
    bins = run.rows("score_bins", step=STEP, top=head.axis)
    first = run.rows("ranking_rows", rows=rows)
    ranked = _Ranked(run, dossiers, [r["company_id"] for r in first])
    ranking = tuple(map(ranked.company, first))
    return Overview(
        run=head,
        title=text(titles[key]) if key in titles else text(pack.verdict.label),
        list_kind=key,
        rows=_row_counts(run.manifest),
        outcomes=outcomes,
        grades=tuple(Count(r["id"], r["count"]) for r in run.rows("grade_counts")),
        gates=tuple(_gate(pack, gate_id, tallies[gate_id]) for gate_id in pack.gates if gate_id in tallies),
        rules=_idle(run, tallies),
        verdict=verdict(run.parsed),
        histogram=_bins(bins, "score") if pack.verdict.weights else (),
        fit_histogram=_bins(bins, "fit"),
        plane={(r["fit"], r["merit"]): r["count"] for r in run.rows("plane_cells", step=STEP)},
        plane_step=STEP,
        domains=tuple(
            DomainName(d, text(domain.label), tuple((i, text(x.name)) for i, x in domain.directions.items()))
            for d, domain in pack.domains.items()
        ),
        cities=_cities(pack),
        places=_places(plan["plan_places"]),
        ranking=ranking,
        ranking_total=totals["ranked"],
        quality=_quality(run),
        clauses=clauses(pack),
        merit_coverage=totals["merit_coverage"],
        tier_cells=_tier_cells(run),
        domain_counts=tuple(
            Count(d, sum(r["count"] for r in places if r["domain_id"] == d), text(domain.label))
            for d, domain in pack.domains.items()
        ),
        holdings=_holdings(pack, holdings),
        targets=target_records(pack, plan["plan_targets"]),
        stopped=stopped(run, dossiers),
        near=near_misses(run, dossiers),
        waiting=waiting(run, dossiers),
        stale=stale_sources(run),
        set_aside=set_aside(run),
        gates_sure=_gates_sure(run),
        what_if=what_if(run, ranking, totals["ranked"]),
        fund=fund if fund.held else None,
        provisional=(run.one("provisional") or {"count": 0})["count"],
        head_terms=_head_terms(run, [c.company_id for c in ranking[:HEAD]]),
    )


def _head_terms(run: RunData, companies: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in run.rows("head_terms", companies=list(companies)) if companies else ():
        found.setdefault(row["company_id"], []).append(row["term"])
    return {company: tuple(terms[:TERMS]) for company, terms in found.items()}


def _row_counts(manifest: Mapping[str, Any]) -> RowCounts:
    rows = manifest["rows"]
    reasons = sorted(rows["set_aside_by_reason"].items(), key=lambda item: (-item[1], item[0]))
    return RowCounts(rows["read"], rows["clean"], rows["set_aside"], tuple(Count(r, n) for r, n in reasons))


def _gate(pack: RulePack, gate_id: str, row: Row) -> RuleTally:
    gate = pack.gates[gate_id]
    return _tally(gate_id, text(gate.label), row, gate.effect, pack)


def _tally(rule_id: str, label: Text, row: Row, effect: str, pack: RulePack) -> RuleTally:
    rule = pack.gates.get(rule_id) or next((c for _, _, i, c in pack.criteria_of() if i == rule_id), None)
    cited = citation(pack, rule) if rule else Citation()
    return record_of(RuleTally, row, id=rule_id, label=label, reason=row["reason"] or "", effect=effect, citation=cited)


def _idle(run: RunData, tallies: Mapping[str, Row]) -> tuple[RuleTally, ...]:
    """Rules that decided for nobody: gates and criteria of the run, and measures whose condition surely held nowhere."""
    pack = run.pack
    labels = {g: text(gate.label) for g, gate in pack.gates.items()} | {
        i: text(c.label) for _, _, i, c in pack.criteria_of()
    }
    idle = [_tally(i, labels.get(i, Text(i)), row, "", pack) for i, row in tallies.items() if row["status"] != "run"]
    reached = measures_reached(run)
    idle += [
        RuleTally(m, "measure", text(rule.label), "reached_nobody", "reached_nobody", citation=citation(pack, rule))
        for m, rule in pack.measures.items()
        if rule.when is not None and m not in reached
    ]
    return tuple(idle)


def _bins(rows: list[Row], what: str) -> tuple[Bin, ...]:
    return tuple(Bin(r["low"], r["low"] + STEP, r["outcome"], r["count"]) for r in rows if r["what"] == what)


def _cities(pack: RulePack) -> tuple[CityName, ...]:
    if pack.places is None:
        return (ELSEWHERE,)
    return (*(CityName(c, Text(c, city.en)) for c, city in pack.places.cities.items()), ELSEWHERE)


def _holdings(pack: RulePack, rows: list[Row] | None) -> Holdings | None:
    if rows is None:
        return None
    directions = {direction_id for _, direction_id, _ in pack.directions()}
    return Holdings(sum(r["count"] for r in rows), sum(r["count"] for r in rows if r["direction_id"] not in directions))


def _places(rows: Sequence[Row]) -> tuple[PlaceCell, ...]:
    """Counts of every direction and city, with a cell for every holding and every sub-industry that the plan names."""
    cells = (
        record_of(
            PlaceCell,
            {name: r[name] or "" for name in ("domain_id", "direction_id", "city", "named", "crowded")},
            count=r["companies"],
            funded=r["held"],
            both=r["companies"] + r["held"] - r["together"],
        )
        for r in rows
    )
    return tuple(sorted(cells, key=lambda c: (c.domain_id, c.direction_id, c.city)))


class _Ranked:
    """The rows of the ranking as records, with what all of them share worked out once."""

    def __init__(self, run: RunData, dossiers: Mapping[str, str], companies: Sequence[str]) -> None:
        self.run, self.pack, self.dossiers = run, run.pack, dossiers
        self.shared = {r["rank"] for r in run.rows("shared_ranks")}
        known = run.rows("held_companies") if run.has("holdings") else []
        self.held = {r["company_id"]: bool(r["held"]) for r in known}
        self.beside: Counter[str | None] = Counter()
        for row in run.rows("holding_counts") if run.has("holdings") else ():
            self.beside[row["direction_id"]] += row["count"]
        # Many companies share them: a text is made once.
        self._city = functools.cache(functools.partial(_city_label, run.pack))
        self._domain = functools.cache(functools.partial(domain_text, run.pack))
        self._direction = functools.cache(functools.partial(direction_text, run.pack))
        drawn = run.rows("steady_ranks", companies=companies) if run.has("robustness") else []
        self.steady = {r["company_id"]: (r["rank_5"], r["rank_95"]) for r in drawn}

    def company(self, row: Row) -> RankedCompany:
        pack = self.pack
        axis = pack.stages.get("track")
        track = axis.values.get(row["track"] or "") if axis else None
        tier = pack.verdict.tier_labels().get(row["tier"] or "")
        return record_of(
            RankedCompany,
            row,
            name=row["name"] or "",
            city_label=self._city(row["city"]),
            domain=self._domain(row["domain_id"]),
            direction=self._direction(row["domain_id"], row["direction_id"], row["direction_basis"]),
            grade=(row["fit_grade"] or "unknown") if pack.domains else "",
            stage=text(track.label) if track else None,
            fit=Band(row["fit"], row["fit_low"], row["fit_high"]),
            merit=Band(row["merit"], row["merit_low"], row["merit_high"]),
            # Where no rule gives points, the zero of the relation is no score.
            score=Band(row["score"], row["score_low"], row["score_high"]) if pack.verdict.weights else NO_BAND,
            coverage=row["coverage"] if pack.verdict.weights else None,
            tier_label=text(tier) if tier else None,
            dossier=self.dossiers.get(row["company_id"]),
            shared=row["rank"] in self.shared,
            provisional=bool(row["provisional"]),
            held=self.held.get(row["company_id"], False),
            once_held=self.held.get(row["company_id"]) is False,
            beside=self.beside[row["direction_id"]] if row["direction_id"] and row["direction_basis"] == "told" else 0,
            steady=self.steady.get(row["company_id"]),
        )


def _gates_sure(run: RunData) -> bool:
    """True when every short-listed company passed every rejecting gate that applies to it."""
    rejecting = [g for g, gate in run.pack.gates.items() if gate.effect == "reject" and run.parsed.in_force(gate)]
    if not rejecting:
        return False
    open_ = exp.or_(
        *[
            exp.In(
                this=column(f"{g}.status"),
                expressions=[exp.Literal.string(s) for s in ("unknown", "not_run", "failed")],
            )
            for g in rejecting
        ]
    )
    tree = (
        exp.select(exp.alias_(exp.Count(this=exp.Star()), "n"))
        .from_(relation("gates"))
        .join(relation("ranking"), using="company_id")
        .where(exp.and_(exp.EQ(this=column("outcome"), expression=exp.Literal.string("shortlisted")), open_))
    )
    return not run.select(tree)[0]["n"]


def _city_label(pack: RulePack, city: str | None) -> Text | None:
    known = pack.places.cities.get(city or "") if pack.places else None
    return Text(city, known.en) if known is not None and city else None


def _tier_cells(run: RunData) -> dict[tuple[str, str], int]:
    tiers = run.pack.verdict.tiers
    if tiers is None:
        return {}
    fit, merit = ({Decimal(repr(float(s.at_least))): s.id for s in steps} for steps in (tiers.fit, tiers.merit))
    rows = run.rows("tier_cells", fit_floors=list(fit), merit_floors=list(merit))
    return {(fit[r["fit_at"]], merit[r["merit_at"]]): r["count"] for r in rows}


def _quality(run: RunData) -> Quality:
    """The state of the data from the manifest and the profile of intake."""
    manifest, pack = run.manifest, run.pack
    inputs, tables = manifest.get("inputs", {}), manifest.get("tables", {})
    available, absence, searched = (inputs.get(key, {}) for key in ("available", "absence", "searched_on"))
    profiles, entities = run.quality.get("tables", {}), run.quality.get("entities", {})
    sources, columns, conflicts = [], [], []
    hidden = manifest.get("confidential", {}) if manifest.get("audience") == EXTERNAL else {}
    for name, table in pack.tables.items():
        present = name in available
        record = tables.get(name, {})
        if present and hidden.get(name) is True:
            # Its rows are not here to be counted: a zero would be untrue.
            sources.append(SourceTable(name, text(table.label), present, None, WITHHELD, None))
            continue
        sources.append(
            SourceTable(
                name,
                text(table.label),
                present,
                record.get("clean") if present else None,
                absence.get(name, "unknown"),
                _day(searched.get(name)),
            )
        )
        for found in profiles.get(name, {}).get("conflicts", ()):
            label = table.columns[found["column"]].label
            conflicts.append(
                ColumnConflict(
                    name,
                    found["column"],
                    text(label) if label else Text(found["column"]),
                    found["groups"],
                    found["unsettled"],
                    tuple((str(e["key"]), tuple(e["values"])) for e in found["examples"]),
                )
            )
        profiled = {str(c["column"]): c for c in profiles.get(name, {}).get("columns", ())}
        for column_id, spec in table.columns.items():
            if spec.label is None or spec.derived_from or not present:
                continue
            found = profiled.get(column_id, {})
            columns.append(
                ColumnQuality(
                    table=name,
                    column=column_id,
                    label=text(spec.label),
                    available=column_id in available[name],
                    rows=int(record.get("read") or 0),
                    filled=int(found.get("filled", 0)),
                    unparsed=sum(found.get("failures", {}).values()),
                    suspicious=sum(found.get("suspicious", {}).values()),
                )
            )
    reasons = manifest["rows"]["set_aside_by_reason"]
    return Quality(
        tables=tuple(sources),
        columns=tuple(columns) if profiles else (),
        duplicates=reasons.get("duplicate"),
        city_basis=tuple(Count(r["id"], r["count"]) for r in run.rows("city_basis_counts")),
        conflicts=tuple(conflicts),
        branches=int(entities.get("branches", 0)),
        branches_joined=int(entities.get("branches_joined", 0)),
    )


def _day(value: object) -> datetime.date | None:
    return datetime.date.fromisoformat(str(value)) if value else None
