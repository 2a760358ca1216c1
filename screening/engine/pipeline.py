"""The way the data walks: every step a named relation, in one direction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from screening.catalog import PROVENANCE
from screening.engine.alike import create
from screening.engine.classify import CLASSIFYING, classify, statement
from screening.engine.compile.facts import facts_apart
from screening.engine.files import DIALECT, static_sql
from screening.engine.kept import CLASSES, Kept
from screening.engine.reclassify import reclassified
from screening.engine.steps import STEPS, Step, branches_step, step, steps
from screening.engine.tables import clean_select, clean_view, plan_rows, plan_tables, stored
from screening.expression_sql.layers import chosen
from screening.result.contract import RELATIONS
from screening.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from sqlglot import exp

    from screening.engine.inputs import Inputs
    from screening.engine.session import Session
    from screening.engine.supposed import Supposed
    from screening.rulebook.scope import ParsedPack


_UNASKED = ("measures", "fact_sources", "rules")
"""Steps whose relations no case speaks of."""


@dataclass(frozen=True, slots=True)
class CaseGroup:
    """Cases that share a dataset and a date: the pack on that date, what the dataset offers, and which companies are theirs."""

    parsed: ParsedPack
    inputs: Inputs
    company_ids: Sequence[str]


def screen(
    session: Session,
    parsed: ParsedPack,
    inputs: Inputs,
    tables: Mapping[str, Path],
    overrides: Sequence[Any] = (),
    progress: Callable[[str], None] = lambda _: None,
    kept: Kept | None = None,
) -> None:
    """Run all steps, but for those that `kept` has; afterwards the relations of the contract stand in the session.

    Raises RunError naming the step that failed.
    """
    lookups = start(session, parsed, tables)
    kept = kept or Kept(Store(None), session.work, session.work)
    if kept.store.folder is not None:
        kept.tables(tables)
        kept.lookups(lookups)
    progress("classify")
    if parsed.pack.domains:
        kept.classes(parsed, overrides)
    else:
        kept.without_classes()
    if not kept.take(session, CLASSES) and not reclassified(session, kept, parsed):
        classified(session, parsed, overrides)
    if "patents" in parsed.pack.tables:
        judged = Step("patents_judged", "company", ("patents", "patent_directions"), static_sql("patents_judged"))
        kept.step(judged)
        if not kept.take(session, [judged.name]):
            session.create(judged.name, judged.sql)
    progress("compile")
    for each in steps(parsed, inputs):
        kept.step(each)
        if not kept.take(session, [each.name]):
            progress(each.name)
            create(session, each)
    session.frame("program", program_frame(parsed))


def prepare(
    session: Session,
    parsed: ParsedPack,
    tables: Mapping[str, Path],
    overrides: Sequence[Any] = (),
    among: exp.Expr | None = None,
) -> None:
    """Make all that the steps after classification stand on: clean tables, places of the plan, what each company does."""
    start(session, parsed, tables, among)
    classified(session, parsed, overrides)
    if "patents" in parsed.pack.tables:
        session.static("patents_judged")


def shape(parsed: ParsedPack) -> object:
    """Return what decides the columns of a pack's relations, and the tables beside them: dates alike in it are screened together."""
    return [(r.kind, r.id, r.in_force) for r in parsed.program.rules.values()], plan_rows(parsed)


def screen_cases(
    session: Session, groups: Sequence[CaseGroup], tables: Mapping[str, Path], supposed: Supposed
) -> list[str]:
    """Run all steps on the tables of cases, with what they suppose; the relations stand in the session. Return for each group
    the relation that says which branches its companies are on.

    All groups are read together, of whatever dates of one `shape`; a step whose text depends on the date or on what a dataset
    offers has a part for each text, on the companies of the groups that share it.
    """
    first = groups[0].parsed
    start(session, first, tables)
    for name, frame in (
        ("supposed_classes", supposed.classes),
        ("supposed_patents_in_direction", supposed.patents),
        ("supposed_facts", supposed.facts),
    ):
        session.frame(name, frame)
    classified(session, first, ())
    if "patents" in first.pack.tables:
        session.static("patents_judged")
    for name in ("profile", "classification", *(("patents_judged",) if "patents" in first.pack.tables else ())):
        session.rows(static_sql(f"suppose/{name}"))
    members = [f"members {number}" for number in range(len(groups))]
    for name, group in zip(members, groups, strict=True):
        session.frame(name, pl.DataFrame({"company_id": group.company_ids}, schema={"company_id": pl.String}))
    _facts_of_cases(session, groups, members, supposed.fact_ids)
    for name in STEPS:
        if name not in _UNASKED and name != "facts":
            texts = [step(group.parsed, group.inputs, name).sql for group in groups]
            session.create_parts(name, _by_text(texts, members))
    told: list[str] = []
    named: dict[str, str] = {}
    for group in groups:
        branches, _ = branches_step(group.parsed)
        if branches.sql not in named:
            named[branches.sql] = f"branches {len(named)}"
            session.create(named[branches.sql], branches.sql)
        told.append(named[branches.sql])
    return told


