"""The laws of the bands, against brute force over completions and an evaluator of its own.

A missing number lies anywhere in its range; the grid of completions holds both ends and every half between them.
"""

from __future__ import annotations

import datetime
import itertools
import math
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from screening.expression import (
    LIMIT,
    And,
    Arithmetic,
    Call,
    Case,
    Compare,
    In,
    InCatalogue,
    IsNull,
    Literal,
    Name,
    Negate,
    Node,
    Not,
    Or,
    Ref,
    both,
    either,
    names,
    negated,
    parse,
    render,
    type_of,
    walk,
)
from screening.expression_sql.bands import Band, Choice, Truth, compile_node, row_sql
from screening.expression_sql.decimals import COLUMN

if TYPE_CHECKING:
    from screening.expression_sql.decimals import Form

DATES = [datetime.date(2023, 12, 31), datetime.date(2024, 1, 30), datetime.date(2024, 2, 29), datetime.date(2025, 3, 1)]
TEXTS = ["", "a", "ab", "b", "ba", "zz"]
SCOPE = {
    name.id: name
    for name in (
        Name("x", "decimal", range=(0, 3)),
        Name("y", "decimal", range=(-2, 2)),
        Name("z", "decimal", range=(1, 3)),
        Name("w", "decimal", range=(-3, -1)),
        Name("one", "decimal", range=(1, 1)),
        Name("p", "boolean"),
        Name("q", "boolean"),
        Name("d", "date"),
        Name("e", "date"),
        Name("c", "category", values=("a", "b", "ab")),
        Name("k", "category", values=("a", "zz")),
        Name("m", "category", values=("ba", "zz")),
        Name("only", "category", values=("a",)),
        Name("t", "text"),
    )
}
BY_KIND = {kind: [n for n in SCOPE.values() if n.kind == kind] for kind in ("number", "boolean", "date", "text")}
CATALOGUES = {"exact": (("a", "ab"), "exact"), "prefix": (("a", "z"), "prefix")}

Row = dict[str, Any]


def completions_of(name: Name) -> list[Any]:
    if name.kind == "number":
        assert name.range is not None
        low, high = name.range
        return [low + step / 2 for step in range(int((high - low) * 2) + 1)]
    if name.kind == "boolean":
        return [True, False]
    return list(DATES) if name.kind == "date" else list(name.values) or TEXTS


# --- an evaluator of its own ---------------------------------------------------------------------------------------------


class Undefined(Exception):
    """A quotient by zero."""


def months(start: datetime.date, end: datetime.date) -> int:
    if end < start:
        return -months(end, start)
    whole = (end.year - start.year) * 12 + end.month - start.month
    last_day = (end + datetime.timedelta(days=1)).month != end.month
    return whole - (end.day < start.day and not last_day)


def half_away(value: float, digits: int) -> float:
    scale = 10.0 ** abs(digits)
    scaled = value * scale if digits >= 0 else value / scale
    whole = math.copysign(math.floor(abs(scaled) + 0.5), scaled)
    return whole / scale if digits >= 0 else whole * scale


def held(value: float) -> float:
    return max(-LIMIT, min(LIMIT, value))


