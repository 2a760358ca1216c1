"""The company's steps inside Spark's partitions. Needs the extra `spark`; nothing of Spark is imported before it is asked for.

Spark hands out tasks and gives them again when a worker is lost, no more. Clean tables lie in the order of the company's id, so a partition
is a stretch of ids: its task reads the rows of these companies from every table, works on them with the engine's own steps (`partition`) and
gives back one receipt per relation. No value ever passes through Spark, so none of its types, orders and hashes can change one. Clean
tables and relations are files in the run's folder, which every worker must see under the same path.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screening.engine.inputs import COMPANY, MAIN
from screening.errors import DatasetError, Position, Problem, RunError, ScreeningError
from screening.silence import silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from screening.engine.partition import Job

COMPANIES_PER_PARTITION = 500_000
"""A partition plans every statement once and holds the text of its companies: see docs/national-scale.md."""
_RETRIES = 4
_MASTERS = ("local", "spark://", "yarn", "k8s://")
# Java only hands out tasks here: what it would compile for long work costs more than it saves.
_LIGHT = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
_QUIET: Mapping[str, str] = {
    "spark.driver.extraJavaOptions": _LIGHT,
    "spark.executor.extraJavaOptions": _LIGHT,
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
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
    """Yield a session: the one that is running, else one on `master`, else on this machine.

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
    remote = "SPARK_REMOTE" in os.environ if running is None else not _gives_tasks(running)
    if remote or (master or "").startswith("sc://"):
        raise _problem(
            "spark/connect",
            "this Spark session is one of Spark Connect, which takes tables and no tasks",
            "give the address of the cluster itself, such as --master spark://host:7077, and unset SPARK_REMOTE where it is set",
        )
    if master is not None and not master.startswith(_MASTERS):
        raise _problem(
            "spark/no-master",
            f"'{master}' is no address of a Spark cluster",
            "write spark://host:7077, yarn, k8s://…, or local[4] for this machine",
        )
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
            # Spark stops its own context when nobody has answered for a minute.
            silence = f"no cluster answers at {where}" if "stopped SparkContext" in str(error) else _cause(error)
            raise _problem(
                "spark/no-session",
                f"Spark did not start: {silence}",
                "check Java (17 or later) and the address of the master",
            ) from None
        running.sparkContext.setLogLevel("OFF")
    else:
        mine = None
    try:
        yield running
    finally:
        if mine is not None:
            mine.stop()


def run_partitions(spark: Any, job: Job, tables: Mapping[str, Path], count: int, place: Path) -> list[Receipt]:
    """Work out every partition; the parts of a relation lie in `place/<relation>/` afterwards. Return the receipts.

    Raises RunError with the problems of all partitions; or with Spark's own, when a partition failed again and again.
    """
    import pickle  # noqa: PLC0415 - our own object for our own workers, never read from a file

    # Made here and nowhere else: a task that outlives its run finds no place to write to.
    for name in job.written:
        (place / name).mkdir(parents=True, exist_ok=True)
    divided = {
        name: str(path.absolute()) for name, path in tables.items() if COMPANY in job.parsed.pack.tables[name].columns
    }
    cuts = _cuts(tables[MAIN], count)
    task = partial(_partition, str(place.absolute()), _version(), divided, cuts, pickle.dumps(job))
    try:
        parts = range(len(cuts) + 1)
        found = spark.sparkContext.parallelize(parts, len(parts)).mapPartitions(task).collect()
    except Exception as error:
        raise _gave_up(error) from error
    problems = sorted({problem for *_, problem in found if problem})
    if problems:
        raise RunError(dict.fromkeys(problem for text in problems for problem in _read(text)))
    receipts = [Receipt(*said) for *said, _ in found]
    _require_all(receipts, place)
    return receipts


def spread(spark: Any, place: Path, function: Callable[[Any], Any], things: Sequence[Any]) -> list[Any]:
    """Work on each thing in a task of its own and return what came of them, in their order. `place`: a folder that every worker must see.

    Raises DatasetError with the problems of all tasks; RunError with Spark's own, when a task failed again and again.
    """
    import pickle  # noqa: PLC0415 - our own objects for our own workers, never read from a file

    task = partial(_work, str(place.absolute()), f"{_version()} {_told_by_hashes()}", pickle.dumps(function))
    packed = [pickle.dumps(thing) for thing in things]
    try:
        found = spark.sparkContext.parallelize(packed, max(1, len(packed))).mapPartitions(task).collect()
    except Exception as error:
        raise _gave_up(error) from error
    problems = sorted({said for said, _ in found if said})
    if problems:
        raise DatasetError(dict.fromkeys(problem for text in problems for problem in _read(text)))
    return [each for _, each in found]


