"""What changed between two runs, company by company, split into causes. Built by `screening.run.difference`, printed by the rest."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - fields of public records
from dataclasses import dataclass
from decimal import Decimal  # noqa: TC003
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from screening.result.records import Text

Cause = Literal["engine", "rules", "date", "data"]
CAUSES: tuple[Cause, ...] = ("engine", "rules", "date", "data")
"""The order in which they are put in, one after the other: the old run by today's program, then with the new rules, then at the
new date of knowledge (ages, windows, searches that expired), then on the new data with the new overrides."""


@dataclass(frozen=True, slots=True)
class RuleMove:
    """A rule that gives another result than before. `edits` are the changed values of the pack, as `file:line:col: path: old → new`."""

    rule_id: str
    before: str
    after: str
    edits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """What one cause did to one company: how far the score moved, whether the outcome did, which rules moved.

    `score` is NULL when the company has no score on one side. `expired` are gates that became undecided because their search
    is too old at the new date.
    """

    cause: Cause
    score: Decimal | None
    outcome_before: str
    outcome_after: str
    rules: tuple[RuleMove, ...]
    expired: tuple[str, ...] = ()

    @property
    def moved_outcome(self) -> bool:
        """True when this cause changed the outcome."""
        return self.outcome_before != self.outcome_after


@dataclass(frozen=True, slots=True)
class CompanyChange:
    """A company of both runs that stands elsewhere. `remainder` is what no cause explains: new score less the score computed again."""

    company_id: str
    name: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    steps: tuple[Effect, ...]
    remainder: Decimal | None

    @property
    def decisive(self) -> Cause | None:
        """The last cause that moved the outcome; None when the outcome is the same."""
        if self.before["outcome"] == self.after["outcome"]:
            return None
        return next((s.cause for s in reversed(self.steps) if s.moved_outcome), None)

    @property
    def unexplained(self) -> bool:
        """True when the causes end at another outcome than the new run has: then another version of the program wrote it."""
        ended = next((s.outcome_after for s in reversed(self.steps)), self.before["outcome"])
        return bool(ended != self.after["outcome"])


@dataclass(frozen=True, slots=True)
class Listed:
    """A company that only one of the two runs has."""

    company_id: str
    name: str
    outcome: str
    rank: int | None


@dataclass(frozen=True, slots=True)
class Renamed:
    """A rule that says the same under another id."""

    kind: str
    before: str
    after: str
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class Same:
    """Two ids that may be one company, by credit code or name: it dropped out and came in (`renumbered`), dropped out beside one that stays (`merged`), came in beside one that was there (`split`)."""

    how: Literal["renumbered", "merged", "split"]
    before: Listed
    after: Listed


@dataclass(frozen=True, slots=True)
class RunSide:
    """One of the two runs."""

    run_id: str
    pack_id: str
    pack_version: str
    as_of: str
    result_digest: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Two runs of one entity: changes sorted by weight (outcomes, gates and tiers before scores), entries and exits, counts.

    `renamed` rules are no edits and move nobody. `same_as` names who may be one company under two ids. `labels` words the rules by id, as the newer pack that has them does; directions as `classification.ID`, values of an axis as
    `AXIS.ID`.
    """

    before: RunSide
    after: RunSide
    causes: tuple[Cause, ...]
    edits: tuple[str, ...]
    companies: int
    changed: tuple[CompanyChange, ...]
    entered: tuple[Listed, ...]
    left: tuple[Listed, ...]
    outcomes_before: Mapping[str, int]
    outcomes_after: Mapping[str, int]
    outcome_moves: Mapping[Cause, int]
    labels: Mapping[str, Text]
    synthetic: bool
    renamed: tuple[Renamed, ...] = ()
    same_as: tuple[Same, ...] = ()

    @property
    def changes_something(self) -> bool:
        """True when a company stands elsewhere, came or went."""
        return bool(self.changed or self.entered or self.left)

    @property
    def renumbered(self) -> tuple[tuple[Listed, Listed], ...]:
        """Who dropped out and came in with another id."""
        return tuple((each.before, each.after) for each in self.same_as if each.how == "renumbered")
