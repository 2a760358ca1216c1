"""The highest of several functions, and their sum under a cap."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from screening.engine.compile.functions.scoring import Scoring, that_apply
from screening.expression_sql.bands import Band, added, capped
from screening.expression_sql.pieces import conjunction, greatest, null, number
from screening.rulebook.functions import BestOf, SumOf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlglot import exp

    from screening.engine.compile.branches import Branches
    from screening.engine.compile.functions.scoring import Reached
    from screening.engine.compile.scale import Scale
    from screening.engine.compile.scores import Scores
    from screening.result.records import ScaleStep

S = TypeVar("S", BestOf, SumOf)


class _Several(Scoring[S]):
    """What does not apply for all parts does not apply; one part that does not is left out."""

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


class BestOfScoring(_Several[BestOf]):
    """The part with the most points."""

    def points(self, scores: Scores, rule: str) -> Band:
        """The highest low and the highest high."""
        inner = self._parts(scores, rule, null())
        return Band(greatest([b.low for b in inner]), greatest([b.high for b in inner]), inner[0].form)


class SumOfScoring(_Several[SumOf]):
    """All parts together."""

    def points(self, scores: Scores, rule: str) -> Band:
        """The sums of the ends, at most the cap."""
        return capped(added(self._parts(scores, rule, number(0))), self.function.cap)
