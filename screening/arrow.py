"""Frames across the seam between polars and DuckDB, through the Arrow C stream and without pyarrow; frames to a file part by part."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import polars as pl


class ArrowView:
    """Hide the type of a frame or relation and expose only its Arrow C stream.

    Both libraries otherwise take a native path that needs pyarrow; the generic path is faster and needs nothing.
    """

    __slots__ = ("_source",)

    def __init__(self, source: Any) -> None:
        self._source = source

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._source.__arrow_c_stream__(requested_schema)


def write_parts(path: Path, frames: Iterable[pl.DataFrame], **how: Any) -> None:
    """Write frames one behind the other as one Parquet file, holding none but the one that is written. At least one; `how`: as polars has it."""
    from polars.io.plugins import register_io_source  # noqa: PLC0415 - who only reads needs none

    rest = iter(frames)
    first = next(rest)
    second = next(rest, None)
    if second is None:
        first.write_parquet(path, **how)
        return

    def source(*_: object) -> Iterator[pl.DataFrame]:
        return itertools.chain([first, second], rest)

    rows = register_io_source(source, schema=first.schema, is_pure=True)
    rows.sink_parquet(path, maintain_order=True, **how)
