"""The data-quality profile: per column filled, parsed, missing and suspicious; per table what was set aside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from datetime import date

    from screening.dataset.identity import Identified
    from screening.dataset.intake import _Loaded
    from screening.dataset.model import RowCount


def profile(loaded: Mapping[str, _Loaded], identified: Identified, root: str, as_of: date, rows: Mapping[str, RowCount],
            ) -> dict[str, Any]:
    """Return the profile as plain records."""
    return {"tables": {name: {"rows": rows[name].as_record(), "columns": []} for name in loaded}}
