"""The scoring functions, one module each: points with both ends, idleness, branches, steps for a reader.

A module is named by the key that tells its function; it is found by it. What a function holds, reads, compares with and can
give stands with its model in `screening.rulebook.functions`.
"""

from __future__ import annotations

import functools
import importlib
from typing import TYPE_CHECKING, Any

from screening.engine.compile.functions.scoring import Branch, Reached, Scoring
from screening.rulebook.functions import kind_of

if TYPE_CHECKING:
    from screening.rulebook.functions import Function
    from screening.rulebook.scope import Path_

__all__ = ["Branch", "Reached", "Scoring", "scoring"]


def scoring(function: Function, path: Path_) -> Scoring[Any]:
    """Return how a function at its place in a pack is computed."""
    return _computed(kind_of(function))(function, path)


@functools.cache
def _computed(kind: str) -> type[Scoring[Any]]:
    module = importlib.import_module(f"{__name__}.{kind}")
    [found] = [c for c in vars(module).values() if isinstance(c, type) and c.__module__ == module.__name__]
    return found
