"""What intake hands on: clean tables, rows set aside, and what was observed on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from screening.errors import Problem

Absence = Literal["zero", "unknown"]
AsOfBasis = Literal["given", "dataset", "newest_date", "today"]

SET_ASIDE_REASONS: tuple[str, ...] = (
    "no_name",
    "not_text",
    "cell_too_large",
    "field_count",
    "unclosed_quote",
    "repeated_header",
    "total_row",
    "note",
    "other_period",
    "other_accounts",
    "duplicate",
    "duplicate_key",
    "no_key",
    "no_company",
    "ambiguous_company",
    "after_as_of",
)


@dataclass(frozen=True, slots=True)
class RowCount:
    """Rows of one table: read = clean + set aside, always."""

    read: int
    clean: int
    set_aside: int
    set_aside_by_reason: Mapping[str, int] = field(default_factory=dict)

    def as_record(self) -> dict[str, Any]:
        """Return the counts as plain data for the manifest."""
        return {
            "read": self.read,
            "clean": self.clean,
            "set_aside": self.set_aside,
            "set_aside_by_reason": dict(self.set_aside_by_reason),
        }


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset after intake.

    `tables`: clean Parquet by table, typed as the table declares, sorted by key and content; every table also
    has `source_file`, `source_sheet` (NULL: not a workbook) and `source_row`, and `missing_reasons` (`column=reason;…`, NULL when nothing failed).
    `available`: the columns that the source has. `absence`, `searched_on`: what having no row means, per table.
    `set_aside`: Parquet by table with `source_file, source_row, reason, detail, original`.
    `confidential`: what `dataset.yaml` marks so, by table: all of it, none of it, or these columns.
    `files`: records `{path, sha256, rows, table, form, …}`. `quality`: plain records, see `quality.profile`.
    """

    id: str
    label: Mapping[str, str]
    synthetic: bool
    root: str
    tables: Mapping[str, Path]
    available: Mapping[str, frozenset[str]]
    absence: Mapping[str, Absence]
    searched_on: Mapping[str, date | None]
    set_aside: Mapping[str, Path]
    rows: Mapping[str, RowCount]
    quality: Mapping[str, Any]
    as_of: date
    as_of_basis: AsOfBasis
    files: tuple[Mapping[str, Any], ...]
    notices: tuple[Problem, ...]
    fund: Mapping[str, Any] | None = None
    confidential: Mapping[str, bool | tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What one file looks like to intake: for `screen inspect`.

    `columns`: records `{column, header, unit, unit_basis, filled, parsed, failures, examples}`; `unit_basis` says where the
    unit of an amount was found: `header`, `unit_row`, `above`, `unit_column`, `cells` (each states its own), `assumed`
    (none is stated, yuan is taken) or `unknown` (not understood: bare numbers are not used). `unrecognised`: headers that
    are not used; `near`: those of them that may mean a column; `missing`: columns without which the table is useless.
    `draft`: text of a `dataset.yaml` to save and correct, of all the file's sheets that hold a table; `further`: those
    sheets but this, looked at alike (without a draft of their own).
    """

    path: str
    form: str
    table: str
    encoding: str
    separator: str
    sheet: str
    sheets: tuple[str, ...]
    header_row: int
    header_levels: int
    rows: int
    refused: int
    columns: tuple[Mapping[str, Any], ...]
    unrecognised: tuple[str, ...]
    near: Mapping[str, str]
    missing: tuple[str, ...]
    draft: str
    notices: tuple[Problem, ...]
    further: tuple[Inspection, ...] = ()
