#!/usr/bin/env bash
# 否 and false are yes, and 12.7 people are 12
#
# Guess: a text where yes or no is asked for is read by its meaning or refused; a fraction where a whole number is
#   asked for is refused.
# Seen on 28 November 2026, cattrs==26.2.1 marshmallow==4.4.0: cattrs takes the texts 否, false and 0 for true (any
#   text that is not empty) and 12.7 for 12; marshmallow refuses the word 否 but takes 12.7 for 12 (the text 12.7 is
#   refused) and the amount 1.005 for 1.00, while the number 1.115 is 1.12. Underscores and full-width digits are read
#   by both.
# So: yes and no are read from a list of words; a number that is not whole is a finding, not a whole number.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'cattrs==26.2.1' 'marshmallow==4.4.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from decimal import Decimal

import cattrs
import marshmallow
from marshmallow import fields


class Company(marshmallow.Schema):
    staff = fields.Integer()
    capital = fields.Decimal(places=2)
    listed = fields.Boolean()


def load(**values):
    try:
        return next(iter(Company().load(values).values()))
    except marshmallow.ValidationError:
        return "refused"


by_cattrs = [cattrs.structure(text, bool) for text in ("否", "false", "0", "")] + [cattrs.structure(12.7, int), cattrs.structure("1_000", int)]
by_marshmallow = [load(listed="否"), load(staff=12.7), load(staff="12.7"), load(staff="１２"), load(capital="1.005"), load(capital=1.115)]
print(by_cattrs, by_marshmallow)
assert by_cattrs == [True, True, True, False, 12, 1000]
assert by_marshmallow == ["refused", 12, "refused", 12, Decimal("1.00"), Decimal("1.12")]
PY
