"""What a pack writes once: the table of weights, risks, the departments of actions; and packs of the earlier form."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from screening.cli.migrate import command
from screening.rulebook.check import check_pack
from screening.rulebook.edges import program_of
from screening.rulebook.loader import load_pack
from screening.rulebook.migration import migrated
from screening.rulebook.parsing import parse_pack
from screening.run.packfile import write_effective_pack

if TYPE_CHECKING:
    from screening.errors import Problem

DAY = datetime.date(2025, 6, 30)
ROOT = Path(__file__).parents[2]
HEAD = 'pack: {id: %s, version: "1", label: 试, tables: ../standard/company.yaml%s}\n'
REST = """\
stages:
  track: {label: 赛道, values: {young: {label: 初创, when: months <= 60, set_by: fund}, grown: {label: 成长, otherwise: true, set_by: fund}}}
criteria:
  merit:
    label: 质量
    pillars:
      group:
        label: 组
        criteria:
          team: {label: 样机, score: {when: a, points: 10}, set_by: fund%s}
          market: {label: 验收, score: {when: b, points: 10}, set_by: fund%s}
      rest: {label: 其余, criteria: {age: {label: 年限, score: {of: months, at_least: 12, points: 10}, set_by: fund}}%s}
verdict: {label: 结论, weights: {merit: 1}, shortlist_when: merit >= 60, set_by: fund}
"""
FACTS = """\
facts:
  months: {label: 月数, type: integer, unit: months, range: [0, 1200], expr: "months_between(established_on, as_of)", question: 月数}
  a: {label: 甲, type: boolean, from: milestones, take: any, where: kind = 'prototype', if_none: false, question: 甲}
  b: {label: 乙, type: boolean, from: milestones, take: any, where: kind = 'acceptance', if_none: false, question: 乙}
"""
OLD_RISK = """\
  # 失信 a comment that stays
  debtor:
    label: 失信
    type: boolean
    from: risk_events
    take: any
    where: kind = 'dishonest_debtor' and state = 'current'
    window: {months: 24, on: occurred_on}
    if_none: false
    question: 有无失信记录
gates:
  too_old: {label: 太老, fails_when: months > 600, effect: reject, on_unknown: review, set_by: fund, message: 太老}
  no_debtor:
    label: 未失信
    fails_when: debtor
    effect: reject
    on_unknown: review
    valid_for: 90天
    set_by: fund
    message: 失信。
"""
NEW_RISK = """\
gates:
  too_old: {label: 太老, fails_when: months > 600, effect: reject, on_unknown: review, set_by: fund, message: 太老}
risks:
  debtor:
    label: 失信
    kind: dishonest_debtor
    state: current
    within: 24个月
    question: 有无失信记录
    gate: no_debtor
    gate_label: 未失信
    effect: reject
    valid_for: 90天
    set_by: fund
    message: 失信。
