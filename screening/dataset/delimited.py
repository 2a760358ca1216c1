"""CSV and its kin, read as text line by line: any usual separator and line end, quoted line breaks, odd rows kept.

The separator is one under which headers are recognised; records are put together in `records`.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zlib
from contextlib import suppress
from itertools import islice
from typing import IO, TYPE_CHECKING

from screening.dataset.encoding import find_encoding, open_bytes
from screening.dataset.headers import MAX_COLUMNS, searched_rows
from screening.dataset.raw import Body, Part
from screening.dataset.records import MAX_FIELD, Records, cells_of, record_span
from screening.errors import DatasetError, Position

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from screening.dataset.headers import HeaderRow
    from screening.dataset.raw import ReadOptions

SEPARATORS = (",", "\t", ";", "|", "，", "、", "^", "\x01")
SAMPLE = 1 << 18
_CHUNK = 1 << 24
_ENDS = re.compile(r"(\r\n|\n|\r)")


class DelimitedText:
    """A text file as one part per separator that it may have."""

    form = "csv"
    headed = True

    def __init__(self, path: Path, options: ReadOptions) -> None:
        self._path = path
        self._options = options
        self._label = options.label
        encoding = find_encoding(path, options.label, options.encoding)
        self.encoding = encoding.replace("-sig", "")
        self._codec = encoding
        try:
            with open_bytes(path) as stream:
                # As much as the sample takes in any encoding; a cut character at its end is left out.
                decoder = codecs.getincrementaldecoder(encoding)("strict")
                self._sample = decoder.decode(stream.read(SAMPLE * 2))[:SAMPLE].lstrip("\ufeff")
        except (OSError, EOFError, zlib.error) as error:
            raise _unreadable(self._label, error) from None
        if not self._sample.strip("\r\n\t ,;|\x00"):
            raise DatasetError.of(
                "data/empty-file",
                f"{self._label} is empty",
                Position(self._label),
                "give a file with a header row and at least one row",
            )

    def close(self) -> None:
        """Nothing stays open."""

    def parts(self) -> list[Part]:
        """Return the first rows under each separator that the beginning of the file holds."""
        hint = self._sample.split("\n", 1)[0].strip().lower()
        hinted = (hint[4:] or "\t") if hint.startswith("sep=") and len(hint) <= 5 else None
        separator = self._options.separator or hinted
        count = searched_rows(self._options.header_row)
        head = "".join(islice(io.StringIO(self._sample, newline=None), count * 5))
        candidates = (separator,) if separator else tuple(s for s in SEPARATORS if s in head) or SEPARATORS[:1]
        parts = [Part(candidate, _first_rows(self._sample, candidate, count)) for candidate in candidates]
        # Of two under which as much is recognised, the one that makes more columns.
        return sorted(parts, key=lambda part: -max(map(len, part.head), default=0))

    def body(self, part: Part, found: HeaderRow, skip: int, limit: int | None) -> Body:
        """Return the records after the first `skip`. Raises RunError when a line would be lost."""
        before = csv.field_size_limit(MAX_FIELD)
        reading = Records(self._label, part.name, len(found.headers), skip)
        try:
            with open_bytes(self._path) as stream:
                for lines, ends in _lines(stream, self._codec):
                    reading.take(lines, ends)
                    if limit is not None and reading.rows >= limit:
                        return reading.body(limit)
                reading.finish()
        except (OSError, EOFError, zlib.error) as error:
            raise _unreadable(self._label, error) from None
        finally:
            csv.field_size_limit(before)
        return reading.body()


def _unreadable(label: str, error: Exception) -> DatasetError:
    return DatasetError.of(
        "data/unreadable",
        f"cannot read {label}: {error}",
        Position(label),
        "check that the file is whole and may be read",
    )


def _first_rows(sample: str, separator: str, count: int) -> list[list[str]]:
    rows: list[list[str]] = []
    lines = sample.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    place = 0
    # A cell too long for the reader ends the look; the reading proper deals with it.
    with suppress(csv.Error):
        while place < len(lines) and len(rows) < count:
            span = max(record_span(lines, place, separator, last=True)[0], 1)
            rows.append(cells_of(lines[place : place + span], separator)[: MAX_COLUMNS + 1])
            place += span
    return rows


def _lines(stream: IO[bytes], encoding: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield blocks of physical lines and, beside them, what ended each: `\\r\\n`, `\\n`, `\\r`, or nothing at the end."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    pending, first = "", True
    while True:
        chunk = stream.read(_CHUNK)
        text = pending + decoder.decode(chunk, final=not chunk)
        if first and text:
            text, first = text.removeprefix("\ufeff"), False
        # An end of line may be cut in two.
        held = "\r" if chunk and text.endswith("\r") else ""
        text = text[: len(text) - len(held)]
        if "\r" in text:
            parts = _ENDS.split(text)
            lines, ends = parts[0::2], parts[1::2]
        else:
            lines = text.split("\n")
            ends = ["\n"] * (len(lines) - 1)
        pending = lines.pop() + held
        if lines:
            yield lines, ends
        if not chunk:
            if pending:
                yield [pending], [""]
            return
