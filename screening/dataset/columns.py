"""One file of text turned into the typed columns of its standard table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from screening.dataset.amounts import AMOUNT, MoneyUnit, both_capitals, kind_of_capital, money_unit, parse_amount
from screening.dataset.credit_code import parse_credit_code
from screening.dataset.dates import horizon, parse_date
from screening.dataset.entity import entity_kind
from screening.dataset.headers import Match
from screening.dataset.industry import industry_of, parse_industry
from screening.dataset.knowledge import FOUNDING_DATES, FUTURE_DATES
from screening.dataset.numbers import (
    count_scale,
    parse_boolean,
    parse_category,
    parse_decimal,
    parse_headcount,
    parse_integer,
    parse_percent,
    parse_year,
)
from screening.dataset.parsed import Parsed
from screening.dataset.personal import identity_card
from screening.dataset.place import locate
from screening.dataset.reading import ColumnReading
from screening.dataset.text import clean, fold, holding_controls, map_unique, says_nothing
from screening.dataset.units import looks_like_unit
from screening.dataset.vocabulary import Vocabulary, as_pairs, extended, vocabulary
from screening.geography import Geography, city_named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from screening.catalog import Column, Table
    from screening.dataset.reading import Readings

POLARS_TYPES: Mapping[str, Any] = {
    "text": pl.String,
    "code": pl.String,
    "category": pl.String,
    "integer": pl.Int64,
    "decimal": AMOUNT,
    "boolean": pl.Boolean,
    "date": pl.Date,
}
END_DATES = frozenset({"expires_on"})
"""Dates that end a term: of `2023-05-01至2026-04-30` the second counts."""
_DATE = r"[0-9]{4}\s*[-/.年]\s*[0-9]{1,2}\s*[-/.月]\s*[0-9]{1,2}\s*日?"
_TERM = rf"^\s*(?:自|从)?{_DATE}\s*(?:起)?\s*(?:至|到|~|～|—|–|-)+\s*({_DATE}|长期)\s*(?:止)?\s*$"
_OF_END = r"^(?:证书|资质)?(?:有效期?限?)?(?:截止|截至|至|到)[:：至到]*\s*|\s*(?:到期|届满|止|截止|失效)$"
_OF_ACT = r"^(\s*[0-9].*[0-9日])\s*(?:公告|公布|颁发|发证|授权|核发|签发|获批|批准)$"
_LONG_TEXT = frozenset({"business_scope", "products", "description", "title"})
REASONS = "missing_reasons"
_THOUSANDS = 1000
_CAPITALS = ("registered_capital", "paid_in_capital")


@dataclass(slots=True)
class Observed:
    """What was seen in one source column; the material of the quality profile."""

    filled: int = 0
    parsed: int = 0
    failures: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    bare: int = 0
    """Amounts whose cells state no unit of their own."""
    implausible: list[str] = field(default_factory=list)
    """Examples of amounts outside the usual bounds, as written."""

    def add(self, other: Observed) -> None:
        """Add what another file of the same table showed."""
        self.filled += other.filled
        self.parsed += other.parsed
        self.bare += other.bare
        self.implausible = sorted({*self.implausible, *other.implausible})[:5]
        for mine, theirs in ((self.failures, other.failures), (self.counts, other.counts)):
            for key, count in theirs.items():
                mine[key] = mine.get(key, 0) + count
        for key, shown in other.examples.items():
            self.examples[key] = sorted({*self.examples.get(key, ()), *shown})[:5]

    def finish(self) -> Observed:
        """Drop what says nothing now that all rows of the file were seen: small bare amounts are odd only beside scaled ones."""
        if not self.counts.pop("scaled", 0):
            self.counts.pop("bare_small", None)
        return self


@dataclass(frozen=True, slots=True)
class FileSpec:
    """What is known of a file's columns beyond their cells: units (the manifest's before the file's), headers.

    `refused`: columns of money whose stated unit is not understood; a bare number in them gives nothing.
    """

    units: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    currency: str | None = None
    refused: frozenset[str] = frozenset()
    synonyms: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    made_on: date | None = None
    """The day of which the dataset says it is."""
    date_1904: bool = False
    formatted: bool = True
    """See `RawTable`."""

    def unit_beside(self, column: str) -> tuple[str, str] | None:
        """Return another amount of the file whose unit is stated in thousands or more, with it, where `column` states none."""
        if column in self.units:
            return None
        stated = ((other, unit, money_unit(unit)) for other, unit in self.units.items())
        return next(((other, unit) for other, unit, said in stated if said and (said.scale or 1) >= _THOUSANDS), None)


FEW_ROWS = 4_096
"""Rows up to which columns are cleaned together, laid under each other: of a small file the calls cost more than the cells."""


def cleaned(rows: pl.DataFrame, matches: Sequence[Match], table: Table) -> tuple[dict[str, pl.Series], dict[str, int]]:
    """Return the cleaned text of matched columns by standard column, and how many cells of each held control marks.

    Words for "nothing" in a text column become NULL.
    """
    if rows.height <= FEW_ROWS:
        return _cleaned(rows, matches, table)
    texts, held = {}, {}
    for name, cells in ((match.column, rows[match.header]) for match in matches):
        # Where the same comes again and again, each kind is cleaned once.
        kinds = cells.unique() if (few := cells.head(FEW_ROWS).n_unique() <= FEW_ROWS // 8) else cells
        mine, marks = _cleaned(kinds.alias(name).to_frame(), [Match(name, name, 0)], table)
        texts[name] = cells.replace_strict(kinds, mine[name], return_dtype=pl.String).alias(name) if few else mine[name]
        held[name] = int(holding_controls(cells).sum()) if marks[name] else 0
    return texts, held


def _cleaned(rows: pl.DataFrame, matches: Sequence[Match], table: Table) -> tuple[dict[str, pl.Series], dict[str, int]]:
    cells = {match.column: rows[match.header] for match in matches}
    marks = dict(cells)
    _together(marks, list(marks), holding_controls)
    held = {name: int(marked.sum()) for name, marked in marks.items()}
    worded = [name for name in cells if table.columns[name].type in ("text", "code")]
    long = [name for name in cells if name in _LONG_TEXT]
    controls = any(held.values())
    _together(cells, [n for n in cells if n not in long], lambda group: clean(group, one_line=True, controls=controls))
    _together(cells, long, lambda group: clean(group, controls=controls))
    cell = pl.col("cell")
    _together(cells, worded, lambda group: _unless(group, says_nothing(cell)))
    # A bare number is an id or a count, but tells nothing of a business.
    numbers = cell.str.contains("^[0-9]+$").fill_null(False)
    _together(cells, [name for name in worded if name in long], lambda group: _unless(group, numbers))
    # A person's number is nobody's id. The parser of credit codes sees to its own column, and counts.
    ids = [name for name in worded if table.columns[name].type == "code" and table.columns[name].parse is None]
    _together(cells, ids, lambda group: _unless(group, identity_card(fold(cell))))
    return cells, held


def _together(columns: dict[str, pl.Series], names: Sequence[str], change: Callable[[pl.Series], pl.Series]) -> None:
    """Put in the place of some columns what `change` makes of them, laid under each other."""
    if names:
        changed = change(pl.concat([columns[name] for name in names], rechunk=True))
        height = len(changed) // len(names)
        for place, name in enumerate(names):
            columns[name] = changed.slice(place * height, height).alias(name)


def _unless(cells: pl.Series, test: pl.Expr) -> pl.Series:
    return pl.DataFrame({"cell": cells}).select(pl.when(~test).then(pl.col("cell"))).to_series()


ROW_CURRENCY = "\x00currency"
"""The texts of a column that states the currency of its row, for amounts without one of their own."""
WIDER_INDUSTRY = "\x00industry "
"""Begins the texts of further columns that name the industry of a row, wider than the one that is kept."""


def _narrowest(name: str, codes: list[pl.Series]) -> pl.Series:
    """Return of each row's codes the longest."""
    width = pl.max_horizontal(pl.col(f"{place}").str.len_chars() for place in range(len(codes)))
    return (
        pl.DataFrame({f"{place}": code for place, code in enumerate(codes)})
        .select(
            pl.coalesce(
                pl.when(pl.col(f"{place}").str.len_chars() == width).then(pl.col(f"{place}"))
                for place in range(len(codes))
            ).alias(name)
        )
        .to_series()
    )


