"""The digest of a result: one number that is equal whenever the result is, whatever machine, threads or row order.

Specification (version 2). SHA-256 over UTF-8 text; every line ends with LF. The first line is `specification 2`, then one for each
digested relation of the contract, in the contract's order: `relation <name> <digest>`. The digest of a relation is SHA-256 over one line
per column, sorted by code point: `column <name> <digest>`; that of a column over one line per row, its value, the rows sorted by the key
columns (text by code point, numbers by value, NULL first). A value is its text: decimals with all their places, dates as YYYY-MM-DD,
booleans true and false; NULL is `\\N`; backslash, CR and LF inside a text are escaped as \\\\, \\r, \\n. Row numbers, paths, times,
versions, languages and presentation options are not part of it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import polars as pl

from screening.errors import RunError
from screening.result.contract import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from screening.result.contract import Relation

DIGESTED = tuple(relation for relation in RELATIONS if relation.digested)

SPECIFICATION = 2
_ESCAPED = (("\\", "\\\\"), ("\r", "\\r"), ("\n", "\\n"))
_ROWS = 200_000
"""Rows whose text is held at once."""
_VALUES = 8_000_000
"""Values that are read at once: a long relation comes column by column, a wide one together."""


def result_digest(digests: Mapping[str, str]) -> str:
    """Return the digest of relations from their own, by name in the order of the contract."""
    return _hash(f"specification {SPECIFICATION}", *(f"relation {name} {digest}" for name, digest in digests.items()))


def relation_digest(path: Path, relation: Relation) -> str:
    """Return the digest of a relation that stands in a Parquet file. Raises RunError when it cannot be read."""
    try:
        order = _order(pl.read_parquet(path, columns=list(relation.key), glob=False).select(relation.key))
        scan = pl.scan_parquet(path, glob=False)
        names = sorted(scan.collect_schema())
        rows = scan.select(pl.len()).collect().item()
        width = max(1, _VALUES // max(1, rows))
        digests: dict[str, str] = {}
        for start in range(0, len(names), width):
            digests |= _columns(pl.read_parquet(path, columns=names[start : start + width], glob=False), order)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise RunError(f"'{path.name}' cannot be read: {str(error).splitlines()[0][:300]}") from error
    return _hash(*(f"column {_as_line(name)} {digests[name]}" for name in names))


def _hash(*lines: str) -> str:
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def _order(keys: pl.DataFrame) -> pl.Series | None:
    """Return the places of the rows in the order of their keys; None where they stand in it already, as a run writes them."""
    before, after = keys.head(-1), keys.tail(-1)
    behind, alike = pl.Series([False]), pl.Series([True])
    for earlier, later in zip(before, after, strict=True):
        behind = behind | (alike & ((earlier > later).fill_null(False) | (later.is_null() & earlier.is_not_null())))
        alike = alike & earlier.eq_missing(later)
    if not behind.any():
        return None
    return keys.select(pl.arg_sort_by(*keys.columns, nulls_last=False, maintain_order=True)).to_series()


def _columns(frame: pl.DataFrame, order: pl.Series | None) -> dict[str, str]:
    """Return the digest of each column."""
    digests = {name: hashlib.sha256() for name in frame.columns}
    for start in range(0, frame.height, _ROWS):
        part = frame.slice(start, _ROWS) if order is None else frame[order.slice(start, _ROWS)]
        # Hardly any text needs escaping, and looking costs less than replacing.
        texts = part.select(pl.col(pl.String))
        odd = texts.select(pl.all().str.contains_any([raw for raw, _ in _ESCAPED]).any())
        escaped = [_written(pl.col(cells.name)) for cells in odd if cells.item()]
        # Bytes as they stand: as text each column would be read and written again.
        lines = part.with_columns(escaped).select(
            pl.all().cast(pl.String).fill_null("\\N").str.join("\n").cast(pl.Binary)
        )
        for cells in lines:
            digests[cells.name].update(cells.item())
            digests[cells.name].update(b"\n")
    return {name: digest.hexdigest() for name, digest in digests.items()}


def _written(texts: pl.Expr) -> pl.Expr:
    for raw, written in _ESCAPED:
        texts = texts.str.replace_all(raw, written, literal=True)
    return texts


def _as_line(name: str) -> str:
    for raw, written in _ESCAPED:
        name = name.replace(raw, written)
    return name
