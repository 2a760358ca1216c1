"""The dossier of a company: its record, pictures, and lists that are grouped for the eye."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from screening.report import charts, sentences
from screening.report.evidence import evidence, snippets
from screening.report.figures import cut
from screening.report.moving import moving
from screening.report.page import NO_LINKS, page
from screening.report.phrases import Phrases
from screening.report.printer import printer
from screening.report.render import rendered
from screening.report.sureness import peers_view, sureness
from screening.result.records import Band

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from screening.report.page import Links
    from screening.report.printer import Printer
    from screening.report.wording import Lang
    from screening.result.company import CompanyRecord, FactResult, MeasureResult
    from screening.result.records import Citation, Text

FIGURE_SPACE = "\N{FIGURE SPACE}"
ASKED_FIRST = 7
"""Questions asked in the body; the others stand in the appendix, so that the body keeps to four sheets whatever is missing."""


def render_dossier(record: CompanyRecord, lang: Lang = "zh", links: Links = NO_LINKS) -> str:
    """Return the dossier of one company as one HTML document."""
    p = printer(lang, record.run)
    frame = page(record.run, cut(record.company.name), p.words("dossier.subtitle"), p, links, whole_digests=True)
    phrases = Phrases(record, p)
    named = {name: getattr(phrases, name) for name in vars(Phrases) if not name.startswith("_")}
    strip = _strip(record, p)
    strip_text = p.listed(f"{r.label} {r.figure} ({r.bounds})" for r in strip)
    texts, letters, styles = evidence(record.evidence, p)
    view = {
        "flags": sentences.red_flags(record, p),
        "strip": charts.NONE
        if record.score.value is None
        else charts.strip(strip, p.words("dossier.strip"), strip_text, p.axis),
        "waterfall": waterfall(record, p),
        "spark": charts.spark,
        "sure": sureness(record, p),
        "among": peers_view(record, p),
        "moving": moving(record.lift, p),
        "texts": texts,
        "letters": letters,
        "styles": styles,
        "measures": _measures(record, p),
        "facts": _facts(record.facts),
        "clauses": _clauses(record, p),
        "asked_first": ASKED_FIRST,
    }
    return rendered("dossier.html.j2", frame, p, view, **named, r=record, say=sentences, snippets=snippets)


def _strip(record: CompanyRecord, p: Printer) -> list[charts.Total]:
    tiers = record.verdict.tiers
    steps = {"fit": tiers.fit, "merit": tiers.merit} if tiers else {}

    def row(label: str, band: Band, fill: str, half: str, *, known: bool = True) -> charts.Total:
        bounds = p.open_span(band) if band.value is not None else p.words("dossier.not_computed")
        figure = p.points(band.value) if known or band.value is None else p.words("sign.unknown")
        shown = band if known else Band(None, band.low, band.high)
        floors = [s.at_least for s in steps.get(half, ()) if s.at_least > 0]
        return charts.Total(label, figure, bounds, shown, fill, floors)

    rows = [row(p.words("half.score"), record.score, charts.SCORE, "")]
    if len(record.halves) > 1 or (not record.halves and len(record.verdict.weights) > 1):
        named = {h.id: p.told(h.label, 8) for h in record.halves}
        fit, merit = (named.get(half) or p.words(f"half.{half}") for half in ("fit", "merit"))
        rows.append(row(fit, record.fit, charts.FIT, "fit"))
        rows.append(row(merit, record.merit, charts.MERIT, "merit", known=bool(record.merit_coverage)))
    return rows


def waterfall(record: CompanyRecord, p: Printer) -> list[charts.Fall]:
    """Return how the total comes about: every pillar in points of the total, what is taken off, and what rounding or a cap leaves."""
    total = record.score.value
    if total is None:
        return []
    fills = {"fit": charts.FIT, "merit": charts.MERIT}
    parts = []
    for half in record.halves:
        for pillar in half.pillars:
            band = _times(half.weight, pillar.band)
            full, link = half.weight * (pillar.full or Decimal(0)), f"pillar-{half.id}-{pillar.id}"
            parts.append(charts.TotalPart(p.told(pillar.label, 24), link, band, full, fills.get(half.id, charts.SCORE)))
    if record.deduction.high:
        lost = _times(Decimal(-1), record.deduction)
        band, label = Band(lost.value, lost.high, lost.low), p.words("points.deductions")
        parts.append(charts.TotalPart(label, "deductions", band, Decimal(0), charts.TONES["failed"]))
    values = [part.band.value or Decimal(0) for part in parts]
    rest = total - sum(values, Decimal(0))
    if rest:
        parts.append(charts.TotalPart(p.words("points.rest"), "", Band(rest, rest, rest), Decimal(0), charts.MUTED))
    shown = _aligned([total, *values, *([rest] if rest else [])])
    return charts.waterfall(parts, record.score, p.words("half.score"), shown, p.axis)


def _times(weight: Decimal, band: Band) -> Band:
    value, low, high = (weight * (x or Decimal(0)) for x in (band.value, band.low, band.high))
    return Band(value, low, high)


def _aligned(values: Sequence[Decimal]) -> Callable[[Decimal], str]:
    """Return how to print numbers below each other: all places of each, two at least, the points one under the other."""
    most = max(2, *(_places(v) for v in values))

    def show(value: Decimal) -> str:
        own = max(2, _places(value))
        return f"{value:,.{own}f}".replace("-", "−") + FIGURE_SPACE * (most - own)

    return show


def _places(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))


_Line = tuple[str, str, str]
"""Measures that rest on one quote: their labels, the quote, and the notes of any."""
_Part = tuple["Citation", str, list[_Line]]
"""The measures of one clause, with the departments that answer for them."""


def _measures(record: CompanyRecord, p: Printer) -> list[tuple[Text | None, list[_Part]]]:
    """Return the measures by programme and clause; those that share a quote share a line, so that no quote stands twice."""
    groups: dict[str, dict[tuple[str, str, str], list[MeasureResult]]] = {}
    for measure in record.measures:
        programme = groups.setdefault(measure.programme.zh if measure.programme else "", {})
        cited = measure.citation
        programme.setdefault((cited.document, cited.clause, measure.departments), []).append(measure)
    short = _without_shared_head({m.id: p.told(m.label) for m in record.measures})

    def line(measures: Sequence[MeasureResult]) -> _Line:
        alone = len(measures) == 1
        notes = [
            p.told(m.note) if alone else f"{short[m.id]}{p.words('sign.colon')}{p.told(m.note)}"
            for m in measures
            if m.note
        ]
        return p.listed(short[m.id] for m in measures), measures[0].citation.quote, " ".join(notes)

    def part(measures: Sequence[MeasureResult]) -> _Part:
        quoted: dict[str, list[MeasureResult]] = {}
        for m in measures:
            quoted.setdefault(m.citation.quote, []).append(m)
        return measures[0].citation, measures[0].departments, [line(own) for own in quoted.values()]

    return [
        (next(iter(parts.values()))[0].programme, [part(own) for own in parts.values()]) for parts in groups.values()
    ]


def _without_shared_head(labels: dict[str, str]) -> dict[str, str]:
    """Return labels without the words before a colon that every one of them begins with."""
    heads = {}
    for rule_id, label in labels.items():
        at = min((i for colon in ":：" if (i := label.find(colon)) > 0), default=-1)
        if at < 0:
            return labels
        heads[rule_id] = at + 1
    first = min((labels[i][: end - 1] for i, end in heads.items()), key=len, default="")
    if not all(labels[i].startswith(first) for i in heads):
        return labels
    return {
        i: (labels[i][len(first) : end - 1].strip() + " " + labels[i][end:].strip()).strip() for i, end in heads.items()
    }


_Facts = list["FactResult"]


def _facts(facts: Sequence[FactResult]) -> list[tuple[Text | None, _Facts, _Facts, _Facts]]:
    """Return the facts by the table they are drawn from: those with a value, those that are just no, and those that are missing; what
    plays no part here is left out.
    """
    by_table: dict[str, _Facts] = {}
    for fact in facts:
        if fact.value is not None or fact.reason != "not_applicable":
            by_table.setdefault(fact.table, []).append(fact)
    return [
        (
            own[0].table_label,
            [f for f in own if f.value is not None and f.value is not False],
            [f for f in own if f.value is False],
            [f for f in own if f.value is None],
        )
        for own in by_table.values()
    ]


def _clauses(record: CompanyRecord, p: Printer) -> tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...]:
    """Return (clause, title, line, quotes with the rules that rest on them) in the plan's order."""
    quotes: dict[str, list[tuple[str, str]]] = {}
    for clause, quote in record.clauses:
        quotes.setdefault(clause.id, []).append(
            (cut(quote, 400), p.listed(map(p.told, clause.labels) if clause.labels else clause.rules))
        )
    heads = {clause.id: clause for clause, _ in record.clauses}
    return tuple(
        (
            clause_id,
            p.told(heads[clause_id].title) if heads[clause_id].title.zh else clause_id,
            (f" {heads[clause_id].alias}" if p.lang == "en" and heads[clause_id].alias else "")
            + (p.words("cite.line", line=heads[clause_id].line) if heads[clause_id].line is not None else ""),
            tuple(quoted),
        )
        for clause_id, quoted in quotes.items()
    )
