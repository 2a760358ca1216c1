#!/usr/bin/env bash
# A validator of Chinese credit codes accepts a code nobody can hold.
#
# Guess: eighteen zeros, and a code of a region that does not exist, are refused: the first characters name a
#   registering office and a region.
# Seen on 27 November 2026, python-stdnum==2.2: 000000000000000000 is valid, so is a code of region 000000 with its
#   right check digit; full-width digits and lower case are folded without a word.
# So: a code counts only when its check passes and its first characters can exist.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'python-stdnum==2.2'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from stdnum.cn import uscc

zeros = uscc.is_valid("0" * 18)
nowhere = uscc.is_valid("91000000600037341R")
folded = uscc.validate("９１110000600037341l")
print("eighteen zeros:", zeros, "· region 000000:", nowhere, "· folded to", folded)
assert zeros and nowhere and folded == "91110000600037341L"
PY
