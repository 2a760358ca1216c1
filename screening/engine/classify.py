"""Hits -> grades: what a company does, with the evidence for it. One row per company in `profile`.

Finding terms is polars (`hits`); everything after is the SQL in `sql/classify/`, in the order of `STEPS`.
"""

from __future__ import annotations

import datetime
import functools
import re
from dataclasses import fields
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import polars as pl
from sqlglot import exp

from screening.arrow import ArrowView
from screening.engine.fold import FILLER, MARK, OPEN, fold
from screening.engine.hits import TEXT_FIELDS, TITLE, Hits, LexiconTables, find, vocabulary
from screening.errors import DatasetError, Problem, did_you_mean
from screening.result.contract import GRADES
from screening.rulebook.lexicon import either, phrases
from screening.rulebook.names import direction_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import duckdb

    from screening.dataset.overrides import Override
    from screening.rulebook.lexicon import Activity, Classification, TextField
    from screening.rulebook.model import RulePack

CHUNK_ROWS = 250_000
"""Companies whose text is held in memory at once."""

READS: Mapping[str, tuple[str, ...]] = {
    "companies": ("company_id", *TEXT_FIELDS, "industry_code", "entity_kind"),
    "patents": ("company_id", "patent_no", "ipc", "title"),
}
"""All that is read of the clean tables, but for what overrides name companies by."""

PATENTS = ("patent_symbols", "patent_titles")
READ = ("company_factors", "located", "told_readings", "patent_readings", "readings")
GRADE = ("evidence", "classification", "ranked")
"""The steps that prepare patents, those that read hits, and those that grade what was read."""

CLASSIFYING = (
    *PATENTS, *READ, *GRADE,
    "override_targets", "override_outcomes", "overridden", "profile", "spans", "patent_directions",
)  # fmt: skip
"""All steps of classification in the order they run."""

OVERRIDE_COLUMNS = {
    "override_id": pl.String,
    "number": pl.Int32,
    "company": pl.String,
    "domain_id": pl.String,
    "direction_id": pl.String,
    "grade": pl.String,
    "judged_on": pl.Date,
}

HITS = tuple(each.name for each in fields(Hits))

_ITEM_STOPS = ":;。()"


@functools.cache
def statement(name: str) -> str:
    """Return the SQL of one step."""
    return (files("screening.engine") / "sql" / "classify" / f"{name}.sql").read_text(encoding="utf-8")


def classify(
    connection: duckdb.DuckDBPyConnection,
    pack: RulePack,
    as_of: datetime.date | None = None,
    overrides: Sequence[Override] = (),
) -> None:
    """Create `spans`, `classification`, `profile`, `patent_directions` and `override_outcomes` from `companies`.

    A relation `patents` is read where there is one. Text is read `CHUNK_ROWS` companies at a time. Overrides dated after
    `as_of` are not used. Raises DatasetError where an override names a direction that the pack does not have.
    """
    said = resolved(pack, overrides)
    lexicon, settings = vocabulary(pack), pack.classification
    parameters = _parameters(settings)
    register_rules(connection, pack, lexicon)
    has_patents = ("patents",) in connection.execute("SHOW TABLES").fetchall()
    for step in PATENTS if has_patents else ("no_patents",):
        run(connection, step, {})
    titles = pl.DataFrame(ArrowView(connection.table("patent_titles")))
    parts = chunks(connection)
    hits = Hits.concat(
        [find(next(parts), lexicon, settings, titles), *(find(texts, lexicon, settings) for texts in parts)]
    )
    for name in HITS:
        connection.register(f"hits_{name}", ArrowView(getattr(hits, name)))
    for step in (*READ, *GRADE):
        run(connection, step, parameters)
    _override(connection, said, as_of)
    run(connection, "profile", {})
    run(connection, "spans", {})
    run(connection, "patent_directions" if has_patents else "no_patent_directions", {})
    for name in HITS:
        connection.unregister(f"hits_{name}")


def run(connection: duckdb.DuckDBPyConnection, step: str, parameters: Mapping[str, object]) -> None:
    """Execute one step with those of the parameters that it names."""
    sql = statement(step)
    named = set(re.findall(r"\$([a-z_]+)", sql))
    connection.execute(sql, {name: value for name, value in parameters.items() if name in named})