"""
OLD = FACTS + OLD_RISK + REST % (", weight: {young: 50, grown: 10}", ", weight: {young: 20, grown: 60}", ", weight: 30")
OLD = OLD.replace("        label: 组\n", "        label: 组\n        weight: {young: 70, grown: 70}\n")
WEIGHTS = (
    "weights: {merit: {tracks: [young, grown], group: {total: [70, 70], team: [50, 10], market: [20, 60]}, rest: 30}}\n"
)
NEW = FACTS + NEW_RISK + WEIGHTS + REST % ("", "", "")


def pack(tmp_path: Path, text: str, name: str = "mine", extends: str = "") -> Path:
    folder = tmp_path / "rules" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text(
        HEAD % (name, f", extends: {extends}" if extends else "") + text, encoding="utf-8"
    )
    return folder


def said(path: Path) -> dict[Any, str]:
    return {key: rule.digest for key, rule in program_of(parse_pack(load_pack(path), DAY)).rules.items()}


def errors(path: Path) -> list[Problem]:
    return [p for p in check_pack(path, DAY)[1] if p.is_error]


def told(path: Path) -> list[tuple[str, str]]:
    return [(p.code, p.line_text[p.position.column - 1 :] if p.position else "") for p in errors(path)]


def test_weights_by_track_are_one_table_and_each_number_keeps_its_place(tmp_path: Path) -> None:
    loaded = load_pack(pack(tmp_path, NEW))
    group_ = loaded.pack.criteria["merit"].pillars["group"]
    assert group_.weight == {"young": 70, "grown": 70}
    assert {c: rule.weight for c, rule in group_.criteria.items()} == {
        "team": {"young": 50, "grown": 10},
        "market": {"young": 20, "grown": 60},
    }
    assert loaded.pack.criteria["merit"].pillars["rest"].weight == 30
    place = loaded.document.position(("criteria", "merit", "pillars", "group", "criteria", "market", "weight", "grown"))
    assert loaded.document.line(place)[place.column - 1 :].startswith("60]") if place else False


def test_an_overlay_changes_one_cell_of_the_table(tmp_path: Path) -> None:
    pack(tmp_path, NEW)
    upper = "weights: {merit: {group: {team: {young: 45}, market: {young: 25}}}}\n"
    loaded = load_pack(pack(tmp_path, upper, "upper", "../mine"))
    criteria = loaded.pack.criteria["merit"].pillars["group"].criteria
    assert criteria["team"].weight == {"young": 45, "grown": 10}
    assert criteria["market"].weight == {"young": 25, "grown": 60}


def test_a_row_of_an_overlay_takes_the_place_of_a_plain_weight_below(tmp_path: Path) -> None:
    plain = NEW.replace(", rest: 30}}", "}}").replace("rest: {label: 其余,", "rest: {weight: 30, label: 其余,")
    pack(tmp_path, plain)
    upper = pack(tmp_path, "weights: {merit: {rest: 25}}\n", "upper", "../mine")
    assert not errors(upper)
    assert load_pack(upper).pack.criteria["merit"].pillars["rest"].weight == 25


def test_a_removed_criterion_takes_its_row_with_it(tmp_path: Path) -> None:
    pack(tmp_path, NEW)
    for place in ("criteria.team", "criteria.merit.pillars.group.criteria.team"):
        assert not errors(pack(tmp_path, "", "upper", f"../mine, remove: [{place}]"))


@pytest.mark.parametrize(
    ("text", "code", "points_at"),
    [
        (NEW.replace("team: {label: 样机,", "team: {weight: {young: 1}, label: 样机,"), "schema/moved-key", "weight: {young: 1}"),
        (NEW.replace("rest: {label: 其余,", "rest: {weight: 5, label: 其余,"), "weights/twice", "weight: 5"),
        (NEW.replace("market: [20, 60]", "marekt: [20, 60]"), "weights/unknown-row", "marekt: [20"),
        (NEW.replace("rest: 30}}", "rset: 30}}"), "weights/unknown-row", "rset: 30"),
        (NEW.replace("weights: {merit: {tracks", "weights: {mreit: {tracks"), "weights/unknown-row", "mreit: {tracks"),
        (NEW.replace("team: [50, 10]", "team: [50]"), "weights/row", "[50]"),
        (NEW.replace("tracks: [young, grown], ", ""), "weights/row", "[70, 70]"),
        (NEW.replace("tracks: [young, grown]", "tracks: [yuong, grown]"), "reference/unknown-track", "70, 70]"),
        (NEW.replace("tracks: [young, grown]", "tracks: [young, young]"), "weights/track-twice", "young], "),
        (NEW.replace("team: [50, 10]", "team: [50, 甲]"), "schema/wrong-type", "甲]"),
        (NEW.replace("    effect: reject\n    valid", "    valid"), "schema/incomplete", ""),
        (NEW.replace("    kind: dishonest_debtor\n", ""), "schema/incomplete", ""),
        (NEW.replace("kind: dishonest_debtor\n", "kind: dishonest_debtr\n"), "expression/unknown-value", ""),
        (NEW.replace("    state: current\n", "    stat: current\n"), "schema/unknown-key", "stat: current"),
        (NEW.replace("within: 24个月", "within: 24天"), "schema/incomplete", ""),
        (NEW.replace("gate: no_debtor\n", "gate: too_old\n"), "risks/written-twice", "too_old: {label"),
    ],
)  # fmt: skip
def test_a_slip_is_told_where_it_is_written(tmp_path: Path, text: str, code: str, points_at: str) -> None:
    assert text != NEW
    found = [(c, at) for c, at in told(pack(tmp_path, text)) if c == code]
    assert found, told(tmp_path / "rules" / "mine")
    assert found[0][1].startswith(points_at)


def test_a_risk_says_what_a_fact_and_a_gate_would_say(tmp_path: Path) -> None:
    loaded = load_pack(pack(tmp_path, NEW))
    gate, fact = loaded.pack.gates["no_debtor"], loaded.pack.facts["debtor"]
    assert (gate.fails_when, gate.on_unknown, gate.label.zh) == ("debtor", "review", "未失信")
    assert fact.where == "kind = 'dishonest_debtor' and state = 'current'"
    assert fact.window is not None
    assert (fact.window.months, fact.if_none, fact.label.zh) == (24, False, "失信")
    assert not errors(tmp_path / "rules" / "mine")


def test_the_effective_pack_has_todays_form_and_says_the_same(tmp_path: Path) -> None:
    loaded = load_pack(pack(tmp_path, NEW))
    write_effective_pack(loaded, tmp_path / "run")
    assert said(tmp_path / "run") == said(tmp_path / "rules" / "mine")
    assert load_pack(tmp_path / "run").digest == loaded.digest


def test_a_pack_of_the_earlier_form_migrates_rule_for_rule(tmp_path: Path) -> None:
    folder = pack(tmp_path, OLD)
    assert {code for code, _ in told(folder)} == {"schema/moved-key"}
    found = migrated(folder, DAY)
    before, after = found.lines()
    assert after < before + 16
    for file, (_, text) in found.files.items():
        file.write_text(text, encoding="utf-8")
    assert "a comment that stays" in (folder / "pack.yaml").read_text(encoding="utf-8")
    assert not errors(folder)
    assert {k.id: v for k, v in said(folder).items() if k.kind != "verdict"} == {
        k.id: v for k, v in said(pack(tmp_path, NEW, "other")).items() if k.kind != "verdict"
    }
    again = migrated(folder, DAY)
    assert all(one == other for one, other in again.files.values())


def test_a_gate_that_would_pass_another_of_its_effect_stays(tmp_path: Path) -> None:
    """The first gate that fails is named as the reason: a risk is judged after the gates, so the order would change."""
    last = (
        "  late: {label: 晚, fails_when: months > 300, effect: reject, on_unknown: review, set_by: fund, message: 晚}\n"
    )
    [(_, after)] = migrated(pack(tmp_path, OLD.replace("stages:\n", f"{last}stages:\n", 1)), DAY).files.values()
    assert "risks:" not in after
    assert "no_debtor:" in after


def test_the_command_writes_nothing_unless_asked(tmp_path: Path) -> None:
    folder = pack(tmp_path, OLD)
    asked = CliRunner().invoke(command, [str(folder)])
    assert asked.exit_code == 0
    assert "nothing was written" in asked.stderr
    assert "weight: {young: 50" in (folder / "pack.yaml").read_text(encoding="utf-8")
    assert CliRunner().invoke(command, [str(folder), "--write"]).exit_code == 0
    assert not errors(folder)


# What stood in packs before: whose a number was in three words, and how texts were thinned out.
EARLIER = NEW.replace("set_by: fund", "basis: fund").replace(
    "criteria: {age: {label: 年限, score: {of: months, at_least: 12, points: 10}, basis: fund}}",
    "criteria: {age: {label: 年限, score: {of: months, at_least: 12, points: 10}, basis: document, source: {document: 国办发〔2025〕1号}}}",
)
EARLIER += """\
parameters:
  # a comment that stays
  old: {label: 年限, unit: months, basis: plan, source: {clause: 一, quote: 十二个月以内}, value: 12个月}
