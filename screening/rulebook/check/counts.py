"""How much a pack holds, and how many of its quotes a text confirms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from screening.rulebook.sources import check_sources, sources

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.errors import Problem
    from screening.rulebook.loader import LoadedPack
    from screening.rulebook.model import RulePack


@dataclass(frozen=True, slots=True)
class Quotes:
    """The quotes of a pack against its text. `confirmed` is None when no text was given."""

    stated: int
    confirmed: int | None
    problems: tuple[Problem, ...] = ()


def counts(pack: RulePack) -> Mapping[str, int]:
    """Return the number of things of each kind, in the order of the sections."""
    entries = pack.places.entries.values() if pack.places else ()
    return {
        "clauses": len(pack.clauses),
        "domains": len(pack.domains),
        "directions": sum(1 for _ in pack.directions()),
        "cities": len(pack.places.cities) if pack.places else 0,
        "sub-industries": sum(len(entry.sub_industries) for entry in entries),
        "carriers": sum(len(entry.carriers) for entry in entries),
        "parameters": len(pack.parameters),
        "facts": len(pack.facts),
        "gates": len(pack.gates),
        "criteria": sum(1 for _ in pack.criteria_of()),
        "deductions": len(pack.deductions.items) if pack.deductions else 0,
        "measures": len(pack.measures),
        "targets": len(pack.targets),
        "combos": len(pack.combos),
        "rungs": len(pack.ladder),
        "actions": len(pack.actions),
        "safeguards": len(pack.safeguards),
    }


def quotes(loaded: LoadedPack, text: str | None) -> Quotes:
    """Look up every quote of the plan in `text`; None counts them only."""
    quoted = [(path, source) for path, source in sources(loaded.pack) if source.quote and not source.document]
    if text is None:
        return Quotes(len(quoted), None)
    document = loaded.document
    problems = check_sources(document, loaded.pack, text)
    refused = {p.position for p in problems if p.is_error}
    confirmed = sum(
        not {
            document.position((*path, "quote")),
            document.position((*path, "clause")),
            document.position(("clauses", source.clause, "opening")),
        }
        & refused
        for path, source in quoted
    )
    return Quotes(len(quoted), confirmed, tuple(problems))
