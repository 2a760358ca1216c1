#!/usr/bin/env bash
# Record linkage by sound joins every Chinese company with every other.
#
# Guess: a phonetic key of Han characters raises, or differs between names.
# Seen on 27 November 2026, jellyfish==1.3.0: metaphone is the empty text for all of them, so that a blocking rule on
#   it makes one block of the whole table; soundex is the first character and three zeros, one block per first
#   character, most of them a province or city.
# So: companies are joined by checked codes and whole names, never by a key made for Latin script.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'jellyfish==1.3.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import jellyfish

names = ("广东甲元量子科技有限公司", "广东乙木服装厂", "深圳丙火生物医药有限公司")
metaphone = [jellyfish.metaphone(n) for n in names]
soundex = [jellyfish.soundex(n) for n in names]
print(metaphone, soundex)
assert metaphone == ["", "", ""]
assert soundex == ["广000", "广000", "深000"]
PY