@dataclass
class Evaluator:
    """Plain two-valued evaluation of one completed row; notes the divisors it meets."""

    row: Row
    divisors: dict[int, list[float]] = field(default_factory=dict)

    def value(self, node: Node) -> Any:
        match node:
            case Literal(value, _, _):
                return value
            case Ref(name):
                return self.row[name.id]
            case Not(operand):
                return not self.value(operand)
            case And(operands):
                return all(self.value(part) for part in operands)
            case Or(operands):
                return any(self.value(part) for part in operands)
            case Compare(op, left, right):
                a, b = self.value(left), self.value(right)
                return (
                    {"=": a == b, "<>": a != b}[op]
                    if op in ("=", "<>")
                    else {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]
                )
            case In(operand, items):
                return self.value(operand) in [self.value(item) for item in items]
            case IsNull(_):
                return False
            case InCatalogue(operand, name):
                values, kind = CATALOGUES[name]
                text = self.value(operand)
                return text in values if kind == "exact" else text.startswith(values)
            case Negate(operand):
                return -self.value(operand)
            case Arithmetic(op, left, right):
                a, b = self.value(left), self.value(right)
                if op in "+-":
                    return a + b if op == "+" else a - b
                if op == "*":
                    return held(a * b)
                self.divisors.setdefault(id(node), []).append(b)
                if b == 0:
                    raise Undefined
                return held(a / b)
            case Case(branches, otherwise):
                chosen = next((then for when, then in branches if self.value(when)), otherwise)
                return self.value(chosen)
            case Call(function, arguments):
                return self.call(function, [self.value(part) for part in arguments])

    def call(self, function: str, given: list[Any]) -> Any:
        match function:
            case "months_between":
                return float(months(*given))
            case "years_between":
                return float(math.trunc(months(*given) / 12))
            case "days_between":
                return float((given[1] - given[0]).days)
            case "year":
                return float(given[0].year)
            case "round":
                return half_away(given[0], int(given[1]) if len(given) > 1 else 0)
            case "contains":
                return given[1] in given[0]
            case "starts_with":
                return given[0].startswith(given[1])
            case "length":
                return float(len(given[0]))
        simple: dict[str, Any] = {
            "abs": abs,
            "floor": math.floor,
            "ceil": math.ceil,
            "lower": str.lower,
            "upper": str.upper,
        }
        if function in simple:
            return simple[function](given[0])
        return {"least": min, "greatest": max}[function](given)


# --- random expressions ----------------------------------------------------------------------------------------------------


