"""Texts with their hits as segments: overlapping spans are cut at every border, and each segment shows its best grade."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

from screening.report.figures import TEXT_LENGTH, plain, whole
from screening.result.contract import GRADES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.report.printer import Printer
    from screening.result.company import EvidenceText, Span

MASKED = "masked"
_STYLES = (*GRADES, MASKED)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


Segment = tuple[str, str, str, str]
"""A run of text, its style (empty for plain text), the letters of its directions, and what is said of it."""
Told = tuple[str, list[Segment], str]
"""One text of the company: its label, the text with its hits, what was cut off."""

AROUND = 18
"""Characters shown on either side of a hit in a snippet."""


class Snippet(NamedTuple):
    """A hit with the words around it."""

    field: str
    before: str
    hit: str
    after: str
    style: str
    spoken: str


def snippets(texts: Sequence[EvidenceText], p: Printer, most: int = 6) -> tuple[Snippet, ...]:
    """Return the best hits with their surroundings, one for each term, core evidence first."""
    found: dict[str, tuple[int, Snippet]] = {}
    for text in texts:
        for span in text.spans:
            grade = _STYLES.index(style(span))
            if span.term in found and found[span.term][0] <= grade:
                continue
            start, end = max(span.start - AROUND, 0), span.end + AROUND
            found[span.term] = (
                grade,
                Snippet(
                    p.told(text.label, 20),
                    ("…" if start else "") + plain(text.text[start : span.start]),
                    plain(text.text[span.start : span.end]),
                    plain(text.text[span.end : end]) + ("…" if end < len(text.text) else ""),
                    style(span),
                    p.listed([p.told(span.direction, 40), p.word("mark", style(span))]),
                ),
            )
    return tuple(snippet for _, snippet in sorted(found.values(), key=lambda item: item[0])[:most])


def style(span: Span) -> str:
    """Return the style of a span: its grade, or `masked` for what was blotted out before matching."""
    if span.kind.startswith("mask") or span.grade == MASKED:
        return MASKED
    return span.grade if span.grade in GRADES else "unknown"


def evidence(
    texts: Sequence[EvidenceText], p: Printer, length: int = TEXT_LENGTH
) -> tuple[list[Told], list[tuple[str, str, str]], list[tuple[str, str]]]:
    """Return the texts with hits, of each `length` characters at most; the letters of directions with label and id; the styles that occur."""
    letters: dict[str, tuple[str, str]] = {}
    found: set[str] = set()
    for text in texts:
        for span in sorted(text.spans, key=lambda s: (_STYLES.index(style(s)), s.start)):
            found.add(style(span))
            if style(span) != MASKED and span.direction_id not in letters and len(letters) < len(_LETTERS):
                letters[span.direction_id] = (_LETTERS[len(letters)], p.told(span.direction, 40))
    return (
        [_text(text, letters, p, length) for text in texts if text.text],
        [(letter, label, direction_id) for direction_id, (letter, label) in letters.items()],
        [(s, p.word("mark", s)) for s in _STYLES if s in found],
    )


def _text(text: EvidenceText, letters: dict[str, tuple[str, str]], p: Printer, length: int) -> Told:
    shown = text.text[:length]
    spans = [s for s in text.spans if 0 <= s.start < s.end <= len(shown)]
    borders = sorted({0, len(shown), *(s.start for s in spans), *(s.end for s in spans)})
    segments: list[Segment] = []
    for start, end in itertools.pairwise(borders):
        over = [s for s in spans if s.start <= start and s.end >= end]
        if not over:
            segments.append((plain(shown[start:end]), "", "", ""))
            continue
        best = min(over, key=lambda s: _STYLES.index(style(s)))
        closing = [s for s in over if s.end == end and s.direction_id in letters]
        refs = "".join(sorted({letters[s.direction_id][0] for s in closing}))
        activity = p.word("activity", best.activity) if best.activity else ""
        if best.activity_label:
            activity = p.told(best.activity_label, 60)
        named = p.told(best.direction, 40) if style(best) != MASKED else ""
        spoken = " ".join(part for part in (named, p.word("mark", style(best)), activity) if part)
        segments.append((plain(shown[start:end]), style(best), refs, spoken))
    rest = len(text.text) - len(shown)
    return (
        p.told(text.label),
        segments,
        p.words("evidence.cut", shown=whole(len(shown)), rest=whole(rest)) if rest > 0 else "",
    )
