"""What each step of a run costs, as multiples of one bare read of the same columns.

    python -m benchmarks.pipeline [--data FILE --as-of DATE] [--rows 100000] [--runs 3] [--threads N]

Without `--data` the real registry beside the project is used where it is present, else made-up rows. Steps are timed in
whole runs; of several runs the least of each step is printed, processor time beside wall time, since a shared machine
wanders. The bare read is DuckDB aggregating every column of the file once.
"""

from __future__ import annotations

import argparse
import datetime
import os
import resource
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.bare import Read, bare_read
from benchmarks.registry import registry
from screening.run.options import Options
from screening.run.screening import run

REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "guangdong_registry.parquet"
REAL_AS_OF, MADE_UP_AS_OF = datetime.date(2019, 5, 1), datetime.date(2024, 10, 1)
MIB = 1 << 20
_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(slots=True)
class Stopwatch:
    """Marks when each step begins: wall, processor time, and the most memory resident until then."""

    marks: list[tuple[str, float, float, int]] = field(default_factory=list)

    def __call__(self, step: str) -> None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
        self.marks.append((step, time.perf_counter(), time.process_time(), peak))

    def steps(self) -> dict[str, tuple[float, float, int]]:
        """Return wall seconds, processor seconds and the peak at the end, by step."""
        return {
            name: (after[1] - began, after[2] - used, after[3])
            for (name, began, used, _), after in zip(self.marks, self.marks[1:], strict=False)
        }


def timed(data: Path, as_of: datetime.date, threads: int) -> dict[str, tuple[float, float, int]]:
    """Run once into a folder that is then removed."""
    watch = Stopwatch()
    with tempfile.TemporaryDirectory() as out:
        run(Options(data=data, as_of=as_of, out=Path(out), threads=threads), watch)
        watch("")
    return watch.steps()


def report(steps: dict[str, tuple[float, float, int]], bare: Read) -> None:
    """Print the table."""
    print(f"{'step':<12}{'wall s':>9}{'× bare':>9}{'cpu s':>9}{'× bare':>9}{'peak MiB':>10}")
    total = (
        sum(step[0] for step in steps.values()),
        sum(step[1] for step in steps.values()),
        max(s[2] for s in steps.values()),
    )
    for name, (wall, processor, peak) in {**steps, "all": total}.items():
        print(
            f"{name:<12}{wall:>9.2f}{wall / bare.wall:>9.1f}{processor:>9.2f}{processor / bare.processor:>9.1f}{peak / MIB:>10,.0f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--as-of", type=datetime.date.fromisoformat)
    parser.add_argument("--rows", type=int, default=100_000, help="made-up rows, where no data are given or found")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data, as_of = chosen.data, chosen.as_of or MADE_UP_AS_OF
        if data is None and REAL.is_file():
            data, as_of = REAL, chosen.as_of or REAL_AS_OF
        elif data is None:
            data = Path(folder) / "registry.parquet"
            registry(chosen.rows).write_parquet(data)
        bare, best = Read(float("inf"), float("inf")), dict[str, tuple[float, float, int]]()
        for _ in range(chosen.runs):
            bare = bare.best(bare_read(data, threads=chosen.threads))
            for name, found in timed(data, as_of, chosen.threads).items():
                known = best.get(name, found)
                best[name] = (min(known[0], found[0]), min(known[1], found[1]), max(known[2], found[2]))
    print(
        f"{data.name}: bare read {bare.wall:.3f} s, {bare.processor:.3f} s of processor time; best of {chosen.runs} runs"
    )
    report(best, bare)


if __name__ == "__main__":
    main()
