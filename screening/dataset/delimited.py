"""CSV and its kin, read as text: any usual separator and line end, quoted line breaks, rows of the wrong width kept."""

from __future__ import annotations

import csv
import io
import zlib
from contextlib import suppress
from itertools import chain, islice
from typing import TYPE_CHECKING

import polars as pl

from screening.dataset.encoding import find_encoding, open_bytes
from screening.dataset.headers import HeaderRow, locate_headers, match_headers, searched_rows
from screening.dataset.raw import REFUSED_SCHEMA, ROW, RawTable, ReadOptions, no_headers, original, unique_names
from screening.errors import DatasetError, Position, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from screening.catalog import Table

SEPARATORS = (",", "\t", ";", "|", "，", "、", "^", "\x01")
_BATCH = 20_000
SAMPLE = 1 << 18
_MAX_FIELD = 16_000_000
_MAX_RECOVERIES = 1_000


class _Lines:
    """Lines of a text, remembering those of the record being read."""

    def __init__(self, source: Iterable[str]) -> None:
        self._source = iter(source)
        self.record: list[str] = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._source)
        self.number += 1
        self.record.append(line)
        return line

    def rewind(self) -> str:
        """Give back all lines of the current record but the first, which is returned."""
        first, *rest = self.record
        self.number -= len(rest)
        self._source = chain(rest, self._source)
        self.record = []
        return first


def read_delimited(path: Path, table: Table, options: ReadOptions) -> RawTable:
    """Read a delimited text file. Raises DatasetError when no header row can be found."""
    encoding = find_encoding(path, options.label, options.encoding)
    limit = csv.field_size_limit(_MAX_FIELD)
    try:
        with open_bytes(path) as stream, io.TextIOWrapper(stream, encoding=encoding, newline="") as text:
            sample = text.read(SAMPLE)
            if not sample.strip("\ufeff\r\n\t ,;|\x00"):
                raise DatasetError(
                    [
                        Problem(
                            "data/empty-file",
                            f"{options.label} is empty",
                            Position(options.label),
                            "give a file with a header row and at least one row",
                        )
                    ]
                )
            hint = sample.split("\n", 1)[0].strip().lower()
            has_hint = hint.startswith("sep=") and len(hint) <= 5
            separator = options.separator or (hint[4:] or "\t" if has_hint else None)
            separator, found = _sniff(sample, separator, table, options)
            # The unread rest begins inside a line; both parts together are the file again.
            lines = _Lines(chain.from_iterable([_split(sample, text)]))
            return _read(lines, separator, found, encoding, table, options)
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError(
            [
                Problem(
                    "data/unreadable",
                    f"cannot read {options.label}: {error}",
                    Position(options.label),
                    "check that the file is whole and may be read",
                )
            ]
        ) from None
    finally:
        csv.field_size_limit(limit)


def _split(sample: str, rest: Iterable[str]) -> Iterator[str]:
    pending = ""
    for line in io.StringIO(sample, newline=""):
        if pending:
            yield pending
        pending = line
    for line in rest:
        if pending.endswith("\r") and line.startswith("\n") and len(line) == 1:
            pending += line
            continue
        if pending.endswith(("\n", "\r")):
            yield pending
            pending = line
        else:
            pending += line
    if pending:
        yield pending


def _sniff(sample: str, separator: str | None, table: Table, options: ReadOptions) -> tuple[str, HeaderRow]:
    """Return the separator and header row under which most columns are recognised."""
    best: tuple[int, int, str, HeaderRow] | None = None
    seen: list[str] = []
    for candidate in (separator,) if separator else SEPARATORS:
        rows = _first_rows(sample, candidate, searched_rows(options.header_row))
        found = locate_headers(rows, table, options.columns, options.header_row)
        seen = max([seen, *rows[:1]], key=len)
        if found is not None:
            width = len(found.headers)
            if best is None or (found.recognised, width) > best[:2]:
                best = (found.recognised, width, candidate, found)
    if best is None:
        raise no_headers(options.label, seen, table)
    return best[2], best[3]


