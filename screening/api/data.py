"""Data before any rule: what intake makes of files, and what a file looks like to it."""

from __future__ import annotations

import html
import weakref
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from screening.api.pack import Pack, load_pack
from screening.errors import Problem, RulesError, did_you_mean
from screening.run.options import DEFAULT_PACK

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    import polars as pl

    from screening.api.answers import Inspection
    from screening.dataset.model import Dataset


@dataclass(frozen=True)
class Data:
    """A dataset after intake, without any rule: clean tables, rows set aside, what was seen. It lies in a folder that goes with it."""

    source: Path
    dataset: Dataset = field(repr=False)

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the names of the tables."""
        return tuple(self.dataset.tables)

    @property
    def as_of(self) -> datetime.date:
        """Return the date of knowledge."""
        return self.dataset.as_of

    @property
    def notices(self) -> tuple[Problem, ...]:
        """Return what intake has to say."""
        return self.dataset.notices

    def rows(self) -> pl.DataFrame:
        """Return one row per table: rows read, clean and set aside; read = clean + set aside."""
        import polars as pl

        counted = self.dataset.rows.items()
        return pl.DataFrame(
            [(name, count.read, count.clean, count.set_aside) for name, count in counted],
            schema={"table": pl.String, "read": pl.Int64, "clean": pl.Int64, "set_aside": pl.Int64},
            orient="row",
        )

    def table(self, name: str = "companies") -> pl.DataFrame:
        """Return a clean table; each row says in which file and line it stood."""
        return self._frame(self.dataset.tables, name)

    def set_aside(self, name: str = "companies") -> pl.DataFrame:
        """Return the rows of a table that cannot be used, as they came, each with its reason."""
        return self._frame(self.dataset.set_aside, name)

    def _frame(self, paths: Mapping[str, Path], name: str) -> pl.DataFrame:
        import polars as pl

        if name not in paths:
            raise RulesError([no_relation(name, tuple(paths))])
        return pl.read_parquet(paths[name], glob=False)

    def _repr_html_(self) -> str:
        return f"<b>{html.escape(self.source.name)}</b> {self.as_of}{self.rows()._repr_html_()}"


@dataclass(frozen=True)
class Draft:
    """A draft `dataset.yaml` of a whole folder, to save and correct, and what was noticed in its files."""

    draft: str
    notices: tuple[Problem, ...] = ()


def read(data: str | Path, pack: Pack | str | Path = DEFAULT_PACK, *, as_of: datetime.date | None = None) -> Data:
    """Read data as a run does, up to the clean tables: to look at them before any rule is asked.

    Raises DatasetError with every problem.
    """
    import tempfile

    from screening.dataset import ingest

    used = pack if isinstance(pack, Pack) else load_pack(pack)
    folder = tempfile.TemporaryDirectory(prefix="screen-")
    try:
        rules = used.loaded.pack
        found = Data(Path(data), ingest(Path(data), rules.tables, rules.geography, as_of, Path(folder.name)))
    except BaseException:
        folder.cleanup()
        raise
    weakref.finalize(found, folder.cleanup)
    return found


def inspect(path: str | Path, pack: str | Path = DEFAULT_PACK) -> Inspection | Draft:
    """Look at a file as intake does: encoding, header, units, columns, what was not recognised, a draft `dataset.yaml`; of a folder, a draft.

    Raises RulesError or DatasetError with every problem.
    """
    from screening.dataset import draft_folder
    from screening.dataset import inspect as looked_at
    from screening.rulebook.loader import load_pack as loaded

    tables = loaded(pack).pack.tables
    return Draft(*draft_folder(Path(path), tables)) if Path(path).is_dir() else looked_at(Path(path), tables)


def no_relation(name: str, known: tuple[str, ...]) -> Problem:
    """Return what is said of a name that none of the frames has."""
    return Problem(
        "api/relation",
        f"there is no relation '{name}'; {did_you_mean(name, known) or 'see docs/result-contract.md'}",
        remedy=f"one of {', '.join(known)}",
    )
