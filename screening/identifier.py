"""Ids: the names that packs and data folders give to what they hold, in one strict form.

An id becomes a name of an expression, a column, a relation or a file, so nothing else may stand in it. The plan's own
numbers (`二(四)1`, `四·广州市`) are ids of clauses and directions; they are values only and never name a relation or file.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from screening.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LONGEST = 64
"""Code points of the longest id."""

PLAN_SIGNS = frozenset("()（）·.-")
"""What the numbers of clauses, directions and places may hold besides letters, digits and `_`."""

_DEVICES = frozenset(("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))))
"""Names that are no files on Windows, whatever their ending."""


def id_fault(text: str) -> str:
    """Say what is wrong with an id, empty when nothing is.

    >>> id_fault("研发费用_2024"), id_fault("../out")
    ('', "'.' cannot stand in an id")
    """
    return _length_fault(text) or _sign_fault(text, frozenset()) or _first_fault(text)


def plan_number_fault(text: str) -> str:
    """Say what is wrong with a number of the plan or the name of a place, empty when nothing is.

    >>> plan_number_fault("二(四)1"), plan_number_fault("四/1")
    ('', "'/' cannot stand in an id")
    """
    if ".." in text or text[:1] in (".", "-"):
        return "it begins with a sign, or holds two dots in a row"
    return _length_fault(text) or _sign_fault(text, PLAN_SIGNS)


def file_fault(text: str) -> str:
    """Say why no file may be named after this id."""
    return "it is the name of a device on Windows, so no file can have it" if folded(text) in _DEVICES else ""


def folded(text: str) -> str:
    """Return an id as SQL and file systems tell ids apart: width, composition and case do not count."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def repeated(ids: Iterable[str]) -> tuple[str, str] | None:
    """Return the first id that cannot be told from an earlier one, and that earlier one."""
    seen: dict[str, str] = {}
    for each in ids:
        earlier = seen.setdefault(folded(each), each)
        if earlier != each:
            return each, earlier
    return None


def file_named(folder: Path, id_: str, ending: str) -> Path:
    """Return the file of `folder` that is named after an id. The only way from an id to a file name.

    Raises RunError for what is no id: such a name could lead out of the folder, or onto another file.
    """
    fault = id_fault(id_) or file_fault(id_)
    if fault:
        message = f"no file is named after {id_!r}: {fault}"
        raise RunError.of("run/not-an-id", message, remedy="the pack or the run folder was not made by this program")
    return folder / f"{id_}{ending}"


def _length_fault(text: str) -> str:
    if not text:
        return "it is empty"
    return f"it has {len(text)} characters; the most is {LONGEST}" if len(text) > LONGEST else ""


def _sign_fault(text: str, signs: frozenset[str]) -> str:
    wrong = next((c for c in text if not (_is_word(c) or c in signs)), None)
    if wrong is None:
        return ""
    shown = wrong if wrong.isprintable() and not wrong.isspace() else f"U+{ord(wrong):04X}"
    return f"'{shown}' cannot stand in an id"


def _first_fault(text: str) -> str:
    return "" if unicodedata.category(text[0]).startswith("L") else f"it begins with '{text[0]}', not with a letter"


def _is_word(character: str) -> bool:
    """Letters of any script, decimal digits and `_`: what an expression reads as part of a name too."""
    category = unicodedata.category(character)
    return character == "_" or category[0] == "L" or category == "Nd"
