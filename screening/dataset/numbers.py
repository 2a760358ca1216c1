"""Plain numbers, ratios, head counts and booleans as exports write them."""

from __future__ import annotations

import re
from dataclasses import replace

import polars as pl

from screening.dataset.amounts import AMOUNT
from screening.dataset.figures import WIDE, about, figures, folded, plain_numbers, whole
from screening.dataset.numerals import in_digits, ratios_in_digits
from screening.dataset.parsed import Parsed, why_not
from screening.dataset.reading import ColumnReading
from screening.dataset.text import fold, map_unique, where_needed
from screening.dataset.vocabulary import Vocabulary, fold_word, vocabulary

RATIO_UNITS: tuple[str, ...] = ("%", "‰", "1")
"""How a column of ratios may be written: percentages, thousandths, fractions."""
_SEVERAL = 2
_COUNTER = r"(?:人|名|位|员工|项|件|家|个|次|户|年|年度|股|台|套)"
_COUNT_SCALES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "十万": 100_000, "百万": 1_000_000, "亿": 100_000_000}
_COUNT_UNIT = re.compile(rf"^(?:单位:?)?({'|'.join(_COUNT_SCALES)})?{_COUNTER}?$")


def count_scale(unit: str) -> int | None:
    """Return what a unit of counts multiplies them by: `万人` 10,000, `人` 1; None for what is no such unit.

    >>> count_scale("万人"), count_scale("家"), count_scale("万元")
    (10000, 1, None)
    """
    found = _COUNT_UNIT.match(fold_word(unit))
    return None if found is None else _COUNT_SCALES.get(found[1] or "", 1)


def _number(texts: pl.Series, reading: ColumnReading | None, behind: str = _COUNTER) -> pl.Series:
    """Return the text of the number in each folded text, NULL where it is none; `behind`: what may stand after it."""
    return in_digits(figures(texts, reading), scaled=False).str.extract(
        rf"^([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]{{1,2}})?)(?:{behind})?$", 1
    )


def _count(said: pl.Series, unit: str | None, reading: ColumnReading | None) -> pl.Expr:
    """Return the counts of folded texts: what a text says of its scale (`1.2万人`) goes before the unit of the header."""
    texts = in_digits(said, scaled=False)
    scale = 1 if unit is None else count_scale(unit)
    own = texts.str.extract(rf"[0-9]({'|'.join(_COUNT_SCALES)}){_COUNTER}?$", 1)
    factor = own.replace_strict(_COUNT_SCALES, default=None, return_dtype=pl.Int64)
    bare = texts.str.replace(rf"([0-9])(?:{'|'.join(_COUNT_SCALES)})({_COUNTER}?)$", "${1}${2}")
    worded = pl.when(pl.lit((texts != said) & said.str.contains("[万亿]"))).then(1)
    factors = pl.coalesce(pl.lit(factor), worded, pl.lit(scale, pl.Int64))
    return _as_wide(pl.lit(_number(bare, reading))) * factors.cast(pl.Decimal(9, 0))


def _as_wide(number: pl.Expr) -> pl.Expr:
    return pl.when(number.cast(pl.Float64, strict=False).abs() < 1e17).then(number.cast(WIDE, strict=False))


def _inexact(values: pl.Series, marked: pl.Series) -> dict[str, int]:
    return {"approximate": int((values.is_not_null() & marked).sum())}


def _figures(name: str, cells: pl.Series, number: pl.Series, *, whole_only: bool = True) -> Parsed:
    """Return the figures of a column as its values; of `whole_only` those that are whole."""
    value = pl.col("number").cast(AMOUNT, strict=False)
    if whole_only:
        integer = pl.col("number").cast(pl.Int64, strict=False)
        value = pl.when(pl.col("number") == integer.cast(WIDE)).then(integer)
    values = pl.DataFrame({"number": number}).select(value.alias(name)).to_series()
    return Parsed({name: values}, why_not(values, cells))


def parse_decimal(name: str, cells: pl.Series, *, reading: ColumnReading | None = None) -> Parsed:
    """Read numbers without a scale of money."""
    if (plain := plain_numbers(cells, reading or ColumnReading())) is not None:
        return _figures(name, cells, plain, whole_only=False)
    texts, inexact = about(whole(folded(cells)))
    number = pl.select(_as_wide(pl.lit(_number(texts, reading)))).to_series()
    parsed = _figures(name, cells, number, whole_only=False)
    return replace(parsed, counts=_inexact(parsed.columns[name], inexact))


