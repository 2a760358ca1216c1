"""Rows of one thing that contradict each other: whose word stands, and where nobody's can."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from screening.dataset.columns import REASONS
from screening.dataset.ledger import ID
from screening.dataset.names import same_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from screening.catalog import Column, Table

SOURCES = ("registry", "audited", "certificate", "vendor", "self_reported")
"""Kinds of source, the most reliable first; one that is not stated counts least."""
_LAST = len(SOURCES)
_PROVENANCE = frozenset({"source_kind", "observed_on"})
_INFERRED = ("code", "name")
"""Bases of a cell that its row does not state: a company keeps its code and its name when it moves."""
_EXAMPLES = 5
_SHOWN = 80
# No table has columns of these names.
_GROUP, _PLACE, _KIND, _AGE, _BASIS, _SAID, _OPEN, _OWNER, _DISPUTED, _LACKING = (
    f"\x00{name}" for name in ("group", "place", "kind", "age", "basis", "said", "open", "owner", "disputed", "lacking")
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """One column in which rows of one thing say different things.

    `groups`: how many companies (or rows of a child table). `unsettled`: in how many of them nobody's word is better, so that
    the cell is NULL with the reason `conflict`. `examples`: at most five records `{key, values}`.
    """

    column: str
    groups: int
    unsettled: int = 0
    examples: Sequence[Mapping[str, Any]] = field(default_factory=tuple)

    def as_record(self) -> dict[str, Any]:
        """Return the conflict as plain data for the profile."""
        return {
            "column": self.column,
            "groups": self.groups,
            "unsettled": self.unsettled,
            "examples": [dict(e) for e in self.examples],
        }


def merged(parts: Sequence[Sequence[Conflict]], columns: Sequence[str]) -> tuple[Conflict, ...]:
    """Return what parts of a table found together, which have their things in one order and none in common."""
    listed = [conflict for part in parts for conflict in part]
    found: list[Conflict] = []
    for column in columns:
        if mine := [conflict for conflict in listed if conflict.column == column]:
            shown = [example for conflict in mine for example in conflict.examples][:_EXAMPLES]
            found.append(Conflict(column, sum(c.groups for c in mine), sum(c.unsettled for c in mine), shown))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Settled:
    """`kept`: the rows that stay, completed and settled. `used`: ID of the other rows, of which a cell went into them."""

    kept: pl.DataFrame
    conflicts: tuple[Conflict, ...] = ()
    used: frozenset[int] = frozenset()


def settle(frame: pl.DataFrame, kept: pl.DataFrame, ranked: pl.DataFrame, table: Table) -> Settled:
    """Complete `kept` cell by cell with what its other rows say, and settle where they contradict each other.

    `frame` has all rows, `kept` the one that stays of each; `ranked` has ID, `group` and `place` of the repeated rows (place 0
    stays). A cell that the kept row lacks is taken from the others. Only typed cells contradict: free texts may differ, and
    the kept row's stands. Of a typed cell the better source's value stands, among equals the newer one's; where equals of one
    date disagree, none does. What hangs on a cell (the currency of an amount, the city's basis) goes with it.
    """
    if ranked.is_empty():
        return Settled(kept)
    rows = frame.join(
        ranked.select(ID, pl.col("group").alias(_GROUP), pl.col("place").alias(_PLACE)), on=ID, how="inner"
    ).with_columns(_reliability(frame.columns), _age(frame.columns))
    stays = rows.filter(pl.col(_PLACE) == 0).select(ID, _GROUP)
    owners = kept.select(ID, pl.col(table.key[0]).alias(_OWNER)).join(stays, on=ID, how="inner").drop(ID)
    conflicts: list[Conflict] = []
    used: set[int] = set()
    judged = [
        name
        for name, column in table.columns.items()
        if name not in table.key and name not in _PROVENANCE and not column.derived_from
    ]
    said_of = rows.select(_GROUP, _PLACE, *(_meaning(name, table).alias(name) for name in judged)).group_by(_GROUP)
    summaries = said_of.agg(
        *((pl.col(name).drop_nulls().n_unique() > 1).alias(name) for name in judged),
        *((pl.col(_PLACE).filter(pl.col(name).is_not_null()).min() > 0).alias(_LACKING + name) for name in judged),
    )
    for name in judged:
        if not summaries[name].any() and not summaries[_LACKING + name].any():
            continue
        column, carried = table.columns[name], _carried(name, table)
        said = rows.select(ID, _GROUP, _PLACE, _KIND, _AGE, *carried, _meaning(name, table).alias(_SAID)).filter(
            pl.col(_SAID).is_not_null()
        )
        lacking = pl.col(_LACKING + name).alias(_LACKING)
        summary = summaries.select(_GROUP, pl.col(name).alias(_DISPUTED), lacking).drop_nulls(_LACKING)
        # What was only told from a code or a name contradicts nobody who states it.
        stated = _best_stated(said, name, table)
        disputed = stated.group_by(_GROUP).agg(pl.col(_SAID).n_unique()).filter(pl.col(_SAID) > 1).select(_GROUP)
        typed = _is_settled(name, column)
        ruled = summary.filter(pl.col(_LACKING) | pl.col(_DISPUTED)) if typed else summary.filter(_LACKING)
        unsettled = 0
        if ruled.height:
            chosen = said.join(ruled.select(_GROUP, _LACKING), on=_GROUP, how="inner")
            kept, unsettled, taken = _settled(kept, chosen, stays, name, carried, table, typed=typed)
            used |= taken
        if disputed.height:
            shown = _shown(stated.join(disputed.select(_GROUP), on=_GROUP, how="semi"), owners, name)
            conflicts.append(Conflict(name, disputed.height, unsettled, shown))
    return Settled(kept, tuple(conflicts), frozenset(used))


def _reliability(columns: Sequence[str]) -> pl.Expr:
    if "source_kind" not in columns:
        return pl.lit(_LAST).alias(_KIND)
    order = dict(zip(SOURCES, range(_LAST), strict=True))
    return pl.col("source_kind").replace_strict(order, default=_LAST, return_dtype=pl.Int32).alias(_KIND)


def _age(columns: Sequence[str]) -> pl.Expr:
    """Days counted backwards, so that the newest comes first; NULL, which comes last, for a row that is not dated."""
    return (-pl.col("observed_on").to_physical() if "observed_on" in columns else pl.lit(None, pl.Int32)).alias(_AGE)


def _is_settled(name: str, column: Column) -> bool:
    """A code tells who the row is, and a free text is no statement that another one contradicts."""
    return name != "uscc" and (column.type != "text" or column.parse is not None)


def _meaning(name: str, table: Table) -> pl.Expr:
    """What a cell says: two ways of writing a name are no contradiction, an amount in another currency is one."""
    if name in ("name", "address"):
        return same_name(pl.col(name))
    currency = f"{name}_currency"
    if currency in table.columns:
        return pl.concat_str([pl.col(name).cast(pl.String), pl.col(currency).fill_null("")], separator="\x1f")
    return pl.col(name).cast(pl.String)


def _carried(name: str, table: Table) -> list[str]:
    """Return the columns that mean nothing without this one, or another thing beside another value of it."""
    carried = [name, f"{name}_currency", *(other for other, spec in table.columns.items() if spec.derived_from == name)]
    if table.columns[name].parse == "city":
        carried += [other for other, spec in table.columns.items() if spec.parse == "district"]
    return [other for other in carried if other in table.columns]


def _best_stated(said: pl.DataFrame, name: str, table: Table) -> pl.DataFrame:
    """Return of each group the rows that say something themselves, all of them where none does or the column has no basis."""
    if f"{name}_basis" not in table.columns:
        return said
    inferred = pl.col(f"{name}_basis").is_in(_INFERRED).fill_null(False)
    return said.filter(~inferred | inferred.all().over(_GROUP))


def _settled(
    kept: pl.DataFrame,
    said: pl.DataFrame,
    stays: pl.DataFrame,
    name: str,
    carried: Sequence[str],
    table: Table,
    *,
    typed: bool,
) -> tuple[pl.DataFrame, int, set[int]]:
    """Return the kept rows with this column settled, in how many nobody's word is better, and the rows that completed one."""
    # What a row states counts more than what was told from its address or its code.
    basis = table.columns.get(f"{name}_basis")
    order = {value: place for place, value in enumerate(basis.values)} if basis else {}
    said = said.with_columns(
        (
            pl.col(f"{name}_basis").replace_strict(order, default=len(order), return_dtype=pl.Int32)
            if basis
            else pl.lit(0)
        ).alias(_BASIS)
    )
    rank = (_BASIS, _KIND, _AGE)
    ordered = said.sort(_GROUP, *rank, _PLACE, nulls_last=True)
    first = ordered.unique(_GROUP, keep="first", maintain_order=True)
    best = ordered.join(first.select(_GROUP, *rank), on=[_GROUP, *rank], how="semi", nulls_equal=True)
    opened = best.group_by(_GROUP).agg(((pl.col(_SAID).n_unique() > 1) & pl.lit(typed)).alias(_OPEN))
    verdicts = first.select(_GROUP, _LACKING, *(pl.col(other).alias(f"\x00{other}") for other in carried)).join(
        opened, on=_GROUP, how="inner"
    )
    taken = first.join(opened.filter(~pl.col(_OPEN)), on=_GROUP, how="semi").filter(pl.col(_LACKING))[ID].to_list()
    ruled = stays.join(verdicts, on=_GROUP, how="inner").drop(_GROUP)
    joined = kept.join(ruled, on=ID, how="left", maintain_order="left")
    # What a row itself could not say is said now, or contradicted: its own reason no longer holds.
    former = pl.col(REASONS).str.replace(rf"(^|;){name}=[a-z_]+", "").str.strip_prefix(";")
    own = pl.when(former != "").then(former)
    noted = pl.concat_str([own, pl.lit(f"{name}=conflict")], separator=";", ignore_nulls=True)
    joined = joined.with_columns(
        *(
            pl.when(pl.col(_OPEN).is_null()).then(other).when(~pl.col(_OPEN)).then(f"\x00{other}").alias(other)
            for other in carried
        ),
        pl.when(_OPEN)
        .then(noted.str.split(";").list.sort().list.join(";"))
        .when(pl.col(_OPEN).is_null())
        .then(REASONS)
        .otherwise(own)
        .alias(REASONS),
    )
    return joined.select(kept.columns), int(ruled[_OPEN].sum()), set(taken)


def _shown(said: pl.DataFrame, owners: pl.DataFrame, name: str) -> list[dict[str, Any]]:
    values = (
        said.group_by(_GROUP)
        .agg(pl.col(name).cast(pl.String).unique().sort().alias(_SAID))
        .join(owners, on=_GROUP, how="inner")
    )
    listed = values.sort(_OWNER, _GROUP).select(_OWNER, _SAID).head(_EXAMPLES)
    return [
        {"key": owner, "values": [value[:_SHOWN] for value in shown[:_EXAMPLES]]} for owner, shown in listed.iter_rows()
    ]
