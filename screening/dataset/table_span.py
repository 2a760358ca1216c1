"""How many rows and columns the sheets of an XLSB or ODS file span, from its own records, before it is loaded."""

from __future__ import annotations

import zipfile
from typing import IO, TYPE_CHECKING

from screening.dataset.opendocument import Sheet, Walk

if TYPE_CHECKING:
    from pathlib import Path

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
                    spans = [(sheet.rows, sheet.columns) for sheet in Walk(stream).sheets]
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


def opendocument_sheets(path: Path) -> list[Sheet]:
    """Return the sheets of an ODS file in their order; none for another form. Raises as `declared_span`."""
    with zipfile.ZipFile(path) as archive:
        if "content.xml" not in archive.namelist():
            return []
        with archive.open("content.xml") as stream:
            return Walk(stream).sheets
