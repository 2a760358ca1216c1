#!/usr/bin/env bash
# Two names of one company are alike by 0.05, two different companies by 1.
#
# Guess: measures of likeness between 0 and 1 put 有限公司 beside 股份有限公司 of the same company near 1 and below it two names
#   that differ in the two characters that count.
# Seen on 28 November 2026, textdistance==4.6.3 jellyfish==1.2.1: textdistance's normalised Monge-Elkan gives 0.05 for
#   the same company; its MLIPNS gives 1 for two different companies and 0 for the same; its Jaccard, cosine and
#   overlap are 1 for 岚渡科技 and 渡岚科技; entropy puts different companies above the same one. jellyfish holds that 广州 and
#   深圳 sound alike, and gives two empty names 0 where textdistance gives 1.
# So: a name is an identity only with its credit code; likeness is a hint for a person, with the characters that
#   differ.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'textdistance==4.6.3' 'jellyfish==1.2.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import jellyfish
import textdistance

FORM = ("广州岚渡科技有限公司", "广州岚渡科技股份有限公司")
OTHER = ("广州岚渡科技有限公司", "广州澄屿科技有限公司")
TURNED = ("岚渡科技", "渡岚科技")


def alike(name, pair):
    return round(getattr(textdistance, name).normalized_similarity(*pair), 2)


seen = {name: [alike(name, pair) for pair in (FORM, OTHER, TURNED)] for name in ("monge_elkan", "mlipns", "jaccard", "cosine", "overlap", "entropy_ncd")}
print(seen)
assert seen["monge_elkan"][0] == 0.05
assert seen["mlipns"][:2] == [0, 1]
assert [seen[name][2] for name in ("jaccard", "cosine", "overlap")] == [1, 1, 1]
assert alike("entropy_ncd", OTHER) >= alike("entropy_ncd", FORM) > 0.9
sound = jellyfish.match_rating_comparison("广州", "深圳")
empty = jellyfish.jaro_winkler_similarity("", ""), textdistance.jaro_winkler("", "")
print(sound, empty)
assert sound is True
assert empty == (0, 1)
PY
