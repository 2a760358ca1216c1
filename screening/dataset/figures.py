"""The figure in a cell: which sign it has, what its commas and points mean. One reading for amounts, counts and ratios.

A sign is never lost: a bracket, a minus of any shape, before or behind, makes a figure negative, and a sign that is not
understood leaves it unread. A comma is a decimal comma or parts thousands; where the column does not tell, the figure
is left unread rather than ten times too large.
"""

from __future__ import annotations

import polars as pl

from screening.dataset.numerals import NUMERAL
from screening.dataset.reading import ColumnReading
from screening.dataset.text import missing_reason, plain_forms

_MINUS = r"[\x{2212}\x{2010}-\x{2015}\x{2796}\x{FE63}\x{207B}\x{208B}]"
_MONEY = r"(?:¥|us\$|hk\$|nt\$|\$|€|£|rmb|cny|usd|人民币|美元|港元|港币)"
_TOKEN = r"^([^0-9.,]*)([0-9.,']*[0-9][0-9.,']*)(.*)$"
_TRADITIONAL = dict(zip("萬億幣圓歐貳陸負虧損", "万亿币元欧贰陆负亏损", strict=True)) | {"澳門": "澳门"}
# `亏损1,200万元`, `1200(亏损)`; a word for profit says nothing that the missing minus does not.
_LOSS = r"净?(?:亏损|亏)额?"
_PROFIT = r"^净?(?:盈利|盈)额?[为:约]*([^-0-9]*[0-9.])"
_BEGINS = rf"(?:[0-9.]|{NUMERAL})"
_ABOUT = r"^(?:大?约|大概|接近|将近|近|[~≈])[为合]?|(?:左右|上下)$"
_ODD = r"([0-9十百千万亿拾佰仟])[余多]"
_PART = r"[(,;。、]?其中.*$|\((?:不?含|不?包括)[^()]*\)$"
# How it compares, what it was audited as, the mark of a note: `1234.5(同比+12%)`, `1234.5(未审计)`, `1234.5[注1]`.
_SAID_OF_IT = (
    r"([0-9][^0-9(\[【注]*)(?:[(,;](?:同比|环比|[比较]上年|[比较]去年|上年同期)[^()]*\)?|\((?:占比?:?)?[0-9.]+%\)|[\[(【]?注[0-9]{0,2}[\])】]?"
    r"|\((?:未审计?|未经审计|经?审计数?|已审计?|审定数?|合并(?:口径|报表|数)?)\))$"
)
_UNREAD = "\x1a"
"""Put before a figure that is left unread; no number is read behind it."""

_APART = r"[0-9]\s+[.,]?[0-9]"
_BLANK_GROUPS = r"^[^0-9]*[0-9]{1,3}(?:[^\S\r\n][0-9]{3})+(?:[.,][0-9]+)?(?:[^0-9.,].*|)$"
_GROUPED = r"[0-9]{1,3}(?:,[0-9]{3})+"
_COMMA_IS_DECIMAL = r"^(?:[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|[0-9]+,[0-9]{1,2}|[0-9]+,[0-9]{5,}|[0-9]{4,},[0-9]{1,3}|[0-9]{5,},[0-9]+|0+,[0-9]+|[0-9]{1,3}(?:\.[0-9]{3}){2,})$"
_POINT_IS_DECIMAL = rf"^(?:{_GROUPED}\.[0-9]+|[0-9]{{1,3}}(?:,[0-9]{{3}}){{2,}}|[0-9]*\.[0-9]{{1,2}}|[0-9]*\.[0-9]{{4,}}|[0-9]{{4,}}\.[0-9]+|0?\.[0-9]+)$"
# `1234,5678`: groups of four (万), or a decimal comma.
_EITHER = r"^(?:[0-9]{1,3}[,.][0-9]{3}|[0-9]{4},[0-9]{4})$"
# Groups of four (万) or uneven ones are read where several commas stand: no decimal comma stands twice.
_MANY_GROUPS = r"^[0-9]{1,4}(?:,[0-9]{2,4})*,(?:[0-9]{3}|[0-9]{4})(?:\.[0-9]+)?$"


def folded(cells: pl.Series) -> pl.Series:
    """Fold width, case and traditional unit words, drop all white space: how figures are read; never stored.

    Two figures that only white space keeps apart stay two, and unread; a blank between groups of three parts thousands.
    """
    texts = plain_forms(cells).str.to_lowercase()
    apart = texts.str.contains(_APART)
    if apart.any():
        two = apart & ~texts.str.contains(_BLANK_GROUPS)
        texts = pl.select(pl.when(two).then(pl.lit(_UNREAD) + texts).otherwise(texts)).to_series().alias(cells.name)
    texts = texts.str.replace_all(r"\s+", "").str.replace_all("[¥￥]", "¥")
    return texts.str.replace_many(list(_TRADITIONAL), list(_TRADITIONAL.values()))


# What no step of reading changes: no sign but a minus in front, no unit, no comma.
_PLAIN = r"^-?[0-9]{1,15}(?:\.[0-9]{1,16})?$"
WIDE = pl.Decimal(38, 16)
"""Holds a figure while it is read."""


def plain_numbers(cells: pl.Series, reading: ColumnReading) -> pl.Series | None:
    """Return the figures (WIDE) of a column of plain numbers and words for "nothing"; None of any other.

    Most columns are such, and need no more. Where rows elsewhere settle how the column is read, a point may part thousands.
    """
    sums = reading.weigh(comma=0, point=0) if reading.settled else {}
    if not reading.whole and not (reading.settled and sums["comma"] <= sums["point"]):
        return None
    plain = cells.str.contains(_PLAIN)
    if not plain.all():
        others = cells.filter(~plain).unique()
        if pl.select(missing_reason(pl.lit(others))).to_series().has_nulls():
            return None
    return cells.cast(WIDE, strict=False)


