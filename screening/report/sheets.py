"""A workbook of plain tables: heads that stay in sight, filters, a kind of number for each column.

Texts are written as texts, so nothing in a cell can run; the same rows give the same bytes.
"""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Column = tuple[str, int, str]
"""Header, width and the kind of its cells; empty: text, or as each cell says."""
FORMATS = {
    "points": "0.00",
    "moved": "+0.00;-0.00;0.00",
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

_AGREED = datetime.date(1900, 3, 1)
"""Earlier days are texts: spreadsheet programs do not agree on their numbers."""


class Sheets:
    """A workbook in the making. `shown`: what becomes of a text before it is written."""

    def __init__(self, shown: Callable[[str], str] = str) -> None:
        self.shown = shown
        self.content = io.BytesIO()
        self.book: Any = xlsxwriter.Workbook(self.content, BOOK)
        self.book.set_properties({"created": CREATED})
        self.head = self.book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
        self.formats = {kind: self.book.add_format({"num_format": form}) for kind, form in FORMATS.items()}
        self.formats["wrapped"] = self.book.add_format({"text_wrap": True, "valign": "top"})

    def sheet(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[object]], frozen: int = 2) -> Any:
        """Add a sheet with a head and return it; a row's cell is a value, or (value, kind) where the column has none."""
        sheet = self.book.add_worksheet(name)
        own = [(kind, self.formats.get(kind)) for _, _, kind in columns]
        for at, (header, width, kind) in enumerate(columns):
            sheet.write_string(0, at, header, self.head)
            sheet.set_column(at, at, width, self.formats.get(kind))
        number = 0
        for number, row in enumerate(rows, 1):
            for at, (cell, (column, form)) in enumerate(zip(row, own, strict=False)):
                value, kind = cell if isinstance(cell, tuple) else (cell, column)
                if isinstance(value, datetime.date):
                    if value >= _AGREED:
                        sheet.write_datetime(number, at, value, self.formats["date"])
                        continue
                    value = value.isoformat()
                if isinstance(value, str):
                    if value:
                        sheet.write_string(number, at, self.shown(value)[:CELL], form)
                elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
                    sheet.write_number(number, at, value, self.formats[kind or "number"])
                else:
                    assert value is None, value
        sheet.freeze_panes(1, frozen)
        if number:
            sheet.autofilter(0, 0, number, len(columns) - 1)
        return sheet

    def written(self) -> bytes:
        """Close the workbook and return it."""
        self.book.close()
        return self.content.getvalue()
