"""What every scoring function does, what it is asked with (`Scores`, `Branches`, `Scale`), and what they are made of.

Only the ends are compiled. Points are known exactly where the ends meet; so there is one path through a rule, and no
ELSE that a missing fact could fall into.
"""

from __future__ import annotations

import functools
import importlib
import itertools
from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlglot import exp

from screening.engine.compile.judged import Judged, axis_tests
from screening.expression import Ref, unit_of
from screening.expression_sql.bands import Band, Choice, Truth, compile_node, idle_when, scaled, unified
from screening.expression_sql.decimals import WHOLE, common, form_of
from screening.expression_sql.pieces import (
    case,
    coalesce,
    conjunction,
    disjunction,
    equals,
    greatest,
    is_null,
    least,
    negated,
    null,
    number,
    rounded,
    text,
    value_of,
)
from screening.result.records import Text
from screening.rulebook.functions import BestOf, Function, SumOf, kind_of
from screening.rulebook.scope import expression_paths

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from screening.expression_sql.layers import Layers
    from screening.result.records import ScaleStep
    from screening.rulebook.ground import Number
    from screening.rulebook.pieces import Piece
    from screening.rulebook.scope import ParsedPack, Path_

F = TypeVar("F", bound=Function)
S = TypeVar("S", BestOf, SumOf)


@dataclass(frozen=True, slots=True)
class Branch:
    """One way through a rule: `what` says it in words of the pack, `path` is where it stands in the document."""

    rule_id: str
    what: str
    path: Path_

    @property
    def column(self) -> str:
        """The column that says whether a company is on this branch."""
        return ".".join(map(str, (self.rule_id, *self.path, self.what)))


Reached = tuple[Branch, exp.Expr]
"""A branch, and the condition (BOOLEAN, never NULL) that a company is certainly on it."""


class Scoring(ABC, Generic[F]):
    """One scoring function at its place in a pack."""

    def __init__(self, function: F, path: Path_) -> None:
        self.function, self.path = function, path

    def at(self, *place: str | int) -> Path_:
        """Return the path of a part of this function."""
        return (*self.path, *place)

    @abstractmethod
    def points(self, scores: Scores, rule: str) -> Band:
        """Return the least and the most points that the facts still allow, before `round_to`."""

    def idle(self, scores: Scores) -> exp.Expr:
        """Return when it plays no part: where something that it judges does not apply."""
        return disjunction([scores.idle_at(path) for path in expression_paths(self.function, self.path)])

    @abstractmethod
    def branches(self, branches: Branches, guard: exp.Expr) -> Iterator[Reached]:
        """Yield its branches, each reached only where `guard` holds and the facts settle it."""

    @abstractmethod
    def steps(self, scale: Scale) -> list[ScaleStep]:
        """Return its steps in the pack's own numbers, those that the company is surely on marked as taken."""


class Several(Scoring[S]):
    """Several functions in one. What does not apply for all parts does not apply; one part that does not is left out."""

    def idle(self, scores: Scores) -> exp.Expr:
        """Where every part plays no part."""
        return conjunction([scores.idle(inner, self.at(*place)) for place, inner in self.function.parts()])

    def branches(self, branches: Branches, guard: exp.Expr) -> Iterator[Reached]:
        """The branches of every part."""
        for place, inner in self.function.parts():
            yield from branches.of(inner, self.at(*place), guard)

    def steps(self, scale: Scale) -> list[ScaleStep]:
        """The steps of every part."""
        return [step for place, inner in self.function.parts() for step in scale.steps(inner, self.at(*place))]

    def _parts(self, scores: Scores, rule: str, absent: exp.Expr) -> list[Band]:
        inside = [(inner, self.at(*place)) for place, inner in self.function.parts()]
        return that_apply(scores, inside, rule, absent)


# --- what a function is asked with -----------------------------------------------------------------------------------


def scoring(function: Function, path: Path_) -> Scoring[Any]:
    """Return how a function at its place in a pack is computed."""
    return _computed(kind_of(function))(function, path)


@functools.cache
def _computed(kind: str) -> type[Scoring[Any]]:
    module = importlib.import_module(f"{__package__}.{kind}")
    [found] = [c for c in vars(module).values() if isinstance(c, type) and c.__module__ == module.__name__]
    return found


