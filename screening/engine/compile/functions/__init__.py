"""The scoring functions, one module each: points with both ends, idleness, branches, steps for a reader.

What a function holds, reads, compares with and can give stands with its model in `screening.rulebook.functions`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screening.engine.compile.functions.bands import BandsScoring
from screening.engine.compile.functions.cases import CasesScoring
from screening.engine.compile.functions.formula import FormulaScoring
from screening.engine.compile.functions.line import LineScoring
from screening.engine.compile.functions.lookup import LookupScoring
from screening.engine.compile.functions.per_unit import PerUnitScoring
from screening.engine.compile.functions.relative import RelativeScoring
from screening.engine.compile.functions.scoring import Branch, Reached, Scoring
from screening.engine.compile.functions.several import BestOfScoring, SumOfScoring
from screening.engine.compile.functions.switch import SwitchScoring
from screening.engine.compile.functions.threshold import ThresholdScoring
from screening.engine.compile.functions.when import WhenScoring
from screening.rulebook.functions import (
    Bands,
    BestOf,
    Cases,
    Formula,
    Line,
    Lookup,
    PerUnit,
    Relative,
    SumOf,
    Switch,
    Threshold,
    When,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.rulebook.functions import Function
    from screening.rulebook.scope import Path_

__all__ = ["SCORINGS", "Branch", "Reached", "Scoring", "scoring"]

SCORINGS: Mapping[type, type[Scoring[Any]]] = {
    Relative: RelativeScoring,
    Bands: BandsScoring,
    Cases: CasesScoring,
    BestOf: BestOfScoring,
    SumOf: SumOfScoring,
    PerUnit: PerUnitScoring,
    Lookup: LookupScoring,
    Switch: SwitchScoring,
    Formula: FormulaScoring,
    When: WhenScoring,
    Line: LineScoring,
    Threshold: ThresholdScoring,
}
"""The one registry: how each scoring function of the language is computed."""


def scoring(function: Function, path: Path_) -> Scoring[Any]:
    """Return how a function at its place in a pack is computed."""
    return SCORINGS[type(function)](function, path)
