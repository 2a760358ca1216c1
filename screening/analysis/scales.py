"""Scoring functions as a reader sees them: every step in the pack's own numbers, and the one a company lies on."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from screening.expression import unit_of
from screening.quantity import Quantity
from screening.result.company import ScaleStep
from screening.result.records import Text
from screening.rulebook.functions import (
    Band,
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
    from collections.abc import Callable

    from screening.rulebook.functions import Function
    from screening.rulebook.ground import Number
    from screening.rulebook.scope import ParsedPack, Path_

    Taken = Callable[[Path_, str], bool]


def scale(parsed: ParsedPack, function: Function, path: Path_, taken: Taken) -> tuple[ScaleStep, ...]:
    """Return the steps of a function; `taken(path, what)` tells the branches that a company is surely on."""
    return tuple(_Scale(parsed, taken).steps(function, path))


class _Scale:
    def __init__(self, parsed: ParsedPack, taken: Taken) -> None:
        self.parsed, self.taken = parsed, taken

    def _number(self, value: Number) -> Decimal:
        quantity = value if isinstance(value, Quantity) else self.parsed.numbers[value]
        return _exact(quantity.value)

    def _unit(self, path: Path_) -> str:
        return unit_of(self.parsed.nodes[path]) or ""

    def steps(self, function: Function, path: Path_) -> list[ScaleStep]:
        match function:
            case Bands() | Relative():
                unit = "ratio" if isinstance(function, Relative) else self._unit((*path, "of"))
                return [
                    self._band(band, unit, self._on((*path, "bands", i), f"band {i + 1}: {band.points:g}"))
                    for i, band in enumerate(function.bands)
                ]
            case Threshold():
                return self._threshold(function, path)
            case Line():
                return self._line(function, path)
            case PerUnit():
                full = any(self._on((*path, "of"), what) for what in ("no full unit", "some units", "at the cap"))
                return [
                    ScaleStep(
                        "unit",
                        _exact(function.per_unit),
                        full,
                        low=self._number(function.step),
                        high=_exact(function.cap),
                        unit=self._unit((*path, "of")),
                    )
                ]
            case When():
                at = (*path, "when")
                return [
                    ScaleStep("condition", _exact(function.points), self._on(at, "holds"), value=function.when),
                    ScaleStep("otherwise", _exact(function.otherwise), self._on(at, "does not hold")),
                ]
            case Cases():
                return self._cases(function, path)
            case Lookup():
                return [
                    ScaleStep(
                        "option",
                        _exact(points),
                        self._on((*path, "lookup", option), f"'{option}'"),
                        self._named(option),
                        value=option,
                    )
                    for option, points in function.lookup.items()
                ] + [ScaleStep("otherwise", _exact(function.otherwise), self._on((*path, "of"), "otherwise"))]
            case Switch():
                return [
                    step
                    for option, inner in function.to.items()
                    for step in (
                        ScaleStep("option", label=self._named(option), value=option),
                        *self.steps(inner, (*path, "to", option)),
                    )
                ]
            case BestOf():
                return [s for i, f in enumerate(function.best_of) for s in self.steps(f, (*path, "best_of", i))]
            case SumOf():
                return [s for i, f in enumerate(function.sum_of) for s in self.steps(f, (*path, "sum_of", i))]
            case Formula():
                on = self._on((*path, "formula"), "computed")
                return [
                    ScaleStep(
                        "formula", taken=on, low=_exact(function.min), high=_exact(function.max), value=function.formula
                    )
                ]

    def _named(self, option: str) -> Text | None:
        """The pack's own name of a value of a stage axis."""
        axes = self.parsed.pack.stages.values()
        found = next((axis.values[option].label for axis in axes if option in axis.values), None)
        return Text(found.zh, found.en) if found else None

    def _on(self, path: Path_, what: str) -> bool:
        return self.taken(path, what)

    def _band(self, band: Band, unit: str, taken: bool) -> ScaleStep:
        low = band.lower if band.lower is not None else band.above
        high = band.upper if band.upper is not None else band.up_to
        return ScaleStep(
            "band",
            _exact(band.points),
            taken,
            Text(band.label.zh, band.label.en) if band.label else None,
            self._number(low) if low is not None else None,
            band.above is None,
            self._number(high) if high is not None else None,
            band.up_to is not None,
            unit,
        )

    def _threshold(self, function: Threshold, path: Path_) -> list[ScaleStep]:
        unit, at = self._unit((*path, "of")), (*path, "of")
        low = function.at_least if function.at_least is not None else function.above
        high = function.at_most if function.at_most is not None else function.below
        return [
            ScaleStep(
                "band",
                _exact(function.points),
                self._on(at, "reached"),
                low=self._number(low) if low is not None else None,
                low_included=function.at_least is not None,
                high=self._number(high) if high is not None else None,
                high_included=function.at_most is not None,
                unit=unit,
            ),
            ScaleStep("otherwise", _exact(function.otherwise), self._on(at, "not reached")),
        ]

    def _line(self, function: Line, path: Path_) -> list[ScaleStep]:
        """Every knot; the two that a company lies between are taken, one at the ends."""
        at, unit = (*path, "of"), self._unit((*path, "of"))
        knots = sorted((self._number(k), _exact(p)) for k, p in function.points)
        taken = [False] * len(knots)
        for i in range(len(knots) - 1):
            if self._on(at, f"from {float(knots[i][1]):g} to {float(knots[i + 1][1]):g}"):
                taken[i] = taken[i + 1] = True
        if self._on(at, f"beyond {float(knots[-1][1]):g}"):
            taken[-1] = True
        return [ScaleStep("knot", p, on, low=k, unit=unit) for (k, p), on in zip(knots, taken, strict=True)]

    def _cases(self, function: Cases, path: Path_) -> list[ScaleStep]:
        steps = []
        for number, case in enumerate(function.cases):
            at = (*path, "cases", number)
            label = Text(case.label.zh, case.label.en) if case.label else None
            points = _exact(case.points) if case.points is not None else None
            steps.append(ScaleStep("condition", points, self._on(at, f"case {number + 1}"), label, value=case.when))
            if case.score is not None:
                steps += self.steps(case.score, (*at, "score"))
        return [*steps, ScaleStep("otherwise", _exact(function.otherwise), self._on(path, "otherwise"))]


def _exact(value: float) -> Decimal:
    return Decimal(repr(float(value)))
