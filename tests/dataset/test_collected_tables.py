"""Tables as data collectors keep them: what is read of them, and what is said of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from screening.dataset import inspect

if TYPE_CHECKING:
    from pathlib import Path

    from screening.catalog import Table

    from .conftest import Intake

A, B = "广州样例甲科技有限公司", "广州样例乙科技有限公司"
NAMES = {A: "甲", B: "乙"}


def answers(
    intake: Intake, place: Path, table: str, content: str, columns: list[str], name: str = "x.csv"
) -> tuple[list[str], list[str]]:
    """Return the clean rows as words in order, and the codes of what is said."""
    files = {name: content}
    if table != "companies":
        files["c.csv"] = f"企业名称\n{A}\n{B}\n"
        files["dataset.yaml"] = (
            "dataset: {id: d, label: d, as_of: 2026-06-01}\n"
            f"tables:\n  companies: {{file: c.csv}}\n  {table}: {{file: {name}}}\n"
        )
    for file, text in files.items():
        (place / file).write_text(text, encoding="utf-8")
    dataset = intake(place if table != "companies" else place / name)
    clean = pl.read_parquet(dataset.tables[table]).select(columns)
    rows = [" ".join("-" if cell is None else _short(cell) for cell in row) for row in clean.rows()]
    return sorted(rows), [problem.code for problem in dataset.notices]


def _short(cell: object) -> str:
    text = f"{cell:f}" if hasattr(cell, "normalize") else str(cell)
    return NAMES.get(text, text.rstrip("0").rstrip(".") if "." in text else text)


CAPITAL = ["name", "registered_capital", "paid_in_capital"]
AMOUNT = ["name", "registered_capital"]


@pytest.mark.parametrize(
    ("content", "rows", "said"),
    [
        (f'企业名称,注册资本(万元)\n{A},"¥12,000,000"\n{B},1200\n', ["乙 12000000", "甲 -"], "data/sign-below-unit"),
        (f'企业名称,注册资本(万元)\n{A},"RMB12,000,000.00"\n{B},"¥50,000.00"\n', ["乙 -", "甲 -"], "data/sign-below-unit"),
        (f'企业名称,注册资本(万元)\n{A},"¥1,200.00"\n{B},"¥850.00"\n', ["乙 8500000", "甲 12000000"], "data/undated"),
        (f"企业名称,注册资本(万元)\n{A},12000000元\n{B},1200\n", ["乙 12000000", "甲 12000000"], "data/undated"),
        (f"企业名称,注册资本(万元)\n{A},12000000\n{B},1200\n", ["乙 12000000", "甲 120000000000"], "data/huge-amounts"),
    ],
)  # fmt: skip
def test_whole_yuan_below_a_header_in_wan_are_not_taken_in_wan_without_a_word(
    content: str, rows: list[str], said: str, tmp_path: Path, intake: Intake
) -> None:
    found, codes = answers(intake, tmp_path, "companies", content, AMOUNT)
    assert (found, said in codes) == (rows, True)


def test_a_column_without_a_unit_beside_one_in_wan_is_told_and_drafted(
    tmp_path: Path, intake: Intake, tables: dict[str, Table]
) -> None:
    small = f"企业名称,年度,营业收入(万元),净利润\n{A},2024,1200,30\n{B},2024,1300,-40\n"
    found, codes = answers(intake, tmp_path, "financials", small, ["revenue", "net_profit"])
    assert (found, "data/no-unit" in codes) == (["12000000 30", "13000000 -40"], True)
    assert "net_profit: 万元  # not stated; taken from revenue" in inspect(tmp_path / "x.csv", tables).draft
    yuan = small.replace(",30\n", ",300000\n").replace(",-40\n", ",-400000\n")
    assert "data/no-unit" not in answers(intake, tmp_path, "financials", yuan, ["revenue"])[1]


@pytest.mark.parametrize(
    "note",
    [
        "单位：万元",
        "\n注：金额单位为万元",
        "注：1.金额单位：万元；2.数据截至2024年12月31日",
        "说明：(1)单位：万元,(2)合并口径",
    ],
)
def test_a_note_of_the_unit_below_a_text_counts_and_is_no_lost_row(note: str, tmp_path: Path, intake: Intake) -> None:
    content = f"企业名称,年度,营业收入,净利润\n{A},2024,1200,30\n合计,,1200\n{note}\n"
    found, codes = answers(intake, tmp_path, "financials", content, ["revenue", "net_profit"])
    assert (found, codes) == (["12000000 300000"], [])


@pytest.mark.parametrize(
    ("cell", "registered", "paid"),
    [
        ("1200万元（实缴300万元）", "12000000", "3000000"),
        ("认缴1,200万元，实缴300万元", "12000000", "3000000"),
        ("实缴300万 / 认缴1200万", "12000000", "3000000"),
        ("注册资本1200万元；实收资本300万元", "12000000", "3000000"),
        ("1200万元（全部实缴）", "12000000", "12000000"),
        ("1200万元（尚未实缴）", "12000000", "0"),
        ("1200万元（实缴25%）", "12000000", "-"),
        ("1200万美元（实缴300万美元）", "-", "-"),
    ],
)
def test_a_cell_that_tells_registered_and_paid_in_capital_gives_both(
    cell: str, registered: str, paid: str, tmp_path: Path, intake: Intake
) -> None:
    found, _ = answers(intake, tmp_path, "companies", f'企业名称,注册资本\n{A},"{cell}"\n', CAPITAL)
    assert found == [f"甲 {registered} {paid}"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f"企业名称,注册资本(万元),,企业名称,注册资本(万元)\n{A},100,,{B},200\n", "data/side-by-side"),
        (f"序号,企业名称,注册资本(万元),序号,企业名称,注册资本(万元)\n1,{A},100,3,,\n2,{B},200,,,\n", "data/side-by-side"),
        (f"企业名称,注册资本(万元),,企业名称,专利号\n{A},100,,{A},ZL1\n{B},200,,{A},ZL2\n", "data/table-beside"),
        (f"企业名称,注册资本(万元),,申请人,专利号\n{A},100,,{A},ZL1\n{B},200,,,\n", "data/table-beside"),
    ],
)  # fmt: skip
def test_of_tables_side_by_side_one_list_is_read_whole_and_another_table_is_told(
    content: str, said: str, tmp_path: Path, intake: Intake
) -> None:
    found, codes = answers(intake, tmp_path, "companies", content, AMOUNT)
    assert (found, said in codes) == (["乙 2000000", "甲 1000000"], True)


def test_parts_side_by_side_in_different_units_are_not_put_together(tmp_path: Path, intake: Intake) -> None:
    content = f"企业名称,注册资本,,企业名称,注册资本\n,万元,,,元\n{A},100,,{B},2000000\n"
    found, codes = answers(intake, tmp_path, "companies", content, AMOUNT)
    assert (found, "data/duplicate-header" in codes) == (["甲 1000000"], True)
