#!/usr/bin/env bash
# Before 2025 lasts until the end of 2025, and the end of a year begins in November.
#
# Guess: spans of time in policy texts are read as their words say, counted from the day given.
# Seen on 28 November 2026, jionlp==1.5.31: counted from 1 June 2024, 2025年前 and 2025年之前 end on 31 December 2025, 三年内
#   on 31 December 2027, not on 1 June, though 90日内 ends on 30 August; 2024年底 begins on 1 November. 近三年 begins on 2
#   June 2021, 近五年 on 3 June 2019, 近12个月 on 1 June 2023: years are 365 days each.
# So: a pack says dates and windows in numbers, and the day of a run is written into it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'jionlp==1.5.31'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import contextlib
import io
import time

with contextlib.redirect_stdout(io.StringIO()):
    import jionlp

TODAY = time.mktime((2024, 6, 1, 0, 0, 0, 0, 0, -1))
SEEN = {
    "2025年前": "2024-06-01 2025-12-31",
    "2025年之前": "2024-06-01 2025-12-31",
    "三年内": "2024-06-01 2027-12-31",
    "90日内": "2024-06-01 2024-08-30",
    "2024年底": "2024-11-01 2024-12-31",
    "近三年": "2021-06-02 2024-06-01",
    "近五年": "2019-06-03 2024-06-01",
    "近12个月": "2023-06-01 2024-06-01",
}
seen = {text: " ".join(end[:10] for end in jionlp.parse_time(text, time_base=TODAY)["time"]) for text in SEEN}
print(seen)
assert seen == SEEN
PY
