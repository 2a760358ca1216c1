"""The sample as written and as its script knows it."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"


@pytest.fixture(scope="session")
def sample() -> Path:
    return SAMPLE


@pytest.fixture(scope="session")
def made() -> Iterator[tuple[dict[str, bytes], Any]]:
    """File name → bytes, and the rows with the truth behind them."""
    sys.path.insert(0, str(SAMPLE))
    try:
        import make_sample

        yield make_sample.generate()
    finally:
        sys.path.remove(str(SAMPLE))


@pytest.fixture(scope="session")
def firms(made: tuple[dict[str, bytes], Any]) -> list[Any]:
    """Every firm once."""
    rows = (row for rows in made[1].companies.values() for row in rows)
    return list({id(row["_firm"]): row["_firm"] for row in rows if row.get("_firm")}.values())


def read_csv(path: Path, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding=encoding), newline="")))
