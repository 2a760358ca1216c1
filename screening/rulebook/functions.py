"""The scoring functions: how facts become points. One model per function, told apart by the key that names it."""

from __future__ import annotations

import itertools
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import Discriminator, Field, Tag, model_validator

from screening.catalog import Items, LabelField, Points, Strict
from screening.quantity import Quantity, parse_quantity
from screening.rulebook.ground import Expression, Number, Point, Stated
from screening.rulebook.pieces import Band, holds_whole_numbers, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


MOST_STEPS = 150
"""Bands, points, cases or functions that one scoring function may list; each is compared with every other."""


Place = tuple[str | int, ...]
"""Where something stands inside a function, as in the document."""
Expect = Literal["boolean", "number", "date", "text", "any"]
Ends = tuple[float, float]
"""The least and the most points."""


class _Function(Strict):
    id: str = Field(default="", description="编号(可选)。 Optional id.")
    label: LabelField | None = Field(default=None, description="名称。 Label.")
    round_to: Points | None = Field(
        default=None, gt=0, description="按此步长四舍五入。 Round to this step, half away from zero."
    )

    def parts(self) -> Iterator[tuple[Place, Function]]:
        """Yield the functions inside, with their places in this one."""
        return iter(())

    def expressions(self) -> Iterator[tuple[Place, str, Expect]]:
        """Yield the expressions of this function, not of those inside: place, text, kind of value."""
        return iter(())

    def bounds(self) -> Iterator[tuple[Place, Number]]:
        """Yield every number that a value is compared with, and its place."""
        return iter(())

    def given(self) -> Iterator[tuple[Place, float]]:
        """Yield every number of points that this function states, not those inside, and its place."""
        return iter(())

    def extremes(self, parsed: Stated) -> Ends:
        """Return the least and most points that it can give, whatever the facts."""
        least, most = self._extremes(parsed)
        return (_to_step(least, self.round_to), _to_step(most, self.round_to)) if self.round_to else (least, most)

    def _extremes(self, parsed: Stated) -> Ends:
        raise NotImplementedError

    def against(self, parsed: Stated, path: Place, *, rising: bool) -> Place | None:
        """Return the place where points run the other way as the value rises; None where they do not, or cannot."""
        return None


def _to_step(value: float, step: float) -> float:
    exact, width = Decimal(repr(float(value))), Decimal(repr(float(step)))
    return float((exact / width).quantize(Decimal(1), rounding=ROUND_HALF_UP) * width)


def _widest(ends: Sequence[float]) -> Ends:
    return min(ends, default=0.0), max(ends, default=0.0)


class _OfNumber(_Function):
    """A function of one number, `of`."""

    of: Expression

    def expressions(self) -> Iterator[tuple[Place, str, Expect]]:
        """The number it judges."""
        yield ("of",), self.of, "number"


class Threshold(_OfNumber):
    """Points when a value reaches a bound. 达到门槛得分。"""

    at_least: Number | None = Field(default=None, description="≥")
    above: Number | None = Field(default=None, description=">")
    at_most: Number | None = Field(default=None, description="≤")
    below: Number | None = Field(default=None, description="<")
    points: Points = Field(description="得分。 Points.")
    otherwise: Points = Field(default=0.0, description="否则得分。 Points otherwise.")

    @model_validator(mode="after")
    def _one_bound(self) -> Threshold:
        if sum(bound is not None for bound in (self.at_least, self.above, self.at_most, self.below)) != 1:
            raise ValueError("give exactly one of at_least, above, at_most, below")
        return self

    def bounds(self) -> Iterator[tuple[Place, Number]]:
        """The one bound."""
        for key in ("at_least", "above", "at_most", "below"):
            value = getattr(self, key)
            if value is not None:
                yield (key,), value

    def given(self) -> Iterator[tuple[Place, float]]:
        """Points where it is reached, and where it is not."""
        return _either(self)

    def _extremes(self, parsed: Stated) -> Ends:
        return _widest((self.points, self.otherwise))

    def against(self, parsed: Stated, path: Place, *, rising: bool) -> Place | None:
        """A lower bound gives more above it, an upper bound less."""
        upward = self.at_least is not None or self.above is not None
        runs = upward == (self.points > self.otherwise)
        return (*path, "points") if self.points != self.otherwise and runs is not rising else None


def _either(function: Threshold | When) -> Iterator[tuple[Place, float]]:
    yield ("points",), function.points
    yield ("otherwise",), function.otherwise


