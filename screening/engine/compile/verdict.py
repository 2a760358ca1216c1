"""The verdict step: gates and totals -> one outcome per company, in the precedence of the contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.compile.criteria import criteria_in_force, total_columns
from screening.engine.compile.gates import gates_in_force
from screening.engine.compile.judged import Judged, axis_tests
from screening.engine.compile.measures import state
from screening.engine.compile.scores import Scores
from screening.engine.compile.stages import source
from screening.expression import And, Compare, Literal, Ref
from screening.expression_sql.bands import Band, Truth, compile_node
from screening.expression_sql.layers import Layers, chosen
from screening.expression_sql.nodes import cast
from screening.expression_sql.pieces import (
    case,
    coalesce,
    column,
    conjunction,
    difference,
    equals,
    is_null,
    negated,
    null,
    number,
    relation,
    text,
)
from screening.result.contract import RANKED_OUTCOMES, VALUE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.expression import Node
    from screening.rulebook.model import Step
    from screening.rulebook.scope import ParsedPack

VERDICT_COLUMNS = ["outcome", "outcome_reason", "route", "tier"]


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
    for half_id, half in parsed.pack.criteria.items():
        for pillar_id, _, criterion_ids in criteria_in_force(parsed, half):
            pillars[pillar_id] = f"{half_id}.{pillar_id}.points"
            pillars |= {c: f"{c}.points" for c in criterion_ids}
    for alias, name in pillars.items():
        select.append("expressions", exp.alias_(column(name, "criteria"), exp.to_identifier(alias, quoted=True)))
    for name in total_columns(parsed):
        select.append("expressions", column(name, "criteria"))
    select = select.join(relation("gates"), using=key, copy=False).join(relation("criteria"), using=key, copy=False)
    layers = Layers("source", [*names, *pillars, *total_columns(parsed)])
    scores = Scores(parsed, Judged(parsed, layers, exact=[*pillars, *total_columns(parsed)]))
    _outcome(parsed, layers, scores)
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


def _outcome(parsed: ParsedPack, layers: Layers, scores: Scores) -> None:
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
    unknown_business = equals(column("fit_grade"), text("unknown")) if parsed.pack.domains else exp.false()
    outcome = layers.add(
        "outcome",
        case(
            [
                (_present(rejected), text("rejected")),
                (unknown_business, text("insufficient_data")),
                (_present(review), text("review")),
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
                (equals(outcome, text("shortlisted")), coalesce(route, text("verdict"))),
                (_present(capped), capped),
            ],
            text("verdict"),
        ),
        "outcome",
    )
    layers.add("tier", _tier(parsed, outcome), "tier")


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
