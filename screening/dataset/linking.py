"""Rows joined to their company: ids for the root table, keys for the rows of the others, repeats taken out and settled."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from screening.dataset.columns import REASONS
from screening.dataset.concerns import LOST_REASONS, NOTED, Roster, concerned_by
from screening.dataset.conflicts import settle
from screening.dataset.entity import entity_kind
from screening.dataset.identity import Aliases, Identified, aliases_of, identify, resolve
from screening.dataset.ledger import ID
from screening.dataset.loading import FILE, SHEET
from screening.dataset.names import FULL
from screening.dataset.raw import ROW
from screening.dataset.roll import laid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.catalog import Table
    from screening.dataset.concerns import Concerned
    from screening.dataset.loading import LoadedTable
    from screening.dataset.roll import Roll

OPEN_TABLES = "open_tables"
"""Column of the clean root table: `table=reason;…` for the tables of which a row that may concern the company was lost."""
CONFLICT, LOST = "conflict", "set_aside"
ORIGIN = {"source_file": FILE, "source_row": ROW, "source_sheet": SHEET}
"""Columns that say of a clean row where it stood."""


def identify_rows(loaded: LoadedTable, roll: Roll, *, with_aliases: bool) -> Identified:
    """Give the rows of the root table their ids, settle what repeats say differently, and set the repeats aside."""
    met = roll.met()
    identified = identify(met, roll.key, with_aliases=with_aliases)
    settled = settle(met, identified.kept, identified.ranked, loaded.table)
    loaded.conflicts = settled.conflicts
    repeats = _saying_who_completed(identified.duplicates, settled.used)
    for (reason,), rows in repeats.group_by("reason"):
        loaded.ledger.add(rows[ID], str(reason), rows["detail"])
    roll.settle(_kinds_again(settled.kept, identified))
    if identified.aliases is None:
        return identified
    named = [each for each in ("name", "uscc", "established_on", "former_names") if each in loaded.table.columns]
    alone = (aliases_of(rows, roll.key) for rows in roll.alone([roll.key, *named]))
    if roll.runs:
        # As many as companies, several times: they lie beside the runs.
        files = []
        for number, rows in enumerate(alone):
            files.append(roll.folder / f"aliases-{number:06}.parquet")
            laid(rows, files[-1])
        return replace(identified, aliases=Aliases(identified.aliases.held, tuple(files)))
    return replace(identified, aliases=Aliases(Aliases(pl.concat([identified.aliases.held, *alone])).all()))


def _saying_who_completed(repeats: pl.DataFrame, used: frozenset[int]) -> pl.DataFrame:
    """Say of a row whose cells went into the one that stays that it was not in vain."""
    return repeats.with_columns(
        detail=pl.when(pl.col(ID).is_in(sorted(used)))
        .then(pl.col("detail") + pl.lit(" (completed by this row)"))
        .otherwise("detail")
    )


def _kinds_again(kept: pl.DataFrame, identified: Identified) -> pl.DataFrame:
    """Tell the kind of entity again where rows completed each other: the code or the type may have come from another."""
    if "entity_kind" not in kept.columns or identified.ranked.is_empty():
        return kept
    merged = kept[ID].is_in(identified.ranked[ID].implode())
    some = kept.filter(merged)
    told = entity_kind(some.select([name for name in ("name", "company_type", "uscc") if name in kept.columns]))
    again = some.select(pl.coalesce(told, "entity_kind")).to_series()
    return kept.with_columns(kept["entity_kind"].clone().scatter(merged.arg_true(), again).alias("entity_kind"))


def link_rows(loaded: LoadedTable, aliases: Aliases, root: str) -> None:
    """Set the key of the company in every row of a child table; set aside rows without one, and repeated keys."""
    join_rows(loaded, aliases, root)
    loaded.frame = without_repeats(loaded.frame, loaded)


def join_rows(loaded: LoadedTable, aliases: Aliases, root: str) -> None:
    """Set the key of the company in every row; set aside rows without one."""
    frame = loaded.frame
    if loaded.table.parent == root and loaded.references:
        found = resolve(loaded.references, aliases)
        key = loaded.table.key[0]
        frame = frame.with_columns(found["company_id"].alias(key))
        references = loaded.references
        frame, references, found = _of_lists(loaded, frame, references, found)
        lost = frame[key].is_null()
        if lost.any():
            named = _first(references)
            ambiguous = found["among"].is_not_null()
            for reason, rows in (("ambiguous_company", lost & ambiguous), ("no_company", lost & ~ambiguous)):
                loaded.ledger.add(frame.filter(rows)[ID], reason, named.filter(rows))
            loaded.lose([cells.filter(lost) for cells in references], found["among"].filter(lost))
            frame = frame.filter(~lost)
    elif not loaded.table.parent and "company_id" in frame.columns and frame.height:
        found = resolve([frame["company_id"], *([frame["name"]] if "name" in frame.columns else [])], aliases)
        frame = frame.with_columns(pl.coalesce(found["company_id"], frame["company_id"]).alias("company_id"))
    loaded.frame = frame


def _of_lists(
    loaded: LoadedTable, frame: pl.DataFrame, references: list[pl.Series], found: pl.DataFrame
) -> tuple[pl.DataFrame, list[pl.Series], pl.DataFrame]:
    """Leave out of the rows of one list those that are of nobody here, or of a company that has one already.

    A list of which nobody is here stays as one row, to be set aside. The names left out still count where they may be a
    company's of the root table that is spelt otherwise.
    """
    place = [FILE, SHEET, ROW]
    grouped = pl.struct(*place).is_duplicated() & pl.col(ROW).is_not_null()
    if not frame.select(grouped.any()).item():
        return frame, references, found
    key = loaded.table.key[0]
    columns = list(loaded.table.columns)
    content = pl.concat_str([pl.col(name).cast(pl.String).fill_null("\x00") for name in columns], separator="\x1f")
    named = pl.any_horizontal([cells.str.contains(FULL).fill_null(False) for cells in references])
    marked = frame.select(*place, listed=grouped, known=pl.col(key).is_not_null(), content=content).with_columns(
        among=found["among"].is_not_null(), named=pl.select(named.alias("named"))["named"]
    )
    stays = marked.select(
        ~pl.col("listed")
        | pl.col("among")
        | (pl.col("known") & pl.struct(*place, "content").is_first_distinct())
        | (~pl.col("known").any().over(place) & ~pl.col("among").any().over(place) & _one_of(place))
    ).to_series()
    doubt = ~stays & ~marked["known"] & marked["named"]
    loaded.lose([cells.filter(doubt) for cells in references], found["among"].filter(doubt))
    loaded.ledger.leave_out(int((~stays).sum()))
    return frame.filter(stays), [cells.filter(stays) for cells in references], found.filter(stays)


def _one_of(place: list[str]) -> pl.Expr:
    """Return which row of a list stands for it: the first that names a company, else the first."""
    rank = pl.when("named").then(0).otherwise(1) * pl.len() + pl.int_range(pl.len())
    return (rank == rank.min()).over(place)


def open_tables(
    loaded: Mapping[str, LoadedTable], identified: Identified, roll: Roll
) -> tuple[pl.DataFrame, dict[str, dict[str, int]]]:
    """Return which tables are open for a company (its key, OPEN_TABLES), and by table for how many, and whether for all.

    A row that was set aside is no proof that there is none: what the table would tell of the companies it may concern is
    unknown. A row of a company that was founded later concerns nobody here.
    """
    root, key = roll.name, roll.key
    marks: list[pl.DataFrame] = []
    counted: dict[str, dict[str, int]] = {}

    @cache
    def roster() -> Roster:
        assert identified.aliases is not None
        known = [key, *(each for each in ("uscc", "brand") if each in loaded[root].table.columns)]
        return Roster(pl.concat(roll.rows(known)), key, identified.aliases, loaded[root].later)

    @cache
    def keys() -> pl.Series:
        return pl.concat(roll.rows([key]))[key]

    for name, table in sorted(loaded.items()):
        if table.table.parent != root:
            continue
        refused, notes = table.ledger.lost_texts(LOST_REASONS, {NOTED})
        if not (refused or notes or table.lost_references):
            continue
        shared, lost = concerned_by(roster, table.lost_references, table.lost_among, refused, notes)
        mine = _marked(keys(), name, shared, lost)
        marks.append(mine)
        if mine.height:
            counted[name] = {"companies": mine[key].n_unique(), "everybody": int(lost.everybody)}
    opened = (
        pl.concat(marks)
        .sort("mark")
        .group_by(key, maintain_order=True)
        .agg(pl.col("mark").str.join(";").alias(OPEN_TABLES))
        if marks
        else pl.DataFrame(schema={key: pl.String, OPEN_TABLES: pl.String})
    )
    return opened, counted


def _marked(keys: pl.Series, table: str, shared: Concerned, lost: Concerned) -> pl.DataFrame:
    """Return (key, mark): `table=reason`; a conflict goes before a loss."""
    conflict = keys.is_in(sorted(shared.companies))
    gone = pl.Series([True]).new_from_index(0, len(keys)) if lost.everybody else keys.is_in(sorted(lost.companies))
    return (
        pl.DataFrame({keys.name: keys, "conflict": conflict, "gone": gone})
        .filter(pl.col("conflict") | pl.col("gone"))
        .select(
            keys.name, mark=pl.when("conflict").then(pl.lit(f"{table}={CONFLICT}")).otherwise(pl.lit(f"{table}={LOST}"))
        )
    )


def _first(references: list[pl.Series]) -> pl.Series:
    return (
        pl.DataFrame([cells.alias(str(place)) for place, cells in enumerate(references)])
        .select(pl.coalesce(pl.all()).fill_null("").str.slice(0, 80))
        .to_series()
    )


def without_repeats(frame: pl.DataFrame, loaded: LoadedTable) -> pl.DataFrame:
    """Take out rows that repeat a key, the fullest staying; where a part of the key is missing, only equal rows.

    Shares that a list gives holder by holder are added up by kind first.
    """
    columns = list(loaded.table.columns)
    key = list(loaded.table.key)
    complete = pl.all_horizontal([pl.col(name).is_not_null() for name in key])
    content = pl.concat_str([pl.col(name).cast(pl.String).fill_null("\x00") for name in columns], separator="\x1f")
    filled = pl.sum_horizontal([pl.col(name).is_not_null().cast(pl.Int32) for name in columns])
    codes = {name for name in key[1:] if loaded.table.columns[name].type == "code"}
    parts = [_same_code(pl.col(name)) if name in codes else pl.col(name).cast(pl.String) for name in key]
    group = pl.when(complete).then(pl.concat_str(parts, separator="\x1f"))
    frame = _added_up(frame, frame.select(group.alias("group")).to_series(), loaded)
    ranked = (
        frame.select(ID, content=content, filled=filled, group=pl.coalesce(group, pl.lit("\x00") + content))
        .sort("group", pl.col("filled") * -1, "content", ID)
        .with_columns(place=pl.int_range(pl.len()).over("group"))
    )
    repeats = ranked.filter(pl.col("place") > 0)
    if repeats.is_empty():
        return frame
    kept = frame.join(repeats.select(ID), on=ID, how="anti", maintain_order="left")
    repeated = ranked.filter(pl.col("group").is_duplicated()).select(ID, "group", "place")
    settled = settle(frame, kept, repeated, loaded.table)
    loaded.conflicts = settled.conflicts
    details = repeats.select(
        ID, detail=pl.col("group").str.slice(0, 120).str.replace_all("\x1f", " ").str.replace_all("\x00", "")
    )
    details = _saying_who_completed(details, settled.used)
    loaded.ledger.add(details[ID], "duplicate", details["detail"])
    return settled.kept


_APPLICATION = (r"^(?:ZL|CN)?(\d{12})\.?([\dX])$", r"^(?:ZL|CN)?(\d{8})\.([\dX])$")


def _same_code(code: pl.Expr) -> pl.Expr:
    """Fold what one number is written with: 「ZL 202010000001.1」, 「CN2020100000011」 and 「202010000001.1」 are one application.

    The brackets of a case number, 「（2025）粤01执1号」 and 「〔2025〕粤01执1号」, are one too.
    """
    plain = code.str.to_uppercase().str.replace_all(r"\s+", "")
    plain = plain.str.replace_all(r"[〔【［（\[(]", "(").str.replace_all(r"[〕】］）\])]", ")")
    for pattern in _APPLICATION:
        plain = plain.str.replace(pattern, "${1}.${2}")
    return plain


_WHOLE = 1.005
"""Shares of a company, rounded as lists round them, add up to no more."""


def _added_up(frame: pl.DataFrame, group: pl.Series, loaded: LoadedTable) -> pl.DataFrame:
    """Write into the rows of one company, kind, file and day the sum of their shares, NULL where one is unknown.

    Only of a table whose rows are kinds, and where the company's shares stay within the whole: else rows were written twice.
    """
    table = loaded.table
    shares = [name for name, column in table.columns.items() if column.unit == "ratio" and name not in table.key]
    kinds = any(table.columns[name].type == "category" for name in table.key)
    if len(shares) != 1 or not kinds or not group.is_duplicated().any():
        return frame
    share = pl.col(shares[0])
    one = [pl.col(name).n_unique() == 1 for name in (FILE, SHEET, "observed_on") if name in frame.columns]
    whole = share.sum().over(table.key[0]) <= _WHOLE
    alike = pl.all_horizontal([each.over("\x00group") for each in one])
    fits = whole & alike & pl.col("\x00group").is_not_null()
    # One holder whose share is not told leaves the sum open.
    told = pl.when(share.null_count().over("\x00group") == 0).then(share.sum().over("\x00group"))
    summed = pl.when(fits).then(told).otherwise(share).cast(frame.schema[shares[0]])
    return frame.with_columns(group.alias("\x00group")).with_columns(summed.alias(shares[0])).drop("\x00group")


def in_order(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Return the columns of a clean table, sorted by key and content, so that its order says nothing of the source's."""
    declared = [*table.columns, REASONS]
    placed = frame.with_columns(pl.col(kept).alias(name) for name, kept in ORIGIN.items())
    # The key may hold NULL and then repeat.
    key = [name for name in table.key if name in placed.columns]
    order = [*key, *(name for name in declared if name not in key), *ORIGIN]
    return placed.select(*declared, *ORIGIN).sort(order, nulls_last=True)
