"""Which companies to fund: the best choice under a budget, caps and floors, or the limits that cannot hold together.

A small integer program, solved by HiGHS (extra `portfolio`). Everything the solver sees is a whole number: 万元, companies, points
times a hundred; shares are cleared of their fraction. Its answer is added up again here and refused when a limit does not hold.
"""

from __future__ import annotations

import contextlib
import importlib
import math
import os
import sys
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from screening.errors import RunError
from screening.result.portfolio import Binding, LimitConflict, Portfolio, StayedOut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from screening.result.portfolio import Candidate, Choice, Limit

BUDGET, MOST = "budget", "most_companies"
EXPLAINED = 10
"""Candidates left out whose reason is worked out, by rank: each costs one solution more."""

SMALLER = 40
"""Smaller sets of limits tried before a conflict that no limit can leave is taken as the smallest."""

MOST_BARRED = 100
"""Choices given although they break a limit, by less than the solver sees, before it is given up."""

_CENT = 100


class _Share(NamedTuple):
    """A share that is bounded: 万元 of each candidate in the part and in the whole, what is held of both, the bound."""

    part: tuple[int, ...]
    part_held: int
    whole: tuple[int, ...]
    whole_held: int
    bound: Fraction

    def of(self, taken: Sequence[bool]) -> Fraction:
        """The share of a choice; of nothing there is none."""
        return Fraction(self.part_held + _value(self.part, taken), self.whole_held + _value(self.whole, taken))


class _Row(NamedTuple):
    """One constraint: low ≤ Σ coefficient × chosen ≤ high; None: no bound on that side. `unit` is one step of the limit's own measure.

    `open`: it stands for what cannot be told.
    """

    id: str
    coefficients: tuple[int, ...]
    low: int | None
    high: int | None
    unit: int = 1
    share: _Share | None = None
    open: bool = False


def choose(choice: Choice) -> Portfolio:
    """Return the best choice; of companies that neither worth nor any limit tells apart, the lower ids.

    Raises RunError when the solver is not installed or gives no sound answer.
    """
    candidates = tuple(sorted(choice.candidates, key=lambda c: c.company_id))
    unknown = sorted(choice.must - {c.company_id for c in candidates})
    if unknown:
        raise RunError.of(
            "portfolio/must",
            f"'{', '.join(unknown)}' must be chosen and is no candidate",
            remedy="take it off `must`, or see why it is none in the list of those left out",
        )
    if not candidates:
        return Portfolio("nobody")
    rows = [*_rows(choice, candidates)]
    worth = [_worth(choice, c) for c in candidates]
    found = _best(worth, rows)
    if found is None:
        return Portfolio("infeasible", conflict=_conflict(len(candidates), rows))
    chosen = tuple(c for c, taken in zip(candidates, found, strict=True) if taken)
    value = _value(worth, found)
    return Portfolio(
        "chosen",
        tuple(sorted(chosen, key=lambda c: (c.rank, c.company_id))),
        sum(c.planned for c in chosen),
        Decimal(value) / _CENT,
        tuple(_binding(worth, rows, found, value)),
        tuple(_stayed_out(candidates, worth, rows, found, value)),
    )


def _worth(choice: Choice, candidate: Candidate) -> int:
    points = int(candidate.score * _CENT)
    return points * candidate.planned if choice.objective == "money" else points


def _rows(choice: Choice, candidates: Sequence[Candidate]) -> Iterator[_Row]:
    yield _Row(BUDGET, tuple(c.planned for c in candidates), None, choice.budget)
    if choice.most is not None:
        yield _Row(MOST, (1,) * len(candidates), None, choice.most)
    for candidate_id in sorted(choice.must):
        yield _Row(f"must:{candidate_id}", tuple(int(c.company_id == candidate_id) for c in candidates), 1, None)
    for limit in choice.limits:
        yield _limit_row(limit, candidates)


def _limit_row(limit: Limit, candidates: Sequence[Candidate]) -> _Row:
    inside = [limit.counts(c) for c in candidates]
    top, bottom = limit.bound.numerator, limit.bound.denominator
    money = tuple(c.planned * i for c, i in zip(candidates, inside, strict=True))
    share = _Share(money, limit.held, tuple(c.planned for c in candidates), limit.held_all, limit.bound)
    if limit.untold and limit.sense == "at_least":
        return _Row(limit.id, (0,) * len(candidates), 1, None, open=True)
    if limit.measure == "share":
        # Σ inside ≤ share × Σ all, multiplied by the denominator so that no fraction is left.
        coefficients = tuple((bottom * i - top) * c.planned for c, i in zip(candidates, inside, strict=True))
        edge = top * limit.held_all - bottom * limit.held
    else:
        coefficients = tuple(bottom * each for each in (money if limit.measure == "amount" else map(int, inside)))
        edge = top - bottom * limit.held
    low, high = (None, edge) if limit.sense == "at_most" else (edge, None)
    return _Row(limit.id, coefficients, low, high, bottom, share if limit.measure == "share" else None)


