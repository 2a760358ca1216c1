"""What the dataset offers, as far as the rules need to know it: which tables and columns, what an absent row means."""

from __future__ import annotations

import datetime
from collections.abc import Mapping  # noqa: TC003
from dataclasses import dataclass, field
from typing import Any, Literal

MAIN = "companies"
"""The table of what is screened; the others belong to it."""
COMPANY = "company_id"
"""The column that says whose row it is."""
STEPS_READ = (
    *(
        (c, "VARCHAR")
        for c in ("uscc", "name", "city", "city_basis", "district", "address", "operating_address", "entity_kind")
    ),
    ("observed_on", "DATE"),
    ("open_tables", "VARCHAR"),
)
"""Columns of the main table that steps name themselves; a pack of another entity need not declare them, they are then NULL."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Tables and columns that were supplied; `absence` and `searched_on` as the dataset declares them.

    A table that is not in `available` was never searched; a column that is not there was never collected.
    """

    as_of: datetime.date
    available: Mapping[str, frozenset[str]]
    absence: Mapping[str, Literal["zero", "unknown"]] = field(default_factory=dict)
    searched_on: Mapping[str, datetime.date | None] = field(default_factory=dict)

    def has_table(self, table: str) -> bool:
        """True when the dataset supplied the table."""
        return table in self.available

    def has_column(self, table: str, column: str) -> bool:
        """True when the dataset supplied the column."""
        return column in self.available.get(table, frozenset())

    def absence_is_zero(self, table: str) -> bool:
        """True when no row means that there is none."""
        return self.absence.get(table, "unknown") == "zero"


def inputs_of(manifest: Mapping[str, Any]) -> Inputs:
    """Return what the dataset of a run offered, as its manifest says."""
    inputs = manifest["inputs"]
    return Inputs(
        as_of=datetime.date.fromisoformat(manifest["as_of"]),
        available={t: frozenset(c) for t, c in inputs["available"].items()},
        absence=inputs["absence"],
        searched_on={t: datetime.date.fromisoformat(d) if d else None for t, d in inputs["searched_on"].items()},
    )
