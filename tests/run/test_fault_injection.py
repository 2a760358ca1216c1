"""A run is there whole or not at all: the disk fills, the process is killed, the right to write is taken, at every write there is."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from screening.run.folder import BUILDING, file_hashes, remove_leftovers
from screening.run.verify import verify
from tests.cli.terminal import ROOT, environment
from tests.run.shared import PACK, small, two_companies

posix = pytest.mark.skipif(sys.platform == "win32", reason="limits and signals of POSIX")

FULL = """
import json, resource, sys
from pathlib import Path
from screening.errors import ScreeningError
from screening.run.options import Options
from screening.run.screening import run
import screening.dataset.intake
from screening.run.readiness import warm_up
warm_up()
rules, data, out, *limits = sys.argv[1:]
told = {}
for limit in map(int, limits):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        run(Options(rules=rules, data=Path(data), out=Path(out) / str(limit), dossiers="all", threads=1))
        told[limit] = "finished"
    except ScreeningError as error:
        told[limit] = f"{error.problems[0].code}: {error.problems[0].message}"
    except BaseException as error:
        told[limit] = repr(error)
print(json.dumps(told))
"""
"""Runs once for each limit of the size of files: every file of a run is the first that does not fit in one of them."""

KILL = """
import json, os, shutil, signal, sys
from pathlib import Path
from screening.run.options import Options
from screening.run.screening import run
rules, data, out, seen, at = sys.argv[1:]
count = 0
def hook(event, args):
    global count
    writes = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wxa")
    if (writes or event in ("os.mkdir", "os.rename", "os.chmod")) and str(args[0]).startswith(out):
        count += 1
        if count == int(at):
            os.kill(os.getpid(), signal.SIGKILL)
        if int(at) == 0 and os.path.isdir(out):
            shutil.copytree(out, f"{seen}/{count}")
