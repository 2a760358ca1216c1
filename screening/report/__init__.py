"""Reports: records in, self-contained HTML out. Prints what the result says; computes and reads nothing itself."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screening.report.render import (
        RANKING_ROWS,
        checklist,
        comparison,
        coverage_view,
        render_backtest,
        render_checklist,
        render_comparison,
        render_coverage,
        render_difference,
        render_dossier,
        render_evaluation,
        render_overview,
    )

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


def __getattr__(name: str) -> object:
    """Give the printer of a page to who asks for it: sentences and figures in a terminal need no templates."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.render"), name)