def reference_cells(cells: pl.Series) -> pl.Series:
    """Return the cleaned texts that may name a row's company; a word for "nothing" and a person's number name none."""
    return _unless(clean(cells, one_line=True), says_nothing(pl.col("cell")))


def weigh_columns(
    texts: Mapping[str, pl.Series], table: Table, spec: FileSpec, today: date, readings: Readings
) -> None:
    """Count in what some rows of a file speak for in the columns whose cells settle together how they are read.

    `texts`: cleaned text by standard column, as for `parse_columns`. See `reading`.
    """
    for name, column in table.columns.items():
        # A list that names the industry completes its code only where all codes were read.
        coded = column.parse == "industry" and "industry_name" in texts
        if name not in texts or not (settles(column) or coded):
            continue
        reading = readings.setdefault(name, ColumnReading(whole=False))
        parsed = _parse(name, column, {name: telling(column, texts[name])}, spec, today, reading)
        if coded:
            reading.weigh(failed=len(parsed.reason) - parsed.reason.null_count())


def settles(column: Column) -> bool:
    """Return whether the cells of a column settle together how they are read."""
    return column.parse == "credit_code" or column.type in ("date", "boolean", "integer", "decimal")


def telling(column: Column, cells: pl.Series) -> pl.Series:
    """Return the cells of a column, as they came or cleaned, that can settle anything: most need not be parsed for it."""
    if column.type in ("date", "boolean") or column.parse == "industry":
        return cells.unique()
    if column.parse == "credit_code":
        # Only numbers come out of a spreadsheet rounded.
        return cells.filter(~cells.str.contains("[A-Za-z]").fill_null(True))
    if column.unit == "cny" or column.type == "integer":
        # Without a mark there is neither a point nor a comma.
        return cells.filter(cells.str.contains(r"[^0-9A-Za-z\p{Han}()% -]|点").fill_null(False))
    return cells


