#!/usr/bin/env bash
# The same rule of the same library, run as it is or compiled: nothing known of the projects is "all passed", or not.
#
# Guess: compiling a rule makes it faster and leaves its answer; a second library of JSON Logic answers as the
#   reference does.
# Seen on 28 November 2026, json-logic-engine==5.0.7 json-logic-js==2.0.5: with no list of projects at all, "every
#   project is above 0" is false when run and true when compiled. A default of 7 for a capital of null is null or 7; a
#   text with null in it is "a" or "anull". Beside the reference: null equals 0 (not there), null + 1 is 1 (NaN
#   there), and of four facts without a value `missing` names one (three there).
# So: a rule has one evaluation; what is missing is decided before any operator sees it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-fund --no-audit --prefix "$work" 'json-logic-engine@5.0.7' 'json-logic-js@2.0.5' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import assert from 'node:assert';
import { LogicEngine } from 'json-logic-engine';
import reference from 'json-logic-js';

const facts = { none: null, zero: 0, empty: '', amount: 600 };
const engine = new LogicEngine();
const rules = [
  { all: [{ var: 'projects' }, { '>': [1, 0] }] },
  { var: ['none', 7] },
  { cat: ['a', { var: 'none' }] },
  { '==': [{ var: 'none' }, 0] },
  { '+': [{ var: 'none' }, 1] },
  { missing: ['none', 'zero', 'empty', 'nothing'] },
];
const seen = rules.map((rule) => [engine.run(rule, facts), engine.build(rule)(facts), reference.apply(rule, facts)]);
console.log(seen);
assert.deepStrictEqual(seen, [
  [false, true, false],
  [null, 7, null],
  ['a', 'anull', 'a'],
  [true, true, false],
  [1, 1, NaN],
  [['nothing'], ['nothing'], ['none', 'empty', 'nothing']],
]);
JS
node seen.mjs
