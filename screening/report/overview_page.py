"""The overview of a run: what it found, in words and pictures, and the ranking as a tool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.report import charts, findings, ranking_view
from screening.report.coverage_page import reached
from screening.report.figures import cut, listed, percent, share, told, whole
from screening.report.fund_view import exited_says, held_says, limit_says, of_run_says
from screening.report.heat import heat
from screening.report.levers import levers
from screening.report.page import NO_LINKS, page
from screening.report.plane import plane
from screening.report.printer import printer
from screening.report.ranking_view import head, ranking
from screening.report.render import rendered
from screening.result.contract import IN_SCOPE, OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from markupsafe import Markup

    from screening.report.page import Links
    from screening.report.printer import Printer
    from screening.report.wording import Lang, Words
    from screening.result.overview import Bin, Overview, RuleTally
    from screening.result.quality_records import ColumnQuality

RANKING_ROWS = 5000
"""Rows of the ranking on the overview, most of them as data for the table's script; 5,000 make about 1 MB."""
CROSSES = 10
HEAD = 10
STACK_WIDTH = 220
FUNNEL_WIDTH = 360
EXAMPLES_SHOWN = 3

Step = tuple[str, str, str, str, "Markup", str]
"""One step from all rows to an outcome: label, note, count, share, bar, and whether it goes on or out."""


def render_overview(overview: Overview, lang: Lang = "zh", rows: int = RANKING_ROWS, links: Links = NO_LINKS) -> str:
    """Return the overview of a run as one HTML document; at most `rows` companies are listed."""
    p = printer(lang, overview.run)
    frame = page(overview.run, overview.title.text(lang), _subtitle(overview, p.words), p, links)
    says = (reached, held_says, exited_says, limit_says, of_run_says)
    view = _view(overview, p, rows, links.suffix)
    return rendered(
        "overview.html.j2", frame, p, view, **{f.__name__: f for f in says}, part=share, of=ranking_view, o=overview
    )


def _view(overview: Overview, p: Printer, limit: int, suffix: str) -> dict[str, object]:
    words = p.words
    counts = findings.counts(overview)
    halves = len(overview.verdict.weights) > 1
    known = findings.merit_known(overview)
    chart, chart_title = overview.histogram, words("dist.score")
    if not any(b.count for b in chart) or not known:
        chart, chart_title = overview.fit_histogram, words("dist.fit")
    chart_text = _histogram_text(chart, words)
    present = [o for o in OUTCOMES if any(b.outcome == o and b.count for b in chart)]
    first = [c for c in overview.ranking if c.rank is not None][:CROSSES]
    picture, drawn, plane_text = charts.NONE, [], ""
    if known and halves and overview.plane:
        drawn = [c for c in first if c.fit.value is not None and c.merit.value is not None]
        axes = p.told(overview.verdict.weights[0][1], 20), p.told(overview.verdict.weights[1][1], 20)
        plane_text = words("plane.text", n=len(drawn))
        picture = plane(overview.plane, overview.plane_step, drawn, overview.verdict.tiers, axes, plane_text)
    rest = counts.get("review", 0) + counts.get("direction_open", 0) - len(overview.waiting)
    found = overview.ranking
    return {
        "sections": _sections(overview),
        "entity": p.told(overview.run.entity),
        "summary": findings.summary(overview, p),
        "alerts": findings.alerts(overview, p),
        "top": head(found[:HEAD], overview.head_terms, p, halves=halves),
        "funnel": _funnel(overview, p),
        "outcomes": _outcomes(overview, counts, words),
        "gates": [(gate, _split(gate, p)) for gate in overview.gates if gate.status != "not_run"],
        "not_run": _not_run(overview, p),
        "idle": _idle(overview, p),
        "plane": picture,
        "drawn": drawn,
        "plane_text": plane_text,
        "plane_note": "" if known else words("plane.unknown", coverage=p.share(overview.merit_coverage, 1)),
        "tiers": _tiers(overview, words),
        "histogram": charts.histogram(chart, present, chart_title, chart_text, words("dist.axis"), p.axis),
        "histogram_title": chart_title,
        "histogram_text": chart_text,
        "legend": [(charts.TONES[o], words.of("outcome", o)) for o in present],
        "heat": heat(overview.domains, overview.cities, overview.places, overview.holdings, words),
        "rush": words("heat.rush") if any(c.id.startswith("五(一)") for c in overview.clauses) else "",
        "outside": words("stopped.outside", n=whole(counts["out_of_scope"])) if counts.get("out_of_scope") else "",
        "waiting_rest": words("waiting.rest", n=whole(rest)) if rest > 0 else "",
        "ranking": ranking(overview, p, limit, suffix, halves=halves),
        "what_if": levers(overview, p),
        **_quality(overview, p),
        "method": _method(overview, p),
    }


