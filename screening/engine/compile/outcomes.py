"""The rules step: what became of each rule in this run, so that none disappears in silence."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.compile.criteria import criteria_in_force
from screening.engine.compile.gates import gates_in_force
from screening.expression_sql.nodes import cast
from screening.expression_sql.pieces import case, column, conjunction, equals, is_null, negated, null, relation, text
from screening.result.contract import GATE_STATUSES, NOT_APPLICABLE

if TYPE_CHECKING:
    from screening.rulebook.scope import ParsedPack

COUNTS = GATE_STATUSES


def rules_statement(parsed: ParsedPack) -> exp.Select:
    """Return the one statement of the step: one row per gate and criterion.

    A criterion counts as passed where its points are known, unknown where they are open; `reason` is the commonest
    reason for not deciding, NULL when it decided for somebody.
    """
    rows: list[exp.Expr] = [_gate(g) for g in gates_in_force(parsed)]
    for half in parsed.pack.criteria.values():
        for _, _, criterion_ids in criteria_in_force(parsed, half):
            rows += [_criterion(c) for c in criterion_ids]
    if not rows:
        never = exp.false()
        rows = [_row("", "", "profile", null(), dict.fromkeys(COUNTS, _count(never))).having(never)]
    counted = functools.reduce(lambda above, row: exp.Union(this=above, expression=row, distinct=False), rows)
    decided = exp.GT(this=exp.Add(this=column("passed"), expression=column("failed")), expression=exp.Literal.number(0))
    status = case(
        [(decided, text("run")), (exp.GT(this=column("not_run"), expression=exp.Literal.number(0)), text("not_run"))],
        text("reached_nobody"),
    )
    result = exp.select(
        column("rule_id"),
        column("kind"),
        exp.alias_(status, "status"),
        exp.alias_(case([(negated(decided), column("reason"))]), "reason"),
        *[column(c) for c in COUNTS],
    )
    return result.from_(relation("counted"), copy=False).with_("counted", as_=counted, copy=False)


def _count(condition: exp.Expr) -> exp.Expr:
    return cast(exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=condition)), "BIGINT")


def _row(rule_id: str, kind: str, step: str, reason: exp.Expr, counts: dict[str, exp.Expr]) -> exp.Select:
    select = exp.select(
        exp.alias_(text(rule_id), "rule_id"),
        exp.alias_(text(kind), "kind"),
        exp.alias_(cast(exp.Anonymous(this="mode", expressions=[reason]), "VARCHAR"), "reason"),
        *[exp.alias_(counts[c], exp.to_identifier(c, quoted=True)) for c in COUNTS],
    )
    return select.from_(relation(step), copy=False)


def _gate(gate_id: str) -> exp.Select:
    status = column(f"{gate_id}.status")
    return _row(
        gate_id, "gate", "gates", column(f"{gate_id}.reason"), {c: _count(equals(status, text(c))) for c in COUNTS}
    )


def _criterion(criterion_id: str) -> exp.Select:
    reason = column(f"{criterion_id}.reason")
    known, idle = is_null(reason), equals(reason, text(NOT_APPLICABLE))
    unsearched = equals(reason, text("not_collected"))
    never = exp.false()
    return _row(
        criterion_id,
        "criterion",
        "contributions",
        reason,
        {
            "passed": _count(known),
            "failed": _count(never),
            "not_applicable": _count(idle),
            "not_run": _count(unsearched),
            "unknown": _count(conjunction([negated(known), negated(idle), negated(unsearched)])),
        },
    )
