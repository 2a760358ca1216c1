"""What an analyst's overlay breaks in the pack below is told in the analyst's own file."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest

from screening.rulebook.check import check_pack

if TYPE_CHECKING:
    from pathlib import Path

    from screening.errors import Problem

DAY = datetime.date(2025, 6, 30)
BASE = """\
pack: {id: lower, version: "1", label: 下层, tables: ../standard/company.yaml}
parameters:
  most: {label: 上限, unit: persons, value: 300人, set_by: fund}
  spare: {label: 备用, unit: persons, value: 10人, set_by: fund}
facts:
  people: {label: 人数, type: integer, unit: persons, range: [0人, 1000人], expr: staff, question: 人数}
  large: {label: 大, type: boolean, expr: people > most, question: 大}
gates:
  small: {label: 小, fails_when: large, effect: reject, on_unknown: review, set_by: fund, message: 太大}
criteria:
  merit:
    label: 得分
    scale: points
    pillars:
      size:
        label: 规模
        criteria:
          staff_points:
            label: 人数分
            direction: lower
            set_by: fund
            score: {of: people, bands: [{from: most, points: 0}, {from: 100人, to: most, points: 50}, {to: 100人, points: 100}]}
verdict: {label: 结论, weights: {merit: 1}, shortlist_when: score >= 60, set_by: fund}
"""


def checked(tmp_path: Path, overlay: str) -> list[Problem]:
    for name, text in (
        ("lower", BASE),
        ("upper", f'pack: {{id: upper, version: "1", label: 上层, extends: ../lower}}\n{overlay}'),
    ):
        (tmp_path / "rules" / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / "rules" / name / "pack.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "rules" / "upper" / "pack.yaml").touch()
    return check_pack(tmp_path / "rules" / "upper", DAY)[1]


@pytest.mark.parametrize(
    ("overlay", "code", "points_at", "comes_out"),
    [
        ("parameters: {most: {value: 50人}}\n", "bands/empty", "value: 50人", "lower"),
        ("parameters: {most: {unit: cny, value: 50万元}}\n", "unit/mismatch", "most: {unit", "lower"),
        ("facts: {people: {type: text}}\n", "expression/type", "type: text", "lower"),
        ("gates: {small: {fails_when: lrage}}\n", "expression/unknown-name", "lrage", None),
        (
            "criteria: {merit: {pillars: {size: {criteria: {staff_points: {score: {bands: [{from: 5人, points: 1}]}}}}}}}\n",
            "bands/gap",
            "bands: [",
            None,
        ),
        ("verdict: {weights: {merit: 0.5}}\n", "weights/halves", "merit: 0.5", "lower"),
        ("verdict: {weights: {merti: 0.5}}\n", "reference/unknown-half", "merti", None),
    ],
)
def test_the_place_of_the_cause_is_told_and_where_it_comes_out(
    tmp_path: Path, overlay: str, code: str, points_at: str, comes_out: str | None
) -> None:
    found = [p for p in checked(tmp_path, overlay) if p.code == code]
    assert found, [p.code for p in checked(tmp_path, overlay)]
    problem = found[0]
    assert problem.position is not None
    assert "upper/pack.yaml" in problem.position.file
    assert problem.line_text[problem.position.column - 1 :].startswith(points_at), problem
    assert (problem.seen_at is None) == (comes_out is None)
    assert comes_out is None or (problem.seen_at and f"{comes_out}/pack.yaml" in problem.seen_at.file)


def test_what_is_removed_and_still_read_points_at_the_removal(tmp_path: Path) -> None:
    overlay = "gates: {}\n"
    checked(tmp_path, overlay)
    upper = tmp_path / "rules" / "upper" / "pack.yaml"
    upper.write_text(
        'pack: {id: upper, version: "1", label: 上层, extends: ../lower, remove: [parameters.spare, facts.large]}\n',
        encoding="utf-8",
    )
    errors = [p for p in check_pack(upper.parent, DAY)[1] if p.is_error]
    assert [(p.code, p.line_text[p.position.column - 1 :].rstrip("]}")) for p in errors if p.position] == [
        ("expression/unknown-name", "facts.large")
    ]
    assert "still read there" in errors[0].remedy


def test_a_misspelt_id_of_the_pack_below_is_recognised(tmp_path: Path) -> None:
    [problem] = [p for p in checked(tmp_path, "parameters: {msot: {value: 50人}}\n") if p.is_error]
    assert (problem.code, problem.remedy) == ("schema/missing-key", "did you mean 'most'?")


def test_what_the_pack_below_says_of_itself_stays_there(tmp_path: Path) -> None:
    for problem in checked(tmp_path, "parameters: {added: {label: 新, unit: persons, value: 1人, set_by: fund}}\n"):
        if problem.code == "unused/parameter" and "spare" in problem.message:
            assert problem.position is not None
            assert "lower/pack.yaml" in problem.position.file
            assert problem.seen_at is None
            break
    else:
        pytest.fail("the unused parameter of the lower pack is not told")


def test_another_scoring_function_takes_the_place_of_the_one_below(tmp_path: Path) -> None:
    overlay = "criteria: {merit: {pillars: {size: {criteria: {staff_points: {score: {of: people, per_unit: 100人, points: 10分, cap: 100分}, direction: higher}}}}}}\n"
    assert not [p for p in checked(tmp_path, overlay) if p.is_error]
