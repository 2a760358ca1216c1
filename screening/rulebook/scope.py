"""Which names an expression may use where, and the pack whose expressions were read against them (`screening.rulebook.parsing`).

A pack is usable by the engine only as a `ParsedPack`: typed trees instead of text, parameters resolved for one date.
"""

from __future__ import annotations

import calendar
import datetime
import functools
import hashlib
import json
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from screening.expression import Name, Node, names
from screening.quantity import Quantity
from screening.result.contract import GRADES, PLACE_GRADES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

    from screening.catalog import Column, Table
    from screening.errors import Problem
    from screening.rulebook.functions import Expect, Function
    from screening.rulebook.ground import Number
    from screening.rulebook.loader import LoadedPack
    from screening.rulebook.model import Fact, RulePack
    from screening.rulebook.program import Program

Path_ = tuple[str | int, ...]

CLASSIFIED: Mapping[str, Name] = {
    n.id: n
    for n in (
        Name("fit_grade", "category", values=GRADES),
        Name("domain_id", "text"),
        Name("direction_id", "text"),
        Name("second_domain_id", "text"),
        Name("second_direction_id", "text"),
    )
}
PLACED: Mapping[str, Name] = {
    n.id: n
    for n in (
        Name("city", "text"),
        Name("district", "text"),
        Name("carrier", "text"),
        Name("sub_industry", "text"),
        Name("place_grade", "category", values=PLACE_GRADES),
    )
}
TOTALS: Mapping[str, Name] = {
    n.id: n
    for n in (
        *(
            Name(f"{half}{end}", "decimal", "points", range=(0, 100))
            for half in ("fit", "merit", "score")
            for end in ("", "_low", "_high")
        ),
        *(Name(f"{half}coverage", "decimal", "ratio", range=(0, 1)) for half in ("", "fit_", "merit_")),
    )
}
AS_OF = Name("as_of", "date")


IN_DIRECTION = Name("in_direction", "boolean")
"""Engine column of `patents`: does the patent lie in the company's primary direction?"""


def column_name(column_id: str, column: Column) -> Name:
    """Return the name a column goes by."""
    kind = "text" if column.type == "code" else column.type
    return Name(column_id, kind, column.unit, column.values, column.range)


def table_scope(table: Table) -> dict[str, Name]:
    """Return the names of a table's columns."""
    return {column_id: column_name(column_id, column) for column_id, column in table.columns.items()}


def fact_name(fact_id: str, fact: Fact) -> Name:
    """Return the name a fact goes by."""
    return Name(fact_id, fact.type, fact.unit, fact.values, fact.range)


def functions(function: Function, path: Path_) -> Iterator[tuple[Path_, Function]]:
    """Yield a scoring function and all functions inside it, with their paths in the document."""
    yield path, function
    for place, inner in function.parts():
        yield from functions(inner, (*path, *place))


def function_expressions(function: Function, path: Path_) -> Iterator[tuple[Path_, str, Expect]]:
    """Yield the expressions of one function (not of those inside it): path, text, expected type."""
    for place, text, expect in function.expressions():
        yield (*path, *place), text, expect


def expression_paths(function: Function, path: Path_) -> Iterator[Path_]:
    """Yield the paths of all expressions in a scoring function and those inside it."""
    for inner_path, inner in functions(function, path):
        for expression_path, _, _ in function_expressions(inner, inner_path):
            yield expression_path


def bounds(function: Function, path: Path_) -> Iterator[tuple[Path_, Number]]:
    """Yield every number that one function compares its value with, and its path."""
    for place, bound in function.bounds():
        yield (*path, *place), bound