def parse_integer(
    name: str, cells: pl.Series, *, unit: str | None = None, reading: ColumnReading | None = None
) -> Parsed:
    """Read whole numbers; `62.0` is 62, `62.5` is `unparsable`. `unit`: that of the header, such as `万人`.

    A unit that is none of counts leaves the column unread.
    """
    if (plain := plain_numbers(cells, reading or ColumnReading())) is not None:
        scale = pl.lit(1 if unit is None else count_scale(unit), pl.Int64).cast(pl.Decimal(9, 0))
        return _figures(name, cells, plain if unit is None else pl.select(pl.lit(plain) * scale).to_series())
    texts, inexact = about(whole(folded(cells)))
    parsed = _figures(name, cells, pl.select(_count(texts, unit, reading)).to_series())
    return replace(parsed, counts=_inexact(parsed.columns[name], inexact))


_CHINESE_YEAR = {character: str(digit) for digit, character in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
}
# A whole year only: the half and the quarter of one are no year's figures.
_WHOLE_YEAR = r"^(?:fy|cy|财年|会计年度)?([0-9]{4})(?:年?(?:度|报|年报|年度报告|全年|财年|1-12月(?:份)?)?|fy|a|年?年末)(?:\((?:经审计|已审计|审计|合并|母公司)\))?$"
_YEAR_END = r"^([0-9]{4})(?:[-/.年]?12[-/.月]?31日?)(?:[t ]?0{1,2}:00(?::00)?(?:\.0+)?)?$"


# `2026E`, `2026年(预计)`, `2025H1`, `2025年1-9月`, `2025年三季度`: surely no whole year that has been.
_OTHER_PERIOD = (
    r"(?i)^(?:fy)?[0-9]{4}年?度?[-_]?[(]?(?:[efpb]|预计|预测|预算|计划|预期|目标|估计|[hq][1-4]|[1-4]q|[12]h|[上下]?半年度?|中报"
    r"|第?[一二三四1-4]季度?报?|前[一二三123]季度|0?1月?-(?:0?[1-9]|1[01])月(?:份)?|0?[1-9]月(?:份)?|1[01]月(?:份)?)(?:数|值|报)?[)]?$"
)


# `2024-06-30`, `202406`, `1Q24`, `2022-2024`, `TTM`.
_DAY_OR_MONTH = (
    r"(?i)^(?:\d{4}(?:[-/.年](?:0?[1-9]|1[0-2])|0[1-9]|1[0-2])(?:月(?:份|末)?)?(?:[-/.]?\d{1,2}日?(?:[t ]?0{1,2}:00(?::00)?(?:\.0+)?)?)?"
    r"|[1-4]q\d{2}(?:\d{2})?|\d{2}[hq][1-4]|\d{4}年?度?[-~至到—–]\d{4}年?度?|近[一二两三四五1-5]年|ttm|ltm|mrq)$"
)


def other_period(cells: pl.Expr) -> pl.Expr:
    """Return whether a cell of years states a forecast, a part of a year or several years."""
    said = fold(cells).str.replace("^截[至止]", "")
    return said.str.contains(_OTHER_PERIOD) | (said.str.contains(_DAY_OR_MONTH) & ~said.str.contains(_YEAR_END))


def parse_year(name: str, cells: pl.Series, *, reading: ColumnReading | None = None) -> Parsed:
    """Read years: `2024年度`, `FY2024`, `2024-12-31`, `二〇二四年`. A half, a quarter or another closing day is `unparsable`."""
    exact = parse_integer(name, cells, reading=reading)
    text = fold(pl.col("cell")).str.to_lowercase().str.replace_many(list(_CHINESE_YEAR), list(_CHINESE_YEAR.values()))
    text = text.str.replace("^截[至止]", "").str.replace(r"^fy(\d{2})$", "fy20${1}")
    frame = pl.DataFrame({"cell": cells, "exact": exact.columns[name]})
    value = pl.coalesce(
        # 20241231 is a day, not a year that no range holds.
        text.str.extract(_YEAR_END, 1),
        text.str.extract(_WHOLE_YEAR, 1),
        # `约2024` is no year.
        pl.when(~text.str.contains("约|近|左右|上下|[余多~≈]")).then(pl.col("exact").cast(pl.String)),
    )
    years = frame.select(value.cast(pl.Int64, strict=False).alias(name)).to_series()
    return Parsed({name: years}, why_not(years, cells))


_CREW = r"^(?:现有|现|共计|共有?|合计|总计|在职|在岗|在册|在编|全职|员工|职工|人员|从业人员|总数|人数|[:为])+"
_CREW_BEHIND = r"(?:[人名位]?(?:员工|职工|雇员)|persons?|people|employees?|staff)?[。;,]?$"
_LEAST = r"(?:超过?|大于|高于|多于|不少于|不低于|不小于|至少|逾|>=?|≥)"
_OF_YEAR = r"\s*[(（](?:19|20)[0-9]{2}(?:年|年度|年报|年度报告|年年报)?[)）]\s*$"


