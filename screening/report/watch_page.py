"""The head of the ranking as a page that loads itself again from its file: no server, no script, nothing from outside."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from screening.report.render import environment
from screening.report.wording import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

_STYLE = (
    "body{font:15px/1.5 sans-serif;margin:1.5rem auto;max-width:60rem;padding:0 1rem}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.2rem .6rem;border-bottom:1px solid #ccc}.n{text-align:right}.bad{color:#a00}.entered{color:#060}"
    ".left{color:#a00}pre{white-space:pre-wrap}@media(prefers-color-scheme:dark){body{background:#111;color:#eee}}"
)
SECONDS = 2
"""How often a browser reads the file again."""


def render_watch(look: Mapping[str, Any]) -> str:
    """Return one look (as `screen watch --json` gives it) as an HTML document in both languages."""
    style = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"
    words = (Words("zh"), Words("en"))

    def both(key: str) -> str:
        return " ".join(w(key) for w in words)

    def of(section: str, name: str | None) -> str:
        return " ".join(dict.fromkeys(w.of(section, name) for w in words))

    template = environment().get_template("watch.html.j2")
    return template.render(look=look, both=both, of=of, style=_STYLE, policy=policy, seconds=SECONDS)
