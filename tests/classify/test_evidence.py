"""Patents and industry codes as evidence, and which patents lie in a company's direction."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.classify.conftest import Classified


def test_patents_of_the_direction_are_told_by_class_or_title(classified: Callable[..., Classified]) -> None:
    patents = [
        {"company_id": "c0", "patent_no": "p1", "ipc": "H01M 8/04; H01M8/10", "title": "一种密封件"},
        {"company_id": "c0", "patent_no": "p2", "ipc": None, "title": "一种质子交换膜的制备方法"},
        {"company_id": "c0", "patent_no": "p3", "ipc": "A47G 19/22", "title": "一种水杯"},
        {"company_id": "c0", "patent_no": "p4", "ipc": None, "title": None},
        {"company_id": "c1", "patent_no": "p5", "ipc": "H01M 8/04", "title": None},
    ]
    result = classified([{"business_scope": "燃料电池的研发、生产"}, {"business_scope": "餐饮服务"}], patents)
    found = {row["patent_no"]: row["in_direction"] for row in result.query("SELECT * FROM patent_directions")}
    assert found["p1"] is True
    assert found["p2"] is True
    assert found["p3"] is False
    assert found["p4"] is None


def test_patents_lift_a_text_that_says_too_little(classified: Callable[..., Classified]) -> None:
    company = {"business_scope": "新型零部件的研发、生产；电池的销售；试验设备的制造；金属结构的加工"}
    patent = {"company_id": "c0", "patent_no": "p1", "ipc": "H01M8/10", "title": None}
    assert classified([company]).profile("c0")["fit_grade"] == "trade"
    lifted = classified([company], [patent]).profile("c0")
    assert (lifted["fit_grade"], lifted["direction_id"]) == ("related", "二(四)2")


def test_a_quoted_patent_title_is_not_a_company_text(classified: Callable[..., Classified]) -> None:
    result = classified(
        [{"business_scope": "餐饮服务"}],
        [{"company_id": "c0", "patent_no": "p1", "ipc": None, "title": "一种质子交换膜"}],
    )
    assert result.query("SELECT * FROM spans") == []


def test_an_industry_code_supports_and_never_decides(classified: Callable[..., Classified]) -> None:
    result = classified(
        [
            {"business_scope": "机械零件的生产", "industry_code": "3963"},
            {"business_scope": "机械零件的生产"},
        ]
    )
    assert [result.profile(c)["fit_grade"] for c in ("c0", "c1")] == ["none", "none"]


def test_without_patents_the_relation_is_empty(classified: Callable[..., Classified]) -> None:
    assert classified([{"business_scope": "餐饮服务"}]).query("SELECT * FROM patent_directions") == []


def test_patents_do_not_tell_the_business_of_a_company_whose_texts_say_nothing(
    classified: Callable[..., Classified],
) -> None:
    patent = {"company_id": "c0", "patent_no": "p1", "ipc": "H01M8/10", "title": None}
    assert classified([{"business_scope": "N/A"}], [patent]).profile("c0")["fit_grade"] == "unknown"
