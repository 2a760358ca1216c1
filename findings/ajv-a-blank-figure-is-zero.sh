#!/usr/bin/env bash
# A form with a blank figure is valid, and the figure is 0
#
# Guess: with types coerced, text that is a number becomes one; null and blanks for a number are refused.
# Seen on 28 November 2026, ajv==8.20.0: Ajv takes null and two blanks for the number 0, true for 1, 0x1F for 31, and
#   null for the boolean false; the empty text is refused. An identifier of 18 digits sent as a number becomes a text
#   with other digits.
# So: a required figure is asked for as text with a pattern; what is missing stays null.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-fund --no-audit --prefix "$work" 'ajv@8.20.0' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import assert from 'node:assert';
import ajv from 'ajv';
const check = new ajv.default({ coerceTypes: true }).compile({
  type: 'object', properties: { capital: { type: 'number' }, listed: { type: 'boolean' }, code: { type: 'string' } } });
function sent(text) {
  const form = JSON.parse(text);
  const valid = check(form);
  console.log(text, valid, JSON.stringify(form));
  return valid && Object.values(form)[0];
}
assert.strictEqual(sent('{"capital": null}'), 0);
assert.strictEqual(sent('{"capital": "  "}'), 0);
assert.strictEqual(sent('{"capital": true}'), 1);
assert.strictEqual(sent('{"capital": "0x1F"}'), 31);
assert.strictEqual(sent('{"capital": ""}'), false);
assert.strictEqual(sent('{"listed": null}'), false);
assert.strictEqual(check({ listed: null }), true);
assert.strictEqual(sent('{"code": 440301199001011234}'), '440301199001011260');
JS
node seen.mjs
