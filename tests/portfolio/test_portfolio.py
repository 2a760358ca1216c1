"""The choice under a budget and limits equals the best of all choices, tried one by one on small pools."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("highspy", reason="the extra `portfolio` is not installed")

from screening.analysis.portfolio import choose, least_from
from screening.errors import RulesError, RunError
from screening.result.portfolio import Candidate, Choice, Limit
from screening.run.limits import Plan, read_plan, with_budget

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

CITIES, STAGES = ("甲市", "乙市"), ("seed", "growth")


def candidate(number: int, score: str, planned: int, city: str = "甲市", stage: str = "seed") -> Candidate:
    return Candidate(
        f"c{number:02}",
        f"虚构{number}有限公司",
        Decimal(score),
        number,
        Decimal(planned) * 10_000,
        planned,
        {"city": city, "life_stage": stage},
    )


def cap(limit_id: str, city: str, bound: Fraction | int, measure: str = "amount", sense: str = "at_most") -> Limit:
    return Limit(limit_id, "city", (city,), sense, measure, Fraction(bound))  # type: ignore[arg-type]


def keeps(chosen: tuple[Candidate, ...], choice: Choice) -> bool:
    """Say independently whether a set of companies keeps to every limit."""
    if sum(c.planned for c in chosen) > choice.budget or (choice.most is not None and len(chosen) > choice.most):
        return False
    if not choice.must <= {c.company_id for c in chosen}:
        return False
    for limit in choice.limits:
        inside = [
            c for c in chosen if limit.by is None or c.groups.get(limit.by) in limit.of or c.company_id in limit.maybe
        ]
        if limit.untold and limit.sense == "at_least":
            return False
        amount = Fraction(sum(c.planned for c in inside) + limit.held)
        if limit.measure == "count":
            amount = Fraction(len(inside) + limit.held)
        bound = limit.bound
        if limit.measure == "share":
            bound *= sum(c.planned for c in chosen) + limit.held_all
        if amount > bound if limit.sense == "at_most" else amount < bound:
            return False
    return True


def every(choice: Choice) -> Iterator[tuple[Candidate, ...]]:
    for size in range(len(choice.candidates) + 1):
        for chosen in itertools.combinations(choice.candidates, size):
            if keeps(chosen, choice):
                yield chosen


def worth(chosen: tuple[Candidate, ...], choice: Choice) -> Decimal:
    return sum((c.score * (c.planned if choice.objective == "money" else 1) for c in chosen), Decimal(0))


OPEN = 10**6
"""More money than any choice here takes."""


def limit_of(choice: Choice, limit_id: str) -> Limit:
    [found] = [each for each in choice.limits if each.id == limit_id]
    return found


def without(choice: Choice, ids: Iterable[str]) -> Choice:
    """Leave out limits, the budget among them."""
    gone = set(ids)
    return replace(
        choice,
        limits=tuple(each for each in choice.limits if each.id not in gone),
        budget=OPEN if "budget" in gone else choice.budget,
    )


def conflicts(choice: Choice) -> Iterator[tuple[str, ...]]:
    """All sets of limits that no choice keeps together."""
    ids = ("budget", *(each.id for each in choice.limits))
    for size in range(1, len(ids) + 1):
        for some in itertools.combinations(ids, size):
            if next(every(without(choice, set(ids) - set(some))), None) is None:
                yield some


@given(st.integers(-5, 10**9), st.integers(0, 10**13))
def test_a_price_is_the_least_that_holds_in_a_bounded_number_of_steps(start: int, beyond: int) -> None:
    """Given a solver's price that is short by any amount; expect the exact one, asked for at most 2 × its binary digits + 2 times."""
    asked: list[int] = []

    def holds(by: int) -> bool:
        asked.append(by)
        return by >= start + beyond

    assert least_from(start, holds) == start + beyond
    assert len(asked) <= 2 * (beyond + 1).bit_length() + 2


