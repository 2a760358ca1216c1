"""The company's steps inside Spark's partitions. Needs the extra `spark`; nothing of Spark is imported before it is asked for.

Spark moves rows and runs tasks, no more. A first task cuts a stretch of a clean table by company, a second has all rows of its
companies and works on them with the engine's own steps (`partition`). Between them Spark carries Parquet as bytes, and what comes back
is one receipt per relation: so no value is ever turned into Spark's types, and no order or rank is Spark's. Clean tables and
relations are files in the run's folder, which every worker must see under the same path.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screening.errors import Position, Problem, RunError
from screening.silence import silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import polars as pl

    from screening.engine.partition import Job

COMPANIES_PER_PARTITION = 200_000
"""A partition plans every statement once and holds the text of its companies: see docs/national-scale.md."""
STRETCH = "table string, path string, start bigint, rows bigint"
PIECE = "key int, table string, content binary"
RECEIPT = "part int, attempt int, relation string, rows bigint, bytes bigint, problem string"
_PART = "\x00part"
_RETRIES = 4
_SETTINGS: Mapping[str, str] = {
    # One piece of a table may be many megabytes.
    "spark.sql.execution.arrow.maxRecordsPerBatch": "8",
}
# Java only moves bytes here: what it would compile for long work costs more than it saves.
_LIGHT = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
_QUIET: Mapping[str, str] = {
    "spark.driver.extraJavaOptions": _LIGHT,
    "spark.executor.extraJavaOptions": _LIGHT,
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.execution.pyspark.udf.simplifiedTraceback.enabled": "true",
    "spark.executorEnv.POLARS_MAX_THREADS": "1",
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a partition says of one relation that it wrote. `attempt`: how often the partition had been begun before."""

    part: int
    attempt: int
    relation: str
    rows: int
    bytes: int


@contextmanager
def spark_session(master: str | None, threads: int) -> Iterator[Any]:
    """Yield a session of its own: beside the one that is running, else on `master`, else on this machine.

    Raises RunError when Spark or Java is not there, or no cluster answers.
    """
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - an optional extra
    except ImportError:
        raise _problem(
            "spark/not-installed",
            "Spark is not installed here",
            "install it with: pip install 'screening[spark]'; it needs Java 17 or later",
        ) from None
    running = SparkSession.getActiveSession()
    if running is None and shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        raise _problem(
            "spark/no-java", "Spark needs Java, and none was found", "install Java 17 or later, or set JAVA_HOME"
        )
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if running is None:
        where = master or f"local[{threads},{_RETRIES}]"
        builder: Any = SparkSession.builder.appName("screening").master(where)
        for key, value in _QUIET.items():
            builder = builder.config(key, value)
        if where.startswith("local"):
            # A session on this machine answers to nobody else.
            builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
        try:
            with silent():
                mine = running = builder.getOrCreate()
        except Exception as error:
            raise _problem(
                "spark/no-session",
                f"Spark did not start: {_cause(error)}",
                "check Java (17 or later) and the address of the master",
            ) from None
        running.sparkContext.setLogLevel("OFF")
    else:
        mine = None
    try:
        session = running.newSession()
        for key, value in _SETTINGS.items():
            session.conf.set(key, value)
        yield session
    finally:
        if mine is not None:
            mine.stop()


