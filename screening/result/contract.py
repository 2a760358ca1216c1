"""The result as a contract: every relation that a run writes, its grain, its columns and its vocabularies.

Reports, analysis and outside programs read these and nothing else. Names are added, never renamed. No DOUBLE and no
prose: numbers are DECIMAL, reasons and grades are ASCII ids whose labels live in packs and catalogues.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Grade = Literal["core", "related", "trade", "name", "boilerplate", "none", "unknown"]
GRADES: tuple[str, ...] = ("core", "related", "trade", "name", "boilerplate", "none", "unknown")
IN_SCOPE: tuple[str, ...] = ("core", "related")

Outcome = Literal["out_of_scope", "direction_open", "rejected", "insufficient_data", "review", "shortlisted", "ranked"]
OUTCOMES: tuple[str, ...] = (
    "shortlisted",
    "ranked",
    "review",
    "insufficient_data",
    "rejected",
    "direction_open",
    "out_of_scope",
)
RANKED_OUTCOMES: tuple[str, ...] = ("shortlisted", "ranked", "review")

GateStatus = Literal["passed", "failed", "unknown", "not_run", "not_applicable"]
GATE_STATUSES: tuple[str, ...] = ("passed", "failed", "unknown", "not_run", "not_applicable")

MISSING_REASONS: tuple[str, ...] = (
    "not_collected",
    "not_disclosed",
    "stale",
    "unparsable",
    "conflict",
    "undefined",
    "other_currency",
    "set_aside",
)
NOT_APPLICABLE = "not_applicable"
WITHHELD = "withheld"
"""The reason of a fact that is known to whoever made the folder and left out for its readers."""
OWN_USE, EXTERNAL = "internal", "external"
"""For whom a folder was made."""

STATES: tuple[str, ...] = ("met", "not_met", "open")
"""Of a floor, a route, a measure; open while a missing fact leaves it undecided."""

PLACE_GRADES: tuple[str, ...] = (
    "named_sub_industry",
    "region_sub_industry",
    "city_domain",
    "plan_direction",
    "outside_province",
    "unknown",
)

POINTS = "DECIMAL(9, 2)"
VALUE = "DECIMAL(34, 16)"
"""A number of which no unit is known; a fact keeps the form of its unit."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation of the result: its grain, key and fixed columns. `open_columns` says which others a pack adds."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    open_columns: str = ""
    digested: bool = True
    """False for what explains the result or says where it comes from: it follows from the rest, or holds row numbers and places."""


