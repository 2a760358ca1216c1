"""Names behind the counts: who was stopped by what, who missed the short list by little, and what waits for a person."""

from __future__ import annotations

import datetime
import functools
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
from sqlglot import exp

from screening.analysis.rulewords import text
from screening.dataset.headers import fold_header
from screening.expression_sql.pieces import column, equals, relation
from screening.expression_sql.pieces import text as literal
from screening.identifier import file_named
from screening.quantity import Quantity
from screening.result.overview import AsideRow, NamedCompany, NearMiss, SetAside, StaleSource, Stopped, Waiting
from screening.result.records import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.analysis.rundata import Row, RunData

NAMED = 60
"""Companies named for one reason; the rest are in ranking.csv."""
NEAR = 12
WAITING = 60
ASIDE = 12
"""Rows set aside that are named for one reason; all are in set_aside.xlsx."""
RISK = "risk_events"


def stopped(run: RunData, links: Mapping[str, str]) -> tuple[Stopped, ...]:
    """Return for each outcome and reason that kept companies off the lists how many they are, with the first names."""
    pack, found = run.pack, []
    labels = {g: text(gate.label) for g, gate in pack.gates.items()}
    for row in run.rows("stopped", named=NAMED):
        names = tuple(
            NamedCompany(n["company_id"], n["name"] or "", links.get(n["company_id"], "")) for n in row["names"]
        )
        found.append(
            Stopped(row["outcome"], row["reason"] or "none", labels.get(row["reason"] or ""), row["count"], names)
        )
    return tuple(found)


def near_misses(run: RunData, links: Mapping[str, str]) -> tuple[NearMiss, ...]:
    """Return the companies of the long list that miss a single floor of the short list, the nearest first."""
    states = [c for c in run.connection.table("verdict").columns if c.startswith("shortlist.") and c.endswith(".state")]
    floors = [c.removeprefix("shortlist.").removesuffix(".state") for c in states]
    numbers = [f for f in floors if f"shortlist.{f}.distance" in run.columns("verdict")]
    if not numbers:
        return ()
    wanted = [
        "company_id",
        *states,
        *(f"shortlist.{f}.{end}" for f in numbers for end in ("value", "bound", "distance")),
    ]
    tree = exp.select(*[column(c) for c in wanted]).from_(relation("verdict"))
    one, nothing = exp.Literal.number(1), exp.Literal.number(0)
    missing: list[exp.Expr] = [
        exp.If(this=equals(column(s), literal("not_met")), true=one, false=nothing) for s in states
    ]
    count = functools.reduce(lambda so_far, each: exp.Add(this=so_far, expression=each), missing[1:], missing[0])
    rows = run.select(tree.where(equals(column("outcome"), literal("ranked")), equals(count, one)))
    near: list[tuple[Decimal, Row, str]] = []
    for row in rows:
        missed = next(f for f, state in zip(floors, states, strict=True) if row[state] == "not_met")
        distance = row.get(f"shortlist.{missed}.distance")
        if distance is not None:
            scale = Decimal(1) if abs(row[f"shortlist.{missed}.bound"]) > 1 else Decimal(100)
            near.append((distance * scale, row, missed))
    near.sort(key=lambda item: (-item[0], item[1]["company_id"]))
    named = {
        r["company_id"]: r for r in run.rows("named_companies", companies=[r["company_id"] for _, r, _ in near[:NEAR]])
    }
    return tuple(
        NearMiss(
            NamedCompany(row["company_id"], named[row["company_id"]]["name"] or "", links.get(row["company_id"], "")),
            _floor_label(run, floor),
            "ratio" if floor.endswith("coverage") else "points",
            _plain(row[f"shortlist.{floor}.value"]),
            _plain(row[f"shortlist.{floor}.bound"]),
        )
        for _, row, floor in near[:NEAR]
    )


def _plain(value: Decimal) -> Decimal:
    return value.normalize()


def _floor_label(run: RunData, floor: str) -> Text:
    """Return the name of what a floor compares: a half, a pillar, a criterion, or a word of the totals."""
    pack = run.pack
    if floor in pack.criteria:
        return text(pack.criteria[floor].label)
    for half in pack.criteria.values():
        for pillar_id, pillar in half.pillars.items():
            if pillar_id == floor:
                return text(pillar.label)
            if floor in pillar.criteria:
                return text(pillar.criteria[floor].label)
    totals = {
        "score": Text("总分", "Score"),
        "coverage": Text("数据覆盖", "Coverage"),
        "merit_coverage": Text("质量数据覆盖", "Coverage of merit"),
        "fit_coverage": Text("契合数据覆盖", "Coverage of fit"),
    }
    return totals.get(floor) or (text(pack.facts[floor].label) if floor in pack.facts else Text(floor))


