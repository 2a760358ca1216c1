"""Generated ids, paths and patterns in every place of a pack, a manifest and a table: nothing is written outside `--out`, nothing
ends in a traceback, nothing takes long.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz import HEAD, MANIFEST, NASTY, ROWS, Sandbox, ended, prepare

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 60

PLACES = {
    "a domain": ("  甲:\n", "  {}:\n"),
    "a direction": ("      甲1: {{label", "      {}: {{label"),
    "a fact": ("  staff_count: {{label", "  {}: {{label"),
    "a gate": ("  too_many:", "  {}:"),
    "a criterion": ("          staff_points:", "          {}:"),
    "a pillar": ("      team:", "      {}:"),
    "the pack": ("  id: small", "  id: {}"),
    "its version": ('  version: "1"', "  version: {}"),
    "its tables": ("  tables: company.yaml", "  tables: {}"),
    "a base": ("  tables: company.yaml", "  tables: company.yaml\n  extends: {}"),
    "a term": ("{{strong: [脑机接口]}}", "{{strong: [{}]}}"),
    "a verb": ("words: [研发, 制造]", "words: [{}]"),
    "an expression": ("staff_count > 1000", "{}"),
    "a catalogue": (
        "\nverdict:",
        "\ncatalogues:\n  {}: {{label: 目录, file: codes.csv, column: code, set_by: fund}}\n\nverdict:",
    ),
    "its file": (
        "\nverdict:",
        "\ncatalogues:\n  codes: {{label: 目录, file: {}, column: code, set_by: fund}}\n\nverdict:",
    ),
    "a case's folder": ("  label: {{zh: 小规则包", "  cases: {}\n  label: {{zh: 小规则包"),
}
PATTERNS = ("(", "[a-", "(?<=x)y", "a{99999}", "\\p{Nope}", "(a+)+$", "(" * 200 + ")" * 200, "*", "a**", "(?R)")

words = st.one_of(
    st.sampled_from(NASTY),
    st.sampled_from(PATTERNS),
    st.text(max_size=40),
    st.lists(st.sampled_from(["..", "/", "\\", ".", "a", "marker", "~", ":", "名"]), max_size=8).map("".join),
)
few = settings(
    max_examples=2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def held(sandbox: Sandbox, *commands: tuple[object, ...]) -> None:
    for arguments in commands:
        _, broken = ended(sandbox, SECONDS, *arguments)
        assert broken is None, broken
    for made in sandbox.out.iterdir():
        for command in (("explain", "样例甲脑机科技有限公司", "--run", made), ("verify", made)):
            _, broken = ended(sandbox, SECONDS, *command)
            assert broken is None, broken
        break


@pytest.mark.parametrize("number", range(len(PLACES)), ids=[*PLACES])
def test_a_pack_whose_names_are_hostile(number: int, tmp_path: Path) -> None:
    """Each place meets another word; `benchmarks/fuzz.py` draws as many as one has time for."""
    place, hostile = [*PLACES][number], (*NASTY, *PATTERNS)
    word = hostile[number * len(hostile) // len(PLACES)]
    sandbox = prepare(tmp_path / "sandbox")
    file = sandbox.inside / "pack" / "pack.yaml"
    old, new = (part.replace("{{", "{").replace("}}", "}") for part in PLACES[place])
    text = file.read_text(encoding="utf-8")
    assert old in text
    told = json.dumps(word.replace("{outside}", sandbox.outside.as_posix()), ensure_ascii=True)
    file.write_text(text.replace(old, new.replace("{}", told, 1), 1), encoding="utf-8")
    (file.parent / "codes.csv").write_text("code\nA\n", encoding="utf-8")
    data = sandbox.inside / "companies.csv"
    held(
        sandbox,
        ("check", file.parent),
        ("run", "--rules", file.parent, "--data", data, "--out", sandbox.out, "--dossiers", "all", "--quiet"),
    )


@few
@given(name=words, key=words)
def test_a_manifest_of_data_whose_paths_are_hostile(name: str, key: str, tmp_path: Path) -> None:
    sandbox = prepare(tmp_path / "sandbox")
    outside = sandbox.outside.as_posix()
    said = MANIFEST.replace("companies.csv", json.dumps(name.replace("{outside}", outside)))
    said = said.replace("fuzz", json.dumps(key.replace("{outside}", outside)))
    (sandbox.inside / "dataset.yaml").write_text(said, encoding="utf-8")
    rules = sandbox.inside / "pack"
    held(sandbox, ("run", "--rules", rules, "--data", sandbox.inside, "--out", sandbox.out, "--quiet"))


@few
@given(cells=st.lists(words, min_size=3, max_size=3))
def test_a_table_whose_cells_are_hostile(cells: list[str], tmp_path: Path) -> None:
    sandbox = prepare(tmp_path / "sandbox")
    rows = [
        ",".join(
            '"' + cell.replace('"', '""') + '"'
            for cell in (f"{word}企业", word, "2025-01-02", word, word, f"脑机接口研发{word}", "60")
        )
        for word in (cell.encode("utf-8", "replace").decode() for cell in cells)
    ]
    data = sandbox.inside / "companies.csv"
    data.write_text("\n".join([HEAD, *rows, *ROWS]) + "\n", encoding="utf-8")
    rules = sandbox.inside / "pack"
    held(sandbox, ("run", "--rules", rules, "--data", data, "--out", sandbox.out, "--dossiers", "all", "--quiet"))


@few
@given(word=words)
def test_arguments_that_are_hostile(word: str, tmp_path: Path) -> None:
    sandbox = prepare(tmp_path / "sandbox")
    rules, data = sandbox.inside / "pack", sandbox.inside / "companies.csv"
    if word.startswith("-"):
        return
    held(
        sandbox,
        ("run", "--rules", rules, "--data", data, "--out", sandbox.out, "--quiet", "--dossiers", word),
        (
            "run",
            "--rules",
            rules,
            "--data",
            data,
            "--out",
            sandbox.out,
            "--quiet",
            "--overrides",
            sandbox.inside / word.replace("/", ""),
        ),
        ("sql", "--rules", rules, "--rule", word),
        ("explain", word, "--run", sandbox.out),
    )
