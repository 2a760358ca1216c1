"""Which companies to label next: those whose labels would teach most, without saying what the rules made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screening.analysis.rundata import RunData

SHARES: tuple[tuple[str, float], ...] = (
    ("near_miss", 0.45),
    ("threshold", 0.2),
    ("fields_disagree", 0.1),
    ("two_domains", 0.1),
    ("no_hit", 0.15),
)
"""How much of a proposal each reason gets. Most errors stand among the near misses; a sample without any hit tells what the
lexicon does not know. What one reason cannot fill goes to the others, in this order."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A company to label. `reason`: near_miss (its text lies between in and out), threshold (barely in), fields_disagree (name and
    texts speak of different domains), two_domains, no_hit. `texts`: what it says of itself."""

    company_id: str
    reason: str
    uscc: str
    name: str
    texts: tuple[str, ...]


def propose(run: RunData, count: int) -> tuple[Proposed, ...]:
    """Return at most `count` companies of a run, each once, in the order of `SHARES`; the same for the same run."""
    waiting: dict[str, list[Proposed]] = {reason: [] for reason, _ in SHARES}
    for row in run.rows("proposals", most=count * 2):
        texts = tuple(row[field] for field in ("products", "description", "business_scope") if row[field])
        waiting[row["reason"]].append(
            Proposed(row["company_id"], row["reason"], row["uscc"] or "", row["name"] or "", texts)
        )
    chosen: dict[str, Proposed] = {}
    for reason, share in SHARES:
        _take(waiting[reason], chosen, min(count, len(chosen) + round(count * share)))
    for reason, _ in SHARES:
        _take(waiting[reason], chosen, count)
    order = {reason: place for place, (reason, _) in enumerate(SHARES)}
    return tuple(sorted(chosen.values(), key=lambda proposed: order[proposed.reason]))


def _take(waiting: list[Proposed], chosen: dict[str, Proposed], until: int) -> None:
    for proposed in waiting:
        if len(chosen) >= until:
            return
        chosen.setdefault(proposed.company_id, proposed)
