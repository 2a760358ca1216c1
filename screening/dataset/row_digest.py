"""The digest of rows that have no order: the same for the same rows, however a server gives them."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class RowDigest:
    """Sums the hashes of rows."""

    def __init__(self) -> None:
        self._total = 0

    def add(self, rows: Iterable[Sequence[str | None]]) -> None:
        """Count in rows of text."""
        self._total += sum(
            int.from_bytes(hashlib.sha256(json.dumps(row, ensure_ascii=False).encode()).digest()) for row in rows
        )

    def hexdigest(self) -> str:
        """Return the digest of all rows so far."""
        return f"{self._total % 2**256:064x}"
