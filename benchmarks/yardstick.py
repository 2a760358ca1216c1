"""`screen run` beside an expert's script for the same job on the same file: the table of `docs/performance.md`, in one command.

    python -m benchmarks.yardstick [--rows 100000,1000000] [--runs 2] [--data FILE --as-of DATE] [--fixed] [--against PYTHON]

Every measurement is a process of its own, without anything kept from earlier ones unless it says so; the runs take turns and the least
processor time (user and system) of each counts, since a shared machine wanders. Beside them stands a bare read (DuckDB aggregating every
column once). `--fixed` adds the commands whose cost hardly depends on the data (`benchmarks.fixed_costs`), `--against` beside an earlier build. Exits with 1 when
rows are lost or more than 4 GiB become resident.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from benchmarks.bare import bare_read
from benchmarks.registry import registry
from screening.engine.hits import vocabulary
from screening.rulebook.loader import load_pack
from screening.store import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.rulebook.model import RulePack

GIB = 1 << 30
RESIDENT_LIMIT = 4 * GIB
PACK = "guangdong-2024"
AS_OF = "2024-10-01"
EDITS = {
    "weights of the halves": [("verdict.yaml", "weights: {fit: 0.4, merit: 0.6}", "weights: {fit: 0.45, merit: 0.55}")],
    "weights of two pillars": [
        ("criteria.yaml", "    direction:     55", "    direction:     50"),
        ("criteria.yaml", "    stage:         30", "    stage:         35"),
    ],
    "a keyword": [("lexicon/2-general-intelligence.yaml", "线控底盘, 毫米波雷达", "线控底盘, 激光器, 毫米波雷达")],
}
"""What is edited in the plan's pack: file, what stands there, what is written instead."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A finished process: wall and processor seconds, peak resident bytes, what it printed."""

    wall: float
    processor: float
    peak: int
    said: str

    def least(self, other: Measured | None) -> Measured:
        """Return the one that took less of the processor."""
        return self if other is None or self.processor <= other.processor else other


def measured(command: Sequence[str], folder: Path, cache: str = "off") -> Measured:
    """Run a command and measure it alone. Raises SystemExit with its messages when it fails."""
    output, messages = folder / "stdout", folder / "stderr"
    with output.open("wb") as stdout, messages.open("wb") as stderr:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=stdout, stderr=stderr, env={**os.environ, VARIABLE: cache})
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command[1:])} ended with {process.returncode}:\n{messages.read_text('utf-8')}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Measured(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * unit, output.read_text(encoding="utf-8"))


def lists(pack: RulePack, folder: Path) -> None:
    """Write the plan's words and places as the expert keeps them."""
    known = vocabulary(pack)
    words = known.terms.filter(~pl.col("name_only"))
    words.select("term", "length", "mask", "ascii_start", "ascii_end", word_no="term_no").write_parquet(
        folder / "words.parquet"
    )
    known.meanings.select("domain_id", "direction_id", "kind", "family", word_no="term_no").write_parquet(
        folder / "meanings.parquet"
    )
    places = pack.places
    assert places is not None
    entries: dict[str, str] = {}
    named, listed = [], []
    for entry_id, entry in places.entries.items():
        for city in entry.cities or [city for city in places.cities if entry_id.endswith(city)]:
            entries[city] = entry_id
            named += [[city, sub.direction, bool(entry.cities), sub.name] for sub in entry.sub_industries]
            listed += [[city, domain] for domain in entry.domains]
    kept = {
        "cities": list(places.cities),
        "codes": {city.code: name for name, city in places.cities.items()},
        "districts": {district: name for name, city in places.cities.items() for district in city.districts},
        "entries": entries,
        "named": named,
        "listed": listed,
        "carriers": sorted(
            {alias for entry in places.entries.values() for c in entry.carriers for alias in (c.name, *c.aliases)}
        ),
        "gates": list(pack.gates),
    }
    (folder / "places.json").write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")


