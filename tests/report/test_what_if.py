"""The sliders of the overview against the engine: the pack they save, screened on the same tables, gives the page's own numbers."""

from __future__ import annotations

import datetime
import random
import shutil
from typing import TYPE_CHECKING

import polars as pl
import pytest
from playwright.sync_api import expect

from screening.arrow import ArrowView
from screening.rulebook.parsing import parse_pack
from screening.run.checked import checked_pack
from screening.run.opened import run_folder
from screening.run.options import Options
from screening.run.screening import screened
from tests.run.shared import sample_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SETTINGS: dict[str, dict[str, str]] = {
    "merit alone, a lower floor": {"fit": "0", "floor1": "52.5"},
    "pillars that count nothing, so that coverage moves, fit weighed anew, two higher floors": {
        "p.merit.finances": "0",
        "p.merit.market": "0",
        "p.fit.city": "0",
        "p.fit.stage": "135",
        "c.fit.commercialisation_path": "45",
        "fit": "33",
        "floor0": "85",
        "floor1": "70",
    },
    "one criterion doubled, one left out, every kind of scale stricter or softer, weights and a floor": {
        "c.merit.team_experience": "200",
        "c.merit.founders_full_time": "0",
        "b.merit.team_experience": "2",
        "b.merit.rd_team": "-2",
        "b.merit.rd_intensity": "2",
        "b.merit.core_ip": "1",
        "b.merit.growth": "-1",
        "b.merit.runway": "2",
        "b.merit.margin": "2",
        "b.merit.leverage": "-2",
        "b.merit.profitability": "1",
        "p.merit.finances": "120",
        "c.merit.growth": "80",
        "floor1": "55",
        "fit": "44",
    },
}
"""What is moved, by what an analyst would say of it."""


def anything(seed: int) -> dict[str, str]:
    """Some levers anywhere, the same at every run of the test."""
    dice = random.Random(seed)
    levers = ["p.merit.team", "p.merit.technology_ip", "p.merit.rd", "p.fit.direction", "p.fit.stage", "c.merit.growth"]
    moved = {name: str(dice.randrange(0, 201)) for name in dice.sample(levers, 3)}
    scales = ["growth", "runway", "margin", "leverage", "rd_team", "rd_intensity", "team_experience"]
    moved |= {f"b.merit.{c}": str(dice.choice((-2, -1, 1, 2))) for c in dice.sample(scales, 3)}
    return {**moved, "fit": str(dice.randrange(0, 101)), "floor1": str(dice.randrange(80, 140) / 2)}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_run(tmp_path_factory.getbasetemp()).run_dir / "report.html"


@pytest.fixture(scope="module")
def shown(browser: Browser, report: Path) -> Iterator[Page]:
    """One page for all settings: what is tested is that every setting follows from any other."""
    context = browser.new_context(accept_downloads=True, offline=True)
    page = context.new_page()
    page.goto(report.as_uri() + "#ranking?rows=400")
    page.evaluate("for (const d of document.querySelectorAll('#whatif, #whatif details')) d.open = true")
    yield page
    context.close()


def move(page: Page, settings: dict[str, str]) -> str:
    """Put everything back, move these levers, and return the pack that the page writes."""
    page.get_by_role("button", name="恢复").click()
    expect(page.locator("#whatif-mark")).to_be_hidden()
    page.locator("#sliders [name=wide]").check()
    for name, value in settings.items():
        page.locator(f'#sliders [name="{name}"]').fill(value)
    with page.expect_download():
        page.get_by_role("button", name="存为规则包").click()
    return page.locator("#overlay").input_value()


