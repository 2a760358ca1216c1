#!/usr/bin/env bash
# A company of 311 days is one year old, and one of 548 days two
#
# Guess: libraries that put a length of time into Chinese words count full months and years, and agree.
# Seen on 28 November 2026, Babel==2.19.0 humanize==4.17.0 pendulum==3.3.0 arrow==1.4.0 timeago==1.0.16: for 311 days
#   Babel says 1年 and the others ten months; for 548 days Babel says 2年, humanize 1年又6月, the others 1年; for 725 days
#   Babel, humanize and pendulum say 2年, arrow and timeago 1年; for 300 days pendulum says nine months, the others that
#   tell months say nine or ten.
# So: ages stand in a report as a date or as counted years and months, never as such words.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'Babel==2.19.0' 'humanize==4.17.0' 'pendulum==3.3.0' 'arrow==1.4.0' 'timeago==1.0.16'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from datetime import datetime, timedelta

import arrow
import humanize
import pendulum
import timeago
from babel.dates import format_timedelta

humanize.i18n.activate("zh_CN")
now = datetime(2024, 3, 1)


def words(days):
    then = now - timedelta(days=days)
    return [
        format_timedelta(timedelta(days=days), locale="zh_CN"),
        humanize.naturaldelta(timedelta(days=days)),
        pendulum.instance(then).diff_for_humans(pendulum.instance(now), absolute=True, locale="zh"),
        arrow.get(then).humanize(arrow.get(now), locale="zh", only_distance=True),
        timeago.format(then, now, "zh_CN"),
    ]


seen = {days: words(days) for days in (300, 311, 548, 725)}
for days, said in seen.items():
    print(days, said)
assert seen == {
    300: ["10个月", "10月", "9个月", "10个月", "9月前"],
    311: ["1年", "10月", "10个月", "10个月", "10月前"],
    548: ["2年", "1年又6月", "1年", "1年", "1年前"],
    725: ["2年", "2年", "2年", "1年", "1年前"],
}
PY
