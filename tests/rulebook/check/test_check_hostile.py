"""Hostile files are refused before anything is built from them, so time and memory are bounded by the limits, not by luck."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from screening import strict_yaml
from screening.rulebook.check import check_pack
from screening.rulebook.messages import MOST_TOLD
from screening.strict_yaml import MAX_BYTES, MAX_DEPTH
from tests.rulebook.check.packs import AS_OF

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 'pack: {id: hostile, version: "1", label: 恶意文件, extends: guangdong-2024}\n'
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)

FILES: dict[str, tuple[bytes, str]] = {
    "ten megabytes": ((HEAD + "#" * 10_000_000).encode(), "yaml/too-large"),
    "ten megabytes of keys": (
        HEAD.encode() + b"gates:\n" + b"".join(b"  g%07d: {label: x}\n" % n for n in range(450_000)),
        "yaml/too-large",
    ),
    "a billion laughs": ((HEAD + LAUGHS).encode(), "yaml/alias"),
    "an anchor alone": ((HEAD + "gates: &gates {}\n").encode(), "yaml/alias"),
    "lists in lists": ((HEAD + "gates: " + "[" * 20_000 + "]" * 20_000).encode(), "yaml/too-deep"),
    "mappings in mappings": ((HEAD + "gates: " + "{a: " * 20_000 + "x" + "}" * 20_000).encode(), "yaml/too-deep"),
    "blocks in blocks": (
        (HEAD + "gates:\n" + "".join(" " * (n + 1) + "a:\n" for n in range(400))).encode(),
        "yaml/too-deep",
    ),
    "a python object": ((HEAD + "gates: !!python/object/apply:os.system [echo]\n").encode(), "yaml/tag"),
    "NUL bytes": (HEAD.encode() + b"gates: {a\x00b: 1}\n", "yaml/syntax"),
    "not UTF-8": (HEAD.encode() + "gates: {标签: 1}\n".encode("gb18030"), "yaml/encoding"),
    "a second document": ((HEAD + "---\ngates: {}\n").encode(), "yaml/syntax"),
    "a list": (b"- pack\n", "yaml/not-a-mapping"),
    "an endless number": ((HEAD + f"gates: {{a: {{valid_for: {'9' * 5000}}}}}\n").encode(), "schema/missing-key"),
}


@pytest.mark.parametrize(("content", "code"), FILES.values(), ids=FILES)
def test_a_hostile_file_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    pack = tmp_path / "pack.yaml"
    pack.write_bytes(content)
    loaded, problems = check_pack(pack, AS_OF)
    assert loaded is None
    assert code in [p.code for p in problems]
    assert len(problems) < 10


def test_a_large_file_is_refused_by_its_size_without_being_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = tmp_path / "pack.yaml"
    pack.write_bytes(b" " * (MAX_BYTES + 1))
    monkeypatch.setattr("os.open", lambda *_: pytest.fail("the file was opened"))
    assert [p.code for p in strict_yaml.read(pack).problems] == ["yaml/too-large"]


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 200_000])
def test_the_depth_is_limited_before_the_tree_is_built(depth: int) -> None:
    document = strict_yaml.parse("a: " + "[" * depth + "]" * depth, "deep.yaml")
    assert [p.code for p in document.problems] == ["yaml/too-deep"]
    assert document.data == {}


@pytest.mark.parametrize(
    "lines",
    [
        "parameters:\n" + "".join(f"  p{n}: 1\n" for n in range(5_000)),
        "".join(f"key{n}: 1\n" for n in range(5_000)),
        "gates:\n  g:\n" + "".join(f"    key{n}: 1\n" for n in range(5_000)),
    ],
    ids=["entries", "sections", "keys of one entry"],
)
def test_of_very_many_wrong_keys_the_first_are_told(tmp_path: Path, lines: str) -> None:
    pack = tmp_path / "pack.yaml"
    pack.write_text(HEAD + lines, encoding="utf-8")
    loaded, problems = check_pack(pack, AS_OF)
    assert loaded is None
    of_form = [p.code for p in problems if p.code.startswith("schema/")]
    assert len(of_form) <= MOST_TOLD + 1
    assert of_form.count("schema/too-many") == 1
    # Beside the mistakes of form only the size of the whole pack is told, once.
    assert [p.code for p in problems if p.code not in of_form] in ([], ["pack/too-large"])


REACHING_OUT = (
    "(select 1)",
    "read_csv('/etc/passwd')",
    "x; drop table companies",
    "getenv('HOME')",
    "$1",
    "@variable",
    "staff_count over ()",
    "exists (select 1)",
    "pg_sleep(9)",
    "(" * 5000 + "1" + ")" * 5000,
    "not " * 4000 + "is_listed",
    "staff_count::text = '1'",
    "'" + "x" * 100_000 + "' = 'x'",
    "lambda x: x",
    "__import__('os')",
)


def test_an_expression_that_reaches_out_is_refused(tmp_path: Path) -> None:
    """Each in a gate of its own: what one of them does must not keep the others from being told."""
    pack = tmp_path / "pack.yaml"
    gates = [
        f'  g{number}: {{label: 甲, fails_when: "{text}", effect: warn, on_unknown: ignore, set_by: fund, message: 甲}}\n'
        for number, text in enumerate(REACHING_OUT)
    ]
    pack.write_text(f"{HEAD}gates:\n{''.join(gates)}", encoding="utf-8")
    errors = [p for p in check_pack(pack, AS_OF)[1] if p.is_error]
    assert {p.code.split("/")[0] for p in errors} == {"expression"}
    assert {p.position.line for p in errors if p.position} == {number + 3 for number in range(len(REACHING_OUT))}
