"""What a fund writes down for `screen portfolio`: the budget and the limits, each problem at its place."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from screening.catalog import Strict
from screening.errors import Problem, RulesError, did_you_mean
from screening.quantity import Quantity, parse_quantity
from screening.result.contract import OUTCOMES
from screening.result.portfolio import By
from screening.strict_yaml import read

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from screening.result.portfolio import Measure
    from screening.strict_yaml import Document

UNITS: Mapping[str, Measure] = {"ratio": "share", "cny": "amount", "count": "count"}
"""What a bound of a limit is of, by its unit."""


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
        if bound.unit not in UNITS:
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