def override_targets(
    connection: duckdb.DuckDBPyConnection, pack: RulePack, overrides: Sequence[Override]
) -> dict[str, tuple[str | None, int]]:
    """Return by override the company of `companies` that it means, None for none or several, and how many it meets.

    Raises as `resolved` does.
    """
    _register(connection, "overrides", OVERRIDE_COLUMNS, resolved(pack, overrides))
    run(connection, "override_targets", {})
    connection.unregister("overrides")
    rows = connection.execute("SELECT override_id, company_id, companies FROM override_targets").fetchall()
    found = {override_id: (company_id, companies) for override_id, company_id, companies in rows}
    return {override.override_id: found.get(override.override_id, (None, 0)) for override in overrides}


def resolved(pack: RulePack, overrides: Sequence[Override]) -> list[tuple[object, ...]]:
    """Return overrides as rows with the domain and direction that they mean.

    Raises DatasetError for every direction that the pack does not know.
    """
    known = direction_names(pack)
    problems = [
        Problem(
            "override/unknown-direction",
            f"the rule pack has no direction '{override.direction}'",
            override.position,
            did_you_mean(override.direction, known) or "write the id or the name of a direction or domain",
        )
        for override in overrides
        if override.direction is not None and override.direction not in known
    ]
    if problems:
        raise DatasetError(problems)
    return [
        (
            override.override_id,
            number,
            override.company,
            *(known[override.direction] if override.direction else (None, None)),
            override.grade,
            override.date,
        )
        for number, override in enumerate(overrides)
    ]


def _override(
    connection: duckdb.DuckDBPyConnection, said: list[tuple[object, ...]], as_of: datetime.date | None
) -> None:
    if not said:
        run(connection, "no_overrides", {})
        return
    _register(connection, "overrides", OVERRIDE_COLUMNS, said)
    run(connection, "override_targets", {})
    run(connection, "override_outcomes", {"as_of": as_of or datetime.date.max})
    run(connection, "overridden", {})
    connection.unregister("overrides")


def register_rules(connection: duckdb.DuckDBPyConnection, pack: RulePack, lexicon: LexiconTables) -> None:
    """Register the rules of classification as small relations."""
    settings = pack.classification
    activities = {activity: verbs.weight for activity, verbs in settings.activities.items()}
    for what, rows in (
        ("kind", settings.kinds.items()),
        ("field", _as_description(settings.fields).items()),
        ("activity", activities.items()),
    ):
        _register(connection, f"{what}_weights", {what: pl.String, "weight": pl.Float64}, rows)
    domain_of = {direction_id: domain_id for domain_id, direction_id, _ in pack.directions()}
    entries = [
        (domain_of.get(entry_id, entry_id), entry_id if entry_id in domain_of else None, entry)
        for entry_id, entry in pack.lexicon.items()
    ]
    prefixed = {"prefix": pl.String, "domain_id": pl.String, "direction_id": pl.String}
    _register(
        connection,
        "patent_classes",
        prefixed,
        [
            (code.replace(" ", "").upper(), domain, direction)
            for domain, direction, entry in entries
            for code in entry.patents
        ],
    )
    _register(
        connection,
        "industry_codes",
        prefixed,
        [(code, domain, direction) for domain, direction, entry in entries for code in entry.industries],
    )
    _register(
        connection,
        "nearest_words",
        {"domain_id": pl.String, "term": pl.String, "nearest_direction_id": pl.String},
        sorted({(key, fold(word), near) for key, entry in pack.lexicon.items() for word, near in entry.nearest_of()}),
    )
    _register(
        connection, "entity_factors", {"entity_kind": pl.String, "factor": pl.Float64}, settings.entity_kinds.items()
    )
    prose = _as_description(dict.fromkeys(settings.standing.prose, 1))
    _register(connection, "prose_fields", {"field": pl.String}, [(field,) for field in prose])
    _register(
        connection,
        "precedence",
        {"id": pl.String, "place": pl.Int32},
        [(key, place) for place, key in enumerate(settings.precedence)],
    )
    _register(
        connection,
        "grade_order",
        {"grade": pl.String, "place": pl.Int32},
        [(name, place) for place, name in enumerate(GRADES)],
    )
    connection.register("lexicon_terms", ArrowView(lexicon.terms))
    connection.register("lexicon_meanings", ArrowView(lexicon.meanings))


