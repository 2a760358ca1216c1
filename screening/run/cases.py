"""Runs the cases of a pack through the engine: all cases as one dataset in one run, whatever their dates and what they suppose was collected."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from screening.catalog import DECIMAL
from screening.engine.compile.given import ENDS, GIVEN, has_ends
from screening.engine.inputs import Inputs
from screening.engine.pipeline import CaseGroup, screen_cases, shape
from screening.engine.session import session
from screening.engine.steps import branches_step, is_relative
from screening.engine.supposed import Supposed, fact_kind
from screening.errors import RulesError
from screening.expression_sql.decimals import decimal_of
from screening.identifier import file_named
from screening.rulebook.case_values import IN_DIRECTION
from screening.rulebook.cases import load_cases
from screening.rulebook.check import in_order
from screening.rulebook.check.patterns import check_patterns
from screening.rulebook.parsing import parse_pack
from screening.run.case_judging import CaseResult, Found, judge
from screening.run.rule_coverage import Coverage, measure

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence

    from screening.catalog import Table
    from screening.engine.session import Session
    from screening.rulebook.case_values import FactValue
    from screening.rulebook.cases import CompanyCase
    from screening.rulebook.loader import LoadedPack
    from screening.rulebook.scope import ParsedPack

__all__ = ["CaseResult", "Coverage", "Report", "run_cases"]

MEMORY = "2GB"
RELATIONS = ("ranking", "facts", "stage", "place", "gates", "criteria", "verdict", "profile")
BRANCHES = "branches"

_KINDS: Mapping[str, Any] = {
    "text": pl.String,
    "code": pl.String,
    "category": pl.String,
    "integer": pl.Int64,
    "decimal": pl.Decimal(*DECIMAL),
    "boolean": pl.Boolean,
    "date": pl.Date,
}


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the cases: one result each in written order, and what they cover."""

    results: tuple[CaseResult, ...]
    coverage: Coverage

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        """The cases that differ."""
        return tuple(r for r in self.results if r.differences)


def run_cases(loaded: LoadedPack, containing: str = "", threads: int = 2) -> Report:
    """Run the cases of a pack whose name contains a text.

    Raises RulesError when the pack or a case has problems; a case that fails is a result, not an error.
    """
    cases = [c for c in load_cases(loaded) if containing in c.name]
    parsed = {as_of: parse_pack(loaded, as_of) for as_of in dict.fromkeys(case.as_of for case in cases)}
    problems = [problem for each in parsed.values() for problem in each.problems]
    # A word is the same on every date.
    problems += [problem for each in list(parsed.values())[:1] for problem in check_patterns(each)]
    if any(p.is_error for p in problems):
        raise RulesError(in_order(problems))
    groups = list(_groups(loaded, cases).values())
    found: dict[str, Found] = {}
    for together in _together(parsed, groups):
        found |= _run(parsed, together, threads)
    results = {case.id: judge(case, found[case.id], parsed[case.as_of]) for case in cases}
    branches = [branch for each in parsed.values() for branch in branches_step(each)[1]]
    ordered = tuple(results[c.id] for c in cases)
    return Report(ordered, measure(loaded, cases, found, tuple(dict.fromkeys(branches))))


def _together(
    parsed: Mapping[datetime.date, ParsedPack], groups: Sequence[list[CompanyCase]]
) -> list[list[list[CompanyCase]]]:
    """Return the groups that one run can hold: those whose relations have the same columns, on whatever dates."""
    found: list[tuple[object, list[list[CompanyCase]]]] = []
    for group in groups:
        its = parsed[group[0].as_of]
        # Where a company's standing among its peers counts, a dataset's companies are its own peers only.
        form = None if is_relative(its) else shape(its)
        alike = next((together for other, together in found if form is not None and other == form), None)
        if alike is None:
            found.append((form, [group]))
        else:
            alike.append(group)
    return [together for _, together in found]


def _groups(loaded: LoadedPack, cases: Sequence[CompanyCase]) -> dict[tuple[Any, ...], list[CompanyCase]]:
    """Cases by what holds for a whole dataset: its date, what was collected, what no row means."""
    groups: dict[tuple[Any, ...], list[CompanyCase]] = defaultdict(list)
    for case in cases:
        absence = tuple((t, case.absence.get(t, "unknown")) for t in loaded.pack.tables)
        groups[case.as_of, absence, tuple(sorted(case.not_collected)), tuple(sorted(case.searched_on.items()))].append(
            case
        )
    return dict(groups)


def _run(
    parsed: Mapping[datetime.date, ParsedPack], groups: Sequence[Sequence[CompanyCase]], threads: int
) -> dict[str, Found]:
    cases = [case for group in groups for case in group]
    first = parsed[cases[0].as_of]
    with tempfile.TemporaryDirectory(prefix="screen-cases-") as folder:
        work = Path(folder)
        tables = _write_tables(first, cases, work)
        with session(work, threads=threads, memory_limit=MEMORY, small=True) as running:
            offered = [
                CaseGroup(its, _inputs(its, group[0]), [case.id for case in group])
                for group in groups
                for its in [parsed[group[0].as_of]]
            ]
            told = screen_cases(running, offered, tables, _supposed(first, cases))
            rows = {name: _by_company(running, name) for name in (*RELATIONS, *dict.fromkeys(told))}
    return {
        case.id: Found({**{name: rows[name].get(case.id) for name in RELATIONS}, BRANCHES: rows[branches].get(case.id)})
        for group, branches in zip(groups, told, strict=True)
        for case in group
    }