def _work(place: str, version: str, packed: bytes, things: Iterable[bytes]) -> Iterator[tuple[str | None, Any]]:
    """Work on things in a worker: the problems, or what came of each."""
    _alone()
    import pickle  # noqa: PLC0415

    for thing in things:
        if problem := _unfit(Path(place), version, f"{_version()} {_told_by_hashes()}"):
            yield _written([problem]), None
            return
        try:
            yield None, pickle.loads(packed)(pickle.loads(thing))
        except ScreeningError as error:
            yield _written(error.problems), None


def _told_by_hashes() -> str:
    """What this machine makes of a text: hashes that differ would not find the rows of one company."""
    import polars as pl  # noqa: PLC0415

    return f"hash {pl.Series(['样例']).hash()[0]}"


def _gives_tasks(running: Any) -> bool:
    """Tell whether a session is the cluster's own; one that is only connected to somebody else's has no context."""
    try:
        return running.sparkContext is not None
    except Exception:
        return False


def _cuts(path: Path, count: int) -> list[str]:
    """Return the company at which each partition but the first begins: `count` of about the same size, fewer where companies are few.

    The table is read from front to back once, its ids alone.
    """
    import polars as pl  # noqa: PLC0415 - this module is loaded by workers too, before they know their share of the machine

    table = pl.scan_parquet(path, glob=False).select(COMPANY)
    rows = table.select(pl.len()).collect().item()
    places = sorted({rows * part // count for part in range(1, count)} - {0})
    wanted = table.with_row_index("place").filter(pl.col("place").is_in(places)).select(COMPANY)
    return sorted(set(wanted.collect(engine="streaming")[COMPANY]))


def _partition(
    place: str, version: str, tables: dict[str, str], cuts: Sequence[str], packed: bytes, numbers: Iterable[int]
) -> Iterator[tuple[int, int, str | None, int, int, str | None]]:
    """Work out one partition on a worker and yield its receipts: part, attempt, relation, rows, bytes, problem."""
    _alone()
    import pickle  # noqa: PLC0415

    from pyspark import TaskContext  # noqa: PLC0415

    context = TaskContext.get()
    assert context is not None
    parts = Path(place)
    for part in numbers:
        # What was killed had no time to remove its folder; what failed is counted by Spark.
        attempt = max(context.attemptNumber(), len(list(parts.glob(f".attempt-{part}-*"))))
        if problem := _unfit(parts, version, _version()):
            yield part, attempt, None, 0, 0, _written([problem])
            return
        from screening.engine.partition import screen_partition  # noqa: PLC0415 - loads the engine, on workers only

        work = parts / f".attempt-{part}-{context.taskAttemptId()}"
        work.mkdir(mode=0o700)
        try:
            job: Job = pickle.loads(packed)
            lying = {table: Path(path) for table, path in tables.items()}
            bounds, name = ([None, *cuts][part], [*cuts, None][part]), f"part-{part:05}.parquet"
            for each, count in screen_partition(job, lying, bounds, work, parts, name).items():
                yield part, attempt, each, count, (parts / each / name).stat().st_size, None
        except RunError as error:
            yield part, attempt, None, 0, 0, _written(error.problems)
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _alone() -> None:
    """A task has one core; polars asks once, when it is imported."""
    os.environ.setdefault("POLARS_MAX_THREADS", "1")


def _unfit(parts: Path, version: str, mine: str) -> Problem | None:
    """Say why this worker cannot help: it does not see the run's folder, or has another version of the program."""
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
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    from screening import __version__  # noqa: PLC0415

    def of(library: str) -> str:
        # A worker whose Python is another one may see this program and none of its libraries.
        try:
            return version(library)
        except PackageNotFoundError:
            return "-"

    return " ".join((__version__, *(f"{lib} {of(lib)}" for lib in ("duckdb", "polars"))))


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


def _gave_up(error: Exception) -> RunError:
    return _problem(
        "spark/failed",
        f"Spark gave up: {_cause(error)}",
        "see the logs of Spark's workers; give fewer companies to a partition with --partitions where memory ran out",
    )


def _cause(error: Exception) -> str:
    """The first line that says anything; Java's own has the class before it and a stack after it."""
    said = str(error)
    with suppress(Exception):
        said = str(error.java_exception.getMessage())  # type: ignore[attr-defined]
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:300]


def _problem(code: str, message: str, remedy: str) -> RunError:
    return RunError.of(code, message, remedy=remedy)
