#!/usr/bin/env bash
# Research over revenue of four companies is 1.6, though no company is above 0.5.
#
# Guess: the mean rate of two columns is taken over the companies that have both; sums, means and medians of a group
#   read the same cells; a join matches what is known.
# Seen on 28 November 2026, @tidyjs/tidy==2.6.1: meanRate adds up each column by itself, so that research without
#   revenue counts above the line: (1 + 2 + 5) / (2 + 3) = 1.6, with 1/2 the only company that has both. Of "" and
#   "12" the sum is 12, the median 6, the greatest "12" and the mean nothing. A key that is missing joins a key that
#   is missing; of two figures of one company and year pivotWider keeps the second; filled with 0 are years without a
#   row, not a row without a figure; two equal days are two days.
# So: a ratio is formed for each company, from both sides or not at all; what was not counted is told.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-fund --no-audit --prefix "$work" '@tidyjs/tidy@2.6.1' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import assert from 'node:assert';
import { distinct, leftJoin, max, mean, meanRate, median, pivotWider, sum, summarize, tidy } from '@tidyjs/tidy';

const show = (name, seen, expected) => {
  console.log(name, seen);
  assert.deepStrictEqual(seen, expected);
};
const companies = [{ research: 1, revenue: 2 }, { research: null, revenue: 3 }, { research: 2, revenue: null }, { research: 5, revenue: 0 }];
show('rate', tidy(companies, summarize({ rate: meanRate('research', 'revenue') })), [{ rate: 1.6 }]);
const texts = tidy([{ x: '' }, { x: '12' }], summarize({ sum: sum('x'), mean: mean('x'), median: median('x'), max: max('x') }));
show('texts', texts, [{ sum: 12, mean: undefined, median: 6, max: '12' }]);
const joined = tidy([{ code: undefined, name: 'a' }], leftJoin([{ name_of_fund: 'b' }], { by: 'code' }));
show('join', joined.map((row) => row.name_of_fund), ['b']);
const figures = [{ name: 'a', year: 2023, v: 1 }, { name: 'a', year: 2023, v: 2 }, { name: 'b', year: 2024, v: null }];
const wide = tidy(figures, pivotWider({ namesFrom: 'year', valuesFrom: 'v', valuesFill: 0 }));
show('wide', wide.map((row) => [row.name, row[2023], row[2024]]), [['a', 2, 0], ['b', 0, null]]);
const day = () => ({ day: new Date('2024-03-01') });
show('days', tidy([day(), day()], distinct('day')).length, 2);
JS
node seen.mjs
