"""What a parser hands back for one column: typed cells and, where a cell gave none, why."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl


@dataclass(slots=True)
class Parsed:
    """One source column after parsing, row for row.

    `columns` holds the typed cells by standard column (NULL where nothing could be told). `reason` is the missing
    reason of the main column, NULL where it was read or the cell was empty. `counts` are observations for the quality
    profile, such as cells read from a band.
    """

    columns: dict[str, pl.Series]
    reason: pl.Series
    counts: dict[str, int] = field(default_factory=dict)
    bare: int = 0
    """Amounts other than 0 whose cell states no unit of its own."""


def reasons(found: pl.Expr, cells: pl.Expr, missing: pl.Expr, failure: pl.Expr | None = None) -> pl.Expr:
    """Return the reason column: NULL where `found`, else what the cell says, else `failure` (default unparsable)."""
    other = pl.lit("unparsable") if failure is None else failure
    # Plain emptiness needs no reason: whoever reads the table knows a NULL as not collected.
    return (
        pl.when(found.is_not_null() | cells.is_null() | (missing == "not_collected"))
        .then(None)
        .when(missing.is_not_null())
        .then(missing)
        .otherwise(other)
    )