def _band_bounds(bands: Sequence[Band]) -> Iterator[tuple[Place, Number]]:
    for number, band in enumerate(bands):
        for key, attribute in (("from", "lower"), ("above", "above"), ("to", "upper"), ("up_to", "up_to")):
            value = getattr(band, attribute)
            if value is not None:
                yield ("bands", number, key), value


def _band_points(bands: Sequence[Band]) -> Iterator[tuple[Place, float]]:
    for number, band in enumerate(bands):
        yield ("bands", number, "points"), band.points


def _band_extremes(bands: Sequence[Band], parsed: Stated) -> Ends:
    """A value that no band holds gives 0."""
    covered = all(piece.band is not None for piece in pieces(bands, parsed, whole=False))
    return _widest((*(band.points for band in bands), *(() if covered else (0.0,))))


class Bands(_OfNumber):
    """Points by band; first match from the top. 分档得分,自上而下取第一档。"""

    bands: Items[Band] = Field(max_length=MOST_STEPS, description="各档。 The bands.")

    def bounds(self) -> Iterator[tuple[Place, Number]]:
        """Both ends of every band."""
        return _band_bounds(self.bands)

    def given(self) -> Iterator[tuple[Place, float]]:
        """The points of every band."""
        return _band_points(self.bands)

    def _extremes(self, parsed: Stated) -> Ends:
        return _band_extremes(self.bands, parsed)

    def against(self, parsed: Stated, path: Place, *, rising: bool) -> Place | None:
        """Two neighbouring stretches of which the higher has points on the wrong side."""
        whole = holds_whole_numbers(parsed.nodes[(*path, "of")])
        placed = [piece for piece in pieces(self.bands, parsed, whole=whole) if piece.band is not None]
        if len({piece.band for piece in placed}) < len(self.bands):
            return None  # Some band is never reached: that is reported, and explains the rest.
        for before, after in itertools.pairwise(placed):
            if after.points != before.points and (after.points > before.points) is not rising:
                return (*path, "bands", min(before.band or 0, after.band or 0), "points")
        return None


class Line(_OfNumber):
    """Piecewise-linear points, flat beyond the ends. 折线得分,两端取平。"""

    points: Items[Point] = Field(max_length=MOST_STEPS, description="[[值, 分], …] 各点。 The points of the line.")

    def bounds(self) -> Iterator[tuple[Place, Number]]:
        """Where the line turns."""
        for number, (at, _) in enumerate(self.points):
            yield ("points", number, 0), at

    def given(self) -> Iterator[tuple[Place, float]]:
        """The height of every knot."""
        for number, (_, points) in enumerate(self.points):
            yield ("points", number, 1), points

    def _extremes(self, parsed: Stated) -> Ends:
        return _widest([points for _, points in self.points])

    def against(self, parsed: Stated, path: Place, *, rising: bool) -> Place | None:
        """A stretch that falls where points should rise, or the reverse."""
        knots = [(parsed.number(at), points) for at, points in self.points]
        if knots != sorted(knots, key=lambda knot: knot[0]):
            return None  # Reported on its own.
        for number, ((_, before), (_, after)) in enumerate(itertools.pairwise(knots), 1):
            if after != before and (after > before) is not rising:
                return (*path, "points", number)
        return None


class When(_Function):
    """Points when a condition holds. 条件成立得分。"""

    when: Expression
    points: Points = Field(description="得分。 Points.")
    otherwise: Points = Field(default=0.0, description="否则得分。 Points otherwise.")

    def expressions(self) -> Iterator[tuple[Place, str, Expect]]:
        """The condition."""
        yield ("when",), self.when, "boolean"

    def given(self) -> Iterator[tuple[Place, float]]:
        """Points where it holds, and where it does not."""
        return _either(self)

    def _extremes(self, parsed: Stated) -> Ends:
        return _widest((self.points, self.otherwise))


class Case(Strict):
    """One case. 一种情形。"""

    when: Expression
    points: Points | None = Field(default=None, description="得分。 Points.")
    score: Function | None = Field(default=None, description="或一个得分函数。 Or a function.")
    label: LabelField | None = Field(default=None, description="名称。 Label.")


