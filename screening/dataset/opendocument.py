"""The sheets of an ODS file as its own records give them: how far each spans, and the cells whose format says more than their number."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import IO, TYPE_CHECKING
from xml.parsers import expat

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

_CHUNK = 1 << 20
_SHOWN = re.compile(r"-?\d[\d,]*(?:\.(\d+))?")
_UNIT = re.compile(r"[元万亿千百¥￥$€£币]|RMB|CNY|USD|HKD|EUR|JPY|GBP", re.IGNORECASE)
_MONEY = ("float", "currency")


@dataclass(slots=True)
class Sheet:
    """`told`: (row, rows, column, columns, number, text) of cells whose text, from places 0, stands for the number held."""

    rows: int = 0
    columns: int = 0
    first_column: int | None = None
    told: list[tuple[int, int, int, int, Decimal, str]] = field(default_factory=list)

    def retold(self, grid: pl.DataFrame) -> pl.DataFrame | None:
        """Write into a grid of values, which begins at the first filled column, what its cells' formats say; None where the two differ."""
        if not self.told:
            return grid
        left = self.first_column or 0
        changes: dict[int, dict[int, str]] = {}
        for row, rows, column, columns, number, text in self.told:
            for place in range(column - left, column - left + columns):
                for line in range(row, min(row + rows, grid.height)):
                    if not 0 <= place < grid.width or _number(grid.item(line, place)) != number:
                        return None
                    changes.setdefault(place, {})[line] = text
        return grid.with_columns(
            grid.to_series(place).clone().scatter(list(texts), list(texts.values())) for place, texts in changes.items()
        )


class Walk:
    """Goes over the records of an ODS file; repeats count in full, up to the last cell that holds something."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.sheets: list[Sheet] = []
        self._row = self._column = self._repeat_row = self._repeat_cell = 0
        self._filled = False
        self._cell: dict[str, str] = {}
        self._text: list[str] | None = None
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._say
        try:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except (expat.ExpatError, LookupError) as error:
            raise ValueError(str(error)) from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self.sheets.append(Sheet())
            self._row = 0
        elif not self.sheets:
            return
        elif name == "table:table-row":
            self._repeat_row, self._column, self._filled = (
                _count(attributes.get("table:number-rows-repeated")),
                0,
                False,
            )
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._repeat_cell = _count(attributes.get("table:number-columns-repeated"))
            self._cell, self._column = attributes, self._column + self._repeat_cell
            if any(key.startswith(("office:", "calcext:")) for key in attributes):
                self._holds()
        elif name == "text:p":
            self._holds()
            self._text = [] if self._text is None and "office:value" in self._cell else self._text

    def _say(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def _holds(self) -> None:
        sheet = self.sheets[-1]
        self._filled, sheet.columns = True, max(sheet.columns, self._column)
        first = self._column - self._repeat_cell
        sheet.first_column = first if sheet.first_column is None else min(sheet.first_column, first)

    def _end(self, name: str) -> None:
        if not self.sheets:
            return
        if name == "table:table-cell":
            if self._text is not None and (told := _told(self._cell, "".join(self._text))) is not None:
                first = self._column - self._repeat_cell
                self.sheets[-1].told.append((self._row, self._repeat_row, first, self._repeat_cell, *told))
            self._cell, self._text = {}, None
        elif name == "table:table-row":
            self._row += self._repeat_row
            if self._filled:
                self.sheets[-1].rows = self._row


def _told(cell: dict[str, str], shown: str) -> tuple[Decimal, str] | None:
    """Return the number of a cell and the text that says it with its format; None where the number says all.

    A unit counts where the number is shown beside it as it is held: `0.0,"万"` shows a hundredth of a per cent of it.
    """
    kind, number = cell.get("office:value-type"), _number(cell.get("office:value"))
    if number is None:
        return None
    if kind == "percentage":
        return number, f"{number * 100:f}%"
    currency = cell.get("office:currency", "")
    if kind not in _MONEY or not (_UNIT.search(shown) or currency not in ("", "CNY")):
        return None
    figure = _SHOWN.search(shown)
    if figure is None:
        return number, f"{number:f}{currency}"
    near = Decimal(1).scaleb(-len(figure[1] or ""))
    if abs(abs(Decimal(figure[0].replace(",", ""))) - abs(number)) > near:
        return number, f"{number:f}{currency}"
    unit = re.sub(r"[\d.,()\s+-]", "", shown)
    if currency not in ("", "CNY"):
        unit = "".join(re.findall("[万亿千百]", unit)) + currency
    return number, f"{number:f}{unit}"


def _number(text: object) -> Decimal | None:
    try:
        return None if text is None else Decimal(str(text))
    except InvalidOperation:
        return None


def _count(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 1


def sheets_of(path: Path) -> list[Sheet]:
    """Return the sheets of a file in their order; none where it is called otherwise inside. Raises zipfile errors, ValueError for records that make no sense."""
    with zipfile.ZipFile(path) as archive:
        if "content.xml" not in archive.namelist():
            return []
        with archive.open("content.xml") as stream:
            return Walk(stream).sheets
