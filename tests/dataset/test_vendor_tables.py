"""Tables as vendors, offices and ledgers write them: losses in words, forms with rows of units, years in names of sheets."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest
import xlsxwriter

from screening.dataset import inspect
from screening.dataset.amounts import parse_amount
from screening.dataset.credit_code import parse_credit_code
from screening.dataset.dates import parse_date
from screening.dataset.industry import industry_of
from screening.dataset.number_format import number_format, shown
from screening.dataset.numbers import parse_boolean, parse_decimal, parse_headcount, parse_integer
from screening.dataset.text import says_nothing
from screening.dataset.years import year_said
from screening.errors import DatasetError

if TYPE_CHECKING:
    from pathlib import Path

    from screening.catalog import Table
    from screening.dataset import Dataset

    from .conftest import Intake

TODAY = date(2026, 6, 30)
A, B, C = "广州示例甲量子科技有限公司", "广州示例乙量子科技有限公司", "广州示例丙量子科技有限公司"
ROSTER = f"企业名称\n{A}\n{B}\n{C}\n"


def folder(place: Path, table: str, content: str, name: str = "x.csv", **more: str) -> Path:
    (place / "c.csv").write_text(more.get("roster", ROSTER), encoding="utf-8")
    (place / name).write_text(content, encoding="utf-8")
    (place / "dataset.yaml").write_text(
        f"dataset: {{id: t, label: t}}\ntables:\n  companies: {{file: c.csv}}\n  {table}: {{file: '{name}'}}\n",
        encoding="utf-8",
    )
    return place


def rows(dataset: Dataset, table: str, *columns: str) -> list[tuple[str | None, ...]]:
    """Return the clean rows of a child table: the company's name, then `columns` as plain text, sorted."""
    names = dict(pl.read_parquet(dataset.tables["companies"]).select("company_id", "name").iter_rows())
    frame = pl.read_parquet(dataset.tables[table])
    found = [
        (names[row[0]], *(_plain(cell) for cell in row[1:])) for row in frame.select("company_id", *columns).iter_rows()
    ]
    return sorted(found, key=str)


def _plain(cell: object) -> str | None:
    text = None if cell is None else str(cell)
    return text.rstrip("0").rstrip(".") if text and "." in text else text


@pytest.mark.parametrize(
    ("cell", "yuan"),
    [
        ("亏损1,200万元", -12_000_000),
        ("净亏损：300万", -3_000_000),
        ("亏约20万元", -200_000),
        ("虧損1200", -1200),
        ("1200（亏损）", -1200),
        ("1,200万元(净亏损)", -12_000_000),
        ("亏损人民币50万元", -500_000),
        ("盈利1,200万元", 12_000_000),
        ("亏损-1200", None),
        ("-亏损1200", None),
        ("未亏损1200", None),
        ("减亏1200万", None),
        ("扭亏为盈1200万", None),
        ("▲1200", None),
        ("赤字1200", None),
    ],
)
def test_a_loss_told_in_words_is_negative_or_unread(cell: str, yuan: int | None) -> None:
    value = parse_amount("a", pl.Series([cell])).columns["a"].item()
    assert (None if value is None else int(value)) == yuan


@pytest.mark.parametrize("cell", ["500万元以上", "超1亿元", "1亿元及以上", "不低于500万元", "≥1000万", "500万以下"])
def test_a_bound_is_no_amount(cell: str) -> None:
    parsed = parse_amount("a", pl.Series([cell]))
    assert (parsed.columns["a"].item(), parsed.reason.item()) == (None, "unparsable")


