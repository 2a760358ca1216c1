"""`screen inspect`: how a file would be read, what was not understood, and a draft of its `dataset.yaml`."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any

from screening.dataset.amounts import money_unit
from screening.dataset.columns import Observed, cleaned, parse_columns
from screening.dataset.intake import root_table
from screening.dataset.loading import file_spec
from screening.dataset.manifest import MANIFEST
from screening.dataset.model import Inspection
from screening.dataset.raw import RawTable, ReadOptions
from screening.dataset.source import form_of, read_source
from screening.dataset.workbook import sheet_names
from screening.errors import DatasetError, Position, Problem
from screening.resources import shown_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from screening.catalog import Table, Tables

_LOOKED_AT = 200
_PLAIN = re.compile(r"^[A-Za-z\u4e00-\u9fff][\w\u4e00-\u9fff.()（）/+-]*$")


def inspect(path: Path, tables: Tables, *, today: date | None = None) -> Inspection:
    """Look at one file as intake would. Raises DatasetError when it cannot be read as any of `tables`."""
    if not path.is_file():
        raise DatasetError(
            [
                Problem(
                    "data/no-file", f"there is no file {shown_path(path)}", Position(shown_path(path)), "check the path"
                )
            ]
        )
    name = _best_table(path, tables)
    table = tables[name]
    raw = read_source(path, table, ReadOptions(path.name))
    texts = {match.column: cleaned(raw.frame, match, table.columns[match.column]) for match in raw.headers.matches}
    _, observed = parse_columns(texts, table, file_spec(raw), today or date.today(), None, raw.frame.height)
    columns = tuple(
        _record(match.column, match.header, match.unit, observed[match.column])
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
        sheets=_sheets(path, raw),
        header_row=raw.header_row,
        header_levels=raw.header_levels,
        rows=raw.read,
        refused=raw.refused.height,
        columns=columns,
        unrecognised=raw.headers.unrecognised,
        draft=draft(path.stem, [(name, table, path.name, raw)]),
        notices=tuple(raw.problems),
    )


def draft_folder(folder: Path, tables: Tables) -> tuple[str, tuple[Problem, ...]]:
    """Draft the `dataset.yaml` of a folder from all its files; what could not be read comes back as problems."""
    found: list[tuple[str, Table, str, RawTable]] = []
    problems: list[Problem] = []
    for path in sorted(entry for entry in folder.iterdir() if entry.is_file() and not entry.name.startswith(".")):
        if path.suffix.lower() in (".yaml", ".yml", ".md", ".txt.license", ".py"):
            continue
        try:
            name = _best_table(path, tables)
            found.append(
                (
                    name,
                    tables[name],
                    path.name,
                    read_source(path, tables[name], ReadOptions(path.name, limit=_LOOKED_AT)),
                )
            )
        except DatasetError as error:
            problems.extend(error.problems)
    return draft(folder.resolve().name, found), tuple(problems)


def _best_table(path: Path, tables: Tables) -> str:
    """Return the table of which most columns are recognised; of equals the root table, then the first."""
    form_of(path, path.name)
    best: tuple[float, int, str] | None = None
    failure: DatasetError | None = None
    root = root_table(tables)
    for name, table in tables.items():
        try:
            raw = read_source(path, table, ReadOptions(path.name, limit=_LOOKED_AT))
        except DatasetError as error:
            failure = error if failure is None or name == root else failure
            continue
        required = sum(1 for column, spec in table.columns.items() if spec.required)
        matched = raw.headers.by_column()
        complete = sum(1 for column, spec in table.columns.items() if spec.required and column in matched) == required
        score = (len(matched) + 1000 * complete, int(name == root), name)
        if best is None or score[:2] > best[:2]:
            best = score
    if best is None:
        raise failure or DatasetError("there are no tables to read")
    return best[2]


def _sheets(path: Path, raw: RawTable) -> tuple[str, ...]:
    if raw.form != "xlsx":
        return ()
    return sheet_names(path, path.name)


def _record(column: str, header: str, unit: str, seen: Observed) -> dict[str, Any]:
    return {
        "column": column,
        "header": header,
        "unit": unit,
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
            lines += _file_lines(file, raw)
    return "\n".join(lines) + "\n"


def _file_lines(file: str, raw: RawTable) -> list[str]:
    lines = [f"      - file: {_quoted(file)}"]
    if raw.encoding and raw.encoding != "utf-8":
        lines.append(f"        encoding: {raw.encoding}")
    if raw.separator and raw.separator != ",":
        lines.append(f"        separator: {json.dumps(raw.separator)}")
    if raw.sheet:
        lines.append(f"        sheet: {_quoted(raw.sheet)}")
    if raw.header_row > 1:
        lines.append(f"        header_row: {raw.header_row}")
    units = {
        column: unit for column, unit in file_spec(raw).units.items() if unit == "%" or money_unit(unit) is not None
    }
    lines.append("        columns:")
    lines += [f"          {match.column}: {_quoted(match.header)}" for match in raw.headers.matches]
    if units:
        lines += ["        units:", *(f"          {column}: {_quoted(unit)}" for column, unit in units.items())]
    if raw.headers.unrecognised:
        lines.append(f"        # not used: {', '.join(_quoted(header) for header in raw.headers.unrecognised[:30])}")
    return lines
