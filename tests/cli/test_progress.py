"""What is told of the time that is left: from the last run of the same rules and data, else from the shape of any run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from screening.cli.progress import Pace
from screening.store import VARIABLE

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))


def test_a_run_like_the_last_one_is_told_what_the_last_one_took() -> None:
    first = Pace("pack", "data")
    for step, elapsed in (("check", 0.0), ("ingest", 1.0), ("classify", 11.0), ("report", 31.0)):
        first.left(step, elapsed)
    first.keep(40.0)
    again = Pace("pack", "data")
    assert again.left("check", 0.0) == pytest.approx(40.0)
    assert again.left("ingest", 1.0) == pytest.approx(39.0)
    assert again.left("classify", 11.0) == pytest.approx(29.0)


def test_a_slower_machine_has_longer_to_go() -> None:
    first = Pace("pack", "data")
    for step, elapsed in (("check", 0.0), ("ingest", 1.0), ("report", 11.0)):
        first.left(step, elapsed)
    first.keep(21.0)
    again = Pace("pack", "data")
    again.left("check", 0.0)
    again.left("ingest", 2.0)
    assert again.left("report", 22.0) == pytest.approx(20.0)


def test_a_first_run_is_measured_by_the_shape_of_any_and_an_unknown_step_tells_nothing() -> None:
    pace = Pace("other pack", "data")
    pace.left("check", 0.0)
    left = pace.left("classify", 170.0)
    assert left is not None
    assert 500 < left < 1500
    assert pace.left("something new", 180.0) is None
