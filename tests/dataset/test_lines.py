"""Every physical line of a text belongs to something: a row, a row set aside, the headers, or nothing but blanks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.dataset import delimited, records
from screening.dataset.raw import ROW, RawTable, ReadOptions
from screening.dataset.source import read_source

if TYPE_CHECKING:
    from pathlib import Path

    from screening.catalog import Table

    from .conftest import Intake

HEAD = "企业名称,成立日期,经营范围\n"
ROWS = [f"示例{number}公司,2019-05-01,研发{number}" for number in range(100)]


def read(folder: Path, table: Table, lines: list[str]) -> RawTable:
    path = folder / "a.csv"
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8", newline="")
    return read_source(path, table, ReadOptions("a.csv"))[0]


def changed(**cells: str) -> list[str]:
    rows = list(ROWS)
    for place, text in cells.items():
        rows[int(place.removeprefix("row"))] = text
    return rows


def test_two_cells_that_begin_with_a_stray_quote_swallow_nothing_between_them(
    tmp_path: Path, tables: dict[str, Table]
) -> None:
    rows = changed(row10='示例10公司,2019-05-01,"研发10', row30='示例30公司,2019-05-01,"研发30')
    raw = read(tmp_path, tables["companies"], rows)
    assert (raw.read, raw.frame.height, raw.lines) == (100, 98, 100)
    assert raw.refused["source_row"].to_list() == [12, 32]
    assert set(raw.refused["reason"]) == {"unclosed_quote"}


def test_two_stray_quotes_that_happen_to_close_each_other_are_set_aside_line_by_line(
    tmp_path: Path, tables: dict[str, Table]
) -> None:
    rows = changed(row10='示例10公司,"2019-05-01,研发10', row30='示例30公司,2019-05-01",研发30')
    raw = read(tmp_path, tables["companies"], rows)
    assert (raw.read, raw.frame.height) == (100, 79)
    assert raw.refused["source_row"].to_list() == list(range(12, 33))


def test_a_record_whose_inner_lines_look_like_rows_is_set_aside_line_by_line(
    tmp_path: Path, tables: dict[str, Table]
) -> None:
    rows = changed(row10='示例10公司,2019-05-01,"第一行\n甲公司,2020-01-01,生产\n第三行"')
    raw = read(tmp_path, tables["companies"], rows)
    assert (raw.read, raw.frame.height, raw.refused.height, raw.lines) == (102, 99, 3, 102)


def test_an_honest_text_of_several_lines_is_one_row(tmp_path: Path, tables: dict[str, Table]) -> None:
    rows = changed(row10='示例10公司,2019-05-01,"一、研发；\n二、生产，销售\n三、""咨询"""')
    raw = read(tmp_path, tables["companies"], rows)
    assert (raw.read, raw.refused.height, raw.lines) == (100, 0, 102)
    assert raw.frame.filter(raw.frame[ROW] == 12)["经营范围"].to_list() == ['一、研发；\n二、生产，销售\n三、"咨询"']


@pytest.mark.parametrize("count", [2, 2_001, 20_000])
def test_a_file_of_stray_quotes_loses_no_line_and_takes_linear_time(
    count: int, tmp_path: Path, tables: dict[str, Table]
) -> None:
    raw = read(tmp_path, tables["companies"], [f'示例{number}公司,2019-05-01,"研发' for number in range(count)])
    assert (raw.read, raw.refused.height, raw.frame.height) == (count, count, 0)


