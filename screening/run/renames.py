"""Rules that two packs have under different ids and that say the same: an id that changed moves nobody and is no edit of a rule."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from screening.rulebook.edges import bare
from screening.rulebook.program import Key

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from screening.rulebook.loader import LoadedPack
    from screening.rulebook.program import Kind, Program

Path_ = tuple[str | int, ...]
_NAMED: tuple[Kind, ...] = (
    "parameter", "catalogue", "fact", "gate", "pillar", "criterion", "deduction", "route", "measure", "rung"
)  # fmt: skip
_IN_EXPRESSIONS: frozenset[Kind] = frozenset({"parameter", "catalogue", "fact", "pillar", "criterion"})
_WORD = re.compile(r"'[^']*'|[A-Za-z_]\w*")
"""A text in quotes is a value and names no rule."""


@dataclass(frozen=True)
class Renames:
    """By the key of a rule in the older pack its id in the newer one. Empty: no rule was renamed."""

    ids: Mapping[Key, str] = field(default_factory=dict)
    paths: Mapping[Path_, str] = field(default_factory=dict)

    def of(self, kinds: Collection[Kind] = _NAMED) -> dict[str, str]:
        """Return the newer id of the rules of some kinds by the older one."""
        return {key.id: new for key, new in self.ids.items() if key.kind in kinds}

    def words(self) -> dict[str, str]:
        """Return what a name inside a rule is called now."""
        return self.of() | self.of(_IN_EXPRESSIONS)

    def carried(self, path: Path_, words: Mapping[str, str]) -> Path_:
        """Return a path of the older pack as the newer one writes it."""
        return tuple(
            self.paths.get(path[: n + 1], words.get(part, part) if n else part) if isinstance(part, str) else part
            for n, part in enumerate(path)
        )


def renames(old: LoadedPack, new: LoadedPack, programs: tuple[Program, Program]) -> Renames:
    """Find the rules of `old` that `new` has under another id, at the same place, saying the same in all but names that were renamed too.

    Two rules that say the same under two new ids are not told apart, and not matched.
    """
    before, after = (
        {key: rule.path for key, rule in program.rules.items() if key.kind in _NAMED} for program in programs
    )
    gone, come = before.keys() - after.keys(), after.keys() - before.keys()
    found = Renames()
    while True:
        words = found.words()
        sides: tuple[dict[str, list[Key]], dict[str, list[Key]]] = (defaultdict(list), defaultdict(list))
        for key in gone - found.ids.keys():
            parent = found.carried(before[key][:-1], words)
            sides[0][_says(old, key, before[key], parent, words)].append(key)
        for key in come - {Key(k.kind, i) for k, i in found.ids.items()}:
            sides[1][_says(new, key, after[key], after[key][:-1], {})].append(key)
        pairs = [
            (mine[0], sides[1][said][0])
            for said, mine in sides[0].items()
            if len(mine) == len(sides[1].get(said, ())) == 1
        ]
        if not pairs:
            return found
        found = Renames(
            {**found.ids, **{was: now.id for was, now in pairs}},
            {**found.paths, **{before[was]: now.id for was, now in pairs}},
        )


def _says(loaded: LoadedPack, key: Key, path: Path_, parent: Path_, words: Mapping[str, str]) -> str:
    """Return all that a rule says and where it stands, without its own id."""
    said: Any = loaded.document.data
    for part in path:
        said = said.get(part) if isinstance(said, dict) else None
    if key.kind == "catalogue":
        said = [loaded.pack.catalogues[key.id].match, *loaded.catalogues.get(key.id, ())]
    elif key.kind == "pillar" and isinstance(said, dict):
        rules = said.get("criteria") or {}
        inside = sorted(json.dumps(renamed(bare(r), words), sort_keys=True, default=str) for r in rules.values())
        said = {**said, "criteria": inside}
    return json.dumps([key.kind, parent, renamed(bare(said), words)], ensure_ascii=False, sort_keys=True, default=str)


def renamed(said: Any, words: Mapping[str, str]) -> Any:
    """Return a part of a rule with the names in it as they are called now."""
    if not words:
        return said
    if isinstance(said, dict):
        return {words.get(k, k): renamed(v, words) for k, v in said.items()}
    if isinstance(said, list):
        return [renamed(v, words) for v in said]
    return _WORD.sub(lambda word: words.get(word[0], word[0]), said) if isinstance(said, str) else said