def test_capital_below_nothing_is_unread_and_not_taken_without_its_minus(tmp_path: Path, intake: Intake) -> None:
    (tmp_path / "a.csv").write_text(f"企业名称,注册资本\n{A},(1200)万元\n{B},-300万\n{C},300万\n", encoding="utf-8")
    frame = pl.read_parquet(intake(tmp_path / "a.csv").tables["companies"]).sort("registered_capital", nulls_last=True)
    assert frame["registered_capital"].to_list()[1:] == [None, None]
    assert frame["missing_reasons"].to_list() == [None, *["registered_capital=unparsable"] * 2]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("13-04-2023", date(2023, 4, 13)),
        ("2023-04-05+08:00", date(2023, 4, 5)),
        ("Wed Apr 05 2023 00:00:00 GMT+0800 (中国标准时间)", date(2023, 4, 5)),
        ("Tue Apr 04 2023 16:00:00 GMT+0000 (Coordinated Universal Time)", date(2023, 4, 5)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("昭和55年3月1日", date(1980, 3, 1)),
        ("202304", date(2023, 4, 1)),
        ("199805", date(1998, 5, 1)),
        ("200812", None),
        ("2023-04-05T10:00:00-0530", date(2023, 4, 5)),
        ("2023Q3", None),
        ("2023年上半年", None),
    ],
)
def test_days_as_web_pages_partners_abroad_and_ledgers_print_them(cell: str, day: date | None) -> None:
    assert parse_date("d", pl.Series([cell]), TODAY).columns["d"].item() == day


def test_days_with_the_year_last_and_a_dash_are_settled_by_the_whole_column() -> None:
    read = parse_date("d", pl.Series(["13-04-2023", "05-04-2023"]), TODAY).columns["d"].to_list()
    assert read == [date(2023, 4, 13), date(2023, 4, 5)]


@pytest.mark.parametrize(
    ("cell", "unit", "count"),
    [
        ("12", "万人", 120_000),
        ("0.5", "万人", 5_000),
        ("12人", "人", 12),
        ("1.2万人", None, 12_000),
        ("3千名", "万人", 3_000),
        ("十二人", None, 12),
        ("一百二十", None, 120),
        ("12%", None, None),
        ("5", "万元", None),
    ],
)
def test_a_count_follows_its_own_scale_then_that_of_the_header(cell: str, unit: str | None, count: int | None) -> None:
    assert parse_integer("n", pl.Series([cell]), unit=unit).columns["n"].item() == count
    assert parse_headcount("n", pl.Series([cell]), unit=unit).columns["n"].item() == count


def test_a_percentage_is_no_plain_number() -> None:
    assert parse_decimal("n", pl.Series(["12%", "12"])).columns["n"].to_list() == [None, 12]


@pytest.mark.parametrize(
    ("cells", "answers"),
    [
        (["●", "○"], [True, False]),
        (["○", "×"], [True, False]),
        (["○", "是"], [None, True]),
        (["✔", "✘"], [True, False]),
        (["□是 ☑否", "☑是 □否"], [False, True]),
        (["☑是 ☑否", "是/否"], [None, None]),
        (["拟上市", "已退市", "上市公司"], [False, False, True]),
        (["是（科创板）", "否（拟上市）", "是（已退市）", "是（待上市）"], [True, False, None, None]),
    ],
)
def test_marks_of_forms_are_answers(cells: list[str], answers: list[bool | None]) -> None:
    assert parse_boolean("listed", pl.Series(cells)).columns["listed"].to_list() == answers


HEAD = "企业名称,年度,营业收入,从业人数\n"
DATA = f"{A},2024,5200,30\n{B},2024,7300,40\n"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (HEAD + ",,万元,万人\n" + DATA, "x.csv"),
        (HEAD + "计量单位,年,（万元）,人次\n" + DATA, "x.csv"),
        (HEAD + "(名称),(年份),(万元),(人)\n" + DATA, "x.csv"),
        (HEAD + "—,—,万元,平方米\n甲,乙,(1),(2)=(1)/3\n" + DATA, "x.csv"),
        (
            "企业名称,年度,(万元)营业收入\n" + "".join(f"{line}\n" for line in [f"{A},2024,5200", f"{B},2024,7300"]),
            "x.csv",
        ),
        (
            "企业名称,年度,万元营业收入\n" + "".join(f"{line}\n" for line in [f"{A},2024,5200", f"{B},2024,7300"]),
            "x.csv",
        ),
        (HEAD + DATA, "财务_单位万元.csv"),
        (HEAD + DATA, "财务-万元-2024.csv"),
        (HEAD + DATA, "财务 万元.csv"),
    ],
)
def test_a_unit_counts_wherever_a_form_puts_it_and_its_row_is_no_lost_company(
    content: str, name: str, tmp_path: Path, intake: Intake
) -> None:
    dataset = intake(folder(tmp_path, "financials", content, name))
    assert rows(dataset, "financials", "revenue") == [(B, "73000000"), (A, "52000000")]
    assert set(dataset.rows["financials"].set_aside_by_reason) <= {"note"}
    assert not [p for p in dataset.notices if p.code == "data/rows-lost"]


