"""Dates as exports write them, one column at a time: what one cell leaves open, its neighbours often settle.

A time of day is dropped. A moment that names its zone is first put on the clock of China, so that midnight written in
UTC does not lose a day.
"""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from screening.dataset.numerals import numeral
from screening.dataset.parsed import Parsed, why_not
from screening.dataset.reading import ColumnReading
from screening.dataset.text import map_unique, plain_forms

EARLIEST = date(1949, 10, 1)
# Columns of a term say "no end" so; a date that never comes is not a date.
_OPEN_END = r"^(?:长期|至今|永久|永续|无固定期限|长期有效|无限期|9999[-/.年]?12[-/.月]?31日?.*)$"
_FULL = r"^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})(?:日|号)?(?:[T(星周].*)?$"
_SHORT = r"^'?([0-9]{1,2})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:T.*)?$"
_COMPACT = r"^([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{4}|[0-9]{6}|\.0)?$"
_MONTH = r"^([0-9]{4})[-/.年]([0-9]{1,2})月?$"
_YEAR_LAST = r"^([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})(?:T.*)?$"
_ZONED = r"^([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):?([0-9]{2})(?::?[0-9]{2}(?:\.[0-9]+)?)?T?(?:(Z|UTC|GMT)|(?:UTC|GMT)?([+-])([0-9]{2}):?([0-9]{2})?)$"
# `[UTC]`, `[Asia/Shanghai]`: some programs name the zone once more.
_ZONE_NAMED = r"T?[\[(][A-Za-z]+(?:/[A-Za-z_]+)*[\])]$"
# Two numbers behind a minus are a zone only behind a time of day: `13-04-2023` is a day.
_ZONE_LEFT = r"[0-9](?:Z|T?(?:UTC|GMT)\S*|T?[+-][0-9]{2}:[0-9]{2})$|:[0-9]{2}(?:\.[0-9]+)?T?[+-][0-9]{4}$"
# `2023-04-05+08:00`: a day of China's with its zone. `Wed Apr 05 2023 00:00:00 GMT+0800 (…)`: how a web page prints a moment.
_DAY_IN_CHINA = r"^([0-9]{4}-[0-9]{2}-[0-9]{2})\+08:?00$"
_OF_WEB_PAGE = r"^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)T([A-Z][a-z]{2})T([0-9]{1,2})T([0-9]{4})T([0-9]{2}:[0-9]{2}:[0-9]{2})T(?:GMT|UTC)([+-][0-9]{4})(?:T?\(.*\))?$"
_MONTHS = {
    name: f"{number:02d}"
    for number, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], start=1
    )
}
# Years of Japanese reigns, as partners there write them: the year before the first of each.
_REIGNS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_OF_REIGN = rf"^({'|'.join(_REIGNS)})([0-9]{{1,2}}|元)年([0-9]{{1,2}})月([0-9]{{1,2}})日$"
# Six digits are a month where they can be no day with a year of two digits: `202304`, not `200812`.
_COMPACT_MONTH = r"^((?:19|20)[0-9]{2})(0[1-9]|1[0-2])$"
_SECOND_DATE = r"[0-9]{4}[-/.年][0-9]{1,2}.*[^0-9](?:19|20)[0-9]{2}[-/.年][0-9]{1,2}"
# A browser library on a clock of Shanghai writes the dates of a workbook 43 seconds too early (SheetJS 0.18.5: the offset before
# standard time), so that each stands on the day before; no date of a register has that very second.
_SHORT_OF_MIDNIGHT = r"^([0-9]{4}-[0-9]{2}-[0-9]{2})T(?:15:59:17(?:\.0+)?(?:Z|UTC|GMT|\+00:?00)|23:59:17(?:\.0+)?(?:T?(?:GMT)?\+08:?00)?)$"
_MISSING_SECONDS = 43
# 民国108年: years of the Republic of China, which Taiwan counts in.
_MINGUO = r"^(?:民国|中华民国|民國|中華民國|roc)T?([0-9]{1,3}|元)[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})T?日?$"
_MINGUO_BARE = r"^([01][0-9]{2})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})T?日?$"
_MINGUO_COMPACT = r"^([01][0-9]{2})([0-9]{2})([0-9]{2})$"
_MINGUO_SHORT = r"^([0-9]{2})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})T?日?$"
# What a header says of its dates (`成立日期(DD/MM/YYYY)`, `設立日期(民國)`), by the count in which cells would say the same.
_SAID_BY_HEADER = (
    (("republican",), r"民[国國]|\broc\b"),
    (
        ("not_year_first", "short_not_month_first", "year_last_not_month_first"),
        r"d{1,2}[-/. ]m{1,3}[-/. ]y{2,4}|日[-/.]月[-/.]年",
    ),
    (
        ("not_year_first", "short_not_day_first", "year_last_not_day_first"),
        r"m{1,2}[-/. ]d{1,2}[-/. ]y{2,4}|月[-/.]日[-/.]年",
    ),
)
# October typed into a number cell loses its zero: 2019.1.
_LOST_ZERO = r"^[0-9]{4}\.1$"
_NAMED_MONTH = ("%d-%b-%Y", "%d-%B-%Y", "%b-%d-%Y", "%B-%d-%Y", "%Y-%b-%d", "%Y-%B-%d", "%d-%b-%y")
_CHINA_HOURS = 8
_NUMERALS = "[〇○零一二三四五六七八九十廿卅百]"
_SPELT_OUT = rf"^(?:公元|(?:中华)?民[国國])?(?:[0-9]{{1,4}}|{_NUMERALS}{{1,4}})年(?:[0-9]{{1,2}}|{_NUMERALS}{{1,2}})月"
_APART = r"^([0-9]{4})T([0-9]{1,2})T([0-9]{1,2})$"
_RESPELT = rf"{_NUMERALS}.*月|^公元|{_APART}|{_OF_WEB_PAGE}|{_OF_REIGN}"