class Scores:
    """Compiles what the rules of one statement say; what it compiled twice stands in a column of an earlier layer."""

    def __init__(self, parsed: ParsedPack, judged: Judged) -> None:
        self.parsed, self.judged = parsed, judged

    def points(self, function: Function, path: Path_, rule: str) -> Band:
        """Return the band of points; `path` is where the function stands in the document."""
        result = scoring(function, path).points(self, rule).settled()
        if function.round_to:
            steps = scaled(result, "/", function.round_to).settled()
            whole = Band(rounded(steps.low, 0), rounded(steps.high, 0), WHOLE)
            result = scaled(whole, "*", function.round_to).settled()
        return Band(self.judged.hoist(result.low, rule), self.judged.hoist(result.high, rule), result.form)

    def idle(self, function: Function, path: Path_) -> exp.Expr:
        """Return when a scoring function plays no part, because what it judges does not apply."""
        return scoring(function, path).idle(self)

    def idle_at(self, path: Path_) -> exp.Expr:
        """Return when the expression at `path` does not apply."""
        return idle_when(axis_tests(self.parsed.nodes[path], self.parsed.pack.stages), self.judged)

    def truth(self, path: Path_) -> Truth:
        """Compile the condition at `path`."""
        node = axis_tests(self.parsed.nodes[path], self.parsed.pack.stages)
        result = compile_node(node, self.judged)
        assert isinstance(result, Truth)
        idle = idle_when(node, self.judged)
        if idle == exp.false():
            return result
        # A condition that does not apply leads nowhere.
        idle = self.judged.hoist(idle, "idle")
        return Truth(conjunction([negated(idle), result.can_be_true]), disjunction([idle, result.can_be_false]))

    def interval(self, path: Path_, rule: str) -> Band:
        """Compile the number at `path`."""
        result = compile_node(axis_tests(self.parsed.nodes[path], self.parsed.pack.stages), self.judged)
        assert isinstance(result, Band)
        value = result.settled()
        return Band(self.judged.hoist(value.low, rule), self.judged.hoist(value.high, rule), value.form)

    def choice(self, path: Path_) -> Choice:
        """Compile the category at `path`."""
        result = compile_node(self.parsed.nodes[path], self.judged)
        assert isinstance(result, Choice)
        return result


class Branches:
    """What a function is asked for its branches with; `rule` is the one whose branches are told."""

    def __init__(self, parsed: ParsedPack, layers: Layers) -> None:
        self.parsed, self.layers = parsed, layers
        self.scores = Scores(parsed, Judged(parsed, layers))
        self.rule = ""

    def of(self, function: Function, path: Path_, guard: exp.Expr) -> Iterator[Reached]:
        """Yield the branches of one function."""
        return scoring(function, path).branches(self, guard)

    def branch(self, what: str, path: Path_, condition: exp.Expr) -> Reached:
        """Return one branch; a condition that cannot be told is not reached."""
        return Branch(self.rule, what, path), coalesce(condition, exp.false())

    def settled(self, condition: exp.Expr) -> exp.Expr:
        """Store a condition in an earlier layer, FALSE where it cannot be told."""
        return self.layers.hoist(coalesce(condition, exp.false()), self.rule)

    def condition(self, path: Path_, guard: exp.Expr) -> Iterator[Reached]:
        """Yield the two branches of a condition."""
        truth = self.scores.truth(path)
        yield self.branch("holds", path, conjunction([guard, negated(truth.can_be_false)]))
        yield self.branch("does not hold", path, conjunction([guard, negated(truth.can_be_true)]))

    def computed(self, path: Path_, guard: exp.Expr) -> Reached:
        """Return the one branch of what is computed: its value is known."""
        value = self.scores.interval(path, self.rule)
        return self.branch("computed", path, conjunction([guard, equals(value.low, value.high)]))

    def stretch(
        self,
        what: str,
        path: Path_,
        value: Band,
        guard: exp.Expr,
        *,
        at_least: float | None = None,
        below: float | None = None,
    ) -> Reached:
        """Return a stretch of the number line: reached when the whole interval of the value lies in it."""
        tests = [guard]
        if at_least is not None:
            tests.append(exp.GTE(this=value.low.copy(), expression=number(at_least)))
        if below is not None:
            tests.append(exp.LT(this=value.high.copy(), expression=number(below)))
        return self.branch(what, path, conjunction(tests))

    def others(self, path: Path_, chosen: Choice, named: Collection[str], guard: exp.Expr) -> Iterator[Reached]:
        """Yield what is left of a category beside the values that are named.

        A place or business that cannot be told is a missing value here, not one of the others.
        """
        if not chosen.values or set(chosen.values) - set(named) - {"unknown"}:
            other = negated(exp.In(this=chosen.value.copy(), expressions=[text(value) for value in named]))
            yield self.branch("otherwise", path, conjunction([guard, negated(is_null(chosen.value)), other]))


