"""A back-test as files people open: a page and a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.report import render_backtest
from screening.report.backtest_page import drift_lines, group_name, summary_lines, warning_lines
from screening.report.printer import printer
from screening.report.sheets import Sheets
from screening.run.asked_file import write_asked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from screening.report.printer import Printer
    from screening.report.sheets import Column
    from screening.report.wording import Lang
    from screening.result.backtest import Backtest, Drift

_WIDE, _NARROW = 60, 14
_KINDS = {"name": "", "group": "", "drift_title": "", "lift": "points"}
_NAMES, _COUNTS = 2, 4
"""The first columns name a group, the next count companies; what follows are shares."""
_UNWRITABLE = "backtest/unwritable"


def write_page(found: Backtest, path: Path, lang: Lang) -> None:
    """Write the page. Raises RunError when the file cannot be written."""
    write_asked(path, render_backtest(found, lang).encode(), _UNWRITABLE)


def write_workbook(found: Backtest, path: Path, lang: Lang) -> None:
    """Write the finding in words, one row per group, and the drift where an earlier run was given; shares are numbers.

    Raises RunError when the file cannot be written.
    """
    p = printer(lang, found.run)
    w = p.words
    book = Sheets()
    says = [*summary_lines(found, p), *warning_lines(found, p), *(drift_lines(found.drift, p) if found.drift else ())]
    says += [w("backtest.unmatched") + w("sign.colon") + each for each in found.unmatched]
    book.sheet(w("nav.summary"), [(w("nav.summary"), 2 * _WIDE, "")], [[line] for line in says], frozen=0)
    groups = ("group", "name", "companies", "good", "share", "low", "high", "lift")
    book.sheet(w("backtest.groups"), _columns(groups, p), _groups(found, p), frozen=0)
    if found.drift is not None:
        drift = ("drift_title", "name", "before", "after", "before_share", "after_share")
        book.sheet(w("backtest.drift_title"), _columns(drift, p), _drift(found.drift, p), frozen=0)
    write_asked(path, book.written(), _UNWRITABLE)


def _columns(keys: Sequence[str], p: Printer) -> list[Column]:
    return [
        (
            p.words(f"backtest.{key}"),
            _WIDE // 2 if at < _NAMES else _NARROW,
            _KINDS.get(key, "ratio" if at >= _COUNTS else "whole"),
        )
        for at, key in enumerate(keys)
    ]


def _groups(found: Backtest, p: Printer) -> Iterator[tuple[str | float | None, ...]]:
    for kind, groups in (("tiers", (found.all, *found.tiers)), ("fifths", found.fifths), ("outcomes", found.outcomes)):
        for g in groups:
            low, high = g.between or (None, None)
            yield p.words(f"backtest.{kind}"), group_name(g, kind, p), g.companies, g.good, g.share, low, high, g.lift


def _drift(moved: Drift, p: Printer) -> Iterator[tuple[str | float | None, ...]]:
    for kind, bands in (("drift_bands", moved.bands), ("drift_tiers", moved.tiers)):
        for b in bands:
            shares = (n / whole if whole else None for n, whole in ((b.before, moved.before), (b.after, moved.after)))
            yield p.words(f"backtest.{kind}"), b.id or p.words("backtest.no_tier"), b.before, b.after, *shares