def test_figures_in_the_name_of_a_file_are_no_unit(tmp_path: Path, intake: Intake) -> None:
    dataset = intake(folder(tmp_path, "financials", HEAD + DATA, "营收超5000万元企业.csv"))
    assert rows(dataset, "financials", "revenue") == [(B, "7300"), (A, "5200")]


@pytest.mark.parametrize("numbers", ["甲,乙,1,2", "栏次,1,2,3", "1,2,3,4", "A,B,C,D", "（1）,（2）,（3）,（4）"])
def test_a_row_that_numbers_the_columns_of_a_form_is_a_note(numbers: str, tmp_path: Path, intake: Intake) -> None:
    dataset = intake(folder(tmp_path, "financials", HEAD + numbers + "\n" + DATA))
    assert dataset.rows["financials"].set_aside_by_reason == {"note": 1}
    assert not [p for p in dataset.notices if p.code == "data/rows-lost"]


def test_companies_with_short_numbers_are_no_numbers_of_columns(tmp_path: Path, intake: Intake) -> None:
    place = folder(
        tmp_path,
        "financials",
        "企业编号,年度,营业收入\n1,2024,2\n2,2024,3\n3,2024,4\n4,2024,5\n",
        roster=f"企业编号,企业名称\n1,{A}\n2,{B}\n3,{C}\n4,广州示例丁量子科技有限公司\n",
    )
    assert intake(place).rows["financials"].clean == 4


@pytest.mark.parametrize(
    ("texts", "year"),
    [
        (["样例园区2024年度财务情况表"], "2024"),
        (["2024年"], "2024"),
        (["2024"], "2024"),
        (["FY2024"], "2024"),
        (["2024年末资产负债"], "2024"),
        (["2024年上半年"], None),
        (["2024年1-9月"], None),
        (["2024Q3"], None),
        (["2024年三季度"], None),
        (["2023年度、2024年度"], None),
        (["2022-2024年度"], None),
        (["2025年预算"], None),
        (["2024年3月导出"], None),
    ],
)
def test_only_one_whole_year_in_a_name_is_the_year_of_its_rows(texts: list[str], year: str | None) -> None:
    assert year_said(texts) == year


def test_a_table_without_years_has_that_of_its_title_or_of_its_file_and_says_so(tmp_path: Path, intake: Intake) -> None:
    content = f"企业名称,营业收入(万元)\n{A},5200\n"
    dataset = intake(folder(tmp_path, "financials", content, "2024年度财务.csv"))
    assert rows(dataset, "financials", "fiscal_year", "revenue") == [(A, "2024", "52000000")]
    assert [p.code for p in dataset.notices if p.code == "data/year-of-name"]
    titled = folder(tmp_path, "financials", "样例园区2023年度财务情况表,\n" + content, "2024年导出.csv")
    assert rows(intake(titled), "financials", "fiscal_year") == [(A, "2023")]
    with pytest.raises(DatasetError) as caught:
        intake(folder(tmp_path, "financials", content, "2024年上半年财务.csv"))
    assert [p.code for p in caught.value.problems] == ["data/required-column"]


OF_TWO_YEARS = [(A, "2023", "2000000"), (A, "2024", "3000000")]


