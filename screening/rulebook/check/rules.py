"""The rules of a pack one by one, with their places: what the checks walk over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from screening.errors import Position, Problem
from screening.expression import Ref, both, unit_of
from screening.quantity import Quantity
from screening.rulebook.functions import Relative
from screening.rulebook.model import Criterion, Deduction
from screening.rulebook.scope import Path_, bounds, expression_paths, function_expressions, functions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from screening.expression import Node
    from screening.rulebook.functions import Function
    from screening.rulebook.model import RulePack
    from screening.rulebook.scope import ParsedPack


@dataclass(frozen=True, slots=True)
class Scored:
    """A criterion or a deduction. `group` names the capped pillar it stands in, empty when there is none."""

    id: str
    path: Path_
    rule: Criterion | Deduction
    half: str = ""
    pillar: str = ""
    group: str = ""

    @property
    def weight(self) -> float | Mapping[str, float] | None:
        """The weight of a criterion; None when its function says it, and for deductions."""
        return self.rule.weight if isinstance(self.rule, Criterion) else None

    @property
    def score_path(self) -> Path_:
        """Where its scoring function stands."""
        return (*self.path, "score")


def criteria(pack: RulePack) -> Iterator[Scored]:
    """Yield every criterion in written order."""
    for half_id, pillar_id, criterion_id, criterion in pack.criteria_of():
        path: Path_ = ("criteria", half_id, "pillars", pillar_id, "criteria", criterion_id)
        capped = pack.criteria[half_id].pillars[pillar_id].cap is not None
        yield Scored(criterion_id, path, criterion, half_id, pillar_id, f"{half_id}.{pillar_id}" if capped else "")


def scored(pack: RulePack) -> Iterator[Scored]:
    """Yield every criterion and every deduction."""
    yield from criteria(pack)
    for item_id, item in (pack.deductions.items if pack.deductions else {}).items():
        yield Scored(item_id, ("deductions", "items", item_id), item)


def all_functions(pack: RulePack) -> Iterator[tuple[Scored, Path_, Function]]:
    """Yield every scoring function with its rule and path, those inside others included."""
    for rule in scored(pack):
        for path, function in functions(rule.rule.score, rule.score_path):
            yield rule, path, function


def is_readable(function: Function, path: Path_, parsed: ParsedPack) -> bool:
    """True when the function's expressions and numbers could be read: then a further check speaks of something new."""
    if any(expression not in parsed.nodes for expression, _, _ in function_expressions(function, path)):
        return False
    units = [
        unit_of(parsed.nodes[e]) for e, _, expected in function_expressions(function, path) if expected == "number"
    ]
    if isinstance(function, Relative):
        units = []  # its bounds are shares of the peers, whatever the value is counted in
    for _, bound in bounds(function, path):
        quantity = bound if isinstance(bound, Quantity) else parsed.numbers.get(bound)
        if quantity is None:
            return False
        if units and not {quantity.unit or "none", units[0]} & {"none"} and quantity.unit != units[0]:
            return False
    return True


def is_read(rule: Scored, parsed: ParsedPack) -> bool:
    """True when all of a rule's scoring function could be read."""
    return all(is_readable(f, path, parsed) for path, f in functions(rule.rule.score, rule.score_path))


def score_nodes(rule: Scored, parsed: ParsedPack) -> Iterator[tuple[Path_, Node]]:
    """Yield the expressions that a rule scores by, as far as they could be read."""
    for path in expression_paths(rule.rule.score, rule.score_path):
        if path in parsed.nodes:
            yield path, parsed.nodes[path]


def applied(path: Path_, key: str, parsed: ParsedPack) -> Node | None:
    """Return the condition at `key` of the rule at `path`, together with its `applies_when`; None when it is not readable."""
    node = parsed.nodes.get((*path, key))
    if node is None:
        return None
    when = parsed.nodes.get((*path, "applies_when"))
    return node if when is None else both(when, node)


def shown(path: Path_) -> str:
    """Return the short name of a rule: `gates.listed`, `criteria.growth`."""
    return f"{path[0]}.{path[-1]}"


def ref_of(node: Node | None) -> Ref | None:
    """Return the name that an expression is, None when it is more than a name."""
    return node if isinstance(node, Ref) else None


def at_word(problem: Problem, word: str) -> Problem:
    """Move a problem to `word` where its line holds the word once, at or after the place found."""
    place = problem.position
    if place is None or not place.column:
        return problem
    found = problem.line_text.find(word, place.column - 1)
    if found < 0 or problem.line_text.find(word, found + 1) >= 0:
        return problem
    return replace(problem, position=Position(place.file, place.line, found + 1))
