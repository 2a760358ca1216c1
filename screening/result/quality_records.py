"""What a report is handed on the state of the data: tables, columns, contradictions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime

    from screening.result.records import Count, Text


@dataclass(frozen=True, slots=True)
class ColumnQuality:
    """How well one column of a table arrived. `available` is False where the data has no such column at all."""

    table: str
    column: str
    label: Text
    available: bool
    rows: int
    filled: int
    unparsed: int = 0
    suspicious: int = 0


@dataclass(frozen=True, slots=True)
class ColumnConflict:
    """A column in which rows of one company (or one key) contradict each other.

    `groups`: in how many; `unsettled`: in how many of them no row's word is better, so that the cell is unknown.
    `examples`: (key, values).
    """

    table: str
    column: str
    label: Text
    groups: int
    unsettled: int
    examples: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class SourceTable:
    """One table of the data: its rows, what absence means in it, and when its source was last searched."""

    table: str
    label: Text
    present: bool
    rows: int | None
    absence: str
    searched_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Quality:
    """The state of the data. `branches_joined` of the `branches` have their head company in the data."""

    tables: tuple[SourceTable, ...] = ()
    columns: tuple[ColumnQuality, ...] = ()
    duplicates: int | None = None
    city_basis: tuple[Count, ...] = ()
    conflicts: tuple[ColumnConflict, ...] = ()
    branches: int = 0
    branches_joined: int = 0
