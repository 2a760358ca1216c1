#!/usr/bin/env bash
# "All records are closed", asked of a company without records: two rule formats answer opposite things.
#
# Guess: JsonLogic's `all` over an empty list is true, as `every` in FEEL and as logic has it.
# Seen on 27 November 2026, json-logic-js==2.0.5 feelin==8.2.0: JsonLogic says false, FEEL (DMN) true: the company
#   without a record fails the one and passes the other; neither says unknown.
# So: a table declares what the absence of rows means, and a gate over it is passed, failed or unknown accordingly.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-fund --no-audit --prefix "$work" 'json-logic-js@2.0.5' 'feelin@8.2.0' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import logic from "json-logic-js";
import { evaluate } from "feelin";
import assert from "node:assert";
const jsonlogic = logic.apply({ all: [{ var: "records" }, { "==": [{ var: "state" }, "closed"] }] }, { records: [] });
const feel = evaluate('every r in records satisfies r.state = "closed"', { records: [] });
const value = feel?.value ?? feel;
console.log("JsonLogic:", jsonlogic, "FEEL:", value);
assert.deepEqual([jsonlogic, value], [false, true]);
JS
node seen.mjs
