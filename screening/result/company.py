"""The company record: all that a run knows of one company, typed. Pages, `explain`, the workbook and `--json` print it.

One JSON Schema describes it (`screen schema --record`): decimals are texts with all their places, dates ISO, None is not known.
"""

from __future__ import annotations

import datetime  # noqa: TC003 - the schema reads the types at run time
import functools
from dataclasses import dataclass
from decimal import Decimal  # noqa: TC003 - the schema reads the types at run time
from typing import Any, Literal

from pydantic import TypeAdapter

from screening.result.lift import Lift  # noqa: TC001 - the schema reads the types at run time
from screening.result.peers import PeerGroup  # noqa: TC001 - the schema reads the types at run time
from screening.result.records import (
    NO_BAND,
    NO_CITATION,
    Band,
    Citation,
    ClauseRecord,
    FactValue,
    RunRecord,
    ScaleStep,
    Text,
    VerdictRecord,
)
from screening.result.robustness import CompanyRobustness  # noqa: TC001 - the schema reads the types at run time


@dataclass(frozen=True, slots=True)
class Parent:
    """The head company of a branch, and what became of it in this run."""

    company_id: str
    name: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Company:
    """Who it is, as the data says it. `parent` is None for a branch whose head company is not in the data."""

    company_id: str
    name: str
    uscc: str | None = None
    city: str | None = None
    district: str | None = None
    established_on: datetime.date | None = None
    status_text: str | None = None
    company_type: str | None = None
    registered_capital: Decimal | None = None
    registered_capital_currency: str | None = None
    address: str | None = None
    source_file: str | None = None
    source_row: int | None = None
    source_kind: str | None = None
    observed_on: datetime.date | None = None
    entity_kind: str | None = None
    parent: Parent | None = None


@dataclass(frozen=True, slots=True)
class OutcomeReason:
    """Why the outcome is what it is: a gate that failed or could not be decided, a route, or a reason id of the contract."""

    kind: Literal["failed", "unknown", "route", "reason"]
    id: str
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class RulePlace:
    """Where a rule stands in the pack's own files."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One criterion on this company, in points of its half. `full` is the most it can give here.

    `low` is earned whatever the missing facts turn out to be; `value - low` is the neutral share. `reads` are the facts it rests on, itself or through a stage axis, `direct` those it names; `judged` is what
    it reads of the classification and the place; `scale` is its function.
    """

    id: str
    label: Text
    full: Decimal | None
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    reason: str | None
    missing: tuple[Text, ...] = ()
    reads: tuple[str, ...] = ()
    citation: Citation = NO_CITATION
    points: Decimal | None = None
    scale: tuple[ScaleStep, ...] = ()
    place: RulePlace | None = None
    note: Text | None = None
    axes: tuple[tuple[Text, Text | None], ...] = ()
    direct: tuple[str, ...] = ()
    judged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PillarResult:
    """One pillar on this company, in points of its half."""

    id: str
    label: Text
    full: Decimal | None
    band: Band
    criteria: tuple[CriterionResult, ...]