def _quality(overview: Overview, p: Printer) -> dict[str, object]:
    """Return what the tables of the data's state need beside it; columns that the data lack altogether are listed by name."""
    data, words = overview.quality, p.words
    tables = {t.table: p.told(t.label) for t in data.tables}
    absent: dict[str, list[str]] = {}
    for column in data.columns:
        if not column.available:
            absent.setdefault(column.table, []).append(p.told(column.label))
    filled = [c for c in data.columns if c.available and c.rows]
    complete = sum(map(_complete, filled))
    return {
        "tables": tables,
        "columns": [c for c in filled if not _complete(c)],
        "complete": words("quality.complete", n=whole(complete)) if complete else "",
        "missing_columns": [(tables.get(table, table), p.listed(names)) for table, names in absent.items()],
        "cities_known": sum(c.count for c in data.city_basis),
        "contradicted": [
            (
                each,
                [
                    (cut(key, 40), " ≠ ".join(words.of("value", cut(value, 40)) for value in values))
                    for key, values in each.examples[:EXAMPLES_SHOWN]
                ],
            )
            for each in data.conflicts
        ],
    }


def _complete(column: ColumnQuality) -> bool:
    """True for a column with a value in every row and nothing to look at: it is counted, not listed."""
    return column.filled >= column.rows and not column.unparsed and not column.suspicious


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


def _step(label: str, count: int, total: int, tone: str, words: Words, note: str = "", kind: str = "step") -> Step:
    bar = charts.NONE
    if total and count:
        said = words("funnel.described", label=label, n=whole(count), rest=whole(max(total - count, 0)))
        bar = charts.stacked([(tone, count)], max(round(FUNNEL_WIDTH * count / total), 2), said, FUNNEL_WIDTH)
    return label, note, whole(count), share(count, total), bar, kind


def _funnel(overview: Overview, p: Printer) -> list[Step]:
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
    return steps


def _outcomes(overview: Overview, counts: Mapping[str, int], words: Words) -> list[Step]:
    inside = [o for o in OUTCOMES if o != "out_of_scope" and (o != "direction_open" or counts.get(o))]
    total = sum(counts.get(o, 0) for o in inside)
    return [
        _step(words.of("outcome", o), counts.get(o, 0), total, o, words, words.of("outcome_note", o)) for o in inside
    ]


def _split(gate: RuleTally, p: Printer) -> Markup:
    """Return the bar of a gate: how many passed, failed, could not be decided."""
    counts = [(state, getattr(gate, state)) for state in ("passed", "failed", "unknown", "not_applicable", "not_run")]
    said = p.listed(f"{p.word('gate_status', state)} {whole(n)}" for state, n in counts if n)
    return charts.stacked(counts, STACK_WIDTH, said)


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


def _tiers(overview: Overview, words: Words) -> tuple[list[str], list[tuple[str, list[tuple[str, str]]]]] | None:
    """Return the fit x merit matrix: the head of merit steps, then each fit step with its tiers and how many are in them."""
    grid = overview.verdict.tiers
    if grid is None or not overview.tier_cells:
        return None
    counts = overview.tier_cells

    def step(at: Decimal) -> str:
        return f"≥ {at.normalize():f}" if at > 0 else words("plane.below")

    def cell(fit: str, merit: str) -> tuple[str, str]:
        tier = grid.cells.get(fit, {}).get(merit)
        if tier is None:
            return "", ""
        label = grid.labels.get(tier)
        return (label.text(words.lang) if label else tier), whole(counts.get((fit, merit), 0))

    return (
        [step(m.at_least) for m in grid.merit],
        [(step(f.at_least), [cell(f.id, m.id) for m in grid.merit]) for f in grid.fit],
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
