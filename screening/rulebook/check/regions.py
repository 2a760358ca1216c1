"""Sets of values that one fact may take: stretches of numbers, and lists of words. Exact; nothing is approximated."""

from __future__ import annotations

import math
from dataclasses import dataclass

Bound = tuple[float, int]
"""A place on the number line: just below a number (-1), at it (0), or just above it (1)."""

LOWEST: Bound = (-math.inf, 0)
HIGHEST: Bound = (math.inf, 0)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Stretches of the number line, ascending and apart; each from a bound to a bound, both included.

    Dates are numbers of days. `whole` keeps whole numbers only.
    """

    stretches: tuple[tuple[Bound, Bound], ...]
    whole: bool = False

    @classmethod
    def compared(cls, op: str, value: float, *, whole: bool = False) -> Numbers:
        """Return the numbers that stand in the relation `op` to `value`."""
        below, above = (LOWEST, (value, -1)), ((value, 1), HIGHEST)
        at = ((value, 0), (value, 0))
        found: dict[str, tuple[tuple[Bound, Bound], ...]] = {
            "<": (below,),
            "<=": ((LOWEST, (value, 0)),),
            ">": (above,),
            ">=": (((value, 0), HIGHEST),),
            "=": (at,),
            "<>": (below, above),
        }
        return cls(found[op], whole)

    @classmethod
    def between(cls, low: float, high: float, *, whole: bool = False) -> Numbers:
        """Return the numbers from `low` to `high`, both included."""
        return cls((((low, 0), (high, 0)),) if low <= high else (), whole)

    def meet(self, other: Numbers) -> Numbers:
        """Return what lies in both."""
        found = [
            (max(a[0], b[0]), min(a[1], b[1]))
            for a in self.stretches
            for b in other.stretches
            if max(a[0], b[0]) <= min(a[1], b[1])
        ]
        return Numbers(tuple(sorted(found)), self.whole or other.whole)

    @property
    def empty(self) -> bool:
        """True when no number is left."""
        return not any(_holds_whole(*stretch) if self.whole else stretch[0] <= stretch[1] for stretch in self.stretches)


def _holds_whole(low: Bound, high: Bound) -> bool:
    if math.isinf(low[0]) or math.isinf(high[0]):
        return low <= high
    first = math.ceil(low[0]) + (1 if low[1] > 0 and low[0] == math.ceil(low[0]) else 0)
    last = math.floor(high[0]) - (1 if high[1] < 0 and high[0] == math.floor(high[0]) else 0)
    return first <= last


@dataclass(frozen=True, slots=True)
class WordSet:
    """Some texts, or all texts except some (`others`). `universe`: all there are, where they are listed."""

    words: frozenset[str]
    others: bool = False
    universe: frozenset[str] | None = None

    def meet(self, other: WordSet) -> WordSet:
        """Return what lies in both."""
        universe = self.universe or other.universe
        if self.others and other.others:
            return WordSet(self.words | other.words, True, universe)
        if self.others:
            return WordSet(other.words - self.words, False, universe)
        if other.others:
            return WordSet(self.words - other.words, False, universe)
        return WordSet(self.words & other.words, False, universe)

    @property
    def empty(self) -> bool:
        """True when no text is left."""
        if not self.others:
            return not self.words
        return self.universe is not None and self.universe <= self.words


Region = Numbers | WordSet


def meet(one: Region, other: Region) -> Region:
    """Return what lies in both; the two are of one kind, for one name has one type."""
    if isinstance(one, Numbers) and isinstance(other, Numbers):
        return one.meet(other)
    if isinstance(one, WordSet) and isinstance(other, WordSet):
        return one.meet(other)
    return WordSet(frozenset())
