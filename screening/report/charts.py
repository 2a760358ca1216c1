"""The pictures: records in, SVG out.

Colours are presentation attributes and every number passes one formatter, so the same run draws the same bytes. Texts are escaped here.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

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
NONE = Markup("")


def px(value: Decimal | float) -> str:
    """Return a coordinate with at most one decimal."""
    text = f"{float(value):.1f}"
    return text[:-2] if text.endswith(".0") else text


def line(x1: object, y1: object, x2: object, y2: object, colour: str, width: float, more: str = "") -> str:
    """Return a straight line."""
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="{width:g}"{more}/>'


def rect(x: object, y: object, width: object, height: object, fill: str, more: str = "") -> str:
    """Return a rectangle."""
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}"{more}/>'


def text(
    x: object, y: object, size: float, said: str, anchor: str = "middle", colour: str = MUTED, more: str = ""
) -> str:
    """Return a text, escaped."""
    return (
        f'<text x="{x}" y="{y}" font-size="{size:g}" fill="{colour}" text-anchor="{anchor}"{more}>{escape(said)}</text>'
    )


def picture(name: str, box: str, title: str, description: str, parts: Iterable[str]) -> Markup:
    """Return a picture with its name and what it shows in words."""
    told = f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(description)}</desc>'
    return Markup(
        f'<svg viewBox="0 0 {box}" role="img" aria-labelledby="{name}-t {name}-d">{told}{"".join(parts)}</svg>'
    )


def glyph(width: int, height: int, described: str, *parts: str, wide: bool = False) -> Markup:
    """Return a small picture within a line of text; without words it is only for the eye."""
    said = f'role="img" aria-label="{escape(described)}"' if described else 'aria-hidden="true"'
    kind = "glyph wide" if wide else "glyph"
    box = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return Markup(f'<svg class="{kind}" {box} {said}>{"".join(parts)}</svg>')


def _within(value: Decimal, axis: Decimal | int) -> Decimal:
    return min(max(value, Decimal(0)), Decimal(axis))


def band_glyph(band: Band, described: str, width: int = 116, axis: int = 100) -> Markup:
    """Return a score with its interval on a line from 0 to `axis`; nothing when nothing was computed."""
    if band.value is None or band.low is None or band.high is None:
        return NONE
    scale = Decimal(width - 6) / axis
    low, high, value = (px(3 + _within(v, axis) * scale) for v in (band.low, band.high, band.value))
    return glyph(
        width, 14, described,
        line(3, 7, width - 3, 7, "#e4e1d9", 1), line(low, 7, high, 7, "#86a0ba", 3), line(value, 2, value, 12, INK, 2),
    )  # fmt: skip


def stacked(parts: Iterable[tuple[str, int]], width: int, described: str, full: int | None = None) -> Markup:
    """Return one bar cut into parts, in proportion to their counts; a part that exists is at least one pixel wide.

    `full`: how wide the picture is, where the bar fills only some of it.
    """
    shown = [(tone, count) for tone, count in parts if count > 0]
    total = sum(count for _, count in shown)
    bars: list[str] = []
    x = 0.0
    for tone, count in shown:
        length = max(count / total * width, 1.0)
        bars.append(rect(px(x), 1, px(min(length, width - x)), 10, TONES[tone]))
        x = min(x + length, width - 1.0)
    return glyph(full or width, 12, described, *bars)


def criterion_bar(full: Decimal, band: Band, most: Decimal, fill: str, described: str, width: int = 250) -> Markup:
    """Return points on a track of all that was possible: earned whatever is missing (solid), the neutral share (hatched), and how far it
    could go. `most` is the length of the longest track of the table. Nothing when nothing was computed.
    """
    if band.value is None or band.low is None or band.high is None or most <= 0:
        return NONE
    scale = Decimal(width - 4) / most
    low, value, high = (2 + _within(v, most) * scale for v in (band.low, band.value, band.high))
    parts = [
        rect(2, 3, px(_within(full, most) * scale), 10, "#f3f1eb", ' stroke="#d9d5cc" stroke-width="0.6"'),
        rect(2, 3, px(low - 2), 10, fill),
        rect(px(low), 3, px(max(value - low, Decimal(0))), 10, "url(#hatch)"),
    ]
    if band.high > band.low:
        parts += [
            line(px(low), 8, px(high), 8, INK, 1),
            *(line(px(end), 4.5, px(end), 11.5, INK, 1) for end in (low, high)),
        ]
    return glyph(250, 16, described, *parts, line(px(value), 1, px(value), 15, INK, 1.8), wide=True)


class Total(NamedTuple):
    """One total on the common scale, in words, with the floors it is held against."""

    label: str
    figure: str
    bounds: str
    band: Band
    fill: str
    floors: Sequence[Decimal] = ()


STRIP_LEFT, STRIP_RIGHT, STRIP_ROW = 78, 430, 46


def strip(rows: Sequence[Total], title: str, description: str, axis: int = 100) -> Markup:
    """Return the totals one below the other."""
    height = len(rows) * STRIP_ROW

    def x(value: Decimal | None) -> str:
        return px(STRIP_LEFT + float(_within(value or Decimal(0), axis)) * (STRIP_RIGHT - STRIP_LEFT) / axis)

    def drawn() -> Iterator[str]:
        for v in range(0, axis + 1, 20):
            at = round(STRIP_LEFT + v * (STRIP_RIGHT - STRIP_LEFT) / axis, 2)
            yield line(at, 10, at, height + 4, "#ece9e2", 1) + text(at, height + 20, 11, str(v))
        for i, row in enumerate(rows):
            y, band = 26 + i * STRIP_ROW, row.band
            yield text(0, y + 5, 14, row.label, "start", INK, "" if i else ' font-weight="700"')
            yield from (
                line(x(f), y - 13, x(f), y + 13, TONES["failed"], 1, ' stroke-dasharray="2 2"') for f in row.floors
            )
            if band.low is not None and band.high is not None:
                yield line(x(band.low), y, x(band.high), y, row.fill, 9, ' stroke-opacity="0.35"')
            if band.value is not None:
                yield line(x(band.value), y - 9, x(band.value), y + 9, row.fill, 3)
            yield text(446, y + 1, 16, row.figure, "start", INK, ' font-weight="700"')
            yield text(446, y + 16, 11, row.bounds, "start")

    return picture("strip", f"560 {height + 24}", title, description, drawn())


class TotalPart(NamedTuple):
    """One part of a total, in points of the total; a deduction is negative. `link` names where it is told at length."""

    label: str
    link: str
    band: Band
    full: Decimal
    fill: str


FALL_WIDTH = 520
Fall = tuple[str, str, str, str, Markup]
"""One row of a waterfall: label, link, figure, where the sum stands then, bar."""


def waterfall(
    parts: Sequence[TotalPart], total: Band, label: str, show: Callable[[Decimal], str], axis: int = 100
) -> list[Fall]:
    """Return the parts one after the other, each beginning where the last ended, and the total below them: figures add up to the last.

    A bar is the track of what was possible, what is surely earned, the neutral share, and where the sum stands then.
    """
    scale = Decimal(FALL_WIDTH) / axis

    def x(value: Decimal) -> Decimal:
        return _within(value, axis) * scale

    ticks = "".join(
        line(px(v * FALL_WIDTH / axis), 0, px(v * FALL_WIDTH / axis), 18, "#ece9e2", 1) for v in range(0, axis + 1, 20)
    )

    def bar(track: tuple[Decimal, Decimal], earned: str, to: Decimal) -> Markup:
        start, end = map(x, track)
        possible = rect(px(start), 4, px(end - start), 10, "#f3f1eb", ' stroke="#d9d5cc" stroke-width="0.6"')
        drawn = "".join((ticks, possible, earned, line(px(x(to)), 1, px(x(to)), 17, INK, 1.4)))
        size = f'viewBox="0 0 {FALL_WIDTH} 18" width="{FALL_WIDTH}" height="18"'
        return Markup(f'<svg class="glyph wide" {size} aria-hidden="true" preserveAspectRatio="none">{drawn}</svg>')

    rows, at = [], Decimal(0)
    for part in parts:
        low, value, high = _numbers(part.band)
        end, sure = at + value, at + (low if value >= 0 else high)
        left, right = map(x, sorted((at, sure)))
        earned = rect(px(left), 4, px(right - left), 10, part.fill)
        hatched, until = map(x, sorted((sure, end)))
        if px(until - hatched) != "0":
            more = f' stroke="{part.fill}" stroke-width="0.6"'
            earned += rect(px(hatched), 4, px(until - hatched), 10, "url(#hatch)", more)
        figure = ("+" if value > 0 else "") + show(value)
        rows.append((part.label, part.link, figure, show(end), bar((at, at + part.full), earned, end)))
        at = end
    low, value, high = _numbers(total)
    earned = rect(0, 4, px(x(value)), 10, SCORE, ' fill-opacity="0.9"')
    return [*rows, (label, "", show(value), show(value), bar((low, high), earned, value))]


def _numbers(band: Band) -> tuple[Decimal, Decimal, Decimal]:
    return band.low or Decimal(0), band.value or Decimal(0), band.high or Decimal(0)


SPARK_WIDTH, SPARK_HEIGHT = 64, 18


def spark(values: Sequence[Decimal | None]) -> Markup:
    """Return a small line over the years that are known; nothing for fewer than two."""
    known = [(i, v) for i, v in enumerate(values) if v is not None]
    if len(known) < 2:
        return NONE
    low, high = min(v for _, v in known), max(v for _, v in known)
    spread = high - low
    step = (SPARK_WIDTH - 6) / max(len(values) - 1, 1)

    def y(value: Decimal) -> float:
        return SPARK_HEIGHT / 2 if not spread else SPARK_HEIGHT - 3 - float((value - low) / spread) * (SPARK_HEIGHT - 6)

    points = " ".join(f"{px(3 + i * step)},{px(y(v))}" for i, v in known)
    return glyph(64, 18, "", f'<polyline points="{points}" fill="none" stroke="{FIT}" stroke-width="1.6"/>')


H_LEFT, H_TOP, H_WIDTH, H_HEIGHT = 44, 18, 640, 150


def _step(most: int) -> int:
    """Return a round step that cuts `most` into at most five parts."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if most <= 5 * factor * size:
                return factor * size
        size *= 10


