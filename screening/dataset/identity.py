"""Who is who: ids of the root table, rows that mean the same company, and the names by which others call it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from screening.dataset.credit_code import tells_apart
from screening.dataset.ledger import ID
from screening.dataset.names import cores, former_names, listed_names, same_name
from screening.dataset.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

_HEX = 12


def name_id(name: str, established_on: str, further: str = "", digits: int = _HEX) -> str:
    """Return the id of a company without a usable code, from its folded name and date.

    >>> name_id("示例公司", "2020-01-01")
    'n-a377e63ae964'
    """
    text = "\x1f".join((name, established_on, *([further] if further else [])))
    return "n-" + hashlib.sha256(text.encode()).hexdigest()[:digits]


@dataclass(frozen=True, slots=True)
class Aliases:
    """`alias` (a folded id, code or name) and `company_id`, one row per company that answers to it: held, or some of it in files."""

    held: pl.DataFrame
    files: tuple[Path, ...] = ()

    def all(self) -> pl.DataFrame:
        """Return all of it, in order."""
        return self._in_order([self.held, *(pl.read_parquet(path, glob=False) for path in self.files)])

    def among(self, keys: Sequence[pl.Series]) -> pl.DataFrame:
        """Return at least those that are among `keys`, in order."""
        if not self.files:
            return self.held
        wanted = pl.DataFrame({"alias": pl.concat([each.alias("alias") for each in keys])}).drop_nulls().unique()
        rows = pl.concat(pl.scan_parquet(path, glob=False) for path in self.files)
        found = rows.join(wanted.lazy(), on="alias", how="semi").collect(engine="streaming")
        return self._in_order([self.held.join(wanted, on="alias", how="semi"), found])

    def of_kind(self, kind: str, which: pl.Expr | None = None) -> pl.DataFrame:
        """Return (said, company_id) of the ids (`k`), codes (`c`) or names (`n`), or `which` of them."""
        mine = pl.col("alias").str.starts_with(f"{kind}\x1f")
        parts = (self.held, *(pl.read_parquet(path, glob=False) for path in self.files))
        found = (part.filter(mine).select(pl.col("alias").str.slice(2).alias("said"), "company_id") for part in parts)
        return pl.concat(each if which is None else each.filter(which) for each in found).sort("said", "company_id")

    @staticmethod
    def _in_order(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
        return pl.concat(parts).unique().sort("alias", "company_id")


@dataclass(frozen=True, slots=True)
class Identified:
    """The root table with ids. `kept` has `company_id` set; `duplicates` has ID, reason, detail (the kept id).

    `aliases`: who answers to what; None when nobody asked for it.
    """

    kept: pl.DataFrame
    duplicates: pl.DataFrame
    aliases: Aliases | None
    code_conflicts: int
    ranked: pl.DataFrame
    """ID, `group` and `place` of the rows that repeat a company; place 0 stays."""


def identify(frame: pl.DataFrame, key: str, *, with_aliases: bool = True) -> Identified:
    """Give every row its id and take out the rows that repeat a company.

    Reads `name`, `uscc`, `established_on`, `former_names` where the table has them. Which of the duplicates stays
    depends on their content only: a row under the present name before one under a former, a row with a usable code
    before one without, then the fullest, then the order of content.
    """
    columns = [name for name in frame.columns if not name.startswith("\x00")]
    work = _without_void_keys(frame.select(ID, **keys_of(frame, key)))
    former = former_of(frame, work)
    work = work.with_columns(group=_groups(work, former))
    work = work.with_columns(former=_under_former_name(work, former))
    repeated = work.filter(pl.col("group").is_duplicated())
    ranked = _ranked(frame, repeated, columns)
    losers = ranked.filter(pl.col("place") > 0)[ID]
    stays = ~work[ID].is_in(losers.implode()) if len(losers) else pl.Series([True]).new_from_index(0, work.height)
    kept_work = work.filter(stays)
    ids, conflicts = _ids(kept_work)
    kept = _with_all_names(frame.filter(stays).with_columns(ids.alias(key)), frame, work, ranked)
    owners = kept_work.select("group", kept_name="name", kept_code="code", company=ids)
    duplicates = (
        work.filter(~stays)
        .join(owners, on="group", how="left", maintain_order="left")
        .with_columns(
            reason=pl.when(
                pl.col("former")
                | (pl.col("name") == pl.col("kept_name")).fill_null(False)
                | (pl.col("code") == pl.col("kept_code")).fill_null(False)
            )
            .then(pl.lit("duplicate"))
            .otherwise(pl.lit("duplicate_key"))
        )
        .select(ID, "reason", detail="company")
    )
    aliases = Aliases(_aliases(work, former, owners)) if with_aliases else None
    return Identified(kept, duplicates, aliases, conflicts, ranked)


def keys_of(frame: pl.DataFrame, key: str) -> dict[str, pl.Expr]:
    """Return what tells a row apart: `declared` (its key), `name` as compared, `written_code`, `code` if it can stand for one company, `date`."""

    def has(name: str, expression: pl.Expr) -> pl.Expr:
        return expression if name in frame.columns else pl.lit(None, pl.String)

    code = pl.col("uscc")
    return {
        "declared": pl.col(key),
        "name": has("name", same_name(pl.col("name"))),
        "written_code": has("uscc", pl.when(~code.str.contains(r"[x*]")).then(code)),
        # Only a code that can stand for one company alone tells rows apart.
        "code": has("uscc", pl.when(tells_apart(code)).then(code)),
        "date": has("established_on", pl.col("established_on").cast(pl.String)).fill_null(""),
    }


def former_of(frame: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """Return (ID, former_names) as names are compared; one that a row gives as its own former name says nothing."""
    return former_names(frame, ID).join(keys, left_on=[ID, "former_names"], right_on=[ID, "name"], how="anti")


def _without_void_keys(work: pl.DataFrame) -> pl.DataFrame:
    """Void a declared key that stands for several companies: two valid codes, or two names with two founding dates."""
    known = pl.col("declared").is_not_null()
    said = (
        work.filter(known & pl.col("declared").is_duplicated())
        .group_by("declared")
        .agg(
            codes=pl.col("code").drop_nulls().n_unique(),
            names=pl.col("name").drop_nulls().n_unique(),
            dates=pl.col("date").filter(pl.col("date") != "").n_unique(),
        )
        .filter((pl.col("codes") > 1) | ((pl.col("codes") == 0) & (pl.col("names") > 1) & (pl.col("dates") > 1)))
    )
    void = pl.col("declared").is_in(said["declared"].implode()).fill_null(False)
    return work.with_columns(said_key="declared", declared=pl.when(~void).then("declared"))


def _groups(work: pl.DataFrame, former: pl.DataFrame) -> pl.Series:
    """Return a group per row; rows of one group are one company.

    A declared key that repeats joins before anything else. Then the code: rows of one valid code are one company, under
    whatever names, unless two founding dates speak against it. Then the name, present or former: a row without a code joins
    the one company of its name whose founding date does not contradict its own.
    """
    nameless = pl.col("name").is_null() & pl.col("code").is_null()
    # Rows that say the same of themselves are one from the start; among a million rows nearly all are alone.
    content = (
        pl.when(nameless)
        .then(pl.lit("i\x1f") + pl.col(ID).cast(pl.String))
        .otherwise(
            pl.concat_str([pl.col("code").fill_null(""), pl.col("name").fill_null(""), "date"], separator="\x1f")
        )
    )
    rows = work.select(ID, "declared", "name", "code", "date", atom=content)
    named = pl.concat([rows.select("name"), former.select(name="former_names")]).drop_nulls()
    shared = named.filter(pl.col("name").is_duplicated()).unique()
    former_of_shared = former.filter(pl.col("former_names").is_in(shared["name"].implode()))
    touched = rows.filter(
        pl.col("name").is_in(shared["name"].implode()).fill_null(False)
        | (pl.col("code").is_duplicated() & pl.col("code").is_not_null())
        | (pl.col("declared").is_duplicated() & pl.col("declared").is_not_null())
        | pl.col(ID).is_in(former_of_shared[ID].implode())
    )
    if touched.is_empty():
        return rows["atom"]
    formers: dict[str, set[str]] = {}
    for atom, name in touched.join(former, on=ID, how="inner").select("atom", "former_names").unique().iter_rows():
        formers.setdefault(atom, set()).add(name)
    union = _Union()
    atoms = touched.select("atom", "name", "code", "date").unique("atom", keep="any").sort("atom")
    clusters = _Companies(union, list(atoms.iter_rows()), formers)
    for _, listed in _grouped(
        touched.select("declared", "atom").drop_nulls().unique().sort("declared", "atom").iter_rows()
    ):
        union.join(listed)
    clusters.join_codes()
    clusters.join_names()
    roots = {atom: union.root(atom) for atom in atoms["atom"].to_list()}
    return rows["atom"].replace(list(roots), list(roots.values()))


def _grouped(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return list(found.items())


class _Union:
    """Sets of atoms; the smallest atom of a set stands for it, so that the order of joining leaves no trace."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def root(self, atom: str) -> str:
        parent = self._parent
        while parent.setdefault(atom, atom) != atom:
            parent[atom] = parent[parent[atom]]
            atom = parent[atom]
        return atom

    def join(self, atoms: Sequence[str]) -> None:
        for other in atoms[1:]:
            a, b = self.root(atoms[0]), self.root(other)
            if a != b:
                self._parent[max(a, b)] = min(a, b)


