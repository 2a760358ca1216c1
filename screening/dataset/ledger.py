"""Rows that cannot be used, kept as they came with the reason, so that in = clean + set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from screening.dataset.raw import REFUSED_SCHEMA, ROW, RawTable, no_refusals, original

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

ID = "\x00id"
"""Numbers the rows of a table across its files."""


_LINKED = {"no_company", "ambiguous_company"}
"""Reasons found when rows are joined to their company: their references are known by then."""


class Ledger:
    """The rows of one table that were set aside."""

    def __init__(self, raws: Sequence[RawTable]) -> None:
        self._raws = tuple(raws)
        self._offsets = [0]
        for raw in raws:
            self._offsets.append(self._offsets[-1] + raw.frame.height)
        self._entries: list[pl.DataFrame] = []

    @property
    def read(self) -> int:
        """Return how many rows were read in all files."""
        return sum(raw.read for raw in self._raws)

    def offset(self, number: int) -> int:
        """Return the id of the first row of file `number`."""
        return self._offsets[number]

    def add(self, ids: pl.Series, reason: str, detail: pl.Series | str = "") -> None:
        """Set rows aside."""
        if ids.is_empty():
            return
        details = pl.Series([detail] * len(ids), dtype=pl.String) if isinstance(detail, str) else detail
        self._entries.append(
            pl.DataFrame(
                {ID: ids.cast(pl.Int64), "reason": pl.Series([reason] * len(ids), dtype=pl.String), "detail": details}
            )
        )

    def lost_texts(self, reasons: Collection[str]) -> list[str]:
        """Return, as they came, the rows set aside for one of `reasons` before their company was looked for."""
        rows = self.rows().filter(pl.col("reason").is_in(sorted(set(reasons) - _LINKED)))
        return rows["original"].to_list()

    def release(self) -> None:
        """Let go of the text of the files; the ledger can then no longer be written."""
        for raw in self._raws:
            raw.frame = raw.frame.clear()

    def rows(self) -> pl.DataFrame:
        """Return the rows set aside with their reasons and the row as it came, in the order of the source."""
        frames = [raw.refused for raw in self._raws]
        if self._entries:
            entries = pl.concat(self._entries)
            for number, raw in enumerate(self._raws):
                start, end = self._offsets[number], self._offsets[number + 1]
                mine = entries.filter(pl.col(ID).is_between(start, end, closed="left"))
                if mine.is_empty():
                    continue
                came = raw.frame[(mine[ID] - start).to_list()]
                cells = came.drop(ROW).iter_rows(named=True)
                frames.append(
                    pl.DataFrame(
                        {
                            "source_file": pl.Series([raw.label] * mine.height, dtype=pl.String),
                            "source_row": came[ROW],
                            "reason": mine["reason"],
                            "detail": mine["detail"],
                            "original": pl.Series([original(row) for row in cells], dtype=pl.String),
                        }
                    )
                )
        filled = [frame.select(list(REFUSED_SCHEMA)) for frame in frames if frame.height]
        return pl.concat(filled).sort("source_file", "source_row", "reason") if filled else no_refusals()

    def write(self, path: Path) -> dict[str, int]:
        """Write the rows and return how many there are by reason."""
        rows = self.rows()
        path.parent.mkdir(parents=True, exist_ok=True)
        rows.write_parquet(path)
        counted = rows.group_by("reason").len().sort("reason")
        return dict(zip(counted["reason"].to_list(), counted["len"].to_list(), strict=True))
