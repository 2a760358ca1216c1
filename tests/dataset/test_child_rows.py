"""Rows of other tables and their company: numbers written in several ways, a name and a code at odds, shares holder by holder."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest

from screening.errors import DatasetError

if TYPE_CHECKING:
    from pathlib import Path

    from screening.dataset import Dataset
    from tests.dataset.conftest import Intake

ONE, OTHER = "广州样例甲科技有限公司", "广州样例乙科技有限公司"
CODES = "91350100M000100Y43", "91440300M000100Y40"


def taken(folder: Path, intake: Intake, table: str, rows: str) -> Dataset:
    companies = "".join(f"{name},{code}\n" for name, code in zip((ONE, OTHER), CODES, strict=True))
    (folder / "c.csv").write_text(f"企业名称,统一社会信用代码\n{companies}", encoding="utf-8")
    (folder / "k.csv").write_text(rows, encoding="utf-8")
    (folder / "dataset.yaml").write_text(
        f"dataset: {{id: t, label: t, as_of: 2026-06-30}}\ntables:\n  companies: {{file: c.csv}}\n  {table}: {{file: k.csv}}\n",
        encoding="utf-8",
    )
    return intake(folder)


def test_one_application_written_in_several_ways_is_one_patent(tmp_path: Path, intake: Intake) -> None:
    ways = ("ZL202010000001.1", "202010000001.1", "CN202010000001.1", "zl 2020100000011", "ZL 2020 1 0000001.1")
    others = ("ZL202010000001.2", "CN112345678A", "CN112345678B", "ZL98123456.7")
    rows = "".join(f"{ONE},{number},发明专利\n" for number in (*ways, *others))
    dataset = taken(tmp_path, intake, "patents", f"企业名称,专利号,专利类型\n{rows}")
    assert dataset.rows["patents"].clean == 1 + len(others)


def test_a_case_number_is_one_whatever_its_brackets(tmp_path: Path, intake: Intake) -> None:
    ways = ("(2025)粤01执1号", "（2025）粤01执1号", "〔2025〕粤01执1号", "【2025】粤01执 1 号")
    rows = "".join(f"{ONE},行政处罚,2025-01-01,{number}\n" for number in (*ways, "(2025)粤01执2号"))
    dataset = taken(tmp_path, intake, "risk_events", f"企业名称,风险类型,列入日期,案号\n{rows}")
    assert dataset.rows["risk_events"].clean == 2


@pytest.mark.parametrize(
    ("rows", "concerned"),
    [
        ("广州**甲科技有限公司,P1\n", {ONE}),
        ("广州样例*科技有限公司,P1\n", {ONE, OTHER}),
        ("深圳**科技有限公司,P1\n", set()),
        (f"{ONE},P1\n注：{OTHER}的专利由其母公司持有,\n", {OTHER}),
        (f"{ONE},P1\n填报单位：{OTHER},\n", set()),
        (f"{ONE},P1\n,P2\n企业名称,专利号\n{ONE},P3\n", {ONE, OTHER}),
        (f"{ONE},P1\n专利清单（二）,\n企业名称,专利号\n{ONE},P3\n", set()),
    ],
)
def test_whom_lines_concern_that_are_no_rows(rows: str, concerned: set[str], tmp_path: Path, intake: Intake) -> None:
    """Names of which a part is hidden, notes that tell of a company, the row that ends a page without its company."""
    found = pl.read_parquet(taken(tmp_path, intake, "patents", f"企业名称,专利号\n{rows}").tables["companies"])
    assert set(found.filter(pl.col("open_tables").is_not_null())["name"]) == concerned


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_row_that_names_one_company_and_the_code_of_another_is_nobodys(
    tmp_path: Path, intake: Intake, order: tuple[int, int]
) -> None:
    columns = ("企业名称", "统一社会信用代码")
    cells = (ONE, CODES[1])
    head, row = (",".join(texts[place] for place in order) for texts in (columns, cells))
    dataset = taken(tmp_path, intake, "patents", f"{head},专利号\n{row},P1\n")
    assert dataset.rows["patents"].set_aside_by_reason == {"ambiguous_company": 1}
    # What the table would tell of either is unknown, not none.
    assert pl.read_parquet(dataset.tables["companies"])["open_tables"].to_list() == ["patents=conflict"] * 2


@pytest.mark.parametrize(
    ("rows", "shares"),
    [
        (("创始人,30%", "创始人,40%", "国资,30%"), {"founders": "0.7", "state": "0.3"}),
        (("国资,20%", "国资,20%", "创始人,60%"), {"founders": "0.6", "state": "0.4"}),
        (("创始人,60%", "国资,40%", "国资,40%"), {"founders": "0.6", "state": "0.4"}),
        (("创始人,30%", "创始人,不详", "国资,30%"), {"founders": None, "state": "0.3"}),
    ],
    ids=("two founders", "two alike", "written twice", "one unknown"),
)
def test_shares_given_holder_by_holder_are_those_of_their_kind(
    tmp_path: Path, intake: Intake, rows: tuple[str, ...], shares: dict[str, str | None]
) -> None:
    text = "".join(f"{ONE},{row}\n" for row in rows)
    dataset = taken(tmp_path, intake, "holders", f"企业名称,股东类别,持股比例\n{text}")
    found = dict(pl.read_parquet(dataset.tables["holders"]).select("holder_kind", "share").iter_rows())
    assert found == {kind: share and Decimal(share) for kind, share in shares.items()}


@pytest.mark.parametrize(
    ("text", "aside"),
    [
        (f"企业名称,注册资本(万元)\n{ONE},500\n广州小计,500\n天河区合计：,500\n", {"total_row": 2}),
        (f"Company Name,Registered Capital (RMB 10k)\n企业名称,注册资本（万元）\n{ONE},500\n", {"repeated_header": 1}),
    ],
    ids=("a total of a place", "headers in two languages"),
)
def test_totals_and_headers_are_no_companies(tmp_path: Path, intake: Intake, text: str, aside: dict[str, int]) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    dataset = intake(tmp_path / "a.csv")
    companies = pl.read_parquet(dataset.tables["companies"]).select("name", "registered_capital")
    assert companies.rows() == [(ONE, Decimal(5_000_000))]
    assert dataset.rows["companies"].set_aside_by_reason == aside


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("注册资本(万元)", "注册资本(元)"),
        ("注册资本", "注册资本（万元）"),
        ("Registered Capital (RMB 10k)", "注册资本（万美元）"),
    ],
)
def test_headers_that_come_again_with_another_unit_begin_another_table(
    tmp_path: Path, intake: Intake, first: str, again: str
) -> None:
    (tmp_path / "a.csv").write_text(f"企业名称,{first}\n{ONE},500\n企业名称,{again}\n{OTHER},600\n", encoding="utf-8")
    with pytest.raises(DatasetError) as refused:
        intake(tmp_path / "a.csv")
    assert [(p.code, str(p.position)) for p in refused.value.problems] == [("data/second-table", "a.csv:3:2")]


@pytest.mark.parametrize("again", ["注册资本(万元)", "注册资本（人民币万元）", "注册资本"])
def test_headers_that_come_again_with_no_other_unit_are_of_the_same_table(
    tmp_path: Path, intake: Intake, again: str
) -> None:
    (tmp_path / "a.csv").write_text(
        f"企业名称,注册资本(万元)\n{ONE},500\n企业名称,{again}\n{OTHER},600\n", encoding="utf-8"
    )
    capital = pl.read_parquet(intake(tmp_path / "a.csv").tables["companies"])["registered_capital"]
    assert sorted(capital.to_list()) == [5_000_000, 6_000_000]


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ("注册资本(万元),注册资本(元)", ["注册资本(元)"]),
        ("注册资本(万元),实收资本(元)", []),
        ("注册资本(万元),注册资本（人民币万元）", []),
    ],
)
def test_one_figure_in_two_columns_of_different_units_is_told(
    tmp_path: Path, intake: Intake, headers: str, told: list[str]
) -> None:
    (tmp_path / "a.csv").write_text(f"企业名称,{headers}\n{ONE},500,9000000\n", encoding="utf-8")
    said = [dict(p.details)["header"] for p in intake(tmp_path / "a.csv").notices if p.code == "data/two-columns"]
    assert said == told
