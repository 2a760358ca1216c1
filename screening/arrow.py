"""Frames across the seam between polars and DuckDB, through the Arrow C stream and without pyarrow."""

from __future__ import annotations

from typing import Any


class ArrowView:
    """Hide the type of a frame or relation and expose only its Arrow C stream.

    Both libraries otherwise take a native path that needs pyarrow; the generic path is faster and needs nothing.
    """

    __slots__ = ("_source",)

    def __init__(self, source: Any) -> None:
        self._source = source

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._source.__arrow_c_stream__(requested_schema)
