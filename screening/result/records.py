"""What a report is handed: typed raw values of one run or one company, without a word of display.

Numbers are Decimal or int, dates are dates, grades and reasons are the ASCII ids of the contract, and texts that a pack
words for people are `Text` in both languages. None means unknown, never zero. `analysis` builds these records from a run
folder; `report` prints them and reads nothing else.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping  # noqa: TC003 - records are read as types at run time
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, TypeVar

FactValue = Decimal | int | str | bool | datetime.date | None
_Record = TypeVar("_Record")


def record_of(kind: type[_Record], row: Mapping[str, Any], /, **more: Any) -> _Record:
    """Return a record whose fields are the columns of a row by name; `more`: fields that the row has not, or has otherwise."""
    fields: Mapping[str, Any] = kind.__dataclass_fields__  # type: ignore[attr-defined]
    return kind(**{name: row[name] for name in fields if name in row and name not in more}, **more)


@dataclass(frozen=True, slots=True)
class Text:
    """A text for people in both languages; Chinese stands in where English is empty."""

    zh: str
    en: str = ""

    def text(self, lang: str) -> str:
        """Return the text in `lang`."""
        return (self.en or self.zh) if lang == "en" else self.zh


@dataclass(frozen=True, slots=True)
class ScaleStep:
    """One step of a scoring function as the pack writes it; `taken` marks where this company surely lies.

    `low` and `high` bound a band, inclusive where said; `value` is an option of a category or the text of a condition.
    """

    kind: Literal["band", "knot", "option", "condition", "unit", "formula", "otherwise"]
    points: Decimal | None = None
    taken: bool = False
    label: Text | None = None
    low: Decimal | None = None
    low_included: bool = True
    high: Decimal | None = None
    high_included: bool = False
    unit: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A number with the bounds that missing facts leave open. All three are None where nothing was computed."""

    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


NO_BAND = Band()


@dataclass(frozen=True, slots=True)
class Citation:
    """What a rule rests on: a clause with its quote and line, another document, or the fund's own choice."""

    clause: str = ""
    quote: str = ""
    line: int | None = None
    document: str = ""
    set_by: str = ""


NO_CITATION = Citation()


@dataclass(frozen=True, slots=True)
class AuthorityRecord:
    """The document that the pack encodes."""

    number: str
    title: str
    issuer: str = ""
    issued_on: datetime.date | None = None
    sha256: str = ""
    published_on: datetime.date | None = None
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class DataFile:
    """One input file of the run."""

    path: str
    sha256: str = ""
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of the run; `severity` as in `screening.errors`. `details` are what its message names, for other wordings of it."""

    code: str
    message: str
    severity: str = "notice"
    details: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class RunRecord:
    """What was run: the part that every page of the run prints; one run is itself alone. `entity` is what the pack screens, in its own words.

    `external`: made for others, without what is confidential.
    `bounds` are the numbers that the pack compares facts with, in base units, sorted: what is printed never crosses one.
    `scores`, `classifies`: whether the pack gives points and knows directions; where not, nothing is said of them.
    """

    run_id: str
    pack_id: str
    pack_version: str
    pack_digest: str
    pack_label: Text
    as_of: datetime.date | None
    as_of_basis: str
    result_digest: str
    method_version: str
    authority: AuthorityRecord | None = None
    files: tuple[DataFile, ...] = ()
    notices: tuple[Notice, ...] = ()
    synthetic: bool = False
    external: bool = False
    manifest: Mapping[str, object] = field(default_factory=dict)
    entity: Text = Text("企业", "company")
    bounds: tuple[Decimal, ...] = ()
    scores: bool = True
    classifies: bool = True
    axis: int = 100
    """Where the axes of totals end: 100, or beyond it the next full twenty that holds every total of a points table."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows or companies carry an id (a reason, an outcome, a basis)."""

    id: str
    count: int
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class TierStep:
    """One step of a tier axis: the id and the lowest value that reaches it."""

    id: str
    at_least: Decimal


@dataclass(frozen=True, slots=True)
class TierGrid:
    """The fit x merit matrix. `cells` maps a fit step, then a merit step, to a tier id; steps run from the highest down."""

    fit: tuple[TierStep, ...]
    merit: tuple[TierStep, ...]
    cells: Mapping[str, Mapping[str, str]]
    labels: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class NamedLimit:
    """A number that a condition of the pack names, in the base unit of `unit`."""

    label: Text
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class VerdictRecord:
    """How halves become one score."""

    weights: tuple[tuple[str, Text, Decimal], ...]
    shortlist_when: str
    neutral: Decimal
    tiers: TierGrid | None = None
    limits: tuple[NamedLimit, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetRecord:
    """A numeric target of the plan; `relation` is `at_least` or `about`. `met` and `open` companies of the data stand on the rung that the
    pack takes as its `indicator`, which is no measure of the region; None: no indicator yet.
    """

    id: str
    label: Text
    year: int
    value: Decimal
    relation: str
    unit: Text
    citation: Citation = NO_CITATION
    met: int | None = None
    open: int | None = None
    indicator: Text | None = None


@dataclass(frozen=True, slots=True)
class ClauseRecord:
    """A clause of the plan and the rules that rest on it; `labels` say the rules in both languages where they are shown; `alias` is the number
    as English readers write it (3.4.2), empty where the pack gives none.
    """

    id: str
    title: Text
    line: int | None
    rules: tuple[str, ...] = ()
    labels: tuple[Text, ...] = ()
    alias: str = ""
