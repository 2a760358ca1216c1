"""What is sure and what rests on the neutral share: is a short-listed company in whatever the missing facts are, and its tier?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from screening.analysis.rulewords import text
from screening.engine.compile.judged import Judged, axis_tests
from screening.engine.compile.stages import source
from screening.expression_sql.bands import Band, Truth, compile_node
from screening.expression_sql.decimals import SHOWN
from screening.expression_sql.layers import Layers
from screening.expression_sql.pieces import column, disjunction, negated, relation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from screening.analysis.rundata import Row, RunData
    from screening.result.records import Text
    from screening.rulebook.model import GradeStep, RulePack, Step
    from screening.rulebook.scope import ParsedPack

_TOTALS = ("fit", "merit", "score")


class _Possible(Judged):
    """Totals and points as bands: what they can still be, not what they count as meanwhile."""

    def band(self, name: str) -> Band:
        if name in self.exact or name in self.parsed.pack.facts:
            return super().band(name)
        return Band(column(f"{name}.low"), column(f"{name}.high"), SHOWN)


def certain_of_the_short_list(run: RunData) -> dict[str, bool]:
    """Return for each judged company whether the short list's condition, or a direct route, holds whatever is missing."""
    return {str(r["company_id"]): bool(r["certain"]) for r in run.select(_statement(run.parsed))}


def _statement(parsed: ParsedPack) -> exp.Select:
    select, names = source(parsed, joined=("place", "stage"))
    select = select.join(relation("criteria"), using="company_id", copy=False)
    exact = []
    for half in _TOTALS:
        if half == "score" or half in parsed.pack.criteria:
            for end in ("low", "high"):
                names.append(_added(select, f"{half}_{end}", f"{half}.{end}"))
                exact.append(_added(select, f"{half}_{end}", f"{half}_{end}"))
    for total in ("coverage", *(f"{half}_coverage" for half in parsed.pack.criteria)):
        exact.append(_added(select, total, total))
    for half_id, half_rule in parsed.pack.criteria.items():
        for pillar_id, pillar in half_rule.pillars.items():
            in_force = [c for c, rule in pillar.criteria.items() if parsed.in_force(rule)]
            if not in_force:
                continue
            for end in ("low", "high"):
                names.append(_added(select, f"{half_id}.{pillar_id}.{end}", f"{pillar_id}.{end}"))
                names += [_added(select, f"{c}.{end}", f"{c}.{end}") for c in in_force if c != pillar_id]
    layers = Layers("source", [*names, *exact])
    judged = _Possible(parsed, layers, exact=exact)
    paths: list[tuple[str, ...]] = [("verdict", "shortlist_when")]
    paths += [
        ("verdict", "routes", r, "when") for r, rule in parsed.pack.verdict.routes.items() if parsed.in_force(rule)
    ]
    sure = []
    for path in paths:
        truth = compile_node(axis_tests(parsed.nodes[path], parsed.pack.stages), judged)
        assert isinstance(truth, Truth)
        sure.append(negated(truth.can_be_false))
    layers.add("certain", disjunction(sure), "certain")
    return layers.statement(["company_id", "certain"], prelude=[("source", select)])


def _added(select: exp.Select, name: str, alias: str) -> str:
    select.append("expressions", exp.alias_(column(name, "criteria"), exp.to_identifier(alias, quoted=True)))
    return alias


def tiers_possible(pack: RulePack, ranking: Row) -> tuple[Text, ...]:
    """Return the tiers that a company can still take, best first, given the bands of its totals."""
    verdict = pack.verdict
    labels = verdict.tier_labels()
    if verdict.grades and ranking["score_low"] is not None:
        reached = _steps(verdict.grades, ranking["score_low"], ranking["score_high"])
        return tuple(text(labels[t]) for t in reached)
    if verdict.tiers is None or ranking["fit_low"] is None or ranking["merit_low"] is None:
        return ()
    fits = _steps(verdict.tiers.fit, ranking["fit_low"], ranking["fit_high"])
    merits = _steps(verdict.tiers.merit, ranking["merit_low"], ranking["merit_high"])
    found = {verdict.tiers.matrix.get(f, {}).get(m) for f in fits for m in merits}
    order = [*labels, *sorted(t for t in found if t and t not in labels)]
    return tuple(text(labels.get(t)) for t in order if t in found)


def _steps(steps: Sequence[Step | GradeStep], low: Decimal, high: Decimal) -> list[str]:
    """Return the ids of the steps that a value between `low` and `high` can lie in; steps run from the highest down."""
    found: list[str] = []
    top: float | None = None
    for step in steps:
        if float(high) >= step.at_least and (top is None or float(low) < top):
            found.append(step.id)
        top = step.at_least
    return found