def parse_columns(
    texts: Mapping[str, pl.Series],
    table: Table,
    spec: FileSpec,
    today: date,
    geography: Geography | None,
    height: int,
    readings: Readings | None = None,
) -> tuple[pl.DataFrame, dict[str, Observed]]:
    """Parse cleaned text columns (by standard column) into all declared columns of `table` and `missing_reasons`.

    `readings`: what was settled over all rows of the file, where these are some of them; else they are all.
    """
    readings = {} if readings is None else readings
    texts = _with_both_capitals(texts, table, spec)
    done: dict[str, pl.Series] = {}
    reasons: dict[str, pl.Series] = {}
    observed: dict[str, Observed] = {}
    unread: set[str] = set()
    for name, column in table.columns.items():
        if name not in texts:
            continue
        reading = readings.get(name) or ColumnReading()
        parsed = _within(name, _parse(name, column, texts, spec, today, reading), column)
        for key, cells in parsed.columns.items():
            if key in table.columns:
                # A currency that an amount's own cell states goes before that of the currency column.
                done[key] = _first_known(done[key], cells) if key in done else cells
        failed = height - parsed.reason.null_count()
        if failed:
            reasons[name] = parsed.reason
        if column.parse == "industry" and reading.weigh(failed=failed)["failed"]:
            unread.add(name)
        observed[name] = _observe(texts[name], parsed.columns[name], parsed, column)
    for name, column in table.columns.items():
        # A list that names the industry has no need to code it.
        if column.parse == "industry" and "industry_name" in texts and name in table.columns:
            named = [texts["industry_name"], *(texts[each] for each in texts if each.startswith(WIDER_INDUSTRY))]
            told = _narrowest(name, [map_unique(cells, industry_of) for cells in named])
            done[name] = _first_known(done[name], told) if name in done and name not in unread else done.get(name, told)
    _of_the_state_only(table, done)
    if "entity_kind" in table.columns and {"name", "uscc"} & set(texts):
        done["entity_kind"] = entity_kind(pl.DataFrame({**_only(texts, "name", "company_type"), **_only(done, "uscc")}))
    if "city_basis" in table.columns and {"city", "district", "address", "name", "uscc"} & set(texts):
        done |= locate(
            pl.DataFrame({**_only(texts, "city", "district", "address", "name"), **_only(done, "uscc")}), geography
        ).to_dict()
    elif geography is not None:
        # Tables without a basis of their own (holdings) only get the province's way of writing a city.
        for name in done.keys() & {name for name, column in table.columns.items() if column.parse == "city"}:
            done[name] = map_unique(done[name], lambda text: city_named(geography, text))
    # One value for all rows is kept as one: a table has many columns that a file does not fill.
    frame = pl.DataFrame(_joined(reasons, height)).with_columns(
        (done[name] if name in done else pl.lit(None)).cast(POLARS_TYPES[column.type]).alias(name)
        for name, column in table.columns.items()
    )
    return frame.select(*table.columns, REASONS), observed


