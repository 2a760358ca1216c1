#!/usr/bin/env bash
# A sum is too large, and the companies entered before are gone.
#
# Guess: a statement that fails, in a database made to stand in for SQLite, leaves the rows of the open transaction as
#   they were.
# Seen on 28 November 2026, pyturso==0.8.3: a statement that fails while it runs ends the transaction: after a sum
#   that overflows, or a text that is no JSON, the two rows just inserted are gone, and the next statement runs
#   without a word; after a misspelt function they are there. In the sqlite3 of Python both are still there after each
#   of them.
# So: tables are written whole, then counted, and a failed statement ends the run.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pyturso==0.8.3'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sqlite3

import turso


def left(module, question):
    connection = module.connect(":memory:")
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE companies(name TEXT, capital INTEGER)")
    connection.commit()
    for row in ("('岚渡', 9223372036854775807)", "('海玥', 1)"):
        cursor.execute(f"INSERT INTO companies VALUES {row}")
    try:
        cursor.execute(question).fetchall()
    except Exception as error:
        print(module.__name__, error)
    else:
        raise SystemExit("no error")
    return cursor.execute("SELECT count(*) FROM companies").fetchall()[0][0]


QUESTIONS = ["SELECT sum(capital) FROM companies", "SELECT json(name) FROM companies", "SELECT nope(1)"]
seen = {module.__name__: [left(module, question) for question in QUESTIONS] for module in (turso, sqlite3)}
print(seen)
assert seen == {"turso": [0, 0, 2], "sqlite3": [2, 2, 2]}
PY
