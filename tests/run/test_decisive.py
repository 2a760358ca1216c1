"""Which rule decides most, and what a search that had not expired would settle."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest
from click.testing import CliRunner

from screening.analysis.decisive import decisive
from screening.analysis.fund_terms import exposure
from screening.cli import group
from screening.run.opened import opened

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


def test_gates_are_counted_by_the_companies_they_decided(data: RunData) -> None:
    ranking = pl.read_parquet(data.folder / "result" / "ranking.parquet")
    found = {(g.gate_id, g.outcome): g.companies for g in decisive(data).gates}
    for (gate, outcome), companies in found.items():
        assert companies == len(ranking.filter((pl.col("outcome") == outcome) & (pl.col("outcome_reason") == gate)))
    rejected = sum(n for (_, outcome), n in found.items() if outcome == "rejected")
    assert rejected == len(ranking.filter(pl.col("outcome") == "rejected"))


def test_a_search_that_is_fresh_changes_nothing_and_a_table_without_one_is_refused(sample_dir: Path) -> None:
    call = ["ask", "--run", str(sample_dir), "--json", "--if-searched"]
    done = CliRunner().invoke(group, [*call, "holdings"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["moved"] == []
    refused = CliRunner().invoke(group, [*call[:3], "--lang", "en", "--if-searched", "risk_event"])
    assert refused.exit_code == 1
    assert "risk_events" in refused.output


def test_what_the_fund_holds_is_held_against_its_own_limit() -> None:
    fund = {"size": 1000, "paid_in": 600, "concentration": {"basis": "paid_in", "limit": 0.2}}
    holdings = [
        {"holding_id": "1", "company_id": "A", "name": "甲", "direction_id": "x", "city": "广州市", "invested": 100, "life_stage": "seed"},
        {"holding_id": "2", "company_id": "A", "name": "甲", "direction_id": "x", "city": "广州市", "invested": 21, "life_stage": "seed"},
        {"holding_id": "3", "company_id": "B", "name": "乙", "direction_id": "y", "city": None, "invested": 120, "life_stage": None},
        {"holding_id": "4", "company_id": "C", "name": "丙", "direction_id": "y", "city": None, "invested": None, "life_stage": None},
    ]  # fmt: skip
    found = exposure(fund, holdings, {"x": "X", "y": "Y"})
    assert found.most == 120
    assert [(h.holding_id, h.invested, h.over, h.unknown) for h in found.held] == [
        ("A", 121, True, 0),
        ("B", 120, False, 0),
        ("C", 0, False, 1),
    ]
    for by in ("domain", "city", "stage"):
        assert sum(amount for kind, _, amount in found.groups if kind == by) == 241
    assert exposure({"size": 1000}, holdings, {}).most is None