class _Companies:
    """Joins atoms (atom, name, code, date) that mean one company."""

    def __init__(
        self, union: _Union, atoms: Sequence[tuple[str, str | None, str | None, str]], formers: Mapping[str, set[str]]
    ) -> None:
        self._union, self._atoms, self._formers = union, atoms, formers
        self._facts = {atom: (code, date) for atom, _, code, date in atoms}
        self._own_core: dict[str, str] = {}
        names = pl.Series("name", sorted({name for _, name, _, _ in atoms if name}), dtype=pl.String)
        if len(names):
            self._own_core = dict(zip(names.to_list(), cores(names).to_list(), strict=True))

    def join_codes(self) -> None:
        by_code: dict[str, list[tuple[str, str | None, str]]] = {}
        for atom, name, code, date in self._atoms:
            if code:
                by_code.setdefault(code, []).append((atom, name, date))
        for rows in by_code.values():
            for _, listed in _grouped((name or "", atom) for atom, name, _ in rows):
                self._union.join(listed)
            if self._is_one([(name, date) for _, name, date in rows]):
                self._union.join([atom for atom, _, _ in rows])
                continue
            # A former name says itself which present name it belongs to.
            for atom, _, _ in rows:
                mine = self._formers.get(atom, set())
                self._union.join([atom, *(other for other, name, _ in rows if name in mine)])
            for date, listed in _grouped((date, atom) for atom, _, date in rows):
                if date:
                    self._union.join(listed)

    def _is_one(self, rows: Sequence[tuple[str | None, str]]) -> bool:
        """Return whether one code means one company: nothing but two founding dates under two names speaks against it.

        Without any date two wholly different names are left apart: one of them may stand beside a copied code.
        """
        names = {name for name, _ in rows if name}
        dates = {date for _, date in rows if date}
        if len(names) <= 1:
            return True
        return len(dates) == 1 or (not dates and len({self._own_core[name] for name in names}) == 1)

    def join_names(self) -> None:
        called: dict[str, set[str]] = {}
        present = {name for _, name, _, _ in self._atoms if name}
        for atom, name, _, _ in self._atoms:
            for each in {*([name] if name else []), *self._formers.get(atom, ())}:
                called.setdefault(each, set()).add(atom)
        for name in sorted(called):
            # Two companies may have had one name one after the other; only a founding date that they share makes them one.
            atoms = [atom for atom in sorted(called[name]) if name in present or self._facts[atom][1]]
            if len(atoms) > 1:
                self._join_name(atoms)

    def _join_name(self, atoms: Sequence[str]) -> None:
        """Join the companies of one name: codes keep them apart, founding dates too; what says neither joins the only one."""
        for date in sorted(set[str]().union(*(dates for _, dates in self._described(atoms).values()))):
            dated = {root: codes for root, (codes, dates) in self._described(atoms).items() if date in dates}
            coded = [root for root, codes in dated.items() if codes]
            bare = [root for root, codes in dated.items() if not codes]
            if bare:
                self._union.join([*bare, *(coded if len(coded) == 1 else [])])
        found = self._described(atoms)
        undated_coded = [root for root, (codes, dates) in found.items() if codes and not dates]
        dated_bare = [root for root, (codes, dates) in found.items() if dates and not codes]
        if len(undated_coded) == len(dated_bare) == 1 and not any(c and d for c, d in found.values()):
            self._union.join([*undated_coded, *dated_bare])
        found = self._described(atoms)
        silent = [root for root, (codes, dates) in found.items() if not codes and not dates]
        telling = [root for root in found if root not in silent]
        if silent and len(telling) <= 1:
            self._union.join([*telling, *silent])

    def _described(self, atoms: Sequence[str]) -> dict[str, tuple[set[str], set[str]]]:
        """Return the codes and dates of each company that one of the atoms belongs to."""
        found: dict[str, tuple[set[str], set[str]]] = {}
        for atom in atoms:
            code, date = self._facts[atom]
            codes, dates = found.setdefault(self._union.root(atom), (set(), set()))
            codes |= {code} if code else set()
            dates |= {date} if date else set()
        return dict(sorted(found.items()))