def parse_headcount(
    name: str, cells: pl.Series, *, unit: str | None = None, reading: ColumnReading | None = None
) -> Parsed:
    """Read head counts. A band gives its lower bound and is counted: `100-499人`, `100人以上` and `超过100人` are 100.

    A band with an upper bound only (`小于50人`) tells no number that could be used: NULL, `not_disclosed`. `unit`: see
    `parse_integer`.
    """
    if plain_numbers(cells, reading or ColumnReading()) is not None:
        return parse_integer(name, cells, unit=unit, reading=reading)
    cells = cells.str.replace(_OF_YEAR, "")
    texts = whole(folded(cells))
    crew = where_needed(texts, r"[^0-9.,]", lambda some: some.str.replace(_CREW, "").str.replace(_CREW_BEHIND, ""))
    spelt = in_digits(crew, scaled=False)
    text = pl.lit(spelt.str.replace_all(",", ""))
    band = pl.coalesce(
        text.str.extract(
            r"^([0-9]{1,7})(?:人|名)?(?:[-~至到—–](?:[0-9]{1,7})(?:人|名)?|(?:人|名)?(?:以上|及以上|\+))$", 1
        ),
        text.str.extract(rf"^{_LEAST}([0-9]{{1,7}})(?:人|名)?$", 1),
    )
    below = text.str.contains(r"^(?:(?:小于|少于|不足|低于|<|≤)[0-9]+(?:人|名)?|[0-9]+(?:人|名)?(?:以下|以内|及以下))$")
    exact = parse_integer(name, crew, unit=unit, reading=reading)
    scale = pl.lit(1 if unit is None else count_scale(unit), pl.Int64)
    frame = pl.DataFrame({"exact": exact.columns[name]}).with_columns(
        band=band.cast(pl.Int64, strict=False) * scale, below=below
    )
    values = frame.select(pl.coalesce("exact", "band").alias(name)).to_series()
    failure = pl.when(pl.lit(frame["below"])).then(pl.lit("not_disclosed")).otherwise(pl.lit("unparsable"))
    counts = {"from_band": int(frame["band"].is_not_null().sum()), "below_band": int(frame["below"].sum())}
    return Parsed({name: values}, why_not(values, cells, failure), {**counts, **exact.counts})


# `35%(直接30%,间接5%)`, `35%(认缴350万元)`: what the whole share is of.
_SHARE_OF = r"^([\d.]+[%‰])[(,;](?:其中|含|直接|间接|认缴|实缴|出资|持有).*$"


def parse_percent(
    name: str,
    cells: pl.Series,
    *,
    unit: str | None = None,
    most: float | None = None,
    formatted: bool = True,
    reading: ColumnReading | None = None,
) -> Parsed:
    """Read ratios as fractions. `12.5%` is 0.125; a bare number is in `unit`, one of RATIO_UNITS.

    Where nothing says so, the column is taken as percentages throughout, and counted, when most of its bare numbers are
    above 1; one is enough where `most` says that the ratio cannot be above 1 (a share). Where the formats of cells are not known
    (`formatted` is False), a bare number up to 1 in a column of percentages is left unread: it may be a percent cell.
    """
    inexact = pl.lit(False)
    if (plain := plain_numbers(cells, reading or ColumnReading())) is not None:
        frame = pl.DataFrame({"number": plain}).with_columns(signed=pl.lit(False), permille=pl.lit(False))
    else:
        texts, marked = about(folded(cells).str.replace(_SHARE_OF, "${1}"))
        inexact = pl.lit(marked)
        text = ratios_in_digits(texts)
        number = _number(text.str.replace("‰", "", literal=True), reading, behind="%")
        frame = pl.DataFrame({"text": text}).select(
            permille=pl.col("text").str.ends_with("‰"),
            signed=pl.col("text").str.contains(r"[%‰]\)?-?$"),
            number=_as_wide(pl.lit(number)),
        )
    bare = frame.filter(~pl.col("signed") & (pl.col("number") != 0))["number"].cast(pl.Float64)
    said = (reading or ColumnReading()).weigh(
        bare=len(bare), above=(bare.abs() > 1).sum(), below=(bare.abs() < 1).sum()
    )
    above = said["above"]
    enough = 0 if most is not None and most <= 1 else said["bare"] // 2
    looks_percent = unit is None and above > enough
    bare_divisor = 1000 if unit == "‰" else 100 if looks_percent or unit == "%" else 1
    divisor = pl.when("permille").then(1000).when("signed").then(100).otherwise(bare_divisor)
    # `0.45` below `(%)` may be 0.45 % or what a spreadsheet calls 45 %: no cell of the column tells, so it is said.
    below = unit == "%" and said["bare"] >= _SEVERAL and said["below"] == said["bare"]
    if not formatted and (looks_percent or unit == "%"):
        unclear = ~pl.col("signed") & (pl.col("number") != 0) & (pl.col("number").abs() <= 1)
        frame = frame.with_columns(number=pl.when(~unclear.fill_null(False)).then("number"))
    value = (pl.col("number") / divisor.cast(pl.Decimal(5, 0))).cast(AMOUNT, strict=False)
    read = frame.select(value.alias(name), inexact=value.is_not_null() & inexact)
    counts = {
        "taken_as_percent": len(bare) if looks_percent else 0,
        "fraction_below_percent": len(bare) if below else 0,
        "approximate": int(read["inexact"].sum()),
    }
    return Parsed({name: read[name]}, why_not(read[name], cells), counts)


