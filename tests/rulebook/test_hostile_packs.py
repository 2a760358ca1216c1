"""Generated ids, paths, patterns and numbers thrown at a pack: no traceback, bounded time, nothing written outside."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from screening.errors import RulesError
from screening.rulebook.check import check_pack
from screening.run.packfile import write_effective_pack
from tests.rulebook.check.packs import AS_OF

NASTY = st.sampled_from(
    [
        *(
            "../marker",
            "/tmp/marker-of-a-test",
            "..",
            ".",
            "a/b",
            "C:\\marker",
            "con",
            "companies",
            "ranking",
            "facts",
            "x;y",
            "a\u200bb",
        ),
        *(
            "",
            "a" * 70,
            "read_csv('x')",
            "(?=x)",
            "((a{99}){99}){99}",
            "[",
            "\\",
            "1e400",
            "~",
            "null",
            "true",
            "=cmd()",
            "甲",
            "code",
        ),
    ]
)
TEXTS = NASTY | st.text(max_size=12)
SCALARS = TEXTS | st.integers() | st.floats() | st.booleans() | st.none()
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=6
)
BODIES: dict[str, Any] = {
    "catalogues": {"label": "目录", "file": "codes.csv", "column": "code", "set_by": "fund"},
    "facts": {"label": "事实", "type": "boolean", "expr": "true"},
    "gates": {
        "label": "门",
        "fails_when": "false",
        "effect": "warn",
        "on_unknown": "ignore",
        "set_by": "fund",
        "message": "无",
    },
    "parameters": {"label": "参数", "value": 1, "set_by": "fund"},
    "tables": {"label": "表", "grain": "行", "key": ["company_id"], "columns": {"company_id": {"type": "code"}}},
    "clauses": {"opening": "第一条"},
    "measures": {"label": "措施", "set_by": "fund"},
    "stages": {"label": "轴", "values": {"a": {"label": "甲", "otherwise": True, "set_by": "fund"}}},
}


@st.composite
def packs(draw: st.DrawFn) -> dict[str, Any]:
    """A pack over a shipped one: one entry of a section with one thing changed to something nasty."""
    section = draw(st.sampled_from([*BODIES, "classification", "lexicon", "pack", "criteria", "verdict"]))
    head: dict[str, Any] = {"id": "guest", "version": "1", "label": "客", "extends": "innovative-sme-2022"}
    if section == "pack":
        return {"pack": {**head, draw(st.sampled_from([*head, "tables", "remove", "lifts", "layers"])): draw(VALUES)}}
    if section not in BODIES:
        keys = st.sampled_from(["exclusions", "says_nothing", "phrases", "merit", "weights", "tiers", "masks", "甲"])
        return {"pack": head, section: draw(st.dictionaries(keys | TEXTS, VALUES, max_size=2) | VALUES)}
    body = dict(BODIES[section])
    if draw(st.booleans()):
        body[draw(st.sampled_from([*body, "source", "range", "unit"]))] = draw(VALUES)
    return {"pack": head, section: {draw(TEXTS): body}}


def tree(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*")}


@example(
    {
        "pack": {"id": "guest", "version": "1", "label": "客"},
        "catalogues": {"[": {"label": {"x": None}}, "a[b]": {"label": {"x": 1}}},
    }
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(packs())
def test_whatever_a_pack_holds_it_is_refused_or_written_in_its_place(data: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        guest = root / "packs" / "guest"
        guest.mkdir(parents=True)
        (guest / "pack.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
        (guest / "codes.csv").write_text("code\nA\n", encoding="utf-8")
        before = tree(root)
        started = time.monotonic()
        try:
            loaded, problems = check_pack(guest, AS_OF)
        except RulesError as error:
            loaded, problems = None, list(error.problems)
        if loaded is not None and not any(p.is_error for p in problems):
            (root / "run").mkdir()
            write_effective_pack(loaded, root / "run" / "pack")
        assert time.monotonic() - started < 30
        written = {p for p in tree(root) - before if not p.startswith("run")}
        assert not written
        assert loaded is not None or any(p.is_error for p in problems)
    assert not Path("/tmp/marker-of-a-test").exists()
    assert not Path("/tmp/marker-of-a-test.csv").exists()