@dataclass
class Grower:
    """Grows one random tree. With `once`, each name is used at most once and only constructs that must be tight appear."""

    draw: Any
    once: bool
    used: set[str] = field(default_factory=set)

    def pick(self, options: list[Any]) -> Any:
        return self.draw(st.sampled_from(options))

    def name(self, kind: str) -> Node | None:
        free = [n for n in BY_KIND[kind] if not (self.once and n.id in self.used)]
        if not free:
            return None
        chosen = self.pick(free)
        self.used.add(chosen.id)
        return Ref(chosen)

    def grow(self, kind: str, depth: int) -> Node:
        return getattr(self, kind)(depth)  # type: ignore[no-any-return]

    def written(self) -> Node:
        return Literal.of(self.pick([-2.0, -1.5, -1.0, -0.5, 0.5, 1.0, 1.5, 2.0, 3.0]))

    def number(self, depth: int) -> Node:
        if depth <= 0 or self.pick([False, False, False, True]):
            return self.name("number") or self.written()
        ways = [
            "add",
            "add",
            "scale",
            "product",
            "quotient",
            "negate",
            "step",
            "extreme",
            "case",
            "abs",
            "elapsed",
            "year",
            "length",
        ]
        match self.pick(ways):
            case "add":
                return Arithmetic(self.pick(["+", "-"]), self.number(depth - 1), self.number(depth - 1))
            case "scale":
                return Arithmetic(self.pick(["*", "/"]), self.number(depth - 1), self.written())
            case "product":
                return Arithmetic("*", self.number(depth - 1), self.number(depth - 1))
            case "quotient":
                divisor = self.number(depth - 1)
                return Arithmetic(
                    "/", self.number(depth - 1), Literal.of(2.0) if divisor == Literal.of(0.0) else divisor
                )
            case "negate":
                return negated(self.number(depth - 1))
            case "step":
                function = self.pick(["round", "floor", "ceil"])
                digits = (Literal.of(float(self.pick([-1, 0, 1]))),) if function == "round" else ()
                return Call(function, (self.number(depth - 1), *digits))
            case "extreme":
                return Call(self.pick(["least", "greatest"]), (self.number(depth - 1), self.number(depth - 1)))
            case "case":
                return self.case("number", depth)
            case "abs":
                return Call("abs", ((self.name("number") or self.written()) if self.once else self.number(depth - 1),))
            case "elapsed":
                return Call(
                    self.pick(["months_between", "years_between", "days_between"]), (self.date(0), self.date(0))
                )
            case "year":
                return Call("year", (self.date(depth - 1),))
            case "length" if not self.once:
                return Call("length", (self.text(depth - 1),))
        return self.written()

    def date(self, depth: int) -> Node:
        if depth > 0 and self.pick([True, False]):
            if self.pick([True, False]):
                return self.case("date", depth)
            return Call(self.pick(["least", "greatest"]), (self.date(depth - 1), self.date(depth - 1)))
        written = Literal.of(self.pick(DATES))
        return self.pick([self.name("date") or written, written])  # type: ignore[no-any-return]

    def text(self, depth: int) -> Node:
        if depth > 0 and self.pick([True, False, False]):
            return self.case("text", depth)
        if depth > 0 and not self.once and self.pick([True, False, False]):
            return Call(self.pick(["lower", "upper"]), (self.text(depth - 1),))
        return self.name("text") or Literal.of(self.pick(TEXTS))

    def case(self, kind: str, depth: int) -> Node:
        branches = tuple((self.boolean(depth - 1), self.grow(kind, depth - 1)) for _ in range(self.pick([1, 1, 2, 3])))
        return Case(branches, self.grow(kind, depth - 1))

    def literal_for(self, node: Node) -> Node:
        values = node.name.values if isinstance(node, Ref) else ()
        return Literal.of(self.pick(list(values) or TEXTS))

    def boolean(self, depth: int) -> Node:
        if depth <= 0 or self.pick([False, False, False, False, True]):
            return self.name("boolean") or Literal.of(self.pick([True, False]))
        ways = [
            "order",
            "order",
            "junction",
            "junction",
            "not",
            "text",
            "in",
            "between",
            "part",
            "catalogue",
            "dates",
            "case",
            "same",
            "null",
            "equal",
            "listed",
        ]
        match self.pick(ways):
            case "order":
                return Compare(self.pick(["<", "<=", ">", ">="]), self.number(depth - 1), self.number(depth - 1))
            case "junction":
                join = self.pick([both, either])
                return join(*(self.boolean(depth - 1) for _ in range(self.pick([2, 3]))))  # type: ignore[no-any-return]
            case "not":
                return Not(self.boolean(depth - 1))
            case "text":
                left = self.text(depth - 1)
                return Compare(self.pick(["=", "<>"]), left, self.literal_for(left))
            case "in":
                left = self.text(depth - 1)
                return In(left, tuple(self.literal_for(left) for _ in range(self.pick([1, 2]))))
            case "between":
                name = self.name("number") or self.written()
                return both(
                    Compare(">=", name, Literal.of(0.5)), Compare("<=", name, Literal.of(self.pick([0.5, 1.5, 2.0])))
                )
            case "part":
                return Call(
                    self.pick(["contains", "starts_with"]), (self.text(depth - 1), Literal.of(self.pick(["a", "b"])))
                )
            case "catalogue":
                return InCatalogue(self.text(depth - 1), self.pick(list(CATALOGUES)))
            case "dates":
                return Compare(self.pick(["<", "<=", ">", ">="]), self.date(depth - 1), self.date(depth - 1))
            case "case":
                return self.case("boolean", depth)
            case "same":
                names_ = self.name("text"), self.name("text")
                if names_[0] and names_[1]:
                    return Compare(self.pick(["=", "<>"]), names_[0], names_[1])
            case "null" if not self.once:
                return IsNull(self.pick([self.number, self.text, self.boolean])(depth - 1))
            case "equal" if not self.once:
                kind = self.pick(["number", "date", "boolean"])
                left, right = self.grow(kind, depth - 1), self.grow(kind, depth - 1)
                if kind != "boolean" or not (isinstance(left, Literal) or isinstance(right, Literal)):
                    return Compare(self.pick(["=", "<>"]), left, right)
            case "listed" if not self.once:
                return In(self.number(depth - 1), (self.written(), self.name("number") or self.written()))
        return self.name("boolean") or Literal.of(True)


