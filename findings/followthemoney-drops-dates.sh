#!/usr/bin/env bash
# Dates of registers are dropped or shortened to their year, without a word
#
# Guess: a founding date written 2024/3/1 or 2024年3月1日 becomes 2024-03-01 on a company, or adding it raises an error.
# Seen on 28 November 2026, followthemoney==4.11.2: 2024-3-1 is read; 2024/3/1 and 2024.03.01 become the year 2024;
#   2024年3月1日, 20240301 and 01/03/2024 leave the property empty; midnight of 1 January 2019 in Shanghai is 31 December
#   2018. Nothing is raised.
# So: dates are read and counted before they are handed to an entity; how many came out is compared with how many went
#   in.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'followthemoney==4.11.2'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from followthemoney import model


def founded(text):
    company = model.make_entity("Company")
    company.id = "a"
    company.add("incorporationDate", text)
    return company.get("incorporationDate")


seen = {text: founded(text) for text in ("2024-3-1", "2024/3/1", "2024.03.01", "2024年3月1日", "20240301", "01/03/2024", "2019-01-01T00:00:00+08:00")}
for text, values in seen.items():
    print(text, values)
assert seen["2024-3-1"] == ["2024-03-01"]
assert seen["2024/3/1"] == seen["2024.03.01"] == ["2024"]
assert seen["2024年3月1日"] == seen["20240301"] == seen["01/03/2024"] == []
assert seen["2019-01-01T00:00:00+08:00"] == ["2018-12-31T16:00:00"]
PY
