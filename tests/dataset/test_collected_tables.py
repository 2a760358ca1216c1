"""Tables as data collectors keep them: what is read of them, and what is said of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from screening.dataset import inspect
from screening.errors import DatasetError

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


@pytest.mark.parametrize(
    ("headers", "cells", "expected"),
    [
        ("营业收入(预计)", "1200", "-"), ("营业收入(同比%)", "12", "-"), ("营业收入（占比）", "12", "-"), ("营业收入(%)", "12", "-"),
        ("营业收入(1-6月)", "1200", "-"), ("营业收入(Q3)", "1200", "-"), ("营业收入（上年同期）", "1200", "-"), ("营业收入(人均)", "1200", "-"),
        ("营业收入(调整前),营业收入(调整后)", "1000000,1200000", "1200000"), ("营业收入(上期),营业收入(本期)", "1000000,1200000", "1200000"),
        ("营业收入(母公司),营业收入(合并)", "1000000,1200000", "1200000"), ("营业收入(2023年)", "1200000", "-"),
        ("营业收入(2024年)", "1200000", "1200000"), ("营业收入(1-12月)", "1200000", "1200000"), ("营业收入(含税)", "1200000", "1200000"),
    ],
)  # fmt: skip
def test_what_brackets_make_another_figure_is_not_the_figure(
    headers: str, cells: str, expected: str, tmp_path: Path, intake: Intake
) -> None:
    found, codes = answers(
        intake, tmp_path, "financials", f"企业名称,年度,{headers}\n{A},2024,{cells}\n", ["fiscal_year", "revenue"]
    )
    assert found == [f"2024 {expected}"]
    told = {"data/another-figure", "data/other-year"} & set(codes)
    assert bool(told) == (expected == "-")


@pytest.mark.parametrize(
    ("headers", "cells", "expected"),
    [
        ("增长率(%),金额(万元)\n,,营业收入,营业收入", "12,120", "1200000"),
        ("上年同期,本年数\n,,营业收入,营业收入", "1000000,1200000", "1200000"),
        ("预计,实际\n,,营业收入,营业收入", "1000000,1200000", "1200000"),
    ],
)
def test_of_two_levels_the_upper_one_tells_what_is_no_figure(
    headers: str, cells: str, expected: str, tmp_path: Path, intake: Intake
) -> None:
    found, _ = answers(intake, tmp_path, "financials", f"企业名称,年度,{headers}\n{A},2024,{cells}\n", ["revenue"])
    assert found == [expected]


@pytest.mark.parametrize(
    ("content", "columns", "row"),
    [
        (f"企业名称(变更前),企业名称(变更后)\n{B},{A}\n", ["name", "former_names"], "甲 乙"),
        (f"企业名称（曾用名）,企业名称\n{B},{A}\n", ["name", "former_names"], "甲 乙"),
        (f"企业名称(英文),企业名称(中文)\nSample Co Ltd,{A}\n", ["name"], "甲"),
        (f"企业名称,注册资本(实缴),注册资本(认缴)\n{A},100万元,500万元\n", CAPITAL, "甲 5000000 1000000"),
        (f"企业名称,员工人数(研发占比)\n{A},12\n", ["staff"], "-"),
        (f"企业名称,注册地址(原),注册地址(现)\n{A},广州市天河区1号,深圳市南山区1号\n", ["city"], "深圳市"),
    ],
)
def test_old_names_and_kinds_of_capital_in_brackets_are_told_apart(
    content: str, columns: list[str], row: str, tmp_path: Path, intake: Intake
) -> None:
    assert answers(intake, tmp_path, "companies", content, columns)[0] == [row]


def test_a_planned_date_in_brackets_is_no_milestone_reached(tmp_path: Path, intake: Intake) -> None:
    content = f"企业名称,里程碑,完成时间(预计)\n{A},中试线,2027-05-01\n"
    assert answers(intake, tmp_path, "milestones", content, ["kind", "reached_on", "planned_on"])[0] == [
        "pilot_line - 2027-05-01"
    ]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ('公司名称,"营业收入\n[报告期] 2024年报\n[报表类型] 合并报表\n[单位] 万元"\n{A},120\n', ["2024 1200000"]),
        ('公司名称,营业收入[报告期]2023年年报[单位]元,营业收入[报告期]2024年年报[单位]元\n{A},1100000,1200000\n', ["2023 1100000", "2024 1200000"]),
        ('公司名称,年度,"营业收入\n[报告期] 2024三季\n[单位] 万元"\n{A},2024,120\n', ["2024 -"]),
        ("企业名称,会计期间,报表类型,营业收入(元)\n{A},2024-12-31,A,1200000\n{A},2024-12-31,B,900000\n", ["2024 1200000"]),
        ("企业名称,报告期,报表类型,营业收入(元)\n{A},2024,母公司报表,900000\n{A},2024,合并报表,1200000\n{B},2024,母公司报表,700000\n", ["2024 1200000", "2024 700000"]),
        ("企业名称,报告期,营业收入\n{A},2024-12-31,1200000\n{A},2024-06-30,500000\n{A},202409,800000\n{A},TTM,1300000\n", ["2024 1200000"]),
        ("企业名称,年度,营业收入\n{A},FY24,1200000\n{A},截至2023年12月31日,1100000\n", ["2023 1100000", "2024 1200000"]),
    ],
)  # fmt: skip
def test_vendors_accounts_give_the_year_and_the_groups_figure(
    content: str, rows: list[str], tmp_path: Path, intake: Intake
) -> None:
    found, _ = answers(intake, tmp_path, "financials", content.format(A=A, B=B), ["fiscal_year", "revenue"])
    assert found == rows


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1.2亿+", "-"),
        ("120万元（未审计）", "1200000"),
        ("120万元[注1]", "1200000"),
        ("120万元（同比+12%）", "1200000"),
        ("+12%", "-"),
    ],
)
def test_remarks_behind_an_amount_do_not_hide_it_and_a_plus_is_a_bound(
    cell: str, expected: str, tmp_path: Path, intake: Intake
) -> None:
    found, _ = answers(intake, tmp_path, "financials", f"企业名称,年度,营业收入\n{A},2024,{cell}\n", ["revenue"])
    assert found == [expected]


@pytest.mark.parametrize(
    ("headers", "row", "expected"),
    [
        ("资质名称,有效期", "高新技术企业,有效期至2026年12月27日", "high_tech_enterprise - 2026-12-27"),
        ("资质名称,有效期至", "国家高企,2026-12-27到期", "high_tech_enterprise - 2026-12-27"),
        ("资质名称,发证日期", "专精特新中小企业,2023年12月28日颁发", "specialized_sme 2023-12-28 -"),
        ("资质名称,发证日期", "高新技术企业,至2026-12-27", "high_tech_enterprise - -"),
        ("Certificate,Issue Date", "National High-tech Enterprise,2023-12-28", "high_tech_enterprise 2023-12-28 -"),
    ],
)
def test_dates_of_certificates_with_the_words_round_them(
    headers: str, row: str, expected: str, tmp_path: Path, intake: Intake
) -> None:
    columns = ["kind", "issued_on", "expires_on"]
    assert answers(intake, tmp_path, "certificates", f"企业名称,{headers}\n{A},{row}\n", columns)[0] == [expected]


@pytest.mark.parametrize(
    ("table", "columns", "headers", "row", "expected"),
    [
        ("risk_events", ["kind"], "风险类型", "失信被执行人：2", ["dishonest_debtor"]),
        ("risk_events", ["kind"], "风险类型", "失信被执行人：0", ["other"]),
        ("risk_events", ["kind"], "风险类型", "被限制高消费", ["consumption_limit"]),
        ("risk_events", ["kind"], "风险类型", "列入严重违法失信企业名单（黑名单）", ["serious_illegal"]),
        ("risk_events", ["kind", "state"], "风险类型,当前状态", "被执行人,执行完毕", ["enforcement removed"]),
        ("risk_events", ["kind", "amount"], "风险类型,处罚金额", "行政处罚,罚款5000元", ["administrative_penalty 5000"]),
        ("funding_rounds", ["round"], "融资轮次", "A+轮、Pre-B2轮", ["a_plus", "pre_b"]),
        ("patents", ["kind", "legal_status"], "专利号,专利类型,法律状态", "ZL1,实用新型专利权,授权公告20210501", ["utility_model granted"]),
        ("holders", ["share"], "股东类型,持股比例", "国有股东,35%（直接30%；间接5%）", ["0.35"]),
        ("holders", ["share"], "股东类型,持股比例", "国有股东,35%以上", ["-"]),
    ],
)  # fmt: skip
def test_words_of_collectors_in_child_tables(
    table: str, columns: list[str], headers: str, row: str, expected: list[str], tmp_path: Path, intake: Intake
) -> None:
    assert answers(intake, tmp_path, table, f"企业名称,{headers}\n{A},{row}\n", columns)[0] == expected


def test_rows_without_the_column_of_their_kind_are_told(tmp_path: Path, intake: Intake) -> None:
    content = f"企业名称,是否高新技术企业,是否专精特新\n{A},是,否\n"
    found, codes = answers(intake, tmp_path, "certificates", content, ["kind"])
    assert (found, "data/no-kind" in codes) == (["-"], True)
    patents = f"专利权人,专利号\n{A}（共有）,ZL1\n"
    assert answers(intake, tmp_path, "patents", patents, ["patent_no"]) == (["ZL1"], [])


def test_whose_a_column_is_may_stand_before_its_name(tmp_path: Path, intake: Intake) -> None:
    content = f"单位名称,企业统一社会信用代码,公司登记状态,企业成立年月日\n{A},91449900MA0A1B2C0Q,存续,2019-05-01\n"
    found, _ = answers(intake, tmp_path, "companies", content, ["name", "uscc", "status", "established_on"])
    assert found == ["甲 91449900MA0A1B2C0Q active 2019-05-01"]


@pytest.mark.parametrize(
    "written",
    [
        f"<em>{A}</em>",
        f"{A}&nbsp;",
        f"{A}(91449900MA0A1B2C0Q)",
        f"{A}<br/>{A}",
        "广州样例•甲科技有限公司",
        f"{A}（公章）",
        f"{A}[CN]",
        f"{A}（现名：广州样例新科技有限公司）",
    ],
)
def test_residue_of_web_pages_and_dots_do_not_part_a_name(written: str, tmp_path: Path, intake: Intake) -> None:
    own = "广州样例·甲科技有限公司" if "•" in written else A
    (tmp_path / "c.csv").write_text(f"企业名称\n{own}\n", encoding="utf-8")
    (tmp_path / "x.csv").write_text(f"申请人,专利号\n{written},ZL1\n", encoding="utf-8")
    (tmp_path / "dataset.yaml").write_text(
        "dataset: {id: d, label: d}\ntables:\n  companies: {file: c.csv}\n  patents: {file: x.csv}\n", encoding="utf-8"
    )
    clean = pl.read_parquet(intake(tmp_path).tables["patents"])
    assert clean["patent_no"].to_list() == ["ZL1"]


@pytest.mark.parametrize(
    "row",
    [
        "示例：某某有限公司,91440101MA00000000,999",
        "填写营业执照上的全称,填18位代码,填数字",
        "【示例】某某有限公司,-,999",
    ],
)
def test_rows_that_show_how_to_fill_in_a_form_are_no_companies(row: str, tmp_path: Path, intake: Intake) -> None:
    content = f"企业名称,统一社会信用代码,注册资本(万元)\n{row}\n{A},91449900MA0A1B2C0Q,100\n"
    assert answers(intake, tmp_path, "companies", content, ["name"])[0] == ["甲"]


@pytest.mark.parametrize("first", ["2020年8月17日", "https://sample.example/a", "秘密", "内部资料"])
def test_a_row_that_begins_with_a_day_an_address_or_its_secrecy_is_no_note(
    first: str, tmp_path: Path, intake: Intake
) -> None:
    (tmp_path / "x.csv").write_text(f"原文,企业名称,风险类型\n{first},{A},行政处罚\n{first},,\n", encoding="utf-8")
    (tmp_path / "c.csv").write_text(f"原文,企业名称\n{first},{A}\n{first},\n", encoding="utf-8")
    (tmp_path / "dataset.yaml").write_text(
        "dataset: {id: d, label: d}\ntables:\n  companies: {file: c.csv}\n  risk_events: {file: x.csv}\n",
        encoding="utf-8",
    )
    rows = intake(tmp_path).rows
    assert [(rows[t].clean, dict(rows[t].set_aside_by_reason)) for t in ("companies", "risk_events")] == [
        (1, {"note": 1})
    ] * 2


@pytest.mark.parametrize("left_open", ["请填写", "填报完成", "选填", "填写中（待补）"])
def test_a_company_whose_first_cell_was_left_open_is_kept(left_open: str, tmp_path: Path, intake: Intake) -> None:
    content = f"企业简介,企业名称,统一社会信用代码\n{left_open},{A},\n{left_open},某研究中心一部,91449900MA0A1B2C0Q\n{left_open},填写全称,\n"
    found, _ = answers(intake, tmp_path, "companies", content, ["name"])
    assert len(found) == 2
    (tmp_path / "x.csv").write_text(f"说明,企业编号,里程碑\n{left_open},QY0012,样机\n", encoding="utf-8")
    (tmp_path / "c.csv").write_text(f"企业编号,企业名称\nQY0012,{A}\n", encoding="utf-8")
    (tmp_path / "dataset.yaml").write_text(
        "dataset: {id: d, label: d}\ntables:\n  companies: {file: c.csv}\n  milestones: {file: x.csv}\n",
        encoding="utf-8",
    )
    assert pl.read_parquet(intake(tmp_path).tables["milestones"]).height == 1


@pytest.mark.parametrize(
    "content",
    [
        f"公司,{A},{B}\n设立于,2019,2020\n干什么的,量子,芯片\n多少人,10,20\n",
        f"企业名称,{A},统一社会信用代码,91449900MA0A1B2C0Q\n成立日期,2019-05-01,注册资本(万元),100\n",
        f"企业名称,{A},{B}\n企业人数,10,20\n注册资本(万元),100,200\n",
    ],
)
def test_a_table_on_its_side_or_a_form_of_one_company_is_refused(content: str, tmp_path: Path, intake: Intake) -> None:
    with pytest.raises(DatasetError) as caught:
        answers(intake, tmp_path, "companies", content, ["name"])
    assert [problem.code for problem in caught.value.problems] == ["data/on-its-side"]


def test_a_table_of_items_and_values_is_told(tmp_path: Path, intake: Intake) -> None:
    content = f"企业名称,年度,指标,数值,单位\n{A},2024,营业收入,1200,万元\n{A},2024,净利润,-30,万元\n"
    found, codes = answers(intake, tmp_path, "financials", content, ["fiscal_year", "revenue"])
    assert (found, "data/no-figures" in codes) == (["2024 -"], True)


def test_a_valuation_behind_the_money_is_not_the_one_before_it(tmp_path: Path, intake: Intake) -> None:
    content = f"企业名称,估值(投后),拟融资额\n{A},6亿元,5000万元\n"
    found, codes = answers(intake, tmp_path, "deal", content, ["pre_money", "ask"])
    assert (found, "data/another-figure" in codes) == (["- 50000000"], True)


def test_shares_behind_a_count_do_not_hide_it(tmp_path: Path, intake: Intake) -> None:
    content = f"企业名称,员工总数,研发人员\n{A},120人（含外包20人）,35人（29%）\n{B},100-200,29%\n"
    assert answers(intake, tmp_path, "team", content, ["staff_total", "rd_staff"])[0] == ["100 -", "120 35"]


@pytest.mark.parametrize(
    "line",
    ["数据来源于样例数据平台", "https://example.org/list?page=1", "1、本表由各区填报，数据截至2024年5月。", "※ 本表由各区填报", "仅供内部参考",
     "（未完待续）", "负责人签字", "年   月   日", "2024年5月1日", "其中：深圳市", "附件：企业名单", "量子信息领域", "A类"],
)  # fmt: skip
def test_lines_that_pages_and_forms_print_are_no_companies(line: str, tmp_path: Path, intake: Intake) -> None:
    content = f"企业名称,注册资本(万元),地区\n{A},100,广州\n{line},,\n{B},200,深圳\n"
    assert answers(intake, tmp_path, "companies", content, ["name"])[0] == ["乙", "甲"]


def test_a_figure_of_another_year_is_told_of_a_parquet_file_too(tmp_path: Path, intake: Intake) -> None:
    (tmp_path / "c.csv").write_text(f"企业名称\n{A}\n", encoding="utf-8")
    pl.DataFrame({"企业名称": [A], "年度": [2024], "营业收入(2023年)": [1200.0]}).write_parquet(tmp_path / "x.parquet")
    (tmp_path / "dataset.yaml").write_text(
        "dataset: {id: d, label: d}\ntables:\n  companies: {file: c.csv}\n  financials: {file: x.parquet}\n",
        encoding="utf-8",
    )
    dataset = intake(tmp_path)
    assert pl.read_parquet(dataset.tables["financials"])["revenue"].to_list() == [None]
    assert "data/other-year" in [problem.code for problem in dataset.notices]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("企业名称,科目,2023年(万元),2024年(万元)\n{A},营业收入,110,120\n{A},净利润（元）,-30,-40\n", ["2023 1100000 -30", "2024 1200000 -40"]),
        ("近两年营业收入情况,,\n企业名称,2023年（万元）,2024年（万元）\n{A},110,120\n", ["2023 1100000 -", "2024 1200000 -"]),
    ],
)  # fmt: skip
def test_a_unit_beside_a_year_counts_for_its_figures(
    content: str, rows: list[str], tmp_path: Path, intake: Intake
) -> None:
    columns = ["fiscal_year", "revenue", "net_profit"]
    assert answers(intake, tmp_path, "financials", content.format(A=A), columns)[0] == rows


def test_years_of_different_units_without_figures_are_refused(tmp_path: Path, intake: Intake) -> None:
    content = f"企业名称,科目,2023年(元),2024年(万元)\n{A},营业收入,1100000,120\n"
    with pytest.raises(DatasetError):
        answers(intake, tmp_path, "financials", content, ["revenue"])


def test_units_above_and_below_a_table_that_differ_leave_bare_numbers_unread(tmp_path: Path, intake: Intake) -> None:
    content = f"单位：元,,\n企业名称,年度,营业收入\n{A},2024,1000000\n单位：万元\n"
    found, codes = answers(intake, tmp_path, "financials", content, ["revenue"])
    assert (found, "data/unknown-unit" in codes) == (["-"], True)


def test_words_of_what_is_to_come_behind_a_name_say_nothing_of_it(tmp_path: Path, intake: Intake) -> None:
    content = f"企业名称（拟投目标企业）,注册资本(万元)（预计增资后）\n{A},100\n"
    assert answers(intake, tmp_path, "companies", content, AMOUNT)[0] == ["甲 -"]


def test_a_column_called_like_a_company_does_not_turn_a_table_on_its_side(tmp_path: Path, intake: Intake) -> None:
    content = "企业名称,所属集团公司,成立日期\n样例微,某甲集团,2019-05-01\n样例星,某乙集团,2020-05-01\n样例光,某甲集团,2018-05-01\n"
    assert answers(intake, tmp_path, "companies", content, ["established_on"])[0] == [
        "2018-05-01",
        "2019-05-01",
        "2020-05-01",
    ]
