#!/usr/bin/env bash
# A comment is edited, and an amount has changed.
#
# Guess: a YAML editor that keeps comments keeps every number it did not touch, digit by digit; a credit code with one
#   letter E is a text for all readers of YAML.
# Seen on 28 November 2026, ruamel.yaml==0.19.1 PyYAML==6.0.4: loaded and written again, 123456789012345678.90 is
#   123456789012345680.00, 0.10000000000000000005 is 0.10000000000000000555 and 1_000.50 is 01000.50: the width is kept,
#   the digits are made up. The code 914401011234567E51 is a text in PyYAML (YAML 1.1) and the number 9.14e+65 in
#   ruamel.yaml (YAML 1.2).
# So: packs are changed as text at the marks of their nodes; codes in lists are quoted by what writes them.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'ruamel.yaml==0.19.1' 'PyYAML==6.0.4'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import io

import yaml
from ruamel.yaml import YAML

text = "a: 123456789012345678.90\nb: 0.10000000000000000005\nc: 1_000.50\nd: 914401011234567E51\ne: 0.30\n"
editor, written = YAML(), io.StringIO()
loaded = editor.load(text)
editor.dump(loaded, written)
after = written.getvalue().splitlines()
print(after, repr(yaml.safe_load(text)["d"]), float(loaded["d"]))
assert after[:3] == ["a: 123456789012345680.00", "b: 0.10000000000000000555", "c: 01000.50"] and after[4] == "e: 0.30"
assert yaml.safe_load(text)["d"] == "914401011234567E51" and float(loaded["d"]) > 9e65
PY
