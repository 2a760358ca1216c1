"""Measuring a classification: the numbers are right on cases small enough to count by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from screening.analysis.evaluation import evaluate
from screening.analysis.gold import read_gold
from screening.analysis.terms import term_uses
from screening.errors import DatasetError
from screening.result.evaluation_records import interval

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from screening.rulebook.model import RulePack
    from tests.classify.conftest import Classified

ROWS = [
    {"uscc": "U0", "name": "某某甲", "business_scope": "生产锂电池"},
    {"uscc": "U1", "name": "某某乙", "business_scope": "研发、生产无人机"},
    {"uscc": "U2", "name": "某某丙", "business_scope": "销售燃料电池"},
    {"uscc": "U3", "name": "某某丁", "business_scope": "餐饮服务"},
    {"uscc": None, "name": "某某戊", "business_scope": "研发脑机接口"},
]
GOLD = """uscc,name,domain,direction,grade,kind
U0,,低碳能源,新型储能,related,
U1,,二(六);通用智能,低空经济,core,
U2,,none,,trade,销售陷阱
U3,,生命与健康,,core,
,某某戊,none,,none,名称陷阱
U9,不在数据中,none,,,
U0,,低碳能源,,,
"""


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.csv"
    path.write_text(GOLD, encoding="utf-8-sig")
    return path


def test_the_figures_are_those_counted_by_hand(
    classified: Callable[..., Classified], gold: Path, plan: RulePack
) -> None:
    result = evaluate(classified(ROWS), read_gold(gold, plan))  # type: ignore[arg-type]
    assert (result.companies, len(result.unmatched), result.doubled) == (5, 1, 1)
    assert (result.overall.true_positive, result.overall.predicted, result.overall.actual) == (2, 3, 3)
    assert result.overall.precision == result.overall.recall == result.overall.f1 == pytest.approx(2 / 3)
    domains = {score.class_id: score for score in result.domains}
    assert domains["二(四)"].f1 == 1
    assert domains["二(三)"].true_positive == 0
    assert domains["二(七)"].precision is None
    directions = {score.class_id: score for score in result.directions}
    assert (directions["二(四)1"].f1, directions["二(六)3"].f1) == (1, 1)
    assert {(c.gold, c.predicted): c.companies for c in result.grade_confusion} == {
        ("core", "core"): 1,
        ("core", "none"): 1,
        ("none", "core"): 1,
        ("related", "related"): 1,
        ("trade", "trade"): 1,
    }
    assert {(c.gold, c.predicted): c.companies for c in result.confusion} == {
        ("none", "none"): 1,
        ("none", "二(三)"): 1,
        ("二(三)", "none"): 1,
        ("二(六)", "二(六)"): 1,
        ("二(四)", "二(四)"): 1,
    }


def test_errors_come_with_their_spans(classified: Callable[..., Classified], gold: Path, plan: RulePack) -> None:
    mistakes = {m.name: m for m in evaluate(classified(ROWS), read_gold(gold, plan)).mistakes}  # type: ignore[arg-type]
    assert set(mistakes) == {"某某丁", "某某戊"}
    [span] = mistakes["某某戊"].spans
    assert (span.term, span.start, span.end) == ("脑机接口", 2, 6)


def test_traps_are_tallied_by_kind(classified: Callable[..., Classified], gold: Path, plan: RulePack) -> None:
    kinds = {k.kind: dict(k.grades) for k in evaluate(classified(ROWS), read_gold(gold, plan)).kinds}  # type: ignore[arg-type]
    assert kinds == {"名称陷阱": {"core": 1}, "销售陷阱": {"trade": 1}}


def test_the_baseline_is_a_plain_search(classified: Callable[..., Classified], gold: Path, plan: RulePack) -> None:
    baseline = evaluate(classified(ROWS), read_gold(gold, plan)).baseline  # type: ignore[arg-type]
    assert (baseline.true_positive, baseline.predicted, baseline.actual) == (2, 4, 3)


def test_labels_saved_by_a_spreadsheet_program_say_the_same(gold: Path, plan: RulePack, tmp_path: Path) -> None:
    path = tmp_path / "saved.csv"
    words = (
        GOLD.replace("related", "相关")
        .replace("core", "核心")
        .replace(",none,,none", ",无,,无")
        .replace("trade", "贸易")
    )
    path.write_text(words, encoding="gb18030")
    assert read_gold(path, plan) == read_gold(gold, plan)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a,b\n1,2\n", "gold/columns"),
        ("uscc,domain\nU0,低碳能原\n", "gold/unknown-domain"),
        ("uscc,domain,grade\nU0,none,corre\n", "gold/grade"),
        ("uscc,domain\n,none\n", "gold/no-key"),
        ("uscc,domain,direction\nU0,none,新型储熊\n", "gold/unknown-direction"),
    ],
)
def test_a_bad_gold_file_is_refused_with_the_place(tmp_path: Path, plan: RulePack, text: str, code: str) -> None:
    path = tmp_path / "gold.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError) as raised:
        read_gold(path, plan)
    assert [p.code for p in raised.value.problems] == [code]


def test_every_term_says_what_it_did(classified: Callable[..., Classified]) -> None:
    uses = {(u.term, u.direction_id): u for u in term_uses(classified(ROWS))}  # type: ignore[arg-type]
    drone = uses["无人机", "二(六)3"]
    assert (drone.hits, drone.companies, drone.in_scope, drone.decides_alone) == (1, 1, 1, 1)
    assert [(s.before, s.hit, s.after) for s in drone.samples] == [("研发、生产", "无人机", "")]
    assert uses["燃料电池", "二(四)2"].traded == 1
    assert uses["燃料电池", "二(四)2"].in_scope == 0
    assert uses["托卡马克", "二(四)3"].is_dead


def test_directions_errors_strata_and_second_memberships_are_told_apart(
    classified: Callable[..., Classified], tmp_path: Path, plan: RulePack
) -> None:
    between = "塑料制品制造；五金制品制造；玩具制造；家具制造；文具制造；通信终端设备制造；灯具制造"
    rows = [*ROWS, {"uscc": "U5", "name": "某某己", "business_scope": between}]
    path = tmp_path / "gold.csv"
    path.write_text(
        "uscc,domain,direction,stratum\n"
        "U0,低碳能源,新型储能,a\nU1,未来空间;通用智能,低空经济;大模型,a\nU2,none,,a\nU3,none,,b\nU5,未来网络,,b\n",
        encoding="utf-8",
    )
    result = evaluate(classified(rows), read_gold(path, plan))  # type: ignore[arg-type]
    assert (result.naming.asked, result.naming.named, result.naming.right) == (2, 2, 2)
    assert (result.errors.accepted, result.errors.missed, result.errors.wrong_domain) == (0, 1, 0)
    assert (result.errors.to_read, result.errors.missed_to_read) == (1, 1)
    assert (result.second.true_positive, result.second.predicted, result.second.actual) == (1, 1, 1)
    assert [(s.class_id, s.true_positive, s.predicted, s.actual) for s in result.strata] == [
        ("a", 2, 2, 2),
        ("b", 0, 0, 1),
    ]


def test_a_wrong_domain_is_one_error_and_never_right(
    classified: Callable[..., Classified], tmp_path: Path, plan: RulePack
) -> None:
    path = tmp_path / "gold.csv"
    path.write_text("uscc,domain\nU0,生命与健康\n", encoding="utf-8")
    result = evaluate(classified(ROWS), read_gold(path, plan))  # type: ignore[arg-type]
    assert result.overall.true_positive == 0
    assert (result.errors.accepted, result.errors.missed, result.errors.wrong_domain) == (0, 0, 1)


@pytest.mark.parametrize(
    ("right", "of", "bounds"), [(0, 10, (0.0, 0.2775)), (9, 10, (0.5958, 0.9821)), (10, 10, (0.7225, 1.0))]
)
def test_intervals_are_those_of_wilson(right: int, of: int, bounds: tuple[float, float]) -> None:
    assert interval(right, of) == pytest.approx(bounds, abs=2e-4)
