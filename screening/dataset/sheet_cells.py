"""The cells of one sheet of an XLSX file, taken from the stream of its XML, and what stands beside them."""

from __future__ import annotations

import re
from array import array
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from screening.dataset.text import set_apart

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_CELLS = 30_000_000
"""Cells, empty ones with a style included, that are read from one sheet."""
_FLUSH = 400_000
_MAX_MERGES = 1_000_000
_MAX_COLUMNS = 16_384
_REFERENCE = re.compile(r"^\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})$")


class TooLarge(Exception):
    """A part claims or holds more than is read. The text says what and how much."""


class Damaged(Exception):
    """A part is not what the format wants. The text says what."""


class _Enough(Exception):
    """As many rows were read as were asked for."""


@dataclass(frozen=True, slots=True)
class SheetCells:
    """What a sheet holds.

    `cells`: one row per filled cell: `row` from 1, `column` from 0, `kind` (the type letter of the format), `style`, raw
    `text` (NULL for a formula without result). `formulas`: row and column of the cells with a formula. `merged`: (first
    row, last row, first column, last column).
    """

    cells: pl.DataFrame
    formulas: pl.DataFrame
    merged: tuple[tuple[int, int, int, int], ...]
    hidden_rows: int
    hidden_columns: int
    filtered: bool


@dataclass(slots=True)
class _Collected:
    rows: array[int] = field(default_factory=lambda: array("i"))
    columns: array[int] = field(default_factory=lambda: array("i"))
    styles: array[int] = field(default_factory=lambda: array("i"))
    kinds: list[str] = field(default_factory=list)
    texts: list[str | None] = field(default_factory=list)

    def frame(self) -> pl.DataFrame:
        """Return what was collected and begin anew."""
        frame = pl.DataFrame(
            {
                "row": pl.Series(self.rows, dtype=pl.Int32),
                "column": pl.Series(self.columns, dtype=pl.Int32),
                "kind": pl.Series(self.kinds, dtype=pl.String),
                "style": pl.Series(self.styles, dtype=pl.Int32),
                "text": pl.Series(self.texts, dtype=pl.String),
            }
        )
        for held in (self.rows, self.columns, self.styles):
            del held[:]
        self.kinds.clear()
        self.texts.clear()
        return frame


def read_cells(walk: Callable[..., Any], name_of_sheet: str, limit: int | None) -> SheetCells:
    """Read a sheet, or its first `limit` rows. `walk` gives the handlers (start, end, text) its XML.

    Raises TooLarge and Damaged.
    """
    frames: list[pl.DataFrame] = []
    found = _Collected()
    formulas: list[tuple[int, int]] = []
    merged: list[tuple[int, int, int, int]] = []
    known: dict[str, int] = {}
    row = column = count = rows_seen = hidden_rows = hidden_columns = 0
    kind, style, reference, align = "n", 0, "", ""
    filtered = formula = inside = in_cell = phonetic = False
    pieces: list[str] = []
    # The tags of the format, with the prefix that this file puts before them.
    prefix: str | None = None
    tag_c = tag_v = tag_t = tag_row = tag_f = ""

    def start(name: str, attributes: list[str]) -> None:
        nonlocal row, column, count, rows_seen, hidden_rows, hidden_columns, kind, style, reference
        nonlocal filtered, formula, inside, in_cell, phonetic, align, prefix, tag_c, tag_v, tag_t, tag_row, tag_f
        if name == tag_c:
            kind, style, reference = "n", 0, ""
            for place in range(0, len(attributes), 2):
                key = attributes[place]
                if key == "r":
                    reference = attributes[place + 1]
                elif key == "s":
                    style = whole(attributes[place + 1])
                elif key == "t":
                    kind = attributes[place + 1]
            pieces.clear()
            align = ""
            formula = False
            in_cell = True
            count += 1
            if count > MAX_CELLS:
                raise TooLarge(f"'{name_of_sheet}' holds more than {MAX_CELLS:,} cells")
        elif name == tag_v or (name == tag_t and in_cell):
            inside = not phonetic
        elif name == tag_row:
            at = _attribute(attributes, "r")
            row = whole(at) if at else row + 1
            column = -1
            if _attribute(attributes, "hidden") in ("1", "true"):
                hidden_rows += 1
            rows_seen += 1
            if limit is not None and rows_seen > limit:
                raise _Enough
        elif name == tag_f:
            formula = in_cell
        elif prefix is None:
            prefix = name[: len(name) - len(name.rpartition(":")[2])]
            tag_c, tag_v, tag_t, tag_row, tag_f = (prefix + tag for tag in ("c", "v", "t", "row", "f"))
        elif name == prefix + "mergeCell":
            if len(merged) < _MAX_MERGES and (box := _box(_attribute(attributes, "ref"))):
                merged.append(box)
        elif name == prefix + "rPh":
            phonetic = True
        elif name == prefix + "r":
            align = ""
        elif name == prefix + "vertAlign":
            align = _attribute(attributes, "val")
        elif name == prefix + "col" and _attribute(attributes, "hidden") in ("1", "true"):
            first, last = (whole(_attribute(attributes, key)) for key in ("min", "max"))
            hidden_columns += max(0, min(last, _MAX_COLUMNS) - first + 1)
        elif name == prefix + "autoFilter":
            filtered = True

    def end(name: str) -> None:
        nonlocal inside, in_cell, column, phonetic
        if name in (tag_v, tag_t):
            inside = False
        elif name == tag_c:
            in_cell = False
            label = reference.rstrip("0123456789")
            if label:
                at = known.get(label)
                if at is None:
                    at = known[label] = column_number(label)
                column = at
            else:
                column += 1
            value = "".join(pieces)
            if formula:
                formulas.append((row, column))
            elif not value:
                return
            found.rows.append(row)
            found.columns.append(column)
            found.kinds.append(kind)
            found.styles.append(style)
            found.texts.append(value or None)
            if len(found.kinds) >= _FLUSH:
                frames.append(found.frame())
        elif phonetic and prefix is not None and name == prefix + "rPh":
            phonetic = False

    def text(data: str) -> None:
        if inside:
            pieces.append(set_apart(data, align) if align else data)

    with suppress(_Enough):
        walk(start, end, text)
    frames.append(found.frame())
    marked = pl.DataFrame(formulas, schema={"row": pl.Int32, "column": pl.Int32}, orient="row")
    return SheetCells(pl.concat(frames), marked, tuple(merged), hidden_rows, hidden_columns, filtered)


def whole(text: str | None) -> int:
    """Return a number written in digits, 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0


def _attribute(attributes: list[str], name: str) -> str:
    for place in range(0, len(attributes), 2):
        if attributes[place] == name:
            return attributes[place + 1]
    return ""


def column_number(letters: str) -> int:
    """Return the number of a column, from 0."""
    number = 0
    for letter in letters:
        if not "A" <= letter <= "Z" or len(letters) > 3:
            raise Damaged(f"there is no column {letters[:10]!r}")
        number = number * 26 + ord(letter) - 64
    return number - 1


def letters(column: int) -> str:
    """Return the letters of a column, counted from 0."""
    text, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def _box(reference: str) -> tuple[int, int, int, int] | None:
    found = _REFERENCE.match(reference)
    if found is None:
        return None
    return int(found[2]), int(found[4]), column_number(found[1]), column_number(found[3])
