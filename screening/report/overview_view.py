"""The overview as ready strings in one language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from screening.report import charts, findings
from screening.report import plane as planes
from screening.report.figures import listed, percent, share, told, whole
from screening.report.heat import HeatView, heat
from screening.report.levers import LeversView, levers
from screening.report.page import NO_LINKS, Links, PageView, page
from screening.report.quality_view import QualityView, quality
from screening.report.ranking_view import RankingView, head, ranking
from screening.result.contract import IN_SCOPE, OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from screening.report.printer import Printer
    from screening.report.wording import Words
    from screening.result.overview import Bin, Overview, RankedCompany, RuleTally

CROSSES = 10
HEAD = 10
STACK_WIDTH = 220
FUNNEL_WIDTH = 360


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One step from all rows to an outcome."""

    label: str
    note: str
    count: str
    share: str
    bars: tuple[charts.Bar, ...]
    described: str
    kind: str


@dataclass(frozen=True, slots=True)
class GateRow:
    """One gate with its counts."""

    label: str
    effect: str
    passed: str
    failed: str
    unknown: str
    not_applicable: str
    bars: tuple[charts.Bar, ...]
    described: str
    citation: str


@dataclass(frozen=True, slots=True)
class TierTable:
    """The fit x merit matrix as a table: head of merit steps, then (fit step, tiers)."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class OverviewView:
    """Everything the overview template prints."""

    page: PageView
    sections: tuple[str, ...]
    entity: str
    summary: tuple[str, ...]
    alerts: tuple[findings.Alert, ...]
    top: RankingView
    funnel: tuple[FunnelStep, ...]
    outcomes: tuple[FunnelStep, ...]
    gates: tuple[GateRow, ...]
    not_run: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    idle: tuple[tuple[str, str, tuple[RuleTally, ...]], ...]
    plane: planes.Plane | None
    drawn: tuple[RankedCompany, ...]
    plane_text: str
    plane_note: str
    tiers: TierTable | None
    histogram: charts.Histogram | None
    histogram_title: str
    histogram_text: str
    legend: tuple[tuple[str, str], ...]
    heat: HeatView
    rush: str
    waiting_rest: str
    outside: str
    ranking: RankingView
    what_if: LeversView
    quality: QualityView
    method: tuple[str, ...]


def overview_view(overview: Overview, p: Printer, limit: int, links: Links = NO_LINKS) -> OverviewView:
    """Return the overview in words; at most `limit` rows of the ranking are shown."""
    words = p.words
    counts = findings.counts(overview)
    halves = len(overview.verdict.weights) > 1
    known = findings.merit_known(overview)
    chart, chart_title = overview.histogram, words("dist.score")
    if not any(b.count for b in chart) or not known:
        chart, chart_title = overview.fit_histogram, words("dist.fit")
    present = [o for o in OUTCOMES if any(b.outcome == o and b.count for b in chart)]
    first = [c for c in overview.ranking if c.rank is not None][:CROSSES]
    plane = None
    if known and halves and overview.plane:
        plane = planes.plane(overview.plane, overview.plane_step, first, overview.verdict.tiers)
    rest = counts.get("review", 0) + counts.get("direction_open", 0) - len(overview.waiting)
    return OverviewView(
        page=page(overview.run, overview.title.text(words.lang), _subtitle(overview, words), p, links),
        sections=_sections(overview),
        entity=p.told(overview.run.entity),
        summary=findings.summary(overview, p),
        alerts=findings.alerts(overview, p),
        top=head(overview.ranking[:HEAD], overview.head_terms, p, links.suffix, halves=halves),
        funnel=_funnel(overview, p),
        outcomes=_outcomes(overview, counts, words),
        gates=tuple(_gate(gate, p) for gate in overview.gates if gate.status != "not_run"),
        not_run=_not_run(overview, p),
        idle=_idle(overview, p),
        plane=plane,
        drawn=tuple(c for c in first if c.fit.value is not None and c.merit.value is not None) if plane else (),
        plane_text=words("plane.text", n=len(plane.crosses)) if plane else "",
        plane_note="" if known else words("plane.unknown", coverage=p.share(overview.merit_coverage, 1)),
        tiers=_tiers(overview, words),
        histogram=charts.histogram(chart, present, p.axis),
        histogram_title=chart_title,
        histogram_text=_histogram_text(chart, words),
        legend=tuple((charts.TONES[o], words.of("outcome", o)) for o in present),
        heat=heat(overview.domains, overview.cities, overview.places, overview.holdings, words),
        rush=words("heat.rush") if any(c.id.startswith("五(一)") for c in overview.clauses) else "",
        outside=words("stopped.outside", n=whole(counts["out_of_scope"])) if counts.get("out_of_scope") else "",
        waiting_rest=words("waiting.rest", n=whole(rest)) if rest > 0 else "",
        ranking=ranking(
            overview.ranking, overview.ranking_total, overview.domains, p, limit, links.suffix, halves=halves
        ),
        what_if=levers(overview, p),
        quality=quality(overview.quality, overview.rows, words),
        method=_method(overview, p),
    )


def _sections(overview: Overview) -> tuple[str, ...]:
    """Return the sections that have something to say for this pack and this run: an empty list has only its data and its method."""
    anybody = overview.rows.clean > 0
    present = {
        "summary": True,
        "funnel": anybody,
        "plane" if len(overview.verdict.weights) > 1 else "dist": overview.run.scores and bool(overview.ranking),
        "places": bool(anybody and overview.domains and len(overview.cities) > 1),
        "fund": overview.fund is not None,
        "near": bool(overview.near),
        "waiting": bool(overview.waiting),
        "ranking": anybody,
        "quality": True,
        "method": True,
    }
    return tuple(section for section, shown in present.items() if shown)


def _subtitle(overview: Overview, words: Words) -> str:
    return words("title.shortlist") if overview.list_kind == "shortlist" else words("title.long_list")


def _step(
    label: str, count: int, total: int, tone: str, words: Words, note: str = "", kind: str = "step"
) -> FunnelStep:
    rest = max(total - count, 0)
    bars = charts.stacked([(tone, count)], max(round(FUNNEL_WIDTH * count / total), 2)) if total and count else ()
    return FunnelStep(
        label=label,
        note=note,
        count=whole(count),
        share=share(count, total),
        bars=bars,
        described=words("funnel.described", label=label, n=whole(count), rest=whole(rest)),
        kind=kind,
    )


def _funnel(overview: Overview, p: Printer) -> tuple[FunnelStep, ...]:
    rows, words = overview.rows, p.words
    reasons = p.listed(f"{p.word('set_aside', c.id)} {whole(c.count)}" for c in rows.set_aside_by_reason if c.count)
    grades = {entry.id: entry.count for entry in overview.grades}
    thin, inside = grades.get("unknown", 0), sum(grades.get(g, 0) for g in IN_SCOPE)
    to_read = findings.counts(overview).get("direction_open", 0)
    known = {*IN_SCOPE, "unknown", "open"}
    outside = sum(n for g, n in grades.items() if g not in known)
    told_apart = p.listed(f"{p.word('outside', g)} {whole(n)}" for g, n in grades.items() if n and g not in known)
    steps = [
        _step(words("funnel.read"), rows.read, rows.read, "ranked", words),
        _step(words("funnel.set_aside"), rows.set_aside, rows.read, "not_run", words, reasons, "out"),
        _step(words("funnel.clean"), rows.clean, rows.read, "ranked", words),
    ]
    if overview.domains:
        steps.append(_step(words("outcome.out_of_scope"), outside, rows.read, "not_run", words, told_apart, "out"))
        if to_read:
            label, note = words("outcome.direction_open"), words("outcome_note.direction_open")
            steps.append(_step(label, to_read, rows.read, "review", words, note, "out"))
        steps.append(_step(words("funnel.thin"), thin, rows.read, "not_run", words, words("funnel.thin_note"), "out"))
        steps.append(_step(words("funnel.in_scope"), inside, rows.read, "shortlisted", words))
    return tuple(steps)


def _outcomes(overview: Overview, counts: Mapping[str, int], words: Words) -> tuple[FunnelStep, ...]:
    inside = [o for o in OUTCOMES if o != "out_of_scope" and (o != "direction_open" or counts.get(o))]
    total = sum(counts.get(o, 0) for o in inside)
    return tuple(
        _step(words.of("outcome", o), counts.get(o, 0), total, o, words, words.of("outcome_note", o)) for o in inside
    )


def _gate(gate: RuleTally, p: Printer) -> GateRow:
    words = p.words
    parts = [
        ("passed", gate.passed),
        ("failed", gate.failed),
        ("unknown", gate.unknown),
        ("not_applicable", gate.not_applicable),
        ("not_run", gate.not_run),
    ]
    return GateRow(
        label=told(gate.label, words.lang),
        effect=words.of("effect", gate.effect),
        passed=whole(gate.passed),
        failed=whole(gate.failed),
        unknown=whole(gate.unknown),
        not_applicable=whole(gate.not_applicable),
        bars=charts.stacked(parts, STACK_WIDTH),
        described=listed([f"{words.of('gate_status', k)} {whole(n)}" for k, n in parts if n], words.lang),
        citation=p.cited(gate.citation),
    )


def _not_run(overview: Overview, p: Printer) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return the gates that were not run by reason, their labels by what follows when they fail: one line says it for all."""
    found: dict[str, dict[str, list[str]]] = {}
    for gate in overview.gates:
        if gate.status == "not_run":
            reason = p.word("idle", gate.reason or "not_run")
            found.setdefault(reason, {}).setdefault(gate.effect, []).append(p.told(gate.label))
    return tuple(
        (
            p.words("funnel.not_run_list", n=whole(sum(map(len, effects.values()))), reason=reason),
            tuple((p.word("effect", e), p.listed(effects[e])) for e in ("reject", "review", "warn") if e in effects),
        )
        for reason, effects in found.items()
    )


