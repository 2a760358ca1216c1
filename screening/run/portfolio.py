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
from screening.result.portfolio import Answer, By, Candidate, Choice, Exposure, Left, Limit, Measure, Portfolio
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
    candidates: list[Candidate] = []
    left: list[tuple[str, str, Left]] = []
    for row in rows:
        if row["outcome"] not in plan.outcomes:
            continue
        found = _candidate(row, plan, fund, cap, never)
        if isinstance(found, Candidate):
            candidates.append(found)
        else:
            left.append((row["company_id"], row["name"] or row["company_id"], found))
    domain_of = {d: domain for domain, d, _ in run.pack.directions()}
    limits = tuple(itertools.islice(_limits(plan.limits, candidates, holdings, domain_of), MOST_LIMITS + 1))
    if len(limits) > MOST_LIMITS:
        raise RulesError.of(
            "portfolio/limits",
            f"there are more than {MOST_LIMITS} limits; `each` counts once for every value",
            remedy="leave out the limits that others imply",
        )
    shut = [limit for limit in limits if limit.untold and limit.sense == "at_most"]
    unproven = {c.company_id for limit in shut for c in candidates if limit.counts(c)}
    left += [(c.company_id, c.name, "limit_unknown") for c in candidates if c.company_id in unproven]
    choice = Choice(
        tuple(c for c in candidates if c.company_id not in unproven),
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
    lines: Sequence[LimitLine],
    candidates: Sequence[Candidate],
    holdings: Sequence[Mapping[str, Any]],
    domain_of: Mapping[str, str],
) -> Iterator[Limit]:
    for line in lines:
        by = line.by
        if by is None:
            yield _limit(line, (), candidates, holdings, domain_of)
            continue
        values = sorted({c.groups[by] for c in candidates if by in c.groups})
        if line.each:
            for value in values:
                yield _limit(line, (value,), candidates, holdings, domain_of)
            continue
        # A city goes by its name with or without 市.
        wanted = {*line.of, *(f"{v}市" for v in line.of)} if by == "city" else set(line.of)
        yield _limit(line, tuple(sorted(wanted)), candidates, holdings, domain_of, shown=line.of)


def _limit(
    line: LimitLine,
    of: tuple[str, ...],
    candidates: Sequence[Candidate],
    holdings: Sequence[Mapping[str, Any]],
    domain_of: Mapping[str, str],
    shown: tuple[str, ...] = (),
) -> Limit:
    bound = line.bound
    measure = UNITS[bound.unit or ""]
    value = Fraction(str(bound.value)) / (WAN if measure == "amount" else 1)
    cap = line.at_most is not None
    held, held_all, already, untold = 0, 0, frozenset[str](), 0
    domains = {domain_of.get(v) for v in of}

    def inside(group: str | None, domain: str | None) -> bool:
        """Whether something is in the group; where that is not told, it is in a cap and not in a floor."""
        if line.by is None or group in of:
            return True
        return cap and group is None and (line.by != "direction" or domain is None or domain in domains)

    if line.with_holdings:
        sure = [h for h in holdings if line.by is None or _group(h, line.by)[0] in of]
        within = [h for h in holdings if inside(*_group(h, line.by))]
        held, held_all = _held_of(within, holdings, measure, up=cap)
        if cap and held > value * (held_all if measure == "share" else 1):
            # Whose group is not told may break it alone: then it is not shown to hold, and nothing more goes in.
            untold = len(within) - len(sure)
            within = sure
            held, held_all = _held_of(within, holdings, measure, up=cap)
        if measure != "count":
            # A cap is broken by an amount inside that is not told, a floor as a share by one outside.
            breaking = within if cap else [h for h in holdings if h not in within] if measure == "share" else []
            untold += sum(1 for h in breaking if h["invested"] is None)
        already = frozenset(_held(h) for h in within)
    sense: Literal["at_most", "at_least"] = "at_most" if cap else "at_least"
    name = f"{line.by or 'all'} {'、'.join(shown or of)} {'≤' if cap else '≥'} {bound}".replace("  ", " ")
    maybe = frozenset(
        c.company_id
        for c in candidates
        if line.by is not None and line.by not in c.groups and inside(None, c.groups.get("domain"))
    )
    return Limit(name, line.by, of, sense, measure, value, held, held_all, already, maybe, untold)


def _group(holding: Mapping[str, Any], by: By | None) -> tuple[str | None, str | None]:
    """What group a holding is of, and its domain. Books that name nobody here name another company than any candidate."""
    if by == "company":
        return _held(holding), None
    column = {"domain": "domain_id", "direction": "direction_id"}.get(by or "", by or "")
    group: str | None = holding[column] if by is not None else None
    if by == "domain" and group is None:
        # A direction that is none of the plan lies in none of its domains.
        group = holding["direction_id"]
    return group, holding["domain_id"]


def _held(holding: Mapping[str, Any]) -> str:
    """Who is held: several rows may be one company."""
    return str(holding["held_as"])


def _held_of(
    within: Sequence[Mapping[str, Any]], holdings: Sequence[Mapping[str, Any]], measure: Measure, *, up: bool
) -> tuple[int, int]:
    """What is held inside a group and in all, in companies or whole 万元, rounded so that it never helps to keep a limit."""
    if measure == "count":
        return len({_held(h) for h in within}), len({_held(h) for h in holdings})
    return _money_in(within, up=up), _money_in(holdings, up=not up)


def _money_in(holdings: Sequence[Mapping[str, Any]], *, up: bool = True) -> int:
    """What is told of holdings, in whole 万元."""
    whole = sum((Fraction(Decimal(h["invested"])) for h in holdings if h["invested"] is not None), Fraction(0)) / WAN
    return math.ceil(whole) if up else math.floor(whole)


def _resolved(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Companies by id, credit code or name; a name that is none stays as it is, and is refused as no candidate."""
    for name in names:
        yield next((r["company_id"] for r in rows if name in (r["company_id"], r["uscc"], r["name"])), name)


def _exposure(found: Portfolio, holdings: Sequence[Mapping[str, Any]]) -> Iterator[Exposure]:
    inside: dict[tuple[str | None, str | None, str | None], list[Mapping[str, Any]]] = {}
    placed: Counter[tuple[str | None, str | None, str | None]] = Counter()
    for holding in holdings:
        inside.setdefault((holding["domain_id"], holding["city"], holding["life_stage"]), []).append(holding)
    for each in found.chosen:
        placed[each.groups.get("domain"), each.groups.get("city"), each.groups.get("life_stage")] += each.planned
    for key in sorted({*inside, *placed}, key=lambda k: tuple(v or "" for v in k)):
        own = inside.get(key, [])
        yield Exposure(*key, _money_in(own), placed[key], sum(1 for h in own if h["invested"] is None))
