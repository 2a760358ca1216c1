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


def _columns(declared: str) -> tuple[tuple[str, str], ...]:
    """Read columns as they are declared: `TYPE: name name`, in the order of the columns, a further line for names of the same type."""
    found: list[tuple[str, str]] = []
    kind = ""
    for line in declared.strip().splitlines():
        stated, _, names = line.strip().rpartition(": ")
        kind = stated or kind
        found += [(name, POINTS if kind == "POINTS" else kind) for name in names.split()]
    return tuple(found)


RELATIONS: tuple[Relation, ...] = (
    Relation(
        "ranking",
        "one row per company",
        ("company_id",),
        _columns(
            """
            VARCHAR: company_id uscc name city domain_id direction_id direction_basis fit_grade life_stage
                maturity track outcome outcome_reason tier
            POINTS: fit fit_low fit_high merit merit_low merit_high score score_low score_high
            DECIMAL(5, 4): coverage merit_coverage
            INTEGER: rank
            BOOLEAN: provisional
            VARCHAR: tiers_possible
            """
        ),
    ),
    Relation(
        "classification",
        "one row per company, domain and direction (direction NULL: only the domain is told)",
        ("company_id", "domain_id", "direction_id"),
        _columns(
            """
            VARCHAR: company_id domain_id direction_id nearest_direction_id
            POINTS: strength
            VARCHAR: grade
            INTEGER: position
            """
        ),
    ),
    Relation(
        "spans",
        "one row per hit of a term in a text of a company",
        ("company_id", "field", "start", "end", "domain_id", "direction_id", "term", "kind"),
        _columns(
            """
            VARCHAR: company_id domain_id direction_id field
            INTEGER: start end
            VARCHAR: term kind activity grade
            """
        ),
    ),
    Relation(
        "facts",
        "one row per company in scope; NULL where missing, the reason beside it",
        ("company_id",),
        _columns("VARCHAR: company_id"),
        "<fact>, <fact>.low, <fact>.high, <fact>.reason",
    ),
    Relation(
        "stage",
        "one row per company in scope; an axis is NULL where more than one value is possible",
        ("company_id",),
        _columns("VARCHAR: company_id"),
        "<axis>, <axis>.possible, <axis>.reason",
    ),
    Relation(
        "place",
        "one row per company in scope",
        ("company_id",),
        _columns(
            """
            VARCHAR: company_id city city_basis district entry place_grade sub_industry carrier
            """
        ),
    ),
    Relation(
        "gates",
        "one row per company in scope",
        ("company_id",),
        _columns("VARCHAR: company_id"),
        "<gate>.status, <gate>.reason",
    ),
    Relation(
        "criteria",
        "one row per company in scope; points of the function, contribution to the half",
        ("company_id",),
        _columns("VARCHAR: company_id"),
        "<criterion>.points, .low, .high, .reason, .weight, .contribution; <half>.<pillar>.points, .low, .high",
    ),
    Relation(
        "rules",
        "one row per gate and criterion: what became of it in this run",
        ("rule_id",),
        _columns(
            """
            VARCHAR: rule_id kind status reason
            BIGINT: passed failed unknown not_run not_applicable
            """
        ),
    ),
    Relation(
        "profile",
        "one row per company: what it does, as the rules saw it",
        ("company_id",),
        _columns(
            """
            VARCHAR: company_id fit_grade domain_id direction_id direction_basis second_domain_id
                second_direction_id
            POINTS: margin
            BOOLEAN: double_membership
            VARCHAR: override_id computed_grade computed_domain_id computed_direction_id
            BOOLEAN: is_open
            """
        ),
        digested=False,
    ),
    Relation(
        "fact_sources",
        "one row per company in scope, known fact and row of a table that gave it its value",
        ("company_id", "fact", "table", "file", "sheet", "row"),
        _columns(
            """
            VARCHAR: company_id fact table file sheet
            BIGINT: row
            VARCHAR: period kind
            """
        ),
        digested=False,
    ),
    Relation(
        "measures",
        "one row per company in scope; whether a measure of the plan is worth a look",
        ("company_id",),
        _columns("VARCHAR: company_id"),
        "<measure>.state, ladder.<rung>.state",
        digested=False,
    ),
    Relation(
        "verdict",
        "one row per company in scope; each floor and route of the short list with its state and distance",
        ("company_id",),
        _columns(
            """
            VARCHAR: company_id outcome outcome_reason route tier
            BOOLEAN: provisional
            VARCHAR: tiers_possible
            """
        ),
        "shortlist.<floor>.state, .value, .bound, .distance; route.<route>.state",
        digested=False,
    ),
    Relation(
        "program",
        "one row per rule of the pack: what it reads, who reads it, whether it is in force",
        ("kind", "rule_id"),
        _columns(
            """
            VARCHAR: rule_id kind file
            INTEGER: line
            BOOLEAN: in_force
            VARCHAR: reads readers columns digest
            """
        ),
        digested=False,
    ),
)

