"""A data file opened by what it is, not by what its name says, and read as one table of text."""

from __future__ import annotations

import hashlib
import json
import stat
import zipfile
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from screening import trace
from screening.dataset.amounts import money_unit
from screening.dataset.delimited import SEPARATORS, DelimitedText
from screening.dataset.headers import (
    MAX_COLUMNS,
    HeaderMap,
    HeaderRow,
    Match,
    filled_right,
    locate_headers,
    match_headers,
    missing_columns,
    unit_in_brackets,
    years_among,
)
from screening.dataset.notes import noted
from screening.dataset.numbers import RATIO_UNITS
from screening.dataset.periods import with_rows_of_years, with_year_of_names, without_other_years, year_columns
from screening.dataset.raw import ROW, Body, Part, RawTable, ReadOptions, Source, no_headers, unique_names
from screening.dataset.side_by_side import one_below_another
from screening.dataset.stored import DuckDBFile, ParquetFile
from screening.dataset.units import currency_column, looks_like_unit, title_unit, unit_column, unit_in_name, unit_row
from screening.dataset.workbook import FormattedWorkbook, PlainWorkbook
from screening.dataset.years import with_years, year_of_header, year_said
from screening.errors import DatasetError, Position, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from screening.catalog import Table

_MAX_UNPACKED = 2_000_000_000
_NOTES_ABOVE, _NOTES_BELOW = 3, 8
"""Rows at the beginning and end of a table in which a note may state the unit of its amounts."""
_PERCENT = frozenset(("百分比", "百分数", "百分之", "percent", "percentage", "pct"))
_LOCKS = ("~$", ".~lock.")
"""How the names of files begin that Excel, WPS and LibreOffice keep beside an open workbook."""
_REFUSED = {
    b"%pdf": ("a PDF", "export the table as CSV or XLSX"),
    b"<html": ("a web page", "open it in a spreadsheet program and save it as XLSX"),
    b"<!doctype html": ("a web page", "open it in a spreadsheet program and save it as XLSX"),
    b"<table": ("a web page", "open it in a spreadsheet program and save it as XLSX"),
    b"<?xml": ("XML", "open it in a spreadsheet program and save it as XLSX"),
    b"{\\rtf": ("an RTF document", "save the table as CSV or XLSX"),
    b"7z\xbc\xaf": ("a 7z archive", "unpack it first"),
    b"rar!": ("a RAR archive", "unpack it first"),
    b"{": ("JSON", "save the table as CSV or Parquet"),
    b"[{": ("JSON", "save the table as CSV or Parquet"),
}


def _problem(code: str, label: str, message: str, remedy: str) -> DatasetError:
    return DatasetError.of(code, message, Position(label), remedy)


