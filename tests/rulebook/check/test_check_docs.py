"""docs/rules-checks.md lists every code that `screen check` can say, and no other; each lint has its own trial."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

from screening import strict_yaml
from screening.rulebook.check.never_scored import NEVER_SCORED

ROOT = Path(__file__).resolve().parents[3]
CODE = re.compile(r"[a-z]+/[a-z][a-z-]*")
ROW = re.compile(r"^\| `([a-z]+/[a-z-]+)` \| ([EWN/]+) \| (.+) \| (.+) \| (.+) \|$", re.M)
CHECKS = sorted((ROOT / "screening/rulebook/check").glob("*.py"))
SAID = [
    ROOT / "screening/strict_yaml.py",
    ROOT / "screening/api/pack.py",
    ROOT / "screening/run/checked.py",
    *sorted((ROOT / "screening/expression").glob("*.py")),
    *(
        ROOT / "screening/rulebook" / f"{name}.py"
        for name in ("layers", "loader", "messages", "parsing", "scope", "sources", "written")
    ),
    *CHECKS,
]


def codes(files: list[Path]) -> set[str]:
    """Return the codes that stand in the program as texts."""
    return {
        node.value
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value)
    }


def documented() -> dict[str, tuple[str, ...]]:
    text = (ROOT / "docs/rules-checks.md").read_text(encoding="utf-8")
    return {row[0]: tuple(row[1:]) for row in ROW.findall(text)}


def test_every_code_is_documented_and_no_other() -> None:
    assert codes(SAID) - {"api/rule"} == set(documented())  # of the Python calls, not of a check


def test_each_line_says_what_why_and_what_to_do() -> None:
    for code, (severity, *columns) in documented().items():
        assert severity in ("E", "W", "N", "E/W"), code
        assert all(column.endswith((".", "?")) for column in columns), code


def test_every_input_that_is_never_scored_is_listed() -> None:
    text = (ROOT / "docs/rules-checks.md").read_text(encoding="utf-8").split("<!-- never-scored -->")[1]
    listed = re.findall(r"^\| `(\w+)` \| .+ \| (yes|no|no knock-out) \|$", text, re.M)
    assert listed == [
        (entry.id, "yes" if entry.in_gates else "no knock-out" if entry.no_knock_out else "no")
        for entry in NEVER_SCORED
    ]


def test_every_lint_is_tried_on_a_pack() -> None:
    lints: list[dict[str, Any]] = strict_yaml.read(Path(__file__).parent / "lints.yaml").data["lints"]
    tried = {code for lint in lints for said in lint["says"] for code in CODE.findall(said.split(" @ ")[0])}
    elsewhere = {
        "pattern/too-many",
        "policy/forbidden-input",
        "policy/lifted-input",
        "policy/lift-without-base",
    }  # test_check_policy.py
    assert codes(CHECKS) - tried - elsewhere == set()
