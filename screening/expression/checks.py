"""Checks on kinds, units, values and dates, each said where it stands in the text."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

from screening.errors import did_you_mean
from screening.expression.printing import render
from screening.expression.syntax import bare
from screening.expression.tree import Kind, Literal, Node, Ref
from screening.expression.units import clash, measure, type_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.expression.syntax import Syntax
    from screening.expression.words import Refuse, Word

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.A)
ARTICLE: dict[Kind, str] = {"number": "a number", "boolean": "a condition", "date": "a date", "text": "a text"}


class Checks:
    """Looks at parts of one expression; a check that fails has said why."""

    def __init__(self, words: Sequence[Word], refuse: Refuse) -> None:
        self._words, self._refuse = words, refuse

    def fit(self, tree: Node, expected: Kind, node: Syntax) -> Node | None:
        """Return `tree` when it is of the kind expected (a written date counts as one), else None after saying so."""
        if expected == "date":
            dated = self._dated(tree, node)
            if dated is None:
                return None
            tree = dated
        found = type_of(tree)
        if found == expected:
            return tree
        remedy = f"compare it, such as {short(tree)} = …" if expected == "boolean" else ""
        self._refuse(
            "expression/type",
            f"{ARTICLE[expected]} is expected, but {short(tree)} is {ARTICLE[found]}",
            self._start(node),
            remedy,
        )
        return None

    def _alike(self, parts: Sequence[Node], at: Sequence[Syntax]) -> tuple[Node, ...] | None:
        """Return `parts` when they are of one kind and their units agree; written dates become dates."""
        if any(type_of(part) == "date" for part in parts):
            dated = [self._dated(part, node) for part, node in zip(parts, at, strict=True)]
            if any(part is None for part in dated):
                return None
            parts = [part for part in dated if part is not None]
        kinds = [type_of(part) for part in parts]
        odd = next((i for i, kind in enumerate(kinds) if kind != kinds[0]), None)
        if odd is None:
            self._check_units(parts, at[-1], "compared")
            return tuple(parts)
        remedy, wrong = "", odd
        first, other = parts[0], parts[odd]
        if {kinds[0], kinds[odd]} == {"text", "number"}:
            number, text = (first, other) if kinds[0] == "number" else (other, first)
            if isinstance(number, Literal):
                remedy = f"{short(text)} is a text: write '{render(number)}'"
            elif isinstance(text, Literal):
                remedy, wrong = "write the number without quotes", odd if text is other else 0
        self._refuse(
            "expression/type",
            f"{short(first)} is {ARTICLE[kinds[0]]}, {short(other)} is {ARTICLE[kinds[odd]]}",
            self._start(at[wrong]),
            remedy,
        )
        return None

    def _dated(self, tree: Node, node: Syntax) -> Node | None:
        if isinstance(tree, Literal) and isinstance(tree.value, str):
            return self._date(tree.value, self._start(node))
        return tree

    def _check_units(self, parts: Sequence[Node], at: Syntax, verb: str) -> None:
        found = clash(map(measure, parts))
        if found:
            self._refuse(
                "expression/unit",
                f"{found[0]} and {found[1]} are {verb}",
                self._start(at),
                "bring both to one unit; a bare number fits any unit",
            )

    def _check_values(self, tree: Node, items: Sequence[Node], at: Sequence[Syntax]) -> None:
        """Refuse texts that a category never takes."""
        if not isinstance(tree, Ref) or not tree.name.values:
            return
        values = tree.name.values
        for item, node in zip(items, at, strict=True):
            if isinstance(item, Literal) and isinstance(item.value, str) and item.value not in values:
                remedy = (
                    did_you_mean(item.value, values)
                    or f"its values are {', '.join(values[:12])}{', …' if len(values) > 12 else ''}"
                )
                self._refuse(
                    "expression/unknown-value", f"{tree.name.id} is never '{item.value}'", self._start(node), remedy
                )

    def _no(self, code: str, message: str, node: Syntax, remedy: str = "") -> Node | None:
        self._refuse(code, message, self._start(node), remedy)
        return None

    def _start(self, part: Syntax) -> int:
        return self._words[part.first_word()].start

    def _said(self, part: Syntax) -> str:
        inner = bare(part)
        return self._words[inner.word].text if inner.kind == "leaf" else "x"

    def _date(self, text: str, start: int) -> Node | None:
        try:
            if not _DATE.fullmatch(text):
                raise ValueError(text)
            return Literal.of(datetime.date.fromisoformat(text))
        except ValueError:
            self._refuse("expression/date", f"'{text}' is not a date", start, "write 'YYYY-MM-DD'")
            return None


def short(tree: Node) -> str:
    """Return the text of `tree`, cut to fit a sentence."""
    text = render(tree)
    return text if len(text) <= 40 else text[:39] + "…"
