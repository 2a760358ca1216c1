"""The SQL of every step, or of one rule, without running it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.engine.inputs import Inputs
from screening.engine.steps import RULE_STEPS, Step, rule_step
from screening.errors import RulesError, did_you_mean
from screening.rulebook.parsing import parse_pack
from screening.run.checked import checked_pack

if TYPE_CHECKING:
    import datetime

    from screening.rulebook.scope import ParsedPack


def as_if_supplied(rules: str, as_of: datetime.date) -> tuple[ParsedPack, Inputs]:
    """Return a checked pack, and data that hold every table it reads. Raises RulesError with every problem of the pack."""
    loaded, _ = checked_pack(rules, as_of)
    tables = {name: frozenset(table.columns) for name, table in loaded.pack.tables.items()}
    return parse_pack(loaded, as_of), Inputs(as_of, tables)


def statement_of(rules: str, as_of: datetime.date, rule_id: str) -> Step:
    """Return the step that decides a rule, with that rule's columns only. Raises RulesError for an unknown rule."""
    parsed, inputs = as_if_supplied(rules, as_of)
    found = rule_step(parsed, inputs, rule_id)
    if found is None:
        known = [rule.id for rule in parsed.program.rules.values() if rule.kind in RULE_STEPS]
        raise RulesError.of(
            "sql/unknown-rule",
            f"there is no rule '{rule_id}'",
            remedy=did_you_mean(rule_id, known)
            or "give the id of a fact, gate, criterion, deduction, measure or stage axis, as the pack writes it",
        )
    return found


def way_of(rules: str, as_of: datetime.date, step: str = "") -> list[Step]:
    """Return the steps of a pack from the clean tables to the ranking, as if every table it reads were supplied; or one of them.

    Raises RulesError for an unknown step.
    """
    from screening.engine.pipeline import way  # noqa: PLC0415 - opens data, which the statement of one rule does not need

    every = way(*as_if_supplied(rules, as_of))
    chosen = [s for s in every if step in ("", s.name)]
    if not chosen:
        names = [s.name for s in every]
        raise RulesError.of(
            "sql/unknown-step", f"there is no step '{step}'", remedy=did_you_mean(step, names) or ", ".join(names)
        )
    return chosen