@st.composite
def trees(draw: Any, once: bool) -> Node:
    kind = draw(st.sampled_from(["number", "boolean", "number", "boolean", "date", "text"]))
    return Grower(draw, once).grow(kind, draw(st.sampled_from([3, 2, 1, 4])))


@st.composite
def known_rows(draw: Any, node: Node) -> list[Row]:
    """Rows over the names of `node`: a name that is left out is missing. At most three are."""
    used = sorted(names(node))
    rows = []
    for _ in range(6):
        missing = set(draw(st.permutations(used))[: draw(st.integers(0, 3))])
        rows.append({n: draw(st.sampled_from(completions_of(SCOPE[n]))) for n in used if n not in missing})
    return rows


# --- running compiled SQL ----------------------------------------------------------------------------------------------------


class Table:
    """Names as columns: `x.low` and `x.high`, `p.t` and `p.f`, the text itself. Hoisted columns nest as subqueries."""

    def __init__(self) -> None:
        self.hoisted: list[exp.Expr] = []

    def band(self, name: str) -> Band:
        form: Form = "day" if SCOPE[name].kind == "date" else COLUMN
        return Band(column(f"{name}.low"), column(f"{name}.high"), form)

    def truth(self, name: str) -> Truth:
        return Truth(column(f"{name}.t"), column(f"{name}.f"))

    def choice(self, name: str) -> Choice:
        return Choice(column(name), SCOPE[name].values)

    def idle(self, name: str) -> exp.Expr | None:
        return None

    def hoist(self, expression: exp.Expr, hint: str) -> exp.Expr:
        self.hoisted.append(expression)
        return column(f"hoisted {len(self.hoisted)}")

    def catalogue(self, id: str) -> tuple[tuple[str, ...], str]:
        return CATALOGUES[id]


def column(name: str) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True))


def value_of(value: Any, kind: str) -> exp.Expr:
    type_ = {"number": COLUMN.sql_type, "boolean": "BOOLEAN", "date": "DATE", "text": "VARCHAR"}[kind]
    given = exp.convert(value.isoformat() if isinstance(value, datetime.date) else value)
    return exp.cast(given, type_)


def cells(name: Name, row: Row) -> dict[str, exp.Expr]:
    kind, known = name.kind, row.get(name.id)
    everything = [known] if name.id in row else completions_of(name)
    plain = {name.id: value_of(known, kind)}
    if kind in ("number", "date"):
        return plain | {
            f"{name.id}.low": value_of(min(everything), kind),
            f"{name.id}.high": value_of(max(everything), kind),
        }
    if kind == "boolean":
        return plain | {
            f"{name.id}.t": value_of(True in everything, kind),
            f"{name.id}.f": value_of(False in everything, kind),
        }
    return plain


@pytest.fixture(scope="module")
def connection() -> Any:
    with duckdb.connect(config={"threads": 1}) as open_connection:
        yield open_connection


def run(
    connection: Any, rows: list[Row], used: list[str], outputs: list[exp.Expr], hoisted: list[exp.Expr]
) -> list[tuple[Any, ...]]:
    """Return the outputs per row, in one statement."""
    selects = []
    for i, row in enumerate(rows):
        parts = {"row number": exp.Literal.number(i)} | {k: v for n in used for k, v in cells(SCOPE[n], row).items()}
        selects.append(exp.select(*[exp.alias_(v, k, quoted=True) for k, v in parts.items()]))
    source: Any = selects[0]
    for select in selects[1:]:
        source = exp.union(source, select, distinct=False, copy=False)
    for i, expression in enumerate(hoisted, start=1):
        source = exp.select("*", exp.alias_(expression, f"hoisted {i}", quoted=True)).from_(source.subquery("s"))
    query = exp.select(*[exp.alias_(e.copy(), f"output {i}", quoted=True) for i, e in enumerate(outputs)]).from_(
        source.subquery("s")
    )
    return connection.execute(query.order_by(column("row number")).sql("duckdb")).fetchall()  # type: ignore[no-any-return]


