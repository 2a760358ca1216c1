"""How the pages look, against pictures kept beside this test: wide, on a phone, in the dark, on paper, in both languages.

Fonts and browsers differ by a pixel here and there, so what is compared is the picture at a quarter of its size: a box that moved, a
colour that went, a column that broke is seen, a hinted edge is not. `python -m tests.report.test_pictures` takes the pictures again;
look at them before they are kept.
"""

from __future__ import annotations

import base64
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from playwright.sync_api import sync_playwright

from screening.report import render_dossier, render_overview
from tests.report import fictional

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

KEPT = Path(__file__).parent / "pictures"
SCALE = 0.4
MEAN, CELLS = 4.0, 0.03
"""The most that brightness may differ on average (of 255), and the share of cells that may differ plainly."""


class View(NamedTuple):
    """A page as a reader meets it."""

    page: Callable[[], str]
    width: int
    height: int
    dark: bool = False
    paper: bool = False


def _overview(lang: str = "zh", **how: object) -> Callable[[], str]:
    return lambda: render_overview(fictional.overview(count=60, **how), lang)  # type: ignore[arg-type]


def _dossier(lang: str = "zh") -> Callable[[], str]:
    return lambda: render_dossier(fictional.dossier(), lang)  # type: ignore[arg-type]


VIEWS = {
    "overview": View(_overview(), 1240, 2600),
    "overview-long-list-en": View(_overview("en", merit=False, idle=True), 1240, 2000),
    "overview-phone": View(_overview(), 390, 1800),
    "overview-paper": View(_overview(), 688, 1900, paper=True),
    "dossier": View(_dossier(), 1240, 2400),
    "dossier-dark-en": View(_dossier("en"), 1240, 1800, dark=True),
    "dossier-phone": View(_dossier(), 390, 1800),
    "dossier-paper": View(_dossier(), 688, 1900, paper=True),
}

DIFFERENCE = """async ([one, other]) => {
  const pixels = async data => {
    const image = new Image();
    image.src = "data:image/png;base64," + data;
    await image.decode();
    const canvas = document.createElement("canvas"), width = canvas.width = Math.ceil(image.width / 4), height = canvas.height = Math.ceil(image.height / 4);
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, width, height);
    return [width, height, context.getImageData(0, 0, width, height).data];
  };
  const [w, h, a] = await pixels(one), [w2, h2, b] = await pixels(other);
  if (w !== w2 || h !== h2) return [255, 1];
  let sum = 0, plain = 0;
  for (let i = 0; i < a.length; i += 4) {
    const d = (Math.abs(a[i] - b[i]) + Math.abs(a[i + 1] - b[i + 1]) + Math.abs(a[i + 2] - b[i + 2])) / 3;
    sum += d;
    plain += d > 40;
  }
  return [sum / (w * h), plain / (w * h)];
}"""


def taken(browser: Browser, view: View, html: str) -> bytes:
    """Return a picture of the top of the page."""
    context = browser.new_context(
        viewport={"width": view.width, "height": view.height},
        device_scale_factor=SCALE,
        color_scheme="dark" if view.dark else "light",
        offline=True,
    )
    page = context.new_page()
    if view.paper:
        page.emulate_media(media="print")
    page.set_content(html)
    picture = page.screenshot()
    context.close()
    return picture


def differs(browser: Browser, one: bytes, other: bytes) -> tuple[float, float]:
    """Return by how much two pictures differ on average, and in what share of their cells plainly."""
    page = browser.new_page()
    mean, cells = page.evaluate(DIFFERENCE, [base64.b64encode(p).decode() for p in (one, other)])
    page.close()
    return mean, cells


@pytest.mark.parametrize("name", VIEWS)
def test_the_page_looks_as_it_was_kept(browser: Browser, name: str) -> None:
    view = VIEWS[name]
    mean, cells = differs(browser, taken(browser, view, view.page()), (KEPT / f"{name}.png").read_bytes())
    assert (mean <= MEAN, cells <= CELLS) == (True, True), (
        f"{name} looks different (mean {mean:.1f} of 255, {cells:.1%} of it plainly): look at it, "
        "and if it is better, python -m tests.report.test_pictures"
    )


@pytest.mark.parametrize(
    ("what", "before", "after"),
    [
        ("the head of the ranking is gone", 'class="scroll ranking"', 'class="scroll ranking" hidden'),
        ("two columns became one", ".cols{display:grid", ".cols{display:block"),
        (
            "a red alarm is no longer red",
            ".alert{border-left:3px solid var(--red);background:#fbf4f2",
            ".alert{opacity:0;border:0",
        ),
    ],
)
def test_what_a_reader_would_see_is_seen(browser: Browser, what: str, before: str, after: str) -> None:
    view = VIEWS["overview"]
    html = view.page()
    assert before in html, what
    mean, cells = differs(
        browser, taken(browser, view, html.replace(before, after)), (KEPT / "overview.png").read_bytes()
    )
    assert mean > MEAN or cells > CELLS, (what, mean, cells)


def main() -> None:
    """Take all pictures again."""
    shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, view in VIEWS.items():
            (KEPT / f"{name}.png").write_bytes(taken(browser, view, view.page()))
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
