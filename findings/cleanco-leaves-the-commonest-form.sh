#!/usr/bin/env bash
# One company, four base names.
#
# Guess: cleanco takes the legal form off a company's name: Co., Ltd. in the spellings that Chinese companies use, and
#   有限公司.
# Seen on 28 November 2026, cleanco==2.3: Landu Technology Co., Ltd. becomes Landu Technology Co., Co.,Ltd. without a
#   blank and CO.,LTD stay whole, Limited becomes Landu Technology; of 有限公司, 股份有限公司 and 有限责任公司 nothing is taken off. A
#   second pass helps some of them, never Co.,Ltd. without a blank.
# So: companies are joined by credit code and by their whole folded name; no form is taken off a name.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'cleanco==2.3'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from cleanco import basename

forms = ("Co., Ltd.", "Co.,Ltd.", "CO.,LTD", "Co. Ltd", "Company Limited", "Limited")
once = {form: basename(f"Landu Technology {form}") for form in forms}
twice = {form: basename(base) for form, base in once.items()}
print(once)
assert len(set(once.values())) == 5
assert twice["Co.,Ltd."] == "Landu Technology Co.,Ltd." and twice["Co., Ltd."] == "Landu Technology"
for name in ("广州岚渡科技有限公司", "岚渡股份有限公司", "岚渡有限责任公司"):
    assert basename(name) == name
PY
