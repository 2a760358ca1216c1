"""The roll of companies: the rows of the root table from their ranges to one row per company, in the order of the key.

Held in memory up to a range of rows; beyond it in runs on disk, each sorted by the id that a row has by itself. Beside a run lie the hashes of
its rows' keys, codes and names, by which those are found that may be of one company with another, a share of the hashes at a time. Only these
are looked at together (`identity.identify`); every other row has its own id. At the end the runs are read side by side, a stretch of ids at a
time, so that the clean table is sorted without being held.
"""

from __future__ import annotations

import io
import itertools
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from screening.dataset.identity import former_of, keys_of, name_id
from screening.dataset.ledger import ID
from screening.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from screening.dataset.raw import RangeSize

OWN = "\x00own"
"""The id that a row has by itself, if no other row is of its company: its key, its code, else one made of name and date."""
_SAMPLED = 64
"""One in so many ids of a run is kept in memory with its place."""
_STRETCHES = 2
"""How many stretches of ids are read for as many rows as a range has: more of a row is held there."""
_MADE = "\x00made"
_HASHES_AT_ONCE = 4_000_000
"""Hashes that are compared at once."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run that another roll wrote: where it lies, with its samples and hashes beside it; its columns and those that are filled."""

    path: Path
    schema: Mapping[str, pl.DataType]
    filled: frozenset[str]


def _beside(run: Path, what: str) -> Path:
    return run.with_suffix(f".{what}")


