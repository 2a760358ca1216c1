"""The words of the pages in both languages, read from `labels.toml`. Words of rules come from the pack, not from here."""

from __future__ import annotations

import functools
import importlib.resources
import json
import re
import tomllib
from typing import TYPE_CHECKING, Literal

from screening.errors import RunError, did_you_mean
from screening.store import once

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.result.records import Text

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")
COMPANY = ("企业", "company")
LABELS = "labels.toml"
_ENTITY = re.compile(r"\b[Cc]ompan(?:y|ies)\b")


def _as_found(word: str, entity: str) -> str:
    """Return the entity in the number and case of the word it stands for."""
    named = f"{entity}s" if word.endswith("ies") else entity
    return named[:1].upper() + named[1:] if word[0] == "C" else named


@functools.cache
def _catalogue() -> dict[str, tuple[str, str]]:
    said: dict[str, list[str]] = json.loads(once("words", [], _read))
    return {key: (zh, en) for key, (zh, en) in said.items()}


def _read() -> bytes:
    """Return the file as JSON, which is read ten times as fast."""
    raw = importlib.resources.files("screening.report").joinpath(LABELS).read_text(encoding="utf-8")
    sections = tomllib.loads(raw).items()
    return json.dumps(
        {f"{section}.{key}": pair for section, entries in sections for key, pair in entries.items()}
    ).encode()


_NOUNS = [
    "companies",
    "criteria",
    "branches",
    "holdings",
    "gates",
    "scales",
    "rows",
    "others",
    "notes",
    "items",
    "edits",
    "differences",
    "facts",
    "points",
    "persons",
    "years",
    "months",
    "days",
    "measures",
    "questions",
    "rules",
    "rounds",
    "patents",
    "columns",
    "directions",
    "tables",
    "draws",
    "funds",
    "projects",
    "terms",
    "places",
    "programmes",
    "clauses",
]
_VERBS = {
    "were": "was", "are": "is", "have": "has", "need": "needs", "meet": "meets", "match": "matches", "lack": "lacks", "wait": "waits",
    "pass": "passes", "stand": "stands",
}  # fmt: skip
_ONE = re.compile(
    r"(?<![\w.,:–−-])1 (?=\w+)((?:more|other|further|rejecting|ranked|short-listed|clean|named) )?"
    rf"(?:({'|'.join(_NOUNS)})\b)?(?:( ?)({'|'.join(_VERBS)})\b)?"
)


def singular(text: str) -> str:
    """Return an English sentence of ours in which one of something is told as one.

    >>> singular("1 companies were read, 11 rows; 1 more are listed")
    '1 company was read, 11 rows; 1 more is listed'
    """

    def one(found: re.Match[str]) -> str:
        adjective, noun, blank, verb = (part or "" for part in found.groups())
        irregular = {"companies": "company", "criteria": "criterion", "branches": "branch"}
        return f"1 {adjective}{irregular.get(noun, noun[:-1])}{blank}{_VERBS.get(verb, '')}"

    return _ONE.sub(one, text)


@functools.lru_cache(maxsize=8)
def _texts(lang: Lang, entity: tuple[str, str]) -> Mapping[str, str]:
    """Return the catalogue in one language, for what a pack screens."""
    side = 1 if lang == "en" else 0
    own = {key: pair[side] for key, pair in _catalogue().items()}
    if entity == COMPANY:
        return own
    if lang == "zh":
        return {key: text.replace(COMPANY[0], entity[0]) for key, text in own.items()}
    return {key: _ENTITY.sub(lambda m: _as_found(m[0], entity[1]), text) for key, text in own.items()}


class Words:
    """The catalogue in one language. `words("funnel.title")` is a sentence, with `{name}` places filled by keywords.

    `entity` is what the pack screens (zh, en): a pack of funds speaks of funds wherever the catalogue says companies.
    """

    def __init__(self, lang: Lang, entity: tuple[str, str] = COMPANY) -> None:
        self.lang, self.texts = lang, _texts(lang, entity)

    def __call__(self, key: str, **values: object) -> str:
        """Return the words of `key`. Raises RunError when the catalogue has no such key."""
        text = self.texts.get(key)
        if text is None:
            raise RunError(f"the label catalogue has no '{key}'; {did_you_mean(key, self.texts)}")
        if not values:
            return text
        told = text.format(**values)
        return singular(told) if self.lang == "en" and "1 " in told else told

    def shared(self, key: str) -> bool:
        """Tell whether the words of `key` are the same whatever a pack screens."""
        zh, en = _catalogue().get(key, COMPANY)
        return COMPANY[0] not in zh and not _ENTITY.search(en)

    def of(self, section: str, identifier: str | None) -> str:
        """Return the word for an id of a vocabulary; an id the catalogue does not know is shown as it is."""
        text = self.texts.get(f"{section}.{identifier}")
        return identifier or self("sign.none") if text is None else text

    def moved(self, rule_id: str, state: str, names: Mapping[str, Text]) -> str:
        """Return what a rule gave, as a comparison of runs keeps it: points, a gate's status, a direction with its grade, the
        values of an axis, or that the rule was not there. `names` words directions and values of axes as `rule.id`.
        """

        def named(value: str) -> str:
            label = names.get(f"{rule_id}.{value}")
            return label.text(self.lang) if label else value

        if rule_id == "classification":
            direction, _, grade = state.rpartition(" ")
            word = self.of("outcome" if grade == "direction_open" else "grade", grade)
            return word if direction in ("", "None") else f"{named(direction)} {word}"
        if state == "None":
            return self("moved.absent")
        if rule_id == "verdict":
            outcome, _, tier = state.partition(" ")
            return f"{self.of('outcome', outcome)} {tier}".strip()
        if rule_id in names and any(name.startswith(f"{rule_id}.") for name in names):
            return self("sign.list").join(named(value) for value in state.split(","))
        return self.of("gate_status", self.of("moved", state))
