"""Branches joined to their head company, where the data have it: by name, since a registry states no other tie."""

from __future__ import annotations

import polars as pl

from screening.dataset.ledger import ID
from screening.dataset.names import former_names, same_name

PARENT = "parent_id"
BRANCHES = ("branch", "processing_plant")
_SHORTEST = 6
"""A shorter name is an abbreviation, with which the names of others begin too."""


def with_parents(frame: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return the root table with `parent_id`: the id of the company with whose full or former name a branch's name begins.

    Of several such names the longest counts; NULL where two companies answer to it, where none does, and for all that are no
    branches. Names are compared as everywhere: width, brackets and the forms of 有限公司 make no difference.
    """
    if not {PARENT, "name", "entity_kind"} <= set(frame.columns):
        return frame
    is_branch = pl.col("entity_kind").is_in(BRANCHES).fill_null(False)
    branches = frame.filter(is_branch).select(ID, name=same_name(pl.col("name"))).drop_nulls()
    if branches.is_empty():
        return frame
    heads = frame.filter(~is_branch & pl.col("entity_kind").is_not_null())
    names = [heads.select(key, name=same_name(pl.col("name")))]
    if "former_names" in frame.columns:
        names.append(former_names(heads, key).rename({"former_names": "name"}))
    owners = (
        pl.concat(names).filter(pl.col("name").str.len_chars() >= _SHORTEST).group_by("name").agg(pl.col(key).unique())
    )
    # Every beginning of a branch's name is looked up, so that a million companies cost one join.
    cut = pl.int_ranges(_SHORTEST, pl.col("name").str.len_chars(), dtype=pl.UInt32)
    beginnings = (
        branches.with_columns(length=cut)
        .explode("length", empty_as_null=True)
        .drop_nulls()
        .select(ID, "length", name=pl.col("name").str.slice(0, pl.col("length")))
    )
    found = beginnings.join(owners, on="name", how="inner").sort(ID, "length").unique(ID, keep="last")
    parents = found.filter(pl.col(key).list.len() == 1).select(ID, pl.col(key).list.first().alias(PARENT))
    return frame.drop(PARENT).join(parents, on=ID, how="left", maintain_order="left").select(frame.columns)
