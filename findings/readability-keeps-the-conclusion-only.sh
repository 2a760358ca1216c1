#!/usr/bin/env bash
# Of a report its conclusion is kept, and the facts, risks and the disclaimer are left out
#
# Guess: a library that takes the main content of a page keeps the sections of a report: they are inside main, under
#   headings.
# Seen on 28 November 2026, readability-lxml==0.9 inscriptis==2.7.6: readability-lxml keeps the section with one long
#   sentence and leaves out the table of facts, the list of risks and the disclaimer; inscriptis keeps all.
# So: what is made from a report for a machine to read is made from its data, not from its page.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'readability-lxml==0.9' 'inscriptis==2.7.6'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import inscriptis
import lxml.html
import readability

page = """<!DOCTYPE html><html lang="zh"><head><title>报告</title></head><body><main><h1>岚渡科技</h1>
<section><h2>结论</h2><p>进入短名单,第 3 名,得分 71.25(区间 64.00–80.50)。</p></section>
<section><h2>事实</h2><table><thead><tr><th>事实</th><th>值</th><th>来源</th></tr></thead><tbody>
<tr><td>实收资本</td><td>1,234.50 万元</td><td>登记</td></tr><tr><td>失信</td><td></td><td>未查</td></tr></tbody></table></section>
<section><h2>风险</h2><ul><li>关联交易占 35%</li><li>未披露担保</li></ul><aside>样例为虚构,不构成建议</aside></section></main></body></html>"""
kept = {
    "readability": lxml.html.fromstring(readability.Document(page).summary()).text_content(),
    "inscriptis": inscriptis.get_text(page),
}
for name, text in kept.items():
    print(name, "|".join(text.split()))
words = ("71.25", "1,234.50", "关联交易", "不构成建议")
assert [word in kept["readability"] for word in words] == [True, False, False, False]
assert all(word in kept["inscriptis"] for word in words)
PY
