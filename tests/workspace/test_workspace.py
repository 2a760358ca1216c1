"""`screen init` and the fifteen-minute page: what they lay out is right and runs."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from screening import strict_yaml
from screening.cli import group
from screening.rulebook.check import check
from screening.rulebook.loader import load_pack
from screening.run.cases import run_cases

ROOT = Path(__file__).resolve().parents[2]


def init(folder: Path) -> None:
    result = CliRunner().invoke(group, ["init", str(folder)])
    assert result.exit_code == 0, result.output


def test_the_workspace_runs_with_the_command_of_its_readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    init(tmp_path / "mine")
    monkeypatch.chdir(tmp_path / "mine")
    written = (tmp_path / "mine" / "README.md").read_text(encoding="utf-8")
    command = next(line.strip() for line in written.splitlines() if line.strip().startswith("screen run"))
    result = CliRunner().invoke(group, [*command.split()[1:], "--quiet", "--dossiers", "none"])
    assert result.exit_code == 0, result.output
    assert list((tmp_path / "mine" / "reports").glob("*/report.html"))
    assert not run_cases(load_pack("rules/my-fund")).failed


def test_the_workspace_pack_has_no_errors_and_its_files_fit_the_schemas(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    init(folder)
    assert not [p for p in check(load_pack(folder / "rules" / "my-fund"), datetime.date(2026, 6, 30)) if p.is_error]
    settings = json.loads((folder / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    for schema, pattern in settings["yaml.schemas"].items():
        rules = json.loads((folder / schema).read_text(encoding="utf-8"))
        files = list(folder.glob(pattern))
        assert files, pattern
        for file in files:
            jsonschema.Draft202012Validator(rules).validate(strict_yaml.read(file).data)


def test_a_folder_that_holds_anything_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    result = CliRunner().invoke(group, ["init", str(tmp_path)])
    assert result.exit_code == 3
    assert "not an empty folder" in result.output
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_fifteen_minute_pack_of_both_pages_is_right(page: str, tmp_path: Path) -> None:
    text = (ROOT / "rules" / page).read_text(encoding="utf-8")
    for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL):
        name = re.match(r"# (\S+)", block)
        assert name is not None
        (tmp_path / name[1]).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name[1]).write_text(block, encoding="utf-8")
    loaded = load_pack(tmp_path / "my-table")
    assert not [p for p in check(loaded, datetime.date(2025, 6, 30)) if p.is_error]
    report = run_cases(loaded)
    assert len(report.results) == 8
    assert not report.failed
