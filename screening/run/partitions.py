"""A run whose companies are divided: partitions work out what concerns one company, here the parts become one result.

What is left for this machine is narrow: where overrides point, ranks, counts, and what a pack asks of companies among each other. It
is worked out by the database from the parts as they lie there, within its memory limit.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
from sqlglot import exp

from screening.engine.classify import override_targets
from screening.engine.files import DIALECT
from screening.engine.inputs import COMPANY
from screening.engine.partition import OVERRIDES, RANKING, Job, among_all, divided, handed_over
from screening.engine.pipeline import program_frame, start
from screening.engine.session import session
from screening.engine.spark import COMPANIES_PER_PARTITION, run_partitions, spark_session
from screening.engine.steps import steps
from screening.expression_sql.nodes import cast
from screening.expression_sql.pieces import column, relation
from screening.result.contract import EXTERNAL, RELATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from screening.dataset.overrides import Override
    from screening.engine.inputs import Inputs
    from screening.engine.session import Session
    from screening.engine.spark import Receipt
    from screening.rulebook.scope import ParsedPack
    from screening.run.options import Options, Progress

LARGEST_FILE, MOST_ROWS = 1 << 30, 1_000_000
"""Bytes, and rows, of parts above which a relation of the result stays a folder of files, each in the order of its key."""
PARTS = "parts"


@contextmanager
def screened_in_partitions(
    work: Path,
    parsed: ParsedPack,
    inputs: Inputs,
    tables: Mapping[str, Path],
    options: Options,
    overrides: Sequence[Override],
    progress: Progress,
) -> Iterator[Session]:
    """Run the engine in Spark's partitions; the relations stand in the session that is yielded, as those of `screened` do.

    A relation larger than `LARGEST_FILE` lies in `work/result` as a folder already; the others are for the caller to export.
    """
    inside, across = divided(parsed, steps(parsed, inputs))
    written = handed_over(inside, across, overrides)
    with session(work, threads=options.threads, memory_limit=options.memory_limit) as running:
        start(running, parsed, tables)
        targets = override_targets(running.connection, parsed.pack, overrides) if overrides else {}
        [(companies,)] = running.rows("SELECT count(*) FROM companies")
        count = options.partitions or max(options.threads, -(-companies // COMPANIES_PER_PARTITION))
        mine = tuple(
            replace(override, company=company_id)
            for override in overrides
            if (company_id := targets[override.override_id][0]) is not None
        )
        job = Job(parsed, inside, mine, written, options.memory_limit)
        progress(f"partitions {count:,}")
        with spark_session(options.master, options.threads) as spark:
            receipts = run_partitions(spark, job, tables, count, work / PARTS)
        again = len({receipt.part for receipt in receipts if receipt.attempt})
        if again:
            progress(f"again {again:,}")
        for name in sorted(written, key=lambda each: each == RANKING):
            if name == RANKING:
                _ranked_among_all(running, work / PARTS / name)
            place = _settled(name, receipts, work, options)
            running.view("partition_overrides" if name == OVERRIDES else name, place)
        if overrides:
            _with_idle_overrides(running, parsed, overrides, targets)
        for step in across:
            progress(step.name)
            running.create(step.name, step.sql)
        running.frame("program", program_frame(parsed))
        yield running
    shutil.rmtree(work / PARTS, ignore_errors=True)


def _ranked_among_all(running: Session, parts: Path) -> None:
    """Give each part of the ranking the ranks among all companies. But for one part at a time, only companies and their ranks are held."""
    running.create("ranks", among_all())
    for part in sorted(parts.glob("*.parquet")):
        running.view("part", part)
        rank = exp.alias_(cast(column("rank", "ranks"), "INTEGER"), "rank")
        columns = [rank if name == "rank" else column(name, "part") for name, _ in running.columns("part")]
        ranked = exp.select(*columns).from_(relation("part")).join(relation("ranks"), using=COMPANY, join_type="left")
        fresh = part.with_suffix(".ranked")
        running.connection.sql(ranked.order_by(column(COMPANY, "part")).sql(DIALECT)).write_parquet(
            str(fresh), compression="zstd"
        )
        running.drop("part", "VIEW")
        fresh.replace(part)
    running.drop("ranks")


def _settled(name: str, receipts: Sequence[Receipt], work: Path, options: Options) -> Path:
    """Return where the parts of a relation are to be read: in the result, as they are where one file would be too large, else as one.

    A part holds the companies of a stretch of ids in their order, so one behind the other they are the relation in its order.
    """
    parts = work / PARTS / name
    # A DOUBLE becomes a decimal when it is written out.
    if not any(relation.name == name for relation in RELATIONS) or _has_double(parts):
        return parts
    mine = [receipt for receipt in receipts if receipt.relation == name]
    large = sum(each.bytes for each in mine) > LARGEST_FILE or sum(each.rows for each in mine) > MOST_ROWS
    settled = work / "result" / f"{name}.parquet"
    settled.parent.mkdir(parents=True, exist_ok=True)
    # What is made for others is rewritten row by row afterwards, file by file.
    if large and options.audience != EXTERNAL:
        return parts.rename(settled)
    pl.scan_parquet(sorted(parts.glob("*.parquet")), glob=False).sink_parquet(settled)
    return settled


def _has_double(parts: Path) -> bool:
    return pl.Float64 in pl.read_parquet_schema(next(parts.glob("*.parquet"))).values()


def _with_idle_overrides(
    running: Session,
    parsed: ParsedPack,
    overrides: Sequence[Override],
    targets: Mapping[str, tuple[str | None, int]],
) -> None:
    """Add to the overrides of all partitions those that meet no company, or several: they are in none."""
    idle = [
        (
            override.override_id,
            "after_as_of"
            if override.date > parsed.as_of
            else "ambiguous"
            if targets[override.override_id][1]
            else "unmatched",
        )
        for override in overrides
        if targets[override.override_id][0] is None
    ]
    running.frame(
        "idle_overrides", pl.DataFrame(idle, schema={"override_id": pl.String, "state": pl.String}, orient="row")
    )
    running.create(OVERRIDES, "SELECT * FROM partition_overrides UNION ALL BY NAME SELECT * FROM idle_overrides")
