"""Outcomes held against scores: the figures by hand, and refusals of what would flatter."""

from __future__ import annotations

import datetime
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from screening.analysis import backtest as module
from screening.analysis.backtest import read_outcomes
from screening.analysis.drift import stability
from screening.api import load_pack, screen
from screening.cli import group
from screening.errors import DatasetError
from screening.result.backtest import DriftBand
from screening.result.records import Text

PACK = str(Path(__file__).parents[1] / "run" / "packs" / "small")
AS_OF = datetime.date(2026, 6, 30)


def ranked(rows: list[tuple[int, bool]]) -> pl.DataFrame:
    return pl.DataFrame(
        [(f"c{i:03}", score, good) for i, (score, good) in enumerate(rows)],
        schema={"company_id": pl.String, "score": pl.Decimal(9, 2), "good": pl.Boolean},
        orient="row",
    ).sort("score", "company_id", descending=[True, False])


@given(st.lists(st.tuples(st.integers(0, 8), st.booleans()), max_size=30))
def test_auc_is_the_share_of_pairs_in_the_right_order(rows: list[tuple[int, bool]]) -> None:
    good, bad = [s for s, g in rows if g], [s for s, g in rows if not g]
    found = module._auc(ranked(rows))
    if not good or not bad:
        assert found is None
        return
    pairs = [1.0 if g > b else 0.5 if g == b else 0.0 for g in good for b in bad]
    assert found == pytest.approx(sum(pairs) / len(pairs))


@given(st.lists(st.tuples(st.integers(0, 8), st.booleans()), max_size=40))
def test_fifths_lose_nobody_and_keep_equal_scores_together(rows: list[tuple[int, bool]]) -> None:
    parts = module._parts(ranked(rows))
    assert sum(p.height for p in parts) == len(rows)
    scores = [set(p["score"]) for p in parts]
    assert all(not (a & b) for i, a in enumerate(scores) for b in scores[i + 1 :])


@pytest.mark.parametrize(("auc", "good", "bad"), [(0.8, 50, 50), (0.75, 2, 2), (0.545, 99, 269), (1.0, 3, 3)])
def test_the_ends_of_the_interval_lie_their_own_errors_away(auc: float, good: int, bad: int) -> None:
    for end in module._auc_between(auc, good, bad):
        if end < 1:  # the error of Hanley and McNeil at that end, with the mean of both numbers for each
            q1, q2, both = end / (2 - end), 2 * end * end / (1 + end), (good + bad) / 2 - 1
            error = ((end * (1 - end) + both * (q1 - end * end) + both * (q2 - end * end)) / (good * bad)) ** 0.5
            assert abs(auc - end) / error == pytest.approx(1.96, abs=0.01)


@given(auc=st.floats(0, 1), good=st.integers(1, 60), bad=st.integers(1, 60))
def test_no_sample_is_certain_and_no_interval_leaves_the_scale(auc: float, good: int, bad: int) -> None:
    low, high = module._auc_between(auc, good, bad)
    assert 0 <= low <= auc + 0.0001 and auc - 0.0001 <= high <= 1
    assert high - low > 0.01
    # Both ways round: what stands above from one side stands below from the other.
    back = module._auc_between(1 - auc, good, bad)
    assert back == pytest.approx((1 - high, 1 - low), abs=0.0002)


