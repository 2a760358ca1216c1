"""The SQL of every step without running it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.engine.pipeline import way
from screening.errors import RulesError, did_you_mean
from screening.run.statements import as_if_supplied

if TYPE_CHECKING:
    import datetime

    from screening.engine.steps import Step


def way_of(rules: str, as_of: datetime.date, step: str = "") -> list[Step]:
    """Return the steps of a pack from the clean tables to the ranking, as if every table it reads were supplied; or one of them.

    Raises RulesError for an unknown step.
    """
    every = way(*as_if_supplied(rules, as_of))
    chosen = [s for s in every if step in ("", s.name)]
    if not chosen:
        names = [s.name for s in every]
        raise RulesError.of(
            "sql/unknown-step", f"there is no step '{step}'", remedy=did_you_mean(step, names) or ", ".join(names)
        )
    return chosen
