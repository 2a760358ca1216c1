"""Scoring functions as a reader sees them: every step in the pack's own numbers, and the one a company lies on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.engine.compile.functions import scoring
from screening.engine.compile.functions.scoring import exact
from screening.expression import Ref, unit_of
from screening.result.records import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from screening.result.records import ScaleStep
    from screening.rulebook.functions import Function
    from screening.rulebook.ground import Number
    from screening.rulebook.scope import ParsedPack, Path_


class Scale:
    """The steps of functions for one company; `taken(path, what)` tells the branches that it is surely on."""

    def __init__(self, parsed: ParsedPack, taken: Callable[[Path_, str], bool]) -> None:
        self.parsed, self.on = parsed, taken

    def steps(self, function: Function, path: Path_) -> list[ScaleStep]:
        """Return the steps of a function and of those inside it."""
        return scoring(function, path).steps(self)

    def number(self, value: Number) -> Decimal:
        """Return a number as the pack writes it, following a parameter's name."""
        return exact(self.parsed.number(value))

    def unit(self, path: Path_) -> str:
        """Return the unit of an expression, "" for none."""
        return unit_of(self.parsed.nodes[path]) or ""

    def named(self, option: str, path: Path_) -> Text | None:
        """Return the pack's own name of a value of what the expression at `path` chooses by."""
        node = self.parsed.nodes.get(path)
        found = self.parsed.pack.value_label(node.name.id, option) if isinstance(node, Ref) else None
        return Text(found.zh, found.en) if found else None
