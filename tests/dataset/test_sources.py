"""What is opened at all: regular files only, of a size that their own records give before they are loaded."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

from screening.dataset import draft_folder, inspect
from screening.dataset.headers import locate_headers, match_headers, missing_columns, near_misses
from screening.dataset.opendocument import sheets_of
from screening.dataset.raw import ReadOptions
from screening.dataset.source import read_source
from screening.dataset.workbook import binary_spans
from screening.errors import DatasetError

if TYPE_CHECKING:
    from screening.catalog import Table

    from .conftest import Intake


def refused(path: Path, table: Table) -> str:
    with pytest.raises(DatasetError) as caught:
        read_source(path, table, ReadOptions(path.name))
    return caught.value.problems[0].code


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are of POSIX systems")
@pytest.mark.parametrize("kind", ["fifo", "device", "folder", "link_to_fifo"])
def test_only_regular_files_are_opened(kind: str, tmp_path: Path, tables: dict[str, Table], intake: Intake) -> None:
    path = tmp_path / "a.csv"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "device":
        path = Path("/dev/zero")
    elif kind == "folder":
        path.mkdir()
    else:
        os.mkfifo(tmp_path / "pipe")
        path.symlink_to(tmp_path / "pipe")
    assert refused(path, tables["companies"]) == "data/not-a-file"
    with pytest.raises(DatasetError):
        inspect(path, tables)
    if kind != "folder":
        with pytest.raises(DatasetError):
            intake(path)


def test_dates_of_no_calendar_are_no_dates(tmp_path: Path, intake: Intake) -> None:
    frame = pl.DataFrame(
        {
            "企业名称": [f"示例{n}公司" for n in range(5)],
            "成立日期": pl.Series([2**31 - 1, -(2**31), 5_000_000, None, 18_017], dtype=pl.Int32).cast(pl.Date),
            "更新时间": pl.Series([2**63 - 1, -(2**63) + 1, 0, None, 1_556_668_800_000_000], dtype=pl.Int64).cast(
                pl.Datetime("us")
            ),
        }
    )
    frame.write_parquet(tmp_path / "a.parquet")
    clean = pl.read_parquet(intake(tmp_path / "a.parquet").tables["companies"]).sort("name")
    assert clean["established_on"].to_list() == [None, None, None, None, date(2019, 5, 1)]
    assert clean["observed_on"].to_list()[-1] == date(2019, 5, 1)
    assert clean["missing_reasons"][0] == "established_on=unparsable;observed_on=unparsable"


def test_a_moment_with_a_zone_is_the_day_it_is_in_china(tmp_path: Path, tables: dict[str, Table]) -> None:
    moment = pl.Series([datetime(2019, 4, 30, 16)], dtype=pl.Datetime("us")).dt.replace_time_zone("UTC")
    pl.DataFrame({"企业名称": ["甲示例公司"], "成立日期": moment}).write_parquet(tmp_path / "a.parquet")
    frame = read_source(tmp_path / "a.parquet", tables["companies"], ReadOptions("a.parquet"))[0].frame
    assert frame["成立日期"].to_list() == ["2019-05-01 00:00:00.000000"]


def test_a_small_file_that_holds_very_much_is_refused_before_it_is_loaded(
    tmp_path: Path, tables: dict[str, Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = 200_000
    pl.DataFrame({"企业名称": ["甲" * 200] * rows, "注册资本": [1] * rows}).write_parquet(tmp_path / "a.parquet")
    assert (tmp_path / "a.parquet").stat().st_size < 100_000
    with duckdb.connect(str(tmp_path / "a.duckdb")) as connection:
        connection.execute("create table companies as select '甲示例公司' as 企业名称 from range(?)", [rows])
    with monkeypatch.context() as patch:
        patch.setattr("screening.dataset.stored.MAX_VALUES", rows - 1)
        assert refused(tmp_path / "a.parquet", tables["companies"]) == "data/too-large"
        assert refused(tmp_path / "a.duckdb", tables["companies"]) == "data/too-large"
    monkeypatch.setattr("screening.dataset.stored.MAX_TEXT", 600 * rows - 1)
    assert refused(tmp_path / "a.parquet", tables["companies"]) == "data/too-large"


def archive(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return path


def test_the_rectangle_of_older_workbooks_is_known_before_their_reader_holds_it(
    tmp_path: Path, tables: dict[str, Table]
) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>企业名称</text:p></table:table-cell>'
    far = '<table:table-row table:number-rows-repeated="1000000"/>'
    wide = f'<table:table-row><table:table-cell table:number-columns-repeated="16000"/>{cell}</table:table-row>'
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{names}:office:1.0" xmlns:table="{names}:table:1.0" xmlns:text="{names}:text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="a"><table:table-row>{cell}</table:table-row>{far}{wide}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    ods = archive(
        tmp_path / "a.ods",
        {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode()},
    )
    assert [(sheet.rows, sheet.columns) for sheet in sheets_of(ods)] == [(1_000_002, 16_001)]
    assert refused(ods, tables["companies"]) == "data/too-large"

    def record(kind: int, data: bytes) -> bytes:
        return bytes([kind, len(data)]) + data

    sheet = io.BytesIO()
    for row, column in ((0, 0), (1_048_575, 16_383)):
        sheet.write(record(0, struct.pack("<IIHBBB", row, 0, 0, 0, 0, 0)))
        sheet.write(record(2, struct.pack("<IIi", column, 0, 0)))
    xlsb = archive(tmp_path / "a.xlsb", {"xl/workbook.bin": b"", "xl/worksheets/sheet1.bin": sheet.getvalue()})
    assert binary_spans(xlsb) == [(1_048_576, 16_384)]
    assert refused(xlsb, tables["companies"]) == "data/too-large"


def test_a_header_row_beyond_any_sheet_is_refused_where_it_is_written(tmp_path: Path, intake: Intake) -> None:
    (tmp_path / "c.csv").write_text("企业名称\n甲示例公司\n", encoding="utf-8")
    (tmp_path / "dataset.yaml").write_text(
        f"dataset: {{id: d, label: d}}\ntables:\n  companies: {{file: c.csv, header_row: {10**30}}}\n", encoding="utf-8"
    )
    with pytest.raises(DatasetError) as caught:
        intake(tmp_path)
    assert caught.value.problems[0].position is not None
    assert caught.value.problems[0].position.line == 3


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("企业(机构)类型", "company_type"), ("企业（集团）名称", "name"), ("所属地市", "city"), ("公司规模", "staff"),
        ("国标行业小类", "industry_name"), ("注册资本万元", "registered_capital"), ("通信地址", "operating_address"),
        ("主营业务及产品", "products"), ("*企业名称(必填)", "name"), ("1.企业名称", "name"), ("一、成立日期", "established_on"),
        ("公司名稱", "name"), ("統一社會信用代碼", "uscc"), ("經營範圍", "business_scope"), ("Company Name", "name"),
        ("company-name", "name"), ("Business Scope", "business_scope"), ("Registered Address", "address"),
        ("REGISTERED CAPITAL (RMB '000)", "registered_capital"), ("Unified Social Credit Code", "uscc"),
        ("Date of Establishment", "established_on"), ("企业名称/公司名称", "name"), ("市场主体名称", "name"),
        ("申报单位名称", "name"), ("县（市、区）", "district"), ("Number of Employees", "staff"),
    ],
)  # fmt: skip
def test_headers_of_vendors_and_official_lists_are_known(header: str, column: str, tables: dict[str, Table]) -> None:
    assert [match.column for match in match_headers([header], tables["companies"]).matches] == [column]


@pytest.mark.parametrize(
    "header", ["公司/电话", "联系人", "法定代表人", "备注", "序号", "2024年营业收入", "企业联系电话"]
)
def test_what_means_something_else_is_left_alone(header: str, tables: dict[str, Table]) -> None:
    for table in tables.values():
        assert not match_headers([header], table).matches


def test_near_misses_are_proposed_and_what_is_missing_is_said(tmp_path: Path, tables: dict[str, Table]) -> None:
    found = match_headers(["企业名称信息", "企业成立日期时间", "经营范圍内容", "颜色"], tables["companies"])
    assert near_misses(found, tables["companies"]) == {
        "企业名称信息": "name",
        "企业成立日期时间": "established_on",
        "经营范圍内容": "business_scope",
    }
    assert missing_columns(found, tables["companies"]) == ("name",)
    path = tmp_path / "a.csv"
    path.write_text("企业名称信息,成立日期,注册地址\n甲示例公司,2019-05-01,广州市\n", encoding="utf-8")
    seen = inspect(path, tables)
    assert (seen.missing, dict(seen.near)) == (("name",), {"企业名称信息": "name"})
    assert "# needed: name: 企业名称信息" in seen.draft


def test_a_folder_is_drafted_with_what_each_file_lacks(
    tmp_path: Path, tables: dict[str, Table], intake: Intake
) -> None:
    (tmp_path / "名单.csv").write_text("单位：万元,\n企业名称,注册资本\n甲示例公司,500\n", encoding="utf-8")
    (tmp_path / "专利.csv").write_text("申请人,专利名称,法律状态\n甲示例公司,一种装置,授权\n", encoding="utf-8")
    (tmp_path / "~$名单.xlsx").write_bytes(b"lock")
    draft, problems = draft_folder(tmp_path, tables)
    assert [(p.code, p.severity) for p in problems] == [("data/required-column", "warning")]
    assert "registered_capital: 万元" in draft
    (tmp_path / "dataset.yaml").write_text(draft, encoding="utf-8")
    with pytest.raises(DatasetError) as caught:
        intake(tmp_path)
    assert [p.code for p in caught.value.problems] == ["data/required-column"]


def test_the_message_for_unknown_headers_shows_the_row_that_looks_like_headers(
    tmp_path: Path, tables: dict[str, Table]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",,\n编码,色彩,尺寸\n1,红,大\n", encoding="utf-8")
    with pytest.raises(DatasetError) as caught:
        read_source(path, tables["companies"], ReadOptions("a.csv"))
    assert "编码, 色彩, 尺寸" in caught.value.problems[0].message


def test_only_rows_that_may_hold_headers_are_matched(tables: dict[str, Table], monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of data cost a look into an index each, not a matching against every column."""
    matched = 0

    def counting(*arguments: object) -> object:
        nonlocal matched
        matched += 1
        return match_headers(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("screening.dataset.headers.match_headers", counting)
    rows = [
        ["样例园区企业名单", "", ""],
        ["企业名称", "成立日期", "经营范围"],
        *[["甲示例公司", "2019-05-01", "研发"]] * 18,
    ]
    found = locate_headers(rows, tables["companies"])
    assert found is not None
    assert (found.index, found.recognised, matched) == (1, 3, 1)
