#!/usr/bin/env bash
# Ratios in the Common Expression Language, run by cel-python.
#
# Guess: 5 / 2.0 is refused (no overload for an integer and a double); 0.0 / 0.0 is NaN, and no comparison with NaN
#   holds.
# Seen on 27 November 2026, cel-python==0.5.0: 5 / 2.0 is the integer 2 and 7 / 2.0 is 3 (rounded down without a
#   word), while 5 * 0.5 is refused; 0.0 / 0.0 is infinity and passes every lower bound; a loss over no capital (-1.0
#   / 0.0) is plus infinity.
# So: a division is compiled as a / nullif(b, 0), an undefined ratio is unknown with that reason.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'cel-python==0.5.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import math

import celpy

environment = celpy.Environment()


def value(text: str):
    return environment.program(environment.compile(text)).evaluate({})


seen = {text: value(text) for text in ("5 / 2.0", "7 / 2.0", "0.0 / 0.0", "-1.0 / 0.0", "0.0 / 0.0 >= 15.0")}
print({text: str(v) for text, v in seen.items()})
assert type(seen["5 / 2.0"]).__name__ == "IntType" and (seen["5 / 2.0"], seen["7 / 2.0"]) == (2, 3)
assert math.isinf(seen["0.0 / 0.0"]) and seen["-1.0 / 0.0"] == math.inf and bool(seen["0.0 / 0.0 >= 15.0"])
PY