def price_by_hand(choice: Choice, limit_id: str) -> Fraction | None:
    """By how much a limit is missed at least, over all choices that keep the others."""
    others = list(every(without(choice, [limit_id])))
    if limit_id == "budget":
        return min((Fraction(sum(c.planned for c in g) - choice.budget) for g in others), default=None)
    limit = limit_of(choice, limit_id)
    if (limit.untold and limit.sense == "at_least") or not others:
        return None
    missed = []
    for chosen in others:
        inside = [c for c in chosen if c.groups[limit.by] in limit.of or c.company_id in limit.maybe]  # type: ignore[index]
        reached = Fraction(len(inside) if limit.measure == "count" else sum(c.planned for c in inside)) + limit.held
        if limit.measure == "share":
            reached /= sum(c.planned for c in chosen) + limit.held_all
        missed.append(abs(reached - limit.bound))
    return min(missed)


limits = st.builds(
    lambda i, by, of, sense, measure, bound, held, maybe, untold: Limit(
        f"limit {i}",
        by,
        (of[0 if by == "city" else 1],),
        sense,
        measure,
        Fraction(bound, 100) if measure == "share" else Fraction(bound // 10 if measure == "count" else bound * 3),
        held,
        held + 50 if held else 0,
        maybe=frozenset(maybe if sense == "at_most" else ()),
        untold=untold if held and measure != "count" and not (sense == "at_least" and measure == "amount") else 0,
    ),
    st.integers(0, 99),
    st.sampled_from(["city", "life_stage"]),
    st.tuples(st.sampled_from(CITIES), st.sampled_from(STAGES)),
    st.sampled_from(["at_most", "at_least"]),
    st.sampled_from(["amount", "share", "count"]),
    st.integers(0, 100),
    st.sampled_from([0, 0, 40]),
    st.sampled_from([(), (), ("c01",), ("c02", "c03")]),
    st.sampled_from([0, 0, 1]),
)
pools = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(1, 120), st.sampled_from(CITIES), st.sampled_from(STAGES)),
    min_size=1,
    max_size=7,
)


