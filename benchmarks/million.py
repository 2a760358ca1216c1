"""One million registry rows through `screen run`: time, peak memory, and one bare read of the same columns beside them.

    python -m benchmarks.million [--rows 1000000] [--form parquet|csv] [--memory-limit 2GB] [--threads N] [--keep FOLDER]

The run is a process of its own, so its peak is its own. The bare read is DuckDB aggregating every column of the same file
once, before and after the run, the best of six: on a shared machine only ratios of one sitting mean anything. Exits with 1
when the run fails, loses rows or goes over the limit of memory.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.bare import Read, bare_read
from benchmarks.registry import registry

if TYPE_CHECKING:
    from collections.abc import Sequence

GIB = 1 << 30
RESIDENT_LIMIT = 4 * GIB
AS_OF = "2024-10-01"
_STEP = re.compile(r"^\[\s*([\d.]+)s\] (.+)$")


@dataclass(frozen=True, slots=True)
class Measured:
    """A finished process: wall and processor seconds, peak resident bytes, and when each step began."""

    wall: float
    processor: float
    peak: int
    steps: tuple[tuple[float, str], ...]
    answer: dict[str, Any]


def measured(command: Sequence[str], folder: Path) -> Measured:
    """Run a command and measure it alone. Raises SystemExit with its messages when it fails."""
    output, messages = folder / "stdout", folder / "stderr"
    with output.open("wb") as stdout, messages.open("wb") as stderr:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=stdout, stderr=stderr)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    said = messages.read_text(encoding="utf-8")
    if process.returncode:
        raise SystemExit(f"the run failed with exit code {process.returncode}:\n{said}")
    unit = 1 if sys.platform == "darwin" else 1024
    steps = tuple((float(found[1]), found[2]) for found in map(_STEP.match, said.splitlines()) if found)
    return Measured(
        wall,
        used.ru_utime + used.ru_stime,
        used.ru_maxrss * unit,
        steps,
        json.loads(next(folder.glob("runs/*/manifest.json")).read_text(encoding="utf-8")),
    )


def report(run: Measured, bare: Read, rows: int) -> None:
    """Print the figures."""
    print(f"rows           {rows:>12,}")
    print(f"bare read      {bare.wall:>12.2f} s    processor {bare.processor:.2f} s; every column once, best of six")
    print(f"screen run     {run.wall:>12.1f} s    processor {run.processor:.1f} s")
    print(f"  in bare reads{run.wall / bare.wall:>12,.0f}      processor {run.processor / bare.processor:,.0f}")
    print(f"peak resident  {run.peak / GIB:>12.2f} GiB  limit {RESIDENT_LIMIT / GIB:.0f} GiB")
    ends = [begin for begin, _ in run.steps[1:]] + [run.wall]
    for (begin, name), end in zip(run.steps, ends, strict=True):
        print(f"  {end - begin:>8.1f} s {(end - begin) / bare.wall:>8.1f} × bare   {name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--form", choices=("parquet", "csv"), default="parquet")
    parser.add_argument("--memory-limit", default="2GB")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, help="work in this folder and leave data and run there")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        data = folder / f"registry.{chosen.form}"
        frame = registry(chosen.rows)
        frame.write_parquet(data) if chosen.form == "parquet" else frame.write_csv(data)
        del frame
        before = bare_read(data, threads=chosen.threads)
        run = measured(
            [
                sys.executable,
                "-m",
                "screening",
                "run",
                "--data",
                str(data),
                "--as-of",
                AS_OF,
                "--out",
                str(folder / "runs"),
                "--threads",
                str(chosen.threads),
                "--memory-limit",
                chosen.memory_limit,
            ],
            folder,
        )
        report(run, before.best(bare_read(data, threads=chosen.threads)), chosen.rows)
        counted = run.answer["rows"]
        print(
            f"read {counted['read']:,} = clean {counted['clean']:,} + set aside {counted['set_aside']:,}; outcomes {run.answer['outcomes']}"
        )
    if counted["read"] != chosen.rows or counted["read"] != counted["clean"] + counted["set_aside"]:
        raise SystemExit("rows were lost")
    if run.peak > RESIDENT_LIMIT:
        raise SystemExit("over the limit of memory")


if __name__ == "__main__":
    main()
