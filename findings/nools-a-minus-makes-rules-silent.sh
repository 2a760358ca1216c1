#!/usr/bin/env bash
# A rule with a minus before a figure is accepted and never fires.
#
# Guess: a rule whose condition has −c.amount is read as in the language it is written in, or refused.
# Seen on 28 November 2026, nools==0.4.4: with an amount of 10, `-c.amount < 0`, `-c.amount > 0`, `-c.amount == 0` are
#   all false, and so is every comparison with the minus on the other side or in a sum; `0 - c.amount < 0` is true,
#   `c.loss == -5` too. A capital of null is below 500 and not null when compared with 0; a text "600" is 600 with ==
#   and no member of [600, 700].
# So: every rule that never fires over a table is reported; a pack states examples that must pass and examples that
#   must fail.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-fund --no-audit --prefix "$work" 'nools@0.4.4' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import assert from 'node:assert';
import nools from 'nools';

class Company {
  constructor(facts) {
    Object.assign(this, facts);
  }
}
async function fires(condition) {
  let fired = false;
  const flow = nools.flow(condition, (rules) => rules.rule('rule', [[Company, 'c', condition]], () => { fired = true; }));
  await flow.getSession(new Company({ amount: 10, loss: -5, none: null, text: '600' })).match();
  return fired;
}
const seen = {
  '-c.amount < 0': false, '-c.amount > 0': false, '-c.amount == 0': false, '0 > -c.amount': false, '20 + -c.amount == 10': false,
  '0 - c.amount < 0': true, 'c.loss == -5': true, 'c.none < 500': true, 'c.none == 0': false, 'c.none <= 0': true,
  "c.text == 600": true, 'c.text in [600, 700]': false,
};
for (const [condition, expected] of Object.entries(seen)) {
  const fired = await fires(condition);
  console.log(condition, fired);
  assert.strictEqual(fired, expected);
}
process.exit(0);
JS
node seen.mjs
