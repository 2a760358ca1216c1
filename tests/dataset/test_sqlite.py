"""A SQLite file as a source: every digit of every cell, whatever type a column is said to have."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest

from screening.dataset import laid_rows, raw
from screening.errors import DatasetError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from .conftest import Intake

pytest.importorskip("adbc_driver_sqlite", reason="the extra `sqlite` is not installed")


def database(path: Path, rows: Iterable[tuple[object, ...]], *further: str) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            'CREATE TABLE "企业" ("企业名称" TEXT, "注册资本(元)" NUMERIC, "成立日期" TEXT, "员工人数" INT)'
        )
        connection.executemany('INSERT INTO "企业" VALUES (?, ?, ?, ?)', rows)
        for statement in further:
            connection.execute(statement)
        connection.commit()
    return path


def read(path: Path, intake: Intake) -> pl.DataFrame:
    return pl.read_parquet(intake(path).tables["companies"]).sort("name")


def test_numbers_among_texts_keep_their_digits(tmp_path: Path, intake: Intake) -> None:
    """ADBC alone writes 12005678.9 in a column that also holds text as 1.200568e+07."""
    rows = [
        ("样例甲公司", 12005678.9, "2020-01-02", 5),
        ("样例乙公司", "500万元", "2020-01-03", 6),
        ("样例丙公司", 1234567890123.25, "2020-01-04", None),
        ("样例丁公司", 88000000, "2020-01-05", "七"),
    ]
    frame = read(database(tmp_path / "a.db", rows), intake)
    assert dict(frame.select("name", "registered_capital").rows()) == {
        "样例甲公司": Decimal("12005678.9"),
        "样例乙公司": Decimal(5_000_000),
        "样例丙公司": Decimal("1234567890123.25"),
        "样例丁公司": Decimal(88_000_000),
    }


def test_a_column_empty_for_thousands_of_rows(tmp_path: Path, intake: Intake) -> None:
    """ADBC tells the type of a column by its first rows."""
    rows: list[tuple[object, ...]] = [(f"样例{i:05}公司", None, None, None) for i in range(3_000)]
    frame = read(database(tmp_path / "a.db", [*rows, ("样例终末公司", "3.5亿元", "2020-01-02", 8)]), intake)
    assert frame.filter(pl.col("registered_capital").is_not_null())["registered_capital"].to_list() == [
        Decimal(350_000_000)
    ]


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le"])
def test_text_in_either_encoding(encoding: str, tmp_path: Path, intake: Intake) -> None:
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA encoding = '{encoding}'")
        connection.execute('CREATE TABLE t ("企业名称" TEXT, "经营范围" TEXT)')
        connection.execute("INSERT INTO t VALUES ('样例甲公司', '研发𠮷')")
        connection.commit()
    assert read(path, intake).select("name", "business_scope").rows() == [("样例甲公司", "研发𠮷")]


def test_rows_that_are_not_yet_in_the_main_file(tmp_path: Path, intake: Intake) -> None:
    """A program that is still open leaves its last rows in a journal beside the file: they count."""
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute('CREATE TABLE t ("企业名称" TEXT)')
        connection.execute("INSERT INTO t VALUES ('样例甲公司')")
        connection.commit()
        assert read(path, intake)["name"].to_list() == ["样例甲公司"]


@pytest.mark.parametrize(
    "shape",
    [
        '"企业名称" TEXT, "员工人数" INT',
        '"企业名称" TEXT PRIMARY KEY, "员工人数" INT) WITHOUT ROWID --',
        '"企业名称" TEXT, "员工人数" INT, rowid TEXT',
        '"企业名称" TEXT, "员工人数" INT, "ROWID" TEXT, _rowid_ INT, oid INT',
    ],
)
def test_rows_taken_piece_by_piece_are_all_the_rows_once(
    shape: str, tmp_path: Path, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether rows have numbers, gaps between them, or columns that are called as the number is."""
    monkeypatch.setattr(laid_rows, "PIECE", 3)
    monkeypatch.setattr(raw, "RANGE_ROWS", 4)
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"CREATE TABLE t ({shape}\n)".replace("--\n)", ""))
        rows = [(f"样例{i:02}公司", i) for i in range(20)]
        connection.executemany('INSERT INTO t ("企业名称", "员工人数") VALUES (?, ?)', rows)
        connection.execute('DELETE FROM t WHERE "员工人数" BETWEEN 4 AND 11')
        connection.commit()
    kept = [i for i in range(20) if not 4 <= i <= 11]
    assert read(path, intake).select("name", "staff", "source_row").rows() == [
        (f"样例{i:02}公司", i, place) for place, i in enumerate(kept, start=1)
    ]


def test_views_are_left_out_and_the_fitting_table_is_found(tmp_path: Path, intake: Intake) -> None:
    path = database(
        tmp_path / "a.db",
        [("样例甲公司", 1, "2020-01-02", 5)],
        "CREATE TABLE aaa (x TEXT)",
        'CREATE VIEW "企业名录" AS SELECT \'样例假公司\' AS "企业名称", \'x\' AS "统一社会信用代码", 1 AS "注册资本"',
    )
    dataset = intake(path)
    assert pl.read_parquet(dataset.tables["companies"])["name"].to_list() == ["样例甲公司"]
    assert (dataset.files[0]["form"], dataset.files[0]["sheet"]) == ("sqlite", "企业")


def test_bytes_are_no_number(tmp_path: Path, intake: Intake) -> None:
    """Bytes in a cell of an amount are not taken for an amount of their digits."""
    frame = read(database(tmp_path / "a.db", [("样例甲公司", b"\xff\x31\x32", "2020-01-02", 5)]), intake)
    assert frame["registered_capital"].to_list() == [None]


def test_a_damaged_file_says_so(tmp_path: Path, intake: Intake) -> None:
    path = database(tmp_path / "a.db", [(f"样例{i}公司", 1, "2020-01-02", 5) for i in range(5_000)])
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(DatasetError) as caught:
        intake(path)
    assert [p.code for p in caught.value.problems] == ["data/damaged"]
    assert str(tmp_path) not in str(caught.value.problems)
