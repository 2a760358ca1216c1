"""The digest of a relation: the same for any order of its rows and any file they stand in, another for any other value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.errors import RunError
from screening.result import digest as module
from screening.result.contract import Relation
from screening.result.digest import relation_digest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SPANS = Relation("spans", "one row per hit", ("company_id", "start"), ())
Row = tuple[str | None, int | None, str | None]
TEXTS = st.none() | st.text(alphabet="甲a\\\n\rN", max_size=4)
ROWS = st.lists(st.tuples(TEXTS, st.none() | st.integers(-20, 120), TEXTS), unique_by=lambda r: r[:2], max_size=12)


def digest(rows: Sequence[Row], folder: Path, **how: int) -> str:
    frame = pl.DataFrame(rows, schema={"company_id": pl.String, "start": pl.Int32, "term": pl.String}, orient="row")
    frame.write_parquet(folder / "spans.parquet", **how)  # type: ignore[arg-type]
    return relation_digest(folder / "spans.parquet", SPANS)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_order_of_rows_row_groups_and_what_is_read_at_once_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row], chance: object
) -> None:
    folder = tmp_path_factory.getbasetemp()
    in_order = sorted(rows, key=lambda r: [(v is not None, v if v is not None else 0) for v in r[:2]])
    first = digest(in_order, folder)
    assert digest(rows, folder) == first
    chance.shuffle(rows)  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as few:
        few.setattr(module, "_ROWS", 2)
        few.setattr(module, "_VALUES", 5)
        assert digest(rows, folder, row_group_size=3) == first


@pytest.mark.parametrize(
    "other",
    [
        [("甲", 2, "x"), ("乙", 10, "a\\nb")],
        [("甲", 2, "x"), ("乙", 10, None)],
        [("甲", 2, "x"), ("乙", 10, "\\N")],
        [("甲", 10, "a\nb"), ("乙", 2, "x")],
        [("甲", 2, "x"), ("乙", 10, "a"), ("乙", 11, "b")],
        [("甲", 2, "x")],
    ],
)
def test_another_value_or_row_is_another_digest(other: list[Row], tmp_path: Path) -> None:
    assert digest(other, tmp_path) != digest([("甲", 2, "x"), ("乙", 10, "a\nb")], tmp_path)


def test_a_number_in_the_key_counts_by_value(tmp_path: Path) -> None:
    frame = pl.DataFrame({"company_id": ["甲", "甲"], "start": [9, 10], "term": ["a", "b"]})
    frame.write_parquet(tmp_path / "spans.parquet")
    assert module._order(frame.select("company_id", "start")) is None, "they stand in order: nothing is sorted"


def test_a_file_that_is_no_relation_is_named(tmp_path: Path) -> None:
    (tmp_path / "spans.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(RunError, match=r"'spans\.parquet' cannot be read"):
        relation_digest(tmp_path / "spans.parquet", SPANS)
