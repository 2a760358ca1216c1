"""What the answers of a run cost beside scoring it once, in processor time.

    python -m benchmarks.answers [--copies 260]

The clean tables of the sample, every company as many times as `--copies` says (385 companies a copy go through the rules), are scored
once (facts to ranking, nothing kept) and then every answer is worked out for the whole pool. 260 copies: 100,000 judged companies.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from screening.analysis.coverage import coverage_relations
from screening.analysis.data_gaps import gaps_relation
from screening.analysis.open_questions import questions_relation
from screening.analysis.peers import peer_relations
from screening.analysis.robustness import robustness_relation
from screening.analysis.rundata import open_run
from screening.engine.export import export
from screening.rulebook.parsing import parse_pack
from screening.run.opened import run_folder
from screening.run.options import Options
from screening.run.packfile import write_effective_pack
from screening.run.screening import run, screened


def copied(source: Path, target: Path, copies: int) -> None:
    """Write a clean table with every row as often as `copies` says, each copy with ids of its own."""
    frame = pl.read_parquet(source)
    keyed = [c for c in ("company_id", "parent_id", "uscc") if c in frame.columns]
    parts = [frame.with_columns((pl.col(c) + f"-{n}").alias(c) for c in keyed) for n in range(copies)]
    pl.concat(parts).write_parquet(target)


def main() -> None:
    """Print processor seconds of scoring and of each answer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, default=260)
    copies = parser.parse_args().copies
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        done = run(Options(out=folder / "once", dossiers="none"))
        work = folder / "many"
        (work / "tables").mkdir(parents=True)
        once = run_folder(done.run_dir)
        tables = {}
        for name, path in once.clean_tables().items():
            tables[name] = work / "tables" / path.name
            copied(path, tables[name], copies)
        parsed = parse_pack(done.loaded, once.inputs.as_of)
        marks: list[tuple[str, float]] = []
        with screened(
            work,
            parsed,
            once.inputs,
            tables,
            Options(),
            (),
            lambda s: marks.append((s, time.process_time())),
            anew=True,
        ) as running:
            marks.append(("export", time.process_time()))
            export(running, work / "result")
        marks.append(("", time.process_time()))
        spent = {step: after - at for (step, at), (_, after) in itertools.pairwise(marks)}
        write_effective_pack(done.loaded, work / "pack")
        for step, seconds in spent.items():
            sys.stdout.write(f"{step:>14} {seconds:8.1f} s\n")
        whole = sum(spent.values())
        sys.stdout.write(f"{'scored once':>14} {whole:8.1f} s\n")
        with open_run(work, done.loaded, done.manifest) as data:
            judged = data.connection.sql(
                "SELECT count(*), count(rank) FROM ranking JOIN verdict USING (company_id)"
            ).fetchall()
            sys.stdout.write(f"judged, ranked  {judged[0]}\n")
            shown = [
                r[0]
                for r in data.connection.sql(
                    "SELECT company_id FROM ranking WHERE rank IS NOT NULL LIMIT 50"
                ).fetchall()
            ]
            for name, work_out in (
                ("robustness", lambda: robustness_relation(data)),
                ("questions", lambda: list(questions_relation(data))),
                ("gaps", lambda: gaps_relation(data)),
                ("peers", lambda: list(peer_relations(data, shown))),
                ("plan", lambda: list(coverage_relations(data))),
            ):
                at = time.process_time()
                work_out()
                spent_here = time.process_time() - at
                sys.stdout.write(f"{name:>14} {spent_here:8.1f} s  {spent_here / whole:.2f} × scored once\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
