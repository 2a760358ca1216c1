"""Unit words that stand beside a table: above its header, in a row or a column of their own.

A unit that looks like one and is not understood refuses the amounts it is said of: a guess would be wrong by a power
of ten.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import polars as pl

from screening.dataset.amounts import money_unit
from screening.dataset.headers import fold_header
from screening.dataset.numbers import RATIO_UNITS, count_scale
from screening.dataset.vocabulary import fold_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from screening.dataset.raw import StoredRows

UNIT_HEADERS = frozenset(
    fold_header(word)
    for word in (
        "单位",
        "金额单位",
        "货币单位",
        "计量单位",
        "数据单位",
        "unit",
        "units",
        "amount unit",
        "currency unit",
    )
)
_CURRENCY_HEADERS = frozenset(
    fold_header(word)
    for word in ("币种", "货币", "货币种类", "金额币种", "结算币种", "币别", "货币代码", "currency", "currency code")
)
# Whose form it is, not what it counts in.
_WHO = r"(?<!填报)(?<!编制)(?<!报送)(?<!申报)(?<!主管)(?<!填表)(?<!制表)(?<!推荐)(?<!报表)(?<!上报)"
_SAID = re.compile(rf"{_WHO}单位(?:均)?[:为是]?((?:[^)\]】;。\s注制填](?!单位|币种))+)")
_SAID_ENGLISH = re.compile(
    r"(?:units?|amounts?|figures?|currency)(?:are|is)?(?:in|:)([^);。]+)|\(?(in(?:rmb|cny|millions|thousands|yuan)[^);。]*)"
)
_AS_UNIT = re.compile(r"以([^;以为]{1,8})为单位")
_CURRENCY = re.compile(r"币种:?([^;。)\]】:]{1,8})")
_ALONE = re.compile(r"^[(\[【]?((?:人民币)?(?:[十百千]?万|亿|千|百万)?(?:人民币|美|港|欧)?元(?:人民币)?)[)\]】]?$")
_LIKE = re.compile(r"[元万亿¥￥$€£]|币|rmb|cny|usd|hkd|yuan|million|thousand|billion|'000|^(?:千|百|[kmbw]|mn|bn)$")
# What else a row of units may hold: counts of anything, measures, a word for "none".
_OTHER = re.compile(
    r"^(?:[-/—–%‰1]|文本|日期|年份|年度"
    r"|[十百千万亿]*(?:年|月|日|天|小时|个月|人|名|位|人次|项|件|家|户|个|次|份|篇|条|款|种|批|期|轮|级|分|倍|股|台|套|辆|吨|kg|千克|公斤|米|平方米|㎡|m2|亩|公顷)"
    r"|元/(?:股|人|吨|平方米|㎡|件|台|套))$"
)
_LABEL = re.compile(r"^(?:金额|货币|计量|数据)?单位:?$")
_LONGEST = 200


def looks_like_unit(text: str) -> bool:
    """Return whether a text in the place of a unit may name one of money."""
    return bool(_LIKE.search(fold_word(text)))


def unit_in_text(text: str) -> str | None:
    """Return the unit of money that a line above or below a table states, as written; None when it states none.

    >>> unit_in_text("填报单位：样例园区  单位：万元"), unit_in_text("填报单位：样例园区")
    ('万元', None)
    """
    folded = fold_word(re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", ";", text[:_LONGEST]))
    if alone := _ALONE.match(folded):
        return alone[1]
    said = [found[1] for found in _SAID.finditer(folded)]
    said += _AS_UNIT.findall(folded)
    said += [next(filter(None, found.groups())) for found in _SAID_ENGLISH.finditer(folded)]
    money = [piece for unit in said for piece in _pieces(unit) if looks_like_unit(piece)]
    unit = "/".join(dict.fromkeys(money))
    currency = _CURRENCY.search(folded)
    return (unit + currency[1] if unit and currency else unit) or None


def _pieces(unit: str) -> list[str]:
    """Split `万元,人,%` into its parts; a comma inside a number is none."""
    return [piece for piece in re.split(r"(?<!\d),|,(?!\d)|、|;", unit) if piece]


def title_unit(rows: Iterable[Sequence[str | None]]) -> str:
    """Return the unit said above a table, empty when none is."""
    found = [unit for row in rows for cell in row if cell and (unit := unit_in_text(cell))]
    return "/".join(dict.fromkeys(found))


def unit_in_name(name: str) -> str:
    """Return the unit that stands by itself in the name of a sheet or file, empty when none does.

    >>> unit_in_name("利润表（万元）.csv"), unit_in_name("财务_单位万元.xlsx"), unit_in_name("营收超5000万元企业.xlsx")
    ('万元', '万元', '')
    """
    pieces = re.split(
        r"[()\[\]【】\-_—–.·,;+]|\s+", re.sub(r"\.[A-Za-z]{2,7}$", "", unicodedata.normalize("NFKC", name))
    )
    words = (re.sub(r"^(?:金额)?单位[:为]?", "", fold_word(piece)) for piece in pieces)
    found = {word for word in words if len(word) > 1 and _ALONE.match(word)}
    return found.pop() if len(found) == 1 else ""


def unit_row(cells: Sequence[str | None]) -> tuple[str, ...] | None:
    """Return the units of a row that holds nothing else, None for a row of data. Words in brackets are remarks on a column."""
    folded = [fold_word(cell or "") for cell in cells]
    remarks = [bool(re.match(r"^[(\[【][^\d]{1,10}[)\]】]$", text)) for text in folded]
    texts = [re.sub(r"^[(\[【](.*)[)\]】]$", r"\1", text) for text in folded]
    texts = [re.sub(r"^(?:金额|货币|计量|数据)?单位:?(?=.)", "", text) for text in texts]
    known = [money_unit(text) is not None or text in RATIO_UNITS or (count_scale(text) or 1) > 1 for text in texts]
    if not any(money_unit(text) is not None or text in ("%", "‰") for text in texts if text):
        return None
    for text, is_unit, remark in zip(texts, known, remarks, strict=True):
        if text and not (is_unit or remark or _LABEL.match(text) or _OTHER.match(text)):
            return None
    return tuple(text if text and is_unit else "" for text, is_unit in zip(texts, known, strict=True))


def unit_column(frame: pl.DataFrame, headers: Iterable[str], stored: StoredRows | None = None) -> str | None:
    """Return the header of a column that states the unit of each row's amounts, None when there is none."""
    for header in headers:
        if fold_header(header) not in UNIT_HEADERS:
            continue
        cells = frame[header] if stored is None else _words_stored(stored, frame.columns.index(header) - 1)
        words = cells.drop_nulls().str.strip_chars()
        words = words.filter(words != "").unique().sort()
        if len(words) and sum(money_unit(word) is not None for word in words.head(200)) * 2 > min(len(words), 200):
            return header
    return None


def _words_stored(stored: StoredRows, place: int) -> pl.Series:
    ends = (*stored.starts[1:], stored.height)
    read = (
        stored.read(start, end - start, [place]).to_series(1) for start, end in zip(stored.starts, ends, strict=True)
    )
    return pl.concat([cells.unique() for cells in read])


def currency_column(headers: Iterable[str]) -> str | None:
    """Return the header of a column that states the currency of each row, None when there is none."""
    return next((header for header in headers if fold_header(header) in _CURRENCY_HEADERS), None)


def with_row_units(cells: pl.Series, units: pl.Series) -> pl.Series:
    """Write the unit of its row behind each bare number: one text then says both."""
    bare = pl.col("cell").str.contains(r"^[\s(（+\-−–—]*[\d.,，' ]+[)）\-−–—\s]*$")
    unit = pl.col("unit").str.strip_chars()
    return (
        pl.DataFrame({"cell": cells, "unit": units})
        .select(
            pl.when(bare & (unit != "").fill_null(False))
            .then(pl.col("cell") + unit)
            .otherwise("cell")
            .alias(cells.name)
        )
        .to_series()
    )
