"""Rows of a child table that are too many to be held: in runs on disk from their ranges to one table in the order of the company.

A run holds the typed rows of some ranges. Each run's rows get their company from those whom its references may name (`Aliases`), and are
laid down in the order of the company; then all rows of a stretch of companies are settled together. Runs and stretches are worked on alone,
here or elsewhere, and give back numbers and the rows that are set aside.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

import polars as pl

from screening.dataset.conflicts import merged
from screening.dataset.ledger import ID, Ledger
from screening.dataset.linking import in_order, join_rows, without_repeats
from screening.dataset.loading import FILE, LoadedTable, parted
from screening.dataset.raw import ROW
from screening.dataset.roll import laid, within
from screening.errors import DatasetError, Position, ScreeningError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from screening.catalog import Table
    from screening.dataset.conflicts import Conflict
    from screening.dataset.identity import Aliases
    from screening.dataset.loading import Spread
    from screening.dataset.roll import Runs

T = TypeVar("T")
_SAMPLED = 512
"""One in so many companies of a run is kept in memory, to tell where stretches begin."""


@dataclass(frozen=True, slots=True)
class _Joined:
    """What joining a run came to: where its rows lie, some of their companies, the rows set aside and what they named."""

    path: Path
    companies: pl.Series
    entries: pl.DataFrame
    left_out: int
    lost_references: list[pl.Series]
    lost_among: pl.Series


@dataclass(frozen=True, slots=True)
class _Settled:
    path: Path
    conflicts: tuple[Conflict, ...]
    entries: pl.DataFrame


@dataclass(frozen=True, slots=True)
class ChildRows:
    """The clean rows of a child table, in files one behind the other."""

    files: Sequence[Path] = field(default_factory=list)

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield the rows, a stretch of companies at a time."""
        return (pl.read_parquet(path, glob=False) for path in self.files)


def link_runs(loaded: LoadedTable, runs: Runs, aliases: Aliases, root: str, spread: Spread | None) -> ChildRows:
    """Give the rows of all runs their companies and settle what repeats; set aside the others, as `linking.link_rows` does."""
    over: Spread = spread if spread is not None else map
    companies: list[pl.Series] = []
    joined: list[Path] = []
    for each in over(partial(_joined, loaded.name, loaded.table, aliases, root, runs.folder), runs.files):
        joined.append(each.path)
        companies.append(each.companies)
        loaded.ledger.extend(each.entries)
        loaded.ledger.leave_out(each.left_out)
        loaded.lose(each.lost_references, each.lost_among)
    found = pl.concat(companies).sort()
    # Samples are of so many rows each; a company's rows are never parted.
    borders = [None, *found.gather_every(max(1, runs.rows // _SAMPLED))[1:].unique().sort().to_list(), None]
    stretches = [(place, low, high) for place, (low, high) in enumerate(pairwise(borders))]
    done = list(over(partial(_settled, loaded.name, loaded.table, runs.folder, tuple(joined)), stretches))
    for settled in done:
        loaded.ledger.extend(settled.entries)
    loaded.conflicts = merged([settled.conflicts for settled in done], list(loaded.table.columns))
    return ChildRows([settled.path for settled in done])


def _joined(name: str, table: Table, aliases: Aliases, root: str, folder: Path, run: Path) -> _Joined:
    frame = pl.read_parquet(run, glob=False)
    return _told(name, frame, partial(_join, name, table, aliases, root, folder / f"joined-{run.name}", frame))


def _join(name: str, table: Table, aliases: Aliases, root: str, path: Path, frame: pl.DataFrame) -> _Joined:
    mine = LoadedTable(name, table, [], Ledger(()))
    mine.frame, mine.references = parted(frame)
    join_rows(mine, aliases, root)
    rows = mine.frame.sort(table.key[0], ID)
    # A stretch of companies is told by the statistics of row groups.
    laid(rows, path, statistics=True)
    companies = rows[table.key[0]].gather_every(_SAMPLED)
    return _Joined(path, companies, mine.ledger.entries(), mine.ledger.left_out, mine.lost_references, mine.lost_among)


def _settled(
    name: str, table: Table, folder: Path, joined: Sequence[Path], stretch: tuple[int, str | None, str | None]
) -> _Settled:
    place, low, high = stretch
    mine = within(table.key[0], low, high)
    rows = [pl.scan_parquet(path, glob=False).filter(mine).collect() for path in joined]
    frame = pl.concat(rows, how="diagonal").sort(ID)
    return _told(name, frame, partial(_settle, name, table, folder / f"clean-{place:06}.parquet", frame))


def _settle(name: str, table: Table, path: Path, frame: pl.DataFrame) -> _Settled:
    mine = LoadedTable(name, table, [], Ledger(()))
    mine.frame = without_repeats(frame, mine)
    laid(in_order(mine.frame, table), path)
    return _Settled(path, mine.conflicts, mine.ledger.entries())


def _told(name: str, frame: pl.DataFrame, work: Callable[[], T]) -> T:
    """Work on some rows; whatever fails there is told with their files and rows."""
    try:
        return work()
    except ScreeningError:
        raise
    except Exception as error:
        ends = frame.group_by(FILE).agg(first=pl.col(ROW).min(), last=pl.col(ROW).max()).sort(FILE)
        where = "; ".join(f"{file} {first:,}-{last:,}" for file, first, last in ends.iter_rows())
        raise DatasetError.of(
            "data/rows-unread",
            f"{name}: rows {where} cannot be used: {str(error).splitlines()[0][:200]}",
            Position(name),
            "look at these rows; report this with them if they are as they should be",
        ) from error