def form_of(path: Path, label: str) -> str:
    """Return the form of a file from its first bytes: parquet, duckdb, sqlite, xlsx, xls or csv.

    Raises DatasetError for what is known not to be a table, with how to make one of it. Only a regular file is opened:
    a pipe or a device would wait for ever or never end.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise _problem(
                "data/not-a-file",
                label,
                f"{label} is not a regular file (a pipe, a device or a folder)",
                "save its content in a file and give that",
            )
        with path.open("rb") as stream:
            head = stream.read(4096)
    except OSError as error:
        raise _problem(
            "data/unreadable",
            label,
            f"cannot read {label}: {error.strerror}",
            "check that it is a file and may be read",
        ) from None
    if not head:
        raise _problem(
            "data/empty-file", label, f"{label} is empty", "give a file with a header row and at least one row"
        )
    if head.startswith(b"PAR1"):
        return "parquet"
    if head[8:12] == b"DUCK":
        return "duckdb"
    if head.startswith(b"SQLite format 3\x00"):
        return "sqlite"
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path, label)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "xls"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for mark, (what, remedy) in _REFUSED.items():
        if start.startswith(mark):
            raise _problem("data/form", label, f"{label} is {what}, which is not read here", remedy)
    return "csv"


def workbook_named(label: str) -> bool:
    """Tell whether a file is named as a workbook."""
    return label.lower().endswith((".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et"))


def _zipped(path: Path, label: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.replace("\\", "/").lower() for name in archive.namelist()}
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise _problem(
            "data/damaged",
            label,
            f"{label} is a damaged workbook or archive",
            "it may be cut short: export or download it again",
        ) from None
    if unpacked > _MAX_UNPACKED:
        raise _problem(
            "data/too-large",
            label,
            f"{label} unpacks to {unpacked:,} bytes; the limit is {_MAX_UNPACKED:,}",
            "split it, or save it as Parquet",
        )
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "content.xml" in names:
        return "ods"
    raise _problem("data/form", label, f"{label} is an archive, not a workbook", "unpack it and give the file inside")


def open_source(path: Path, options: ReadOptions) -> Source:
    """Open a data file. Raises DatasetError when it is no form that is read."""
    form = form_of(path, options.label)
    if path.name.startswith(_LOCKS) and form == "csv":
        raise _problem(
            "data/lock-copy",
            options.label,
            f"{options.label} is no table: a spreadsheet program keeps it beside a workbook that is open",
            f"close the workbook and give {path.name.removeprefix(_LOCKS[0]).removeprefix(_LOCKS[1]).rstrip('#')} itself",
        )
    if form == "parquet":
        return ParquetFile(path, options)
    if form == "duckdb":
        return DuckDBFile(path, options)
    if form == "sqlite":
        from screening.dataset.sqlite import SQLiteFile  # noqa: PLC0415 - an optional extra

        return SQLiteFile(path, options)
    if form in ("xlsx", "xls"):
        return FormattedWorkbook(path, options, form)
    if form in ("xlsb", "ods"):
        return PlainWorkbook(path, options, form)
    return DelimitedText(path, options)


def read_source(path: Path, table: Table, options: ReadOptions) -> list[RawTable]:
    """Read one file as text: one table, or one of each sheet that holds a year. Raises DatasetError when it cannot be used."""
    with closing(open_source(path, options)) as source:
        raws = tables_in(source, source.parts(), table, options)
    sha256 = digest(path)
    for raw in raws:
        raw.sha256 = sha256
    trace.read_by_library(path, sha256)
    # A database file may have its last changes beside it: they were read with it, and their hash was not taken.
    changes = path.with_name(f"{path.name}.wal")
    trace.looked(changes)
    if changes.exists():
        trace.untraceable()
    return raws


def tables_in(source: Source, parts: Sequence[Part], table: Table, options: ReadOptions) -> list[RawTable]:
    """Read the parts of an opened file that hold `table`: the one, or those whose names state a year each, all different."""
    if options.sheet is None and source.headed and source.form != "csv" and table.fiscal_year is not None:
        alike = [part for part in parts if not part.hidden and holds(part, table, options)]
        years = [year_said([part.name]) for part in alike]
        if len(alike) > 1 and None not in years and len(set(years)) == len(years):
            raws = [table_in(source, parts, table, replace(options, sheet=part.name)) for part in alike]
            named = ", ".join(part.name for part in alike)
            said = Problem(
                "data/sheets-of-years",
                f"{options.label}: the sheets {named} are read, each as the year that it is called by",
                Position(options.label),
                "to read only one, name it with `sheet:` in dataset.yaml",
                "notice",
                details=(("file", options.label), ("sheets", named)),
            )
            raws[0].problems.append(said)
            return raws
    return [table_in(source, parts, table, options)]


def table_in(source: Source, parts: Sequence[Part], table: Table, options: ReadOptions) -> RawTable:
    """Read the part of an opened file that holds `table`."""
    part, found = chosen(parts, table, options)
    # What stands above the headers and in a row of units below them belongs to the table, not to its rows.
    units = _units_below(part, found, table, options) if source.headed else None
    skip = found.index + found.levels + (units is not None) if source.headed else 0
    body = source.body(part, found, skip, options.limit)
    if source.headed:
        found, body, units = one_below_another(found, body, units, table, options)
    if body.stored is not None and not _gives_its_years(found, table, options):
        body = Body(body.stored.read(0, body.stored.height))
    extra = body.frame.width - 1 - len(found.headers)
    names, problems = unique_names([*found.headers, *([""] * extra)], options.label)
    known = [*names[: len(found.headers)], *([""] * extra)]
    frame = body.frame.rename(dict(zip(body.frame.columns[1:], names, strict=True)))
    titles = [cell or "" for row in part.head[: found.index] for cell in row] if source.headed else []
    by_year = year_columns(frame, known, table, options.columns, [*titles, part.name, options.label])
    if by_year is not None:
        frame, known = by_year.frame, list(by_year.headers)
    headers = match_headers(known, table, options.columns)
    above, grouped = "", dict[int, str]()
    if source.headed:
        above = title_unit(part.head[: found.index])
        ends = pl.concat([body.frame.head(_NOTES_ABOVE), body.frame.tail(_NOTES_BELOW)])
        short = body.refused.filter(pl.col("reason") == "note")["original"].tail(_NOTES_BELOW)
        below = title_unit(noted([*ends.drop(ROW).rows(), *map(json.loads, short)]))
        one, other = money_unit(above), money_unit(below)
        # Where the lines above and below the table differ, nobody knows which is right.
        differ = one is not None and other is not None and one.scale != other.scale
        above = f"{above}/{below}" if differ else above or below
        grouped = {} if differ else _units_of_titles(part.head[: found.index])
    above = above or unit_in_name(part.name) or unit_in_name(options.label)
    headers = _with_units(headers, table, units, grouped, above)
    if table.parent:
        frame = _filled_down(frame, headers, body)
    if by_year is not None:
        frame, headers, said = with_rows_of_years(
            frame, headers, table, by_year, _units_by_place(found.headers, table, units, grouped), options.label
        )
    else:
        frame, headers, said = with_year_of_names(
            frame, headers, table, titles, (part.name, options.label), options.columns
        )
        headers, others = without_other_years(frame, headers, table, options.label)
        said += others
    raw = RawTable(
        options.label,
        frame,
        headers,
        body.refused,
        form=source.form,
        encoding=source.encoding,
        separator=part.name if source.form == "csv" else "",
        sheet=part.name if source.form != "csv" else "",
        header_row=found.index + 1 if source.headed else 0,
        header_levels=found.levels,
        blank_rows=body.blank_rows,
        lines=body.lines,
        unit_column=unit_column(frame, headers.unrecognised, body.stored),
        currency_column=currency_column(headers.unrecognised),
        date_1904=body.date_1904,
        formatted=body.formatted,
        stored=body.stored,
        size=options.size,
        problems=[*problems, *_of_sheets(source, parts, part, table, options), *said, *body.problems],
    )
    return raw.counted()


def _gives_its_years(found: HeaderRow, table: Table, options: ReadOptions) -> bool:
    """Tell whether the rows of a table can be read as they lie: those of years that stand in headers or names are written anew."""
    matched = match_headers(found.headers, table, options.columns).by_column()
    if table.fiscal_year is None or table.fiscal_year in options.columns:
        return True
    # A figure that states its year is held against those of the rows.
    return table.fiscal_year in matched and all(year_of_header(match.header) is None for match in matched.values())


def _units_below(part: Part, found: HeaderRow, table: Table, options: ReadOptions) -> tuple[str, ...] | None:
    """Return the units of a row below the headers that holds only units, some of them of amounts."""
    place = found.index + found.levels
    units = unit_row(part.head[place]) if place < len(part.head) else None
    if units is None:
        return None
    matched = match_headers(found.headers, table, options.columns).matches
    counted = {m.index for m in matched if table.columns[m.column].unit in ("cny", "ratio")}
    counted |= set(years_among(found.headers, table))
    return units if any(place < len(units) and units[place] for place in counted) else None


def _units_by_place(
    headers: Sequence[str], table: Table, below: Sequence[str] | None, grouped: Mapping[int, str]
) -> dict[int, str]:
    """Return by place the unit said nearest to the figure of one year, where any is."""
    found: dict[int, str] = {}
    for place, (figure, _) in years_among(headers, table).items():
        own = match_headers([figure], table).matches[0].unit if figure else ""
        under = below[place] if below is not None and place < len(below) else ""
        found[place] = own or under or grouped.get(place, "")
    return found


def _units_of_titles(rows: Sequence[Sequence[str | None]]) -> dict[int, str]:
    """Return by column the unit in brackets behind a title that stands over it, the nearest first."""
    found: dict[int, str] = {}
    for row in reversed(rows):
        for place, title in enumerate(filled_right(row)):
            if place not in found and (unit := unit_in_brackets(title)):
                found[place] = unit
        if len({cell for cell in row if cell and cell.strip()}) == 1 and found:
            # The title of the whole table stands over every column, however far its cell reaches.
            title = next(cell for cell in row if cell and cell.strip())
            if unit := unit_in_brackets(title):
                found = {**dict.fromkeys(range(MAX_COLUMNS), unit), **found}
    return found


def chosen(parts: Sequence[Part], table: Table, options: ReadOptions) -> tuple[Part, HeaderRow]:
    """Return the part that holds the table and its headers: `sheet` names it, else where most columns are recognised.

    A hidden sheet counts only where no visible one has the columns that the table needs.
    """
    if options.sheet is not None and len(parts) and options.sheet not in {part.name for part in parts}:
        names = ", ".join(part.name for part in parts)
        raise _problem(
            "data/no-sheet",
            options.label,
            f"{options.label} has no sheet or table '{options.sheet}'",
            f"it has: {names}",
        )
    best: tuple[tuple[bool, bool, int], Part, HeaderRow] | None = None
    for part in (_dated(part, table, options) for part in parts):
        if options.sheet is not None and part.name != options.sheet:
            continue
        found = locate_headers(part.head, table, options.columns, options.header_row)
        if found is None:
            continue
        standing = (found.complete, not part.hidden, found.recognised)
        if best is None or standing > best[0]:
            best = (standing, part, found)
    if best is None:
        text = parts[0].name if parts and parts[0].name in SEPARATORS and workbook_named(options.label) else None
        raise no_headers(options.label, _headers_seen(parts), table, text)
    return best[1], best[2]


def _headers_seen(parts: Sequence[Part]) -> Sequence[str | None]:
    """Return the row that looks most like headers: the first in which the most cells are filled, of the first part's."""
    rows = [row for part in parts for row in part.head[:5]]
    return max(rows, key=lambda row: sum(1 for cell in row if cell and cell.strip()), default=())