sys.addaudithook(hook)
run(Options(rules=rules, data=Path(data), out=Path(out), dossiers="1", threads=1), lambda _: hook("os.mkdir", [out]))
"""
"""Kills itself before the n-th change of a file or folder below `out`, the beginning of a step counted too; for 0 it lives, and
before each of them copies what lies in `out`: that is what a kill at this moment would leave."""


def called(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def whole(run: Path) -> bool:
    manifest: dict[str, Any] = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    return bool(manifest["files"] == file_hashes(run))


@posix
def test_a_disk_that_is_full_at_every_file(tmp_path: Path) -> None:
    data = two_companies(tmp_path)
    made = small(data, tmp_path / "out", dossiers="all").run_dir
    sizes = sorted({p.stat().st_size for p in made.rglob("*") if p.is_file()})
    ended = called(FULL, PACK, data, tmp_path / "full", *(size - 1 for size in sizes))
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert len(told) == len(sizes) > 15
    for limit, said in told.items():
        out = tmp_path / "full" / limit
        if said == "finished":
            [run] = out.iterdir()
            assert whole(run), limit
        else:
            assert said == f"run/disk-full: the disk that holds '{out.as_posix()}' is full", limit
            assert not out.exists() or list(out.iterdir()) == []
    assert sum(said != "finished" for said in told.values()) >= len(sizes) - 2


@posix
def test_a_process_that_is_killed_at_every_write(tmp_path: Path) -> None:
    """After each the next run takes away what was left; what bears the name of a run is whole."""
    seen, data = tmp_path / "seen", two_companies(tmp_path)
    seen.mkdir()
    ended = called(KILL, PACK, data, tmp_path / "lives", seen, 0)
    assert ended.returncode == 0, ended.stderr
    moments = sorted(seen.iterdir(), key=lambda p: int(p.name))
    assert len(moments) > 20
    # A real kill in the middle, and a real next run.
    middle = moments[len(moments) // 2]
    out = tmp_path / "killed"
    assert called(KILL, PACK, data, out, seen, middle.name).returncode == -signal.SIGKILL
    assert [p for p in out.glob(f"{BUILDING}*/**/*") if p.is_file()]
    finished = small(data, out)
    assert [p.name for p in out.iterdir()] == [finished.run_dir.name]
    unfinished = 0
    for out in moments:
        unfinished += any(p.is_dir() and p.name.startswith(BUILDING) for p in out.iterdir())
        remove_leftovers(out)
        assert not [p for p in out.iterdir() if p.name.startswith(BUILDING)], out.name
        assert all(whole(run) for run in out.iterdir()), out.name
    assert unfinished > 20
    [run] = (tmp_path / "lives").iterdir()
    assert whole(run)
    assert all(f.ok for f in verify(run))


def test_what_a_killed_run_left_is_named_and_removed(tmp_path: Path) -> None:
    left = tmp_path / "out" / f"{BUILDING}left"
    (left / "tables").mkdir(parents=True)
    (left / "tables" / "companies.parquet").write_bytes(b"data of companies")
    left.with_name(left.name + ".alive").touch()
    finished = small(two_companies(tmp_path), tmp_path / "out")
    assert not left.exists()
    [said] = [n for n in finished.notices if n.code == "run/left-behind"]
    assert left.name in said.message
    assert "run/left-behind" not in {n["code"] for n in finished.manifest["notices"]}, (
        "another run's ending is not this one's"
    )
    assert [p.name for p in (tmp_path / "out").iterdir()] == [finished.run_dir.name]


@posix
def test_a_run_that_is_alive_is_left_alone(tmp_path: Path) -> None:
    import fcntl

    other = tmp_path / "out" / f"{BUILDING}other"
    other.mkdir(parents=True)
    with other.with_name(other.name + ".alive").open("wb") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        small(two_companies(tmp_path), tmp_path / "out")
        assert other.is_dir()
    small(two_companies(tmp_path), tmp_path / "out")
    assert not other.exists()


def test_a_link_that_looks_like_a_leftover_is_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "kept.txt").write_text("x", encoding="utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / f"{BUILDING}link").symlink_to(precious)
    small(two_companies(tmp_path), tmp_path / "out")
    assert (precious / "kept.txt").is_file()


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user")
def test_a_folder_of_somebody_else(tmp_path: Path) -> None:
    """What root prepares, another user may not write: the run says so and changes nothing."""
    data = two_companies(tmp_path)
    out = tmp_path / "out"
    out.mkdir(mode=0o755)
    # A whole run before it: what is loaded when it is needed may lie where the other user cannot read.
    first = "run(Options(rules=rules, data=Path(data), out=Path(out).parent / 'first', dossiers='none', threads=1))\n"
    become = f"{first}import os; os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
    root = Path(tempfile.gettempdir()).resolve()
    for folder in (tmp_path, *(p for p in tmp_path.parents if root in p.parents)):
        folder.chmod(folder.stat().st_mode | 0o055)
    ended = called(FULL.replace("told = {}", become + "told = {}"), PACK, data, out, 1 << 40)
    assert ended.returncode == 0, ended.stderr
    [said] = json.loads(ended.stdout).values()
    assert said.startswith("run/unwritable: ")
    assert list(out.iterdir()) == []


def test_a_clock_that_goes_backwards_loses_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import datetime

    from screening.run import screening

    class Clock(datetime.datetime):
        hours = 0

        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:  # type: ignore[override]
            cls.hours -= 30
            return datetime.datetime(2026, 3, 29, 2, 30, tzinfo=datetime.UTC) + datetime.timedelta(
                hours=cls.hours // 60
            )

    monkeypatch.setattr(screening.datetime, "datetime", Clock)
    data = two_companies(tmp_path)
    runs = [small(data, tmp_path / "out").run_dir for _ in range(3)]
    assert len(set(runs)) == 3
    assert all(whole(run) for run in runs)


def test_a_disk_with_too_little_room_is_told_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from collections import namedtuple

    from screening.errors import RunError
    from screening.run import room

    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: usage(1 << 40, 1 << 40, 1 << 20))
    with pytest.raises(RunError) as ended:
        small(two_companies(tmp_path), tmp_path / "out")
    assert [p.code for p in ended.value.problems] == ["run/disk-space"]
    assert not (tmp_path / "out").exists()