def completed(row: Row, used: list[str]) -> list[Row]:
    missing = [n for n in used if n not in row]
    grids = [completions_of(SCOPE[n]) for n in missing]
    return [row | dict(zip(missing, values, strict=True)) for values in itertools.product(*grids)]


@dataclass
class Truths:
    """What brute force found: the values of all completions, and whether a divisor could be zero."""

    values: list[Any]
    divides_by_zero: bool


def brute_force(node: Node, row: Row, used: list[str]) -> Truths:
    values, undefined, divisors = [], False, dict[int, list[float]]()
    for whole in completed(row, used):
        evaluator = Evaluator(whole, divisors)
        try:
            values.append(evaluator.value(node))
        except Undefined:
            undefined = True
    return Truths(values, undefined or any(min(met) <= 0 <= max(met) for met in divisors.values()))


def near(left: Any, right: Any) -> bool:
    if isinstance(left, float | Decimal) and not isinstance(right, bool):
        return math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-9)
    return bool(left == right)


def below(left: Any, right: Any) -> bool:
    return bool(left <= right) or near(left, right)


def check(connection: Any, node: Node, rows: list[Row], tight: bool) -> None:
    used = sorted(names(node))
    table = Table()
    shape = compile_node(node, table)
    match shape:
        case Band():
            band = shape.settled()
            outputs = [band.low, band.high]
        case Truth(can_be_true, can_be_false):
            outputs = [can_be_true, can_be_false]
        case Choice(value, _):
            outputs = [value]
    for row, found in zip(rows, run(connection, rows, used, outputs, table.hoisted), strict=True):
        truth = brute_force(node, row, used)
        exact = (tight or len(row) == len(used)) and not truth.divides_by_zero
        said = f"{render(node)} at {row}: {found}"
        match shape:
            case Band():
                assert all(not isinstance(end, float) or math.isfinite(end) for end in found) and None not in found, (
                    said
                )
                assert all(below(found[0], value) and below(value, found[1]) for value in truth.values), said
                if exact:
                    assert near(found[0], min(truth.values)) and near(found[1], max(truth.values)), said
            case Truth():
                assert found[0] is not None and found[1] is not None and any(found), said
                assert all(found[0] if value else found[1] for value in truth.values), said
                if exact:
                    assert found == (True in truth.values, False in truth.values), said
            case Choice(_, values):
                assert found[0] is None or all(value == found[0] for value in truth.values), said
                assert not values or set(truth.values) <= set(values), said
                if len(row) == len(used) and not truth.divides_by_zero:
                    assert found[0] is not None, said


COMMON = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@COMMON
@given(st.data())
def test_bands_are_sound_whatever_the_missing_facts_turn_out_to_be(connection: Any, data: Any) -> None:
    node = data.draw(trees(once=False))
    check(connection, node, data.draw(known_rows(node)), tight=False)


@COMMON
@given(st.data())
def test_bands_are_tight_where_each_missing_fact_is_used_once(connection: Any, data: Any) -> None:
    node = data.draw(trees(once=True))
    check(connection, node, data.draw(known_rows(node)), tight=True)


@COMMON
@given(trees(once=False))
def test_what_is_printed_reads_back_as_the_same_tree(node: Node) -> None:
    again, problems = parse(render(node), SCOPE, expect="any", catalogues=CATALOGUES)
    # Trees grow without a care for units: months beside years are refused, rightly.
    assume({problem.code for problem in problems} != {"expression/unit"})
    assert not problems, (render(node), problems)
    assert again == node, render(node)


