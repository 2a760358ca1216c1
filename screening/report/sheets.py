"""A workbook of plain tables: heads that stay in sight, filters, a kind of number for each column.

`xlsxwriter` makes the book with its heads, widths and filters; the rows are written into its sheets here, since it takes six times as
long over them (127,000 cells: 0.45 s against 0.08 s). Texts are written as texts, so nothing in a cell can run; the same rows give
the same bytes.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

Column = tuple[str, int, str]
"""Header, width and the kind of its cells; empty: text, or as each cell says."""
FORMATS = {
    "points": "0.00",
    "ratio": "0.0###%",
    "cny": "#,##0.00####",
    "date": "yyyy-mm-dd",
    "months": "General",
    "years": "General",
    "number": "General",
    "whole": "#,##0",
}
"""How numbers of a kind are shown. `0.###` would show 5 as `5.`."""
CELL = 32_000
"""A cell holds at most 32,767 characters."""
BOOK = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
"""In memory: otherwise company data pass through the system's folder for temporary files."""
CREATED = datetime.datetime(2024, 9, 14, tzinfo=datetime.UTC).replace(tzinfo=None)

_FIRST = datetime.date(1899, 12, 30)
_AGREED = datetime.date(1900, 3, 1)
"""Earlier days are texts: spreadsheet programs do not agree on their numbers."""
_HEAD_ROW = re.compile(rb'<dimension ref="[^"]*"/>')
_STYLE = re.compile(r'<c r="[A-Z]+2" s="(\d+)"/>')
_SECOND_ROW = re.compile(rb'<row r="2".*?</row>')
_UNIQUE = re.compile(rb'count="\d+" uniqueCount="(\d+)"')
_ODD = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9a-fA-F]{4}_|^\s|\s$")
_UNWRITTEN = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9a-fA-F]{4}_)")


class Sheets:
    """A workbook in the making. `shown`: what becomes of a text before it is written."""

    def __init__(self, shown: Callable[[str], str] = str) -> None:
        self.shown = shown
        self.content = io.BytesIO()
        self.book: Any = xlsxwriter.Workbook(self.content, BOOK)
        self.book.set_properties({"created": CREATED})
        self.head = self.book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
        self.formats = {kind: self.book.add_format({"num_format": form}) for kind, form in FORMATS.items()}
        self._rows: list[tuple[Sequence[Column], list[Sequence[object]]]] = []
        self._texts: dict[str, int] = {}
        self._written: list[str] = []

    def sheet(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[object]], frozen: int = 2) -> None:
        """Add a sheet with a head; a row's cell is a value, or (value, kind) where the column has none."""
        sheet = self.book.add_worksheet(name)
        for at, (header, width, kind) in enumerate(columns):
            sheet.write_string(0, at, header, self.head)
            sheet.set_column(at, at, width, self.formats.get(kind))
        if not self._rows:
            # One cell of each kind tells by which number the book knows it; the rows take their place.
            for at, form in enumerate(self.formats.values()):
                sheet.write_blank(1, at, None, form)
        filled = list(rows)
        sheet.freeze_panes(1, frozen)
        if filled:
            sheet.autofilter(0, 0, len(filled), len(columns) - 1)
        self._rows.append((columns, filled))

    def written(self) -> bytes:
        """Close the workbook and return it."""
        self.book.close()
        written = io.BytesIO()
        with zipfile.ZipFile(self.content) as bare, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as whole:
            first = bare.read("xl/worksheets/sheet1.xml").decode()
            styles = dict(zip(FORMATS, _STYLE.findall(first), strict=True))
            strings = bare.read("xl/sharedStrings.xml")
            already = _UNIQUE.search(strings)
            assert already is not None
            start = int(already[1])
            for entry in bare.infolist():
                part = bare.read(entry)
                if entry.filename.startswith("xl/worksheets/sheet"):
                    number = int(re.sub(r"\D", "", entry.filename)) - 1
                    part = self._filled(part, *self._rows[number], styles, start)
                if entry.filename != "xl/sharedStrings.xml":
                    whole.writestr(entry, part, zipfile.ZIP_DEFLATED)
            whole.writestr(bare.getinfo("xl/sharedStrings.xml"), self._strings(strings, start), zipfile.ZIP_DEFLATED)
        return written.getvalue()

    def _filled(
        self,
        sheet: bytes,
        columns: Sequence[Column],
        rows: Sequence[Sequence[object]],
        styles: Mapping[str, str],
        start: int,
    ) -> bytes:
        body = "".join(self._row_texts(columns, rows, styles, start)).encode()
        corner = f'<dimension ref="A1:{xl_col_to_name(len(columns) - 1)}{len(rows) + 1}"/>'.encode()
        sheet = _HEAD_ROW.sub(corner, _SECOND_ROW.sub(b"", sheet), count=1)
        return sheet.replace(b"</sheetData>", body + b"</sheetData>")

    def _row_texts(
        self, columns: Sequence[Column], rows: Sequence[Sequence[object]], styles: Mapping[str, str], start: int
    ) -> Iterator[str]:
        places = [(xl_col_to_name(at), kind) for at, (_, _, kind) in enumerate(columns)]
        marks = {"": ""} | {kind: f' s="{number}"' for kind, number in styles.items()}
        for number, row in enumerate(rows, 2):
            cells = [f'<row r="{number}">']
            for (letter, own), cell in zip(places, row, strict=True):
                value, kind = cell if isinstance(cell, tuple) else (cell, own)
                if isinstance(value, datetime.date) and value < _AGREED:
                    value = value.isoformat()
                if isinstance(value, str):
                    if value:
                        at = start + self._text(value)
                        cells.append(f'<c r="{letter}{number}"{marks[own]} t="s"><v>{at}</v></c>')
                elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
                    said = value if isinstance(value, int) else float(value)
                    cells.append(f'<c r="{letter}{number}"{marks[kind or "number"]}><v>{said!r}</v></c>')
                elif isinstance(value, datetime.date):
                    cells.append(f'<c r="{letter}{number}"{marks["date"]}><v>{(value - _FIRST).days}</v></c>')
                else:
                    assert value is None, value
            yield from (*cells, "</row>")

    def _text(self, text: str) -> int:
        """Return the place of a text among those of the book, which holds each once."""
        place = self._texts.get(text)
        if place is None:
            place = self._texts[text] = len(self._texts)
            shown = self.shown(text)[:CELL]
            if _ODD.search(shown):
                escaped = escape(_UNWRITTEN.sub(lambda m: f"_x{ord(m[0]):04X}_", shown), quote=False)
                self._written.append(f'<si><t xml:space="preserve">{escaped}</t></si>')
            else:
                self._written.append(f"<si><t>{shown}</t></si>")
        return place

    def _strings(self, heads: bytes, start: int) -> bytes:
        count = start + len(self._written)
        told = _UNIQUE.sub(f'count="{count}" uniqueCount="{count}"'.encode(), heads, count=1)
        return told.replace(b"</sst>", "".join(self._written).encode() + b"</sst>")
