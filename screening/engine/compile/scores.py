"""Scoring functions and conditions of one statement, compiled at their places in the pack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.compile.functions import scoring
from screening.engine.compile.judged import axis_tests
from screening.expression_sql.bands import Band, Choice, Truth, compile_node, idle_when, scaled
from screening.expression_sql.decimals import WHOLE
from screening.expression_sql.pieces import conjunction, disjunction, negated, rounded

if TYPE_CHECKING:
    from screening.engine.compile.judged import Judged
    from screening.rulebook.functions import Function
    from screening.rulebook.scope import ParsedPack, Path_


class Scores:
    """Compiles what the rules of one statement say; what it compiled twice stands in a column of an earlier layer."""

    def __init__(self, parsed: ParsedPack, judged: Judged) -> None:
        self.parsed, self.judged = parsed, judged

    def points(self, function: Function, path: Path_, rule: str) -> Band:
        """Return the band of points; `path` is where the function stands in the document."""
        result = scoring(function, path).points(self, rule).settled()
        if function.round_to:
            steps = scaled(result, "/", function.round_to).settled()
            whole = Band(rounded(steps.low, 0), rounded(steps.high, 0), WHOLE)
            result = scaled(whole, "*", function.round_to).settled()
        return Band(self.judged.hoist(result.low, rule), self.judged.hoist(result.high, rule), result.form)

    def idle(self, function: Function, path: Path_) -> exp.Expr:
        """Return when a scoring function plays no part, because what it judges does not apply."""
        return scoring(function, path).idle(self)

    def idle_at(self, path: Path_) -> exp.Expr:
        """Return when the expression at `path` does not apply."""
        return idle_when(axis_tests(self.parsed.nodes[path], self.parsed.pack.stages), self.judged)

    def truth(self, path: Path_) -> Truth:
        """Compile the condition at `path`."""
        node = axis_tests(self.parsed.nodes[path], self.parsed.pack.stages)
        result = compile_node(node, self.judged)
        assert isinstance(result, Truth)
        idle = idle_when(node, self.judged)
        if idle == exp.false():
            return result
        # A condition that does not apply leads nowhere.
        idle = self.judged.hoist(idle, "idle")
        return Truth(conjunction([negated(idle), result.can_be_true]), disjunction([idle, result.can_be_false]))

    def interval(self, path: Path_, rule: str) -> Band:
        """Compile the number at `path`."""
        result = compile_node(axis_tests(self.parsed.nodes[path], self.parsed.pack.stages), self.judged)
        assert isinstance(result, Band)
        value = result.settled()
        return Band(self.judged.hoist(value.low, rule), self.judged.hoist(value.high, rule), value.form)

    def choice(self, path: Path_) -> Choice:
        """Compile the category at `path`."""
        result = compile_node(self.parsed.nodes[path], self.judged)
        assert isinstance(result, Choice)
        return result
