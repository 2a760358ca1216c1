"""The files of each table read, cleaned and parsed; rows that cannot be read set aside."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from screening.dataset.columns import (
    ROW_CURRENCY,
    WIDER_INDUSTRY,
    FileSpec,
    Observed,
    cleaned,
    controls_in,
    key_words,
    parse_columns,
    reference_cells,
)
from screening.dataset.database import Databases
from screening.dataset.dates import parse_date
from screening.dataset.dating import FOUNDING_DATES, dating_columns
from screening.dataset.headers import fold_header
from screening.dataset.ledger import ID, Ledger
from screening.dataset.lists import with_rows_of_lists
from screening.dataset.notes import note_or_total, says_header
from screening.dataset.oddities import (
    alien_column,
    alien_columns,
    doubtful,
    header_problems,
    misplaced_figures,
    unknown_unit,
)
from screening.dataset.raw import ROW, RawTable, ReadOptions
from screening.dataset.source import read_source
from screening.dataset.text import MAX_CELL, clean, missing_reason
from screening.dataset.units import with_row_units
from screening.errors import DatasetError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from screening.catalog import Table, Tables
    from screening.dataset.conflicts import Conflict
    from screening.dataset.manifest import Manifest, SourceFile
    from screening.geography import Geography

FILE = "\x00file"
SHEET = "\x00sheet"
_CLEANED = "\x00cleaned "


@dataclass(slots=True)
class LoadedTable:
    """One table on its way through intake.

    `frame` holds the typed columns, `missing_reasons`, and the row's ID, ROW, FILE and SHEET. `references` are the texts that
    may name a row's company, the best first, row for row with `frame`.
    """

    name: str
    table: Table
    raws: list[RawTable]
    ledger: Ledger
    frame: pl.DataFrame
    references: list[pl.Series] = field(default_factory=list)
    observed: dict[str, Observed] = field(default_factory=dict)
    available: frozenset[str] = frozenset()
    controls: dict[str, int] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    lost_references: list[pl.Series] = field(default_factory=list)
    """The texts that named no company, of the rows set aside for it."""
    lost_among: pl.Series = field(default_factory=lambda: pl.Series("among", [], dtype=pl.List(pl.String)))
    """The companies that share what such a row gives."""


ReadTables = dict[str, tuple[list[RawTable], list["SourceFile"]]]
"""By table: its files as text, and what the manifest says of each."""


def read_tables(manifest: Manifest, folder: Path, single: Path | None, tables: Tables) -> ReadTables:
    """Read every file of the manifest as text. Raises DatasetError with the problems of all files."""
    problems: list[Problem] = []
    read: ReadTables = {}
    with Databases() as databases:
        for name, source in manifest.tables.items():
            table = tables[name]
            others = (each for other, each in manifest.tables.items() if other != name)
            elsewhere = {(file.file, file.database, file.table) for each in others for file in each.files}
            raws: list[RawTable] = []
            specs: list[SourceFile] = []
            for file in source.files:
                try:
                    sheets = _read_file(file, folder, single, table, databases)
                except DatasetError as error:
                    problems.extend(error.problems)
                    continue
                for raw in sheets:
                    found = header_problems(raw, name, table, file, alone=len(source.files) == 1)
                    if (file.file, file.database, file.table) not in elsewhere:
                        found += misplaced_figures(raw, name, tables)
                    problems.extend(found)
                    raw.problems.extend(problem for problem in found if not problem.is_error)
                    raws.append(raw)
                    specs.append(file)
            read[name] = (raws, specs)
    errors = [problem for problem in problems if problem.is_error]
    if errors:
        raise DatasetError(errors)
    return read


def load_tables(
    read: ReadTables, tables: Tables, geography: Geography | None, as_of: date, made_on: date | None
) -> dict[str, LoadedTable]:
    """Parse every table. Dates are judged by the date of knowledge, never by the clock of the machine."""
    return {
        name: _parse_table(name, tables[name], raws, specs, geography, as_of, made_on)
        for name, (raws, specs) in read.items()
    }


def newest_dates(read: ReadTables, tables: Tables, today: date) -> tuple[date | None, date | None]:
    """Return the newest day, not after `today`, on which something happened or was observed, and that of a founding.

    None where no table says.
    """
    events = _newest(read, {name: dating_columns(table) for name, table in tables.items()}, today)
    return events, _newest(
        read, {name: [c for c in FOUNDING_DATES if c in tables[name].columns] for name in read}, today
    )


def _newest(read: ReadTables, dates: Mapping[str, Sequence[str]], today: date) -> date | None:
    found: list[date] = []
    for name, (raws, specs) in read.items():
        for column in dates[name]:
            for raw, spec in zip(raws, specs, strict=True):
                cells = (
                    [clean(raw.frame[raw.headers.by_column()[column].header])]
                    if column in raw.headers.by_column()
                    else []
                )
                if column in spec.constants:
                    cells.append(pl.Series([spec.constants[column]], dtype=pl.String))
                days = [
                    parse_date(column, listed, today, base_1904=raw.date_1904).columns[column].max() for listed in cells
                ]
                found += [day for day in days if isinstance(day, date)]
    return max(found, default=None)


def _read_file(
    file: SourceFile, folder: Path, single: Path | None, table: Table, databases: Databases
) -> list[RawTable]:
    name = single.name if single else file.file or f"{file.database}/{file.table}"
    options = ReadOptions(
        name,
        encoding=file.encoding,
        sheet=file.sheet,
        separator=file.separator,
        header_row=file.header_row,
        # What the manifest says of every row, no column says.
        columns={**dict.fromkeys(file.constants), **file.columns},
    )
    if file.database is not None:
        return [databases.read(file.database, file.table or "", table, options)]
    return read_source(single or folder / name, table, options)


def _parse_table(
    name: str,
    table: Table,
    raws: list[RawTable],
    specs: list[SourceFile],
    geography: Geography | None,
    today: date,
    made_on: date | None,
) -> LoadedTable:
    if table.parent:
        for raw, spec in zip(raws, specs, strict=True):
            with_rows_of_lists(raw, table, key_words(table, file_spec(raw, table, spec)))
    ledger = Ledger(raws)
    loaded = LoadedTable(name, table, raws, ledger, pl.DataFrame())
    frames: list[pl.DataFrame] = []
    references: list[list[pl.Series]] = []
    available: set[str] = set()
    for number, (raw, spec) in enumerate(zip(raws, specs, strict=True)):
        usable = _usable(raw, table, ledger, number)
        held = {column: controls_in(usable[match.header]) for column, match in raw.headers.by_column().items()}
        texts = texts_of(raw, usable, table, held)
        for column, count in held.items():
            if count:
                loaded.controls[column] = loaded.controls.get(column, 0) + count
        for column, value in spec.constants.items():
            texts[column] = pl.Series(column, [value], dtype=pl.String).new_from_index(0, usable.height)
        known = replace(file_spec(raw, table, spec), made_on=made_on)
        parsed, observed = parse_columns(texts, table, known, today, geography, usable.height)
        observed = {column: seen.finish() for column, seen in observed.items()}
        if alien := alien_columns(observed, raw, table):
            raw.problems.extend(alien_column(column, observed.pop(column), known, raw.label) for column in alien)
            texts = {column: cells for column, cells in texts.items() if column not in alien}
            parsed, _ = parse_columns(texts, table, known, today, geography, usable.height)
        raw.problems.extend(doubtful(observed, known, table, raw.label))
        available |= _available(texts, table)
        for column, seen in observed.items():
            loaded.observed.setdefault(column, Observed()).add(seen)
        frames.append(
            parsed.with_columns(
                usable[ID],
                usable[ROW],
                pl.lit(raw.label).alias(FILE),
                pl.lit(raw.sheet or None, pl.String).alias(SHEET),
            )
        )
        references.append([reference_cells(usable[match.header]) for match in raw.headers.references])
    loaded.available = frozenset(available)
    if frames:
        loaded.frame = pl.concat(frames)
        loaded.references = _side_by_side(references, [frame.height for frame in frames])
    else:
        empty, _ = parse_columns({}, table, FileSpec(), today, None, 0)
        loaded.frame = empty.with_columns(
            pl.lit(0, pl.Int64).alias(ID),
            pl.lit(0, pl.Int64).alias(ROW),
            pl.lit("").alias(FILE),
            pl.lit("").alias(SHEET),
        ).clear()
    return loaded


def file_spec(raw: RawTable, table: Table, file: SourceFile | None = None) -> FileSpec:
    """Return the units and headers of a file, the manifest's word before that of the file."""
    stated = {} if file is None else dict(file.units)
    refused = {m.column for m in raw.headers.matches if m.column not in stated and unknown_unit(m, table)}
    said = {m.column: m.unit for m in raw.headers.matches if m.unit and m.column not in refused}
    headers = {match.column: match.header for match in raw.headers.matches}
    return FileSpec(
        {**said, **stated},
        headers,
        None if file is None else file.currency,
        frozenset(refused),
        {} if file is None else file.synonyms,
        date_1904=raw.date_1904,
        formatted=raw.formatted,
    )


