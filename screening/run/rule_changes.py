"""What differs between two packs, value by value with its place, and which rules each difference can reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from screening.rulebook.program import PROSE, VALUES, Key, Program
from screening.run.renames import Renames, renamed
from screening.strict_yaml import leaves

if TYPE_CHECKING:
    from screening.errors import Position
    from screening.rulebook.loader import LoadedPack

Path_ = tuple[str | int, ...]

ABSENT = "—"


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


def changes(old: LoadedPack, new: LoadedPack, named: Renames | None = None) -> list[Change]:
    """Return the differences that can move a company, in the order of the new pack; those removed come last.

    A rule that `new` has under another id is held against itself.
    """
    named = named or Renames()
    words = named.words()
    was_at = {_standing(named.carried(p, words), v): p for p, v in leaves(old.document.data) if _matters(p)}
    before = {
        _standing(named.carried(p, words), v): renamed(v, words) for p, v in leaves(old.document.data) if _matters(p)
    }
    now_at = {_standing(p, v): p for p, v in leaves(new.document.data) if _matters(p)}
    after = {_standing(p, v): v for p, v in leaves(new.document.data) if _matters(p)}
    found = [
        Change(now_at[p], _said(before.get(p, ABSENT)), _said(v), new.document.position(now_at[p]))
        for p, v in after.items()
        if p not in before or before[p] != v
    ]
    found += [
        Change(was_at[p], _said(v), ABSENT, old.document.position(was_at[p]))
        for p, v in before.items()
        if p not in after
    ]
    codes = {words.get(name, name): listed for name, listed in old.catalogues.items()}
    for name in sorted({*codes, *new.catalogues}):
        ours, theirs = codes.get(name, ()), new.catalogues.get(name, ())
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


def _standing(path: Path_, value: Any) -> Path_:
    """Return where a value stands. A word of the lexicon stands in its list wherever it is: one taken out moves no other."""
    return (*path[:-1], str(value)) if path[0] == "lexicon" and isinstance(path[-1], int) else path


def _matters(path: Path_) -> bool:
    if path[0] == "catalogues" and path[-1] in ("file", "column"):
        # A run keeps its catalogues under names of its own; what counts are the codes.
        return False
    return path[0] not in ("pack", "clauses", "actions", "targets", "safeguards", "weights", "risks") and not any(
        part in PROSE for part in path
    )


def _said(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class Reach:
    """Which differences reach a rule: its own, and those of the facts, parameters, stages and lists that it rests on."""

    def __init__(self, old: Program, new: Program, found: list[Change], named: Renames | None = None) -> None:
        self._programs = (old, new)
        self.found = tuple(found)
        self.renamed = named or Renames()
        self._before: dict[str, list[str]] = {}
        for was, now in self.renamed.of().items():
            self._before.setdefault(now, []).append(was)
        self._by_key: dict[Key, list[Change]] = {}
        for change in found:
            for key in dict.fromkeys(rule.key for p in self._programs if (rule := p.owner(change.path)) is not None):
                self._by_key.setdefault(key, []).append(change)
        self.weights = tuple(c for c in found if "weight" in c.path or c.path[:2] == ("verdict", "weights"))

    def of(self, rule_id: str) -> tuple[Change, ...]:
        """Return the differences that can have changed what a rule gives."""
        reached: dict[Key, None] = {}
        for program in self._programs:
            keys = [rule.key for i in (rule_id, *self._before.get(rule_id, ())) for rule in program.of_id(i)]
            reached |= dict.fromkeys((*keys, *program.below(keys, VALUES)))
        return tuple(dict.fromkeys(change for key in reached for change in self._by_key.get(key, ())))
