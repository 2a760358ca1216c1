"""Seeded chance. Built on `Random.random` alone: the only method whose sequence Python promises to keep."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class Dice:
    """One stream of chance. Give every firm its own, so that a change in one firm moves no other."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)

    def unit(self) -> float:
        """A number in [0, 1)."""
        return self._random.random()

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self.unit() < probability

    def between(self, low: float, high: float) -> float:
        """A number in [low, high)."""
        return low + (high - low) * self.unit()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.unit() * (high - low + 1))

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[int(self.unit() * len(options))]

    def weighted(self, options: Sequence[T], weights: Sequence[float]) -> T:
        """One of the options, the likelier the heavier."""
        left = self.unit() * sum(weights)
        for option, weight in zip(options, weights, strict=True):
            left -= weight
            if left < 0:
                return option
        return options[-1]

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """`count` different options in random order (all of them when there are fewer)."""
        rest = list(options)
        return [rest.pop(int(self.unit() * len(rest))) for _ in range(min(count, len(rest)))]
