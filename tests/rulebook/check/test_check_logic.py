"""What can never hold, decided exactly or not at all: compared with trying every value."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.expression import And, Arithmetic, Compare, In, Literal, Name, Node, Not, Or, Ref, parse
from screening.rulebook.check.logic import always, implies, never

AGE = Name("age", "integer", "months", range=(0, 6))
SHARE = Name("share", "decimal", "ratio", range=(0, 1))
SIZE = Name("size", "category", values=("small", "medium", "large"))
LISTED = Name("listed", "boolean")
CITY = Name("city", "text")
SCOPE = {n.id: n for n in (AGE, SHARE, SIZE, LISTED, CITY)}
VALUES: dict[str, list[Any]] = {
    # Between any two bounds that the rules below write, a share is tried, and one beside each end of the range.
    "age": list(range(7)),
    "share": [n / 8 for n in range(9)],
    "size": list(SIZE.values),
    "listed": [True, False],
    "city": ["东市", "西市", "elsewhere"],
}
WORLDS = [dict(zip(VALUES, combination, strict=True)) for combination in itertools.product(*VALUES.values())]


def holds(node: Node, world: dict[str, Any]) -> Any:
    """Evaluate a condition by its plain meaning."""
    match node:
        case Literal(value):
            return value
        case Ref(name):
            return world[name.id]
        case Not(operand):
            return not holds(operand, world)
        case And(operands):
            return all(holds(o, world) for o in operands)
        case Or(operands):
            return any(holds(o, world) for o in operands)
        case In(operand, items):
            return holds(operand, world) in [holds(i, world) for i in items]
        case Compare(op, left, right):
            a, b = holds(left, world), holds(right, world)
            return {"=": a == b, "<>": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]
        case Arithmetic("+", left, right):
            return holds(left, world) + holds(right, world)
    raise AssertionError(node)


def condition(text: str) -> Node:
    node, problems = parse(text, SCOPE, expect="boolean")
    assert node is not None, problems
    return node


def numbers(name: str, written: list[float]) -> st.SearchStrategy[str]:
    return st.tuples(st.sampled_from(["<", "<=", ">", ">=", "=", "<>"]), st.sampled_from(written)).map(
        lambda c: f"{name} {c[0]} {c[1]:g}"
    )


def words(name: str, known: list[str]) -> st.SearchStrategy[str]:
    listed = st.lists(st.sampled_from(known), min_size=1, max_size=2).map(lambda w: ", ".join(f"'{x}'" for x in w))
    return st.tuples(st.sampled_from(["in", "not in"]), listed).map(lambda c: f"{name} {c[0]} ({c[1]})")


ATOMS = st.one_of(
    numbers("age", [0, 1, 3, 6]),
    numbers("share", [0, 0.25, 0.5, 1]),
    words("size", list(SIZE.values)),
    words("city", ["东市", "西市"]),
    st.sampled_from(["listed", "not listed"]),
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda c: f"({c[0]}) {c[1]} ({c[2]})"),
        inner.map(lambda c: f"not ({c})"),
    ),
    max_leaves=6,
)


@given(CONDITIONS)
@settings(max_examples=150, deadline=None)
def test_never_and_always_agree_with_trying_every_value(text: str) -> None:
    node = condition(text)
    truths = [holds(node, world) for world in WORLDS]
    assert never(node) is (not any(truths))
    assert always(node) is all(truths)


@given(CONDITIONS, CONDITIONS)
@settings(max_examples=100, deadline=None)
def test_implication_agrees_with_trying_every_value(narrow: str, broad: str) -> None:
    one, other = condition(narrow), condition(broad)
    assert implies(one, other) is all(holds(other, w) for w in WORLDS if holds(one, w))


@pytest.mark.parametrize("text", ["age + age < 0", "age > 3 and age + age < 4"])
def test_what_takes_more_than_one_fact_is_left_alone(text: str) -> None:
    assert not any(holds(condition(text), w) for w in WORLDS)
    assert not never(condition(text))


def test_a_comparison_of_two_facts_is_still_the_same_statement_twice() -> None:
    assert never(condition("age + 1 > age + 2 and not (age + 1 > age + 2)"))


def test_a_missing_fact_makes_is_null_unknown_never_true() -> None:
    assert never(condition("age is null"))
    assert not never(condition("age is null"), rows=True)


def test_whole_numbers_leave_nothing_between_neighbours() -> None:
    assert never(condition("age > 2 and age < 3"))
    assert not never(condition("share > 0.2 and share < 0.3"))


def test_a_condition_with_too_many_cases_is_left_alone() -> None:
    impossible = "(age < 1 or age < 2) and (age > 4 or age > 5)"
    wide = " and ".join(f"(age + {n} > 2 or share + {n} > 2)" for n in range(12))
    assert never(condition(impossible))
    assert not never(condition(f"{wide} and {impossible}"))
