"""The plan view as records, from the relations of a run; and what another version of the plan says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.analysis.coverage import coverage_relations, named_places
from screening.analysis.rulewords import domain_text, share, text
from screening.analysis.run_record import run_record
from screening.analysis.targets import target_records
from screening.result.coverage import (
    ComboCompany,
    ComboRecord,
    CrowdingMeasure,
    DirectionWording,
    DomainWording,
    EntryWording,
    PlanChange,
    PlanCoverage,
    PlanPlace,
    RungRecord,
    SafeguardRecord,
    StageRow,
)
from screening.result.records import Text, record_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from screening.analysis.rundata import Row, RunData
    from screening.result.coverage import ChangeKind
    from screening.rulebook.model import RulePack

ELSEWHERE = Text("其他或未知", "Elsewhere or unknown")
DOMAIN_ONLY = Text("仅能判断到领域", "Domain only")
OPEN = Text("未定", "Not told")


def coverage(run: RunData, against: RulePack | None = None) -> PlanCoverage:
    """Return the plan against the pool; with `against`, what that version of the plan says otherwise than the run's."""
    rows = rows_of(run)
    pack, stated = run.pack, run.pack.crowding
    directions = {d: text(direction.name) for _, d, direction in pack.directions()}
    cities = {c: Text(c, city.en) for c, city in pack.places.cities.items()} if pack.places else {}
    tracks = {t: text(v.label) for t, v in pack.stages["track"].values.items()} if "track" in pack.stages else {}
    return PlanCoverage(
        run=run_record(run),
        companies=sum(r["companies"] for r in rows["plan_places"]),
        places=tuple(
            record_of(
                PlanPlace,
                r,
                domain=domain_text(pack, r["domain_id"]) or Text(r["domain_id"]),
                direction=directions.get(r["direction_id"], DOMAIN_ONLY),
                city=cities.get(r["city"], ELSEWHERE),
                named=r["named"] or "",
                share=r["direction_share"],
                crowded=r["crowded"] or "",
            )
            for r in rows["plan_places"]
        ),
        tracks=(*tracks.values(), OPEN),
        stages=tuple(_stages(pack, rows["plan_stages"], list(tracks))),
        combos=tuple(_combos(run, rows["plan_combos"])),
        ladder=tuple(
            RungRecord(text(rung.label), row["met"], row["open"], text(rung.note) if rung.note else None)
            for row in rows["plan_ladder"]
            for rung in [pack.ladder[row["rung_id"]]]
        ),
        targets=target_records(pack, rows["plan_targets"]),
        crowding=CrowdingMeasure(stated.at_least, share(stated.share), share(stated.of_all), stated.holdings)
        if stated is not None
        else None,
        against=f"{against.pack.id} {against.pack.version}" if against is not None else "",
        changes=tuple(plan_changes(pack, against, rows["plan_places"])) if against is not None else (),
        safeguards=tuple(
            SafeguardRecord(
                text(clause.label),
                f"{clause.source.document} {clause.source.clause}".strip() if clause.source else "",
                text(clause.answer),
            )
            for clause in pack.safeguards.values()
        ),
        wording=tuple(
            DomainWording(
                text(domain.label),
                domain.verb_class,
                domain.closed_list,
                tuple(DirectionWording(text(x.name), x.verb_class, x.atomic) for x in domain.directions.values()),
            )
            for domain in pack.domains.values()
        ),
        entries=tuple(
            EntryWording(
                entry_id,
                tuple(carrier.name for carrier in entry.carriers),
                entry.carrier_form,
                entry.carriers_open,
                tuple(
                    (s.name, directions[s.direction])
                    for s in entry.sub_industries
                    if s.mapping == "alias" and s.name != directions[s.direction].zh
                ),
            )
            for entry_id, entry in (pack.places.entries.items() if pack.places else ())
        ),
    )


def rows_of(run: RunData) -> Mapping[str, list[Row]]:
    """Return the rows of the relations of the plan; a run of an older version has them worked out here."""
    if run.has("plan_places"):
        names = ("plan_places", "plan_stages", "plan_combos", "plan_ladder", "plan_targets")
        return {name: run.all(name) for name in names}
    return {name: frame.to_dicts() for name, frame in coverage_relations(run)}


def _stages(pack: RulePack, rows: Sequence[Row], tracks: Sequence[str]) -> Iterator[StageRow]:
    for domain_id, domain in pack.domains.items():
        own = [r for r in rows if r["domain_id"] == domain_id]
        yield StageRow(
            text(domain.label), tuple(sum(r["companies"] for r in own if r["track"] == t) for t in (*tracks, None))
        )


def _combos(run: RunData, rows: Sequence[Row]) -> Iterator[ComboRecord]:
    pack = run.pack
    directions = {d: text(direction.name) for _, d, direction in pack.directions()}
    wanted = sorted({str(r["company_id"]) for r in rows})
    named = {r["company_id"]: r for r in run.rows("named_companies", companies=wanted)} if wanted else {}
    for combo_id, combo in pack.combos.items():
        own = [(named[r["company_id"]], r) for r in rows if r["combo_id"] == combo_id]
        own.sort(key=lambda pair: (pair[0]["rank"] is None, pair[0]["rank"] or 0, pair[0]["company_id"]))
        yield ComboRecord(
            text(combo.label),
            tuple(
                record_of(
                    ComboCompany,
                    {**c, **r},
                    name=c["name"] or c["company_id"],
                    what=directions.get(r["what"], Text(r["what"])),
                )
                for c, r in own
            ),
        )


def plan_changes(before: RulePack, after: RulePack, places: Sequence[Row]) -> Iterator[PlanChange]:
    """Yield what the second version says otherwise: directions, sub-industries named for cities, targets."""
    was, now = ({d: text(x.name) for _, d, x in pack.directions()} for pack in (before, after))

    def within(direction_id: str | None, city: str | None = None) -> int:
        return sum(r["companies"] for r in places if r["direction_id"] == direction_id and city in (None, r["city"]))

    for direction_id in sorted({*was, *now}):
        if direction_id not in now:
            yield PlanChange("direction_removed", was[direction_id], direction_id, "", within(direction_id))
        elif direction_id not in was:
            yield PlanChange("direction_added", now[direction_id], "", direction_id, 0)
        elif was[direction_id].zh != now[direction_id].zh:
            yield PlanChange(
                "direction_renamed", now[direction_id], was[direction_id].zh, now[direction_id].zh, within(direction_id)
            )
    named = [named_places(pack) for pack in (before, after)]
    for place in sorted({*named[0], *named[1]}, key=str):
        if (place in named[0]) == (place in named[1]):
            continue
        direction = (was | now)[str(place[1])]
        what = Text(f"{place[2]} · {direction.zh}", f"{place[2]} · {direction.en or direction.zh}")
        kind: ChangeKind = "named_added" if place in named[1] else "named_removed"
        yield PlanChange(kind, what, named[0].get(place, ""), named[1].get(place, ""), within(place[1], place[2]))
    for target_id in dict.fromkeys((*before.targets, *after.targets)):
        told = [
            f"{target.relation} {target.value:g} ({target.year})" if (target := pack.targets.get(target_id)) else ""
            for pack in (before, after)
        ]
        if told[0] != told[1]:
            label = (after.targets.get(target_id) or before.targets[target_id]).label
            yield PlanChange("target_changed", text(label), told[0], told[1], 0)