def _as_description(said: Mapping[TextField, float]) -> dict[str, float]:
    """Return what is said of fields, of titles of patents what is said of descriptions."""
    weights: dict[str, float] = {field: weight for field, weight in said.items()}  # noqa: C416 - keys become any text
    return weights | ({TITLE: said["description"]} if "description" in said else {})


def _register(
    connection: duckdb.DuckDBPyConnection, name: str, schema: Mapping[str, Any], rows: Iterable[tuple[object, ...]]
) -> None:
    connection.register(name, ArrowView(pl.DataFrame(list(rows), schema=dict(schema), orient="row")))


def chunks(connection: duckdb.DuckDBPyConnection) -> Iterator[pl.DataFrame]:
    """Yield the texts in ranges of the key: the clean table is sorted by it, so a range reads its own part of the file."""
    [(count,)] = connection.execute("SELECT count(*) FROM companies").fetchall()
    parts = max(1, -(-count // CHUNK_ROWS))
    key = exp.column("company_id")
    columns = exp.select("company_id", *TEXT_FIELDS).from_("companies")
    cuts: list[str] = []
    if parts > 1:
        shares = exp.Array(expressions=[exp.Literal.number(part / parts) for part in range(1, parts)])
        middles = exp.select(exp.Anonymous(this="quantile_disc", expressions=[key, shares])).from_("companies")
        [(cuts,)] = connection.execute(middles.sql("duckdb")).fetchall()
    for low, high in zip([None, *cuts], [*cuts, None], strict=True):
        bounds: list[exp.Expr] = [key > low] if low is not None else []
        bounds += [key <= high] if high is not None else []
        yield pl.DataFrame(ArrowView(connection.sql(columns.where(*bounds).sql("duckdb"))))


def _words(settings: Classification, *activities: Activity) -> list[str]:
    """Return the folded words of some activities, longest first."""
    words = {
        fold(word)
        for activity in activities
        if activity in settings.activities
        for word in settings.activities[activity].words
    }
    return sorted(words, key=lambda word: (-len(word), word))


def _parameters(settings: Classification) -> dict[str, object]:
    verb = either(re.escape(word) for word in _words(settings, "make", "service", "train", "trade"))
    items = fold(settings.item_separators)
    stops = "".join(re.escape(stop) for stop in dict.fromkeys(items + fold(settings.separators) + _ITEM_STOPS + FILLER))
    separator = re.escape(items)
    run_of_verbs = rf"(?:{verb})(?:(?:[{separator}及和与或并以/+]|以及|并且)?(?:{verb}))*"
    thresholds, standing = settings.thresholds, settings.standing
    return {
        "item_right": rf"^[^{stops}]*",
        "item_stop": rf"[{separator}]",
        "phrase_left": r"[^,;。]*$",
        "phrase_right": r"^[^,;。]*",
        "verb": verb,
        "run": run_of_verbs,
        # "A、B 的研发、C 的销售": the first run that "的" joins to what stands before it
        "of_run": rf"的(?:技术|产品)?({run_of_verbs})",
        # an item that holds more than its verb and ends with it, and the separator after it
        "ended": rf"((?:^|[{separator}])[^{separator}]+?[^{separator}的])(?:{verb})+([{separator}])",
        "past_run": rf"^.*(?:{verb})",
        # one pattern over "words before MARK words after", since only a constant pattern is compiled once
        "mark": MARK,
        "open": OPEN,
        "own": phrases(settings, "own", MARK, OPEN),
        "statement": either(standing.statements),
        "applied": phrases(settings, "applied", MARK, OPEN),
        "means": phrases(settings, "means", MARK, OPEN),
        "other": phrases(settings, "other", MARK, OPEN),
        "make": _words(settings, "make"),
        "train": _words(settings, "train"),
        "trade": _words(settings, "trade"),
        "leading": standing.leading,
        "beyond": standing.beyond,
        "lead_items": standing.items,
        "crowd": standing.crowd,
        "crowded": standing.crowded,
        "opening": standing.opening,
        "repeated": standing.repeated,
        "core": thresholds.core,
        "related": thresholds.related,
        "read": thresholds.read,
        "named": thresholds.named,
        "in_name": settings.kinds.get("named", 0),
        "patent_weight": settings.patent_weight,
        "industry_weight": settings.industry_weight,
    }
