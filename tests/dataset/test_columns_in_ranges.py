"""A cell reads the same wherever the rows of its file are cut: what a column settles is weighed over all ranges first."""

from __future__ import annotations

from datetime import date
from itertools import pairwise, permutations
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from screening.dataset.columns import FileSpec, Observed, parse_columns, weigh_columns
from screening.dataset.reading import ColumnReading, Readings

if TYPE_CHECKING:
    from screening.catalog import Table

TODAY = date(2026, 6, 30)
CELLS = {
    "companies.uscc": ["91440300MA5EXA0019", "914403001922038216", "912345678901234176", "9.1440E+17", "无", None],
    "companies.established_on": [
        "05/04/2023", "13/04/2023", "04/13/2023", "19-05-04", "31-12-19", "108.05.04", "30.06.15", "2023-04-05",
        "05/05/2023", "民国99年1月2日", "2019.1", "5 Apr 2023", "2023-04-05T16:00:00Z", "长期", "无", None,
    ],
    "companies.registered_capital": [
        "1.234,5", "1,234.5", "1.234", "1,234", "12,5", "12.5", "500", "3000万元", "200万美元", "1.234.567", "乱写", None,
    ],
    "companies.staff": ["1.234", "1,234", "12人", "1.234.567", "12,5", "100-499人", "十二人", "不详", None],
    "companies.listed": ["○", "●", "×", "是", "否", "无", "□是 ☑否", "谁知道", None],
    "companies.industry_code": ["C39", "I", "软件和信息技术服务业", "量子产业", None],
    "companies.industry_name": ["制造业", "金融业", "软件和信息技术服务业", None],
    "companies.observed_on": ["01/02/2025", "02/01/2025", "25/12/2025", "2025-01-02", None],
    "holders.share": ["0.5", "0.45", "45", "1", "1.2", "45%", "5‰", "12,5", "12.5", None],
    "holders.observed_on": ["25-12-24", "24-12-25", "12-11-10", None],
    "financials.fiscal_year": ["2024", "2,024", "2024年度", "2.024", "2024上半年", None],
    "financials.revenue": ["0,5", "0.5", "1.234", "1,234", "(1,200)", "亏损3万", None],
    "milestones.amount": ["5200万元", "7300", "1.234", "12,34", "12.345,67", None],
}  # fmt: skip


TOGETHER = [
    *([key] for key in CELLS if not key.startswith("companies.industry")),
    ["companies.industry_code", "companies.industry_name"],
]
"""Columns of which one says how the other is read; any other is read by itself."""


@st.composite
def ranged(draw: st.DrawFn) -> tuple[str, dict[str, list[str | None]], list[int]]:
    """A table, cells of a column or two (of few kinds, so that what settles a column differs), where it is cut."""
    keys = draw(st.sampled_from(TOGETHER))
    height = draw(st.integers(2, 6))
    texts = {}
    for key in keys:
        kinds = draw(st.lists(st.sampled_from(CELLS[key]), min_size=1, max_size=3, unique=True))
        texts[key.partition(".")[2]] = draw(st.lists(st.sampled_from(kinds), min_size=height, max_size=height))
    cuts = draw(st.lists(st.integers(1, height - 1), min_size=1, max_size=2))
    return keys[0].partition(".")[0], texts, sorted({0, *cuts, height})


@settings(max_examples=40)
@given(drawn=ranged(), stated=st.sampled_from([{}, {"share": "%"}]))
def test_a_table_reads_the_same_in_one_piece_and_in_any_ranges(
    tables: dict[str, Table],
    drawn: tuple[str, dict[str, list[str | None]], list[int]],
    stated: dict[str, str],
) -> None:
    name, cells, cuts = drawn
    reads_the_same(tables[name], cells, cuts, FileSpec(units=stated, made_on=TODAY))


@pytest.mark.parametrize("keys", TOGETHER, ids=lambda keys: keys[0])
def test_two_cells_settle_how_a_third_in_a_range_of_its_own_is_read(tables: dict[str, Table], keys: list[str]) -> None:
    """Of every two kinds of cells of a column, one twice and the other behind the cut."""
    table, _, _ = keys[0].partition(".")
    # Those that stand first are those that another one settles, or that settle others.
    kinds = {key.partition(".")[2]: CELLS[key][:8] for key in keys}
    for one, other in permutations(range(max(map(len, kinds.values()))), 2):
        cells = {c: [k[one % len(k)], k[one % len(k)], k[other % len(k)]] for c, k in kinds.items()}
        reads_the_same(tables[table], cells, [0, 2, 3], FileSpec(made_on=TODAY))