def _facts_of_cases(
    session: Session, groups: Sequence[CaseGroup], members: Sequence[str], given: tuple[str, ...]
) -> None:
    """Work out the facts of cases. On one date they are those of its largest group; a group of which other tables were collected has the
    facts that this can touch worked out again, since a whole statement for one case costs as much as for all.
    """
    parts: dict[str, list[str]] = {}
    again: list[tuple[str, CaseGroup, tuple[str, ...]]] = []
    for name, group in zip(members, groups, strict=True):
        main = max((g for g in groups if g.parsed is group.parsed), key=lambda g: len(g.company_ids))
        apart = facts_apart(group.parsed, main.inputs, group.inputs)
        stands = main if apart is not None else group
        parts.setdefault(step(stands.parsed, stands.inputs, "facts", given=given).sql, []).append(name)
        if apart:
            again.append((name, group, apart))
    session.create_parts("facts", parts)
    columns = [c for c, _ in session.columns("facts")]
    for name, group, apart in again:
        text = step(group.parsed, group.inputs, "facts", only=apart, given=given).sql
        session.amend("facts", text, chosen(columns, apart), name)


JUDGING = ("stage", "gates", "contributions", "criteria", "verdict")
"""Steps that judge a company once its facts and its place are known."""


def judging(parsed: ParsedPack, inputs: Inputs, derived: exp.Query) -> Mapping[str, str]:
    """Return the very statements of a run that judge companies whose `facts` are those of `derived`, by the relation that each makes."""
    facts = derived.sql(DIALECT)
    return {"facts": facts} | {name: step(parsed, inputs, name).sql for name in JUDGING}


def _by_text(texts: Sequence[str], members: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for text, name in zip(texts, members, strict=True):
        found.setdefault(text, []).append(name)
    return found


def way(parsed: ParsedPack, inputs: Inputs) -> tuple[Step, ...]:
    """Return every step from the clean tables to the ranking as it runs when every table of the pack is there."""
    tables = [
        Step(
            name,
            "company",
            (stored(name),),
            clean_select(name, table, table.columns.keys() | PROVENANCE.keys()).sql(DIALECT, pretty=True),
        )
        for name, table in parsed.pack.tables.items()
    ]
    classes = [_of_file(name, statement(name)) for name in CLASSIFYING] if parsed.pack.domains else []
    if not parsed.pack.domains:
        classes = [Step("profile", "company", ("companies",), static_sql("profile"))]
    patents = ["patents_judged"] if "patents" in parsed.pack.tables else []
    return (*tables, *classes, *(_of_file(name, static_sql(name)) for name in patents), *steps(parsed, inputs))


def _of_file(name: str, text: str) -> Step:
    """A step that is a file, by the name of the file; `$name` in it stands for a number or pattern of the pack."""
    return Step(name, "company", (), text)


def start(
    session: Session, parsed: ParsedPack, tables: Mapping[str, Path], among: exp.Expr | None = None
) -> Mapping[str, Sequence[tuple[Any, ...]]]:
    """Make the clean tables, or the rows of some companies, and the places of the plan readable; return the rows of the latter by relation."""
    for name, spec in parsed.pack.tables.items():
        clean_view(session, name, spec, tables.get(name), among)
    return plan_tables(session, parsed)


def classified(session: Session, parsed: ParsedPack, overrides: Sequence[Any]) -> None:
    """Read the texts of companies for the directions of the pack."""
    if parsed.pack.domains:
        classify(session.connection, parsed.pack, parsed.as_of, overrides)
    else:
        without_directions(session)


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
    session.frame("patent_directions", _empty_patents())


def _empty_patents() -> pl.DataFrame:
    return pl.DataFrame(schema={"company_id": pl.String, "patent_no": pl.String, "in_direction": pl.Boolean})


def _empty(relation: str) -> pl.DataFrame:
    kinds = {"VARCHAR": pl.String, "INTEGER": pl.Int32}
    columns = next(r.columns for r in RELATIONS if r.name == relation)
    return pl.DataFrame(schema={name: kinds.get(kind, pl.Decimal(9, 2)) for name, kind in columns})
