"""Rows of one thing from two sources: together they say what each alone does not, and only disagreement is a conflict."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Intake

CODE = "91350100M000100Y43"


def written(folder: Path, manifest: str, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "dataset.yaml").write_text(
        f"dataset: {{id: d, label: D, as_of: 2025-06-30}}\ntables:\n{manifest}", encoding="utf-8"
    )
    return folder


def test_a_registry_without_texts_and_a_park_list_with_products(tmp_path: Path, intake: Intake) -> None:
    folder = written(
        tmp_path,
        "  companies: {files: [{file: registry.csv}, {file: park.csv}]}\n",
        registry=f"企业名称,统一社会信用代码,成立日期,经营状态,地区,参保人数\n甲示例科技有限公司,{CODE},2019-05-01,存续,广州市,35\n",
        park=f"企业名称,统一社会信用代码,主营产品,员工人数\n甲示例科技有限公司,{CODE},量子密钥分发终端,50\n",
    )
    found = intake(folder)
    (row,) = pl.read_parquet(found.tables["companies"]).iter_rows(named=True)
    assert (row["products"], row["status"], row["staff"], row["insured_staff"]) == (
        "量子密钥分发终端",
        "active",
        50,
        35,
    )
    (aside,) = pl.read_parquet(found.set_aside["companies"]).iter_rows(named=True)
    assert (aside["reason"], aside["detail"]) == ("duplicate", f"{CODE} (completed by this row)")
    assert found.quality["tables"]["companies"]["conflicts"] == []


ROSTER = f"企业名称,统一社会信用代码\n甲示例科技有限公司,{CODE}\n"


def test_an_income_statement_and_a_balance_sheet_give_one_year(tmp_path: Path, intake: Intake) -> None:
    folder = written(
        tmp_path,
        "  companies: {file: companies.csv}\n  financials: {files: [{file: income.csv}, {file: balance.csv}]}\n",
        companies=ROSTER,
        income="企业名称,年度,营业收入(万元),净利润(万元)\n甲示例科技有限公司,2024,1000,80\n",
        balance="企业名称,年度,总资产(万元),总负债(万元)\n甲示例科技有限公司,2024,3000,1200\n",
    )
    (row,) = pl.read_parquet(intake(folder).tables["financials"]).iter_rows(named=True)
    figures = [row[name] for name in ("revenue", "net_profit", "total_assets", "total_liabilities")]
    assert figures == [Decimal(10_000_000), Decimal(800_000), Decimal(30_000_000), Decimal(12_000_000)]


def test_a_cell_that_one_row_could_not_say_is_taken_from_the_other_with_its_reason(
    tmp_path: Path, intake: Intake
) -> None:
    folder = written(
        tmp_path,
        "  companies: {files: [{file: a.csv}, {file: b.csv}]}\n",
        a=f"企业名称,统一社会信用代码,员工人数,注册资本,地区\n甲示例科技有限公司,{CODE},甚多,100万元,广州市\n",
        b=f"企业名称,统一社会信用代码,员工人数,注册资本\n甲示例科技有限公司,{CODE},50,200万元\n",
    )
    (row,) = pl.read_parquet(intake(folder).tables["companies"]).iter_rows(named=True)
    assert (row["staff"], row["registered_capital"], row["missing_reasons"]) == (
        50,
        None,
        "registered_capital=conflict",
    )


def test_rows_set_aside_can_be_corrected_and_read_again(tmp_path: Path, intake: Intake) -> None:
    patents = "企业名称,专利号,专利名称\n甲示例科技有限公司,P1,量子\n不详,P2,脑机\n"
    folder = written(
        tmp_path,
        "  companies: {file: companies.csv}\n  patents: {file: patents.csv, absence: zero, searched_on: 2025-06-01}\n",
        companies=ROSTER,
        patents=patents,
    )
    found = intake(folder)
    (aside,) = pl.read_parquet(found.set_aside["patents"]).iter_rows(named=True)
    assert (aside["reason"], aside["source_row"]) == ("no_company", 3)
    (folder / "patents.csv").write_text(
        "搁置文件,搁置行号,搁置原因,搁置细节,企业名称,专利号,专利名称\npatents.csv,3,找不到所属企业,,甲示例科技有限公司,P2,脑机\n",
        encoding="utf-8",
    )
    again = intake(folder)
    assert pl.read_parquet(again.tables["patents"])["patent_no"].to_list() == ["P2"]


def test_patents_under_a_former_name_and_a_merged_name_find_the_company(tmp_path: Path, intake: Intake) -> None:
    folder = written(
        tmp_path,
        "  companies: {file: companies.csv}\n  patents: {file: patents.csv, absence: zero, searched_on: 2025-06-01}\n",
        companies="企业名称,统一社会信用代码,成立日期,曾用名\n"
        f"新甲示例股份有限公司,{CODE},2016-05-01,旧甲示例有限公司查看更多\n"
        f"甲前身示例有限公司,{CODE},2016-05-01,\n",
        patents="企业名称,专利号\n旧甲示例有限公司,P1\n甲前身示例有限公司,P2\n新甲示例股份有限公司（原旧甲示例有限公司）,P3\n",
    )
    found = intake(folder)
    assert pl.read_parquet(found.tables["patents"])["company_id"].to_list() == [CODE] * 3
    (row,) = pl.read_parquet(found.tables["companies"]).iter_rows(named=True)
    assert "旧甲示例有限公司" in row["former_names"]
