"""The overview as ready strings in one language."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from screening.report import charts
from screening.report.figures import cut, listed, open_span, percent, points, share, told, whole
from screening.report.heat import HeatView, heat
from screening.report.page import NO_LINKS, Links, PageView, page
from screening.report.quality_view import QualityView, quality
from screening.report.ranking_view import RankingView, ranking
from screening.result.contract import IN_SCOPE, OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from screening.report.printer import Printer
    from screening.report.wording import Words
    from screening.result.records import Bin, Overview, RuleTally, TargetRecord

CROSSES = 10
GATES_NAMED = 8
MERIT_LEAST = Decimal("0.10")
"""Below this mean coverage merit is next to nothing but neutral shares: its axis would only draw them."""
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
    not_run: bool
    reason: str
    bars: tuple[charts.Bar, ...]
    described: str
    citation: str


@dataclass(frozen=True, slots=True)
class IdleRule:
    """A rule that reached nobody in this run."""

    label: str
    id: str
    kind: str
    reason: str
    citation: str


@dataclass(frozen=True, slots=True)
class TierTable:
    """The fit x merit matrix as a table: head of merit steps, then (fit step, tiers)."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target of the plan."""

    label: str
    year: str
    value: str
    citation: str


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """A clause with how many rules rest on it."""

    id: str
    title: str
    line: str
    rules: str


@dataclass(frozen=True, slots=True)
class OverviewView:
    """Everything the overview template prints."""

    page: PageView
    entity: str
    summary: tuple[str, ...]
    alerts: tuple[str, ...]
    top: RankingView
    funnel: tuple[FunnelStep, ...]
    outcomes: tuple[FunnelStep, ...]
    gates: tuple[GateRow, ...]
    not_run: tuple[str, ...]
    plane: charts.Plane | None
    plane_text: str
    plane_note: str
    tiers: TierTable | None
    histogram: charts.Histogram | None
    histogram_title: str
    histogram_text: str
    legend: tuple[tuple[str, str], ...]
    heat: HeatView
    targets: tuple[TargetRow, ...]
    ranking: RankingView
    quality: QualityView
    idle: tuple[IdleRule, ...]
    method: tuple[str, ...]
    clauses: tuple[ClauseRow, ...]


def overview_view(overview: Overview, p: Printer, limit: int, links: Links = NO_LINKS) -> OverviewView:
    """Return the overview in words; at most `limit` rows of the ranking are shown."""
    words = p.words
    counts = {entry.id: entry.count for entry in overview.outcomes}
    merit_known = overview.merit_coverage is not None and overview.merit_coverage >= MERIT_LEAST
    flat = overview.histogram if any(b.count for b in overview.histogram) else overview.fit_histogram
    chart, chart_title = (flat, words("dist.score")) if flat is overview.histogram else (flat, words("dist.fit"))
    if not merit_known:
        chart, chart_title = overview.fit_histogram, words("dist.fit")
    present = [o for o in OUTCOMES if any(b.outcome == o and b.count for b in chart)]
    full = ranking(overview.ranking, overview.ranking_total, overview.domains, words, limit)
    first = [c for c in overview.ranking if c.rank is not None][:CROSSES]
    plane = None
    if merit_known and overview.plane:
        plane = charts.plane(overview.plane, overview.plane_step, first, overview.verdict.tiers)
    return OverviewView(
        page=page(overview.run, overview.title.text(words.lang), _subtitle(overview, words), p, links),
        entity=p.told(overview.run.entity),
        summary=_summary(overview, counts, words),
        alerts=_alerts(overview, merit_known, words),
        top=ranking(overview.ranking[:10], overview.ranking_total, overview.domains, words, 10),
        funnel=_funnel(overview, counts, words),
        outcomes=_outcomes(overview, counts, words),
        gates=tuple(_gate(gate, p) for gate in overview.gates),
        not_run=tuple(told(g.label, words.lang) for g in overview.gates if g.status == "not_run"),
        plane=plane,
        plane_text=words("plane.text", n=len(plane.crosses)) if plane else "",
        plane_note="" if merit_known else words("plane.unknown", coverage=percent(overview.merit_coverage, 1)),
        tiers=_tiers(overview, words),
        histogram=charts.histogram(chart, present),
        histogram_title=chart_title,
        histogram_text=_histogram_text(chart, words),
        legend=tuple((charts.TONES[o], words.of("outcome", o)) for o in present),
        heat=heat(overview.domains, overview.cities, overview.places, overview.holdings, words),
        targets=tuple(_target(target, p) for target in overview.targets),
        ranking=full,
        quality=quality(overview.quality, overview.rows, words),
        idle=tuple(
            IdleRule(
                label=told(rule.label, words.lang),
                id=rule.id,
                kind=words.of("kind", rule.kind),
                reason=words.of("idle", rule.reason or rule.status),
                citation=p.cited(rule.citation),
            )
            for rule in overview.rules
        ),
        method=_method(overview, p),
        clauses=tuple(
            ClauseRow(id=c.id, title=told(c.title, words.lang), line=whole(c.line), rules=whole(len(c.rules)))
            for c in overview.clauses
        ),
    )


