#!/usr/bin/env bash
# Chinese companies are Korean.
#
# Guess: language detectors tell short Chinese texts as Chinese, at least company names and lines of business.
# Seen on 28 November 2026, langdetect==1.0.9 py3langid==0.4.0 pycld2==0.42 lingua-language-detector==2.1.1:
#   langdetect takes 广州岚渡科技有限公司, 量子计算, 生物制造 and the traditional 從事量子計算 for Korean; py3langid takes the first for Wu
#   Chinese; pycld2 takes 生物制造 for Japanese. A filter "only Chinese texts" before a classifier drops the companies it
#   was made for. lingua is right on all of them.
# So: whether a text can be read is asked of its characters and of the lexicon, not of a detector
#   (tests/classification).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'langdetect==1.0.9' 'py3langid==0.4.0' 'pycld2==0.42' 'lingua-language-detector==2.1.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import langdetect
import py3langid
import pycld2
from lingua import LanguageDetectorBuilder

langdetect.DetectorFactory.seed = 0
lingua = LanguageDetectorBuilder.from_all_languages().build()
seen = {}
for text in ("广州岚渡科技有限公司", "量子计算", "生物制造", "從事量子計算", "软件开发"):
    seen[text] = (
        langdetect.detect(text),
        py3langid.classify(text)[0],
        pycld2.detect(text)[2][0][1],
        lingua.detect_language_of(text).iso_code_639_1.name.lower(),
    )
    print(text, *seen[text])
assert [first for first, *_ in seen.values()] == ["ko", "ko", "ko", "ko", "zh-cn"]
assert seen["广州岚渡科技有限公司"][1] == "wuu" and seen["生物制造"][2] == "ja"
assert all(last == "zh" for *_, last in seen.values())
PY
