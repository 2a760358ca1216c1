"""What each constant of classification means, and what moves when it moves, on the development set.

    python -m benchmarks.constants [--sure] [--half build] [--write docs/classification.md]

One row per constant and other value: precision and recall of the domain, and how many companies are left to be read. With
`--write` the table takes the place of the one in that file. Needs the real data beside the project; without them it says so and stops.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from screening.arrow import ArrowView
from screening.engine.classify import classify
from screening.result.contract import IN_SCOPE
from screening.rulebook.lexicon import Classification
from screening.rulebook.loader import load_pack
from tests.classify.conftest import COLUMNS
from tests.classify.development_set import HALVES, development_set, present

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.rulebook.model import RulePack

MARKS = (
    "<!-- constants: python -m benchmarks.constants --sure --write docs/classification.md -->\n",
    "<!-- end of constants -->",
)
MOVED: tuple[tuple[str, str, str, tuple[float, float]], ...] = (
    (
        "thresholds",
        "related",
        "a domain is in from this strength on: less than one related product that is made",
        (0.6, 0.7),
    ),
    ("thresholds", "read", "from here up to `related` a person reads", (0.2, 0.4)),
    ("thresholds", "core", "a direction is core from here on: almost one strong product that is made", (0.8, 1.0)),
    ("thresholds", "named", "the foremost direction of a domain that is in is told from here on", (0.05, 0.3)),
    ("kinds", "strong", "the thing itself", (0.9, 1.1)),
    ("kinds", "related", "supply chain or adjacent technology", (0.7, 0.8)),
    ("kinds", "scope", "a standard item of a registered scope; two of them carry", (0.45, 0.55)),
    ("kinds", "weak", "a word that needs another beside it", (0.3, 0.4)),
    ("kinds", "named", "any word of the lexicon in the name: it supports, and tells nothing by itself", (0.4, 0.6)),
    ("activities", "service", "installs, maintains or advises, against 1 for who makes", (0.5, 0.7)),
    ("activities", "train", "trains in it", (0.5, 0.7)),
    ("activities", "unstated", "no verb goes with it", (0.7, 0.9)),
    ("standing", "leading", "the first items of a list, the only one that is made, the opening of prose", (1.2, 1.4)),
    ("standing", "items", "how many items lead a list", (1, 3)),
    ("standing", "crowd", "characters from which a list is a catalogue", (150, 400)),
    ("standing", "crowded", "an item of a catalogue that does not lead it", (0.7, 0.9)),
    ("standing", "opening", "characters that open prose", (60, 120)),
    ("standing", "beyond", "prose beyond its opening that states no business", (0.4, 0.6)),
    ("standing", "repeated", "what each further mention in prose adds, twice at most", (0.1, 0.3)),
)


def moved(settings: Classification, section: str, name: str, value: float) -> Classification:
    """Return the settings with one constant changed."""
    held = settings.model_dump()
    if section == "activities":
        held[section][name]["weight"] = value
    else:
        held[section][name] = value
    return Classification.model_validate(held)


def shipped(settings: Classification, section: str, name: str) -> float:
    """Return the value of a constant in the pack."""
    held = settings.model_dump()[section][name]
    return float(held["weight"] if section == "activities" else held)


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


def table(companies: pl.DataFrame, pack: RulePack) -> Iterator[str]:
    """Yield the lines of the table: the pack as it is, then every constant with two other values."""
    settings = pack.classification
    yield "| constant | meaning | value | precision | recall | to be read | misses among them |"
    yield "|---|---|---|---|---|---|---|"

    def line(name: str, meaning: str, value: str, changed: RulePack) -> str:
        precision, recall, to_read, held, missed = figures(companies, changed)
        return f"| {name} | {meaning} | {value} | {precision:.3f} | {recall:.3f} | {to_read} | {held} of {missed} |"

    yield line("as shipped", "", "", pack)
    for section, name, meaning, values in MOVED:
        own = shipped(settings, section, name)
        for number, value in enumerate(values):
            changed = pack.model_copy(update={"classification": moved(settings, section, name, value)})
            said = (f"`{section}.{name}`", meaning) if number == 0 else ("", "")
            yield line(*said, f"{own:g} → {value:g}", changed)


def main() -> int:
    """Print the table, or write it into a page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sure", action="store_true", help="only companies whose reader was sure")
    parser.add_argument("--half", choices=HALVES, action="append", help="only this part of the set")
    parser.add_argument("--write", type=Path, help="a page with the marks of the table")
    chosen = parser.parse_args()
    if not present():
        print("the real data are not beside the project", file=sys.stderr)
        return 1
    companies = pl.concat([development_set(half) for half in chosen.half or HALVES])
    if chosen.sure:
        companies = companies.filter(pl.col("sureness") == "sure")
    lines = []
    for line in table(companies, load_pack("guangdong-2024").pack):
        print(line, flush=True)
        lines.append(line)
    if chosen.write:
        page = chosen.write.read_text(encoding="utf-8")
        before, rest = page.split(MARKS[0])
        _, after = rest.split(MARKS[1])
        chosen.write.write_text(
            before + MARKS[0] + "\n" + "\n".join(lines) + "\n\n" + MARKS[1] + after, encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
