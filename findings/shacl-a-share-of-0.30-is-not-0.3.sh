#!/usr/bin/env bash
# A share of 0.30 is not among the shares allowed, 0.3 and 0.5
#
# Guess: a shape that allows the values 0.3 and 0.5 allows 0.30, which is the same decimal.
# Seen on 28 November 2026, pyshacl==0.40.1 rdflib==7.6.0: pyshacl compares terms, so that 0.30 and 3e-1 are
#   violations of sh:in (0.3 0.5), while SPARQL of rdflib over the same data finds 0.30 equal to 0.3 (and 3e-1 not,
#   which is no decimal).
# So: allowed values of numbers are stated as bounds, not as a list.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pyshacl==0.40.1' 'rdflib==7.6.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import pyshacl
import rdflib

data = rdflib.Graph().parse(data="""@prefix : <urn:c:> .
:a a :C ; :share 0.30 . :b a :C ; :share 0.3 . :c a :C ; :share 3e-1 . :d a :C ; :share 0.4 .""", format="turtle")
shapes = rdflib.Graph().parse(data=f"@prefix sh: <{rdflib.SH}> ." + """@prefix : <urn:c:> .
:S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :share ; sh:in (0.3 0.5) ] .""", format="turtle")
result = pyshacl.validate(data, shacl_graph=shapes)[1]
violations = sorted(str(node) for node in result.objects(None, rdflib.SH.focusNode))
equal = sorted(str(row[0]) for row in data.query("PREFIX : <urn:c:> SELECT ?c { ?c :share ?s FILTER(?s = 0.3) }"))
print(violations, equal)
assert violations == ["urn:c:a", "urn:c:c", "urn:c:d"]
assert equal == ["urn:c:a", "urn:c:b"]
PY