def _with_units(
    headers: HeaderMap, table: Table, units: Sequence[str] | None, grouped: Mapping[int, str], above: str
) -> HeaderMap:
    """Give each amount the unit said nearest to it: in its header, a row of units, a title over it, beside the table."""

    def settled(match: Match) -> Match:
        kind = table.columns[match.column].unit if match.column in table.columns else "none"
        own = match.unit
        if kind == "cny" and own and (looks_like_unit(own) or money_unit(own) is not None):
            return replace(match, basis="header")
        if kind == "ratio" and (own in ("%", "‰") or own in _PERCENT):
            return replace(match, unit="%" if own in _PERCENT else own, basis="header")
        below = units[match.index] if units is not None and match.index < len(units) else ""
        if below and (money_unit(below) is not None if kind == "cny" else kind != "ratio" or below in RATIO_UNITS):
            return replace(match, unit=below, basis="unit_row")
        said = grouped.get(match.index, "") or above
        if kind == "cny" and said:
            return replace(match, unit=said, basis="above")
        return replace(match, unit="") if kind in ("cny", "ratio") else match

    return replace(headers, matches=tuple(settled(match) for match in headers.matches))


def _filled_down(frame: pl.DataFrame, headers: HeaderMap, body: Body) -> pl.DataFrame:
    """Write a company's name that is merged over its rows into each of them; amounts are never filled."""
    for match in headers.references:
        boxes = [(first, last) for first, last, left, right in body.merged if left <= match.index <= right]
        if not boxes:
            continue
        spans = pl.DataFrame(boxes, schema={"first": pl.Int64, "last": pl.Int64}, orient="row").sort("first")
        spans = spans.join(
            frame.select(pl.col(ROW).alias("first"), value=pl.col(match.header)), on="first", how="inner"
        )
        cell = pl.col(match.header)
        frame = (
            frame.sort(ROW)
            .join_asof(spans.set_sorted("first"), left_on=ROW, right_on="first", strategy="backward")
            .with_columns(
                pl.when(cell.is_null() & (pl.col(ROW) <= pl.col("last")))
                .then("value")
                .otherwise(cell)
                .alias(match.header)
            )
            .drop("first", "last", "value", strict=False)
        )
    return frame


