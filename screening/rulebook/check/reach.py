"""Rules that can never fire, always fire, or stand in each other's way.

Decided for intervals and lists over one fact and for their conjunctions (see `logic`); silent where it takes more. All
facts are taken to be known and inside their declared ranges.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from screening.expression import Compare, Literal, Node, Not, Ref, both, either, walk
from screening.rulebook.check.logic import always, implies, never
from screening.rulebook.check.rules import all_functions, applied, at_word, criteria, shown
from screening.rulebook.functions import Cases, When

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.errors import Problem
    from screening.rulebook.scope import ParsedPack, Path_

_STRENGTH = {"reject": 2, "review": 1, "warn": 0}
"""A gate that only warns is never idle: its message is shown beside that of a stronger gate."""


def check_reach(parsed: ParsedPack) -> Iterator[Problem]:
    """Yield conditions that nobody meets or everybody meets, and cases and stages that an earlier one hides."""
    misplaced = {path for path, _ in _shares(parsed)}
    yield from (problem for _, problem in _shares(parsed))
    for place, rows in _conditions(parsed):
        condition = parsed.nodes.get(place)
        if condition is not None and not isinstance(condition, Literal) and place not in misplaced:
            yield from _never_or_always(parsed, place, condition, rows=rows)
    for gate_id in parsed.pack.gates:
        path: Path_ = ("gates", gate_id)
        node, alone = applied(path, "fails_when", parsed), parsed.nodes.get((*path, "fails_when"))
        if node is not None and alone is not None and node is not alone and never(node) and not never(alone):
            yield parsed.loaded.document.problem(
                "reach/never",
                f"'{shown(path)}' can never hold where it applies",
                (*path, "applies_when"),
                remedy="`applies_when` and the condition exclude each other: correct one of them",
            )
    yield from _hidden_cases(parsed)
    yield from _hidden_stages(parsed)


def check_gates(parsed: ParsedPack) -> Iterator[Problem]:
    """Yield pairs of gates of which one is idle, or which together let nobody pass."""
    document, gates = parsed.loaded.document, parsed.pack.gates
    ready = [
        (gate_id, gate, node)
        for gate_id, gate in gates.items()
        if (node := applied(("gates", gate_id), "fails_when", parsed)) is not None
        and not never(node)
        and not always(node)
    ]
    for (id_, gate, node), (other_id, other, other_node) in itertools.combinations(ready, 2):
        if gate.effect == other.effect == "reject" and always(either(node, other_node)):
            yield document.problem(
                "gates/nobody-passes",
                f"'{id_}' and '{other_id}' together reject every company",
                ("gates", other_id, "fails_when"),
                remedy="the two contradict each other: correct one condition",
            )
            continue
        for (one_id, one, narrow), (wide_id, wide, broad) in (
            ((id_, gate, node), (other_id, other, other_node)),
            ((other_id, other, other_node), (id_, gate, node)),
        ):
            if one.effect != "warn" and _STRENGTH[one.effect] <= _STRENGTH[wide.effect] and implies(narrow, broad):
                yield document.problem(
                    "gates/shadowed",
                    f"whoever fails '{one_id}' also fails '{wide_id}', so '{one_id}' changes nothing",
                    ("gates", one_id, "fails_when"),
                    severity="warning",
                    remedy=f"remove it, or correct its bound (see '{wide_id}')",
                )
                break


def _conditions(parsed: ParsedPack) -> Iterator[tuple[Path_, bool]]:
    """Yield the paths of all conditions, and whether each filters rows."""
    pack = parsed.pack
    for fact_id, fact in pack.facts.items():
        if fact.table:
            yield ("facts", fact_id, "where"), True
        yield ("facts", fact_id, "not_applicable_when"), False
        if fact.type == "boolean":
            yield ("facts", fact_id, "expr"), False
    for gate_id in pack.gates:
        yield ("gates", gate_id, "fails_when"), False
        yield ("gates", gate_id, "applies_when"), False
    for rule in criteria(pack):
        yield (*rule.path, "applies_when"), False
    for _, path, function in all_functions(pack):
        if isinstance(function, When):
            yield (*path, "when"), False
        elif isinstance(function, Cases):
            for number in range(len(function.cases)):
                yield (*path, "cases", number, "when"), False
    for axis_id, axis in pack.stages.items():
        for value_id in axis.values:
            yield ("stages", axis_id, "values", value_id, "when"), False
    for section in ("measures", "ladder"):
        for rule_id in getattr(pack, section):
            yield (section, rule_id, "when"), False
    yield ("verdict", "shortlist_when"), False
    for route_id in pack.verdict.routes:
        yield ("verdict", "routes", route_id, "when"), False


def _never_or_always(parsed: ParsedPack, path: Path_, node: Node, *, rows: bool) -> Iterator[Problem]:
    document = parsed.loaded.document
    if never(node, rows=rows):
        yield document.problem(
            "reach/never",
            f"this condition can never hold{_impossible_part(node, rows=rows)}",
            path,
            remedy="check its bounds, its `and`, and the ranges of its facts",
        )
    elif always(node, rows=rows):
        yield document.problem(
            "reach/always",
            "this condition holds for every known value",
            path,
            severity="warning",
            remedy="check its bounds, its `or`, and the ranges of its facts; or leave the condition out",
        )


def _impossible_part(node: Node, *, rows: bool) -> str:
    """Name the fact that makes a condition impossible where a single comparison does."""
    for part in walk(node):
        if isinstance(part, Compare) and isinstance(part.left, Ref) and part.left.name.range and never(part, rows=rows):
            low, high = part.left.name.range
            return f": '{part.left.name.id}' lies in [{low:g}, {high:g}]"
    return ""


def _shares(parsed: ParsedPack) -> Iterator[tuple[Path_, Problem]]:
    """Shares compared with a number that only makes sense as a percentage."""
    for path, node in parsed.nodes.items():
        for part in walk(node):
            if not isinstance(part, Compare) or not isinstance(part.left, Ref) or not isinstance(part.right, Literal):
                continue
            name, value = part.left.name, part.right.value
            if name.unit != "ratio" or name.range is None or isinstance(value, bool) or not isinstance(value, float):
                continue
            if value > name.range[1] >= value / 100 and value > 1 and part.right.unit is None:
                found = parsed.loaded.document.problem(
                    "unit/percent-as-number",
                    f"'{name.id}' is a share in [{name.range[0]:g}, {name.range[1]:g}], and {value:g} means "
                    f"{value * 100:g}%",
                    path,
                    remedy=f"write {value / 100:g}",
                )
                yield path, at_word(found, f"{value:g}")


def _hidden_cases(parsed: ParsedPack) -> Iterator[Problem]:
    for _, path, function in all_functions(parsed.pack):
        if not isinstance(function, Cases):
            continue
        yield from _hidden(parsed, [(*path, "cases", number, "when") for number in range(len(function.cases))], "case")


def _hidden_stages(parsed: ParsedPack) -> Iterator[Problem]:
    document = parsed.loaded.document
    for axis_id, axis in parsed.pack.stages.items():
        paths: list[Path_] = []
        rest = [v for v, value in axis.values.items() if value.otherwise]
        for value_id, value in axis.values.items():
            place: Path_ = ("stages", axis_id, "values", value_id)
            if (value.when is None) != value.otherwise:
                yield document.problem(
                    "stages/condition",
                    f"'{value_id}' needs either `when:` or `otherwise: true`",
                    place,
                    key=True,
                    remedy="the last value of an axis says `otherwise: true`, all others say when",
                )
            paths.append((*place, "when"))
        if len(rest) != 1 or rest[0] != list(axis.values)[-1]:
            yield document.problem(
                "stages/otherwise",
                f"exactly the last value of '{axis_id}' must say `otherwise: true`",
                ("stages", axis_id),
                key=True,
                remedy="so that every company has a value",
            )
        yield from _hidden(parsed, paths, "value")


def _hidden(parsed: ParsedPack, paths: list[Path_], what: str) -> Iterator[Problem]:
    """Conditions tried in order: one that holds only where an earlier one does is never taken."""
    earlier: list[Node] = []
    for path in paths:
        node = parsed.nodes.get(path)
        if node is None:
            continue
        if earlier and not never(node) and never(both(node, *(Not(e) for e in earlier))):
            yield parsed.loaded.document.problem(
                "reach/hidden",
                f"this {what} is never taken: the conditions above it hold wherever it does",
                path,
                remedy="put the narrower condition first",
            )
        earlier.append(node)