def _under_former_name(work: pl.DataFrame, former: pl.DataFrame) -> pl.Series:
    """Return which rows stand under a name that another row of their company gives as a former one."""
    if former.is_empty():
        return pl.Series([False]).new_from_index(0, work.height)
    listed = former.join(work.select(ID, "group"), on=ID, how="inner").select("group", name="former_names", former=True)
    return work.join(listed.unique(), on=["group", "name"], how="left", maintain_order="left")["former"].fill_null(
        False
    )


def _with_all_names(kept: pl.DataFrame, frame: pl.DataFrame, work: pl.DataFrame, ranked: pl.DataFrame) -> pl.DataFrame:
    """Add the other names under which a company's rows stand to its former names, so that nobody loses sight of one."""
    if ranked.is_empty() or not {"former_names", "name"} <= set(kept.columns):
        return kept
    members = ranked.join(work.select(ID, compared="name"), on=ID, how="inner").join(
        frame.select(ID, "name", "former_names"), on=ID, how="inner"
    )
    stays = members.filter(pl.col("place") == 0).select("group", kept_id=ID, kept_name="compared")
    others = members.filter(pl.col("place") > 0).join(stays, on="group", how="inner")
    written = (
        pl.concat(
            [
                others.filter(pl.col("compared") != pl.col("kept_name")).select("kept_id", "kept_name", said="name"),
                others.select("kept_id", "kept_name", said=listed_names(others["former_names"])).explode(
                    "said", empty_as_null=True
                ),
            ]
        )
        .drop_nulls("said")
        .with_columns(compared=same_name(pl.col("said")))
        .filter(pl.col("compared") != pl.col("kept_name"))
    )
    own = former_names(kept.select(ID, "name", "former_names"), ID)
    added = (
        written.join(own, left_on=["kept_id", "compared"], right_on=[ID, "former_names"], how="anti")
        .sort("kept_id", "compared", "said")
        .unique(["kept_id", "compared"], keep="first", maintain_order=True)
        .group_by("kept_id", maintain_order=True)
        .agg(added=pl.col("said").str.join("；"))
    )
    if added.is_empty():
        return kept
    joined = kept.join(added, left_on=ID, right_on="kept_id", how="left", maintain_order="left")
    return joined.with_columns(
        former_names=pl.when(pl.col("added").is_null())
        .then("former_names")
        .otherwise(pl.concat_str("former_names", "added", separator="；", ignore_nulls=True))
    ).drop("added")