clauses: {一: {opening: 第一条}}
classification:
  dilution: {full_share: 0.2, floor: 0.25}
  lead: {items: 3, within: 60, factor: 1.1}
  opening:
    within: 90
    fields: [description]
    beyond: 0.5
  thresholds: {told: 0.3, core: 0.8, related: 0.6, thin: 0.8, corroborated: 0.5}
"""


def test_keys_of_an_earlier_form_are_refused_with_what_to_write(tmp_path: Path) -> None:
    found = [p for p in errors(pack(tmp_path, EARLIER)) if p.code == "schema/moved-key"]
    assert len(found) == EARLIER.count("basis:") + 6
    remedies = {
        (p.line_text[p.position.column - 1 :].split(":")[0] if p.position else "", p.remedy.split(":")[0].split(";")[0])
        for p in found
    }
    assert remedies == {
        ("basis", "write `set_by"),
        ("basis", "leave it out"),
        ("dilution", "leave it out"),
        ("lead", "write it in `classification.standing`"),
        ("opening", "write it in `classification.standing`"),
        *((gone, "leave it out") for gone in ("told", "thin", "corroborated")),
    }


def test_a_pack_of_the_earlier_keys_migrates_and_says_what_has_no_successor(tmp_path: Path) -> None:
    folder = pack(tmp_path, EARLIER)
    ran = CliRunner().invoke(command, [str(folder), "--write"])
    assert ran.exit_code == 0, ran.output
    for gone in ("dilution", "lead.within", "thresholds.told", "thresholds.thin", "thresholds.corroborated"):
        assert f"'classification.{gone}' is left out" in ran.stderr
    text = (folder / "pack.yaml").read_text(encoding="utf-8")
    assert "basis:" not in text
    assert text.count("set_by: fund") == NEW.count("set_by: fund") - 1
    assert "# a comment that stays" in text
    assert not [p for p in errors(folder) if p.code.startswith(("schema/", "yaml/"))]
    settings = load_pack(folder).pack.classification
    standing = settings.standing
    assert (standing.leading, standing.items, standing.opening, standing.beyond) == (1.1, 3, 90, 0.5)
    assert standing.prose == ("description",)
    assert (settings.thresholds.core, settings.thresholds.related) == (0.8, 0.6)


def test_a_number_of_a_document_that_is_not_named_stays_refused(tmp_path: Path) -> None:
    """The earlier `basis: document` alone said that somebody else set the number, and not who: no migration can know."""
    folder = pack(tmp_path, NEW.replace("set_by: fund", "basis: document", 1))
    ran = CliRunner().invoke(command, [str(folder), "--write"])
    assert ran.exit_code == 1
    assert "add `source: {clause, quote}`, or `set_by: fund`" in ran.stderr
    assert "basis: document" in (folder / "pack.yaml").read_text(encoding="utf-8")


def test_a_measure_has_the_departments_of_its_action() -> None:
    loaded = load_pack(ROOT / "rules" / "guangdong-2024")
    for measure in loaded.pack.measures.values():
        clause = measure.source.clause if measure.source else ""
        if clause in loaded.pack.actions:
            assert measure.departments == loaded.pack.actions[clause].departments
        assert measure.departments


LABELLED = """\
tables:
  companies: {columns: {size_class: {type: category, values: [small, large], labels: {small: {zh: 小型, en: Small}, large: 大型}}}}