_FOUNDED = "^(?:成立|设立|注册|登记|创立|创建|创办)[于:]|(?:成立|设立|注册|登记|创立|创建|创办)$"
# A day in whose brackets stands that it is of another thing (`2019-05-01(迁入)`), or still to come, is left unread.
_NOT_YET = r"^.*\([^)]*(?:迁|变更|更名|预计|拟|计划|暂定).*$"
_LAST_PLAUSIBLE = date(2050, 12, 31)
_YEARS_AHEAD = 10


def horizon(as_of: date) -> date:
    """Return the last day that a date may have and still be one; a later one is a slip of the pen.

    It rests on the date of knowledge alone, never on the clock, so that a file reads the same in every year. What lies between
    the two is a date that was not known yet.
    """
    return max(_LAST_PLAUSIBLE, date(min(as_of.year + _YEARS_AHEAD, date.max.year), 12, 31))


def _fold(cell: pl.Expr) -> pl.Expr:
    """Fold width; the white space before a time of day becomes `T`, so that no digit of it joins the day."""
    return (
        plain_forms(cell)
        .str.replace_all(r"[\x{2010}-\x{2015}\x{2212}]", "-")
        .str.replace_all(r"\s*([-/.年月])\s*", "${1}")
        .str.strip_chars()
        .str.replace_all(r"\s+", "T")
        .str.replace(_ZONE_NAMED, "")
        .str.replace(_DAY_IN_CHINA, "${1}")
        .str.replace(_SHORT_OF_MIDNIGHT, "${1}T16:00:00Z")
        .str.replace(_FOUNDED, "")
        .str.replace(_NOT_YET, "?${0}")
    )


