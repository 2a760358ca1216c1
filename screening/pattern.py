"""Regular expressions of a pack, compiled by the engines that will run them: polars for texts, DuckDB for phrases.

Both run in linear time and bound the size of what they compile; neither takes all that Python's `re` takes.
"""

from __future__ import annotations

import functools
from typing import Literal

import duckdb
import polars as pl

Engine = Literal["text", "phrase"]
"""`text`: polars, over whole texts and clauses. `phrase`: DuckDB, over the words around a hit."""


def pattern_fault(pattern: str, engine: Engine) -> str:
    """Say why an engine refuses a pattern, empty when it takes it.

    >>> pattern_fault("不含.{0,9}", "text"), bool(pattern_fault("(?=x)", "text"))
    ('', True)
    """
    try:
        if engine == "text":
            pl.Series([""]).str.contains(pattern)
        else:
            _connection().execute("SELECT regexp_matches('', $1)", [pattern]).fetchall()
    except (pl.exceptions.PolarsError, duckdb.Error, ValueError) as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        return (lines[-1] if lines else type(error).__name__).removeprefix("error: ")[:160]
    return ""


def is_everywhere(pattern: str) -> bool:
    """Tell whether a pattern of texts finds even an empty text, so that it says nothing of any."""
    return bool(pl.Series([""]).str.contains(pattern)[0])


@functools.cache
def _connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"enable_external_access": "false", "threads": 1})
