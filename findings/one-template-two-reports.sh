#!/usr/bin/env bash
# A report template prints 3 or 3.5, 2 or 3, and no figure is below every floor or not.
#
# Guess: Liquid in Python and in JavaScript make the same text of the same template.
# Seen on 28 November 2026, python-liquid==2.3.6 liquidjs==10.30.1: 7 divided by 2 is 3 in Python and 3.5 in
#   JavaScript, 2.5 rounded 2 and 3, 2.675 with two decimals 2.67 and 2.68; nothing is below 5 in JavaScript and not
#   in Python. Of "12.5万" plus 1 both make 1.
# So: the pages are made from finished texts: no template here computes or compares.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'python-liquid==2.3.6'
npm install --silent --no-fund --no-audit --prefix "$work" 'liquidjs@10.30.1' >/dev/null
cd "$work"
cat > templates.txt <<'TXT'
{{ 7 | divided_by: 2 }}
{{ 2.5 | round }}
{{ 2.675 | round: 2 }}
{% if none < 5 %}below{% else %}not below{% endif %}
{{ "12.5万" | plus: 1 }}
TXT
cat > seen.mjs <<'JS'
import fs from 'node:fs';
import { Liquid } from 'liquidjs';
const engine = new Liquid();
for (const line of fs.readFileSync('templates.txt', 'utf8').trim().split('\n')) console.log(engine.parseAndRenderSync(line, { none: null }));
JS
node seen.mjs > javascript
"$work/venv/bin/python" - > python <<'PY'
import liquid

for line in open("templates.txt", encoding="utf-8").read().splitlines():
    print(liquid.render(line, none=None))
PY
paste templates.txt python javascript
[ "$(tr '\n' ' ' < python)" = "3 2 2.67 not below 1 " ]
[ "$(tr '\n' ' ' < javascript)" = "3.5 3 2.68 below 1 " ]