def test_a_perfect_order_of_few_is_told_as_uncertain() -> None:
    assert module._auc_between(1.0, 3, 3) == (0.501, 1.0)
    assert module._auc_between(0.0, 3, 3) == (0.0, 0.499)
    assert module._auc_between(1.0, 50, 50)[0] > 0.95


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,outcome,on\n甲,是,2026-06-30\n", "not after the run's date of knowledge"),
        ("name,outcome,on\n甲,也许,2027-01-01\n", "neither yes nor no"),
        ("name,outcome,on\n甲,是,明年\n", "is no date"),
        ("name,outcome,on\n甲,是,2027-01-01\n甲,否,2027-01-01\n", "two outcomes"),
        ("name,outcome\n甲,是\n", "lacks on"),
    ],
)
def test_outcomes_that_would_mislead_are_refused_with_their_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match=said) as error:
        read_outcomes(path, AS_OF)
    assert all(p.position is not None for p in error.value.problems)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_outcomes_are_read_as_a_spreadsheet_program_saves_them(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_text("企业 ,结果,日期\n澜图脑机,是,2027/1/5\n海舟储能,否,2027年3月31日\n", encoding=encoding)
    assert read_outcomes(path, AS_OF) == {"澜图脑机": True, "海舟储能": False}
    path.write_text("企业,结果,日期\n澜图脑机,是,2027/2/30\n", encoding=encoding)
    with pytest.raises(DatasetError, match="is no date"):
        read_outcomes(path, AS_OF)


def test_the_command_says_how_far_the_outcomes_carry(tmp_path: Path) -> None:
    rows = [f"样例{i}脑机科技有限公司,,2025-01-02,500万元,深圳,脑机接口设备研发、制造,{20 + i * 5}" for i in range(12)]
    (tmp_path / "companies.csv").write_text(
        "企业名称,统一社会信用代码,成立日期,注册资本,地区,经营范围,员工人数\n" + "\n".join(rows) + "\n",
        encoding="utf-8",
    )
    run = screen(tmp_path / "companies.csv", load_pack(PACK), as_of=AS_OF, out=tmp_path / "runs")
    outcomes = "\n".join(f"样例{i}脑机科技有限公司,{'是' if i % 2 else '否'},2027-01-01" for i in range(12))
    (tmp_path / "o.csv").write_text(f"企业名称,outcome,on\n{outcomes}\n外人,是,2027-01-01\n", encoding="utf-8")
    done = CliRunner().invoke(
        group, ["backtest", "--run", str(run.path), "--outcomes", str(tmp_path / "o.csv"), "--lang", "en"]
    )
    assert done.exit_code == 0, done.output
    assert "12 ranked companies with an outcome, 6 of them yes" in done.output
    assert "1 row of no company in the run" in done.output
    assert "AUC" in done.output
    # The list is of no day: how many people work there may be known from later.
    assert "nothing dates these columns" in done.output
    assert "Companies·Staff" in done.output
    assert "only 6 companies of the rarer outcome" in done.output
    for lang, says in (
        ("zh", ["回测：评分与后来的结果", "注意：", "两期之间的漂移", "基本没变", "家数少：即使毫无变化"]),
        ("en", ["Drift between the vintages", "Beware"]),
    ):
        page, book = tmp_path / f"{lang}.html", tmp_path / f"{lang}.xlsx"
        given = ["backtest", "--run", str(run.path), "--outcomes", str(tmp_path / "o.csv"), "--earlier", str(run.path)]
        done = CliRunner().invoke(group, [*given, "--lang", lang, "--html", str(page), "--xlsx", str(book)])
        assert done.exit_code == 0, done.output
        text = page.read_text(encoding="utf-8")
        assert [each for each in says if each not in text] == []
        assert text.count('role="img"') == text.count('role="img" aria-label="') >= 8, (
            "every picture says what it shows"
        )
        sheets = pl.read_excel(book, sheet_id=0, engine="calamine")
        groups = list(sheets.values())[1]
        companies = groups.columns[2]
        assert groups.row(0)[2:5] == (12, 6, 0.5)
        cuts = groups[1:].group_by(groups.columns[0]).agg(pl.col(companies).sum())
        # The first row has all of them; every way of cutting them has each company once.
        assert set(cuts[companies]) == {12}
    # The same company once by its id and once by its name, with two outcomes: neither is believed.
    one = run.companies()["company_id"][0]
    name = run.companies()["name"][0]
    (tmp_path / "p.csv").write_text(
        f"企业名称,outcome,on\n{name},是,2027-01-01\n{one},否,2027-01-01\n", encoding="utf-8"
    )
    with pytest.raises(DatasetError, match="has two outcomes"):
        run.backtest(tmp_path / "p.csv")


# --- drift -----------------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=12))
def test_drift_is_never_negative_the_same_both_ways_and_none_where_nothing_moved(counts: list[tuple[int, int]]) -> None:
    bands = [DriftBand(str(n), before, after) for n, (before, after) in enumerate(counts)]
    back = [DriftBand(b.id, b.after, b.before) for b in bands]
    index = stability(bands)
    if not any(b.before for b in bands) or not any(b.after for b in bands):
        assert index is None
        return
    assert index is not None and index >= 0
    assert index == pytest.approx(stability(back))
    assert stability([DriftBand(b.id, b.before, b.before) for b in bands]) == pytest.approx(0)


def test_drift_by_hand() -> None:
    # (1.5/4, 2.5/4) against (3.5/6, 2.5/6): (0.5833-0.375)·ln(0.5833/0.375) + (0.4167-0.625)·ln(0.4167/0.625)
    assert stability([DriftBand("a", 1, 3), DriftBand("b", 2, 2)]) == pytest.approx(0.17652, abs=1e-4)


def test_a_tier_of_nobody_and_companies_without_a_tier_are_told() -> None:
    frame = ranked([(80, True), (70, False), (40, False)]).with_columns(tier=pl.Series(["A", "A", None]))
    groups = module._tiers(frame, {"A": Text("甲"), "B": Text("乙")}, 1 / 3)
    assert [(g.id, g.companies, g.good, g.lift) for g in groups] == [
        ("A", 2, 1, 1.5),
        ("B", 0, 0, None),
        ("", 1, 0, 0.0),
    ]
    assert module._tiers(frame, {}, 1 / 3) == ()