@pytest.mark.parametrize(
    "content",
    [
        f"企业名称,2023年营业收入(万元),2024年营业收入(万元)\n{A},200,300\n",
        f"企业名称,营业收入(2024年)(万元),营业收入（2023年）(万元)\n{A},300,200\n",
        f"企业名称,2023年营业收入(万元),2024年度营业收入(元)\n{A},200,3000000\n",
        f"企业名称,2023年营业收入(万元),2024年营业收入\n{A},200,300\n",
        f"企业名称,营业收入(万元),\n,2023年,2024年\n{A},200,300\n",
        f"企业名称,2024年度,2023年度\n,营业收入,营业收入\n{A},300万元,200万元\n",
        f"企业名称,2023年营业收入,2024年营业收入\n,万元,元\n{A},200,3000000\n",
        f"企业名称,近两年营业收入（万元）,\n,2023,2024\n{A},200,300\n",
        f"企业名称,营业收入(2023-12-31)(万元),营业收入(2024-12-31)(万元)\n{A},200,300\n",
        f"Company Name,FY2023 Revenue,FY2024 Revenue\n{A},2000000,3000000\n",
        f"企业名称,指标,2023年,2024年\n{A},营业收入(万元),200,300\n",
        f"近两年营业收入情况（单位：万元）,,\n企业名称,2023年,2024年\n{A},200,300\n",
        # What is of part of a year, or still to come, is none of them.
        f"企业名称,2023年营业收入(万元),2024年营业收入(万元),2025年1-6月营业收入(万元),2025年预计营业收入(万元)\n{A},200,300,9,9\n",
        # A year of which a company says nothing is no row.
        f"企业名称,2022年营业收入(万元),2023年营业收入(万元),2024年营业收入(万元)\n{A},,200,300\n",
    ],
)
def test_a_column_for_each_year_is_a_row_for_each_year(content: str, tmp_path: Path, intake: Intake) -> None:
    dataset = intake(folder(tmp_path, "financials", content))
    assert rows(dataset, "financials", "fiscal_year", "revenue") == OF_TWO_YEARS
    assert [p.severity for p in dataset.notices if p.code == "data/years-in-columns"] == ["notice"]


def test_figures_beside_those_of_years_belong_to_none_of_them_and_that_is_said(tmp_path: Path, intake: Intake) -> None:
    content = f"企业名称,2023年营业收入(万元),2024年营业收入(万元),净利润(万元)\n{A},200,300,50\n"
    dataset = intake(folder(tmp_path, "financials", content))
    assert rows(dataset, "financials", "fiscal_year", "net_profit") == [(A, "2023", None), (A, "2024", None)]
    (said,) = [p for p in dataset.notices if p.code == "data/years-in-columns"]
    assert said.severity == "warning" and "净利润(万元)" in said.message


@pytest.mark.parametrize(
    "headers",
    [
        "企业名称,2023年营业收入增长率,2024年营业收入增长率",
        "企业名称,2023年预计营业收入,2024年计划营业收入",
        "企业名称,2023年,2024年",
        "企业名称,2022-23年营业收入,2024年1-6月营业收入",
        "企业名称,上年营业收入,本年营业收入",
        "企业名称,营业收入2024E,营业收入2025E",
        "企业名称,2023年营业收入(万元),2024年营业收入(元),2025年营业收入",
    ],
)
def test_columns_of_which_year_or_figure_cannot_be_told_are_no_accounts(
    headers: str, tmp_path: Path, intake: Intake
) -> None:
    with pytest.raises(DatasetError) as caught:
        intake(folder(tmp_path, "financials", f"{headers}\n{A},1,2,3\n"))
    assert "data/required-column" in [p.code for p in caught.value.problems]


def test_a_table_drafted_from_columns_of_years_is_read_as_it_was(
    tmp_path: Path, intake: Intake, tables: dict[str, Table]
) -> None:
    content = f"企业名称,2023年营业收入(万元),2024年营业收入(万元)\n{A},200,300\n"
    place = folder(tmp_path, "financials", content)
    (table,) = (path for path in place.glob("*.csv") if "营业收入" in path.read_text(encoding="utf-8"))
    seen = inspect(table, tables)
    assert [p.code for p in seen.notices if p.code == "data/years-in-columns"]
    drafted = seen.draft.partition("tables:\n")[2]
    manifest = place / "dataset.yaml"
    head, _, _ = manifest.read_text(encoding="utf-8").partition("  financials:")
    manifest.write_text(head + drafted, encoding="utf-8")
    assert rows(intake(place), "financials", "fiscal_year", "revenue") == OF_TWO_YEARS


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        ("-520", '#,##0;"▲"#,##0', "-520"),
        ("-520", '0;"亏损"0', "-520"),
        ("520", '"亏损"0', "亏损520"),
        ("520", "-#,##0", "520 [-]"),
        ("-520", "#,##0;-#,##0", "-520"),
        ("520", "_(* #,##0.00_);_(* (#,##0.00)", "520"),
    ],
)
def test_a_minus_that_only_the_format_writes_is_never_lost(value: str, code: str, text: str) -> None:
    assert shown(value, number_format(code)) == text


