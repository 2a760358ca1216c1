"""Numbers written with Chinese numerals or with several scales: 「一亿两千万」, 「1千2百万」, 「一二〇〇」, 「三成五」.

Read strictly: what speech leaves out (「三万五」, 「一百二」) or leaves open (「三五人」, 「五六十人」, 「十几」) is no number.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from screening.dataset.text import map_unique

if TYPE_CHECKING:
    import polars as pl

_DIGITS = {
    c: n for row in ("零一二三四五六七八九", "〇壹贰叁肆伍陆柒捌玖", "○弌貳叄肆伍陸柒捌玖") for n, c in enumerate(row)
}
_DIGITS |= {"两": 2, "兩": 2}
_ZEROS = "零〇○"
_PLACES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_SCALES = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_TENS = {"廿": "二十", "卅": "三十", "卌": "四十"}
_HAN = "".join([*_DIGITS, *_PLACES, *_TENS])
_SCALE = "".join(_SCALES)
NUMERAL = rf"[{_HAN}]"
"""A character that only a number in words has; 万 and 亿 stand behind digits too."""
_SPELT = rf"[{_HAN}]|[{_SCALE}]个?[\d{_HAN}]|\d个[{_SCALE}]"
"""What tells a text that is not simply digits with at most one scale."""
_SPAN = re.compile(rf"[\d.,{_HAN}{_SCALE}点個个]*[\d{_HAN}{_SCALE}]")
_TOKEN = re.compile(rf"\d+(?:,\d{{3}})*(?:\.\d+)?|[{_HAN}{_SCALE}]")
_SIMPLE = re.compile(rf"[\d.,]+[十百千拾佰仟]?[{_SCALE}]*|[百千佰仟{_SCALE}]+")
_OLD = {"万": "萬", "亿": "億"}
_TWICE = re.compile(r"^([^()]+)\(([^()]+)\)$")
_COINS = re.compile(r"^[元圆圓](?:[零〇](?=.[角分]))?(?:(.)角)?(?:[零〇](?=.分))?(?:(.)分)?[整正]?$")


def numeral(text: str) -> Decimal | None:
    """Return the number that a text in words or of several scales states; None for what is none, or not surely one.

    >>> [str(numeral(text)) for text in ("一亿两千万", "1千2百万", "一二〇〇", "一点二亿", "三万五", "三五")]
    ['120000000', '12000000', '1200', '120000000.0', 'None', 'None']
    """
    for short, long in _TENS.items():
        text = text.replace(short, long)
    text = re.sub(rf"[个個](?=[{_SCALE}])", "", text)
    if pointed := re.fullmatch(rf"(.+)点([{''.join(_DIGITS)}]+)([{_SCALE}]*)", text):
        whole, decimals = numeral(pointed[1]), "".join(str(_DIGITS[c]) for c in pointed[2])
        text = "" if whole is None or whole >= 10**8 else f"{whole}.{decimals}{pointed[3]}"
    tokens = _TOKEN.findall(text)
    return _of_tokens(tokens) if tokens and "".join(tokens) == text else None


def _of_tokens(tokens: list[str]) -> Decimal | None:
    """Split at the largest scale: what stands before it is multiplied, what stands behind must be smaller."""
    for scale in ("亿億", "万萬"):
        places = [place for place, token in enumerate(tokens) if token in scale]
        if not places:
            continue
        before, behind = tokens[: places[-1]], tokens[places[-1] + 1 :]
        times, rest = _of_tokens(before) if before else None, _behind(behind, 10**8 if scale == "亿億" else 10**4)
        return None if times is None or rest is None else times * _SCALES[scale[0]] + rest
    return _section(tokens)


def _behind(tokens: list[str], below: int) -> Decimal | None:
    """Return what stands behind a scale or place `below`: smaller, and told by its own scale, a zero or all its digits."""
    if not tokens:
        return Decimal(0)
    linked = tokens[0] in _ZEROS
    rest = tokens[1:] if linked else tokens
    value = _of_tokens(rest) if rest else None
    if value is None or value >= below or any("." in token and re.search(r"\.\d{3}$", token) for token in rest):
        return None
    if not linked and len(rest) == 1:
        # 「三万五」 leaves out its scale; 「1万5000」 and 「十五」 fill every place.
        full = below == 10 if rest[0] in _DIGITS else len(re.sub(r",|\..*", "", rest[0])) == len(str(below)) - 1
        return value if full else None
    # 「一亿五千」 may leave out its 万.
    return None if below == _SCALES["亿"] and not linked and not set(rest) & set(_SCALES) else value


def _section(tokens: list[str]) -> Decimal | None:
    """Return a number below ten thousand in words, digits one by one (「二〇二四」), or one number in figures."""
    if all(token in _DIGITS for token in tokens):
        # 「三五」 is three or five, 「两三百」 two or three hundred.
        sure = len(tokens) != 2 or tokens[0] in _ZEROS or tokens[1] in _ZEROS
        return Decimal("".join(str(_DIGITS[token]) for token in tokens)) if sure else None
    for place in ("千仟", "百佰", "十拾"):
        found = next((at for at, token in enumerate(tokens) if token in place), None)
        if found is None:
            continue
        before, behind = tokens[:found], tokens[found + 1 :]
        size = _PLACES[place[0]]
        if not before and size == 10:
            times: Decimal | None = Decimal(1)
        else:
            times = _one(before)
        rest = _behind(behind, size)
        return None if times is None or rest is None else times * size + rest
    return _one(tokens)


def _one(tokens: list[str]) -> Decimal | None:
    """Return a single digit or a number in figures."""
    if len(tokens) != 1:
        return None
    token = tokens[0]
    return (
        Decimal(_DIGITS[token]) if token in _DIGITS else Decimal(token.replace(",", "")) if token[0].isdigit() else None
    )


def in_digits(texts: pl.Series, *, scaled: bool = True) -> pl.Series:
    """Write the one number of each text in digits: 「人民币叁仟万元整」 → 「人民币3000万元」, with the largest scale that it names.

    `scaled` False: without any scale (「一万二千人」 → 「12000人」). Texts that are digits with at most one scale stay, as do those
    whose words are not surely a number.
    """
    spelt = texts.str.contains(_SPELT)
    return map_unique(texts, lambda text: _written(text, scaled)) if spelt.any() else texts


def _written(text: str, scaled: bool) -> str:
    spans = list(_SPAN.finditer(text))
    if len(spans) == 0 or re.search(r"[数几\x1a]|^\(.*\)$", text) or _SIMPLE.fullmatch(spans[0][0]):
        return text
    span, before, behind = spans[0][0], text[: spans[0].start()], text[spans[0].end() :]
    value = numeral(span)
    if value is None:
        return text
    if coins := _COINS.match(behind):
        parts = [Decimal(_DIGITS.get(part, part)) if part else Decimal(0) for part in coins.groups()]
        value, behind = value + parts[0] / 10 + parts[1] / 100, "元"
    elif len(spans) > 1:
        return text
    scale = next((name for name in "亿万" if name in span or _OLD[name] in span), "") if scaled else ""
    return f"{before}{value / _SCALES.get(scale, 1):f}{scale}{behind}"


def said_once(texts: pl.Series) -> pl.Series:
    """Take off a bracket that says the same amount again: 「伍佰万元整(¥5,000,000.00)」 → 「伍佰万元整」."""
    twice = texts.str.contains(rf"\(.*[\d{_HAN}].*\)$") & texts.str.contains(NUMERAL)
    return map_unique(texts, _first_of_two) if twice.any() else texts


def _first_of_two(text: str) -> str:
    two = _TWICE.match(text)
    if two is None:
        return text
    spans = [_SPAN.findall(part) for part in two.groups()]
    if [len(each) for each in spans] != [1, 1]:
        return text
    first, second = (numeral(each[0]) for each in spans)
    return two[1] if first is not None and first == second else text


_SHARE = re.compile(r"^(-?)(百|千|万)分之(负|-)?(.+)$")
_TENTHS = re.compile(r"^(-?)([一二两三四五六七八九十]|\d+(?:\.\d+)?)成(?:([一二三四五六七八九])|(半))?$")
_OF = {"百": "%", "千": "‰"}


def ratios_in_digits(texts: pl.Series) -> pl.Series:
    """Write shares told in words with their sign: 「百分之三十」 → `30%`, 「三成五」 → `35%`, 「千分之三」 → `3‰`."""
    spoken = texts.str.contains(r"分之|成|pct$|percent$")
    return map_unique(texts, _ratio) if spoken.any() else texts


def _ratio(text: str) -> str:
    if re.search(r"[\d.](?:pct|per-?cent)$", text):
        return re.sub(r"(?:pct|per-?cent)$", "%", text)
    text = re.sub(r"^负", "-", text)
    if share := _SHARE.match(text):
        words = share[4]
        value = Decimal(100) if words == "百" else numeral(words)
        if value is None:
            return text
        minus = "-" if share[1] or share[3] else ""
        return f"{minus}{value}{_OF[share[2]]}" if share[2] in _OF else f"{minus}{value / 100:f}%"
    if tenths := _TENTHS.match(text):
        whole = numeral(tenths[2])
        assert whole is not None
        part = 5 if tenths[4] else _DIGITS[tenths[3]] if tenths[3] else 0
        return text if part and "." in tenths[2] else f"{tenths[1]}{whole * 10 + part:f}%"
    return text
