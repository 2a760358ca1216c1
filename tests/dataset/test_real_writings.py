"""How real files write one thing in many ways, and the value that each writing has: further inputs of the kinds of issue 8."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from screening.dataset.amounts import MoneyUnit, parse_amount
from screening.dataset.dates import parse_date
from screening.dataset.industry import industry_of
from screening.dataset.names import former_names, same_name
from screening.dataset.numbers import parse_percent, parse_year
from screening.dataset.text import says_nothing
from screening.dataset.vocabulary import vocabulary
from screening.geography import CityNames, Geography, city_named, city_of_address

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Intake

TODAY = date(2026, 6, 30)
DAY = date(2019, 4, 30)
PLACES = Geography(
    "广东省",
    (
        CityNames("广州市", "4401", ("广州",), ("南沙区", "黄埔区")),
        CityNames("深圳市", "4403", ("深圳",), ("南山区", "前海深港合作区")),
        CityNames("珠海市", "4404", ("珠海",), ("香洲区", "横琴粤澳深度合作区", "横琴新区")),
        CityNames("东莞市", "4419", ("东莞",)),
    ),
)


@pytest.mark.parametrize(
    ("cell", "yuan"),
    [
        ("1200\n1100", None),
        ("1200 1100", None),
        ("1200 .5", None),
        ("1 200.00", 12_000_000),
        ("1\u2009200\u2009300", 12_003_000_000),
        ("(1200", None),
        ("1200)", None),
        ("（1,200.00", None),
        ("(1,200.00)", -12_000_000),
        ("1亿2000万元", 120_000_000),
        ("1亿2,000.5万", 120_005_000),
        ("2亿零300万元", 203_000_000),
        ("1万2亿", None),
    ],
)
def test_two_figures_in_a_cell_half_a_bracket_and_two_scales_are_never_one_wrong_amount(
    cell: str, yuan: int | None
) -> None:
    parsed = parse_amount("a", pl.Series([cell]), header=MoneyUnit(10_000))
    value = parsed.columns["a"].item()
    assert (None if value is None else int(value)) == yuan


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2019-04-30 2020-05-01", None),
        ("2019-04-30\n2020-05-01", None),
        ("2019-04-30（2020-05-01变更）", None),
        ("2019–04–30", DAY),
        ("2019−04−30 10:20", DAY),
        ("2019-04-29T16:00:00.000Z[UTC]", DAY),
        ("2019-04-30T00:00+08:00[Asia/Shanghai]", DAY),
        ("2019/4/29 16:00:00 GMT", None),
        ("2019-04-30 00:00:00 (北京时间)", DAY),
        ("2019年4月30日（星期二）", DAY),
    ],
)
def test_a_cell_of_two_dates_is_none_and_a_zone_named_once_more_loses_no_day(cell: str, day: date | None) -> None:
    assert parse_date("d", pl.Series([cell]), TODAY).columns["d"].item() == day


def test_a_column_of_short_american_dates_is_read_by_the_whole_column() -> None:
    read = parse_date("d", pl.Series(["4/30/19", "5/6/18", "12/1/20"]), TODAY).columns["d"].to_list()
    assert read == [DAY, date(2018, 5, 6), date(2020, 12, 1)]
    unsettled = parse_date("d", pl.Series(["4/3/19", "5/6/18"]), TODAY).columns["d"].to_list()
    assert unsettled == [None, None]


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        ("2024", 2024),
        ("2024.0", 2024),
        ("2024年度", 2024),
        ("FY2024", 2024),
        ("2024-12-31", 2024),
        ("2024年12月31日", 2024),
        ("2024年1-12月", 2024),
        ("2024年报", 2024),
        ("二〇二四年度", 2024),
        ("2024年度（经审计）", 2024),
        ("2024-06-30", None),
        ("2024年1-6月", None),
        ("2024H1", None),
        ("2024年三季报", None),
        ("2024Q4", None),
    ],
)
def test_a_fiscal_year_is_a_whole_year_however_it_is_written(cell: str, year: int | None) -> None:
    assert parse_year("fiscal_year", pl.Series([cell])).columns["fiscal_year"].item() == year


def test_fractions_below_a_percent_header_are_read_as_written_and_said(tmp_path: Path, intake: Intake) -> None:
    assert parse_percent("s", pl.Series(["0.45", "0.3"]), unit="%", most=1).counts["fraction_below_percent"]
    assert not parse_percent("s", pl.Series(["0.45", "30"]), unit="%", most=1).counts["fraction_below_percent"]
    (tmp_path / "c.csv").write_text("企业名称\n样例甲科技有限公司\n样例乙科技有限公司\n", encoding="utf-8")
    (tmp_path / "h.csv").write_text(
        "企业名称,股东类别,持股比例(%)\n样例甲科技有限公司,创始人,0.45\n样例乙科技有限公司,创始人,0.3\n",
        encoding="utf-8",
    )
    (tmp_path / "dataset.yaml").write_text(
        "dataset: {id: a, label: a}\ntables:\n  companies: {file: c.csv}\n  holders: {file: h.csv}\n", encoding="utf-8"
    )
    assert "data/fractions-as-percent" in [notice.code for notice in intake(tmp_path).notices]


@pytest.mark.parametrize(
    ("address", "city"),
    [
        ("中国（上海）自由贸易试验区富特西一路1号", "上海"),
        ("中国(浙江)自由贸易试验区舟山片区", "浙江"),
        ("(福建)自由贸易试验区厦门片区", "福建"),
        ("中国(广东)自由贸易试验区南沙片区", "广州市"),
        ("中国（广东）自由贸易试验区横琴片区", "珠海市"),
        ("上海市中山南路100号", "上海市"),
        ("南京市广州路5号", "南京市"),
    ],
)
def test_a_free_trade_zone_lies_in_the_province_in_its_brackets(address: str, city: str) -> None:
    assert city_of_address(PLACES, address) == city


@pytest.mark.parametrize(
    ("place", "city"),
    [
        ("深圳市/东莞市", None),
        ("广州、深圳", None),
        ("深圳或广州", None),
        ("广东（不含深圳）", None),
        ("深圳以外", None),
        ("非深圳", None),
        ("前海", "深圳市"),
        ("横琴", "珠海市"),
        ("广东/深圳/南山", "深圳市"),
        ("广东省-广州市-黄埔区", "广州市"),
    ],
)
def test_a_place_that_is_excepted_or_one_of_several_is_no_declared_city(place: str, city: str | None) -> None:
    assert city_named(PLACES, place) == city


@pytest.mark.parametrize(("cell", "code"), [("C.39", "C39"), ("C-3971", "C3971"), ("A.39", None)])
def test_a_point_within_an_industry_code_cuts_nothing_off(cell: str, code: str | None) -> None:
    assert industry_of(cell) == code


@pytest.mark.parametrize(
    "written",
    [
        "1、样例甲科技有限公司",
        "(2)样例甲科技有限公司",
        "3.样例甲科技有限公司",
        "样例甲科技有限公司（603123.SH）",
        "样例甲科技有限公司（占股8%）",
        "样例甲科技有限公司（上市公司）",
        "样例甲科技有限公司【重点】",
        "样例甲科技有限公司（简称：甲科技）",
        "样例甲科技有限公司①",
        "样例甲科技有限公司（原名称：样例旧甲科技有限公司）",
    ],
)
def test_numbers_and_notes_round_a_name_are_none_of_it(written: str) -> None:
    compared = pl.DataFrame({"name": [written, "样例甲科技有限公司"]}).select(same_name(pl.col("name")))["name"]
    assert compared[0] == compared[1]


@pytest.mark.parametrize(
    "written", ["样例（原料）科技有限公司", "360样例科技有限公司", "样例（集团）有限公司", "样例企业（有限合伙）"]
)
def test_brackets_and_numbers_that_belong_to_a_name_stay(written: str) -> None:
    compared = pl.DataFrame({"name": [written]}).select(same_name(pl.col("name")))["name"].item()
    assert compared == written.replace("（", "(").replace("）", ")")


@pytest.mark.parametrize(
    ("name", "former"),
    [
        ("样例甲科技有限公司", "原：样例旧甲科技有限公司"),
        ("样例甲科技有限公司", "原公司名称：样例旧甲科技有限公司"),
        ("样例甲科技有限公司（曾用名：样例旧甲科技有限公司、样例老甲科技有限公司）", None),
        ("样例甲科技有限公司（原企业名称:样例旧甲科技有限公司）", None),
    ],
)
def test_a_former_name_is_found_whatever_word_stands_before_it(name: str, former: str | None) -> None:
    frame = pl.DataFrame(
        {"id": ["1"], "name": [name], "former_names": [former]}, schema_overrides={"former_names": pl.String}
    )
    assert "样例旧甲科技有限公司" in former_names(frame, "id")["former_names"].to_list()


@pytest.mark.parametrize(
    "text",
    [
        "以营业执照为准",
        "见营业执照经营范围",
        "依法须经批准的项目，经相关部门批准后方可开展经营活动",
        "空白",
        "暂缺",
        "无主营产品",
        "同上一行",
        "测试",
    ],
)
def test_a_text_that_points_elsewhere_says_nothing(text: str) -> None:
    assert pl.select(says_nothing(pl.lit(text))).item()


def test_notes_in_the_company_column_are_no_companies_and_real_names_stay(tmp_path: Path, intake: Intake) -> None:
    notes = ["*表示已上市企业", "备注", "以上共1家企业", "（此页无正文）", "统计截止时间：2024年12月31日", "共计2家"]
    names = ["样例合计科技有限公司", "总计样例有限公司", "*ST样例科技股份有限公司", "共计样例科技有限公司"]
    path = tmp_path / "a.csv"
    path.write_text("企业名称,注册资本\n" + "".join(f"{name},\n" for name in [*names, *notes]), encoding="utf-8")
    assert sorted(pl.read_parquet(intake(path).tables["companies"])["name"]) == sorted(names)


def test_a_certificate_with_the_year_or_number_of_its_grant_is_that_certificate() -> None:
    known = vocabulary("certificate_kind")
    assert known is not None
    for text in (
        "国家高新技术企业（2021年认定）",
        "高新技术企业（GR202144001234）",
        "高新技术企业（2021-12-20）",
        "国家级高企",
    ):
        assert known.look_up(text) == "high_tech_enterprise", text
    for text in ("高新技术企业（2021年未通过）", "高新技术企业（2021年到期）", "高新技术企业培育库（2021年认定）"):
        assert known.look_up(text) is None, text


@pytest.mark.parametrize(
    ("name", "word", "value"),
    [
        ("certificate_kind", "国家科技进步二等奖", "national_award"),
        ("certificate_kind", "广东省科学技术奖一等奖", "provincial_award"),
        ("certificate_kind", "2023年度广东省科技进步奖（三等奖）", "provincial_award"),
        ("certificate_kind", "样例市科技进步一等奖", None),
        ("certificate_kind", "制造业单项冠军示范企业", "single_champion"),
        ("certificate_kind", "省级创新型中小企业", "innovative_sme"),
        ("certificate_kind", "高新技术企业复审通过", "high_tech_enterprise"),
        ("certificate_kind", "高新技术企业复审未通过", None),
        ("risk_kind", "行政处罚（罚款）", "administrative_penalty"),
        ("risk_kind", "司法协助（股权冻结）", "equity_frozen"),
        ("risk_state", "尚未履行", "current"),
        ("patent_status", "未缴年费终止失效", "expired"),
        ("status", "存续/在业", "active"),
        ("status", "简易注销公告中", "closing"),
        ("status", "已歇业", "dormant"),
        ("status", "非正常户", None),
    ],
)
def test_words_of_registers_and_offices_are_known(name: str, word: str, value: str | None) -> None:
    known = vocabulary(name)
    assert known is not None and known.look_up(word) == value


def test_a_record_removed_on_a_day_is_removed() -> None:
    known = vocabulary("risk_state")
    assert known is not None
    assert known.look_up("已移出（2021-03-01）") == "removed"
    assert known.look_up("未移出（2021-03-01）") == "current"


def test_a_class_without_a_code_takes_that_of_the_division_beside_it(tmp_path: Path, intake: Intake) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "企业名称,国标行业门类,国标行业大类,国标行业中类,国标行业小类\n"
        "样例甲科技有限公司,制造业,专用设备制造业,医疗仪器设备及器械制造,医疗诊断、监护及治疗设备制造\n"
        "样例乙科技有限公司,金融业,货币金融服务,-,-\n"
        "样例丙科技有限公司,-,-,-,某某小类\n",
        encoding="utf-8",
    )
    clean = pl.read_parquet(intake(path).tables["companies"])
    assert dict(clean.select("name", "industry_code").iter_rows()) == {
        "样例甲科技有限公司": "C35",
        "样例乙科技有限公司": "J66",
        "样例丙科技有限公司": None,
    }


def test_a_kind_of_risk_with_the_number_of_its_records_is_that_kind_and_none_of_them_is_none() -> None:
    known = vocabulary("risk_kind")
    assert known is not None
    for text in ("失信被执行人(1条)", "失信被执行人(2)", "失信被执行人3条"):
        assert known.look_up(text) == "dishonest_debtor", text
    for text in ("失信被执行人(0条)", "失信被执行人(0)", "失信被执行人0条"):
        assert known.look_up(text) is None, text
