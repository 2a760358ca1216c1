"""Intake gives the same tables, rows set aside and profile, whatever number of rows it takes at once."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.dataset import Dataset, ingest, laid_rows, raw, stored
from tests.dataset.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from screening.catalog import Table
    from screening.geography import Geography

CODES = [
    "91440300MA5EXA0019",
    "91440300MA5EXB002X",
    "914403001922038216",
    "91440101MA9XXXXXX1",
    "1234567890",
    "912345678901234176",
]
ROWS: dict[str, list[str | None]] = {
    "企业名称": [
        "广州样例甲科技有限公司", "广州样例甲科技有限公司(原样例旧名厂)", "样例乙实业（深圳）有限公司", "样例丙厂",
        "广州样例甲科技有限公司深圳分公司", "样例乙实业(深圳)有限公司", "合计", "企业名称", "示例", "—", None,
        "以上数据截至2024年", "A", "一、重点企业", "样例丁有限公司",
    ],
    "统一社会信用代码": [*CODES, "统一社会信用代码", "无", None],
    "曾用名": ["样例丙厂", "样例旧名厂、样例丁有限公司", None, None],
    "成立日期": ["05/04/2013", "13/04/2013", "2013-04-05", "04/13/2013", "2030-01-01", "成立日期", "5/5/2013", None],
    "注册资本(万元)": ["1.234", "1,234", "12,5", "12.5", "1.234,5", "3000万元", "100万美元", "99999999", "0", None],
    "所属行业": ["C39", "量子产业", None],
    "登记状态": ["存续", "吊销", "正常营业中", None],
    "是否上市": ["○", "●", "×", "是", "乱写", None],
    "企业类型": ["有限责任公司", "乱写", None],
    "参保人数": ["1,234", "1.234", "12", "100人以上", None],
    "单位": ["万元", "元", None],
    "数据日期": ["01/02/2025", "02/01/2025", "25/12/2025", "2025-12-01", None],
}  # fmt: skip
EVENTS: dict[str, list[str | None]] = {
    "企业名称": ["广州样例甲科技有限公司", "样例旧名厂", "样例丁", "无此公司有限公司", None],
    "类型": ["失信被执行人", "经营异常；行政处罚", "乱写"],
    "发生日期": ["01/02/2024", "13/02/2024", "2027-01-01", None],
}


@st.composite
def tables_of_cells(draw: st.DrawFn, columns: dict[str, list[str | None]], most: int) -> dict[str, list[str | None]]:
    """Some columns of a table, few kinds of cells in each, so that what settles a column differs from table to table."""
    height = draw(st.integers(1, most))
    kept = [name for place, name in enumerate(columns) if place < 1 or draw(st.integers(0, 3))]
    drawn = {}
    for name in kept:
        kinds = draw(st.lists(st.sampled_from(columns[name]), min_size=1, max_size=6))
        drawn[name] = draw(st.lists(st.sampled_from(kinds), min_size=height, max_size=height))
    return drawn


@pytest.fixture(scope="session")
def outcome(tables: dict[str, Table], geography: Geography) -> Callable[[Path, Path], Any]:
    """All that intake hands on, or the problems that it found."""
    return lambda source, work: _outcome(source, tables, geography, work)


def _outcome(source: Path, tables: dict[str, Table], geography: Geography, work: Path) -> Any:
    work.mkdir()
    try:
        dataset: Dataset = ingest(source, tables, geography, None, work, today=TODAY)
    except Exception as error:
        return [str(each) for each in getattr(error, "problems", [error])]
    paths = {"tables": dataset.tables, "set_aside": dataset.set_aside}
    frames = {
        f"{kind}/{name}": pl.read_parquet(path).rows(named=True)
        for kind, of in paths.items()
        for name, path in of.items()
    }
    assert sorted(each.name for each in work.iterdir()) == ["set_aside", "tables"]
    return frames, dataset.quality, dict(dataset.rows), dataset.notices, dataset.as_of, dataset.available, dataset.files


def write(frame: pl.DataFrame, path: Path, form: str) -> None:
    names, marks = (", ".join(each) for each in ([f'"{name}" TEXT' for name in frame.columns], ["?"] * frame.width))
    if form == "parquet":
        frame.write_parquet(path, row_group_size=4)
    elif form == "csv":
        frame.write_csv(path)
    else:
        with closing(sqlite3.connect(path) if form == "sqlite" else duckdb.connect(str(path))) as connection:
            connection.execute(f"CREATE TABLE companies ({names})")
            connection.executemany(f"INSERT INTO companies VALUES ({marks})", frame.rows())  # noqa: S608 - marks alone
            connection.commit()


@settings(max_examples=25)
@given(
    companies=tables_of_cells(ROWS, 14),
    events=st.none() | tables_of_cells(EVENTS, 6),
    at_once=st.integers(1, 9),
    form=st.sampled_from(["parquet", "csv", "duckdb", "sqlite"]),
)
def test_the_size_of_ranges_changes_nothing(
    outcome: Callable[[Path, Path], Any],
    companies: dict[str, list[str | None]],
    events: dict[str, list[str | None]] | None,
    at_once: int,
    form: str,
) -> None:
    with TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patched:
        folder = Path(place)
        frame = pl.DataFrame(companies, schema=dict.fromkeys(companies, pl.String))
        source = folder / f"companies.{form}"
        write(frame, source, form)
        if events is not None:
            pl.DataFrame(events, schema=dict.fromkeys(events, pl.String)).write_csv(folder / "events.csv")
            files = {"companies": {"file": source.name}, "risk_events": {"file": "events.csv"}}
            named = {"id": "d", "label": {"zh": "样例", "en": "s"}}
            (folder / "dataset.yaml").write_text(json.dumps({"dataset": named, "tables": files}))
            source = folder
        whole = outcome(source, folder / "whole")
        patched.setattr(raw, "RANGE_ROWS", at_once)
        patched.setattr(laid_rows, "PIECE", 1 + at_once // 2)
        assert outcome(source, folder / "ranges") == whole


@pytest.mark.parametrize("form", ["parquet", "duckdb"])
def test_the_memory_limit_bounds_the_text_that_is_held_at_once(
    tables: dict[str, Table], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """An eighth of the limit is text of a range; the tables stay the same."""
    names = [f"样例{number:04d}科技有限公司" for number in range(300)]
    frame = pl.DataFrame(
        {"企业名称": names, "经营范围": [f"量子通信{number}" + "研发与制造" * 100 for number in range(300)]}
    )
    source = tmp_path / f"companies.{form}"
    write(frame, source, form)
    monkeypatch.setattr(laid_rows, "PIECE", 20)
    held: list[int] = []
    for rows in (stored._StoredParquet, laid_rows.LaidRows):
        read = rows.read

        def watched(self: Any, *where: Any, read: Any = read) -> pl.DataFrame:
            cells = read(self, *where)
            held.append(int(cells.select(pl.exclude(raw.ROW).str.len_bytes().sum()).sum_horizontal().item()))
            return cells

        monkeypatch.setattr(rows, "read", watched)

    def taken(limit: str | None) -> pl.DataFrame:
        work = tmp_path / f"work-{limit}"
        return pl.read_parquet(
            ingest(source, tables, None, None, work, today=TODAY, memory_limit=limit).tables["companies"]
        )

    whole = taken(None)
    assert not held
    assert taken("1MB").equals(whole)
    assert len(held) > 5
    assert max(held) <= 1_000_000 // 8
