"""Real registry exports, without accounts and without a risk search: a long list by policy fit, and nothing invented."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import polars as pl
import pytest

from screening.run.options import Options
from screening.run.screening import run
from tests.run.shared import REAL

if TYPE_CHECKING:
    from pathlib import Path

    from screening.run.screening import Finished

pytestmark = pytest.mark.real

LONG_LIST = "政策匹配长名单"


def told(finished: Finished) -> tuple[str, pl.DataFrame, pl.DataFrame]:
    """Return the report, the ranking and what became of the rules."""
    result = finished.run_dir / "result"
    return (
        (finished.run_dir / "report.html").read_text(encoding="utf-8"),
        pl.read_parquet(result / "ranking.parquet"),
        pl.read_parquet(result / "rules.parquet"),
    )


def assert_a_long_list_by_policy_fit(finished: Finished) -> None:
    report, ranking, rules = told(finished)
    rows = finished.manifest["rows"]
    assert rows["read"] == rows["clean"] + rows["set_aside"]
    assert rows["clean"] == ranking.height == sum(finished.manifest["outcomes"].values())
    assert LONG_LIST in report
    ranked = ranking.filter(pl.col("rank").is_not_null())
    assert ranked.height > 0
    assert "shortlisted" not in finished.manifest["outcomes"], "nobody is short-listed without a risk search"
    assert ranked["tier"].null_count() == ranked.height
    assert ranked["merit_coverage"].mean() < 0.2
    assert ranked["coverage"].mean() < 0.5
    assert (ranked["score_high"] - ranked["score_low"]).min() > 30, "bands are wide"
    unrun = rules.filter((pl.col("kind") == "gate") & (pl.col("status") == "not_run"))
    assert unrun.height >= 15
    labels = [finished.loaded.pack.gates[gate].label.text("zh") for gate in unrun["rule_id"].to_list()]
    assert all(label in report for label in labels), "each gate that was not run is named"
    assert {n.code for n in finished.notices} >= {"data/not-collected"}


def test_the_registry_of_2019(registry: Finished) -> None:
    assert_a_long_list_by_policy_fit(registry)
    assert registry.manifest["rows"]["read"] == 115_803
    cities = pl.read_parquet(registry.run_dir / "tables" / "companies.parquet")["city"]
    plan = set(registry.loaded.pack.places.cities) if registry.loaded.pack.places else set()
    assert len(plan) == 21
    assert set(cities.drop_nulls()) >= plan, "all 21 cities are recognised"
    assert "run/before-plan" in {n.code for n in registry.notices}


def test_its_dossiers_ask_for_what_is_missing(registry: Finished) -> None:
    pages = sorted((registry.run_dir / "dossiers").iterdir())
    assert len(pages) == 4, "two companies, each in two languages"
    asked = [f.question for f in registry.loaded.pack.facts.values() if f.question and f.table == "financials"]
    assert asked
    for page in pages:
        lang, html = ("en" if page.name.endswith(".en.html") else "zh"), page.read_text(encoding="utf-8")
        assert any(question.text(lang) in html for question in asked), page.name


def test_the_newer_registry(tmp_path: Path) -> None:
    data = REAL / "modern_registry.parquet"
    if not data.is_file():
        pytest.skip("the real registry does not lie beside the project")
    finished = run(Options(data=data, as_of=datetime.date(2025, 9, 1), out=tmp_path, dossiers="1", threads=1))
    assert_a_long_list_by_policy_fit(finished)


def test_startups(tmp_path: Path) -> None:
    if not (REAL / "startups.parquet").is_file():
        pytest.skip("the real start-ups do not lie beside the project")
    finished = run(Options(data=REAL / "startups.parquet", out=tmp_path, dossiers="1"))
    assert_a_long_list_by_policy_fit(finished)
    assert finished.manifest["as_of_basis"] in ("newest_date", "dataset", "today")
