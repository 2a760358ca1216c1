"""Branches find their head company by its name, and only where one company alone can be meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from screening.dataset import Dataset

    from .conftest import Intake

COLUMNS = ("company_id", "name", "company_type", "former_names", "established_on")
HEAD = {"company_id": "H", "name": "星禾示例科技有限公司"}


def screened(path: Path, intake: Intake, *rows: dict[str, str]) -> Dataset:
    pl.DataFrame(
        [[row.get(column) for column in COLUMNS] for row in rows],
        schema=dict.fromkeys(COLUMNS, pl.String),
        orient="row",
    ).write_csv(path / "a.csv")
    return intake(path / "a.csv")


def parents(dataset: Dataset) -> dict[str, str | None]:
    return dict(pl.read_parquet(dataset.tables["companies"]).select("company_id", "parent_id").iter_rows())


@pytest.mark.parametrize(
    "branch",
    [
        {"name": "星禾示例科技有限公司广州分公司"},
        {"name": "星禾示例科技有限责任公司广州分公司"},
        {"name": "星禾示例科技有限公司 广州营业部"},
        {"name": "星禾示例科技有限公司制造加工厂", "company_type": "来料加工"},
    ],
)
def test_a_branch_finds_the_company_its_name_begins_with(
    branch: dict[str, str], tmp_path: Path, intake: Intake
) -> None:
    dataset = screened(tmp_path, intake, HEAD, {"company_id": "B", **branch})
    assert parents(dataset) == {"H": None, "B": "H"}
    assert (dataset.quality["entities"]["branches"], dataset.quality["entities"]["branches_joined"]) == (1, 1)


def test_brackets_of_any_width_are_one(tmp_path: Path, intake: Intake) -> None:
    found = parents(
        screened(
            tmp_path,
            intake,
            {"company_id": "H", "name": "星禾示例（深圳）股份有限公司"},
            {"company_id": "B", "name": "星禾示例(深圳)股份有限公司第一分公司"},
        )
    )
    assert found["B"] == "H"


def test_a_former_name_will_do(tmp_path: Path, intake: Intake) -> None:
    found = parents(
        screened(
            tmp_path,
            intake,
            {**HEAD, "former_names": "旧名示例科技有限公司；更旧示例公司"},
            {"company_id": "B", "name": "旧名示例科技有限公司佛山分公司"},
        )
    )
    assert found["B"] == "H"


def test_the_longest_name_counts(tmp_path: Path, intake: Intake) -> None:
    found = parents(
        screened(
            tmp_path,
            intake,
            {"company_id": "G", "name": "星禾示例集团"},
            {"company_id": "H", "name": "星禾示例集团科技有限公司"},
            {"company_id": "B", "name": "星禾示例集团科技有限公司广州分公司"},
            {"company_id": "C", "name": "星禾示例集团东莞办事处"},
        )
    )
    assert (found["B"], found["C"]) == ("H", "G")


def test_where_two_companies_answer_to_the_name_neither_is_chosen(tmp_path: Path, intake: Intake) -> None:
    found = parents(
        screened(
            tmp_path,
            intake,
            {**HEAD, "established_on": "2020-01-01"},
            {**HEAD, "company_id": "I", "established_on": "2021-01-01"},
            {"company_id": "B", "name": "星禾示例科技有限公司广州分公司"},
        )
    )
    assert found["B"] is None


@pytest.mark.parametrize(
    "other",
    ["星禾示例", "星禾示例科技有限公司广州分公司", "云岫示例科技有限公司"],
    ids=["an abbreviation", "another branch", "another company"],
)
def test_who_is_no_parent(other: str, tmp_path: Path, intake: Intake) -> None:
    found = parents(
        screened(
            tmp_path,
            intake,
            {"company_id": "H", "name": other},
            {"company_id": "B", "name": "星禾示例科技有限公司广州分公司天河营业部"},
        )
    )
    assert found["B"] is None


def test_a_company_has_no_parent_whatever_its_name_begins_with(tmp_path: Path, intake: Intake) -> None:
    found = parents(screened(tmp_path, intake, HEAD, {"company_id": "C", "name": "星禾示例科技有限公司控股集团"}))
    assert found == {"H": None, "C": None}
