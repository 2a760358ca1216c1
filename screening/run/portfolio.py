"""`screen portfolio`: the limits a fund writes down, the companies of a run, and the choice that keeps to them."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from screening.analysis.fund_terms import own_limit
from screening.analysis.portfolio import choose
from screening.catalog import Strict
from screening.errors import Problem, RulesError, did_you_mean
from screening.quantity import Quantity, parse_quantity
from screening.result.contract import OUTCOMES
from screening.result.portfolio import By, Candidate, Choice, Left, Limit, Portfolio
from screening.strict_yaml import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from screening.analysis.rundata import RunData
    from screening.result.portfolio import Measure
    from screening.strict_yaml import Document

WAN = 10_000
MOST_LIMITS = 200
"""`each` counts once for every value. Whether limits can hold together is found by trying, so their number is bounded."""
GROUPS: tuple[By, ...] = get_args(By)
_UNITS: Mapping[str, Measure] = {"ratio": "share", "cny": "amount", "count": "count"}


def _quantity(value: Any) -> Any:
    found = parse_quantity(value)
    return found if found is not None else value


def _money(value: Any) -> Any:
    found = parse_quantity(value)
    if found is None or found.unit != "cny":
        raise ValueError(f"'{value}' is no amount of money with its unit, such as 3亿元 or 500万元")
    return Fraction(str(found.value))


Money = Annotated[Fraction, BeforeValidator(_money)]
Bound = Annotated[Quantity, BeforeValidator(_quantity)]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class LimitLine(Strict):
    """A cap or floor: `{by: city, of: 广州市, at_most: 40%}`."""

    by: By | None = Field(default=None, description="按什么分组;不写即全部。 Group; none: all companies.")
    of: Annotated[tuple[str, ...], BeforeValidator(lambda v: tuple(_listed(v)))] = Field(
        default=(), description="组内取值。 Values of the group."
    )
    each: bool = Field(default=False, description="每个取值各受一条约束。 One limit for every value.")
    at_most: Bound | None = Field(default=None, description="上限:40%、5000万元或 2家。 Cap.")
    at_least: Bound | None = Field(default=None, description="下限。 Floor.")
    with_holdings: bool = Field(default=False, description="已投项目计入。 Holdings count too.")
    basis: str = Field(default="", description="依据。 What it rests on.")

    @model_validator(mode="after")
    def _one_bound(self) -> LimitLine:
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError("give one of at_most and at_least")
        bound = self.bound
        if bound.unit not in _UNITS:
            raise ValueError(f"the bound '{bound}' needs a unit: a share (40%), money (5000万元) or a number (2家)")
        if bound.unit == "ratio" and not 0 <= bound.value <= 1:
            raise ValueError(f"the share '{bound}' lies outside 0-100%")
        if bound.value < 0:
            raise ValueError(f"the bound '{bound}' is negative")
        if self.each and (self.by is None or self.of):
            raise ValueError("`each` goes with `by` and without `of`")
        if self.by is not None and not self.each and not self.of:
            raise ValueError("say which values: `of: …`, or `each: true`")
        return self

    @property
    def bound(self) -> Quantity:
        """The one bound that is given."""
        found = self.at_most if self.at_most is not None else self.at_least
        assert found is not None
        return found


class Plan(Strict):
    """`portfolio.yaml`: the budget and the limits of a choice. 出资约束。"""

    budget: Money | None = Field(default=None, description="本期预算。 Budget of this round.")
    ticket: tuple[Money, Money] | None = Field(
        default=None, description="单笔下限与上限。 Smallest and largest ticket."
    )
    most_companies: int | None = Field(default=None, description="最多几家。 Most companies.", ge=1)
    outcomes: tuple[str, ...] = Field(default=("shortlisted",), description="哪些结论可选。 Outcomes to choose from.")
    objective: Literal["money", "companies"] = Field(
        default="money", description="按金额加权或按家数。 Points per yuan placed, or per company."
    )
    must: tuple[str, ...] = Field(default=(), description="必投。 Has to be in.")
    never: tuple[str, ...] = Field(default=(), description="负面清单。 Negative list.")
    limits: tuple[LimitLine, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _tuples(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}

    @model_validator(mode="after")
    def _known(self) -> Plan:
        for outcome in self.outcomes:
            if outcome not in ("shortlisted", "ranked", "review"):
                raise ValueError(f"'{outcome}' is no outcome that has a rank; {did_you_mean(outcome, OUTCOMES)}")
        if self.ticket is not None and self.ticket[0] > self.ticket[1]:
            raise ValueError("the smallest ticket is larger than the largest")
        return self


@dataclass(frozen=True, slots=True)
class Exposure:
    """Money in one domain, city and life stage: held before and newly placed, both in 万元. None: not told."""

    domain_id: str | None
    city: str | None
    life_stage: str | None
    held: int
    placed: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The choice with what it was made from. `left`: ranked companies that were no candidates, with the reason."""

    portfolio: Portfolio
    choice: Choice
    left: tuple[tuple[str, str, Left], ...]
    exposure: tuple[Exposure, ...]
    concentration: Mapping[str, Any] | None = None
    untold: int = 0
    names: Mapping[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> list[Path]:
        """Write choice, limits and exposure as relations (Parquet and CSV); return the files."""
        from screening.run.portfolio_files import write_relations  # noqa: PLC0415 - only where it is asked for

        return write_relations(self, folder)


def read_plan(path: Path) -> Plan:
    """Read `portfolio.yaml`. Raises RulesError with every problem, each with its place."""
    document = read(path)
    if document.problems:
        raise RulesError(document.problems)
    try:
        return Plan.model_validate(document.data)
    except ValidationError as error:
        raise RulesError([_problem(item, document) for item in error.errors(include_url=False)]) from None


def _problem(item: Any, document: Document) -> Problem:
    place = tuple(p for p in item["loc"] if p != "function-after")
    name = str(place[-1]) if place else ""
    if item["type"] == "extra_forbidden":
        known = {*Plan.model_fields, *LimitLine.model_fields}
        return document.problem(
            "portfolio/unknown-key", f"unknown key '{name}'; {did_you_mean(name, known)}", place, key=True
        )
    message = str(item["msg"]).removeprefix("Value error, ")
    return document.problem("portfolio/value", f"{'.'.join(map(str, place))}: {message}", place)


def with_budget(plan: Plan, text: str) -> Plan:
    """Return a plan with the budget of the command line. Raises RulesError when it is no amount of money."""
    try:
        # By itself: the limits of the plan are read already, and as plain data they would not be read again.
        budget = Plan.model_validate({"budget": text}).budget
    except ValidationError as error:
        message = str(error.errors(include_url=False)[0]["msg"]).removeprefix("Value error, ")
        raise RulesError.of(
            "portfolio/budget", f"--budget '{text}': {message}", remedy="write it like 3亿元 or 5000万元"
        ) from None
    return plan.model_copy(update={"budget": budget})


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
    measure = _UNITS[bound.unit or ""]
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