class Roll:
    """The rows of the root table `name`; `key`: its key; `folder`: where runs, and other rows on their way, may lie; `size`: how many rows are held."""

    def __init__(self, name: str, key: str, folder: Path, size: RangeSize) -> None:
        self.name, self.key, self.folder, self.size = name, key, folder, size
        self._held: list[pl.DataFrame] = []
        self.runs: list[Path] = []
        self._filled: set[str] = set()
        self._schema: Mapping[str, pl.DataType] = {}
        self._samples: list[pl.DataFrame] = []
        self._hashes: list[pl.DataFrame] = []
        self._former: list[pl.DataFrame] = []
        self._met = pl.Series(ID, [], dtype=pl.Int64)
        self._kept = pl.DataFrame()

    def close(self) -> None:
        """Remove the runs."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def add(self, frame: pl.DataFrame) -> None:
        """Take in the typed rows of a range, with their ID."""
        if self._held and sum(held.height for held in self._held) + frame.height > self.size.rows:
            self._spill()
        keys = frame.select(ID, **keys_of(frame, self.key))
        own = keys.select(OWN=pl.coalesce("declared", "code"))["OWN"]
        made = own.is_null()
        if made.any():
            names = keys.filter(made).select(pl.col("name").fill_null(""), "date")
            own = own.scatter(made.arg_true(), [name_id(name, day) for name, day in names.iter_rows()])
        hashed = [
            pl.when(pl.col(c).is_not_null()).then(pl.col(c).hash()).alias(c) for c in ("declared", "code", "name")
        ]
        self._hashes.append(keys.select(ID, *hashed, pl.when(made).then(own.hash()).alias(_MADE)))
        self._former.append(former_of(frame, keys).select(ID, pl.col("former_names").hash()))
        self._held.append(frame.with_columns(own.alias(OWN)))

    def apart(self) -> Roll:
        """Return an empty roll that writes its runs into the same folder, for whoever takes in some of the ranges."""
        return Roll(self.name, self.key, self.folder, self.size)

    def run(self, name: str) -> Run:
        """Write what was taken in as one run that another roll can adopt. Written twice, it is the same."""
        self._spill(name)
        [path], [sample] = self.runs, self._samples
        laid(sample, _beside(path, "sample"))
        return Run(path, self._schema, frozenset(self._filled))

    def adopt(self, run: Run) -> None:
        """Take in a run that another roll wrote."""
        self._schema = run.schema
        self._filled |= run.filled
        self.runs.append(run.path)
        self._samples.append(pl.read_parquet(_beside(run.path, "sample"), glob=False))

    def _spill(self, name: str = "") -> None:
        """Write the rows that are held as a run."""
        run = pl.concat(self._held).sort(OWN)
        self._schema = run.schema
        # Most columns of the table are not in the file: what is empty takes no place.
        run = run.select(name for name in run.columns if run[name].null_count() < run.height or name in (ID, OWN))
        self._filled |= set(run.columns)
        path = self.folder / f"run-{name or len(self.runs)}.parquet"
        laid(run, path)
        laid(pl.concat(self._hashes), _beside(path, "hashes"))
        laid(pl.concat(self._former), _beside(path, "former"))
        self._hashes, self._former = [], []
        self.runs.append(path)
        self._samples.append(owned(run.select(OWN).with_row_index("place").gather_every(_SAMPLED)))
        self._held = []

    def met(self) -> pl.DataFrame:
        """Return the rows that share a key, a code or a name, present or former, with another, or have none; by ID."""
        if self.runs and self._held:
            self._spill()
        hashes, former = self._kept_beside("hashes", self._hashes), self._kept_beside("former", self._former)
        shared = _twice([*((each, "name") for each in hashes), *((each, "former_names") for each in former)])
        # An id that was made here once may be another's key: books that took it over call a company so that is called otherwise now.
        taken = _in_both([(each, "declared") for each in hashes], [(each, _MADE) for each in hashes])
        told = {column: _twice([(each, column) for each in hashes]) for column in ("declared", "code", _MADE)}
        told |= {column: pl.concat([told[column], taken]) for column in ("declared", _MADE)} | {"name": shared}
        alike = pl.any_horizontal(
            *(
                pl.col(column).is_in(values.implode()).fill_null(False)
                for column, values in told.items()
                if len(values)
            ),
            pl.all_horizontal(pl.col("declared", "code", "name").is_null()),
        )
        formerly = pl.col("former_names").is_in(shared.implode())
        met = [_loaded(each).filter(alike)[ID] for each in hashes]
        met += [_loaded(each).filter(formerly)[ID] for each in former] if len(shared) else []
        self._met = pl.concat([self._met, *met]).unique()
        # Ids of twelve digits made for different names may be the same: rows of a shared code get one too.
        found = self._rows_met()
        given = [name_id(name, day) for name, day in found.select(**_name_and_date(found, self.key)).iter_rows()]
        ours = pl.Series(given, dtype=pl.String).hash().implode()
        clashes = (pl.col(_MADE).is_in(ours) | pl.col("declared").is_in(ours)).fill_null(False)
        clash = (
            pl.concat(_loaded(each).filter(clashes & ~pl.col(ID).is_in(self._met.implode()))[ID] for each in hashes)
            if given
            else self._met.clear()
        )
        if len(clash):
            self._met = pl.concat([self._met, clash])
            found = self._rows_met()
        self._hashes, self._former = [], []
        return found

    def _kept_beside(self, what: str, held: list[pl.DataFrame]) -> list[Path | pl.DataFrame]:
        return [*(_beside(run, what) for run in self.runs), *([pl.concat(held)] if held else [])]

    def _rows_met(self) -> pl.DataFrame:
        met = pl.col(ID).is_in(self._met.implode())
        found = [owned(self._read(run).filter(met).collect()) for run in self.runs]
        found += [held.filter(met) for held in self._held]
        return pl.concat(found).sort(ID).drop(OWN)

    def _read(self, run: Path, columns: Sequence[str] | None = None) -> pl.LazyFrame:
        """Return a run with all columns, or some; those in which none of its rows had a value are empty."""
        scan = pl.scan_parquet(run, glob=False)
        filled = set(scan.collect_schema().names())
        return scan.select(
            name if name in filled else pl.lit(None, self._schema[name]).alias(name) for name in columns or self._schema
        )

    def settle(self, kept: pl.DataFrame) -> None:
        """Put `kept`, one row per company with its id, in the place of the rows that `met` returned."""
        self._kept = kept

    def alone(self, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
        """Return ID and some columns of the rows that are of no company with another, with their id."""
        wanted = [ID, OWN, *(name for name in columns if name != self.key)]
        for part in [*(self._read(run, wanted).collect() for run in self.runs), *self._held]:
            yield self._alone(part).select(ID, *columns)

    def rows(self, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
        """Return ID and some columns of the rows of all companies, in no order."""
        yield from self.alone(columns)
        yield self._kept.select(ID, *columns)

    def sorted(self) -> Iterator[pl.DataFrame]:
        """Return the rows of all companies with all columns, a stretch of ids at a time, sorted by id."""
        if not self.runs:
            yield pl.concat([*(self._alone(held) for held in self._held), self._kept]).sort(self.key)
            return
        samples = pl.concat(self._samples).sort(OWN)
        step = max(1, self.size.rows // _STRETCHES // _SAMPLED)
        borders = [None, *samples[OWN].gather_every(step)[1:].unique(maintain_order=True).to_list(), None]
        # What is empty throughout is put back at the very end: it costs as much as what is not.
        kept = [name for name in self._kept.columns if self._kept[name].null_count() < self._kept.height]
        filled = [name for name in self._schema if name in self._filled.union(kept) or name == self.key]
        empty = [pl.lit(None, self._schema[name]).alias(name) for name in self._schema if name not in filled]
        for low, high in itertools.pairwise(borders):
            parts = [
                self._between(run, sample, low, high, filled)
                for run, sample in zip(self.runs, self._samples, strict=True)
            ]
            alone = self._alone(pl.concat(parts))
            chosen = self._kept.filter(within(self.key, low, high)).select(alone.columns)
            yield pl.concat([alone, chosen]).sort(self.key).with_columns(empty)

    def _between(
        self, run: Path, sample: pl.DataFrame, low: str | None, high: str | None, columns: Sequence[str]
    ) -> pl.DataFrame:
        """Read the rows of a run from one id up to another; where they stand is told by the sample."""
        ids, places = sample[OWN], sample["place"]
        if not len(ids):
            return self._read(run, columns).collect()
        first = places[max(0, (0 if low is None else ids.search_sorted(low, "left")) - 1)]
        last = len(ids) if high is None else ids.search_sorted(high, "left")
        count = places[last] - first if last < len(places) else None
        return self._read(run, columns).slice(first, count).collect().filter(within(OWN, low, high))

    def _alone(self, part: pl.DataFrame) -> pl.DataFrame:
        """Return the rows that are of no company with another, with their id."""
        alone = part.filter(~pl.col(ID).is_in(self._met.implode())) if len(self._met) else part
        return alone.with_columns(pl.col(OWN).alias(self.key)).drop(OWN)


class Runs:
    """The rows of a child table that are not held: runs under `folder`, in the order of their ranges; `rows`: those that are held at once."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.folder, self.rows = folder, rows
        self.files: list[Path] = []
        self._held: list[pl.DataFrame] = []

    def take(self, frame: pl.DataFrame) -> None:
        """Take in the rows of a range as a run of their own."""
        self.add(frame)
        self.adopt(self.run(f"{len(self.files):06}"))

    def add(self, frame: pl.DataFrame) -> None:
        """Hold the rows of a range."""
        self._held.append(frame)

    def apart(self) -> Runs:
        """Return an empty place for runs in the same folder, for whoever takes in some of the ranges."""
        return Runs(self.folder, self.rows)

    def run(self, name: str) -> Path:
        """Write what is held. Written twice, it is the same."""
        path = self.folder / f"run-{name}.parquet"
        laid(pl.concat(self._held), path)
        self._held = []
        return path

    def adopt(self, path: Path) -> None:
        """Take in a run that was written elsewhere."""
        self.files.append(path)


