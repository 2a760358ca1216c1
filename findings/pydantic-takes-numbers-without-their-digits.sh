#!/usr/bin/env bash
# A typed model takes codes and amounts that have already lost digits.
#
# Guess: Decimal in a model reads a JSON number as it is written, and int refuses a binary number too large to be
#   exact.
# Seen on 27 November 2026, pydantic==2.14.4 msgspec==0.22.0: a JSON number goes through binary first:
#   914401010123456789.5 becomes 914401010123456800, 1.10 becomes 1.1; int takes 9.144010101234568e17 as
#   914401010123456768. msgspec reads both decimals with all their places.
# So: decimals travel as text in our JSON; codes are text everywhere, and one that came as a number is told as lost.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pydantic==2.14.4' 'msgspec==0.22.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from decimal import Decimal

import msgspec
from pydantic import TypeAdapter

amount, price = "914401010123456789.5", "1.10"
read = [TypeAdapter(Decimal).validate_json(text) for text in (amount, price)]
other = [msgspec.json.decode(text, type=Decimal) for text in (amount, price)]
code = TypeAdapter(int).validate_python(9.144010101234568e17)
print("pydantic:", *read, code, "· msgspec:", *other)
assert [str(value) for value in read] == ["914401010123456800", "1.1"], read
assert [str(value) for value in other] == [amount, price]
assert code == 914401010123456768
PY
