"""The grammar's parts to the typed tree, with kinds, units and values checked on the way.

A part that has a problem comes back as None; checks that need it are left out, so one mistake gives one message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, get_args

from screening.errors import did_you_mean
from screening.expression.checks import ARTICLE, Checks
from screening.expression.functions import FUNCTIONS, OTHER_WAYS, Function
from screening.expression.printing import render
from screening.expression.syntax import Syntax, bare
from screening.expression.tree import (
    LIMIT,
    Arithmetic,
    Call,
    Case,
    Compare,
    Comparison,
    In,
    InCatalogue,
    IsNull,
    Kind,
    Literal,
    Node,
    Not,
    Operator,
    Ref,
    Scope,
    both,
    either,
    negated,
    walk,
)
from screening.expression.units import type_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from screening.expression.words import Refuse, Word

MAX_PRODUCTS = 12
"""Products and quotients of one expression: as many factors of 1e18 stay finite, so no inf or NaN can arise in rows."""

_COMPARISONS: frozenset[str] = frozenset(get_args(Comparison))
_CONDITIONS = ("is", "in", "between", "not")
_OPERATORS: frozenset[str] = frozenset(get_args(Operator))
_LOOSE = (*_COMPARISONS, *_CONDITIONS)


class Builder(Checks):
    """Builds the tree of one expression."""

    def __init__(
        self, words: Sequence[Word], scope: Scope, catalogues: Collection[str], row_level: bool, refuse: Refuse
    ) -> None:
        super().__init__(words, refuse)
        self._scope, self._catalogues, self._row_level = scope, catalogues, row_level

    def build(self, node: Syntax) -> Node | None:
        """Return the tree of `node`, or None when it holds a problem."""
        tree = self._build(node)
        if tree is not None:
            products = sum(isinstance(part, Arithmetic) and part.op in "*/" for part in walk(tree))
            if products > MAX_PRODUCTS:
                self._refuse(
                    "expression/too-many-products",
                    f"{products} multiplications and divisions, the most is {MAX_PRODUCTS}",
                    0,
                    "split the formula into named facts",
                )
                return None
        return tree

    # --- one method per construct -------------------------------------------------------------------------------------

    def _build(self, node: Syntax) -> Node | None:
        if node.kind in _COMPARISONS:
            return self._comparison(node, cast("Comparison", node.kind))
        if node.kind in _OPERATORS:
            return self._arithmetic(node, cast("Operator", node.kind))
        build = _CONSTRUCTS.get(node.kind)
        if build is None:
            what = "a list in brackets cannot stand here" if node.kind == "list" else "this construct cannot stand here"
            remedy = "lists stand after in, functions are called as name(…)"
            return self._no("expression/not-allowed", what, node, remedy)
        return build(self, node)

    def _paren(self, node: Syntax) -> Node | None:
        return self._build(node.items[0])

    def _leaf(self, node: Syntax) -> Node | None:
        word = self._words[node.word]
        match word.form:
            case "number":
                return self._number(word)
            case "text":
                return Literal.of(word.text)
            case "date":
                return self._date(word.text, word.start)
            case _:
                return self._name(word)

    def _number(self, word: Word) -> Node | None:
        value = float(word.text)
        if value != 0 and not 1 / LIMIT <= value <= LIMIT:
            self._refuse(
                "expression/number", f"{word.text} is out of bounds", word.start, f"numbers lie within ±{LIMIT:.0e}"
            )
            return None
        return Literal.of(value, word.unit)

    def _name(self, word: Word) -> Node | None:
        if word.text in self._scope:
            return Ref(self._scope[word.text])
        remedy = did_you_mean(word.text, self._scope)
        if not remedy and not word.text.isascii():
            remedy = f"a text stands in single quotes: '{word.text}'"
        self._refuse(
            "expression/unknown-name", f"no fact, column or parameter is called '{word.text}' here", word.start, remedy
        )
        return None

    def _constant(self, node: Syntax) -> Node | None:
        return Literal.of(node.value)

    def _null(self, node: Syntax) -> Node | None:
        return self._no("expression/null", "null is not a value", node, "ask with: x is null, x is not null")

    def _junction(self, node: Syntax) -> Node | None:
        built = [self._condition(part) for part in node.items]
        whole = [part for part in built if part is not None]
        if len(whole) < len(built):
            return None
        return both(*whole) if node.kind == "and" else either(*whole)

    def _not(self, node: Syntax) -> Node | None:
        operand = self._condition(node.items[0])
        return None if operand is None else Not(operand)

    def _condition(self, node: Syntax) -> Node | None:
        tree = self._build(node)
        return None if tree is None else self.fit(tree, "boolean", node)

    def _comparison(self, node: Syntax, op: Comparison) -> Node | None:
        sides = node.items
        if any(bare(side).kind == "null" for side in sides):
            known = next((side for side in sides if bare(side).kind != "null"), None)
            said = "x" if known is None else self._said(known)
            return self._no(
                "expression/null",
                "nothing is equal to null, not even null",
                node,
                f"write: {said} is {'not ' if op == '<>' else ''}null",
            )
        if any(side.kind in _COMPARISONS for side in sides):
            return self._no(
                "expression/type",
                "comparisons cannot be chained",
                node,
                "write: a < x and x < b, or x between a and b; to compare a condition, put it in brackets",
            )
        loose = next((side for side in sides if side.kind in _CONDITIONS), None)
        if loose is not None:
            return self._unbracketed(loose)
        left, right = self._build(sides[0]), self._build(sides[1])
        if left is None or right is None:
            return None
        return self._compared(op, left, right, *sides)

    def _compared(self, op: Comparison, left: Node, right: Node, at: Syntax, at_right: Syntax) -> Node | None:
        pair = self._alike((left, right), (at, at_right))
        if pair is None:
            return None
        left, right = pair
        kind = type_of(left)
        if op not in ("=", "<>") and kind in ("text", "boolean"):
            return self._no(
                "expression/type",
                f"{ARTICLE[kind]} has no order: {op} compares numbers and dates",
                at,
                "use =, <> or in",
            )
        if kind == "boolean":
            for side, other in ((left, right), (right, left)):
                if isinstance(side, Literal):
                    return other if (side.value is True) == (op == "=") else Not(other)
        self._check_values(left, (right,), (at_right,))
        self._check_values(right, (left,), (at,))
        return Compare(op, left, right)

    def _unbracketed(self, node: Syntax) -> Node | None:
        """Dialects differ in how tightly is, in and between bind beside a comparison."""
        return self._no(
            "expression/type",
            "a condition stands beside another operator without brackets",
            node,
            "put the condition in brackets, or write it twice with and",
        )

    def _between(self, node: Syntax) -> Node | None:
        subject, *ends = node.items
        if subject.kind in _LOOSE:
            return self._unbracketed(subject)
        operand, low, high = self._build(subject), self._build(ends[0]), self._build(ends[1])
        if operand is None or low is None or high is None:
            return None
        above = self._compared(">=", operand, low, subject, ends[0])
        below = self._compared("<=", operand, high, subject, ends[1])
        if above is None or below is None:
            return None
        if isinstance(low, Literal) and isinstance(high, Literal) and low.kind == high.kind and low.value > high.value:  # type: ignore[operator]
            return self._no(
                "expression/empty-between",
                f"nothing lies between {render(low)} and {render(high)}",
                ends[0],
                "write the lower bound first",
            )
        return both(above, below)

    def _in(self, node: Syntax) -> Node | None:
        subject, *listed = node.items
        if subject.kind in _LOOSE:
            return self._unbracketed(subject)
        if not listed:
            return self._no("expression/syntax", "in needs a list in brackets", node, "write: x in ('a', 'b')")
        if any(bare(item).kind == "null" for item in listed):
            remedy = f"write: {self._said(subject)} is null or …"
            return self._no("expression/null", "null is not a value of a list", node, remedy)
        built = [self._build(item) for item in node.items]
        parts = [part for part in built if part is not None]
        if len(parts) < len(built):
            return None
        if not all(isinstance(part, Literal | Ref) for part in parts[1:]):
            return self._no(
                "expression/not-allowed",
                "a list holds values and names, no formulas",
                node,
                "write or between comparisons",
            )
        alike = self._alike(parts, node.items)
        if alike is None:
            return None
        if type_of(alike[0]) == "boolean":
            return self._no("expression/type", "a condition is not looked up in a list", node, "write x or not x")
        self._check_values(alike[0], alike[1:], listed)
        return In(alike[0], alike[1:])

    def _is(self, node: Syntax) -> Node | None:
        subject, other = node.items
        if other.kind != "null":
            said = self._said(subject)
            remedy = f"write: {said}, or not {said}" if other.kind == "constant" else "write = or <>"
            return self._no("expression/not-allowed", "is compares with null only", node, remedy)
        if subject.kind in _LOOSE:
            return self._unbracketed(subject)
        operand = self._build(subject)
        return None if operand is None else IsNull(operand)

    def _arithmetic(self, node: Syntax, op: Operator) -> Node | None:
        at, at_right = node.items
        left, right = self._of_kind(at, "number"), self._of_kind(at_right, "number")
        if left is None or right is None:
            return None
        if op in "+-":
            self._check_units((left, right), at_right, "added" if op == "+" else "subtracted")
        if op == "/" and isinstance(right, Literal) and right.value == 0:
            return self._no("expression/division-by-zero", "this divides by zero", at_right)
        return Arithmetic(op, left, right)

    def _negative(self, node: Syntax) -> Node | None:
        operand = self._of_kind(node.items[0], "number")
        return None if operand is None else negated(operand)

    def _of_kind(self, node: Syntax, kind: Kind) -> Node | None:
        tree = self._build(node)
        return None if tree is None else self.fit(tree, kind, node)

    def _case(self, node: Syntax) -> Node | None:
        subject, default = node.subject, node.default
        if subject is not None and bare(subject).kind != "leaf":
            return self._no(
                "expression/not-allowed", "case x when … needs a plain name as x", node, "write: case when x = … then …"
            )
        if default is None:
            return self._no(
                "expression/case-without-else",
                "this case has no else",
                node,
                "write what holds in all other cases: else …",
            )
        whens: list[Node | None] = []
        at = [*(branch.items[1] for branch in node.items), default]
        for branch in node.items:
            when = branch.items[0] if subject is None else Syntax("=", [subject, branch.items[0]])
            whens.append(self._condition(when))
        built = [self._build(part) for part in at]
        values = [value for value in built if value is not None]
        conditions = [when for when in whens if when is not None]
        if len(values) < len(built) or len(conditions) < len(whens):
            return None
        if self._row_level and any(isinstance(part, Case) for when in conditions for part in walk(when)):
            return self._no(
                "expression/not-allowed",
                "a case stands inside the condition of a case",
                node,
                "write the inner one with and, or",
            )
        alike = self._alike(values, at)
        return None if alike is None else Case(tuple(zip(conditions, alike[:-1], strict=True)), alike[-1])

    # --- calls --------------------------------------------------------------------------------------------------------

    def _call(self, node: Syntax) -> Node | None:
        word = self._words[node.word]
        name = word.text.lower()
        function = FUNCTIONS.get(name)
        if function is None:
            remedy = (
                OTHER_WAYS.get(name) or did_you_mean(name, FUNCTIONS) or f"the functions are {', '.join(FUNCTIONS)}"
            )
            self._refuse("expression/unknown-function", f"there is no function '{word.text}'", word.start, remedy)
            return None
        if function.rows_only and not self._row_level:
            self._refuse(
                "expression/rows-only",
                f"{name} stands only in `where:` and `of:` of a fact over a child table",
                word.start,
                "a missing fact stays unknown; what it counts as is said by on_missing or on_unknown",
            )
            return None
        given = node.items
        if len(given) < function.least_arguments or (len(given) > len(function.parameters) and not function.variadic):
            self._refuse(
                "expression/arguments",
                f"{name} cannot be called with {len(given)} {'argument' if len(given) == 1 else 'arguments'}",
                word.start,
                f"write {function.usage}",
            )
            return None
        return self._applied(name, function, given, word)

    def _applied(self, name: str, function: Function, given: list[Syntax], word: Word) -> Node | None:
        built = [self._build(node) for node in given]
        arguments = [part for part in built if part is not None]
        if len(arguments) < len(built):
            return None
        for i, (parameter, node) in enumerate(zip(function.parameters, given, strict=False)):
            if parameter in ("number", "date", "text"):
                fitted = self.fit(arguments[i], parameter, node)
                if fitted is None:
                    return None
                arguments[i] = fitted
        if "digits" in function.parameters and len(arguments) == 2 and not _is_digits(arguments[1]):
            return self._no(
                "expression/arguments",
                "round takes the number of digits as a whole number from -9 to 9",
                given[1],
                f"write {function.usage}",
            )
        if function.result == "same":
            alike = self._alike(arguments, given)
            if alike is None:
                return None
            if type_of(alike[0]) in ("text", "boolean") and name not in ("coalesce", "first_known"):
                return self._no("expression/type", f"{name} compares numbers or dates", given[0])
            arguments = list(alike)
        if name == "in_catalogue":
            return self._in_catalogue(arguments, given, word)
        return Call(name, tuple(arguments))

    def _in_catalogue(self, arguments: list[Node], given: list[Syntax], word: Word) -> Node | None:
        wanted = arguments[1]
        if not isinstance(wanted, Literal) or not isinstance(wanted.value, str):
            return self._no(
                "expression/arguments",
                "the catalogue is named by its id in quotes",
                given[1],
                f"write {word.text}(x, 'id')",
            )
        if wanted.value not in self._catalogues:
            return self._no(
                "expression/unknown-catalogue",
                f"the pack has no catalogue '{wanted.value}'",
                given[1],
                did_you_mean(wanted.value, self._catalogues),
            )
        return InCatalogue(arguments[0], wanted.value)


_CONSTRUCTS: dict[str, Callable[[Builder, Syntax], Node | None]] = {
    "paren": Builder._paren,
    "leaf": Builder._leaf,
    "constant": Builder._constant,
    "null": Builder._null,
    "and": Builder._junction,
    "or": Builder._junction,
    "not": Builder._not,
    "between": Builder._between,
    "in": Builder._in,
    "is": Builder._is,
    "negative": Builder._negative,
    "case": Builder._case,
    "call": Builder._call,
}


def _is_digits(node: Node) -> bool:
    return (
        isinstance(node, Literal) and isinstance(node.value, float) and node.value.is_integer() and abs(node.value) <= 9
    )
