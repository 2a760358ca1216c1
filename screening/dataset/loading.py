"""The files of each table read, cleaned and parsed; rows that cannot be read set aside."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from screening.dataset.columns import (
    ROW_CURRENCY,
    WIDER_INDUSTRY,
    FileSpec,
    Observed,
    cleaned,
    key_words,
    parse_columns,
    reference_cells,
    settles,
    telling,
    weigh_columns,
)
from screening.dataset.dates import parse_date
from screening.dataset.file_rows import FileRows
from screening.dataset.headers import fold_header
from screening.dataset.knowledge import FOUNDING_DATES, dating_columns, set_aside_later
from screening.dataset.ledger import ID, Ledger
from screening.dataset.lists import with_rows_of_lists
from screening.dataset.oddities import (
    alien_column,
    alien_columns,
    doubtful,
    header_problems,
    misplaced_figures,
    unknown_unit,
)
from screening.dataset.raw import ROW, RawTable, ReadOptions
from screening.dataset.reading import ColumnReading
from screening.dataset.roll import owned
from screening.dataset.side_by_side import tables_beside
from screening.dataset.source import read_source
from screening.dataset.text import clean
from screening.dataset.units import with_row_units
from screening.errors import DatasetError, Position, Problem, ScreeningError

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from screening.catalog import Table, Tables
    from screening.dataset.conflicts import Conflict
    from screening.dataset.database import Databases
    from screening.dataset.manifest import Manifest, SourceFile
    from screening.dataset.reading import Readings
    from screening.dataset.roll import Roll, Runs
    from screening.geography import Geography

    Spread = Callable[[Callable[[Any], Any], Sequence[Any]], Iterable[Any]]
    """Works on things, each alone, somewhere, and gives back what came of them in their order."""

FILE = "\x00file"
_REFERENCE = "\x00reference "
SHEET = "\x00sheet"


@dataclass(slots=True)
class LoadedTable:
    """One table on its way through intake.

    `frame` holds the typed columns, `missing_reasons`, and the row's ID, ROW, FILE and SHEET; none of the root table, whose rows
    the roll of companies has. `references` are the texts that may name a row's company, the best first, row for row with `frame`.
    `later`: key, code and name of the rows after the date of knowledge.
    """

    name: str
    table: Table
    raws: list[RawTable]
    ledger: Ledger
    frame: pl.DataFrame = field(default_factory=pl.DataFrame)
    later: pl.DataFrame = field(default_factory=pl.DataFrame)
    references: list[pl.Series] = field(default_factory=list)
    observed: dict[str, Observed] = field(default_factory=dict)
    available: frozenset[str] = frozenset()
    conflicts: tuple[Conflict, ...] = ()
    lost_references: list[pl.Series] = field(default_factory=list)
    """The texts that named no company, of the rows set aside for it."""
    lost_among: pl.Series = field(default_factory=lambda: pl.Series("among", [], dtype=pl.List(pl.String)))
    """The companies that share what such a row gives."""

    def lose(self, references: list[pl.Series], among: pl.Series) -> None:
        """Remember what rows gave that named no company."""
        if references:
            held = self.lost_references or [cells.clear() for cells in references]
            self.lost_references = [pl.concat(each) for each in zip(references, held, strict=True)]
            self.lost_among = pl.concat([among, self.lost_among])


ReadTables = dict[str, tuple[list[RawTable], list["SourceFile"]]]
"""By table: its files as text, and what the manifest says of each."""


def read_tables(
    manifest: Manifest, folder: Path, single: Path | None, tables: Tables, roll: Roll, *, at_rest: bool = False
) -> ReadTables:
    """Read every file of the manifest as text. Raises DatasetError with the problems of all files.

    `roll`: which table is the root, how much of it is read at once, and where rows may be laid down that are too many to be held.
    `at_rest`: rows stay where they lie however few they are, in the forms that allow it.
    """
    problems: list[Problem] = []
    read: ReadTables = {}
    with _servers(manifest) as databases:
        for name, source in manifest.tables.items():
            table = tables[name]
            others = (each for other, each in manifest.tables.items() if other != name)
            elsewhere = {(file.file, file.database, file.table) for each in others for file in each.files}
            raws: list[RawTable] = []
            specs: list[SourceFile] = []
            for file in source.files:
                try:
                    sheets = _read_file(file, folder, single, table, databases, roll, at_rest=at_rest)
                except DatasetError as error:
                    problems.extend(error.problems)
                    continue
                for raw in sheets:
                    found = header_problems(raw, name, table, file, alone=len(source.files) == 1)
                    if (file.file, file.database, file.table) not in elsewhere:
                        found += [*misplaced_figures(raw, name, tables), *tables_beside(raw, tables)]
                    problems.extend(found)
                    raw.problems.extend(problem for problem in found if not problem.is_error)
                    raws.append(raw)
                    specs.append(file)
            read[name] = (raws, specs)
    errors = [problem for problem in problems if problem.is_error]
    if errors:
        raise DatasetError(errors)
    return read


def _servers(manifest: Manifest) -> AbstractContextManager[Databases | None]:
    if not any(file.database for source in manifest.tables.values() for file in source.files):
        return nullcontext()
    from screening.dataset.database import Databases  # noqa: PLC0415 - the readers of servers, which most datasets have none of

    return Databases()


def load_tables(
    read: ReadTables,
    tables: Tables,
    geography: Geography | None,
    as_of: date,
    made_on: date | None,
    roll: Roll,
    runs: Mapping[str, Runs],
    spread: Spread | None = None,
) -> dict[str, LoadedTable]:
    """Parse every table, the rows of the root table into `roll`. Dates are judged by the date of knowledge, never by the clock.

    `runs`: where the rows of child tables go that are not held. `spread`: who works on the ranges of rows that lie somewhere; without it
    all are worked on here.
    """
    loaded = {}
    for name, (raws, specs) in read.items():
        loading = _Loading(tables[name], geography, as_of, made_on)
        if name in runs or name == roll.name:
            kept = runs.get(name, roll)
            lying = all(raw.stored is not None for raw in raws)
            take = roll.add if kept is roll else runs[name].take
            loaded[name] = loading.table_of(name, raws, specs, take, spread if lying else None, kept)
            continue
        frames: list[pl.DataFrame] = []
        loaded[name] = loading.table_of(name, raws, specs, frames.append)
        loaded[name].frame, loaded[name].references = parted(pl.concat(frames, how="diagonal"))
    return loaded


def parted(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.Series]]:
    """Return the typed rows, and row for row with them the texts that may name their company, the best first."""
    named = sorted(
        (each for each in frame.columns if each.startswith(_REFERENCE)), key=lambda each: int(each[len(_REFERENCE) :])
    )
    return frame.drop(named), [frame[each].alias("reference") for each in named]


def newest_dates(read: ReadTables, tables: Tables, today: date) -> tuple[date | None, date | None]:
    """Return the newest day, not after `today`, on which something happened or was observed, and that of a founding or of the
    end of a fiscal year: a list with accounts of 2025 was not made in 2023.

    None where no table says.
    """
    events = _newest(read, {name: dating_columns(table) for name, table in tables.items()}, today)
    founded = _newest(read, {name: [c for c in FOUNDING_DATES if c in tables[name].columns] for name in read}, today)
    return events, max((day for day in (founded, *_ended_years(read, tables, today)) if day is not None), default=None)


def _ended_years(read: ReadTables, tables: Tables, today: date) -> Iterator[date]:
    """Yield the last day of each fiscal year that the tables name and that has ended."""
    for name, (raws, specs) in read.items():
        if (column := tables[name].fiscal_year) is None:
            continue
        for raw, spec in zip(raws, specs, strict=True):
            said = [pl.Series([spec.constants[column]], dtype=pl.String)] if column in spec.constants else []
            if found := raw.headers.by_column().get(column):
                said += [clean(rows[found.header]) for rows in raw.ranges([found.header])]
            for cells in said:
                ends = (
                    date(int(year), 12, 31) for year in cells.str.extract(r"^((?:19|20)\d\d)").drop_nulls().unique()
                )
                yield from (day for day in ends if day <= today)


def _newest(read: ReadTables, dates: Mapping[str, Sequence[str]], today: date) -> date | None:
    found: list[date] = []
    for name, (raws, specs) in read.items():
        for column in dates[name]:
            for raw, spec in zip(raws, specs, strict=True):
                if column in raw.headers.by_column():
                    found += _newest_in(raw, column, today)
                if column in spec.constants:
                    said = pl.Series([spec.constants[column]], dtype=pl.String)
                    found += parse_date(column, said, today, base_1904=raw.date_1904).columns[column].drop_nulls()
    return max(found, default=None)


def _newest_in(raw: RawTable, column: str, today: date) -> list[date]:
    """Return the newest day of each range of a column, read in the order that all of them settle."""
    header = raw.headers.by_column()[column].header
    reading = ColumnReading(whole=len(raw.starts) == 1)

    def read() -> list[Any]:
        return [
            parse_date(column, clean(rows[header]), today, base_1904=raw.date_1904, reading=reading, header=header)
            .columns[column]
            .max()
            for rows in raw.ranges([header])
        ]

    if not reading.whole:
        read()
        reading.settle()
    return [day for day in read() if day is not None]


def _read_file(
    file: SourceFile,
    folder: Path,
    single: Path | None,
    table: Table,
    databases: Databases | None,
    roll: Roll,
    *,
    at_rest: bool,
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
        by_ranges=True,
        at_rest=at_rest,
        room=roll.folder,
        size=roll.size,
    )
    if file.database is not None and databases is not None:
        return [databases.read(file.database, file.table or "", table, options)]
    return read_source(single or folder / name, table, options)


@dataclass(frozen=True, slots=True)
class _Loading:
    """The files of one table cleaned and parsed, a range of rows at a time."""

    table: Table
    geography: Geography | None
    as_of: date
    made_on: date | None

    def table_of(
        self,
        name: str,
        raws: list[RawTable],
        specs: list[SourceFile],
        take: Callable[[pl.DataFrame], None],
        spread: Spread | None = None,
        kept: Roll | Runs | None = None,
    ) -> LoadedTable:
        """Hand the typed rows of every range to `take`: as `LoadedTable.frame`, with the texts that may name their company.

        `spread`: the ranges are worked on elsewhere, and their rows are `kept` as runs.
        """
        table = self.table
        if table.parent:
            for raw, spec in zip(raws, specs, strict=True):
                over = map if spread is None else spread
                with_rows_of_lists(raw, table, key_words(table, file_spec(raw, table, spec)), over)
        loaded = LoadedTable(name, table, raws, Ledger(raws))
        available: set[str] = set()
        later: list[pl.DataFrame] = []
        for files in _of_one_table(raws, specs, table, loaded.ledger, self.made_on):
            seen: dict[str, Observed] = {}
            several = sum(len(file.raw.starts) for file in files) > 1
            for file in files:
                file.twice = several
            readings, aliens = self._weighed(files, spread) if several else (None, {})
            apart = None if spread is None or kept is None else kept.apart()
            work = partial(_taken, self, readings, aliens, apart)
            for each, rows, entries in _of_ranges(work, files, spread):
                if isinstance(rows, pl.DataFrame):
                    take(rows)
                elif kept is not None:
                    loaded.ledger.extend(entries)
                    kept.adopt(rows)
                for column, observed in each.observed.items():
                    seen.setdefault(column, Observed()).add(observed)
                aliens = aliens or each.aliens
                later.append(each.gone)
            for observed in seen.values():
                observed.finish()
            first = files[0]
            problems = [alien_column(c, observed, first.known, first.raw.label) for c, observed in aliens.items()]
            first.raw.problems.extend([*problems, *doubtful(seen, first.known, table, first.raw.label)])
            for file in files:
                available |= _available(
                    {*file.raw.headers.by_column(), *file.spec.constants, *seen} - set(aliens), table
                )
            for column, observed in seen.items():
                loaded.observed.setdefault(column, Observed()).add(observed)
        if not raws:
            take(self._nothing())
        loaded.available = frozenset(available)
        loaded.later = pl.concat(later, how="diagonal") if later else pl.DataFrame()
        return loaded

    def _nothing(self) -> pl.DataFrame:
        empty, _ = parse_columns({}, self.table, FileSpec(), self.as_of, None, 0)
        return empty.with_columns(
            pl.lit(0, pl.Int64).alias(ID),
            pl.lit(0, pl.Int64).alias(ROW),
            pl.lit("").alias(FILE),
            pl.lit("").alias(SHEET),
        ).clear()

    def _weighed(self, files: Sequence[FileRows], spread: Spread | None) -> tuple[Readings, dict[str, Observed]]:
        """Settle over all ranges of a table how its columns are read, and which of them mean something else here."""
        readings: Readings = {}
        seen: dict[str, Observed] = {}
        for sums, observed in _of_ranges(partial(_weighed, self, seen), files, spread):
            for column, counts in sums.items():
                readings.setdefault(column, ColumnReading(whole=False)).add(counts)
            for column, each in observed.items():
                seen.setdefault(column, Observed()).add(each)
        for reading in readings.values():
            reading.settle()
        aliens = {name for file in files for name in alien_columns(seen, file.raw, self.table)}
        return readings, {name: seen[name] for name in sorted(aliens)}

    def weigh(
        self, usable: pl.DataFrame, file: FileRows, readings: Readings, seen: Mapping[str, Observed]
    ) -> dict[str, Observed]:
        """Count in what the rows of a range speak for; return what is seen in columns of words of which `seen` knows none yet."""
        table, raw, spec = self.table, file.raw, file.spec
        texts = _constants(spec, usable.height)
        for match in raw.headers.matches:
            column = table.columns[match.column]
            if column.parse == "industry" or match.column == "industry_name" or settles(column):
                cells = usable[match.header]
                if column.unit == "cny" and raw.unit_column is not None:
                    cells = with_row_units(cells, clean(usable[raw.unit_column], one_line=True))
                texts |= cleaned(telling(column, cells).to_frame(), [match], table)[0]
        weigh_columns(texts, table, file.known, self.as_of, readings)
        words = {n for n, c in table.columns.items() if c.type in ("category", "boolean") and n not in spec.constants}
        unread = {n for n in words if n not in seen or not seen[n].parsed}
        words_only, _ = texts_of(raw, usable, table, unread)
        _, observed = parse_columns(words_only, table, file.known, self.as_of, None, usable.height)
        return observed

    def parsed(
        self, usable: pl.DataFrame, file: FileRows, readings: Readings | None, aliens: dict[str, Observed]
    ) -> tuple[pl.DataFrame, dict[str, Observed]]:
        """Return the typed rows of a range, and what was seen in its columns.

        A file of one range has its columns that mean something else found here, and put into `aliens`.
        """
        raw, spec, known = file.raw, file.spec, file.known
        table, height = self.table, usable.height
        texts, held = texts_of(raw, usable, table)
        texts |= _constants(spec, height)

        def parsed() -> tuple[pl.DataFrame, dict[str, Observed]]:
            mine = {column: cells for column, cells in texts.items() if column not in aliens}
            return parse_columns(mine, table, known, self.as_of, self.geography, height, readings)

        frame, observed = parsed()
        if readings is None and (found := alien_columns(observed, raw, table)):
            aliens.update({column: observed.pop(column) for column in found})
            frame, _ = parsed()
        for column in observed.keys() & {column for column, count in held.items() if count}:
            observed[column].counts["controls"] = held[column]
        references = [
            reference_cells(usable[match.header]).alias(f"{_REFERENCE}{place}")
            for place, match in enumerate(raw.headers.references)
        ]
        placed = frame.with_columns(
            usable[ID],
            usable[ROW],
            pl.lit(raw.label).alias(FILE),
            pl.lit(raw.sheet or None, pl.String).alias(SHEET),
            *references,
        )
        return placed, observed


def _constants(spec: SourceFile, height: int) -> dict[str, pl.Series]:
    return {
        column: pl.Series(column, [value], dtype=pl.String).new_from_index(0, height)
        for column, value in spec.constants.items()
    }


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
    raw: RawTable, rows: pl.DataFrame, table: Table, only: Container[str] | None = None
) -> tuple[dict[str, pl.Series], dict[str, int]]:
    """Return the cleaned text of each matched column, or of `only` some, and how many cells of each held control marks.

    An amount takes the unit that stands in its own row with it.
    """
    wanted = [match for match in raw.headers.matches if only is None or match.column in only]
    texts, held = cleaned(rows, wanted, table)
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
    return texts, held


def _available(texts: Iterable[str], table: Table) -> set[str]:
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


def _of_one_table(
    raws: Sequence[RawTable], specs: Sequence[SourceFile], table: Table, ledger: Ledger, made_on: date | None
) -> list[list[FileRows]]:
    """Return the files by what was written at once: the parts of a folder are one table, however it was cut."""
    found: dict[tuple[int, str | None], list[FileRows]] = {}
    for number, (raw, spec) in enumerate(zip(raws, specs, strict=True)):
        known = replace(file_spec(raw, table, spec), made_on=made_on)
        place = (0, spec.folder) if spec.folder is not None else (number + 1, None)
        found.setdefault(place, []).append(FileRows(raw, spec, known, table, ledger, number))
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Taken:
    """What was seen in a range of rows: in its columns, rows that came later, columns that mean something else."""

    observed: dict[str, Observed]
    gone: pl.DataFrame
    aliens: dict[str, Observed]


def _of_ranges(
    function: Callable[[FileRows, int], Any], files: Sequence[FileRows], spread: Spread | None
) -> Iterable[Any]:
    """Return what `function` makes of each range, worked on here or by others, who see the files under the same paths."""
    places = [(file, start) for file in files for start in file.raw.starts]
    if spread is None:
        return (function(*place) for place in places)
    return spread(partial(_told, function), [(file.elsewhere(), start) for file, start in places])


def _told(function: Callable[[FileRows, int], Any], place: tuple[FileRows, int]) -> Any:
    """Work on one range; whatever fails there is told with the file and the rows."""
    file, start = place
    try:
        return function(file, start)
    except ScreeningError:
        raise
    except Exception as error:
        last = file.raw.end(start)
        raise DatasetError.of(
            "data/rows-unread",
            f"{file.raw.label}: rows {start + 1:,} to {last:,} cannot be read: {str(error).splitlines()[0][:200]}",
            Position(file.raw.label),
            "look at these rows; report this with them if they are as they should be",
        ) from error


def _weighed(
    loading: _Loading, seen: Mapping[str, Observed], file: FileRows, start: int
) -> tuple[dict[str, Mapping[str, int]], dict[str, Observed]]:
    """Return what a range speaks for."""
    readings: Readings = {}
    observed = loading.weigh(file.at(start), file, readings, seen)
    return {column: reading.sums for column, reading in readings.items()}, observed


def _taken(
    loading: _Loading,
    readings: Readings | None,
    aliens: Mapping[str, Observed],
    apart: Roll | Runs | None,
    file: FileRows,
    start: int,
) -> tuple[_Taken, Any, pl.DataFrame]:
    """Return what was seen in a range, its typed rows or the run of them that was laid down `apart`, and the rows set aside there."""
    mine = dict(aliens)
    usable = file.at(start)
    frame, observed = loading.parsed(usable, file, readings, mine)
    frame, gone = set_aside_later(loading.table, file.ledger, frame, loading.as_of)
    told = owned(gone.select([n for n in (loading.table.key[0], "uscc", "name") if n in gone.columns]))
    taken = _Taken(observed, told, mine)
    if apart is None:
        return taken, frame, pl.DataFrame()
    apart.add(frame)
    return taken, apart.run(f"{file.number:06}-{start:012}"), file.ledger.entries()
