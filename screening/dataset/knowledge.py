"""The date of knowledge: which columns date a row, and what is left out because it became known only later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from screening.dataset.ledger import ID
from screening.dataset.manifest import MANIFEST
from screening.errors import DatasetError, Position, Problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from screening.catalog import Table
    from screening.dataset.ledger import Ledger
    from screening.dataset.manifest import Manifest
    from screening.dataset.model import AsOfBasis

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


def date_of_knowledge(
    given: date | None, manifest: Manifest, newest: Callable[[], tuple[date | None, date | None]], today: date
) -> tuple[date, AsOfBasis]:
    """Return the date of knowledge and what it rests on: given, the dataset's own, else the newest date in the data.

    The day of a search is such a date too. A founding date dates the company, not the list on which it stands; yet a list
    with a company founded in May, or with accounts of a year that ended in December, was not made in March, so behind another date both count. Raises DatasetError for a search that is dated after the date of knowledge: it
    would clear everybody.
    """
    searched = [source.searched_on for source in manifest.tables.values() if source.searched_on is not None]
    basis: AsOfBasis
    if given is not None:
        as_of, basis = given, "given"
    elif manifest.dataset.as_of is not None:
        as_of, basis = manifest.dataset.as_of, "dataset"
    else:
        event, founded = newest()
        found = [day for day in (event, *searched) if day is not None and day <= today]
        as_of, basis = (max(*found, founded or found[0]), "newest_date") if found else (today, "today")
    late = {n: s.searched_on for n, s in manifest.tables.items() if s.searched_on is not None and s.searched_on > as_of}
    if late:
        raise DatasetError(
            [
                Problem(
                    "dataset/searched-later",
                    f"{name} is said to have been searched on {day}, after the date of knowledge {as_of}",
                    Position(MANIFEST),
                    f"correct `searched_on` of {name} in dataset.yaml, or give an --as-of (or `as_of:`) not before it",
                )
                for name, day in late.items()
            ]
        )
    return as_of, basis


def set_aside_later(
    table: Table, ledger: Ledger, frame: pl.DataFrame, as_of: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Set rows dated or observed after `as_of` aside; blank what became known of the others only later.

    Return the rows that stay and those that do not.
    """
    gone = []
    tests: list[tuple[str, date | int, str, str]] = [
        (column, as_of, f"{column} ", "") for column in dates_of_knowledge(table)
    ]
    if table.fiscal_year:
        ends = as_of.year if (as_of.month, as_of.day) == (12, 31) else as_of.year - 1
        tests.append((table.fiscal_year, ends, "fiscal year ", " had not ended"))
    for column, last, before, behind in tests:
        later = (frame[column] > last).fill_null(False)
        if later.any():
            rows = frame.filter(later)
            said = pl.lit(before) + pl.col(column).cast(pl.String) + pl.lit(behind)
            ledger.add(rows[ID], "after_as_of", rows.select(said).to_series())
            gone.append(rows)
            frame = frame.filter(~later)
    for column, states in LATER_DATES.items():
        if column in frame.columns:
            later_cell = (pl.col(column) > as_of).fill_null(False)
            explained = (*states, *(f"{state}_text" for state in states), column)
            blanked = [name for name in explained if name in frame.columns]
            frame = frame.with_columns([pl.when(~later_cell).then(pl.col(name)).alias(name) for name in blanked])
    return frame, pl.concat(gone) if gone else frame.clear()
