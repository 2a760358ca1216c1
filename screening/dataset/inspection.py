"""`screen inspect`: how a file would be read, what was not understood, and a draft of its `dataset.yaml`."""

from __future__ import annotations

import json
import re
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from screening.dataset.amounts import money_unit
from screening.dataset.columns import FileSpec, Observed, parse_columns
from screening.dataset.headers import missing_columns, near_misses
from screening.dataset.intake import root_table
from screening.dataset.loading import file_spec, texts_of
from screening.dataset.manifest import MANIFEST
from screening.dataset.model import Inspection
from screening.dataset.numbers import RATIO_UNITS
from screening.dataset.oddities import doubtful, misplaced_figures, unmatched_words
from screening.dataset.periods import BY_YEAR
from screening.dataset.raw import RawTable, ReadOptions
from screening.dataset.side_by_side import tables_beside
from screening.dataset.source import chosen, holds, open_source, table_in
from screening.errors import DatasetError, Position, Problem
from screening.resources import day_in_china, shown_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from screening.catalog import Column, Table, Tables
    from screening.dataset.headers import Match
    from screening.dataset.raw import Part, Source

_LOOKED_AT = 200
_PLAIN = re.compile(r"^[A-Za-z\u4e00-\u9fff][\w\u4e00-\u9fff.()（）/+-]*$")


def inspect(path: Path, tables: Tables, *, today: date | None = None) -> Inspection:
    """Look at one file as intake would. Raises DatasetError when it cannot be read as any of `tables`."""
    if not path.exists():
        raise DatasetError.of(
            "data/no-file", f"there is no file {shown_path(path)}", Position(shown_path(path)), "check the path"
        )
    with closing(open_source(path, ReadOptions(path.name))) as source:
        parts = source.parts()
        found = _tables_in(source, parts, tables, path.name)
    for name, raw in found:
        raw.problems += [*misplaced_figures(raw, name, tables), *tables_beside(raw, tables)]
    first, *others = [_seen(name, tables[name], raw, path, parts, today or day_in_china()) for name, raw in found]
    drafted = draft(path.stem, [(name, tables[name], path.name, raw) for name, raw in found])
    return replace(first, draft=drafted, further=tuple(others))


def _tables_in(
    source: Source, parts: Sequence[Part], tables: Tables, label: str, limit: int | None = None
) -> list[tuple[str, RawTable]]:
    """Read a file once for every sheet that holds a table: the root table's first, where the file has one."""
    options = ReadOptions(label, limit=limit)
    held = [] if source.form == "csv" or len(parts) == 1 else _sheets(parts, tables, options)
    if len(held) < 2:
        name = held[0][0] if held else _best_table(parts, tables, options)
        return [(name, table_in(source, parts, tables[name], options))]
    read = [(name, table_in(source, parts, tables[name], replace(options, sheet=part.name))) for name, part in held]
    drafted = ", ".join(part.name for _, part in held)
    others = ", ".join(part.name for part in parts if part not in [mine for _, mine in held])
    if others:
        read[0][1].problems.append(
            Problem(
                "data/sheets",
                f"{label}: the sheets {drafted} are drafted, not {others}, in which no table is recognised",
                Position(label),
                "if one of them holds a table, list it in dataset.yaml with `sheet:`",
                "notice",
            )
        )
    return read


def _sheets(parts: Sequence[Part], tables: Tables, options: ReadOptions) -> list[tuple[str, Part]]:
    """Return which table each visible sheet holds, that of a workbook read without a manifest first.

    Names of companies stand in every sheet: beside a list of companies, one that has less than half of its columns is
    of another table or of none. A list of shareholders is no second list of companies, whose capital it would state.
    """
    root = root_table(tables)
    counts = {part.name: _recognised(part, root, tables, options) for part in parts if not part.hidden}
    fullest = max(counts.values(), default=0)
    children = {name: table for name, table in tables.items() if name != root}
    held: list[tuple[str, Part]] = []
    for part in parts:
        if part.hidden:
            continue
        likely = tables if 2 * counts[part.name] >= fullest else children
        try:
            name = _best_table([part], likely, options)
        except DatasetError:
            continue
        if name == root or _recognised(part, name, tables, options) > 1:
            held.append((name, part))
    return sorted(held, key=lambda entry: -counts[entry[1].name] if entry[0] == root else 0)


