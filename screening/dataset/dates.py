"""Dates as exports write them. The date part counts as written; a time of day and its zone are dropped."""

from __future__ import annotations

from datetime import date

import polars as pl

from screening.dataset.parsed import Parsed, reasons
from screening.dataset.text import missing_reason

EARLIEST = date(1949, 10, 1)
# Columns of a term say "no end" so; a date that never comes is not a date.
_OPEN_END = r"^(?:长期|至今|永久|永续|无固定期限|长期有效|无限期|9999[-/.年]?12[-/.月]?31日?.*)$"
_FULL = r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})(?:日|号)?(?:[T(星周].*)?$"
_SHORT_YEAR = r"^'?(\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$"
_COMPACT = r"^(\d{4})(\d{2})(\d{2})(?:\d{4}|\d{6}|\.0)?$"
_MONTH = r"^(\d{4})[-/.年](\d{1,2})月?$"
_YEAR_LAST = r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:T.*)?$"


def _fold(cell: pl.Expr) -> pl.Expr:
    """Fold width; the white space before a time of day becomes `T`, so that no digit of it joins the day."""
    return (
        cell.str.normalize("NFKC")
        .str.replace_all(r"\s*([-/.年月])\s*", "${1}")
        .str.strip_chars()
        .str.replace_all(r"\s+", "T")
    )


def _iso(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    return pl.concat_str([year, month.str.zfill(2), day.str.zfill(2)], separator="-").str.to_date(
        "%Y-%m-%d", strict=False
    )


def _fields(cell: pl.Expr, pattern: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    groups = cell.str.extract_groups(pattern).struct
    return groups.field("1"), groups.field("2"), groups.field("3")


def _year_last(cell: pl.Expr) -> pl.Expr:
    """Read `30/10/2023` and `10/30/2023` where only one order is a date; ambiguous ones give NULL."""
    first, second, year = _fields(cell, _YEAR_LAST)
    day_first, month_first = _iso(year, second, first), _iso(year, first, second)
    one_order = day_first.is_null() | month_first.is_null() | (day_first == month_first)
    return pl.when(one_order).then(pl.coalesce(day_first, month_first))


def _short_year(cell: pl.Expr, today: date) -> pl.Expr:
    year, month, day = _fields(cell, _SHORT_YEAR)
    # A two-digit year is of this century up to next year, else of the last.
    century = (
        pl.when(year.cast(pl.Int32, strict=False) <= today.year % 100 + 1).then(pl.lit("20")).otherwise(pl.lit("19"))
    )
    return _iso(century + year, month, day)


def _month(cell: pl.Expr) -> pl.Expr:
    groups = cell.str.extract_groups(_MONTH).struct
    return _iso(groups.field("1"), groups.field("2"), pl.lit("1"))


def _counted(cell: pl.Expr) -> pl.Expr:
    """Read Excel serials (five digits) and epoch milliseconds or seconds (in China's time zone)."""
    serial = cell.str.extract(r"^([2-7]\d{4})(?:\.\d+)?$", 1).cast(pl.Int64, strict=False)
    millis = cell.str.extract(r"^(1?\d{12})(?:\.0)?$", 1).cast(pl.Int64, strict=False)
    seconds = cell.str.extract(r"^(1\d{9})(?:\.0)?$", 1).cast(pl.Int64, strict=False)
    moment = pl.coalesce(millis, seconds * 1000) + 8 * 3_600_000
    # Excel counts from 1899-12-30, which is 25,569 days before 1970.
    return pl.coalesce(serial - 25_569, moment // 86_400_000).cast(pl.Int32, strict=False).cast(pl.Date)


def parse_date(name: str, cells: pl.Series, today: date, *, may_be_future: bool = False) -> Parsed:
    """Read dates.

    A month without a day is taken as its first day and counted. 1970-01-01 is a machine's zero and gives NULL, as do
    dates before 1949-10-01 and, unless `may_be_future`, after `today`: all three `unparsable`. An open end such as
    `长期` gives NULL without a reason.
    """
    frame = pl.DataFrame({"cell": cells})
    distinct = (
        frame.unique().drop_nulls().with_columns(missing=missing_reason(pl.col("cell")), folded=_fold(pl.col("cell")))
    )
    folded = pl.col("folded")
    distinct = distinct.with_columns(
        exact=pl.coalesce(
            _iso(*_fields(folded, _FULL)),
            _iso(*_fields(folded, _COMPACT)),
            _short_year(folded, today),
            _year_last(folded),
            _counted(folded),
        ),
        month=_month(folded),
        open_end=folded.str.contains(_OPEN_END),
    )
    read = pl.coalesce("exact", "month")
    outside = (read < EARLIEST) | ((read > today) & pl.lit(not may_be_future))
    distinct = distinct.with_columns(
        zero=(read == date(1970, 1, 1)).fill_null(False), outside=outside.fill_null(False) & ~pl.col("open_end")
    )
    distinct = distinct.with_columns(
        value=pl.when(~(pl.col("zero") | pl.col("open_end") | pl.col("outside"))).then(read)
    )
    distinct = distinct.with_columns(
        assumed=pl.col("value").is_not_null() & pl.col("exact").is_null(),
        reason=pl.when(pl.col("zero"))
        .then(pl.lit("unparsable"))
        .when(~pl.col("open_end"))
        .then(reasons(pl.col("value"), pl.col("cell"), pl.col("missing"))),
    )
    frame = frame.join(distinct, on="cell", how="left", maintain_order="left")
    return Parsed(
        {name: frame["value"].alias(name)},
        frame["reason"],
        {
            "day_assumed": int(frame["assumed"].sum()),
            "machine_zero": int(frame["zero"].sum()),
            "impossible_date": int(frame["outside"].sum()),
        },
    )