RELATIONS: tuple[Relation, ...] = (
    Relation(
        "ranking",
        "one row per company",
        ("company_id",),
        (
            ("company_id", "VARCHAR"),
            ("uscc", "VARCHAR"),
            ("name", "VARCHAR"),
            ("city", "VARCHAR"),
            ("domain_id", "VARCHAR"),
            ("direction_id", "VARCHAR"),
            ("direction_basis", "VARCHAR"),
            ("fit_grade", "VARCHAR"),
            ("life_stage", "VARCHAR"),
            ("maturity", "VARCHAR"),
            ("track", "VARCHAR"),
            ("outcome", "VARCHAR"),
            ("outcome_reason", "VARCHAR"),
            ("tier", "VARCHAR"),
            ("fit", POINTS),
            ("fit_low", POINTS),
            ("fit_high", POINTS),
            ("merit", POINTS),
            ("merit_low", POINTS),
            ("merit_high", POINTS),
            ("score", POINTS),
            ("score_low", POINTS),
            ("score_high", POINTS),
            ("coverage", "DECIMAL(5, 4)"),
            ("merit_coverage", "DECIMAL(5, 4)"),
            ("rank", "INTEGER"),
            ("provisional", "BOOLEAN"),
            ("tiers_possible", "VARCHAR"),
        ),
    ),
    Relation(
        "classification",
        "one row per company, domain and direction (direction NULL: only the domain is told)",
        ("company_id", "domain_id", "direction_id"),
        (
            ("company_id", "VARCHAR"),
            ("domain_id", "VARCHAR"),
            ("direction_id", "VARCHAR"),
            ("nearest_direction_id", "VARCHAR"),
            ("strength", POINTS),
            ("grade", "VARCHAR"),
            ("position", "INTEGER"),
        ),
    ),
    Relation(
        "spans",
        "one row per hit of a term in a text of a company",
        ("company_id", "field", "start", "end", "domain_id", "direction_id", "term", "kind"),
        (
            ("company_id", "VARCHAR"),
            ("domain_id", "VARCHAR"),
            ("direction_id", "VARCHAR"),
            ("field", "VARCHAR"),
            ("start", "INTEGER"),
            ("end", "INTEGER"),
            ("term", "VARCHAR"),
            ("kind", "VARCHAR"),
            ("activity", "VARCHAR"),
            ("grade", "VARCHAR"),
        ),
    ),
    Relation(
        "facts",
        "one row per company in scope; NULL where missing, the reason beside it",
        ("company_id",),
        (("company_id", "VARCHAR"),),
        "<fact>, <fact>.low, <fact>.high, <fact>.reason",
    ),
    Relation(
        "stage",
        "one row per company in scope; an axis is NULL where more than one value is possible",
        ("company_id",),
        (("company_id", "VARCHAR"),),
        "<axis>, <axis>.possible, <axis>.reason",
    ),
    Relation(
        "place",
        "one row per company in scope",
        ("company_id",),
        (
            ("company_id", "VARCHAR"),
            ("city", "VARCHAR"),
            ("city_basis", "VARCHAR"),
            ("district", "VARCHAR"),
            ("entry", "VARCHAR"),
            ("place_grade", "VARCHAR"),
            ("sub_industry", "VARCHAR"),
            ("carrier", "VARCHAR"),
        ),
    ),
    Relation(
        "gates",
        "one row per company in scope",
        ("company_id",),
        (("company_id", "VARCHAR"),),
        "<gate>.status, <gate>.reason",
    ),
    Relation(
        "criteria",
        "one row per company in scope; points of the function, contribution to the half",
        ("company_id",),
        (("company_id", "VARCHAR"),),
        "<criterion>.points, .low, .high, .reason, .weight, .contribution; <half>.<pillar>.points, .low, .high",
    ),
    Relation(
        "rules",
        "one row per gate and criterion: what became of it in this run",
        ("rule_id",),
        (
            ("rule_id", "VARCHAR"),
            ("kind", "VARCHAR"),
            ("status", "VARCHAR"),
            ("reason", "VARCHAR"),
            ("passed", "BIGINT"),
            ("failed", "BIGINT"),
            ("unknown", "BIGINT"),
            ("not_run", "BIGINT"),
            ("not_applicable", "BIGINT"),
        ),
    ),
    Relation(
        "profile",
        "one row per company: what it does, as the rules saw it",
        ("company_id",),
        (
            ("company_id", "VARCHAR"),
            ("fit_grade", "VARCHAR"),
            ("domain_id", "VARCHAR"),
            ("direction_id", "VARCHAR"),
            ("direction_basis", "VARCHAR"),
            ("second_domain_id", "VARCHAR"),
            ("second_direction_id", "VARCHAR"),
            ("margin", POINTS),
            ("double_membership", "BOOLEAN"),
            ("override_id", "VARCHAR"),
            ("computed_grade", "VARCHAR"),
            ("computed_domain_id", "VARCHAR"),
            ("computed_direction_id", "VARCHAR"),
            ("is_open", "BOOLEAN"),
        ),
        digested=False,
    ),
    Relation(
        "fact_sources",
        "one row per company in scope, known fact and row of a table that gave it its value",
        ("company_id", "fact", "table", "file", "sheet", "row"),
        (
            ("company_id", "VARCHAR"),
            ("fact", "VARCHAR"),
            ("table", "VARCHAR"),
            ("file", "VARCHAR"),
            ("sheet", "VARCHAR"),
            ("row", "BIGINT"),
            ("period", "VARCHAR"),
            ("kind", "VARCHAR"),
        ),
        digested=False,
    ),
    Relation(
        "measures",
        "one row per company in scope; whether a measure of the plan is worth a look",
        ("company_id",),
        (("company_id", "VARCHAR"),),
        "<measure>.state, ladder.<rung>.state",
        digested=False,
    ),
    Relation(
        "verdict",
        "one row per company in scope; each floor and route of the short list with its state and distance",
        ("company_id",),
        (
            ("company_id", "VARCHAR"),
            ("outcome", "VARCHAR"),
            ("outcome_reason", "VARCHAR"),
            ("route", "VARCHAR"),
            ("tier", "VARCHAR"),
            ("provisional", "BOOLEAN"),
            ("tiers_possible", "VARCHAR"),
        ),
        "shortlist.<floor>.state, .value, .bound, .distance; route.<route>.state",
        digested=False,
    ),
    Relation(
        "program",
        "one row per rule of the pack: what it reads, who reads it, whether it is in force",
        ("kind", "rule_id"),
        (
            ("rule_id", "VARCHAR"),
            ("kind", "VARCHAR"),
            ("file", "VARCHAR"),
            ("line", "INTEGER"),
            ("in_force", "BOOLEAN"),
            ("reads", "VARCHAR"),
            ("readers", "VARCHAR"),
            ("columns", "VARCHAR"),
            ("digest", "VARCHAR"),
        ),
        digested=False,
    ),
)

