"""A back-test on real outcomes: US start-ups as known at the end of 2007, held against their state in October 2013.

Run: python -m benchmarks.us_backtest (needs `us_companies_2013.csv.gz` and `us_rounds_2013.csv.gz` in ../shared/data). Everything that is
dated after the date of knowledge is set aside by intake. The table does not date outcomes: companies that were sold or closed before
2008 are among them, which makes any score look better or worse than it was; the figure is what it is.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from screening.analysis.backtest import backtest, read_outcomes
from screening.api import Run, screen
from screening.cli.backtest import lines
from screening.run.opened import opened

if TYPE_CHECKING:
    from screening.result.backtest import Backtest

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "shared" / "data"
PACK = HERE / "packs" / "us-2013"
AS_OF = "2007-12-31"
GOOD = ("acquired", "ipo")


def prepare(folder: Path) -> Path:
    """Write the two tables and the outcomes of companies first funded in 2005-2007; return the dataset's folder."""
    companies = pl.read_csv(DATA / "us_companies_2013.csv.gz", infer_schema_length=0)
    rounds = pl.read_csv(DATA / "us_rounds_2013.csv.gz", infer_schema_length=0)
    first = rounds.group_by("company_permalink").agg(pl.col("funded_at").min().alias("first"))
    chosen = companies.join(first, left_on="permalink", right_on="company_permalink").filter(
        pl.col("first").is_between(pl.lit("2005-01-01"), pl.lit(AS_OF))
    )
    ids = chosen.select("permalink")
    chosen.select(company_id="permalink", name=pl.coalesce("name", "permalink"), established_on="founded_at").unique(
        "company_id", keep="first", maintain_order=True
    ).write_csv(folder / "companies.csv")
    rounds.join(ids.unique(), left_on="company_permalink", right_on="permalink", how="semi").with_row_index("n").select(
        company_id="company_permalink",
        round_no=pl.col("n").cast(pl.String),
        kind="funding_round_type",
        funded_on="funded_at",
        raised="raised_amount_usd",
    ).write_csv(folder / "rounds.csv")
    chosen.unique("permalink", keep="first", maintain_order=True).select(
        company_id="permalink",
        outcome=pl.when(pl.col("status").is_in(GOOD)).then(pl.lit("yes")).otherwise(pl.lit("no")),
        on=pl.lit("2013-10-31"),
    ).write_csv(folder / "outcomes.csv")
    (folder / "dataset.yaml").write_text(
        "dataset: {id: us-2013, label: US start-ups}\ntables:\n"
        "  companies: {file: companies.csv}\n"
        "  rounds: {file: rounds.csv, absence: zero, searched_on: 2007-12-31}\n",
        encoding="utf-8",
    )
    return folder


def tested(folder: Path) -> tuple[Run, Backtest]:
    """Screen what `prepare` wrote and hold the scores against the outcomes."""
    import datetime  # noqa: PLC0415 - one use

    day = datetime.date.fromisoformat(AS_OF)
    run = screen(folder, str(PACK), as_of=day, out=folder / "runs")
    with opened(run.path) as data:
        return run, backtest(data, read_outcomes(folder / "outcomes.csv", day))


def main() -> None:
    """Print what the outcomes tell."""
    with tempfile.TemporaryDirectory() as folder:
        _, found = tested(prepare(Path(folder)))
    print("\n".join(lines(found, "en")))


if __name__ == "__main__":
    main()