@dataclass(frozen=True, eq=False)
class ParsedPack:
    """A pack ready to compile: `nodes` by the path of the expression in the document, numbers resolved at `as_of`.

    `named` holds the parameters that the expression or the number at a path names: in `nodes` their values stand, in `trees`
    their names.
    """

    loaded: LoadedPack
    as_of: datetime.date
    nodes: Mapping[Path_, Node]
    numbers: Mapping[str, Quantity]
    texts: Mapping[str, str]
    fact_order: tuple[str, ...]
    problems: tuple[Problem, ...]
    named: Mapping[Path_, frozenset[str]] = field(default_factory=dict)
    trees: Mapping[Path_, Node] = field(default_factory=dict)
    made: Callable[[ParsedPack], Program] = field(kw_only=True, repr=False, compare=False)
    """How its graph is made (`screening.rulebook.edges`)."""

    @functools.cached_property
    def program(self) -> Program:
        """The rules as a graph: who reads what."""
        return self.made(self)

    def said(self, sections: Sequence[str]) -> str:
        """Return a digest of what the pack says in some sections at this date, the same on all dates on which it says the same.

        That is so between two days that the pack states, unless a rule names `as_of` itself. What a fact makes of the date is not in it.
        """
        days = self.loaded.stated_days()
        said = [self.loaded.section_digest(section) for section in (*sections, "catalogues")]
        named = any(p[0] in sections and p[0] != "facts" and AS_OF.id in names(tree) for p, tree in self.trees.items())
        moment = self.as_of.isoformat() if named else [b(days, self.as_of) for b in (bisect_left, bisect_right)]
        return hashlib.sha256(json.dumps([said, list(sections), moment]).encode()).hexdigest()

    def narrowed(self, sections: Sequence[str]) -> ParsedPack:
        """Return the pack with some sections only: whoever asks it for another finds nothing there."""
        seen = self.loaded.pack
        hidden = {name: _empty(field) for name, field in type(seen).model_fields.items() if name not in sections}
        mine = replace(
            self,
            loaded=replace(self.loaded, pack=seen.model_copy(update=hidden), parsed={}),
            nodes={path: node for path, node in self.nodes.items() if path[0] in sections},
            named={path: names for path, names in self.named.items() if path[0] in sections},
            trees={path: node for path, node in self.trees.items() if path[0] in sections},
        )
        # Without a verdict there is none that holds at a date.
        mine.__dict__["pack"] = mine.loaded.pack if "verdict" not in sections else self.pack.model_copy(update=hidden)
        return mine

    @functools.cached_property
    def pack(self) -> RulePack:
        """The pack, with the verdict that holds on `as_of`."""
        pack = self.loaded.pack
        return pack if not pack.verdict.versions else pack.model_copy(update={"verdict": pack.verdict.at(self.as_of)})

    def number(self, value: Number) -> float:
        """Return the number that a rule states, following a parameter's name."""
        return (value if isinstance(value, Quantity) else self.numbers[value]).value

    def catalogue(self, catalogue_id: str) -> tuple[tuple[str, ...], str]:
        """Return the codes of a catalogue and how they match (`exact` or `prefix`)."""
        return self.loaded.catalogues[catalogue_id], self.pack.catalogues[catalogue_id].match

    def oldest(self, valid_for: Number) -> str:
        """Return the first day (ISO) on which a datum still counts as fresh."""
        quantity = valid_for if isinstance(valid_for, Quantity) else self.numbers[valid_for]
        if quantity.unit == "days":
            return (self.as_of - datetime.timedelta(days=int(quantity.value))).isoformat()
        months = int(quantity.value * (12 if quantity.unit == "years" else 1))
        year, month = divmod(self.as_of.year * 12 + self.as_of.month - 1 - months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return datetime.date(year, month + 1, min(self.as_of.day, last)).isoformat()

    def in_force(self, rule: object) -> bool:
        """True when a rule's effective days include `as_of`."""
        start, end = getattr(rule, "effective_from", None), getattr(rule, "effective_to", None)
        return (start is None or start <= self.as_of) and (end is None or self.as_of <= end)


def _empty(section: FieldInfo) -> object:
    """Return a section in which nothing stands."""
    if not section.is_required():
        return section.get_default(call_default_factory=True)
    model: type[BaseModel] = section.annotation  # type: ignore[assignment]
    nothing: dict[str, Any] = {name: {} for name, field in model.model_fields.items() if field.is_required()}
    return model.model_construct(**nothing)