def reads_the_same(table: Table, cells: dict[str, list[str | None]], cuts: list[int], spec: FileSpec) -> None:
    """Compare a table read in one piece with the same table read in ranges."""
    texts = {column: pl.Series(column, listed, dtype=pl.String) for column, listed in cells.items()}
    whole, seen = parse_columns(texts, table, spec, TODAY, None, cuts[-1])

    # Each range weighs alone, as a partition would, and only the sums are passed on.
    readings: Readings = {}
    parts = [{column: series[a:b] for column, series in texts.items()} for a, b in pairwise(cuts)]
    for part in reversed(parts):
        mine: Readings = {}
        weigh_columns(part, table, spec, TODAY, mine)
        for column, reading in mine.items():
            readings.setdefault(column, ColumnReading(whole=False)).add(reading.sums)
    for reading in readings.values():
        reading.settle()
    frames, together = [], dict[str, Observed]()
    for part, (a, b) in zip(parts, pairwise(cuts), strict=True):
        frame, observed = parse_columns(part, table, spec, TODAY, None, b - a, readings)
        frames.append(frame)
        for column, each in observed.items():
            together.setdefault(column, Observed()).add(each)

    assert_frame_equal(pl.concat(frames), whole)
    alone = {column: Observed() for column in seen}
    for column, each in seen.items():
        alone[column].add(each)
    assert {c: o.finish() for c, o in together.items()} == {c: o.finish() for c, o in alone.items()}


PLAIN = st.one_of(
    st.integers(-(10**16), 10**16).map(str),
    st.decimals(-(10**6), 10**6, places=3).map(str),
    st.sampled_from(["0", "0.5", "12.50", "007", "-0", "123456789012345.1234567890123456", "N/A", "-", "未披露", None]),
)
FIGURES = {
    "companies": ("registered_capital", "paid_in_capital", "staff"),
    "financials": ("revenue", "fiscal_year"),
    "holders": ("share",),
    "team": ("phd", "industry_years"),
}


@settings(max_examples=60)
@given(
    cells=st.lists(PLAIN, min_size=1, max_size=8),
    stated=st.sampled_from([{}, dict.fromkeys(("share",), "%"), {"staff": "万人", "revenue": "万元", "phd": "元"}]),
    name=st.sampled_from(sorted(FIGURES)),
)
def test_plain_numbers_read_as_they_do_beside_a_cell_that_is_none(
    tables: dict[str, Table], cells: list[str | None], stated: dict[str, str], name: str
) -> None:
    """A column of plain numbers goes a shorter way; a word among them sends it the long one, on which all cells are taken apart."""

    def read(listed: list[str | None]) -> tuple[pl.DataFrame, dict[str, Observed]]:
        texts = {column: pl.Series(column, listed, dtype=pl.String) for column in FIGURES[name]}
        return parse_columns(texts, tables[name], FileSpec(units=stated), TODAY, None, len(listed))

    (frame, seen), (beside, others) = read(cells), read([*cells, "乱写"])
    assert_frame_equal(frame, beside.head(len(cells)))
    assert {c: (o.parsed, o.counts, o.bare) for c, o in seen.items()} == {
        c: (o.parsed, o.counts, o.bare) for c, o in others.items()
    }


def test_a_cell_of_the_last_range_settles_how_those_of_the_first_are_read(tables: dict[str, Table]) -> None:
    spec = FileSpec()
    days = pl.Series("established_on", ["05/04/2023", "13/04/2023"])
    readings: Readings = {}
    for part in (days[:1], days[1:]):
        weigh_columns({"established_on": part}, tables["companies"], spec, TODAY, readings)
    readings["established_on"].settle()
    first, _ = parse_columns({"established_on": days[:1]}, tables["companies"], spec, TODAY, None, 1, readings)
    assert first["established_on"].item() == date(2023, 4, 5)
