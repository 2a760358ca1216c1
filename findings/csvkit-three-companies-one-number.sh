#!/usr/bin/env bash
# Tools that keep the digits of a code, and tools of the same kit that make one company of three.
#
# Guess: a kit of command-line tools that reads numbers as decimals gives back the codes and figures of a file, at
#   most without leading zeros.
# Seen on 28 November 2026, csvkit==2.2.0: csvsort keeps 440301199001011234 and makes 870 of industry 0870; csvjson
#   and csvsql --query give 4.4030119900101126e+17 for three codes that differ in the last digit, csvstat the same
#   smallest and largest, 440301199001011264. csvsort -r puts the company without capital first.
# So: codes are texts from the first reading on; a column of codes that came as numbers is told and set aside.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'csvkit==2.2.0'
cd "$work"
cat > companies.csv <<'CSV'
code,industry,capital
440301199001011234,0870,1200.50
440301199001011235,0101,
440301199001011236,3562,99
CSV
PATH="$work/venv/bin:$PATH"
csvsort -r -c capital companies.csv | tee sorted
csvjson companies.csv | tee json
csvsql --query 'select code, industry from companies where capital > 100' companies.csv | tee sql
csvstat --csv companies.csv | cut -d, -f1-8 | sed -n 2p | tee stat
[ "$(sed -n 2p sorted)" = "440301199001011235,101," ]
[ "$(sed -n 3p sorted)" = "440301199001011234,870,1200.50" ]
[ "$(grep -o '4.4030119900101126e+17' json | wc -l)" = 3 ]
[ "$(tail -1 sql | tr -d '\r')" = "4.4030119900101126e+17,870.0" ]
[ "$(cut -d, -f7,8 stat)" = "440301199001011264,440301199001011264" ]