def _iso(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    return pl.concat_str([year, month.str.zfill(2), day.str.zfill(2)], separator="-").str.to_date(
        "%Y-%m-%d", strict=False
    )


def _fields(cell: pl.Expr, pattern: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    groups = cell.str.extract_groups(pattern).struct
    return groups.field("1"), groups.field("2"), groups.field("3")


def _month(cell: pl.Expr) -> pl.Expr:
    groups = cell.str.extract_groups(_MONTH).struct
    compact = cell.str.extract_groups(_COMPACT_MONTH).struct
    day = _iso(pl.lit("20") + cell.str.slice(0, 2), cell.str.slice(2, 2), cell.str.slice(4, 2))
    return pl.coalesce(
        pl.when(~cell.str.contains(_LOST_ZERO)).then(_iso(groups.field("1"), groups.field("2"), pl.lit("1"))),
        pl.when(day.is_null()).then(_iso(compact.field("1"), compact.field("2"), pl.lit("1"))),
    )


def _counted(cell: pl.Expr, *, base_1904: bool) -> pl.Expr:
    """Read Excel serials (five digits) and epoch milliseconds or seconds (in China's time zone)."""
    serial = cell.str.extract(r"^([2-7][0-9]{4})(?:\.[0-9]+)?$", 1).cast(pl.Int64, strict=False)
    millis = cell.str.extract(r"^(1?[0-9]{12})(?:\.0)?$", 1).cast(pl.Int64, strict=False)
    seconds = cell.str.extract(r"^(1[0-9]{9})(?:\.0)?$", 1).cast(pl.Int64, strict=False)
    moment = pl.coalesce(millis, seconds * 1000) + _CHINA_HOURS * 3_600_000
    short = moment % 86_400_000 == 86_400_000 - _MISSING_SECONDS * 1000
    moment = pl.when(short).then(moment + _MISSING_SECONDS * 1000).otherwise(moment)
    # Excel counts from 1899-12-30, which is 25,569 days before 1970; a workbook of 1904 from four years and a day later.
    return (
        pl.coalesce(serial - (24_107 if base_1904 else 25_569), moment // 86_400_000)
        .cast(pl.Int32, strict=False)
        .cast(pl.Date)
    )


def _zoned(cell: pl.Expr) -> pl.Expr:
    """Read a moment with its zone as the day it is in China."""
    groups = cell.str.extract_groups(_ZONED).struct
    day = groups.field("1").str.to_date("%Y-%m-%d", strict=False)
    minutes = groups.field("2").cast(pl.Int32, strict=False) * 60 + groups.field("3").cast(pl.Int32, strict=False)
    offset = groups.field("6").cast(pl.Int32, strict=False) * 60 + groups.field("7").cast(
        pl.Int32, strict=False
    ).fill_null(0)
    offset = (
        pl.when(groups.field("4").is_not_null()).then(0).when(groups.field("5") == "-").then(-offset).otherwise(offset)
    )
    in_china = minutes - offset + _CHINA_HOURS * 60
    return day + pl.duration(days=in_china.floordiv(24 * 60))


def _named_month(cell: pl.Expr) -> pl.Expr:
    """Read `21-Sep-2010`, `Sep 21, 2010`, `21 September 2010`."""
    plain = (
        cell.str.to_titlecase()
        .str.replace_all(r"[T\s,./-]+([A-Z])", "-${1}")
        .str.replace_all(r"[\s,./T-]+([0-9])", "-${1}")
    )
    plain = plain.str.replace("Sept-", "Sep-", literal=True)
    read = [plain.str.to_date(pattern, strict=False) for pattern in _NAMED_MONTH]
    # A year of two digits fits `%Y` too, as one of antiquity.
    return pl.coalesce([pl.when(day > date(1000, 1, 1)).then(day) for day in read])


def _minguo(cell: pl.Expr, *, column: bool) -> pl.Expr:
    """Read years of the Republic of China; years of two digits only in a `column` where others show that it is one."""

    def date_of(fields: tuple[pl.Expr, pl.Expr, pl.Expr]) -> pl.Expr:
        year, month, day = fields
        counted = pl.when(year == "元").then(1).otherwise(year.cast(pl.Int32, strict=False)) + 1911
        return _iso(counted.cast(pl.String), month, day)

    patterns = [_MINGUO, _MINGUO_BARE, _MINGUO_COMPACT, *([_MINGUO_SHORT] if column else [])]
    return pl.coalesce([date_of(_fields(cell, pattern)) for pattern in patterns])


def _year_last(folded: pl.Series, reading: ColumnReading) -> pl.Series:
    """Read `30/10/2023` and `10/30/2023`: in the order in which every cell of the column is a date.

    Where both orders fit all of them, or each fits some, a cell is read only if it is one day in both.
    """
    frame = pl.DataFrame({"folded": folded})
    first, second, year = _fields(pl.col("folded"), _YEAR_LAST)
    frame = frame.with_columns(day_first=_iso(year, second, first), month_first=_iso(year, first, second))
    return _settled(frame, reading, "year_last")


def _short_year(folded: pl.Series, today: date, reading: ColumnReading, *, may_be_future: bool) -> pl.Series:
    """Read dates with a year of two digits: year first, as is usual here, unless some cell of the column cannot be."""
    frame = pl.DataFrame({"folded": folded})
    one, two, three = _fields(pl.col("folded"), _SHORT)

    def full(year: pl.Expr) -> pl.Expr:
        # A two-digit year is of this century up to next year, else of the last.
        this = year.cast(pl.Int32, strict=False) <= today.year % 100 + 1
        return pl.when(year.str.len_chars() == 2).then(pl.when(this).then(pl.lit("20")).otherwise(pl.lit("19")) + year)

    frame = frame.with_columns(
        year_first=_iso(full(one), two, three),
        day_first=_iso(full(three), two, one),
        month_first=_iso(full(three), one, two),
    )
    # An order that puts a cell before 1949 or, where that cannot be, ahead of today is not the column's.
    latest = date.max if may_be_future else today
    frame = frame.with_columns(
        pl.when(pl.col(order).is_between(EARLIEST, latest)).then(order).alias(order)
        for order in ("year_first", "day_first", "month_first")
    )
    known = frame.filter(pl.any_horizontal(pl.col("year_first", "day_first", "month_first").is_not_null()))
    settled = _settled(frame, reading, "short")
    if reading.weigh(not_year_first=known["year_first"].null_count())["not_year_first"] == 0:
        return frame["year_first"]
    return settled


def _settled(frame: pl.DataFrame, reading: ColumnReading, kind: str) -> pl.Series:
    known = frame.filter(pl.any_horizontal(pl.col("day_first", "month_first").is_not_null()))
    said = reading.weigh(**{f"{kind}_not_{order}": known[order].null_count() for order in ("day_first", "month_first")})
    fitting = [order for order in ("day_first", "month_first") if said[f"{kind}_not_{order}"] == 0]
    if len(fitting) == 1:
        return frame[fitting[0]]
    one, other = pl.col("day_first"), pl.col("month_first")
    sure = one.is_null() | other.is_null() | (one == other)
    return frame.select(pl.when(sure).then(pl.coalesce(one, other))).to_series()


def _respelt(text: str) -> str:
    """Write a date of a web page, a Japanese reign or in Chinese numerals (`二〇一九年五月二十日`) as others write it."""
    if found := re.match(_OF_WEB_PAGE, text):
        month, day, year, time, zone = found.groups()
        return f"{year}-{_MONTHS.get(month, '00')}-{int(day):02d}T{time}{zone}"
    if found := re.match(_OF_REIGN, text):
        reign, year, month, day = found.groups()
        return f"{_REIGNS[reign] + (1 if year == '元' else int(year))}-{month}-{day}"
    if found := re.match(_APART, text):
        return "-".join(found.groups())
    if not re.match(_SPELT_OUT, text):
        return text
    text = text.removeprefix("公元")
    return re.sub(f"{_NUMERALS}+", lambda found: str(numeral(found[0]) or found[0]), text)


def parse_date(
    name: str,
    cells: pl.Series,
    today: date,
    *,
    latest: date | None = None,
    may_be_future: bool = False,
    base_1904: bool = False,
    reading: ColumnReading | None = None,
    header: str = "",
) -> Parsed:
    """Read a column of dates; its `header` may say in which order day and month stand, or that years are of the Republic.

    A month without a day is taken as its first day and counted. 1970-01-01 is a machine's zero and gives NULL, as do
    dates before 1949-10-01 and, unless `may_be_future`, after `latest` (`today` when not given): all three `unparsable`.
    `today` is the day of reading for years of two digits and orders that would lie ahead of it. An open end such as
    `长期` gives NULL without a reason. Counted: `day_assumed`, `machine_zero`, `impossible_date`, `zone_changed_day` (a
    moment whose day in China is another than the written one), `order_open` (day and month cannot be told apart),
    `zero_lost` (`2019.1`: January or October).
    """
    distinct = pl.DataFrame({"cell": cells}).unique().drop_nulls()
    # Nearly every date is written like this; such cells speak for no order and leave nothing open.
    plain = pl.when(pl.col("cell").str.contains(_PLAIN)).then(pl.col("cell").str.replace(_PLAIN, "${1}-${2}-${3}"))
    distinct = distinct.with_columns(value=plain.str.to_date("%Y-%m-%d", strict=False))
    last = None if may_be_future else latest or today
    known = (pl.col("value") >= EARLIEST) & (pl.col("value") != _MACHINE_ZERO)
    known = (known if last is None else known & (pl.col("value") <= last)).fill_null(False)
    rest = distinct.filter(~known)
    read = [distinct.filter(known)]
    if not rest.is_empty():
        reading = reading or ColumnReading()
        reading.weigh(**_said_by(header))
        read.append(_each(rest.select("cell"), today, last, reading, base_1904=base_1904))
    found = pl.concat(read, how="diagonal")
    frame = pl.DataFrame({"cell": cells}).join(found, on="cell", how="left", maintain_order="left")
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, len(cells))
    return Parsed(
        {name: frame["value"].alias(name)},
        frame["reason"] if "reason" in frame.columns else nothing,
        {kind: int(frame[column].sum()) if column in frame.columns else 0 for kind, column in _COUNTED.items()},
    )


def day_written(text: str) -> date | None:
    """Return the day that a person wrote in a table kept by hand (`2025-03-31`, `2025/3/31`, `2025年3月31日`), None when it is none."""
    found = re.match(_PLAIN, text)
    try:
        return date(*map(int, found.groups())) if found else date.fromisoformat(text)
    except ValueError:
        return None


def _said_by(header: str) -> dict[str, int]:
    """Return the counts to which a header adds its word."""
    return {count: 1 for counts, pattern in _SAID_BY_HEADER if re.search(pattern, header.lower()) for count in counts}


_PLAIN = r"^((?:19|20)[0-9]{2})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?: 00:00:00)?$"
_MACHINE_ZERO = date(1970, 1, 1)
_COUNTED = {
    "day_assumed": "assumed",
    "machine_zero": "zero",
    "impossible_date": "outside",
    "zone_changed_day": "moved",
    "order_open": "order_open",
    "zero_lost": "zero_lost",
}
"""Counts by the column that says it of a cell."""


def _each(
    distinct: pl.DataFrame, today: date, last: date | None, reading: ColumnReading, *, base_1904: bool
) -> pl.DataFrame:
    """Read different cells of a column: `cell`, `value`, `reason`, and the columns that are counted. `last`: no date after it, None: any may lie ahead."""
    distinct = distinct.with_columns(folded=_fold(pl.col("cell")))
    if distinct.select(pl.col("folded").str.contains(_RESPELT).any()).item():
        distinct = distinct.with_columns(folded=map_unique(distinct["folded"], _respelt))
    folded = pl.col("folded")
    republican = reading.weigh(
        republican=distinct.select(
            (folded.str.contains(_MINGUO) | _minguo(folded, column=False).is_not_null()).sum()
        ).item()
    )["republican"]
    # A cell with two dates is neither of them; a moment whose zone is not understood may be of another day.
    two = folded.str.contains(_SECOND_DATE) | (folded.str.contains(_ZONE_LEFT) & ~folded.str.contains(_ZONED))
    distinct = distinct.with_columns(folded=pl.when(~two).then(folded).otherwise(pl.lit("")))
    distinct = distinct.with_columns(
        zoned=_zoned(folded),
        year_last=_year_last(distinct["folded"], reading),
        short=_short_year(distinct["folded"], today, reading, may_be_future=last is None),
    )
    if distinct.select(folded.str.contains(r"(?i)[a-z]{3}").any()).item():
        distinct = distinct.with_columns(named=_named_month(plain_forms(pl.col("cell"))))
    else:
        distinct = distinct.with_columns(named=pl.lit(None, pl.Date))
    distinct = distinct.with_columns(
        exact=pl.coalesce(
            "zoned",
            _iso(*_fields(folded, _FULL)),
            _iso(*_fields(folded, _COMPACT)),
            _minguo(folded, column=bool(republican)),
            "short",
            "year_last",
            _counted(folded, base_1904=base_1904),
            "named",
        ),
        month=_month(folded),
        open_end=folded.str.contains(_OPEN_END),
    )
    read = pl.coalesce("exact", "month")
    outside = read < EARLIEST if last is None else (read < EARLIEST) | (read > last)
    distinct = distinct.with_columns(
        zero=(read == _MACHINE_ZERO).fill_null(False), outside=outside.fill_null(False) & ~pl.col("open_end")
    )
    distinct = distinct.with_columns(
        value=pl.when(~(pl.col("zero") | pl.col("open_end") | pl.col("outside"))).then(read)
    )
    unread = why_not(distinct["value"], distinct["cell"])
    return distinct.select(
        "cell",
        "value",
        pl.when(~pl.col("open_end")).then(pl.lit(unread)).alias("reason"),
        "zero",
        "outside",
        assumed=pl.col("value").is_not_null() & pl.col("exact").is_null(),
        moved=(pl.col("zoned") != _iso(*_fields(folded, r"^([0-9]{4})-([0-9]{2})-([0-9]{2})T"))).fill_null(False),
        order_open=pl.col("exact").is_null() & (folded.str.contains(_YEAR_LAST) | folded.str.contains(_SHORT)),
        zero_lost=folded.str.contains(_LOST_ZERO),
    )
