"""`screen portfolio`: the companies of a run, and the choice that keeps to the limits a fund has written down."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from screening.analysis.fund_terms import own_limit
from screening.analysis.portfolio import choose
from screening.errors import RulesError
from screening.result.portfolio import Answer, By, Candidate, Choice, Exposure, Left, Limit, Portfolio
from screening.run.limits import UNITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from screening.analysis.rundata import RunData
    from screening.run.limits import LimitLine, Plan

WAN = 10_000
MOST_LIMITS = 200
"""`each` counts once for every value. Whether limits can hold together is found by trying, so their number is bounded."""


def portfolio(run: RunData, plan: Plan) -> Answer:
    """Return the choice for a finished run.

    Raises RulesError when the budget is not told, RunError from the solver.
    """
    fund = run.manifest.get("fund") or {}
    budget = plan.budget
    if budget is None:
        raise RulesError.of(
            "portfolio/budget", "no budget is given", remedy="give --budget 3亿元, or `budget` in the limits file"
        )
    # A fund that holds nothing yet has no table of holdings.
    holdings = run.rows("portfolio_holdings") if run.has("holdings") else []
    rows = _with_held(run.rows("portfolio_candidates"), holdings) if run.has("deal") else _bare(run)
    cap = _concentration(fund)
    never = set(plan.never)
    candidates, left = [], []
    for row in rows:
        if row["outcome"] not in plan.outcomes:
            continue
        found = _candidate(row, plan, fund, cap, never)
        if isinstance(found, Candidate):
            candidates.append(found)
        else:
            left.append((row["company_id"], row["name"] or row["company_id"], found))
    limits = tuple(itertools.islice(_limits(plan.limits, candidates, holdings), MOST_LIMITS + 1))
    if len(limits) > MOST_LIMITS:
        raise RulesError.of(
            "portfolio/limits",
            f"there are more than {MOST_LIMITS} limits; `each` counts once for every value",
            remedy="leave out the limits that others imply",
        )
    choice = Choice(
        tuple(candidates),
        math.floor(budget / WAN),
        limits,
        frozenset(_resolved(plan.must, rows)),
        plan.most_companies,
        plan.objective,
    )
    found_portfolio = choose(choice)
    return Answer(
        found_portfolio,
        choice,
        tuple(left),
        tuple(_exposure(found_portfolio, holdings)),
        fund.get("concentration"),
        sum(1 for h in holdings if h["invested"] is None),
        {c.company_id: c.name for c in candidates},
    )


def _with_held(rows: list[dict[str, Any]], holdings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add what the fund already holds in each company: `held` yuan, 0 without; `untold` holdings without an amount."""
    own: dict[str, list[Decimal | None]] = {}
    for each in holdings:
        own.setdefault(each["company_id"], []).append(each["invested"])
    for row in rows:
        amounts = own.get(row["company_id"], [])
        row["held"] = sum((a for a in amounts if a is not None), Decimal(0))
        row["untold"] = amounts.count(None)
    return rows


def _bare(run: RunData) -> list[dict[str, Any]]:
    raise RulesError.of(
        "portfolio/no-deal",
        "the run has no table of offers (`deal`), so nobody's ask is known",
        remedy="add the table `deal` with the column `ask` to the dataset and run again",
    )


def _concentration(fund: Mapping[str, Any]) -> int | None:
    """The most in one company, in 万元, by the fund's own limit and its own basis."""
    most = own_limit(fund).most
    return None if most is None else math.floor(Fraction(most) / WAN)


