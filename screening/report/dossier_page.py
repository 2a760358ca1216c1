"""What the dossier needs beside the record: its pictures, and lists that are grouped for the eye."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from screening.report import charts, sentences
from screening.report.evidence import EvidenceView, evidence
from screening.report.figures import cut
from screening.report.moving import Moving, moving
from screening.report.page import PageView, page
from screening.report.sureness import PeersView, Sureness, peers_view, sureness

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from screening.report.page import Links
    from screening.report.printer import Printer
    from screening.result.company import CompanyRecord, FactResult, MeasureResult
    from screening.result.records import Band, Citation, Text

STATUS_ORDER = ("failed", "unknown", "not_run", "passed", "not_applicable")
FIGURE_SPACE = "\N{FIGURE SPACE}"
ASKED_FIRST = 7
"""Questions asked in the body; the others stand in the appendix, so that the body keeps to four sheets whatever is missing."""


@dataclass(frozen=True, slots=True)
class FactGroup:
    """The facts drawn from one table: those with a value, those that are just no, and those that are missing."""

    table: Text | None
    known: tuple[FactResult, ...]
    no: tuple[FactResult, ...]
    missing: tuple[FactResult, ...]


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """Measures that rest on one quote: their labels, the quote, and the notes of any."""

    label: str
    quote: str
    note: str


@dataclass(frozen=True, slots=True)
class MeasurePart:
    """The measures of one clause, with the departments that answer for them."""

    citation: Citation
    departments: str
    measures: tuple[MeasureLine, ...]


@dataclass(frozen=True, slots=True)
class MeasureGroup:
    """The measures of one programme by clause."""

    programme: Text | None
    parts: tuple[MeasurePart, ...]


@dataclass(frozen=True, slots=True)
class DossierPage:
    """Everything the dossier template is handed beside record and printer."""

    page: PageView
    flags: tuple[sentences.Flag, ...]
    strip: tuple[charts.StripRow, ...]
    strip_text: str
    waterfall: charts.Waterfall | None
    waterfall_text: str
    sparks: dict[str, str]
    sure: Sureness | None
    among: PeersView | None
    moving: Moving | None
    evidence: EvidenceView
    measures: tuple[MeasureGroup, ...]
    facts: tuple[FactGroup, ...]
    clauses: tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...]
    longest: Decimal
    asked_first: int = ASKED_FIRST


def dossier_page(record: CompanyRecord, p: Printer, links: Links) -> DossierPage:
    """Return the page of a company."""
    strip = _strip(record, p)
    fall = waterfall(record, p)
    return DossierPage(
        page=page(record.run, cut(record.company.name), p.words("dossier.subtitle"), p, links, whole_digests=True),
        flags=sentences.red_flags(record, p),
        strip=strip,
        strip_text="" if record.score.value is None else p.listed(f"{r.label} {r.figure} ({r.bounds})" for r in strip),
        waterfall=fall,
        waterfall_text=p.listed(f"{row.label} {row.figure}" for row in fall.rows) if fall else "",
        sparks={line.id: spark for line in record.accounts.lines if (spark := charts.spark(line.values))}
        if record.accounts
        else {},
        sure=sureness(record, p),
        among=peers_view(record, p),
        moving=moving(record.lift, p),
        evidence=evidence(record.evidence, p),
        measures=_measures(record, p),
        facts=_facts(record.facts),
        clauses=_clauses(record, p),
        longest=max(
            (c.full or Decimal(0) for h in record.halves for pillar in h.pillars for c in pillar.criteria),
            default=Decimal(0),
        ),
    )


def _strip(record: CompanyRecord, p: Printer) -> tuple[charts.StripRow, ...]:
    tiers = record.verdict.tiers
    floors = (
        {
            half: [(s.at_least, s.id) for s in steps if s.at_least > 0]
            for half, steps in (("fit", tiers.fit), ("merit", tiers.merit))
        }
        if tiers
        else {}
    )

    def row(index: int, label: str, band: Band, fill: str, half: str, *, known: bool = True) -> charts.StripRow:
        bounds = p.open_span(band) if band.value is not None else p.words("dossier.not_computed")
        figure = p.points(band.value) if known or band.value is None else p.words("sign.unknown")
        shown = band if known else type(band)(None, band.low, band.high)
        return charts.strip_row(index, label, figure, bounds, shown, fill, floors.get(half, ()), p.axis)

    rows = [row(0, p.words("half.score"), record.score, charts.SCORE, "")]
    if len(record.halves) > 1 or (not record.halves and len(record.verdict.weights) > 1):
        named = {h.id: p.told(h.label, 8) for h in record.halves}
        rows.append(row(1, named.get("fit") or p.words("half.fit"), record.fit, charts.FIT, "fit"))
        rows.append(
            row(
                2,
                named.get("merit") or p.words("half.merit"),
                record.merit,
                charts.MERIT,
                "merit",
                known=bool(record.merit_coverage),
            )
        )
    return tuple(rows)


def waterfall(record: CompanyRecord, p: Printer) -> charts.Waterfall | None:
    """Return how the total comes about: every pillar in points of the total, what is taken off, and what rounding or a cap leaves."""
    total = record.score.value
    if total is None:
        return None
    fills = {"fit": charts.FIT, "merit": charts.MERIT}
    parts = []
    for half in record.halves:
        for pillar in half.pillars:
            low, value, high = (
                half.weight * (x or Decimal(0)) for x in (pillar.band.low, pillar.band.value, pillar.band.high)
            )
            full, link = half.weight * (pillar.full or Decimal(0)), f"pillar-{half.id}-{pillar.id}"
            fill = fills.get(half.id, charts.SCORE)
            parts.append(charts.Part(p.told(pillar.label, 24), link, low, value, high, full, fill))
    taken = record.deduction
    if taken.high:
        low, value, high = (-(x or Decimal(0)) for x in (taken.high, taken.value, taken.low))
        parts.append(
            charts.Part(
                p.words("points.deductions"), "deductions", low, value, high, Decimal(0), charts.TONES["failed"]
            )
        )
    rest = total - sum((part.value for part in parts), Decimal(0))
    if rest:
        parts.append(charts.Part(p.words("points.rest"), "", rest, rest, rest, Decimal(0), charts.MUTED))
    return charts.waterfall(
        parts,
        record.score,
        p.words("half.score"),
        _aligned([total, *(part.value for part in parts)]),
        p.axis,
    )


def _aligned(values: Sequence[Decimal]) -> Callable[[Decimal], str]:
    """Return how to print numbers below each other: all places of each, two at least, the points one under the other."""
    most = max(2, *(_places(v) for v in values))

    def show(value: Decimal) -> str:
        own = max(2, _places(value))
        return f"{value:,.{own}f}".replace("-", "−") + FIGURE_SPACE * (most - own)

    return show


def _places(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))


def _measures(record: CompanyRecord, p: Printer) -> tuple[MeasureGroup, ...]:
    """Return the measures by programme and clause; those that share a quote share a line, so that no quote stands twice."""
    groups: dict[str, dict[tuple[str, str, str], list[MeasureResult]]] = {}
    for measure in record.measures:
        programme = groups.setdefault(measure.programme.zh if measure.programme else "", {})
        cited = measure.citation
        programme.setdefault((cited.document, cited.clause, measure.departments), []).append(measure)
    short = _without_shared_head({m.id: p.told(m.label) for m in record.measures})

    def line(measures: Sequence[MeasureResult]) -> MeasureLine:
        alone = len(measures) == 1
        notes = [
            p.told(m.note) if alone else f"{short[m.id]}{p.words('sign.colon')}{p.told(m.note)}"
            for m in measures
            if m.note
        ]
        return MeasureLine(p.listed(short[m.id] for m in measures), measures[0].citation.quote, " ".join(notes))

    def part(measures: Sequence[MeasureResult]) -> MeasurePart:
        quoted: dict[str, list[MeasureResult]] = {}
        for m in measures:
            quoted.setdefault(m.citation.quote, []).append(m)
        return MeasurePart(measures[0].citation, measures[0].departments, tuple(map(line, quoted.values())))

    return tuple(
        MeasureGroup(next(iter(parts.values()))[0].programme, tuple(map(part, parts.values())))
        for parts in groups.values()
    )


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


def _facts(facts: Sequence[FactResult]) -> tuple[FactGroup, ...]:
    """Return the facts by the table they are drawn from; what plays no part here is left out."""
    by_table: dict[str, list[FactResult]] = {}
    for fact in facts:
        if fact.value is not None or fact.reason != "not_applicable":
            by_table.setdefault(fact.table, []).append(fact)
    return tuple(
        FactGroup(
            own[0].table_label,
            tuple(f for f in own if f.value is not None and f.value is not False),
            tuple(f for f in own if f.value is False),
            tuple(f for f in own if f.value is None),
        )
        for own in by_table.values()
    )


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
            p.words("cite.line", line=heads[clause_id].line) if heads[clause_id].line is not None else "",
            tuple(quoted),
        )
        for clause_id, quoted in quotes.items()
    )
