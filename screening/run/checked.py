"""A pack that may be used: loaded, checked, without errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.errors import Problem, RulesError
from screening.rulebook.check import check_pack

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence
    from pathlib import Path

    from screening.rulebook.loader import LoadedPack


def checked_pack(
    rules: str, as_of: datetime.date, trusted: Sequence[Path] = ()
) -> tuple[LoadedPack, tuple[Problem, ...]]:
    """Load a pack and check it. Raises RulesError with all errors, of form and of meaning; the rest is returned."""
    loaded, problems = check_pack(rules, as_of, trusted)
    if loaded is None or any(p.is_error for p in problems):
        raise RulesError(problems)
    return loaded, tuple(problems)
