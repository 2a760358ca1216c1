"""The steps of one company alone, worked out for some of the companies: what a worker of a cluster does with its partition.

Classification and the steps of grain `company` are the very ones of a whole run, on tables that hold every row of the partition's
companies. What needs all companies is left to whoever has the parts of all partitions.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
from sqlglot import exp, parse_one

from screening.engine.alike import create
from screening.engine.export import write
from screening.engine.files import DIALECT, static_sql
from screening.engine.inputs import COMPANY, MAIN
from screening.engine.kept import CLASSES
from screening.engine.pipeline import prepare
from screening.engine.session import FEW, session
from screening.errors import Problem, RunError
from screening.expression_sql.pieces import column
from screening.identifier import file_named
from screening.result.contract import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from screening.dataset.overrides import Override
    from screening.engine.steps import Step
    from screening.rulebook.scope import ParsedPack

OVERRIDES = "override_outcomes"
RANKING = "ranking"
Bounds = tuple[str | None, str | None]
"""Companies from the first id up to but without the second; None: from the first of all, to the last."""
WHOLE: Bounds = (None, None)
_ROUNDS = 24
_ROWS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Job:
    """What every partition is told. `overrides` name companies by id. `written`: the relations that are handed over."""

    parsed: ParsedPack
    steps: tuple[Step, ...]
    overrides: tuple[Override, ...]
    written: tuple[str, ...]
    memory_limit: str


def divided(parsed: ParsedPack, steps: Sequence[Step]) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """Return the steps that a partition can work out, and those that need all companies or stand on one that does.

    A table without a company's id cannot be divided, so neither can a step that reads it. Of the ranking only the ranks need all: it is worked
    out in the partition where all that it reads is, and ranked again among all (`among_all`).
    """
    whole = {name for name, table in parsed.pack.tables.items() if COMPANY not in table.columns}
    inside: list[Step] = []
    for step in steps:
        if (step.grain == "ranking" and step.name != RANKING) or whole.intersection(step.reads):
            whole.add(step.name)
        else:
            inside.append(step)
    return tuple(inside), tuple(step for step in steps if step.name in whole)


def among_all() -> exp.Query:
    """Return the statement of the ranks of all companies, company and rank alone: what the ranking itself says of them."""
    ranking = parse_one(static_sql(RANKING), dialect=DIALECT)
    placed = next(layer.this for layer in ranking.find_all(exp.CTE) if layer.alias == "placed")
    assert isinstance(placed, exp.Query)
    return placed


def handed_over(inside: Sequence[Step], across: Sequence[Step], overrides: Sequence[object]) -> tuple[str, ...]:
    """Return the relations of a partition that anybody asks for: those of the contract and those that `across` reads."""
    made = {*CLASSES, "patents_judged", *(step.name for step in inside)} - {OVERRIDES}
    asked = {*(relation.name for relation in RELATIONS), *(name for step in across for name in step.reads)}
    return tuple(sorted(made & asked)) + ((OVERRIDES,) if overrides else ())


def screen_partition(
    job: Job, tables: Mapping[str, Path], bounds: Bounds, work: Path, parts: Path, part: str
) -> dict[str, int]:
    """Work out one partition in `work`; move each relation to `parts/<relation>/<part>` when it is whole; return rows by relation.

    A partition that is done twice, because a worker was lost or was slow, writes the same files again.
    Raises RunError with the file and rows of the company at which a step fails.
    """
    try:
        rows = _worked_out(job, tables, bounds, work)
    except RunError as error:
        raise _located(job, tables, bounds, work, error) from error
    for name in rows:
        _made(work, name).replace(parts / name / part)
    return rows


def _ids(tables: Mapping[str, Path], bounds: Bounds) -> pl.LazyFrame:
    ids, (low, high) = pl.scan_parquet(tables[MAIN], glob=False).select(COMPANY), bounds
    ids = ids if low is None else ids.filter(pl.col(COMPANY) >= low)
    return ids if high is None else ids.filter(pl.col(COMPANY) < high)


def _among(bounds: Bounds) -> exp.Expr | None:
    low, high = (exp.Literal.string(bound) if bound is not None else None for bound in bounds)
    ends: list[exp.Expr] = [column(COMPANY) >= low] if low is not None else []
    ends += [column(COMPANY) < high] if high is not None else []
    return exp.and_(*ends) if ends else None


def _worked_out(job: Job, tables: Mapping[str, Path], bounds: Bounds, work: Path) -> dict[str, int]:
    keys = {relation.name: relation for relation in RELATIONS}
    rows: dict[str, int] = {}
    (work / "made").mkdir(parents=True, exist_ok=True)
    few = _ids(tables, bounds).select(pl.len()).collect().item() < FEW
    reads = sorted({path.parent for path in tables.values()})
    with session(work, threads=1, memory_limit=job.memory_limit, reads=reads, small=few) as running:
        try:
            prepare(running, job.parsed, tables, job.overrides, _among(bounds))
        except duckdb.Error as error:
            raise RunError(f"classification failed: {str(error).splitlines()[0][:300]}") from error
        for step in job.steps:
            create(running, step)
        for name in job.written:
            if name == OVERRIDES:
                # Those of companies in other partitions, which meet nobody here.
                running.rows("DELETE FROM override_outcomes WHERE company_id IS NULL")
            relation = running.connection.table(name)
            rows[name] = int(relation.count("*").fetchall()[0][0])
            if name in keys:
                write(running, keys[name], _made(work, name), working=True)
            else:
                relation.write_parquet(str(_made(work, name)), compression="zstd")
    return rows


def _made(work: Path, name: str) -> Path:
    return file_named(work / "made", name, ".parquet")


def _located(job: Job, tables: Mapping[str, Path], bounds: Bounds, work: Path, error: RunError) -> RunError:
    """Halve the companies until one is left at which the steps fail, and name its rows; where no half fails, name the partition's."""
    ids = _ids(tables, bounds).collect()[COMPANY].sort()
    for number in range(_ROUNDS):
        if len(ids) <= 1:
            break
        for half in (ids[: len(ids) // 2], ids[len(ids) // 2 :]):
            place = work / f"half {number}"
            place.mkdir(parents=True, exist_ok=True)
            try:
                _worked_out(replace(job, written=()), _of(half, tables, place), WHOLE, place)
            except RunError as again:
                ids, error = half, again
                break
            finally:
                shutil.rmtree(place, ignore_errors=True)
        else:
            break
    where = "; ".join(_places(ids, tables))
    return RunError(
        [
            Problem(
                "run/partition",
                f"{problem.message}, at {len(ids):,} of its companies: {where}",
                problem.position,
                problem.remedy or "look at these rows; report this with them if they are as they should be",
                details=(("rows", where),),
            )
            for problem in error.problems
        ]
    )


def _of(ids: pl.Series, tables: Mapping[str, Path], folder: Path) -> dict[str, Path]:
    found = {name: file_named(folder, name, ".parquet") for name in tables}
    for name, path in tables.items():
        pl.scan_parquet(path, glob=False).filter(pl.col(COMPANY).is_in(ids.implode())).sink_parquet(found[name])
    return found


def _places(ids: pl.Series, tables: Mapping[str, Path]) -> list[str]:
    """Return `file: rows` for the rows of some companies, table by table."""
    said: list[str] = []
    for path in tables.values():
        rows = pl.scan_parquet(path, glob=False).filter(pl.col(COMPANY).is_in(ids.implode()))
        listed = rows.group_by("source_file").agg(pl.col("source_row").sort()).sort("source_file").collect()
        said += [f"{file}: {_shown(numbers)}" for file, numbers in listed.iter_rows()]
    return said


def _shown(numbers: Collection[Any]) -> str:
    listed = list(numbers)
    if len(listed) <= _ROWS_SHOWN:
        return ", ".join(map(str, listed))
    return f"{len(listed):,} rows from {listed[0]} to {listed[-1]}"
