"""Hits -> grades: what a company does, with the evidence for it. One row per company in `profile`.

Finding terms is polars (`hits`); everything after is the SQL in `sql/classify/`, in the order of `STEPS`.
"""

from __future__ import annotations

import functools
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import polars as pl
from sqlglot import exp

from screening.arrow import ArrowView
from screening.engine.hits import FILLER, MARK, TEXT_FIELDS, Hits, Vocabulary, find, fold, vocabulary
from screening.result.contract import GRADES

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import duckdb

    from screening.rulebook.lexicon import Activity, Classification
    from screening.rulebook.model import RulePack

CHUNK_ROWS = 250_000
"""Companies whose text is held in memory at once."""

STEPS = ("company_factors", "located", "readings", "evidence", "classification", "ranked", "profile", "spans")

_NEVER = r"[^\s\S]"
_ITEM_STOPS = ":;。()"


@functools.cache
def statement(name: str) -> str:
    """Return the SQL of one step."""
    return (files("screening.engine") / "sql" / "classify" / f"{name}.sql").read_text(encoding="utf-8")


def classify(connection: duckdb.DuckDBPyConnection, pack: RulePack, as_of: datetime.date | None = None,
             overrides: Sequence[Any] = ()) -> None:
    """Create `spans`, `classification` and `profile` from the relation `companies`.

    With a relation `patents`, also `patent_directions`. Text is read `CHUNK_ROWS` companies at a time.
    """
    lexicon = vocabulary(pack)
    settings = pack.classification
    register_rules(connection, pack, lexicon)
    parts = [find(texts, lexicon, settings) for texts in _chunks(connection)]
    grade(connection, settings, Hits.concat(parts))


def run(connection: duckdb.DuckDBPyConnection, step: str, parameters: Mapping[str, object]) -> None:
    """Execute one step with those of the parameters that it names."""
    sql = statement(step)
    named = set(re.findall(r"\$([a-z_]+)", sql))
    connection.execute(sql, {name: value for name, value in parameters.items() if name in named})


def grade(connection: duckdb.DuckDBPyConnection, settings: Classification, hits: Hits) -> None:
    """Turn hits into the tables of the result."""
    frames = {"hits_clauses": hits.clauses, "hits_found": hits.found, "hits_signs": hits.signs,
              "hits_silent": hits.silent}
    for name, frame in frames.items():
        connection.register(name, ArrowView(frame))
    parameters = _parameters(settings)
    for step in STEPS:
        run(connection, step, parameters)
    for name in frames:
        connection.unregister(name)


def register_rules(connection: duckdb.DuckDBPyConnection, pack: RulePack, lexicon: Vocabulary) -> None:
    """Register the rules of classification as small relations."""
    settings = pack.classification
    weights: dict[str, Mapping[str, float]] = {
        "kind": settings.kinds, "field": settings.fields,
        "activity": {activity: verbs.weight for activity, verbs in settings.activities.items()},
    }
    for what, values in weights.items():
        _register(connection, f"{what}_weights", {what: pl.String, "weight": pl.Float64}, values.items())
    _register(connection, "entity_factors", {"entity_kind": pl.String, "factor": pl.Float64},
              settings.entity_kinds.items())
    _register(connection, "diluted_fields", {"field": pl.String}, [(field,) for field in settings.dilution.fields])
    _register(connection, "precedence", {"id": pl.String, "place": pl.Int32},
              [(key, place) for place, key in enumerate(settings.precedence)])
    _register(connection, "grade_order", {"grade": pl.String, "place": pl.Int32},
              [(name, place) for place, name in enumerate(GRADES)])
    connection.register("lexicon_terms", ArrowView(lexicon.terms))
    connection.register("lexicon_meanings", ArrowView(lexicon.meanings))


def _register(connection: duckdb.DuckDBPyConnection, name: str, schema: Mapping[str, Any],
              rows: Iterable[tuple[object, ...]]) -> None:
    connection.register(name, ArrowView(pl.DataFrame(list(rows), schema=dict(schema), orient="row")))


def _chunks(connection: duckdb.DuckDBPyConnection) -> Iterator[pl.DataFrame]:
    [(count,)] = connection.execute("SELECT count(*) FROM companies").fetchall()
    parts = max(1, -(-count // CHUNK_ROWS))
    columns = exp.select("company_id", *TEXT_FIELDS).from_("companies")
    for part in range(parts):
        share = exp.Mod(this=exp.func("hash", exp.column("company_id")), expression=exp.Literal.number(parts))
        chosen = columns if parts == 1 else columns.where(share.eq(part))
        yield pl.DataFrame(ArrowView(connection.sql(chosen.sql("duckdb"))))


def _either(patterns: Iterable[str]) -> str:
    """Join patterns into one; with none, a pattern that matches nothing."""
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    return joined or _NEVER


def _words(settings: Classification, *activities: Activity) -> list[str]:
    """Return the folded words of some activities, longest first."""
    words = {fold(word) for activity in activities if activity in settings.activities
             for word in settings.activities[activity].words}
    return sorted(words, key=lambda word: (-len(word), word))


def _parameters(settings: Classification) -> dict[str, object]:
    verb = _either(re.escape(word) for word in _words(settings, "make", "service", "trade"))
    items = fold(settings.item_separators)
    stops = "".join(re.escape(stop) for stop in dict.fromkeys(items + fold(settings.separators) + _ITEM_STOPS + FILLER))
    run_of_verbs = rf"(?:{verb})(?:(?:[{re.escape(items)}及和与或并以/+]|以及|并且)?(?:{verb}))*"
    thresholds, dilution, lead = settings.thresholds, settings.dilution, settings.lead
    return {
        "item_left": rf"[^{stops}]*$", "item_right": rf"^[^{stops}]*", "item_stop": rf"[{re.escape(items)}]",
        "phrase_left": r"[^,;。]*$", "phrase_right": r"^[^,;。]*",
        "verb": verb, "run": run_of_verbs, "own_run": rf"^[^{stops}]*?({run_of_verbs})", "past_run": rf"^.*(?:{verb})",
        # one pattern over "words before MARK words after", since only a constant pattern is compiled once
        "mark": MARK,
        "applied": _either(f"(?:{one.before})[^{MARK}]*{MARK}(?:{one.after})" for one in settings.applied),
        "make": _words(settings, "make"), "trade": _words(settings, "trade"),
        "short": dilution.short, "floor": dilution.floor, "full_share": dilution.full_share, "by_end": dilution.by_end,
        "lead_items": lead.items, "lead_within": lead.within, "lead_factor": lead.factor,
        "core": thresholds.core, "related": thresholds.related, "told": thresholds.told,
        "second_share": thresholds.second_share,
    }
