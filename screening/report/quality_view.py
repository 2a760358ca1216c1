"""The state of the data as ready strings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from screening.report.figures import DASH, cut, date, share, told, whole

if TYPE_CHECKING:
    from screening.report.wording import Words
    from screening.result.overview import RowCounts
    from screening.result.quality_records import ColumnConflict, ColumnQuality, Quality

EXAMPLES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One column: how much of it arrived."""

    table: str
    label: str
    column: str
    available: bool
    filled: str
    filled_share: str
    fill_width: str
    unparsed: str
    suspicious: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """One table of the data."""

    label: str
    rows: str
    absence: str
    searched_on: str
    present: bool


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One column in which rows of one company contradict each other, and what became of it."""

    table: str
    label: str
    groups: str
    settled: str
    unsettled: str
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class QualityView:
    """Tables, columns, rows set aside and how cities were found."""

    tables: tuple[TableRow, ...]
    columns: tuple[ColumnRow, ...]
    complete: str
    missing_columns: tuple[tuple[str, str], ...]
    set_aside: tuple[tuple[str, str], ...]
    city_basis: tuple[tuple[str, str], ...]
    conflicts: tuple[ConflictRow, ...]
    branches: str


def quality(data: Quality, rows: RowCounts, words: Words) -> QualityView:
    """Return the state of the data in words. Columns the data lacks altogether are listed by name, not drawn as empty."""
    tables = {t.table: told(t.label, words.lang) for t in data.tables}
    absent: dict[str, list[str]] = {}
    for column in data.columns:
        if not column.available:
            absent.setdefault(column.table, []).append(told(column.label, words.lang))
    total = sum(c.count for c in data.city_basis)
    filled = [c for c in data.columns if c.available and c.rows]
    complete = sum(map(_complete, filled))
    return QualityView(
        tables=tuple(
            TableRow(
                label=told(t.label, words.lang),
                rows=whole(t.rows) if t.present else DASH,
                absence=words.of("absence", t.absence) if t.present else words("quality.no_table"),
                searched_on=date(t.searched_on),
                present=t.present,
            )
            for t in data.tables
        ),
        columns=tuple(
            ColumnRow(
                table=tables.get(c.table, c.table),
                label=told(c.label, words.lang),
                column=f"{c.table}.{c.column}",
                available=c.available,
                filled=whole(c.filled),
                filled_share=share(c.filled, c.rows),
                fill_width=f"{(c.filled / c.rows * 100 if c.rows else 0):.1f}",
                unparsed=whole(c.unparsed),
                suspicious=whole(c.suspicious),
            )
            for c in filled
            if not _complete(c)
        ),
        complete=words("quality.complete", n=whole(complete)) if complete else "",
        missing_columns=tuple(
            (tables.get(table, table), ("、" if words.lang == "zh" else ", ").join(names))
            for table, names in absent.items()
        ),
        set_aside=tuple((words.of("set_aside", c.id), whole(c.count)) for c in rows.set_aside_by_reason),
        city_basis=tuple(
            (words.of("city_basis", c.id), f"{whole(c.count)} ({share(c.count, total)})") for c in data.city_basis
        ),
        conflicts=tuple(_conflict(c, tables.get(c.table, c.table), words) for c in data.conflicts),
        branches=words("quality.branches", n=whole(data.branches), joined=whole(data.branches_joined))
        if data.branches
        else "",
    )


def _conflict(conflict: ColumnConflict, table: str, words: Words) -> ConflictRow:
    return ConflictRow(
        table=table,
        label=told(conflict.label, words.lang),
        groups=whole(conflict.groups),
        settled=whole(conflict.groups - conflict.unsettled),
        unsettled=whole(conflict.unsettled),
        examples=tuple(
            (cut(key, 40), " ≠ ".join(words.of("value", cut(value, 40)) for value in values))
            for key, values in conflict.examples[:EXAMPLES_SHOWN]
        ),
    )


def _complete(column: ColumnQuality) -> bool:
    """True for a column with a value in every row and nothing to look at: it is counted, not listed."""
    return column.filled >= column.rows and not column.unparsed and not column.suspicious
