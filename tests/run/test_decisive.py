"""Which rule decides most, and what a search that had not expired would settle."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest
from click.testing import CliRunner

from screening.analysis.decisive import decisive
from screening.cli import group
from screening.cli.rules import lines
from screening.report.printer import printer
from screening.run.opened import opened
from tests.run.shared import small, two_companies

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from screening.analysis.rundata import RunData


@pytest.fixture(scope="module")
def data(sample_dir: Path) -> Iterator[RunData]:
    with opened(sample_dir) as run:
        yield run


def test_the_shares_of_criteria_deductions_and_rounding_are_the_whole(data: RunData) -> None:
    found = decisive(data)
    whole = sum((c.share for c in found.criteria), found.deductions + found.rest)
    assert abs(whole - 1) < Decimal("0.005")
    assert [c.share for c in found.criteria] == sorted((c.share for c in found.criteria), reverse=True)
    assert abs(found.rest) < Decimal("0.05"), "what is left are caps and rounding"


def test_a_criterion_that_gives_everybody_the_same_decides_nothing(data: RunData) -> None:
    for criterion in decisive(data).criteria:
        if criterion.spread == 0:
            assert criterion.share == 0


@pytest.mark.parametrize("companies", [0, 1, 6])
def test_where_scores_do_not_differ_nothing_decides(data: RunData, companies: int) -> None:
    """Expected: six scores of 64.97 differ by nothing, though their mean is no 64.97 in binary; of nobody no spread is told, and it is 0."""
    ids = [r["company_id"] for r in data.rows("ranking_rows", rows=companies)]
    with data.narrowed(ids) as few:
        few.connection.execute("UPDATE ranking SET score = 64.97")
        found = decisive(few)
    assert found.ranked == companies
    assert {c.share for c in found.criteria} | {found.deductions, found.rest} == {Decimal(0)}
    assert all(c.spread.is_finite() for c in found.criteria)
    told = list(lines(found, printer("zh"), 12))
    assert any("没有一道门槛" in line for line in told) == (not found.gates)
    assert len([line for line in told if "离散度" in line]) == min(12, len([c for c in found.criteria if c.spread]))
    assert companies > 1 or {c.spread for c in found.criteria} == {Decimal(0)}


def test_gates_are_counted_by_the_companies_they_decided(data: RunData) -> None:
    ranking = pl.read_parquet(data.folder / "result" / "ranking.parquet")
    found = {(g.gate_id, g.outcome): g.companies for g in decisive(data).gates}
    for (gate, outcome), companies in found.items():
        assert companies == len(ranking.filter((pl.col("outcome") == outcome) & (pl.col("outcome_reason") == gate)))
    rejected = sum(n for (_, outcome), n in found.items() if outcome == "rejected")
    assert rejected == len(ranking.filter(pl.col("outcome") == "rejected"))


def test_a_search_that_is_fresh_changes_nothing_and_a_table_without_one_is_refused(
    sample_dir: Path, tmp_path: Path
) -> None:
    call = ["ask", "--run", str(sample_dir), "--json", "--if-searched"]
    undated = small(two_companies(tmp_path), tmp_path / "runs", dossiers="none").run_dir
    done = CliRunner().invoke(group, [*call, "holdings"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["moved"] == []
    refused = CliRunner().invoke(group, [*call[:3], "--lang", "en", "--if-searched", "risk_event"])
    assert refused.exit_code == 1
    assert "risk_events" in refused.output
    none = CliRunner().invoke(group, ["ask", "--run", str(undated), "--lang", "zh", "--if-searched", "risk_events"])
    assert none.exit_code == 1
    assert "没有一张表写明检索日期" in none.output