def _recognised(part: Part, name: str, tables: Tables, options: ReadOptions) -> int:
    """Return how many columns of a table a sheet has; none, where one that the table needs is not among them."""
    return chosen([part], tables[name], options)[1].recognised if holds(part, tables[name], options) else 0


def _seen(name: str, table: Table, raw: RawTable, path: Path, parts: Sequence[Part], today: date) -> Inspection:
    texts, _ = texts_of(raw, raw.frame, table)
    spec = file_spec(raw, table)
    _, observed = parse_columns(texts, table, spec, today, None, raw.frame.height)
    observed = {column: seen.finish() for column, seen in observed.items()}
    columns = tuple(
        _record(match, table.columns[match.column], raw, observed[match.column])
        for match in raw.headers.matches
        if match.column in observed
    )
    return Inspection(
        path=shown_path(path),
        form=raw.form,
        table=name,
        encoding=raw.encoding,
        separator=raw.separator,
        sheet=raw.sheet,
        sheets=tuple(part.name for part in parts) if raw.sheet else (),
        header_row=raw.header_row,
        header_levels=raw.header_levels,
        rows=raw.read,
        refused=raw.refused.height,
        columns=columns,
        unrecognised=raw.headers.unrecognised,
        near=near_misses(raw.headers, table),
        missing=missing_columns(raw.headers, table),
        draft="",
        notices=(
            *raw.problems,
            *doubtful(observed, spec, table, raw.label),
            *unmatched_words(name, table, observed, path.name),
        ),
    )


def draft_folder(folder: Path, tables: Tables) -> tuple[str, tuple[Problem, ...]]:
    """Draft the `dataset.yaml` of a folder from all its files; what could not be read comes back as problems."""
    found: list[tuple[str, Table, str, RawTable]] = []
    problems: list[Problem] = []
    for path in sorted(
        entry for entry in folder.iterdir() if entry.is_file() and not entry.name.startswith((".", "~$"))
    ):
        if path.suffix.lower() in (".yaml", ".yml", ".md", ".txt.license", ".py"):
            continue
        try:
            with closing(open_source(path, ReadOptions(path.name))) as source:
                held = _tables_in(source, source.parts(), tables, path.name, _LOOKED_AT)
        except DatasetError as error:
            problems.extend(error.problems)
            continue
        for name, raw in held:
            found.append((name, tables[name], path.name, raw))
            problems.extend(_missing_problems(raw, name, tables[name]))
    if not found and not problems:
        problems.append(
            Problem(
                "data/no-file",
                f"there is no data file in {shown_path(folder)}",
                Position(shown_path(folder)),
                "put CSV, XLSX, Parquet or DuckDB files there",
            )
        )
    return draft(folder.resolve().name, found), tuple(problems)


def _missing_problems(raw: RawTable, name: str, table: Table) -> list[Problem]:
    near = {column: header for header, column in near_misses(raw.headers, table).items()}
    return [
        Problem(
            "data/required-column",
            f"{raw.label} has no column for '{column}', without which {name} cannot be used",
            Position(raw.label),
            f"is it '{near[column]}'? then map it: `columns: {{{column}: {_quoted(near[column])}}}`"
            if column in near
            else f"map it in dataset.yaml: `columns: {{{column}: HEADER}}`",
            "warning",
        )
        for column in missing_columns(raw.headers, table)
    ]


def _best_table(parts: Sequence[Part], tables: Tables, options: ReadOptions) -> str:
    """Return the table of which most columns are recognised; of equals the root table, then the first."""
    best: tuple[tuple[bool, int, bool], str] | None = None
    failure: DatasetError | None = None
    root = root_table(tables)
    for name, table in tables.items():
        try:
            part, found = chosen(parts, table, options)
        except DatasetError as error:
            failure = error if failure is None or name == root else failure
            continue
        score = (found.complete or holds(part, table, options), found.recognised, name == root)
        if best is None or score > best[0]:
            best = (score, name)
    if best is None:
        raise failure or DatasetError("there are no tables to read")
    return best[1]


