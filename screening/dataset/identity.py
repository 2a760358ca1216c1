"""Who is who: ids of the root table, rows that mean the same company, and rows of child tables to their company."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from screening.dataset.credit_code import passes_check
from screening.dataset.ledger import ID
from screening.dataset.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEX = 12


def same_name(names: pl.Expr) -> pl.Expr:
    """Return names as they are compared: width and case folded, no white space or marks, one form of 有限公司."""
    return (
        fold(names)
        .str.to_lowercase()
        .str.replace_all(r"[·.,，。\-_'\"“”]", "")
        .str.replace_all("有限责任公司", "有限公司")
        .str.replace_all("股份有限公司", "股份公司")
        .str.replace_all(r"[\[【〔]", "(")
        .str.replace_all(r"[\]】〕]", ")")
    )


def former_names(frame: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return (`key`, former_names), one row per former name as names are compared."""
    listed = pl.col("former_names").str.replace_all(r"[；，,、/|\n]", ";").str.split(";")
    return (
        frame.select(key, listed)
        .explode("former_names")
        .drop_nulls()
        .with_columns(same_name(pl.col("former_names")))
        .filter(pl.col("former_names") != "")
    )


def name_id(name: str, established_on: str, further: str = "", digits: int = _HEX) -> str:
    """Return the id of a company without a usable code, from its folded name and date.

    >>> name_id("示例公司", "2020-01-01")
    'n-a377e63ae964'
    """
    text = "\x1f".join((name, established_on, *([further] if further else [])))
    return "n-" + hashlib.sha256(text.encode()).hexdigest()[:digits]


@dataclass(frozen=True, slots=True)
class Identified:
    """The root table with ids. `kept` has `company_id` set; `duplicates` has ID, reason, detail (the kept id).

    `aliases` maps folded ids, codes and names to the kept id, NULL where two companies share one;
    None when nobody asked for it.
    """

    kept: pl.DataFrame
    duplicates: pl.DataFrame
    aliases: pl.DataFrame | None
    code_conflicts: int
    ranked: pl.DataFrame
    """ID, `group` and `place` of the rows that repeat a company; place 0 stays."""


def identify(frame: pl.DataFrame, key: str, *, with_aliases: bool = True) -> Identified:
    """Give every row its id and take out the rows that repeat a company.

    Reads `name`, `uscc`, `established_on`, `former_names` where the table has them. Which of the duplicates stays
    depends on their content only: a row with a usable code before one without, then the fullest, then the order of
    content.
    """
    columns = [name for name in frame.columns if not name.startswith("\x00")]
    work = _join_former_names(frame.select(ID, **_keys(frame, key)), frame)
    work = work.with_columns(group=_groups(work))
    repeated = work.filter(pl.col("group").is_duplicated())
    ranked = _ranked(frame, repeated, columns)
    losers = ranked.filter(pl.col("place") > 0)[ID]
    stays = ~work[ID].is_in(losers.implode()) if len(losers) else pl.Series([True]).new_from_index(0, work.height)
    kept_work = work.filter(stays)
    ids, conflicts = _ids(kept_work)
    kept = frame.filter(stays).with_columns(ids.alias(key))
    owners = kept_work.select("group", kept_name="name", company=ids)
    duplicates = (
        work.filter(~stays)
        .join(owners, on="group", how="left", maintain_order="left")
        .with_columns(
            reason=pl.when(pl.col("name") != pl.col("kept_name"))
            .then(pl.lit("duplicate_key"))
            .otherwise(pl.lit("duplicate"))
        )
        .select(ID, "reason", detail="company")
    )
    return Identified(kept, duplicates, _aliases(work, owners) if with_aliases else None, conflicts, ranked)


