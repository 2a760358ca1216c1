"""A proposal: the companies whose labels would teach most, as a workbook that is read back once somebody has filled it in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import xlsxwriter

from screening.analysis.gold import read_gold
from screening.analysis.proposal import propose
from screening.run.proposal import WIDTHS, write_proposal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from screening.rulebook.model import RulePack
    from tests.classify.conftest import Classified

BETWEEN = "塑料制品制造；五金制品制造；玩具制造；家具制造；文具制造；通信终端设备制造；灯具制造"
ROWS = [
    *({"uscc": f"O{n}", "business_scope": BETWEEN} for n in range(6)),
    *({"uscc": f"I{n}", "business_scope": "研发、生产燃料电池"} for n in range(4)),
    *({"uscc": f"N{n}", "business_scope": "餐饮服务"} for n in range(8)),
    {"uscc": "D0", "name": "某某生物有限公司", "business_scope": "生产锂离子电池"},
    {"uscc": "S0", "business_scope": "N/A"},
]


def test_most_of_it_lies_between_in_and_out(classified: Callable[..., Classified]) -> None:
    chosen = propose(classified(ROWS), 10)  # type: ignore[arg-type]
    assert len(chosen) == len({one.company_id for one in chosen}) == 10
    reasons = [one.reason for one in chosen]
    assert reasons.count("near_miss") >= 4
    assert {"near_miss", "threshold", "no_hit"} <= set(reasons)
    assert "S0" not in {one.uscc for one in chosen}
    assert propose(classified(ROWS), 10) == chosen  # type: ignore[arg-type]


def test_fewer_companies_than_asked_for_are_each_proposed_once(classified: Callable[..., Classified]) -> None:
    chosen = propose(classified(ROWS), 500)  # type: ignore[arg-type]
    assert sorted(one.uscc for one in chosen) == sorted(row["uscc"] for row in ROWS if row["uscc"] != "S0")


def test_a_filled_workbook_is_read_back_and_empty_rows_are_not_labels(
    classified: Callable[..., Classified], plan: RulePack, tmp_path: Path
) -> None:
    chosen = propose(classified(ROWS), 10)  # type: ignore[arg-type]
    path = tmp_path / "to-label.xlsx"
    write_proposal(chosen, plan, path)
    assert read_gold(path, plan) == ()
    sheet = pl.read_excel(path, sheet_id=1, infer_schema_length=0)
    assert sheet.height == 10
    labelled = sheet.with_columns(
        pl.when(pl.int_range(pl.len()) == 0)
        .then(pl.lit("未来网络"))
        .when(pl.int_range(pl.len()) == 1)
        .then(pl.lit("none"))
        .alias("领域")
    )
    filled = tmp_path / "filled.xlsx"
    with xlsxwriter.Workbook(str(filled)) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, labelled.columns)
        for number, row in enumerate(labelled.fill_null("").iter_rows(), 1):
            page.write_row(number, 0, row)
    gold = read_gold(filled, plan)
    assert [set(row.domains) for row in gold] == [{"二(一)"}, set()]
    assert [row.kind for row in gold] == [one.reason for one in chosen[:2]]
    assert [*WIDTHS] == sheet.columns


def test_a_text_that_looks_like_a_formula_stays_a_text(
    classified: Callable[..., Classified], plan: RulePack, tmp_path: Path
) -> None:
    rows = [{"uscc": "F0", "name": "=1+1", "business_scope": f"=HYPERLINK(1);{BETWEEN}"}]
    path = tmp_path / "to-label.xlsx"
    write_proposal(propose(classified(rows), 1), plan, path)  # type: ignore[arg-type]
    assert pl.read_excel(path, sheet_id=1, infer_schema_length=0)["企业名称"].to_list() == ["=1+1"]
