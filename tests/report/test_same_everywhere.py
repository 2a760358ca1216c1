"""One number in every place: for all companies of the sample, relations, ranking page, workbook, flat file and dossiers say the same."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import fastexcel
import polars as pl
import pytest

from screening.report.wording import Words
from tests.run.shared import sample_run

if TYPE_CHECKING:
    from pathlib import Path

NUMBERS = ("score", "score_low", "score_high", "fit", "merit")
TITLES = ("总分", "总分下限", "总分上限", "契合度", "企业质量")
PLACES = (16, 17, 18, 10, 13)
"""Where the page's rows hold these numbers, in hundredths."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_run(tmp_path_factory.getbasetemp()).run_dir


@pytest.fixture(scope="module")
def ranking(folder: Path) -> dict[str, dict[str, Any]]:
    rows = pl.read_parquet(folder / "result" / "ranking.parquet").iter_rows(named=True)
    return {row["company_id"]: row for row in rows}


def inert(page: Path, name: str) -> Any:
    found = re.search(
        rf'<script type="application/json" id="{name}">(.*?)</script>', page.read_text(encoding="utf-8"), re.S
    )
    assert found
    return json.loads(found[1])


def cents(value: object) -> int | None:
    return None if value in (None, "") else int((Decimal(str(value)) * 100).to_integral_value())


@pytest.mark.parametrize("page", ["report.html", "report.en.html"])
def test_the_rows_of_the_page_are_those_of_the_relation(
    folder: Path, ranking: dict[str, dict[str, Any]], page: str
) -> None:
    data, listed = inert(folder / page, "rows"), {}
    for row in ranking.values():
        if row["rank"] is not None:
            listed[row["name"], row["uscc"] or ""] = row
    assert len(data["rows"]) == len(listed)
    for shown in data["rows"]:
        row = listed[shown[2], shown[3]]
        assert shown[0] == row["rank"], row["company_id"]
        assert [shown[at] for at in PLACES] == [cents(row[n]) for n in NUMBERS], row["company_id"]
        assert data["texts"]["outcome"][shown[21]] == row["outcome"], row["company_id"]


def test_the_workbook_and_the_flat_file_say_the_same_of_everybody(
    folder: Path, ranking: dict[str, dict[str, Any]]
) -> None:
    book = fastexcel.read_excel(folder / "ranking.xlsx").load_sheet("排名").to_polars()
    flat = pl.read_csv(folder / "ranking.csv", infer_schema=False)
    assert len(book) == len(flat) == len(ranking)
    words = Words("zh")
    for cells, line in zip(book.iter_rows(named=True), flat.iter_rows(named=True), strict=True):
        row = ranking[cells["企业编号"]]
        for told in (cells, line):
            assert told["企业编号"] == row["company_id"]
            assert told["结论"] == words.of("outcome", row["outcome"])
            assert [cents(told[t]) for t in TITLES] == [cents(row[n]) for n in NUMBERS], row["company_id"]
            assert (None if told["排名"] in (None, "") else int(float(told["排名"]))) == row["rank"]


def test_every_dossier_shows_the_points_of_the_relation(folder: Path, ranking: dict[str, dict[str, Any]]) -> None:
    criteria = {
        r["company_id"]: r for r in pl.read_parquet(folder / "result" / "criteria.parquet").iter_rows(named=True)
    }
    traced = fastexcel.read_excel(folder / "ranking.xlsx").load_sheet("评分项").to_polars()
    seen = 0
    for company_id, sheet in traced.group_by("编号"):
        page = folder / "dossiers" / f"{company_id[0]}.html"
        row, html = criteria[str(company_id[0])], page.read_text(encoding="utf-8")
        shown = {
            rule: cents(value.replace("−", "-"))
            for rule, value in re.findall(r'id="rule-(\w+)".*?<span class="val">([^<]*)<span class="of">', html, re.S)
            if value != "—"
        }
        for line in sheet.iter_rows(named=True):
            rule, contributed = line["规则编号"], row.get(f"{line['规则编号']}.contribution")
            if contributed is None:
                continue
            assert cents(line["得分"]) == cents(contributed) == shown[rule], (company_id, rule)
            seen += 1
        score = ranking[str(company_id[0])]["score"]
        assert f"{score:.2f}" in html
    assert seen > 40


def test_numbers_of_the_workbook_carry_the_units_of_a_reader(folder: Path) -> None:
    book = fastexcel.read_excel(folder / "ranking.xlsx")
    units = {u for name in ("事实与来源", "同行对照") for u in book.load_sheet(name).to_polars()["单位"].to_list()}
    assert not any(re.fullmatch(r"[a-z_]+", unit or "") for unit in units), units
