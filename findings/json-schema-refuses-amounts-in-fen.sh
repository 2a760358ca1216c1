#!/usr/bin/env bash
# A schema for amounts in yuan and fen refuses one amount in seven, in two validators of four.
#
# Guess: multipleOf 0.01 holds for every amount with two decimals.
# Seen on 27 November 2026, jsonschema==4.26.0 fastjsonschema==2.22.3 jsonschema-rs==0.61.0 ajv==8.20.0: of the 19,999
#   amounts from 0.01 to 199.99, Ajv and jsonschema refuse 2,729 (4.35, 19.99, 1.15 among them); fastjsonschema and
#   jsonschema-rs refuse none.
# So: our JSON Schemas carry decimals as text with a pattern; nobody's binary remainder decides.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'jsonschema==4.26.0' 'fastjsonschema==2.22.3' 'jsonschema-rs==0.61.0'
npm install --silent --no-fund --no-audit --prefix "$work" 'ajv@8.20.0' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import Ajv from "ajv";
const holds = new Ajv().compile({ type: "number", multipleOf: 0.01 });
let kept = 0;
for (let fen = 1; fen < 20000; fen++) kept += holds(fen / 100);
console.log(kept);
JS
ajv=$(node seen.mjs)
"$work/venv/bin/python" - "$ajv" <<'PY'
import sys

import fastjsonschema
import jsonschema
import jsonschema_rs

schema = {"type": "number", "multipleOf": 0.01}
amounts = [fen / 100 for fen in range(1, 20000)]
compiled = fastjsonschema.compile(schema)


def holds(value: float) -> bool:
    try:
        compiled(value)
    except fastjsonschema.JsonSchemaException:
        return False
    return True


by_jsonschema = jsonschema.Draft202012Validator(schema)
kept = {
    "ajv": int(sys.argv[1]),
    "jsonschema": sum(by_jsonschema.is_valid(a) for a in amounts),
    "fastjsonschema": sum(map(holds, amounts)),
    "jsonschema-rs": sum(jsonschema_rs.is_valid(schema, a) for a in amounts),
}
print(kept, "of", len(amounts))
assert kept == {"ajv": 17270, "jsonschema": 17270, "fastjsonschema": 19999, "jsonschema-rs": 19999}
PY
