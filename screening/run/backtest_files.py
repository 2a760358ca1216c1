"""A back-test as files people open: a page and a workbook."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import xlsxwriter

from screening.report import render_backtest
from screening.report.backtest_page import drift_lines, group_name, summary_lines, warning_lines
from screening.report.printer import printer
from screening.run.asked_file import write_asked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from screening.report.printer import Printer
    from screening.report.wording import Lang
    from screening.result.backtest import Backtest, Drift

_WIDE, _NARROW = 60, 14
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
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
        ratio = book.add_format({"num_format": "0.0%"})
        lift = book.add_format({"num_format": "0.00"})
        kinds = ("group", "name", "companies", "good", "share", "low", "high", "lift")
        drift = ("drift_title", "name", "before", "after", "before_share", "after_share")
        sheets: list[tuple[str, tuple[str, ...], list[tuple[str | float | None, ...]]]] = [
            (w("backtest.groups"), kinds, list(_groups(found, p)))
        ]
        if found.drift is not None:
            sheets.append((w("backtest.drift_title"), drift, list(_drift(found.drift, p))))
        told = book.add_worksheet(w("nav.summary"))
        told.set_column(0, 0, _WIDE * 2)
        says = [
            *summary_lines(found, p),
            *warning_lines(found, p),
            *(drift_lines(found.drift, p) if found.drift else ()),
        ]
        says += [w("backtest.unmatched") + w("sign.colon") + each for each in found.unmatched]
        for number, line in enumerate(says):
            told.write_string(number, 0, line)
        for title, keys, rows in sheets:
            sheet = book.add_worksheet(title)
            sheet.set_column(0, len(keys), _NARROW)
            sheet.set_column(0, 1, _WIDE // 2)
            for column, key in enumerate(keys):
                sheet.write_string(0, column, w(f"backtest.{key}"), head)
            for number, row in enumerate(rows, 1):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(number, column, value)
                    elif isinstance(value, int):
                        sheet.write_number(number, column, value)
                    elif value is not None:
                        sheet.write_number(number, column, value, lift if keys[column] == "lift" else ratio)
            sheet.freeze_panes(1, 0)
    write_asked(path, content.getvalue(), _UNWRITABLE)


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