class Scale:
    """The steps of functions for one company; `taken(path, what)` tells the branches that it is surely on."""

    def __init__(self, parsed: ParsedPack, taken: Callable[[Path_, str], bool]) -> None:
        self.parsed, self.on = parsed, taken

    def steps(self, function: Function, path: Path_) -> list[ScaleStep]:
        """Return the steps of a function and of those inside it."""
        return scoring(function, path).steps(self)

    def number(self, value: Number) -> Decimal:
        """Return a number as the pack writes it, following a parameter's name."""
        return exact(self.parsed.number(value))

    def unit(self, path: Path_) -> str:
        """Return the unit of an expression, "" for none."""
        return unit_of(self.parsed.nodes[path]) or ""

    def named(self, option: str, path: Path_) -> Text | None:
        """Return the pack's own name of a value of what the expression at `path` chooses by."""
        node = self.parsed.nodes.get(path)
        found = self.parsed.pack.value_label(node.name.id, option) if isinstance(node, Ref) else None
        return Text(found.zh, found.en) if found else None


# --- what functions are made of --------------------------------------------------------------------------------------


def flat(points: float) -> Band:
    """Return a written number of points."""
    return Band(number(points), number(points), form_of(points))


def either(truth: Truth, yes: float, no: float) -> Band:
    """Return the points of a condition."""
    return reachable([(truth.can_be_true, flat(yes)), (truth.can_be_false, flat(no))])


def reachable(branches: Sequence[tuple[exp.Expr, Band]]) -> Band:
    """Return the extremes over the branches that can still be taken: of written numbers the first in their order, else by LEAST and
    GREATEST, which skip the NULL of the others.
    """
    bands, form = unified([band for _, band in branches])
    tests = [reached for reached, _ in branches]
    if all(value_of(band.low) is not None and band.low == band.high for band in bands):
        climbing = sorted(zip(tests, [band.low for band in bands], strict=True), key=lambda one: value_of(one[1]) or 0)
        return Band(case(climbing), case(climbing[::-1]), form)
    return Band(
        least([case([(test, band.low)], null()) for test, band in zip(tests, bands, strict=True)]),
        greatest([case([(test, band.high)], null()) for test, band in zip(tests, bands, strict=True)]),
        form,
    )


def stretches(cut: Sequence[Piece], value: Band) -> Band:
    """Return the points of the stretches that an interval meets. Where they only climb or only fall, each end lies in one stretch."""
    alike = [(points, list(same)) for points, same in itertools.groupby(cut, key=lambda piece: piece.points)]
    points = [each for each, _ in alike]
    if points not in (sorted(points), sorted(points, reverse=True)):
        return reachable([(meets(piece, value), flat(piece.points)) for piece in cut])
    below = [
        (exp.LTE if last.high_included else exp.LT)(this=value.low.copy(), expression=number(last.high))
        for _, (*_, last) in alike
        if last.high is not None
    ]
    above = [
        (exp.GTE if first.low_included else exp.GT)(this=value.high.copy(), expression=number(first.low))
        for _, (first, *_) in reversed(alike)
        if first.low is not None
    ]
    # The last test is what is left, written out: what is not there lies nowhere.
    ends = [
        case(zip([*tests, negated(tests[-1]) if tests else exp.true()], map(number, given), strict=True))
        for tests, given in ((below, points), (above, points[::-1]))
    ]
    low, high = ends if points[0] <= points[-1] else ends[::-1]
    return Band(low, high, common([form_of(each) for each in points]))


def meets(piece: Piece, value: Band) -> exp.Expr:
    """Return the condition that the interval has a point in this stretch."""
    tests: list[exp.Expr] = []
    if piece.low is not None:
        tests.append((exp.GTE if piece.low_included else exp.GT)(this=value.high.copy(), expression=number(piece.low)))
    if piece.high is not None:
        tests.append((exp.LTE if piece.high_included else exp.LT)(this=value.low.copy(), expression=number(piece.high)))
    return conjunction(tests)


def that_apply(scores: Scores, inside: Sequence[tuple[Function, Path_]], rule: str, absent: exp.Expr) -> list[Band]:
    """Return the points of the parts of a sum or a best-of, in one form; one that does not apply gives `absent` instead."""
    bands, form = unified([scores.points(function, path, rule) for function, path in inside])
    idles = [scores.idle(function, path) for function, path in inside]
    every = conjunction(idles)
    kept: list[Band] = []
    for band, idle in zip(bands, idles, strict=True):
        left = conjunction([idle, negated(every)])
        if left == exp.false():
            kept.append(Band(band.low, band.high, form))
            continue
        low, high = (scores.judged.hoist(case([(left, absent)], end), rule) for end in (band.low, band.high))
        kept.append(Band(low, high, form))
    return kept


def exact(value: float) -> Decimal:
    """Return a number as it was written."""
    return Decimal(repr(float(value)))
