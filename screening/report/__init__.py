"""Reports: records in, self-contained HTML out. Prints what the result says; computes and reads nothing itself."""

from screening.report.render import (
    RANKING_ROWS,
    checklist,
    comparison,
    coverage_view,
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
    "render_checklist",
    "render_comparison",
    "render_coverage",
    "render_difference",
    "render_dossier",
    "render_evaluation",
    "render_overview",
]