def _value(worth: Sequence[int], taken: Sequence[bool]) -> int:
    return sum(w for w, t in zip(worth, taken, strict=True) if t)


def _best(worth: Sequence[int], rows: Sequence[_Row], fixed: int | None = None) -> list[bool] | None:
    """Return the choice worth most, checked against every row in whole numbers; None when there is none."""
    if fixed is not None:
        rows = [*rows, _Row("fixed", tuple(int(i == fixed) for i in range(len(worth))), 1, None)]
    barred: list[_Row] = []
    while True:
        answer = _solved([-w for w in worth], [*rows, *barred], integer=True)
        if answer is None:
            return None
        taken = [x > 0.5 for x in answer]
        broken = next((row for row in rows if not _holds(row, taken)), None)
        if broken is None:
            return _lower_ids(worth, rows, taken)
        if len(barred) == MOST_BARRED:
            raise _unsound(f"its answer breaks '{broken.id}'")
        # The solver allows a hair's breadth, which in large sums is more than 1万元: this very choice is not to be given again.
        barred.append(_Row("barred", tuple(1 if t else -1 for t in taken), None, sum(taken) - 1))


def _lower_ids(worth: Sequence[int], rows: Sequence[_Row], taken: Sequence[bool]) -> list[bool]:
    """Exchange companies of equal columns, which stand in the order of their ids: the solver takes any of them."""
    alike: dict[tuple[int, ...], list[int]] = {}
    for i, column in enumerate(zip(worth, *(row.coefficients for row in rows), strict=True)):
        alike.setdefault(column, []).append(i)
    first = {i for each in alike.values() for i in each[: sum(taken[j] for j in each)]}
    return [i in first for i in range(len(taken))]


def _holds(row: _Row, taken: Sequence[bool]) -> bool:
    total = sum(c for c, t in zip(row.coefficients, taken, strict=True) if t)
    return (row.low is None or total >= row.low) and (row.high is None or total <= row.high)


def _binding(worth: Sequence[int], rows: Sequence[_Row], taken: Sequence[bool], value: int) -> Iterator[Binding]:
    for row in rows:
        if row.id == BUDGET:
            # Without a budget everybody is chosen: that says nothing of the limit.
            continue
        others = [r for r in rows if r is not row]
        without = _best(worth, others)
        assert without is not None, "fewer limits cannot make a choice impossible"
        gain = _value(worth, without) - value
        if gain:
            yield Binding(row.id, Decimal(gain) / _CENT)


def _stayed_out(
    candidates: Sequence[Candidate], worth: Sequence[int], rows: Sequence[_Row], taken: Sequence[bool], value: int
) -> Iterator[StayedOut]:
    out = sorted(
        (i for i, t in enumerate(taken) if not t), key=lambda i: (candidates[i].rank, candidates[i].company_id)
    )
    for index in out[:EXPLAINED]:
        forced = _best(worth, rows, fixed=index)
        if forced is None:
            conflict = _conflict(
                len(worth), [*rows, _Row("", tuple(int(i == index) for i in range(len(worth))), 1, None)]
            )
            yield StayedOut(candidates[index], None, blocked_by=tuple(i for i in conflict.limits if i))
            continue
        displaced = tuple(candidates[i].company_id for i, t in enumerate(taken) if t and not forced[i])
        yield StayedOut(candidates[index], Decimal(value - _value(worth, forced)) / _CENT, displaced)


def _conflict(size: int, rows: Sequence[_Row]) -> LimitConflict:
    """Return the fewest limits that cannot hold together, with the price of each."""
    every = list(range(len(rows)))
    fewest = every
    for at in every:
        without = [i for i in fewest if i != at]
        if not _hold(size, rows, without):
            fewest = without
    # Any conflict has one of the limits that each largest set that holds leaves out: fewer of them than can meet all of these are none.
    left_out: list[list[int]] = []
    for _ in range(SMALLER if len(fewest) > 1 else 0):
        needed = [_Row("", tuple(int(i in some) for i in every), 1, None) for some in left_out]
        answer = _solved([1] * len(rows), needed, integer=True)
        assert answer is not None, "all limits together meet every set"
        held = [i for i in every if answer[i] > 0.5]
        if len(held) >= len(fewest):
            break
        if not _hold(size, rows, held):
            fewest = held
            break
        for at in every:
            if at not in held and _hold(size, rows, [*held, at]):
                held.append(at)
        left_out.append([i for i in every if i not in held])
    named = [rows[i] for i in fewest]
    return LimitConflict(tuple(r.id for r in named), {r.id: _price(size, rows, r) for r in named if r.id})