class Bench:
    """Measures commands in a folder of its own."""

    def __init__(self, folder: Path, runs: int) -> None:
        self.folder, self.runs = folder, runs
        lists(load_pack(PACK).pack, folder)

    def screen(self, *arguments: str, cache: str = "off") -> Measured:
        """Measure one command of the program."""
        return measured([sys.executable, "-m", "screening", *arguments], self.folder, cache)

    def run(self, data: Path, as_of: str, dossiers: str, *, rules: str = PACK, cache: str = "off") -> Measured:
        """Measure one run over a file; what it wrote goes."""
        out = self.folder / "runs"
        shutil.rmtree(out, ignore_errors=True)
        done = self.screen(
            "run", "--rules", rules, "--data", str(data), "--as-of", as_of, "--out", str(out), "--dossiers", dossiers,
            "--json", "--quiet", cache=cache,
        )  # fmt: skip
        rows = json.loads(done.said)["rows"]
        if rows["read"] != rows["clean"] + rows["set_aside"]:
            raise SystemExit("rows were lost")
        if done.peak > RESIDENT_LIMIT:
            raise SystemExit(f"{done.peak / GIB:.2f} GiB became resident")
        return done

    def expert(self, data: Path, as_of: str) -> Measured:
        """Measure the expert's script."""
        out = self.folder / "expert"
        out.mkdir(exist_ok=True)
        return measured(
            [sys.executable, "-m", "benchmarks.expert", str(self.folder), str(data), str(out), as_of], self.folder
        )

    def file(self, data: Path, as_of: str, rows: int) -> None:
        """Print the lines of one file."""
        bare = bare_read(data, threads=os.cpu_count() or 1)
        best: dict[str, Measured] = {}
        packs = {name: str(self._edited(name)) for name in EDITS}
        other = self._one_cell_changed(data)
        for _ in range(self.runs):
            cache = self.folder / "cache"
            shutil.rmtree(cache, ignore_errors=True)
            for name, found in (
                ("expert's script", self.expert(data, as_of)),
                ("run, cold, 20 dossiers", self.run(data, as_of, "20")),
                ("run, cold, no dossiers", self.run(data, as_of, "none", cache=str(cache))),
                ("run again, nothing changed", self.run(data, as_of, "none", cache=str(cache))),
                *(
                    (f"run again, {name} edited", self.run(data, as_of, "none", rules=pack, cache=str(cache)))
                    for name, pack in packs.items()
                ),
                ("run again, one cell of the data changed", self.run(other, as_of, "none", cache=str(cache))),
            ):
                best[name] = found.least(best.get(name))
        print(f"\n{data.name}, {rows:,} rows; a bare read takes {bare.processor:.2f} s of processor time\n")
        print(
            "| | processor s | wall s | × expert | × cold | × bare read | µs a row | GiB |\n|---|---|---|---|---|---|---|---|"
        )
        expert, cold = best["expert's script"], best["run, cold, no dossiers"]
        for name, found in best.items():
            print(
                f"| {name} | {found.processor:.1f} | {found.wall:.1f} | {found.processor / expert.processor:.2f} "
                f"| {found.processor / cold.processor:.2f} | {found.processor / bare.processor:.0f} "
                f"| {found.processor / rows * 1e6:.1f} | {found.peak / GIB:.2f} |"
            )

    def _edited(self, name: str) -> Path:
        """Return a copy of the pack with one of the edits."""
        rules = self.folder / f"rules {name}"
        if not rules.exists():
            shutil.copytree(Path(__file__).parent.parent / "rules", rules)
            for file, before, after in EDITS[name]:
                path = rules / PACK / file
                text = path.read_text(encoding="utf-8")
                assert before in text
                path.write_text(text.replace(before, after, 1), encoding="utf-8")
        return rules / PACK

    def _one_cell_changed(self, data: Path) -> Path:
        """Return a copy of the data in which one company does something else."""
        path = data.with_name(f"{data.stem}-edited{data.suffix}")
        frame = pl.read_parquet(data)
        scope = next(name for name in ("经营范围", "business_scope") if name in frame.columns)
        frame[0, scope] = "工业机器人的研发、生产"
        frame.write_parquet(path)
        return path


def machine() -> str:
    """Describe what this was measured on."""
    info = Path("/proc/cpuinfo")
    model = platform.processor() or platform.machine()
    if info.exists():
        model = next(
            (line.partition(":")[2].strip() for line in info.read_text("utf-8").splitlines() if "model name" in line),
            model,
        )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB if hasattr(os, "sysconf") else 0
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB; {platform.system()}; CPython {platform.python_version()}, "
        f"DuckDB {version('duckdb')}, polars {version('polars')}; load at the start {load}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="100000,1000000", help="sizes of made-up exports, with commas between")
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--data", type=Path, help="a registry export instead of made-up ones")
    parser.add_argument("--as-of", default=AS_OF)
    parser.add_argument("--fixed", action="store_true", help="the commands of a fixed cost too")
    parser.add_argument("--against", help="Python of an earlier build's environment, for the commands of a fixed cost")
    chosen = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as temporary:
        bench = Bench(Path(temporary), chosen.runs)
        if chosen.data is not None:
            count = pl.scan_parquet(chosen.data).select(pl.len()).collect().item()
            bench.file(chosen.data, chosen.as_of, count)
        else:
            for rows in map(int, filter(None, chosen.rows.split(","))):
                data = Path(temporary) / f"registry-{rows}.parquet"
                registry(rows).write_parquet(data)
                bench.file(data, chosen.as_of, rows)
                data.unlink()
    if chosen.fixed:
        print(flush=True)
        against = ["--against", chosen.against] if chosen.against else []
        subprocess.run([sys.executable, "-m", "benchmarks.fixed_costs", *against], check=True)


if __name__ == "__main__":
    main()
