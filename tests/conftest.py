"""What all tests share: nothing is kept in the cache folder of whoever runs them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from screening.store import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator


DEAREST = ("run", "report", "cli", "dataset", "packaging", "spark", "rulebook")
"""Folders that take longest, in the order of their processor time: begun first, so that workers side by side end together."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where tests run side by side, a folder stays with one worker: its runs of the sample are made once."""
    place = {folder: number for number, folder in enumerate(DEAREST)}

    def folder(item: pytest.Item) -> str:
        return item.path.relative_to(Path(__file__).parent).parts[0]

    for item in items:
        item.add_marker(pytest.mark.xdist_group(folder(item)))
    items.sort(key=lambda item: place.get(folder(item), len(DEAREST)))


@pytest.fixture(scope="session", autouse=True)
def _own_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One store for the whole suite, all its workers and the programs they start: a pack that many tests use is compiled once.

    `.ci/run` names one, in which its own checks have kept the shipped packs and the sample.
    """
    if VARIABLE in os.environ:
        yield
        return
    place = tmp_path_factory.getbasetemp()
    os.environ[VARIABLE] = str((place.parent if "PYTEST_XDIST_WORKER" in os.environ else place) / "store")
    yield
    del os.environ[VARIABLE]