facts:
  size: {label: 规模, type: category, values: [small, large], expr: size_class, question: 规模}
  kind: {label: 类别, type: category, values: [small, large], labels: {small: 微}, expr: size_class, question: 类别}
criteria:
  merit:
    label: 分
    scale: points
    pillars: {a: {label: 甲, criteria: {b: {label: 规模, score: {of: size, lookup: {small: 60, large: 100}}, set_by: fund}}}}
verdict: {label: 结论, weights: {merit: 1}, shortlist_when: score >= 60 and kind = 'small', set_by: fund}
"""


def test_values_of_a_category_have_names_by_the_fact_else_by_its_column(tmp_path: Path) -> None:
    loaded = load_pack(pack(tmp_path, LABELLED))
    names = {
        (fact, value): loaded.pack.value_label(fact, value) for fact in ("size", "kind") for value in ("small", "large")
    }
    assert {key: label and label.text("en") for key, label in names.items()} == {
        ("size", "small"): "Small",
        ("size", "large"): "大型",
        ("kind", "small"): "微",
        ("kind", "large"): "大型",
    }
    assert not errors(tmp_path / "rules" / "mine")


SPOKEN = """\
facts:
  staff_count: {type: integer, unit: persons, range: [0, 1000], expr: staff, question: 人数}
  listed: {label: {zh: 已上市, en: Listed here}, type: boolean, expr: staff > 900, question: 上市}
gates:
  no_listed: {fails_when: listed, effect: reject, on_unknown: review, set_by: fund, message: 已上市}
criteria:
  merit:
    label: 分
    pillars:
      a:
        label: 甲
        criteria:
          many: {score: {of: staff_count, at_least: 10人, points: 10}, set_by: fund}
          few: {label: 人少, score: {of: staff_count, at_most: 9人, points: 10}, set_by: fund}
