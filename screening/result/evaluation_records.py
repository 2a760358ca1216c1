"""What the page of an evaluation is handed: a classification against people's labels, with the words of the pack.

Ratios are Decimal with three places, None where they have no denominator.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from screening.result.company import EvidenceText
    from screening.result.records import Authority, Text


@dataclass(frozen=True, slots=True)
class ScoreRecord:
    """One class, or all together. `right` of `predicted` predictions are right, `right` of `actual` were found."""

    id: str
    label: Text
    right: int
    predicted: int
    actual: int
    precision: Decimal | None
    recall: Decimal | None
    f1: Decimal | None
    precision_interval: tuple[Decimal, Decimal] | None = None
    recall_interval: tuple[Decimal, Decimal] | None = None


@dataclass(frozen=True, slots=True)
class ErrorsRecord:
    """Every wrong company once, those left to a person, and how directions are named where the domain is right."""

    accepted: int
    missed: int
    wrong_domain: int
    to_read: int
    missed_to_read: int
    direction_asked: int
    direction_named: int
    direction_right: int
    direction_nearest: int = 0
    direction_nearest_right: int = 0
    in_scope: int = 0
    in_scope_named: int = 0
    named_interval: tuple[Decimal, Decimal] | None = None
    right_interval: tuple[Decimal, Decimal] | None = None


@dataclass(frozen=True, slots=True)
class ConfusionRecord:
    """Companies by gold class and predicted class. `classes` in the order of the plan; absent cells are zero."""

    classes: tuple[tuple[str, Text], ...]
    companies: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class TrapRecord:
    """What became of the companies of one kind that belong to no domain, by predicted grade."""

    kind: str
    companies: int
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class MistakeRecord:
    """A company whose predicted domain is not a gold one. No `gold`: in none; `predicted` None: in none."""

    company_id: str
    name: str
    gold: tuple[Text, ...]
    predicted: Text | None
    grade: str
    kind: str
    note: str
    texts: tuple[EvidenceText, ...]


@dataclass(frozen=True, slots=True)
class EvaluationRecord:
    """A classification against a gold file, as the page prints it.

    `overall` judges primary domains, `memberships` every domain a company is in, `baseline` a plain keyword search with the
    same terms on the same companies. `unmatched` names gold rows whose company is not in the data.
    """

    pack_id: str
    pack_version: str
    pack_label: Text
    authority: Authority | None
    companies: int
    doubled: int
    unmatched: tuple[str, ...]
    overall: ScoreRecord
    memberships: ScoreRecord
    baseline: ScoreRecord
    domains: tuple[ScoreRecord, ...]
    directions: tuple[ScoreRecord, ...]
    grades: tuple[ScoreRecord, ...]
    confusion: ConfusionRecord
    grade_confusion: ConfusionRecord
    second: ScoreRecord | None = None
    errors: ErrorsRecord | None = None
    strata: tuple[ScoreRecord, ...] = ()
    traps: tuple[TrapRecord, ...] = ()
    mistakes: tuple[MistakeRecord, ...] = ()
    manifest: Mapping[str, object] = field(default_factory=dict)
