"""A tree as canonical text; parsing it again gives the same tree, with numbers in base units."""

from __future__ import annotations

import datetime

from screening.expression.tree import (
    And,
    Arithmetic,
    Call,
    Case,
    Compare,
    In,
    InCatalogue,
    IsNull,
    Literal,
    Negate,
    Node,
    Not,
    Or,
    Ref,
    Value,
)

_ATOM = 9


def render(node: Node) -> str:
    """Return `node` as an analyst would write it.

    >>> from screening.expression.tree import Literal, Name, Ref
    >>> render(Not(In(Ref(Name("track", "category")), (Literal.of("seed"),))))
    "track not in ('seed')"
    """
    return _write(node)[0]


def number_text(value: float) -> str:
    """Return the shortest text that reads back as `value`."""
    return str(int(value)) if value.is_integer() else repr(value)


def _value(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return number_text(value)
        case datetime.date():
            return f"date '{value.isoformat()}'"
        case str():
            return "'" + value.replace("'", "''") + "'"


def _write(node: Node) -> tuple[str, int]:
    """Return the text of `node` and how tightly it binds."""
    match node:
        case Literal(value, _, _):
            return _value(value), 7 if isinstance(value, float) and value < 0 else _ATOM
        case Ref(name):
            return name.id, _ATOM
        case Or(operands):
            return " or ".join(_at(part, 2) for part in operands), 1
        case And(operands):
            return " and ".join(_at(part, 3) for part in operands), 2
        case Not(In(operand, items)):
            return f"{_at(operand, 5)} not in ({_list(items)})", 4
        case Not(IsNull(operand)):
            return f"{_at(operand, 5)} is not null", 4
        case Not(operand):
            return f"not {_at(operand, _ATOM)}", 3
        case Compare(op, left, right):
            return f"{_at(left, 5)} {op} {_at(right, 5)}", 4
        case In(operand, items):
            return f"{_at(operand, 5)} in ({_list(items)})", 4
        case IsNull(operand):
            return f"{_at(operand, 5)} is null", 4
        case Arithmetic(op, left, right):
            level = 5 if op in "+-" else 6
            # Two signs in a row would read as a comment or a slip.
            second = _at(right, level + 1)
            return f"{_at(left, level)} {op} {f'({second})' if second.startswith('-') else second}", level
        case Negate(operand):
            return f"-{_at(operand, _ATOM)}", 7
        case Case(branches, otherwise):
            whens = " ".join(f"when {render(when)} then {render(then)}" for when, then in branches)
            return f"case {whens} else {render(otherwise)} end", _ATOM
        case InCatalogue(operand, catalogue):
            return f"in_catalogue({render(operand)}, {_value(catalogue)})", _ATOM
        case Call(function, arguments):
            return f"{function}({_list(arguments)})", _ATOM


def _at(node: Node, level: int) -> str:
    text, binds = _write(node)
    return text if binds >= level else f"({text})"


def _list(nodes: tuple[Node, ...]) -> str:
    return ", ".join(map(render, nodes))