def texts_of(
    raw: RawTable, rows: pl.DataFrame, table: Table, controls: Mapping[str, int] | None = None
) -> dict[str, pl.Series]:
    """Return the cleaned text of each matched column; an amount takes the unit that stands in its own row with it.

    `controls`: how many cells of a column hold controls, where that is known already.
    """
    texts = cleaned(rows, raw.headers.matches, table, controls)
    if raw.unit_column is not None:
        units = clean(rows[raw.unit_column], one_line=True)
        for name, cells in texts.items():
            if table.columns[name].unit == "cny":
                texts[name] = with_row_units(cells, units)
    currency = raw.currency_column or next(
        (m.header for m in raw.headers.matches if table.columns[m.column].parse == "currency"), None
    )
    if currency is not None:
        texts[ROW_CURRENCY] = clean(rows[currency], one_line=True)
    if "industry_name" in texts:
        # Vendors give section, division, group and class in a column each; the widest ones are those that have a code.
        names = {fold_header(header) for header in table.columns["industry_name"].headers}
        for header in raw.headers.unrecognised:
            if fold_header(header) in names and header in rows.columns:
                texts[f"{WIDER_INDUSTRY}{header}"] = reference_cells(rows[header])
    return texts


def _available(texts: Mapping[str, pl.Series], table: Table) -> set[str]:
    """Return the columns a file fills: those matched, and those derived from them."""
    found = set(texts)
    for name, column in table.columns.items():
        if column.derived_from and column.derived_from in found:
            found.add(name)
    if "registered_capital" in found and "registered_capital_currency" in table.columns:
        found.add("registered_capital_currency")
    if "industry_name" in found:
        found |= {name for name, column in table.columns.items() if column.parse == "industry"}
    if "city_basis" in table.columns and found & {"address", "uscc", "name"}:
        found |= {"city", "city_basis"}
    return found & set(table.columns)


