"""The words of exports and the standard values they stand for, read once from `vocabularies.yaml`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from screening.errors import RunError
from screening.strict_yaml import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

_PUNCTUATION = str.maketrans({"，": ",", "（": "(", "）": ")", "“": "", "”": "", '"': "", "：": ":", "。": ""})


def fold_word(text: str) -> str:
    """Return `text` as it is compared: width, case, spaces, brackets and quotes folded."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).translate(_PUNCTUATION)).casefold()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Folded word → standard value; `contained` words may also stand inside a longer text, longest first."""

    words: Mapping[str, str]
    contained: tuple[tuple[str, str], ...] = ()

    def look_up(self, text: str) -> str | None:
        """Return the value that `text` stands for, or None when no word fits."""
        folded = fold_word(text)
        found = self.words.get(folded)
        if found is not None:
            return found
        return next((value for word, value in self.contained if word in folded), None)


@cache
def _content() -> dict[str, object]:
    text = resources.files("screening.dataset").joinpath("vocabularies.yaml").read_text(encoding="utf-8")
    document = parse(text, "vocabularies.yaml")
    if document.problems:
        raise RunError(document.problems)
    return document.data


@cache
def vocabulary(name: str) -> Vocabulary | None:
    """Return the vocabulary `name`, or None when there is none.

    >>> vocabulary("status").look_up("吊销，未注销")
    'revoked'
    """
    content = _content()
    section = content.get(name)
    if not isinstance(section, dict):
        return None
    words = {fold_word(word): value for value, listed in section.items() for word in listed}
    contained_in = content["contained_in"]
    inside = isinstance(contained_in, list) and name in contained_in
    longest_first = sorted(
        ((w, v) for w, v in words.items() if len(w) > 1 and v != "other"), key=lambda pair: (-len(pair[0]), pair[0])
    )
    return Vocabulary(words, tuple(longest_first) if inside else ())
