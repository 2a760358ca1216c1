"""Checks of a pack before it runs: everything at once, each problem at its place.

A check is a generator over a parsed pack; `CHECKS` lists them. What could not be read is left out of the later checks, so
one mistake gives one message. docs/rules-checks.md lists every code with its reason and remedy.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from screening.errors import Position, RulesError, problem_of
from screening.rulebook.blame import caused_above
from screening.rulebook.check.bands import check_bands, check_direction
from screening.rulebook.check.dates import check_dates
from screening.rulebook.check.facts import check_facts
from screening.rulebook.check.grounds import check_grounds
from screening.rulebook.check.names import check_names
from screening.rulebook.check.patterns import check_patterns
from screening.rulebook.check.policy import check_policy
from screening.rulebook.check.reach import check_gates, check_reach
from screening.rulebook.check.references import check_references
from screening.rulebook.check.salvage import check_rest
from screening.rulebook.check.unused import check_unused
from screening.rulebook.check.weights import check_weights
from screening.rulebook.loader import read_layers, validated
from screening.rulebook.parsing import parse_pack
from screening.rulebook.scope import ParsedPack
from screening.store import key, store

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

    from screening.errors import Problem
    from screening.rulebook.loader import LoadedPack

KIND = "check"
"""What the store calls the problems of packs."""

Check = Callable[[ParsedPack], Iterator["Problem"]]

LOCAL_CHECKS: tuple[Check, ...] = (check_bands, check_direction, check_dates, check_facts)
"""Checks that look at one rule at a time: they hold even where other rules could not be read."""

WHOLE_CHECKS: tuple[Check, ...] = (
    check_references,
    check_names,
    check_weights,
    check_reach,
    check_gates,
    check_patterns,
    check_policy,
    check_grounds,
    check_unused,
)
"""Checks that need the whole pack."""

CHECKS: tuple[Check, ...] = (*LOCAL_CHECKS, *WHOLE_CHECKS)


def check(loaded: LoadedPack, as_of: datetime.date) -> list[Problem]:
    """Return every problem of a pack on one date, by file and line; errors, warnings and notices together."""
    parsed = parse_pack(loaded, as_of)
    found = list(parsed.problems)
    for each in CHECKS:
        found.extend(each(parsed))
    return in_order(found)


def check_pack(
    path: str | Path, as_of: datetime.date, trusted: Sequence[Path] = ()
) -> tuple[LoadedPack | None, list[Problem]]:
    """Load and check the pack at `path`; return it, None when it cannot be loaded, and all its problems.

    What an overlay causes in the pack below it is told at the overlay's own place. Where the models refuse some rules, the others are still read, so that a mistake of form hides no mistake of meaning.
    Raises RulesError only when there is no pack.
    """
    layers = read_layers(path, trusted)
    loaded: LoadedPack | None = None
    try:
        loaded = validated(layers)
        found = [*loaded.notices, *checked(loaded, as_of)]
    except RulesError as error:
        found = [*error.problems, *check_rest(layers, as_of, LOCAL_CHECKS)]
    read = layers.read
    if read.upper is not None and read.below is not None:
        below = read.below
        found = caused_above(found, read.document, read.upper, lambda: check_pack(below, as_of, trusted)[1])
    return loaded, in_order(found)


def checked(loaded: LoadedPack, as_of: datetime.date) -> list[Problem]:
    """Return what `check` returns; a pack of which no word and no line has moved is checked once a day (`screening.store`)."""
    keeping, name = store(), key(KIND, _written(loaded), loaded.digest, as_of.isoformat())
    kept = keeping.read(KIND, name)
    if kept is not None:
        return [problem_of(said) for said in json.loads(kept)]
    found = check(loaded, as_of)
    keeping.write(KIND, name, json.dumps([asdict(p) for p in found], ensure_ascii=False).encode())
    return found


def _written(loaded: LoadedPack) -> str:
    """Return a digest of every line of the files, by their names: what they say, and where, follows from these."""
    digest = hashlib.sha256()
    for file, lines in loaded.document.lines.items():
        digest.update("\n".join([file, str(len(lines)), *lines, ""]).encode(errors="surrogatepass"))
    return digest.hexdigest()


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Sort by place and drop repeats; of several problems of one code at one place the first stays.

    Forbidden inputs are all told: one expression can hold several, and each needs its own ground.
    """
    unique: dict[tuple[str, Position | None, Position | None, str], Problem] = {}
    for problem in problems:
        all_told = problem.position is None or problem.code.startswith("policy/")
        unique.setdefault(
            (problem.code, problem.position, problem.seen_at, problem.message if all_told else ""), problem
        )
    return sorted(unique.values(), key=lambda p: (p.position or Position(""), p.severity != "error", p.code))
