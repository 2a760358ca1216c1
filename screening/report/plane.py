"""The fit x merit picture: how many companies lie where, the tiers' borders, and the first by rank with both their bands.

Each axis begins at the last round number below the lowest company, and says so by its ticks: where all companies lie in one corner,
that corner is the picture. Numbers stand in the margin, joined to their company by a thin line, so that none covers another.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from screening.report.charts import INK, TINTS, TONES, line, picture, px, rect, text, tint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from markupsafe import Markup

    from screening.result.overview import RankedCompany
    from screening.result.records import TierGrid, TierStep

LEFT, TOP, SIDE = 48, 14, 520
LABEL_HEIGHT = 15
ROUND = 20
MOST_LOW = 60
"""An axis keeps at least the upper two fifths: a picture of a few points' width would make nothing of them look like much."""


class _Axis(NamedTuple):
    """An axis from `low` to 100 along SIDE."""

    low: Decimal

    def at(self, value: Decimal) -> float:
        return float((min(max(value, self.low), Decimal(100)) - self.low) / (100 - self.low)) * SIDE

    def ticks(self) -> Iterable[Decimal]:
        step = 10 if 100 - self.low <= 60 else 20
        return (Decimal(v) for v in range(int(self.low), 101, step))


def _axis(values: Iterable[Decimal]) -> _Axis:
    lowest = min(values, default=Decimal(0))
    return _Axis(min(Decimal(int(max(lowest, Decimal(0))) // ROUND * ROUND), Decimal(MOST_LOW)))


def plane(
    cells: Mapping[tuple[Decimal, Decimal], int],
    step: Decimal,
    drawn: Sequence[RankedCompany],
    grid: TierGrid | None,
    axes: tuple[str, str],
    description: str,
) -> Markup:
    """Return the plane; `drawn` are the companies that stand on it as crosses, numbered by rank; `axes` are fit and merit in words."""
    fit = _axis([at for at, _ in cells] + [c.fit.value for c in drawn if c.fit.value is not None])
    merit = _axis([at for _, at in cells] + [c.merit.value for c in drawn if c.merit.value is not None])
    most = max(cells.values(), default=0)
    across, up = axes
    parts = (
        rect(LEFT, TOP, SIDE, SIDE, "#ffffff", f' stroke="{INK}" stroke-width="1"'),
        *(_square(at, step, TINTS[min(tint(n, most), 4)], fit, merit) for at, n in cells.items()),
        *(_tier_areas(grid, fit, merit) if grid else ()),
        *_crosses(drawn, fit, merit),
        *(text(px(_x(fit, v)), 550, 11, str(v)) for v in fit.ticks()),
        *(text(42, float(px(_y(merit, v))) + 4, 11, str(v), "end") for v in merit.ticks()),
        text(LEFT + SIDE, 574, 13, f"{across} →", "end", INK),
        text(14, 14, 13, f"{up} →", "end", INK, ' transform="rotate(-90 14 14)"'),
    )
    return picture("plane", "616 590", f"{across} × {up}", description, parts)


def _x(axis: _Axis, value: Decimal) -> float:
    return LEFT + axis.at(value)


def _y(axis: _Axis, value: Decimal) -> float:
    return TOP + SIDE - axis.at(value)


def _square(at: tuple[Decimal, Decimal], step: Decimal, fill: str, fit: _Axis, merit: _Axis) -> str:
    low, lower = at
    x, y = _x(fit, low), _y(merit, lower + step)
    width, height = _x(fit, low + step) - x, _y(merit, lower) - y
    return rect(px(x + 0.5), px(y + 0.5), px(width - 1), px(height - 1), fill)


def _tier_areas(grid: TierGrid, fit: _Axis, merit: _Axis) -> Iterator[str]:
    def edges(steps: Sequence[TierStep], axis: _Axis) -> list[tuple[str, Decimal, Decimal]]:
        top, areas = Decimal(100), []
        for step in steps:
            low = max(step.at_least, axis.low)
            areas.append((step.id, low, top))
            top = low
        return areas

    fits, merits = edges(grid.fit, fit), edges(grid.merit, merit)
    borders = [(px(_x(fit, low)), TOP, 0, SIDE) for _, low, _ in fits if low > fit.low]
    borders += [(LEFT, px(_y(merit, low)), SIDE, 0) for _, low, _ in merits if low > merit.low]  # type: ignore[misc]
    for x, y, width, height in borders:
        yield line(x, y, float(x) + width, float(y) + height, "#8d8778", 1, ' stroke-dasharray="5 3"')
    named = ' font-weight="700" stroke="#ffffff" stroke-width="3" class="halo"'
    for f, fl, fh in fits:
        for m, ml, mh in merits:
            if m in grid.cells.get(f, {}) and fh - fl > 5 and mh - ml > 5:
                yield text(px(_x(fit, fh) - 5), px(_y(merit, mh) + 15), 13, grid.cells[f][m], "end", "#7d5320", named)


def _crosses(companies: Sequence[RankedCompany], fit: _Axis, merit: _Axis) -> Iterator[str]:
    red = TONES["failed"]
    places = [(_x(fit, c.fit.value or Decimal(0)), _y(merit, c.merit.value or Decimal(0))) for c in companies]
    for company, (at, height) in zip(companies, places, strict=True):
        x, y = px(at), px(height)
        left, right = (
            px(_x(fit, Decimal(end) if v is None else v)) for v, end in ((company.fit.low, 0), (company.fit.high, 100))
        )
        bottom, top = (
            px(_y(merit, Decimal(end) if v is None else v))
            for v, end in ((company.merit.low, 0), (company.merit.high, 100))
        )
        bands = f'<line x1="{left}" y1="{y}" x2="{right}" y2="{y}" stroke-width="0.8"/><line x1="{x}" y1="{top}" x2="{x}" y2="{bottom}" stroke-width="0.8"/>'
        yield f'<g stroke="{red}">{bands}</g><circle cx="{x}" cy="{y}" r="2.6" fill="{red}"/>'
    labels = spread([y for _, y in places], LABEL_HEIGHT, TOP + 4, TOP + SIDE)
    for company, (at, height), label in zip(companies, places, map(px, labels), strict=True):
        thin = f'fill="none" stroke="{red}" stroke-width="0.6" stroke-opacity="0.55"'
        yield f'<polyline points="{px(at)},{px(height)} 576,{label} 590,{label}" {thin}/>'
        yield text(594, float(label) + 4, 12, str(company.rank or ""), "start", red, ' font-weight="700"')


def spread(wanted: Sequence[float], apart: float, top: float, bottom: float) -> list[float]:
    """Return places as near to the wanted ones as keeps their order and a distance, from `top` to `bottom`."""
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    down = dict(zip(order, _pushed([wanted[i] for i in order], apart), strict=True))
    up = dict(zip(reversed(order), (-y for y in _pushed([-wanted[i] for i in reversed(order)], apart)), strict=True))
    # Halfway between pushing all down and pushing all up: the distance holds in both, so it holds in their mean.
    placed = [(down[i] + up[i]) / 2 for i in range(len(wanted))]
    low, high = (min(placed), max(placed)) if placed else (top, bottom)
    shift = max(top - low, 0.0) or min(bottom - high, 0.0)
    return [y + shift for y in placed]


def _pushed(ordered: Sequence[float], apart: float) -> list[float]:
    """Return rising places, each pushed on by the one before it."""
    placed: list[float] = []
    for y in ordered:
        placed.append(max(y, placed[-1] + apart) if placed else y)
    return placed
