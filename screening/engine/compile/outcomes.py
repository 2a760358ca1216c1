"""The rules step: what became of each rule in this run, so that none disappears in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp, parse_one

from screening.engine.compile.criteria import criteria_in_force
from screening.engine.compile.gates import gates_in_force
from screening.engine.files import DIALECT, static_sql
from screening.expression_sql.nodes import cast
from screening.expression_sql.pieces import column, null, relation, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.rulebook.scope import ParsedPack


def rules_statement(parsed: ParsedPack) -> exp.Query:
    """Return the one statement of the step: one row per gate and criterion.

    A criterion counts as passed where its points are known, unknown where they are open; `reason` is the commonest
    reason for not deciding, NULL when it decided for somebody.
    """
    gates = gates_in_force(parsed)
    criteria = [
        c
        for half in parsed.pack.criteria.values()
        for _, _, criterion_ids in criteria_in_force(parsed, half)
        for c in criterion_ids
    ]
    every = [_rules(gates, "gate"), _rules(criteria, "criterion")]
    undecided = [cast(null(), "VARCHAR") for _ in criteria]
    said = [
        _said(gates, "gate", "gates", [column(f"{gate_id}.status") for gate_id in gates]),
        _said(criteria, "criterion", "contributions", undecided),
    ]
    tree = parse_one(static_sql("rules"), dialect=DIALECT)
    assert isinstance(tree, exp.Query)
    given = exp.select("*")
    for name, parts in (("every", every), ("said", said)):
        given = given.with_(name, as_=exp.union(*parts, distinct=False, copy=False), copy=False)
    tree.args["with_"].set("expressions", [*given.ctes, *tree.ctes])
    return tree


def _rules(ids: Sequence[str], kind: str) -> exp.Select:
    return exp.select(_each([text(rule_id) for rule_id in ids], "rule_id"), exp.alias_(text(kind), "kind"))


def _said(ids: Sequence[str], kind: str, step: str, states: Sequence[exp.Expr]) -> exp.Select:
    """What each rule came to for each company of a step."""
    reasons = [column(f"{rule_id}.reason") for rule_id in ids]
    said = _rules(ids, kind).select(_each(states, "state"), _each(reasons, "reason"), copy=False)
    return said.from_(relation(step), copy=False)


def _each(values: Sequence[exp.Expr], name: str) -> exp.Expr:
    """One row for each value."""
    listed = cast(exp.Array(expressions=list(values)), "VARCHAR[]")
    return exp.alias_(exp.Anonymous(this="unnest", expressions=[listed]), name)
