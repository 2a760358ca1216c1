"""The steps of the way as one list: each a named relation, for whom its rows are worked out, what it reads, its text.

What rules decide is compiled, once per pack, date and offer of data: the text is kept by digest (`screening.store`), in memory for
this run and in the user's cache folder for the next.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlglot import exp, parse_one

from screening.engine.compile.branches import branches_statement
from screening.engine.compile.criteria import contributions_statement, criteria_statement, points_statement
from screening.engine.compile.facts import facts_statement
from screening.engine.compile.functions.scoring import Branch
from screening.engine.compile.gates import gates_statement
from screening.engine.compile.given import with_given
from screening.engine.compile.measures import measures_statement
from screening.engine.compile.origins import fact_sources_statement
from screening.engine.compile.outcomes import rules_statement
from screening.engine.compile.stages import stage_statement
from screening.engine.compile.verdict import verdict_statement
from screening.engine.files import DIALECT, static_sql
from screening.rulebook.functions import Relative
from screening.rulebook.scope import functions
from screening.store import key, once

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from screening.engine.inputs import Inputs
    from screening.rulebook.bounds import MovedScale
    from screening.rulebook.scope import ParsedPack

Grain = Literal["company", "ranking"]
KIND = "sql"
"""What the store calls the texts of steps."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step. Grain `company`: a row depends on one company, so that any part of the companies can be worked out alone;
    `ranking`: it needs them all. `reads` are the relations it stands on. `source`: the statement over which all of it stands, a row a company of
    the relation `over`; both empty where there is none such.
    """

    name: str
    grain: Grain
    reads: tuple[str, ...]
    sql: str
    source: str = ""
    over: str = ""


@dataclass(frozen=True, slots=True)
class _Recipe:
    """How a step is compiled; without `build` it is a file. `offer`: what of the dataset and its date changes its text. `sections`:
    what of the pack it may look at; an edit elsewhere leaves its text as it is.
    """

    build: Callable[[ParsedPack, Inputs, Any], exp.Query] | None = None
    grain: Grain = "company"
    offer: Callable[[Inputs], object] = lambda _: None
    sections: tuple[str, ...] = ()


def _offer(inputs: Inputs) -> list[object]:
    """What a dataset offers, and its date."""
    return [
        inputs.as_of.isoformat(),
        {table: sorted(columns) for table, columns in inputs.available.items()},
        dict(inputs.absence),
        _searched(inputs),
    ]


def _searched(inputs: Inputs) -> list[object]:
    """When tables were searched, and the date that this is held against."""
    days = {table: day.isoformat() for table, day in inputs.searched_on.items() if day is not None}
    return [days, inputs.as_of.isoformat()] if days else []


_GROUND = (
    "pack",
    "tables",
    "parameters",
    "catalogues",
    "domains",
    "classification",
    "places",
    "peers",
    "stages",
    "facts",
)
"""Sections that conditions may speak of."""


_RECIPES: Mapping[str, _Recipe] = {
    "facts": _Recipe(facts_statement, offer=_offer, sections=_GROUND),
    "place": _Recipe(),
    "stage": _Recipe(lambda p, _, only: stage_statement(p, only), sections=_GROUND),
    "gates": _Recipe(gates_statement, offer=_searched, sections=(*_GROUND, "gates")),
    "contributions": _Recipe(
        lambda p, _, only: contributions_statement(p, only), sections=(*_GROUND, "criteria", "deductions")
    ),
    "criteria": _Recipe(
        lambda p, _, __: criteria_statement(p), sections=(*_GROUND, "criteria", "deductions", "verdict")
    ),
    "verdict": _Recipe(
        lambda p, _, only: verdict_statement(p, only),
        sections=(*_GROUND, "gates", "criteria", "deductions", "verdict"),
    ),
    "measures": _Recipe(lambda p, _, only: measures_statement(p, only), sections=(*_GROUND, "measures", "ladder")),
    "fact_sources": _Recipe(lambda p, i, _: fact_sources_statement(p, i), offer=_offer, sections=_GROUND),
    "ranking": _Recipe(grain="ranking"),
    "rules": _Recipe(lambda p, _, __: rules_statement(p), grain="ranking", sections=("pack", "gates", "criteria")),
}
BRANCHING = (*_GROUND, "criteria", "deductions", "measures")
"""Sections that have branches, and what their conditions may speak of."""

POINTS = (*_GROUND, "criteria")

STEPS = tuple(_RECIPES)
"""Names of the steps after classification in the order they run."""

RULE_STEPS: Mapping[str, str] = {
    "fact": "facts",
    "axis": "stage",
    "gate": "gates",
    "criterion": "contributions",
    "deduction": "contributions",
    "measure": "measures",
}
"""Which step decides a rule of each kind."""

_memory: dict[str, bytes] = {}
_MOST = 256


def step(
    parsed: ParsedPack, inputs: Inputs, name: str, *, only: str | tuple[str, ...] = "", given: tuple[str, ...] = ()
) -> Step:
    """Return one compiled step. `only`: with the columns of one rule, of facts also of some; `given`: facts that a case supposes."""
    recipe = _RECIPES[name]
    if recipe.build is None:
        return Step(name, recipe.grain, _static_reads(name), static_sql(name))
    build = recipe.build
    used = given if name == "facts" else ()

    def made() -> bytes:
        seen = parsed.narrowed(recipe.sections)
        tree = build(seen, inputs, only)
        if used:
            assert isinstance(tree, exp.Select)
            tree = with_given(tree, seen, used)
        reads = _reads(tree)
        over = _source(tree, reads)
        return json.dumps([reads, tree.sql(DIALECT, pretty=True, copy=False), *over], ensure_ascii=False).encode()

    reads, sql, source, over = json.loads(
        _kept([name, only, used, parsed.said(recipe.sections), recipe.offer(inputs)], made)
    )
    return Step(name, _grain(parsed, name), tuple(reads), sql, source, over)


def steps(parsed: ParsedPack, inputs: Inputs, given: tuple[str, ...] = ()) -> tuple[Step, ...]:
    """Return the steps after classification in the order they run."""
    return tuple(step(parsed, inputs, name, given=given) for name in _RECIPES)


def rule_step(parsed: ParsedPack, inputs: Inputs, rule_id: str) -> Step | None:
    """Return the step that decides one rule, with that rule's columns only; None where no rule of that id is decided."""
    for rule in parsed.program.of_id(rule_id):
        if rule.kind in RULE_STEPS and rule.in_force:
            return step(parsed, inputs, RULE_STEPS[rule.kind], only=rule_id)
    return None


