"""The fit x merit picture: how many companies lie where, the tiers' borders, and the first by rank with both their bands.

Each axis begins at the last round number below the lowest company, and says so by its ticks: where all companies lie in one corner,
that corner is the picture. Numbers stand in the margin, joined to their company by a thin line, so that none covers another.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from screening.report.charts import RULE, TINTS, Block, Mark, px, tint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from screening.result.overview import PlaneCell, RankedCompany
    from screening.result.records import TierGrid

LEFT, TOP, SIDE = 48, 14, 520
LABEL_HEIGHT = 15
ROUND = 20
MOST_LOW = 60
"""An axis keeps at least the upper two fifths: a picture of a few points' width would make nothing of them look like much."""


@dataclass(frozen=True, slots=True)
class Cross:
    """A company on the plane with both its bands as thin lines, and its rank in the margin."""

    x: str
    y: str
    left: str
    right: str
    top: str
    bottom: str
    number: str
    number_y: str


@dataclass(frozen=True, slots=True)
class Plane:
    """Density squares, tier lines and names, ticks, and crosses of the first companies."""

    blocks: tuple[Block, ...]
    lines: tuple[Block, ...]
    names: tuple[Mark, ...]
    ticks: tuple[Mark, ...]
    rows: tuple[Mark, ...]
    crosses: tuple[Cross, ...]


@dataclass(frozen=True, slots=True)
class _Axis:
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


def plane(cells: Sequence[PlaneCell], step: Decimal, first: Sequence[RankedCompany], grid: TierGrid | None) -> Plane:
    """Return the plane; `first` are the companies drawn as crosses, numbered by rank."""
    drawn = [c for c in first if c.fit.value is not None and c.merit.value is not None]
    fit = _axis([c.fit for c in cells] + [c.fit.value for c in drawn if c.fit.value is not None])
    merit = _axis([c.merit for c in cells] + [c.merit.value for c in drawn if c.merit.value is not None])
    most = max((cell.count for cell in cells), default=0)
    lines, names = _tier_areas(grid, fit, merit) if grid else ((), ())
    return Plane(
        blocks=tuple(_square(c, step, TINTS[min(tint(c.count, most), 4)], fit, merit) for c in cells),
        lines=lines,
        names=names,
        ticks=tuple(Mark(px(_x(fit, v)), str(TOP + SIDE), str(v)) for v in fit.ticks()),
        rows=tuple(Mark(str(LEFT), px(_y(merit, v)), str(v)) for v in merit.ticks()),
        crosses=_crosses(drawn, fit, merit),
    )


def _x(axis: _Axis, value: Decimal) -> float:
    return LEFT + axis.at(value)


def _y(axis: _Axis, value: Decimal) -> float:
    return TOP + SIDE - axis.at(value)


def _square(cell: PlaneCell, step: Decimal, fill: str, fit: _Axis, merit: _Axis) -> Block:
    x, y = _x(fit, cell.fit), _y(merit, cell.merit + step)
    width, height = _x(fit, cell.fit + step) - x, _y(merit, cell.merit) - y
    return Block(px(x + 0.5), px(y + 0.5), px(width - 1), px(height - 1), fill)


def _tier_areas(grid: TierGrid, fit: _Axis, merit: _Axis) -> tuple[tuple[Block, ...], tuple[Mark, ...]]:
    def edges(steps: Sequence[tuple[str, Decimal]], axis: _Axis) -> list[tuple[str, Decimal, Decimal]]:
        top, areas = Decimal(100), []
        for step, at in steps:
            areas.append((step, max(at, axis.low), top))
            top = max(at, axis.low)
        return areas

    fits = edges([(s.id, s.at_least) for s in grid.fit], fit)
    merits = edges([(s.id, s.at_least) for s in grid.merit], merit)
    lines = [Block(px(_x(fit, low)), str(TOP), "0", str(SIDE), RULE) for _, low, _ in fits if low > fit.low]
    lines += [Block(str(LEFT), px(_y(merit, low)), str(SIDE), "0", RULE) for _, low, _ in merits if low > merit.low]
    names = [
        Mark(px(_x(fit, fh) - 5), px(_y(merit, mh) + 15), grid.cells[f][m])
        for f, fl, fh in fits
        for m, ml, mh in merits
        if m in grid.cells.get(f, {}) and fh - fl > 5 and mh - ml > 5
    ]
    return tuple(lines), tuple(names)


def _crosses(companies: Sequence[RankedCompany], fit: _Axis, merit: _Axis) -> tuple[Cross, ...]:
    places = [(_x(fit, c.fit.value or Decimal(0)), _y(merit, c.merit.value or Decimal(0))) for c in companies]
    labels = spread([y for _, y in places], LABEL_HEIGHT, TOP + 4, TOP + SIDE)
    return tuple(
        Cross(
            x=px(x),
            y=px(y),
            left=px(_x(fit, c.fit.low if c.fit.low is not None else Decimal(0))),
            right=px(_x(fit, c.fit.high if c.fit.high is not None else Decimal(100))),
            bottom=px(_y(merit, c.merit.low if c.merit.low is not None else Decimal(0))),
            top=px(_y(merit, c.merit.high if c.merit.high is not None else Decimal(100))),
            number=str(c.rank or ""),
            number_y=px(label),
        )
        for c, (x, y), label in zip(companies, places, labels, strict=True)
    )


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
