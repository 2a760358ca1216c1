"""Rows joined to their company: ids for the root table, keys for the rows of the others, repeats taken out and settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from screening.dataset.branches import with_parents
from screening.dataset.conflicts import settle
from screening.dataset.identity import Identified, identify, resolve
from screening.dataset.ledger import ID

if TYPE_CHECKING:
    from screening.dataset.loading import LoadedTable


def identify_rows(loaded: LoadedTable, *, with_aliases: bool) -> Identified:
    """Give the rows of the root table their ids, settle what repeats say differently, and set the repeats aside."""
    key = loaded.table.key[0]
    identified = identify(loaded.frame, key, with_aliases=with_aliases)
    for (reason,), rows in identified.duplicates.group_by("reason"):
        loaded.ledger.add(rows[ID], str(reason), rows["detail"])
    kept, loaded.conflicts = settle(loaded.frame, identified.kept, identified.ranked, loaded.table)
    loaded.frame = with_parents(kept, key)
    return identified


def link_rows(loaded: LoadedTable, identified: Identified, root: str) -> None:
    """Set the key of the company in every row of a child table; set aside rows without one, and repeated keys."""
    frame = loaded.frame
    assert identified.aliases is not None
    if loaded.table.parent == root and loaded.references:
        found = resolve(loaded.references, identified.aliases)
        key = loaded.table.key[0]
        frame = frame.with_columns(found["company_id"].alias(key))
        lost = frame[key].is_null()
        if lost.any():
            named = _first(loaded.references)
            ambiguous = found["ambiguous"]
            for reason, rows in (("ambiguous_company", lost & ambiguous), ("no_company", lost & ~ambiguous)):
                loaded.ledger.add(frame.filter(rows)[ID], reason, named.filter(rows))
            frame = frame.filter(~lost)
    elif not loaded.table.parent and "company_id" in frame.columns and frame.height:
        found = resolve(
            [frame["company_id"], *([frame["name"]] if "name" in frame.columns else [])], identified.aliases
        )
        frame = frame.with_columns(pl.coalesce(found["company_id"], frame["company_id"]).alias("company_id"))
    loaded.frame = _without_repeats(frame, loaded)


def _first(references: list[pl.Series]) -> pl.Series:
    return (
        pl.DataFrame([cells.alias(str(place)) for place, cells in enumerate(references)])
        .select(pl.coalesce(pl.all()).fill_null("").str.slice(0, 80))
        .to_series()
    )


def _without_repeats(frame: pl.DataFrame, loaded: LoadedTable) -> pl.DataFrame:
    """Take out rows that repeat a key, the fullest staying; where a part of the key is missing, only equal rows."""
    columns = list(loaded.table.columns)
    key = list(loaded.table.key)
    complete = pl.all_horizontal([pl.col(name).is_not_null() for name in key])
    content = pl.concat_str([pl.col(name).cast(pl.String).fill_null("\x00") for name in columns], separator="\x1f")
    filled = pl.sum_horizontal([pl.col(name).is_not_null().cast(pl.Int32) for name in columns])
    group = pl.when(complete).then(pl.concat_str([pl.col(name).cast(pl.String) for name in key], separator="\x1f"))
    ranked = (
        frame.select(ID, content=content, filled=filled, group=pl.coalesce(group, pl.lit("\x00") + content))
        .sort("group", pl.col("filled") * -1, "content", ID)
        .with_columns(place=pl.int_range(pl.len()).over("group"))
    )
    repeats = ranked.filter(pl.col("place") > 0)
    if repeats.is_empty():
        return frame
    loaded.ledger.add(
        repeats[ID],
        "duplicate",
        repeats.select(
            pl.col("group").str.slice(0, 120).str.replace_all("\x1f", " ").str.replace_all("\x00", "")
        ).to_series(),
    )
    kept = frame.join(repeats.select(ID), on=ID, how="anti", maintain_order="left")
    repeated = ranked.filter(pl.col("group").is_duplicated()).select(ID, "group", "place")
    kept, loaded.conflicts = settle(frame, kept, repeated, loaded.table)
    return kept
