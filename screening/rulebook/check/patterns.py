"""Patterns and terms of the classification: compiled by the engines that run them, alone and joined as they are joined there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screening.pattern import is_everywhere, pattern_fault
from screening.rulebook.lexicon import FAMILY_SEPARATOR, blanked, either, phrases, silent
from screening.store import key as key_of
from screening.store import store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screening.errors import Problem
    from screening.pattern import Engine
    from screening.rulebook.lexicon import Classification
    from screening.rulebook.scope import ParsedPack, Path_

KIND = "patterns"
"""What the store calls patterns that the engines took."""

MOST_PATTERNS = 400
MOST_INSIDE = 24
"""Terms that one term may hold as parts of itself: each is a hit at the same place."""
_MARK = "\ue001"


def check_patterns(parsed: ParsedPack) -> Iterator[Problem]:
    """Yield patterns that an engine refuses or that say nothing, and terms nested without end."""
    settings = parsed.pack.classification
    stated = list(_patterns(settings))
    document = parsed.loaded.document
    if len(stated) > MOST_PATTERNS:
        yield document.problem(
            "pattern/too-many",
            f"the classification has {len(stated):,} patterns; the most is {MOST_PATTERNS}",
            ("classification",),
            remedy="join those that belong together with |",
        )
        return
    proven = key_of(KIND, [[p, e, m] for _, p, e, m in stated], [[p, e] for _, p, e in _joined(settings)])
    # Where some are doubtful, the engines take longer to load than all other checks together.
    if store().read(KIND, proven) is None:
        faults = list(_faults(parsed, stated))
        yield from faults
        if not faults:
            store().write(KIND, proven, b"sound")
    yield from _nested(parsed)


def _faults(parsed: ParsedPack, stated: Sequence[tuple[Path_, str, Engine, bool]]) -> Iterator[Problem]:
    settings, document = parsed.pack.classification, parsed.loaded.document
    sound = True
    for path, pattern, engine, must_say in stated:
        fault = pattern_fault(pattern, engine)
        if fault:
            sound = False
            yield document.problem(
                "pattern/refused",
                f"the engine that runs this pattern refuses it: {fault}",
                path,
                remedy="write a plain regular expression; texts are folded, patterns run in linear time",
            )
        elif must_say and is_everywhere(pattern):
            sound = False
            yield document.problem(
                "pattern/everywhere", "this pattern is found in every text", path, remedy="make a part of it compulsory"
            )
    for path, pattern, engine in _joined(settings) if sound else ():
        fault = pattern_fault(pattern, engine)
        if fault:
            yield document.problem(
                "pattern/refused",
                f"these patterns cannot be run together: {fault}",
                path,
                remedy="shorten them, or mend the one that changes how the others are read, such as (?x)",
            )


def _patterns(settings: Classification) -> Iterator[tuple[Path_, str, Engine, bool]]:
    """Yield path, pattern, engine, and whether it must not match everywhere."""
    base = ("classification",)
    lists: tuple[tuple[Path_, tuple[str, ...], Engine, bool], ...] = (
        ((*base, "exclusions"), settings.exclusions, "text", True),
        ((*base, "tails"), settings.tails, "text", True),
        ((*base, "says_nothing"), settings.says_nothing, "text", False),
        ((*base, "standing", "statements"), settings.standing.statements, "phrase", False),
    )
    for path, patterns, engine, must_say in lists:
        for number, pattern in enumerate(patterns):
            yield (*path, number), pattern, engine, must_say
    for number, phrase in enumerate(settings.phrases):
        for key in ("before", "between", "after"):
            if getattr(phrase, key):
                yield (*base, "phrases", number, key), getattr(phrase, key), "phrase", False
    for identity_id, identity in settings.identities.items():
        for key in ("pattern", "unless", "unless_told"):
            if getattr(identity, key):
                yield (*base, "identities", identity_id, key), getattr(identity, key), "text", key == "pattern"


def _joined(settings: Classification) -> Iterator[tuple[Path_, str, Engine]]:
    base = ("classification",)
    if blanked(settings):
        yield (*base, "exclusions"), blanked(settings), "text"
    yield (*base, "says_nothing"), silent(settings), "text"
    yield (*base, "standing", "statements"), either(settings.standing.statements), "phrase"
    for activity in ("own", "applied", "other", "means"):
        yield (*base, "phrases"), phrases(settings, activity, _MARK), "phrase"


def _nested(parsed: ParsedPack) -> Iterator[Problem]:
    """Yield the first term that holds too many others."""
    places: dict[str, Path_] = {}
    for entry_id, entry in parsed.pack.lexicon.items():
        for key in type(entry).model_fields:
            value = getattr(entry, key)
            if key in ("needs", "nearest", "patents", "industries"):
                continue
            for number, family in enumerate(value):
                for spelling in family.split(FAMILY_SEPARATOR):
                    places.setdefault(spelling.lower(), ("lexicon", entry_id, key, number))
    trie: dict[str, Any] = {}
    for term in places:
        node = trie
        for character in term:
            node = node.setdefault(character, {})
        node[""] = {}
    for term, path in places.items():
        # A short term has no more parts than that.
        if len(term) * (len(term) + 1) // 2 > MOST_INSIDE and _inside(term, trie) > MOST_INSIDE:
            yield parsed.loaded.document.problem(
                "lexicon/nested",
                f"'{term}' holds more than {MOST_INSIDE} other terms of the lexicon",
                path,
                remedy="each would be a hit at the same place: keep the terms that say something",
            )
            return


def _inside(term: str, trie: dict[str, Any]) -> int:
    """Return how many terms stand inside a term, itself and repeats included."""
    found = 0
    for start in range(len(term)):
        node = trie
        for character in term[start:]:
            if character not in node:
                break
            node = node[character]
            found += "" in node
            if found > MOST_INSIDE + 1:
                return found - 1
    return found - 1
