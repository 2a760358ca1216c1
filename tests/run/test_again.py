"""A run put again with nothing changed is the run of another moment, byte by byte; with anything changed it is a new one."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import click
import pytest

from screening.cli import answers
from screening.cli.run import command
from screening.run.again import keep, run_again, too_large
from screening.run.manifest import read
from screening.run.verify import verify
from screening.store import VARIABLE, Store
from tests.run.shared import DEVICES, PACK, companies, small, two_companies

if TYPE_CHECKING:
    from pathlib import Path

LATER = datetime.datetime(2031, 5, 6, 7, 8, 9, tzinfo=datetime.UTC)


def test_what_is_written_again_verifies_as_made_from_its_tables(tmp_path: Path) -> None:
    kept = Store(tmp_path / "kept")
    first = small(two_companies(tmp_path), tmp_path / "out", dossiers="all")
    remembered = json.loads(json.dumps(keep(first.run_dir, first.manifest, kept), default=str))
    found = run_again(remembered, tmp_path / "out", kept, LATER)
    assert found is not None
    run_dir, left = found
    assert run_dir.name.startswith("20310506T070809Z-")
    assert left == []
    assert all(finding.ok for finding in verify(run_dir, None, lambda _: None))
    assert read(run_dir)["result_digest"] == first.manifest["result_digest"]


def test_a_run_of_which_a_file_is_not_kept_any_more_is_not_written(tmp_path: Path) -> None:
    kept = Store(tmp_path / "kept")
    first = small(two_companies(tmp_path), tmp_path / "out")
    remembered = keep(first.run_dir, first.manifest, kept)
    assert remembered is not None
    place = kept._path("file", first.manifest["files"]["ranking.csv"])
    content = place.read_bytes()
    for damage in (content[:-1], None):
        place.write_bytes(damage) if damage is not None else place.unlink(missing_ok=True)
        assert run_again(remembered, tmp_path / "again", kept, LATER) is None
    assert not [p for p in (tmp_path / "again").glob("*") if p.is_dir()]


def test_a_run_that_would_push_out_what_is_kept_is_not_kept_whole_and_that_is_said(tmp_path: Path) -> None:
    first = small(two_companies(tmp_path), tmp_path / "out")
    size = sum((first.run_dir / name).stat().st_size for name in first.manifest["files"])
    enough, scarce = Store(tmp_path / "enough", limit=2 * size), Store(tmp_path / "scarce", limit=2 * size - 2)
    assert too_large(first.run_dir, first.manifest, enough) is None
    assert keep(first.run_dir, first.manifest, enough) is not None
    told = too_large(first.run_dir, first.manifest, scarce)
    assert told is not None
    assert "MB" in told.message
    assert keep(first.run_dir, first.manifest, scarce) is None
    assert scarce.kept() == []


@pytest.mark.skipif(sys.platform == "win32", reason="the time of the last change of a file is not told here")
def test_the_command_works_again_only_where_something_changed(tmp_path: Path) -> None:
    data = companies(tmp_path / "data.csv", ("样例甲脑机科技有限公司", DEVICES, "60"))
    time.sleep(0.1)

    def run(*options: str) -> tuple[dict[str, object], bool]:
        asked = ["run", "--json", *options, "--rules", PACK, "--data", data]
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "screening", *asked],
            cwd=tmp_path,
            env={**os.environ, VARIABLE: str(tmp_path / "cache"), "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
            check=True,
            timeout=120,
        )
        return json.loads(done.stdout), "polars" in done.stderr

    first, worked = run()
    assert worked
    again, worked = run()
    assert not worked
    assert again["result_digest"] == first["result_digest"]
    assert (tmp_path / str(again["run_dir"]) / "report.html").is_file()
    for options in (("--out", "另处"), ("--threads=1", "--out=a/b"), ("--memory-limit", "1GB", "--threads", "2")):
        elsewhere, worked = run(*options)
        folder = next((o.removeprefix("--out=") for o in options if o in ("另处", "--out=a/b")), "reports")
        assert not worked
        assert elsewhere["run_dir"] == f"{folder}/{elsewhere['run_id']}"
        assert (tmp_path / folder / str(elsewhere["run_id"]) / "report.html").is_file()
    assert run("--top", "3", "--dossiers", "none")[1]
    stands = data.stat()
    data.write_text(data.read_text(encoding="utf-8").replace("甲", "乙"), encoding="utf-8")
    os.utime(data, ns=(stands.st_atime_ns, stands.st_mtime_ns))
    edited, worked = run()
    assert worked
    assert edited["result_digest"] != first["result_digest"]
    assert "样例乙" in (tmp_path / str(edited["run_dir"]) / "ranking.csv").read_text(encoding="utf-8")


def test_how_the_words_of_a_run_are_split_follows_its_options() -> None:
    """An option that takes no value and is not known as such would take the next word for its own."""
    options = [each for each in command.params if isinstance(each, click.Option) and "--help" not in each.opts]
    assert {name for each in options if each.is_flag for name in each.opts} == answers._FLAGS
    assert [str(each.default) for each in options if "--out" in each.opts] == [answers._REPORTS]