def branches_step(parsed: ParsedPack) -> tuple[Step, tuple[Branch, ...]]:
    """Return the step that says which branch of a rule a company is on, for the cases of a pack, and the branches."""

    def made() -> bytes:
        tree, branches = branches_statement(parsed.narrowed(BRANCHING))
        listed = [[b.rule_id, b.what, list(b.path)] for b in branches]
        return json.dumps([_reads(tree), tree.sql(DIALECT, copy=False), listed], ensure_ascii=False).encode()

    reads, sql, listed = json.loads(_kept(["branches", parsed.said(BRANCHING)], made))
    branches = tuple(Branch(rule_id, what, tuple(path)) for rule_id, what, path in listed)
    return Step("branches", "company", tuple(reads), sql), branches


def points_step(parsed: ParsedPack, criterion_ids: Sequence[str], scales: Mapping[str, Sequence[MovedScale]]) -> Step:
    """Return the step that says the points of criteria before any weight, by their own scale and by moved ones."""
    written = [[c, *(m.written for m in moved)] for c, moved in scales.items()]

    def made() -> bytes:
        tree = points_statement(parsed.narrowed(POINTS), criterion_ids, scales)
        return json.dumps([_reads(tree), tree.sql(DIALECT, copy=False)], ensure_ascii=False).encode()

    reads, sql = json.loads(_kept(["points", list(criterion_ids), written, parsed.said(POINTS)], made))
    return Step("points", "company", tuple(reads), sql)


def _kept(parts: list[object], made: Callable[[], bytes]) -> bytes:
    name = key(KIND, *parts)
    found = _memory.get(name)
    if found is None:
        found = once(KIND, parts, made)
        if len(_memory) >= _MOST:
            _memory.pop(next(iter(_memory)))
        _memory[name] = found
    return found


def _grain(parsed: ParsedPack, name: str) -> Grain:
    """A criterion that asks for a standing among peers looks across companies, and the verdict after it."""
    if name in ("contributions", "criteria", "verdict") and is_relative(parsed):
        return "ranking"
    return _RECIPES[name].grain


def is_relative(parsed: ParsedPack) -> bool:
    """True when a rule in force scores a company by its standing among others."""
    scored = [rule for _, _, _, rule in parsed.pack.criteria_of()]
    items = parsed.pack.deductions.items.values() if parsed.pack.deductions else ()
    return any(
        isinstance(function, Relative)
        for rule in (*scored, *items)
        if parsed.in_force(rule)
        for _, function in functions(rule.score, ())
    )


def _source(tree: exp.Query, reads: Sequence[str]) -> tuple[str, str]:
    """Return the first layer and the relation whose rows it is over, where that layer alone reads relations; else nothing."""
    first = tree.ctes[0].this if tree.ctes else None
    if not isinstance(first, exp.Select):
        return "", ""
    read, own = (
        len([t for t in _tables(part) if isinstance(t, exp.Table) and t.name in reads]) for part in (tree, first)
    )
    joins = first.args.get("joins") or ()
    if (
        read != own
        or any(join.side in ("RIGHT", "FULL") for join in joins)
        or not isinstance(over := first.args["from_"].this, exp.Table)
    ):
        return "", ""
    return first.sql(DIALECT), over.name


def _reads(tree: exp.Query) -> list[str]:
    read: set[str] = set()
    own: set[str] = set()
    for node in _tables(tree):
        (own if isinstance(node, exp.CTE) else read).add(node.alias if isinstance(node, exp.CTE) else node.name)
    return sorted(read - own)


def _tables(tree: exp.Query) -> list[exp.CTE | exp.Table]:
    """Return what a statement names and reads. The tree is large, and nearly all of it are columns, which read no relation."""
    nodes = tree.walk(prune=lambda node: isinstance(node, exp.Alias | exp.Column))
    return [node for node in nodes if isinstance(node, exp.CTE | exp.Table)]


@functools.cache
def _static_reads(name: str) -> tuple[str, ...]:
    tree = parse_one(static_sql(name), dialect=DIALECT)
    assert isinstance(tree, exp.Query)
    return tuple(_reads(tree))
