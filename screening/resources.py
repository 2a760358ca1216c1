"""What surrounds the program: where the shipped packs and data lie, how a path is shown, which day it is."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

_CHINA = timedelta(hours=8)
_PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """Return the folder `rules` or `sample_data` as installed.

    A wheel carries them under `_data`; an editable install does not build that folder, so the checkout's own is used.
    """
    inside = _PACKAGE / "_data" / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def shown_path(path: Path) -> str:
    """Return `path` as a message shows it: relative to the working directory when below it, else as given when relative, else its last parts.

    Results and reports carry this form only, so no machine's folder layout leaves the machine.
    """
    resolved = path.resolve()
    for root, prefix in ((Path.cwd(), ""), (_PACKAGE / "_data", ""), (_PACKAGE.parent, "")):
        if resolved.is_relative_to(root):
            return prefix + resolved.relative_to(root).as_posix()
    return "/".join(resolved.parts[-2:]) if path.is_absolute() else Path(os.path.normpath(path)).as_posix()


def day_in_china(moment: datetime | None = None) -> date:
    """Return the date of a moment, now when none is given, on the clock of China: one day in whatever zone the machine is."""
    return ((moment or datetime.now(UTC)).astimezone(UTC) + _CHINA).date()