def run_partitions(spark: Any, job: Job, tables: Mapping[str, Path], count: int, place: Path) -> list[Receipt]:
    """Work out every partition; the parts of a relation lie in `place/<relation>/` afterwards. Return the receipts.

    Raises RunError with the problems of all partitions; or with Spark's own, when a partition failed again and again.
    """
    import pickle  # noqa: PLC0415 - our own object for our own workers, never read from a file

    import polars as pl  # noqa: PLC0415 - this module is loaded by workers too, before they know their share of the machine

    # Made here and nowhere else: a task that outlives its run finds no place to write to.
    for name in job.written:
        (place / name).mkdir(parents=True, exist_ok=True)
    divided = {name: path for name, path in tables.items() if "company_id" in job.parsed.pack.tables[name].columns}
    empty = {name: _parquet(pl.read_parquet(path, n_rows=0, glob=False)) for name, path in divided.items()}
    stretches = [(name, str(path.absolute()), *each) for name, path in divided.items() for each in _stretches(path)]
    told = (str(place.absolute()), _version())
    try:
        pieces = (
            spark.createDataFrame(stretches, STRETCH)
            .repartition(len(stretches))
            .mapInArrow(partial(_cut, *told, _keys(spark, count)), PIECE)
        )
        task = partial(_partition, *told, empty, pickle.dumps(job))
        found = pieces.repartition(count, "key").mapInArrow(task, RECEIPT).collect()
    except Exception as error:
        raise _problem(
            "spark/failed",
            f"Spark gave up: {_cause(error)}",
            "see the logs of Spark's workers; give fewer companies to a partition with --partitions where memory ran out",
        ) from error
    problems = sorted({row.problem for row in found if row.problem})
    if problems:
        raise RunError(dict.fromkeys(problem for text in problems for problem in _read(text)))
    receipts = [Receipt(row.part, row.attempt, row.relation, row.rows, row.bytes) for row in found]
    _require_all(receipts, place)
    return receipts


def _keys(spark: Any, count: int) -> list[int]:
    """Return for each partition a number that Spark's own hash sends there: of numbers as they come some would share one."""
    from pyspark.sql import functions as F  # noqa: PLC0415 - as everybody writes it

    found: dict[int, int] = {}
    upto = 16 * count + 64
    while len(found) < count:
        key = F.col("id").cast("int")
        rows = spark.range(upto, numPartitions=1).select(
            key.alias("key"), F.expr(f"pmod(hash(cast(id as int)), {count})")
        )
        for number, place in rows.collect():
            found.setdefault(place, number)
        upto *= 2
    return [found[place] for place in range(count)]


