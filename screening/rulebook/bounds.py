"""A criterion's scale with its written bounds moved by a share: what a what-if judges by, and what an overlay says to do the same.

A bound that is the name of a parameter stays (the pack states it elsewhere), and so does one at an end of what the value can be (all
founders, none). Bounds of whole numbers move to the nearest whole number. Standings among peers are no scales; the size of a unit is.
"""

from __future__ import annotations

import copy
import functools
import itertools
import json
import math
import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from screening.expression import Ref
from screening.quantity import Quantity, parse_quantity
from screening.rulebook.functions import Function, PerUnit, Relative
from screening.rulebook.pieces import holds_whole_numbers
from screening.rulebook.scope import functions
from screening.strict_yaml import value_at

if TYPE_CHECKING:
    from screening.rulebook.ground import Number
    from screening.rulebook.model import Criterion
    from screening.rulebook.scope import ParsedPack, Path_


@functools.cache
def _function() -> TypeAdapter[Function]:
    return TypeAdapter(Function)


_WRITTEN = re.compile(r"\s*([-+]?[\d,]*\.?\d+)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class MovedScale:
    """A scale moved by `share`: its function, what an overlay writes under `score:` (JSON, which is YAML), its bounds as written."""

    share: Decimal
    function: Function
    written: str
    shown: tuple[str, ...]


def moved_scales(
    parsed: ParsedPack, path: Path_, criterion: Criterion, reach: Decimal, steps: int = 2, *, named: bool = False
) -> tuple[MovedScale, ...]:
    """Return the scale of the criterion at `path` moved down and up by up to `reach` in so many steps, in order of the share.

    `named`: bounds that are the name of a parameter move too, as numbers.

    A step that would put bounds out of order or out of the value's range is left out with all beyond it; nothing is returned where
    no step moves a bound.
    """
    at, raw = (*path, "score"), value_at(parsed.loaded.document.data, (*path, "score"))
    if raw is None or _function().validate_python(raw) != criterion.score:
        return ()  # Written elsewhere, or in force by date: an overlay at this place would not be what is judged.
    found: list[MovedScale] = []
    for sign in (-1, 1):
        for step in range(1, steps + 1):
            moved = _moved(parsed, at, raw, criterion.score, sign * reach * step / steps, named=named)
            if moved is None:
                break
            found.append(moved)
    return tuple(sorted(found, key=lambda m: m.share)) if any(m.written != "{}" for m in found) else ()


def written_bounds(parsed: ParsedPack, score: Function) -> tuple[str, ...]:
    """Return the bounds of a scale as they are written, a parameter's by its value."""
    inside = [f for _, f in functions(score, ()) if not isinstance(f, Relative)]
    return tuple(dict.fromkeys(_said(parsed, bound) for f in inside for _, bound in f.bounds()))


def _said(parsed: ParsedPack, bound: Number) -> str:
    return str(bound if isinstance(bound, Quantity) else parsed.numbers[bound])


def _moved(
    parsed: ParsedPack, at: Path_, raw: Any, score: Function, share: Decimal, *, named: bool
) -> MovedScale | None:
    new, shown = copy.deepcopy(raw), []
    for place, function in functions(score, ()):
        if isinstance(function, Relative):
            continue
        node = parsed.nodes.get((*at, *place, "of"))
        lowest, most = node.name.range if isinstance(node, Ref) and node.name.range else (-math.inf, math.inf)
        whole = node is not None and holds_whole_numbers(node)
        order: dict[float, float] = {}
        for spot, bound in function.bounds():
            value = moved = parsed.number(bound)
            stated = parsed.numbers.get(bound) if named and isinstance(bound, str) else bound
            if isinstance(stated, Quantity) and value not in (lowest, most):
                text = _text(stated, 1 + share, whole=whole)
                again = parse_quantity(text)
                if (
                    again is None
                    or (stated is bound and again.unit != stated.unit)
                    or not lowest <= again.value <= most
                ):
                    return None
                moved = again.value
                # The size of a unit may be written first, with the points for it apart.
                sized = isinstance(function, PerUnit) and "points" in value_at(raw, place)
                put = text if stated is bound else replace(stated, value=moved, text="")
                _put(new, (*place, *(("per_unit",) if sized else spot)), put)
                shown.append(str(text))
            else:
                shown.append(_said(parsed, bound))
            order[value] = moved
        if any(one >= other for one, other in itertools.pairwise(order[value] for value in sorted(order))):
            return None
    function = _function().validate_python(new)
    if function.extremes(parsed) != score.extremes(parsed):
        return None
    written = json.dumps(_difference(raw, new), ensure_ascii=False, default=str)
    return MovedScale(share, function, written, tuple(dict.fromkeys(shown)))


def _text(bound: Quantity, factor: Decimal, *, whole: bool) -> str | float:
    match = _WRITTEN.fullmatch(bound.text or repr(bound.value))
    if match is None:
        return ""
    number = Decimal(match[1].replace(",", "")) * factor
    if whole:
        number = number.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    plain = f"{number.normalize():f}"
    return plain + match[2] if bound.text else float(plain)


def _put(data: Any, path: Path_, value: object) -> None:
    value_at(data, path[:-1])[path[-1]] = value


def _difference(old: Any, new: Any) -> Any:
    """What an overlay has to say: mappings merge key by key, anything else is replaced whole."""
    if isinstance(old, dict) and isinstance(new, dict):
        return {key: _difference(old[key], value) for key, value in new.items() if old[key] != value}
    return new