def _with_both_capitals(texts: Mapping[str, pl.Series], table: Table, spec: FileSpec) -> Mapping[str, pl.Series]:
    """Part cells of capital that tell the registered and the paid-in one (`1200万元（实缴300万元）`); a column's own cell goes first."""
    held = [name for name in _CAPITALS if name in texts]
    if not held or not set(_CAPITALS) <= set(table.columns):
        return texts
    found = dict(texts)
    for name in held:
        told = texts[name].str.contains(r"\d.*(?:实缴|实收|认缴|注册资)|(?:实缴|实收|注册资).*\d").fill_null(False)
        unit, kind = spec.units.get(name, ""), "subscribed" if name == _CAPITALS[0] else "paid_in"
        parts = {cell: both for cell in texts[name].filter(told).unique() if (both := both_capitals(cell, unit, kind))}
        for place, column in enumerate(_CAPITALS if parts else ()):
            amounts = {cell: both[place] for cell, both in parts.items()}
            said = texts[name].replace_strict(amounts, default=None, return_dtype=pl.String)
            own = found.get(column, said)
            found[column] = _first_known(said, own) if column == name else _first_known(own, said)
    return found


def _of_the_state_only(table: Table, done: dict[str, pl.Series]) -> None:
    """Take a title that the state alone gives for another thing where the row says that a province, a city or others gave it."""
    kind = table.columns.get("kind")
    known = vocabulary(kind.parse) if kind is not None and kind.parse else None
    if known is None or not known.national or not {"kind", "level"} <= set(done) or kind is None:
        return
    lower = done["level"].is_in(["provincial", "municipal", "other"]) & done["kind"].is_in(sorted(known.national))
    if lower.any() and "other" in kind.values:
        done["kind"] = (
            pl.DataFrame({"kind": done["kind"], "lower": lower})
            .select(pl.when(pl.col("lower").fill_null(False)).then(pl.lit("other")).otherwise("kind").alias("kind"))
            .to_series()
        )


def _first_known(first: pl.Series, second: pl.Series) -> pl.Series:
    return pl.DataFrame({"first": first, "second": second}).select(pl.coalesce("first", "second")).to_series()


