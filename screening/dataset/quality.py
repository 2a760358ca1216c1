"""The data-quality profile: per column filled, parsed, missing and suspicious; per table what was set aside.

Plain records of ids and numbers, so that a report can word them in any language.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from screening.dataset.branches import BRANCHES, PARENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.dataset.identity import Identified
    from screening.dataset.loading import LoadedTable
    from screening.dataset.model import RowCount

# 1,000,000 万元: no column of capitals has its 99th percentile above; one that has mixes 元 and 万元.
UNIT_ANOMALY = Decimal(10) ** 10
STALE_DAYS = 730


def profile(
    loaded: Mapping[str, LoadedTable], identified: Identified, root: str, as_of: date, rows: Mapping[str, RowCount]
) -> dict[str, Any]:
    """Return the profile.

    `tables.<name>.columns` has one record per declared column: `column, available, filled, parsed, missing, failures`
    (by reason), `examples` (at most five per reason), `suspicious` (by kind). Figures of cells are over all rows that
    could be read; `missing` is over the clean rows. `tables.<name>.conflicts` has one record per column in which rows of one
    company (or one key) contradict each other: `column, groups, unsettled, examples`. `entities` counts
    `city, city_basis, entity_kind, status` of the clean rows of the root table (the empty text where unknown),
    `code_conflicts`, `duplicates`, `branches` and how many of these have their parent in the data (`branches_joined`).
    """
    tables = {
        name: {
            "rows": rows[name].as_record(),
            "columns": _columns(table, as_of),
            "conflicts": [conflict.as_record() for conflict in table.conflicts],
        }
        for name, table in loaded.items()
    }
    return {"tables": tables, "entities": _entities(loaded[root].frame, identified)}


def _columns(loaded: LoadedTable, as_of: date) -> list[dict[str, Any]]:
    records = []
    for name in loaded.table.columns:
        cells = loaded.frame.select(name).to_series()
        seen = loaded.observed.get(name)
        suspicious = dict(seen.counts) if seen else {}
        suspicious |= {"controls": loaded.controls[name]} if name in loaded.controls else {}
        suspicious |= _suspicious(loaded.frame, cells, as_of)
        records.append(
            {
                "column": name,
                "available": name in loaded.available,
                "filled": seen.filled if seen else 0,
                "parsed": seen.parsed if seen else len(cells) - cells.null_count(),
                "missing": cells.null_count(),
                "failures": dict(sorted(seen.failures.items())) if seen else {},
                "examples": dict(sorted(seen.examples.items())) if seen else {},
                "suspicious": dict(sorted(suspicious.items())),
            }
        )
    return records


def _suspicious(frame: pl.DataFrame, cells: pl.Series, as_of: date) -> dict[str, int]:
    found: dict[str, int] = {}
    known = cells.drop_nulls()
    if known.is_empty():
        return found
    if cells.name in ("registered_capital", "paid_in_capital"):
        numbers = known.cast(pl.Float64)
        high = numbers.quantile(0.99, interpolation="nearest")
        if high is not None and high > float(UNIT_ANOMALY):
            found["unit_anomaly"] = int((numbers > float(UNIT_ANOMALY)).sum())
        if zeros := int((numbers == 0).sum()):
            found["zero_amount"] = zeros
    if cells.name == "observed_on" and (stale := int((known < as_of - timedelta(days=STALE_DAYS)).sum())):
        found["stale"] = stale
    if cells.name == "established_on" and "observed_on" in frame.columns:
        # An export that had no date of registration sometimes gives the day it was made instead.
        same = int((frame["established_on"] == frame["observed_on"]).sum())
        if same:
            found["equals_observed_on"] = same
    return found


def _entities(frame: pl.DataFrame, identified: Identified) -> dict[str, Any]:
    counted: dict[str, Any] = {
        column: _counts(frame[column])
        for column in ("city", "city_basis", "entity_kind", "status")
        if column in frame.columns
    }
    return {
        **counted,
        "code_conflicts": identified.code_conflicts,
        "duplicates": identified.duplicates.height,
        "branches": sum(counted.get("entity_kind", {}).get(kind, 0) for kind in BRANCHES),
        "branches_joined": frame[PARENT].count() if PARENT in frame.columns else 0,
    }


def _counts(cells: pl.Series) -> dict[str, int]:
    """Return how often each value occurs, most frequent first; a missing one under the empty text."""
    counted = cells.fill_null("").value_counts(name="count").sort(["count", cells.name], descending=[True, False])
    return dict(zip(counted[cells.name].to_list(), counted["count"].to_list(), strict=True))
