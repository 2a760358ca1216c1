"""A table in many parts, as Spark writes it: all parts are one table, and names of folders are text."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import polars as pl
import pytest

from screening.errors import DatasetError

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Intake

MANIFEST = """\
dataset: {id: demo, label: Demo, as_of: 2026-01-31}
tables:
  companies: {file: companies}
  financials: {file: accounts.parquet, columns: {fiscal_year: fy}}
"""


def part(path: Path, **columns: list[object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(columns).write_parquet(path)


def written(folder: Path) -> Path:
    """Two tables: companies by district, one part without a row; accounts by year, which stands in no file."""
    for place, names in (("07", ["样例甲公司", "样例乙公司"]), ("0755", ["样例丙公司"]), ("1", [])):
        part(folder / f"companies/员工人数={place}/part-0.parquet", 企业名称=pl.Series(names, dtype=pl.String))  # type: ignore[arg-type]
    (folder / "companies" / "_SUCCESS").touch()
    (folder / "companies" / ".part-0.parquet.crc").touch()
    for year, revenue in (("2023", 1.5), ("2024", 2.5)):
        part(folder / f"accounts.parquet/fy={year}/a.parquet", 企业名称=["样例甲公司"], **{"营业收入(万元)": [revenue]})
    (folder / "dataset.yaml").write_text(MANIFEST, encoding="utf-8")
    return folder


def test_parts_are_one_table_and_folders_tell_what_no_file_holds(tmp_path: Path, intake: Intake) -> None:
    dataset = intake(written(tmp_path))
    assert (dataset.rows["companies"].read, dataset.rows["companies"].clean) == (3, 3)
    companies = pl.read_parquet(dataset.tables["companies"]).sort("name")
    assert companies["staff"].to_list() == [755, 7, 7]
    accounts = pl.read_parquet(dataset.tables["financials"])
    assert accounts.select("fiscal_year", "revenue").rows() == [(2023, 15_000), (2024, 25_000)]
    assert accounts["source_file"].to_list() == [f"accounts.parquet/fy={y}/a.parquet" for y in (2023, 2024)]


def test_a_code_in_the_name_of_a_folder_keeps_its_zeros(tmp_path: Path, intake: Intake) -> None:
    """Spark, polars and DuckDB would read 003 as 3 and 2025-01-02 as a moment."""
    part(tmp_path / "list" / "company_id=003" / "a.parquet", 企业名称=["样例甲公司"])
    part(tmp_path / "list" / "company_id=__HIVE_DEFAULT_PARTITION__" / "a.parquet", 企业名称=["样例乙公司"])
    part(tmp_path / "list" / "company_id=a%3Ab" / "成立日期=2025-01-02" / "a.parquet", 企业名称=["样例丙公司"])
    companies = pl.read_parquet(intake(tmp_path / "list").tables["companies"]).sort("name")
    ids = companies["company_id"].to_list()
    assert ids[0] == "a:b"
    assert ids[2] == "003"
    assert ids[1].startswith("n-")
    assert companies["established_on"].to_list() == [datetime.date(2025, 1, 2), None, None]


def test_a_column_of_the_file_goes_before_its_folder(tmp_path: Path, intake: Intake) -> None:
    part(tmp_path / "list" / "company_id=9" / "a.parquet", 企业名称=["样例甲公司"], company_id=["7"])
    assert pl.read_parquet(intake(tmp_path / "list").tables["companies"])["company_id"].to_list() == ["7"]


def test_one_file_and_its_parts_give_the_same_table(tmp_path: Path, intake: Intake) -> None:
    names: list[object] = [f"样例{i:02}公司" for i in range(20)]
    part(tmp_path / "one" / "all.parquet", 企业名称=names)
    for i in range(4):
        part(tmp_path / "many" / f"part-{i}.parquet", 企业名称=names[i::4])
    one, many = (
        pl.read_parquet(intake(tmp_path / place).tables["companies"]).drop("source_file", "source_row")
        for place in ("one", "many")
    )
    assert one.equals(many)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("_temporary/0/part-1.parquet", "still being written"),
        ("part-1.csv", "holds something else: part-1.csv"),
    ],
)
def test_half_a_table_does_not_pass_for_a_whole_one(more: str, said: str, tmp_path: Path, intake: Intake) -> None:
    part(tmp_path / "list" / "part-0.parquet", 企业名称=["样例甲公司"])
    (tmp_path / "list" / more).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "list" / more).touch()
    with pytest.raises(DatasetError) as caught:
        intake(tmp_path / "list")
    [problem] = caught.value.problems
    assert (problem.code, said in problem.message) == ("data/parquet-folder", True), problem.message


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path, intake: Intake) -> None:
    part(tmp_path / "list" / "part-0.parquet", 企业名称=["样例甲公司"])
    part(tmp_path / "elsewhere.parquet", 企业名称=["样例乙公司"])
    (tmp_path / "list" / "part-1.parquet").symlink_to(tmp_path / "elsewhere.parquet")
    with pytest.raises(DatasetError, match="something else"):
        intake(tmp_path / "list")