def _only(cells: Mapping[str, pl.Series], *names: str) -> dict[str, pl.Series]:
    return {name: cells[name] for name in names if name in cells}


def _joined(reasons: Mapping[str, pl.Series], height: int) -> pl.Series:
    if not reasons:
        return pl.Series(REASONS, [None], dtype=pl.String).new_from_index(0, height)
    frame = pl.DataFrame(dict(reasons))
    joined = pl.concat_str(
        [pl.lit(f"{name}=") + pl.col(name) for name in sorted(reasons)], separator=";", ignore_nulls=True
    )
    return frame.select(pl.when(joined != "").then(joined).alias(REASONS)).to_series()


_YEARS = (1900, 2200)
"""A column of whole numbers whose range lies between is one of years."""


def _parse(
    name: str, column: Column, texts: Mapping[str, pl.Series], spec: FileSpec, today: date, reading: ColumnReading
) -> Parsed:
    cells = texts[name]
    parser = column.parse or ""
    if parser == "credit_code":
        return parse_credit_code(name, cells, reading=reading)
    if parser == "industry":
        return parse_industry(name, cells)
    if parser == "currency":
        return Parsed({name: _currencies(cells)}, _no_reason(cells))
    if parser == "status":
        parsed = parse_category(name, cells, column.values, _words(name, column, spec))
        return Parsed({**parsed.columns, f"{name}_text": cells.alias(f"{name}_text")}, parsed.reason, parsed.counts)
    if column.type == "date":
        # Data of a stated day cannot know of a company founded later: such a date is a slip, and the company stays.
        slips = name in FOUNDING_DATES and spec.made_on is not None
        latest = max(today, spec.made_on) if slips and spec.made_on is not None else horizon(today)
        ahead = name in FUTURE_DATES
        if name in END_DATES:
            cells = cells.str.replace(_TERM, "${1}").str.replace_all(_OF_END, "")
        else:
            cells = cells.str.replace(_OF_ACT, "${1}")
        return parse_date(
            name,
            cells,
            today,
            latest=latest,
            may_be_future=ahead,
            base_1904=spec.date_1904,
            reading=reading,
            header=spec.headers.get(name, ""),
        )
    if column.type == "boolean":
        return parse_boolean(name, cells, reading=reading)
    if column.type == "category":
        return parse_category(name, cells, column.values, _words(name, column, spec))
    if parser == "percent" or column.unit == "ratio":
        most = None if column.range is None else column.range[1]
        unit = spec.units.get(name)
        return parse_percent(name, cells, unit=unit, most=most, formatted=spec.formatted, reading=reading)
    if column.unit == "cny":
        currency = texts.get(f"{name}_currency", texts.get(ROW_CURRENCY))
        parsed = parse_amount(
            name,
            cells,
            header=_header_unit(name, spec),
            currency=spec.currency,
            row_currency=None if currency is None else _currencies(currency),
            bare=name not in spec.refused,
            reading=reading,
        )
        if spec.unit_beside(name) is None:
            parsed.counts.pop("without_unit")
        return parsed
    if (
        column.type == "integer"
        and column.range is not None
        and _YEARS[0] <= column.range[0] <= column.range[1] <= _YEARS[1]
    ):
        return parse_year(name, cells, reading=reading)
    if column.type == "integer":
        read = parse_headcount if column.unit == "persons" else parse_integer
        return read(name, cells, unit=_count_unit(name, spec), reading=reading)
    if column.type == "decimal":
        return parse_decimal(name, cells, reading=reading)
    return Parsed({name: cells}, _no_reason(cells))


def key_words(table: Table, spec: FileSpec) -> dict[str, Vocabulary]:
    """Return the vocabulary of each category that is part of a table's key: its rows are of one kind each."""
    return {
        name: _words(name, column, spec)
        for name, column in table.columns.items()
        if name in table.key and column.type == "category"
    }


