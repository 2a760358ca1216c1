"""What is parsed is used and shown, or refused: every field of a pack has a reader outside the rulebook, or a reason here."""

from __future__ import annotations

import ast
import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from screening.rulebook.model import RulePack

if TYPE_CHECKING:
    from collections.abc import Iterator

SCREENING = Path(__file__).resolve().parents[2] / "screening"

READ_INSIDE = {
    "best_of": "a function gives its parts by `parts`",
    "boilerplate": "a lexicon entry gives its words by `families`",
    "abbreviations": "a lexicon entry gives its words by `families`",
    "weak": "a lexicon entry gives its words by `families`",
    "display": "a direction is called by `name`",
    "effective_to": "`in_force` asks it of every rule; of the pack `check` does, and the run says so in a notice",
    "exclusions": "`blanked` makes one pattern of them",
    "extends": "the loader reads the layer below",
    "fails_when": "parsed: the engine takes its tree by the path",
    "gate_label": "a risk is unfolded into a fact and a gate",
    "input": "`check` lifts the prohibition, and the run says so in a notice with its basis",
    "legal_basis": "`check` lifts the prohibition, and the run says so in a notice with its basis",
    "lifts": "`check` lifts the prohibition, and the run says so in a notice with its basis",
    "opens": "`phrases` makes one pattern of them",
    "phrases": "`phrases` makes one pattern of them",
    "remove": "the loader takes the rules out of the layer below",
    "replaces": "`check` refuses an old id that is given to another rule",
    "risks": "a risk is unfolded into a fact and a gate",
    "says_nothing": "`silent` makes one pattern of them",
    "sum_of": "a function gives its parts by `parts`",
    "switch": "parsed: the engine takes its tree by the path",
    "tails": "`blanked` makes one pattern of them",
    "valid_from": "a verdict and a parameter give what holds on a day",
    "valid_to": "a verdict and a parameter give what holds on a day",
    "versions": "a verdict gives what holds on a day",
}
"""Fields that only the rulebook reads, because it turns them into what the others read: each with how."""


@functools.cache
def _read() -> frozenset[str]:
    """Names of attributes that a module outside the rulebook looks up; a method that is called is no field."""
    found: set[str] = set()
    for path in SCREENING.rglob("*.py"):
        if path.relative_to(SCREENING).parts[0] == "rulebook":
            continue
        tree = ast.parse(path.read_bytes())
        called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        found |= {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and id(n) not in called}
    return frozenset(found)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in (*getattr(annotation, "__args__", ()), getattr(annotation, "__value__", None)):
        if inner is not None:
            yield from _models(inner)


def _fields() -> set[str]:
    left: list[type[BaseModel]] = [RulePack]
    seen: set[type[BaseModel]] = set()
    while left:
        model = left.pop()
        if model not in seen:
            seen.add(model)
            left += [m for field in model.model_fields.values() for m in _models(field.annotation)]
    return {name for model in seen for name in model.model_fields}


def test_every_field_of_a_pack_is_read_by_another_room_or_says_who_uses_it() -> None:
    fields = _fields()
    assert len(fields) > 200
    unread = fields - _read()
    assert sorted(unread - set(READ_INSIDE)) == []
    assert sorted(set(READ_INSIDE) - unread) == [], "these are read outside by now: take them off the list"
