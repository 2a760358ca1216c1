"""The company's steps on one machine and in Spark's partitions, on the same clean tables: processor time per company, bytes, digest.

    python -m benchmarks.partitions [--companies 600000] [--only one|spark] [--partitions N] [--threads 2] [--folder FOLDER]

Clean tables are made from made-up registry rows: 100,000 are read by intake once and repeated under other ids, so that a national
register can be tried without a national intake. Each engine runs in a process of its own, which prints one JSON line. Processor time counts
everything: Python, Java and Spark's Python workers, from /proc, so this runs on Linux only.
"""

from __future__ import annotations

import argparse
import datetime
import json
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.registry import registry
from screening.dataset import ingest
from screening.engine.export import export
from screening.engine.spark import COMPANIES_PER_PARTITION
from screening.rulebook.loader import load_pack
from screening.rulebook.parsing import parse_pack
from screening.run.options import Options
from screening.run.screening import digest_of, inputs_from, screened

AS_OF = datetime.date(2024, 10, 1)
SEED = 100_000
PACK = Path(__file__).resolve().parent.parent / "rules" / "guangdong-2024"
_TICK = os.sysconf("SC_CLK_TCK")


def clean_tables(folder: Path, companies: int) -> Any:
    """Return a dataset whose root table has `companies` rows, in row groups of the seed's size."""
    seed = folder / "seed.parquet"
    registry(min(SEED, companies)).write_parquet(seed)
    parsed = parse_pack(load_pack(PACK), AS_OF)
    dataset = ingest(seed, parsed.pack.tables, parsed.pack.geography, AS_OF, folder)
    path = dataset.tables["companies"]
    rows = pl.read_parquet(path)
    copies = -(-companies // rows.height)
    parts = folder / "copies"
    parts.mkdir()
    for copy in range(copies):
        # In the order of the id, as intake leaves them.
        named = rows.with_columns(pl.format("{}-{}", pl.lit(f"{copy:05}"), "company_id").alias("company_id"))
        named.head(companies - copy * rows.height).write_parquet(parts / f"{copy:05}.parquet")
    pl.scan_parquet(parts).sink_parquet(path, row_group_size=SEED)
    shutil.rmtree(parts)
    return parsed, dataset


class Used:
    """Processor seconds of this process and all it started, and the most memory resident in it, in Java and in one worker."""

    def __init__(self) -> None:
        self._seen: dict[tuple[int, str, str], float] = {}
        self.resident: dict[str, int] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Used:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def seconds(self) -> dict[str, float]:
        """Return the seconds of the driver, of Java and of the workers."""
        found: dict[str, float] = {}
        for (_, _, what), used in self._seen.items():
            found[what] = found.get(what, 0) + used
        return found

    def _watch(self) -> None:
        while not self._stop.wait(0.2):
            self._look()
        self._look()

    def _look(self) -> None:
        parents, found = {}, {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    name, _, rest = (entry / "stat").read_text(errors="replace").rpartition(")")
                    said = rest.split()
                    pages = int((entry / "statm").read_text().split()[1])
                except OSError:
                    continue
                pid = int(entry.name)
                parents[pid] = int(said[1])
                kind = name.partition("(")[2]
                found[pid] = (f"{kind} {said[19]}", kind, (int(said[11]) + int(said[12])) / _TICK, pages * 4096)
        mine = {os.getpid()}
        for _ in range(8):
            mine |= {pid for pid, parent in parents.items() if parent in mine}
        for pid in mine & found.keys():
            key, kind, used, resident = found[pid]
            what = "driver" if pid == os.getpid() else "java" if kind == "java" else "worker"
            self._seen[pid, key, what] = used
            self.resident[what] = max(self.resident.get(what, 0), resident)


def one(engine: str, companies: int, partitions: int | None, threads: int, folder: Path) -> dict[str, Any]:
    """Run one engine from the clean tables to the digest."""
    folder.mkdir(parents=True)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as elsewhere:
        # What this process held before would count as the engine's.
        parsed, dataset = elsewhere.submit(clean_tables, folder, companies).result()
    options = Options(engine=engine, partitions=partitions, threads=threads)
    before = resource.getrusage(resource.RUSAGE_SELF)
    began, spent = time.perf_counter(), before.ru_utime + before.ru_stime
    written: dict[str, int] = {}
    with (
        Used() as used,
        screened(
            folder, parsed, inputs_from(dataset), dataset.tables, options, (), lambda _: None, anew=True
        ) as running,
    ):
        worked = time.perf_counter() - began
        export(running, folder / "result")
        for path in sorted((folder / "result").iterdir()):
            files = path.rglob("*.parquet") if path.is_dir() else [path]
            written[path.stem] = sum(file.stat().st_size for file in files)
    by = used.seconds()
    by["driver"] -= spent
    seconds = sum(by.values())
    return {
        "engine": engine,
        "companies": companies,
        "partitions": partitions or max(threads, -(-companies // COMPANIES_PER_PARTITION)),
        "processor": round(seconds, 1),
        "processor_by": {what: round(used, 1) for what, used in by.items()},
        "microseconds_per_company": round(seconds / companies * 1e6, 1),
        "wall": round(worked, 1),
        "resident_mib": {what: size >> 20 for what, size in used.resident.items()},
        "clean_bytes": sum(path.stat().st_size for path in dataset.tables.values()),
        "result_bytes": sum(written.values()),
        "by_relation": written,
        "result_digest": digest_of(folder / "result"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--companies", type=int, default=600_000)
    parser.add_argument("--only", choices=["local", "spark"])
    parser.add_argument("--partitions", type=int)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.only:
        with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
            place = Path(folder) / "run"
            print(json.dumps(one(asked.only, asked.companies, asked.partitions, asked.threads, place)))
        return
    for engine in ("local", "spark"):
        subprocess.run([sys.executable, "-m", "benchmarks.partitions", *sys.argv[1:], "--only", engine], check=True)


if __name__ == "__main__":
    main()
