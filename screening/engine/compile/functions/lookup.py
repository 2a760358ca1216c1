"""Points by the value of a category."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.engine.compile.functions.scoring import Scoring, exact
from screening.expression_sql.bands import Band
from screening.expression_sql.decimals import common, form_of
from screening.expression_sql.pieces import case, conjunction, equals, is_null, number, text
from screening.result.records import ScaleStep
from screening.rulebook.functions import Lookup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlglot import exp

    from screening.engine.compile.functions.scoring import Branches, Reached, Scale, Scores


class LookupScoring(Scoring[Lookup]):
    """A category that is not known may be any of its values."""

    def points(self, scores: Scores, rule: str) -> Band:
        """The points of the value, or the extremes over the values it can have."""
        function, chosen = self.function, scores.choice(self.at("of"))
        open_ends = [points for key, points in function.lookup.items() if not chosen.values or key in chosen.values]
        if not chosen.values or set(chosen.values) - set(function.lookup):
            open_ends.append(function.otherwise)
        missing = is_null(chosen.value)
        found = [(equals(chosen.value, text(key)), number(points)) for key, points in function.lookup.items()]
        low, high = (
            case([*([(missing, number(end))] if end != function.otherwise else []), *found], number(function.otherwise))
            for end in (min(open_ends), max(open_ends))
        )
        return Band(low, high, common([form_of(p) for p in (*function.lookup.values(), function.otherwise)]))

    def branches(self, branches: Branches, guard: exp.Expr) -> Iterator[Reached]:
        """One branch per value, and one for the others."""
        chosen = branches.scores.choice(self.at("of"))
        for value in self.function.lookup:
            is_it = branches.settled(conjunction([guard, equals(chosen.value, text(value))]))
            yield branches.branch(f"'{value}'", self.at("lookup", value), is_it)
        yield from branches.others(self.at("of"), chosen, self.function.lookup, guard)

    def steps(self, scale: Scale) -> list[ScaleStep]:
        """Every value, and the others."""
        found = [
            ScaleStep(
                "option",
                exact(points),
                scale.on(self.at("lookup", key), f"'{key}'"),
                scale.named(key, self.at("of")),
                value=key,
            )
            for key, points in self.function.lookup.items()
        ]
        return [*found, ScaleStep("otherwise", exact(self.function.otherwise), scale.on(self.at("of"), "otherwise"))]