def _side_by_side(parts: list[list[pl.Series]], heights: list[int]) -> list[pl.Series]:
    """Lay the reference columns of several files under each other, the best first."""
    width = max((len(part) for part in parts), default=0)
    laid: list[pl.Series] = []
    for place in range(width):
        cells = [
            part[place].alias("reference")
            if place < len(part)
            else pl.Series("reference", [None], dtype=pl.String).new_from_index(0, height)
            for part, height in zip(parts, heights, strict=True)
        ]
        laid.append(pl.concat(cells))
    return laid


def _usable(raw: RawTable, table: Table, ledger: Ledger, number: int) -> pl.DataFrame:
    """Return the rows of a file that can be read, with ID; set the others aside."""
    frame = raw.frame.with_columns(
        pl.int_range(ledger.offset(number), ledger.offset(number) + pl.len(), dtype=pl.Int64).alias(ID)
    )
    matched = raw.headers.by_column()
    headers = [match.header for match in raw.headers.matches]
    named = [match.header for match in raw.headers.references]
    named += [matched["name"].header] if "name" in matched else []
    line = note_or_total(frame, raw.frame.columns[1:], named)
    if line.null_count() < len(line):
        for reason, detail in (("total_row", "a total, not a row"), ("note", "a note or signature, not a row")):
            ledger.add(frame.filter((line == reason).fill_null(False))[ID], reason, detail)
        frame = frame.filter(line.is_null())
    tests: list[tuple[str, str, pl.Expr]] = []
    if headers:
        longest = pl.max_horizontal([pl.col(header).str.len_chars().fill_null(0) for header in headers])
        repeated = pl.sum_horizontal([says_header(h).fill_null(False).cast(pl.Int32) for h in headers])
        tests += [
            ("cell_too_large", f"a cell has more than {MAX_CELL:,} characters", longest > MAX_CELL),
            ("repeated_header", "the header row again", repeated >= max(2, (len(headers) + 1) // 2)),
        ]
    for column, spec in table.columns.items():
        if not spec.required or column not in matched:
            continue
        header = matched[column].header
        # Cells too large are out by now, so cleaning a copy of the column costs little.
        frame = frame.with_columns(clean(frame[header], one_line=True).alias(_CLEANED + column))
        cell = pl.col(_CLEANED + column)
        empty = cell.is_null() | missing_reason(cell).is_not_null()
        if column == "name" and not table.parent:
            garbled = cell.str.count_matches("\ufffd") * 2 >= cell.str.len_chars()
            tests += [
                ("no_name", "the name is empty", empty),
                ("not_text", "the name holds no letter", ~cell.str.contains(r"\p{L}") | garbled),
            ]
        else:
            tests.append(("no_key", f"{column} is empty", empty))
    for reason, detail, test in tests:
        bad = frame.select(test.fill_null(False).alias("bad")).to_series()
        if bad.any():
            ledger.add(frame.filter(bad)[ID], reason, detail)
            frame = frame.filter(~bad)
    return frame.drop([name for name in frame.columns if name.startswith(_CLEANED)])
