"""The data-quality profile: per column filled, parsed, missing and suspicious; per table what was set aside.

Plain records of ids and numbers, so that a report can word them in any language.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from screening.dataset.branches import BRANCHES, PARENT
from screening.dataset.knowledge import FOUNDING_DATES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.dataset.identity import Identified
    from screening.dataset.loading import LoadedTable
    from screening.dataset.model import RowCount

# 1,000,000 万元: no column of capitals has its 99th percentile above; one that has mixes 元 and 万元.
UNIT_ANOMALY = Decimal(10) ** 10
STALE_DAYS = 730


_COUNTED = ("city", "city_basis", "entity_kind", "status")


class Tally:
    """What is counted of the clean rows of a table while they are written, a stretch of them at a time."""

    def __init__(self, as_of: date) -> None:
        self.rows = 0
        self.missing: dict[str, int] = {}
        self.newest: dict[str, date] = {}
        """The newest founding dates."""
        self._as_of = as_of
        self._odd: dict[str, dict[str, int]] = {}
        self._values: dict[str, dict[str, int]] = {}

    def add(self, frame: pl.DataFrame) -> None:
        """Count in some rows."""
        self.rows += frame.height
        for name, count in zip(frame.columns, frame.null_count().row(0), strict=True):
            self.missing[name] = self.missing.get(name, 0) + count
        odd: dict[str, dict[str, pl.Expr]] = {}
        for name in {"registered_capital", "paid_in_capital"} & set(frame.columns):
            number = pl.col(name).cast(pl.Float64)
            odd[name] = {"zero_amount": number == 0, "unit_anomaly": number > float(UNIT_ANOMALY)}
        if "observed_on" in frame.columns:
            odd["observed_on"] = {"stale": pl.col("observed_on") < self._as_of - timedelta(days=STALE_DAYS)}
            if "established_on" in frame.columns:
                # An export that had no date of registration sometimes gives the day it was made instead.
                odd["established_on"] = {"equals_observed_on": pl.col("established_on") == pl.col("observed_on")}
        for name, tests in odd.items():
            if frame[name].null_count() < frame.height:
                found = frame.select(test.sum().alias(kind) for kind, test in tests.items()).row(0, named=True)
                self._odd[name] = _added(self._odd.get(name, {}), found)
        for name in FOUNDING_DATES & set(frame.columns):
            days = [day for day in (self.newest.get(name), frame[name].max()) if isinstance(day, date)]
            self.newest |= {name: max(days)} if days else {}
        for name in _COUNTED:
            if name in frame.columns:
                counted = frame[name].fill_null("").value_counts(name="count").iter_rows()
                self._values[name] = _added(self._values.get(name, {}), dict(counted))

    def suspicious(self, column: str) -> dict[str, int]:
        """Return what is odd about the values of a column: how many, by kind."""
        found = dict(self._odd.get(column, {}))
        if "unit_anomaly" in found:
            # The 99th percentile is above where fewer stand below than its place.
            known = self.rows - self.missing[column]
            if known - found["unit_anomaly"] > int((known - 1) * 0.99 + 0.5):
                del found["unit_anomaly"]
        return {kind: count for kind, count in found.items() if count}

    def values(self) -> dict[str, dict[str, int]]:
        """Return how often each value of the counted columns occurs, most frequent first; a missing one under the empty text."""
        return {
            name: dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
            for name, counts in self._values.items()
        }


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {key: one.get(key, 0) + other.get(key, 0) for key in [*one, *(key for key in other if key not in one)]}


def profile(
    loaded: Mapping[str, LoadedTable],
    tallies: Mapping[str, Tally],
    identified: Identified,
    root: str,
    rows: Mapping[str, RowCount],
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
            "columns": _columns(table, tallies[name]),
            "conflicts": [conflict.as_record() for conflict in table.conflicts],
        }
        for name, table in loaded.items()
    }
    return {"tables": tables, "entities": _entities(tallies[root], identified)}


def _columns(loaded: LoadedTable, tally: Tally) -> list[dict[str, Any]]:
    records = []
    for name in loaded.table.columns:
        seen = loaded.observed.get(name)
        suspicious = dict(seen.counts) if seen else {}
        anomalies = tally.suspicious(name)
        if "unit_anomaly" in anomalies:
            suspicious.pop("huge", None)
        suspicious |= anomalies
        missing = tally.missing[name]
        records.append(
            {
                "column": name,
                "available": name in loaded.available,
                "filled": seen.filled if seen else 0,
                "parsed": seen.parsed if seen else tally.rows - missing,
                "missing": missing,
                "failures": dict(sorted(seen.failures.items())) if seen else {},
                "examples": dict(sorted(seen.examples.items())) if seen else {},
                "suspicious": dict(sorted(suspicious.items())),
            }
        )
    return records


def _entities(tally: Tally, identified: Identified) -> dict[str, Any]:
    counted = tally.values()
    return {
        **counted,
        "code_conflicts": identified.code_conflicts,
        "duplicates": identified.duplicates.height,
        "branches": sum(counted.get("entity_kind", {}).get(kind, 0) for kind in BRANCHES),
        "branches_joined": tally.rows - tally.missing.get(PARENT, tally.rows),
    }
