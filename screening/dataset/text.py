"""Text cells: what is stripped, what counts as empty, and how texts are folded before they are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from screening.dataset.vocabulary import vocabulary
from screening.hanzi import folding

if TYPE_CHECKING:
    from collections.abc import Callable

# C0 and C1 controls (but tab and line ends), bidi overrides and isolates, zero-width marks, the byte-order mark.
CONTROLS = (
    r"[\x{00}-\x{08}\x{0B}\x{0C}\x{0E}-\x{1F}\x{7F}-\x{9F}\x{200B}\x{200E}\x{200F}\x{202A}-\x{202E}"
    r"\x{2060}\x{2066}-\x{2069}\x{FEFF}]"
)
MAX_CELL = 100_000
_LONGEST_WORD = 60


def clean(cells: pl.Series, *, one_line: bool = False) -> pl.Series:
    """Strip controls and outer white space; an empty cell becomes NULL. The rest stays code point for code point.

    With `one_line`, inner white space, line ends too, becomes one space: for names and other short texts.
    """
    if cells.str.contains(CONTROLS).any():
        cells = cells.str.replace_all(CONTROLS, "")
    cells = cells.str.strip_chars()
    if one_line and cells.str.contains(r"\s\s|[^\S ]").any():
        cells = cells.str.replace_all(r"\s+", " ")
    return pl.select(pl.when(cells != "").then(cells)).to_series().alias(cells.name)


def fold(cells: pl.Expr) -> pl.Expr:
    """Fold width and drop all white space, for parsing; never stored."""
    return cells.str.normalize("NFKC").str.replace_all(r"\s+", "")


def simplified(cells: pl.Expr) -> pl.Expr:
    """Return texts with traditional characters folded to simplified ones, of the same length; for matching, never stored."""
    pairs = folding()
    return cells.str.replace_many(list(pairs), list(pairs.values()))


def missing_reason(cells: pl.Expr) -> pl.Expr:
    """Return why a cleaned cell holds nothing: a reason, or NULL when it may hold something (or is NULL itself)."""
    known = vocabulary("missing")
    assert known is not None
    # Only a short cell that begins as such a word does can be one; folding every cell would cost more than all the rest.
    short = pl.when(cells.str.len_bytes() <= _LONGEST_WORD).then(cells)
    begins = short.str.strip_chars_start().str.head(1).str.normalize("NFKC").str.to_lowercase().str.head(1)
    folded = fold(pl.when(begins.is_in(sorted({word[0] for word in known.words}))).then(short)).str.to_lowercase()
    return folded.replace_strict(dict(known.words), default=None, return_dtype=pl.String)


def map_unique(cells: pl.Series, function: Callable[[str], Any], dtype: Any = pl.String) -> pl.Series:
    """Apply `function` once per distinct text; NULL stays NULL."""
    distinct = cells.drop_nulls().unique()
    if distinct.is_empty():
        return pl.Series(cells.name, [None] * len(cells), dtype=dtype)
    mapping = {text: function(text) for text in distinct.to_list()}
    answers = pl.Series([mapping[text] for text in distinct.to_list()], dtype=dtype)
    return cells.replace_strict(distinct, answers, default=None, return_dtype=dtype).alias(cells.name)
