"""Situations of real users as small inputs (`../shared/cases`), read by intake to the right value."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from screening.errors import DatasetError

if TYPE_CHECKING:
    from .conftest import Intake

CASES = Path(__file__).parents[2].parent / "shared" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason=f"the cases of real users are not at {CASES}")

RIGHT: list[tuple[str, str, str, list[str | None]]] = [
    ("12-bracket-negatives", "financials", "net_profit", ["-12000000", "-12000000"]),
    ("12-bracket-negatives", "financials", "operating_cash_flow", ["-8000000", "-8000000"]),
    ("13-unicode-minus", "financials", "net_profit", ["-12340000", "-1234.56", "-1234.56"]),
    ("13-unicode-minus", "financials", "operating_cash_flow", ["-500", "-500", None]),
    ("13-unicode-minus", "financials", "gross_profit", ["-300", None, None]),
    ("14-unit-in-title", "financials", "revenue", ["52000000", "73000000"]),
    ("17-percent-format", "holders", "share", ["0.15", "0.4", "0.45"]),
    ("19-decimal-comma", "companies", "registered_capital", ["12.5", "1234.56", "1234567.89", "97100.7"]),
    ("20-foreign-capital", "companies", "registered_capital", ["0", "1500000", "1500000", *[None] * 7]),
    ("22-zero-dates", "companies", "established_on", ["2019-05-01", *[None] * 8]),
    (
        "23-minguo-years",
        "companies",
        "established_on",
        ["2010-05-01", "2010-05-01", "2019-05-01", "2019-05-01", "2019-05-01", "2021-05-01"],
    ),
    ("24-utc-midnight", "companies", "established_on", ["2019-01-01", "2019-05-01", "2019-05-01", "2019-05-01"]),
    (
        "25-day-first-column",
        "companies",
        "established_on",
        ["2010-09-21", "2013-07-26", "2014-05-07", "2018-05-22", "2019-12-11"],
    ),
    ("26-month-as-number", "companies", "established_on", ["2019-09-01", "2019-11-01", None, None]),
    ("27-vendor-headers/list.csv", "companies", "registered_capital", ["10000000"]),
    ("27-vendor-headers/tyc.csv", "companies", "industry_name", ["通信系统设备制造"]),
    ("27-vendor-headers/qcc.csv", "companies", "company_type", ["有限责任公司(自然人独资)"]),
    ("30-generic-status-column", "companies", "status", [None] * 3),
    ("31-merged-company-cells", "patents", "patent_no", ["ZL1", "ZL2", "ZL3", "ZL4", "ZL5"]),
    ("40-csv-shapes/width.csv", "companies", "name", ["广州样例丙科技有限公司"]),
    ("40-csv-shapes/cr.csv", "companies", "description", ["量子通信"]),
    ("40-csv-shapes/pipe.csv", "companies", "description", ["量子通信,研发,制造"]),
    ("41-encodings/utf16.csv", "companies", "description", ["量子通信"]),
    ("42-scientific-codes/a.csv", "companies", "registered_capital", [None] * 4),
    ("43-notes-and-signatures", "companies", "name", ["广州样例甲量子科技有限公司"]),
    ("43-notes-and-signatures", "companies", "registered_capital", ["10000000"]),
    ("60-hidden-sheet", "companies", "name", ["广州样例新科技有限公司"]),
    ("61-unit-in-number-format", "companies", "registered_capital", ["12345600", "5000000"]),
    ("62-formulas-never-calculated/zerocache.xlsx", "companies", "registered_capital", [None, None]),
    ("62-formulas-never-calculated/nocache.xlsx", "companies", "registered_capital", [None, None]),
]


def source(name: str) -> Path:
    path = CASES / name
    if path.is_file() or (path / "dataset.yaml").is_file():
        return path
    return next(iter(sorted(path.iterdir())))


@pytest.mark.parametrize(("case", "table", "column", "right"), RIGHT, ids=lambda value: str(value)[:40])
def test_a_case_is_read_right(case: str, table: str, column: str, right: list[str | None], intake: Intake) -> None:
    cells = pl.read_parquet(intake(source(case)).tables[table])[column].cast(pl.String)
    plain = [cell.rstrip("0").rstrip(".") if cell and "." in cell else cell for cell in cells.to_list()]
    assert sorted(plain, key=lambda cell: (cell is None, cell)) == sorted(right, key=lambda cell: (cell is None, cell))


def test_two_encodings_in_one_file_are_refused_with_the_line(intake: Intake) -> None:
    with pytest.raises(DatasetError) as caught:
        intake(CASES / "41-encodings" / "mixed.csv")
    assert "line 3" in caught.value.problems[0].message
