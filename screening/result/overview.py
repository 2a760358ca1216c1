"""The overview of a run: what its first page, its summary and its workbook print. Built by `screening.analysis.overview`."""

from __future__ import annotations

import datetime  # noqa: TC003 - records are read as types at run time
from collections.abc import Mapping  # noqa: TC003 - records are read as types at run time
from dataclasses import dataclass, field
from decimal import Decimal  # noqa: TC003 - records are read as types at run time
from typing import TYPE_CHECKING

from screening.result.records import (
    NO_CITATION,
    Band,
    Citation,
    ClauseRecord,
    Count,
    RunRecord,
    TargetRecord,
    Text,
    VerdictRecord,
)

if TYPE_CHECKING:
    from screening.result.fund_terms import FundExposure
    from screening.result.quality_records import Quality
    from screening.result.whatif import WhatIf


@dataclass(frozen=True, slots=True)
class Bin:
    """Companies whose value lies in [low, high) (the last bin includes its upper end), by outcome."""

    low: Decimal
    high: Decimal
    outcome: str
    count: int


@dataclass(frozen=True, slots=True)
class DomainName:
    """A domain of the plan with its directions, each by id and label, in the plan's order."""

    id: str
    label: Text
    directions: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class CityName:
    """A city of the province; `outside` collects what lies elsewhere."""

    id: str
    label: Text
    outside: bool = False


@dataclass(frozen=True, slots=True)
class PlaceCell:
    """Companies in scope of one direction in one city.

    `direction_id` is empty where only the domain is told. `named` is `city` or `region` where the plan names the
    direction for that city (or for its region), else empty. `funded` counts the fund's holdings there, `both` those of
    them that are among the `count` companies too; `crowded` says by what the pack's measure calls it crowded.
    """

    domain_id: str
    direction_id: str
    city: str
    count: int
    named: str = ""
    funded: int = 0
    both: int = 0
    crowded: str = ""


@dataclass(frozen=True, slots=True)
class Holdings:
    """The fund's holdings: how many, and how many of them have no direction of the plan and cannot be placed."""

    count: int
    unplaced: int = 0


@dataclass(frozen=True, slots=True)
class RankedCompany:
    """One row of the ranking.

    `held`: the fund holds it; `once_held`: it did and has left it whole; `beside`: how many holdings the fund has in its direction already. `steady`: the ranks between which nine
    draws of weights in ten put it, None where the pack states no ranges.
    """

    company_id: str
    uscc: str | None
    name: str
    rank: int | None
    city: str | None
    city_label: Text | None
    domain: Text | None
    direction: Text | None
    grade: str
    stage: Text | None
    track: str | None
    fit: Band
    merit: Band
    score: Band
    coverage: Decimal | None
    merit_coverage: Decimal | None
    tier: str | None
    tier_label: Text | None
    outcome: str
    dossier: str | None = None
    shared: bool = False
    provisional: bool = False
    held: bool = False
    beside: int = 0
    steady: tuple[int, int] | None = None
    once_held: bool = False


@dataclass(frozen=True, slots=True)
class NamedCompany:
    """A company by name; `link` is its page, empty where it has none."""

    company_id: str
    name: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Companies kept off the lists for one reason: a gate by its label, else an id of a reason. `names` are the first of them."""

    outcome: str
    reason: str
    label: Text | None
    count: int
    names: tuple[NamedCompany, ...]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A company of the long list that misses one floor of the short list: its value and the bound."""

    company: NamedCompany
    floor: Text
    unit: str
    value: Decimal
    bound: Decimal


@dataclass(frozen=True, slots=True)
class Waiting:
    """A company for a person to look at. `message` is the gate's where it failed, `reason` why it could not be decided."""

    company: NamedCompany
    outcome: str
    score: Decimal | None
    rank: int | None
    gate: Text | None
    message: Text | None
    reason: str | None
    settle: Text | None


@dataclass(frozen=True, slots=True)
class StaleSource:
    """A source searched too long ago for some gates; `held_up` companies went to review for that."""

    label: Text
    searched_on: datetime.date
    valid_for: Decimal
    unit: str
    gates: tuple[Text, ...]
    held_up: int


@dataclass(frozen=True, slots=True)
class AsideRow:
    """One row that was set aside: where it stands, and the name in it where it can be told."""

    file: str
    sheet: str | None
    row: int | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class SetAside:
    """Rows of one table set aside for one reason; `rows` are the first of them, all are in set_aside.xlsx."""

    table: str
    label: Text
    reason: str
    count: int
    rows: tuple[AsideRow, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleTally:
    """What became of one rule in this run, over the companies in scope."""

    id: str
    kind: str
    label: Text
    status: str
    reason: str = ""
    effect: str = ""
    passed: int = 0
    failed: int = 0
    unknown: int = 0
    not_run: int = 0
    not_applicable: int = 0
    citation: Citation = NO_CITATION


@dataclass(frozen=True, slots=True)
class RowCounts:
    """Rows of `companies`: read = clean + set aside."""

    read: int
    clean: int
    set_aside: int
    set_aside_by_reason: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Overview:
    """Everything the overview of a run prints; each is itself alone.

    `merit_coverage` is the mean over the ranked companies. `plane` counts companies in squares of fit x merit, by their lower corner; `tier_cells`
    in the cells of the tier matrix, by the ids of its fit and merit steps. `holdings` is None where the data have no such table. `gates_sure`:
    every short-listed company passed every rejecting gate that applies to it; `fund`: None where it holds nothing, or the run is for others; `provisional` of them, or their tiers, rest on the
    neutral share. `head_terms`: the words that put the first companies in their direction, by id.
    """

    run: RunRecord
    title: Text
    list_kind: str
    rows: RowCounts
    outcomes: tuple[Count, ...]
    grades: tuple[Count, ...]
    gates: tuple[RuleTally, ...]
    rules: tuple[RuleTally, ...]
    verdict: VerdictRecord
    histogram: tuple[Bin, ...]
    fit_histogram: tuple[Bin, ...]
    plane: Mapping[tuple[Decimal, Decimal], int]
    plane_step: Decimal
    domains: tuple[DomainName, ...]
    cities: tuple[CityName, ...]
    places: tuple[PlaceCell, ...]
    ranking: tuple[RankedCompany, ...]
    ranking_total: int
    quality: Quality
    clauses: tuple[ClauseRecord, ...]
    merit_coverage: Decimal | None = None
    tier_cells: Mapping[tuple[str, str], int] = field(default_factory=dict)
    domain_counts: tuple[Count, ...] = ()
    holdings: Holdings | None = None
    targets: tuple[TargetRecord, ...] = ()
    stopped: tuple[Stopped, ...] = ()
    near: tuple[NearMiss, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    stale: tuple[StaleSource, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    gates_sure: bool = False
    provisional: int = 0
    head_terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    what_if: WhatIf | None = None
    fund: FundExposure | None = None
