"""The stage step: each axis takes the first value whose condition holds; where facts are missing, all that may hold stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.compile.judged import Judged, axis_tests, can_be, classified, facts_read
from screening.expression_sql.bands import Truth, compile_node, idle_when
from screening.expression_sql.layers import Layers, chosen
from screening.expression_sql.nodes import cast
from screening.expression_sql.pieces import (
    case,
    coalesce,
    column,
    conjunction,
    disjunction,
    equals,
    is_null,
    negated,
    null,
    relation,
    text,
    total,
)
from screening.rulebook.scope import CLASSIFIED

if TYPE_CHECKING:
    from screening.rulebook.model import StageAxis
    from screening.rulebook.scope import ParsedPack


def source(parsed: ParsedPack, *, joined: tuple[str, ...]) -> tuple[exp.Select, list[str]]:
    """Return the row that rules judge: facts and classification, and the relations of `joined` (place, stage, …)."""
    names = ["company_id", *CLASSIFIED, *fact_columns(parsed)]
    select = exp.select(*[column(n, "facts") for n in ("company_id", *fact_columns(parsed))])
    select = select.from_(relation("facts"), copy=False)
    for name in CLASSIFIED:
        select.append("expressions", classified(name))
    key = "company_id"
    select = select.join(relation("profile"), using=key, copy=False)
    if "entity_kind" in parsed.pack.tables["companies"].columns:
        select.append("expressions", column("entity_kind", "companies"))
        select = select.join(relation("companies"), using=key, copy=False)
        names.append("entity_kind")
    for step in joined:
        select = select.join(relation(step), using=key, copy=False)
        added = {"place": PLACE_COLUMNS, "stage": stage_columns(parsed)}[step]
        for name in added:
            # Where the place cannot be told, rules must see a missing value, not a grade of that name.
            value: exp.Expr = column(name, step)
            if name == "place_grade":
                value = exp.Nullif(this=value, expression=text("unknown"))
            select.append("expressions", exp.alias_(value, exp.to_identifier(name, quoted=True)))
        names += added
    return select, names


RANKED_AXES = ("life_stage", "maturity", "track")
"""The ranking has these columns; they are NULL for a pack without the axis."""

PLACE_COLUMNS = ["city", "district", "carrier", "sub_industry", "place_grade"]


def fact_columns(parsed: ParsedPack) -> list[str]:
    """Return the columns of `facts` after the key, in order."""
    columns: list[str] = []
    for fact_id in parsed.fact_order:
        banded = parsed.pack.facts[fact_id].type in ("decimal", "integer", "date")
        columns += [fact_id, *([f"{fact_id}.low", f"{fact_id}.high"] if banded else []), f"{fact_id}.reason"]
    return columns


def stage_columns(parsed: ParsedPack) -> list[str]:
    """Return the columns of `stage` after the key, in order."""
    columns: list[str] = []
    for axis_id, axis in parsed.pack.stages.items():
        columns += [
            axis_id,
            f"{axis_id}.assumed",
            f"{axis_id}.possible",
            f"{axis_id}.reason",
            *(f"{axis_id}.can_be.{value}" for value in axis.values),
        ]
    return columns


def stage_statement(parsed: ParsedPack, only: str = "") -> exp.Select:
    """Return the one statement of the step: one row per judged company.

    Per axis: the value (NULL while more than one is possible), `.assumed` (the value that points are computed for),
    `.possible` (all that remain, joined by commas), `.reason` (why it is open), `.can_be.<value>`.
    """
    select, names = source(parsed, joined=())
    layers = Layers("source", names)
    judged = Judged(parsed, layers)
    for axis_id, axis in parsed.pack.stages.items():
        _axis(parsed, layers, judged, axis_id, axis)
    # The ranking names these axes; a pack without one of them leaves it empty.
    unused = [
        layers.add(a, cast(null(), "VARCHAR"), a).name for a in RANKED_AXES if a not in parsed.pack.stages and not only
    ]
    return layers.statement(["company_id", *chosen(stage_columns(parsed), only), *unused], prelude=[("source", select)])


def _axis(parsed: ParsedPack, layers: Layers, judged: Judged, axis_id: str, axis: StageAxis) -> None:
    refuted: list[exp.Expr] = []
    reasons: list[exp.Expr] = []
    for value_id, value in axis.values.items():
        if value.when is None:
            layers.add(f"{axis_id}.can_be.{value_id}", conjunction(refuted), axis_id)
            continue
        node = parsed.nodes["stages", axis_id, "values", value_id, "when"]
        condition = axis_tests(node, parsed.pack.stages)
        truth = compile_node(condition, judged)
        assert isinstance(truth, Truth)
        idle = idle_when(condition, judged)
        if idle != exp.false():
            # A condition that does not apply does not hold.
            idle = layers.hoist(idle, axis_id)
            truth = Truth(conjunction([negated(idle), truth.can_be_true]), disjunction([idle, truth.can_be_false]))
        layers.add(f"{axis_id}.can_be.{value_id}", conjunction([*refuted, truth.can_be_true]), axis_id)
        refuted.append(layers.hoist(truth.can_be_false, axis_id))
        reasons += [column(f"{f}.reason") for f in facts_read(node, parsed)]
    values = list(axis.values)
    tests = {v: can_be(axis_id, v) for v in values}
    count = layers.hoist(total([cast(t, "INTEGER") for t in tests.values()]), axis_id)
    decided = equals(count, exp.Literal.number(1))
    chosen = case([(exp.and_(decided.copy(), tests[v].copy()), text(v)) for v in values])
    value_column = layers.add(axis_id, chosen, axis_id)
    preference = [*axis.assume, *(v for v in reversed(values) if v not in axis.assume)]
    layers.add(f"{axis_id}.assumed", coalesce(value_column, case([(tests[v], text(v)) for v in preference])), axis_id)
    listed = exp.Anonymous(this="concat_ws", expressions=[text(","), *(case([(tests[v], text(v))]) for v in values)])
    layers.add(f"{axis_id}.possible", listed, axis_id)
    reason = coalesce(*reasons) if reasons else null()
    layers.add(f"{axis_id}.reason", case([(is_null(value_column), reason)]), axis_id)
