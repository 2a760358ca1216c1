"""The year that a text states: a title, a name, or the header of a column that holds the figures of one year."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_YEAR = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?:年度|年报|年年报|年末|财年|年(?![初中底内起前后以间]))|(?<![A-Za-z])FY((?:19|20)\d{2})(?!\d)|^((?:19|20)\d{2})$",
    re.IGNORECASE,
)
_YEAR_OF_HEADER = re.compile(
    r"(?<![\d.])(?:FY[ _]?)?((?:19|20)\d{2})(?![\d.])(?:\s?(?:年度报告|年年报|年度|财年|年报|年(?:末|底|12月31日)?|[-/]12[-/]31|A(?![A-Za-z])))?",
    re.IGNORECASE,
)
# A part of a year, several years or figures still to come are no year's figures.
_OTHER_PERIOD = re.compile(
    r"半年|季|中报|[1-9]\s*-\s*\d{1,2}\s*月|\d{1,2}\s*月|[QH][1-4]|预测|预算|计划|预计|预期|目标|(?:19|20)\d{2}[EFPB](?![A-Za-z])|近[一二三四五六\d]年|(?:19|20)\d{2}\s*年?\s*[-—–至到~]\s*(?:19|20)?\d{2}",
    re.IGNORECASE,
)
# Forms say which year is meant by 「本年」 above their columns.
_RELATIVE = {
    re.compile(
        r"(?:本会计|本|当|报告)(?:年度?|期)(?![利初])末?(?:金额|数|累计数?|发生额)?|期末(?:余额|金额|数)|年末(?:余额|金额|数)"
    ): 0,
    re.compile(
        r"(?:上(?:一?会计)?|上一|去)(?:年度?|期)末?(?:同期)?(?:金额|数|累计数?|发生额)?|[年期]初(?:余额|金额|数)"
    ): -1,
    re.compile(r"前年(?:金额|数)?"): -2,
}
# Vendors' add-ins write below a name what it is of: `营业收入\n[报告期] 2024年报\n[单位] 万元`.
_LABELS = re.compile(
    r"\s*[\[【](报告期|年报期|单位|报表类型|报告类型|币种|年度|截止日期)[\]】][:：]?\s*([^\[\]【】\r\n]*)"
)
_CHANGE = re.compile("增|比|较|率|减|变动|近|目标|预")
_EMPTY_BRACKETS = re.compile(r"[(\[【]\s*[)\]】]")
_SO_MANY = re.compile(r"(?:最?近|前|过去)[一二两三四五\d]年度?的?|历年|各年度?")
_LONGEST = 80


def year_said(texts: Sequence[str]) -> str | None:
    """Return the one whole year that the texts state; None where none does, several do, or it is of part of a year.

    >>> year_said(["样例园区2024年度财务情况表"]), year_said(["2024年上半年"]), year_said(["2022-2024年度"])
    ('2024', None, None)
    """
    folded = [unicodedata.normalize("NFKC", text).strip() for text in texts if text and len(text) <= _LONGEST]
    years = {next(filter(None, found.groups())) for text in folded for found in _YEAR.finditer(text)}
    if len(years) != 1 or any(_OTHER_PERIOD.search(text) for text in folded):
        return None
    return str(years.pop())


def with_years(head: Sequence[Sequence[str | None]], names: Sequence[str]) -> Sequence[Sequence[str | None]]:
    """Return first rows whose headers name the year that they mean: 「本年」 and 「上年」 under a title of one year.

    Of names (sheet, file) the first that states a year counts where no title does. Without a year they stay.
    """
    at = next((n for n, row in enumerate(head) if any(cell and _relative(cell) is not None for cell in row)), None)
    if at is None:
        return head
    titles = [cell for row in head[:at] for cell in row if cell]
    said = year_said(titles) or next((year for name in names if (year := year_said([name]))), None)
    if said is None:
        return head
    row = [cell if cell is None else _relative(cell, int(said)) or cell for cell in head[at]]
    return [*head[:at], row, *head[at + 1 :]]


def _relative(header: str, year: int = 2000) -> str | None:
    """Return a header with the year that its word for one means, None where it has none or several."""
    if len(header) > _LONGEST or _CHANGE.search(header) or _YEAR_OF_HEADER.search(header):
        return None
    found = [(word, back) for word, back in _RELATIVE.items() if word.search(header)]
    return found[0][0].sub(f"{year + found[0][1]}年", header, count=1) if len(found) == 1 else None


def without_labels(header: str) -> tuple[str, str]:
    """Return a header with what its labels say in brackets behind the name, and the period that one of them gives.

    >>> without_labels("营业收入\\n[报告期] 2024年报\\n[报表类型] 合并报表\\n[单位] 万元"), without_labels("营业收入[万元]")
    (('营业收入(合并报表)(万元)', '2024年报'), ('营业收入[万元]', ''))
    """
    said = {label: value.strip() for label, value in _LABELS.findall(header)} if "[" in header or "【" in header else {}
    if not said:
        return header, ""
    period = next((said[label] for label in ("报告期", "年报期", "年度", "截止日期") if said.get(label)), "")
    behind = [said[label] for label in ("报表类型", "报告类型", "币种", "单位") if said.get(label)]
    return _LABELS.sub("", header).strip() + "".join(f"({each})" for each in behind), period


@lru_cache(maxsize=1 << 14)
def year_of_header(header: str) -> tuple[str, str] | None:
    """Return a header without the one whole year that it states, and the year; None where it states none.

    >>> year_of_header("2024-12-31总资产(万元)"), year_of_header("近两年营业收入 / 2023"), year_of_header("2025年预计营业收入")
    (('总资产(万元)', '2024'), ('营业收入', '2023'), None)
    """
    if len(header) > _LONGEST:
        return None
    name, period = without_labels(unicodedata.normalize("NFKC", header))
    text = period + name
    years = set(_YEAR_OF_HEADER.findall(text))
    if len(years) != 1:
        return None
    rest = _EMPTY_BRACKETS.sub("", _YEAR_OF_HEADER.sub("", text))
    # `近三年营业收入` over single years says how many there are.
    rest = _SO_MANY.sub("", rest)
    if _OTHER_PERIOD.search(rest):
        return None
    return rest.strip(" /_:-,、的"), years.pop()
