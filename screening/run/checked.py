"""A pack that may be used: loaded, checked, without errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.errors import Position, Problem, RulesError
from screening.foreign_file import read_file
from screening.resources import shown_path
from screening.rulebook.check import check_pack

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence
    from pathlib import Path

    from screening.rulebook.loader import LoadedPack

MAX_SOURCE = 20_000_000
"""Bytes of the longest text that quotes are looked up in."""


def checked_pack(
    rules: str | Path, as_of: datetime.date, trusted: Sequence[Path] = ()
) -> tuple[LoadedPack, tuple[Problem, ...]]:
    """Load a pack and check it. Raises RulesError with all errors, of form and of meaning; the rest is returned."""
    loaded, problems = check_pack(rules, as_of, trusted)
    if loaded is None or any(p.is_error for p in problems):
        raise RulesError(problems)
    return loaded, tuple(problems)


def plan_text(source: Path) -> str:
    """Return the text of a plan, in which quotes are looked up. Raises RulesError when it cannot be read or is not UTF-8."""
    try:
        return read_file(source, most=MAX_SOURCE).decode("utf-8-sig")
    except OSError as error:
        said = f"cannot read the text: {error.strerror or error}"
        raise RulesError.of("source/unreadable", said, Position(shown_path(source))) from error
    except UnicodeDecodeError as error:
        encoded = f"the text is not UTF-8 (byte {error.start})"
        raise RulesError.of("source/encoding", encoded, Position(shown_path(source)), "save it as UTF-8") from error