def _candidate(
    row: Mapping[str, Any], plan: Plan, fund: Mapping[str, Any], cap: int | None, never: set[str]
) -> Candidate | Left:
    if never & {row["company_id"], row["uscc"], row["name"]}:
        return "negative_list"
    if row["ask"] is None:
        return "ask_unknown"
    least, most = plan.ticket or tuple(Fraction(str(t)) for t in fund.get("ticket", (0, 10**15)))
    ask = Decimal(row["ask"])
    # Whole 万元: an ask counts up to the next, the largest ticket is not passed by rounding.
    planned = min(math.ceil(Fraction(ask) / WAN), math.floor(most / WAN))
    if planned <= 0 or planned * WAN < least:
        return "below_ticket"
    if cap is not None:
        if row["untold"]:
            return "held_unknown"
        room = cap - math.ceil(Fraction(Decimal(row["held"])) / WAN)
        if room * WAN < least or room <= 0:
            return "concentration"
        planned = min(planned, room)
    groups: dict[By, str] = {
        "city": row["city"],
        "domain": row["domain_id"],
        "direction": row["direction_id"],
        "life_stage": row["life_stage"],
        "track": row["track"],
        "tier": row["tier"],
        "company": row["company_id"],
    }
    return Candidate(
        row["company_id"],
        row["name"] or row["company_id"],
        Decimal(row["score"]),
        row["rank"],
        ask,
        planned,
        {k: v for k, v in groups.items() if v is not None},
    )


def _limits(
    lines: Sequence[LimitLine], candidates: Sequence[Candidate], holdings: Sequence[Mapping[str, Any]]
) -> Iterator[Limit]:
    for line in lines:
        by = line.by
        if by is None:
            yield _limit(line, (), holdings)
            continue
        values = sorted({c.groups[by] for c in candidates if by in c.groups})
        if line.each:
            for value in values:
                yield _limit(line, (value,), holdings)
            continue
        # A city goes by its name with or without 市.
        wanted = {*line.of, *(f"{v}市" for v in line.of)} if by == "city" else set(line.of)
        yield _limit(line, tuple(sorted(wanted)), holdings, shown=line.of)


def _limit(
    line: LimitLine, of: tuple[str, ...], holdings: Sequence[Mapping[str, Any]], shown: tuple[str, ...] = ()
) -> Limit:
    bound = line.bound
    measure = UNITS[bound.unit or ""]
    value = Fraction(str(bound.value)) / (WAN if measure == "amount" else 1)
    sense: Literal["at_most", "at_least"] = "at_most" if line.at_most is not None else "at_least"
    held, held_all, already = 0, 0, frozenset[str]()
    if line.with_holdings:
        inside = [h for h in holdings if line.by is None or _group(h, line.by) in of]
        already = frozenset(_held(h) for h in inside)
        held, held_all = (
            (len(already), len({_held(h) for h in holdings}))
            if measure == "count"
            else (_money_in(inside), _money_in(holdings))
        )
    name = f"{line.by or 'all'} {'、'.join(shown or of)} {'≤' if sense == 'at_most' else '≥'} {bound}".replace(
        "  ", " "
    )
    return Limit(name, line.by, of, sense, measure, value, held, held_all, already)


def _group(holding: Mapping[str, Any], by: By) -> str | None:
    column = {"domain": "domain_id", "direction": "direction_id", "company": "company_id"}.get(by, by)
    found: str | None = holding[column]
    return found


def _held(holding: Mapping[str, Any]) -> str:
    """Who is held: several rows may be one company."""
    return str(holding["company_id"] or holding["holding_id"])


def _money_in(holdings: Sequence[Mapping[str, Any]]) -> int:
    return math.ceil(
        sum((Fraction(Decimal(h["invested"])) for h in holdings if h["invested"] is not None), Fraction(0)) / WAN
    )


def _resolved(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Companies by id, credit code or name; a name that is none stays as it is, and is refused as no candidate."""
    for name in names:
        yield next((r["company_id"] for r in rows if name in (r["company_id"], r["uscc"], r["name"])), name)


def _exposure(found: Portfolio, holdings: Sequence[Mapping[str, Any]]) -> Iterator[Exposure]:
    inside: dict[tuple[str | None, str | None, str | None], list[Mapping[str, Any]]] = {}
    placed: Counter[tuple[str | None, str | None, str | None]] = Counter()
    for holding in holdings:
        inside.setdefault((_group(holding, "domain"), holding["city"], holding["life_stage"]), []).append(holding)
    held = {key: _money_in(own) for key, own in inside.items()}
    for each in found.chosen:
        placed[each.groups.get("domain"), each.groups.get("city"), each.groups.get("life_stage")] += each.planned
    for key in sorted({*held, *placed}, key=lambda k: tuple(v or "" for v in k)):
        yield Exposure(*key, held.get(key, 0), placed[key])