def _idle(overview: Overview, p: Printer) -> tuple[tuple[str, str, tuple[RuleTally, ...]], ...]:
    """Return the rules that decided for nobody by kind and reason; gates that were not run stand among the gates."""
    found: dict[tuple[str, str], list[RuleTally]] = {}
    for rule in overview.rules:
        if not (rule.kind == "gate" and rule.status == "not_run"):
            found.setdefault((p.word("kind", rule.kind), p.word("idle", rule.reason or rule.status)), []).append(rule)
    return tuple((kind, reason, tuple(rules)) for (kind, reason), rules in found.items())


def _tiers(overview: Overview, words: Words) -> TierTable | None:
    grid = overview.verdict.tiers
    if grid is None or not overview.tier_cells:
        return None
    counts = {(cell.fit, cell.merit): cell.count for cell in overview.tier_cells}

    def step(at: Decimal) -> str:
        return f"≥ {at.normalize():f}" if at > 0 else words("plane.below")

    def cell(fit: str, merit: str) -> tuple[str, str]:
        tier = grid.cells.get(fit, {}).get(merit)
        if tier is None:
            return "", ""
        label = grid.labels.get(tier)
        return (label.text(words.lang) if label else tier), whole(counts.get((fit, merit), 0))

    return TierTable(
        head=tuple(step(m.at_least) for m in grid.merit),
        rows=tuple((step(f.at_least), tuple(cell(f.id, m.id) for m in grid.merit)) for f in grid.fit),
    )


