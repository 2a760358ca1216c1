"""Numbers as analysts write them in rules: `5%`, `500万元`, `36个月`, `3年`, `0.05`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_UNITS: dict[str, tuple[float, str]] = {
    "%": (0.01, "ratio"),
    "％": (0.01, "ratio"),
    "元": (1.0, "cny"),
    "千元": (1e3, "cny"),
    "万元": (1e4, "cny"),
    "百万元": (1e6, "cny"),
    "千万元": (1e7, "cny"),
    "亿元": (1e8, "cny"),
    "cny": (1.0, "cny"),
    "年": (1.0, "years"),
    "years": (1.0, "years"),
    "year": (1.0, "years"),
    "个月": (1.0, "months"),
    "月": (1.0, "months"),
    "months": (1.0, "months"),
    "month": (1.0, "months"),
    "天": (1.0, "days"),
    "日": (1.0, "days"),
    "days": (1.0, "days"),
    "day": (1.0, "days"),
    "人": (1.0, "persons"),
    "名": (1.0, "persons"),
    "persons": (1.0, "persons"),
    "项": (1.0, "count"),
    "件": (1.0, "count"),
    "家": (1.0, "count"),
    "个": (1.0, "count"),
    "次": (1.0, "count"),
    "分": (1.0, "points"),
    "points": (1.0, "points"),
}
_PATTERN = re.compile(
    rf"^\s*({_NUMBER})\s*({'|'.join(sorted(map(re.escape, _UNITS), key=len, reverse=True))})\s*$", re.I
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in its unit's own scale (`500万元` is 5,000,000 cny). `unit` is None when none was written."""

    value: float
    unit: str | None = None
    text: str = ""

    def __str__(self) -> str:
        return self.text or f"{self.value:g}"


def parse_quantity(value: object) -> Quantity | None:
    """Return the quantity that `value` states, or None when it states none.

    >>> parse_quantity("500万元")
    Quantity(value=5000000.0, unit='cny', text='500万元')
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return Quantity(float(value))
    if not isinstance(value, str):
        return None
    match = _PATTERN.match(value)
    if match is None:
        return None
    scale, unit = _UNITS[match[2].lower()]
    # Round away the binary noise of a scaled decimal: 5 * 0.01 must equal the literal 0.05.
    return Quantity(round(float(match[1].replace(",", "")) * scale, 10), unit, value.strip())