_CIRCLES = frozenset("○〇◯")
_CHOICE = re.compile(r"([☑☒✓✔√■●⊙]|[☐□○])\s*([^☑☒✓✔√■●⊙☐□○\s,，;；/]{1,6})")


def _circle_means(cells: pl.Series, reading: ColumnReading) -> str | None:
    others = set(cells.drop_nulls().str.strip_chars().unique().to_list())
    if reading.whole and not others & _CIRCLES:
        return None
    said = reading.weigh(full=len(others & {"●", "⚫"}), cross=len(others & {"×", "✗", "✘", "x", "X"}))
    full, cross = said["full"] > 0, said["cross"] > 0
    return None if full == cross else "false" if full else "true"


def _ticked(text: str) -> str | None:
    """Return the one ticked word of a printed choice, None where the text is none or several are ticked."""
    choices = _CHOICE.findall(text)
    ticked = [word for mark, word in choices if mark not in "☐□○"]
    return ticked[0] if len(choices) > 1 and len(ticked) == 1 else None


# `是（科创板）`; what a note takes back (`是（已退市）`) is not told.
_YES_WITH_NOTE = re.compile(r"^\s*(是|有)\s*[(（][^()（）非未无不没否拟曾待退终摘]{1,12}[)）]\s*$")
_NO_WITH_NOTE = re.compile(r"^\s*(否|无)\s*[(（][^()（）是]{1,12}[)）]\s*$")


def parse_boolean(name: str, cells: pl.Series, *, reading: ColumnReading | None = None) -> Parsed:
    """Read yes and no. `无` means no here, not missing. Of a printed choice (`□是 ☑否`) the ticked word counts.

    A hollow circle is the empty one beside a full one (`●`), and the yes beside a cross (`×`), as Taiwan and Japan write; where the
    column shows neither it is left unread.
    """
    known = vocabulary("boolean")
    assert known is not None
    circle = _circle_means(cells, reading or ColumnReading())

    def answer(text: str) -> str | None:
        ticked = _ticked(text)
        if ticked is None and (noted := _YES_WITH_NOTE.match(text) or _NO_WITH_NOTE.match(text)):
            return known.look_up(noted[1])
        return circle if text.strip() in _CIRCLES else known.look_up(text if ticked is None else ticked)

    values = map_unique(cells, answer) == "true"
    return Parsed({name: values.alias(name)}, why_not(values, cells))


def parse_category(name: str, cells: pl.Series, values: tuple[str, ...], known: Vocabulary) -> Parsed:
    """Read a category by its own ids or by the words of a vocabulary; a text that is neither is `unparsable`.

    A word that its negation takes back (「非高新技术企业」, 「拟认定…」) is the value `other`, where the column has one: the
    cell says something, and not that. Where the vocabulary says what a past record is (「移出经营异常名录」), the value stays
    and the column of the state says so. `negated` counts both.
    """
    ids = {value.casefold(): value for value in values}

    def reading(text: str) -> tuple[str | None, str | None, bool]:
        own = ids.get(text.strip().casefold().replace(" ", "_").replace("-", "_"))
        if own is not None:
            return own, None, False
        found = known.read(text)
        value = found.value if found.value in values or not values else None
        if value is None or not found.negation:
            return value, None, False
        if found.negation == "past" and known.past is not None:
            return value, known.past[1], True
        return ("other" if "other" in values else None), None, True

    readings = {text: reading(text) for text in cells.drop_nulls().unique().to_list()}
    answers = map_unique(cells, lambda text: readings[text][0])
    columns = {name: answers.alias(name)}
    if known.past is not None and any(state for _, state, _ in readings.values()):
        columns[known.past[0]] = map_unique(cells, lambda text: readings[text][1]).alias(known.past[0])
    negated = [text for text, (_, _, negation) in readings.items() if negation]
    counts = {"negated": int(cells.is_in(negated).sum())} if negated else {}
    return Parsed(columns, why_not(answers, cells), counts)