def _histogram_text(bins: Sequence[Bin], words: Words) -> str:
    total: dict[tuple[Decimal, Decimal], int] = {}
    for entry in bins:
        total[(entry.low, entry.high)] = total.get((entry.low, entry.high), 0) + entry.count
    if not any(total.values()):
        return ""
    (low, high), most = max(total.items(), key=lambda item: (item[1], -item[0][0]))
    return words(
        "dist.text",
        n=whole(sum(total.values())),
        low=f"{low.normalize():f}",
        high=f"{high.normalize():f}",
        most=whole(most),
    )


def _method(overview: Overview, p: Printer) -> tuple[str, ...]:
    words = p.words
    verdict = overview.verdict
    weights = listed(
        [f"{label.text(words.lang)} {percent(weight)}" for _, label, weight in verdict.weights], words.lang
    )
    notes = [
        words("method.unknown", neutral=percent(verdict.neutral)),
        words("method.weights", weights=weights),
        words("method.shortlist", condition=verdict.shortlist_when),
    ]
    if verdict.limits:
        notes.append(
            words(
                "method.limits",
                limits=listed(
                    [f"{told(x.label, words.lang)} {p.quantity(x.value, x.unit)}" for x in verdict.limits],
                    words.lang,
                ),
            )
        )
    notes += [words("method.coverage"), words("method.band"), words("method.order"), words("method.absence")]
    return tuple(notes)
