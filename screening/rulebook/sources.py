"""The law-to-score chain: does each clause open as the pack says, and does each quote stand in its clause? No I/O.

Text and pack are compared after NFKC with white space dropped, because copies of one document differ in the width of
their punctuation and in no-break spaces, but not in their words.
"""

from __future__ import annotations

import difflib
import hashlib
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from screening.errors import Problem, did_you_mean
from screening.rulebook.ground import Source, parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from screening.rulebook.model import Clause, RulePack
    from screening.strict_yaml import Document

Path_ = tuple[str | int, ...]

SHOWN = 60
"""Longest excerpt in a message, in characters."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the text that is not blank: its number, counted from 1, and its folded words."""

    line: int
    words: str


def check_sources(document: Document, pack: RulePack, text: str) -> list[Problem]:
    """Return every clause that does not open as stated and every quote that is not in its clause, located in the pack.

    `text` is the plan, one paragraph a line, decoded from UTF-8 without translating line ends. Sources that cite another
    document are not looked up. An empty list means that the whole chain holds.
    """
    problems = _changed_text(document, pack, text)
    paragraphs = [Paragraph(number, words) for number, line in enumerate(text.splitlines(), 1) if (words := fold(line))]
    found: dict[str, Paragraph] = {}
    for clause_id, clause in pack.clauses.items():
        problem, paragraph = _find(document, clause_id, clause, paragraphs)
        if problem is not None:
            problems.append(problem)
        if paragraph is not None:
            found[clause_id] = paragraph
    for path, source in sources(pack):
        if not source.document:
            problems.extend(_check_quote(document, pack, path, source, found))
    return problems


def fold(text: str) -> str:
    """Return the words of `text` alone: NFKC, without any white space.

    >>> fold(" AI＋生物医药 (首台（套）)")
    'AI+生物医药(首台(套))'
    """
    words = "".join(unicodedata.normalize("NFKC", text).split())
    return unicodedata.normalize("NFKC", words)  # A mark may have met its letter when the space between them went.


def sources(pack: RulePack) -> Iterator[tuple[Path_, Source]]:
    """Yield every source in a pack with its path; that of a risk is its gate's."""
    for path, part in parts(pack):
        if isinstance(part, Source) and path[0] != "risks":
            yield path, part


def _changed_text(document: Document, pack: RulePack, text: str) -> list[Problem]:
    expected = pack.pack.authority.sha256 if pack.pack.authority else ""
    actual = hashlib.sha256(text.encode("utf-8")).hexdigest()
    if not expected or actual == expected.lower():
        return []
    return [
        document.problem(
            "source/other-text",
            f"the text has sha256 {actual[:12]}…, the pack was made from {expected[:12]}…",
            ("pack", "authority", "sha256"),
            severity="warning",
            remedy="if every quote below still holds, another copy was given; else the document was changed",
        )
    ]


def _find(
    document: Document,
    clause_id: str,
    clause: Clause,
    paragraphs: list[Paragraph],
) -> tuple[Problem | None, Paragraph | None]:
    """Return the paragraph that opens with the clause's words, or the problem; a moved line is only a warning."""
    path = ("clauses", clause_id, "opening")
    opening = fold(clause.opening)
    matches = [p for p in paragraphs if p.words.startswith(opening)]
    if not matches:
        closest = _closest([p.words[: len(opening)] for p in paragraphs], opening)
        return document.problem(
            "source/no-opening",
            f"no paragraph opens with '{_short(clause.opening)}'",
            path,
            remedy=f"the closest opening is '{_short(closest)}'" if closest else "copy the opening words from the text",
        ), None
    if len(matches) > 1:
        lines = ", ".join(str(p.line) for p in matches[:5])
        return document.problem(
            "source/ambiguous-opening",
            f"{len(matches)} paragraphs open with '{_short(clause.opening)}' (lines {lines})",
            path,
            remedy="write more of the opening words",
        ), None
    paragraph = matches[0]
    if clause.line is not None and clause.line != paragraph.line:
        return document.problem(
            "source/moved",
            f"clause {clause_id} stands in line {paragraph.line}, not {clause.line}",
            ("clauses", clause_id, "line"),
            severity="warning",
            remedy=f"write line: {paragraph.line}",
        ), paragraph
    return None, paragraph


def _check_quote(
    document: Document, pack: RulePack, path: Path_, source: Source, found: Mapping[str, Paragraph]
) -> Iterator[Problem]:
    if source.clause not in pack.clauses:
        yield document.problem(
            "source/unknown-clause",
            f"there is no clause '{source.clause}'",
            (*path, "clause"),
            remedy=did_you_mean(source.clause, pack.clauses) or "the clauses are in clauses.yaml",
        )
        return
    paragraph = found.get(source.clause)
    if paragraph is None:
        return  # Its opening is already reported; one cause, one problem.
    quote = fold(source.quote)
    if quote in paragraph.words:
        return
    elsewhere = [clause_id for clause_id, other in found.items() if quote in other.words]
    if elsewhere:
        remedy = f"these words stand in clause {', '.join(elsewhere[:3])}"
    else:
        nearest = _nearest(paragraph.words, quote)
        remedy = f"the nearest passage reads '{nearest}'" if nearest else f"nothing in line {paragraph.line} is like it"
    yield document.problem(
        "source/quote-not-found",
        f"clause {source.clause} does not say '{_short(source.quote)}'",
        (*path, "quote"),
        remedy=remedy,
    )


def _nearest(words: str, quote: str) -> str:
    """Return the passage of `words` most like `quote`, empty when they share nothing of note."""
    # Common characters must count: autojunk would drop 的, 、 and 产 from a paragraph of more than 200 characters.
    matcher = difflib.SequenceMatcher(None, words, quote, autojunk=False)
    longest = matcher.find_longest_match()
    if longest.size < min(4, len(quote)):
        return ""
    starts = {max(block.a - block.b, 0) for block in matcher.get_matching_blocks() if block.size} | {
        max(longest.a - longest.b, 0)
    }
    windows = [words[start : start + len(quote)] for start in sorted(starts)]
    return _closest(windows, quote) or windows[0]


def _closest(candidates: list[str], wanted: str) -> str:
    found = difflib.get_close_matches(wanted, [c for c in candidates if c], n=1, cutoff=0.5)
    return found[0] if found else ""


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
