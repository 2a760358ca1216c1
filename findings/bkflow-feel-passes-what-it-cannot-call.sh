#!/usr/bin/env bash
# A gate that names a function which does not exist is passed
#
# Guess: a function that the engine does not know raises an error; sum and mean, which the standard has, are there.
# Seen on 28 November 2026, bkflow-feel==1.2.0: an unknown function is null (a line goes to the log), and not(null) is
#   true: not(is_listed_as_defaulter(x)) lets everybody through. sum, mean, median, round and substring are unknown,
#   so all are null; min of a list with one missing number is null; 0.1 + 0.2 = 0.3 is false.
# So: names in a rule are checked against what the engine has before anything is run.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'bkflow-feel==1.2.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import logging

logging.disable(logging.CRITICAL)
from bkflow_feel.api import parse_expression

rules = ("not(is_listed_as_defaulter(x))", "is_listed_as_defaulter(x) = null", "sum([1,2])", "mean([1,3])", "round(2.5)", "min([3,null,1])", "0.1 + 0.2 = 0.3", "x in [1..5]")
seen = {rule: parse_expression(rule, {"x": 1}) for rule in rules}
for rule, value in seen.items():
    print(rule, "=>", value)
assert list(seen.values()) == [True, True, None, None, None, None, False, True]
PY
