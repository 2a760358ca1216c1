"""The points of a company as ready strings: halves, pillars and criteria with their bars."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from screening.report import charts
from screening.report.figures import listed, open_span, percent, points, told
from screening.report.page import CitationView, citation
from screening.result.records import Band

if TYPE_CHECKING:
    from screening.report.wording import Words
    from screening.result.dossier_records import CriterionResult, HalfResult


@dataclass(frozen=True, slots=True)
class PointsRow:
    """A pillar or a criterion with its bar."""

    label: str
    is_pillar: bool
    value: str
    full: str
    bounds: str
    bar: charts.CriterionBar | None
    described: str
    note: str
    citation: CitationView | None


@dataclass(frozen=True, slots=True)
class HalfView:
    """One half with its rows."""

    id: str
    label: str
    weight: str
    value: str
    bounds: str
    coverage: str
    rows: tuple[PointsRow, ...]


def half_view(half: HalfResult, words: Words) -> HalfView:
    """Return one half in words; bars of one half share one scale."""
    fill = charts.FIT if half.id == "fit" else charts.MERIT
    most = max((p.full for p in half.pillars if p.full is not None), default=Decimal(0))
    rows: list[PointsRow] = []
    for pillar in half.pillars:
        rows.append(
            PointsRow(
                label=told(pillar.label, words.lang),
                is_pillar=True,
                value=points(pillar.band.value),
                full=points(pillar.full),
                bounds=open_span(pillar.band),
                bar=charts.criterion_bar(pillar.full, pillar.band.value, pillar.band.low, pillar.band.high, most, fill),
                described=words(
                    "points.described",
                    value=points(pillar.band.value),
                    full=points(pillar.full),
                    low=points(pillar.band.low),
                    high=points(pillar.band.high),
                ),
                note="",
                citation=None,
            )
        )
        rows.extend(points_row(criterion, most, fill, words) for criterion in pillar.criteria)
    return HalfView(
        id=half.id,
        label=told(half.label, words.lang),
        weight=percent(half.weight),
        value=points(half.band.value),
        bounds=open_span(half.band),
        coverage=percent(half.coverage),
        rows=tuple(rows),
    )


def points_row(criterion: CriterionResult, most: Decimal, fill: str, words: Words) -> PointsRow:
    """Return one criterion in words; `most` points are the full length of a bar."""
    notes = []
    if criterion.reason:
        notes.append(words.of("missing", criterion.reason))
    if criterion.missing:
        notes.append(
            words("points.missing", facts=listed([told(m, words.lang) for m in criterion.missing], words.lang))
        )
    return PointsRow(
        label=told(criterion.label, words.lang),
        is_pillar=False,
        value=points(criterion.value),
        full=points(criterion.full),
        bounds=open_span(Band(criterion.value, criterion.low, criterion.high)),
        bar=charts.criterion_bar(criterion.full, criterion.value, criterion.low, criterion.high, most, fill),
        described=words(
            "points.described",
            value=points(criterion.value),
            full=points(criterion.full),
            low=points(criterion.low),
            high=points(criterion.high),
        ),
        note=("；" if words.lang == "zh" else "; ").join(notes),
        citation=citation(criterion.citation, words),
    )
