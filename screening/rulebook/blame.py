"""Problems that the topmost pack causes in a pack below it: they are shown where the analyst wrote, not where they come out.

What the pack below says of itself stays where it is. The cause is looked for from the nearest to the farthest: what the upper
pack writes inside the place that is refused, what it writes of the same rule, what it removes or changes of all that the rule
names, and what it changes in the same section.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from screening.errors import Position, did_you_mean
from screening.strict_yaml import leaves, value_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from screening.errors import Problem
    from screening.strict_yaml import Document

Path_ = tuple[str | int, ...]

_WORD = re.compile(r"[^\W\d]\w*")
_RULE = 2
"""How deep a rule stands at least: `gates.x`."""
_STILL_READ = "this pack removes it, and it is still read there: remove or change that too"
_STEPS = 4
"""How far names are followed: a gate names a fact, that a fact, that a parameter."""


def caused_above(
    problems: Iterable[Problem], whole: Document, upper: Document, of_below: Callable[[], Sequence[Problem]]
) -> list[Problem]:
    """Return the problems, those that the upper pack causes below at its own place, with `seen_at` where they come out.

    `of_below` checks the pack below by itself; it is asked only when some problem stands there.
    """
    own = {where.file for where in upper.values.values()}
    told = [_near_miss(problem, whole, own) for problem in problems]
    if all(p.severity == "notice" or p.position is None or p.position.file in own for p in told):
        return told
    known = {(p.code, p.message, p.position) for p in of_below()}
    search = _Search(whole, upper)
    return [
        p
        if p.severity == "notice"
        or p.position is None
        or p.position.file in own
        or (p.code, p.message, p.position) in known
        else search.moved(p)
        for p in told
    ]


def _near_miss(problem: Problem, whole: Document, own: set[str]) -> Problem:
    """An entry that lacks its keys was meant to change one of the pack below, and its id is misspelt."""
    if problem.code != "schema/missing-key" or problem.position is None or problem.position.file not in own:
        return problem
    path = next((p for p, where in whole.keys.items() if where == problem.position), ())
    beside = value_at(whole.data, path[:-1], ())
    below = [k for k in beside if (at := whole.keys.get((*path[:-1], k))) is not None and at.file not in own]
    meant = did_you_mean(str(path[-1]), below) if path else ""
    return replace(problem, remedy=meant) if meant else problem


class _Search:
    """Looks for the place of the upper pack that a problem comes from."""

    def __init__(self, whole: Document, upper: Document) -> None:
        self.whole, self.upper = whole, upper
        head = ("pack",)
        self.written = sorted((p for p in upper.keys if p[:1] != head), key=lambda p: (upper.keys[p], len(p)))
        removed = value_at(upper.data, ("pack", "remove"), [])
        self.removed: dict[str, Path_] = {
            str(name).rpartition(".")[2]: ("pack", "remove", number)
            for number, name in enumerate(removed if isinstance(removed, list) else [])
        }
        self.touched: dict[str, Path_] = {}
        for section in ("facts", "parameters", "stages", "catalogues"):
            for name in value_at(upper.data, (section,), ()):
                self.touched.setdefault(name, (section, name))
        self.places = sorted(
            [*((w, 0, p) for p, w in whole.keys.items()), *((w, 1, p) for p, w in whole.values.items())],
            key=lambda item: (item[0], item[1], len(item[2])),
        )

    def moved(self, problem: Problem) -> Problem:
        """Return the problem at the place of its cause."""
        path = self._path(problem.position)
        cause = self._cause(path, problem.message)
        where = self.upper.keys.get(cause) or self.upper.values.get(cause)
        if where is None:
            return problem
        remedy = _STILL_READ if cause[:2] == ("pack", "remove") else problem.remedy
        line = self.upper.line(where)
        return replace(problem, position=where, line_text=line, remedy=remedy, seen_at=problem.position)

    def _path(self, place: Position | None) -> Path_:
        """Return the innermost path that begins at a place or before it in its file."""
        found: Path_ = ()
        if place is None:
            return found
        exact = [p for where, _, p in self.places if where == place]
        if exact:
            return exact[0]
        for where, _, path in self.places:
            if where.file == place.file and where <= place:
                found = path
        return found

    def _cause(self, path: Path_, message: str) -> Path_:
        said = set(_WORD.findall(message))
        gone = next((self.removed[name] for name in self.removed if name in said), None)
        if gone is not None:
            return gone
        for length in range(len(path), _RULE - 1, -1):
            inside = self._inside(path[:length])
            if inside is not None:
                return inside
        named = self._named(path, said)
        if named is not None:
            return named
        for length in range(min(len(path), _RULE - 1), 0, -1):
            inside = self._inside(path[:length])
            if inside is not None:
                return inside
        return ("pack", "extends")

    def _inside(self, path: Path_) -> Path_ | None:
        """Return the first place that the upper pack writes at or below a path, the innermost that stands alone."""
        under = [p for p in self.written if p[: len(path)] == path]
        if not under:
            return None
        first = under[0]
        while True:
            deeper = [p for p in under if len(p) == len(first) + 1 and p[: len(first)] == first]
            if len(deeper) != 1:
                return first
            first = deeper[0]

    def _named(self, path: Path_, said: set[str]) -> Path_ | None:
        """Return what the upper pack changes of the rules that the refused one names, nearest first."""
        waiting, seen = [said | self._words(path)], set[str]()
        for _ in range(_STEPS):
            words = waiting.pop() - seen
            seen |= words
            for name in sorted(words & self.removed.keys()):
                return self.removed[name]
            for name in sorted(words & self.touched.keys()):
                return self._inside(self.touched[name]) or self.touched[name]
            waiting.append({w for name in words for s in self._of(name) for w in self._words((s, name))})
        return None

    def _of(self, name: str) -> tuple[str, ...]:
        """Return the sections that have an entry of a name."""
        return tuple(
            s for s in ("facts", "parameters", "stages", "catalogues") if name in value_at(self.whole.data, (s,), ())
        )

    def _words(self, path: Path_) -> set[str]:
        """Return the words of all that stands below a path."""
        data = value_at(self.whole.data, path)
        return {w for _, text in leaves(data) if isinstance(text, str) for w in _WORD.findall(text)}