class Cases(_Function):
    """First case that holds, from the top: class precedence is written so. 自上而下取第一个成立的情形。"""

    cases: Items[Case] = Field(max_length=MOST_STEPS, description="情形。 Cases.")
    otherwise: Points = Field(default=0.0, description="都不成立时的得分。 Points when none holds.")

    def parts(self) -> Iterator[tuple[Place, Function]]:
        """The functions of cases that have one."""
        for number, case in enumerate(self.cases):
            if case.score is not None:
                yield ("cases", number, "score"), case.score

    def expressions(self) -> Iterator[tuple[Place, str, Expect]]:
        """The conditions."""
        for number, case in enumerate(self.cases):
            yield ("cases", number, "when"), case.when, "boolean"

    def given(self) -> Iterator[tuple[Place, float]]:
        """Points of the cases that state them, and of what is left."""
        for number, case in enumerate(self.cases):
            if case.points is not None:
                yield ("cases", number, "points"), case.points
        yield ("otherwise",), self.otherwise

    def _extremes(self, parsed: Stated) -> Ends:
        inner = [case.score.extremes(parsed) if case.score else (case.points or 0.0,) for case in self.cases]
        return _widest([*itertools.chain.from_iterable(inner), self.otherwise])


class BestOf(_Function):
    """The highest of several functions. 取最高。"""

    best_of: Items[Function] = Field(max_length=MOST_STEPS, description="得分函数。 Functions.")

    def parts(self) -> Iterator[tuple[Place, Function]]:
        """The functions."""
        for number, inner in enumerate(self.best_of):
            yield ("best_of", number), inner

    def _extremes(self, parsed: Stated) -> Ends:
        inner = [function.extremes(parsed) for function in self.best_of]
        return max((low for low, _ in inner), default=0.0), max((high for _, high in inner), default=0.0)


class SumOf(_Function):
    """The sum of several functions, at most the cap. 相加并封顶。"""

    sum_of: Items[Function] = Field(max_length=MOST_STEPS, description="得分函数。 Functions.")
    cap: Points = Field(description="上限。 Cap.")

    def parts(self) -> Iterator[tuple[Place, Function]]:
        """The functions."""
        for number, inner in enumerate(self.sum_of):
            yield ("sum_of", number), inner

    def _extremes(self, parsed: Stated) -> Ends:
        inner = [function.extremes(parsed) for function in self.sum_of]
        return min(sum(low for low, _ in inner), self.cap), min(sum(high for _, high in inner), self.cap)


class PerUnit(_OfNumber):
    """Points for each full step of a value, with a compulsory cap. 每满一个单位得分,必须封顶。

    `{per_unit: 2, step: 100万元}` and `{per_unit: 100万元, points: 2}` say the same.
    """

    per_unit: Points = Field(
        description="每个单位的分;或写一个单位是多少(如 100万元),分写在 points。 Points per unit; or the size of a unit, with `points:`."
    )
    step: Number = Field(default=Quantity(1.0), description="一个单位是多少。 Size of a unit.")
    cap: Points = Field(description="上限。 Cap.")

    @model_validator(mode="before")
    @classmethod
    def _size_first(cls, data: Any) -> Any:
        size = parse_quantity(data.get("per_unit")) if isinstance(data, dict) else None
        if size is None or size.unit in (None, "points"):
            return data
        if "points" not in data or "step" in data:
            raise ValueError(f"`per_unit: {size}` is the size of a unit: write its points as `points:`, and no `step:`")
        return {**{k: v for k, v in data.items() if k != "points"}, "per_unit": data["points"], "step": size}

    def bounds(self) -> Iterator[tuple[Place, Number]]:
        """The size of a unit."""
        yield ("step",), self.step

    def _extremes(self, parsed: Stated) -> Ends:
        return 0.0, self.cap if self.per_unit > 0 else 0.0

    def against(self, parsed: Stated, path: Place, *, rising: bool) -> Place | None:
        """It only rises."""
        return None if rising else (*path, "per_unit")


class Lookup(_Function):
    """Points by the value of a category. 按类别取分。"""

    of: Expression
    lookup: dict[str, Points] = Field(description="类别: 分。 Value: points.")
    otherwise: Points = Field(default=0.0, description="其他取值的分。 Points for other values.")

    def expressions(self) -> Iterator[tuple[Place, str, Expect]]:
        """The category."""
        yield ("of",), self.of, "text"

    def given(self) -> Iterator[tuple[Place, float]]:
        """The points of every value, and of the others."""
        for key, points in self.lookup.items():
            yield ("lookup", key), points
        yield ("otherwise",), self.otherwise

    def _extremes(self, parsed: Stated) -> Ends:
        return _widest([*self.lookup.values(), self.otherwise])


