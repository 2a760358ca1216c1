#!/usr/bin/env bash
# A perfect ranking of later listings has an AUC of 0.
#
# Guess: of two text labels the function asks which one is the event, or takes the rarer.
# Seen on 28 November 2026, scikit-learn==1.9.1: the label that sorts last by code point is the event: of 上市 / 未上市 it is
#   未上市, so the best score possible gives 0.0; 退出 / 未退出 and 是 / 否 happen to fall the right way. average_precision_score
#   refuses the same labels and asks for pos_label; roc_auc_score has no such argument.
# So: a back-test has one declared event, held as true and false.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'scikit-learn==1.9.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from sklearn.metrics import average_precision_score, roc_auc_score

scores = [0.9, 0.8, 0.2, 0.1]
seen = {
    yes: float(roc_auc_score([yes, yes, no, no], scores)) for yes, no in (("上市", "未上市"), ("退出", "未退出"), ("是", "否"))
}
try:
    average_precision_score(["上市", "上市", "未上市", "未上市"], scores)
    asked = ""
except ValueError as error:
    asked = str(error)
print(seen, asked)
assert seen == {"上市": 0.0, "退出": 1.0, "是": 1.0} and "pos_label" in asked
PY
