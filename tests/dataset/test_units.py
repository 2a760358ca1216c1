"""Amounts: their sign, their decimal mark, and the unit that stands somewhere round them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from screening.dataset import inspect
from screening.dataset.amounts import MoneyUnit, money_unit, parse_amount
from screening.dataset.numbers import parse_decimal, parse_integer, parse_percent
from screening.dataset.units import unit_in_name, unit_in_text, unit_row

if TYPE_CHECKING:
    from pathlib import Path

    from screening.catalog import Table

    from .conftest import Intake

HEAD = "企业名称,年度,营业收入,净利润\n"


def amounts(*cells: str) -> list[Decimal | None]:
    return parse_amount("x", pl.Series("x", cells, dtype=pl.String)).columns["x"].to_list()


def accounts(folder: Path, content: str, name: str = "f.csv") -> Path:
    (folder / "c.csv").write_text("企业名称\n甲示例公司\n乙示例公司\n", encoding="utf-8")
    (folder / name).write_text(content, encoding="utf-8")
    (folder / "dataset.yaml").write_text(
        f"dataset: {{id: d, label: d, as_of: 2026-01-31}}\ntables:\n  companies: {{file: c.csv}}\n  financials: {{file: {name}}}\n",
        encoding="utf-8",
    )
    return folder


def revenue(intake: Intake, folder: Path) -> list[Decimal | None]:
    clean = pl.read_parquet(intake(folder).tables["financials"])
    return clean.sort("revenue", nulls_last=True)["revenue"].to_list()


@pytest.mark.parametrize(
    "written",
    ["(1,200.50)", "（1200.50）", "-1200.50", "−1200.50", "–1,200.50", "－1200.50", "1200.50-", "1,200.50−", "( 1200.50 )",
     "¥(1,200.50)", "(¥1200.50)", "-¥1,200.50", "¥-1200.50", "负1200.50", "(1200.50元)", "(1200.50)元", "(RMB1,200.50)"],
)  # fmt: skip
def test_a_loss_is_never_a_profit(written: str) -> None:
    assert amounts(written) == [Decimal("-1200.50")]


@pytest.mark.parametrize(
    "written",
    ["▲1200", "△1200", "▼1200", "[1200]", "<1200>", "＜1200＞", "--1200", "-1200-", "亏损(1200)", "(贰佰万元整)"],
)
def test_a_sign_that_is_not_understood_gives_no_amount(written: str) -> None:
    assert amounts(written) == [None]


def test_brackets_that_hold_a_unit_or_a_change_say_nothing_of_a_sign() -> None:
    assert amounts("100(万元)", "100万元(人民币)", "36225万元(+225万元)", "注册资本100万元(认缴)") == [
        Decimal(1_000_000), Decimal(1_000_000), Decimal(362_250_000), Decimal(1_000_000)
    ]  # fmt: skip


def test_counts_and_ratios_have_the_same_signs() -> None:
    cells = pl.Series(["(5)", "5-", "−5", "5"])
    assert parse_integer("x", cells).columns["x"].to_list() == [-5, -5, -5, 5]
    assert parse_decimal("x", cells).columns["x"].to_list() == [-5, -5, -5, 5]
    ratios = parse_percent("x", pl.Series(["(5%)", "−5%", "5%-", "-5‰"])).columns["x"].to_list()
    assert ratios == [Decimal("-0.05")] * 3 + [Decimal("-0.005")]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (["1.234.567,89", "97100,7", "1.234,56", "12,5"], ["1234567.89", "97100.7", "1234.56", "12.5"]),
        (["1234,5678"], [None]),
        (["1,2345,6789", "1234,5678"], ["123456789", None]),
        (["1234,5678", "12,5"], ["1234.5678", "12.5"]),
        (["1.234", "0,5"], ["1234", "0.5"]),
        (["1,5万", "2,75亿"], ["15000", "275000000"]),
        (["1,234", "5,678"], ["1234", "5678"]),
        (["1,234.50", "2,000"], ["1234.50", "2000"]),
        (["12,34,567", "1,2345,6789"], ["1234567", "123456789"]),
        (["1'234.50", "2 345 678"], ["1234.50", "2345678"]),
        # One comma, and nothing that tells what it is: not ten times too large, but unread.
        (["1,2345"], [None]),
        (["1,234", "12,5", "3.50"], [None, "12.5", "3.50"]),
        (["1,2,3"], [None]),
    ],
)
def test_a_decimal_comma_is_read_or_left_unread_but_never_multiplied(
    column: list[str], expected: list[str | None]
) -> None:
    assert amounts(*column) == [None if text is None else Decimal(text) for text in expected]


@given(st.lists(st.decimals(0, 10**9, places=2), min_size=2, max_size=8))
def test_a_column_written_with_decimal_commas_is_that_written_with_points(numbers: list[Decimal]) -> None:
    points = [f"{number:,.2f}" for number in numbers]
    commas = [text.translate(str.maketrans(",.", ".,")) for text in points]
    assert amounts(*points) == numbers == amounts(*commas)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("单位：万元", "万元"),
        ("填报单位：样例园区   单位：万元", "万元"),
        ("(金额单位：人民币千元)", "人民币千元"),
        ("编制单位：某公司 2024年 单位：元 币种：人民币", "元人民币"),
        ("单位：万元 币种：美元", "万元美元"),
        ("注：以上金额单位均为亿元。", "亿元"),
        ("本表以万元为单位", "万元"),
        ("（万元）", "万元"),
        ("单位：万元、%、人", "万元"),
        ("Unit: RMB 10,000", "rmb10,000"),
        ("(in RMB millions)", "inrmbmillions"),
        ("填报单位：样例园区", None),
        ("单位：家", None),
        ("样例园区企业财务情况表", None),
    ],
)
def test_the_unit_that_a_line_beside_the_table_states(text: str, unit: str | None) -> None:
    assert unit_in_text(text) == unit
    assert unit is None or money_unit(unit) is not None


@pytest.mark.parametrize(
    ("text", "scale", "currency"),
    [("RMB'000", 1_000, "CNY"), ("CNY mn", 10**6, "CNY"), ("RMB 10,000", 10**4, "CNY"), ("100 million yuan", 10**8, "CNY"),
     ("thousands of yuan", 1_000, "CNY"), ("HK$ million", 10**6, "HKD"), ("10k CNY", 10**4, "CNY"), ("¥", None, "CNY"),
     ("元", 1, "CNY"), ("万美元", 10**4, "USD")],
)  # fmt: skip
def test_units_in_chinese_and_english(text: str, scale: int | None, currency: str) -> None:
    assert money_unit(text) == MoneyUnit(scale, currency)


@pytest.mark.parametrize("text", ["元/万元", "含税", "未审计", "万两", "2024", "股", "合并口径"])
def test_what_is_no_unit_or_two_is_none(text: str) -> None:
    assert money_unit(text) is None


def test_a_row_of_units_is_told_from_a_row_of_data() -> None:
    assert unit_row(["", "年", "（万元）", "%", "人"]) == ("", "", "万元", "%", "")
    assert unit_row(["单位", None, "元", None]) == ("", "", "元", "")
    assert unit_row(["甲公司", "2024", "万元"]) is None
    assert unit_row(["", "年", "人"]) is None
    assert (unit_in_name("利润表（万元）.csv"), unit_in_name("利润表(合并).csv")) == ("万元", "")


@pytest.mark.parametrize(
    "content",
    [
        "样例园区财务表,,,\n单位：万元,,,\n" + HEAD + "甲示例公司,2024,5200,\n",
        HEAD + ",年,万元,万元\n甲示例公司,2024,5200,\n",
        "企业名称,年度,营业收入,单位\n甲示例公司,2024,5200,万元\n",
        "企业名称,年度,营业收入(万元)\n甲示例公司,2024,5200\n",
        '企业名称,年度,"营业收入(2024年,万元)"\n甲示例公司,2024,5200\n',
        "企业名称,年度,营业收入（万元）（合并）\n甲示例公司,2024,5200\n",
        "样例园区财务表（万元）,,\n企业名称,年度,营业收入\n甲示例公司,2024,5200\n",
        "企业,,经营情况（万元）\n企业名称,年度,营业收入\n甲示例公司,2024,5200\n",
        "企业名称,年度,营业收入万元\n甲示例公司,2024,5200\n",
        HEAD + "甲示例公司,2024,5200万元,\n",
        HEAD + "单位：万元,,,\n甲示例公司,2024,5200,\n" + "乙示例公司,2023,,\n" * 12,
        HEAD + "甲示例公司,2024,5200,\n注：以上金额单位为万元,,,\n",
        "Company Name,Fiscal Year,Revenue (RMB 10k)\n甲示例公司,2024,5200\n",
        "Amounts in RMB 10k,,\nCompany Name,Fiscal Year,Revenue\n甲示例公司,2024,5200\n",
    ],
)
def test_the_unit_is_used_wherever_it_is_written(content: str, tmp_path: Path, intake: Intake) -> None:
    assert revenue(intake, accounts(tmp_path, content))[0] == Decimal(52_000_000)


@pytest.mark.parametrize("header", ["持股比例(%)", "持股比例（百分比）", "持股比例%", "Shareholding (percent)"])
def test_a_ratio_follows_its_header(header: str, tmp_path: Path, tables: dict[str, Table]) -> None:
    path = tmp_path / "h.csv"
    path.write_text(f"企业名称,股东类别,{header}\n甲示例公司,创始人,0.6\n", encoding="utf-8")
    assert [(c["unit"], c["unit_basis"]) for c in inspect(path, tables).columns if c["column"] == "share"] == [
        ("%", "header")
    ]


def test_the_name_of_a_file_or_sheet_may_state_the_unit(tmp_path: Path, intake: Intake) -> None:
    assert revenue(intake, accounts(tmp_path, HEAD + "甲示例公司,2024,5200,\n", "财务(万元).csv")) == [
        Decimal(52_000_000)
    ]


def test_what_stands_nearer_to_the_cell_counts_before_what_stands_farther(tmp_path: Path, intake: Intake) -> None:
    content = "单位：亿元,,,\n企业名称,年度,营业收入(万元),净利润\n甲示例公司,2024,5200,1\n乙示例公司,2024,5200元,1\n"
    dataset = intake(accounts(tmp_path, content))
    clean = pl.read_parquet(dataset.tables["financials"]).sort("revenue")
    assert clean.select("revenue", "net_profit").rows() == [
        (Decimal(5_200), Decimal(10**8)),
        (Decimal(52_000_000), Decimal(10**8)),
    ]


def test_each_row_may_have_its_own_unit(tmp_path: Path, intake: Intake) -> None:
    content = "企业名称,年度,营业收入,金额单位\n甲示例公司,2023,1.5,亿元\n甲示例公司,2024,(300),万元\n乙示例公司,2024,900000,元\n"
    dataset = intake(accounts(tmp_path, content.replace("营业收入", "净利润")))
    clean = pl.read_parquet(dataset.tables["financials"]).sort("net_profit")
    assert clean["net_profit"].to_list() == [Decimal(-3_000_000), Decimal(900_000), Decimal(150_000_000)]


@pytest.mark.parametrize(
    "content",
    [
        "企业名称,年度,营业收入(元/万元)\n甲示例公司,2024,5200\n",
        "单位：万两或亿元,,\n企业名称,年度,营业收入\n甲示例公司,2024,5200\n",
    ],
)
def test_a_unit_that_is_not_understood_refuses_bare_amounts_and_says_so(
    content: str, tmp_path: Path, intake: Intake
) -> None:
    dataset = intake(accounts(tmp_path, content))
    clean = pl.read_parquet(dataset.tables["financials"])
    assert clean.select("revenue", "missing_reasons").rows() == [(None, "revenue=unparsable")]
    assert "data/unknown-unit" in [problem.code for problem in dataset.notices]


@pytest.mark.parametrize(("cell", "warned"), [("12", True), ("5200", False), ("0", False), ("9999999999999", True)])
def test_an_amount_that_no_company_has_is_said(cell: str, warned: bool, tmp_path: Path, intake: Intake) -> None:
    dataset = intake(accounts(tmp_path, HEAD + f"甲示例公司,2024,{cell},\n"))
    assert ("data/implausible" in [problem.code for problem in dataset.notices]) == warned


@pytest.mark.parametrize(
    ("cells", "shares"),
    [
        (["0.6", "45", "12"], ["0.006", "0.45", "0.12"]),
        (["0.6", "0.4", "0"], ["0.6", "0.4", "0"]),
        (["100", "0"], ["1", "0"]),
        (["0.5%", "0.6", "0.2"], ["0.005", "0.6", "0.2"]),
    ],
)
def test_a_share_column_with_one_value_above_one_is_percent_throughout(cells: list[str], shares: list[str]) -> None:
    assert parse_percent("x", pl.Series(cells), most=1).columns["x"].to_list() == [Decimal(share) for share in shares]


def test_inspect_names_the_unit_of_every_amount_and_where_it_stands(tmp_path: Path, tables: dict[str, Table]) -> None:
    path = tmp_path / "f.csv"
    path.write_text(
        "企业名称,年度,营业收入(万元),净利润,研发费用,总资产(元/万元)\n,年,,千元,,\n甲示例公司,2024,5200,90,80万元,7\n",
        encoding="utf-8",
    )
    found = inspect(path, tables)
    assert {
        c["column"]: (c["unit"], c["unit_basis"])
        for c in found.columns
        if c["column"] not in ("company_id", "fiscal_year")
    } == {
        "revenue": ("万元", "header"),
        "net_profit": ("千元", "unit_row"),
        "rd_expense": ("", "cells"),
        "total_assets": ("元/万元", "unknown"),
    }
    bare = tmp_path / "b.csv"
    bare.write_text("企业名称,注册资本\n甲示例公司,5200\n", encoding="utf-8")
    assert [(c["unit"], c["unit_basis"]) for c in inspect(bare, tables).columns][1] == ("元", "assumed")


def test_a_unit_above_the_headers_of_a_workbook_counts_too(tmp_path: Path, intake: Intake) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet: Any = book.add_worksheet("名单")
        sheet.merge_range("A1:C1", "样例园区企业名单")
        sheet.write_row(1, 0, ["填报单位:样例园区", None, "单位:万元"])
        sheet.write_row(2, 0, ["企业名称", "注册资本", "实缴资本"])
        sheet.write_row(3, 0, ["甲示例公司", 1000, "(无)"])
    clean = pl.read_parquet(intake(tmp_path / "a.xlsx").tables["companies"])
    assert clean["registered_capital"].to_list() == [Decimal(10_000_000)]
