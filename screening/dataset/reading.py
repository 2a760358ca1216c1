"""How the cells of a column are to be read, where they settle it together: a decimal comma, the order of day and month.

Two passes over one column. The **weighing** pass counts what its cells speak for; counts of ranges, files' parts or partitions of a
cluster are added up, in any order, and then the reading is **settled**. The **reading** pass takes each cell by what was settled, so that
a cell reads the same wherever the rows are cut. A partition of another engine does the same: it weighs its rows
(`columns.weigh_columns`), the driver adds the counts (`ColumnReading.add`, plain integers by name) and settles them, each partition then
parses its rows by them (`columns.parse_columns`). A column that is at hand whole is weighed and read in one pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, SupportsInt

if TYPE_CHECKING:
    from collections.abc import Mapping

Readings = dict[str, "ColumnReading"]
"""By standard column: how it is to be read."""


class ColumnReading:
    """The counts that decide how one column is read: sums over its rows by name, such as figures with a decimal comma."""

    __slots__ = ("_sums", "settled", "whole")

    def __init__(self, *, whole: bool = True) -> None:
        self.whole = whole
        """Whether the cells at hand are all of the column."""
        self._sums: dict[str, int] = {}
        self.settled = False

    def weigh(self, **counts: SupportsInt) -> Mapping[str, int]:
        """Count in what some cells speak for, unless it is settled already; return the sums so far."""
        if not self.settled:
            self.add(counts)
        return {name: self._sums.get(name, 0) for name in counts}

    def add(self, counts: Mapping[str, SupportsInt]) -> None:
        """Count in what other rows of the column speak for."""
        for name, count in counts.items():
            self._sums[name] = self._sums.get(name, 0) + int(count)

    @property
    def sums(self) -> Mapping[str, int]:
        """The sums, to be added to those of other rows."""
        return dict(self._sums)

    def settle(self) -> None:
        """Count nothing in any more: all rows have been weighed."""
        self.settled = True
