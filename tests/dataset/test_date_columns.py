"""Dates are read a column at a time: what one cell leaves open its neighbours settle, or it stays open."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.dataset import dates
from screening.dataset.dates import EARLIEST, parse_date
from screening.dataset.reading import ColumnReading

from .conftest import TODAY, Intake

if TYPE_CHECKING:
    from pathlib import Path


def days(*cells: str) -> list[str | None]:
    found = parse_date("day", pl.Series("day", cells, dtype=pl.String), TODAY).columns["day"]
    return [None if day is None else str(day) for day in found]


def counted(*cells: str) -> dict[str, int]:
    return {k: n for k, n in parse_date("day", pl.Series(cells), TODAY).counts.items() if n}


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (["21/09/2010", "07/05/2014", "11/12/2019"], ["2010-09-21", "2014-05-07", "2019-12-11"]),
        (["09/21/2010", "07/05/2014", "11/12/2019"], ["2010-09-21", "2014-07-05", "2019-11-12"]),
        (["21.9.2010", "7.5.2014"], ["2010-09-21", "2014-05-07"]),
        (["21/09/2010 00:00", "07/05/2014 00:00"], ["2010-09-21", "2014-05-07"]),
        # Nothing tells the order, or the column contradicts itself: only what is one day in both is read.
        (["07/05/2014", "05/05/2014"], [None, "2014-05-05"]),
        (["21/09/2010", "09/21/2010", "07/05/2014"], ["2010-09-21", "2010-09-21", None]),
        (["05/31/19", "06/05/19"], ["2019-05-31", "2019-06-05"]),
        (["31/05/19", "06/05/19"], ["2019-05-31", "2019-05-06"]),
        (["17-05-14", "98-05-14"], ["2017-05-14", "1998-05-14"]),
    ],
)
def test_day_and_month_are_told_apart_by_the_whole_column(column: list[str], expected: list[str | None]) -> None:
    got = days(*column)
    assert [day for day, want in zip(got, expected, strict=True) if want is not None] == [w for w in expected if w]
    assert [day is None for day in got] == [want is None for want in expected]


@given(st.lists(st.dates(EARLIEST, TODAY), min_size=1, max_size=12), st.booleans())
def test_an_order_is_never_guessed_wrong(written: list[date], day_first: bool) -> None:
    cells = [f"{d:%d/%m/%Y}" if day_first else f"{d:%m/%d/%Y}" for d in written]
    for got, day in zip(days(*cells), written, strict=True):
        assert got is None or got == str(day) or day == date(1970, 1, 1)


def test_an_open_order_is_counted() -> None:
    assert counted("07/05/2014", "2019-05-01") == {"order_open": 1}


@pytest.mark.parametrize(
    ("header", "cell", "day"),
    [
        ("設立日期(民國)", "99/05/01", "2010-05-01"),
        ("成立日期(DD/MM/YYYY)", "05/06/2014", "2014-06-05"),
        ("成立日期(DD/MM/YY)", "05/06/14", "2014-06-05"),
        ("成立日期（月/日/年）", "05/06/2014", "2014-05-06"),
        ("成立日期(年/月/日)", "05/06/2014", None),
    ],
)
def test_a_header_says_how_its_dates_are_written(header: str, cell: str, day: str | None) -> None:
    found = parse_date("day", pl.Series([cell]), TODAY, header=header).columns["day"].item()
    assert (found and found.isoformat()) == day


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("民国108年5月1日", "2019-05-01"),
        ("民國 99 年 5 月 1 日", "2010-05-01"),
        ("中華民國113年1月2日", "2024-01-02"),
        ("108/05/01", "2019-05-01"),
        ("110-5-1", "2021-05-01"),
        ("1080501", "2019-05-01"),
        ("0990501", "2010-05-01"),
        ("099/05/01", "2010-05-01"),
        ("108 年 5 月 1 日", "2019-05-01"),
    ],
)
def test_years_of_the_republic_are_read(cell: str, day: str) -> None:
    assert days(cell) == [day]


def test_two_digits_are_years_of_the_republic_beside_others_of_it() -> None:
    assert days("99/05/01", "108/05/01") == ["2010-05-01", "2019-05-01"]
    assert days("99/05/01") == ["1999-05-01"]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2019-04-30T16:00:00.000Z", "2019-05-01"),
        ("2018-12-31T16:00Z", "2019-01-01"),
        ("2019-04-30 16:00:00 UTC", "2019-05-01"),
        ("2019-04-30T15:59:59Z", "2019-04-30"),
        ("2019-05-01T00:00:00+08:00", "2019-05-01"),
        ("2019-04-30T12:00:00-04:00", "2019-05-01"),
        ("2019-05-01 08:00:00", "2019-05-01"),
    ],
)
def test_a_moment_with_its_zone_is_the_day_it_is_in_china(cell: str, day: str) -> None:
    assert days(cell) == [day]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2019-04-29T15:59:17.000Z", "2019-04-30"),
        ("2019-04-29T15:59:17Z", "2019-04-30"),
        ("2019-04-29 23:59:17", "2019-04-30"),
        ("2019-04-29T23:59:17+08:00", "2019-04-30"),
        ("1556553557000", "2019-04-30"),
        ("2018-12-31T15:59:17.000Z", "2019-01-01"),
        ("2019-04-29T15:59:18.000Z", "2019-04-29"),
        ("2019-04-29 23:59:59", "2019-04-29"),
    ],
)
def test_a_date_that_a_browser_library_wrote_43_seconds_short_is_the_day_it_stands_for(cell: str, day: str) -> None:
    assert days(cell) == [day]


def test_a_day_that_the_zone_changed_is_counted() -> None:
    assert counted("2019-04-30T16:00:00Z", "2019-04-30T08:00:00Z") == {"zone_changed_day": 1}


@given(st.dates(EARLIEST + timedelta(days=1), TODAY - timedelta(days=1)))
def test_midnight_in_china_written_in_utc_is_the_day_before_no_more(day: date) -> None:
    if day != date(1970, 1, 1):
        assert days(f"{day - timedelta(days=1)}T16:00:00.000Z") == [str(day)]


@pytest.mark.parametrize("cell", ["2019.1", "2020.1"])
def test_october_typed_into_a_number_cell_is_left_open(cell: str) -> None:
    assert days(cell, "2019.09", "2019.11") == [None, "2019-09-01", "2019-11-01"]
    assert counted(cell) == {"zero_lost": 1}


def test_january_written_with_its_zero_or_a_day_is_january() -> None:
    assert days("2019.01", "2019-1", "2019.1.5", "2019年1月") == [
        "2019-01-01",
        "2019-01-01",
        "2019-01-05",
        "2019-01-01",
    ]


def test_months_named_in_english() -> None:
    cells = [
        "21-Sep-2010",
        "Sep 21, 2010",
        "21 September 2010",
        "2010-Sep-21",
        "21/sep/2010",
        "1 Sept 2010",
        "21-Sep-10",
    ]
    assert days(*cells) == ["2010-09-21"] * 5 + ["2010-09-01", "2010-09-21"]


def test_dates_in_chinese_numerals() -> None:
    cells = [
        "二〇一九年五月一日",
        "二零一九年十二月二十一日",
        "二○一九年十月三十日",
        "二〇一九年五月",
        "二〇一九年十三月一日",
    ]
    assert days(*cells) == ["2019-05-01", "2019-12-21", "2019-10-30", "2019-05-01", None]


def test_zeros_of_programs_are_no_dates() -> None:
    zeros = ["1900-01-00", "1900/1/0", "1", "0", "1899-12-30", "1970-01-01", "0000-00-00", "2019-00-00", "00:00:00"]
    assert days(*zeros) == [None] * len(zeros)


def test_dates_that_stay_open_are_said(tmp_path: Path, intake: Intake) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "企业名称,成立日期,更新时间\n甲示例公司,07/05/2014,2019.1\n乙示例公司,2019-05-01,2019.09\n", encoding="utf-8"
    )
    said = [problem.message for problem in intake(path).notices if problem.code == "data/open-dates"]
    assert ["成立日期" in said[0], "更新时间" in said[1]] == [True, True]


WRITINGS = st.sampled_from(
    [
        "2021-03-02", "1970-01-01", "1949-09-30", "1949-10-01", "2050-12-31", "2999-01-01", "2021-02-30", "2021-13-01", "9999-12-31",
        "2021/3/2", "2023年4月", "2019.1", "30/10/2023", "05/04/2023", "21-03-02", "31-12-99", "108-03-02", "民国108年3月2日", "44927",
        "2023-04-05T20:00:00Z", "长期", "暂无", "21-Sep-2010", "2021-03-02 00:00:00", "abc", None,
    ]
)  # fmt: skip


@settings(max_examples=30)
@given(st.lists(WRITINGS, max_size=6), st.booleans())
def test_a_plain_day_is_read_as_it_would_be_beside_every_other_writing(cells: list[str | None], ahead: bool) -> None:
    column = pl.Series("day", cells, dtype=pl.String)
    short, whole = ColumnReading(), ColumnReading()
    found = parse_date("day", column, TODAY, may_be_future=ahead, reading=short)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(dates, "_PLAIN", "^$")
        expected = parse_date("day", column, TODAY, may_be_future=ahead, reading=whole)
    assert found.columns["day"].to_list() == expected.columns["day"].to_list()
    assert (found.reason.to_list(), found.counts) == (expected.reason.to_list(), expected.counts)
    assert {k: n for k, n in short.sums.items() if n} == {k: n for k, n in whole.sums.items() if n}
