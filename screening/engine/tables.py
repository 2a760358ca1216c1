"""The relations that steps start from: the clean tables, and the plan's places as small lookup tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from sqlglot import exp

from screening.catalog import PROVENANCE, SQL_TYPES
from screening.engine.inputs import MAIN, STEPS_READ
from screening.expression_sql.nodes import cast
from screening.expression_sql.pieces import column, null, relation

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from screening.catalog import Table
    from screening.engine.session import Session
    from screening.rulebook.scope import ParsedPack


def clean_view(session: Session, name: str, table: Table, path: Path | None, among: exp.Expr | None = None) -> None:
    """Make one clean table readable with exactly its declared columns, typed; an absent one has no rows. `among`: only these rows of it."""
    if path is None:
        session.create(name, clean_select(name, table, None))
        return
    session.view(stored(name), path)
    present = {c for c, _ in session.columns(stored(name))}
    # A view, not a copy: wide text is read only by the steps that need it.
    select = clean_select(name, table, present)
    session.create_view(name, select if among is None else select.where(among))


def stored(name: str) -> str:
    """Return the relation of a table's file. No id holds a blank, so no other table can have that name."""
    return f"{name} as stored"


def clean_select(name: str, table: Table, present: Collection[str] | None) -> exp.Select:
    """Return the statement of a clean table over the columns that its file has; None: there is no file, and no row."""
    declared = [(c, SQL_TYPES[spec.type]) for c, spec in table.columns.items()] + list(PROVENANCE.items())
    if name == MAIN:
        declared += [(c, kind) for c, kind in STEPS_READ if c not in table.columns]
    has = present or ()
    columns = [
        exp.Alias(this=cast(column(c) if c in has else null(), kind), alias=exp.to_identifier(c, quoted=True))
        for c, kind in declared
    ]
    select = exp.select(*columns, copy=False)
    return select.limit(0, copy=False) if present is None else select.from_(relation(stored(name)), copy=False)


_SCHEMAS: Mapping[str, Any] = {
    "plan_cities": {"city": pl.String},
    "plan_entries": {"city": pl.String, "entry": pl.String, "is_region": pl.Boolean},
    "plan_domains": {"entry": pl.String, "domain_id": pl.String},
    "plan_sub_industries": {"entry": pl.String, "direction_id": pl.String, "name": pl.String, "position": pl.Int32},
    "plan_carriers": {"entry": pl.String, "name": pl.String, "alias": pl.String, "position": pl.Int32},
    "tiers": {"tier": pl.String, "position": pl.Int32},
}


def plan_tables(session: Session, parsed: ParsedPack) -> dict[str, list[tuple[Any, ...]]]:
    """Store what the plan says of places, and the order of tiers; return the rows of `plan_rows`."""
    found = plan_rows(parsed)
    for name, rows in found.items():
        session.frame(name, pl.DataFrame(rows, schema=_SCHEMAS[name], orient="row"))
    return found


def plan_rows(parsed: ParsedPack) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of `plan_cities`, `plan_entries`, `plan_domains`, `plan_sub_industries`, `plan_carriers` and `tiers`."""
    places = parsed.pack.places
    cities = list(places.cities) if places else []
    entries, domains, subs, carriers = [], [], [], []
    for entry_id, entry in places.entries.items() if places else ():
        is_region = bool(entry.cities)
        entries += [(city, entry_id, is_region) for city in (entry.cities or (_city_of(entry_id, cities),))]
        domains += [(entry_id, d) for d in entry.domains]
        subs += [(entry_id, s.direction, s.name, i) for i, s in enumerate(entry.sub_industries)]
        carriers += [
            (entry_id, c.name, alias, i) for i, c in enumerate(entry.carriers) for alias in (c.name, *c.aliases)
        ]
    ranked = _tiers_in_order(parsed)
    return {
        "plan_cities": [(c,) for c in cities],
        "plan_entries": entries,
        "plan_domains": domains,
        "plan_sub_industries": subs,
        "plan_carriers": carriers,
        "tiers": list(zip(ranked, range(len(ranked)), strict=True)),
    }


def _tiers_in_order(parsed: ParsedPack) -> list[str]:
    """Best first: as the labels are written, else by id."""
    verdict = parsed.pack.verdict
    if verdict.grades:
        return [grade.id for grade in verdict.grades]
    used = {tier for row in verdict.tiers.matrix.values() for tier in row.values()} if verdict.tiers else set()
    return [tier for tier in verdict.tier_labels() if tier in used] or sorted(used)


def _city_of(entry_id: str, cities: list[str]) -> str:
    """A named city's entry is its clause id, `四·广州市`."""
    return next((c for c in cities if entry_id.endswith(c)), entry_id)