def test_a_positive_number_under_a_format_with_a_minus_gives_no_amount(tmp_path: Path, intake: Intake) -> None:
    place = folder(tmp_path, "financials", "")
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["企业名称", "年度", "净利润"])
        sheet.write_row(1, 0, [A, 2024])
        sheet.write_number(1, 2, 520, book.add_format({"num_format": "-#,##0"}))
    (place / "dataset.yaml").write_text(
        "dataset: {id: t, label: t}\ntables:\n  companies: {file: c.csv}\n  financials: {file: x.xlsx}\n"
    )
    assert rows(intake(place), "financials", "net_profit") == [(A, None)]


@pytest.mark.parametrize(
    "heading",
    [
        "一、广州市（1家）,,",
        "【第一批】,,",
        "第二批,,",
        "广州市,,",
        "（一）重点企业,,",
        "一、,广州市,",
        "总计：2家,,",
        "合 计,,200",
        "甲,乙,1",
    ],
)
def test_a_heading_over_a_part_of_a_list_is_no_company(heading: str, tmp_path: Path, intake: Intake) -> None:
    (tmp_path / "a.csv").write_text(
        f"企业名称,经营范围,注册资本\n{heading}\n{A},量子通信,100万元\n第一范式科技,量子通信,100万元\n",
        encoding="utf-8",
    )
    dataset = intake(tmp_path / "a.csv")
    assert pl.read_parquet(dataset.tables["companies"])["name"].sort().to_list() == [A, "第一范式科技"]
    assert set(dataset.rows["companies"].set_aside_by_reason) <= {"note", "total_row"}


def test_marks_and_remarks_round_a_name_make_no_other_company(tmp_path: Path, intake: Intake) -> None:
    names = [A, f"{A}★", f"{A}（高新技术企业）", f"三、{A}", f"{A}（688001.SH）", f"*{A}", f"{A}（规上企业）"]
    (tmp_path / "a.csv").write_text(
        "企业名称,成立日期\n" + "".join(f"{n},2018-05-01\n" for n in names), encoding="utf-8"
    )
    assert intake(tmp_path / "a.csv").rows["companies"].clean == 1


@pytest.mark.parametrize(
    "content",
    [
        f"企业名称,{A},{B}\n成立日期,2018-05-01,2019-05-01\n经营范围,量子,量子\n",
        f"企业名称,{A}\n统一社会信用代码,91449900MA0A1B2C0Q\n成立日期,2018-05-01\n注册资本,100万元\n",
    ],
)
def test_a_table_whose_companies_stand_in_columns_is_refused(content: str, tmp_path: Path, intake: Intake) -> None:
    (tmp_path / "a.csv").write_text(content, encoding="utf-8")
    with pytest.raises(DatasetError) as caught:
        intake(tmp_path / "a.csv")
    assert [p.code for p in caught.value.problems] == ["data/on-its-side"]


@pytest.mark.parametrize(
    "cell", ["金融业(除外)", "金融业（不含银行）", "非金融业", "除金融业外", "金融业以外", "金融业（原）"]
)
def test_an_industry_that_is_taken_back_is_none(cell: str) -> None:
    assert industry_of(cell) is None


