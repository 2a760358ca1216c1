"""Numbers, dates and hostile text to ready strings. Nothing is rounded that a reader could add up or compare."""

from __future__ import annotations

import datetime
import functools
import re
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
    if text.isprintable():
        return text
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if c in _BIDI or (unicodedata.category(c) in ("Cc", "Cs") and c not in _KEEP) else c
        for c in text
    )


@functools.lru_cache(maxsize=5_000)
def cut(text: str | None, length: int = NAME_LENGTH) -> str:
    """Return the text made safe and cut for display, a dash for none."""
    if text is None or not text.strip():
        return DASH
    shown = plain(text[: length + 1])
    return shown if len(shown) <= length else shown[:length].rstrip() + "…"


_HALF = re.compile(r"(?<=[\u4e00-\u9fff”》)）]) ?([,;:!?]) ?|([,;:!?]) ?(?=[\u4e00-\u9fff“《（])")
_FULL = dict(zip(",;:!?", "，；：！？", strict=True))


def full_width(text: str) -> str:
    """Return a Chinese sentence of the terminal with the marks that print uses: full-width where they touch a character."""
    return _HALF.sub(lambda m: _FULL[m[1] or m[2]], text)


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


_PLACES = [Decimal(1).scaleb(-places) for places in range(11)]


def half_up(value: Decimal, places: int) -> Decimal:
    """Round half away from zero."""
    return value.quantize(_PLACES[places], rounding=ROUND_HALF_UP)


def money_unit(value: Decimal, lang: Lang) -> tuple[Decimal, str]:
    """Return the unit an amount is shown in: 亿 and 万 in Chinese, bn and m in English."""
    size = abs(value)
    steps: tuple[tuple[int, int, str], ...] = ((8, 8, "亿"), (4, 4, "万"))
    if lang == "en":
        steps = ((9, 9, "bn"), (5, 6, "m"))
    return next(((Decimal(10**scale), unit) for least, scale, unit in steps if size >= 10**least), (Decimal(1), ""))


_UNITS = {
    "years": ("年", "years"),
    "months": ("个月", "months"),
    "days": ("天", "days"),
    "persons": ("人", "persons"),
    "count": ("项", ""),
    "points": ("分", "points"),
}


def unit_word(unit: str, lang: Lang) -> str:
    """Return the word of a unit."""
    zh, en = _UNITS.get(unit, ("", ""))
    return zh if lang == "zh" else en


def quantity(value: FactValue, unit: str, lang: Lang) -> str:
    """Return a value that is no number, or a whole one, in words; numbers with a pack's bounds go through `Printer`."""
    if value is None:
        return DASH
    if isinstance(value, bool):
        return ("是" if value else "否") if lang == "zh" else ("yes" if value else "no")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str):
        return cut(value, 120)
    return f"{Decimal(value).normalize():,f} {unit_word(unit, lang)}".rstrip().replace("-", "−")


def told(text: Text | None, lang: Lang, length: int = 400) -> str:
    """Return a pack's text in the language, cut; a dash for none."""
    return DASH if text is None else cut(text.text(lang), length)


def listed(parts: Sequence[str], lang: Lang) -> str:
    """Join a list the way the language does."""
    return ("、" if lang == "zh" else ", ").join(parts)


def short_digest(digest: str) -> str:
    """Return the first twelve characters of a digest, without its algorithm."""
    return digest.rpartition(":")[2][:12] or DASH
