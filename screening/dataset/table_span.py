"""How many rows and columns the sheets of an XLSB or ODS file span, from its own records, before it is loaded."""

from __future__ import annotations

import zipfile
from typing import IO, TYPE_CHECKING
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CHUNK = 1 << 20
_LONGEST_RECORD = 1 << 20
_ROW, _CELLS = 0, frozenset(range(1, 12))


def declared_span(path: Path) -> tuple[int, int]:
    """Return (rows, columns) of the largest sheet; (0, 0) for a form that cannot span much (XLS).

    Raises zipfile errors, ValueError for records that make no sense.
    """
    if not zipfile.is_zipfile(path):
        return 0, 0
    largest = (0, 0)
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name == "content.xml":
                with archive.open(name) as stream:
                    spans = list(_opendocument(stream))
            elif name.startswith("xl/worksheets/") and name.endswith(".bin"):
                with archive.open(name) as stream:
                    spans = [_binary(stream)]
            else:
                continue
            largest = max([largest, *spans], key=lambda span: span[0] * span[1])
    return largest


def _binary(stream: IO[bytes]) -> tuple[int, int]:
    """Walk the records of an XLSB sheet: each is a number, a length and as many bytes."""
    rows = columns = 0
    while True:
        kind = _varying(stream, 2)
        if kind is None:
            return rows, columns
        length = _varying(stream, 4) or 0
        if length > _LONGEST_RECORD:
            raise ValueError("a record is longer than any can be")
        data = stream.read(length)
        if kind == _ROW and len(data) >= 4:
            rows = max(rows, int.from_bytes(data[:4], "little") + 1)
        elif kind in _CELLS and len(data) >= 4:
            columns = max(columns, int.from_bytes(data[:4], "little") + 1)


def _varying(stream: IO[bytes], most: int) -> int | None:
    value = 0
    for place in range(most):
        byte = stream.read(1)
        if not byte:
            return None if place == 0 else value
        value |= (byte[0] & 0x7F) << (7 * place)
        if not byte[0] & 0x80:
            break
    return value


def _opendocument(stream: IO[bytes]) -> Iterator[tuple[int, int]]:
    """Count rows and columns of the tables of an ODS file up to the last that holds a value; repeats count in full."""
    spans: list[tuple[int, int]] = []
    row = column = last_row = last_column = 0
    repeat_row = repeat_cell = 1
    filled = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, last_row, last_column, repeat_row, repeat_cell, filled
        if name == "table:table":
            row = last_row = last_column = 0
        elif name == "table:table-row":
            repeat_row, column, filled = _count(attributes.get("table:number-rows-repeated")), 0, False
        elif name in ("table:table-cell", "table:covered-table-cell"):
            repeat_cell = _count(attributes.get("table:number-columns-repeated"))
            column += repeat_cell
            if any(key.startswith(("office:", "calcext:")) for key in attributes):
                filled, last_column = True, max(last_column, column)
        elif name == "text:p":
            filled, last_column = True, max(last_column, column)

    def end(name: str) -> None:
        nonlocal row, last_row
        if name == "table:table-row":
            row += repeat_row
            last_row = row if filled else last_row
        elif name == "table:table":
            spans.append((last_row, last_column))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError) as error:
        raise ValueError(str(error)) from None
    return iter(spans)


def _count(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 1
