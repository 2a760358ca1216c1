"""Rows of companies that the date of knowledge does not know: they concern nobody of the roster, so nobody's facts are opened by them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Intake

AS_OF = date(2024, 12, 31)
COMPANIES = (
    "企业编号,企业名称,统一社会信用代码,成立日期\n"
    "/c/alpha,样例甲有限公司,,2020-01-02\n"
    "/c/beta-two,样例乙有限公司,,2021-03-04\n"
    "/c/gamma9,样例丙科技有限公司,,2025-05-06\n"
)
MANIFEST = (
    "dataset: {id: later, label: 晚成立}\n"
    "tables:\n"
    "  companies: {file: companies.csv}\n"
    "  risk_events: {file: risks.csv, absence: zero, searched_on: 2024-12-01}\n"
)


def opened(intake: Intake, folder: Path, *risks: str) -> dict[str, str | None]:
    (folder / "companies.csv").write_text(COMPANIES, encoding="utf-8")
    (folder / "risks.csv").write_text("企业编号,风险类型,发生日期\n" + "\n".join(risks) + "\n", encoding="utf-8")
    (folder / "dataset.yaml").write_text(MANIFEST, encoding="utf-8")
    dataset = intake(folder, as_of=AS_OF)
    frame = pl.read_parquet(dataset.tables["companies"])
    return dict(frame.select("name", "open_tables").iter_rows())


@pytest.mark.parametrize("reference", ["/c/gamma9", "样例丙科技有限公司"])
def test_a_row_of_a_company_founded_later_opens_nobody(intake: Intake, tmp_path: Path, reference: str) -> None:
    found = opened(intake, tmp_path, f"{reference},失信被执行人,2024-06-01")
    assert found == {"样例甲有限公司": None, "样例乙有限公司": None}


def test_a_row_dated_later_opens_nobody(intake: Intake, tmp_path: Path) -> None:
    found = opened(intake, tmp_path, "/c/alpha,失信被执行人,2025-06-01")
    assert found == {"样例甲有限公司": None, "样例乙有限公司": None}


def test_a_row_that_names_nobody_known_still_opens_those_it_may_concern(intake: Intake, tmp_path: Path) -> None:
    found = opened(intake, tmp_path, "HX-123,失信被执行人,2024-06-01")
    assert found == {"样例甲有限公司": "risk_events=set_aside", "样例乙有限公司": "risk_events=set_aside"}
