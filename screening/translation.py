"""What the program says of problems, in Chinese: the catalogue `translation.toml`, by code.

A problem carries its sentence in English, whole, where it is found. The catalogue has, under the code, that sentence with named
places and the Chinese one with the same places: `"the pack has no '{name}'" = "规则包里没有“{name}”"`. The English text is matched
against it, so that a sentence is kept once and nothing said in English is lost. `{name!}` is a place whose own words are looked
up in turn under `[phrases]`. Under `["*"]` stands what several codes share, mostly remedies.
"""

from __future__ import annotations

import functools
import importlib.resources
import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.errors import Problem

Lang = Literal["zh", "en"]

SHARED = "*"
PHRASES = "phrases"
USAGE = "usage"
"""What is said of a mistake on the command line, by click or a command."""
PLACE = re.compile(r"\{(\w+)(!?)\}")
_HEAD = re.compile(r'^\["?([^"\]]+)"?\]$', re.MULTILINE)
_LONGEST = 4_000
"""A text beyond this is no sentence, and is not looked up."""


def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return the sentences by code: English with places → Chinese with the same places."""
    return {section: _section(section) for section in _texts()}


@functools.cache
def _texts() -> dict[str, str]:
    """Return the text of each section: a command says something of a few, and to parse all takes longer than to say it."""
    raw = importlib.resources.files("screening").joinpath("translation.toml").read_text(encoding="utf-8")
    _, *parts = _HEAD.split(raw)
    return dict(zip(parts[::2], parts[1::2], strict=True))


@functools.cache
def _section(name: str) -> dict[str, str]:
    import tomllib  # noqa: PLC0415 - not where nothing is said

    return tomllib.loads(_texts().get(name, ""))


@functools.lru_cache(maxsize=4_096)
def pattern(english: str) -> re.Pattern[str]:
    """Return what matches an English sentence; each place takes as little as it can.

    >>> pattern("the pack has no '{name}'").fullmatch("the pack has no 'gate'")["name"]
    'gate'
    """
    parts: list[str] = []
    end, seen = 0, set[str]()
    for place in PLACE.finditer(english):
        parts.append(re.escape(english[end : place.start()]))
        parts.append(f"(?P={place[1]})" if place[1] in seen else f"(?P<{place[1]}>.*?)")
        seen.add(place[1])
        end = place.end()
    return re.compile("".join([*parts, re.escape(english[end:])]), re.DOTALL)


def chinese(code: str, english: str, labels: Mapping[str, str] | None = None) -> str | None:
    """Return the Chinese for what a problem of this code says or advises, None where the catalogue has none.

    `labels` are words for people of what the English names by id: a page says them in the places of their names.
    """
    if not english or len(english) > _LONGEST:
        return None
    for section in (code, SHARED):
        found = _first(section, english, labels or {})
        if found is not None:
            return found
    return None


def _first(section: str, english: str, labels: Mapping[str, str] | None = None) -> str | None:
    sentences = _section(section)
    if english in sentences and not PLACE.search(english):  # Said whole, before one that fits with a place filled.
        return sentences[english]
    for sentence, translated in sentences.items():
        if english.startswith(sentence.partition("{")[0]) and (found := pattern(sentence).fullmatch(english)):
            return _filled(translated, {**found.groupdict(), **{k: v for k, v in (labels or {}).items() if v}})
    return None


def _filled(translated: str, values: Mapping[str, str]) -> str:
    return PLACE.sub(lambda place: _phrased(values[place[1]]) if place[2] else values[place[1]], translated)


def _phrased(words: str) -> str:
    """Return words that fill a place in Chinese, as they are where the catalogue has none."""
    found = (_first(section, words) for section in (PHRASES, USAGE))
    return next((said for said in found if said is not None), words)


def told(problem: Problem, lang: Lang) -> tuple[str, str]:
    """Return what a problem says and advises in a language; in English where there is no Chinese for it.

    A detail `…_zh` has the Chinese words for what the English says in the place of that name.
    """
    if lang == "en":
        return problem.message, problem.remedy
    labels = {name.removesuffix("_zh"): said for name, said in problem.details if name.endswith("_zh")}
    return (
        chinese(problem.code, problem.message, labels) or problem.message,
        chinese(problem.code, problem.remedy) or problem.remedy,
    )