def _keys(frame: pl.DataFrame, key: str) -> dict[str, pl.Expr]:
    def has(name: str, expression: pl.Expr) -> pl.Expr:
        return expression if name in frame.columns else pl.lit(None, pl.String)

    code = pl.col("uscc")
    return {
        "declared": pl.col(key),
        "name": has("name", same_name(pl.col("name"))),
        "code": has("uscc", pl.when(~code.str.contains(r"[x*]")).then(code)),
        "valid": has("uscc", passes_check(code)).fill_null(False) if "uscc" in frame.columns else pl.lit(False),
        "date": has("established_on", pl.col("established_on").cast(pl.String)).fill_null(""),
    }


def _join_former_names(work: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Let a row that stands under a former name of the same code count as the company of the present name."""
    work = work.with_columns(former=pl.lit(False))
    if "former_names" not in frame.columns or frame["former_names"].null_count() == frame.height:
        return work
    former = former_names(frame, ID).rename({"former_names": "former"})
    present = former.join(work.filter(pl.col("valid")).select(ID, "code", present="name"), on=ID, how="inner").filter(
        pl.col("former") != pl.col("present")
    )
    renamed = (
        present.group_by("code", "former")
        .agg(pl.col("present").unique())
        .filter(pl.col("present").list.len() == 1)
        .select("code", name="former", present=pl.col("present").list.first())
    )
    return (
        work.join(renamed, on=["code", "name"], how="left", maintain_order="left")
        .with_columns(former=pl.col("present").is_not_null(), name=pl.coalesce("present", "name"))
        .drop("present")
    )


def _groups(work: pl.DataFrame) -> pl.Series:
    """Return a group per row; rows of one group are one company.

    Code and name together; a row without a usable code joins the only code under its name and date. A declared key
    groups before anything else.
    """
    coded = work.filter(pl.col("code").is_not_null() & pl.col("name").is_not_null())
    only = (
        coded.group_by("name", "date")
        .agg(codes=pl.col("code").n_unique(), lent=pl.col("code").min())
        .filter(pl.col("codes") == 1)
        .select("name", "date", "lent")
    )
    joined = work.join(only, on=["name", "date"], how="left", maintain_order="left")
    code = pl.coalesce("code", "lent")
    nameless = pl.col("name").is_null()
    by_content = (
        pl.when(nameless & code.is_not_null())
        .then(pl.lit("c\x1f") + code)
        .when(nameless)
        .then(pl.lit("i\x1f") + pl.col(ID).cast(pl.String))
        .when(code.is_not_null())
        .then(pl.concat_str([pl.lit("cn"), code, "name"], separator="\x1f"))
        .otherwise(pl.concat_str([pl.lit("nd"), "name", "date"], separator="\x1f"))
    )
    groups = joined.select("declared", group=by_content)
    if work["declared"].null_count() == work.height:
        return groups["group"]
    return _merged(groups)


def _merged(groups: pl.DataFrame) -> pl.Series:
    """Unite content groups that share a declared key (connected components; the smallest name stands for all)."""
    pairs = groups.drop_nulls().unique()
    # A key of one group that has no other key unites nothing; among a million rows nearly all are so.
    pairs = pairs.filter(pl.col("declared").is_duplicated() | pl.col("group").is_duplicated()).sort("declared", "group")
    if pairs.is_empty():
        return groups["group"]
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for key, group in pairs.iter_rows():
        a, b = root("k\x1f" + key), root(group)
        if a != b:
            parent[max(a, b)] = min(a, b)
    nodes = pairs["group"].unique()
    return groups["group"].replace(nodes, pl.Series([root(node) for node in nodes.to_list()], dtype=pl.String))


def _ranked(frame: pl.DataFrame, repeated: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Return ID, group and the place of each repeated row: 0 stays."""
    if repeated.is_empty():
        return pl.DataFrame(schema={ID: frame.schema[ID], "group": pl.String, "place": pl.Int64})
    compared = [name for name in columns if name not in ("source_file", "source_row")]
    rows = frame.join(repeated.select(ID, "group", "former", "valid"), on=ID, how="inner")
    text = pl.concat_str([pl.col(name).cast(pl.String).fill_null("\x00") for name in compared], separator="\x1f")
    filled = pl.sum_horizontal([pl.col(name).is_not_null().cast(pl.Int32) for name in compared])
    rows = rows.select(ID, "group", "former", uncoded=~pl.col("valid"), filled=filled, text=text)
    return (
        rows.sort("group", "former", "uncoded", pl.col("filled") * -1, "text", ID)
        .with_columns(place=pl.int_range(pl.len()).over("group"))
        .select(ID, "group", "place")
    )


def _ids(kept: pl.DataFrame) -> tuple[pl.Series, int]:
    """Return the id of each kept row, and how many codes stand for more than one company."""
    codes = kept.select(pl.when("valid").then("code").alias("code"))["code"]
    shared = codes.is_duplicated() & codes.is_not_null()
    frame = kept.select("declared", "name", "date", "code", usable=codes.set(shared, None))
    ids = frame.select(pl.coalesce("declared", "usable")).to_series()
    missing = ids.is_null()
    if missing.any():
        made = _made(frame.filter(missing))
        ids = (
            pl.DataFrame({"id": ids, "row": missing.cum_sum().cast(pl.Int64) - 1})
            .select(pl.coalesce("id", pl.lit(made).gather("row")))
            .to_series()
        )
    return ids.alias("id"), codes.filter(shared).n_unique()


def _made(rows: pl.DataFrame) -> pl.Series:
    """Make ids from names and dates; where two rows would get one id, the code and more digits tell them apart."""
    listed = rows.select(pl.col("name").fill_null(""), "date", pl.col("code").fill_null(""))
    made = pl.Series([name_id(name, day) for name, day, _ in listed.iter_rows()], dtype=pl.String)
    clash = made.is_duplicated()
    if clash.any():
        longer = [
            name_id(name, day, code, 2 * _HEX) if clashes else plain
            for (name, day, code), clashes, plain in zip(listed.iter_rows(), clash, made, strict=True)
        ]
        made = pl.Series(longer, dtype=pl.String)
    return made


def _aliases(work: pl.DataFrame, owners: pl.DataFrame) -> pl.DataFrame:
    """Return (alias, company_id): every declared key, code and folded name that points at exactly one company."""
    named = work.join(owners, on="group", how="inner")
    parts = [
        named.select(alias=pl.lit(f"{kind}\x1f") + pl.col(column), company_id="company")
        for kind, column in (("k", "declared"), ("c", "code"), ("n", "name"))
    ]
    parts.append(named.select(alias=pl.lit("k\x1f") + pl.col("company"), company_id="company"))
    return (
        pl.concat(parts)
        .drop_nulls()
        .group_by("alias")
        .agg(pl.col("company_id").unique())
        .select(
            "alias", company_id=pl.when(pl.col("company_id").list.len() == 1).then(pl.col("company_id").list.first())
        )
    )


def resolve(references: Sequence[pl.Series], aliases: pl.DataFrame) -> pl.DataFrame:
    """Return `company_id` and `ambiguous` per row: the first reference that names exactly one company.

    A reference may be an id, a credit code or a name, whatever its column is called.
    """
    height = len(references[0])
    found = pl.DataFrame(
        {
            "company_id": pl.Series([None], dtype=pl.String).new_from_index(0, height),
            "ambiguous": pl.Series([False]).new_from_index(0, height),
        }
    )
    for reference in references:
        cells = pl.DataFrame({"cell": reference})
        upper = fold(pl.col("cell")).str.to_uppercase()
        keys = cells.select(
            k=pl.lit("k\x1f") + pl.col("cell"), c=pl.lit("c\x1f") + upper, n=pl.lit("n\x1f") + same_name(pl.col("cell"))
        )
        for kind in ("k", "c", "n"):
            hit = keys.select(alias=kind).join(
                aliases.with_columns(known=pl.lit(True)), on="alias", how="left", maintain_order="left"
            )
            found = found.with_columns(
                company_id=pl.coalesce(found["company_id"], hit["company_id"]),
                ambiguous=found["ambiguous"] | (hit["known"].fill_null(False) & hit["company_id"].is_null()),
            )
    return found.with_columns(ambiguous=pl.col("ambiguous") & pl.col("company_id").is_null())