@dataclass(frozen=True, slots=True)
class HalfResult:
    """Fit or merit on this company, 0-100, and its weight in the total."""

    id: str
    label: Text
    weight: Decimal
    band: Band
    coverage: Decimal | None
    pillars: tuple[PillarResult, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A hit in a text: code-point offsets [start, end). `masked` spans were blotted out before matching."""

    start: int
    end: int
    term: str
    direction_id: str
    direction: Text
    grade: str
    kind: str = ""
    activity: str = ""
    activity_label: Text | None = None


@dataclass(frozen=True, slots=True)
class EvidenceText:
    """A stored text of the company with the hits in it."""

    field: str
    label: Text
    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class DirectionResult:
    """A direction the company was found in. `nearest`: its texts tell the domain alone, and this is the direction nearest to them.

    `verb`: how strongly the plan speaks of it, in its own word.
    """

    position: int | None
    domain: Text
    direction_id: str
    direction: Text | None
    grade: str
    strength: Decimal | None
    clause: str = ""
    nearest: Text | None = None
    verb: str = ""


@dataclass(frozen=True, slots=True)
class FactSource:
    """One source row that a fact rests on; `columns` are the headers, as written, of the cells of it that the fact reads."""

    table: str
    table_label: Text
    file: str | None
    sheet: str | None
    row: int | None
    period: str | None = None
    kind: str | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FactResult:
    """A fact with all that is known of its origin. `assumed`: no record exists and the value is only the pack's stand-in."""

    id: str
    label: Text
    type: str
    unit: str
    value: FactValue
    reason: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    source_kind: str | None = None
    table: str = ""
    period: str | None = None
    value_label: Text | None = None
    table_label: Text | None = None
    assumed: bool = False
    sources: tuple[FactSource, ...] = ()
    place: RulePlace | None = None


@dataclass(frozen=True, slots=True)
class GateResult:
    """One gate on this company. `datum` holds the facts it read; `stale` the sources whose search is too old for it."""

    id: str
    label: Text
    effect: str
    on_unknown: str
    status: str
    reason: str | None
    message: Text
    remedy: Text | None = None
    datum: tuple[FactResult, ...] = ()
    searched_on: datetime.date | None = None
    valid_for: Decimal | None = None
    valid_for_unit: str = "months"
    citation: Citation = NO_CITATION
    stale: tuple[Text, ...] = ()
    place: RulePlace | None = None


@dataclass(frozen=True, slots=True)
class StageAxisResult:
    """One stage axis: the value, or the values still possible and the facts that would decide."""

    id: str
    label: Text
    value: Text | None
    possible: tuple[Text, ...]
    reason: str | None
    deciding: tuple[Text, ...] = ()
    citation: Citation = NO_CITATION


@dataclass(frozen=True, slots=True)
class PlaceResult:
    """How the plan's section on places applies. `sub_industry_means`: the direction, where the entry writes it otherwise."""

    grade: str
    city: str | None
    city_basis: str | None
    district: str | None = None
    entry: str = ""
    sub_industry: str | None = None
    carrier: str | None = None
    domains: tuple[Text, ...] = ()
    domains_open: bool | None = None
    sub_industries: tuple[str, ...] = ()
    sub_industries_open: bool | None = None
    citation: Citation = NO_CITATION
    sub_industry_means: Text | None = None
    carrier_form: str = ""
    carriers_open: bool | None = None


@dataclass(frozen=True, slots=True)
class MeasureResult:
    """A measure of the plan worth a look; never an entitlement."""

    id: str
    label: Text
    departments: str
    audience: str
    note: Text | None = None
    citation: Citation = NO_CITATION
    programme: Text | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A missing fact as a question.

    `at_stake` is how many points of the score are still open in the criteria that rest on it, at most the whole band;
    None when nothing was scored.
    """

    fact_id: str
    label: Text
    question: Text | None
    reason: str
    at_stake: Decimal | None
    actionable: bool
    used_by: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class OverrideResult:
    """An analyst's dated and reasoned override: grade and direction or domain without it and with it.

    `state`: applied, no_effect, superseded or after_as_of; only the first changed anything.
    """

    state: str
    before: str
    before_in: Text | None
    after: str
    after_in: Text | None
    reason: str
    decided_on: datetime.date | None = None
    decided_by: str | None = None


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One line of the accounts over the years; None where no row or cell tells."""

    id: str
    label: Text
    values: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Accounts:
    """The last fiscal years, oldest first, with the kind of source of each."""

    years: tuple[int, ...]
    kinds: tuple[str | None, ...]
    lines: tuple[AccountLine, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A holder by kind; never by a natural person's name. `share` is a fraction."""

    kind: str
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class Event:
    """A dated event of the company: founded, a round, a milestone reached or planned, a risk record."""

    on: datetime.date
    kind: str
    what: str
    label: Text
    amount: Decimal | None = None
    title: str = ""
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Peer:
    """A ranked company of the same direction, for comparison."""

    company_id: str
    name: str
    rank: int
    score: Decimal
    outcome: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class FundLimits:
    """What the fund's own size allows, and what it already holds in this company's direction.

    `once_held`: it held the company and has left it whole, on `exited_on` (None: no date is told). `at_stake` is the cost of what it holds
    in the company, in yuan; None: it never held it, or an amount is not known.
    """

    label: Text
    ticket: tuple[Decimal, Decimal] | None
    most: Decimal | None
    ask: Decimal | None
    pre_money: Decimal | None
    holdings_here: int
    holds_it: bool
    once_held: bool = False
    exited_on: datetime.date | None = None
    at_stake: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A committee's or analyst's note; beside the score, never in it."""

    on: datetime.date | None
    by: str
    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GateTally:
    """The rejecting gates of one company by status: a sentence may say `all passed` only where `undecided` is 0."""

    passed: int = 0
    failed: int = 0
    unknown: int = 0
    not_run: int = 0
    not_applicable: int = 0

    @property
    def undecided(self) -> int:
        """Gates that nobody could decide."""
        return self.unknown + self.not_run

    @property
    def asked(self) -> int:
        """Gates that apply to the company."""
        return self.passed + self.failed + self.undecided


@dataclass(frozen=True, slots=True)
class CompanyRecord:
    """One company of one run.

    `provisional`: short-listed, or in its tier, only at the neutral share of what is missing; `tiers_possible` are all it can still
    take, best first. `sharing` companies have this rank. `weights` are the halves' in the total.
    """

    run: RunRecord
    company: Company
    outcome: str
    reasons: tuple[OutcomeReason, ...]
    tier: str | None
    tier_label: Text | None
    rank: int | None
    ranked: int
    score: Band
    fit: Band
    merit: Band
    coverage: Decimal | None
    merit_coverage: Decimal | None
    verdict: VerdictRecord
    halves: tuple[HalfResult, ...]
    directions: tuple[DirectionResult, ...]
    evidence: tuple[EvidenceText, ...]
    gates: tuple[GateResult, ...]
    track: Text | None
    stages: tuple[StageAxisResult, ...]
    place: PlaceResult | None
    measures: tuple[MeasureResult, ...]
    questions: tuple[Question, ...]
    facts: tuple[FactResult, ...]
    clauses: tuple[tuple[ClauseRecord, str], ...]
    overrides: tuple[OverrideResult, ...] = ()
    deductions: tuple[CriterionResult, ...] = ()
    deduction: Band = NO_BAND
    sharing: int = 1
    provisional: bool = False
    tiers_possible: tuple[Text, ...] = ()
    rejecting: GateTally = GateTally()
    accounts: Accounts | None = None
    holders: tuple[Share, ...] = ()
    events: tuple[Event, ...] = ()
    patents: tuple[tuple[str, int], ...] = ()
    peers: tuple[Peer, ...] = ()
    limits: FundLimits | None = None
    notes: tuple[Note, ...] = ()
    robustness: CompanyRobustness | None = None
    group: PeerGroup | None = None
    lift: Lift | None = None


@functools.cache
def _adapter() -> TypeAdapter[CompanyRecord]:
    return TypeAdapter(CompanyRecord)


def record_schema() -> dict[str, Any]:
    """Return the JSON Schema of the company record as it is written out."""
    return _adapter().json_schema(mode="serialization")


def as_json(record: CompanyRecord) -> Any:
    """Return the record as plain JSON values: decimals and dates as texts."""
    return _adapter().dump_python(record, mode="json")
