"""What a fund still holds on the date of knowledge: by status, date and amounts of exit; a row that contradicts itself is told and never counts as less in silence."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from screening.dataset import raw
from screening.dataset.columns import REASONS
from screening.dataset.exits import Exits
from screening.dataset.loading import FILE
from screening.dataset.raw import ROW as RAW_ROW

if TYPE_CHECKING:
    from pathlib import Path

    from screening.catalog import Table
    from screening.dataset.model import Dataset
    from tests.dataset.conftest import Intake

AS_OF = date(2026, 6, 30)
HEAD = (
    "项目编号,被投企业,投资日期,投资金额（万元）,项目状态,退出日期,已退本金（万元）,在管余额（万元）,退出金额（万元）"
)
ROWS = {
    # given: status, exit date, cost left, cost that remains, proceeds → state, cost at stake in 万元, what is told
    "在管,,,,": ("held", 1000, ""),
    ",,,,": ("held", 1000, ""),
    "未退出,,,,": ("held", 1000, ""),
    "已退出,2025-03-01,,,1800": ("exited", 0, ""),
    ",2025/3/1,,,": ("exited", 0, ""),
    "清算,2025-03-01,,,20": ("exited", 0, ""),
    "清算中,,,,": ("liquidating", 1000, ""),
    "部分退出,2025-03-01,400,,900": ("partly_exited", 600, ""),
    "部分退出,2025-03-01,,250,": ("partly_exited", 250, ""),
    ",2025-03-01,400,,": ("partly_exited", 600, ""),
    "在管,,300,,": ("partly_exited", 700, ""),
    "在管,,,700,": ("partly_exited", 700, ""),
    ",,1000,,": ("exited", 0, ""),
    "在管,,0,1000,": ("held", 1000, ""),
    # Known only later: on the date of knowledge it is held, and whole.
    "已退出,2026-07-01,,,1800": ("held", 1000, ""),
    "部分退出,2026-07-01,400,600,": ("held", 1000, ""),
    "清算,2026-07-01,,,": ("held", 1000, ""),
    # In doubt, and told.
    "已退出,,,,": ("exited", 0, "no date of exit is given"),
    "已退出,2022-12-31,,,": ("held", 1000, "dated before the investment"),
    ",2022-12-31,,,": ("held", 1000, "dated before the investment"),
    "在管,2025-03-01,,,": ("held", 1000, "the status says held, a date of exit"),
    "已退出,2025-03-01,,200,": ("partly_exited", 200, "yet an amount remains"),
    "部分退出,2025-03-01,,,900": ("partly_exited", None, "a part was exited, no cost of it"),
    "部分退出,2025-03-01,1600,,": ("partly_exited", None, "more was exited or remains"),
    "在管,,,1600,": ("held", 1000, "more was exited or remains"),
    "部分退出,2025-03-01,300,400,": ("partly_exited", 400, "do not add up"),
    "在管,,,0,": ("held", None, "yet nothing remains"),
    ",年中,,,": ("held", 1000, "cannot be read"),
}


def holdings_of(intake: Intake, folder: Path, lines: list[str], as_of: date | None = AS_OF) -> Dataset:
    (folder / "companies.csv").write_text("企业名称\n虚构甲有限公司\n", encoding="utf-8")
    text = (
        HEAD
        + "\n"
        + "\n".join(f"{n},虚构{n}号有限公司,2023-05-01,1000,{line}" for n, line in enumerate(lines, 10))
        + "\n"
    )
    (folder / "holdings.csv").write_text(text, encoding="utf-8")
    (folder / "dataset.yaml").write_text(
        "dataset: {id: d, label: 虚构, as_of: 2026-09-30}\ntables:\n  companies: {file: companies.csv}\n  holdings: {file: holdings.csv}\n",
        encoding="utf-8",
    )
    return intake(folder, as_of)


def told_of(dataset: Dataset) -> dict[str, str]:
    """What is said of each row in doubt, by its place in the file."""
    said = [n for n in dataset.notices if n.code == "data/holdings"]
    return {place: n.message for n in said for place in re.findall(r"holdings\.csv:(\d+)", n.message)}


def test_every_way_in_which_books_tell_an_exit_gives_what_is_still_at_stake(intake: Intake, tmp_path: Path) -> None:
    dataset = holdings_of(intake, tmp_path, list(ROWS), date(2026, 9, 30))
    later = holdings_of(intake, tmp_path, list(ROWS), AS_OF)
    for day, found in ((date(2026, 9, 30), dataset), (AS_OF, later)):
        told = told_of(found)
        frame = pl.read_parquet(found.tables["holdings"]).sort("source_row")
        assert frame.height == len(ROWS), "a row in doubt is kept"
        for (line, expected), row in zip(ROWS.items(), frame.iter_rows(named=True), strict=True):
            if "2026-07-01" in line and day > AS_OF:
                continue
            # The list was made in September: whether it was so in June is not known.
            undated = line == "已退出,,,," and day == AS_OF
            state, stake, doubt = ("held", 1000, "made after the date of knowledge") if undated else expected
            assert (row["state"], row["at_stake"]) == (state, None if stake is None else Decimal(stake) * 10_000), line
            assert doubt in told.get(str(row["source_row"]), ""), line
            assert bool(doubt) == (str(row["source_row"]) in told), line
    known = pl.read_parquet(dataset.tables["holdings"]).sort("source_row")
    after = [row["state"] for row in known.iter_rows(named=True) if row["exited_on"] == date(2026, 7, 1)]
    assert after == ["exited", "partly_exited", "exited"], "in September it is known"


def test_a_table_of_holdings_that_tells_nothing_of_exits_is_held_whole(intake: Intake, tmp_path: Path) -> None:
    (tmp_path / "companies.csv").write_text("企业名称\n虚构甲有限公司\n", encoding="utf-8")
    (tmp_path / "holdings.csv").write_text(
        "项目名称,投资额（万元）\n虚构甲有限公司,500\n虚构乙有限公司,\n", encoding="utf-8"
    )
    (tmp_path / "dataset.yaml").write_text(
        "dataset: {id: d, label: 虚构}\ntables:\n  companies: {file: companies.csv}\n  holdings: {file: holdings.csv}\n",
        encoding="utf-8",
    )
    dataset = intake(tmp_path)
    frame = pl.read_parquet(dataset.tables["holdings"]).sort("source_row")
    assert frame["state"].to_list() == ["held", "held"]
    assert frame["at_stake"].to_list() == [Decimal(5_000_000), None]
    assert not told_of(dataset)


@pytest.mark.parametrize("range_rows", [3, 250_000])
def test_a_pack_whose_companies_are_the_holdings_tells_what_is_left_of_each(
    intake: Intake,
    tables: dict[str, Table],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    range_rows: int,
) -> None:
    """Given one file of holdings, of any number of ranges: every row has its state, and every doubt is told once, with its place."""
    monkeypatch.setattr(raw, "RANGE_ROWS", range_rows)
    lines = [f"{n},虚构{n}号有限公司,2023-05-01,1000,{line}" for n, line in enumerate(ROWS, 10)]
    cells = [dict(zip(HEAD.split(","), line.split(","), strict=True)) for line in lines]
    pl.DataFrame(cells).write_parquet(tmp_path / "holdings.parquet")
    day = date(2026, 9, 30)
    alone = intake(tmp_path / "holdings.parquet", day, tables={"holdings": tables["holdings"]})
    beside = pl.read_parquet(holdings_of(intake, tmp_path, list(ROWS), day).tables["holdings"])
    told = ("holding_id", "state", "at_stake")
    assert pl.read_parquet(alone.tables["holdings"]).select(told).equals(beside.select(told))
    doubts = [n for n in alone.notices if n.code == "data/holdings"]
    assert sum(int(dict(n.details)["count"]) for n in doubts) == sum(bool(doubt) for _, _, doubt in ROWS.values())


DAYS = st.none() | st.dates(date(2022, 1, 1), date(2026, 6, 30))
MONEY = st.none() | st.integers(0, 3).map(lambda n: Decimal(500_000 * n))
ROW = st.tuples(
    DAYS, MONEY, st.sampled_from([None, "held", "partly_exited", "liquidating", "exited"]), DAYS, MONEY, MONEY, DAYS
)


@example([(None, Decimal(0), None, None, Decimal(0), None, None)])
@given(st.lists(ROW, min_size=1, max_size=12))
def test_what_is_at_stake_is_never_less_than_the_row_allows_and_never_less_in_silence(
    tables: dict[str, Table],
    rows: list[tuple[object, ...]],
) -> None:
    """Law: at most what was invested; less only where the row says so itself; with two words against each other it is told."""
    names = ("invested_on", "invested", "status", "exited_on", "exited_cost", "remaining", "observed_on")
    money = pl.Decimal(28, 6)
    kinds = {n: pl.String if n == "status" else pl.Date if n.endswith("_on") else money for n in names}
    frame = (
        pl.DataFrame(rows, schema=kinds, orient="row")
        .with_columns(
            pl.lit(None, pl.String).alias("state"),
            pl.lit(None, money).alias("at_stake"),
            name=pl.lit("虚构"),
            holding_id=pl.lit("1"),
        )
        .with_columns(
            pl.lit(None, pl.String).alias(REASONS), pl.lit("f").alias(FILE), pl.int_range(pl.len()).alias(RAW_ROW)
        )
    )
    exits = Exits(AS_OF, None)
    judged = exits.judged(frame)
    told = "".join(p.message for p in exits.told())
    for row in judged.iter_rows(named=True):
        said = (
            row["status"] not in (None, "held")
            or row["exited_on"]
            or row["exited_cost"]
            or row["remaining"] is not None
        )
        if row["state"] == "exited":
            assert row["at_stake"] == 0
            assert said
            assert not row["remaining"]
        elif row["at_stake"] is not None:
            assert row["invested"] is None or row["at_stake"] <= row["invested"]
            assert said or row["at_stake"] == row["invested"]
        if row["exited_on"] and row["invested_on"] and row["exited_on"] < row["invested_on"]:
            assert (row["state"], row["at_stake"]) == ("held", row["invested"])
            assert "before the investment" in told