def histogram(
    bins: Sequence[Bin], order: Sequence[str], title: str, description: str, x_axis: str, axis: int = 100
) -> Markup:
    """Return the distribution over 0 to `axis`, stacked by outcome in `order`; nothing when there is nobody to draw."""
    counts: dict[tuple[Decimal, Decimal], dict[str, int]] = {}
    for entry in bins:
        column = counts.setdefault((entry.low, entry.high), {})
        column[entry.outcome] = column.get(entry.outcome, 0) + entry.count
    most = max((sum(column.values()) for column in counts.values()), default=0)
    if most == 0:
        return NONE
    step = _step(most)
    top = math.ceil(most / step) * step
    right, bottom = H_LEFT + H_WIDTH, H_TOP + H_HEIGHT
    blocks: list[str] = []
    labels: list[str] = []
    for (low, high), column in sorted(counts.items()):
        x, width = H_LEFT + float(low) / axis * H_WIDTH, float(high - low) / axis * H_WIDTH - 2
        y = float(bottom)
        for outcome in order:
            if column.get(outcome):
                height = column[outcome] / top * H_HEIGHT
                y -= height
                blocks.append(rect(px(x + 1), px(y), px(width), px(height), TONES[outcome]))
        labels.append(text(px(x + 1 + width / 2), px(y - 4), 10.5, f"{sum(column.values()):,}", "middle", INK))

    def ticks() -> Iterator[str]:
        for v in range(0, top + 1, step):
            y = px(bottom - v / top * H_HEIGHT)
            yield line(H_LEFT, y, right, y, "#ece9e2", 1) + text(38, float(y) + 4, 11, f"{v:,}", "end")

    years = (text(px(H_LEFT + v / axis * H_WIDTH), 184, 11, str(v)) for v in range(0, axis + 1, 10))
    ground = line(H_LEFT, bottom, right, bottom, INK, 1)
    drawn = (*ticks(), *blocks, *labels, ground, *years, text(right, 204, 12, x_axis, "end", INK))
    return picture("hist", "700 214", title, description, drawn)


def tint(count: int, most: int) -> int:
    """Return the shade 0-5 of a count, on a square-root scale so that small numbers stay visible."""
    if count <= 0 or most <= 0:
        return 0
    return min(5, max(1, math.ceil(math.sqrt(count / most) * 5)))
