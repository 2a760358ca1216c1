"""Checks of a pack before it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.rulebook.scope import parse_pack

if TYPE_CHECKING:
    import datetime

    from screening.errors import Problem
    from screening.rulebook.loader import LoadedPack


def check(loaded: LoadedPack, as_of: datetime.date) -> list[Problem]:
    """Return every problem of a pack on one date."""
    return list(parse_pack(loaded, as_of).problems)
