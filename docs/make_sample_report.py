"""Make `reports/sample/` and the pictures of both READMEs again, from the fictional sample data.

    python docs/make_sample_report.py            # make them again
    python docs/make_sample_report.py --check    # say which pages would come out otherwise; exit code 1

The pages are those of `screen run` in both languages; the pictures need Chromium and are left as they are where it is absent.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from screening.run.options import Options
from screening.run.screening import run

ROOT = Path(__file__).resolve().parents[1]
SAMPLE, IMAGES = ROOT / "reports" / "sample", ROOT / "docs" / "images"

SHORTLISTED, FOR_REVIEW = "YL0192", "YL0249"
"""The two companies of the sample whose dossiers are kept: one on the short list with open points, one for a person to look at."""

PICTURES = {
    "report": ("report.html", "html", 1240, 1000),
    "dossier": (f"dossiers/{SHORTLISTED}.html", "section", 1240, 1360),
}
"""Picture: page, what it begins with, width and height in pixels."""


RUN_ID = re.compile(
    r"\b\d{8}T\d{6}Z-[0-9a-f]{8}\b|sha256 of all before this line [0-9a-f]+"
    r'|style-src &#39;sha256-[A-Za-z0-9+/=]+|@page\{@top-left\{content:"[^"]*"'
    r'|"versions": \{[^}]*\}'
)
"""What differs between two runs of the same: the time in the run's id, the running head that prints it, the seals over both, and the
versions of the libraries that ran.
"""


def pages_of(folder: Path) -> dict[str, str]:
    """Return the pages of a run or of the sample by their relative path, without the run's own id."""
    pages = (*sorted(folder.glob("report*.html")), *sorted((folder / "dossiers").glob("*.html")))
    return {p.relative_to(folder).as_posix(): RUN_ID.sub("", p.read_text(encoding="utf-8")) for p in pages}


def check() -> int:
    """Compare the kept pages with those that come out now; return the exit code."""
    with tempfile.TemporaryDirectory() as place:
        finished = run(Options(out=Path(place), dossiers=f"{SHORTLISTED},{FOR_REVIEW}"))
        kept, now = pages_of(SAMPLE), pages_of(finished.run_dir)
    differ = sorted(name for name in kept.keys() | now.keys() if kept.get(name) != now.get(name))
    for name in differ:
        sys.stdout.write(f"reports/sample/{name} does not come out again; run python docs/make_sample_report.py\n")
    return 1 if differ else 0


def main() -> None:
    """Screen the sample and keep its pages."""
    with tempfile.TemporaryDirectory() as place:
        finished = run(Options(out=Path(place), dossiers=f"{SHORTLISTED},{FOR_REVIEW}"))
        shutil.rmtree(SAMPLE, ignore_errors=True)
        (SAMPLE / "dossiers").mkdir(parents=True)
        for page in (
            *sorted(finished.run_dir.glob("report*.html")),
            *sorted((finished.run_dir / "dossiers").glob("*.html")),
        ):
            shutil.copyfile(page, SAMPLE / page.relative_to(finished.run_dir))
    take_pictures()


def take_pictures() -> None:
    """Photograph the kept pages."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (page_name, first, width, height) in PICTURES.items():
            page = browser.new_context(viewport={"width": width, "height": height}, offline=True).new_page()
            page.goto((SAMPLE / page_name).as_uri())
            top = (page.locator(first).first.bounding_box() or {"y": 0.0})["y"]
            page.screenshot(
                path=IMAGES / f"{name}.png", full_page=True, clip={"x": 0, "y": top, "width": width, "height": height}
            )
        browser.close()


if __name__ == "__main__":
    sys.exit(check() if "--check" in sys.argv[1:] else main())
