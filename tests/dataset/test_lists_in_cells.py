"""Rows that speak of several companies, or of several kinds of one thing, count once for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from screening.dataset.lists import codes_in, companies_in, kinds_in
from screening.dataset.vocabulary import vocabulary

from .test_vendor_tables import A, B, C, folder, rows

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Intake

HEAD = "申请人,专利号,专利类型\n"


@pytest.mark.parametrize(
    "cell",
    [
        f"{A};{B}",
        f"{A}；{B}；某大学",
        f"{A}、{B}",
        f"{A} {B}",
        f"{A}/{B}",
        f"{A}|{B}",
        f"1.{A} 2.{B}",
        f"①{A}②{B}",
        f"{A}和{B}",
        f"{A}；{B}等3家单位",
        f"{A};{B};Sample Quantum Co., Ltd.",
        f"{B};{A};{B}",
    ],
)
def test_a_patent_of_several_applicants_is_each_ones_that_is_in_the_roster(
    cell: str, tmp_path: Path, intake: Intake
) -> None:
    dataset = intake(folder(tmp_path, "patents", f'{HEAD}"{cell}",ZL1,发明\n'))
    assert rows(dataset, "patents", "patent_no") == [(B, "ZL1"), (A, "ZL1")]
    count = dataset.rows["patents"]
    assert (count.read, count.clean, count.set_aside) == (2, 2, 0)
    assert [p.code for p in dataset.notices if p.code == "data/rows-of-lists"]


def test_a_list_of_strangers_is_one_row_set_aside_and_concerns_nobody(tmp_path: Path, intake: Intake) -> None:
    dataset = intake(folder(tmp_path, "patents", f"{HEAD}某大学;某材料研究院,ZL1,发明\n{A},ZL2,发明\n"))
    assert dataset.rows["patents"].set_aside_by_reason == {"no_company": 1}
    assert not [p for p in dataset.notices if p.code == "data/rows-lost"]


def test_a_name_in_a_list_that_may_be_a_company_spelt_otherwise_opens_its_facts(tmp_path: Path, intake: Intake) -> None:
    slip = "深圳示例乙量子科技公司"
    dataset = intake(
        folder(
            tmp_path, "patents", f"{HEAD}{A};{slip},ZL1,发明\n", roster=f"企业名称\n{A}\n{B}\n佛山无关陶瓷有限公司\n"
        )
    )
    opened = pl.read_parquet(dataset.tables["companies"]).filter(pl.col("open_tables").is_not_null())
    assert B in opened["name"].to_list()
    assert "佛山无关陶瓷有限公司" not in opened["name"].to_list()


def test_codes_beside_names_are_taken_pair_by_pair(tmp_path: Path, intake: Intake) -> None:
    one, two = "91449900MA0A1B2C0Q", "91449900MA0A1B2D0R"
    dataset = intake(
        folder(
            tmp_path,
            "patents",
            f"统一社会信用代码,{HEAD}{one};{two},{A};{B},ZL1,发明\n{one},{A};{C},ZL2,发明\n",
            roster=f"企业名称,统一社会信用代码\n{A},{one}\n{B},{two}\n{C},\n",
        )
    )
    assert rows(dataset, "patents", "patent_no") == [(C, "ZL2"), (B, "ZL1"), (A, "ZL1"), (A, "ZL2")]


@pytest.mark.parametrize(
    "name",
    [
        "Sample Quantum Co., Ltd.",
        "示例（原甲、乙）科技有限公司",
        "北京和睦示例科技有限公司",
        "示例与时俱进科技有限公司",
        "示例及第文化有限公司",
    ],
)
def test_a_mark_inside_a_name_parts_nothing(name: str) -> None:
    assert companies_in(name) is None


@pytest.mark.parametrize(
    ("cell", "kinds"),
    [
        ("失信被执行人;被执行人", ["dishonest_debtor", "enforcement"]),
        ("失信被执行人2条，被执行人5条", ["dishonest_debtor", "enforcement"]),
        ("行政处罚 股权冻结", ["administrative_penalty", "equity_frozen"]),
        ("失信被执行人和限制高消费", ["consumption_limit", "dishonest_debtor"]),
        ("①行政处罚②欠税公告", ["administrative_penalty", "tax_arrears"]),
        ("失信被执行人：0条；被执行人：3条", ["enforcement", "other"]),
        ("无失信被执行人；有被执行人", ["enforcement", "other"]),
        ("失信被执行人；无", ["dishonest_debtor"]),
        ("失信被执行人、某种新事项", ["dishonest_debtor", None]),
        # Denied of one may be denied of all.
        ("无失信被执行人、行政处罚", [None]),
        ("历史失信被执行人、被执行人", [None]),
        ("失信被执行人、被执行人均无", [None]),
        ("无", ["other"]),
        ("未发现", ["other"]),
    ],
)
def test_a_risk_cell_of_several_kinds_is_a_record_of_each(
    cell: str, kinds: list[str | None], tmp_path: Path, intake: Intake
) -> None:
    dataset = intake(folder(tmp_path, "risk_events", f'企业名称,风险类型,日期\n{A},"{cell}",2025-06-01\n'))
    found = [kind for _, kind in rows(dataset, "risk_events", "kind")]
    assert sorted(found, key=str) == sorted(kinds, key=str)


def test_certificates_named_in_one_cell_are_each_held_and_a_planned_list_is_not(tmp_path: Path, intake: Intake) -> None:
    content = (
        "企业名称,资质,发证日期\n"
        f"{A},高新技术企业、专精特新中小企业,2024-01-01\n{B},拟认定高新技术企业、专精特新企业,2024-01-01\n"
    )
    found = rows(intake(folder(tmp_path, "certificates", content)), "certificates", "kind")
    assert found == [(B, None), (A, "high_tech_enterprise"), (A, "specialized_sme")]


def test_an_amount_of_several_kinds_is_nobodys(tmp_path: Path, intake: Intake) -> None:
    content = (
        f"企业名称,风险类型,日期,金额\n{A},被执行人;限制高消费,2025-06-01,500万元\n{B},被执行人,2025-06-01,500万元\n"
    )
    found = rows(intake(folder(tmp_path, "risk_events", content)), "risk_events", "kind", "amount")
    assert found == [(B, "enforcement", "5000000"), (A, "consumption_limit", None), (A, "enforcement", None)]


def test_one_word_is_no_list() -> None:
    assert kinds_in("B轮及以后", vocabulary("round") or pytest.fail("there are words for rounds")) is None
    known = vocabulary("round")
    assert known is not None
    assert kinds_in("天使/种子轮", known) is None
    assert kinds_in("A轮、B轮", known) == ("A轮", "B轮")


@pytest.mark.parametrize(
    "cell",
    [
        "202010000001.X、202010000002.8",
        "202010000001.X;202010000002.8",
        "202010000001.X，202010000002.8",
        "①202010000001.X②202010000002.8",
        "202010000001.X、202010000002.8等2件",
    ],
)
def test_patents_listed_in_one_cell_are_counted_one_by_one(cell: str, tmp_path: Path, intake: Intake) -> None:
    dataset = intake(folder(tmp_path, "patents", f"企业名称,专利号,专利类型\n{A},{cell},发明\n"))
    assert rows(dataset, "patents", "patent_no", "kind") == [
        (A, "202010000001.X", "invention"),
        (A, "202010000002.8", "invention"),
    ]


@pytest.mark.parametrize(
    "cell", ["202010000001.X", "CN202010000001.X/CN1234567A", "1,234", "ZL 2020 1 0000001.X", "a、b"]
)
def test_one_number_is_one_patent(cell: str) -> None:
    assert codes_in(cell) is None


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("失信被执行人、行政处罚,有效、已移出,2020/1/1,", [("administrative_penalty", "removed", "2020-01-01", None), ("dishonest_debtor", "current", "2020-01-01", None)]),
        ("失信被执行人；行政处罚,有效,2020-01-01；2021-01-01,10万元；20万元", [("administrative_penalty", "current", "2021-01-01", "200000"), ("dishonest_debtor", "current", "2020-01-01", "100000")]),
        ("失信被执行人；行政处罚；经营异常,有效,2020/1/1,10万元", [("abnormal_operation", "current", "2020-01-01", None), ("administrative_penalty", "current", "2020-01-01", None), ("dishonest_debtor", "current", "2020-01-01", None)]),
    ],
)  # fmt: skip
def test_what_is_listed_beside_a_list_goes_with_it_in_its_order(
    line: str, right: list[tuple[str | None, ...]], tmp_path: Path, intake: Intake
) -> None:
    dataset = intake(folder(tmp_path, "risk_events", f"企业名称,风险类型,当前状态,列入日期,金额\n{A},{line}\n"))
    assert rows(dataset, "risk_events", "kind", "state", "occurred_on", "amount") == [(A, *row) for row in right]


def test_records_and_their_numbers_listed_side_by_side_are_no_more_than_either(tmp_path: Path, intake: Intake) -> None:
    content = f"企业名称,风险类型,文号\n{A},失信被执行人；行政处罚,(2025)例执1号；(2025)例罚2号\n{B},失信被执行人；行政处罚,(2025)例3号；(2025)例4号；(2025)例5号\n"
    dataset = intake(folder(tmp_path, "risk_events", content))
    assert [row[:2] for row in rows(dataset, "risk_events", "kind")] == [
        (B, "administrative_penalty"),
        (B, "dishonest_debtor"),
        (A, "administrative_penalty"),
        (A, "dishonest_debtor"),
    ]
