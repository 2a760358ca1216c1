"""What names mean in the steps after `facts`: facts, classification, place and stage axes as bands, truths and choices."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from screening.expression import Compare, In, Literal, Name, Node, Not, Ref, names
from screening.expression_sql.bands import Band, Choice, Truth
from screening.expression_sql.decimals import SHARE, SHOWN, fact_form
from screening.expression_sql.pieces import case, coalesce, column, disjunction, is_null, negated, text
from screening.result.contract import NOT_APPLICABLE
from screening.rulebook.scope import CLASSIFIED, PLACED, TOTALS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from screening.expression_sql.decimals import Form
    from screening.expression_sql.layers import Layers
    from screening.rulebook.model import Fact
    from screening.rulebook.scope import ParsedPack

AXIS_TEST = " in "
"""Joins an axis and values into the name of a test, such as `track in seed|early`."""


class Judged:
    """Columns over the joined row of a company: `facts`, `profile`, `place`, `stage` and what is added on top."""

    def __init__(
        self,
        parsed: ParsedPack,
        layers: Layers,
        exact: Collection[str] = (),
        idle_scores: Mapping[str, exp.Expr] | None = None,
    ) -> None:
        self.parsed, self.layers, self.exact = parsed, layers, exact
        self.limited = limited_facts(parsed)
        self.idle_scores = idle_scores or {}

    def band(self, name: str) -> Band:
        """A number or date: both ends."""
        if name in TOTALS or name in self.exact:
            return Band(column(name), column(name), SHARE if name.endswith("coverage") else SHOWN)
        return fact_band(self.parsed.pack.facts[name], name)

    def truth(self, name: str) -> Truth:
        """A boolean fact, or a test of a stage axis made by `axis_tests`."""
        if AXIS_TEST in name:
            axis, _, wanted = name.partition(AXIS_TEST)
            chosen = wanted.split("|")
            every = list(self.parsed.pack.stages[axis].values)
            return Truth(
                disjunction([can_be(axis, v) for v in every if v in chosen]),
                disjunction([can_be(axis, v) for v in every if v not in chosen]),
            )
        return Truth(coalesce(column(name), exp.true()), negated(coalesce(column(name), exp.false())))

    def choice(self, name: str) -> Choice:
        """A text or category: its value, NULL when unknown."""
        if name in self.parsed.pack.stages:
            return Choice(column(name), tuple(self.parsed.pack.stages[name].values))
        if name in CLASSIFIED:
            return Choice(column(name), CLASSIFIED[name].values)
        if name in PLACED:
            return Choice(column(name), PLACED[name].values)
        if name in self.parsed.pack.facts:
            return Choice(column(name), self.parsed.pack.facts[name].values)
        return Choice(column(name), self.parsed.pack.tables["companies"].columns[name].values)

    def idle(self, name: str) -> exp.Expr | None:
        """When a fact, or what is scored by it, does not apply."""
        if name in self.limited:
            return not_applicable(name)
        return self.idle_scores.get(name)

    def grouped(self, name: str) -> exp.Expr | None:
        """When it is known which group of peers a company is in; None where NULL is an answer of its own, such as no park."""
        if name in self.parsed.pack.facts:
            known = negated(is_null(column(name)))
            return exp.or_(known, not_applicable(name)) if name in self.limited else known
        told = name in self.parsed.pack.stages or name == "city" or (name == "domain_id" and self.parsed.pack.domains)
        return negated(is_null(column(name))) if told else None

    def hoist(self, expression: exp.Expr, hint: str) -> exp.Column:
        """Store a sub-expression in an earlier layer."""
        return self.layers.hoist(expression, hint or "part")

    def catalogue(self, catalogue_id: str) -> tuple[tuple[str, ...], str]:
        """The codes of a catalogue and how they match."""
        return self.parsed.catalogue(catalogue_id)


def limited_facts(parsed: ParsedPack) -> frozenset[str]:
    """Return the facts that may not apply: by their own condition, or because a fact they are computed from may not."""
    found: set[str] = set()
    computed = computed_by(parsed)
    for fact_id in parsed.fact_order:
        nodes = computed.get(fact_id, ())
        if parsed.pack.facts[fact_id].not_applicable_when or any(names(node) & found for node in nodes):
            found.add(fact_id)
    return frozenset(found)


def computed_by(parsed: ParsedPack) -> dict[str, list[Node]]:
    """Return the expressions that facts are computed by, both of an interval."""
    found: dict[str, list[Node]] = {}
    for path, node in parsed.nodes.items():
        if path[0] == "facts" and path[2] in ("expr", "interval"):
            found.setdefault(str(path[1]), []).append(node)
    return found


def not_applicable(fact_id: str) -> exp.Expr:
    """Return the condition under which a fact does not apply; never NULL."""
    return exp.NullSafeEQ(this=column(f"{fact_id}.reason"), expression=text(NOT_APPLICABLE))


def fact_band(fact: Fact, fact_id: str) -> Band:
    """Return a number or date that is a fact: the ends that the facts step computed."""
    form: Form = "day" if fact.type == "date" else fact_form(fact.type, fact.unit)
    return Band(column(f"{fact_id}.low"), column(f"{fact_id}.high"), form)


def classified(name: str) -> exp.Expr:
    """Return a column of `profile` as rules see it.

    Where the texts told what a company does, that it has no second direction is known (`none`), not missing.
    """
    value: exp.Expr = column(name, "profile")
    if name.startswith("second_"):
        told = exp.NEQ(this=column("fit_grade", "profile"), expression=text("unknown"))
        value = exp.alias_(coalesce(value, case([(told, text("none"))])), exp.to_identifier(name, quoted=True))
    return value


def can_be(axis: str, value: str) -> exp.Column:
    """Return the column that says whether an axis can still have a value."""
    return column(f"{axis}.can_be.{value}")


def axis_tests(node: Node, axes: Collection[str]) -> Node:
    """Replace `axis = 'v'` and `axis in (…)` by tests that know which values are still possible.

    An undecided axis is NULL; without this, `life_stage = 'seed'` would look open for a company that can only be
    growth or mature.
    """
    match node:
        case Compare(("=" | "<>") as op, Ref(name), Literal(value)) if name.id in axes:
            test = _test(name.id, [str(value)])
            return test if op == "=" else Not(test)
        case In(Ref(name), items) if name.id in axes and all(isinstance(i, Literal) for i in items):
            return _test(name.id, [str(i.value) for i in items if isinstance(i, Literal)])
        case _:
            return _rebuilt(node, axes)


def _rebuilt(node: Node, axes: Collection[str]) -> Node:
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(node):
        value = getattr(node, field.name)
        if isinstance(value, Node):
            changes[field.name] = axis_tests(value, axes)
        elif isinstance(value, tuple):
            changes[field.name] = tuple(_part(part, axes) for part in value)
    return dataclasses.replace(node, **changes) if changes else node


def _part(part: object, axes: Collection[str]) -> object:
    if isinstance(part, Node):
        return axis_tests(part, axes)
    if isinstance(part, tuple):
        return tuple(_part(inner, axes) for inner in part)
    return part


def _test(axis: str, values: list[str]) -> Node:
    return Ref(Name(f"{axis}{AXIS_TEST}{'|'.join(values)}", "boolean"))


def facts_read(node: Node, parsed: ParsedPack) -> list[str]:
    """Return the facts that an expression reads, in a fixed order."""
    read = names(node)
    return [f for f in parsed.fact_order if f in read]