ANSWERS: tuple[Relation, ...] = (
    Relation(
        "robustness",
        "one row per ranked company; none where the pack states no ranges",
        ("company_id",),
        (
            ("company_id", "VARCHAR"),
            ("outcome", "VARCHAR"),
            ("rank", "INTEGER"),
            ("rank_5", "INTEGER"),
            ("rank_95", "INTEGER"),
            ("top_share", "DECIMAL(5, 4)"),
            ("shortlist_share", "DECIMAL(5, 4)"),
            ("best", "INTEGER"),
            ("worst", "INTEGER"),
            ("margin", POINTS),
            ("weight_flip_kind", "VARCHAR"),
            ("weight_flip_id", "VARCHAR"),
            ("weight_flip_change", "DECIMAL(12, 4)"),
            ("floor_flip_kind", "VARCHAR"),
            ("floor_flip_id", "VARCHAR"),
            ("floor_flip_change", "DECIMAL(12, 4)"),
        ),
        digested=False,
    ),
    Relation(
        "questions",
        "one row per ranked company and missing fact to ask for",
        ("company_id", "fact"),
        (
            ("company_id", "VARCHAR"),
            ("fact", "VARCHAR"),
            ("position", "INTEGER"),
            ("reason", "VARCHAR"),
            ("at_stake", POINTS),
            ("gates", "VARCHAR"),
            ("criteria", "VARCHAR"),
        ),
        digested=False,
    ),
    Relation(
        "gaps",
        "one row per fact that is missing for a ranked company: what the whole list waits for",
        ("fact",),
        (
            ("fact", "VARCHAR"),
            ("position", "INTEGER"),
            ("missing", "INTEGER"),
            ("ranked", "INTEGER"),
            ("held", "INTEGER"),
            ("gates", "VARCHAR"),
            ("open_points", "DECIMAL(18, 2)"),
            ("columns", "VARCHAR"),
        ),
        digested=False,
    ),
    Relation(
        "peer_groups",
        "one row per ranked company: within which group it is compared; none where the pack says nothing of peers",
        ("company_id",),
        (
            ("company_id", "VARCHAR"),
            ("scope", "VARCHAR"),
            ("direction_others", "INTEGER"),
            ("domain_others", "INTEGER"),
        ),
        digested=False,
    ),
    Relation(
        "peer_standing",
        "one row per ranked company and fact that is known for it and for enough others of its group",
        ("company_id", "fact"),
        (
            ("company_id", "VARCHAR"),
            ("fact", "VARCHAR"),
            ("others", "INTEGER"),
            ("known", "INTEGER"),
            ("value", "DECIMAL(34, 6)"),
            ("below", "INTEGER"),
            ("above", "INTEGER"),
            ("median", "DECIMAL(34, 6)"),
            ("standing", "VARCHAR"),
        ),
        digested=False,
    ),
    Relation(
        "peers",
        "one row per company with a page and comparable company, the nearest first",
        ("company_id", "position"),
        (
            ("company_id", "VARCHAR"),
            ("position", "INTEGER"),
            ("peer_id", "VARCHAR"),
            ("distance", "DECIMAL(5, 4)"),
            ("shared", "INTEGER"),
        ),
        digested=False,
    ),
    Relation(
        "lift",
        "one row per company with a page, way to move it and fact changed in it; one row a company of kind `stand` says where it stands",
        ("company_id", "kind", "position", "fact"),
        (
            ("company_id", "VARCHAR"),
            ("kind", "VARCHAR"),
            ("position", "INTEGER"),
            ("fact", "VARCHAR"),
            ("before", "VARCHAR"),
            ("after", "VARCHAR"),
            ("relative", "DECIMAL(9, 4)"),
            ("outcome", "VARCHAR"),
            ("tier", "VARCHAR"),
            ("score", POINTS),
            ("tried", "INTEGER"),
        ),
        digested=False,
    ),
    Relation(
        "fund_holdings",
        "one row per company that the fund holds; none without holdings",
        ("holding_id",),
        (
            ("holding_id", "VARCHAR"),
            ("company_id", "VARCHAR"),
            ("name", "VARCHAR"),
            ("holdings", "INTEGER"),
            ("untold", "INTEGER"),
            ("invested", "DECIMAL(18, 2)"),
            ("share", "DECIMAL(9, 4)"),
            ("basis", "VARCHAR"),
            ("base", "DECIMAL(18, 2)"),
            ("share_limit", "DECIMAL(9, 4)"),
            ("most", "DECIMAL(18, 2)"),
            ("over", "BOOLEAN"),
            ("rank", "INTEGER"),
            ("outcome", "VARCHAR"),
        ),
        digested=False,
    ),
    Relation(
        "fund_exposure",
        "one row per domain, direction, city and life stage of what the fund holds; none without holdings",
        ("domain_id", "direction_id", "city", "life_stage"),
        (
            ("domain_id", "VARCHAR"),
            ("direction_id", "VARCHAR"),
            ("city", "VARCHAR"),
            ("life_stage", "VARCHAR"),
            ("holdings", "INTEGER"),
            ("untold", "INTEGER"),
            ("invested", "DECIMAL(18, 2)"),
            ("share", "DECIMAL(9, 4)"),
        ),
        digested=False,
    ),
    Relation(
        "plan_places",
        "one row per domain, direction and city with companies in scope, holdings or a sub-industry that the plan names",
        ("domain_id", "direction_id", "city"),
        (
            ("domain_id", "VARCHAR"),
            ("direction_id", "VARCHAR"),
            ("city", "VARCHAR"),
            ("named", "VARCHAR"),
            ("state", "VARCHAR"),
            ("companies", "INTEGER"),
            ("ranked", "INTEGER"),
            ("shortlisted", "INTEGER"),
            ("held", "INTEGER"),
            ("together", "INTEGER"),
            ("direction_share", "DECIMAL(5, 4)"),
            ("crowded", "VARCHAR"),
        ),
        digested=False,
    ),
    Relation(
        "plan_stages",
        "one row per domain, direction, city and track with companies in scope",
        ("domain_id", "direction_id", "city", "track"),
        (
            ("domain_id", "VARCHAR"),
            ("direction_id", "VARCHAR"),
            ("city", "VARCHAR"),
            ("track", "VARCHAR"),
            ("companies", "INTEGER"),
            ("ranked", "INTEGER"),
            ("shortlisted", "INTEGER"),
        ),
        digested=False,
    ),
    Relation(
        "plan_combos",
        "one row per demonstration combination and company in it",
        ("combo_id", "company_id"),
        (
            ("combo_id", "VARCHAR"),
            ("company_id", "VARCHAR"),
            ("direction_id", "VARCHAR"),
            ("by", "VARCHAR"),
            ("what", "VARCHAR"),
        ),
        digested=False,
    ),
    Relation(
        "plan_ladder",
        "one row per rung of the ladder",
        ("position",),
        (
            ("position", "INTEGER"),
            ("rung_id", "VARCHAR"),
            ("met", "INTEGER"),
            ("open", "INTEGER"),
            ("in_scope", "INTEGER"),
        ),
        digested=False,
    ),
    Relation(
        "plan_targets",
        "one row per target of the plan",
        ("target_id",),
        (
            ("target_id", "VARCHAR"),
            ("year", "INTEGER"),
            ("value", "DECIMAL(18, 2)"),
            ("relation", "VARCHAR"),
            ("indicator", "VARCHAR"),
            ("met", "INTEGER"),
            ("open", "INTEGER"),
        ),
        digested=False,
    ),
)
"""What is asked of a result once it is there, worked out by the run from the relations above; a run of an older version has none."""

