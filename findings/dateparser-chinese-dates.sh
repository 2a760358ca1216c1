#!/usr/bin/env bash
# A date parser told that the language is Chinese: the day depends on the day it runs, and the standard forms are not read.
#
# Guess: with languages=['zh'] the forms of Chinese documents (二〇二四年三月一日, 20190430) are read, and a thirteenth month
#   is refused.
# Seen on 27 November 2026, dateparser==1.5.0: 二〇二四年三月一日 and 20190430 give None; 2024/13/01 becomes 13 January;
#   2024年3月 takes its day from the clock, so two runs of one table differ.
# So: dates are read by our own closed list of forms; a month without a day stays open, and nothing is judged by the
#   clock.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'dateparser==1.5.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import datetime

import dateparser


def read(text: str, now: datetime.datetime | None = None) -> datetime.date | None:
    settings = {"RELATIVE_BASE": now} if now else {}
    value = dateparser.parse(text, languages=["zh"], settings=settings)
    return value.date() if value else None


for text in ("二〇二四年三月一日", "20190430"):
    print(text, read(text))
    assert read(text) is None
print("2024/13/01", read("2024/13/01"))
assert read("2024/13/01") == datetime.date(2024, 1, 13)
days = [read("2024年3月", datetime.datetime(2026, 11, day)) for day in (5, 27)]
print("2024年3月, on the 5th and on the 27th:", *days)
assert days == [datetime.date(2024, 3, 5), datetime.date(2024, 3, 27)]
PY
