"""What `screen watch` costs from a save to its answer, on made-up registrations: the second table of edits in `docs/performance.md`.

    python -m benchmarks.watch [--rows 100000]

Processor time (user and system) of each look. Nothing is kept from earlier runs.
"""

from __future__ import annotations

import argparse
import datetime
import gc
import os
import shutil
import tempfile
import time
from pathlib import Path

from benchmarks.registry import registry
from benchmarks.yardstick import AS_OF, EDITS, PACK, machine
from screening.run.options import Options
from screening.run.watching import Watch
from screening.store import VARIABLE

AN_ERROR = [("gates.yaml", "effect: reject", "effect: revew")]
A_GATE = [("gates.yaml", "effect: reject", "effect: review")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    gc.set_threshold(20_000, 20, 50)  # as the command does
    print(machine())
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        os.environ[VARIABLE] = str(folder / "cache")
        rules, data = folder / "rules", folder / "registry.parquet"
        shutil.copytree(Path(__file__).parent.parent / "rules", rules)
        registry(rows).write_parquet(data)
        options = Options(rules=str(rules / PACK), data=data, as_of=datetime.date.fromisoformat(AS_OF))
        watch = Watch(options, 10, folder / "watched")
        watch.folder.mkdir()
        print("| look | processor s |\n|---|---|")
        for name, edits in {"first": [], "nothing": [], **EDITS, "a gate": A_GATE, "an error": AN_ERROR}.items():
            for again in ("", ", again") if name in EDITS else ("",):
                for file, before, after in edits:
                    path = rules / PACK / file
                    text = path.read_text(encoding="utf-8")
                    path.write_text(text.replace(*((after, before) if again else (before, after)), 1), encoding="utf-8")
                began = time.process_time()
                watch.look()
                print(f"| {name}{again} | {time.process_time() - began:.2f} |", flush=True)
        watch.close()


if __name__ == "__main__":
    main()
