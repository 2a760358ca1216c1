"""Small packs that would never end: each has an end, or is refused at its place with the limit."""

from __future__ import annotations

import time

import pytest

from screening.expression import Name, parse, render
from screening.rulebook import loader, parsing
from screening.rulebook.check import check
from screening.rulebook.functions import MOST_STEPS
from tests.engine.laboratory import criterion, half, pack, results
from tests.rulebook.check.packs import AS_OF, loaded

STEPS = {
    "twice": "f{0} + f{0}",
    "the last two": "f{0} * f{1}",
    "a case": "case when f{0} > 1 then f{0} else f{1} end",
    "the least": "least(f{0}, f{0} + 1, f{1})",
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_facts_that_double_each_other_are_checked_and_run_in_linear_time(step: str) -> None:
    number = 24
    exprs = [step.format(n - 1, max(n - 2, 0)) for n in range(1, number)]
    facts = "".join(
        f"  f{n}: {{label: 甲, range: [0, 9], question: 问, expr: '{e}'}}\n" for n, e in enumerate(exprs, 1)
    )
    text = f"facts:\n  f0: {{label: 甲, range: [0, 9], question: 问, expr: staff}}\n{facts}" + (
        f"gates: {{g: {{label: 门, fails_when: f{number - 1} > 3, effect: warn, on_unknown: ignore, set_by: fund, message: 无}}}}\n"
    )
    started = time.monotonic()
    assert not [p for p in check(loaded(text), AS_OF) if p.is_error]
    data = pack(
        columns={"staff": {"type": "decimal"}},
        facts={
            "f0": {"label": "甲", "range": [0, 9], "expr": "staff"},
            **{f"f{n}": {"label": "甲", "range": [0, 9], "expr": e} for n, e in enumerate(exprs, 1)},
        },
        criteria=half({"c": criterion({"of": f"f{number - 1}", "at_least": 1, "points": 1})}),
    )
    assert len(results(data, [{"company_id": "x", "staff": 1}])) == 1
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    ("facts", "place", "said"),
    [
        ("  a: {label: 甲, range: [0, 1], expr: a + 1}\n", "a + 1", "refers to itself"),
        ("  a: {label: 甲, type: boolean, expr: listed, not_applicable_when: a}\n", "a}", "refers to itself"),
        (
            "  x: {label: 甲, range: [0, 1], expr: b}\n  b: {label: 乙, range: [0, 1], expr: c * 2}\n"
            "  c: {label: 丙, range: [0, 1], expr: b / 2}\n",
            "c * 2",
            "b → c → b",
        ),
    ],
)
def test_a_circle_of_facts_is_shown_where_it_begins(facts: str, place: str, said: str) -> None:
    [problem] = [p for p in check(loaded("facts:\n" + facts), AS_OF) if p.code == "fact/circle"]
    assert said in problem.message
    assert problem.position is not None
    assert problem.line_text[problem.position.column - 1 :].startswith(place)


def test_a_fact_may_have_the_name_of_the_column_it_shows() -> None:
    text = "facts: {staff: {label: 人, type: integer, range: [0, 9], question: 问, expr: staff}}\n"
    assert not [p for p in check(loaded(text), AS_OF) if p.is_error]


@pytest.mark.parametrize(
    ("depth", "deep"), [(parsing.MAX_FACT_DEPTH, False), (parsing.MAX_FACT_DEPTH + 1, True), (500, True)]
)
def test_facts_on_facts_have_a_greatest_depth(depth: int, deep: bool) -> None:
    lines = ["  f0: {label: 甲, range: [0, 9], expr: staff}\n"]
    lines += [f"  f{n}: {{label: 甲, range: [0, 9], expr: f{n - 1} + 1}}\n" for n in range(1, depth)]
    codes = {p.code for p in check(loaded("facts:\n" + "".join(reversed(lines))), AS_OF) if p.is_error}
    assert codes == ({"fact/too-deep"} if deep else set())


@pytest.mark.parametrize(("number", "refused"), [(MOST_STEPS, False), (MOST_STEPS + 1, True)])
@pytest.mark.parametrize("key", ["bands", "points", "cases"])
def test_what_one_function_lists_is_limited(key: str, number: int, refused: bool) -> None:
    entries = {
        "bands": [f"{{from: {n}, to: {n + 1}, points: 1}}" for n in range(number)],
        "points": [f"[{n}, {n}]" for n in range(number)],
        "cases": [f"{{when: 'staff_count > {n}', points: 1}}" for n in range(number)],
    }[key]
    of = "" if key == "cases" else "of: staff_count, "
    change = f"deductions: {{cap: 5, items: {{x: {{label: 甲, set_by: fund, score: {{{of}{key}: [{', '.join(entries)}]}}}}}}}}\n"
    if refused:
        with pytest.raises(ValueError, match=r"at most|too_long"):
            loaded(change)
    else:
        started = time.monotonic()
        check(loaded(change), AS_OF)
        assert time.monotonic() - started < 10


def test_the_number_of_rules_is_limited() -> None:
    most = loader.MAX_RULES["gates"]
    gates = {
        f"g{n}": {
            "label": "门",
            "fails_when": "false",
            "effect": "warn",
            "on_unknown": "ignore",
            "set_by": "fund",
            "message": "无",
        }
        for n in range(most + 1)
    }
    whole = loaded()
    for number, codes in ((most, []), (most + 1, ["pack/too-many-rules"])):
        data = {**whole.document.data, "gates": dict(list(gates.items())[:number])}
        held = type(whole.pack).model_validate(data)
        assert [p.code for p in loader._too_many(held, whole.document)] == codes


SCOPE = {
    **{n: Name(n, "decimal") for n in "abc"},
    **{n: Name(n, "boolean") for n in "pq"},
}


@pytest.mark.parametrize(
    "text",
    (
        "a < b < c",
        "1 < a < 3",
        "p = q = p",
        "a < b = p",
        "p = a < b",
        "a <> b < c",
        "a <= b >= c",
        "a in (1, 2) = p",
        "a between 1 and 2 = p",
        "p <> a in (1, 2)",
    ),
)
def test_what_dialects_read_differently_is_refused(text: str) -> None:
    tree, problems = parse(text, SCOPE, expect="boolean")
    assert tree is None
    assert all(p.code == "expression/type" and p.remedy for p in problems)


@pytest.mark.parametrize(
    "text",
    [
        "p = (a < b)",
        "(a < b) = p",
        "(a is null) = p",
        "(a < b) is null",
        "not a = b",
        "a < b and b < c",
        "not p is null",
    ],
)
def test_with_brackets_it_is_read_as_written(text: str) -> None:
    tree, problems = parse(text, SCOPE, expect="boolean")
    assert not problems
    assert tree is not None
    again, _ = parse(render(tree), SCOPE, expect="boolean")
    assert again == tree
