"""What a case supposes: classes, patents and facts put in the place of those that the engine would find itself.

Only the tests of rules use it. The steps are the engine's own; a supposed fact is read by every later fact and rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.classify import classify
from screening.engine.compile.branches import Branch, branches_statement
from screening.engine.compile.criteria import criteria_statement
from screening.engine.compile.facts import facts_statement
from screening.engine.compile.outcomes import rules_statement
from screening.engine.compile.stages import stage_statement
from screening.engine.compile.verdict import verdict_statement
from screening.engine.pipeline import statements, without_directions
from screening.engine.session import DIALECT, static_sql
from screening.engine.tables import clean_view, plan_tables
from screening.expression_sql.pieces import case, column

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import polars as pl

    from screening.engine.inputs import Inputs
    from screening.engine.session import Session
    from screening.rulebook.model import Fact
    from screening.rulebook.scope import ParsedPack

GIVEN = "given."
ENDS = ("", ".low", ".high", ".reason")
_NUMERIC = ("decimal", "integer")


@dataclass(frozen=True, slots=True)
class Supposed:
    """Rows that replace what would be found.

    `classes`: company_id, domain_id, direction_id, second_domain_id, second_direction_id, fit_grade. `patents`: company_id,
    patent_no, in_direction. `facts`: company_id and, per fact of `fact_ids`, `given.<fact>?` (TRUE where it is given),
    `given.<fact>`, `.low`, `.high` (numbers and dates), `.reason`.
    """

    classes: pl.DataFrame
    patents: pl.DataFrame
    facts: pl.DataFrame
    fact_ids: tuple[str, ...]


def has_ends(fact: Fact) -> bool:
    """Tell whether a fact has the columns `.low` and `.high`."""
    return fact.type in (*_NUMERIC, "date")


@dataclass(frozen=True, slots=True)
class Compiled:
    """What no dataset changes, compiled once for a pack and a date: the text of steps, and the branches of rules."""

    steps: Mapping[str, str]
    branches: tuple[Branch, ...]


def compiled(parsed: ParsedPack) -> Compiled:
    """Compile the steps that all groups of cases share."""
    statement, branches = branches_statement(parsed)
    shared = {
        "stage": stage_statement(parsed),
        "criteria": criteria_statement(parsed),
        "verdict": verdict_statement(parsed),
        "rules": rules_statement(parsed),
        "branches": statement,
    }
    return Compiled({name: tree.sql(DIALECT) for name, tree in shared.items()}, tuple(branches))


def screen_supposed(
    session: Session,
    parsed: ParsedPack,
    inputs: Inputs,
    tables: Mapping[str, Path],
    supposed: Supposed,
    shared: Compiled,
) -> None:
    """Run all steps on the tables of cases; afterwards the relations of the contract and `branches` stand in the session."""
    for name, spec in parsed.pack.tables.items():
        clean_view(session, name, spec, tables.get(name))
    plan_tables(session, parsed)
    for name, frame in (
        ("supposed_classes", supposed.classes),
        ("supposed_patents_in_direction", supposed.patents),
        ("supposed_facts", supposed.facts),
    ):
        session.frame(name, frame)
    if parsed.pack.domains:
        classify(session.connection, parsed.pack, parsed.as_of)
    else:
        without_directions(session)
    for name in ("profile", "classification"):
        _replace(session, name)
    if "patents" in parsed.pack.tables:
        session.static("patents_judged")
        _replace(session, "patents_judged")
    facts = with_given(facts_statement(parsed, inputs), parsed, supposed.fact_ids)
    for step in statements(parsed, inputs, {**shared.steps, "facts": facts.sql(DIALECT)}):
        session.create(step.name, step.sql)
    session.create("branches", shared.steps["branches"])


def _replace(session: Session, name: str) -> None:
    session.rows(static_sql(f"suppose/{name}"))


def with_given(statement: exp.Select, parsed: ParsedPack, fact_ids: tuple[str, ...]) -> exp.Select:
    """Return the facts statement with each public column of a given fact taken from `supposed_facts` where it is given there."""
    targets = {f"{fact_id}{end}": fact_id for fact_id in fact_ids for end in ENDS}
    for cte in statement.ctes:
        if cte.alias == "source":
            _join_given(cte.this, parsed, fact_ids)
        elif cte.alias.startswith("layer_"):
            for alias in cte.this.expressions:
                fact_id = targets.get(alias.alias) if isinstance(alias, exp.Alias) else None
                if fact_id is not None:
                    given = column(f"{GIVEN}{alias.alias}")
                    alias.set("this", case([(column(f"{GIVEN}{fact_id}?"), given)], alias.this))
    return statement


def _join_given(source: exp.Select, parsed: ParsedPack, fact_ids: tuple[str, ...]) -> None:
    for fact_id in fact_ids:
        source.append("expressions", column(f"{GIVEN}{fact_id}?", "supposed_facts"))
        for end in ENDS:
            if end in ("", ".reason") or has_ends(parsed.pack.facts[fact_id]):
                source.append("expressions", column(f"{GIVEN}{fact_id}{end}", "supposed_facts"))
    source.join(exp.to_table("supposed_facts"), using=[exp.to_identifier("company_id")], join_type="left", copy=False)
