"""The program of a small pack: who reads what, what a change touches, what is no change."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest

from screening.rulebook.loader import load_pack
from screening.rulebook.parsing import parse_pack
from screening.rulebook.program import Key
from screening.run.rule_changes import Reach, changes

if TYPE_CHECKING:
    from pathlib import Path

    from screening.rulebook.loader import LoadedPack
    from screening.rulebook.program import Program

DAY = datetime.date(2026, 6, 30)
RULES = """
pack: {id: small, version: "1", label: 小表, tables: company.yaml}
parameters:
  下限: {label: 下限, unit: persons, value: 20人, set_by: fund}
  年限: {label: 年限, unit: months, value: 24个月, set_by: fund}
  未用: {label: 未用, unit: persons, value: 1人, set_by: fund}
facts:
  人数: {label: 人数, type: integer, unit: persons, range: [0, 1000], expr: staff}
  双倍: {label: 双倍, type: integer, unit: persons, range: [0, 2000], expr: 人数 * 2}
  专利: {label: 专利, type: integer, range: [0, 100], from: patents, take: count, where: "kind = 'invention' and in_direction"}
  月龄: {label: 月龄, type: integer, unit: months, range: [0, 1000], expr: "months_between(established_on, as_of)"}
stages:
  track: {label: 赛道, values: {seed: {when: 月龄 < 年限, label: 种子, set_by: fund}, other: {otherwise: true, label: 其他, set_by: fund}}}
gates:
  人数过多: {label: 过大, fails_when: 双倍 > 600, applies_when: 月龄 > 12, effect: reject, on_unknown: review, set_by: fund, message: 过大。}
criteria:
  merit:
    label: 质量
    pillars:
      size:
        label: 规模
        criteria:
          人数得分: {label: 人数, score: {of: 双倍, at_least: 下限, points: 100}, set_by: fund}
          旧规则: {label: 旧, score: {of: 专利, at_least: 1, points: 10}, set_by: fund, effective_to: 2020-01-01}
weights: {merit: {size: {total: {seed: 10, other: 20}}}}
verdict: {label: 结论, weights: {merit: 1}, shortlist_when: merit >= 60 and 人数得分 >= 10, set_by: fund}
"""


def load(folder: Path, name: str, text: str) -> LoadedPack:
    (folder / name).mkdir()
    (folder / name / "pack.yaml").write_text(text, encoding="utf-8")
    return load_pack(folder / name)


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return parse_pack(load(tmp_path, "small", RULES), DAY).program


def test_a_rule_knows_what_it_reads_and_who_reads_it(program: Program) -> None:
    criterion = program.rules[Key("criterion", "人数得分")]
    assert criterion.reads == (Key("fact", "双倍"), Key("parameter", "下限"))
    assert Key("pillar", "size") in criterion.readers
    assert Key("verdict", "verdict") in criterion.readers
    assert program.facts("gate", "人数过多") == ("月龄", "双倍")
    assert criterion.position is not None


def test_in_its_own_expression_a_name_is_a_column_elsewhere_the_fact(program: Program) -> None:
    assert program.rules[Key("fact", "人数")].columns == ("companies.staff",)
    assert program.rules[Key("fact", "双倍")].columns == ()
    assert program.bases("双倍") == ("人数", "双倍")
    assert set(program.rules[Key("fact", "专利")].columns) == {"patents.kind", "patents.in_direction"}


def test_what_a_rule_rests_on_comes_through_facts_and_axes(program: Program) -> None:
    assert set(program.sources(Key("gate", "人数过多"))) == {"companies.staff", "companies.established_on"}
    assert Key("axis", "track") in program.below([Key("pillar", "size")])
    assert Key("parameter", "年限") in program.below([Key("pillar", "size")])


def test_a_change_touches_all_that_stands_above_it(program: Program) -> None:
    touched = program.above([Key("fact", "人数")])
    assert {k.id for k in touched} >= {"双倍", "人数过多", "人数得分", "size", "merit", "score", "verdict"}
    assert Key("fact", "专利") not in touched
    assert program.above([Key("parameter", "未用")]) == ()


def test_a_rule_out_of_its_days_is_there_and_not_in_force(program: Program) -> None:
    assert not program.rules[Key("criterion", "旧规则")].in_force
    assert program.rules[Key("criterion", "人数得分")].in_force


@pytest.mark.parametrize(
    ("edit", "changed", "same"),
    [
        (("expr: staff}", "expr: staff + 1}"), ["双倍", "人数得分", "人数过多"], ["专利", "月龄"]),
        (("value: 20人", "value: 30人"), ["人数得分"], ["人数过多", "双倍"]),
        (("value: 24个月", "value: 36个月"), ["track", "size"], ["人数得分", "人数过多"]),
        (("label: 过大", "label: 太大"), [], ["人数过多", "人数得分", "verdict"]),
        (("#", "#"), [], ["人数过多", "verdict"]),
    ],
    ids=["a fact", "a parameter", "a parameter of the axis", "a label", "nothing"],
)
def test_a_digest_changes_with_all_that_the_rule_rests_on_and_with_nothing_else(
    tmp_path: Path, edit: tuple[str, str], changed: list[str], same: list[str]
) -> None:
    old = parse_pack(load(tmp_path, "old", RULES), DAY).program
    new = parse_pack(load(tmp_path, "new", RULES.replace(*edit)), DAY).program
    digests = [{r.id: r.digest for r in p.rules.values()} for p in (old, new)]
    assert [i for i in changed if digests[0][i] == digests[1][i]] == []
    assert [i for i in same if digests[0][i] != digests[1][i]] == []


def test_an_edit_reaches_rules_whose_names_are_chinese(tmp_path: Path) -> None:
    old = load(tmp_path, "old", RULES)
    new = load(tmp_path, "new", RULES.replace("value: 20人", "value: 30人").replace("expr: staff}", "expr: staff + 1}"))
    reach = Reach(parse_pack(old, DAY).program, parse_pack(new, DAY).program, changes(old, new))
    assert {c.rule_id for c in reach.of("人数得分")} == {"人数", "下限"}
    assert [c.rule_id for c in reach.of("人数过多")] == ["人数"]
    assert reach.of("verdict") == ()


def test_a_pack_is_read_once_for_all_dates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from screening.rulebook import parsing

    loaded = load(tmp_path, "small", RULES)
    first = parse_pack(loaded, DAY)
    monkeypatch.setattr(parsing, "parse", lambda *_, **__: pytest.fail("read again"))
    assert parse_pack(loaded, DAY) is first
    later = parse_pack(loaded, DAY.replace(year=2030))
    assert later.nodes.keys() == first.nodes.keys()
    assert later.nodes["facts", "月龄", "expr"] != first.nodes["facts", "月龄", "expr"]
