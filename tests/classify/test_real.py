"""The labelled development rows and the development set, where the real data lie beside the project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from screening.analysis.evaluation import evaluate
from screening.analysis.gold import read_gold
from tests.classify.conftest import classifier
from tests.classify.development_set import HALVES, development_set

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from screening.rulebook.model import RulePack
    from tests.classify.conftest import Classified

DATA = Path(__file__).parents[3] / "shared" / "data"
LABELLED = DATA / "labelled_dev.csv"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not LABELLED.is_file(), reason="the real data is not beside the project"),
]


@pytest.fixture(scope="module")
def evaluated(plan: RulePack) -> Iterator[Any]:
    rows = pl.read_csv(LABELLED, infer_schema_length=0).with_row_index("row")
    told = pl.col("source").str.contains("公司介绍")
    companies = rows.select(
        pl.format("g{}", "row").alias("company_id"),
        "uscc",
        "name",
        business_scope=pl.when(~told).then("business_scope"),
        description=pl.when(told).then("business_scope"),
    )
    with classifier(plan) as run:
        yield evaluate(run(companies.to_dicts()), read_gold(LABELLED, plan))  # type: ignore[arg-type]


def test_precision_and_recall(evaluated: Any) -> None:
    # this set is half traps; the figures that count are those of the development set below
    assert evaluated.overall.precision >= 0.87
    assert evaluated.overall.recall >= 0.95
    assert evaluated.overall.f1 > evaluated.baseline.f1 + 0.2


def test_no_trap_of_letters_or_exclusions_is_core(evaluated: Any) -> None:
    traps = [kind for kind in evaluated.kinds if "子串" in kind.kind or "排除" in kind.kind]
    assert sum(kind.companies for kind in traps) > 20
    assert [kind for kind in traps if "core" in kind.grades] == []


@pytest.fixture(scope="module")
def developed(plan: RulePack) -> Iterator[tuple[pl.DataFrame, Classified]]:
    """The whole development set as its readers were sure of it, classified once."""
    sure = pl.concat([development_set(half) for half in HALVES]).filter(pl.col("sureness") == "sure")
    rows = sure.select("company_id", "name", "business_scope", "description", "industry_name", uscc="company_id")
    with classifier(plan) as run:
        yield sure, run(rows.to_dicts())


@pytest.mark.parametrize("half", HALVES)
def test_the_development_set_as_its_readers_were_sure_of_it(
    developed: tuple[pl.DataFrame, Classified], plan: RulePack, half: str, tmp_path: Path
) -> None:
    sure, classified = developed
    gold = tmp_path / "gold.csv"
    sure.filter(pl.col("half") == half).select(
        "name", "domain", "direction", kind="stratum", uscc="company_id"
    ).write_csv(gold)
    found = evaluate(classified, read_gold(gold, plan))  # type: ignore[arg-type]
    assert found.unmatched == ()
    assert found.overall.precision >= 0.86
    assert found.overall.recall >= 0.88
    assert found.naming.named >= 0.95 * found.naming.asked
    assert found.naming.right >= 0.96 * found.naming.named - 1
    assert found.errors.missed_to_read * 2 >= found.errors.missed - 1


def test_the_development_set_as_a_whole(
    developed: tuple[pl.DataFrame, Classified], plan: RulePack, tmp_path: Path
) -> None:
    sure, classified = developed
    sure.select("name", "domain", "direction", kind="stratum", uscc="company_id").write_csv(tmp_path / "gold.csv")
    found = evaluate(classified, read_gold(tmp_path / "gold.csv", plan))  # type: ignore[arg-type]
    assert found.overall.precision >= 0.945
    assert found.overall.recall >= 0.945
    assert found.naming.right >= 0.98 * found.naming.named
    assert found.naming.in_scope_named == found.naming.in_scope


def test_scopes_that_say_nothing_are_unknown(classified: Callable[..., Classified]) -> None:
    path = DATA / "guangdong_registry.parquet"
    rows = pl.read_parquet(path, columns=["企业名称", "经营范围"]).filter(
        pl.col("经营范围").str.contains("商事主体通过章程载明")
    )
    silent = rows.filter(pl.col("经营范围").str.starts_with("根据《珠海经济特区商事登记条例》"))
    result = classified([{"name": name, "business_scope": scope} for name, scope in silent.iter_rows()])
    assert result.query("SELECT DISTINCT fit_grade FROM profile") == [{"fit_grade": "unknown"}]
    assert silent.height >= 833
