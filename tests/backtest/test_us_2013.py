"""The back-test on real outcomes uses nothing that was not known on its day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from benchmarks import us_backtest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real


def test_no_fact_of_the_backtest_is_dated_after_its_day(tmp_path: Path) -> None:
    if not (us_backtest.DATA / "us_companies_2013.csv.gz").is_file():
        pytest.skip("the US table of 2013 does not lie beside the project")
    run, found = us_backtest.tested(us_backtest.prepare(tmp_path))
    rounds = pl.read_parquet(run.path / "tables" / "rounds.parquet")
    assert str(rounds["funded_on"].max()) <= us_backtest.AS_OF
    facts = run.relation("facts")
    assert facts["rounds_known"].null_count() == 0, "rounds dated later are no lost rows"
    assert found.companies == facts.height
    assert found.auc is not None