@COMMON
@given(st.data())
def test_a_row_says_nothing_that_a_completion_contradicts(connection: Any, data: Any) -> None:
    node = data.draw(trees(once=False).filter(lambda tree: not any(isinstance(part, IsNull) for part in walk(tree))))
    rows = data.draw(known_rows(node))
    used = sorted(names(node))
    results = run(connection, rows, used, [row_sql(node, column, CATALOGUES.__getitem__)], [])
    for row, (found,) in zip(rows, results, strict=True):
        truth = brute_force(node, row, used)
        assert found is None or all(
            near(float(found) if type_of(node) == "number" else found, v) for v in truth.values
        ), f"{render(node)} at {row}: {found}"
        if len(row) == len(used) and not truth.divides_by_zero:
            assert found is not None, f"{render(node)} at {row}"


# --- cases that say the policy -----------------------------------------------------------------------------------------------


def read(text: str, *, row_level: bool = False) -> Node:
    tree, problems = parse(text, SCOPE, expect="any", catalogues=CATALOGUES, row_level=row_level)
    assert tree is not None, problems
    return tree


def written(tree: Node) -> tuple[list[exp.Expr], Table]:
    table = Table()
    shape = compile_node(tree, table)
    settled = shape.settled() if isinstance(shape, Band) else shape
    return [
        part for part in (getattr(settled, slot) for slot in settled.__slots__) if isinstance(part, exp.Expr)
    ], table


YES, NO, UNKNOWN = (True, False), (False, True), (True, True)
UNBOUNDED = (-LIMIT, LIMIT)


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        ("x >= 2", {"x": 2.0}, YES),
        ("x >= 2", {}, UNKNOWN),
        ("x >= 0", {}, YES),
        ("x > 3", {}, NO),
        ("p and x >= 2", {"p": False}, NO),
        ("p or x >= 2", {"p": True}, YES),
        ("not p", {}, UNKNOWN),
        ("x between 1 and 2", {}, UNKNOWN),
        ("x between 0 and 3", {}, YES),
        ("one = 1", {}, YES),
        ("c in ('a', 'b', 'ab')", {}, YES),
        ("c in ('a', 'b')", {}, UNKNOWN),
        ("c <> 'a'", {"c": "a"}, NO),
        ("only = 'a'", {}, YES),
        ("c = k", {"c": "b"}, NO),
        ("c = k", {"c": "a"}, UNKNOWN),
        ("c = m", {}, NO),
        ("k <> m", {"k": "zz"}, UNKNOWN),
        ("length(c) <= 2", {}, YES),
        ("contains(t, 'a')", {}, UNKNOWN),
        ("x is null", {}, UNKNOWN),
        ("x is null", {"x": 1.0}, NO),
        ("t is not null", {"t": ""}, YES),
        ("x / y", {"x": 1.0, "y": 0.0}, UNBOUNDED),
        ("x / y", {"x": 0.0, "y": 0.0}, UNBOUNDED),
        ("x / y", {"x": 1.0}, UNBOUNDED),
        ("x / y >= 1", {"x": 1.0, "y": 0.0}, UNKNOWN),
        ("x / z", {"x": 3.0}, (1.0, 3.0)),
        ("x / w", {}, (-3.0, 0.0)),
        ("y * w", {}, (-6.0, 6.0)),
        ("x * -2", {}, (-6.0, 0.0)),
        ("abs(y)", {}, (0.0, 2.0)),
        ("greatest(x, 2)", {}, (2.0, 3.0)),
        ("case when p then 5 when x >= 0 then 1 else 9 end", {}, (1.0, 5.0)),
        ("case when p then 'a' when q then 'b' else 'zz' end in ('a', 'b')", {"q": True}, YES),
        ("months_between(d, e)", {"d": DATES[0]}, (0.0, 14.0)),
        ("months_between(d, e)", {"d": datetime.date(2024, 1, 31), "e": DATES[2]}, (1.0, 1.0)),
        ("in_catalogue(c, 'prefix')", {"c": "ab"}, YES),
        ("in_catalogue(k, 'prefix')", {}, YES),
        ("1000000000000000 * 1000000000000000 * x", {"x": 3.0}, (LIMIT, LIMIT)),
    ],
)
def test_what_is_missing_leaves_open_only_what_it_can_change(
    connection: Any, text: str, row: Row, expected: tuple[Any, ...]
) -> None:
    outputs, table = written(read(text))
    assert run(connection, [row], sorted(names(read(text))), outputs, table.hoisted) == [expected]


