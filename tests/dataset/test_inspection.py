"""`screen inspect`: what was recognised, what was not, and a draft that works when saved."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from screening.dataset import draft_folder, inspect
from screening.errors import DatasetError

from .broken_files import GOOD, workbook

if TYPE_CHECKING:
    from screening.catalog import Table

    from .conftest import Intake


def test_a_saved_draft_reads_the_file_as_it_was_seen(tmp_path: Path, tables: dict[str, Table], intake: Intake) -> None:
    path = tmp_path / "示例 export.csv"
    path.write_bytes(
        ("说明\n" + GOOD.replace("注册资本", "注册资本(万元)").replace("地区", "法人").replace(",", ";")).encode(
            "gb18030"
        )
    )
    seen = inspect(path, tables)
    assert (seen.table, seen.form, seen.encoding, seen.separator, seen.header_row, seen.rows) == (
        "companies",
        "csv",
        "gb18030",
        ";",
        2,
        3,
    )
    assert seen.unrecognised == ("法人",)
    assert {record["column"]: record["unit"] for record in seen.columns}["registered_capital"] == "万元"
    (tmp_path / "dataset.yaml").write_text(seen.draft, encoding="utf-8")
    assert intake(tmp_path).rows["companies"].clean == 3


def test_a_child_table_is_recognised_and_asks_what_absence_means(tmp_path: Path, tables: dict[str, Table]) -> None:
    path = tmp_path / "p.csv"
    path.write_text("统一社会信用代码,专利号,专利类型,申请日\nx,P1,发明专利,2020-01-01\n", encoding="utf-8")
    seen = inspect(path, tables)
    assert seen.table == "patents"
    assert "absence: unknown" in seen.draft


def test_the_sheet_with_the_table_is_chosen_and_the_others_are_listed(tmp_path: Path, tables: dict[str, Table]) -> None:
    cells: list[list[object]] = [list(line.split(",")) for line in GOOD.splitlines()]
    seen = inspect(workbook(tmp_path / "a.xlsx", {"说明": [["x"]], "企业 名录": cells}), tables)
    assert (seen.sheet, seen.sheets) == ("企业 名录", ("说明", "企业 名录"))
    assert [problem.code for problem in seen.notices] == ["data/sheets"]
    assert 'sheet: "企业 名录"' in seen.draft


def test_every_sheet_of_a_workbook_that_holds_a_table_is_drafted(
    tmp_path: Path, tables: dict[str, Table], intake: Intake
) -> None:
    roster: list[list[object]] = [
        ["企业名称", "成立日期", "地区", "经营范围"],
        ["甲示例公司", "2020-01-01", "广州", "研发"],
        ["乙示例公司", "2021-01-01", "深圳", "研发"],
    ]
    sheets: dict[str, list[list[object]]] = {
        "说明": [["本表由园区提供"]],
        "专利": [
            ["专利权人", "专利号", "专利名称", "专利类型", "申请日", "授权日"],
            ["甲示例公司", "P1", "方法", "发明专利", "2020-01-01", ""],
        ],
        "一期": roster,
        "二期": [roster[0], ["丙示例公司", "2022-01-01", "佛山", "研发"]],
        "股东": [["企业名称", "股东类型", "持股比例", "注册资本"], ["甲示例公司", "创始人", "60%", "7"]],
        "联系人": [["企业名称", "联系人"], ["丁示例公司", "某"]],
    }
    seen = inspect(workbook(tmp_path / "a.xlsx", sheets), tables)
    assert [(part.table, part.sheet) for part in (seen, *seen.further)] == [
        ("companies", "一期"),
        ("companies", "二期"),
        ("patents", "专利"),
        ("holders", "股东"),
    ]
    assert "说明, 联系人" in next(problem.message for problem in seen.notices if problem.code == "data/sheets")
    (tmp_path / "dataset.yaml").write_text(seen.draft, encoding="utf-8")
    dataset = intake(tmp_path)
    assert {name: dataset.rows[name].clean for name in ("companies", "patents", "holders")} == {
        "companies": 3,
        "patents": 1,
        "holders": 1,
    }


def test_a_folder_is_drafted_whole(tmp_path: Path, tables: dict[str, Table], intake: Intake) -> None:
    (tmp_path / "companies.csv").write_text(GOOD, encoding="utf-8")
    pl.DataFrame({"企业名称": ["星禾示例科技有限公司"], "专利号": ["P1"]}).write_parquet(tmp_path / "patents.parquet")
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7")
    text, problems = draft_folder(tmp_path, tables)
    assert [problem.code for problem in problems] == ["data/form"]
    (tmp_path / "dataset.yaml").write_text(text, encoding="utf-8")
    dataset = intake(tmp_path)
    assert (dataset.rows["companies"].clean, dataset.rows["patents"].clean) == (3, 1)


@pytest.mark.parametrize("name", ["名单.xlsx", "名单.XLS", "名单.et"])
def test_a_text_named_as_a_workbook_is_told_as_text_when_nothing_is_recognised(
    name: str, tmp_path: Path, tables: dict[str, Table]
) -> None:
    path = tmp_path / name
    path.write_text("foo;bar\n1;2\n", encoding="utf-8")
    with pytest.raises(DatasetError, match=r"is no workbook.*separated by ';'.*foo"):
        inspect(path, tables)


@pytest.mark.parametrize("name", ["~$名单.xlsx", ".~lock.名单.xlsx#"])
def test_the_lock_copy_of_an_open_workbook_is_told_as_such(name: str, tmp_path: Path, tables: dict[str, Table]) -> None:
    path = tmp_path / name
    path.write_bytes(b"\x05admin".ljust(55) + "admin".encode("utf-16-le") + b" \x00" * 50)
    with pytest.raises(DatasetError) as ended:
        inspect(path, tables)
    [problem] = ended.value.problems
    assert problem.code == "data/lock-copy"
    assert problem.remedy == "close the workbook and give 名单.xlsx itself"


def test_a_relative_path_is_shown_as_given(
    tmp_path: Path, tables: dict[str, Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for given in ("../in/无.xlsx", "../无.xlsx", "../../无/a/b.csv"):
        with pytest.raises(DatasetError, match=re.escape(f"no file {given}")):
            inspect(Path(given), tables)


def test_accounts_on_the_sheet_of_companies_are_told_where_they_belong(
    tmp_path: Path, tables: dict[str, Table], intake: Intake
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("企业名称,成立日期,营业收入,净利润\n样例甲有限公司,2020-01-01,9000000,5\n", encoding="utf-8")
    [told] = [p for p in inspect(path, tables).notices if p.code == "data/other-table"]
    assert "营业收入, 净利润" in told.message
    assert "'financials'" in told.message
    head = "dataset: {id: a, label: a, as_of: 2025-09-01}\ntables:\n  companies: {files: [{file: a.csv}]}\n"
    (tmp_path / "dataset.yaml").write_text(head, encoding="utf-8")
    assert "data/other-table" in {p.code for p in intake(tmp_path).notices}
    said = "  financials: {files: [{file: a.csv, constants: {fiscal_year: 2024}}]}\n"
    (tmp_path / "dataset.yaml").write_text(head + said, encoding="utf-8")
    followed = intake(tmp_path)
    assert "data/other-table" not in {p.code for p in followed.notices}
    assert followed.rows["financials"].clean == 1
