"""The expression language of the rules: a small part of scalar SQL, read into a typed tree. Nothing here executes.

`parse` reads and checks; `render` prints; `names`, `unit_of`, `type_of` ask; `substitute` puts parameters in. The compilation to
SQL is `screening.expression_sql.bands`.
"""

from __future__ import annotations

import typing

from screening.expression.functions import FUNCTIONS
from screening.expression.grammar import Refusals, parse_tree
from screening.expression.printing import render
from screening.expression.tree import (
    LIMIT,
    And,
    Arithmetic,
    Call,
    Case,
    Compare,
    In,
    InCatalogue,
    IsNull,
    Kind,
    Literal,
    Name,
    Negate,
    Node,
    Not,
    Or,
    Ref,
    Scope,
    both,
    catalogues,
    children,
    either,
    names,
    negated,
    substitute,
    walk,
)
from screening.expression.units import type_of, unit_of

if typing.TYPE_CHECKING:
    from collections.abc import Collection

    from screening.errors import Position, Problem

__all__ = [
    "FUNCTIONS",
    "LIMIT",
    "And",
    "Arithmetic",
    "Call",
    "Case",
    "Compare",
    "In",
    "InCatalogue",
    "IsNull",
    "Kind",
    "Literal",
    "Name",
    "Negate",
    "Node",
    "Not",
    "Or",
    "Ref",
    "Scope",
    "both",
    "catalogues",
    "children",
    "either",
    "names",
    "negated",
    "parse",
    "render",
    "substitute",
    "type_of",
    "unit_of",
    "walk",
]

Expected = typing.Literal["boolean", "number", "date", "text", "any"]


def parse(
    text: str,
    scope: Scope,
    *,
    expect: Expected,
    position: Position | None = None,
    line_text: str = "",
    catalogues: Collection[str] = (),
    row_level: bool = False,
) -> tuple[Node | None, list[Problem]]:
    """Read `text` with the names in `scope`; return its tree, or None with every problem found.

    `position` is where the text starts in its file and `line_text` that line: problems point at the word itself when the
    line holds the text literally. `row_level` is for `where:` and `of:` of child tables, where coalesce is allowed.

    >>> tree, problems = parse("revenue >= 500万元", {"revenue": Name("revenue", "decimal", "ratio")}, expect="boolean")
    >>> problems[0].code
    'expression/unit'
    """
    refusals = Refusals(text, position, line_text)
    tree = parse_tree(text, scope, catalogues, row_level, expect, refusals)
    return (None if refusals.found else tree), refusals.found
