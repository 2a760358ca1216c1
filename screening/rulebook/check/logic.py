"""Can a condition hold, must it, and does one imply another? Decided where the answer is certain, silent otherwise.

A condition is spread into worlds: each says of some facts in which region they lie. It can hold when a world is left in
which no region is empty. Regions are exact for comparisons with written values, lists and yes-no facts; a comparison
between facts, a catalogue or a function of text counts as one statement that may be true or false, always the same way
within one condition. So an answer "never" is certain, and "can hold" may be wrong: the checks stay silent then.

`x is null` never holds outside row filters: a missing fact makes it unknown.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from screening.expression import And, Compare, In, IsNull, Literal, Name, Node, Not, Or, Ref, both, type_of
from screening.rulebook.check.regions import Numbers, Region, WordSet, meet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_WORLDS = 400
"""Beyond this a condition is not decided."""

World = dict[Node, Region]
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "<>", "<>": "="}
_YES_NO = frozenset(("true", "false"))


class _TooManyError(Exception):
    """The condition has more worlds than are looked at."""


def never(condition: Node, *, rows: bool = False) -> bool:
    """True when the condition holds for no value of its facts. `rows`: it is a filter of rows, where null is a value."""
    return _none(_spread(condition, True, rows))


def always(condition: Node, *, rows: bool = False) -> bool:
    """True when the condition holds for every value of its facts, those being known."""
    return _none(_spread(condition, False, rows))


def implies(condition: Node, conclusion: Node, *, rows: bool = False) -> bool:
    """True when the conclusion holds wherever the condition does."""
    return never(both(condition, Not(conclusion)), rows=rows)


def _none(worlds: list[World] | None) -> bool:
    return worlds is not None and not worlds


def _spread(condition: Node, positive: bool, rows: bool) -> list[World] | None:
    try:
        return _worlds(condition, positive, rows)
    except _TooManyError:
        return None


def _worlds(node: Node, positive: bool, rows: bool) -> list[World]:
    match node:
        case Not(operand):
            return _worlds(operand, not positive, rows)
        case And(operands) | Or(operands):
            parts = [_worlds(operand, positive, rows) for operand in operands]
            return _product(parts) if isinstance(node, And) == positive else [world for part in parts for world in part]
        case Literal(bool(value), _, _):
            return [{}] if value is positive else []
        case IsNull() if not rows:
            return [] if positive else [{}]
        case _:
            subject, region = _region(node, positive)
            left = meet(region, _whole(subject)) if isinstance(subject, Ref) else region
            return [] if left.empty else [{subject: left}]


def _product(parts: Sequence[list[World]]) -> list[World]:
    result: list[World] = [{}]
    for part in sorted(parts, key=len):
        if len(result) * len(part) > MOST_WORLDS * 8:
            raise _TooManyError
        result = [joined for one in result for other in part if (joined := _joined(one, other)) is not None]
        if len(result) > MOST_WORLDS:
            raise _TooManyError
    return result


def _joined(one: Mapping[Node, Region], other: Mapping[Node, Region]) -> World | None:
    world = dict(one)
    for subject, region in other.items():
        world[subject] = meet(world[subject], region) if subject in world else region
        if world[subject].empty:
            return None
    return world


def _region(node: Node, positive: bool) -> tuple[Node, Region]:
    """Return what an atom speaks of, and the region it puts it in; at worst it speaks of its own truth."""
    match node:
        case Compare(op, left, Literal() as value) if not isinstance(left, Literal):
            return left, _compared(op if positive else _OPPOSITE[op], value, left)
        case Compare(op, Literal() as value, right) if not isinstance(right, Literal):
            turned = _FLIPPED[op]
            return right, _compared(turned if positive else _OPPOSITE[turned], value, right)
        case In(operand, items) if not isinstance(operand, Literal) and all(isinstance(i, Literal) for i in items):
            return operand, _listed(operand, [i for i in items if isinstance(i, Literal)], positive)
        case _:
            return node, WordSet(frozenset(("true" if positive else "false",)), False, _YES_NO)


def _compared(op: str, value: Literal, subject: Node) -> Region:
    if type_of(subject) == "text":
        return WordSet(frozenset((str(value.value),)), op == "<>")
    return Numbers.compared(op, _as_number(value), whole=_is_whole(subject))


def _listed(subject: Node, items: Sequence[Literal], positive: bool) -> Region:
    if type_of(subject) == "text":
        return WordSet(frozenset(str(i.value) for i in items), not positive)
    whole = _is_whole(subject)
    if positive:
        places = sorted({_as_number(i) for i in items})
        return Numbers(tuple(((p, 0), (p, 0)) for p in places), whole)
    region = Numbers.compared("<>", _as_number(items[0]), whole=whole)
    for item in items[1:]:
        region = region.meet(Numbers.compared("<>", _as_number(item), whole=whole))
    return region


def _as_number(value: Literal) -> float:
    return float(value.value.toordinal()) if isinstance(value.value, datetime.date) else float(value.value)


def _is_whole(subject: Node) -> bool:
    return isinstance(subject, Ref) and subject.name.type in ("integer", "date")


def _whole(subject: Ref) -> Region:
    """Everything a name can be."""
    name: Name = subject.name
    if name.kind == "boolean":
        return WordSet(frozenset(), True, _YES_NO)
    if name.kind == "text":
        return WordSet(frozenset(), True, frozenset(name.values) or None)
    if name.range is None:
        return Numbers.between(float("-inf"), float("inf"), whole=_is_whole(subject))
    return Numbers.between(*name.range, whole=_is_whole(subject))
