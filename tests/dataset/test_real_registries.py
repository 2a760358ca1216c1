"""Figures on the real tables beside the project, where they are present: nothing lost, cities and capitals told."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from screening.dataset import ingest
from screening.geography import CityNames, Geography

from .conftest import ROOT, TODAY

if TYPE_CHECKING:
    from pathlib import Path

    from screening.catalog import Table
    from screening.dataset import Dataset

DATA = ROOT.parent / "shared" / "data"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real tables are not beside the project"),
]


@pytest.fixture(scope="module")
def province() -> Geography:
    divisions = pl.read_csv(DATA / "guangdong_divisions.csv", infer_schema_length=0)
    return Geography(
        "广东省",
        tuple(
            CityNames(str(name), group["city_code"][0], (), tuple(group["district"].to_list()))
            for (name,), group in divisions.group_by("city", maintain_order=True)
        ),
    )


def read(name: str, as_of: date | None, tables: dict[str, Table], province: Geography, work: Path) -> Dataset:
    return ingest(DATA / name, tables, province, as_of, work, today=TODAY)


def column(dataset: Dataset, name: str) -> dict[str, object]:
    return next(c for c in dataset.quality["tables"]["companies"]["columns"] if c["column"] == name)


def test_registry(tables: dict[str, Table], province: Geography, tmp_path: Path) -> None:
    dataset = read("guangdong_registry.parquet", date(2019, 5, 1), tables, province, tmp_path)
    rows = dataset.rows["companies"]
    assert rows.read == 115_803 == rows.clean + rows.set_aside
    assert rows.set_aside < 100
    clean = pl.read_parquet(dataset.tables["companies"])
    assert clean["city"].null_count() <= 0.005 * clean.height
    assert set(clean["city"].drop_nulls()) == {city.name for city in province.cities}
    capital = clean.filter(
        pl.col("registered_capital_currency").is_not_null()
        | pl.col("missing_reasons").str.contains("registered_capital=unparsable")
    )
    read_cells = capital.filter(pl.col("registered_capital_currency").is_not_null()).height
    assert read_cells >= 0.999 * capital.height > 0.7 * clean.height
    assert column(dataset, "uscc")["suspicious"] == {"invalid_code": 3}


def test_city_told_without_the_declared_one_agrees_with_it(
    tables: dict[str, Table], province: Geography, tmp_path: Path
) -> None:
    source = pl.read_parquet(DATA / "guangdong_registry.parquet").sample(20_000, seed=7)
    source.rename({"地区": "x", "所在省份": "y"}).write_parquet(tmp_path / "a.parquet")
    dataset = ingest(tmp_path / "a.parquet", tables, province, date(2019, 5, 1), tmp_path / "work", today=TODAY)
    told = pl.read_parquet(dataset.tables["companies"]).select("city", "source_row")
    declared = source.with_row_index("source_row", offset=1).select(
        pl.col("source_row").cast(pl.Int64), declared=pl.col("地区") + "市"
    )
    both = told.join(declared, on="source_row")
    assert both["city"].null_count() < 0.005 * both.height
    assert both.filter(pl.col("city") == pl.col("declared")).height > 0.998 * both.height


def test_modern_registry(tables: dict[str, Table], province: Geography, tmp_path: Path) -> None:
    dataset = read("modern_registry.parquet", date(2025, 9, 1), tables, province, tmp_path)
    # One code stands under an old and a new name of one founding date: one company, renamed.
    assert (dataset.rows["companies"].read, dataset.rows["companies"].set_aside) == (2_071, 1)
    entities = dataset.quality["entities"]
    assert (entities["status"]["cancelled"], entities["status"]["revoked"]) == (37, 4)
    # Institutes, associations, trade unions and law firms: every row whose code is not an enterprise's.
    assert sum(entities["entity_kind"][kind] for kind in ("institute", "association", "other")) == 34


def test_startups(tables: dict[str, Table], province: Geography, tmp_path: Path) -> None:
    dataset = read("startups.parquet", None, tables, province, tmp_path)
    rows = dataset.rows["companies"]
    # Two rows repeat a company; a third is one under its former name.
    assert (rows.read, rows.clean, dict(rows.set_aside_by_reason)) == (1_755, 1_752, {"duplicate": 3})
    assert column(dataset, "established_on")["suspicious"]["machine_zero"] == 2  # type: ignore[index]


def test_shuffled_registry_gives_the_same_clean_table(
    tables: dict[str, Table], province: Geography, tmp_path: Path
) -> None:
    source = pl.read_parquet(DATA / "startups.parquet")
    clean = []
    for number, frame in enumerate((source, source.sample(fraction=1, shuffle=True, seed=11))):
        frame.write_parquet(tmp_path / f"{number}.parquet")
        dataset = ingest(tmp_path / f"{number}.parquet", tables, province, None, tmp_path / f"w{number}", today=TODAY)
        clean.append(pl.read_parquet(dataset.tables["companies"]).drop("source_file", "source_row", "source_sheet"))
    assert clean[0].equals(clean[1])