ANSWERS: tuple[Relation, ...] = (
    Relation(
        "robustness",
        "one row per ranked company; none where the pack states no ranges",
        ("company_id",),
        _columns(
            """
            VARCHAR: company_id outcome
            INTEGER: rank rank_5 rank_95
            DECIMAL(5, 4): top_share shortlist_share
            INTEGER: best worst
            POINTS: margin
            VARCHAR: weight_flip_kind weight_flip_id
            DECIMAL(12, 4): weight_flip_change
            VARCHAR: floor_flip_kind floor_flip_id
            DECIMAL(12, 4): floor_flip_change
            """
        ),
        digested=False,
    ),
    Relation(
        "questions",
        "one row per ranked company and missing fact to ask for",
        ("company_id", "fact"),
        _columns(
            """
            VARCHAR: company_id fact
            INTEGER: position
            VARCHAR: reason
            POINTS: at_stake
            VARCHAR: gates criteria
            """
        ),
        digested=False,
    ),
    Relation(
        "gaps",
        "one row per fact that is missing for a ranked company: what the whole list waits for",
        ("fact",),
        _columns(
            """
            VARCHAR: fact
            INTEGER: position missing ranked held
            VARCHAR: gates
            DECIMAL(18, 2): open_points
            VARCHAR: columns
            INTEGER: capped
            """
        ),
        digested=False,
    ),
    Relation(
        "peer_groups",
        "one row per ranked company: within which group it is compared; none where the pack says nothing of peers",
        ("company_id",),
        _columns(
            """
            VARCHAR: company_id scope
            INTEGER: direction_others domain_others
            """
        ),
        digested=False,
    ),
    Relation(
        "peer_standing",
        "one row per ranked company and fact that is known for it and for enough others of its group",
        ("company_id", "fact"),
        _columns(
            """
            VARCHAR: company_id fact
            INTEGER: others known
            DECIMAL(34, 6): value
            INTEGER: below above
            DECIMAL(34, 6): median
            VARCHAR: standing
            """
        ),
        digested=False,
    ),
    Relation(
        "peers",
        "one row per company with a page and comparable company, the nearest first",
        ("company_id", "position"),
        _columns(
            """
            VARCHAR: company_id
            INTEGER: position
            VARCHAR: peer_id
            DECIMAL(5, 4): distance
            INTEGER: shared
            """
        ),
        digested=False,
    ),
    Relation(
        "lift",
        "one row per company with a page, way to move it and fact changed in it; one row a company of kind `stand` says where it stands",
        ("company_id", "kind", "position", "fact"),
        _columns(
            """
            VARCHAR: company_id kind
            INTEGER: position
            VARCHAR: fact before after
            DECIMAL(9, 4): relative
            VARCHAR: outcome tier
            POINTS: score
            INTEGER: tried
            """
        ),
        digested=False,
    ),
    Relation(
        "fund_holdings",
        "one row per company that the fund holds; none without holdings",
        ("holding_id",),
        _columns(
            """
            VARCHAR: holding_id company_id name
            INTEGER: holdings untold
            DECIMAL(18, 2): invested
            DECIMAL(9, 4): share
            VARCHAR: basis
            DECIMAL(18, 2): base
            DECIMAL(9, 4): share_limit
            DECIMAL(18, 2): most
            BOOLEAN: over
            INTEGER: rank
            VARCHAR: outcome
            INTEGER: partly_exited liquidating exited
            """
        ),
        digested=False,
    ),
    Relation(
        "fund_exits",
        "one row per company that the fund held and has left whole; none without holdings",
        ("holding_id",),
        _columns(
            """
            VARCHAR: holding_id company_id name
            INTEGER: holdings untold
            DECIMAL(18, 2): invested
            DATE: exited_on
            VARCHAR: methods
            DECIMAL(18, 2): proceeds
            INTEGER: proceeds_untold rank
            VARCHAR: outcome
            """
        ),
        digested=False,
    ),
    Relation(
        "fund_exposure",
        "one row per domain, direction, city and life stage of what the fund holds; none without holdings",
        ("domain_id", "direction_id", "city", "life_stage"),
        _columns(
            """
            VARCHAR: domain_id direction_id city life_stage
            INTEGER: holdings untold
            DECIMAL(18, 2): invested
            DECIMAL(9, 4): share
            INTEGER: city_of_run domain_of_run
            """
        ),
        digested=False,
    ),
    Relation(
        "plan_places",
        "one row per domain, direction and city with companies in scope, holdings or a sub-industry that the plan names",
        ("domain_id", "direction_id", "city"),
        _columns(
            """
            VARCHAR: domain_id direction_id city named state
            INTEGER: companies ranked shortlisted held together
            DECIMAL(5, 4): direction_share
            VARCHAR: crowded
            """
        ),
        digested=False,
    ),
    Relation(
        "plan_stages",
        "one row per domain, direction, city and track with companies in scope",
        ("domain_id", "direction_id", "city", "track"),
        _columns(
            """
            VARCHAR: domain_id direction_id city track
            INTEGER: companies ranked shortlisted
            """
        ),
        digested=False,
    ),
    Relation(
        "plan_combos",
        "one row per demonstration combination and company in it",
        ("combo_id", "company_id"),
        _columns("VARCHAR: combo_id company_id direction_id by what"),
        digested=False,
    ),
    Relation(
        "plan_ladder",
        "one row per rung of the ladder",
        ("position",),
        _columns(
            """
            INTEGER: position
            VARCHAR: rung_id
            INTEGER: met open in_scope
            """
        ),
        digested=False,
    ),
    Relation(
        "plan_targets",
        "one row per target of the plan",
        ("target_id",),
        _columns(
            """
            VARCHAR: target_id
            INTEGER: year
            DECIMAL(18, 2): value
            VARCHAR: relation indicator
            INTEGER: met open
            """
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
            "hits_breaks",
            "lexicon_terms",
            "lexicon_meanings",
            "nearest_words",
        ),
        *("kind_weights", "field_weights", "activity_weights", "patent_classes", "industry_codes", "entity_factors"),
        *("diluted_fields", "opening_fields", "prose_fields", "precedence", "grade_order"),
        *("overrides", "override_outcomes"),
        *("located", "told_readings", "readings", "company_factors", "evidence", "classification_rows", "ranked"),
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
