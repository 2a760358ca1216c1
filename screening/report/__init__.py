"""Reports: records in, self-contained HTML out. Prints what the result says; computes and reads nothing itself."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screening.report.backtest_page import render_backtest
    from screening.report.checklist_page import checklist, render_checklist
    from screening.report.comparison_page import comparison, render_comparison
    from screening.report.coverage_page import coverage_view, render_coverage
    from screening.report.difference_page import render_difference
    from screening.report.dossier_page import render_dossier
    from screening.report.evaluation_page import render_evaluation
    from screening.report.overview_page import RANKING_ROWS, render_overview

__all__ = [
    "RANKING_ROWS",
    "checklist",
    "comparison",
    "coverage_view",
    "render_backtest",
    "render_checklist",
    "render_comparison",
    "render_coverage",
    "render_difference",
    "render_dossier",
    "render_evaluation",
    "render_overview",
]
_PAGES = ("overview", "dossier", "checklist", "comparison", "coverage", "difference", "backtest", "evaluation")


def __getattr__(name: str) -> object:
    """Give the printer of a page to who asks for it: a page loads what it needs, sentences and figures in a terminal no templates."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    page = next((page for page in _PAGES if name.removeprefix("render_").startswith(page)), _PAGES[0])
    return getattr(importlib.import_module(f"{__name__}.{page}_page"), name)
