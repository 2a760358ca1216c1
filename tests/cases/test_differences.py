"""A case that does not hold says what was expected, what was found, and from which facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click.testing import CliRunner

from screening.cli import group
from screening.rulebook.loader import load_pack
from screening.run.cases import run_cases

if TYPE_CHECKING:
    from pathlib import Path

    from screening.run.cases import Report

RULES = """
pack: {id: tiny, version: "1", label: 小表, tables: company.yaml}
facts:
  staff_count: {label: 人数, type: integer, unit: persons, range: [0, 1000], expr: staff}
gates:
  too_many: {label: 过大, fails_when: staff_count > 300, effect: reject, on_unknown: review, set_by: fund, message: 过大。}
criteria:
  merit:
    label: 质量
    scale: points
    pillars:
      size: {label: 规模, criteria: {staff_points: {label: 人数, score: {of: staff_count, bands: [{from: 20人, points: 100}, {to: 20人, points: 0}]}, set_by: fund}}}
verdict: {label: 结论, weights: {merit: 1}, shortlist_when: score >= 60, set_by: fund}
"""


def pack(folder: Path, cases: str) -> Path:
    (folder / "cases").mkdir()
    (folder / "pack.yaml").write_text(RULES, encoding="utf-8")
    (folder / "cases" / "c.yaml").write_text(f"defaults: {{as_of: 2025-06-30}}\ncases:\n{cases}", encoding="utf-8")
    return folder


def run(folder: Path, cases: str) -> Report:
    return run_cases(load_pack(pack(folder, cases)))


def test_each_expectation_that_fails_is_one_line_with_its_facts(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        """
  - name: 二十人得分
    given: {company: {staff: 19人}}
    expect: {points: {staff_points: 100}, gates: {too_many: failed}, outcome: rejected, score: 100}
""",
    )
    differences = {d.what: d for d in report.failed[0].differences}
    assert set(differences) == {"points.staff_points", "gates.too_many", "outcome", "score"}
    assert (differences["points.staff_points"].expected, differences["points.staff_points"].found) == ("100", "0")
    assert differences["points.staff_points"].because == ("staff_count = 19",)
    assert differences["gates.too_many"].found == "passed"


def test_an_open_value_is_not_a_known_one(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        """
  - name: 人数未知不能当作零分
    expect: {points: {staff_points: 0}}
  - name: 人数未知时是整个区间
    expect: {points: {staff_points: [0, 100]}, gates: {too_many: unknown}, facts: {staff_count: missing}}
""",
    )
    [wrong] = report.failed
    assert wrong.differences[0].found == "[0, 100]"
    assert wrong.differences[0].because == ("staff_count = missing (not_disclosed) within [0, 1000]",)


def test_a_branch_counts_as_tried_only_where_a_case_states_its_points(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        """
  - name: 只看结论
    given: {company: {staff: 25人}}
    expect: {outcome: shortlisted}
  - name: 写明得分
    given: {company: {staff: 19人}}
    expect: {points: {staff_points: 0}}
""",
    )
    untried = {(i.kind, i.rule_id, i.what) for i in report.coverage.untried}
    assert ("scoring branch", "staff_points", "band 1: 100") in untried
    assert ("scoring branch", "staff_points", "band 2: 0") not in untried
    assert ("gate status", "too_many", "failed") in untried
    assert ("outcome", "verdict", "shortlisted") not in untried


def test_the_command_tells_the_difference_and_ends_with_one(tmp_path: Path) -> None:
    folder = pack(
        tmp_path, "  - name: 不会成立\n    given: {company: {staff: 400人}}\n    expect: {gates: {too_many: passed}}\n"
    )
    result = CliRunner().invoke(group, ["test", str(folder)])
    assert result.exit_code == 1
    assert "✗ 不会成立" in result.output
    assert "预期 expected  passed" in result.output
    assert "staff_count = 400" in result.output
    assert CliRunner().invoke(group, ["test", str(folder), "-k", "没有这样的案例"]).exit_code == 0
