"""What if a search had not expired: the run made again with that search dated on the date of knowledge, everything else as it was."""

from __future__ import annotations

import dataclasses
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from screening.errors import RulesError, did_you_mean
from screening.run.folder import copied
from screening.run.opened import opened, reading, run_folder
from screening.run.options import Options
from screening.run.screening import computed

if TYPE_CHECKING:
    import datetime

    from screening.run.options import Progress

_SHOWN = ("name", "outcome", "outcome_reason", "tier", "rank")


@dataclass(frozen=True, slots=True)
class Judgement:
    """Where a company stands."""

    outcome: str
    reason: str | None
    tier: str | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class Searched:
    """What a fresh search would settle if it found nothing new: companies whose outcome or tier is another, best first."""

    table: str
    was_on: datetime.date
    as_of: datetime.date
    companies: int
    moved: tuple[tuple[str, str, Judgement, Judgement], ...]


def if_searched(run_dir: Path, table: str, progress: Progress = lambda _: None) -> Searched:
    """Make the run again as if `table` had been searched on its date of knowledge.

    Raises RulesError when the run has no dated search of that table.
    """
    with opened(run_dir):
        folder = run_folder(run_dir)
    dated = {name: day for name, day in folder.inputs.searched_on.items() if day is not None}
    if table not in dated:
        raise RulesError.of(
            "ask/not-searched",
            f"the data of this run state no search of '{table}'",
            remedy=did_you_mean(table, list(dated)) or f"tables with a date: {', '.join(sorted(dated))}"
            if dated
            else "no table of it states one: write `searched_on: DATE` at the table in dataset.yaml and run again",
        )
    loaded, as_of = folder.pack(), folder.inputs.as_of
    inputs = dataclasses.replace(folder.inputs, searched_on={**folder.inputs.searched_on, table: as_of})
    with reading(run_dir), tempfile.TemporaryDirectory(prefix="screen-searched-") as place:
        work = Path(place)
        tables = copied(folder.clean_tables(), work)
        computed(work, loaded, inputs, tables, folder.overrides(), Options(), progress)
        before, after = (_ranking(f / "result") for f in (folder.path, work))
    moved = [
        (company_id, was["name"] or company_id, _stand(was), _stand(now))
        for company_id, was in before.items()
        for now in [after[company_id]]
        if (was["outcome"], was["tier"]) != (now["outcome"], now["tier"])
    ]
    moved.sort(key=lambda m: (m[3].rank is None, m[3].rank or 0, m[0]))
    return Searched(table, dated[table], as_of, len(before), tuple(moved))


def _ranking(result: Path) -> dict[str, dict[str, Any]]:
    frame = pl.read_parquet(result / "ranking.parquet", glob=False).select("company_id", *_SHOWN)
    return {row["company_id"]: row for row in frame.iter_rows(named=True)}


def _stand(row: dict[str, Any]) -> Judgement:
    return Judgement(row["outcome"], row["outcome_reason"], row["tier"], row["rank"])
