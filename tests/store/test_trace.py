"""A trace stands as long as everything it saw stands, and no longer: whatever is changed, it tells."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import duckdb
import pytest

from screening import trace
from screening.dataset.parquet_folder import is_parquet_folder, parts_of
from screening.dataset.raw import ReadOptions
from screening.dataset.source import read_source
from screening.foreign_file import is_regular, read_file
from screening.rulebook.loader import load_pack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _seen(folder: Path) -> dict[str, object]:
    """Look at a folder as a pack is looked at: one file read, one asked for in vain, the names listed."""
    with trace.traced() as seen:
        read_file(folder / "a.yaml", most=1000)
        assert not is_regular(folder / "b.yaml")
        trace.listed(folder, (p.name for p in folder.iterdir()))
    record = seen.record()
    assert record is not None
    return record


def test_what_was_not_touched_stands(tmp_path: Path) -> None:
    _write(tmp_path / "a.yaml", "x: 1")
    record = _seen(tmp_path)
    assert trace.stands(record)
    _write(tmp_path / "a.yaml", "x: 1")
    assert trace.stands(record)


@pytest.mark.parametrize(
    "change",
    [
        lambda f: _write(f / "a.yaml", "x: 2"),
        lambda f: (f / "a.yaml").unlink(),
        lambda f: _write(f / "b.yaml", "y: 1"),
        lambda f: (f / "b.yaml").mkdir(),
        lambda f: _write(f / "c.yaml", ""),
        lambda f: ((f / "a.yaml").rename(f.parent / "moved"), (f / "a.yaml").symlink_to(f.parent / "moved")),
        lambda f: ((f / "a.yaml").unlink(), os.mkfifo(f / "a.yaml")),
    ],
    ids=["content", "gone", "came", "folder came", "another name", "now a link", "now a pipe"],
)
def test_any_change_is_seen_even_with_time_and_size_as_before(tmp_path: Path, change: Callable[[Path], object]) -> None:
    folder = tmp_path / "pack"
    folder.mkdir()
    _write(folder / "a.yaml", "x: 1")
    before = (folder / "a.yaml").stat()
    record = _seen(folder)
    change(folder)
    if (folder / "a.yaml").is_file():
        os.utime(folder / "a.yaml", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not trace.stands(record)


def test_a_file_written_while_a_library_read_it_is_not_traced(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    _write(path, "name\n")
    with trace.traced() as seen:
        trace.read_by_library(path, trace.sha256_of(str(path)) or "")
    assert seen.record() is None


def test_an_older_file_that_a_library_read_is_traced_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    _write(path, "name\n")
    with trace.traced() as seen:
        seen.began = time.time_ns() + 10_000_000_000
        trace.read_by_library(path, trace.sha256_of(str(path)) or "")
    record = seen.record()
    assert record is not None
    assert trace.stands(record)
    _write(path, "mame\n")
    assert not trace.stands(record)


def test_a_database_leaves_nothing_to_compare() -> None:
    with trace.traced() as seen:
        trace.untraceable()
    assert seen.record() is None


def test_what_was_made_of_a_trace_hands_it_on(tmp_path: Path) -> None:
    _write(tmp_path / "a.yaml", "x: 1")
    record = _seen(tmp_path)
    with trace.traced() as outer:
        trace.absorb(record)
    assert outer.record() == record


def test_a_pack_is_traced_with_its_layers_and_catalogues() -> None:
    with trace.traced() as seen:
        load_pack("zhuhai-seed-2025")
    record = seen.record()
    assert record is not None
    assert trace.stands(record)
    read = {name.rpartition("/rules/")[2] for name in record["files"]}
    assert {"funds/zhuhai-seed-2025/pack.yaml", "guangdong-2024/pack.yaml", "standard/company.yaml"} <= read


def test_changes_beside_a_database_file_leave_nothing_to_compare(tmp_path: Path) -> None:
    path = tmp_path / "data.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("set wal_autocheckpoint = '1GB'; pragma disable_checkpoint_on_shutdown")
        connection.execute("create table companies as select '虚构一号有限公司' as \"企业名称\"")
    beside = tmp_path / "data.duckdb.wal"
    for there in (True, False):
        assert beside.exists() == there
        with trace.traced() as seen:
            seen.began = time.time_ns() + 10_000_000_000
            read_source(path, load_pack("innovative-sme-2022").pack.tables["companies"], ReadOptions("data.duckdb"))
        assert (seen.record() is None) == there
        with duckdb.connect(str(path)) as connection:
            connection.execute("checkpoint")


@pytest.mark.parametrize("look", [is_parquet_folder, lambda folder: parts_of(folder, "registry")], ids=["any", "parts"])
@pytest.mark.parametrize(
    "change",
    [
        lambda f: _write(f / "city=0755" / "b.parquet", ""),
        lambda f: (f / "city=0756").mkdir(),
        lambda f: (f / "city=0755" / "a.parquet").unlink(),
        lambda f: (f / "city=0755").rename(f / "city=0757"),
        lambda f: ((f / "city=0755").rename(f.parent / "moved"), (f / "city=0755").symlink_to(f.parent / "moved")),
    ],
    ids=["a part came", "a folder came", "a part went", "a folder was renamed", "a folder is now a link"],
)
def test_a_folder_of_parts_is_traced_with_the_names_in_it(
    tmp_path: Path, look: Callable[[Path], object], change: Callable[[Path], object]
) -> None:
    folder = tmp_path / "registry"
    (folder / "city=0755").mkdir(parents=True)
    _write(folder / "city=0755" / "a.parquet", "")
    with trace.traced() as seen:
        assert look(folder)
    record = seen.record()
    assert record is not None
    assert trace.stands(record)
    change(folder)
    assert not trace.stands(record)