INTERNAL: frozenset[str] = frozenset(
    (
        *(
            "hits_clauses",
            "hits_wordings",
            "hits_found",
            "hits_signs",
            "hits_silent",
            "lexicon_terms",
            "lexicon_meanings",
            "nearest_words",
        ),
        *("kind_weights", "field_weights", "activity_weights", "patent_classes", "industry_codes", "entity_factors"),
        *("diluted_fields", "opening_fields", "prose_fields", "precedence", "grade_order"),
        *("overrides", "override_outcomes"),
        *("located", "readings", "company_factors", "evidence", "classification_rows", "ranked"),
        *("patent_readings", "patent_symbols", "patent_titles", "patent_directions", "patents_judged"),
        *("plan_cities", "plan_entries", "plan_domains", "plan_sub_industries", "plan_carriers", "tiers"),
        *("supposed_classes", "supposed_patents_in_direction", "supposed_facts", "branches"),
        *("profile", "contributions", "verdict", "source", "prepared", "counted", "measures_held"),
    )
)
"""Relations of the engine beside those of the result. No table of a pack may bear one of these names."""


def is_relation(name: str) -> bool:
    """Tell whether the engine or the result has a relation of this name; the layers of a statement are such too."""
    return (
        name in INTERNAL
        or name.startswith("layer_")
        or any(name == relation.name for relation in (*RELATIONS, *ANSWERS))
    )