def whole(texts: pl.Series) -> pl.Series:
    """Take off what folded texts say of a part of their figure, or of it as a whole: 「35人(其中研发20人)」, 「120(未审计)」."""
    told = texts.str.contains(r"其中|含|包括|%\)$|同比|环比|[比较上][上去年]|注|审|合并")
    return texts.str.replace(_PART, "").str.replace(_SAID_OF_IT, "${1}") if told.any() else texts


def about(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Take off the words of folded texts by which a figure is not exact (「约35人」, 「40余人」); return which had one.

    A bound (「超过」, 「不足」, 「以上」) is another thing and stays.
    """
    marked = texts.str.contains(f"{_ABOUT}|{_ODD}").fill_null(False)
    if marked.any():
        texts = texts.str.replace_all(_ABOUT, "").str.replace(_ODD, "${1}")
    return texts, marked


def figures(texts: pl.Series, reading: ColumnReading | None = None, rows: pl.Series | None = None) -> pl.Series:
    """Return folded texts with the sign right before the figure and its decimals behind a point.

    `rows`: how many cells of the column each text is of, where it is not one.

    >>> figures(pl.Series(["(1,200.00)", "1234.56-", "−5%", "¥(2,000)", "亏损3万"])).to_list()
    ['-1200.00', '-1234.56', '-5%', '¥-2000', '-3万']
    """
    return _with_points(_signed(texts), reading or ColumnReading(), rows).alias(texts.name)


def _signed(texts: pl.Series) -> pl.Series:
    marked = texts.str.contains(r"[^0-9.,%a-z\x{4e00}-\x{9fff}]|[负亏盈]")
    if not marked.any():
        return texts
    text = (
        texts.str.replace_all(_MINUS, "-")
        .str.replace(r"^负", "-")
        .str.replace(rf"^{_LOSS}[为:约]*([^-0-9(]*?)({_BEGINS})", "${1}-${2}")
        .str.replace(rf"^([^-0-9]*)([0-9.][^-()]*)\({_LOSS}\)([^-()]*)$", "${1}-${2}${3}")
        .str.replace(_PROFIT, "${1}")
        # A whole figure in brackets, alone or behind its currency, before its unit.
        .str.replace(rf"^({_MONEY}?)\(({_MONEY}?)([0-9.,']+[^()0-9]*)\)([^()0-9]*)$", "${1}${2}-${3}${4}")
        .str.replace(r"^([^-0-9]*)([0-9][^-()]*)-$", "${1}-${2}")
        .str.replace(rf"^([-+])({_MONEY})([0-9.])", "${2}${1}${3}")
    )
    # What is still in brackets with figures in them, but before a figure, is no amount that can be told; nor is one in half a
    # pair of brackets.
    unclear = text.str.contains(
        r"^[^0-9]*\([^)]*[0-9][^)]*\)[^0-9]*$|^[^()]*\([^()]*[0-9][^()]*$|^[^()]*[0-9][^()]*\)[^()]*$"
    ) & (~text.str.contains(r"\(-"))
    return (
        pl.DataFrame({"text": text, "unclear": unclear})
        .select(pl.when("unclear").then(pl.lit(_UNREAD) + pl.col("text")).otherwise("text"))
        .to_series()
    )


def _with_points(texts: pl.Series, reading: ColumnReading, rows: pl.Series | None) -> pl.Series:
    if reading.whole and not texts.str.contains(r"[0-9][,']|\.[0-9]*\.|,[0-9]").any():
        # Points alone are decimal points.
        return texts
    groups = texts.str.extract_groups(_TOKEN).struct
    frame = pl.DataFrame(
        {"text": texts, "before": groups.field("1"), "raw": groups.field("2"), "after": groups.field("3")}
    ).with_columns(token=pl.col("raw").str.replace_all("'", ""))
    token = pl.col("token")
    frame = frame.with_columns(comma=token.str.contains(_COMMA_IS_DECIMAL), point=token.str.contains(_POINT_IS_DECIMAL))
    cells = pl.Series([1]).new_from_index(0, len(texts)) if rows is None else rows
    sums = reading.weigh(
        comma=cells.filter(frame["comma"].fill_null(False)).sum(),
        point=cells.filter(frame["point"].fill_null(False)).sum(),
    )
    commas, points = sums["comma"], sums["point"]
    decimal_comma = token.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    thousands = token.str.replace_all(",", "", literal=True)
    either = token.str.contains(_EITHER)
    several = token.str.contains(_MANY_GROUPS) & (token.str.count_matches(",") > 1)
    if commas > points:
        read = (
            pl.when("comma")
            .then(decimal_comma)
            .when(either)
            .then(decimal_comma)
            .when(~token.str.contains(r"[.,]"))
            .then(token)
        )
    else:
        # A decimal comma among more decimal points is read where it can be nothing else; as many of both settle nothing.
        grouped = token.str.contains(rf"^{_GROUPED}(?:\.[0-9]+)?$")
        settled = pl.lit(commas == 0 or points > commas)
        read = (
            pl.when("comma").then(decimal_comma)
            .when(grouped & (settled | ~either)).then(thousands)
            .when(several).then(thousands)
            .when(~token.str.contains(",", literal=True) & (token.str.count_matches(r"\.") < 2)).then(token)
        )  # fmt: skip
    return (
        frame.with_columns(read=read)
        .select(
            pl.when(token.is_null())
            .then("text")
            .when(pl.col("read").is_null())
            .then(pl.lit(_UNREAD) + pl.col("text"))
            .otherwise(pl.col("before") + pl.col("read") + pl.col("after"))
        )
        .to_series()
    )
