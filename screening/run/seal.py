"""The last line of a page: the hash of all before it."""

from __future__ import annotations

import hashlib
import re

SEAL = re.compile(rb"<!-- screen: sha256 of all before this line ([0-9a-f]{64}) -->\n\Z")


def sealed(html: str) -> str:
    """Return a page with its last line."""
    text = html if html.endswith("\n") else html + "\n"
    return f"{text}<!-- screen: sha256 of all before this line {hashlib.sha256(text.encode()).hexdigest()} -->\n"
