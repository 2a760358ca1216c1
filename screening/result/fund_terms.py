"""Concessions (让利) and reinvestment (返投) worked out: beside the ranking, never in a score. Built by `screening.analysis.fund_terms`."""

from __future__ import annotations

import datetime  # noqa: TC003 - fields of public records
from dataclasses import dataclass
from decimal import Decimal  # noqa: TC003 - fields of public records
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screening.result.records import Text


@dataclass(frozen=True, slots=True)
class Concession:
    """How proceeds are shared when the government gives up part of its gain. Money in yuan, to the fen; the two parts add up to the proceeds.

    `gain` is what the proceeds exceed the capital by, 0 in a loss: then nothing is conceded and the loss is shared by capital.
    """

    capital: Decimal
    government: Decimal
    proceeds: Decimal
    share: Decimal
    gain: Decimal
    government_gain: Decimal
    conceded: Decimal
    to_government: Decimal
    to_social: Decimal


@dataclass(frozen=True, slots=True)
class Reinvestment:
    """What a reinvestment ratio asks for and what counts towards it. Money in yuan; `unknown` holdings have no amount or no city."""

    ratio: Decimal
    contribution: Decimal
    city: str
    required: Decimal
    counted: Decimal
    missing: Decimal
    holdings: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Held:
    """What the fund holds in one company: the cost of what it has not left, in yuan.

    `over`: more than its limit; None: there is none, or an amount that is not told may exceed it. `unknown` of its holdings have no amount,
    so many were left in part, are in liquidation, or were left whole and do not count.
    """

    holding_id: str
    name: str
    invested: Decimal
    over: bool | None
    unknown: int
    rank: int | None = None
    partly_exited: int = 0
    liquidating: int = 0
    exited: int = 0


@dataclass(frozen=True, slots=True)
class Exited:
    """A company that the fund held and has left whole. `invested` is the cost in yuan, `exited_on` the last date told, `proceeds` yuan; None: not told, or not of every holding."""

    holding_id: str
    name: str
    invested: Decimal | None
    exited_on: datetime.date | None
    methods: str
    proceeds: Decimal | None
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class FundPlace:
    """What the fund holds in one domain, city and life stage (None: not told). `untold` of the `holdings` have no amount; `invested` is yuan, of the others; `share` of all that is told."""

    domain: Text | None
    city: Text | None
    stage: Text | None
    holdings: int
    untold: int
    invested: Decimal
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class FundExposure:
    """The fund's own limit and what it holds. `groups` are (`domain`, `city` or `stage`; its value, empty: not told; yuan, None: no amount is told; how many holdings without an amount); `places` the three together, the largest first; `of_run`: of how many holdings the domain, and the city, is that of this run, because the books name none."""

    basis: str
    base: Decimal | None
    limit: Decimal | None
    most: Decimal | None
    held: tuple[Held, ...]
    groups: tuple[tuple[str, str, Decimal | None, int], ...]
    places: tuple[FundPlace, ...] = ()
    exits: tuple[Exited, ...] = ()
    of_run: tuple[int, int] = (0, 0)
