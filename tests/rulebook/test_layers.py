"""What an overlay takes over from the pack below, and where a problem of the pack as a whole is shown."""

from __future__ import annotations

import hashlib
import json
import textwrap
from typing import TYPE_CHECKING

import pytest

from screening.rulebook.check import check_pack
from screening.rulebook.loader import load_pack
from screening.run.packfile import write_effective_pack
from tests.rulebook.check.packs import AS_OF

if TYPE_CHECKING:
    from pathlib import Path

TABLE = """\
    pack:
      id: table
      version: "1"
      label: 官方表
      tables: company.yaml
      lifts:
        - {rule: staff_points, input: raw_patent_count, legal_basis: 无此用途}
        - {rule: ip, input: raw_patent_count, legal_basis: 某办法第七条不限主方向}
    facts:
      rights: {label: 专利, type: integer, unit: count, range: [0, 1000], from: patents, take: count, question: 多少项}
      people: {label: 人数, type: integer, unit: persons, range: [0, 100000], expr: staff, question: 多少人}
    criteria:
      merit:
        label: 质量
        scale: points
        pillars:
          all:
            label: 全部
            criteria:
              staff_points: {label: 人数, set_by: fund, score: {of: people, per_unit: 1, cap: 50}}
              ip: {label: 专利, source: {document: 某办法}, score: {of: rights, per_unit: 1, cap: 50}}
    verdict: {label: 结论, weights: {merit: 1}, shortlist_when: score >= 60, set_by: fund}
"""


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).mkdir()
    (folder / name / "pack.yaml").write_text(textwrap.dedent(text), encoding="utf-8")
    return folder / name


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return write(tmp_path, "table", TABLE)


def told(pack: Path) -> list[tuple[str, str, int]]:
    _, problems = check_pack(pack, AS_OF)
    return [
        (p.code, p.position.file.rpartition("/")[0].rpartition("/")[2], p.position.line) for p in problems if p.position
    ]


def test_an_overlay_inherits_the_lifts_and_their_places(table: Path) -> None:
    upper = write(table.parent, "upper", 'pack: {id: upper, version: "1", label: 叠加, extends: ../table}\n')
    assert [lift.rule for lift in load_pack(upper).pack.pack.lifts] == ["staff_points", "ip"]
    assert told(upper) == told(table) == [("policy/lift-unused", "table", 7), ("policy/lifted-input", "table", 8)]


def test_the_lifts_of_an_overlay_follow_those_below_and_keep_their_places(table: Path) -> None:
    upper = write(
        table.parent,
        "upper",
        """\
        pack:
          id: upper
          version: "1"
          label: 叠加
          extends: ../table
          lifts:
            - {rule: ip, input: subsidies, legal_basis: 某文件第一条}
    """,
    )
    assert [(lift.rule, lift.input) for lift in load_pack(upper).pack.pack.lifts] == [
        ("staff_points", "raw_patent_count"),
        ("ip", "raw_patent_count"),
        ("ip", "subsidies"),
    ]
    assert told(upper) == [
        ("policy/lift-unused", "table", 7),
        ("policy/lifted-input", "table", 8),
        ("policy/lift-unused", "upper", 7),
    ]


def test_a_lift_goes_with_its_rule_and_gives_way_to_the_overlays_own(table: Path) -> None:
    upper = write(
        table.parent,
        "upper",
        """\
        pack:
          id: upper
          version: "1"
          label: 叠加
          extends: ../table
          remove: [criteria.staff_points]
          lifts: [{rule: ip, input: raw_patent_count, legal_basis: 本省办法第三条}]
    """,
    )
    [lift] = load_pack(upper).pack.pack.lifts
    assert lift.legal_basis == "本省办法第三条"
    assert ("policy/lifted-input", "upper", 7) in told(upper)
    assert not [code for code, *_ in told(upper) if code in ("policy/lift-unused", "reference/unknown-rule")]


def test_a_section_that_the_pack_lacks_is_missing_in_its_own_file(tmp_path: Path) -> None:
    bare = write(tmp_path, "bare", 'pack: {id: bare, version: "1", label: 缺结论, tables: company.yaml}\n')
    assert told(bare) == [("schema/missing-key", "bare", 1)]


def test_of_a_column_in_a_rule_it_is_said_how_it_becomes_a_fact(table: Path) -> None:
    upper = write(
        table.parent,
        "upper",
        """\
        pack: {id: upper, version: "1", label: 叠加, extends: ../table}
        gates: {few: {label: 人少, fails_when: staff < 3, effect: warn, on_unknown: ignore, set_by: fund, message: 人少}}
    """,
    )
    _, problems = check_pack(upper, AS_OF)
    assert [p.remedy for p in problems if p.code == "expression/unknown-name"] == [
        "rules read facts, not columns: define a fact with `expr: staff`"
    ]


def test_a_pillars_cap_bounds_what_its_half_can_come_to(table: Path) -> None:
    upper = write(
        table.parent,
        "upper",
        """\
        pack: {id: upper, version: "1", label: 叠加, extends: ../table}
        criteria: {merit: {pillars: {all: {cap: 80}}}}
    """,
    )
    _, problems = check_pack(upper, AS_OF)
    assert [p.message for p in problems if p.code == "weights/points"] == ["the points of 'merit' come to at most 80"]


CLAIMED = """\
    pack:
      id: claimed
      version: "1"
      label: 自称叠加
      layers: {layers}
      lifts: [{{rule: city_points, input: registered_address, legal_basis: 基金合伙协议第五条}}]
"""


@pytest.mark.parametrize("layers", ["[guangdong-2024, claimed]", "[]", "guangdong-2024"])
def test_layers_cannot_be_claimed_by_hand(tmp_path: Path, layers: str) -> None:
    pack = write(tmp_path, "claimed", CLAIMED.format(layers=layers))
    assert ("pack/layers-written", "claimed", 5) in told(pack)


def test_layers_cannot_be_claimed_in_the_pack_below(table: Path) -> None:
    write(table.parent, "claimed", CLAIMED.format(layers="[below]"))
    upper = write(table.parent, "upper", 'pack: {id: upper, version: "1", label: 叠加, extends: ../claimed}\n')
    assert ("pack/layers-written", "claimed", 5) in told(upper)


def test_the_pack_of_a_run_keeps_its_layers_as_long_as_it_is_the_recorded_file(table: Path) -> None:
    upper = write(table.parent, "upper", 'pack: {id: upper, version: "1", label: 叠加, extends: ../table}\n')
    run = table.parent / "run"
    write_effective_pack(load_pack(upper), run / "pack")
    head = run / "pack" / "pack.yaml"
    files = {"pack/pack.yaml": hashlib.sha256(head.read_bytes()).hexdigest()}
    (run / "manifest.json").write_text(json.dumps({"files": files}), encoding="utf-8")
    assert load_pack(run / "pack").pack.pack.layers == ("table", "upper")
    head.write_bytes(head.read_bytes() + b"# one word more\n")
    assert "pack/layers-written" in {code for code, *_ in told(run / "pack")}
