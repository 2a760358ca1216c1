"""A single line break between two Han characters: where it cuts a term of the lexicon, it is taken out before matching.

Cells filled from PDF and web pages break lines within words. A break that cuts no term still ends a clause.
"""

from __future__ import annotations

import re

import polars as pl

from screening.engine.fold import listed

_WITHIN = re.compile(r"(?<=[\u3400-\u9fff])\r?\n(?=[\u3400-\u9fff])")

BREAKS = {"company_id": pl.String, "field": pl.String, "at": pl.Int32, "width": pl.Int32}
"""One row per break taken out: `at` is its place in the text without breaks, `width` its code points in the stored text."""


def joined(broken: pl.DataFrame, words: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return those of some folded texts (field, company_id, text) in which a break cuts one of the words, without those breaks, and the
    breaks (`BREAKS`).
    """
    without = pl.Series([_WITHIN.sub("", text) for text in broken["text"]], dtype=pl.String)
    whole = broken.with_columns(without=without).filter(pl.col("without") != pl.col("text"))
    found = whole.with_columns(
        term=pl.col("without").str.extract_many(listed(words), overlapping=True),
        byte=pl.col("without").str.find_many(listed(words), overlapping=True),
    )
    breaks: list[tuple[str, str, int, int]] = []
    mended: list[tuple[str, str, str]] = []
    for field, company_id, text, no_breaks, terms, places in found.iter_rows():
        cuts = _cuts(text, no_breaks, terms, places)
        if not cuts:
            continue
        past, pieces, removed = 0, [], 0
        for start, end in cuts:
            pieces.append(text[past:start])
            breaks.append((company_id, field, start - removed, end - start))
            removed += end - start
            past = end
        mended.append((field, company_id, "".join((*pieces, text[past:]))))
    return pl.DataFrame(mended, schema=broken.schema, orient="row"), pl.DataFrame(breaks, schema=BREAKS, orient="row")


def _cuts(text: str, without: str, terms: list[str], places: list[int]) -> list[tuple[int, int]]:
    """Return the breaks (start, end in `text`) that lie inside a term found in the text without breaks."""
    if not terms:
        return []
    encoded = without.encode()
    inside: set[int] = set()
    for term, byte in zip(terms, places, strict=True):
        start = len(encoded[:byte].decode())
        inside.update(range(start + 1, start + len(term)))
    cuts, removed = [], 0
    for match in _WITHIN.finditer(text):
        if match.start() - removed in inside:
            cuts.append(match.span())
        removed += match.end() - match.start()
    return cuts
