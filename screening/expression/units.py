"""Kinds and units of a tree, computed from its leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.expression.functions import FUNCTIONS
from screening.expression.tree import (
    And,
    Arithmetic,
    Call,
    Case,
    Compare,
    In,
    InCatalogue,
    IsNull,
    Kind,
    Literal,
    Negate,
    Node,
    Not,
    Or,
    Ref,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screening.catalog import Unit


def type_of(node: Node) -> Kind:
    """Return the kind of value that `node` yields."""
    match node:
        case Literal(_, kind, _):
            return kind
        case Ref(name):
            return name.kind
        case Not() | And() | Or() | Compare() | In() | IsNull() | InCatalogue():
            return "boolean"
        case Arithmetic() | Negate():
            return "number"
        case Case(_, otherwise):
            return type_of(otherwise)
        case Call(function, arguments):
            result = FUNCTIONS[function].result
            return type_of(arguments[0]) if result == "same" else result


def unit_of(node: Node) -> Unit:
    """Return the unit of `node`; `none` when it has none, or none that can be told."""
    return measure(node) or "none"


def measure(node: Node) -> Unit | None:
    """Return the unit of `node`, None for bare numbers, which fit any unit."""
    match node:
        case Literal(_, _, unit):
            return unit
        case Ref(name):
            return name.unit
        case Negate(operand):
            return measure(operand)
        case Arithmetic("*", left, right):
            return _product(measure(left), measure(right))
        case Arithmetic("/", left, right):
            return _quotient(measure(left), measure(right))
        case Arithmetic(_, left, right):
            return common((measure(left), measure(right)))
        case Case(branches, otherwise):
            return common((*(measure(then) for _, then in branches), measure(otherwise)))
        case Call(function, arguments):
            unit = FUNCTIONS[function].unit
            same = FUNCTIONS[function].result == "same"
            return common(map(measure, arguments if same else arguments[:1])) if unit is None else unit
        case _:
            return "none"


def common(units: Iterable[Unit | None]) -> Unit | None:
    """Return the unit that `units` share: the first real one, `none` when there is none, None for bare numbers."""
    seen = [unit for unit in units if unit is not None]
    return next((unit for unit in seen if unit != "none"), "none" if seen else None)


def clash(units: Iterable[Unit | None]) -> tuple[Unit, Unit] | None:
    """Return two units that do not go together. Bare numbers and `none` go with everything."""
    first: Unit | None = None
    for unit in units:
        if unit is None or unit == "none":
            continue
        if first is not None and unit != first:
            return first, unit
        first = unit
    return None


def _product(left: Unit | None, right: Unit | None) -> Unit | None:
    if left is None or right is None:
        return left or right
    if left == "ratio":
        return right
    return left if right == "ratio" else "none"


def _quotient(left: Unit | None, right: Unit | None) -> Unit | None:
    if right is None:
        return left
    if left is None:
        return "none"
    if left == right and left != "none":
        return "ratio"
    return left if right == "ratio" else "none"
