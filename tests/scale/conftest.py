"""One run over eight thousand made-up registry rows, and one over the sample data, shared by all tests of scale."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest

from benchmarks.registry import registry
from screening.run.options import Options
from screening.run.screening import Finished, run
from tests.run.shared import sample_run

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 8_000
AS_OF = datetime.date(2024, 10, 1)


@pytest.fixture(scope="session")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a registry export."""
    path = tmp_path_factory.mktemp("registry") / "registry.parquet"
    registry(ROWS).write_parquet(path)
    return path


@pytest.fixture(scope="session")
def screened_export(export: Path, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """Return the finished run over the export."""
    return run(Options(data=export, as_of=AS_OF, out=tmp_path_factory.mktemp("runs"), dossiers="3"))


@pytest.fixture(scope="session")
def screened_sample(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """Return the finished run over the sample data, which has every table."""
    return sample_run(tmp_path_factory.getbasetemp())
