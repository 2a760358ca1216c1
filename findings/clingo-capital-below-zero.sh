#!/usr/bin/env bash
# Rules as logic programs: a capital of three billion yuan is negative.
#
# Guess: a number beyond the solver's integers is refused when the program is read.
# Seen on 27 November 2026, clingo==5.8.3: 3000000000 becomes -1294967296 without a word, so capital > 5 fails; and a
#   text counts as greater than every number, so capital("unknown") passes capital > 5.
# So: amounts are exact decimals of a declared range; a text never meets a bound.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'clingo==5.8.3'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import clingo


def atoms(program: str) -> list[str]:
    control = clingo.Control(["0"], logger=lambda code, message: None)
    control.add("base", [], program)
    control.ground([("base", [])])
    found: list[str] = []
    control.solve(on_model=lambda model: found.extend(map(str, model.symbols(atoms=True))))
    return sorted(found)


large = atoms("capital(3000000000). passes(X) :- capital(X), X > 5.")
text = atoms('capital("unknown"). passes(X) :- capital(X), X > 5.')
print(large, text)
assert large == ["capital(-1294967296)"] and text == ['capital("unknown")', 'passes("unknown")']
PY
