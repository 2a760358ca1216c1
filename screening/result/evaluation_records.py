"""A classification held against people's labels: counted once, printed by page, terminal and `--json`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.result.records import AuthorityRecord, Text

NONE = "none"
"""Stands for "in no domain" (direction) on both sides."""
_Z = 1.96


def interval(right: int, of: int) -> tuple[float, float] | None:
    """Return the 95 % interval of a share (Wilson); None of nothing.

    >>> interval(9, 10)
    (0.5958, 0.9821)
    """
    if not of:
        return None
    share, square = right / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z * math.sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)


@dataclass(frozen=True, slots=True)
class GoldRow:
    """One company as people labelled it. No domains: in none. `directions` and `grade` empty: not labelled."""

    uscc: str
    name: str
    domains: frozenset[str]
    directions: frozenset[str] = frozenset()
    grade: str = ""
    kind: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 of one class. A ratio is None where it has no denominator."""

    class_id: str
    true_positive: int
    predicted: int
    actual: int

    @property
    def precision(self) -> float | None:
        """Share of the predictions that are right."""
        return self.true_positive / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        """Share of the gold that was found."""
        return self.true_positive / self.actual if self.actual else None

    @property
    def precision_interval(self) -> tuple[float, float] | None:
        """The 95 % interval of precision (Wilson)."""
        return interval(self.true_positive, self.predicted)

    @property
    def recall_interval(self) -> tuple[float, float] | None:
        """The 95 % interval of recall (Wilson)."""
        return interval(self.true_positive, self.actual)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall."""
        both = self.predicted + self.actual
        return 2 * self.true_positive / both if both else None


@dataclass(frozen=True, slots=True)
class Confused:
    """How many companies of a gold class got a predicted class."""

    gold: str
    predicted: str
    companies: int


@dataclass(frozen=True, slots=True)
class EvidenceSpan:
    """A hit that stood behind a prediction; code-point offsets [start, end) into the stored text."""

    field: str
    start: int
    end: int
    term: str
    kind: str
    activity: str
    grade: str
    domain_id: str
    direction_id: str | None


@dataclass(frozen=True, slots=True)
class Mistake:
    """A company whose predicted domain is not a gold one. `texts`: what it says of itself, by field."""

    company_id: str
    name: str
    gold: tuple[str, ...]
    predicted: str
    grade: str
    kind: str
    note: str
    spans: tuple[EvidenceSpan, ...]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class KindTally:
    """What became of the gold rows of one kind (of trap, of segment): companies by predicted grade."""

    kind: str
    companies: int
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Naming:
    """How directions are named.

    `in_scope`: companies with a predicted domain; `in_scope_named`: those with a direction. Where the domain is right and the gold
    row names a direction of it, `asked` companies: `named` have one, `right` a gold one; of these `nearest` and `nearest_right` are
    only the nearest to texts that tell the domain alone.
    """

    in_scope: int
    in_scope_named: int
    asked: int
    named: int
    right: int
    nearest: int
    nearest_right: int


@dataclass(frozen=True, slots=True)
class Errors:
    """Every company that is wrong, once: `wrong_domain` is in scope on both sides and in no common domain.

    `to_read`: companies left to a person; `missed_to_read`: those of the missed that stand among them.
    """

    accepted: int
    missed: int
    wrong_domain: int
    to_read: int
    missed_to_read: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A classification against a gold file.

    `overall` and `domains` judge the primary domain of companies in scope; `memberships` every domain that a company is
    core or related in, `second` those beyond the first alone, on gold rows with several; `strata` is `overall` within each kind of
    gold row. `directions` judges primary directions, over gold rows that name one; `grades` over those that give
    a grade. `baseline` is a plain keyword search with the same terms on the same companies. `unmatched`: gold rows whose
    company is not in the data; `doubled`: gold rows that name a company again.
    """

    companies: int
    overall: Score
    memberships: Score
    second: Score
    naming: Naming
    errors: Errors
    strata: tuple[Score, ...]
    domains: tuple[Score, ...]
    directions: tuple[Score, ...]
    grades: tuple[Score, ...]
    confusion: tuple[Confused, ...]
    grade_confusion: tuple[Confused, ...]
    kinds: tuple[KindTally, ...]
    mistakes: tuple[Mistake, ...]
    baseline: Score
    unmatched: tuple[GoldRow, ...]
    doubled: int


@dataclass(frozen=True, slots=True)
class PackNames:
    """The pack that was judged, and what it calls its classes (domains and directions by id, in its order) and the columns of companies."""

    id: str
    version: str
    label: Text
    authority: AuthorityRecord | None
    classes: Mapping[str, Text]
    columns: Mapping[str, Text]
