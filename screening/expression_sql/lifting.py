"""Cases between texts drawn outside: a test of a case becomes a case of tests, of which only the reachable ones count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.expression.tree import Call, Case, Compare, In, InCatalogue
from screening.expression.units import type_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from screening.expression.tree import Node


def lifted(node: Node) -> Node:
    """Return `node`, a test or a turn of texts, with a case it reads drawn outside; other nodes as they are."""
    match node:
        case Compare(op, left, right) if type_of(left) == "text":
            left, right = lifted(left), lifted(right)
            if isinstance(left, Case):
                return spread(left, lambda value: Compare(op, value, right))
            return spread(right, lambda value: Compare(op, left, value)) if isinstance(right, Case) else node
        case In(operand, items) if type_of(operand) == "text":
            return _outside(operand, node, lambda value: In(value, items))
        case InCatalogue(operand, name):
            return _outside(operand, node, lambda value: InCatalogue(value, name))
        case Call("lower" | "upper" | "contains" | "starts_with" as function, (operand, *rest)):
            return _outside(operand, node, lambda value: Call(function, (value, *rest)))
    return node


def spread(case: Case, test: Callable[[Node], Node]) -> Case:
    """Return `case` with `test` applied to each of its values."""
    return Case(tuple((when, lifted(test(then))) for when, then in case.branches), lifted(test(case.otherwise)))


def _outside(operand: Node, node: Node, test: Callable[[Node], Node]) -> Node:
    inner = lifted(operand)
    return spread(inner, test) if isinstance(inner, Case) else node
