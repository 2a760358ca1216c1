#!/usr/bin/env bash
# One budget, three solvers: two spend too much, and one says that nothing can be bought.
#
# Guess: a budget of 24,691,357,802.50 yuan is kept to the fen for two projects that need 24,691,357,802.52, and one
#   of them is bought.
# Seen on 28 November 2026, ortools==9.15.6755: SCIP and CP-SAT ("SAT") buy both, 2 fen too much, and report an optimum;
#   CBC says that there is no solution, though buying one project, or none, is one. Each keeps a tolerance relative to
#   its own scaling. In 万元 SCIP and CP-SAT do the same, and CBC buys one.
# So: money is whole units in the model, and every answer is added up again in decimals before it is shown.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'ortools==9.15.6755'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from ortools.linear_solver import pywraplp

NAMES = {pywraplp.Solver.OPTIMAL: "optimal", pywraplp.Solver.INFEASIBLE: "infeasible"}


def bought(solver, budget, *costs):
    model = pywraplp.Solver.CreateSolver(solver)
    chosen = [model.BoolVar(f"x{place}") for place in range(len(costs))]
    model.Add(sum(cost * choice for cost, choice in zip(costs, chosen)) <= budget)
    model.Maximize(sum(chosen))
    status = NAMES.get(model.Solve(), "other")
    return status, round(sum(choice.solution_value() for choice in chosen))


seen = {solver: bought(solver, 24691357802.50, 12345678901.23, 12345678901.29) for solver in ("SCIP", "SAT", "CBC")}
tens = {solver: bought(solver, 2469135.780250, 1234567.890123, 1234567.890129) for solver in ("SCIP", "SAT", "CBC")}
print(seen, tens)
assert seen == {"SCIP": ("optimal", 2), "SAT": ("optimal", 2), "CBC": ("infeasible", 0)}
assert tens == {"SCIP": ("optimal", 2), "SAT": ("optimal", 2), "CBC": ("optimal", 1)}
PY
