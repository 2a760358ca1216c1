"""Pages of a run as PDF, printed by a browser that is already there: Chrome, Chromium or Edge, without window and without network."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from screening.errors import RunError
from screening.foreign_file import open_file, read_file
from screening.report.render import script_hash

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screening.run.options import Progress

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
)
PLACES = (
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
SECONDS = 120
"""A page that is not printed by then will not be."""


def find_browser(given: str = "") -> str:
    """Return the browser to print with: the one given, else the first that is found. Raises RunError when there is none."""
    for name in (given,) if given else BROWSERS:
        found = shutil.which(name)
        if found:
            return found
    for place in () if given else PLACES:
        if Path(place).is_file():
            return place
    raise RunError.of(
        "export/no-browser",
        f"there is no browser '{given}'" if given else "no Chrome, Chromium or Edge was found to print with",
        remedy="install one of them, or name it with --browser; the pages can also be printed by hand",
    )


def print_pages(
    run_dir: Path, out: Path, lang: str, browser: str = "", progress: Progress = lambda _: None
) -> list[Path]:
    """Print the report and every dossier of a run in one language; return the files written, by the names of their pages.

    Raises RunError naming the page that could not be printed; what was printed before it stays.
    """
    program, written = find_browser(browser), []
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="screen-print-") as profile:
        for page in pages_in(run_dir, lang):
            progress(page.name)
            target = out / f"{page.stem.removesuffix('.en').removesuffix('.zh')}.pdf"
            written.append(_print(program, page, target, profile))
    return written


def pages_in(run_dir: Path, lang: str) -> Iterator[Path]:
    """Yield the pages of a run in one language: the report, then the dossiers by name."""
    for folder, pattern in ((run_dir, "report*.html"), (run_dir / "dossiers", "*.html")):
        for page in sorted(folder.glob(pattern)):
            with open_file(page, within=[run_dir]) as handle:
                head = handle.read(1000).decode(errors="replace")
            if f'<html lang="{"en" if lang == "en" else "zh-CN"}"' in head:
                _require_own(page)
                yield page


_HEAD = re.compile(
    rb'<!DOCTYPE html>\n<html lang="[\w-]+" class="no-js">\n<head>\n<meta charset="utf-8">\n'
    rb"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;; style-src &#39;sha256-[\w+/=]+&#39;;"
    rb" script-src &#39;sha256-([\w+/=]+)&#39;; img-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;\">\n"
)
_LEADS_AWAY = re.compile(rb"<(?:iframe|frame|object|embed|link|base|meta\b[^>]*\bhttp-equiv)\b", re.IGNORECASE)
_MOST_BYTES = 64 << 20


def _require_own(page: Path) -> None:
    """Raise RunError for a page that is not of this program's making: a browser would run its script, or print a file of this
    machine that it frames or leads to. The policy of our own pages, which stands before all else in them, forbids both.
    """
    content = read_file(page, most=_MOST_BYTES)
    head = _HEAD.match(content)
    if head is None or head[1].decode() != script_hash() or len(_LEADS_AWAY.findall(content)) != 1:
        raise RunError.of(
            "export/foreign-page",
            f"'{page.as_posix()}' is not as this version of the program writes pages, so no browser is given it",
            remedy="see what `screen verify` says of the run; run again what an older version made",
        )


def _print(program: str, page: Path, target: Path, profile: str) -> Path:
    command: Sequence[str] = (
        program,
        "--headless",
        "--disable-gpu",
        "--no-first-run",
        "--disable-extensions",
        "--disable-sync",
        "--disable-background-networking",
        "--proxy-server=127.0.0.1:9",
        f"--user-data-dir={profile}",
        # Inside a container root has no other way; the page has no script from elsewhere and no network.
        *(("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()),
        "--no-pdf-header-footer",
        f"--print-to-pdf={target.resolve()}",
        page.resolve().as_uri(),
    )
    before = target.stat().st_mtime_ns if target.is_file() else -1
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
        said = done.stderr.decode(errors="replace").strip().splitlines()
    except (OSError, subprocess.TimeoutExpired) as error:
        said = [str(error)]
    if not target.is_file() or target.stat().st_mtime_ns == before:
        why = said[-1][:200] if said else "it said nothing"
        raise RunError.of(
            "export/not-printed", f"'{page.name}' could not be printed: {why}", remedy="try another --browser"
        )
    return target
