"""Rows of one company that contradict each other: the better or newer word stands, and between equals nobody's."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from screening.dataset import Dataset

    from .conftest import Intake

CODE = "91350100M000100Y43"
COLUMNS = (
    "name",
    "uscc",
    "status",
    "city",
    "address",
    "registered_capital",
    "staff",
    "business_scope",
    "source_kind",
    "observed_on",
)
FULL = {"business_scope": "研发", "address": "某路1号", "status": "存续"}
"""What makes the first row the fuller one, so that it stays."""


def written(path: Path, rows: list[dict[str, str]]) -> Path:
    pl.DataFrame(
        [[row.get(column) for column in COLUMNS] for row in rows],
        schema=dict.fromkeys(COLUMNS, pl.String),
        orient="row",
    ).write_csv(path)
    return path


def company(*rows: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": "星禾示例公司", "uscc": CODE, **row} for row in rows]


def kept(dataset: Dataset) -> dict[str, Any]:
    return pl.read_parquet(dataset.tables["companies"]).row(0, named=True)


def conflicts(dataset: Dataset, table: str = "companies") -> dict[str, tuple[int, int]]:
    return {c["column"]: (c["groups"], c["unsettled"]) for c in dataset.quality["tables"][table]["conflicts"]}


def test_between_equal_rows_nobody_is_believed(tmp_path: Path, intake: Intake) -> None:
    dataset = intake(written(tmp_path / "a.csv", company({**FULL, "city": "深圳"}, {"city": "广州"})))
    row = kept(dataset)
    assert (row["city"], row["city_basis"], row["missing_reasons"]) == (None, None, "city=conflict")
    assert dataset.quality["tables"]["companies"]["conflicts"] == [
        {"column": "city", "groups": 1, "unsettled": 1, "examples": [{"key": CODE, "values": ["广州市", "深圳市"]}]}
    ]
    assert dict(dataset.rows["companies"].set_aside_by_reason) == {"duplicate": 1}


@pytest.mark.parametrize(
    ("first", "second", "stands"),
    [
        ({"observed_on": "2025-01-01"}, {"observed_on": "2026-01-01"}, 20),
        ({"observed_on": "2026-01-01"}, {"observed_on": "2025-01-01"}, 10),
        ({"observed_on": "2026-01-01"}, {}, 10),
        ({}, {"observed_on": "2026-01-01"}, 20),
        ({"source_kind": "vendor"}, {"source_kind": "registry"}, 20),
        (
            {"source_kind": "vendor", "observed_on": "2026-01-01"},
            {"source_kind": "registry", "observed_on": "2020-01-01"},
            20,
        ),
        ({"source_kind": "self_reported"}, {}, 10),
        (
            {"source_kind": "vendor", "observed_on": "2026-01-01"},
            {"source_kind": "vendor", "observed_on": "2026-01-01"},
            None,
        ),
    ],
    ids=[
        "newer",
        "older",
        "dated",
        "undated",
        "better source",
        "better before newer",
        "stated before unstated",
        "equal",
    ],
)
def test_the_better_then_the_newer_row_is_believed(
    first: dict[str, str], second: dict[str, str], stands: int | None, tmp_path: Path, intake: Intake
) -> None:
    dataset = intake(written(tmp_path / "a.csv", company({**FULL, **first, "staff": "10"}, {**second, "staff": "20"})))
    row = kept(dataset)
    assert row["business_scope"] == "研发", "the fuller row stays, whoever is believed"
    assert row["staff"] == stands
    assert row["missing_reasons"] == (None if stands else "staff=conflict")
    assert conflicts(dataset)["staff"] == (1, 0 if stands else 1)


def test_the_best_of_several_decides_though_others_disagree(tmp_path: Path, intake: Intake) -> None:
    dataset = intake(
        written(
            tmp_path / "a.csv",
            company(
                {**FULL, "staff": "10", "observed_on": "2024-01-01"},
                {"staff": "20", "observed_on": "2024-01-01"},
                {"staff": "30", "observed_on": "2026-01-01"},
            ),
        )
    )
    assert kept(dataset)["staff"] == 30


def test_what_hangs_on_a_cell_goes_with_it(tmp_path: Path, intake: Intake) -> None:
    rows = company(
        {**FULL, "registered_capital": "100万元", "observed_on": "2025-01-01"},
        {"registered_capital": "100万美元", "observed_on": "2026-01-01"},
    )
    row = kept(intake(written(tmp_path / "a.csv", rows)))
    assert (row["registered_capital"], row["registered_capital_currency"]) == (1_000_000, "USD")


def test_a_status_takes_its_text_along(tmp_path: Path, intake: Intake) -> None:
    rows = company({**FULL, "observed_on": "2025-01-01"}, {"status": "注销", "observed_on": "2026-01-01"})
    row = kept(intake(written(tmp_path / "a.csv", rows)))
    assert (row["status"], row["status_text"]) == ("cancelled", "注销")


def test_a_stated_city_counts_more_than_one_told_from_an_address(tmp_path: Path, intake: Intake) -> None:
    rows = company({**FULL, "city": "深圳"}, {"address": "广州市天河区某路2号"})
    dataset = intake(written(tmp_path / "a.csv", rows))
    assert kept(dataset)["city"] == "深圳市"
    assert conflicts(dataset)["city"] == (1, 0)


def test_free_texts_may_differ(tmp_path: Path, intake: Intake) -> None:
    dataset = intake(written(tmp_path / "a.csv", company({**FULL, "staff": "10"}, {"business_scope": "研发、销售"})))
    assert kept(dataset)["business_scope"] == "研发"
    assert kept(dataset)["missing_reasons"] is None
    assert conflicts(dataset) == {"business_scope": (1, 0)}


def test_a_silent_row_contradicts_nobody_and_is_completed(tmp_path: Path, intake: Intake) -> None:
    dataset = intake(written(tmp_path / "a.csv", company({**FULL, "staff": "10"}, {"city": "深圳"})))
    assert (kept(dataset)["staff"], kept(dataset)["city"]) == (10, "深圳市")
    assert conflicts(dataset) == {}


def test_a_reason_that_was_there_stays(tmp_path: Path, intake: Intake) -> None:
    rows = company({**FULL, "staff": "甚多", "city": "深圳"}, {"city": "广州"})
    assert kept(intake(written(tmp_path / "a.csv", rows)))["missing_reasons"] == "city=conflict;staff=unparsable"


def test_the_order_of_rows_decides_nothing(tmp_path: Path, intake: Intake) -> None:
    rows = company(
        {**FULL, "city": "深圳", "staff": "10"},
        {"city": "广州", "staff": "20", "observed_on": "2026-01-01"},
        {"city": "佛山", "registered_capital": "1万"},
        {"registered_capital": "2万", "status": "注销"},
    )
    seen = []
    for number in range(6):
        dataset = intake(written(tmp_path / f"{number}.csv", random.Random(number).sample(rows, len(rows))))
        seen.append(
            (
                {k: v for k, v in kept(dataset).items() if k not in ("source_file", "source_row", "source_sheet")},
                dataset.quality["tables"]["companies"]["conflicts"],
            )
        )
    assert all(one == seen[0] for one in seen[1:])


MANIFEST = """
dataset: {id: demo, label: Demo, as_of: 2026-01-31}
tables:
  companies: {file: companies.csv}
  financials: {file: financials.csv}
"""


def test_two_accounts_of_one_year_that_disagree_are_no_account(tmp_path: Path, intake: Intake) -> None:
    (tmp_path / "companies.csv").write_text("企业编号,企业名称\nX1,星禾示例公司\n", encoding="utf-8")
    (tmp_path / "financials.csv").write_text(
        "企业编号,年度,营业收入,研发费用,净利润,source_kind\nX1,2024,100,10,5,audited\nX1,2024,200,10,,audited\nX1,2025,7,,1,self_reported\nX1,2025,9,,,audited\n",
        encoding="utf-8",
    )
    (tmp_path / "dataset.yaml").write_text(MANIFEST, encoding="utf-8")
    dataset = intake(tmp_path, None)
    rows = (
        pl.read_parquet(dataset.tables["financials"])
        .select("fiscal_year", "revenue", "rd_expense", "missing_reasons")
        .rows()
    )
    assert rows == [(2024, None, 10, "revenue=conflict"), (2025, 9, None, None)]
    assert conflicts(dataset, "financials") == {"revenue": (2, 1)}
    assert dict(dataset.rows["financials"].set_aside_by_reason) == {"duplicate": 2}