def _hold(size: int, rows: Sequence[_Row], which: Sequence[int]) -> bool:
    """Whether some choice keeps all of some limits, in whole numbers."""
    return _best([0] * size, [rows[i] for i in which]) is not None


def _price(size: int, rows: Sequence[_Row], row: _Row) -> Fraction | None:
    """Return the least by which one limit must give way so that all the others hold, in its own measure."""
    if row.open:
        return None
    others = [r for r in rows if r is not row]
    if row.share is not None:
        return _share_price(size, others, row.share, 1 if row.low is None else -1)
    slack = -1 if row.low is None else 1
    given = _Row(row.id, (*row.coefficients, slack), row.low, row.high)
    widened = [_Row(r.id, (*r.coefficients, 0), r.low, r.high) for r in others]
    answer = _solved([*([0] * size), 1], [*widened, given], integer=True, free=1)
    if answer is None:
        return None

    def holds(by: int) -> bool:
        eased = (None if row.low is None else row.low - by, None if row.high is None else row.high + by)
        return _best([0] * size, [*others, _Row(row.id, row.coefficients, *eased)]) is not None

    # The solver allows a hair's breadth: the price told is one at which a choice does hold.
    return Fraction(least_from(round(answer[-1]), holds), row.unit)


def least_from(start: int, holds: Callable[[int], bool]) -> int:
    """Return the least number from `start` up that holds, where all above one that does hold too.

    Asked at most twice as often as the distance to it has binary digits, and twice more: steps are doubled, then halved.
    """
    below, found = start - 1, start
    while not holds(found):
        below, found = found, found + 2 * (found - below)
    while found - below > 1:
        between = (below + found) // 2
        below, found = (below, between) if holds(between) else (between, found)
    return found


def _share_price(size: int, others: Sequence[_Row], share: _Share, sign: int) -> Fraction | None:
    """How far from its bound the nearest share is that the other limits allow: better ones are looked for until there is none (Dinkelbach)."""
    taken, best = _best([0] * size, others), None
    while taken is not None:
        # Who chooses nothing and holds nothing breaks no share, so here there is a whole.
        reached = share.of(taken)
        if best is not None and sign * (best - reached) <= 0:
            return abs(best - share.bound)
        best = reached
        worth = [
            sign * (w * best.numerator - p * best.denominator) for p, w in zip(share.part, share.whole, strict=True)
        ]
        taken = _best(worth, others)
    return None


def _solved(cost: Sequence[int], rows: Sequence[_Row], *, integer: bool, free: int = 0) -> list[float] | None:
    """Return the solution of least cost, None when there is none. The last `free` variables are whole numbers from 0 up, the others 0 or 1."""
    if not cost:
        return None
    with _quiet_start():
        try:
            highspy: Any = importlib.import_module("highspy")
        except ImportError as error:
            raise RunError.of(
                "portfolio/solver", "the solver is not installed", remedy='pip install "screening[portfolio]"'
            ) from error
        solver = highspy.Highs()
    for option, value in (
        ("output_flag", False),
        # A second solution in one process with another number of threads fails without a word.
        ("threads", 1),
        ("random_seed", 0),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.0),
    ):
        solver.setOptionValue(option, value)
    infinite = highspy.kHighsInf
    for index, each in enumerate(cost):
        upper = infinite if index >= len(cost) - free else 1.0
        solver.addVar(0.0, upper)
        solver.changeColCost(index, float(each))
        if integer:
            solver.changeColIntegrality(index, highspy.HighsVarType.kInteger)
    for row in rows:
        used = [i for i, c in enumerate(row.coefficients) if c]
        scale = math.gcd(*(row.coefficients[i] for i in used)) or 1
        solver.addRow(
            -infinite if row.low is None else float(-(-row.low // scale)),
            infinite if row.high is None else float(row.high // scale),
            len(used),
            used,
            [float(row.coefficients[i] // scale) for i in used],
        )
    status = solver.run()
    state = solver.getModelStatus()
    if state == highspy.HighsModelStatus.kInfeasible:
        return None
    if status == highspy.HighsStatus.kError or state != highspy.HighsModelStatus.kOptimal:
        raise _unsound(solver.modelStatusToString(state))
    return list(solver.getSolution().col_value)


@contextlib.contextmanager
def _quiet_start() -> Iterator[None]:
    """The solver greets on the standard output of the process, where `--json` prints; no option stops it."""
    sys.stdout.flush()
    try:
        kept = os.dup(1)
    except OSError:
        yield
        return
    try:
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
            os.dup2(nowhere.fileno(), 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _unsound(what: str) -> RunError:
    return RunError.of(
        "portfolio/unsound", f"the solver gave no sound answer: {what}", remedy="report this with the limits used"
    )
