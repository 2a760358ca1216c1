#!/usr/bin/env bash
# Founded on 1 March 2020: five years later is 28 February 2025.
#
# Guess: a year added to a day in a database with durations such as 5y ends on the same day of a later year.
# Seen on 28 November 2026, surrealdb==2.0.0: y is 365 days: 1 March 2020 + 5y is 28 February 2025, 31 January 2024 +
#   1y is 30 January 2025, and the years between two days are days divided. 7 / 2 is 3. Companies without a capital,
#   and those whose capital is NULL, are below every bound, "600" is above 500. The half of 1, 2, 3, 4 by the nearest
#   rank is 3.
# So: ages are whole years by the calendar here, and an unknown figure is neither above nor below.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'surrealdb==2.0.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from surrealdb import Surreal

database = Surreal("mem://")
database.use("a", "b")
database.query("CREATE company:a SET capital = 5; CREATE company:b SET capital = NULL; CREATE company:c; CREATE company:d SET capital = '600'")


def worth(expression):
    return database.query(f"RETURN {expression}")


days = [str(worth(sum_))[:10] for sum_ in ("d'2020-03-01T00:00:00Z' + 5y", "d'2024-01-31T00:00:00Z' + 1y")]
ids = ["".join(sorted(str(row["id"].id) for row in database.query(f"SELECT id FROM company WHERE {c}"))) for c in ("capital < 500", "capital > 500")]
numbers = [worth("7 / 2"), worth("math::nearestrank([1, 2, 3, 4], 50)"), worth("math::percentile([1, 2, 3, 4], 50)")]
print(days, ids, numbers)
assert days == ["2025-02-28", "2025-01-30"] and ids == ["abc", "d"] and numbers == [3, 3, 2.5]
PY
