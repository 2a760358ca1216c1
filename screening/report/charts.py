"""Geometry of the pictures: records in, coordinates as ready strings out. The macros in `charts.html.j2` draw them.

Colours are presentation attributes and every number passes one formatter, so the same run draws the same bytes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from screening.result.overview import Bin
    from screening.result.records import Band

INK, MUTED, RULE = "#1b2026", "#5a616a", "#d9d5cc"
FIT, MERIT, SCORE = "#2a4a6b", "#7d5320", "#1b2026"
TINTS = ("#f1f3f6", "#d9e1ea", "#b7c6d6", "#86a0ba", "#51769a", "#2a4a6b")
TONES = {
    "passed": "#51769a",
    "failed": "#9c2a1f",
    "unknown": "#c79a45",
    "not_run": "#cfcac0",
    "not_applicable": "#ebe8e1",
    "shortlisted": "#2a4a6b",
    "ranked": "#86a0ba",
    "review": "#c79a45",
    "rejected": "#9c2a1f",
    "insufficient_data": "#cfcac0",
    "direction_open": "#d9d2c2",
    "out_of_scope": "#ebe8e1",
}


def px(value: Decimal | float) -> str:
    """Return a coordinate with at most one decimal."""
    text = f"{float(value):.1f}"
    return text[:-2] if text.endswith(".0") else text


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle along a line: where it starts, how long it is, and its colour."""

    x: str
    width: str
    fill: str


@dataclass(frozen=True, slots=True)
class BandGlyph:
    """A score with its interval on a 0-100 line. Empty strings where there is nothing to draw."""

    low: str
    high: str
    value: str
    width: str
    described: str


def band_glyph(band: Band, described: str, width: int = 116, axis: int = 100) -> BandGlyph | None:
    """Return the interval glyph of a score, or None when nothing was computed."""
    if band.value is None or band.low is None or band.high is None:
        return None
    scale = Decimal(width - 6) / axis
    low, high, value = (px(3 + _within(v, axis) * scale) for v in (band.low, band.high, band.value))
    return BandGlyph(low=low, high=high, value=value, width=str(width), described=described)


def _within(value: Decimal, axis: int) -> Decimal:
    return min(max(value, Decimal(0)), Decimal(axis))


def stacked(parts: Iterable[tuple[str, int]], width: int) -> tuple[Bar, ...]:
    """Return one bar cut into parts, in proportion to their counts; a part that exists is at least one pixel wide."""
    shown = [(tone, count) for tone, count in parts if count > 0]
    total = sum(count for _, count in shown)
    bars: list[Bar] = []
    x = 0.0
    for tone, count in shown:
        length = max(count / total * width, 1.0)
        bars.append(Bar(x=px(x), width=px(min(length, width - x)), fill=TONES[tone]))
        x = min(x + length, width - 1.0)
    return tuple(bars)


@dataclass(frozen=True, slots=True)
class CriterionBar:
    """Points on a track: earned whatever is missing (solid), neutral share (hatched), and how far it could go."""

    full: str
    earned: str
    neutral_x: str
    neutral: str
    low: str
    high: str
    value: str
    open: bool
    fill: str


def criterion_bar(
    full: Decimal | None,
    value: Decimal | None,
    low: Decimal | None,
    high: Decimal | None,
    most: Decimal,
    fill: str,
    width: int = 250,
) -> CriterionBar | None:
    """Return the bar of a criterion or pillar; `most` is the length of the longest track of the table."""
    if full is None or value is None or low is None or high is None or most <= 0:
        return None
    scale = Decimal(width - 4) / most

    def x(points: Decimal) -> Decimal:
        return 2 + min(max(points, Decimal(0)), most) * scale

    return CriterionBar(
        full=px(x(full) - 2),
        earned=px(x(low) - 2),
        neutral_x=px(x(low)),
        neutral=px(max(x(value) - x(low), Decimal(0))),
        low=px(x(low)),
        high=px(x(high)),
        value=px(x(value)),
        open=high > low,
        fill=fill,
    )


# --- the strip of totals ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StripRow:
    """One total on the common 0-100 scale, with the floors it is held against."""

    label: str
    figure: str
    bounds: str
    low: str
    high: str
    value: str
    y: str
    fill: str
    marked: bool
    banded: bool
    floors: tuple[tuple[str, str], ...]


STRIP_LEFT, STRIP_RIGHT, STRIP_ROW = 78, 430, 46


def strip_row(
    index: int,
    label: str,
    figure: str,
    bounds: str,
    band: Band,
    fill: str,
    floors: Sequence[tuple[Decimal, str]] = (),
    axis: int = 100,
) -> StripRow:
    """Return one row of the strip."""

    def x(value: Decimal | None) -> str:
        return px(STRIP_LEFT + float(_within(value or Decimal(0), axis)) * (STRIP_RIGHT - STRIP_LEFT) / axis)

    return StripRow(
        label=label,
        figure=figure,
        bounds=bounds,
        low=x(band.low),
        high=x(band.high),
        value=x(band.value),
        y=str(26 + index * STRIP_ROW),
        fill=fill,
        marked=band.value is not None,
        banded=band.low is not None and band.high is not None,
        floors=tuple((x(at), text) for at, text in floors),
    )


# --- the waterfall ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a total, in points of the total; a deduction is negative. `link` names where it is told at length."""

    label: str
    link: str
    low: Decimal
    value: Decimal
    high: Decimal
    full: Decimal
    fill: str