def _first_rows(sample: str, separator: str, count: int) -> list[list[str]]:
    rows: list[list[str]] = []
    # A quote that never closes ends the look; the reading proper deals with it.
    with suppress(csv.Error):
        rows.extend(islice(csv.reader(io.StringIO(sample.lstrip("\ufeff"), newline=""), delimiter=separator), count))
    return rows


def _read(
    lines: _Lines,
    separator: str,
    found: HeaderRow,
    encoding: str,
    table: Table,
    options: ReadOptions,
) -> RawTable:
    names, problems = unique_names(found.headers, options.label)
    width = len(names)
    raw = RawTable(
        options.label,
        pl.DataFrame(),
        match_headers(names, table, options.columns),
        form="csv",
        encoding=encoding.replace("-sig", ""),
        separator=separator,
        header_row=found.index + 1,
        header_levels=found.levels,
        problems=problems,
    )
    frames: list[pl.DataFrame] = []
    refused: list[tuple[str, int, str, str, str]] = []
    rows: list[Sequence[str]] = []
    numbers: list[int] = []
    schema = dict.fromkeys(names, pl.String)

    def flush() -> None:
        if rows:
            columns = dict(zip(names, zip(*rows, strict=True), strict=True))
            frames.append(
                pl.DataFrame(
                    {
                        ROW: pl.Series(numbers, dtype=pl.Int64),
                        **{name: pl.Series(name, cells, dtype=pl.String) for name, cells in columns.items()},
                    }
                )
            )
            rows.clear()
            numbers.clear()

    for position, (line, record, broken) in enumerate(_records(lines, separator)):
        if position < found.index + found.levels:
            continue
        if broken:
            refused.append(
                (options.label, line, "unclosed_quote", "a quote opens in this line and never closes", original(record))
            )
            continue
        if len(record) > width and not any(cell.strip() for cell in record[width:]):
            del record[width:]
        if not any(cell.strip() for cell in record):
            raw.blank_rows += 1
        elif len(record) != width:
            refused.append(
                (options.label, line, "field_count", f"{len(record)} fields, the header has {width}", original(record))
            )
        else:
            rows.append(record)
            numbers.append(line)
            if options.limit is not None and len(numbers) + sum(frame.height for frame in frames) >= options.limit:
                break
            if len(rows) >= _BATCH:
                flush()
    flush()
    raw.frame = pl.concat(frames) if frames else pl.DataFrame(schema={ROW: pl.Int64, **schema})
    raw.refused = pl.DataFrame(refused, schema=REFUSED_SCHEMA, orient="row")
    return raw


def _records(lines: _Lines, separator: str) -> Iterator[tuple[int, list[str], bool]]:
    """Yield (first line, cells, broken) per record.

    A quote that never closes would swallow the rest of the file into one cell; its line is given as broken instead and
    reading goes on after it.
    """
    recoveries = 0
    while True:
        reader = csv.reader(lines, delimiter=separator)
        again = False
        while True:
            lines.record = []
            line = lines.number + 1
            try:
                record = next(reader)
            except StopIteration:
                break
            except csv.Error:
                again = True
            else:
                again = len(lines.record) > 1 and sum(part.count('"') for part in lines.record) % 2 == 1
            if again and recoveries < _MAX_RECOVERIES:
                recoveries += 1
                yield line, [lines.rewind().rstrip("\r\n")], True
                break
            if again:
                raise DatasetError(
                    [
                        Problem(
                            "data/quotes",
                            f"quotes do not match from line {line} on",
                            remedy="mend the quotes, or save the file as XLSX",
                        )
                    ]
                )
            if record and line == 1:
                record[0] = record[0].removeprefix("\ufeff")
            if record or len(lines.record) == 1:
                yield line, record, False
        if not again:
            return