def _stretches(path: Path) -> list[tuple[int, int]]:
    """Return the row groups of a file as (first row, rows): what is cut at once."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - Spark needs it, and only Spark

    told = pq.read_metadata(path)
    found, start = [], 0
    for number in range(told.num_row_groups):
        rows = told.row_group(number).num_rows
        found.append((start, rows))
        start += rows
    return [each for each in found if each[1]]


def _parquet(frame: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.write_parquet(stream, compression="lz4", statistics=False)
    return stream.getvalue()


def _cut(place: str, version: str, keys: list[int], batches: Iterable[Any]) -> Iterator[Any]:
    """Cut stretches of clean tables by company, on a worker: one piece for each partition that any of the rows belongs to."""
    _alone()
    import polars as pl  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415

    schema = pa.schema([("key", pa.int32()), ("table", pa.string()), ("content", pa.binary())])
    yield pa.RecordBatch.from_pylist([], schema)
    if _unfit(Path(place), version):
        return  # the second task says so
    for batch in batches:
        for stretch in batch.to_pylist():
            rows = pl.scan_parquet(stretch["path"], glob=False).slice(stretch["start"], stretch["rows"]).collect()
            part = pl.col("company_id").hash(0) % len(keys)
            for (number,), piece in (
                rows.with_columns(part.alias(_PART)).partition_by(_PART, as_dict=True, include_key=False).items()
            ):
                row = {"key": keys[number], "table": stretch["table"], "content": _parquet(piece)}
                yield pa.RecordBatch.from_pylist([row], schema)


def _partition(
    place: str, version: str, empty: dict[str, bytes], packed: bytes, batches: Iterable[Any]
) -> Iterator[Any]:
    """Work out one partition on a worker and yield its receipts; an empty one yields an empty frame."""
    _alone()
    import pickle  # noqa: PLC0415

    import pyarrow as pa  # noqa: PLC0415
    from pyspark import TaskContext  # noqa: PLC0415

    schema = pa.schema(
        [
            *(("part", pa.int32()), ("attempt", pa.int32()), ("relation", pa.string())),
            *(("rows", pa.int64()), ("bytes", pa.int64()), ("problem", pa.string())),
        ]
    )
    context = TaskContext.get()
    assert context is not None
    part, parts = context.partitionId(), Path(place)
    # What was killed had no time to remove its folder; what failed is counted by Spark.
    attempt = max(context.attemptNumber(), len(list(parts.glob(f".attempt-{part}-*"))))

    def receipts(rows: Iterable[tuple[str | None, int, int]], problem: str | None = None) -> Any:
        listed = [
            {"part": part, "attempt": attempt, "relation": name, "rows": count, "bytes": size, "problem": problem}
            for name, count, size in rows
        ]
        return pa.RecordBatch.from_pylist(listed, schema)

    if problem := _unfit(parts, version):
        yield receipts([(None, 0, 0)], _written([problem]))
        return
    work = parts / f".attempt-{part}-{context.taskAttemptId()}"
    work.mkdir(mode=0o700)
    try:
        tables = _received(batches, empty, work / "tables")
        if tables is None:
            yield receipts([])
            return
        from screening.engine.partition import screen_partition  # noqa: PLC0415 - loads the engine, on workers only

        job: Job = pickle.loads(packed)
        name = f"part-{part:05}.parquet"
        try:
            rows = screen_partition(job, tables, work, parts, name)
        except RunError as error:
            yield receipts([(None, 0, 0)], _written(error.problems))
            return
        yield receipts((each, count, (parts / each / name).stat().st_size) for each, count in rows.items())
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _received(batches: Iterable[Any], empty: Mapping[str, bytes], folder: Path) -> dict[str, Path] | None:
    """Lay the pieces of each table into a folder of its own, beside a file without rows; None where no company came."""
    from screening.identifier import file_named  # noqa: PLC0415

    found = {name: file_named(folder, name, ".parquet") for name in empty}
    for name, path in found.items():
        path.mkdir(parents=True)
        (path / "0.parquet").write_bytes(empty[name])
    companies = number = 0
    for batch in batches:
        for name, content in zip(batch.column("table").to_pylist(), batch.column("content"), strict=True):
            number += 1
            companies += name == "companies"
            (found[name] / f"{number}.parquet").write_bytes(content.as_buffer())
    return found if companies else None


def _alone() -> None:
    """A task has one core; polars asks once, when it is imported."""
    os.environ.setdefault("POLARS_MAX_THREADS", "1")


def _unfit(parts: Path, version: str) -> Problem | None:
    """Say why this worker cannot help: it does not see the run's folder, or has another version of the program."""
    mine = _version()
    if mine != version:
        return Problem(
            "spark/version",
            f"a worker has screening {mine}, the driver {version}; their results may differ",
            remedy="install the same version on every worker",
        )
    if not parts.is_dir():
        return Problem(
            "spark/storage",
            "a worker does not see the folder of the run",
            remedy="give an --out on storage that every worker has under the same path",
        )
    return None


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415

    from screening import __version__  # noqa: PLC0415

    return " ".join((__version__, *(f"{lib} {version(lib)}" for lib in ("duckdb", "polars"))))


def _require_all(receipts: list[Receipt], place: Path) -> None:
    """Every part that a receipt speaks of lies there, and no other."""
    said = {(r.relation, f"part-{r.part:05}.parquet") for r in receipts}
    lies = {(p.parent.name, p.name) for p in place.glob("*/*.parquet")}
    if said != lies:
        raise _problem(
            "spark/parts",
            f"the parts of the result are not those that Spark's partitions wrote ({len(said):,} written, {len(lies):,} found)",
            "give an --out on storage that every worker has under the same path",
        )
    for left in place.glob(".attempt-*"):
        shutil.rmtree(left, ignore_errors=True)


def _written(problems: Iterable[Problem]) -> str:
    return json.dumps(
        [
            [p.code, p.message, str(p.position) if p.position else None, p.remedy, [list(d) for d in p.details]]
            for p in problems
        ],
        ensure_ascii=False,
    )


def _read(text: str) -> list[Problem]:
    return [
        Problem(
            code,
            message,
            Position(place) if place else None,
            remedy,
            details=tuple((key, value) for key, value in details),
        )
        for code, message, place, remedy, details in json.loads(text)
    ]


def _cause(error: Exception) -> str:
    """The first line that says anything; Java's own has the class before it and a stack after it."""
    said = str(error)
    with suppress(Exception):
        said = str(error.java_exception.getMessage())  # type: ignore[attr-defined]
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:300]


def _problem(code: str, message: str, remedy: str) -> RunError:
    return RunError([Problem(code, message, remedy=remedy)])
