"""The pack as a graph: what each rule reads, who reads it, whether it is in force. The one place that answers "who reads what".

Built once from a parsed pack (`ParsedPack.program`) by `screening.rulebook.edges`.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from screening.errors import Position
    from screening.strict_yaml import Path_

Kind = Literal[
    "parameter",
    "catalogue",
    "classification",
    "place",
    "fact",
    "axis",
    "gate",
    "criterion",
    "deduction",
    "pillar",
    "half",
    "score",
    "verdict",
    "route",
    "measure",
    "rung",
]

VALUES: frozenset[Kind] = frozenset(("parameter", "catalogue", "classification", "place", "fact", "axis"))
"""Kinds that yield values which other rules name in expressions; the others judge."""

PROSE = frozenset(
    ("label", "labels", "note", "source", "question", "message", "remedy", "set_by", "actionable", "step", "title")
)
"""Keys that explain a rule: a change there moves nobody."""

CLASSIFICATION_SECTIONS = ("classification", "lexicon", "domains")


class Key(NamedTuple):
    """Which rule: ids are unique within a kind."""

    kind: Kind
    id: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `reads` and `readers` are direct; `columns` are `table.column`, read by the rule itself.

    `digest` is over what the rule says and, through what it reads, all that can change what it gives; not over words, layout
    or the date.
    """

    key: Key
    path: Path_
    position: Position | None
    reads: tuple[Key, ...]
    readers: tuple[Key, ...]
    columns: tuple[str, ...]
    in_force: bool
    digest: str

    @property
    def id(self) -> str:
        """The id as the pack writes it."""
        return self.key.id

    @property
    def kind(self) -> Kind:
        """What sort of rule it is."""
        return self.key.kind


@dataclass(frozen=True)
class Program:
    """All rules by key, in written order."""

    rules: Mapping[Key, Rule]
    fact_order: tuple[str, ...]

    def of_id(self, rule_id: str) -> tuple[Rule, ...]:
        """Return the rules that go by an id: usually one, none when there is no such rule."""
        return tuple(rule for rule in self.rules.values() if rule.id == rule_id)

    def below(self, keys: Iterable[Key], kinds: Collection[str] = ()) -> tuple[Key, ...]:
        """Return everything that rules rest on, directly or not, through rules of `kinds` only (all when empty)."""
        return self._reached(keys, lambda rule: rule.reads, kinds)

    def above(self, keys: Iterable[Key], kinds: Collection[str] = ()) -> tuple[Key, ...]:
        """Return everything that rests on rules, directly or not: what a change of them can touch."""
        return self._reached(keys, lambda rule: rule.readers, kinds)

    def facts(self, kind: Kind, rule_id: str) -> tuple[str, ...]:
        """Return the facts that a rule itself reads, in the order in which facts are worked out; none for an unknown rule."""
        return self._read(kind, rule_id, "fact", self.fact_order)

    def axes(self, kind: Kind, rule_id: str) -> tuple[str, ...]:
        """Return the stage axes that a rule itself reads, in written order."""
        return self._read(kind, rule_id, "axis", tuple(key.id for key in self.rules if key.kind == "axis"))

    def bases(self, *fact_ids: str) -> tuple[str, ...]:
        """Return some facts and all facts that they rest on."""
        keys = [Key("fact", fact_id) for fact_id in fact_ids]
        found = {key.id for key in (*keys, *self.below(keys, ("fact",))) if key.kind == "fact"}
        return tuple(f for f in self.fact_order if f in found)

    def sources(self, key: Key, kinds: Collection[str] = VALUES) -> tuple[str, ...]:
        """Return the columns (`table.column`) that a rule rests on, itself or through the values of `kinds` that it reads."""
        read = (key, *self.below([key], kinds))
        return tuple(dict.fromkeys(c for k in read if k in self.rules for c in self.rules[k].columns))

    def owner(self, path: Path_) -> Rule | None:
        """Return the rule that a place of the document belongs to, None for what is no rule's."""
        for length in range(len(path), 0, -1):
            found = self._by_path.get(path[:length])
            if found is not None:
                return self.rules[found]
        return None

    @functools.cached_property
    def _by_path(self) -> dict[Path_, Key]:
        places: dict[Path_, Key] = {rule.path: key for key, rule in self.rules.items()}
        for section in CLASSIFICATION_SECTIONS:
            places[(section,)] = Key("classification", "classification")
        return places

    def _read(self, kind: Kind, rule_id: str, wanted: Kind, order: tuple[str, ...]) -> tuple[str, ...]:
        rule = self.rules.get(Key(kind, rule_id))
        found = {key.id for key in rule.reads if key.kind == wanted} if rule is not None else set()
        return tuple(i for i in order if i in found)

    def _reached(self, keys: Iterable[Key], edges: Any, kinds: Collection[str]) -> tuple[Key, ...]:
        start = tuple(keys)
        found: dict[Key, None] = {}
        waiting = [key for key in start if key in self.rules]
        while waiting:
            for key in edges(self.rules[waiting.pop(0)]):
                if key not in found and (not kinds or key.kind in kinds):
                    found[key] = None
                    waiting.append(key)
        return tuple(found)
