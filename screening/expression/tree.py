"""The expression tree: small, frozen, typed, comparable. It knows neither SQL nor files.

Numbers are floats, and every value of the language lies within ±`LIMIT`: a larger one counts as the limit.
"""

from __future__ import annotations

import datetime
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

if typing.TYPE_CHECKING:
    from screening.catalog import Unit

LIMIT = 1e15
"""The largest number of the language; what cannot be bounded (a quotient by zero) lies anywhere within ±LIMIT."""

Kind = typing.Literal["number", "boolean", "date", "text"]
NameType = typing.Literal["decimal", "integer", "boolean", "date", "text", "category"]
Comparison = typing.Literal["=", "<>", "<", "<=", ">", ">="]
Operator = typing.Literal["+", "-", "*", "/"]
Value = bool | float | str | datetime.date

KIND_OF_TYPE: Mapping[str, Kind] = {
    "decimal": "number",
    "integer": "number",
    "boolean": "boolean",
    "date": "date",
    "text": "text",
    "code": "text",
    "category": "text",
}


@dataclass(frozen=True, slots=True)
class Name:
    """What a name stands for: its type, unit, the values of a category and the range a number lies in."""

    id: str
    type: NameType
    unit: Unit = "none"
    values: tuple[str, ...] = ()
    range: tuple[float, float] | None = None

    @property
    def kind(self) -> Kind:
        """The kind of value that the name yields."""
        return KIND_OF_TYPE[self.type]


Scope = Mapping[str, Name]


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the rule. `unit` is None unless a parameter with a unit was put in: bare numbers fit any unit."""

    value: Value
    kind: Kind
    unit: Unit | None = None

    @classmethod
    def of(cls, value: Value | int, unit: Unit | None = None) -> Literal:
        """Return the literal of a plain Python value."""
        match value:
            case bool():
                return cls(value, "boolean", unit)
            case int() | float():
                return cls(float(value), "number", unit)
            case datetime.date():
                return cls(value, "date", unit)
            case str():
                return cls(value, "text", unit)


@dataclass(frozen=True, slots=True)
class Ref:
    """A name."""

    name: Name


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    operand: Node


@dataclass(frozen=True, slots=True)
class And:
    """All of several conditions, never nested directly."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of several conditions, never nested directly."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison of two values of one kind."""

    op: Comparison
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class In:
    """Membership in a written list."""

    operand: Node
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class IsNull:
    """Whether a value is missing."""

    operand: Node


@dataclass(frozen=True, slots=True)
class InCatalogue:
    """Membership in a catalogue file."""

    operand: Node
    catalogue: str


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A sum, difference, product or quotient."""

    op: Operator
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negate:
    """A number with its sign turned."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Case:
    """The value of the first condition that holds; `otherwise` is always written."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A listed function."""

    function: str
    arguments: tuple[Node, ...]


Node = Literal | Ref | Not | And | Or | Compare | In | IsNull | InCatalogue | Arithmetic | Negate | Case | Call


def both(*operands: Node) -> Node:
    """Return the conjunction of `operands`, flattened."""
    flat = tuple(part for node in operands for part in (node.operands if isinstance(node, And) else (node,)))
    return flat[0] if len(flat) == 1 else And(flat)


def either(*operands: Node) -> Node:
    """Return the disjunction of `operands`, flattened."""
    flat = tuple(part for node in operands for part in (node.operands if isinstance(node, Or) else (node,)))
    return flat[0] if len(flat) == 1 else Or(flat)


def negated(operand: Node) -> Node:
    """Return the number with its sign turned, folded when it is written out."""
    if isinstance(operand, Literal) and isinstance(operand.value, float):
        return replace(operand, value=-operand.value)
    return Negate(operand)


def children(node: Node) -> tuple[Node, ...]:
    """Return the direct parts of `node`, in reading order."""
    match node:
        case Literal() | Ref():
            return ()
        case Not(operand) | IsNull(operand) | InCatalogue(operand, _) | Negate(operand):
            return (operand,)
        case And(operands) | Or(operands):
            return operands
        case Compare(_, left, right) | Arithmetic(_, left, right):
            return (left, right)
        case In(operand, items):
            return (operand, *items)
        case Case(branches, otherwise):
            return (*(part for branch in branches for part in branch), otherwise)
        case Call(_, arguments):
            return arguments


def walk(node: Node) -> Iterator[Node]:
    """Yield `node` and everything below it."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(children(node))


def names(node: Node) -> frozenset[str]:
    """Return the ids that `node` refers to."""
    return frozenset(part.name.id for part in walk(node) if isinstance(part, Ref))


def catalogues(node: Node) -> frozenset[str]:
    """Return the ids of the catalogues that `node` consults."""
    return frozenset(part.catalogue for part in walk(node) if isinstance(part, InCatalogue))


def substitute(node: Node, values: Mapping[str, Node]) -> Node:
    """Return `node` with each name in `values` replaced; used to put the valid value of a parameter in."""

    def put(part: Node) -> Node:
        return substitute(part, values)

    match node:
        case Ref(name):
            return values.get(name.id, node)
        case Literal():
            return node
        case Not(operand):
            return Not(put(operand))
        case IsNull(operand):
            return IsNull(put(operand))
        case InCatalogue(operand, catalogue):
            return InCatalogue(put(operand), catalogue)
        case Negate(operand):
            return negated(put(operand))
        case And(operands):
            return both(*map(put, operands))
        case Or(operands):
            return either(*map(put, operands))
        case Compare(op, left, right):
            return Compare(op, put(left), put(right))
        case Arithmetic(sign, left, right):
            return Arithmetic(sign, put(left), put(right))
        case In(operand, items):
            return In(put(operand), tuple(map(put, items)))
        case Case(branches, otherwise):
            return Case(tuple((put(when), put(then)) for when, then in branches), put(otherwise))
        case Call(function, arguments):
            return Call(function, tuple(map(put, arguments)))
