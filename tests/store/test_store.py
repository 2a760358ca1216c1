"""What is kept between runs is what was written, or nothing: whatever happens to the folder."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from screening import store as stores
from screening.engine.inputs import Inputs
from screening.engine.steps import steps
from screening.store import Store, key, store
from tests.engine.laboratory import AS_OF, criterion, half, pack, parsed

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_kept_comes_back_and_what_is_not_is_none(tmp_path: Path) -> None:
    kept = Store(tmp_path)
    assert kept.read("sql", "a") is None
    kept.write("sql", "a", "文本".encode())
    assert kept.read("sql", "a") == "文本".encode()
    assert [(k.kind, k.count) for k in kept.kept()] == [("sql", 1)]
    assert kept.clear() == 1
    assert kept.read("sql", "a") is None


@pytest.mark.parametrize("damage", [b"", b"x", b"another" * 20, None], ids=["empty", "short", "other", "cut"])
def test_a_file_that_was_changed_counts_as_absent(tmp_path: Path, damage: bytes | None) -> None:
    kept = Store(tmp_path)
    kept.write("sql", "a", b"one two three")
    [path] = tmp_path.rglob("a")
    path.write_bytes(path.read_bytes()[:-1] if damage is None else damage)
    assert kept.read("sql", "a") is None
    kept.write("sql", "a", b"again")
    assert kept.read("sql", "a") == b"again"


def test_the_longest_unused_goes_first(tmp_path: Path) -> None:
    kept = Store(tmp_path, limit=600)
    for number, name in enumerate(("old", "used", "new")):
        kept.write("sql", name, b"x" * 100)
        os.utime(next(tmp_path.rglob(name)), (number, number))
    assert kept.read("sql", "old") is not None  # reading makes it the newest
    kept.write("sql", "last", b"x" * 100)
    assert kept.read("sql", "used") is None
    assert kept.read("sql", "last") is not None
    assert kept.read("sql", "old") is not None


def test_where_nothing_can_be_written_nothing_is_kept_and_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    for kept in (Store(None), Store(tmp_path / "file")):
        kept.write("sql", "a", b"x")
        assert kept.read("sql", "a") is None
        assert kept.kept() == []
        assert kept.clear() == 0


def test_a_file_of_the_same_content_is_kept_once_and_comes_back_whole_or_not_at_all(tmp_path: Path) -> None:
    kept = Store(tmp_path / "cache")
    for name, content in (("clean", b"x" * 5000), ("as written", b"x" * 5000), ("another", b"y" * 5000)):
        (tmp_path / name).write_bytes(content)
        kept.adopt("relation", name, tmp_path / name)
    assert {k.kind: k.count for k in kept.kept()} == {"relation": 3, "file": 2}
    assert kept.fetch("relation", "as written", tmp_path / "out")
    (tmp_path / "out").write_bytes(b"edited by hand")  # what was handed out is a copy
    assert kept.fetch("relation", "clean", tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == b"x" * 5000
    whole = tmp_path / "cache" / stores.LAYOUT / "file" / hashlib.sha256(b"y" * 5000).hexdigest()
    whole.write_bytes(b"y" * 4999)
    assert not kept.fetch("relation", "another", tmp_path / "cut")
    assert not (tmp_path / "cut").exists()
    kept.adopt("relation", "another", tmp_path / "another")
    assert kept.fetch("relation", "another", tmp_path / "cut")


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_a_disk_that_fills_up_half_way_keeps_nothing_and_nothing_fails(tmp_path: Path) -> None:
    """A process that may write no file beyond 4 kB stands for it: the write ends in the middle."""
    large = tmp_path / "large.parquet"
    large.write_bytes(b"x" * 50_000)
    told = subprocess.run(
        [
            sys.executable, "-c",
            "import resource, signal, sys; from pathlib import Path; from screening.store import Store\n"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
            "kept = Store(Path(sys.argv[1])); kept.write('sql', 'a', b'y' * 50_000); kept.adopt('relation', 'b', Path(sys.argv[2]))\n"
            "print(kept.read('sql', 'a'), kept.fetch('relation', 'b', Path(sys.argv[1], 'out')), list(Path(sys.argv[1]).rglob('*.part')))",
            str(tmp_path / "cache"), str(large),
        ],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == "None False []"


def test_processes_killed_while_they_write_leave_whole_things_or_none(tmp_path: Path) -> None:
    content = {str(n): hashlib.sha256(str(n).encode()).digest() * 20_000 for n in range(4)}
    script = (
        "import hashlib, sys; from pathlib import Path; from screening.store import Store\n"
        "kept = Store(Path(sys.argv[1])); print('ready', flush=True)\n"
        "while True:\n"
        "    for n in map(str, range(4)): kept.write('sql', n, hashlib.sha256(n.encode()).digest() * 20_000)"
    )
    for _ in range(2):
        both = [
            subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE) for _ in range(2)
        ]
        for process in both:
            assert process.stdout is not None
            process.stdout.readline()
        time.sleep(0.02)
        for process in both:
            process.kill()
            process.communicate()
    found = {n: Store(tmp_path).read("sql", n) for n in content}
    assert any(found.values())
    assert all(each in (None, content[n]) for n, each in found.items())
    # What a killed process left counts as kept, so it goes when the store is cleared.
    Store(tmp_path).clear()
    assert not list(tmp_path.rglob("*.part"))


def test_what_an_earlier_layout_left_is_never_read_counts_and_is_cleared(tmp_path: Path) -> None:
    earlier = tmp_path / "1" / "sql" / "k"
    earlier.parent.mkdir(parents=True)
    earlier.write_bytes(b"SELECT 1")
    kept = Store(tmp_path)
    assert kept.read("sql", "k") is None
    assert [(each.kind, each.count) for each in kept.kept()] == [("sql", 1)]
    assert kept.clear() == 1
    assert not earlier.exists()


def test_many_that_write_and_read_at_once_see_whole_things(tmp_path: Path) -> None:
    content = [bytes([65 + n]) * 5000 for n in range(4)]
    seen: list[bytes] = []

    def work(mine: bytes) -> None:
        for _ in range(50):
            Store(tmp_path).write("sql", "shared", mine)
            found = Store(tmp_path).read("sql", "shared")
            if found is not None:
                seen.append(found)

    threads = [threading.Thread(target=work, args=(c,)) for c in content]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(seen) <= set(content)
    assert not list(tmp_path.rglob("*.part"))


def test_the_store_can_be_turned_off_and_put_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(stores.VARIABLE, "off")
    assert store().folder is None
    monkeypatch.setenv(stores.VARIABLE, str(tmp_path))
    assert store().folder == tmp_path


def test_another_program_has_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key("sql", "facts")
    assert key("sql", "facts") == before
    monkeypatch.setattr(stores, "method", lambda: "another version")
    assert key("sql", "facts") != before


@pytest.mark.parametrize(
    ("points", "offer"),
    [(50, frozenset(("company_id", "a"))), (60, frozenset(("company_id",)))],
    ids=["another number in a rule", "another offer of data"],
)
def test_a_kept_text_is_never_that_of_other_rules_or_data(points: int, offer: frozenset[str]) -> None:
    def texts(points: int, offer: frozenset[str]) -> dict[str, str]:
        data = pack(
            columns={"a": {"type": "integer"}},
            facts={"a_now": {"label": "甲", "type": "integer", "range": [0, 10], "expr": "a"}},
            criteria=half({"k": criterion({"of": "a_now", "at_least": 5, "points": points})}),
        )
        return {s.name: s.sql for s in steps(parsed(data), Inputs(AS_OF, {"companies": offer}))}

    whole = frozenset(("company_id", "a"))
    first, other, again = texts(60, whole), texts(points, offer), texts(60, whole)
    assert first == again
    assert first != other
