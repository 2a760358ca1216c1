"""One door to the database, closed before anything foreign is named: files elsewhere, the network and settings are out of reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

from screening.analysis.rundata import open_run
from screening.arrow import ArrowView
from screening.engine.session import Session, session
from screening.errors import RunError
from tests.run.shared import small, two_companies

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BRACKETS = "a[b] {c} 结果's"


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[Session]:
    work = tmp_path / BRACKETS
    work.mkdir()
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "outside.parquet")
    pl.DataFrame({"a": [2]}).write_parquet(work / "inside.parquet")
    with session(work, threads=1, memory_limit="200MB") as opened:
        yield opened


REACHING = {
    "a file beside the folder": "SELECT * FROM read_parquet('{outside}/outside.parquet')",
    "a file above it": "SELECT * FROM read_parquet('{work}/../outside.parquet')",
    "a folder whose name begins alike": "COPY (SELECT 1) TO '{work}-2'",
    "writing outside": "COPY (SELECT 1) TO '{outside}/marker.csv'",
    "another database": "ATTACH '{outside}/marker.db'",
    "the network": "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
    "an extension": "INSTALL httpfs",
    "loading one": "LOAD '{outside}/x.duckdb_extension'",
    "a setting": "SET memory_limit = '64GB'",
    "the seal itself": "SET enable_external_access = true",
    "the folders it may see": "SET allowed_directories = ['/']",
}


@pytest.mark.parametrize("reach", REACHING)
def test_nothing_outside_is_reached(reach: str, sealed: Session, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    statement = REACHING[reach].format(outside=tmp_path.as_posix(), work=sealed.work.as_posix().replace("'", "''"))
    with pytest.raises(duckdb.Error):
        sealed.connection.execute(statement).fetchall()
    assert sorted(tmp_path.iterdir()) == before


def test_files_of_the_folder_are_read_and_written_whatever_its_name(sealed: Session) -> None:
    sealed.view("inside", sealed.work / "inside.parquet")
    assert sealed.rows("SELECT a FROM inside") == [(2,)]
    sealed.connection.sql("SELECT 3 AS a").write_parquet(str(sealed.work / "made.parquet"))
    assert pl.read_parquet(sealed.work / "made.parquet", glob=False)["a"].to_list() == [3]


def test_a_view_on_what_is_no_parquet_is_told(sealed: Session) -> None:
    (sealed.work / "bad.parquet").write_bytes(b"PAR1 nothing PAR1")
    with pytest.raises(RunError) as ended:
        sealed.view("bad", sealed.work / "bad.parquet")
    assert "bad.parquet" in ended.value.problems[0].message


def test_questions_put_to_a_run_are_sealed_too(tmp_path: Path) -> None:
    finished = small(two_companies(tmp_path), tmp_path / BRACKETS)
    with open_run(finished.run_dir, finished.loaded, finished.manifest) as data:
        assert len(data.rows("ranking_rows", rows=5)) == 1
        for reach in REACHING.values():
            statement = reach.format(outside=tmp_path.as_posix(), work=tmp_path.as_posix())
            with pytest.raises(duckdb.Error):
                data.connection.execute(statement).fetchall()


def test_a_column_of_no_type_goes_there_and_back(sealed: Session) -> None:
    """What a rule leaves NULL for everybody has no type: DuckDB hands it out so, and refuses to take it back."""
    found = pl.DataFrame(ArrowView(sealed.connection.sql("SELECT 1 AS a, NULL AS nobody")))
    assert found.schema["nobody"] == pl.Null
    sealed.frame("back", found)
    assert sealed.rows("SELECT a, nobody FROM back") == [(1, None)]