def test_quotes_that_never_close_are_looked_for_only_so_far(
    tmp_path: Path, tables: dict[str, Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "MAX_RECORD_LINES", 20)
    rows = ['示例公司,2019-05-01,"研发', *["另一示例公司,2019-05-01,生产"] * 50, '第三示例公司,2019-05-01,x"']
    raw = read(tmp_path, tables["companies"], rows)
    assert (raw.read, raw.frame.height, raw.refused.height) == (52, 51, 1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    lines=st.lists(st.text(alphabet='甲,"\n\r x', max_size=14), min_size=1, max_size=12),
    chunk=st.sampled_from([3, 7, 40]),
)
def test_no_line_is_lost_or_counted_twice_wherever_quotes_stand(
    lines: list[str], chunk: int, tmp_path: Path, tables: dict[str, Table]
) -> None:
    """The reader compares its own counts and raises where they differ; blocks of any size give the same rows."""
    path = tmp_path / "a.csv"
    path.write_bytes((HEAD + "\n".join(lines)).encode())
    [whole] = read_source(path, tables["companies"], ReadOptions("a.csv"))
    before = delimited._CHUNK
    delimited._CHUNK = chunk
    try:
        [pieces] = read_source(path, tables["companies"], ReadOptions("a.csv"))
    finally:
        delimited._CHUNK = before
    assert pieces.frame.equals(whole.frame)
    assert pieces.refused.equals(whole.refused)
    assert whole.lines == pieces.lines


def test_the_record_of_a_file_says_how_many_lines_it_had(tmp_path: Path, intake: Intake) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEAD + '甲示例公司,2019-05-01,"研发\n生产"\n\n乙示例公司,2019-05-01,研发\n', encoding="utf-8")
    record = intake(path).files[0]
    assert (record["rows"], record["lines"], record["blank_rows"]) == (2, 4, 1)


def test_notes_totals_and_signatures_are_no_companies(tmp_path: Path, intake: Intake) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "序号,企业名称,经营范围,注册资本\n1,合计科技示例公司,研发,100万\n2,注册示例公司,研发,100万\n,合计,,200万\n总计（万元）,,,200\n"
        "注：以上数据截至2024年末。,,,\n,制表人：某某,审核人：某某,\n填报日期 2024-01-01,,,\n共2家,,,\nNote: preliminary,,,\n",
        encoding="utf-8",
    )
    rows = intake(path).rows["companies"]
    assert (rows.clean, dict(rows.set_aside_by_reason)) == (2, {"note": 5, "total_row": 2})


def test_a_total_below_the_accounts_makes_nobodys_accounts_unknown(tmp_path: Path, intake: Intake) -> None:
    (tmp_path / "c.csv").write_text("企业名称\n甲示例公司\n", encoding="utf-8")
    (tmp_path / "f.csv").write_text(
        "企业名称,年度,营业收入\n甲示例公司,2024,5000000\n合计,2024,5000000\n制表人：某某,,\n", encoding="utf-8"
    )
    (tmp_path / "dataset.yaml").write_text(
        "dataset: {id: d, label: d}\ntables:\n  companies: {file: c.csv}\n  financials: {file: f.csv}\n",
        encoding="utf-8",
    )
    rows = intake(tmp_path).rows["financials"]
    assert dict(rows.set_aside_by_reason) == {"note": 1, "total_row": 1}


@pytest.mark.parametrize("total", ["3,合计,,320", "三,总计,,320", "3,小计(2家),,320", "No. 3,Total,,320"])
def test_a_total_that_goes_on_with_the_serial_numbers_is_no_company(total: str, tmp_path: Path, intake: Intake) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        f"序号,企业名称,成立日期,注册资本\n1,甲示例公司,2019-05-01,120\n2,乙合计示例公司,2020-05-01,200\n{total}\n",
        encoding="utf-8",
    )
    rows = intake(path).rows["companies"]
    assert (rows.clean, dict(rows.set_aside_by_reason)) == (2, {"total_row": 1})


def test_texts_wrapped_against_spreadsheets_are_unwrapped(
    tmp_path: Path, tables: dict[str, Table], intake: Intake
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        '="企业名称",="注册号",成立日期\n="甲示例公司",="0012","=""2019-05-01"""\n\'乙示例公司,\'0013,\'2019-05-02\n',
        encoding="utf-8",
    )
    clean = pl.read_parquet(intake(path).tables["companies"]).sort("established_on")
    assert [(n, r, str(d)) for n, r, d in clean.select("name", "registration_no", "established_on").rows()] == [
        ("甲示例公司", "0012", "2019-05-01"),
        ("乙示例公司", "0013", "2019-05-02"),
    ]
