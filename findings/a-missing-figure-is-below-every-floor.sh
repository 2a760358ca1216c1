#!/usr/bin/env bash
# Who has no figure has less than five, and a text has more
#
# Guess: a row without a figure is left out when rows below 5 are selected, or comparing raises an error.
# Seen on 28 November 2026, petl==1.7.30 jq==1.13.0 jsonpath-ng==1.16.0 python-jsonpath==2.2.2: petl and jq put
#   nothing before every number and every text behind: petl selects the missing figure with those below 5, and the
#   texts 7 and blank with those above; jq the same, also where the key itself is absent, and its greatest figure is a
#   text. petl joins rows without a key to each other. jsonpath-ng and python-jsonpath leave the missing out both
#   ways.
# So: whether a figure is there is asked before how large it is.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'petl==1.7.30' 'jq==1.13.0' 'jsonpath-ng==1.16.0' 'python-jsonpath==2.2.2'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import jq
import jsonpath
import petl
from jsonpath_ng.ext import parse

companies = [{"c": "a", "x": 600}, {"c": "b", "x": None}, {"c": "d", "x": 3}, {"c": "e", "x": "7"}]
table = [["c", "x"], *([row["c"], row["x"]] for row in companies)]


def named(rows):
    return [row[0] for row in list(rows)[1:]]


by_petl = named(petl.selectlt(table, "x", 5)), named(petl.selectgt(table, "x", 5))
program = "[map(select(.x < 5) | .c), map(select(.x > 5) | .c), (map(.x) | max)]"
by_jq = jq.compile(program).input_value([*companies, {"c": "f"}]).first()
by_ng = [[match.value for match in parse(f"$[?(@.x {sign} 5)].c").find(companies)] for sign in "<>"]
by_jsonpath = [jsonpath.findall(f"$[?(@.x {sign} 5)].c", companies) for sign in "<>"]
joined = list(petl.join([["k", "a"], [None, 1]], [["k", "b"], [None, 9]]))[1:]
print(by_petl, by_jq, by_ng, by_jsonpath, joined)
assert by_petl == (["b", "d"], ["a", "e"])
assert by_jq == [["b", "d", "f"], ["a", "e"], "7"]
assert by_ng == by_jsonpath == [["d"], ["a"]]
assert joined == [(None, 1, 9)]
PY
