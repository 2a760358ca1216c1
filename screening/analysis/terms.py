"""What each term of the lexicon does on the user's own data: how often it hits, how often it decides, and where.

For analysts who prune a lexicon: a term that never hits, a term that decides alone and wrongly, a term that only traders
use. Everything is read from the run.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from screening.engine.fold import fold
from screening.result.records import record_of
from screening.rulebook.lexicon import FAMILY_SEPARATOR

if TYPE_CHECKING:
    from screening.analysis.rundata import RunData
    from screening.rulebook.model import RulePack

SAMPLES = 3
_NO_HITS = dict.fromkeys(("hits", "companies", "in_scope", "decides_alone", "traded", "applied"), 0)
AROUND = 12
"""Code points of context shown on either side of a hit."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A hit in its text. `hit` is the text as stored, before folding."""

    company_id: str
    name: str
    field: str
    activity: str
    grade: str
    before: str
    hit: str
    after: str


@dataclass(frozen=True, slots=True)
class TermUse:
    """One meaning of a term: a term may stand in several directions.

    `family` is the first spelling of its family. `in_scope`: companies with a hit that are core or related in the domain;
    `decides_alone`: those of them in which no other term of the domain carries weight outside the name. `traded`,
    `applied`: hits beside a verb of trade, and hits that only name a field of use.
    """

    term: str
    family: str
    domain_id: str
    direction_id: str | None
    kind: str
    hits: int
    companies: int
    in_scope: int
    decides_alone: int
    traded: int
    applied: int
    samples: tuple[Sample, ...] = ()

    @property
    def is_dead(self) -> bool:
        """True when the term hits nothing in this data."""
        return self.hits == 0


def term_uses(run: RunData, *, term: str = "", samples: int = SAMPLES) -> tuple[TermUse, ...]:
    """Return the uses of every term of the pack, in the order of the pack; of one term where `term` is given.

    Terms that hit nothing are there too, with zeros.
    """
    counts = {(row["term"], row["domain_id"], row["direction_id"], row["kind"]): row for row in run.rows("term_counts")}
    shown: defaultdict[tuple[str, str, str | None], list[Sample]] = defaultdict(list)
    for row in run.rows("term_samples", samples=samples, around=AROUND) if samples else ():
        shown[row["term"], row["domain_id"], row["direction_id"]].append(
            Sample(**{name: row[name] or "" for name in Sample.__slots__})
        )
    uses = []
    for spelling, family, domain_id, direction_id, kind in _meanings(run.pack):
        if term and spelling != fold(term):
            continue
        row = counts.get((spelling, domain_id, direction_id, kind), _NO_HITS)
        named = {"term": spelling, "domain_id": domain_id, "direction_id": direction_id, "kind": kind, "family": family}
        uses.append(record_of(TermUse, {**row, **named}, samples=tuple(shown[spelling, domain_id, direction_id])))
    return tuple(uses)


def _meanings(pack: RulePack) -> list[tuple[str, str, str, str | None, str]]:
    domain_of = {direction_id: domain_id for domain_id, direction_id, _ in pack.directions()}
    meanings = [
        (
            fold(spelling),
            family.partition(FAMILY_SEPARATOR)[0],
            domain_of.get(entry_id, entry_id),
            entry_id if entry_id in domain_of else None,
            str(kind),
        )
        for entry_id, entry in pack.lexicon.items()
        for kind, family in entry.families()
        for spelling in family.split(FAMILY_SEPARATOR)
    ]
    return list(dict.fromkeys(meanings))
