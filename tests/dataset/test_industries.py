"""Industry cells: a code or a name of GB/T 4754, else unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from screening.dataset.industry import industry_of

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Intake


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("3921", "3921"),
        ("C3921", "C3921"),
        ("c39", "C39"),
        ("J", "J"),
        ("C-39", "C39"),
        ("C / 39 / 392 / 3921", "C3921"),
        ("J66 货币金融服务", "J66"),
        ("金融业", "J"),
        ("房地产业", "K70"),
        ("计算机、通信和其他电子设备制造业", "C39"),
        ("制造业-计算机、通信和其他电子设备制造业", "C39"),
        ("制造业(C)", "C"),
        ("計算機、通信和其他電子設備製造業", "C39"),
        ("量子产业", None),
        ("人工智能", None),
        ("高新技术", None),
        ("J39", None),
        ("制造业-货币金融服务", None),
        ("99", None),
        ("U12", None),
        ("3", None),
    ],
)
def test_an_industry_is_a_code_or_a_name_of_the_standard(cell: str, code: str | None) -> None:
    assert industry_of(cell) == code


def test_a_list_that_only_names_the_industry_is_read_and_what_it_does_not_tell_stays_unknown(
    tmp_path: Path, intake: Intake
) -> None:
    (tmp_path / "a.csv").write_text(
        "企业名称,所属行业\n甲示例公司,货币金融服务\n乙示例公司,量子产业\n", encoding="utf-8"
    )
    clean = pl.read_parquet(intake(tmp_path / "a.csv").tables["companies"]).sort("name")
    assert dict(clean.select("name", "industry_code").iter_rows()) == {"甲示例公司": "J66", "乙示例公司": None}


def test_a_code_that_is_none_is_named(tmp_path: Path, intake: Intake) -> None:
    (tmp_path / "a.csv").write_text("企业名称,行业代码\n甲示例公司,J39\n乙示例公司,C3921\n", encoding="utf-8")
    clean = pl.read_parquet(intake(tmp_path / "a.csv").tables["companies"]).sort("name")
    assert dict(clean.select("name", "missing_reasons").iter_rows()) == {
        "甲示例公司": "industry_code=unparsable",
        "乙示例公司": None,
    }
