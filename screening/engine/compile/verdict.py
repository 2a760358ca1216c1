"""The verdict step: gates and totals -> one outcome per company, in the precedence of the contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.compile.criteria import criteria_in_force, total_columns
from screening.engine.compile.functions.scoring import Scores
from screening.engine.compile.gates import gates_in_force
from screening.engine.compile.judged import Judged, axis_tests
from screening.engine.compile.measures import state
from screening.engine.compile.stages import source
from screening.expression import And, Compare, Literal, Ref
from screening.expression_sql.bands import Band, Truth, compile_node
from screening.expression_sql.decimals import SHOWN
from screening.expression_sql.layers import Layers, chosen
from screening.expression_sql.nodes import cast
from screening.expression_sql.pieces import (
    case,
    coalesce,
    column,
    conjunction,
    difference,
    disjunction,
    equals,
    is_null,
    negated,
    null,
    number,
    relation,
    text,
)
from screening.result.contract import NOT_APPLICABLE, RANKED_OUTCOMES, VALUE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.expression import Node
    from screening.rulebook.model import GradeStep, Step
    from screening.rulebook.scope import ParsedPack

LOW, HIGH = "_low", "_high"
_ENDS = {"": "points", LOW: "low", HIGH: "high"}

VERDICT_COLUMNS = ["outcome", "outcome_reason", "route", "tier", "provisional", "tiers_possible"]


@dataclass(frozen=True, slots=True)
class Floor:
    """One part of the condition of the short list. `id` is the name that is compared, where it is one, else its place.

    `bound` is what a number is compared with, in base units; None where the part is no such comparison.
    """

    id: str
    node: Node
    op: str = ""
    bound: float | None = None


def floors(parsed: ParsedPack) -> list[Floor]:
    """Return the parts that must all hold for the short list, in written order."""
    node = parsed.nodes["verdict", "shortlist_when"]
    found: list[Floor] = []
    for place, part in enumerate(node.operands if isinstance(node, And) else (node,), 1):
        match part:
            case Compare(("<" | "<=" | ">" | ">=") as op, Ref(name), Literal(float(bound))):
                taken = any(f.id == name.id for f in found)
                found.append(Floor(f"{name.id}_{place}" if taken else name.id, part, op, bound))
            case _:
                found.append(Floor(f"part_{place}", part))
    return found


def verdict_columns(parsed: ParsedPack) -> list[str]:
    """Return the columns of `verdict` after the key."""
    parts = [f"shortlist.{f.id}.{end}" for f in floors(parsed) for end in _ends(f)]
    return [*VERDICT_COLUMNS, *parts, *(f"route.{r}.state" for r in _routes(parsed))]


def _ends(floor: Floor) -> tuple[str, ...]:
    return ("state",) if floor.bound is None else ("state", "value", "bound", "distance")


def _routes(parsed: ParsedPack) -> list[str]:
    return [r for r, route in parsed.pack.verdict.routes.items() if parsed.in_force(route)]


def verdict_statement(parsed: ParsedPack, only: str = "") -> exp.Select:
    """Return the one statement of the step: one row per judged company.

    `outcome_reason` is the id of what decided: a gate, a direct route, `verdict` or `not_run`. Each part of the condition of the
    short list has a `.state` (met, not_met, open) and, where a number is compared, `.value`, `.bound` and `.distance` (value less
    bound in the direction of passing: 0 and above is met, below is short by so much; NULL while the number is open).
    """
    select, names = source(parsed, joined=("place", "stage"))
    key = "company_id"
    for gate_id in gates_in_force(parsed):
        select.append("expressions", column(f"{gate_id}.status", "gates"))
        names.append(f"{gate_id}.status")
    pillars: dict[str, str] = {}
    idle: dict[str, exp.Expr] = {}
    for half_id, half in parsed.pack.criteria.items():
        for pillar_id, _, criterion_ids in criteria_in_force(parsed, half):
            for scored_id, source_id in ((pillar_id, f"{half_id}.{pillar_id}"), *((c, c) for c in criterion_ids)):
                pillars |= {f"{scored_id}{suffix}": f"{source_id}.{end}" for suffix, end in _ENDS.items()}
            for criterion_id in criterion_ids:
                pillars[f"{criterion_id} reason"] = f"{criterion_id}.reason"
                idle[criterion_id] = exp.NullSafeEQ(
                    this=column(f"{criterion_id} reason"), expression=text(NOT_APPLICABLE)
                )
    for alias, name in pillars.items():
        select.append("expressions", exp.alias_(column(name, "criteria"), exp.to_identifier(alias, quoted=True)))
    for name in total_columns(parsed):
        select.append("expressions", column(name, "criteria"))
    select = select.join(relation("gates"), using=key, copy=False).join(relation("criteria"), using=key, copy=False)
    layers = Layers("source", [*names, *pillars, *total_columns(parsed)])
    exact = [*pillars, *total_columns(parsed)]
    scores = Scores(parsed, Judged(parsed, layers, exact=exact, idle_scores=idle))
    # The same conditions over all that points and totals can still become.
    bands = Scores(parsed, _Totals(parsed, layers, exact=exact, idle_scores=idle))
    _outcome(parsed, layers, scores, bands)
    _floors(parsed, layers, scores)
    return layers.statement(["company_id", *chosen(verdict_columns(parsed), only)], prelude=[("source", select)])


def _floors(parsed: ParsedPack, layers: Layers, scores: Scores) -> None:
    for floor in floors(parsed):
        name = f"shortlist.{floor.id}"
        truth = compile_node(axis_tests(floor.node, parsed.pack.stages), scores.judged)
        assert isinstance(truth, Truth)
        layers.add(f"{name}.state", state(truth), name)
        if floor.bound is not None and isinstance(floor.node, Compare):
            band = compile_node(floor.node.left, scores.judged)
            assert isinstance(band, Band)
            band = band.settled()
            low = layers.hoist(band.low, name)
            known = layers.hoist(case([(equals(low, band.high), low)]), name)
            upward = floor.op.startswith(">")
            bound = number(floor.bound)
            distance = difference(known, bound) if upward else difference(bound, known)
            for end, value in (("value", known), ("bound", bound), ("distance", distance)):
                layers.add(f"{name}.{end}", cast(value, VALUE), name)
    for route_id in _routes(parsed):
        layers.add(
            f"route.{route_id}.state", state(scores.truth(("verdict", "routes", route_id, "when"))), f"route.{route_id}"
        )


class _Totals(Judged):
    """Points and totals as the bands that they are."""

    def band(self, name: str) -> Band:
        """A number or date: both ends; of a total, what it can still become."""
        if name in self.exact and not name.endswith(("coverage", "_low", "_high")):
            return Band(column(f"{name}{LOW}"), column(f"{name}{HIGH}"), SHOWN)
        return super().band(name)


def _outcome(parsed: ParsedPack, layers: Layers, scores: Scores, bands: Scores) -> None:
    gates = [(g, parsed.pack.gates[g]) for g in gates_in_force(parsed)]
    rejecting = [(_status(g, "failed"), text(g)) for g, gate in gates if gate.effect == "reject"]
    rejecting += [(_status(g, "unknown"), text(g)) for g, gate in gates if gate.on_unknown == "reject"]
    reviewing = [(_status(g, "failed"), text(g)) for g, gate in gates if gate.effect == "review"]
    reviewing += [(_status(g, "unknown"), text(g)) for g, gate in gates if gate.on_unknown == "review"]
    unrun = [(_status(g, "not_run"), text("not_run")) for g, gate in gates if gate.effect == "reject"]
    rejected = layers.hoist(case(rejecting) if rejecting else null(), "rejected")
    review = layers.hoist(case(reviewing) if reviewing else null(), "review")
    capped = layers.hoist(case(unrun) if unrun else null(), "capped")
    met = layers.hoist(negated(scores.truth(("verdict", "shortlist_when")).can_be_false), "verdict")
    routes = [(negated(scores.truth(("verdict", "routes", r, "when")).can_be_false), text(r)) for r in _routes(parsed)]
    route = layers.add("route", case(routes) if routes else cast(null(), "VARCHAR"), "routes")
    passed = exp.or_(met.copy(), _present(route))
    possible = bands.truth(("verdict", "shortlist_when"))
    certain = layers.hoist(negated(possible.can_be_false), "certain")
    certain_route = disjunction(
        [negated(bands.truth(("verdict", "routes", r, "when")).can_be_false) for r in _routes(parsed)]
    )
    sure = layers.hoist(disjunction([certain, certain_route]), "certain")
    open_: exp.Expr = exp.false()
    if parsed.pack.verdict.on_unknown == "review":
        open_ = layers.hoist(
            conjunction(
                [negated(_present(capped)), negated(sure), disjunction([met, possible.can_be_true, _present(route)])]
            ),
            "undecided",
        )
    unknown_business = equals(column("fit_grade"), text("unknown")) if parsed.pack.domains else exp.false()
    outcome = layers.add(
        "outcome",
        case(
            [
                (_present(rejected), text("rejected")),
                (unknown_business, text("insufficient_data")),
                (_present(review), text("review")),
                (open_, text("review")),
                (conjunction([negated(_present(capped)), passed]), text("shortlisted")),
            ],
            text("ranked"),
        ),
        "outcome",
    )
    layers.add(
        "outcome_reason",
        case(
            [
                (_present(rejected), rejected),
                (unknown_business, text("business_unknown")),
                (_present(review), review),
                (open_, text("verdict_open")),
                (equals(outcome, text("shortlisted")), coalesce(route, text("verdict"))),
                (_present(capped), capped),
            ],
            text("verdict"),
        ),
        "outcome",
    )
    tier = layers.add("tier", _tier(parsed, outcome), "tier")
    graded = layers.hoist(_possible_tiers(parsed), "tiers_possible")
    several = layers.add(
        "tiers_possible", case([(_present(tier), exp.Nullif(this=graded, expression=text("")))]), "tier"
    )
    shortlisted = equals(outcome, text("shortlisted"))
    resting = disjunction(
        [
            conjunction([shortlisted, negated(sure)]),
            conjunction([_present(tier), exp.NEQ(this=several, expression=tier)]),
        ]
    )
    layers.add("provisional", coalesce(resting, exp.false()), "provisional")


def _possible_tiers(parsed: ParsedPack) -> exp.Expr:
    """The tiers, best first, that a company can still take within its bands, joined by commas."""
    verdict = parsed.pack.verdict
    tests: dict[str, list[exp.Expr]] = {}
    if verdict.grades:
        for position in range(len(verdict.grades)):
            tests[verdict.grades[position].id] = [conjunction(_can_lie(verdict.grades, position, "score"))]
    elif verdict.tiers is not None and {"fit", "merit"} <= set(parsed.pack.criteria):
        tiers = verdict.tiers
        for f, fit in enumerate(tiers.fit):
            for m, merit in enumerate(tiers.merit):
                if tier := tiers.matrix.get(fit.id, {}).get(merit.id):
                    cell = conjunction([*_can_lie(tiers.fit, f, "fit"), *_can_lie(tiers.merit, m, "merit")])
                    tests.setdefault(tier, []).append(cell)
    ordered = [t for t in verdict.tier_labels() if t in tests] or sorted(tests)
    found = [case([(disjunction(tests[t]), text(t))]) for t in ordered]
    return exp.Anonymous(this="concat_ws", expressions=[text(","), *found]) if found else cast(null(), "VARCHAR")


def _can_lie(steps: Sequence[Step | GradeStep], position: int, half: str) -> list[exp.Expr]:
    """The band of a total reaches into a step."""
    tests: list[exp.Expr] = [exp.GTE(this=column(f"{half}{HIGH}"), expression=number(steps[position].at_least))]
    if position:
        tests.append(exp.LT(this=column(f"{half}{LOW}"), expression=number(steps[position - 1].at_least)))
    return tests


def _present(item: exp.Expr) -> exp.Expr:
    return negated(is_null(item))


def _status(gate_id: str, status: str) -> exp.Expr:
    return equals(column(f"{gate_id}.status"), text(status))


def _tier(parsed: ParsedPack, outcome: exp.Expr) -> exp.Expr:
    """The cell of the fit x merit matrix; none for the long list and where merit rests on too little data.

    A table that grades by the total alone grades every company that is ranked.
    """
    if parsed.pack.verdict.grades:
        ranked = exp.In(this=outcome.copy(), expressions=[text(o) for o in RANKED_OUTCOMES])
        graded = [
            (exp.GTE(this=column("score"), expression=number(g.at_least)), text(g.id))
            for g in parsed.pack.verdict.grades
        ]
        return case([(ranked, case(graded))])
    tiers = parsed.pack.verdict.tiers
    if tiers is None or not {"fit", "merit"} <= set(parsed.pack.criteria):
        return cast(null(), "VARCHAR")
    cells = [
        (
            conjunction([*_within(tiers.fit, f, "fit"), *_within(tiers.merit, m, "merit")]),
            text(tiers.matrix[fit.id][merit.id]),
        )
        for f, fit in enumerate(tiers.fit)
        for m, merit in enumerate(tiers.merit)
        if merit.id in tiers.matrix.get(fit.id, {})
    ]
    enough = exp.GTE(this=column("merit_coverage"), expression=number(tiers.coverage_at_least))
    return case([(conjunction([equals(outcome, text("shortlisted")), enough, test]), tier) for test, tier in cells])


def _within(steps: Sequence[Step], position: int, half: str) -> list[exp.Expr]:
    tests: list[exp.Expr] = [exp.GTE(this=column(half), expression=number(steps[position].at_least))]
    if position:
        tests.append(exp.LT(this=column(half), expression=number(steps[position - 1].at_least)))
    return tests
