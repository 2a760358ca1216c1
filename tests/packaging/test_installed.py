"""README's first command, `pip install . && screen run`: from a wheel, in a fresh environment, far from the source."""

from __future__ import annotations

import json
import subprocess
import zipfile
from typing import TYPE_CHECKING

import pytest

from screening import __version__
from tests.packaging.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.packaging.conftest import Installed

pytestmark = pytest.mark.packaging


def shipped_files() -> list[str]:
    """Files of the folders that travel inside the wheel, as the repository has them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "rules", "sample_data"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if listed.returncode or not listed.stdout:
        pytest.skip("not a git checkout: no list of the files that belong to the project")
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_wheel_carries_rules_sample_data_and_nothing_else_of_the_tree(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as wheel:
        names = set(wheel.namelist())
    assert {f"screening/_data/{name}" for name in shipped_files()} <= names
    tops = {name.split("/")[0] for name in names}
    assert tops == {"screening", f"screening-{__version__}.dist-info"}
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


def test_every_way_to_start_it_tells_the_version(installed: Installed) -> None:
    said = f"screen, version {__version__}"
    assert installed("screen", "--version").stdout.strip() == said
    assert installed("python", "-m", "screening", "--version").stdout.strip() == said


def test_run_on_the_sample_from_another_folder_then_ask(installed: Installed) -> None:
    told = json.loads(installed("screen", "run", "--dossiers", "2", "--json").stdout)
    run_dir = installed.folder / told["run_dir"]
    assert told["run_dir"].startswith("reports/"), "without --out a run lands in reports/ below the working folder"
    assert (run_dir / "report.html").is_file()
    assert len(list((run_dir / "dossiers").glob("*.html"))) == 4, "each in two languages"
    assert told["rows"]["read"] == told["rows"]["clean"] + told["rows"]["set_aside"]
    assert told["outcomes"]["shortlisted"] > 0

    first = (run_dir / "ranking.csv").read_text(encoding="utf-8-sig").splitlines()[1].split(",")[1]
    assert first in installed("screen", "explain", first).stdout
    assert "0 errors" in installed("screen", "check").stdout

    texts: list[Path] = [p for p in run_dir.rglob("*") if p.suffix in (".html", ".json", ".csv", ".yaml")]
    private = [str(installed.folder), str(installed.programs.parent), str(ROOT)]
    assert texts
    assert not [(p.name, path) for p in texts for path in private if path in p.read_text(encoding="utf-8-sig")]


def test_a_workspace_runs_at_once_and_verifies(installed: Installed) -> None:
    installed("screen", "init", "work")
    pack, data = ("--rules", "work/rules/my-fund"), ("--data", "work/data")
    assert "0 errors" in installed("screen", "check", "work/rules/my-fund").stdout
    told = json.loads(installed("screen", "run", *pack, *data, "--json").stdout)
    assert "verified" in installed("screen", "verify", told["run_dir"]).stdout
