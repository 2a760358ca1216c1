"""What every scoring function does, and what they are made of: points with both ends, branches, steps for a reader.

Only the ends are compiled. Points are known exactly where the ends meet; so there is one path through a rule, and no
ELSE that a missing fact could fall into.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Generic, TypeVar

from sqlglot import exp

from screening.expression_sql.bands import Band, Truth, unified
from screening.expression_sql.decimals import form_of
from screening.expression_sql.pieces import (
    case,
    conjunction,
    disjunction,
    greatest,
    least,
    negated,
    null,
    number,
)
from screening.rulebook.functions import BestOf, Function, SumOf
from screening.rulebook.scope import expression_paths

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screening.engine.compile.branches import Branches
    from screening.engine.compile.scale import Scale
    from screening.engine.compile.scores import Scores
    from screening.result.records import ScaleStep
    from screening.rulebook.pieces import Piece
    from screening.rulebook.scope import Path_

F = TypeVar("F", bound=Function)
S = TypeVar("S", BestOf, SumOf)


@dataclass(frozen=True, slots=True)
class Branch:
    """One way through a rule: `what` says it in words of the pack, `path` is where it stands in the document."""

    rule_id: str
    what: str
    path: Path_

    @property
    def column(self) -> str:
        """The column that says whether a company is on this branch."""
        return ".".join(map(str, (self.rule_id, *self.path, self.what)))


Reached = tuple[Branch, exp.Expr]
"""A branch, and the condition (BOOLEAN, never NULL) that a company is certainly on it."""


class Scoring(ABC, Generic[F]):
    """One scoring function at its place in a pack."""

    def __init__(self, function: F, path: Path_) -> None:
        self.function, self.path = function, path

    def at(self, *place: str | int) -> Path_:
        """Return the path of a part of this function."""
        return (*self.path, *place)

    @abstractmethod
    def points(self, scores: Scores, rule: str) -> Band:
        """Return the least and the most points that the facts still allow, before `round_to`."""

    def idle(self, scores: Scores) -> exp.Expr:
        """Return when it plays no part: where something that it judges does not apply."""
        return disjunction([scores.idle_at(path) for path in expression_paths(self.function, self.path)])

    @abstractmethod
    def branches(self, branches: Branches, guard: exp.Expr) -> Iterator[Reached]:
        """Yield its branches, each reached only where `guard` holds and the facts settle it."""

    @abstractmethod
    def steps(self, scale: Scale) -> list[ScaleStep]:
        """Return its steps in the pack's own numbers, those that the company is surely on marked as taken."""


class Several(Scoring[S]):
    """Several functions in one. What does not apply for all parts does not apply; one part that does not is left out."""

    def idle(self, scores: Scores) -> exp.Expr:
        """Where every part plays no part."""
        return conjunction([scores.idle(inner, self.at(*place)) for place, inner in self.function.parts()])

    def branches(self, branches: Branches, guard: exp.Expr) -> Iterator[Reached]:
        """The branches of every part."""
        for place, inner in self.function.parts():
            yield from branches.of(inner, self.at(*place), guard)

    def steps(self, scale: Scale) -> list[ScaleStep]:
        """The steps of every part."""
        return [step for place, inner in self.function.parts() for step in scale.steps(inner, self.at(*place))]

    def _parts(self, scores: Scores, rule: str, absent: exp.Expr) -> list[Band]:
        inside = [(inner, self.at(*place)) for place, inner in self.function.parts()]
        return that_apply(scores, inside, rule, absent)


def flat(points: float) -> Band:
    """Return a written number of points."""
    return Band(number(points), number(points), form_of(points))


def either(truth: Truth, yes: float, no: float) -> Band:
    """Return the points of a condition."""
    return reachable([(truth.can_be_true, flat(yes)), (truth.can_be_false, flat(no))])


def reachable(branches: Sequence[tuple[exp.Expr, Band]]) -> Band:
    """Return the extremes over the branches that can still be taken; LEAST and GREATEST skip the NULL of the others."""
    bands, form = unified([band for _, band in branches])
    tests = [reached for reached, _ in branches]
    return Band(
        least([case([(test, band.low)], null()) for test, band in zip(tests, bands, strict=True)]),
        greatest([case([(test, band.high)], null()) for test, band in zip(tests, bands, strict=True)]),
        form,
    )


def meets(piece: Piece, value: Band) -> exp.Expr:
    """Return the condition that the interval has a point in this stretch."""
    tests: list[exp.Expr] = []
    if piece.low is not None:
        tests.append((exp.GTE if piece.low_included else exp.GT)(this=value.high.copy(), expression=number(piece.low)))
    if piece.high is not None:
        tests.append((exp.LTE if piece.high_included else exp.LT)(this=value.low.copy(), expression=number(piece.high)))
    return conjunction(tests)


def that_apply(scores: Scores, inside: Sequence[tuple[Function, Path_]], rule: str, absent: exp.Expr) -> list[Band]:
    """Return the points of the parts of a sum or a best-of, in one form; one that does not apply gives `absent` instead."""
    bands, form = unified([scores.points(function, path, rule) for function, path in inside])
    idles = [scores.idle(function, path) for function, path in inside]
    every = conjunction(idles)
    kept: list[Band] = []
    for band, idle in zip(bands, idles, strict=True):
        left = conjunction([idle, negated(every)])
        if left == exp.false():
            kept.append(Band(band.low, band.high, form))
            continue
        low, high = (scores.judged.hoist(case([(left, absent)], end), rule) for end in (band.low, band.high))
        kept.append(Band(low, high, form))
    return kept


def exact(value: float) -> Decimal:
    """Return a number as it was written."""
    return Decimal(repr(float(value)))
