"""Text as it is matched: folded code point for code point, so that every offset holds in the stored text.

Lower case, NFKC where it yields one code point, and simplified for traditional characters (Hong Kong and Taiwan forms too).
"""

from __future__ import annotations

import functools
import json
import unicodedata
from typing import TYPE_CHECKING

import polars as pl

from screening.hanzi import KIND, folding
from screening.store import once

if TYPE_CHECKING:
    from collections.abc import Sequence

FILLER = "\ue000"
"""Private-use code point that overwrites exclusions and tails: no term, verb or separator holds it."""

MARK = "\ue001"
"""Private-use code point that stands for a place in a text."""

NOUN = "\ue002"
"""Private-use code point that overwrites a noun in which no verb is to be read."""

OPEN = "\ue003"
"""Private-use code point before a phrase that stands in the opening of prose."""

_REPLACEMENT = "\ufffd"
_SURROGATES = range(0xD800, 0xE000)
_PLANES = (range(0x40000), range(0xE0000, 0xF0000))
"""Beyond these no character is assigned, or none that folds."""
_BLOCK = 256


@functools.cache
def fold_table() -> dict[int, str]:
    """Return the map from a code point to the one it folds to; code points that stay are absent."""
    said = json.loads(once(KIND, ["folded"], lambda: json.dumps(_fold_table(), ensure_ascii=False).encode()))
    return {int(code): character for code, character in said.items()}


def _fold_table() -> dict[int, str]:
    table: dict[int, str] = {}
    for start in (start for plane in _PLANES for start in plane[::_BLOCK] if start not in _SURROGATES):
        block = "".join(map(chr, range(start, start + _BLOCK)))
        # Nearly all blocks stay whole, and looking at a million code points one by one takes longer than a small run.
        if unicodedata.is_normalized("NFKC", block) and block.lower() == block:
            continue
        table.update((ord(character), folded) for character in block if (folded := _folded(character)) != character)
    simplified = folding()
    for code, character in table.items():
        table[code] = simplified.get(character, character)
    table.update((ord(character), simple) for character, simple in simplified.items() if ord(character) not in table)
    # a text must not be able to fake the marks used here
    table.update((ord(mark), _REPLACEMENT) for mark in (FILLER, MARK, NOUN, OPEN))
    return table


def _folded(character: str) -> str:
    wide = unicodedata.normalize("NFKC", character)
    folded = wide if len(wide) == 1 else character
    lower = folded.lower()
    return lower if len(lower) == 1 else folded


def fold(text: str) -> str:
    """Fold a text; the result has as many code points as the text."""
    return text.translate(fold_table())


@functools.cache
def _fold_lists() -> tuple[list[str], list[str]]:
    table = fold_table()
    return [chr(code) for code in table], list(table.values())


def folded(column: str) -> pl.Expr:
    """Return the expression that folds a text column."""
    sources, targets = _fold_lists()
    return pl.col(column).str.replace_many(sources, targets)


def listed(words: Sequence[str]) -> pl.Expr:
    """Return words to look for. Typed: polars takes an empty list for one of no type, and refuses to look for it."""
    return pl.lit(list(words), dtype=pl.List(pl.String))
