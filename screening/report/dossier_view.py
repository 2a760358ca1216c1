"""The dossier of one company as ready strings in one language."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from screening.report import charts
from screening.report.company_view import identity, provenance
from screening.report.evidence import EvidenceView, evidence
from screening.report.facts_view import FactGroup, QuestionView, asked, bears, fact_groups, fact_value, question_views
from screening.report.figures import (
    DASH,
    cut,
    date,
    listed,
    open_span,
    percent,
    plain,
    points,
    quantity,
    told,
    whole,
)
from screening.report.page import CitationView, Line, PageView, citation, page
from screening.report.points_view import HalfView, PointsRow, half_view, points_row
from screening.result.records import Band

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.report.wording import Words
    from screening.result.dossier_records import (
        Dossier,
        GateResult,
        OutcomeReason,
        PlaceResult,
        StageAxisResult,
    )

STATUS_ORDER = ("failed", "unknown", "not_run", "passed", "not_applicable")


@dataclass(frozen=True, slots=True)
class GateView:
    """One gate with what it read."""

    label: str
    effect: str
    status: str
    status_id: str
    datum: str
    searched_on: str
    message: str
    remedy: str
    citation: CitationView


@dataclass(frozen=True, slots=True)
class StageView:
    """One stage axis."""

    label: str
    value: str
    undecided: bool
    note: str
    citation: CitationView


@dataclass(frozen=True, slots=True)
class DirectionView:
    """One direction the company was found in."""

    position: str
    domain: str
    direction: str
    clause: str
    grade: str
    grade_id: str
    strength: str


@dataclass(frozen=True, slots=True)
class MeasureView:
    """One measure worth a look."""

    label: str
    departments: str
    note: str
    citation: CitationView


@dataclass(frozen=True, slots=True)
class ClauseView:
    """One clause with its quotes, each with the rules that rest on it."""

    id: str
    title: str
    line: str
    quotes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DossierView:
    """Everything the dossier template prints."""

    page: PageView
    sections: tuple[str, ...]
    uscc: str
    outcome: str
    outcome_id: str
    tier: str
    rank: str
    reason: str
    reasons: tuple[tuple[str, str], ...]
    strip: tuple[charts.StripRow, ...]
    strip_text: str
    coverage: str
    identity: tuple[Line, ...]
    halves: tuple[HalfView, ...]
    deductions: tuple[PointsRow, ...]
    directions: tuple[DirectionView, ...]
    margin: str
    evidence: EvidenceView
    gates: tuple[GateView, ...]
    gates_note: str
    track: str
    stages: tuple[StageView, ...]
    place: tuple[Line, ...]
    place_note: str
    place_citation: CitationView | None
    measures: tuple[MeasureView, ...]
    questions: tuple[QuestionView, ...]
    side_questions: tuple[str, ...]
    facts: tuple[FactGroup, ...]
    clauses: tuple[ClauseView, ...]
    overrides: tuple[tuple[str, str, str, str, str], ...]
    provenance: tuple[Line, ...]
    verify: str


def dossier_view(dossier: Dossier, words: Words) -> DossierView:
    """Return the dossier in words."""
    company = dossier.company
    strip = _strip(dossier, words)
    return DossierView(
        page=page(dossier.run, cut(company.name), words("dossier.subtitle"), words),
        sections=_sections(dossier),
        uscc=cut(company.uscc, 24) if company.uscc else words("identity.no_uscc"),
        outcome=words.of("outcome", dossier.outcome),
        outcome_id=dossier.outcome,
        tier=_tier(dossier, words),
        rank=words("dossier.rank", rank=whole(dossier.rank), of=whole(dossier.ranked)) if dossier.rank else "",
        reason=_reason(dossier, words),
        reasons=tuple(_reason_line(r, words) for r in dossier.reasons) if len(dossier.reasons) > 1 else (),
        strip=strip,
        strip_text=""
        if dossier.score.value is None
        else listed([f"{r.label} {r.figure} ({r.bounds})" for r in strip], words.lang),
        coverage=words("dossier.coverage", coverage=percent(dossier.coverage), merit=percent(dossier.merit_coverage)),
        identity=identity(dossier.company, words),
        halves=tuple(half_view(half, words) for half in dossier.halves),
        deductions=tuple(
            points_row(d, d.full or Decimal(0), charts.TONES["failed"], words) for d in dossier.deductions if d.value
        ),
        directions=tuple(
            DirectionView(
                position=whole(d.position),
                domain=told(d.domain, words.lang, 30),
                direction=told(d.direction, words.lang, 40) if d.direction else words("direction.domain_only"),
                clause=d.clause or d.direction_id,
                grade=words.of("grade", d.grade),
                grade_id=d.grade,
                strength=points(d.strength),
            )
            for d in dossier.directions
        ),
        margin=_margin(dossier, words),
        evidence=evidence(dossier.evidence, words),
        gates=tuple(_gate(g, words) for g in sorted(dossier.gates, key=lambda g: STATUS_ORDER.index(g.status))),
        gates_note=_gates_note(dossier.gates, words),
        track=told(dossier.track, words.lang) if dossier.track else words("stage.track_open"),
        stages=tuple(_stage(axis, words) for axis in dossier.stages),
        place=_place(dossier.place, words),
        place_note=_place_note(dossier.place, words),
        place_citation=citation(dossier.place.citation, words) if dossier.place and dossier.place.entry else None,
        measures=tuple(
            MeasureView(
                label=told(m.label, words.lang),
                departments=m.departments or DASH,
                note=told(m.note, words.lang) if m.note else "",
                citation=citation(m.citation, words),
            )
            for m in dossier.measures
            if m.audience == "company"
        ),
        questions=question_views(dossier, words),
        side_questions=tuple(dict.fromkeys(asked(q, words) for q in dossier.questions if not bears(q))),
        facts=fact_groups(dossier.facts, words),
        clauses=_clauses(dossier, words),
        overrides=tuple(
            (
                o.what,
                cut(o.before),
                cut(o.after),
                cut(o.reason, 300),
                " ".join(p for p in (date(o.decided_on), cut(o.decided_by, 40) if o.decided_by else "") if p),
            )
            for o in dossier.overrides
        ),
        provenance=provenance(dossier, words),
        verify=f"screen verify {dossier.run.run_id}",
    )


def _sections(dossier: Dossier) -> tuple[str, ...]:
    """Return the sections that have something to say; a company that was not judged has few."""
    judged = bool(dossier.halves)
    present = {
        "reason": True,
        "points": judged,
        "evidence": True,
        "gates": bool(dossier.gates),
        "stage": bool(dossier.stages or dossier.place),
        "measures": judged,
        "questions": judged,
        "facts": bool(dossier.facts),
        "clauses": bool(dossier.clauses),
        "provenance": True,
    }
    return tuple(section for section, shown in present.items() if shown)


def _tier(dossier: Dossier, words: Words) -> str:
    if dossier.tier_label is not None:
        return told(dossier.tier_label, words.lang, 40)
    return dossier.tier or words("dossier.no_tier")


def _reason_line(reason: OutcomeReason, words: Words) -> tuple[str, str]:
    label = told(reason.label, words.lang) if reason.label else words.of("reason", reason.id)
    return label, told(reason.message, words.lang) if reason.message else ""


def _reason(dossier: Dossier, words: Words) -> str:
    """Return the one sentence that says why the outcome is what it is."""
    first = dossier.directions[0] if dossier.directions else None
    direction = told(first.direction or first.domain, words.lang, 40) if first else ""
    named = listed([_reason_line(r, words)[0] for r in dossier.reasons], words.lang)
    bounds = open_span(dossier.score)
    key = f"because.{dossier.outcome}" if named or dossier.outcome not in ("rejected", "review") else "because.plain"
    sentence = words(
        key,
        direction=direction or words("sign.unknown"),
        grade=words.of("grade", first.grade if first else None),
        reasons=named or words("because.none"),
        score=points(dossier.score.value),
        band=words("because.band", bounds=bounds) if bounds else "",
    )
    messages = [text for _, text in (_reason_line(r, words) for r in dossier.reasons) if text][:1]
    parent = dossier.company.parent
    if parent is not None and dossier.outcome == "rejected":
        messages.append(words("because.parent", name=cut(parent.name, 40), outcome=words.of("outcome", parent.outcome)))
    return (" " if words.lang == "en" else "").join([sentence, *messages])


def _strip(dossier: Dossier, words: Words) -> tuple[charts.StripRow, ...]:
    tiers = dossier.verdict.tiers

    def floors(half: str) -> list[tuple[Decimal, str]]:
        steps = () if tiers is None else tiers.fit if half == "fit" else tiers.merit
        return [(step.at_least, step.id) for step in steps if step.at_least > 0]

    def row(
        index: int, key: str, band: Band, fill: str, at: Sequence[tuple[Decimal, str]] = (), *, known: bool = True
    ) -> charts.StripRow:
        bounds = open_span(band) if band.value is not None else words("dossier.not_computed")
        figure = points(band.value) if known or band.value is None else words("sign.unknown")
        return charts.strip_row(
            index, words(key), figure, bounds, band if known else Band(None, band.low, band.high), fill, at
        )

    return (
        row(0, "half.score", dossier.score, charts.SCORE),
        row(1, "half.fit", dossier.fit, charts.FIT, floors("fit")),
        row(2, "half.merit", dossier.merit, charts.MERIT, floors("merit"), known=bool(dossier.merit_coverage)),
    )


def _margin(dossier: Dossier, words: Words) -> str:
    ranked = [d for d in dossier.directions if d.strength is not None]
    if len(ranked) < 2 or ranked[0].strength is None or ranked[1].strength is None:
        return words("direction.single") if ranked else words("direction.nothing")
    second = told(ranked[1].direction or ranked[1].domain, words.lang, 40)
    return words(
        "direction.margin",
        second=second,
        grade=words.of("grade", ranked[1].grade),
        margin=points(ranked[0].strength - ranked[1].strength),
    )


def _gate(gate: GateResult, words: Words) -> GateView:
    datum = ("；" if words.lang == "zh" else "; ").join(
        f"{told(f.label, words.lang)} {fact_value(f, words)}" for f in gate.datum
    )
    searched = date(gate.searched_on) if gate.searched_on else words("gate.not_searched")
    if gate.searched_on and gate.valid_for is not None:
        searched = words(
            "gate.searched", date=searched, length=quantity(gate.valid_for, gate.valid_for_unit, words.lang)
        )
    status = words.of("gate_status", gate.status)
    if gate.reason and gate.status in ("unknown", "not_run"):
        status = words("gate.with_reason", status=status, reason=words.of("missing", gate.reason))
    return GateView(
        label=told(gate.label, words.lang),
        effect=words.of("effect", gate.effect),
        status=status,
        status_id=gate.status,
        datum=datum or DASH,
        searched_on=searched,
        message=told(gate.message, words.lang) if gate.status == "failed" else "",
        remedy=told(gate.remedy, words.lang) if gate.remedy and gate.status in ("failed", "unknown") else "",
        citation=citation(gate.citation, words),
    )


def _gates_note(gates: Sequence[GateResult], words: Words) -> str:
    idle = [told(g.label, words.lang) for g in gates if g.status == "not_run"]
    return words("gate.idle", n=len(idle), gates=listed(idle, words.lang)) if idle else ""


def _stage(axis: StageAxisResult, words: Words) -> StageView:
    undecided = axis.value is None
    possible = listed([told(p, words.lang, 40) for p in axis.possible], words.lang)
    deciding = listed([told(f, words.lang) for f in axis.deciding], words.lang)
    note = words("stage.deciding", facts=deciding) if undecided and deciding else ""
    value = words("stage.possible", values=possible) if undecided and possible else told(axis.value, words.lang, 60)
    return StageView(
        label=told(axis.label, words.lang),
        value=value if value != DASH else words("sign.unknown"),
        undecided=undecided,
        note=note,
        citation=citation(axis.citation, words),
    )


def _place(place: PlaceResult | None, words: Words) -> tuple[Line, ...]:
    if place is None:
        return ()
    where = " ".join(part for part in (place.city, place.district) if part)
    basis = (
        f"{words('sign.open')}{words.of('city_basis', place.city_basis)}{words('sign.close')}"
        if place.city_basis
        else ""
    )
    return (
        Line(words("place.grade"), words.of("place_grade", place.grade)),
        Line(words("place.city"), f"{cut(where)}{basis}"),
        Line(words("place.entry"), place.entry or words("place.no_entry")),
        Line(words("place.sub_industry"), cut(place.sub_industry, 120)),
        Line(words("place.carrier"), cut(place.carrier, 120)),
    )


def _place_note(place: PlaceResult | None, words: Words) -> str:
    if place is None or place.sub_industries_open is None:
        return ""
    return words("place.open" if place.sub_industries_open else "place.closed")


def _clauses(dossier: Dossier, words: Words) -> tuple[ClauseView, ...]:
    quotes: dict[str, list[tuple[str, str]]] = {}
    for clause, quote in dossier.clauses:
        quotes.setdefault(clause.id, []).append((plain(quote), listed(clause.rules, words.lang)))
    heads = {clause.id: clause for clause, _ in dossier.clauses}
    return tuple(
        ClauseView(
            id=clause_id,
            title=told(heads[clause_id].title, words.lang) if heads[clause_id].title.zh else "",
            line=words("cite.line", line=heads[clause_id].line) if heads[clause_id].line is not None else "",
            quotes=tuple(quoted),
        )
        for clause_id, quoted in quotes.items()
    )
