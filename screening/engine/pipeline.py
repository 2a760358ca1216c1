"""The way the data walks: every step a named relation, in one direction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from screening.engine.classify import classify
from screening.engine.compile.criteria import criteria_statement
from screening.engine.compile.facts import facts_statement
from screening.engine.compile.gates import gates_statement
from screening.engine.compile.measures import measures_statement
from screening.engine.compile.origins import fact_sources_statement
from screening.engine.compile.outcomes import rules_statement
from screening.engine.compile.stages import stage_statement
from screening.engine.compile.verdict import verdict_statement
from screening.engine.session import DIALECT, static_sql
from screening.engine.tables import clean_view, plan_tables
from screening.result.contract import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from sqlglot import exp

    from screening.engine.inputs import Inputs
    from screening.engine.session import Session
    from screening.rulebook.scope import ParsedPack


@dataclass(frozen=True, slots=True)
class Step:
    """A step that SQL can show: its relation and its text."""

    name: str
    sql: str


def statements(parsed: ParsedPack, inputs: Inputs, known: Mapping[str, str] | None = None) -> list[Step]:
    """Return the SQL of every step after classification, as it runs.

    `known` holds the text of steps compiled before for the same pack and date; only facts and gates depend on `inputs`.
    """
    compilers: dict[str, Callable[[], exp.Query]] = {
        "facts": lambda: facts_statement(parsed, inputs),
        "stage": lambda: stage_statement(parsed),
        "gates": lambda: gates_statement(parsed, inputs),
        "criteria": lambda: criteria_statement(parsed),
        "verdict": lambda: verdict_statement(parsed),
        "measures": lambda: measures_statement(parsed),
        "fact_sources": lambda: fact_sources_statement(parsed, inputs),
        "rules": lambda: rules_statement(parsed),
    }
    order = ("facts", "place", "stage", "gates", "criteria", "verdict", "ranking", "rules", "measures", "fact_sources")

    def text(name: str) -> str:
        if known and name in known:
            return known[name]
        return compilers[name]().sql(DIALECT, pretty=True, copy=False) if name in compilers else static_sql(name)

    return [Step(name, text(name)) for name in order]


def rule_statement(parsed: ParsedPack, inputs: Inputs, rule_id: str) -> Step | None:
    """Return the step that decides one rule, with that rule's columns only; None for an unknown rule."""
    pack = parsed.pack
    if rule_id in pack.facts:
        return Step("facts", facts_statement(parsed, inputs, rule_id).sql(DIALECT, pretty=True))
    if rule_id in pack.stages:
        return Step("stage", stage_statement(parsed, rule_id).sql(DIALECT, pretty=True))
    if rule_id in pack.gates and parsed.in_force(pack.gates[rule_id]):
        return Step("gates", gates_statement(parsed, inputs, rule_id).sql(DIALECT, pretty=True))
    scored = {c for _, _, c, rule in pack.criteria_of() if parsed.in_force(rule)}
    if pack.deductions is not None:
        scored |= {i for i, rule in pack.deductions.items.items() if parsed.in_force(rule)}
    if rule_id in scored:
        return Step("criteria", criteria_statement(parsed, rule_id).sql(DIALECT, pretty=True))
    return None


def screen(
    session: Session,
    parsed: ParsedPack,
    inputs: Inputs,
    tables: Mapping[str, Path],
    overrides: Sequence[Any] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> None:
    """Run all steps; afterwards the relations of the contract stand in the session.

    Raises RunError naming the step that failed.
    """
    for name, spec in parsed.pack.tables.items():
        clean_view(session, name, spec, tables.get(name))
    plan_tables(session, parsed)
    progress("classify")
    if parsed.pack.domains:
        classify(session.connection, parsed.pack, parsed.as_of, overrides)
    else:
        without_directions(session)
    if "patents" in parsed.pack.tables:
        session.static("patents_judged")
    progress("compile")
    for step in statements(parsed, inputs):
        progress(step.name)
        session.create(step.name, step.sql)
    session.frame("program", program_frame(parsed))


def program_frame(parsed: ParsedPack) -> pl.DataFrame:
    """Return the rules of a pack as rows of the contract's `program`."""
    rows = [
        (
            rule.id,
            rule.kind,
            rule.position.file if rule.position else None,
            rule.position.line if rule.position else None,
            rule.in_force,
            *(",".join(f"{k.kind}:{k.id}" for k in keys) or None for keys in (rule.reads, rule.readers)),
            ",".join(rule.columns) or None,
            rule.digest,
        )
        for rule in parsed.program.rules.values()
    ]
    text = pl.String
    schema = {"rule_id": text, "kind": text, "file": text, "line": pl.Int32, "in_force": pl.Boolean}
    return pl.DataFrame(
        rows, schema=schema | {"reads": text, "readers": text, "columns": text, "digest": text}, orient="row"
    )


def without_directions(session: Session) -> None:
    """Stand in for the classification of a pack without directions: every company is in scope, nothing is told of its texts."""
    session.static("profile")
    for name in ("classification", "spans"):
        session.frame(name, _empty(name))
    session.frame(
        "patent_directions",
        pl.DataFrame(schema={"company_id": pl.String, "patent_no": pl.String, "in_direction": pl.Boolean}),
    )


def _empty(relation: str) -> pl.DataFrame:
    kinds = {"VARCHAR": pl.String, "INTEGER": pl.Int32}
    columns = next(r.columns for r in RELATIONS if r.name == relation)
    return pl.DataFrame(schema={name: kinds.get(kind, pl.Decimal(9, 2)) for name, kind in columns})
