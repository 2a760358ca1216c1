#!/usr/bin/env bash
# The same template: a score of 0 is a score, or "not known".
#
# Guess: a section of a Mustache template with its inverse, {{#score}}…{{/score}}{{^score}}…{{/score}}, prints what is
#   known when there is a figure, 0 too, in each of four implementations.
# Seen on 28 November 2026, pystache==0.6.8 chevron==0.14.0 mustache==4.2.0 handlebars==4.7.10: for 0 and 0.0
#   mustache.js, pystache and chevron print the inverse, "not known"; Handlebars prints the figure with this syntax,
#   and the inverse with {{#if score}}. The text "0" is known to all, an empty text to Handlebars only.
# So: whether a value is known is a column of its own here, and a template asks for that.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pystache==0.6.8' 'chevron==0.14.0'
npm install --silent --no-fund --no-audit --prefix "$work" 'mustache@4.2.0' 'handlebars@4.7.10' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import Mustache from 'mustache';
import Handlebars from 'handlebars';
const section = '{{#score}}{{score}}{{/score}}{{^score}}not known{{/score}}';
const question = '{{#if score}}{{score}}{{else}}not known{{/if}}';
const row = (render) => [0, '0', 5].map((score) => render({ score })).join(', ');
console.log(row((data) => Mustache.render('{{#score}}known{{/score}}{{^score}}not known{{/score}}', data)));
console.log(row(Handlebars.compile('{{#score}}known{{/score}}{{^score}}not known{{/score}}')));
console.log(row(Handlebars.compile('{{#if score}}known{{else}}not known{{/if}}')));
JS
node seen.mjs | tee javascript
[ "$(cat javascript)" = "not known, known, known
known, known, known
not known, known, known" ]
"$work/venv/bin/python" - <<'PY'
import chevron
import pystache

SECTION = "{{#score}}known{{/score}}{{^score}}not known{{/score}}"
for render in (pystache.render, chevron.render):
    seen = [render(SECTION, {"score": score}) for score in (0, 0.0, "0", 5)]
    print(render.__module__, seen)
    assert seen == ["not known", "not known", "known", "known"]
PY
