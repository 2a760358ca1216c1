"""Numbers and addresses of persons: told by their form, never an id, never printed and never passed on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_PROVINCE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|81|82|83)"
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_CARD = rf"{_PROVINCE}[0-9]{{4}}(?:19|20)[0-9]{{2}}{_DAY}[0-9]{{3}}[0-9Xx]"
_OLD_CARD = rf"{_PROVINCE}[0-9]{{4}}[0-9]{{2}}{_DAY}[0-9]{{3}}"
_MOBILE = r"(?:\+?86[- ]?)?(?:1[0-9]{10}|1[3-9][0-9][- ][0-9]{4}[- ][0-9]{4})"
_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
SHOWN_INSTEAD = "〔个人信息 personal〕"

# A tax number of a sole trader is an identity card with two characters behind it.
_IDENTITY = rf"^(?:{_CARD}[0-9A-Za-z]{{0,2}}|{_OLD_CARD})$"
_INSIDE = rf"(^|[^0-9A-Za-z]){_CARD}[0-9A-Za-z]{{0,2}}([^0-9A-Za-z]|$)"
_PHONE = rf"(^|[^0-9A-Za-z]){_MOBILE}([^0-9A-Za-z]|$)"
_BLOCK = "█"
_BLOTTED = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        _MAIL,
        rf"(?<![0-9A-Za-z]){_CARD}[0-9A-Za-z]{{0,2}}(?![0-9A-Za-z])",
        rf"(?<![0-9A-Za-z]){_MOBILE}(?![0-9A-Za-z])",
    )
)


def identity_card(cells: pl.Expr) -> pl.Expr:
    """Return whether a cell has the form of an identity card (15 or 18 characters, two more for a trader's tax number)."""
    return cells.str.contains(_IDENTITY).fill_null(False)


def masked(cells: pl.Expr) -> pl.Expr:
    """Return cells with identity cards, mobile numbers and mail addresses taken out; the rest stays as it came."""
    hidden = "${1}" + SHOWN_INSTEAD + "${2}"
    return cells.str.replace_all(_MAIL, SHOWN_INSTEAD).str.replace_all(_INSIDE, hidden).str.replace_all(_PHONE, hidden)


def blotted(text: str) -> str:
    """Return a text with the same taken out, each character by a full block: every other character keeps its place."""
    for pattern in _BLOTTED:
        text = pattern.sub(lambda found: _BLOCK * len(found[0]), text)
    return text
