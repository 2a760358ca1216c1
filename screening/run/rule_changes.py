"""What differs between two packs, value by value with its place, and which rules each difference can reach."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from screening.strict_yaml import leaves

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from screening.errors import Position
    from screening.rulebook.loader import LoadedPack

Path_ = tuple[str | int, ...]

ABSENT = "—"
_NOT_RULES = ("label", "note", "source", "question", "message", "remedy", "basis", "actionable")
"""Keys that explain a rule: a change there moves nobody."""
_SHARED = {"facts", "parameters", "catalogues"}
_WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Change:
    """One effective value that differs. `place` is where the new value stands, or the old one when it was removed."""

    path: Path_
    old: str
    new: str
    place: Position | None

    @property
    def rule_id(self) -> str:
        """The rule that the value belongs to, as a pack would name it."""
        return rule_of(self.path)

    @property
    def text(self) -> str:
        """The change in one line."""
        return f"{self.place or ABSENT}: {'.'.join(map(str, self.path))}: {self.old} → {self.new}"


def rule_of(path: Path_) -> str:
    """Return the id of the rule that a path lies in: `valid_ip`, `shortlist_merit_floor`, a gate, a stage axis, `verdict`."""
    for marker in ("criteria", "items"):
        inside = [i for i, part in enumerate(path[:-1]) if part == marker and i]
        if inside:
            return str(path[inside[-1] + 1])
    if path[0] == "criteria" and len(path) > 3 and path[2] == "pillars":
        return str(path[3])
    return str(path[1]) if len(path) > 1 and path[0] not in ("verdict", "pack", "classification") else str(path[0])


def changes(old: LoadedPack, new: LoadedPack) -> list[Change]:
    """Return the differences that can move a company, in the order of the new pack; those removed come last."""
    before = {p: v for p, v in leaves(old.document.data) if _matters(p)}
    after = {p: v for p, v in leaves(new.document.data) if _matters(p)}
    found = [
        Change(p, _said(before.get(p, ABSENT)), _said(v), new.document.position(p))
        for p, v in after.items()
        if p not in before or before[p] != v
    ]
    found += [Change(p, _said(v), ABSENT, old.document.position(p)) for p, v in before.items() if p not in after]
    for name in sorted({*old.catalogues, *new.catalogues}):
        ours, theirs = old.catalogues.get(name, ()), new.catalogues.get(name, ())
        if ours != theirs:
            found.append(
                Change(
                    ("catalogues", name, "codes"),
                    f"{len(ours)} codes",
                    f"{len(theirs)} codes",
                    new.document.position(("catalogues", name)),
                )
            )
    return found


def _matters(path: Path_) -> bool:
    if path[0] == "catalogues" and path[-1] in ("file", "column"):
        # A run keeps its catalogues under names of its own; what counts are the codes.
        return False
    return path[0] not in ("pack", "clauses", "actions", "targets", "safeguards") and not any(
        part in _NOT_RULES for part in path
    )


def _said(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class Reach:
    """Which differences reach a rule: its own, and those of the facts, parameters and stages that it reads."""

    def __init__(self, old: LoadedPack, new: LoadedPack, found: list[Change]) -> None:
        self._found = found
        self._packs = (old.document.data, new.document.data)
        self._by_rule: dict[str, list[Change]] = {}
        for change in found:
            self._by_rule.setdefault(change.rule_id, []).append(change)
        self._memory: dict[str, tuple[Change, ...]] = {}
        self.weights = tuple(c for c in found if "weight" in c.path or c.path[:2] == ("verdict", "weights"))

    def of(self, rule_id: str) -> tuple[Change, ...]:
        """Return the differences that can have changed what a rule gives."""
        if rule_id not in self._memory:
            seen: set[str] = set()
            self._memory[rule_id] = tuple(dict.fromkeys(self._collect(rule_id, seen)))
        return self._memory[rule_id]

    def _collect(self, rule_id: str, seen: set[str]) -> Iterator[Change]:
        if rule_id in seen:
            return
        seen.add(rule_id)
        yield from self._by_rule.get(rule_id, ())
        if rule_id == "classification":
            for section in ("lexicon", "domains"):
                yield from (c for c in self._found if c.path[0] == section)
        for data in self._packs:
            body = _find(data, rule_id)
            for name in sorted(_words(body)):
                if name in seen:
                    continue
                if any(name in data.get(section, {}) for section in (*_SHARED, "stages")):
                    yield from self._collect(name, seen)


def _find(data: Mapping[str, Any], rule_id: str) -> Any:
    """Return the body of a rule wherever it stands."""
    for section in ("gates", "facts", "parameters", "measures", "stages", "catalogues"):
        if rule_id in (data.get(section) or {}):
            return data[section][rule_id]
    for half in (data.get("criteria") or {}).values():
        for pillar_id, pillar in (half.get("pillars") or {}).items():
            if pillar_id == rule_id:
                return {k: v for k, v in pillar.items() if k != "criteria"}
            if rule_id in (pillar.get("criteria") or {}):
                return pillar["criteria"][rule_id]
    items = (data.get("deductions") or {}).get("items") or {}
    return items.get(rule_id) or (data.get(rule_id) if rule_id in ("verdict", "classification") else None)


def _words(body: Any) -> set[str]:
    words: set[str] = set()
    for path, value in leaves(body if isinstance(body, dict | list) else {}):
        if isinstance(value, str) and not any(part in _NOT_RULES for part in path):
            words |= set(_WORD.findall(value))
    return words