def _loaded(kept: Path | pl.DataFrame, *columns: str) -> pl.DataFrame:
    if isinstance(kept, pl.DataFrame):
        return kept.select(columns) if columns else kept
    return pl.read_parquet(kept, columns=list(columns) or None, glob=False)


def _shares(places: Sequence[tuple[Path | pl.DataFrame, str]]) -> int:
    """Return in how many shares the hashes of some columns are compared."""
    stored = [kept for kept, _ in places if not isinstance(kept, pl.DataFrame)]
    if not stored:
        return 1
    rows = pl.concat(pl.scan_parquet(path, glob=False).select(pl.len()) for path in stored)
    return 1 + int(rows.sum().collect().item()) // _HASHES_AT_ONCE


def _share(places: Sequence[tuple[Path | pl.DataFrame, str]], number: int, of: int) -> pl.Series:
    """Return one share of the hashes in some columns; a hash is in one share wherever it stands."""
    found = (_loaded(kept, column).to_series().drop_nulls().alias("hash") for kept, column in places)
    return pl.concat(each if of == 1 else each.filter(each % of == number) for each in found)


def _twice(places: Sequence[tuple[Path | pl.DataFrame, str]]) -> pl.Series:
    """Return the hashes that stand more than once in some columns."""
    of = _shares(places)
    shares = (_share(places, number, of) for number in range(of))
    return pl.concat(hashes.filter(hashes.is_duplicated()).unique() for hashes in shares)


def _in_both(
    ones: Sequence[tuple[Path | pl.DataFrame, str]], others: Sequence[tuple[Path | pl.DataFrame, str]]
) -> pl.Series:
    """Return the hashes that stand in some columns and in others too."""
    of = _shares([*ones, *others])
    pairs = ((_share(ones, number, of), _share(others, number, of)) for number in range(of))
    return pl.concat(one.filter(one.is_in(other.implode())).unique() for one, other in pairs)


def owned(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame that holds its own texts alone: rows that were filtered out of many keep the texts of all in memory."""
    if frame.is_empty():
        return frame.clear()
    own = io.BytesIO()
    frame.write_ipc(own, compat_level=pl.CompatLevel.oldest())
    own.seek(0)
    return pl.read_ipc(own)


def laid(frame: pl.DataFrame, path: Path, *, statistics: bool = False) -> None:
    """Write a frame so that it is there whole or not at all."""
    fresh = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(fresh, row_group_size=8192, compression="lz4", statistics=statistics)
        fresh.replace(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise cannot_write(error) from None


def cannot_write(error: Exception) -> RunError:
    """Return the error for tables that could not be written."""
    return RunError.of(
        "run/disk",
        f"cannot write the clean tables: {error}",
        remedy="check free space and permissions, or choose another --out",
    )


def _name_and_date(frame: pl.DataFrame, key: str) -> dict[str, pl.Expr]:
    keys = keys_of(frame, key)
    return {"name": keys["name"].fill_null(""), "date": keys["date"]}


def within(column: str, low: str | None, high: str | None) -> pl.Expr:
    """Tell whether a row stands from one id up to another."""
    tests = [pl.lit(True)]
    tests += [] if low is None else [pl.col(column) >= low]
    tests += [] if high is None else [pl.col(column) < high]
    return pl.all_horizontal(tests)
