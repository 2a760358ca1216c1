#!/usr/bin/env bash
# The ninth decile of 1, 2, 3, 4 is 3, and of 60 to 99 points 95.
#
# Guess: a percentile lies between the two values around it in the same way all over the list.
# Seen on 28 November 2026, jstat==1.9.6 d3-array==3.2.5 simple-statistics==7.12.1: jStat.percentile interpolates
#   between all neighbours but the two greatest, where it gives the lower one: 3 for the ninth decile of 1, 2, 3, 4
#   where spreadsheets and d3 have 3.7, 40 for the 95th of 10 to 50 where they have 48; a tenth from below is 1.3 for
#   all. The mean of 5, nothing and 7 is 4 in jStat, nan in simple-statistics, whose median takes the nothing for 0:
#   5; d3 has 6 and 6.
# So: thresholds at a percentile are computed by quantile_cont, with a case worked out by hand.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-fund --no-audit --prefix "$work" 'jstat@1.9.6' 'd3-array@3.2.5' 'simple-statistics@7.12.1' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import assert from 'node:assert';
import * as d3 from 'd3-array';
import jstat from 'jstat';
import * as simple from 'simple-statistics';

const { jStat } = jstat;
const lists = [[1, 2, 3, 4], [10, 20, 30, 40, 50], [60, 75, 80, 90, 95, 99]];
const seen = lists.map((list) => [0.1, 0.5, 0.9, 0.95].map((share) => [jStat.percentile(list, share), d3.quantile(list, share)]));
console.log(JSON.stringify(seen));
const near = (found, expected) => found.forEach(([a, b], n) => assert.ok(Math.abs(a - expected[n][0]) + Math.abs(b - expected[n][1]) < 1e-9));
near(seen[0], [[1.3, 1.3], [2.5, 2.5], [3, 3.7], [3, 3.85]]);
near(seen[1], [[14, 14], [30, 30], [40, 46], [40, 48]]);
near(seen[2], [[67.5, 67.5], [85, 85], [95, 97], [95, 98]]);
const gap = [5, null, 7];
const means = [jStat.mean(gap), simple.mean(gap), simple.median(gap), d3.mean(gap), d3.median(gap)];
console.log(means);
assert.deepStrictEqual(means, [4, NaN, 5, 6, 6]);
JS
node seen.mjs
