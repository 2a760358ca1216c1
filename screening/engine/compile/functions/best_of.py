"""The highest of several functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.engine.compile.functions.scoring import Several
from screening.expression_sql.bands import Band
from screening.expression_sql.pieces import greatest, null
from screening.rulebook.functions import BestOf

if TYPE_CHECKING:
    from screening.engine.compile.functions.scoring import Scores


class BestOfScoring(Several[BestOf]):
    """The part with the most points."""

    def points(self, scores: Scores, rule: str) -> Band:
        """The highest low and the highest high."""
        inner = self._parts(scores, rule, null())
        return Band(greatest([b.low for b in inner]), greatest([b.high for b in inner]), inner[0].form)
