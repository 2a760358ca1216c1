"""An expression binds as an analyst who knows SQL expects: what is read here means what the database makes of the same text."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from screening.expression import Name, parse
from screening.expression.tree import And, Arithmetic, Case, Compare, In, IsNull, Literal, Negate, Node, Not, Or, Ref

if TYPE_CHECKING:
    from collections.abc import Callable

NUMBERS, CONDITIONS = ("a", "b", "c"), ("p", "q")
SCOPE = {name: Name(name, "integer") for name in NUMBERS} | {name: Name(name, "boolean") for name in CONDITIONS}
ROWS = [(1, 2, 3, True, False), (2, 2, -1, False, True), (None, 0, 2, None, True), (3, None, 1, True, None)]

_number = st.recursive(
    st.sampled_from([*NUMBERS, "0", "1", "2"]),
    lambda inner: (
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(" ".join)
        | st.sampled_from([*NUMBERS, "1"]).map("(- {})".format)
        | inner.map("({})".format)
    ),
    max_leaves=4,
)
_listed = st.lists(st.sampled_from([*NUMBERS, "0", "1", "2"]), min_size=1, max_size=3).map(", ".join)
_test = (
    st.tuples(_number, st.sampled_from(["=", "<>", "<", "<=", ">", ">="]), _number).map(" ".join)
    | st.tuples(_number, st.sampled_from(["", "not "]), _number, _number).map(
        lambda t: "{} {}between {} and {}".format(*t)
    )
    | st.tuples(_number, st.sampled_from(["", "not "]), _listed).map(lambda t: "{} {}in ({})".format(*t))
    | st.tuples(_number, st.sampled_from(["", "not "])).map(lambda t: "{} is {}null".format(*t))
    | st.sampled_from(CONDITIONS)
)
_condition = st.recursive(
    _test,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(" ".join)
        | inner.map("not ({})".format)
        | _test.map("not {}".format)
        | inner.map("({})".format)
        | st.tuples(inner, _number, _number, _number).map(lambda t: "case when {} then {} else {} end > {}".format(*t))
    ),
    max_leaves=6,
)


def value(node: Node | None, row: dict[str, object]) -> object:
    """Work out a tree by the three values of SQL."""
    match node:
        case Literal(written, _, _):
            return written
        case Ref(name):
            return row[name.id]
        case Negate(operand):
            number: Any = value(operand, row)
            return None if number is None else -number
        case Arithmetic(op, left, right) | Compare(op, left, right):
            pair = value(left, row), value(right, row)
            return None if None in pair else SIGNS[op](*pair)
        case In(operand, items):
            return either([value(Compare("=", operand, item), row) for item in items])
        case IsNull(operand):
            return value(operand, row) is None
        case Not(operand):
            held = value(operand, row)
            return None if held is None else not held
        case And(operands):
            failed = either([value(Not(each), row) for each in operands])
            return None if failed is None else not failed
        case Or(operands):
            return either([value(each, row) for each in operands])
        case Case(branches, otherwise):
            chosen = next((result for when, result in branches if value(when, row)), otherwise)
            return value(chosen, row)
    raise AssertionError(node)


SIGNS: dict[str, Callable[[Any, Any], object]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


def either(found: list[object]) -> bool | None:
    return True if True in found else None if None in found else False


@settings(max_examples=150, deadline=None)
@given(_condition)
@example("not a = b and p")
@example("a - b - c * 2 > - a")
@example("p or q and not a between b and c or p")
def test_what_is_read_means_what_the_database_makes_of_the_text(text: str) -> None:
    tree, problems = parse(text, SCOPE, expect="boolean")
    if tree is None:
        # Between 2 and 1 lies nothing.
        assert {problem.code for problem in problems} == {"expression/empty-between"}
        return
    table = pl.DataFrame(
        ROWS, schema=dict.fromkeys(NUMBERS, pl.Int64) | dict.fromkeys(CONDITIONS, pl.Boolean), orient="row"
    )
    by_database = duckdb.from_arrow(table.to_arrow()).project(text).fetchall()
    assert [value(tree, dict(zip(SCOPE, row, strict=True))) for row in ROWS] == [row[0] for row in by_database]


@pytest.mark.parametrize(
    "text", ["a between 1 2", "case when p 1 else 2 end > 0", "a in (1, , 2)", "a in 1", "a not 1", "p and"]
)
def test_a_text_that_lacks_a_word_is_refused(text: str) -> None:
    tree, problems = parse(text, SCOPE, expect="boolean")
    assert tree is None
    assert {problem.code for problem in problems} == {"expression/syntax"}
