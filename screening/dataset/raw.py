"""A source file as text, before anything is read into its cells."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import polars as pl

from screening.dataset.headers import MAX_COLUMNS
from screening.errors import DatasetError, Position, Problem, nearest

if TYPE_CHECKING:
    from pathlib import Path

    from screening.catalog import Table
    from screening.dataset.headers import HeaderMap, HeaderRow

ROW = "\x00row"
"""The column that numbers rows as a person sees them in the file; no header can be called so."""

RANGE_ROWS = 250_000
RANGE_TEXT = 250_000_000
_LIMIT = 2_000_000_000
"""The memory limit beside which the two are right."""
_BYTES = {"k": 10**3, "ki": 2**10, "m": 10**6, "mi": 2**20, "g": 10**9, "gi": 2**30, "t": 10**12, "ti": 2**40}


@dataclass(frozen=True, slots=True)
class RangeSize:
    """How much of a table is cleaned and parsed at once: rows, and bytes of their text where a file tells them. It changes no table."""

    rows: int = field(default_factory=lambda: RANGE_ROWS)
    text: int = field(default_factory=lambda: RANGE_TEXT)

    @classmethod
    def within(cls, memory_limit: str | None) -> RangeSize:
        """Return the size in proportion to a limit as `2GB`."""
        said = re.fullmatch(r"(\d+) ?([kmgt]i?)b", (memory_limit or "").lower())
        share = int(said[1]) * _BYTES[said[2]] / _LIMIT if said else 1
        return cls(max(1, int(RANGE_ROWS * share)), max(1, int(RANGE_TEXT * share)))

    def at_once(self, rows: int, text: int) -> int:
        """Return how many of a table's rows make a range; `text`: the bytes of text in all of them."""
        return min(self.rows, max(1, self.text * rows // max(1, text)))


REFUSED_SCHEMA = {
    "source_file": pl.String,
    "source_row": pl.Int64,
    "reason": pl.String,
    "detail": pl.String,
    "original": pl.String,
}


_SHOWN_CELL = 2_000


def end_of(start: int, starts: Sequence[int], height: int) -> int:
    """Return where the range that begins at `start` ends."""
    place = bisect_right(starts, start)
    return starts[place] if place < len(starts) else height


_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def no_refusals() -> pl.DataFrame:
    """Return an empty table of rows set aside."""
    return pl.DataFrame(schema=REFUSED_SCHEMA)


def original(cells: Mapping[str, str | None] | Sequence[str]) -> str:
    """Return a row as it came, as JSON text; a huge cell is cut and says how long it was."""

    def cut(cell: str | None) -> str | None:
        if cell is None or len(cell) <= _SHOWN_CELL:
            return cell
        return f"{cell[:_SHOWN_CELL]}…[{len(cell):,} characters]"

    shown = {key: cut(cell) for key, cell in cells.items()} if isinstance(cells, Mapping) else [cut(c) for c in cells]
    return json.dumps(shown, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Part:
    """One place of a file that may hold a table: a sheet, a database table, a text under one separator.

    `head`: its first rows, or, where the format has names of columns, these alone.
    """

    name: str
    head: Sequence[Sequence[str | None]]
    hidden: bool = False


class StoredRows(Protocol):
    """Rows that stay where they lie and are read in ranges: too many to be held as text."""

    @property
    def height(self) -> int:
        """How many they are."""
        ...

    @property
    def starts(self) -> Sequence[int]:
        """Where the ranges begin in which they are read; at least one."""
        ...

    def read(self, start: int, count: int, places: Sequence[int] | None = None) -> pl.DataFrame:
        """Return some rows: ROW and the columns, or those at `places`, as text."""
        ...


@dataclass(slots=True)
class Body:
    """The rows below the headers of a part.

    `frame`: ROW, then text columns in the order of the headers; columns beyond them come last. `merged`: (first row, last
    row, first column, last column) of merged cells, columns counted in `frame` without ROW. `lines`: physical lines of
    a text that stand in `frame`, `refused` and the blank rows together, None where a format has no lines.
    """

    frame: pl.DataFrame
    refused: pl.DataFrame = field(default_factory=no_refusals)
    blank_rows: int = 0
    merged: Sequence[tuple[int, int, int, int]] = ()
    lines: int | None = None
    problems: list[Problem] = field(default_factory=list)
    date_1904: bool = False
    """Bare day numbers count from 1904."""
    formatted: bool = True
    """False where cells had formats that were not read, so that a bare 0.45 may have been shown as 45%."""
    stored: StoredRows | None = None
    """The rows, where `frame` has only their columns."""


class Source(Protocol):
    """An opened file: its parts, and the rows of one of them once its headers are known."""

    form: str
    headed: bool
    """Whether the headers stand in a row; False where the format names its columns."""
    encoding: str

    def parts(self) -> Sequence[Part]:
        """Return the parts, those people look at first."""
        ...

    def body(self, part: Part, found: HeaderRow, skip: int, limit: int | None) -> Body:
        """Return the rows of `part` after its first `skip` rows."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


@dataclass(slots=True)
class RawTable:
    """One file or sheet. Every column of `frame` is text, named by its header, but `ROW`. It has no row where they are `stored`.

    `refused` holds the rows that the format itself made unusable, as they came. `unit_column`, `currency_column`: the header of
    a column that states the unit, the currency of each row's amounts.
    """

    label: str
    frame: pl.DataFrame
    headers: HeaderMap
    refused: pl.DataFrame = field(default_factory=no_refusals)
    form: str = ""
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    header_row: int = 1
    header_levels: int = 1
    blank_rows: int = 0
    lines: int | None = None
    unit_column: str | None = None
    currency_column: str | None = None
    date_1904: bool = False
    formatted: bool = True
    sha256: str = ""
    problems: list[Problem] = field(default_factory=list)
    stored: StoredRows | None = None
    size: RangeSize = field(default_factory=RangeSize)
    read: int = field(init=False, default=0)
    """Rows read, with those refused."""

    def counted(self) -> RawTable:
        """Fix `read` once all rows are in; the frame may be let go later."""
        self.read = self.height + self.refused.height
        return self

    @property
    def height(self) -> int:
        """How many rows there are but for those refused."""
        return self.frame.height if self.stored is None else self.stored.height

    @property
    def starts(self) -> Sequence[int]:
        """Where the ranges begin in which the rows are cleaned and parsed; a table without rows is one range."""
        return range(0, max(1, self.height), self.size.rows) if self.stored is None else self.stored.starts

    def end(self, start: int) -> int:
        """Return where the range that begins at `start` ends."""
        return end_of(start, self.starts, self.height)

    def ranges(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Return the rows range by range: ROW and all columns, or `columns`."""
        return (self.rows(start, self.end(start) - start, columns) for start in self.starts)

    def rows(self, start: int, count: int, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Return some rows: ROW and all columns, or `columns`."""
        names = self.frame.columns[1:] if columns is None else list(columns)
        if self.stored is None:
            return self.frame.slice(start, count).select(ROW, *names)
        places = None if columns is None else [self.frame.columns.index(name) - 1 for name in names]
        found = self.stored.read(start, count, places)
        return found.rename(dict(zip(found.columns, [ROW, *names], strict=True)))


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How one file is to be read; None means find out."""

    label: str
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    limit: int | None = None
    """Read about so many rows only, to look at a file."""
    by_ranges: bool = False
    """Whether rows may stay where they lie (`StoredRows`)."""
    at_rest: bool = False
    """Whether they do so however few they are, where the form of the file allows it."""
    room: Path | None = None
    """Where rows may be laid down that a source gives only once, piece by piece (`laid_rows`)."""
    size: RangeSize = field(default_factory=RangeSize)
    columns: Mapping[str, str | None] = field(default_factory=dict)


def unique_names(headers: Sequence[str], label: str) -> tuple[list[str], list[Problem]]:
    """Return headers as column names: blanks are numbered, a repeated one gets ` (2)` and a notice."""
    names: list[str] = []
    problems: list[Problem] = []
    taken: set[str] = set()
    for place, header in enumerate(headers, start=1):
        wanted = _CONTROLS.sub("", header).strip() or f"column {place}"
        if wanted == "*" or (wanted.startswith("^") and wanted.endswith("$")):
            # polars reads these as patterns over all columns.
            wanted = f"'{wanted}'"
        name, copy = wanted, 1
        while name in taken:
            copy += 1
            name = f"{wanted} ({copy})"
        if copy > 1:
            problems.append(
                Problem(
                    "data/duplicate-header",
                    f"{label}: the header '{wanted}' stands {copy} times",
                    Position(label),
                    "the first is used; rename the other to use it",
                    "warning",
                    details=(("file", label), ("header", wanted), ("count", str(copy))),
                )
            )
        taken.add(name)
        names.append(name)
    return names, problems


def no_headers(label: str, seen: Sequence[str | None], table: Table, text: str | None = None) -> DatasetError:
    """Return the error for a file in which no header is known, with what it has and what would be known.

    `text`: the separator of a text that is named as a workbook.
    """
    if len(seen) > MAX_COLUMNS:
        return DatasetError.of(
            "data/too-wide",
            f"{label} has {len(seen):,} columns; the limit is {MAX_COLUMNS:,}",
            Position(label),
            "is the separator right, or the table turned on its side?",
        )
    known = {header: column for column, spec in table.columns.items() for header in (column, *spec.headers)}
    shown = [cell.strip()[:30] for cell in seen if cell and cell.strip()][:12]
    close = next((f"'{cell}' looks like '{found}'" for cell in shown if (found := nearest(cell, known))), "")
    wanted = ", ".join(header for column in table.columns.values() for header in column.headers[1:2])[:200]
    if text is not None:
        headers = ", ".join(shown) or "nothing"
        return DatasetError.of(
            "data/no-headers",
            f"{label} is no workbook, whatever its name: it is text, separated by {text!r}, and no column is recognised; it has: {headers}",
            Position(label),
            "save it from a spreadsheet program as XLSX, or name it .csv; its first rows must hold the headers",
        )
    return DatasetError.of(
        "data/no-headers",
        f"{label}: no column is recognised; the fullest of the first rows has: {', '.join(shown) or 'nothing'}",
        Position(label),
        f"{close + '; ' if close else ''}name the headers in dataset.yaml under `columns:`, or use usual"
        f" ones such as {wanted}",
    )
