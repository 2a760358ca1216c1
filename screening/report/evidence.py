"""Texts with their hits as segments: overlapping spans are cut at every border, and each segment shows its best grade."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from screening.report.figures import TEXT_LENGTH, plain, told, whole
from screening.result.contract import GRADES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.report.wording import Words
    from screening.result.dossier_records import EvidenceText, Span

MASKED = "masked"
_STYLES = (*GRADES, MASKED)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text. `style` is empty for plain text; `refs` are the letters of its directions."""

    text: str
    style: str
    refs: str
    spoken: str


@dataclass(frozen=True, slots=True)
class TextView:
    """One text of the company with its hits."""

    label: str
    segments: tuple[Segment, ...]
    cut: str


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """All texts, the letters of the directions, and the styles that occur."""

    texts: tuple[TextView, ...]
    letters: tuple[tuple[str, str, str], ...]
    styles: tuple[tuple[str, str], ...]


def style(span: Span) -> str:
    """Return the style of a span: its grade, or `masked` for what was blotted out before matching."""
    if span.kind.startswith("mask") or span.grade == MASKED:
        return MASKED
    return span.grade if span.grade in GRADES else "unknown"


def evidence(texts: Sequence[EvidenceText], words: Words, length: int = TEXT_LENGTH) -> EvidenceView:
    """Return the texts with hits; of each, `length` characters at most."""
    letters: dict[str, tuple[str, str]] = {}
    found: set[str] = set()
    for text in texts:
        for span in sorted(text.spans, key=lambda s: (_STYLES.index(style(s)), s.start)):
            found.add(style(span))
            if style(span) != MASKED and span.direction_id not in letters and len(letters) < len(_LETTERS):
                letters[span.direction_id] = (_LETTERS[len(letters)], told(span.direction, words.lang, 40))
    return EvidenceView(
        texts=tuple(_text(text, letters, words, length) for text in texts if text.text),
        letters=tuple((letter, label, direction_id) for direction_id, (letter, label) in letters.items()),
        styles=tuple((s, words.of("mark", s)) for s in _STYLES if s in found),
    )


def _text(text: EvidenceText, letters: dict[str, tuple[str, str]], words: Words, length: int) -> TextView:
    shown = text.text[:length]
    spans = [s for s in text.spans if 0 <= s.start < s.end <= len(shown)]
    borders = sorted({0, len(shown), *(s.start for s in spans), *(s.end for s in spans)})
    segments = []
    for start, end in itertools.pairwise(borders):
        over = [s for s in spans if s.start <= start and s.end >= end]
        if not over:
            segments.append(Segment(plain(shown[start:end]), "", "", ""))
            continue
        best = min(over, key=lambda s: _STYLES.index(style(s)))
        closing = [s for s in over if s.end == end and s.direction_id in letters]
        refs = "".join(sorted({letters[s.direction_id][0] for s in closing}))
        activity = words.of("activity", best.activity) if best.activity else ""
        named = told(best.direction, words.lang, 40) if style(best) != MASKED else ""
        spoken = " ".join(part for part in (named, words.of("mark", style(best)), activity) if part)
        segments.append(Segment(plain(shown[start:end]), style(best), refs, spoken))
    rest = len(text.text) - len(shown)
    return TextView(
        label=told(text.label, words.lang),
        segments=tuple(segments),
        cut=words("evidence.cut", shown=whole(len(shown)), rest=whole(rest)) if rest > 0 else "",
    )
