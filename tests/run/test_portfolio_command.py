"""`screen portfolio` on the sample run, as an analyst calls it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from screening.cli import group
from screening.resources import shipped

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("highspy", reason="the extra `portfolio` is not installed")


def test_the_sample_fund_places_its_budget_within_its_limits(sample_dir: Path) -> None:
    limits = str(shipped("sample_data") / "portfolio.yaml")
    done = CliRunner().invoke(group, ["portfolio", "--run", str(sample_dir), "--limits", limits, "--json"])
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    chosen = answer["portfolio"]["chosen"]
    assert chosen
    assert sum(c["planned"] for c in chosen) == answer["portfolio"]["placed"] <= 30_000
    in_guangzhou = sum(c["planned"] for c in chosen if c["groups"].get("city") == "广州市")
    early = sum(c["planned"] for c in chosen if c["groups"].get("life_stage") in ("seed", "early"))
    assert in_guangzhou * 5 <= answer["portfolio"]["placed"] * 2
    assert early * 5 >= answer["portfolio"]["placed"] * 3
    directions = [c["groups"].get("direction") for c in chosen if c["groups"].get("direction")]
    assert max(directions.count(d) for d in directions) <= 2


def test_limits_that_cannot_hold_together_are_named_and_the_exit_code_says_so(sample_dir: Path, tmp_path: Path) -> None:
    limits = tmp_path / "portfolio.yaml"
    limits.write_text("budget: 1亿元\nlimits: [{by: city, of: 广州, at_least: 5亿元}]\n", encoding="utf-8")
    done = CliRunner().invoke(group, ["portfolio", "--run", str(sample_dir), "--limits", str(limits), "--lang", "en"])
    assert done.exit_code == 1
    assert "cannot hold together" in done.output
    assert "city 广州 ≥ 5亿元" in done.output


def test_a_budget_of_the_command_line_goes_with_a_file_of_limits(sample_dir: Path) -> None:
    limits = str(shipped("sample_data") / "portfolio.yaml")
    call = ["portfolio", "--run", str(sample_dir), "--limits", limits, "--budget", "1亿元", "--json"]
    done = CliRunner().invoke(group, call)
    assert done.exit_code == 0, done.output
    assert 0 < json.loads(done.stdout)["portfolio"]["placed"] <= 10_000
    refused = CliRunner().invoke(group, [*call[:-2], "很多", "--lang", "en"])
    assert refused.exit_code == 1
    assert "很多" in refused.output
