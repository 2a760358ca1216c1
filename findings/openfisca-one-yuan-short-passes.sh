#!/usr/bin/env bash
# A company with 99,999,999 yuan has a hundred million
#
# Guess: a variable of type float keeps an amount in yuan to the fen, since a double does; a missing amount is told
#   apart from 0; a text longer than its maximum is refused.
# Seen on 28 November 2026, openfisca-core==46.0.1: variables of type float are of 32 bits: 99,999,999 is 100,000,000
#   and passes the bound of a hundred million, 123,456,789.01 is 123,456,792. A missing amount is 0, 35.9 employees
#   are 35, and a code of eight letters in a variable of four is cut to four.
# So: amounts near a bound are compared as decimals or whole fen; what is not known is not a number.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'openfisca-core==46.0.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from openfisca_core import entities, periods, simulation_builder, taxbenefitsystems, variables

COMPANY = entities.Entity("company", "companies", "", "")
YEAR = periods.DateUnit.YEAR


def variable(name, kind, **more):
    return type(name, (variables.Variable,), {"value_type": kind, "entity": COMPANY, "definition_period": YEAR, "label": name, **more})


def enough(companies, period):
    return companies("capital", period) >= 100_000_000


system = taxbenefitsystems.TaxBenefitSystem([COMPANY])
system.add_variables(variable("capital", float), variable("staff", int), variable("code", str, max_length=4), variable("enough", bool, formula=enough))
companies = {
    "a": {"capital": {"2024": 99_999_999}, "staff": {"2024": 35.9}, "code": {"2024": "44030199"}},
    "b": {"capital": {"2024": 123_456_789.01}},
    "c": {"capital": {"2024": None}},
}
simulation = simulation_builder.SimulationBuilder().build_from_entities(system, {"companies": companies})
capital = [float(value) for value in simulation.calculate("capital", "2024")]
passes = simulation.calculate("enough", "2024").tolist()
staff = simulation.calculate("staff", "2024").tolist()
code = [str(value) for value in simulation.calculate("code", "2024")]
print(capital, passes, staff, code)
assert capital == [100_000_000, 123_456_792, 0]
assert passes == [True, True, False]
assert staff[0] == 35 and "4403" in code[0] and "44030" not in code[0]
PY