class Switch(_Function):
    """A function chosen by the value of a category (thresholds by class; choose one). 按类别选用得分函数。"""

    switch: Expression
    to: dict[str, Function] = Field(description="类别: 得分函数。 Value: function.")
    otherwise: Points = Field(default=0.0, description="其他取值的分。 Points for other values.")

    def parts(self) -> Iterator[tuple[Place, Function]]:
        """The function of each value."""
        for key, inner in self.to.items():
            yield ("to", key), inner

    def expressions(self) -> Iterator[tuple[Place, str, Expect]]:
        """The category."""
        yield ("switch",), self.switch, "text"

    def given(self) -> Iterator[tuple[Place, float]]:
        """Points of the values that have no function."""
        yield ("otherwise",), self.otherwise

    def _extremes(self, parsed: Stated) -> Ends:
        inner = [function.extremes(parsed) for function in self.to.values()]
        return _widest([*itertools.chain.from_iterable(inner), self.otherwise])


class Formula(_Function):
    """Points computed by a formula, clamped to [min, max]. 由算式得分并限制范围。"""

    formula: Expression
    min: Points = Field(default=0.0, description="下限。 Lowest.")
    max: Points = Field(description="上限。 Highest.")

    def expressions(self) -> Iterator[tuple[Place, str, Expect]]:
        """The formula."""
        yield ("formula",), self.formula, "number"

    def given(self) -> Iterator[tuple[Place, float]]:
        """The least it can come to."""
        yield ("min",), self.min

    def _extremes(self, parsed: Stated) -> Ends:
        return self.min, self.max


class Relative(_OfNumber):
    """Points by percentile among peers, or by ratio to their mean; must be asked for and is flagged. 同业相对得分。"""

    relative: Literal["percentile", "to_mean"] = Field(
        description="百分位或与均值之比。 Percentile, or ratio to the mean."
    )
    within: Items[str] = Field(default=(), description="同业分组列,如 domain_id。 Peer group columns.")
    bands: Items[Band] = Field(max_length=MOST_STEPS, description="各档。 The bands.")

    def bounds(self) -> Iterator[tuple[Place, Number]]:
        """Both ends of every band; they are held against the standing among peers, not against the value."""
        return _band_bounds(self.bands)

    def given(self) -> Iterator[tuple[Place, float]]:
        """The points of every band."""
        return _band_points(self.bands)

    def _extremes(self, parsed: Stated) -> Ends:
        return _band_extremes(self.bands, parsed)


def _kind(value: Any) -> str:
    if isinstance(value, _Function):
        return kind_of(value)
    named = value if isinstance(value, dict) else {}
    written = next((key for key in FUNCTION_KINDS if key in named and key not in _UNNAMED), "")
    return written or ("line" if isinstance(named.get("points"), list | tuple) else "threshold")


Function = Annotated[
    Annotated[Relative, Tag("relative")]
    | Annotated[Bands, Tag("bands")]
    | Annotated[Cases, Tag("cases")]
    | Annotated[BestOf, Tag("best_of")]
    | Annotated[SumOf, Tag("sum_of")]
    | Annotated[PerUnit, Tag("per_unit")]
    | Annotated[Lookup, Tag("lookup")]
    | Annotated[Switch, Tag("switch")]
    | Annotated[Formula, Tag("formula")]
    | Annotated[When, Tag("when")]
    | Annotated[Line, Tag("line")]
    | Annotated[Threshold, Tag("threshold")],
    Discriminator(_kind),
]
FUNCTION_KINDS: Mapping[str, type[_Function]] = {
    member.__metadata__[0].tag: member.__origin__ for member in get_args(get_args(Function)[0])
}
"""Each scoring function by the key that tells it; how it is computed stands in a module of that name."""
_UNNAMED = ("line", "threshold")
"""Told by the form of `points:` and by a bound, not by a key."""


def kind_of(function: _Function) -> str:
    """Return the key that tells a scoring function."""
    return next(kind for kind, model in FUNCTION_KINDS.items() if type(function) is model)


def is_another_function(path: Place, below: Mapping[str, Any], value: Mapping[str, Any]) -> bool:
    """Tell whether a mapping of an overlay names another scoring function than the one below, and so takes its place whole.

    >>> is_another_function(("score",), {"of": "x", "bands": []}, {"of": "y", "per_unit": 2, "cap": 10})
    True
    >>> is_another_function(("score",), {"of": "x", "lookup": {"core": 50}}, {"lookup": {"core": 40}})
    False
    """
    if "score" not in path:
        return False
    had, names = _kinds_named(below), _kinds_named(value)
    return bool(had) and bool(names - had) and not names | had <= {"relative", "bands"}


def _kinds_named(data: Mapping[str, Any]) -> set[str]:
    named = {key for key in FUNCTION_KINDS if key in data and key not in _UNNAMED}
    if isinstance(data.get("points"), list | tuple):
        named.add("line")
    if not named and any(bound in data for bound in ("at_least", "above", "at_most", "below")):
        named.add("threshold")
    return named