def _by_company(running: Session, name: str) -> dict[str, dict[str, Any]]:
    relation = running.connection.table(name)
    columns = relation.columns
    return {row[columns.index("company_id")]: dict(zip(columns, row, strict=True)) for row in relation.fetchall()}


def _inputs(parsed: ParsedPack, case: CompanyCase) -> Inputs:
    """A case's dataset holds every table and column that the pack declares, but for what it says is not collected."""
    available = {
        name: frozenset(c for c in table.columns if f"{name}.{c}" not in case.not_collected)
        for name, table in parsed.pack.tables.items()
        if name not in case.not_collected
    }
    return Inputs(case.as_of, available, dict(case.absence), dict(case.searched_on))


def _write_tables(parsed: ParsedPack, group: Sequence[CompanyCase], work: Path) -> dict[str, Path]:
    tables: dict[str, Path] = {}
    for name, table in parsed.pack.tables.items():
        if name == "companies":
            rows = [_company(case, table) for case in group]
        else:
            rows = [
                {**_keys(table, case, number), **row}
                for case in group
                if name not in case.not_collected
                for number, row in enumerate(case.tables.get(name, ()))
            ]
        schema = {c: _KINDS[spec.type] for c, spec in table.columns.items()}
        frame = pl.DataFrame([{c: row.get(c) for c in schema} for row in rows], schema=schema)
        tables[name] = file_named(work, name, ".parquet")
        frame.write_parquet(tables[name])
    return tables


def _company(case: CompanyCase, table: Table) -> dict[str, object]:
    row: dict[str, object] = {"company_id": case.id, "name": case.id, **case.company}
    if "entity_kind" in table.columns:
        row.setdefault("entity_kind", "company")
    return row


def _keys(table: Table, case: CompanyCase, number: int) -> dict[str, object]:
    """Fill the key columns that a case need not write."""
    filled: dict[str, object] = {"company_id": case.id}
    for name in table.key:
        if name not in filled and table.columns[name].type in ("code", "text"):
            filled[name] = f"{case.id}-{number}"
    return filled


def _supposed(parsed: ParsedPack, group: Sequence[CompanyCase]) -> Supposed:
    domain_of = {direction_id: domain_id for domain_id, direction_id, _ in parsed.pack.directions()}
    text = pl.String
    classes = [
        (
            c.id,
            k.domain or domain_of.get(k.direction),
            k.direction or None,
            domain_of.get(k.second_direction),
            k.second_direction or None,
            k.grade,
        )
        for c in group
        if (k := c.classified) is not None
    ]
    patents = [
        (c.id, str(row.get("patent_no", f"{c.id}-{n}")), row[IN_DIRECTION])
        for c in group
        for n, row in enumerate(c.tables.get("patents", ()))
        if IN_DIRECTION in row
    ]
    given = tuple(dict.fromkeys(f for c in group for f in c.facts))
    schema: dict[str, Any] = {"company_id": text}
    for fact_id in given:
        fact = parsed.pack.facts[fact_id]
        kind = fact_kind(fact)
        schema[f"{GIVEN}{fact_id}?"] = pl.Boolean
        for end in ENDS:
            if end in {".reason", ""} or has_ends(fact):
                schema[f"{GIVEN}{fact_id}{end}"] = text if end == ".reason" else kind
    rows = [{"company_id": c.id, **_given_columns(c.facts)} for c in group if c.facts]
    return Supposed(
        pl.DataFrame(
            classes,
            orient="row",
            schema={
                "company_id": text,
                "domain_id": text,
                "direction_id": text,
                "second_domain_id": text,
                "second_direction_id": text,
                "fit_grade": text,
            },
        ),
        pl.DataFrame(patents, orient="row", schema={"company_id": text, "patent_no": text, IN_DIRECTION: pl.Boolean}),
        pl.DataFrame([{c: row.get(c) for c in schema} for row in rows], schema=schema),
        given,
    )


def _given_columns(facts: Mapping[str, FactValue]) -> dict[str, object]:
    columns: dict[str, object] = {}
    for fact_id, given in facts.items():
        columns |= {
            f"{GIVEN}{fact_id}?": True,
            f"{GIVEN}{fact_id}": _exact(given.value),
            f"{GIVEN}{fact_id}.low": _exact(given.low),
            f"{GIVEN}{fact_id}.high": _exact(given.high),
            f"{GIVEN}{fact_id}.reason": given.reason,
        }
    return columns


def _exact(value: object) -> object:
    """The decimal that a case writes."""
    return decimal_of(value) if isinstance(value, float) else value
