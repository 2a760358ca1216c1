"""Of which day the data are: never the machine's clock alone, never a founding date, never before a search."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from screening.dataset import Dataset, ingest
from screening.errors import DatasetError

from .conftest import TODAY, Intake

if TYPE_CHECKING:
    from pathlib import Path

    from screening.catalog import Table

ROSTER = "企业名称,成立日期,主营产品\n甲示例科技有限公司,2005-03-01,量子密钥\n乙示例科技有限公司,2012-06-01,量子密钥\n"


def test_founding_dates_do_not_date_a_roster(tmp_path: Path, intake: Intake) -> None:
    (tmp_path / "a.csv").write_text(ROSTER, encoding="utf-8")
    found = intake(tmp_path / "a.csv")
    assert (found.as_of, found.as_of_basis) == (TODAY, "today")
    (said,) = [p for p in found.notices if p.code == "data/undated"]
    assert "2012-06-01" in said.message


def test_the_day_of_observation_dates_a_roster(tmp_path: Path, intake: Intake) -> None:
    (tmp_path / "a.csv").write_text("企业名称,成立日期,更新时间\n甲示例公司,2005-03-01,2024-02-03\n", encoding="utf-8")
    found = intake(tmp_path / "a.csv")
    assert (found.as_of, found.as_of_basis) == (date(2024, 2, 3), "newest_date")


def test_a_company_founded_after_the_newest_patent_was_known_and_stays(tmp_path: Path, intake: Intake) -> None:
    (tmp_path / "a.csv").write_text(ROSTER, encoding="utf-8")
    (tmp_path / "p.csv").write_text("企业名称,专利号,申请日\n甲示例科技有限公司,P1,2007-01-02\n", encoding="utf-8")
    (tmp_path / "dataset.yaml").write_text(
        "dataset: {id: d, label: d}\ntables: {companies: {file: a.csv}, patents: {file: p.csv}}\n", encoding="utf-8"
    )
    found = intake(tmp_path)
    assert (found.as_of, found.as_of_basis) == (date(2012, 6, 1), "newest_date")


@pytest.mark.parametrize(
    ("year", "counts"),
    [
        ("2013", date(2013, 12, 31)),
        ("2013年度", date(2013, 12, 31)),
        ("2001", date(2012, 6, 1)),
        ("2100", date(2012, 6, 1)),
    ],
)
def test_accounts_of_a_year_that_ended_after_the_newest_patent_were_known_and_stay(
    year: str, counts: date, tmp_path: Path, intake: Intake
) -> None:
    (tmp_path / "a.csv").write_text(ROSTER, encoding="utf-8")
    (tmp_path / "p.csv").write_text("企业名称,专利号,申请日\n甲示例科技有限公司,P1,2007-01-02\n", encoding="utf-8")
    (tmp_path / "f.csv").write_text(f"企业名称,年度,营业收入\n甲示例科技有限公司,{year},100万元\n", encoding="utf-8")
    (tmp_path / "dataset.yaml").write_text(
        "dataset: {id: d, label: d}\ntables: {companies: {file: a.csv}, patents: {file: p.csv}, financials: {file: f.csv}}\n",
        encoding="utf-8",
    )
    found = intake(tmp_path)
    assert (found.as_of, found.as_of_basis) == (counts, "newest_date")
    assert pl.read_parquet(found.tables["financials"]).height == (year != "2100")
    assert found.rows["companies"].clean == 2


MANIFEST = """
dataset: {{id: demo, label: Demo{head}}}
tables:
  companies: {{file: companies.csv}}
  risk_events: {{file: risk.csv, absence: zero, searched_on: {searched}}}
"""


def folder(path: Path, searched: str, head: str = "") -> Path:
    (path / "companies.csv").write_text(ROSTER, encoding="utf-8")
    (path / "risk.csv").write_text("企业名称,风险类型,列入日期\n甲示例科技有限公司,欠税,2025-01-02\n", encoding="utf-8")
    (path / "dataset.yaml").write_text(MANIFEST.format(head=head, searched=searched), encoding="utf-8")
    return path


def test_the_day_of_a_search_dates_the_data(tmp_path: Path, intake: Intake) -> None:
    found = intake(folder(tmp_path, "2025-06-20"))
    assert (found.as_of, found.as_of_basis) == (date(2025, 6, 20), "newest_date")


@pytest.mark.parametrize(
    ("head", "as_of"),
    [("", None), (", as_of: 2025-06-30", None), ("", date(2025, 6, 30)), (", as_of: 2025-06-30", date(2025, 1, 1))],
)
def test_a_search_after_the_date_of_knowledge_is_refused(
    tmp_path: Path, intake: Intake, head: str, as_of: date | None
) -> None:
    with pytest.raises(DatasetError) as refused:
        intake(folder(tmp_path, "2099-01-01", head), as_of)
    (problem,) = refused.value.problems
    assert problem.code == "dataset/searched-later"
    assert "2099-01-01" in problem.message


DATED = "企业名称,成立日期\n甲示例公司,2005-03-01\n乙示例公司,2027-05-01\n丙示例公司,2099-01-01\n戊示例公司,98-05-14\n"


@pytest.mark.parametrize("today", [date(2025, 1, 1), date(2026, 11, 27), date(2029, 2, 28), date(2040, 12, 31)])
def test_the_year_in_which_a_file_is_read_changes_nothing(
    tmp_path: Path, tables: dict[str, Table], today: date
) -> None:
    source = tmp_path / "a.csv"
    source.write_text(DATED, encoding="utf-8")

    def read(day: date) -> Dataset:
        return ingest(source, tables, None, date(2025, 6, 30), tmp_path / f"w{day}", today=day)

    first, again = read(date(2025, 6, 30)), read(today)
    frames = [pl.read_parquet(d.tables["companies"]) for d in (first, again)]
    assert frames[0].equals(frames[1])
    assert first.rows == again.rows
    days = dict(frames[0].select("name", "established_on").iter_rows())
    assert days == {"甲示例公司": date(2005, 3, 1), "丙示例公司": None, "戊示例公司": date(1998, 5, 14)}
    assert dict(first.rows["companies"].set_aside_by_reason) == {"after_as_of": 1}


def test_a_founding_date_after_the_day_the_dataset_states_is_a_slip_and_the_company_stays(
    tmp_path: Path, intake: Intake
) -> None:
    (tmp_path / "companies.csv").write_text(
        "企业名称,成立日期\n甲示例公司,2026-12-01\n乙示例公司,2025-03-01\n", encoding="utf-8"
    )
    (tmp_path / "dataset.yaml").write_text(
        "dataset: {id: demo, label: Demo, as_of: 2025-06-30}\ntables: {companies: {file: companies.csv}}\n",
        encoding="utf-8",
    )
    clean = pl.read_parquet(intake(tmp_path).tables["companies"]).sort("name")
    assert dict(clean.select("name", "missing_reasons").iter_rows()) == {
        "乙示例公司": None,
        "甲示例公司": "established_on=unparsable",
    }
    earlier = intake(tmp_path, date(2025, 1, 1))
    assert dict(earlier.rows["companies"].set_aside_by_reason) == {"after_as_of": 1}
