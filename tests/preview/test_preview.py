"""The effect of an edit: who moves, and by which rule, on a few invented companies."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from screening.cli import group
from screening.rulebook.loader import load_pack
from screening.rulebook.parsing import parse_pack
from screening.run.preview import Wanted, preview
from screening.run.rule_changes import Reach, changes
from screening.strict_yaml import parse

if TYPE_CHECKING:
    from pathlib import Path

    from screening.run.preview import Preview

AS_OF = datetime.date(2026, 6, 30)
RULES = """
pack: {id: tiny, version: "1", label: 小表, tables: company.yaml}
parameters:
  lowest: {label: 下限, unit: persons, value: %(lowest)s, set_by: fund}
facts:
  staff_count: {label: 人数, type: integer, unit: persons, range: [0, 1000], expr: staff}
gates:
  too_many: {label: 过大, fails_when: staff_count > %(most)s, effect: reject, on_unknown: review, set_by: fund, message: 过大。}
criteria:
  merit:
    label: 质量
    scale: points
    pillars:
      size: {label: 规模, criteria: {staff_points: {label: 人数, score: {of: staff_count, at_least: lowest, points: 100}, set_by: fund}}}
verdict: {label: 结论, weights: {merit: 1}, shortlist_when: score >= 60, set_by: fund}
"""
COMPANIES = "company_id,name,staff\na,虚构甲有限公司,10\nb,虚构乙有限公司,30\nc,虚构丙有限公司,500\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "companies.csv").write_text(COMPANIES, encoding="utf-8")
    for name, lowest, most in (
        ("old", "20人", "300"),
        ("lower", "10人", "300"),
        ("wider", "20人", "600"),
        ("same", "20人", "300"),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pack.yaml").write_text(RULES % {"lowest": lowest, "most": most}, encoding="utf-8")
    return tmp_path


def compare(folder: Path, working: str) -> Preview:
    wanted = Wanted(str(folder / working), str(folder / "old"), folder / "companies.csv")
    return preview(wanted, folder / "work")


def test_a_lower_threshold_brings_a_company_in_and_names_the_parameter(folder: Path) -> None:
    result = compare(folder, "lower")
    assert [(m.company_id, m.kinds[0]) for m in result.moves] == [("a", "enters")]
    [cause] = [c for c in result.moves[0].causes if c.rule_id == "staff_points"]
    assert (cause.before, cause.after) == ("0", "100")
    assert [(c.rule_id, c.old, c.new) for c in cause.changes] == [("lowest", "20人", "10人")]
    assert cause.changes[0].place is not None
    assert cause.changes[0].place.line == 4


def test_a_wider_gate_lets_a_company_through_and_names_the_gate(folder: Path) -> None:
    result = compare(folder, "wider")
    [move] = result.moves
    assert (move.company_id, move.kinds) == ("c", ("enters", "gate"))
    assert move.causes[0].rule_id == "too_many"
    assert (move.causes[0].before, move.causes[0].after) == ("failed", "passed")
    assert dict(result.tally.gates["too_many"]) == {"failed → passed": 1}
    assert result.tally.outcomes_before["rejected"] == 1
    assert "rejected" not in result.tally.outcomes_after


def test_the_same_rules_move_nobody(folder: Path) -> None:
    result = compare(folder, "same")
    assert not result.changes
    assert not result.moves


def test_a_changed_label_is_no_change_of_rules(folder: Path) -> None:
    old, new = folder / "old" / "pack.yaml", folder / "same" / "pack.yaml"
    new.write_text(old.read_text(encoding="utf-8").replace("label: 过大", "label: 太大"), encoding="utf-8")
    assert not changes(load_pack(folder / "old"), load_pack(folder / "same"))


def test_a_word_taken_out_of_the_lexicon_is_one_edit_and_moves_no_other(folder: Path) -> None:
    lists = "石墨烯, 量子点, 碳纳米管", "量子点, 富勒烯, 碳纳米管"
    old, new = (
        replace(load_pack(folder / "old"), document=parse(f"lexicon:\n  d1: {{strong: [{words}]}}\n", "l.yaml"))
        for words in lists
    )
    assert [c.text for c in changes(old, new)] == [
        "l.yaml:2:22: lexicon.d1.strong.1: — → 富勒烯",
        "l.yaml:2:17: lexicon.d1.strong.0: 石墨烯 → —",
    ]


def test_an_edit_of_a_fact_reaches_the_rules_that_read_it(folder: Path) -> None:
    new = folder / "same" / "pack.yaml"
    new.write_text(new.read_text(encoding="utf-8").replace("expr: staff}", "expr: staff + 1}"), encoding="utf-8")
    old, edited = load_pack(folder / "old"), load_pack(folder / "same")
    reach = Reach(parse_pack(old, AS_OF).program, parse_pack(edited, AS_OF).program, changes(old, edited))
    assert [c.rule_id for c in reach.of("too_many")] == ["staff_count"]
    assert [c.rule_id for c in reach.of("staff_points")] == ["staff_count"]


def test_the_command_fails_on_change_only_when_asked(folder: Path) -> None:
    arguments = [
        "plan",
        "--rules",
        str(folder / "lower"),
        "--against",
        str(folder / "old"),
        "--data",
        str(folder / "companies.csv"),
        "--json",
    ]
    result = CliRunner().invoke(group, arguments)
    assert result.exit_code == 0, result.output
    record = json.loads(result.stdout)
    assert record["moves"][0]["causes"][0]["edits"][0].endswith("20人 → 10人")
    assert CliRunner().invoke(group, [*arguments, "--fail-on-change"]).exit_code == 1


def test_a_pack_with_nothing_below_asks_what_to_compare_with(folder: Path) -> None:
    result = CliRunner().invoke(group, ["plan", "--rules", str(folder / "old")])
    assert result.exit_code == 1
    assert "--against" in result.output


def test_an_earlier_run_is_compared_on_its_own_tables(folder: Path) -> None:
    arguments = [
        "run",
        "--rules",
        str(folder / "old"),
        "--data",
        str(folder / "companies.csv"),
        "--out",
        str(folder / "runs"),
        "--dossiers",
        "none",
        "--quiet",
        "--json",
    ]
    result = CliRunner().invoke(group, arguments)
    assert result.exit_code == 0, result.output
    [run_dir] = (folder / "runs").iterdir()
    (folder / "companies.csv").unlink()
    found = preview(Wanted(str(folder / "lower"), str(run_dir)), folder / "work")
    assert [(m.company_id, m.kinds[0]) for m in found.moves] == [("a", "enters")]
    assert [c.rule_id for c in found.changes] == ["lowest"]
