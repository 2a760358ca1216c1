"""A difference between two runs as files people open: a page and a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.report import render_difference
from screening.report.difference_page import renamed_rules, same_companies
from screening.report.sheets import Sheets
from screening.report.wording import Words
from screening.result.difference import CAUSES
from screening.run.asked_file import write_asked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from screening.report.wording import Lang
    from screening.result.difference import CompanyChange, Difference

_WIDE, _NARROW = 34, 12
_NAMED = 200
"""Pairs named in one cell, which holds 32,767 characters."""


def write_page(result: Difference, path: Path, lang: Lang) -> None:
    """Write the page. Raises RunError when the file cannot be written."""
    write_asked(path, render_difference(result, lang).encode(), "diff/unwritable")


def write_workbook(result: Difference, path: Path, lang: Lang) -> None:
    """Write one row per company that moved, came or went; shares of the causes are numbers that add up to the whole move.

    Raises RunError when the file cannot be written.
    """
    words = Words(lang)
    book = Sheets()
    keys = ("company", "company_id", "outcome_before", "outcome_after", "decisive", "tier_before", "tier_after")
    numbers = ("score_before", "score_after", "rank_before", "rank_after")
    heads = [words(f"diff.{k}") for k in (*keys, *numbers)]
    heads += [words("diff.share", cause=words.of("cause", c)) for c in CAUSES] + [words("diff.rest"), words("diff.why")]
    columns = [(head, _WIDE if at in (0, len(heads) - 1) else _NARROW, "") for at, head in enumerate(heads)]
    book.sheet(words("nav.changes"), columns, (tuple(_row(c, result, words)) for c in result.changed), frozen=1)
    lists: list[tuple[object, ...]] = [
        (row.name, row.company_id, words.of("outcome", row.outcome), row.rank, words(f"diff.{name}_one"))
        for name, rows in (("entered", result.entered), ("left", result.left))
        for row in rows
    ]
    notes = [*same_companies(result, words, _NAMED)]
    if result.renamed:
        notes += [words("diff.renamed", n=f"{len(result.renamed):,}"), *renamed_rules(result, words)]
    lists += [(), *((note,) for note in notes)] if notes else []
    named = ("company", "company_id", "outcome_after", "rank_after", "cause")
    book.sheet(
        words("nav.lists"), [(words(f"diff.{k}"), _WIDE if k in keys[:2] else _NARROW, "") for k in named], lists
    )
    write_asked(path, book.written(), "diff/unwritable")


def _row(change: CompanyChange, result: Difference, words: Words) -> Iterator[object]:
    yield from (change.name, change.company_id)
    yield from (words.of("outcome", state["outcome"]) for state in (change.before, change.after))
    yield words.of("cause", change.decisive) if change.decisive else None
    yield from (state["tier"] for state in (change.before, change.after))
    yield from ((state["score"], "points") for state in (change.before, change.after))
    yield from (state["rank"] for state in (change.before, change.after))
    shares = {step.cause: step.score for step in change.steps}
    yield from ((shares.get(cause), "moved") for cause in CAUSES)
    yield change.remainder or None, "moved"
    moved = "\n".join(
        f"{_named(m.rule_id, result, words)} [{m.rule_id}] {words.moved(m.rule_id, m.before, result.labels)} → {words.moved(m.rule_id, m.after, result.labels)}"
        for step in change.steps
        for m in step.rules
    )
    # The sheet has one line for all: a search that expired moved the outcome as much as a rule does.
    expired = [_named(gate, result, words) for step in change.steps for gate in step.expired]
    told = [moved, words("diff.expired", gates=words("sign.list").join(expired)) if expired else ""]
    yield "\n".join([*filter(None, told), *([words("diff.unexplained")] if change.unexplained else [])])


def _named(rule_id: str, result: Difference, words: Words) -> str:
    label = result.labels.get(rule_id)
    return label.text(words.lang) if label else words.of("rule", rule_id)
