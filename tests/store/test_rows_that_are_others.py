"""Whose rows are others between two versions of a clean table: exactly those of a comparison of all rows of each company."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.engine.reclassify import different

if TYPE_CHECKING:
    from pathlib import Path

Row = tuple[str, str]
ROWS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["甲", "乙", ""])), max_size=8).map(sorted)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(now=ROWS, before=ROWS)
def test_companies_that_came_went_or_say_something_else(tmp_path: Path, now: list[Row], before: list[Row]) -> None:
    paths = [tmp_path / name for name in ("now.parquet", "before.parquet")]
    for path, rows in zip(paths, (now, before), strict=True):
        frame = pl.DataFrame(rows, schema={"company_id": pl.String, "title": pl.String}, orient="row")
        frame.with_columns(pl.col("title").replace("", None), ipc=pl.lit(str(path))).write_parquet(path)
    found = different(*paths, read=("company_id", "title"))
    assert found is not None
    one, other = ({c: list(rows) for c, rows in groupby(version, key=lambda row: row[0])} for version in (now, before))
    assert set(found) == {c for c in one.keys() | other.keys() if one.get(c) != other.get(c)}


def test_a_column_that_one_version_lacks_tells_nothing(tmp_path: Path) -> None:
    frame = pl.DataFrame({"company_id": ["a"], "title": ["甲"]})
    frame.write_parquet(tmp_path / "now.parquet")
    frame.drop("title").write_parquet(tmp_path / "before.parquet")
    assert different(tmp_path / "now.parquet", tmp_path / "before.parquet", read=("company_id", "title")) is None
