"""Number formats of spreadsheets: what the writer of a cell saw behind a bare number.

A format says more than digits: a percent, a date, a currency, 万元. The number is written out the way it was shown,
without its rounding, so that one text tells both value and meaning and every later step reads it like typed text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from math import isfinite
from typing import Literal

from screening.dataset.amounts import SCALES, money_unit

Kind = Literal["number", "date", "elapsed"]

# Formats that a file may name by number without writing them out; 27-36 and 50-58 are those of Chinese versions.
BUILT_IN: dict[int, str] = {
    9: "0%",
    10: "0.00%",
    **dict.fromkeys((14, 15, 22, 30), "yyyy-m-d"),
    16: "d-mmm",
    17: "mmm-yy",
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 55, 56), "h:mm"),
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    31: 'yyyy"年"m"月"d"日"',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
}
_SCALE_WORDS = {10**3: "千", 10**4: "万", 10**5: "十万", 10**6: "百万", 10**7: "千万", 10**8: "亿"}
_GENERAL = re.compile(r"general|g/通用格式", re.IGNORECASE)
_CONDITION = re.compile(r"^(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)$")
_DATE_LETTERS = frozenset("ymdhseg")
# How a section of negative numbers marks them: the number says so itself.
_LOSS = re.compile(r"[▲△▼▽]|净?亏损?|负|loss", re.IGNORECASE)
_SILENT = re.compile(r"[\s()\-+*]+")
# The yen sign is that of the yuan but in Japan.
_JAPAN = ("411",)
_LONGEST = 255


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a format. `factor` is by how much the shown number is smaller than the cell's."""

    kind: Kind = "number"
    prefix: str = ""
    suffix: str = ""
    factor: int = 1
    percent: bool = False
    digits: int = 0
    """How many digits are shown at least, leading zeros included; 0 where this says nothing."""
    monthly: bool = False
    condition: tuple[str, Decimal] | None = None
    blank: bool = False
    """The section shows no number, only its words."""
    minus: bool = False
    """A minus or a bracket is written before the digits, whatever the sign of the number."""

    def says_nothing(self) -> bool:
        """Return whether a number under this section is only a number."""
        return self == Section(condition=self.condition, minus=self.minus) or self.blank


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A format as its sections, in the order of the file."""

    sections: tuple[Section, ...]

    @property
    def kind(self) -> Kind:
        """Return what the first section makes of a number."""
        return self.sections[0].kind

    @property
    def monthly(self) -> bool:
        """Return whether a date is shown without its day."""
        return self.sections[0].monthly

    def says_nothing(self) -> bool:
        """Return whether numbers under this format are only numbers."""
        return not self.sections[0].minus and all(section.says_nothing() for section in self.sections)

    def section(self, number: Decimal) -> Section:
        """Return the section that shows `number`."""
        shown = [section for section in self.sections if not section.blank] or [Section()]
        if any(section.condition for section in self.sections):
            return next((s for s in self.sections if _holds(s.condition, number)), self.sections[-1])
        if len(self.sections) > 1 and number < 0:
            return self.sections[1] if not self.sections[1].blank else shown[0]
        return shown[0]


def _holds(condition: tuple[str, Decimal] | None, number: Decimal) -> bool:
    if condition is None:
        return True
    sign, bound = condition
    order = (number > bound) - (number < bound)
    return {"<": order < 0, ">": order > 0, "=": order == 0, "<=": order <= 0, ">=": order >= 0, "<>": order != 0}[sign]


@cache
def number_format(code: str) -> NumberFormat:
    """Read a format code.

    >>> number_format('0.00"万元"').sections[0].suffix
    '万元'
    """
    return NumberFormat(tuple(_section(part) for part in _split(code[:_LONGEST])[:4]) or (Section(),))


def _split(code: str) -> list[str]:
    """Split a code at the semicolons that are not quoted or escaped."""
    parts, current, place = [], "", 0
    while place < len(code):
        character = code[place]
        if character == '"':
            end = code.find('"', place + 1)
            end = len(code) if end < 0 else end
            current += code[place : end + 1]
            place = end + 1
        elif character in "\\!" and place + 1 < len(code):
            current += code[place : place + 2]
            place += 2
        elif character == ";":
            parts.append(current)
            current = ""
            place += 1
        else:
            current += character
            place += 1
    return [*parts, current]


def _section(code: str) -> Section:
    """Read one section: literals, digit places, scaling commas, percent, dates, condition and currency."""
    prefix, suffix, inner = "", "", 0
    letters, places, integer_zeros, commas = "", 0, 0, 0
    percent = decimals = elapsed = False
    condition: tuple[str, Decimal] | None = None
    code = _GENERAL.sub("#", code)
    place = 0
    while place < len(code):
        character, literal = code[place], ""
        place += 1
        if character == '"':
            end = code.find('"', place)
            end = len(code) if end < 0 else end
            literal, place = code[place:end], end + 1
        elif character in "\\!":
            literal, place = code[place : place + 1], place + 1
        elif character in "_*":
            place += 1
        elif character == "[":
            end = code.find("]", place)
            end = len(code) if end < 0 else end
            inside, place = code[place:end], end + 1
            if inside.startswith("$"):
                literal = _currency(inside)
            elif found := _CONDITION.match(inside):
                condition = (found[1], Decimal(found[2]))
            elif inside and set(inside.lower()) <= set("hms"):
                elapsed = True
        elif character in "0#?":
            places += 1
            commas = 0
            if character == "0" and not decimals:
                integer_zeros += 1
            if inner:
                inner *= 10
        elif character == "." and places:
            decimals = True
        elif character == ",":
            commas += 1 if places else 0
        elif character == "%":
            percent = True
        elif character.lower() == "e" and places and code[place : place + 1] in ("+", "-"):
            place += 1
            places += 1
        elif character.lower() in _DATE_LETTERS and character.isascii():
            letters += character.lower()
        elif character.upper() == "A" and code[place - 1 : place + 4].upper() in ("AM/PM",):
            place += 4
        elif character not in "@/:":
            literal = character
        if literal == "." and places and re.search(r"[0#?]", code[place:]):
            inner = inner or 1
        elif places:
            suffix += literal
        else:
            prefix += literal
    if letters and not places:
        return Section("elapsed" if elapsed else "date", monthly="d" not in letters and "y" in letters)
    minus = bool(re.search(r"[(\-]", prefix))
    prefix, suffix = _SILENT.sub("", prefix), _SILENT.sub("", suffix)
    if elapsed or letters:
        return Section("elapsed", condition=condition)
    return Section(
        "number",
        prefix,
        suffix,
        1000**commas * max(inner, 1),
        percent,
        integer_zeros if integer_zeros > 1 and not decimals and commas == 0 and not inner else 0,
        condition=condition,
        blank=not places and "@" not in code,
        minus=minus,
    )


def _currency(inside: str) -> str:
    symbol, _, locale = inside[1:].partition("-")
    return "JPY" if symbol in ("¥", "￥") and locale.lower().endswith(_JAPAN) else symbol


@lru_cache(maxsize=1 << 16)
def plain_number(text: str) -> str:
    """Return a number of a spreadsheet with the fifteen digits that one has; what is no number stays as it is.

    >>> plain_number("0.28999999999999998"), plain_number("62.0"), plain_number("9.14401011234567E+17")
    ('0.29', '62', '9.14401011234567e+17')
    """
    try:
        number = float(text)
    except ValueError:
        return text
    if not isfinite(number):
        return text
    if abs(number) >= 1e15:
        return f"{number:.15g}"
    return _written(Decimal(f"{number:.15g}"))


def _written(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") or "0" if "." in text else text


def shown(text: str, form: NumberFormat) -> str:
    """Return the number `text` as `form` shows it, unrounded: `0.6` under `0.00%` is `60%`.

    A scaling comma makes the shown number smaller than the cell's, which holds yuan whatever word stands beside it.
    Words that are no unit beside such a comma leave nothing certain: the text then says both and is no number.
    """
    written = plain_number(text)
    try:
        number = Decimal(written)
    except InvalidOperation:
        return text
    section = form.section(number)
    if section.minus and number > 0:
        # A minus written into the format of a positive number: nobody can tell which of the two was meant.
        return f"{written} [-]"
    if section.says_nothing() or section.kind != "number":
        return written
    if section.percent:
        return f"{_written(number * 100)}%"
    prefix, suffix = section.prefix, section.suffix
    if number < 0 and len(form.sections) > 1:
        prefix, suffix = _LOSS.sub("", prefix), _LOSS.sub("", suffix)
    if section.factor != 1:
        unit = money_unit(prefix + suffix) if prefix + suffix else None
        scale = unit.scale if unit is not None and any(word in prefix + suffix for word in SCALES) else None
        word = _SCALE_WORDS.get(section.factor)
        if unit is None and prefix + suffix:
            return f"{written} [{prefix}÷{section.factor}{suffix}]"
        if word is None or (scale is not None and scale != section.factor):
            prefix, suffix = "", (unit.currency if unit is not None and unit.currency else "元")
        else:
            suffix = suffix if scale is not None else word + suffix
            number = number / section.factor
    digits = _written(number)
    if section.digits and number == number.to_integral_value():
        digits = digits.zfill(section.digits)
    sign = "-" if digits.startswith("-") and prefix else ""
    return f"{sign}{prefix}{digits.removeprefix('-') if sign else digits}{suffix}"
