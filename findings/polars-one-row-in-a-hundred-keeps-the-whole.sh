#!/usr/bin/env bash
# One company in a hundred, picked out of a file, keeps the texts of all in memory
#
# Guess: a frame filtered out of a scanned file holds its own rows; its estimated size says how much that is.
# Seen on 28 November 2026, polars==2.1.0: four frames of 6,000 rows each, said to hold 2 MB each, keep 0.8 GB more
#   resident: each keeps the texts of the whole file, and rechunk() and shrink_to_fit() change nothing. After a round
#   trip through IPC with the oldest layout (offsets, no views) four frames keep some tens of megabytes.
# So: what is kept of a large table is copied out of it; memory is measured, not asked of the frame.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'polars==2.1.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import io
import subprocess
import sys

import polars as pl

n = 600_000
pl.DataFrame({"i": range(n), "text": [f"{k:08d}" * 40 for k in range(n)]}).write_ipc("a.arrow", record_batch_size=8192)
program = """
import io, sys
import polars as pl

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096 // 1_000_000

kept = []
for round in range(5):
    frame = pl.scan_ipc("a.arrow").filter(pl.col("i") % 100 == 0).collect()
    if sys.argv[1] == "own":
        file = io.BytesIO()
        frame.write_ipc(file, compat_level=pl.CompatLevel.oldest())
        file.seek(0)
        frame = pl.read_ipc(file)
    else:
        frame = frame.rechunk().shrink_to_fit()
    kept.append(frame)
    if round == 0:
        first = resident()
print(resident() - first, sum(frame.estimated_size() for frame in kept[1:]) // 1_000_000)
"""
grown = {}
for way in ("filtered", "own"):
    grown[way] = [int(part) for part in subprocess.run([sys.executable, "-c", program, way], capture_output=True, text=True, check=True).stdout.split()]
    print(way, "four more frames:", grown[way][0], "MB resident,", grown[way][1], "MB said")
assert grown["filtered"][0] > 10 * max(grown["filtered"][1], 1)
assert grown["own"][0] < grown["filtered"][0] / 3
PY
