"""What each constant of classification means, and what moves when it moves, on the development set.

    python -m benchmarks.constants [--sure]

One row per constant and other value: precision and recall of the domain, and how many companies are left to be read. Needs the
real data beside the project; without them it says so and stops.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from screening.arrow import ArrowView
from screening.engine.classify import classify
from screening.result.contract import IN_SCOPE
from screening.rulebook.lexicon import Classification
from screening.rulebook.loader import load_pack
from tests.classify.conftest import COLUMNS
from tests.classify.development_set import development_set, present

if TYPE_CHECKING:
    from screening.rulebook.model import RulePack

HALVES = ("build", "held", "fresh-1", "fresh-2")
MOVED: tuple[tuple[str, str, tuple[float, float]], ...] = (
    ("thresholds", "core", (0.8, 1.0)),
    ("thresholds", "related", (0.6, 0.7)),
    ("thresholds", "read", (0.2, 0.4)),
    ("thresholds", "named", (0.05, 0.3)),
    ("standing", "leading", (1.2, 1.4)),
    ("standing", "beyond", (0.4, 0.6)),
    ("standing", "items", (1, 3)),
    ("standing", "within", (30, 120)),
    ("standing", "short", (15, 40)),
    ("standing", "crowd", (150, 400)),
    ("standing", "crowded", (0.7, 0.9)),
    ("standing", "opening", (60, 120)),
    ("standing", "repeated", (0.1, 0.3)),
    ("kinds", "strong", (0.9, 1.1)),
    ("kinds", "related", (0.7, 0.8)),
    ("kinds", "scope", (0.45, 0.55)),
    ("kinds", "weak", (0.3, 0.4)),
    ("kinds", "named", (0.4, 0.6)),
    ("activities", "service", (0.5, 0.7)),
    ("activities", "train", (0.5, 0.7)),
    ("activities", "means", (0.3, 0.5)),
    ("activities", "unstated", (0.7, 0.9)),
)


def moved(settings: Classification, section: str, name: str, value: float) -> Classification:
    """Return the settings with one constant changed."""
    held = settings.model_dump()
    if section == "activities":
        held[section][name]["weight"] = value
    else:
        held[section][name] = value
    return Classification.model_validate(held)


def figures(companies: pl.DataFrame, pack: RulePack) -> tuple[float, float, int, int, int]:
    """Return precision, recall, companies to be read, misses among them, and all misses."""
    absent = [pl.lit(None, dtype=pl.String).alias(column) for column in COLUMNS if column not in companies.columns]
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.register("given", ArrowView(companies.with_columns(absent).select(COLUMNS)))
        connection.execute("CREATE TABLE companies AS FROM given")
        classify(connection, pack)
        rows = connection.execute("SELECT company_id, fit_grade, domain_id, is_open FROM profile").fetchall()
    gold = {c: set() if d == "none" else set(d.split(";")) for c, d in companies.select("company_id", "domain").rows()}
    predicted = {company: domain for company, grade, domain, _ in rows if grade in IN_SCOPE}
    right = sum(domain in gold[company] for company, domain in predicted.items())
    wanted = sum(bool(domains) for domains in gold.values())
    missed = {c for c, domains in gold.items() if domains and predicted.get(c) not in domains}
    to_read = {company for company, _, _, is_open in rows if is_open}
    return right / len(predicted), right / wanted, len(to_read), len(missed & to_read), len(missed)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sure", action="store_true", help="only companies whose reader was sure")
    parser.add_argument("--half", choices=HALVES, action="append", help="only this part of the set")
    chosen = parser.parse_args()
    if not present():
        print("the real data are not beside the project", file=sys.stderr)
        return 1
    companies = pl.concat([development_set(half) for half in chosen.half or HALVES])
    if chosen.sure:
        companies = companies.filter(pl.col("sureness") == "sure")
    pack = load_pack("guangdong-2024").pack
    settings = pack.classification
    print("| constant | value | precision | recall | to be read | misses among them |\n|---|---|---|---|---|---|")

    def row(name: str, value: object, changed: RulePack) -> None:
        precision, recall, to_read, held, missed = figures(companies, changed)
        print(f"| {name} | {value} | {precision:.3f} | {recall:.3f} | {to_read} | {held} of {missed} |", flush=True)

    row("as shipped", "", pack)
    for section, name, values in MOVED:
        for value in values:
            changed = pack.model_copy(update={"classification": moved(settings, section, name, value)})
            row(f"`{section}.{name}`", value, changed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