def table(page: Page) -> set[tuple[str, ...]]:
    expect(page.locator("#ranking-table")).not_to_have_attribute("aria-busy", "true")
    while page.locator("#more").is_visible():
        page.locator("#more").click()
    rows = page.evaluate(
        """() => [...document.querySelectorAll('#ranking-table tbody tr')].map(tr => {
            const cell = n => tr.cells[n].querySelector('b')?.textContent ?? tr.cells[n].childNodes[0].textContent.trim();
            const span = n => [...tr.cells[n].querySelectorAll('.sub')].map(s => s.textContent).join(' ');
            const rank = [...tr.cells[0].childNodes].find(n => n.nodeType === 3).textContent.trim();
            return [tr.cells[1].querySelector('.sub.mono')?.textContent ?? tr.cells[1].querySelector('bdi').textContent,
                    rank, cell(2), span(2), span(6), span(7), tr.cells[4].querySelector('.o').className.replace('o o-', ''), cell(5), cell(6), cell(7)];
        })"""
    )
    return {tuple(row) for row in rows}


def span(row: dict[str, object], name: str) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return "" if low == high else f"{low:.2f}–{high:.2f}"


def engine(run_dir: Path, overlay: str, work: Path) -> set[tuple[str, ...]]:
    """Screen the tables of the run under the pack that the page wrote."""
    pack, inside = work / "my-fund", work / "tables"
    pack.mkdir()
    inside.mkdir()
    (pack / "pack.yaml").write_text(overlay, encoding="utf-8")
    finished = run_folder(run_dir)
    tables = {name: shutil.copyfile(path, inside / path.name) for name, path in finished.clean_tables().items()}
    parsed = parse_pack(checked_pack(str(pack), datetime.date(2026, 6, 30))[0], finished.inputs.as_of)
    with screened(work, parsed, finished.inputs, tables, Options(), (), lambda _: None) as running:
        ranking = pl.DataFrame(ArrowView(running.connection.table("ranking"))).filter(pl.col("rank").is_not_null())
    return {
        (
            r["uscc"] or r["name"],
            str(r["rank"]),
            f"{r['score']:.2f}",
            span(r, "score"),
            span(r, "fit"),
            span(r, "merit") if r["merit_coverage"] else "",
            r["outcome"],
            r["tier"] or "—",
            f"{r['fit']:.2f}",
            f"{r['merit']:.2f}" if r["merit_coverage"] else "未知",
        )
        for r in ranking.iter_rows(named=True)
    }


@pytest.mark.parametrize(
    "settings",
    [
        *(pytest.param(s, id=name) for name, s in SETTINGS.items()),
        pytest.param(anything(1), id="any"),
    ],
)
def test_ranks_totals_tiers_and_outcomes_are_those_of_the_engine(
    shown: Page, report: Path, settings: dict[str, str], tmp_path: Path
) -> None:
    overlay = move(shown, settings)
    assert table(shown) == engine(report.parent, overlay, tmp_path)
    assert shown.locator("#whatif-mark").is_visible()


def test_back_to_the_run_is_the_run(shown: Page, report: Path) -> None:
    move(shown, {})
    before = table(shown)
    move(shown, {"fit": "90", "p.merit.team": "15"})
    assert table(shown) != before
    move(shown, {})
    assert table(shown) == before


def test_the_address_holds_the_weights_and_says_when_they_leave_what_may_be_doubted(shown: Page, report: Path) -> None:
    move(shown, {"fit": "45", "p.merit.team": "140"})
    moved, address = table(shown), shown.url
    assert (
        "超出了规则包写明可以存疑的幅度（维度与评分项 ±20%，两半 ±10%）" in shown.locator("#whatif-mark").inner_text()
    )
    shown.goto("about:blank")
    shown.goto(address)
    assert table(shown) == moved


def test_a_slider_redraws_what_is_in_sight_and_the_rest_when_it_rests(shown: Page, report: Path) -> None:
    move(shown, {})
    shown.evaluate("location.hash = '#ranking'")
    drawn = shown.evaluate(
        """() => { const s = document.querySelector('#sliders [name="p.merit.team"]'); s.value = 120;
            s.dispatchEvent(new Event('input', {bubbles: true}));
            return document.querySelectorAll('#ranking-table tbody tr').length; }"""
    )
    expect(shown.locator("#ranking-table")).not_to_have_attribute("aria-busy", "true")
    assert drawn == 40 < shown.locator("#ranking-table tbody tr").count()
