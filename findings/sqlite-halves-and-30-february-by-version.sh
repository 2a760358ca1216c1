#!/usr/bin/env bash
# The same SQLite function, two versions: 2.68 or 2.67, and 30 February is or is not a day.
#
# Guess: round() and date() of SQLite give what they gave in an earlier version.
# Seen on 28 November 2026, apsw 3.40.0.0 and 3.54.1.0: round(2.675, 2), round(1.005, 2) and round(0.575, 2) are 2.68, 1.01 and 0.58 in SQLite
#   3.40.0 and 2.67, 1.0 and 0.57 in 3.54.1; printf with two decimals is so too. date('2024-02-30') is '2024-02-30'
#   before and '2024-03-01' now.
# So: amounts are decimals here, days that do not exist are refused when read, and no result rests on the SQLite of a
#   machine.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
seen() {
  python3 -m venv "$work/$1"
  "$work/$1/bin/pip" install --quiet --disable-pip-version-check "$1"
  "$work/$1/bin/python" - <<'PY'
import apsw

question = "SELECT sqlite_version(), round(2.675, 2), round(1.005, 2), round(0.575, 2), printf('%.2f', 2.675), date('2024-02-30')"
print(*next(iter(apsw.Connection(":memory:").execute(question))))
PY
}
old=$(seen "apsw==3.40.0.0") new=$(seen "apsw==3.54.1.0")
printf '%s\n' "$old" "$new"
[ "$old" = "3.40.0 2.68 1.01 0.58 2.68 2024-02-30" ]
[ "$new" = "3.54.1 2.67 1.0 0.57 2.67 2024-03-01" ]
