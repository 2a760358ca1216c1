"""Who is who: ids, duplicates, conflicts, and child rows to their company."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.dataset import raw

from .conftest import Intake, examples

if TYPE_CHECKING:
    from pathlib import Path

    from screening.dataset import Dataset

COLUMNS = ("company_id", "name", "uscc", "established_on", "city", "address", "business_scope", "former_names")


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    frame = pl.DataFrame(
        [[row.get(column) for column in COLUMNS] for row in rows],
        schema=dict.fromkeys(COLUMNS, pl.String),
        orient="row",
    )
    frame.write_csv(path)
    return path


def companies(dataset: Dataset) -> pl.DataFrame:
    return pl.read_parquet(dataset.tables["companies"])


@pytest.mark.parametrize("example", examples("identity"), ids=lambda e: e["name"])
def test_identity(example: dict[str, Any], tmp_path: Path, intake: Intake) -> None:
    dataset = intake(write(tmp_path / "a.csv", example["rows"]))
    clean = companies(dataset)
    ids = sorted(clean["company_id"].to_list())
    if isinstance(example["ids"], int):
        assert len(ids) == example["ids"]
    else:
        assert [found if wanted != "n-" else found[:2] for found, wanted in zip(ids, example["ids"], strict=True)] == (
            example["ids"]
        )
    assert clean["company_id"].n_unique() == clean.height
    assert dict(dataset.rows["companies"].set_aside_by_reason) == example.get("aside", {})
    assert dataset.quality["entities"]["code_conflicts"] == example.get("code_conflicts", 0)
    for column, value in example.get("kept", {}).items():
        assert clean[column].to_list() == [value]


def test_a_duplicate_says_which_company_it_repeats(tmp_path: Path, intake: Intake) -> None:
    rows = [{"name": "星禾示例公司", "uscc": "91350100M000100Y43"}] * 2
    dataset = intake(write(tmp_path / "a.csv", rows))
    aside = pl.read_parquet(dataset.set_aside["companies"])
    assert aside.select("reason", "detail").rows() == [("duplicate", "91350100M000100Y43")]
    assert '"name": "星禾示例公司"' in aside["original"][0]


NAMES = st.sampled_from(
    ["甲示例公司", "乙示例有限公司", "乙示例有限责任公司", "丙示例（广州）公司", "丙示例(广州)公司", "", "合计"]
)
CODES = st.sampled_from(["", "91350100M000100Y43", "91350100M000100Y44", "9.1E+17"])
DATES = st.sampled_from(["", "2020-01-01", "2021年2月3日", "2099-01-01", "1970-01-01"])
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "address": st.just("某路1号"),
            "name": NAMES,
            "uscc": CODES,
            "established_on": DATES,
            "city": st.sampled_from(["", "广州", "深圳"]),
            "former_names": st.sampled_from(["", "甲示例公司", "乙示例有限公司;甲示例公司"]),
        }
    ),
    min_size=1,
    max_size=24,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(rows=ROWS, seed=st.integers(0, 99))
def test_order_of_rows_changes_nothing_and_no_row_is_lost(
    rows: list[dict[str, str]], seed: int, tmp_path: Path, intake: Intake
) -> None:
    rows = [*rows, {"name": "丁示例公司"}]
    shuffled = random.Random(seed).sample(rows, len(rows))
    datasets = [intake(write(tmp_path / f"{n}.csv", listed)) for n, listed in enumerate((rows, shuffled))]
    first, second = (companies(dataset).drop("source_file", "source_row", "source_sheet") for dataset in datasets)
    assert first.equals(second)
    assert first["company_id"].n_unique() == first.height
    for dataset in datasets:
        counted = dataset.rows["companies"]
        assert counted.read == counted.clean + counted.set_aside == len(rows)
    assert datasets[0].rows == datasets[1].rows


MANIFEST = """
dataset: {id: demo, label: Demo, as_of: 2026-01-31}
tables:
  companies: {file: companies.csv}
  patents: {file: patents.csv, absence: zero, searched_on: 2026-01-10}
"""


def test_child_rows_find_their_company_by_id_code_or_name(tmp_path: Path, intake: Intake) -> None:
    write(
        tmp_path / "companies.csv",
        [
            {"company_id": "X1", "name": "星禾示例（深圳）有限责任公司", "uscc": "91350100M000100Y43"},
            {"company_id": "X2", "name": "云岫示例公司"},
            {"company_id": "X3", "name": "朔光示例公司", "established_on": "2020-01-01"},
            {"company_id": "X4", "name": "朔光示例公司", "established_on": "2021-01-01"},
        ],
    )
    (tmp_path / "patents.csv").write_text(
        "企业编号,企业名称,专利号\nX1,,P1\n91350100m000100y43,,P2\n,星禾示例(深圳)有限公司,P3\n云岫示例公司,,P4\n,无此示例公司,P5\n"
        "X9,云岫示例公司,P6\n,朔光示例公司,P7\n",
        encoding="utf-8",
    )
    (tmp_path / "dataset.yaml").write_text(MANIFEST, encoding="utf-8")
    dataset = intake(tmp_path)
    patents = pl.read_parquet(dataset.tables["patents"])
    assert patents.select("patent_no", "company_id").sort("patent_no").rows() == [
        ("P1", "X1"),
        ("P2", "X1"),
        ("P3", "X1"),
        ("P4", "X2"),
        ("P6", "X2"),
    ]
    aside = pl.read_parquet(dataset.set_aside["patents"]).select("reason", "detail").sort("reason").rows()
    assert aside == [("ambiguous_company", "朔光示例公司"), ("no_company", "无此示例公司")]


def test_child_rows_of_a_repeated_company_follow_the_row_that_stays(tmp_path: Path, intake: Intake) -> None:
    write(
        tmp_path / "companies.csv",
        [
            {"company_id": "X1", "name": "星禾示例公司", "uscc": "91350100M000100Y43", "city": "深圳"},
            {"company_id": "X2", "name": "星禾示例公司", "uscc": "91350100M000100Y43"},
        ],
    )
    (tmp_path / "patents.csv").write_text("企业编号,专利号\nX1,P1\nX2,P2\nX2,P2\n", encoding="utf-8")
    (tmp_path / "dataset.yaml").write_text(MANIFEST, encoding="utf-8")
    dataset = intake(tmp_path)
    patents = pl.read_parquet(dataset.tables["patents"])
    assert patents["company_id"].to_list() == ["X1", "X1"]
    assert dict(dataset.rows["patents"].set_aside_by_reason) == {"duplicate": 1}


@pytest.mark.parametrize("at_once", [250_000, 1])
def test_an_id_that_was_made_here_and_is_now_the_key_of_another_row_stays_the_key_of_that_row_alone(
    tmp_path: Path, intake: Intake, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """Given books that took an id over and call the company otherwise by now, beside a list that knows the name alone; expect two ids, never one twice."""
    monkeypatch.setattr(raw, "RANGE_ROWS", at_once)
    old = {"name": "样例旧名有限公司", "established_on": "2021-01-01"}
    [made] = companies(intake(write(tmp_path / "a.csv", [old])))["company_id"]
    book = {"company_id": made, "name": "样例新名有限公司", "established_on": "2020-01-01"}
    found = companies(intake(write(tmp_path / "b.csv", [book, old])))
    assert found.filter(pl.col("company_id") == made)["name"].to_list() == ["样例新名有限公司"]
    assert (found.height, found["company_id"].n_unique()) == (2, 2)
