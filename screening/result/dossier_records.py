"""What the dossier of one company is handed; the parts it shares with the overview are in `records`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from screening.result.records import NO_CITATION, Band, Citation, ClauseRecord, FactValue, RunRecord, Text, Verdict

if TYPE_CHECKING:
    import datetime
    from decimal import Decimal


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
    """Why the outcome is what it is: a rule with its sentence, or a reason id of the contract."""

    kind: str
    id: str
    label: Text | None = None
    message: Text | None = None


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One criterion on this company, in points of its half. `full` is the most it can give here.

    `low` is earned whatever the missing facts turn out to be; `value - low` is the neutral share.
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


@dataclass(frozen=True, slots=True)
class EvidenceText:
    """A stored text of the company with the hits in it."""

    field: str
    label: Text
    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class DirectionResult:
    """A direction the company was found in."""

    position: int | None
    domain: Text
    direction_id: str
    direction: Text | None
    grade: str
    strength: Decimal | None
    clause: str = ""


@dataclass(frozen=True, slots=True)
class FactResult:
    """A fact with all that is known of its origin."""

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


@dataclass(frozen=True, slots=True)
class GateResult:
    """One gate on this company. `datum` holds the facts it read."""

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
    """How the plan's section on places applies."""

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


@dataclass(frozen=True, slots=True)
class MeasureResult:
    """A measure of the plan worth a look; never an entitlement."""

    id: str
    label: Text
    departments: str
    audience: str
    note: Text | None = None
    citation: Citation = NO_CITATION


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
    """An analyst's dated and reasoned override; both results are kept."""

    what: str
    before: str | None
    after: str | None
    reason: str
    decided_on: datetime.date | None = None
    decided_by: str | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything the dossier of one company prints."""

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
    verdict: Verdict
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
