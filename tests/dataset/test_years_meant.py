"""Which year a column or row of accounts means: 「本年」 under a title of one year, forecasts and parts of a year."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from screening.errors import DatasetError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.dataset.conftest import Intake

NAME = "广州样例甲科技有限公司"
BOTH = {2023: 2_000_000, 2024: 3_000_000}


def revenue(folder: Path, intake: Intake, text: str, *, file: str = "f.csv", column: str = "revenue") -> dict[Any, Any]:
    (folder / "c.csv").write_text(f"企业名称\n{NAME}\n", encoding="utf-8")
    (folder / file).write_text(text, encoding="utf-8")
    (folder / "dataset.yaml").write_text(
        "dataset: {id: t, label: t, as_of: 2026-06-30}\n"
        f"tables:\n  companies: {{file: c.csv}}\n  financials: {{file: {file}}}\n",
        encoding="utf-8",
    )
    dataset = intake(folder)
    assert not dataset.rows["financials"].set_aside_by_reason.keys() - {"other_period"}
    return dict(pl.read_parquet(dataset.tables["financials"]).select("fiscal_year", column).iter_rows())


@pytest.mark.parametrize(
    ("headers", "column"),
    [
        ("企业名称,上年营业收入(万元),本年营业收入(万元)", "revenue"),
        ("企业名称,营业收入(万元)_上年数,营业收入(万元)_本年数", "revenue"),
        ("企业名称,营业收入(万元),\n,上年金额,本年金额", "revenue"),
        ("企业名称,营业收入(万元),营业收入(万元)\n,上期数,本期数", "revenue"),
        ("企业名称,资产总计(万元)年初余额,资产总计(万元)期末余额", "total_assets"),
    ],
)
def test_this_year_and_the_last_are_those_of_the_title(
    tmp_path: Path, intake: Intake, headers: str, column: str
) -> None:
    text = f"样例园区2024年度财务情况表,,\n{headers}\n{NAME},200,300\n"
    assert revenue(tmp_path, intake, text, column=column) == BOTH


def test_the_name_of_the_file_states_the_year_too(tmp_path: Path, intake: Intake) -> None:
    text = f"企业名称,上年营业收入(万元),本年营业收入(万元)\n{NAME},200,300\n"
    assert revenue(tmp_path, intake, text, file="2024年度报表.csv") == BOTH


@pytest.mark.parametrize("title", ["样例园区财务情况表", "2024年上半年财务情况表", "2023-2024年度财务情况表"])
def test_without_one_whole_year_this_year_is_none(tmp_path: Path, intake: Intake, title: str) -> None:
    text = f"{title},,\n企业名称,上年营业收入(万元),本年营业收入(万元)\n{NAME},200,300\n"
    with pytest.raises(DatasetError) as refused:
        revenue(tmp_path, intake, text)
    assert [problem.code for problem in refused.value.problems] == ["data/required-column"]


def test_a_column_of_a_forecast_is_not_used_and_one_of_actuals_is(tmp_path: Path, intake: Intake) -> None:
    text = f"企业名称,2024A营业收入(万元),2025E营业收入(万元),2026年(预计)营业收入(万元)\n{NAME},300,900,990\n"
    assert revenue(tmp_path, intake, text) == {2024: Decimal(3_000_000)}


def test_rows_of_a_forecast_or_of_part_of_a_year_are_set_aside_and_the_years_stay_known(
    tmp_path: Path, intake: Intake
) -> None:
    others = (
        "2025E",
        "2025年(预计)",
        "2026F",
        "2025年预算数",
        "2025H1",
        "2025年1-9月",
        "2025年三季度",
        "2025Q3",
        "2025年上半年",
    )
    rows = "".join(f"{NAME},{year},900\n" for year in others)
    text = f"企业名称,年度,营业收入(万元)\n{NAME},2023年度,200\n{rows}{NAME},2024A,300\n"
    assert revenue(tmp_path, intake, text) == BOTH
