#!/usr/bin/env bash
# One policy language, two engines: no figure is below every bound, or nothing can be said.
#
# Guess: two engines of Rego order values as its reference does: nothing before truth values, before numbers, before
#   texts, and compare numbers alike.
# Seen on 28 November 2026, regopy==1.5.2 celine-regorus==0.9.1.post20260227075446: with regorus a capital of null is
#   below 500 and a text "600" above it, as the reference has it; with rego-cpp neither comparison has a value, so
#   that a rule to deny does not fire. The greatest of 1, null and "a" is "a" or null. 0.1 + 0.2 is 0.3 in rego-cpp
#   and not in regorus; 2.675 printed with two decimals is 2.67 or 2.68.
# So: types are settled when a table is read, and an unknown value is a third answer of every rule.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'regopy==1.5.2' 'celine-regorus==0.9.1.post20260227075446'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import json

import regopy
import regorus

INPUT = {"none": None, "text": "600"}
QUERIES = ["input.none < 500", "input.text > 500", 'x := max([1, null, "a"])', "x := 0.1 + 0.2 == 0.3", 'x := sprintf("%.2f", [2.675])']


def first(query):
    engine = regopy.Interpreter()
    engine.set_input(INPUT)
    found = json.loads(text) if (text := str(engine.query(query))).startswith("{") else {}
    return found.get("bindings", {}).get("x", found["expressions"][0]) if found else "undefined"


def second(query):
    engine = regorus.Engine()
    engine.set_input_json(json.dumps(INPUT))
    found = engine.eval_query(query)["result"]
    return found[0]["bindings"].get("x", found[0]["expressions"][0]["value"]) if found else "undefined"


cpp, rust = ([each(query.replace("input.none", 'input["none"]')) for query in QUERIES] for each in (first, second))
print("rego-cpp", cpp, "regorus", rust)
assert cpp == ["undefined", "undefined", None, True, "2.67"]
assert rust == [True, True, "a", False, "2.68"]
PY