ladder: {top: {when: listed, set_by: fund}}
verdict: {label: 结论, weights: {merit: 1}, routes: {straight: {when: listed, set_by: fund}}, set_by: fund}
"""


def test_a_rule_of_one_fact_and_a_fact_of_one_column_take_their_names(tmp_path: Path) -> None:
    folder = pack(tmp_path, SPOKEN)
    assert [p for p in errors(folder) if p.code.startswith("schema/")] == []
    loaded = load_pack(folder).pack
    criteria = loaded.criteria["merit"].pillars["a"].criteria
    assert loaded.facts["staff_count"].label == loaded.tables["companies"].columns["staff"].label
    assert (criteria["many"].label.zh, criteria["few"].label.zh) == ("员工人数", "人少")
    others = (loaded.gates["no_listed"], loaded.ladder["top"], loaded.verdict.routes["straight"])
    assert [rule.label.text("en") for rule in others] == ["Listed here"] * 3
    assert str(load_pack(folder).effective()).count("'Listed here'") == 1


def test_a_rule_of_more_than_one_fact_needs_a_name(tmp_path: Path) -> None:
    found = told(pack(tmp_path, SPOKEN.replace("fails_when: listed", "fails_when: listed and staff_count > 5")))
    assert ("schema/missing-key", "no_listed") in [(code, line.split(":")[0]) for code, line in found]


def test_labels_that_repeat_a_name_are_taken_out_by_migration(tmp_path: Path) -> None:
    twice = SPOKEN.replace("no_listed: {", "no_listed: {label: {zh: 已上市, en: Listed here}, ").replace(
        "top: {when", "top: {label: 上市了, when"
    )
    folder = pack(tmp_path, twice)
    [(_, after)] = migrated(folder, DAY).files.values()
    assert after == (folder / "pack.yaml").read_text(encoding="utf-8").replace(
        "label: {zh: 已上市, en: Listed here}, fails", "fails"
    )


def test_a_name_for_no_value_is_refused(tmp_path: Path) -> None:
    assert told(pack(tmp_path, LABELLED.replace("labels: {small: 微}", "labels: {smal: 微}"))) == [
        ("reference/unknown-value", "smal: 微}, expr: size_class, question: 类别}")
    ]
    [(code, _)] = told(pack(tmp_path, LABELLED.replace("large: 大型}", "lagre: 大型}")))
    assert code == "schema/incomplete"


SWITCHED = """\
facts:
  people: {label: 人数, type: integer, unit: persons, range: [0人, 1000人], expr: staff, question: 人数}
criteria:
  merit:
    label: 分
    pillars:
      before: {label: 旧表, weight: 100, effective_to: 2025-12-31, criteria: {b: {label: 旧, score: {of: people, at_least: 10人, points: 60分}, set_by: fund}}}
      after: {label: 新表, weight: 100, effective_from: 2026-01-01, criteria: {a: {label: 新, score: {of: people, at_least: 10人, points: 10分, otherwise: 5}, set_by: fund}}}
verdict: {label: 结论, weights: {merit: 1}, shortlist_when: merit >= 60分, set_by: fund}
"""


@pytest.mark.parametrize(("day", "held"), [(datetime.date(2025, 12, 31), "b"), (datetime.date(2026, 1, 1), "a")])
def test_a_whole_table_is_switched_by_date_at_its_pillar(tmp_path: Path, day: datetime.date, held: str) -> None:
    folder = pack(tmp_path, SWITCHED)
    loaded = load_pack(folder)
    parsed = parse_pack(loaded, day)
    assert [c for *_, c, rule in loaded.pack.criteria_of() if parsed.in_force(rule)] == [held]
    assert {p.code for p in check_pack(folder, day)[1]} == {"dates/not-in-force"}
    write_effective_pack(loaded, tmp_path / "run")
    assert said(tmp_path / "run") == said(folder)
    assert "effective" not in str(
        load_pack(tmp_path / "run").effective()["criteria"]["merit"]["pillars"]["after"]["criteria"]
    )


def test_a_yes_or_no_without_a_question_is_asked_whether_it_is_so(tmp_path: Path) -> None:
    folder = pack(tmp_path, NEW.replace(", question: 甲}", "}"))
    assert not [p for p in check_pack(folder, DAY)[1] if p.code == "fact/no-question"]
    asked = load_pack(folder).pack.facts["a"].asked()
    assert asked is not None
    assert asked.zh == "是否甲"
    numbers = pack(tmp_path, NEW.replace(", question: 月数}", "}"))
    assert [p.code for p in check_pack(numbers, DAY)[1] if p.code == "fact/no-question"]
