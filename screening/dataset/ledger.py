"""Rows that cannot be used, kept as they came with the reason, so that in = clean + set aside."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import polars as pl

from screening.dataset.personal import SHOWN_INSTEAD, masked
from screening.dataset.raw import REFUSED_SCHEMA, ROW, RawTable, original

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

ID = "\x00id"
"""Numbers the rows of a table across its files."""


_LINKED = {"no_company", "ambiguous_company"}
"""Reasons found when rows are joined to their company: their references are known by then."""


ASIDE_SCHEMA = {**REFUSED_SCHEMA, "source_sheet": pl.String}
"""A row set aside: where it stood, why, and its cells as they came (JSON: by header, or in order where they fit no header)."""


class Ledger:
    """The rows of one table that were set aside."""

    def __init__(self, raws: Sequence[RawTable]) -> None:
        self._raws = tuple(raws)
        self._offsets = [0]
        for raw in raws:
            self._offsets.append(self._offsets[-1] + raw.height)
        self._entries: list[pl.DataFrame] = []
        self.left_out = 0
        """Rows that stood for others of a list: nobody here, or the same company again."""

    @property
    def read(self) -> int:
        """Return how many rows were read in all files; a row that lists several counts once for each that it is of."""
        return sum(raw.read for raw in self._raws) - self.left_out

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

    def entries(self) -> pl.DataFrame:
        """Return the rows set aside by their numbers, with reasons."""
        return pl.concat(self._entries) if self._entries else pl.DataFrame()

    def extend(self, entries: pl.DataFrame) -> None:
        """Set aside what another ledger of the same rows has."""
        self._entries += [entries] if entries.height else []

    def leave_out(self, count: int) -> None:
        """Count `count` more rows no longer."""
        self.left_out += count

    def lost_texts(self, *reasons: Collection[str]) -> list[list[str]]:
        """Return by group of `reasons`, as they came, the rows set aside for one of them before their company was looked for."""
        rows = self.rows().select("reason", "original")
        wanted = [rows.filter(pl.col("reason").is_in(sorted(set(group) - _LINKED))) for group in reasons]
        return [found["original"].to_list() for found in wanted]

    def release(self) -> None:
        """Let go of the text of the files; the ledger can then no longer be written."""
        for raw in self._raws:
            raw.frame, raw.stored = raw.frame.clear(), None

    def rows(self) -> pl.DataFrame:
        """Return the rows set aside with their reasons and the row as it came, in the order of the source."""
        frames = [raw.refused.with_columns(source_sheet=pl.lit(raw.sheet)) for raw in self._raws]
        if self._entries:
            entries = pl.concat(self._entries).sort(ID)
            for number, raw in enumerate(self._raws):
                for start in raw.starts:
                    first = self._offsets[number] + start
                    many = raw.end(start) - start
                    mine = entries.filter(pl.col(ID).is_between(first, first + many, closed="left"))
                    if mine.height:
                        frames.append(_as_they_came(raw, mine, raw.rows(start, many)[mine[ID] - first]))
        filled = [frame.select(list(ASIDE_SCHEMA)) for frame in frames if frame.height]
        if not filled:
            return pl.DataFrame(schema=ASIDE_SCHEMA)
        return pl.concat(filled).sort("source_file", "source_row", "source_sheet", "reason", maintain_order=True)

    def _fit_to_pass_on(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Leave out the columns that no table reads, and what looks like a person's number or address."""
        allowed = {(raw.label, raw.sheet): raw for raw in self._raws}
        shown = [
            _carried(text, allowed[label, sheet])
            for label, sheet, text in rows.select("source_file", "source_sheet", "original").iter_rows()
        ]
        return rows.with_columns(
            detail=masked(pl.col("detail")), original=pl.Series("original", shown, dtype=pl.String)
        ).with_columns(original=masked(pl.col("original")))

    def write(self, path: Path) -> dict[str, int]:
        """Write the rows and return how many there are by reason."""
        rows = self._fit_to_pass_on(self.rows())
        path.parent.mkdir(parents=True, exist_ok=True)
        rows.write_parquet(path)
        counted = rows.group_by("reason").len().sort("reason")
        return dict(zip(counted["reason"].to_list(), counted["len"].to_list(), strict=True))


def _as_they_came(raw: RawTable, entries: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    return entries.select(
        rows[ROW].alias("source_row"),
        pl.lit(raw.label).alias("source_file"),
        pl.lit(raw.sheet).alias("source_sheet"),
        "reason",
        "detail",
        pl.Series("original", [original(row) for row in rows.drop(ROW).iter_rows(named=True)], dtype=pl.String),
    )


def _carried(text: str, raw: RawTable) -> str:
    """Return a row as it came without the cells under headers that no table reads.

    Cells of a row that is out of step may have moved: one that may stand under such a header is left out as well.
    """
    used = {match.header for match in (*raw.headers.matches, *raw.headers.references)}
    headers = [name for name in raw.frame.columns if name != ROW]
    unread = {place for place, header in enumerate(headers) if header not in used}
    if not unread:
        return text
    cells = json.loads(text)
    if isinstance(cells, dict):
        return json.dumps({header: cell for header, cell in cells.items() if header in used}, ensure_ascii=False)
    if len(cells) == 1 and len(headers) > 1:
        # One text in which the cells cannot be told apart.
        cells = re.split(f"[{re.escape(raw.separator or ',')}]", cells[0])
    moved = len(cells) - len(headers)
    kept = [
        SHOWN_INSTEAD if unread & set(range(place - max(moved, 0), place - min(moved, 0) + 1)) else cell
        for place, cell in enumerate(cells)
    ]
    return json.dumps(kept, ensure_ascii=False)