def _dated(part: Part, table: Table, options: ReadOptions) -> Part:
    """Return a part of a table of fiscal years whose headers name the years they mean, unless `dataset.yaml` names such headers."""
    year = table.fiscal_year
    if year is None or year in options.columns or any(options.columns.values()):
        return part
    return replace(part, head=with_years(part.head, (part.name, options.label.rpartition(".")[0])))


def holds(part: Part, table: Table, options: ReadOptions) -> bool:
    """Return whether a sheet has the columns without which the table is useless, or all but the year that a name states."""
    part = _dated(part, table, options)
    found = locate_headers(part.head, table, options.columns, options.header_row)
    if found is None or found.index + found.levels >= len(part.head):
        return False
    missing = missing_columns(match_headers(found.headers, table, options.columns), table)
    named = (part.name, options.label.rpartition(".")[0])
    return not missing or (missing == (table.fiscal_year,) and any(year_said([name]) is not None for name in named))


def _of_sheets(source: Source, parts: Sequence[Part], part: Part, table: Table, options: ReadOptions) -> list[Problem]:
    if not source.headed or source.form == "csv" or options.sheet is not None or len(parts) == 1:
        return []
    alike = [
        other.name for other in parts if other.name != part.name and not other.hidden and holds(other, table, options)
    ]
    if alike and not part.hidden:
        named = ", ".join(alike)
        return [
            Problem(
                "data/sheets-alike",
                f"{options.label}: only the sheet '{part.name}' is read; {named} hold such a table too",
                Position(options.label),
                "to read them as well, list each under `files:` in dataset.yaml, with `sheet:`",
                "warning",
                details=(("file", options.label), ("sheet", part.name), ("others", named)),
            )
        ]
    others = ", ".join(other.name + (" (hidden)" if other.hidden else "") for other in parts if other.name != part.name)
    hidden = "hidden " if part.hidden else ""
    return [
        Problem(
            "data/hidden-sheet" if part.hidden else "data/sheets",
            f"{options.label}: the {hidden}sheet '{part.name}' is used, not {others}",
            Position(options.label),
            "to read others as well, list each in dataset.yaml with `sheet:`; `screen inspect` drafts it",
            "warning" if part.hidden else "notice",
            details=(("file", options.label), ("sheet", part.name), ("others", others)),
        )
    ]


def digest(path: Path) -> str:
    """Return the sha256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
