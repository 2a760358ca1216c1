#!/usr/bin/env bash
# A floor of 0.5 is met by nobody, and nobody is below it.
#
# Guess: a decimal property compared with a number that has a fraction gives what the comparison says.
# Seen on 28 November 2026, real-ladybug==0.15.3: in a condition the comparison of a DECIMAL with a literal such as
#   0.5 finds no node at all, from above, from below or equal, while the same comparison among the results is true for
#   four of six. A whole number, a parameter and a literal cast to DECIMAL find the right ones. SUM and MIN of a
#   DECIMAL are refused.
# So: conditions on amounts are run against known answers here, and a gate that nobody meets is told.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'real-ladybug==0.15.3'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import decimal

import real_ladybug

connection = real_ladybug.Connection(real_ladybug.Database())
connection.execute("CREATE NODE TABLE Company(id STRING, share DECIMAL(18,2), PRIMARY KEY(id))")
for name, share in zip("abcdef", ("12.50", "0.57", "99999999.99", "0.30", "35.00", "-1.00"), strict=True):
    connection.execute(f"CREATE (:Company {{id: '{name}', share: CAST('{share}' AS DECIMAL(18,2))}})")


def ids(condition, **given):
    return "".join(sorted(row[0] for row in connection.execute(f"MATCH (c:Company) WHERE {condition} RETURN c.id", given).get_all()))


literal = [ids("c.share >= 0.5"), ids("c.share < 0.5"), ids("c.share = 0.3")]
shown = sorted(row[0] for row in connection.execute("MATCH (c:Company) RETURN c.id, c.share >= 0.5").get_all() if row[1])
right = [ids("c.share >= CAST('0.5' AS DECIMAL(18,2))"), ids("c.share >= $floor", floor=decimal.Decimal("0.5"))]
whole = ids("c.share >= 35")
print(literal, shown, right, whole)
assert literal == ["", "", ""] and shown == ["a", "b", "c", "e"]
assert right == ["abce", "abce"] and whole == "ce"
PY
