"""Bands, lines and steps: is every stretch reached, is none forgotten, and do points run the way the rule says?"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from screening.expression import Ref, unit_of
from screening.quantity import Quantity
from screening.rulebook.check.regions import Numbers
from screening.rulebook.check.rules import Scored, all_functions, criteria, is_read, is_readable, ref_of
from screening.rulebook.functions import (
    Bands,
    BestOf,
    Cases,
    Formula,
    Function,
    Line,
    PerUnit,
    Relative,
    SumOf,
    Threshold,
)
from screening.rulebook.model import Criterion
from screening.rulebook.pieces import Band, Ends, Piece, ends, holds_whole_numbers, pieces
from screening.rulebook.scope import Path_, bounds, functions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screening.errors import Problem
    from screening.rulebook.scope import ParsedPack

WORST_SHARE = 1.0
"""A share written as a bare number above this is taken for a percentage."""


def check_bands(parsed: ParsedPack) -> Iterator[Problem]:
    """Yield what is wrong with bands, lines, steps and lists of functions."""
    for rule, path, function in all_functions(parsed.pack):
        if isinstance(function, Relative):
            yield parsed.loaded.document.problem(
                "score/relative",
                f"'{rule.id}' is scored against peers: its points move when another company joins",
                path,
                key=True,
                severity="warning",
                remedy="fixed bands keep a company's score its own; keep this only if it is meant",
            )
        if not is_readable(function, path, parsed):
            continue
        outside = list(_outside_range(parsed, function, path))
        yield from outside
        if isinstance(function, Bands | Relative):
            yield from _stretches(parsed, function, path, known=not outside)
        elif isinstance(function, Line):
            yield from _line(parsed, function, path)
        elif isinstance(function, PerUnit):
            yield from _steps(parsed, function, path)
        elif isinstance(function, Formula):
            if function.min >= function.max:
                yield parsed.loaded.document.problem(
                    "bands/empty",
                    f"min {function.min:g} is not below max {function.max:g}",
                    (*path, "min"),
                    remedy="swap the two",
                )
        elif isinstance(function, BestOf | SumOf | Cases):
            yield from _parts(parsed, function, path)
        yield from _negative(parsed, rule, function, path)
    yield from _without_points(parsed)


def check_direction(parsed: ParsedPack) -> Iterator[Problem]:
    """Yield functions whose points run against the declared `direction` of their criterion."""
    for rule in criteria(parsed.pack):
        wanted = rule.rule.direction if isinstance(rule.rule, Criterion) else "match"
        if wanted == "match" or not is_read(rule, parsed):
            continue
        inner = list(functions(rule.rule.score, rule.score_path))
        if (
            any(isinstance(f, SumOf) for _, f in inner)
            and len({f.of for _, f in inner if isinstance(f, Bands | Line | Threshold | PerUnit)}) > 1
        ):
            continue  # Several values in one sum may run in different ways.
        for path, function in inner:
            place = function.against(parsed, path, rising=wanted == "higher")
            if place is not None:
                runs = "fewer" if wanted == "higher" else "more"
                yield parsed.loaded.document.problem(
                    "direction/contradiction",
                    f"'{rule.id}' says direction: {wanted}, but here a higher value gets {runs} points",
                    place,
                    remedy=f"check the order of the points, or write direction: {'lower' if wanted == 'higher' else 'higher'}"
                    " (match when the best lies in the middle)",
                )
                break


# --- one function ----------------------------------------------------------------------------------------------------


def _negative(parsed: ParsedPack, rule: Scored, function: Function, path: Path_) -> Iterator[Problem]:
    """Points below 0: what a half can come to would no longer be what is told."""
    place = next((place for place, points in function.given() if points < 0), None)
    if place is not None:
        yield parsed.loaded.document.problem(
            "bands/negative-points",
            f"'{rule.id}' gives points below 0",
            (*path, *place),
            remedy="write 0 or more; what takes points off is a rule of `deductions:`, with positive numbers"
            if rule.half
            else "points taken off are written as positive numbers",
        )


def _without_points(parsed: ParsedPack) -> Iterator[Problem]:
    for rule, path, function in all_functions(parsed.pack):
        if path == rule.score_path and function.extremes(parsed)[1] <= 0:
            yield parsed.loaded.document.problem(
                "bands/no-points",
                f"'{rule.id}' can never give a point",
                path,
                key=True,
                remedy="give some value points above 0"
                if rule.half
                else "points taken off are written as positive numbers",
            )


def _outside_range(parsed: ParsedPack, function: Function, path: Path_) -> Iterator[Problem]:
    """Bounds that the value can never have; a percentage written as a plain number is named as such."""
    if isinstance(function, Relative | PerUnit):
        return
    node = parsed.nodes.get((*path, "of"))
    name = node.name if isinstance(node, Ref) else None
    for place, bound in bounds(function, path):
        quantity = bound if isinstance(bound, Quantity) else parsed.numbers[bound]
        value = quantity.value
        lowest, most = name.range if name and name.range else (-math.inf, math.inf)
        bare_share = (
            node is not None and unit_of(node) == "ratio" and quantity.unit in (None, "none") and value > WORST_SHARE
        )
        if lowest <= value <= most and not bare_share:
            continue
        if bare_share and lowest <= value / 100 <= most:
            certain = not lowest <= value <= most
            yield parsed.loaded.document.problem(
                "unit/percent-as-number",
                f"'{name.id if name else 'the value'}' is a share, and {bound} means {value * 100:g}%",
                place,
                severity="error" if certain else "warning",
                remedy=f"write {value:g}% or {value / 100:g}"
                + ("" if certain else f"; if it is meant, write {value * 100:g}%"),
            )
        elif not lowest <= value <= most and name:
            yield parsed.loaded.document.problem(
                "bands/outside-range",
                f"'{name.id}' never reaches {bound}: its range is [{lowest:g}, {most:g}]",
                place,
                remedy="correct the bound, or the range of the fact",
            )


def _stretches(parsed: ParsedPack, function: Bands | Relative, path: Path_, *, known: bool) -> Iterator[Problem]:
    document = parsed.loaded.document
    if not function.bands:
        yield document.problem(
            "bands/none", "the list of bands is empty", (*path, "bands"), remedy="add at least one band"
        )
        return
    stated = [ends(band, parsed) for band in function.bands]
    wrong = False
    for number, (band, end) in enumerate(zip(function.bands, stated, strict=True)):
        place: Path_ = (*path, "bands", number)
        for one, other in (("lower", "above"), ("upper", "up_to")):
            if getattr(band, one) is not None and getattr(band, other) is not None:
                wrong = True
                yield document.problem(
                    "bands/two-bounds",
                    f"this band has two {'lower' if one == 'lower' else 'upper'} bounds",
                    place,
                    remedy="keep `from` (included) or `above` (excluded)"
                    if one == "lower"
                    else "keep `to` (excluded) or `up_to` (included)",
                )
        if end.low is not None and end.high is not None and _region(end).empty:
            wrong = True
            yield document.problem(
                "bands/empty",
                f"nothing lies from {end.low:g} to {end.high:g}",
                place,
                remedy="the lower bound stands first: swap the two",
            )
    if wrong:
        return
    node = ref_of(parsed.nodes[(*path, "of")])
    whole = holds_whole_numbers(parsed.nodes[(*path, "of")])
    placed = pieces(function.bands, parsed, whole=whole)
    reached = {p.band for p in placed}
    hidden = [i for i in range(len(function.bands)) if i not in reached]
    if hidden:
        more = f", nor {len(hidden) - 1} after it" if len(hidden) > 1 else ""
        yield document.problem(
            "bands/unreachable",
            f"this band is never reached{more}: those above it take all its values",
            (*path, "bands", hidden[0]),
            remedy="the first band that fits counts: list the highest first, or close each band with `to:`",
        )
        return
    yield from _overlaps(parsed, function.bands, stated, path)
    if isinstance(function, Bands) and known:
        lowest, most = node.name.range if node is not None and node.name.range else (-math.inf, math.inf)
        yield from _gaps(parsed, placed, path, Numbers.between(lowest, most, whole=whole))
    if _is_shuffled(stated):
        yield document.problem(
            "bands/out-of-order",
            "the bands stand neither from high to low nor from low to high",
            (*path, "bands"),
            key=True,
            severity="warning",
            remedy="sort them; the points stay the same",
        )


def _region(end: Ends | Piece) -> Numbers:
    low = (-math.inf, 0) if end.low is None else (end.low, 0 if end.low_included else 1)
    high = (math.inf, 0) if end.high is None else (end.high, 0 if end.high_included else -1)
    return Numbers(((low, high),) if low <= high else ())


def _overlaps(parsed: ParsedPack, bands: Sequence[Band], stated: Sequence[Ends], path: Path_) -> Iterator[Problem]:
    """Bands of which an earlier one takes a part that the band itself claims by a written bound.

    `from: 50%` above `from: 30%` is no overlap: the open end says that the first that fits counts.
    """
    for i, upper in enumerate(stated):
        for j, earlier in enumerate(stated[:i]):
            shared = _region(upper).meet(_region(earlier))
            if shared.empty or bands[i].points == bands[j].points:
                continue
            own = _region(upper).stretches[0]
            low, high = shared.stretches[0]
            if (upper.low is not None and low == own[0]) or (upper.high is not None and high == own[1]):
                yield parsed.loaded.document.problem(
                    "bands/overlap",
                    f"this band and band {j + 1} share {_said(low, high)}; band {j + 1} wins",
                    (*path, "bands", i),
                    severity="warning",
                    remedy="let one end where the next begins: `to` excludes its bound, `from` includes it",
                )
                return


def _gaps(parsed: ParsedPack, placed: Sequence[Piece], path: Path_, whole_range: Numbers) -> Iterator[Problem]:
    for piece in placed:
        missed = _region(piece).meet(whole_range)
        if piece.band is None and not missed.empty:
            low, high = missed.stretches[0]
            yield parsed.loaded.document.problem(
                "bands/gap",
                f"no band holds {_said(low, high)}: such a value gets 0 points",
                (*path, "bands"),
                key=True,
                severity="warning",
                remedy="add a band with points: 0 if that is meant, else close the gap",
            )
            return


def _said(low: tuple[float, int], high: tuple[float, int]) -> str:
    if low == high:
        return f"{low[0]:g}"
    if math.isinf(low[0]):
        return f"values below {high[0]:g}"
    if math.isinf(high[0]):
        return f"values above {low[0]:g}"
    return f"values from {low[0]:g} to {high[0]:g}"


def _is_shuffled(stated: Sequence[Ends]) -> bool:
    lows = [-math.inf if e.low is None else e.low for e in stated]
    return lows not in (sorted(lows), sorted(lows, reverse=True))


def _line(parsed: ParsedPack, function: Line, path: Path_) -> Iterator[Problem]:
    document = parsed.loaded.document
    if len(function.points) < 2:
        yield document.problem(
            "bands/none", "a line needs two points or more", (*path, "points"), remedy="write [[value, points], …]"
        )
        return
    at = [parsed.number(value) for value, _ in function.points]
    for number, (before, after) in enumerate(itertools.pairwise(at), 1):
        if after <= before:
            yield document.problem(
                "line/not-ascending",
                f"the values of a line must rise, but {after:g} follows {before:g}",
                (*path, "points", number),
                remedy="sort the points by value; each value once",
            )
            return


def _steps(parsed: ParsedPack, function: PerUnit, path: Path_) -> Iterator[Problem]:
    document = parsed.loaded.document
    for key, value in (("step", parsed.number(function.step)), ("per_unit", function.per_unit), ("cap", function.cap)):
        if value <= 0:
            yield document.problem(
                "bands/not-positive",
                f"'{key}' must be above 0, not {value:g}",
                (*path, key),
                remedy="points per full step are counted upwards from 0",
            )


def _parts(parsed: ParsedPack, function: BestOf | SumOf | Cases, path: Path_) -> Iterator[Problem]:
    key = "best_of" if isinstance(function, BestOf) else "sum_of" if isinstance(function, SumOf) else "cases"
    if not getattr(function, key):
        yield parsed.loaded.document.problem(
            "bands/none", f"the list `{key}` is empty", (*path, key), remedy="add at least one entry"
        )
    if isinstance(function, Cases):
        for number, case in enumerate(function.cases):
            if (case.points is None) == (case.score is None):
                both = "both points and score" if case.points is not None else "neither points nor score"
                yield parsed.loaded.document.problem(
                    "bands/case-points",
                    f"this case has {both}",
                    (*path, "cases", number),
                    remedy="give each case either `points:` or `score:`",
                )
