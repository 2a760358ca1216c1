"""An XLSX file read from its own records: streamed, bounded, and with what a bare value does not tell.

Values come with number format, date base, merged ranges, hidden rows and sheets, and whether a formula was ever
calculated. Only cells that are there are held, so a cell in the far corner costs no more than one.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

import polars as pl

from screening.dataset.number_format import BUILT_IN, NumberFormat, number_format
from screening.dataset.sheet_cells import Damaged, TooLarge, letters, read_cells, whole
from screening.dataset.sheet_text import as_text, unescaped
from screening.dataset.text import set_apart

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MAX_TEXT = 2_000_000_000
"""Bytes of text that the cells of one sheet may hold, each cell's own counted."""
MAX_PART = 64_000_000
"""Bytes of a part that only describes (sheets, styles), unpacked."""
UNCALCULATED = "#UNCALCULATED!"
"""Stands for the result of a formula that no program has worked out yet."""
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet as the workbook lists it."""

    name: str
    hidden: bool
    part: str


@dataclass(slots=True)
class Grid:
    """The cells of a sheet as text, one frame row per row of the sheet that holds a cell.

    `rows`: their numbers, from 1. `merged`: (first row, last row, first column, last column), columns from 0.
    """

    frame: pl.DataFrame
    rows: pl.Series
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: int = 0
    hidden_columns: int = 0
    filtered: bool = False
    uncalculated: tuple[str, ...] = ()
    uncalculated_count: int = 0


class Spreadsheet:
    """An opened XLSX file. Raises Damaged, TooLarge, zipfile and OS errors."""

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path)
        self._parts = {name.replace("\\", "/").lstrip("/").lower(): name for name in self._archive.namelist()}
        self._book = self._find("xl/workbook.xml")
        self._related = self._relations()
        self.date_1904 = False
        self._calculated = self._part_of("calcChain") is not None
        self.calculate_on_load = False
        self.sheets = self._sheets()
        self._formats = self._styles()
        self._strings: pl.Series | None = None

    def close(self) -> None:
        """Close the file."""
        self._archive.close()

    def _find(self, part: str) -> str:
        found = self._parts.get(part.lower())
        if found is None:
            raise Damaged(f"it has no part {part}")
        return found

    def _relations(self) -> dict[str, tuple[str, str]]:
        """Return id → (kind, part) of what the workbook points to."""
        folder, _, name = self._book.rpartition("/")
        part = self._parts.get(f"{folder}/_rels/{name}.rels".lower())
        found: dict[str, tuple[str, str]] = {}

        def start(_: str, tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "").replace("\\", "/")
                whole = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
                while "/../" in whole:
                    whole = re.sub(r"[^/]+/\.\./", "", whole, count=1)
                kind = attributes.get("Type", "").rpartition("/")[2]
                if whole.lower() in self._parts:
                    found[attributes.get("Id", "")] = (kind, self._parts[whole.lower()])

        if part is not None:
            self._describe(part, start)
        return found

    def _part_of(self, kind: str) -> str | None:
        return next((part for found, part in self._related.values() if found == kind), None)

    def _sheets(self) -> tuple[SheetEntry, ...]:
        listed: list[SheetEntry] = []

        def start(parent: str, tag: str, attributes: dict[str, str]) -> None:
            if tag == "sheet" and parent == "sheets":
                identifier = next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id"), "")
                kind, part = self._related.get(identifier, ("", ""))
                if kind == "worksheet":
                    hidden = attributes.get("state", "visible") != "visible"
                    listed.append(SheetEntry(attributes.get("name", ""), hidden, part))
            elif tag == "workbookPr":
                self.date_1904 = attributes.get("date1904", "") in ("1", "true")
            elif tag == "calcPr":
                self.calculate_on_load = attributes.get("fullCalcOnLoad", "") in ("1", "true")

        self._describe(self._book, start)
        if not listed:
            raise Damaged("it lists no worksheet")
        return tuple(listed)

    def _styles(self) -> list[NumberFormat]:
        """Return the number format of each cell style."""
        part = self._part_of("styles")
        codes: dict[int, str] = dict(BUILT_IN)
        used: list[int] = []

        def start(parent: str, tag: str, attributes: dict[str, str]) -> None:
            if tag == "numFmt" and parent == "numFmts":
                codes[whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
            elif tag == "xf" and parent == "cellXfs":
                used.append(whole(attributes.get("numFmtId")))

        if part is not None:
            self._describe(part, start)
        return [number_format(codes.get(identifier, "")) for identifier in used]

    def _describe(self, part: str, start: Callable[[str, str, dict[str, str]], None]) -> None:
        """Walk a small part, giving (parent, tag, attributes) of every element."""
        above: list[str] = []

        def opened(name: str, attributes: dict[str, str]) -> None:
            tag = name.rpartition(":")[2]
            start(above[-1] if above else "", tag, attributes)
            above.append(tag)

        self._walk(part, opened, lambda _: above.pop(), None, MAX_PART)

    def _walk(
        self,
        part: str,
        start: Callable[..., Any],
        end: Callable[[str], Any] | None,
        text: Callable[[str], Any] | None,
        limit: int | None = None,
        *,
        ordered: bool = False,
    ) -> None:
        """Stream a part through the parser. Entities of its own are refused: no spreadsheet needs one."""

        def refuse(*_: object) -> None:
            raise Damaged("it declares a document type, which no spreadsheet program writes")

        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.buffer_size = 1 << 16
        parser.ordered_attributes = ordered
        parser.StartDoctypeDeclHandler = refuse
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        done = 0
        try:
            with self._archive.open(part) as stream:
                while chunk := stream.read(_CHUNK):
                    done += len(chunk)
                    if limit is not None and done > limit:
                        raise TooLarge(f"{part} unpacks to more than {limit:,} bytes")
                    parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            # An encoding that nobody knows is no error of the parser's own.
            raise Damaged(f"{part}: {error}") from None

    def strings(self) -> pl.Series:
        """Return the shared strings."""
        if self._strings is None:
            part = self._part_of("sharedStrings")
            self._strings = pl.Series([], dtype=pl.String) if part is None else self._read_strings(part)
        return self._strings

    def _read_strings(self, part: str) -> pl.Series:
        texts: list[str] = []
        pieces: list[str] = []
        inside = phonetic = False
        align = ""

        def start(name: str, attributes: list[str]) -> None:
            nonlocal inside, phonetic, align
            tag = name.rpartition(":")[2]
            if tag == "t":
                inside = not phonetic
            elif tag == "rPh":
                phonetic = True
            elif tag == "vertAlign":
                align = attributes[attributes.index("val") + 1] if "val" in attributes else ""
            elif tag == "r":
                align = ""
            elif tag == "si":
                pieces.clear()
                align = ""

        def end(name: str) -> None:
            nonlocal inside, phonetic
            tag = name.rpartition(":")[2]
            if tag == "t":
                inside = False
            elif tag == "rPh":
                phonetic = False
            elif tag == "si":
                texts.append("".join(pieces))

        def text(data: str) -> None:
            if inside:
                pieces.append(set_apart(data, align) if align else data)

        self._walk(part, start, end, text, ordered=True)
        return unescaped(pl.Series(texts, dtype=pl.String))

    def read(self, sheet: SheetEntry, limit: int | None = None) -> Grid:
        """Read a sheet, or its first rows. Its text is what the writer of each cell saw."""
        found = read_cells(lambda *handlers: self._walk(sheet.part, *handlers, ordered=True), sheet.name, limit)
        cells, lost, count = self._calculated_only(found.cells, found.formulas)
        cells = as_text(cells, self.strings(), self._formats, date_1904=self.date_1904)
        if cells.select(pl.struct("row", "column").is_duplicated().any()).item():
            raise Damaged("a cell stands twice in the sheet")
        return grid_of(
            cells,
            sheet.name,
            merged=found.merged,
            hidden_rows=found.hidden_rows,
            hidden_columns=found.hidden_columns,
            filtered=found.filtered,
            uncalculated=lost,
            uncalculated_count=count,
        )

    def _calculated_only(
        self, cells: pl.DataFrame, formulas: pl.DataFrame
    ) -> tuple[pl.DataFrame, tuple[str, ...], int]:
        """Put a mark where a formula has no result.

        A program that cannot calculate writes no result, or 0 for every formula. Zeros are believed only where something
        shows that the workbook was calculated: a chain of calculation, or results that are not zero in a file that does
        not ask to be calculated on opening.
        """
        if formulas.is_empty():
            return cells, (), 0
        marked = cells.join(
            formulas.with_columns(formula=pl.lit(True)), on=["row", "column"], how="left", maintain_order="left"
        )
        formula = pl.col("formula").fill_null(False)
        zero = pl.col("text").cast(pl.Float64, strict=False) == 0
        numeric = pl.col("kind") == "n"
        results = marked.filter(formula & numeric & pl.col("text").is_not_null())
        alive = bool(results.select((~zero).fill_null(True).any()).item()) if results.height else False
        trusted = self._calculated or (alive and not self.calculate_on_load)
        lost = formula & (
            (pl.col("text").is_null() & (pl.col("kind") != "str"))
            | (pl.lit(not trusted) & numeric & zero.fill_null(False))
        )
        marked = marked.with_columns(lost=lost.fill_null(False))
        examples = tuple(
            f"{letters(column)}{row}"
            for row, column in marked.filter("lost").select("row", "column").head(3).iter_rows()
        )
        count = int(marked["lost"].sum())
        return (
            marked.with_columns(
                text=pl.when("lost").then(pl.lit(UNCALCULATED)).otherwise("text"),
                kind=pl.when("lost").then(pl.lit("str")).otherwise("kind"),
            )
            .filter(pl.col("text").is_not_null())
            .drop("formula", "lost"),
            examples,
            count,
        )


def grid_of(cells: pl.DataFrame, name_of_sheet: str, **beside: Any) -> Grid:
    """Lay cells (`row` from 1, `column` from 0, `text`) out as a grid; `beside`: its further fields. Raises TooLarge."""
    total = cells["text"].str.len_bytes().sum()
    if total > MAX_TEXT:
        raise TooLarge(f"the cells of '{name_of_sheet}' hold {total:,} bytes of text; the limit is {MAX_TEXT:,}")
    rows = cells["row"].unique().sort()
    # The columns are those of the sheet, from A to the last that holds anything near the others.
    used = cells["column"].unique().sort().to_list()
    frame = pl.DataFrame({"row": rows})
    parts = cells.partition_by("column", as_dict=True, include_key=False)
    columns = [
        frame.join(parts[(column,)].select("row", "text"), on="row", how="left", maintain_order="left")["text"].alias(
            f"{column}"
        )
        for column in used
    ]
    return Grid(pl.DataFrame(columns), rows.cast(pl.Int64), **beside)
