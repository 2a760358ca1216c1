"""A band, and bands cut into stretches of the number line that do not overlap. Pure: what compiling and checking share."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from screening.catalog import LabelField, Points, Strict
from screening.expression import Ref
from screening.rulebook.ground import Number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.expression import Node
    from screening.rulebook.ground import Stated


class Band(Strict):
    """One band: from (inclusive) or above (exclusive), to (exclusive) or up_to (inclusive). 一档。"""

    lower: Number | None = Field(default=None, alias="from", description="≥ 下限(含)。 Inclusive lower bound.")
    above: Number | None = Field(default=None, description="> 下限(不含)。 Exclusive lower bound.")
    upper: Number | None = Field(default=None, alias="to", description="< 上限(不含)。 Exclusive upper bound.")
    up_to: Number | None = Field(default=None, description="≤ 上限(含)。 Inclusive upper bound.")
    points: Points = Field(description="得分。 Points.")
    label: LabelField | None = Field(default=None, description="名称。 Label.")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the number line with one number of points; None is without end."""

    low: float | None
    low_included: bool
    high: float | None
    high_included: bool
    points: float
    band: int | None


@dataclass(frozen=True, slots=True)
class Ends:
    """Where a band begins and ends as it is written; None is without end."""

    low: float | None
    low_included: bool
    high: float | None
    high_included: bool


def pieces(bands: Sequence[Band], parsed: Stated, *, whole: bool) -> list[Piece]:
    """Cut the number line into stretches that do not overlap, each with the points of the first band that holds it.

    A stretch that no band holds gives 0 points (`band` is None). With `whole`, stretches without a whole number go.
    """
    stated = [ends(b, parsed) for b in bands]
    cuts = sorted({end for s in stated for end in (s.low, s.high) if end is not None})
    cells: list[tuple[float | None, bool, float | None, bool]] = []
    previous: float | None = None
    for cut in cuts:
        cells += [(previous, False, cut, False), (cut, True, cut, True)]
        previous = cut
    cells.append((previous, False, None, False))
    result: list[Piece] = []
    for low, low_in, high, high_in in cells:
        if whole and low is not None and high is not None and not _holds_whole(low, high, included=low_in):
            continue
        band = next((i for i, s in enumerate(stated) if _inside(low, high, s, point=low_in)), None)
        points = 0.0 if band is None else bands[band].points
        last = result[-1] if result else None
        if last is not None and last.points == points and last.band == band:
            result[-1] = Piece(last.low, last.low_included, high, high_in, points, band)
        else:
            result.append(Piece(low, low_in, high, high_in, points, band))
    return result


def holds_whole_numbers(node: Node) -> bool:
    """True for a name whose values are whole numbers: of the stretches between two of them nothing is reached."""
    return isinstance(node, Ref) and node.name.type == "integer"


def ends(band: Band, parsed: Stated) -> Ends:
    """Return where a band begins and ends."""
    low = band.lower if band.lower is not None else band.above
    high = band.upper if band.upper is not None else band.up_to
    return Ends(
        None if low is None else parsed.number(low),
        band.above is None,
        None if high is None else parsed.number(high),
        band.up_to is not None,
    )


def _holds_whole(low: float, high: float, *, included: bool) -> bool:
    return low == math.floor(low) if included else math.floor(low) + 1 < high


def _inside(low: float | None, high: float | None, band: Ends, *, point: bool) -> bool:
    above = band.low is None or (
        low is not None and (low > band.low or (low == band.low and (band.low_included or not point)))
    )
    below = band.high is None or (
        high is not None and (high < band.high or (high == band.high and (band.high_included or not point)))
    )
    return above and below
