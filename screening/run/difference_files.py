"""A difference between two runs as files people open: a page and a workbook."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import xlsxwriter

from screening.report import render_difference
from screening.report.difference_page import renamed_rules, same_companies
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
    content = io.BytesIO()
    with xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
        points = book.add_format({"num_format": "+0.00;-0.00;0.00"})
        sheet = book.add_worksheet(words("nav.changes"))
        for column, header in enumerate(_headers(words)):
            sheet.write_string(0, column, header, head)
            sheet.set_column(column, column, _WIDE if column in (0, len(_headers(words)) - 1) else _NARROW)
        for number, change in enumerate(result.changed, 1):
            for column, value in enumerate(_row(change, result, words)):
                if isinstance(value, str):
                    sheet.write_string(number, column, value)
                elif value is not None:
                    sheet.write_number(number, column, value, points if isinstance(value, float) else None)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(result.changed), len(_headers(words)) - 1)
        lists = book.add_worksheet(words("nav.lists"))
        lists.set_column(0, 1, _WIDE)
        listed = [(name, row) for name, rows in (("entered", result.entered), ("left", result.left)) for row in rows]
        for column, key in enumerate(("company", "company_id", "outcome_after", "rank_after")):
            lists.write_string(0, column, words(f"diff.{key}"), head)
        lists.write_string(0, 4, words("diff.cause"), head)
        for number, (name, row) in enumerate(listed, 1):
            for column, text in enumerate((row.name, row.company_id, words.of("outcome", row.outcome))):
                lists.write_string(number, column, text)
            if row.rank is not None:
                lists.write_number(number, 3, row.rank)
            lists.write_string(number, 4, words(f"diff.{name}_one"))
        notes = [*same_companies(result, words, _NAMED)]
        if result.renamed:
            notes += [words("diff.renamed", n=f"{len(result.renamed):,}"), *renamed_rules(result, words)]
        for number, note in enumerate(notes, len(listed) + 2):
            lists.write_string(number, 0, note)
    write_asked(path, content.getvalue(), "diff/unwritable")


def _headers(words: Words) -> list[str]:
    keys = ("company", "company_id", "outcome_before", "outcome_after", "decisive", "tier_before", "tier_after")
    numbers = ("score_before", "score_after", "rank_before", "rank_after")
    return [
        *(words(f"diff.{k}") for k in (*keys, *numbers)),
        *(words("diff.share", cause=words.of("cause", c)) for c in CAUSES),
        words("diff.rest"),
        words("diff.why"),
    ]


def _row(change: CompanyChange, result: Difference, words: Words) -> Iterator[str | float | int | None]:
    yield from (change.name, change.company_id)
    yield from (words.of("outcome", state["outcome"]) for state in (change.before, change.after))
    yield words.of("cause", change.decisive) if change.decisive else None
    yield from (state["tier"] for state in (change.before, change.after))
    # Scores have two decimals: a double holds them as they are written.
    yield from (None if state["score"] is None else float(state["score"]) for state in (change.before, change.after))
    yield from (state["rank"] for state in (change.before, change.after))
    shares = {step.cause: step.score for step in change.steps}
    yield from (float(share) if (share := shares.get(cause)) is not None else None for cause in CAUSES)
    yield float(change.remainder) if change.remainder else None
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