def _words(name: str, column: Column, spec: FileSpec) -> Vocabulary:
    """Return the words of a category: the dataset's before the pack's before the program's."""
    synonyms = as_pairs(column.synonyms, spec.synonyms.get(name, {}))
    return extended(column.parse or name, synonyms, inside=column.match == "inside")


def _no_reason(cells: pl.Series) -> pl.Series:
    return pl.Series([None], dtype=pl.String).new_from_index(0, len(cells))


def _header_unit(name: str, spec: FileSpec) -> MoneyUnit:
    """Return what manifest and header say of an amount; `认缴资本` says what kind it is without a unit."""
    unit = (money_unit(spec.units[name]) if name in spec.units else None) or MoneyUnit()
    kind = unit.kind or kind_of_capital(spec.headers.get(name, ""))
    return MoneyUnit(unit.scale, unit.currency, kind)


def _count_unit(name: str, spec: FileSpec) -> str | None:
    """Return the unit that a header states of a count, None where the words in brackets are a remark (`员工人数(含外包)`)."""
    unit = spec.units.get(name)
    return unit if unit and (count_scale(unit) is not None or looks_like_unit(unit)) else None


def _currencies(cells: pl.Series) -> pl.Series:
    """Return ISO codes. A currency that is not known is `XXX`, never taken for yuan."""
    known, nothing = vocabulary("currency"), vocabulary("missing")
    assert known is not None
    assert nothing is not None

    def read(text: str) -> str | None:
        return known.look_up(text) or (None if nothing.look_up(text) else "XXX")

    return map_unique(cells, read)


def _within(name: str, parsed: Parsed, column: Column) -> Parsed:
    """Turn values outside the declared range into NULL, `unparsable`."""
    cells = parsed.columns[name]
    # Capital, and what else is written as it, is never below nothing: a minus there is a slip or a mark of another kind.
    bounds = column.range or ((0, float("inf")) if column.parse == "capital" else None)
    if bounds is None or not cells.dtype.is_numeric():
        return parsed
    number = cells.cast(pl.Float64)
    outside = ((number < bounds[0]) | (number > bounds[1])).fill_null(False)
    if not outside.any():
        return parsed
    frame = pl.DataFrame({"cell": cells, "reason": parsed.reason, "outside": outside}).select(
        pl.when(~pl.col("outside")).then("cell").alias(name),
        reason=pl.when("outside").then(pl.lit("unparsable")).otherwise("reason"),
    )
    counts = {**parsed.counts, "out_of_range": int(outside.sum())}
    return Parsed({**parsed.columns, name: frame[name]}, frame["reason"], counts, parsed.bare)


def _observe(texts: pl.Series, cells: pl.Series, parsed: Parsed, column: Column) -> Observed:
    # A word for "nothing" fills no cell: what is neither read nor has a reason is empty.
    read = len(cells) - cells.null_count()
    failed = len(parsed.reason) - parsed.reason.null_count()
    seen = Observed(
        read + failed, read, counts={kind: count for kind, count in parsed.counts.items() if count}, bare=parsed.bare
    )
    if column.plausible is not None and read:
        number = cells.cast(pl.Float64).abs()
        odd = (number != 0) & ((number < column.plausible[0]) | (number > column.plausible[1]))
        if count := int(odd.sum()):
            seen.counts["implausible"] = count
            seen.implausible = _first_few(texts.filter(odd.fill_null(False)), 40)
    if parsed.reason.null_count() < len(parsed.reason):
        lost = pl.DataFrame({"text": texts, "reason": parsed.reason}).drop_nulls()
        for (reason,), group in lost.group_by("reason"):
            seen.failures[str(reason)] = group.height
            seen.examples[str(reason)] = _first_few(group["text"], 80)
    return seen


def _first_few(texts: pl.Series, length: int) -> list[str]:
    """Return the first five of some texts cut to a length: those of all rows are among those of their ranges."""
    return texts.str.slice(0, length).unique().sort().head(5).to_list()
