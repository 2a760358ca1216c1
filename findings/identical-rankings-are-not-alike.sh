#!/usr/bin/env bash
# Two identical rankings of ten are 65 % alike.
#
# Guess: the overlap of a ranking with itself is 1.
# Seen on 28 November 2026, rbo==0.1.3 numpy==1.26.4: rbo(p=0.9) sums as deep as the lists go: identical lists of ten
#   have 0.651 (1 - 0.9^10), of three 0.271; rbo_ext gives 1. With its own default p=1 rbo() is 1 too, and two lists in
#   opposite order have 0.354.
# So: two rankings are compared by places and by who is in the list, each with its own number.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'rbo==0.1.3' 'numpy==1.26.4'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import rbo

ten, three = list("abcdefghij"), list("abc")
seen = [
    round(float(value), 3)
    for value in (
        rbo.RankingSimilarity(ten, ten).rbo(p=0.9),
        rbo.RankingSimilarity(three, three).rbo(p=0.9),
        rbo.RankingSimilarity(ten, ten).rbo_ext(p=0.9),
        rbo.RankingSimilarity(ten, ten).rbo(),
        rbo.RankingSimilarity(ten, ten[::-1]).rbo(),
    )
]
print(seen)
assert seen == [0.651, 0.271, 1.0, 1.0, 0.354]
PY
