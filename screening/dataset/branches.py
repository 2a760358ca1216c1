"""Branches joined to their head company, where the data have it: by name, since a registry states no other tie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from screening.dataset.ledger import ID
from screening.dataset.names import former_names, same_name
from screening.dataset.roll import owned

if TYPE_CHECKING:
    from collections.abc import Collection

    from screening.dataset.roll import Roll

PARENT = "parent_id"
BRANCHES = ("branch", "processing_plant")
_SHORTEST = 6
"""A shorter name is an abbreviation, with which the names of others begin too."""


def parents_of(roll: Roll, columns: Collection[str]) -> pl.DataFrame:
    """Return (ID, `parent_id`) of the branches of which the company is known with whose full or former name theirs begins.

    Of several such names the longest counts; none where two companies answer to it. Names are compared as everywhere: width,
    brackets and the forms of 有限公司 make no difference. `columns`: those of the root table.
    """
    key = roll.key
    nobody = pl.DataFrame(schema={ID: pl.Int64, PARENT: pl.String})
    if not {PARENT, "name", "entity_kind"} <= set(columns):
        return nobody
    is_branch = pl.col("entity_kind").is_in(BRANCHES).fill_null(False)
    compared = [ID, "name", "entity_kind", *(["former_names"] if "former_names" in columns else [])]
    branches = pl.concat(
        rows.filter(is_branch).select(ID, name=same_name(pl.col("name"))) for rows in roll.rows([key, *compared[1:3]])
    ).drop_nulls()
    if branches.is_empty():
        return nobody
    # Every beginning of a branch's name is looked up, so that a million companies cost one join.
    cut = pl.int_ranges(_SHORTEST, pl.col("name").str.len_chars(), dtype=pl.UInt32)
    beginnings = (
        branches.with_columns(length=cut)
        .explode("length", empty_as_null=True)
        .drop_nulls()
        .select(ID, "length", name=pl.col("name").str.slice(0, pl.col("length")))
    )
    looked_for = beginnings.select("name").unique()
    names = []
    for rows in roll.rows([key, *compared[1:]]):
        heads = rows.filter(~is_branch & pl.col("entity_kind").is_not_null())
        called = [heads.select(key, name=same_name(pl.col("name")))]
        if "former_names" in heads.columns:
            called.append(former_names(heads, key).rename({"former_names": "name"}))
        names.append(owned(pl.concat(called).join(looked_for, on="name", how="semi")))
    owners = pl.concat(names).group_by("name").agg(pl.col(key).unique())
    found = beginnings.join(owners, on="name", how="inner").sort(ID, "length").unique(ID, keep="last")
    return found.filter(pl.col(key).list.len() == 1).select(ID, pl.col(key).list.first().alias(PARENT))