@pytest.mark.parametrize(
    ("cell", "city"),
    [
        ("省外", "省外"),
        ("境外", "境外"),
        ("华南", "广州市"),
        ("非深圳", "广州市"),
        ("新一线城市", "广州市"),
        ("计划单列市", "广州市"),
        ("城区", "广州市"),
    ],
)
def test_a_place_outside_the_province_is_not_brought_home_by_the_name(
    cell: str, city: str, tmp_path: Path, intake: Intake
) -> None:
    (tmp_path / "a.csv").write_text(f"企业名称,城市\n{A},{cell}\n", encoding="utf-8")
    assert pl.read_parquet(intake(tmp_path / "a.csv").tables["companies"])["city"].to_list() == [city]
    (tmp_path / "b.csv").write_text(f"企业名称,城市,注册地址\n{A},{cell},深圳市南山区科苑路1号\n", encoding="utf-8")
    assert pl.read_parquet(intake(tmp_path / "b.csv").tables["companies"])["city"].to_list() == ["深圳市"]


def test_a_column_of_currencies_counts_for_every_amount_of_its_row(tmp_path: Path, intake: Intake) -> None:
    content = f"企业名称,年度,营业收入(万),净利润(万),币种\n{A},2024,100,10,人民币元\n{B},2024,100,10,美元\n{C},2024,100,10,\n"
    found = rows(intake(folder(tmp_path, "financials", content)), "financials", "revenue", "net_profit")
    assert found == [(C, "1000000", "100000"), (B, None, None), (A, "1000000", "100000")]
    (tmp_path / "a.csv").write_text(
        f"企业名称,注册资本(万),实缴资本(万),币种\n{A},100,50,港元\n{B},100,50,CNY\n", encoding="utf-8"
    )
    capital = pl.read_parquet(intake(tmp_path / "a.csv").tables["companies"]).sort("name")["paid_in_capital"]
    assert capital.to_list() == [500_000, None]


@pytest.mark.parametrize(
    ("header", "yuan"),
    [
        ("Revenue (RMB'0000)", "1000000"),
        ("营业收入（人民币仟元）", "100000"),
        ("營業收入（新臺幣仟元）", None),
        ("Revenue (HK$'000)", None),
        ("净利润/(亏损)(万元)", "1000000"),
    ],
)
def test_units_of_accounts_from_hong_kong_and_taiwan(
    header: str, yuan: str | None, tmp_path: Path, intake: Intake
) -> None:
    column = "net_profit" if "净利润" in header else "revenue"
    dataset = intake(folder(tmp_path, "financials", f"企业名称,年度,{header}\n{A},2024,100\n"))
    assert rows(dataset, "financials", column) == [(A, yuan)]


def test_small_bare_numbers_beside_amounts_in_wan_are_said(tmp_path: Path, intake: Intake) -> None:
    content = f"企业名称,年度,营业收入\n{A},2024,5200万元\n{B},2024,7300\n"
    assert [p.code for p in intake(folder(tmp_path, "financials", content)).notices if p.code == "data/mixed-units"]
    plain = f"企业名称,年度,营业收入\n{A},2024,5200万元\n{B},2024,73000000\n"
    assert not [p.code for p in intake(folder(tmp_path, "financials", plain)).notices if p.code == "data/mixed-units"]


@pytest.mark.parametrize(
    "text",
    [
        "敬请期待",
        "网站正在建设中",
        "请输入企业简介",
        "（请填写）",
        "示例",
        "lorem ipsum dolor",
        "经营范围详见国家企业信用信息公示系统",
        "具体经营项目以审批部门批准文件为准",
        "凭营业执照依法自主开展经营活动。",
        "一般经营项目:无;许可经营项目:无",
        "该公司暂无简介信息",
        "企业简介：",
        "简介:暂无",
        "无。",
        "<p></p>",
        "&nbsp;",
    ],
)
def test_a_text_that_stands_for_none_is_none(text: str) -> None:
    assert pl.select(says_nothing(pl.lit(text)).alias("x")).item()


@pytest.mark.parametrize(
    "text",
    [
        "示例机器人研发",
        "无人机研发",
        "无缝钢管制造",
        "建设中的核电站设备",
        "详见国家标准的检测仪器研发",
        "123号元素靶材",
    ],
)
def test_a_text_that_only_begins_like_a_placeholder_is_kept(text: str) -> None:
    assert not pl.select(says_nothing(pl.lit(text)).alias("x")).item()


