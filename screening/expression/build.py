"""sqlglot's tree to ours, with kinds, units and values checked on the way.

A part that has a problem comes back as None; checks that need it are left out, so one mistake gives one message.
"""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

from sqlglot import exp

from screening.errors import did_you_mean
from screening.expression.functions import FUNCTIONS, OTHER_WAYS, Function
from screening.expression.printing import render
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
from screening.expression.units import clash, measure, type_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from screening.expression.words import Refuse, Word

MAX_PRODUCTS = 12
"""Products and quotients of one expression: as many factors of 1e18 stay finite, so no inf or NaN can arise in rows."""

_COMPARISONS: dict[type[exp.Expression], Comparison] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=",
}
_OPERATORS: dict[type[exp.Expression], Operator] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.A)
_ARTICLE: dict[Kind, str] = {"number": "a number", "boolean": "a condition", "date": "a date", "text": "a text"}


class Builder:
    """Builds the tree of one expression."""

    def __init__(self, words: Sequence[Word], scope: Scope, catalogues: Collection[str], row_level: bool, refuse: Refuse) -> None:
        self._words, self._scope, self._catalogues = words, scope, catalogues
        self._row_level, self._refuse = row_level, refuse

    def build(self, node: exp.Expression) -> Node | None:
        """Return the tree of `node`, or None when it holds a problem."""
        tree = self._build(node)
        if tree is not None:
            products = sum(isinstance(part, Arithmetic) and part.op in "*/" for part in walk(tree))
            if products > MAX_PRODUCTS:
                self._refuse("expression/too-many-products", f"{products} multiplications and divisions, the most is {MAX_PRODUCTS}",
                             0, "split the formula into named facts")
                return None
        return tree

    def fit(self, tree: Node, expected: Kind, node: exp.Expression) -> Node | None:
        """Return `tree` when it is of the kind expected (a written date counts as one), else None after saying so."""
        if expected == "date":
            dated = self._dated(tree, node)
            if dated is None:
                return None
            tree = dated
        found = type_of(tree)
        if found == expected:
            return tree
        remedy = f"compare it, such as {_short(tree)} = …" if expected == "boolean" else ""
        self._refuse("expression/type", f"{_ARTICLE[expected]} is expected, but {_short(tree)} is {_ARTICLE[found]}",
                     self._start(node), remedy)
        return None

    # --- one method per construct -------------------------------------------------------------------------------------

    def _build(self, node: exp.Expression) -> Node | None:
        kind = type(node)
        if kind in _COMPARISONS:
            return self._comparison(node, _COMPARISONS[kind])
        if kind in _OPERATORS:
            return self._arithmetic(node, _OPERATORS[kind])
        build = _CONSTRUCTS.get(kind)
        if build is None:
            what = "a list in brackets" if isinstance(node, exp.Tuple) else "this construct"
            return self._no("expression/not-allowed", f"{what} cannot stand here", node,
                            "lists stand after in, functions are called as name(…)")
        return build(self, node)

    def _paren(self, node: exp.Expression) -> Node | None:
        return self._build(node.this)

    def _leaf(self, node: exp.Expression) -> Node | None:
        if not isinstance(node.this, exp.Identifier) or node.args.get("table") or "start" not in node.this.meta:
            return self._no("expression/not-allowed", "this construct cannot stand here", node)
        word = self._words[node.this.meta["start"]]
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
            self._refuse("expression/number", f"{word.text} is out of bounds", word.start, f"numbers lie within ±{LIMIT:.0e}")
            return None
        return Literal.of(value)

    def _date(self, text: str, start: int) -> Node | None:
        try:
            if not _DATE.fullmatch(text):
                raise ValueError(text)
            return Literal.of(datetime.date.fromisoformat(text))
        except ValueError:
            self._refuse("expression/date", f"'{text}' is not a date", start, "write 'YYYY-MM-DD'")
            return None

    def _name(self, word: Word) -> Node | None:
        if word.text in self._scope:
            return Ref(self._scope[word.text])
        remedy = did_you_mean(word.text, self._scope)
        if not remedy and not word.text.isascii():
            remedy = f"a text stands in single quotes: '{word.text}'"
        self._refuse("expression/unknown-name", f"no fact, column or parameter is called '{word.text}' here", word.start, remedy)
        return None

    def _constant(self, node: exp.Expression) -> Node | None:
        return Literal.of(bool(node.this))

    def _null(self, node: exp.Expression) -> Node | None:
        return self._no("expression/null", "null is not a value", node, "ask with: x is null, x is not null")

    def _junction(self, node: exp.Expression) -> Node | None:
        parts: list[exp.Expression] = []
        waiting = [node]
        while waiting:
            part = waiting.pop()
            if type(part) is type(node):
                waiting += [part.expression, part.this]
            else:
                parts.append(part)
        built = [self._condition(part) for part in parts]
        whole = [part for part in built if part is not None]
        if len(whole) < len(built):
            return None
        return both(*whole) if isinstance(node, exp.And) else either(*whole)

    def _not(self, node: exp.Expression) -> Node | None:
        operand = self._condition(node.this)
        return None if operand is None else Not(operand)

    def _condition(self, node: exp.Expression) -> Node | None:
        tree = self._build(node)
        return None if tree is None else self.fit(tree, "boolean", node)

    def _comparison(self, node: exp.Expression, op: Comparison) -> Node | None:
        sides = node.this, node.expression
        if any(isinstance(_bare(side), exp.Null) for side in sides):
            known = next((side for side in sides if not isinstance(_bare(side), exp.Null)), None)
            said = "x" if known is None else self._said(known)
            return self._no("expression/null", "nothing is equal to null, not even null", node,
                            f"write: {said} is {'not ' if op == '<>' else ''}null")
        if type(node.this) in _COMPARISONS:
            return self._no("expression/type", "comparisons cannot be chained", node, "write: a < x and x < b, or x between a and b")
        left, right = self._build(sides[0]), self._build(sides[1])
        if left is None or right is None:
            return None
        return self._compared(op, left, right, node.this, node.expression)

    def _compared(self, op: Comparison, left: Node, right: Node, at: exp.Expression, at_right: exp.Expression) -> Node | None:
        pair = self._alike((left, right), (at, at_right))
        if pair is None:
            return None
        left, right = pair
        kind = type_of(left)
        if op not in ("=", "<>") and kind in ("text", "boolean"):
            return self._no("expression/type", f"{_ARTICLE[kind]} has no order: {op} compares numbers and dates", at,
                            "use =, <> or in")
        if kind == "boolean":
            for side, other in ((left, right), (right, left)):
                if isinstance(side, Literal):
                    return other if (side.value is True) == (op == "=") else Not(other)
        self._check_values(left, (right,), (at_right,))
        self._check_values(right, (left,), (at,))
        return Compare(op, left, right)

    def _between(self, node: exp.Expression) -> Node | None:
        ends = node.args["low"], node.args["high"]
        operand, low, high = self._build(node.this), self._build(ends[0]), self._build(ends[1])
        if operand is None or low is None or high is None:
            return None
        above = self._compared(">=", operand, low, node.this, ends[0])
        below = self._compared("<=", operand, high, node.this, ends[1])
        if above is None or below is None:
            return None
        if isinstance(low, Literal) and isinstance(high, Literal) and low.kind == high.kind and low.value > high.value:  # type: ignore[operator]
            return self._no("expression/empty-between", f"nothing lies between {render(low)} and {render(high)}", ends[0],
                            "write the lower bound first")
        return both(above, below)

    def _in(self, node: exp.Expression) -> Node | None:
        listed: list[exp.Expression] = node.expressions
        if not listed or node.args.get("query") or node.args.get("field") or node.args.get("unnest"):
            return self._no("expression/syntax", "in needs a list in brackets", node, "write: x in ('a', 'b')")
        if any(isinstance(_bare(item), exp.Null) for item in listed):
            return self._no("expression/null", "null is not a value of a list", node, f"write: {self._said(node.this)} is null or …")
        built = [self._build(item) for item in (node.this, *listed)]
        parts = [part for part in built if part is not None]
        if len(parts) < len(built):
            return None
        if not all(isinstance(part, Literal | Ref) for part in parts[1:]):
            return self._no("expression/not-allowed", "a list holds values and names, no formulas", node, "write or between comparisons")
        alike = self._alike(parts, (node.this, *listed))
        if alike is None:
            return None
        if type_of(alike[0]) == "boolean":
            return self._no("expression/type", "a condition is not looked up in a list", node, "write x or not x")
        self._check_values(alike[0], alike[1:], listed)
        return In(alike[0], alike[1:])

    def _is(self, node: exp.Expression) -> Node | None:
        if not isinstance(node.expression, exp.Null):
            said = self._said(node.this)
            remedy = f"write: {said}, or not {said}" if isinstance(node.expression, exp.Boolean) else "write = or <>"
            return self._no("expression/not-allowed", "is compares with null only", node, remedy)
        operand = self._build(node.this)
        return None if operand is None else IsNull(operand)

    def _arithmetic(self, node: exp.Expression, op: Operator) -> Node | None:
        left, right = self._of_kind(node.this, "number"), self._of_kind(node.expression, "number")
        if left is None or right is None:
            return None
        if op in "+-":
            self._check_units((left, right), node.expression, "added" if op == "+" else "subtracted")
        if op == "/" and isinstance(right, Literal) and right.value == 0:
            return self._no("expression/division-by-zero", "this divides by zero", node.expression)
        return Arithmetic(op, left, right)

    def _negative(self, node: exp.Expression) -> Node | None:
        operand = self._of_kind(node.this, "number")
        return None if operand is None else negated(operand)

    def _of_kind(self, node: exp.Expression, kind: Kind) -> Node | None:
        tree = self._build(node)
        return None if tree is None else self.fit(tree, kind, node)

    def _case(self, node: exp.Expression) -> Node | None:
        subject = node.args.get("this")
        if subject is not None and not isinstance(_bare(subject), exp.Column):
            return self._no("expression/not-allowed", "case x when … needs a plain name as x", node, "write: case when x = … then …")
        default = node.args.get("default")
        if default is None:
            return self._no("expression/case-without-else", "this case has no else", node, "write what holds in all other cases: else …")
        whens: list[Node | None] = []
        at = [*(branch.args["true"] for branch in node.args["ifs"]), default]
        for branch in node.args["ifs"]:
            when = branch.this if subject is None else exp.EQ(this=subject.copy(), expression=branch.this)
            whens.append(self._condition(when))
        built = [self._build(part) for part in at]
        values = [value for value in built if value is not None]
        conditions = [when for when in whens if when is not None]
        if len(values) < len(built) or len(conditions) < len(whens):
            return None
        if self._row_level and any(isinstance(part, Case) for when in conditions for part in walk(when)):
            return self._no("expression/not-allowed", "a case stands inside the condition of a case", node,
                            "write the inner one with and, or")
        alike = self._alike(values, at)
        return None if alike is None else Case(tuple(zip(conditions, alike[:-1], strict=True)), alike[-1])

    # --- calls --------------------------------------------------------------------------------------------------------

    def _call(self, node: exp.Expression) -> Node | None:
        if "start" not in node.meta:
            return self._no("expression/not-allowed", "this construct cannot stand here", node)
        word = self._words[node.meta["start"]]
        name = word.text.lower()
        function = FUNCTIONS.get(name)
        if function is None:
            remedy = OTHER_WAYS.get(name) or did_you_mean(name, FUNCTIONS) or f"the functions are {', '.join(FUNCTIONS)}"
            self._refuse("expression/unknown-function", f"there is no function '{word.text}'", word.start, remedy)
            return None
        if function.rows_only and not self._row_level:
            self._refuse("expression/rows-only", f"{name} stands only in `where:` and `of:` of a fact over a child table", word.start,
                         "a missing fact stays unknown; what it counts as is said by on_missing or on_unknown")
            return None
        given: list[exp.Expression] = node.expressions
        if len(given) < function.least_arguments or (len(given) > len(function.parameters) and not function.variadic):
            self._refuse("expression/arguments", f"{name} cannot be called with {len(given)} {'argument' if len(given) == 1 else 'arguments'}", word.start, f"write {function.usage}")
            return None
        return self._applied(name, function, given, word)

    def _applied(self, name: str, function: Function, given: list[exp.Expression], word: Word) -> Node | None:
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
            return self._no("expression/arguments", "round takes the number of digits as a whole number from -9 to 9", given[1],
                            f"write {function.usage}")
        if function.result == "same":
            alike = self._alike(arguments, given)
            if alike is None:
                return None
            if type_of(alike[0]) in ("text", "boolean") and name != "coalesce":
                return self._no("expression/type", f"{name} compares numbers or dates", given[0])
            arguments = list(alike)
        if name == "in_catalogue":
            return self._in_catalogue(arguments, given, word)
        return Call(name, tuple(arguments))

    def _in_catalogue(self, arguments: list[Node], given: list[exp.Expression], word: Word) -> Node | None:
        wanted = arguments[1]
        if not isinstance(wanted, Literal) or not isinstance(wanted.value, str):
            return self._no("expression/arguments", "the catalogue is named by its id in quotes", given[1], f"write {word.text}(x, 'id')")
        if wanted.value not in self._catalogues:
            return self._no("expression/unknown-catalogue", f"the pack has no catalogue '{wanted.value}'", given[1],
                            did_you_mean(wanted.value, self._catalogues))
        return InCatalogue(arguments[0], wanted.value)

    # --- checks -------------------------------------------------------------------------------------------------------

    def _alike(self, parts: Sequence[Node], at: Sequence[exp.Expression]) -> tuple[Node, ...] | None:
        """Return `parts` when they are of one kind and their units agree; written dates become dates."""
        if any(type_of(part) == "date" for part in parts):
            dated = [self._dated(part, node) for part, node in zip(parts, at, strict=True)]
            if any(part is None for part in dated):
                return None
            parts = [part for part in dated if part is not None]
        kinds = [type_of(part) for part in parts]
        odd = next((i for i, kind in enumerate(kinds) if kind != kinds[0]), None)
        if odd is None:
            self._check_units(parts, at[-1], "compared")
            return tuple(parts)
        remedy, wrong = "", odd
        first, other = parts[0], parts[odd]
        if {kinds[0], kinds[odd]} == {"text", "number"}:
            number, text = (first, other) if kinds[0] == "number" else (other, first)
            if isinstance(number, Literal):
                remedy = f"{_short(text)} is a text: write '{render(number)}'"
            elif isinstance(text, Literal):
                remedy, wrong = "write the number without quotes", odd if text is other else 0
        self._refuse("expression/type", f"{_short(first)} is {_ARTICLE[kinds[0]]}, {_short(other)} is {_ARTICLE[kinds[odd]]}",
                     self._start(at[wrong]), remedy)
        return None

    def _dated(self, tree: Node, node: exp.Expression) -> Node | None:
        if isinstance(tree, Literal) and isinstance(tree.value, str):
            return self._date(tree.value, self._start(node))
        return tree

    def _check_units(self, parts: Sequence[Node], at: exp.Expression, verb: str) -> None:
        found = clash(map(measure, parts))
        if found:
            self._refuse("expression/unit", f"{found[0]} and {found[1]} are {verb}", self._start(at),
                         "bring both to one unit; a bare number fits any unit")

    def _check_values(self, tree: Node, items: Sequence[Node], at: Sequence[exp.Expression]) -> None:
        """Refuse texts that a category never takes."""
        if not isinstance(tree, Ref) or not tree.name.values:
            return
        values = tree.name.values
        for item, node in zip(items, at, strict=True):
            if isinstance(item, Literal) and isinstance(item.value, str) and item.value not in values:
                remedy = did_you_mean(item.value, values) or f"its values are {', '.join(values[:12])}{', …' if len(values) > 12 else ''}"
                self._refuse("expression/unknown-value", f"{tree.name.id} is never '{item.value}'", self._start(node), remedy)

    def _no(self, code: str, message: str, node: exp.Expression, remedy: str = "") -> Node | None:
        self._refuse(code, message, self._start(node), remedy)
        return None

    def _start(self, node: exp.Expression) -> int:
        starts = [part.meta["start"] for part in node.find_all(exp.Identifier, exp.Anonymous) if "start" in part.meta]
        return self._words[min(starts)].start if starts else 0

    def _said(self, node: exp.Expression) -> str:
        bare = _bare(node)
        if isinstance(bare, exp.Column) and "start" in bare.this.meta:
            return self._words[int(bare.this.meta["start"])].text
        return "x"


_CONSTRUCTS: dict[type[exp.Expression], Callable[[Builder, exp.Expression], Node | None]] = {
    exp.Paren: Builder._paren, exp.Column: Builder._leaf, exp.Boolean: Builder._constant, exp.Null: Builder._null,
    exp.And: Builder._junction, exp.Or: Builder._junction, exp.Not: Builder._not, exp.Between: Builder._between,
    exp.In: Builder._in, exp.Is: Builder._is, exp.Neg: Builder._negative, exp.Case: Builder._case, exp.Anonymous: Builder._call,
}


def _bare(node: exp.Expression) -> exp.Expression:
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def _is_digits(node: Node) -> bool:
    return isinstance(node, Literal) and isinstance(node.value, float) and node.value.is_integer() and abs(node.value) <= 9


def _short(tree: Node) -> str:
    text = render(tree)
    return text if len(text) <= 40 else text[:39] + "…"
