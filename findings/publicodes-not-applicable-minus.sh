#!/usr/bin/env bash
# Not applicable behaves as zero on one side of a minus and as nothing on the other.
#
# Guess: a part that is not applicable either drops out of every operation or makes every result not applicable.
# Seen on 27 November 2026, publicodes==1.10.3: 3 - n/a is 3, n/a - 3 is not applicable; n/a + 3 is 3, n/a * 3 and 3 /
#   n/a are not applicable; n/a = 0 is false, n/a = non is true; the minimum of n/a and 3 is 3.
# So: our rule is written down and tested for each construct: what is not applicable leaves weights and coverage, and
#   decides nothing.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-fund --no-audit --prefix "$work" 'publicodes@1.10.3' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import publicodes from "publicodes";
import assert from "node:assert";
const Engine = publicodes.default ?? publicodes;
const rules = { absent: { "non applicable si": "oui", valeur: "10" }, three: { valeur: "3" }, least: { "le minimum de": ["absent", "three"] } };
const engine = new Engine(rules, { logger: { log() {}, warn() {}, error() {} } });
const seen = Object.fromEntries(["three - absent", "absent - three", "absent + three", "absent * three", "three / absent", "absent = 0", "absent = non", "least"].map((text) => [text, engine.evaluate(text).nodeValue]));
console.log(seen);
assert.deepEqual(seen, { "three - absent": 3, "absent - three": null, "absent + three": 3, "absent * three": null, "three / absent": null, "absent = 0": false, "absent = non": true, least: 3 });
JS
node seen.mjs