def _ranked(frame: pl.DataFrame, repeated: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Return ID, group and the place of each repeated row: 0 stays."""
    if repeated.is_empty():
        return pl.DataFrame(schema={ID: frame.schema[ID], "group": pl.String, "place": pl.Int64})
    compared = [name for name in columns if name not in ("source_file", "source_row")]
    rows = frame.join(repeated.select(ID, "group", "former", "code"), on=ID, how="inner")
    text = pl.concat_str([pl.col(name).cast(pl.String).fill_null("\x00") for name in compared], separator="\x1f")
    filled = pl.sum_horizontal([pl.col(name).is_not_null().cast(pl.Int32) for name in compared])
    rows = rows.select(ID, "group", "former", uncoded=pl.col("code").is_null(), filled=filled, text=text)
    return (
        rows.sort("group", "former", "uncoded", pl.col("filled") * -1, "text", ID)
        .with_columns(place=pl.int_range(pl.len()).over("group"))
        .select(ID, "group", "place")
    )


def _ids(kept: pl.DataFrame) -> tuple[pl.Series, int]:
    """Return the id of each kept row, and how many codes stand for more than one company."""
    codes = kept["code"]
    shared = codes.is_duplicated() & codes.is_not_null()
    frame = kept.select("declared", "name", "date", "code", usable=codes.set(shared, None))
    ids = frame.select(pl.coalesce("declared", "usable")).to_series()
    missing = ids.is_null()
    if missing.any():
        made = _made(frame.filter(missing), ids.drop_nulls())
        ids = (
            pl.DataFrame({"id": ids, "row": missing.cum_sum().cast(pl.Int64) - 1})
            .select(pl.coalesce("id", pl.lit(made).gather("row")))
            .to_series()
        )
    return ids.alias("id"), codes.filter(shared).n_unique()


def _made(rows: pl.DataFrame, taken: pl.Series) -> pl.Series:
    """Make ids from names and dates; where two rows would get one id, or one is another's key, the code and more digits tell them apart."""
    listed = rows.select(pl.col("name").fill_null(""), "date", pl.col("code").fill_null(""))
    made = pl.Series([name_id(name, day) for name, day, _ in listed.iter_rows()], dtype=pl.String)
    clash = made.is_duplicated() | made.is_in(taken.implode())
    if clash.any():
        longer = [
            name_id(name, day, code, 2 * _HEX) if clashes else plain
            for (name, day, code), clashes, plain in zip(listed.iter_rows(), clash, made, strict=True)
        ]
        made = pl.Series(longer, dtype=pl.String)
    return made


def _aliases(work: pl.DataFrame, former: pl.DataFrame, owners: pl.DataFrame) -> pl.DataFrame:
    """Return (alias, company_id): every declared key, code, present and former name, once per company that answers to it."""
    return _answering(work.join(owners, on="group", how="inner"), former)


def aliases_of(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return (alias, company_id) of companies that have one row each: see `Identified`."""
    named = rows.select(ID, **keys_of(rows, key)).with_columns(company="declared", said_key="declared")
    return _answering(named, former_of(rows, named))


def _answering(named: pl.DataFrame, former: pl.DataFrame) -> pl.DataFrame:
    parts = [
        named.select(alias=pl.lit(f"{kind}\x1f") + pl.col(column), company_id="company")
        for kind, column in (("k", "said_key"), ("c", "written_code"), ("n", "name"), ("k", "company"))
    ]
    parts.append(
        former.join(named.select(ID, "company"), on=ID, how="inner").select(
            alias=pl.lit("n\x1f") + pl.col("former_names"), company_id="company"
        )
    )
    return pl.concat(parts).drop_nulls().unique().sort("alias", "company_id")


def resolve(references: Sequence[pl.Series], aliases: Aliases) -> pl.DataFrame:
    """Return `company_id` and `among` per row: the company that the references name.

    A reference may be an id, a credit code or a name, whatever its column is called. `company_id` is NULL when none names
    exactly one company, or where an id or code names one and a name in another column another; `among` then lists the companies
    that share what the row gives, NULL where there is none.
    """
    rows = pl.DataFrame([cells.alias(str(place)) for place, cells in enumerate(references)])
    places = rows.columns
    distinct = rows.unique().with_row_index("row")
    parts: list[pl.DataFrame] = []
    for place in places:
        cell = pl.col(place)
        kinds = {"k": cell, "c": fold(cell).str.to_uppercase(), "n": same_name(cell)}
        for kind, said in kinds.items():
            order = pl.lit(len(parts), pl.Int32).alias("order")
            parts.append(distinct.select("row", order, alias=pl.lit(f"{kind}\x1f") + said, named=pl.lit(kind == "n")))
    answering = aliases.among([part["alias"] for part in parts]).group_by("alias").agg("company_id")
    hits = pl.concat(parts).drop_nulls("alias").join(answering, on="alias", how="inner").sort("row", "order")
    hit, one = pl.col("company_id"), pl.col("company_id").list.len() == 1
    told = hits.group_by("row").agg(
        company_id=hit.filter(one).first().list.first(),
        among=hit.first(),
        coded=hit.filter(one & ~pl.col("named")).first().list.first(),
        named=hit.filter(one & pl.col("named")).first().list.first(),
    )
    at_odds = (pl.col("coded") != pl.col("named")).fill_null(False)
    found = told.select(
        "row",
        company_id=pl.when(~at_odds).then("company_id"),
        among=pl.when(at_odds).then(pl.concat_list("coded", "named")).otherwise("among"),
    ).with_columns(among=pl.when(pl.col("company_id").is_null()).then("among"))
    answers = distinct.join(found, on="row", how="left").drop("row")
    joined = rows.join(answers, on=places, how="left", nulls_equal=True, maintain_order="left")
    return joined.select("company_id", "among")
