"""Intake gives the same tables, rows set aside and profile, whatever number of rows it takes at once."""

from __future__ import annotations

import json
import pickle
import random
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
NAMES: list[str | None] = [
    "广州样例甲科技有限公司", "样例旧名厂", "样例丁", "无此公司有限公司", "样例丙厂；样例乙实业（深圳）有限公司", "91440300MA5EXA0019", None,
]  # fmt: skip
CHILDREN: dict[str, dict[str, list[str | None]]] = {
    "risk_events": {
        "企业名称": NAMES,
        "类型": ["失信被执行人", "经营异常；行政处罚", "乱写"],
        "发生日期": ["01/02/2024", "13/02/2024", "2027-01-01", None],
        "金额": ["1.234", "12,5", "3万元", None],
    },
    "patents": {
        "申请人": NAMES,
        "专利号": ["202010000001.1", "ZL202010000001.1", "202010000001.1、202010000002.8", "合计", None],
        "授权日": ["05/04/2023", "13/04/2023", None],
        "法律状态": ["有效", "失效；有效", "乱写", None],
    },
    "holders": {
        "企业名称": NAMES,
        "股东类型": ["创始人", "国有", "创始人、国有", "乱写"],
        "持股比例": ["0.3", "30", "30%", "12,5", "70%、30%", None],
    },
    "financials": {
        "企业名称": NAMES,
        "年度": ["2023", "2024年度", "2024上半年", "2.024", None],
        "营业收入(万元)": ["1.234", "1,234", "12,5", "亏损3万", None],
        "报表类型": ["合并", "母公司", "母公司", None],
    },
}  # fmt: skip


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
def outcome(tables: dict[str, Table], geography: Geography) -> Callable[..., Any]:
    """All that intake hands on, or the problems that it found."""
    return lambda source, work, spread=None: _outcome(source, tables, geography, work, spread)


def elsewhere(function: Any, things: Any) -> list[Any]:
    """Work on things as somebody else does, who is sent what to do and with what."""
    return [pickle.loads(pickle.dumps(function))(pickle.loads(pickle.dumps(thing))) for thing in things]


def _outcome(source: Path, tables: dict[str, Table], geography: Geography, work: Path, spread: Any) -> Any:
    work.mkdir()
    try:
        dataset: Dataset = ingest(source, tables, geography, None, work, today=TODAY, spread=spread)
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


@settings(max_examples=20)
@given(companies=tables_of_cells(ROWS, 14), at_once=st.integers(1, 9), form=st.sampled_from(["parquet", "csv"]))
def test_the_size_of_ranges_changes_nothing(
    outcome: Callable[..., Any], companies: dict[str, list[str | None]], at_once: int, form: str
) -> None:
    with TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patched:
        source = Path(place) / f"companies.{form}"
        write(pl.DataFrame(companies, schema=dict.fromkeys(companies, pl.String)), source, form)
        whole = outcome(source, Path(place) / "whole")
        patched.setattr(raw, "RANGE_ROWS", at_once)
        assert outcome(source, Path(place) / "ranges") == whole


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


def drawn(draw: random.Random, columns: dict[str, list[str | None]], most: int, always: int) -> pl.DataFrame:
    """Some columns of a table, a few kinds of cells in each."""
    height = draw.randint(most // 2, most)
    cells = {
        name: draw.choices(draw.choices(kinds, k=draw.randint(2, 6)), k=height)
        for place, (name, kinds) in enumerate(columns.items())
        if place < always or draw.randint(0, 3)
    }
    return pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String))


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("financials", "parquet"),
        ("patents", "parquet"),
        ("risk_events", "sqlite"),
        ("holders", "duckdb"),
        ("patents", "duckdb"),
    ],
)
def test_the_size_of_ranges_and_who_works_on_them_changes_nothing_for_what_companies_have(
    outcome: Callable[..., Any], name: str, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that list several, repeat one another, name nobody or several: in ranges, here and elsewhere, as in one piece."""
    draw = random.Random(f"{name} {form}")
    write(drawn(draw, ROWS, 14, 1), tmp_path / f"companies.{form}", form)
    write(drawn(draw, CHILDREN[name], 40, 2), tmp_path / f"children.{form}", form)
    files = {each: {"file": f"{file}.{form}"} for each, file in (("companies", "companies"), (name, "children"))}
    named = {"id": "d", "label": {"zh": "样例", "en": "s"}}
    (tmp_path / "dataset.yaml").write_text(json.dumps({"dataset": named, "tables": files}))
    whole = outcome(tmp_path, tmp_path / "whole")
    assert isinstance(whole, tuple), whole
    monkeypatch.setattr(raw, "RANGE_ROWS", draw.randint(2, 9))
    monkeypatch.setattr(laid_rows, "PIECE", draw.randint(1, 5))
    for place, spread in (("here", None), ("elsewhere", elsewhere)):
        assert outcome(tmp_path, tmp_path / place, spread) == whole
