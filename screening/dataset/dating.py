"""Which columns date a row, a company, or what became known of either only later."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screening.catalog import Table

FUTURE_DATES = frozenset({"expires_on", "planned_on"})
"""Dates that are plans or terms: they may lie ahead."""
FOUNDING_DATES = frozenset({"established_on"})
"""Dates of a company, not of the list on which it stands."""
# A later date tells how the row went on. Where it lies after the date of knowledge, it and the state it explains are
# not known yet; the row itself is.
LATER_DATES = {
    "granted_on": ("legal_status",),
    "removed_on": ("state",),
    "cancelled_on": ("status",),
    "exited_on": ("status", "exit_method", "exited_cost", "remaining", "proceeds"),
}


def dates_of_knowledge(table: Table) -> list[str]:
    """Return the columns that date a row: its own date and when it was observed; not what came later or is planned."""
    return [
        name
        for name, column in table.columns.items()
        if column.type == "date" and name not in FUTURE_DATES and name not in LATER_DATES
    ]


def dating_columns(table: Table) -> list[str]:
    """Return the columns that tell when a table was made: dates of knowledge, but for founding dates."""
    return [name for name in dates_of_knowledge(table) if name not in FOUNDING_DATES]
