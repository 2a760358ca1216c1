"""The plan against the pool, as records. Built by `screening.analysis.plan_view`, printed by the rest."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal  # noqa: TC003 - fields of public records
from typing import Literal

from screening.result.records import RunRecord, TargetRecord, Text  # noqa: TC001 - fields of public records

ChangeKind = Literal[
    "direction_added", "direction_removed", "direction_renamed", "named_added", "named_removed", "target_changed"
]


@dataclass(frozen=True, slots=True)
class PlanPlace:
    """One direction in one city. `named`: `city`, `region` or empty; `crowded`: by the pack's measure, `candidates`, `holdings` or empty."""

    domain: Text
    direction: Text
    city: Text
    named: str
    companies: int
    ranked: int
    shortlisted: int
    held: int
    together: int
    share: Decimal | None
    crowded: str


@dataclass(frozen=True, slots=True)
class StageRow:
    """Companies in scope of one domain by track, in the order of `Coverage.tracks`; the last is of those whose track is not told."""

    domain: Text
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ComboCompany:
    """A company in a combination, and the word or direction that put it there."""

    company_id: str
    name: str
    city: str | None
    rank: int | None
    by: str
    what: Text


@dataclass(frozen=True, slots=True)
class ComboRecord:
    """One demonstration combination with its companies, best first."""

    label: Text
    companies: tuple[ComboCompany, ...]


@dataclass(frozen=True, slots=True)
class RungRecord:
    """One rung, highest first; `met` None: nothing in the data tells it, a person decides."""

    label: Text
    met: int | None
    open: int | None
    note: Text | None


@dataclass(frozen=True, slots=True)
class CrowdingMeasure:
    """The pack's own measure of a crowded place."""

    at_least: int
    share: Decimal
    of_all: Decimal
    holdings: int | None


@dataclass(frozen=True, slots=True)
class PlanChange:
    """What another version of the plan says otherwise; `companies` in scope of this run that it concerns."""

    kind: ChangeKind
    what: Text
    before: str
    after: str
    companies: int


@dataclass(frozen=True, slots=True)
class SafeguardRecord:
    """A clause on organisation or safety, and how the pack answers it."""

    label: Text
    clause: str
    answer: Text


@dataclass(frozen=True, slots=True)
class DirectionWording:
    """A direction with the plan's verb for it, and the single directions that a compound one names (none: it is one itself)."""

    label: Text
    verb: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DomainWording:
    """How the plan speaks of a domain: its verb, and whether its list of directions is `closed` (does not end in 等)."""

    label: Text
    verb: str
    closed: bool
    directions: tuple[DirectionWording, ...]


@dataclass(frozen=True, slots=True)
class EntryWording:
    """Who carries it in the entry of a place: names in the plan's order, the phrase that introduces them, whether the list is open (None:
    there is none); `aliases` are sub-industries that the entry writes otherwise than the direction they mean.
    """

    entry: str
    carriers: tuple[str, ...]
    form: str
    open: bool | None
    aliases: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class PlanCoverage:
    """The whole view. `against` names the version compared with; `changes` are what it says otherwise."""

    run: RunRecord
    companies: int
    places: tuple[PlanPlace, ...]
    tracks: tuple[Text, ...]
    stages: tuple[StageRow, ...]
    combos: tuple[ComboRecord, ...]
    ladder: tuple[RungRecord, ...]
    targets: tuple[TargetRecord, ...]
    crowding: CrowdingMeasure | None
    against: str = ""
    changes: tuple[PlanChange, ...] = ()
    safeguards: tuple[SafeguardRecord, ...] = ()
    wording: tuple[DomainWording, ...] = ()
    entries: tuple[EntryWording, ...] = ()
