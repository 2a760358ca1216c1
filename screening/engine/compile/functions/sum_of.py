"""The sum of several functions under a cap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.engine.compile.functions.scoring import Several
from screening.expression_sql.bands import Band, added, capped
from screening.expression_sql.pieces import number
from screening.rulebook.functions import SumOf

if TYPE_CHECKING:
    from screening.engine.compile.functions.scoring import Scores


class SumOfScoring(Several[SumOf]):
    """All parts together."""

    def points(self, scores: Scores, rule: str) -> Band:
        """The sums of the ends, at most the cap."""
        return capped(added(self._parts(scores, rule, number(0))), self.function.cap)
