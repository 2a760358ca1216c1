"""The sliders of the overview against the engine: the pack they save, run on the same data, gives the page's own numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from playwright.sync_api import expect

from screening.run.options import Options
from screening.run.screening import run
from tests.run.shared import sample_run

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SETTINGS = [
    pytest.param({"fit": "55"}, id="fit outweighs merit"),
    pytest.param({"fit": "0", "floor1": "52.5"}, id="merit alone, a lower floor"),
    pytest.param({"fit": "33", "floor0": "85", "floor1": "70"}, id="two higher floors"),
]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_run(tmp_path_factory.getbasetemp()).run_dir / "report.html"


def move(page: Page, settings: dict[str, str]) -> str:
    page.get_by_text("自己权衡").click()
    for name, value in settings.items():
        page.locator(f"#sliders [name={name}]").fill(value)
    with page.expect_download():
        page.get_by_role("button", name="存为规则包").click()
    return page.locator("#overlay").input_value()


def table(page: Page) -> list[tuple[str, ...]]:
    while page.locator("#more").is_visible():
        page.locator("#more").click()
    return page.evaluate(
        """() => [...document.querySelectorAll('#ranking-table tbody tr')].map(tr => {
            const cell = n => tr.cells[n].childNodes[0].textContent.trim();
            return [tr.cells[1].querySelector('.sub.mono')?.textContent ?? tr.cells[1].querySelector('bdi').textContent,
                    cell(0), cell(8), cell(11), tr.cells[12].querySelector('.o').className.replace('o o-', '')];
        })"""
    )


@pytest.mark.parametrize("settings", SETTINGS)
def test_ranks_scores_tiers_and_outcomes_are_those_of_the_engine(
    page: Page, report: Path, settings: dict[str, str], tmp_path: Path
) -> None:
    page.goto(report.as_uri())
    overlay = move(page, settings)
    (tmp_path / "my-fund").mkdir()
    (tmp_path / "my-fund" / "pack.yaml").write_text(overlay, encoding="utf-8")
    finished = run(Options(rules=str(tmp_path / "my-fund"), out=tmp_path / "out", dossiers="none"))
    ranking = pl.read_parquet(finished.run_dir / "result" / "ranking.parquet").filter(pl.col("rank").is_not_null())
    engine = {
        (r["uscc"] or r["name"], str(r["rank"]), f"{r['score']:.2f}", r["tier"] or "—", r["outcome"])
        for r in ranking.iter_rows(named=True)
    }
    assert {tuple(row) for row in table(page)} == engine
    assert page.locator("#whatif-mark").is_visible()


def test_back_to_the_run_is_the_run(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    before = table(page)
    move(page, {"fit": "90"})
    assert table(page) != before
    page.get_by_role("button", name="恢复").click()
    expect(page.locator("#whatif-mark")).to_be_hidden()
    assert table(page) == before


def test_a_slider_answers_at_once(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    took: Any = page.evaluate(
        """() => { const s = document.querySelector('#sliders [name=fit]'); const times = [];
            for (const v of [10, 80, 45]) { s.value = v; const t = performance.now();
                s.dispatchEvent(new Event('input', {bubbles: true})); times.push(performance.now() - t); }
            return times; }"""
    )
    assert min(took) < 200, took
