"""Numbers, dates and hostile text to ready strings. Nothing is rounded that a reader could add up or compare."""

from __future__ import annotations

import datetime
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.report.wording import Lang
    from screening.result.records import Band, FactValue, Text

DASH = "—"
NAME_LENGTH = 60
TEXT_LENGTH = 4000

# Bidi controls could reorder what stands around them, and other controls have no shape: each is replaced by one
# visible code point, so the offsets of evidence hold.
_BIDI = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_KEEP = frozenset("\n\t")


def plain(text: str) -> str:
    """Return the text with control and bidi characters made visible, code point for code point."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if c in _BIDI or (unicodedata.category(c) in ("Cc", "Cs") and c not in _KEEP) else c
        for c in text
    )


def cut(text: str | None, length: int = NAME_LENGTH) -> str:
    """Return the text made safe and cut for display, a dash for none."""
    if text is None or not text.strip():
        return DASH
    shown = plain(text[: length + 1])
    return shown if len(shown) <= length else shown[:length].rstrip() + "…"


def whole(value: int | None) -> str:
    """Return a count with thousands separators."""
    return DASH if value is None else f"{value:,}"


def points(value: Decimal | None) -> str:
    """Return points as the contract keeps them, two decimals: what is shown adds up and can be compared."""
    return DASH if value is None else f"{value:.2f}".replace("-", "−")


def span(band: Band) -> str:
    """Return the bounds of a band."""
    return DASH if band.low is None or band.high is None else f"{points(band.low)}–{points(band.high)}"


def open_span(band: Band) -> str:
    """Return the bounds where missing facts leave any room, else nothing."""
    return "" if band.low is not None and band.low == band.high else span(band)


def percent(value: Decimal | float | None, places: int = 0) -> str:
    """Return a fraction as a percentage."""
    if value is None:
        return DASH
    scaled = (Decimal(str(value)) * 100).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{scaled}%".replace("-", "−")


def share(part: int, whole_: int) -> str:
    """Return part / whole as a percentage that never rounds something to nothing or nearly all to all."""
    if whole_ == 0:
        return DASH
    if 0 < part * 1000 < whole_:
        return "<0.1%"
    if part < whole_ and part * 1000 > 999 * whole_:
        return ">99.9%"
    return percent(Decimal(part) / Decimal(whole_), 1)


def date(value: datetime.date | None) -> str:
    """Return an ISO date."""
    return DASH if value is None else value.isoformat()


def _trimmed(value: Decimal, places: int = 2) -> str:
    text = f"{value:,.{places}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


def amount(value: Decimal | None, lang: Lang, currency: str | None = None) -> str:
    """Return an amount: 元, 万元 and 亿元 in Chinese; CNY, CNY m and CNY bn in English."""
    if value is None:
        return DASH
    size = abs(value)
    foreign = currency if currency and currency.upper() not in ("CNY", "RMB") else None
    if lang == "zh":
        number, unit = (
            (value / 10**8, "亿") if size >= 10**8 else (value / 10**4, "万") if size >= 10**4 else (value, "")
        )
        return f"{_trimmed(number)} {unit}{foreign if foreign else '元'}"
    number, unit = (value / 10**9, "bn") if size >= 10**9 else (value / 10**6, "m") if size >= 10**5 else (value, "")
    return f"{foreign or 'CNY'} {_trimmed(number)}{' ' + unit if unit else ''}"


_UNITS = {
    "years": ("年", "years"),
    "months": ("个月", "months"),
    "days": ("天", "days"),
    "persons": ("人", "persons"),
    "count": ("项", ""),
    "points": ("分", "points"),
}


def quantity(value: FactValue, unit: str, lang: Lang) -> str:
    """Return a fact's value with its unit."""
    if value is None:
        return DASH
    if isinstance(value, bool):
        return ("是" if value else "否") if lang == "zh" else ("yes" if value else "no")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str):
        return cut(value, 120)
    number = Decimal(value)
    if unit == "cny":
        return amount(number, lang)
    if unit == "ratio":
        return percent(number, 1)
    zh, en = _UNITS.get(unit, ("", ""))
    return f"{_trimmed(number)} {zh if lang == 'zh' else en}".rstrip()


def told(text: Text | None, lang: Lang, length: int = 400) -> str:
    """Return a pack's text in the language, cut; a dash for none."""
    return DASH if text is None else cut(text.text(lang), length)


def listed(parts: Sequence[str], lang: Lang) -> str:
    """Join a list the way the language does."""
    return ("、" if lang == "zh" else ", ").join(parts)


def short_digest(digest: str) -> str:
    """Return the first twelve characters of a digest, without its algorithm."""
    return digest.rpartition(":")[2][:12] or DASH
