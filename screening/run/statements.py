"""The SQL of a pack without running it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.engine.inputs import Inputs
from screening.engine.pipeline import way
from screening.engine.steps import Step, rule_step
from screening.errors import Problem, RulesError, did_you_mean
from screening.rulebook.scope import parse_pack
from screening.run.screening import checked_pack

if TYPE_CHECKING:
    import datetime


def statements_of(rules: str, as_of: datetime.date, *, rule_id: str = "", step: str = "") -> list[Step]:
    """Return the steps of a pack as SQL, as if every table it reads were supplied.

    Raises RulesError for an unknown rule or step.
    """
    loaded, _ = checked_pack(rules, as_of)
    parsed = parse_pack(loaded, as_of)
    inputs = Inputs(as_of, {name: frozenset(table.columns) for name, table in loaded.pack.tables.items()})
    if rule_id:
        found = rule_step(parsed, inputs, rule_id)
        if found is None:
            known = [
                *parsed.fact_order,
                *loaded.pack.stages,
                *loaded.pack.gates,
                *(c for _, _, c, _ in loaded.pack.criteria_of()),
                *(loaded.pack.deductions.items if loaded.pack.deductions else ()),
                *loaded.pack.measures,
            ]
            raise RulesError(
                [
                    Problem(
                        "sql/unknown-rule",
                        f"there is no rule '{rule_id}'",
                        remedy=did_you_mean(rule_id, known)
                        or "give the id of a fact, gate, criterion, deduction, measure or stage axis, as the pack writes it",
                    )
                ]
            )
        return [found]
    every = way(parsed, inputs)
    chosen = [s for s in every if step in ("", s.name)]
    if not chosen:
        raise RulesError(
            [
                Problem(
                    "sql/unknown-step",
                    f"there is no step '{step}'",
                    remedy=did_you_mean(step, [s.name for s in every]) or ", ".join(s.name for s in every),
                )
            ]
        )
    return chosen
