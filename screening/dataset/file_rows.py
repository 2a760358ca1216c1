"""The rows of one file that can be read, range by range; those that cannot are set aside with their reason."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from screening.dataset.amounts import money_unit
from screening.dataset.headers import fold_header, match_headers
from screening.dataset.ledger import ID, Ledger
from screening.dataset.notes import DETAILS, note_or_total, numbers_columns, repeats_headers
from screening.dataset.numbers import other_period
from screening.dataset.raw import ROW, RawTable
from screening.dataset.text import MAX_CELL, clean, fold, missing_reason
from screening.errors import DatasetError, Position

if TYPE_CHECKING:
    from screening.catalog import Column, Table
    from screening.dataset.columns import FileSpec
    from screening.dataset.manifest import SourceFile

_CLEANED = "\x00cleaned "


class FileRows:
    """The rows of a file that can be read, range by range, with ID; the others are set aside as they are first met."""

    def __init__(
        self, raw: RawTable, spec: SourceFile, known: FileSpec, table: Table, ledger: Ledger, number: int
    ) -> None:
        self.raw, self.spec, self.known, self._table, self.ledger = raw, spec, known, table, ledger
        self.number, self.first = number, ledger.offset(number)
        matched = raw.headers.by_column()
        self._named = [match.header for match in raw.headers.references]
        self._named += [matched["name"].header] if "name" in matched else []
        self._numbering = numbers_columns(raw, self._named)
        self._unusable: dict[int, pl.Series] = {}
        self.twice = len(raw.starts) > 1
        """Whether the rows are gone over twice: what is set aside the first time is not again."""

    def elsewhere(self) -> FileRows:
        """Return the same rows for whoever works on a range of them alone, with a ledger of its own."""
        found = copy.copy(self)
        found.ledger, found._unusable = Ledger(()), {}
        return found

    def at(self, start: int) -> pl.DataFrame:
        """Return the rows of the range that begins at `start` that can be read; the others are set aside."""
        first = self.first + start
        rows = self.raw.rows(start, self.raw.end(start) - start)
        frame = rows.with_columns(pl.int_range(first, first + pl.len(), dtype=pl.Int64).alias(ID))
        if start in self._unusable:
            return frame.join(self._unusable[start].to_frame(), on=ID, how="anti", maintain_order="left")
        usable = self._usable(frame, start)
        if self.twice:
            self._unusable[start] = frame.join(usable.select(ID), on=ID, how="anti")[ID]
        return usable

    def _usable(self, frame: pl.DataFrame, start: int) -> pl.DataFrame:
        raw, table, ledger = self.raw, self._table, self.ledger
        matched = raw.headers.by_column()
        headers = [match.header for match in raw.headers.matches]
        numbering = self._numbering[start : start + frame.height]
        following = raw.rows(start + frame.height, 1) if start + frame.height < raw.height else None
        line = note_or_total(frame, raw.frame.columns[1:], self._named, numbering, following)
        if line.null_count() < len(line):
            for reason, detail in DETAILS.items():
                ledger.add(frame.filter((line == reason).fill_null(False))[ID], reason, detail)
            frame = frame.filter(line.is_null())
        if (parent := self._of_parent(frame)).any():
            ledger.add(
                frame.filter(parent)[ID], "other_accounts", "the parent's own accounts, beside those of its group"
            )
            frame = frame.filter(~parent)
        tests: list[tuple[str, str, pl.Expr]] = []
        if headers:
            longest = pl.max_horizontal([pl.col(header).str.len_chars().fill_null(0) for header in headers])
            tests += [
                ("cell_too_large", f"a cell has more than {MAX_CELL:,} characters", longest > MAX_CELL),
                ("repeated_header", "the header row again", pl.lit(repeats_headers(frame, headers))),
            ]
        for column, spec in table.columns.items():
            if not spec.required or column not in matched:
                continue
            header = matched[column].header
            frame = frame.with_columns(clean(frame[header], one_line=True).alias(_CLEANED + column))
            cell = pl.col(_CLEANED + column)
            empty = cell.is_null() | missing_reason(cell).is_not_null()
            if column == "name" and not table.parent:
                garbled = cell.str.count_matches("\ufffd") * 2 >= cell.str.len_chars()
                tests += [
                    ("repeated_header", "a header row again", cell.str.to_lowercase().is_in(_headers_of(spec))),
                    ("no_name", "the name is empty", empty),
                    ("not_text", "the name holds no letter", ~cell.str.contains(r"\p{L}") | garbled),
                ]
            else:
                tests.append(("no_key", f"{column} is empty", empty))
                if column == table.fiscal_year:
                    tests.append(("other_period", "a forecast or part of a year", other_period(cell)))
        if not tests:
            return frame
        # What speaks against a row first is why it is set aside.
        first = [pl.when(test).then(pl.lit(place)) for place, (_, _, test) in enumerate(tests)]
        against = frame.select(pl.coalesce(first).alias("first"))["first"]
        if against.null_count() < len(against):
            for place in against.drop_nulls().unique().sort():
                reason, detail, _ = tests[place]
                rows = frame.filter((against == place).fill_null(False))
                if reason == "repeated_header":
                    self._same_units(rows)
                ledger.add(rows[ID], reason, detail)
            frame = frame.filter(against.is_null())
        return frame.select(*raw.frame.columns, ID)

    def _of_parent(self, frame: pl.DataFrame) -> pl.Series:
        """Return which rows are a parent's own accounts of a year of which its group's stand there too."""
        year = self.raw.headers.by_column().get(self._table.fiscal_year or "")
        kind = next((h for h in self.raw.headers.unrecognised if fold_header(h) in _KINDS_OF_ACCOUNTS), None)
        if year is None or kind is None or not self._named:
            return pl.Series([False]).new_from_index(0, frame.height)
        said = fold(pl.col(kind)).str.to_lowercase()
        group = said.str.contains("^(?:a$|合并|consolidated)").fill_null(False)
        parent = said.str.contains("^(?:b$|母公司|单体|本部|个别|parent)").fill_null(False)
        whose = [self._named[0], year.header]
        parents = frame.filter(parent).select(whose).unique()
        if parents.is_empty():
            return pl.Series([False]).new_from_index(0, frame.height)
        # The group's may stand in another range.
        rows = self.raw.ranges([*whose, kind])
        groups = pl.concat(each.filter(group).join(parents, on=whose, how="semi", nulls_equal=True) for each in rows)
        known = groups.select(*whose, known=True).unique()
        return (
            frame.select(*whose, parent=parent)
            .join(known, on=whose, how="left", nulls_equal=True, maintain_order="left")
            .select(pl.col("parent") & pl.col("known").fill_null(False))
            .to_series()
        )

    def _same_units(self, again: pl.DataFrame) -> None:
        """Refuse a file whose headers come again with another unit: what follows is another table."""
        for match in self.raw.headers.matches:
            above = money_unit(self.spec.units.get(match.column, match.unit))
            for row, cell in again.select(ROW, match.header).iter_rows():
                below = match_headers([cell or ""], self._table).by_column().get(match.column)
                unit = None if below is None else money_unit(below.unit)
                if (
                    below is not None
                    and unit is not None
                    and (above is None or replace(unit, kind=above.kind) != above)
                ):
                    raise DatasetError.of(
                        "data/second-table",
                        f"{self.raw.label}: another table begins in row {row}: it has '{below.header.strip()}', the first "
                        f"'{match.header}'",
                        Position(self.raw.label, row, match.index + 1),
                        "put each table on a sheet or in a file of its own",
                    )


_KINDS_OF_ACCOUNTS = frozenset(
    map(
        fold_header,
        ("报表类型", "报告类型", "报表口径", "合并类型", "报表性质", "会计报表类型", "Typrep", "Statement Type"),
    )
)


def _headers_of(column: Column) -> list[str]:
    """Return what a column is called in files, for rows of headers in another language or of another table below."""
    return [header.lower() for header in column.headers]
