"""What an analyst says stands above what the text says, dated and with both results kept."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest

from screening.analysis.gold import read_gold
from screening.dataset.overrides import Override, read_overrides
from screening.errors import DatasetError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from screening.rulebook.model import RulePack
    from tests.classify.conftest import Classified

DAY = datetime.date(2025, 3, 31)
HEADER = "company,direction,grade,reason,initials,date\n"


def said(company: str, direction: str | None, grade: str, number: int = 1, date: datetime.date = DAY) -> Override:
    return Override(f"o{number}", company, direction, grade, "实地走访", "LW", date)


def outcomes(result: Classified) -> dict[str, str]:
    return {row["override_id"]: row["state"] for row in result.query("SELECT * FROM override_outcomes")}


def test_an_override_decides_and_both_results_are_kept(classified: Callable[..., Classified]) -> None:
    result = classified([{"business_scope": "研发、生产：锂电池"}], overrides=[said("c0", "绿色氢能", "core")])
    profile = result.profile("c0")
    assert (profile["fit_grade"], profile["direction_id"], profile["override_id"]) == ("core", "二(四)2", "o1")
    assert (profile["computed_grade"], profile["computed_direction_id"]) == ("related", "二(四)1")
    assert outcomes(result) == {"o1": "applied"}
    assert [row["position"] for row in result.query("SELECT position FROM classification ORDER BY 1")] == [1, 2]


def test_none_takes_a_company_out(classified: Callable[..., Classified]) -> None:
    result = classified([{"business_scope": "研发、生产：锂电池、无人机"}], overrides=[said("c0", None, "none")])
    assert result.profile("c0")["fit_grade"] == "none"
    assert set(result.grades("c0").values()) == {"boilerplate"}


def test_an_override_that_no_longer_matters_is_reported(classified: Callable[..., Classified]) -> None:
    result = classified([{"business_scope": "生产锂电池"}], overrides=[said("c0", "新型储能", "related")])
    assert outcomes(result) == {"o1": "no_effect"}


def test_what_meets_no_company_or_several_is_reported(classified: Callable[..., Classified]) -> None:
    rows = [{"name": "某某甲有限公司"}, {"name": "某某甲有限公司"}, {"name": "某某乙有限公司", "uscc": "C2"}]
    result = classified(
        rows,
        overrides=[
            said("某某甲有限公司", None, "none", 1),
            said("某某丙有限公司", None, "none", 2),
            said("C2", "深海", "core", 3),
        ],
    )
    assert outcomes(result) == {"o1": "ambiguous", "o2": "unmatched", "o3": "applied"}


def test_the_latest_judgement_by_the_day_of_knowledge_counts(classified: Callable[..., Classified]) -> None:
    given = [
        said("c0", "深海", "core", 1),
        said("c0", "低空经济", "core", 2, datetime.date(2025, 5, 1)),
        said("c0", "商业航天", "core", 3, datetime.date(2026, 1, 1)),
    ]
    result = classified([{"business_scope": "餐饮"}], overrides=given, as_of=datetime.date(2025, 6, 1))
    assert result.profile("c0")["direction_id"] == "二(六)3"
    assert outcomes(result) == {"o1": "superseded", "o2": "applied", "o3": "after_as_of"}


def test_an_unknown_direction_is_refused_with_its_place(classified: Callable[..., Classified]) -> None:
    with pytest.raises(DatasetError, match="绿色轻能") as raised:
        classified([{}], overrides=[said("c0", "绿色轻能", "core")])
    assert raised.value.problems[0].remedy == "did you mean '绿色氢能'?"


def test_yaml_and_csv_say_the_same(tmp_path: Path) -> None:
    yaml = tmp_path / "o.yaml"
    yaml.write_text(
        "overrides:\n  - company: 某某有限公司\n    direction: 二(四)2\n    grade: core\n    reason: 走访\n"
        "    initials: LW\n    date: 2025-03-31\n",
        encoding="utf-8",
    )
    table = tmp_path / "o.csv"
    table.write_text(
        "企业,方向,等级,理由,签名,日期\n某某有限公司,二(四)2,核心,走访,LW,2025-03-31\n", encoding="utf-8-sig"
    )
    first, second = read_overrides(yaml)[0], read_overrides(table)[0]
    assert (first.company, first.direction, first.grade, first.reason, first.initials, first.date) == (
        second.company,
        second.direction,
        second.grade,
        second.reason,
        second.initials,
        second.date,
    )
    assert first.in_scope


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("甲,深海,core,走访,LW,2025-13-01", "override/date"),
        ("甲,深海,corre,走访,LW,2025-03-31", "override/grade"),
        ("甲,深海,core,,LW,2025-03-31", "override/missing"),
        ("甲,none,core,走访,LW,2025-03-31", "override/no-direction"),
        ("甲,深海,core,走访,LW", "override/cells"),
        ("甲,深海,core,走访,一个很长很长的完整姓名和职务,2025-03-31", "override/long"),
        ("甲,深海,core,走访,LW,2025-03-31\n甲,低空经济,core,走访,LW,2025-03-31", "override/twice"),
    ],
)
def test_every_mistake_in_a_csv_is_located(tmp_path: Path, row: str, code: str) -> None:
    path = tmp_path / "overrides.csv"
    path.write_text(HEADER + row + "\n", encoding="utf-8")
    with pytest.raises(DatasetError) as raised:
        read_overrides(path)
    [problem] = raised.value.problems
    assert problem.code == code
    assert problem.position is not None
    assert problem.position.line == 1 + len(row.split("\n"))


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (
            "overrides:\n  - company: 甲\n    direktion: 深海\n    direction: 深海\n    grade: core\n    reason: r\n    initials: L\n"
            "    date: 2025-03-31\n",
            "override/unknown-key",
            3,
        ),
        ("override:\n  - company: 甲\n", "override/unknown-key", 1),
        ("overrides:\n  - 甲\n", "override/not-a-mapping", 2),
        ("overrides:\n\t- company: 甲\n", "yaml/tab", 2),
    ],
)
def test_every_mistake_in_a_yaml_is_located(tmp_path: Path, text: str, code: str, line: int) -> None:
    path = tmp_path / "overrides.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError) as raised:
        read_overrides(path)
    assert (code, line) in [(p.code, p.position.line) for p in raised.value.problems if p.position]


def test_a_missing_file_is_a_message(tmp_path: Path) -> None:
    for name in ("none.csv", "none.yaml"):
        with pytest.raises(DatasetError, match="cannot read"):
            read_overrides(tmp_path / name)


@pytest.mark.parametrize(
    "written", ["新型储能(最接近)", "新型储能（最接近）", "New energy storage (nearest)", "低碳能源"]
)
def test_a_direction_copied_back_as_the_nearest_means_the_domain_alone(
    classified: Callable[..., Classified], plan: RulePack, tmp_path: Path, written: str
) -> None:
    written = written.replace("New energy storage", plan.domains["二(四)"].directions["二(四)1"].label.en)
    result = classified([{"business_scope": "物业管理"}], overrides=[said("c0", written, "related")])
    profile = result.profile("c0")
    assert (profile["fit_grade"], profile["domain_id"]) == ("related", "二(四)")
    assert profile["direction_basis"] != "told"
    if written != "低碳能源":
        path = tmp_path / "gold.csv"
        path.write_text(f"name,domain,direction\n甲,二(四),{written}\n", encoding="utf-8")
        [row] = read_gold(path, plan)
        assert (row.domains, row.directions) == ({"二(四)"}, frozenset())