def _record(match: Match, column: Column, raw: RawTable, seen: Observed) -> dict[str, Any]:
    unit, basis = match.unit, match.basis
    if column.unit == "cny":
        if unit and money_unit(unit) is None:
            basis = "unknown"
        elif raw.unit_column is not None and not unit:
            unit, basis = raw.unit_column, "unit_column"
        elif not seen.bare:
            basis = basis or ("cells" if seen.filled else "")
        elif not unit:
            unit, basis = "元", "assumed"
    return {
        "column": match.column,
        "header": match.header,
        "unit": unit,
        "unit_basis": basis,
        "filled": seen.filled,
        "parsed": seen.parsed,
        "failures": dict(seen.failures),
        "examples": dict(seen.examples),
    }


def _quoted(text: str) -> str:
    plain = _PLAIN.match(text) and text.lower() not in ("true", "false", "null")
    return text if plain else json.dumps(text, ensure_ascii=False)


def draft(title: str, found: Sequence[tuple[str, Table, str, RawTable]]) -> str:
    """Return the text of a `dataset.yaml` for files that were read; what needs a person's answer is a comment."""
    lines = [
        f"# {MANIFEST}: which file holds which table. Drafted from the headers; check it.",
        "dataset:",
        f"  id: {re.sub(r'[^A-Za-z0-9_.-]+', '-', title).strip('-.') or 'dataset'}",
        f"  label: {_quoted(title)}",
        "  # as_of: 2025-09-01        # the day at which all this was known",
        "tables:",
    ]
    for name in dict.fromkeys(entry[0] for entry in found):
        mine = [entry for entry in found if entry[0] == name]
        lines.append(f"  {name}:")
        if mine[0][1].parent:
            lines += [
                "    absence: unknown          # zero, if a company without a row is known to have none",
                "    # searched_on: 2025-09-01  # the day the source was searched",
            ]
        lines.append("    files:")
        for _, _, file, raw in mine:
            lines += _file_lines(file, raw, mine[0][1])
    return "\n".join(lines) + "\n"


def _file_lines(file: str, raw: RawTable, table: Table) -> list[str]:
    lines = [f"      - file: {_quoted(file)}"]
    if raw.encoding and raw.encoding != "utf-8":
        lines.append(f"        encoding: {raw.encoding}")
    if raw.separator and raw.separator != ",":
        lines.append(f"        separator: {json.dumps(raw.separator)}")
    if raw.sheet:
        lines.append(f"        sheet: {_quoted(raw.sheet)}")
    if raw.header_row > 1:
        lines.append(f"        header_row: {raw.header_row}")
    # Only what the table counts in: a word in brackets behind another column's name is no unit.
    units = {
        column: unit
        for column, unit in file_spec(raw, table).units.items()
        if (table.columns[column].unit == "ratio" and unit in RATIO_UNITS)
        or (table.columns[column].unit == "cny" and money_unit(unit) is not None)
    }
    lines.append("        columns:")
    told = [match for match in raw.headers.matches if match.basis != BY_YEAR]
    lines += [f"          {match.column}: {_quoted(match.header)}" for match in told]
    bare = [m.column for m in raw.headers.matches if table.columns[m.column].unit == "cny" and m.column not in units]
    beside = {c: said for c in bare if raw.unit_column is None and (said := FileSpec(units).unit_beside(c))}
    bare = [column for column in bare if column not in beside]
    if units:
        lines += ["        units:", *(f"          {column}: {_quoted(unit)}" for column, unit in units.items())]
    for column, (other, unit) in beside.items():
        lines.append(
            f"          {column}: {_quoted(unit)}  # not stated; taken from {other}, which stands beside it: check it"
        )
    if bare and raw.unit_column is None:
        lines.append(
            f"        # no unit is stated for {', '.join(bare)}: a bare number counts as yuan; else add `units:`"
        )
    near = near_misses(raw.headers, table)
    for header, column in near.items():
        lines.append(
            f"        # {'needed' if column in missing_columns(raw.headers, table) else 'perhaps'}: {column}: {_quoted(header)}"
        )
    if raw.headers.unrecognised:
        lines.append(f"        # not used: {', '.join(_quoted(header) for header in raw.headers.unrecognised[:30])}")
    return lines
