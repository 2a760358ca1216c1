"""Names that a rule takes over: one that says nothing but another's name need not repeat its label.

A gate that fails where one fact holds, a criterion of one fact, a rung or a route that one fact decides are called like that
fact; a fact that is one column of companies like the column. What they say themselves goes before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screening.strict_yaml import mapping, value_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Path_ = tuple[str | int, ...]
LABEL = "label"
_SCORED: tuple[tuple[str, ...], ...] = (
    ("criteria", "*", "pillars", "*", "criteria", "*"),
    ("deductions", "items", "*"),
)
_DECIDED: tuple[tuple[tuple[str, ...], str], ...] = (
    (("gates", "*"), "fails_when"),
    (("ladder", "*"), "when"),
    (("verdict", "routes", "*"), "when"),
)


def lenders(data: Mapping[str, Any]) -> Iterator[tuple[Path_, dict[str, Any], Path_]]:
    """Yield the path of each entry that names one other thing alone, the entry, and the path of that thing's label."""
    for path, entry in _entries(data, ("facts", "*")):
        if not entry.get("from"):
            yield from _lent(data, path, entry, entry.get("expr"), ("tables", "companies", "columns"))
    for decided, key in _DECIDED:
        for path, entry in _entries(data, decided):
            yield from _lent(data, path, entry, entry.get(key), ("facts",))
    for scored in _SCORED:
        for path, entry in _entries(data, scored):
            score = mapping(entry.get("score"))
            yield from _lent(data, path, entry, score.get("of") or score.get("when"), ("facts",))


def repeated(data: Mapping[str, Any]) -> list[Path_]:
    """Return the paths of labels that are written at an entry, and the same where it takes its name from."""
    return [(*path, LABEL) for path, entry, lender in lenders(data) if entry.get(LABEL) == value_at(data, lender)]


def _lent(
    data: Mapping[str, Any], path: Path_, entry: dict[str, Any], named: Any, section: Path_
) -> Iterator[tuple[Path_, dict[str, Any], Path_]]:
    lender = (*section, named, LABEL) if isinstance(named, str) else ()
    if lender and value_at(data, lender) is not None:
        yield path, entry, lender


def _entries(data: Any, pattern: tuple[str, ...], path: Path_ = ()) -> Iterator[tuple[Path_, dict[str, Any]]]:
    if not isinstance(data, dict):
        return
    if not pattern:
        yield path, data
        return
    for key in data if pattern[0] == "*" else (pattern[0],):
        yield from _entries(data.get(key), pattern[1:], (*path, key))
