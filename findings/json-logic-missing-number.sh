#!/usr/bin/env bash
# One rule, two implementations of JSON Logic: a missing number passes every bound, or none.
#
# Guess: a comparison with a missing variable is false in both, or unknown.
# Seen on 27 November 2026, json-logic-qubit==0.9.1 json-logic-js==2.0.5: with nothing known of x, json-logic-js holds
#   that x < 5 and that x >= 0 (a company without revenue is below the ceiling and not negative); the Python package
#   json-logic-qubit holds neither, so NOT (x < 5) is true there.
# So: a missing fact leaves a gate open, with its reason; neither answer is given.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'json-logic-qubit==0.9.1'
npm install --silent --no-fund --no-audit --prefix "$work" 'json-logic-js@2.0.5' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import logic from "json-logic-js";
console.log([{ "<": [{ var: "x" }, 5] }, { ">=": [{ var: "x" }, 0] }].map((rule) => logic.apply(rule, {})).join(" "));
JS
js=$(node seen.mjs)
py=$("$work/venv/bin/python" - <<'PY'
from json_logic import jsonLogic

print(*(jsonLogic(rule, {}) for rule in ({"<": [{"var": "x"}, 5]}, {">=": [{"var": "x"}, 0]})))
PY
)
echo "JavaScript: $js · Python: $py"
[ "$js" = "true true" ] && [ "$py" = "False False" ]
