"""The runs that the tests of this folder share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.run import shared

if TYPE_CHECKING:
    from pathlib import Path

    from screening.run.screening import Finished


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    return shared.sample_run(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    if not (shared.REAL / "guangdong_registry.parquet").is_file():
        pytest.skip("the real registry does not lie beside the project")
    return shared.registry_run(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def sample_dir(sample: Finished) -> Path:
    return sample.run_dir
