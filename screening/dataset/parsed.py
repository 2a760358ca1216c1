"""What a parser hands back for one column: typed cells and, where a cell gave none, why."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from screening.dataset.text import missing_reason, nothing


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


def why_not(value: pl.Series, cells: pl.Series, failure: pl.Expr | None = None) -> pl.Series:
    """Return the missing reason of each cell without a `value`: what it says itself, else `failure` (default unparsable).

    NULL where there is a value, and for plain emptiness: whoever reads the table knows a NULL as not collected. `failure` may look at
    `value` and `cell`.
    """
    if value.null_count() == cells.null_count():
        return nothing(cells)
    frame = pl.DataFrame({"value": value, "cell": cells})
    unread = pl.col("value").is_null() & pl.col("cell").is_not_null()
    missing = missing_reason(pl.when(unread).then("cell"))
    frame = frame.with_columns(missing=missing, failure=pl.lit("unparsable") if failure is None else failure)
    return frame.select(
        pl.when(unread & (pl.col("missing") != "not_collected").fill_null(True)).then(pl.coalesce("missing", "failure"))
    ).to_series()
