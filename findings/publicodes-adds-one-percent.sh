#!/usr/bin/env bash
# A rule language with units: five percent plus one is six percent.
#
# Guess: 5 % + 1 is 105 %, or refused because the units differ.
# Seen on 27 November 2026, publicodes==1.10.3: a number without a unit takes the unit of its partner, so 5 % + 1 is 6
#   %, and 5 % + 1 > 0.5 is decided on 6 %. (100 * 5 % is 5, as expected.)
# So: units are typed in our expressions: a bare number beside a percent is an error with its place.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-fund --no-audit --prefix "$work" 'publicodes@1.10.3' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import publicodes from "publicodes";
import assert from "node:assert";
const Engine = publicodes.default ?? publicodes;
const engine = new Engine({ quote: "5 %", growth: "quote + 1", share: "100 * quote", passes: "quote + 1 > 50 %" }, { logger: { log() {}, warn() {}, error() {} } });
const value = (name) => engine.evaluate(name);
console.log("5 % + 1 =", value("growth").nodeValue, value("growth").unit.numerators.join(), "; 100 * 5 % =", value("share").nodeValue, "; above 50 %:", value("passes").nodeValue);
assert.deepEqual([value("growth").nodeValue, value("growth").unit.numerators, value("share").nodeValue, value("passes").nodeValue], [6, ["%"], 5, false]);
JS
node seen.mjs
