#!/usr/bin/env bash
# Sql in the browser: the mean over three scores is divided by five.
#
# Guess: AlaSQL leaves NULL out of avg and count(x), finds it by IS NULL, and numbers rows by the order in OVER.
# Seen on 28 November 2026, alasql==4.19.0: of 60, 75, 75 and two NULL avg is 42 and count(x) 5; WHERE x IS NULL finds
#   none of the two; NOT (x > 70) keeps them; sum over no rows is 0; row_number() OVER (ORDER BY x DESC) numbers the
#   rows as they were put in, without a word.
# So: the offline page holds numbers that the engine worked out; nothing is queried again in the browser.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-fund --no-audit --prefix "$work" 'alasql@4.19.0' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import alasql from "alasql";

alasql("CREATE TABLE companies (id INT, score FLOAT)");
alasql("INSERT INTO companies VALUES (1, 60), (2, NULL), (3, 75), (4, NULL), (5, 75)");
const ask = (query) => JSON.stringify(alasql(query).map(Object.values));
const seen = [
  ask("SELECT avg(score), count(score) FROM companies"),
  ask("SELECT id FROM companies WHERE score IS NULL"),
  ask("SELECT id FROM companies WHERE NOT (score > 70)"),
  ask("SELECT sum(score) FROM companies WHERE id > 9"),
  JSON.stringify(alasql("SELECT id, row_number() OVER (ORDER BY score DESC) AS n FROM companies").map((row) => [row.id, row.n])),
];
for (const line of seen) console.log(line);
const wanted = ["[[42,5]]", "[]", "[[1],[2],[4]]", "[[0]]", "[[1,1],[2,2],[3,3],[4,4],[5,5]]"];
if (JSON.stringify(seen) !== JSON.stringify(wanted)) throw new Error("changed");
JS
node seen.mjs
