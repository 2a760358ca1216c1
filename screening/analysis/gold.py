"""A gold file: companies as people labelled them, from CSV or from a workbook that `screen evaluate --propose` wrote."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from typing import TYPE_CHECKING

from screening.dataset.encoding import kept_text
from screening.dataset.overrides import GRADE_WORDS
from screening.dataset.sheet_cells import Damaged, TooLarge
from screening.dataset.spreadsheet import Spreadsheet
from screening.errors import DatasetError, Position, Problem, did_you_mean
from screening.resources import shown_path
from screening.result.contract import GRADES
from screening.result.evaluation_records import NONE, GoldRow
from screening.result.records import record_of
from screening.rulebook.names import NEAREST, direction_names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from screening.rulebook.model import RulePack

MOST_BYTES = 50_000_000

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "uscc": ("uscc", "统一社会信用代码", "credit_code"),
    "name": ("name", "企业名称", "公司名称", "company", "企业"),
    "domain": ("domain", "label", "domain_id", "领域"),
    "direction": ("direction", "direction_id", "方向"),
    "grade": ("grade", "等级"),
    "kind": ("kind", "segment", "stratum", "类别", "层"),
    "note": ("note", "why", "说明"),
}
"""Columns of a gold file and how a header may write them; other columns are not read."""


def read_gold(path: Path, pack: RulePack) -> tuple[GoldRow, ...]:
    """Read a gold file: companies by credit code or name, domains and directions by id or name, joined with `;`.

    In a workbook a row whose domain is empty is not labelled yet and left out; `none` says that it is in no domain.

    Raises DatasetError with every problem: no key or domain column, unknown domains, directions or grades.
    """
    shown = shown_path(path)
    headers, records = written_rows(path, shown)
    columns = {field: next((s for s in spellings if s in headers), "") for field, spellings in COLUMNS.items()}
    if not columns["domain"] or not (columns["uscc"] or columns["name"]):
        raise DatasetError.of(
            "gold/columns",
            "the gold file needs a credit code or name, and a domain",
            Position(shown, 1),
            "name the columns uscc, name and domain",
        )
    domains, directions = _names(pack)
    problems: list[Problem] = []
    rows = []
    for line, record in records:
        cell = {field: (record.get(column) or "").strip() if column else "" for field, column in columns.items()}
        place = Position(shown, line)
        if not cell["domain"] and path.suffix.lower() == ".xlsx":
            continue  # nobody has labelled this row yet
        named = _ids(cell["domain"], domains, "domain", place, problems)
        cell["grade"] = GRADE_WORDS.get(cell["grade"], cell["grade"])
        row = record_of(
            GoldRow, cell, domains=named, directions=_ids(cell["direction"], directions, "direction", place, problems)
        )
        if row.grade and row.grade not in GRADES:
            problems.append(
                Problem(
                    "gold/grade",
                    f"unknown grade '{row.grade}'",
                    place,
                    did_you_mean(row.grade, GRADES) or f"grades: {', '.join(GRADES)}",
                )
            )
        if not row.uscc and not row.name:
            problems.append(Problem("gold/no-key", "the row names no company", place, "give a credit code or a name"))
        rows.append(row)
    if problems:
        raise DatasetError(problems)
    return tuple(rows)


def written_rows(path: Path, shown: str) -> tuple[list[str], list[tuple[int, Mapping[str, str]]]]:
    """Return headers and (line, cells by header) of a table that people keep: CSV in UTF-8 or GB 18030, or the first sheet of a workbook.

    Raises DatasetError when it cannot be read.
    """
    return _workbook(path, shown) if path.suffix.lower() == ".xlsx" else _text(path, shown)


def _text(path: Path, shown: str) -> tuple[list[str], list[tuple[int, Mapping[str, str]]]]:
    try:
        text = kept_text(path, shown, MOST_BYTES)
        # Strict: a stray quote would take the rows after it into its cell without a word.
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        reader.fieldnames = [header.strip() for header in reader.fieldnames or ()]
        return list(reader.fieldnames), [(reader.line_num, record) for record in reader]
    except UnicodeDecodeError as error:
        raise DatasetError.of(
            "gold/unreadable",
            f"the file is neither UTF-8 nor GB 18030 (byte {error.start})",
            Position(shown),
            "save it as UTF-8 CSV",
        ) from None
    except (OSError, csv.Error) as error:
        raise _unreadable(shown, error, "give a CSV file with a header row and no stray quotes") from None


def _workbook(path: Path, shown: str) -> tuple[list[str], list[tuple[int, Mapping[str, str]]]]:
    """Read the first sheet as intake does: what it would unfold to is measured from its own records, before it is."""
    remedy = "give a workbook whose first sheet has a header row"
    try:
        book = Spreadsheet(path)
        try:
            grid = book.read(book.sheets[0], None)
        finally:
            book.close()
    except (TooLarge, Damaged, zipfile.BadZipFile, zlib.error, OSError, ValueError, LookupError, RuntimeError) as error:
        raise _unreadable(shown, error, remedy) from None
    numbered = [
        (number, ["" if cell is None else str(cell) for cell in cells])
        for number, cells in zip(grid.rows.to_list(), grid.frame.iter_rows(), strict=True)
    ]
    if not numbered:
        raise _unreadable(shown, ValueError("its first sheet is empty"), remedy)
    headers = [header.strip() for header in numbered[0][1]]
    return headers, [(number, dict(zip(headers, cells, strict=True))) for number, cells in numbered[1:]]


def _unreadable(shown: str, error: Exception, remedy: str) -> DatasetError:
    return DatasetError.of("gold/unreadable", f"cannot read the file: {error}", Position(shown), remedy)


def _names(pack: RulePack) -> tuple[dict[str, str | None], dict[str, str | None]]:
    names = direction_names(pack)
    domains = {name: domain_id for name, (domain_id, direction_id) in names.items() if direction_id is None}
    return dict(domains), {
        name: direction_id for name, (_, direction_id) in names.items() if direction_id or name.endswith(NEAREST)
    }


def _ids(
    written: str, known: Mapping[str, str | None], what: str, place: Position, problems: list[Problem]
) -> frozenset[str]:
    found = set()
    for name in (part.strip() for part in written.replace("；", ";").split(";")):
        if not name or name in (NONE, "无"):
            continue
        if name in known:
            found.add(known[name])  # a direction marked as only the nearest is none
        else:
            problems.append(
                Problem(
                    f"gold/unknown-{what}",
                    f"the rule pack has no {what} '{name}'",
                    place,
                    did_you_mean(name, known) or f"write the id or the name of a {what}, or none",
                )
            )
    return frozenset(one for one in found if one)