def _subtitle(overview: Overview, words: Words) -> str:
    return words("title.shortlist") if overview.list_kind == "shortlist" else words("title.long_list")


def _summary(overview: Overview, counts: Mapping[str, int], words: Words) -> tuple[str, ...]:
    rows = overview.rows
    scope = sum(entry.count for entry in overview.grades if entry.id in IN_SCOPE)
    sentences = [
        words("summary.rows", read=whole(rows.read), clean=whole(rows.clean), aside=whole(rows.set_aside)),
        words("summary.scope", scope=whole(scope), share=share(scope, rows.clean))
        if rows.clean
        else words("summary.nobody"),
    ]
    if counts.get("shortlisted"):
        sentences.append(words("summary.shortlisted", n=whole(counts["shortlisted"])))
    elif scope:
        sentences.append(words("summary.long_list", n=whole(counts.get("ranked", 0))))
    if counts.get("rejected") or counts.get("review"):
        sentences.append(
            words("summary.stopped", rejected=whole(counts.get("rejected", 0)), review=whole(counts.get("review", 0)))
        )
    busiest = sorted(overview.domain_counts, key=lambda c: -c.count)[:3]
    named = [f"{told(c.label, words.lang)} {whole(c.count)}" for c in busiest if c.count]
    if named:
        sentences.append(words("summary.domains", domains=listed(named, words.lang)))
    best = overview.ranking[0] if overview.ranking else None
    if best is not None and best.score.value is not None:
        bounds = open_span(best.score)
        key = "summary.first" if bounds else "summary.first_closed"
        sentences.append(words(key, name=cut(best.name, 40), score=points(best.score.value), bounds=bounds))
    return tuple(sentences)


def _alerts(overview: Overview, merit_known: bool, words: Words) -> tuple[str, ...]:
    idle = [told(g.label, words.lang) for g in overview.gates if g.status == "not_run"]
    named = listed(idle[:GATES_NAMED], words.lang) + (words("alert.more") if len(idle) > GATES_NAMED else "")
    alerts = []
    if idle and len(idle) == len(overview.gates):
        alerts.append(words("alert.no_gates", n=len(idle)))
    elif idle:
        alerts.append(words("alert.gates", n=len(idle), gates=named))
    if not merit_known and overview.ranking:
        alerts.append(words("alert.merit", coverage=percent(overview.merit_coverage, 1)))
    return tuple(alerts)


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


def _funnel(overview: Overview, counts: Mapping[str, int], words: Words) -> tuple[FunnelStep, ...]:
    rows = overview.rows
    reasons = listed(
        [f"{_reason(c.id, words)} {whole(c.count)}" for c in rows.set_aside_by_reason if c.count], words.lang
    )
    grades = {entry.id: entry.count for entry in overview.grades}
    thin, inside = grades.get("unknown", 0), sum(grades.get(g, 0) for g in IN_SCOPE)
    to_read = counts.get("direction_open", 0)
    outside = sum(n for grade, n in grades.items() if grade != "open") - thin - inside
    told_apart = listed(
        [
            f"{words.of('outside', g)} {whole(n)}"
            for g, n in grades.items()
            if n and g not in (*IN_SCOPE, "unknown", "open")
        ],
        words.lang,
    )
    steps = [
        _step(words("funnel.read"), rows.read, rows.read, "ranked", words),
        _step(words("funnel.set_aside"), rows.set_aside, rows.read, "not_run", words, reasons, "out"),
        _step(words("funnel.clean"), rows.clean, rows.read, "ranked", words),
        _step(words("outcome.out_of_scope"), outside, rows.read, "not_run", words, told_apart, "out"),
        *_to_read(to_read, rows.read, words),
        _step(words("funnel.thin"), thin, rows.read, "not_run", words, words("funnel.thin_note"), "out"),
        _step(words("funnel.in_scope"), inside, rows.read, "shortlisted", words),
    ]
    return tuple(steps)


def _to_read(count: int, total: int, words: Words) -> tuple[FunnelStep, ...]:
    """Return the step of companies whose text a person must read; none where nobody waits."""
    label, note = words("outcome.direction_open"), words("outcome_note.direction_open")
    return (_step(label, count, total, "not_run", words, note, "out"),) if count else ()


def _reason(identifier: str, words: Words) -> str:
    return words.of("set_aside", identifier)


def _outcomes(overview: Overview, counts: Mapping[str, int], words: Words) -> tuple[FunnelStep, ...]:
    inside = [o for o in OUTCOMES if o not in ("out_of_scope", "direction_open")]
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
        not_run=gate.status == "not_run",
        reason=words.of("idle", gate.reason) if gate.reason else "",
        bars=charts.stacked(parts, STACK_WIDTH),
        described=listed([f"{words.of('gate_status', k)} {whole(n)}" for k, n in parts if n], words.lang),
        citation=p.cited(gate.citation),
    )


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


def _target(target: TargetRecord, p: Printer) -> TargetRow:
    words = p.words
    value = f"{target.value.normalize():f}{'' if words.lang == 'zh' else ' '}{told(target.unit, words.lang, 30)}"
    return TargetRow(
        label=told(target.label, words.lang),
        year=str(target.year),
        value=words(f"relation.{target.relation}", value=value),
        citation=p.cited(target.citation),
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