@dataclass(frozen=True, slots=True)
class FallRow:
    """One row: the track of what was possible, what is surely earned, the neutral share, and where the sum stands then."""

    label: str
    link: str
    figure: str
    sum: str
    track_x: str
    track: str
    earned_x: str
    earned: str
    neutral_x: str
    neutral: str
    to: str
    fill: str
    total: bool


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Rows whose figures add up to the last."""

    rows: tuple[FallRow, ...]
    ticks: tuple[tuple[str, str], ...]


FALL_WIDTH = 520


def waterfall(
    parts: Sequence[Part], total: Band, label: str, show: Callable[[Decimal], str], axis: int = 100
) -> Waterfall:
    """Return the parts one after the other, each beginning where the last ended, and the total below them."""
    scale = Decimal(FALL_WIDTH) / axis

    def x(value: Decimal) -> Decimal:
        return _within(value, axis) * scale

    rows, at = [], Decimal(0)
    for part in parts:
        start, end = at, at + part.value
        sure = at + part.low if part.value >= 0 else at + part.high
        left, right = sorted((start, sure))
        hatch = sorted((sure, end))
        rows.append(
            FallRow(
                label=part.label,
                link=part.link,
                figure=("+" if part.value > 0 else "") + show(part.value),
                sum=show(end),
                track_x=px(x(start)),
                track=px(x(start + part.full) - x(start)),
                earned_x=px(x(left)),
                earned=px(x(right) - x(left)),
                neutral_x=px(x(hatch[0])),
                neutral=px(x(hatch[1]) - x(hatch[0])),
                to=px(x(end)),
                fill=part.fill,
                total=False,
            )
        )
        at = end
    value, low, high = (v if v is not None else Decimal(0) for v in (total.value, total.low, total.high))
    rows.append(
        FallRow(
            label=label,
            link="",
            figure=show(value),
            sum=show(value),
            track_x=px(x(low)),
            track=px(x(high) - x(low)),
            earned_x="0",
            earned=px(x(value)),
            neutral_x="0",
            neutral="0",
            to=px(x(value)),
            fill=SCORE,
            total=True,
        )
    )
    return Waterfall(tuple(rows), tuple((px(v * FALL_WIDTH / axis), str(v)) for v in range(0, axis + 1, 20)))


# --- sparks ----------------------------------------------------------------------------------------------------------

SPARK_WIDTH, SPARK_HEIGHT = 64, 18


def spark(values: Sequence[Decimal | None]) -> str:
    """Return the points of a small line over the years that are known; nothing for fewer than two."""
    known = [(i, v) for i, v in enumerate(values) if v is not None]
    if len(known) < 2:
        return ""
    low, high = min(v for _, v in known), max(v for _, v in known)
    spread = high - low
    step = (SPARK_WIDTH - 6) / max(len(values) - 1, 1)

    def y(value: Decimal) -> float:
        return SPARK_HEIGHT / 2 if not spread else SPARK_HEIGHT - 3 - float((value - low) / spread) * (SPARK_HEIGHT - 6)

    return " ".join(f"{px(3 + i * step)},{px(y(v))}" for i, v in known)


# --- histogram -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle of the histogram or the plane."""

    x: str
    y: str
    width: str
    height: str
    fill: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A text or a line end at a place."""

    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """Blocks, ticks of both axes and counts above the columns."""

    blocks: tuple[Block, ...]
    x_ticks: tuple[Mark, ...]
    y_ticks: tuple[Mark, ...]
    counts: tuple[Mark, ...]


H_LEFT, H_TOP, H_WIDTH, H_HEIGHT = 44, 18, 640, 150


def _step(most: int) -> int:
    """Return a round step that cuts `most` into at most five parts."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if most <= 5 * factor * size:
                return factor * size
        size *= 10


def histogram(bins: Sequence[Bin], order: Sequence[str], axis: int = 100) -> Histogram | None:
    """Return the distribution over 0 to `axis`, stacked by outcome in `order`; None when there is nobody to draw."""
    counts: dict[tuple[Decimal, Decimal], dict[str, int]] = {}
    for entry in bins:
        column = counts.setdefault((entry.low, entry.high), {})
        column[entry.outcome] = column.get(entry.outcome, 0) + entry.count
    most = max((sum(column.values()) for column in counts.values()), default=0)
    if most == 0:
        return None
    step = _step(most)
    top = math.ceil(most / step) * step
    blocks: list[Block] = []
    labels: list[Mark] = []
    for (low, high), column in sorted(counts.items()):
        x, width = H_LEFT + float(low) / axis * H_WIDTH, float(high - low) / axis * H_WIDTH - 2
        y = float(H_TOP + H_HEIGHT)
        for outcome in order:
            if column.get(outcome):
                height = column[outcome] / top * H_HEIGHT
                y -= height
                blocks.append(Block(px(x + 1), px(y), px(width), px(height), TONES[outcome]))
        labels.append(Mark(px(x + 1 + width / 2), px(y - 4), f"{sum(column.values()):,}"))
    return Histogram(
        blocks=tuple(blocks),
        x_ticks=tuple(
            Mark(px(H_LEFT + v / axis * H_WIDTH), str(H_TOP + H_HEIGHT), str(v)) for v in range(0, axis + 1, 10)
        ),
        y_ticks=tuple(
            Mark(str(H_LEFT), px(H_TOP + H_HEIGHT - v / top * H_HEIGHT), f"{v:,}") for v in range(0, top + 1, step)
        ),
        counts=tuple(labels),
    )


def tint(count: int, most: int) -> int:
    """Return the shade 0-5 of a count, on a square-root scale so that small numbers stay visible."""
    if count <= 0 or most <= 0:
        return 0
    return min(5, max(1, math.ceil(math.sqrt(count / most) * 5)))
