"""What the dataset lacks that rules need: which rule, which column or table, and what still works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.errors import Problem
from screening.expression import names
from screening.rulebook.scope import expression_paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.engine.inputs import Inputs
    from screening.rulebook.scope import ParsedPack

_SHOWN = 6


def gaps(parsed: ParsedPack, inputs: Inputs) -> list[Problem]:
    """Return one notice per missing table or column with the rules that wait for it."""
    waiting: dict[tuple[str, str], list[str]] = {}
    for rule_id, facts in _facts_by_rule(parsed):
        for source in dict.fromkeys(s for f in facts for s in _lacking(parsed, inputs, f)):
            waiting.setdefault(source, []).append(rule_id)
    return [_notice(table, column, rules) for (table, column), rules in sorted(waiting.items())]


def _notice(table: str, column: str, rules: list[str]) -> Problem:
    what = f"the table '{table}'" if not column else f"the column '{table}.{column}'"
    shown = ", ".join(rules[:_SHOWN]) + (f" and {len(rules) - _SHOWN} more" if len(rules) > _SHOWN else "")
    return Problem(
        "data/not-collected",
        f"the data have no {what.removeprefix('the ')}; not decided without it: {shown}",
        remedy="add it to the dataset; everything else works and these points stay open",
        severity="notice",
        details=(
            ("source", f"{table}.{column}" if column else table),
            ("count", str(len(rules))),
            ("rules", ",".join([*rules[:_SHOWN], *(["…"] if len(rules) > _SHOWN else [])])),
        ),
    )


def _facts_by_rule(parsed: ParsedPack) -> Iterator[tuple[str, list[str]]]:
    facts = frozenset(parsed.pack.facts)
    for gate_id in parsed.pack.gates:
        yield gate_id, sorted(names(parsed.nodes["gates", gate_id, "fails_when"]) & facts)
    for half_id, pillar_id, criterion_id, criterion in parsed.pack.criteria_of():
        path = ("criteria", half_id, "pillars", pillar_id, "criteria", criterion_id, "score")
        read = frozenset().union(*(names(parsed.nodes[p]) for p in expression_paths(criterion.score, path)))
        yield criterion_id, sorted(read & facts)


def _lacking(parsed: ParsedPack, inputs: Inputs, fact_id: str) -> Iterator[tuple[str, str]]:
    """Yield (table, column) that a fact reads, itself or through other facts, and that the dataset lacks."""
    fact = parsed.pack.facts[fact_id]
    if fact.table:
        if not inputs.has_table(fact.table):
            yield fact.table, ""
        return
    main = parsed.pack.tables["companies"].columns
    for path, node in parsed.nodes.items():
        if path[:2] != ("facts", fact_id) or path[2] == "not_applicable_when":
            continue
        for name in sorted(names(node)):
            if name in parsed.pack.facts and name != fact_id:
                yield from _lacking(parsed, inputs, name)
            elif name in main and not inputs.has_column("companies", name):
                yield "companies", name