def waiting(run: RunData, links: Mapping[str, str]) -> tuple[Waiting, ...]:
    """Return the companies that a person must look at, the best first, each with the gate that sent it there."""
    pack = run.pack
    rows = run.rows("waiting", most=WAITING)
    gates: dict[str, Row] = {}
    if rows:
        theirs = exp.In(this=column("company_id"), expressions=[literal(r["company_id"]) for r in rows])
        every = exp.select(exp.Star()).from_(relation("gates")).where(theirs)
        gates = {str(r["company_id"]): r for r in run.select(every)}
    found = []
    for row in rows:
        gate = pack.gates.get(row["outcome_reason"] or "")
        status = gates.get(row["company_id"], {}).get(f"{row['outcome_reason']}.status")
        reason = gates.get(row["company_id"], {}).get(f"{row['outcome_reason']}.reason")
        read = run.parsed.program.facts("gate", row["outcome_reason"]) if gate else ()
        question = next((asked for f in read if (asked := pack.facts[f].asked()) is not None), None)
        failed = status == "failed"
        settle = (gate.remedy if failed else question) if gate else None
        found.append(
            Waiting(
                NamedCompany(row["company_id"], row["name"] or "", links.get(row["company_id"], "")),
                row["outcome"],
                row["score"],
                row["rank"],
                text(gate.label) if gate else None,
                text(gate.message) if gate and failed else None,
                None if failed else reason,
                text(settle) if settle else None,
            )
        )
    return tuple(found)


def stale_sources(run: RunData) -> tuple[StaleSource, ...]:
    """Return the sources whose search is too old for the gates that rest on them, with whom that keeps off the lists."""
    pack, parsed = run.pack, run.parsed
    searched = run.manifest.get("inputs", {}).get("searched_on", {})
    by_table: dict[tuple[str, str, str], list[str]] = {}
    for gate_id, gate in pack.gates.items():
        if gate.valid_for is None or not parsed.in_force(gate):
            continue
        oldest = parsed.oldest(gate.valid_for)
        quantity = gate.valid_for if isinstance(gate.valid_for, Quantity) else parsed.numbers[gate.valid_for]
        for table in dict.fromkeys(pack.facts[f].table for f in parsed.program.facts("gate", gate_id)):
            if table and searched.get(table) and str(searched[table]) < oldest:
                key = (table, str(quantity.value), quantity.unit or "")
                by_table.setdefault(key, []).append(gate_id)
    held_up = {r["reason"]: r["count"] for r in run.rows("reviewed_for")} if by_table else {}
    return tuple(
        StaleSource(
            text(pack.tables[table].label),
            datetime.date.fromisoformat(str(searched[table])),
            Decimal(length).normalize(),
            unit,
            tuple(text(pack.gates[g].label) for g in gates),
            sum(held_up.get(g, 0) for g in gates),
        )
        for (table, length, unit), gates in by_table.items()
    )


def set_aside(run: RunData) -> tuple[SetAside, ...]:
    """Return the rows set aside of every table by reason; those of the risk events first, since they can clear a company wrongly."""
    tables: Mapping[str, Any] = run.manifest.get("tables", {})
    found = []
    for name, table in tables.items():
        rows = _aside_rows(run, name) if table.get("set_aside_by_reason") else {}
        for reason, count in sorted(table.get("set_aside_by_reason", {}).items(), key=lambda item: (-item[1], item[0])):
            label = text(run.pack.tables[name].label) if name in run.pack.tables else Text(name)
            if count:
                found.append(SetAside(name, label, reason, count, tuple(rows.get(reason, ()))))
    return tuple(sorted(found, key=lambda s: s.table != RISK))


def _aside_rows(run: RunData, table: str) -> Mapping[str, list[AsideRow]]:
    """Return the first rows by reason; nothing where the run keeps none, as one made for others does."""
    path = file_named(run.folder / "set_aside", table, ".parquet")
    if not path.is_file():
        return {}
    spec = run.pack.tables.get(table)
    named = spec.columns.get("name") if spec else None
    headers = {fold_header(h) for h in named.headers} if named else set()
    first = pl.scan_parquet(path, glob=False).sort("source_file", "source_row").group_by("reason", maintain_order=True)
    found: dict[str, list[AsideRow]] = {}
    for row in first.head(ASIDE).collect().iter_rows(named=True):
        cells = json.loads(row["original"]) if row["original"] else {}
        name = (
            next((str(v) for h, v in cells.items() if v and fold_header(h) in headers), "")
            if isinstance(cells, dict)
            else ""
        )
        at = AsideRow(row["source_file"] or "", row.get("source_sheet"), row["source_row"], name)
        found.setdefault(row["reason"], []).append(at)
    return found
