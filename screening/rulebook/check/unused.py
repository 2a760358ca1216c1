"""What stands in the pack and is read by nobody: facts, parameters, catalogues, and directions without words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from screening.expression import catalogues, names
from screening.strict_yaml import leaves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.errors import Problem
    from screening.rulebook.scope import ParsedPack

_WORD = re.compile(r"[^\W\d]\w*")
_PROSE = frozenset(
    ("label", "note", "question", "message", "remedy", "quote", "opening", "title", "departments", "answer")
)


def check_unused(parsed: ParsedPack) -> Iterator[Problem]:
    """Yield what no rule reads; a parameter counts as read where its name stands in any expression or bound."""
    document, pack = parsed.loaded.document, parsed.pack
    read: set[str] = set()
    consulted: set[str] = set()
    for path, node in parsed.nodes.items():
        own = path[1] if path[0] == "facts" else ""
        read |= names(node) - {own}
        consulted |= catalogues(node)
    read |= {name for rule in _within(document.data) for name in rule}
    written = set(_words(document.data))
    if any(p.is_error for p in parsed.problems):
        read |= written  # An expression that could not be read may well use it.
    for fact_id in pack.facts:
        if fact_id not in read:
            yield document.problem(
                "unused/fact",
                f"no rule uses the fact '{fact_id}'",
                ("facts", fact_id),
                key=True,
                severity="warning",
                remedy="use it in a rule, or remove it",
            )
    for parameter_id in pack.parameters:
        if parameter_id not in written:
            yield document.problem(
                "unused/parameter",
                f"no rule uses the parameter '{parameter_id}'",
                ("parameters", parameter_id),
                key=True,
                severity="warning",
                remedy="use it in a rule, or remove it",
            )
    for catalogue_id in pack.catalogues:
        if catalogue_id not in consulted:
            yield document.problem(
                "unused/catalogue",
                f"no rule consults the catalogue '{catalogue_id}'",
                ("catalogues", catalogue_id),
                key=True,
                severity="warning",
                remedy=f"use in_catalogue(x, '{catalogue_id}'), or remove it",
            )
        elif not parsed.loaded.catalogues.get(catalogue_id):
            yield document.problem(
                "catalogue/empty",
                f"the catalogue '{catalogue_id}' holds no code",
                ("catalogues", catalogue_id, "file"),
                remedy="fill the file, or remove the catalogue",
            )
    for domain_id, direction_id, _ in pack.directions():
        entry = pack.lexicon.get(direction_id)
        if pack.lexicon and (
            entry is None or not (any(True for _ in entry.families()) or entry.patents or entry.industries)
        ):
            yield document.problem(
                "lexicon/no-words",
                f"the direction '{direction_id}' has no words, so no company is found in it",
                ("domains", domain_id, "directions", direction_id),
                key=True,
                severity="warning",
                remedy="add its words under `lexicon:`",
            )


def _words(data: Any) -> Iterator[str]:
    """Yield every word that stands where an expression, a bound or a name may stand."""
    for path, value in leaves(
        {k: v for k, v in data.items() if k not in ("tables", "clauses", "lexicon", "classification", "actions")}
    ):
        if isinstance(value, str) and not _PROSE.intersection(p for p in path if isinstance(p, str)):
            yield from _WORD.findall(value)


def _within(data: Any) -> Iterator[list[str]]:
    """Yield the peer groups of relative scoring."""
    waiting = [data.get("criteria"), data.get("deductions")]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if isinstance(item.get("within"), list):
                yield [name for name in item["within"] if isinstance(name, str)]
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