def test_a_heading_over_headers_written_once_more_is_a_note(tmp_path: Path, intake: Intake) -> None:
    (tmp_path / "a.csv").write_text(
        f"企业名称,成立日期\n{A},2018-05-01\n,\n其他企业,\n企业名称,成立日期\n{B},2018-05-01\n", encoding="utf-8"
    )
    dataset = intake(tmp_path / "a.csv")
    assert pl.read_parquet(dataset.tables["companies"])["name"].sort().to_list() == sorted([A, B])
    assert dataset.rows["companies"].set_aside_by_reason == {"note": 1, "repeated_header": 1}


def test_sheets_that_hold_such_a_table_too_are_named_in_a_warning(tmp_path: Path, intake: Intake) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        for name, company in (("说明", None), ("广州", A), ("深圳", B)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["企业名称", "成立日期"] if company else ["本表由示例园区编制"])
            if company:
                sheet.write_row(1, 0, [company, "2018-05-01"])
    dataset = intake(tmp_path / "a.xlsx")
    (told,) = [p for p in dataset.notices if p.code == "data/sheets-alike"]
    assert (told.severity, dict(told.details)["others"]) == ("warning", "深圳")


@pytest.mark.parametrize(
    ("sheets", "read"),
    [
        (("2023年", "2024年"), ["2023", "2024"]),
        (("FY2023", "2024", "说明"), ["2023", "2024"]),
        # Of two sheets of one year, or one of no year, nobody knows which stands.
        (("2023年", "2023年度"), ["2023"]),
        (("2023年", "2024年上半年"), ["2023"]),
    ],
)
def test_sheets_called_by_years_are_each_read_as_their_year(
    sheets: tuple[str, ...], read: list[str], tmp_path: Path, intake: Intake, tables: dict[str, Table]
) -> None:
    place = folder(tmp_path, "financials", "", "x.xlsx")
    with xlsxwriter.Workbook(place / "x.xlsx") as book:
        for name in sheets:
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["企业名称", "营业收入(万元)"] if name != "说明" else ["本表由示例园区编制"])
            if name != "说明":
                sheet.write_row(1, 0, [A, 200])
    dataset = intake(place)
    assert rows(dataset, "financials", "fiscal_year", "revenue") == [(A, year, "2000000") for year in read]
    assert ("data/sheets-of-years" in [p.code for p in dataset.notices]) == (len(read) > 1)
    draft = inspect(place / "x.xlsx", tables).draft
    assert draft.count("file: x.xlsx") == draft.count("sheet: ") >= len(read)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("91449900MA0A1B2C0Q（三证合一）", "91449900MA0A1B2C0Q"),
        ("91449900MA0A1B2C0Q/440101000000001", "91449900MA0A1B2C0Q"),
        ("统一代码：91449900MA0A1B2C0Q", "91449900MA0A1B2C0Q"),
        ("91449900MA0A1B2C0Q/91449900MA0A1B2D0R", None),
        ("91449900MA0A1B2C0X（三证合一）", None),
    ],
)
def test_the_one_code_in_a_cell_with_a_remark_counts(cell: str, code: str | None) -> None:
    parsed = parse_credit_code("uscc", pl.Series([cell]))
    assert parsed.columns["uscc"].item() == code
    assert parsed.counts["invalid_code"] == 0


def test_of_a_term_the_last_day_counts_and_a_title_of_the_state_that_a_city_gave_is_another(
    tmp_path: Path, intake: Intake
) -> None:
    content = (
        "企业名称,资质,级别,发证日期,有效期\n"
        f"{A},高新技术企业,国家级,2023-05-01,2023-05-01至2026-04-30\n"
        f"{B},专精特新小巨人,市级,2023-05-01,2023.05.01-2026.04.30\n"
        f"{C},专精特新小巨人,国家级,2023-05-01,自2023年5月1日起至2026年4月30日止\n"
    )
    found = rows(intake(folder(tmp_path, "certificates", content)), "certificates", "kind", "expires_on")
    assert found == [
        (C, "little_giant", "2026-04-30"),
        (B, "other", "2026-04-30"),
        (A, "high_tech_enterprise", "2026-04-30"),
    ]
