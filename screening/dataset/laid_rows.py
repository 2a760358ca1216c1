"""Rows that a source gives piece by piece, as databases do: held where they are few, else laid down as text and read in ranges."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from screening.dataset.raw import ROW, Body

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from screening.dataset.raw import ReadOptions

PIECE = 20_000
"""Rows that are asked for at once."""


class LaidRows:
    """Rows in files of `at_once` rows each, the last of what is left; the columns are called by their places."""

    def __init__(self, files: Sequence[Path], height: int, at_once: int, width: int) -> None:
        self.height, self.starts = height, range(0, max(1, height), at_once)
        self._files, self._width, self._at_once = files, width, at_once

    def read(self, start: int, count: int, places: Sequence[int] | None = None) -> pl.DataFrame:
        """Return some rows: ROW and the columns, or those at `places`."""
        names = [str(place) for place in (range(self._width) if places is None else places)]
        last = min(start + count, self.height)
        frames = [pl.DataFrame(schema=dict.fromkeys(dict.fromkeys(names), pl.String))]
        for number in range(start // self._at_once, -(-last // self._at_once) if count else 0):
            first = number * self._at_once
            held = pl.read_parquet(self._files[number], columns=frames[0].columns, glob=False)
            frames.append(held.slice(max(start - first, 0), last - max(first, start)))
        return _numbered(pl.concat(frames).select(names), start)


def body_of(pieces: Iterable[pl.DataFrame], width: int, options: ReadOptions) -> Body:
    """Return the rows of a source: pieces of text columns, called by their places. What is laid down lies under `options.room`."""
    room = options.room if options.by_ranges and options.limit is None else None
    held = [pl.DataFrame(schema={str(place): pl.String for place in range(width)})]
    files: list[Path] = []
    rows = text = at_once = 0
    for piece in pieces:
        held.append(piece)
        rows += piece.height
        text += int(piece.estimated_size())
        if room is not None and not at_once and (rows > options.size.rows or text > options.size.text):
            at_once = options.size.at_once(rows, text)
            room = _room_in(room)
        while room is not None and rows > at_once > 0:
            whole = pl.concat(held)
            files.append(_laid(whole.head(at_once), room, len(files)))
            held, rows = [whole.slice(at_once)], rows - at_once
    if room is None or not (at_once or options.at_rest):
        return Body(_numbered(pl.concat(held), 0))
    files.append(_laid(pl.concat(held), room if files else _room_in(room), len(files)))
    at_once = at_once or max(rows, 1)
    laid = LaidRows(files, (len(files) - 1) * at_once + rows, at_once, width)
    return Body(laid.read(0, 0), stored=laid)


def _room_in(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix="rows-", dir=folder))


def _laid(rows: pl.DataFrame, room: Path, number: int) -> Path:
    path = room / f"{number:06}.parquet"
    rows.write_parquet(path, compression="lz4", statistics=False)
    return path


def _numbered(frame: pl.DataFrame, start: int) -> pl.DataFrame:
    return frame.select(pl.int_range(start + 1, start + pl.len() + 1, dtype=pl.Int64).alias(ROW), pl.all())
