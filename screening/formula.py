"""Cells that spreadsheet programs would run as formulas: every CSV that leaves the program guards them, and reading takes the
guard off again.
"""

from __future__ import annotations

import re

STARTS = r"^\s*[=+\-@\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}]|^[\t\r\n]"
"""How such a cell begins, as the engine of polars writes it; some programs take the full-width signs too."""

_GUARD = "'"
_STARTS = re.compile(STARTS.replace("\\u{", "\\u").replace("}", ""))
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")


def guarded(text: str) -> str:
    """Return a text as a cell that is no formula: a quote before it where one would begin; numbers stay."""
    # A text that looks like a guarded one gets a guard too, so that reading always finds the text that was written.
    inner = text.lstrip(_GUARD)
    return _GUARD + text if _STARTS.match(inner) and not _NUMBER.fullmatch(inner) else text


def unguarded(cell: str) -> str:
    """Return the text of a cell that `guarded` wrote; any other cell as it is."""
    text = cell.removeprefix(_GUARD)
    return text if cell != text and guarded(text) == cell else cell
