#!/usr/bin/env bash
# A screening library for sanctions takes two Chinese companies with like-sounding names for one.
#
# Guess: logic-v1 keeps 岚渡 and 蓝度 apart, and prefers the same firm under its other legal form (有限公司, 有限责任公司).
# Seen on 27 November 2026, nomenklatura==4.17.4 followthemoney==4.11.2 rigour==2.6.1: names are compared as a sorted
#   bag of toneless syllables: the two strangers score 0.90 (above the usual threshold of 0.7), a name with its
#   syllables in another order 0.90 too, the same firm under the longer legal form only 0.78.
# So: Chinese names are compared by characters; a credit code decides, sound never.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'nomenklatura==4.17.4' 'followthemoney==4.11.2' 'rigour==2.6.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from followthemoney import model
from nomenklatura.matching import LogicV1


def company(name: str):
    entity = model.make_entity("Company")
    entity.id = name
    entity.add("name", name)
    return entity


def score(one: str, other: str) -> float:
    return round(LogicV1.compare(company(one), company(other), LogicV1.default_config()).score, 2)


strangers = score("深圳市岚渡科技有限公司", "深圳市蓝度科技有限公司")
shuffled = score("北京京海科技有限公司", "海京北京科技有限公司")
same = score("深圳市岚渡科技有限公司", "深圳市岚渡科技有限责任公司")
print("strangers that sound alike", strangers, "· syllables in another order", shuffled, "· one firm, other legal form", same)
assert (strangers, shuffled, same) == (0.9, 0.9, 0.78)
PY
