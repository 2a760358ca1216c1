#!/usr/bin/env bash
# Founded on 29 February 2020: on 28 February 2025 five years old, or four
#
# Guess: full years and months between two dates are the same in every library of dates.
# Seen on 28 November 2026, python-dateutil==4.0.0 pendulum==3.3.0 duckdb==2.0.1 date-fns==4.4.0 dayjs==1.11.23
#   luxon==3.7.2 moment==2.31.0 @js-joda/core==6.3.2 temporal-polyfill==1.0.8: from 2020-02-29 to 2025-02-28 dateutil,
#   dayjs, luxon, moment and date_sub of DuckDB count 5 years, pendulum, js-joda and Temporal 4; date-fns counts 4
#   years and 60 months; age() of DuckDB says 4 years 11 months 28 days. From 2021-05-31 to 2024-04-30 date-fns,
#   js-joda and Temporal count 34 months, the others 35.
# So: a rule on the age of a company says which day it counts from and to; both ends of a month are cases of the pack.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'python-dateutil==4.0.0' 'pendulum==3.3.0' 'duckdb==2.0.1'
npm install --silent --no-fund --no-audit --prefix "$work" 'date-fns@4.4.0' 'dayjs@1.11.23' 'luxon@3.7.2' 'moment@2.31.0' '@js-joda/core@6.3.2' 'temporal-polyfill@1.0.8' >/dev/null
cd "$work"
"$work/venv/bin/python" - <<'PY'
from datetime import date

import duckdb
import pendulum
from dateutil.relativedelta import relativedelta

pairs = (("2020-02-29", "2025-02-28"), ("2021-05-31", "2024-04-30"))
seen = []
for a, b in pairs:
    by_dateutil = relativedelta(date.fromisoformat(b), date.fromisoformat(a))
    by_pendulum = pendulum.parse(b).date() - pendulum.parse(a).date()
    by_duckdb = duckdb.execute(f"SELECT date_sub('month', DATE '{a}', DATE '{b}'), age(TIMESTAMP '{b}', TIMESTAMP '{a}')::VARCHAR").fetchone()
    seen.append((by_dateutil.years * 12 + by_dateutil.months, by_pendulum.years * 12 + by_pendulum.months, *by_duckdb))
    print(a, b, seen[-1])
assert seen == [(60, 59, 60, "4 years 11 months 28 days"), (35, 35, 35, "2 years 10 months 30 days")], seen
PY
cat > seen.mjs <<'JS'
import assert from 'node:assert';
import { differenceInMonths, differenceInYears } from 'date-fns';
import dayjs from 'dayjs';
import { DateTime } from 'luxon';
import moment from 'moment';
import { ChronoUnit, LocalDate } from '@js-joda/core';
import { Temporal } from 'temporal-polyfill';

function count(a, b) {
  const [from, to] = [new Date(a + 'T00:00'), new Date(b + 'T00:00')];
  const seen = {
    'date-fns': [differenceInYears(to, from), differenceInMonths(to, from)],
    dayjs: [dayjs(b).diff(a, 'year'), dayjs(b).diff(a, 'month')],
    luxon: ['years', 'months'].map((unit) => Math.floor(DateTime.fromISO(b).diff(DateTime.fromISO(a), unit).as(unit))),
    moment: [moment(b).diff(a, 'years'), moment(b).diff(a, 'months')],
    'js-joda': [ChronoUnit.YEARS, ChronoUnit.MONTHS].map((unit) => unit.between(LocalDate.parse(a), LocalDate.parse(b))),
    temporal: ['year', 'month'].map((unit) => Temporal.PlainDate.from(a).until(b, { largestUnit: unit })[unit + 's']),
  };
  console.log(a, b, JSON.stringify(seen));
  return seen;
}
assert.deepStrictEqual(count('2020-02-29', '2025-02-28'), {
  'date-fns': [4, 60], dayjs: [5, 60], luxon: [5, 60], moment: [5, 60], 'js-joda': [4, 59], temporal: [4, 59] });
assert.deepStrictEqual(count('2021-05-31', '2024-04-30'), {
  'date-fns': [2, 34], dayjs: [2, 35], luxon: [2, 35], moment: [2, 35], 'js-joda': [2, 34], temporal: [2, 34] });
JS
node seen.mjs