@pytest.mark.parametrize(
    "text", ["'; drop table companies; --", "' or 1=1 --", "\\' or 1=1 --", '"; --', "$1 ? :x", "/*"]
)
def test_hostile_texts_stay_texts(connection: Any, text: str) -> None:
    outputs, table = written(Compare("=", Ref(SCOPE["t"]), Literal.of(text)))
    assert run(connection, [{"t": text}, {"t": "x"}], ["t"], outputs, table.hoisted) == [YES, NO]


def size(text: str) -> int:
    outputs, table = written(read(text))
    return sum(len(expression.sql("duckdb")) for expression in [*outputs, *table.hoisted])


@pytest.mark.parametrize(
    ("start", "step"),
    [
        ("x", "({0} / z)"),
        ("x", "abs({0} - 1)"),
        ("x", "case when {0} between 1 and 2 then 1 else y end"),
        ("p", "({0} = q)"),
        ("x", "case when {0} = 1 then x else y end"),
        ("t", "case when {0} = 'a' then t else 'b' end"),
    ],
)
def test_sql_grows_no_faster_than_the_text(start: str, step: str) -> None:
    text, sizes = start, []
    for _ in range(8):
        text = step.format(text)
        sizes.append(size(text))
    grown = [after - before for before, after in itertools.pairwise(sizes)]
    assert grown[-1] <= 2 * max(grown[:3]), sizes


def test_a_case_of_many_branches_stays_small() -> None:
    few, many = (
        size("case " + " ".join(f"when x >= {100 - i} then {i}" for i in range(n)) + " else 0 end") for n in (20, 40)
    )
    assert many < 3 * few


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        ("x >= 2", {}, None),
        ("x >= 2 or p", {"p": True}, True),
        ("x >= 2 and p", {"p": False}, False),
        ("not p", {}, None),
        ("x is null", {}, True),
        ("coalesce(x, 0) + 1", {}, 1.0),
        ("x / y", {"x": 1.0, "y": 0.0}, None),
        ("greatest(x, y)", {"x": 1.0}, None),
        ("least(x, y)", {"x": 1.0, "y": -1.0}, -1.0),
        ("greatest(d, '2024-06-01')", {"d": DATES[3]}, DATES[3]),
        ("case when x > 1 then 5 else 7 end", {}, None),
        ("c in ('a', 'b')", {"c": "b"}, True),
        ("months_between(d, e) <= 12", {"d": DATES[0], "e": DATES[3]}, False),
        ("in_catalogue(c, 'prefix')", {"c": "b"}, False),
        ("starts_with(t, 'a')", {"t": "ab"}, True),
    ],
)
def test_in_rows_null_is_unknown_and_stays_so(connection: Any, text: str, row: Row, expected: Any) -> None:
    tree = read(text, row_level=True)
    sql = row_sql(tree, column, CATALOGUES.__getitem__)
    assert run(connection, [row], sorted(names(tree)), [sql], []) == [(expected,)]


def test_products_of_decimal_columns_do_not_overflow(connection: Any) -> None:
    big = exp.cast(exp.Literal.number("999999999999999999"), exp.DataType.build(COLUMN.sql_type))
    sql = row_sql(read("x * y * x * y / x", row_level=True), lambda name: big)
    [(found,)] = connection.execute(exp.select(sql).sql("duckdb")).fetchall()
    assert math.isfinite(found)