@settings(max_examples=60, deadline=None)
@given(pools, st.integers(0, 400), st.lists(limits, max_size=3), st.sampled_from(["money", "companies"]))
def test_no_choice_that_keeps_the_limits_is_worth_more(
    pool: list[tuple[int, int, str, str]], budget: int, some: list[Limit], objective: str
) -> None:
    candidates = tuple(
        candidate(i, f"{score / 100:.2f}", planned, city, stage)
        for i, (score, planned, city, stage) in enumerate(pool, 1)
    )
    each = {limit.id: limit for limit in some}
    choice = Choice(candidates, budget, tuple(each.values()), objective=objective)  # type: ignore[arg-type]
    found = choose(choice)
    best = max((worth(chosen, choice) for chosen in every(choice)), default=None)
    if best is None:
        assert found.state == "infeasible"
        assert found.conflict is not None
        told = found.conflict
        assert len(told.limits) == min(len(some) for some in conflicts(choice)), "no fewer limits are in conflict"
        assert told.limits in set(conflicts(choice))
        assert dict(told.price) == {i: price_by_hand(choice, i) for i in told.limits}
    else:
        assert found.state == "chosen"
        assert keeps(found.chosen, choice)
        assert worth(found.chosen, choice) == found.objective == best
        assert found.placed == sum(c.planned for c in found.chosen) <= budget


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(5, 10).flatmap(lambda n: st.integers(10**n // 2, 10**n)), min_size=1, max_size=8),
    st.integers(0, 2**8 - 1),
    st.integers(0, 2),
    st.sampled_from(["money", "companies"]),
)
def test_a_budget_is_never_exceeded_by_ten_thousand_yuan_however_large(
    sums: list[int], subset: int, less: int, objective: Literal["money", "companies"]
) -> None:
    # Budgets just at and just under what some of them ask for together, to the largest funds there are and far beyond.
    candidates = tuple(candidate(i, f"{50 + i}.25", planned) for i, planned in enumerate(sums))
    budget = max(sum(s for i, s in enumerate(sums) if subset >> i & 1) - less, 1)
    found = choose(Choice(candidates, budget, (), frozenset(), None, objective))

    def worth(some: Iterable[Candidate]) -> Decimal:
        return sum((c.score * (c.planned if objective == "money" else 1) for c in some), Decimal(0))

    groups = (g for n in range(len(sums) + 1) for g in itertools.combinations(candidates, n))
    assert sum(c.planned for c in found.chosen) <= budget
    assert worth(found.chosen) == max(worth(g) for g in groups if sum(c.planned for c in g) <= budget)


def test_the_order_of_the_candidates_changes_nothing() -> None:
    pool = [candidate(i, "70.00", 100) for i in range(1, 9)]
    answers = []
    for seed in range(5):
        random.Random(seed).shuffle(pool)
        answers.append([c.company_id for c in choose(Choice(tuple(pool), 300)).chosen])
    assert all(answer == answers[0] for answer in answers)
    assert len(answers[0]) == 3


def test_a_conflict_names_the_limits_and_what_each_must_give() -> None:
    pool = (candidate(1, "80", 300, "甲市"), candidate(2, "70", 200, "甲市"))
    floor, other = cap("甲市 ≥ 600", "甲市", 600, sense="at_least"), cap("乙市 ≤ 5", "乙市", 5)
    conflict = choose(Choice(pool, 400, (floor, other))).conflict
    assert conflict is not None
    # All there is in 甲市 is 500: with the budget of 400 the floor must fall to 300, and no budget alone reaches 600.
    assert conflict.limits == ("甲市 ≥ 600",)
    pool = (*pool, candidate(3, "60", 200, "甲市"))
    conflict = choose(Choice(pool, 400, (floor, other))).conflict
    assert conflict is not None
    assert conflict.limits == ("budget", "甲市 ≥ 600")
    assert conflict.price == {"budget": 300, "甲市 ≥ 600": 200}


def test_who_stayed_out_is_told_what_taking_it_would_cost() -> None:
    pool = (candidate(1, "80", 300), candidate(2, "79", 300, "乙市"), candidate(3, "60", 300))
    found = choose(Choice(pool, 600, (cap("乙市 ≤ 0", "乙市", 0, "count"),)))
    assert [c.company_id for c in found.chosen] == ["c01", "c03"]
    (out,) = found.stayed_out
    assert (out.candidate.company_id, out.loss, out.blocked_by) == ("c02", None, ("乙市 ≤ 0",))
    assert [(b.limit_id, b.gain) for b in found.binding] == [("乙市 ≤ 0", Decimal(19 * 300))]


def test_a_company_that_must_be_in_and_is_no_candidate_is_named() -> None:
    with pytest.raises(RunError, match="c77"):
        choose(Choice((candidate(1, "80", 300),), 600, must=frozenset({"c77"})))


def test_nobody_to_choose_from_is_an_answer() -> None:
    assert choose(Choice((), 600)).state == "nobody"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("budget: 5000", "no amount of money"),
        ("budget: 3亿元\nlimits: [{by: city, of: 甲市, at_most: 40}]", "needs a unit"),
        ("limits: [{by: city, at_most: 40%}]", "which values"),
        ("limits: [{by: city, of: 甲市, at_most: 140%}]", "outside 0-100%"),
        ("limits: [{by: city, of: 甲市, at_most: 40%, at_least: 10%}]", "give one of"),
        ("budgte: 3亿元", "did you mean 'budget'"),
        ("outcomes: [rejected]", "no outcome that has a rank"),
    ],
)
def test_a_mistake_in_the_limits_is_told_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "portfolio.yaml"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(RulesError, match=said) as error:
        read_plan(path)
    assert all(p.position is not None for p in error.value.problems)


def test_the_budget_of_the_command_line_goes_before_the_file() -> None:
    assert with_budget(Plan.model_validate({"budget": "3亿元"}), "5000万元").budget == 50_000_000
