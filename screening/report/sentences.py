"""Sentences about one company, the same on its page and in the terminal. Each says only what holds for this company."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from screening.report.figures import cut, whole

if TYPE_CHECKING:
    from screening.report.printer import Printer
    from screening.result.company import CompanyRecord, GateResult, OutcomeReason, Question
    from screening.result.records import Text

HIGHLIGHTS = 5
NOT_RUN_NAMED = 6
HIGH = Decimal("0.8")
"""Earned share of a criterion from which on it is worth pointing at."""


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to see on the first page: how grave, what, and where it is told at length."""

    grave: Literal["reject", "review", "warn"]
    label: str
    text: str
    link: str


def verdict(record: CompanyRecord, p: Printer) -> str:
    """Return what became of the company and why, in at most five sentences."""
    parts = [business(record, p), score(record, p), outcome(record, p), gates_passed(record, p), provisional(record, p)]
    return p.sentences(parts)


def business(record: CompanyRecord, p: Printer) -> str:
    """Say in which direction the business lies; nothing for a pack without directions."""
    if not record.directions or record.outcome in ("out_of_scope", "insufficient_data", "direction_open"):
        return ""
    first = record.directions[0]
    if first.nearest:
        told, nearest = p.told(first.domain, 40), p.told(first.nearest, 40)
        return p.words("verdict.nearest", direction=told, nearest=nearest, grade=p.word("grade", first.grade))
    key = "verdict.direction" if first.direction else "verdict.domain"
    return p.words(key, direction=p.told(first.direction or first.domain, 40), grade=p.word("grade", first.grade))


def classed(grade: str, where: Text | None, p: Printer) -> str:
    """Say a class: direction or domain with its grade, the grade alone where it is in none."""
    return " ".join(part for part in (p.told(where, 40) if where else "", p.word("grade", grade)) if part)


def score(record: CompanyRecord, p: Printer) -> str:
    """Say the score with its band; nothing where none was computed, or where none counts because nobody can tell the business."""
    if record.score.value is None or record.outcome == "insufficient_data":
        return ""
    bounds = p.open_span(record.score)
    return p.words(
        "verdict.score_band" if bounds else "verdict.score", score=p.points(record.score.value), bounds=bounds
    )


def outcome(record: CompanyRecord, p: Printer) -> str:
    """Say the outcome and what decided it."""
    reasons = [reason(record, r, p) for r in record.reasons]
    named = p.joined(reasons)
    match record.outcome:
        case "shortlisted":
            tier = p.told(record.tier_label, 40) if record.tier_label else ""
            route = named if any(r.kind == "route" for r in record.reasons) else ""
            key = "verdict.route" if route else "verdict.shortlisted"
            return p.words(key, route=route) + p.words("verdict.tier" if tier else "verdict.no_tier", tier=tier)
        case "rejected" | "review" | "ranked" | "out_of_scope":
            text = p.words(f"verdict.{record.outcome}", reasons=named or p.words("sign.unknown"))
            parent = record.company.parent
            if parent is not None and record.outcome == "rejected":
                told = p.words("verdict.parent", name=cut(parent.name, 40), outcome=p.word("outcome", parent.outcome))
                return p.sentences([text, told])
            return text
        case other:
            return p.words(f"verdict.{other}")


def reason(record: CompanyRecord, found: OutcomeReason, p: Printer) -> str:
    """Return one ground: a failed gate by its own sentence, an undecided one by why it could not be decided."""
    gate = next((g for g in record.gates if g.id == found.id), None)
    if found.kind == "failed" and gate is not None:
        return without_stop(p.told(gate.message))
    if found.kind == "unknown" and gate is not None:
        return f"{p.told(gate.label)}{p.words('sign.colon')}{p.undecided(gate)}"
    if found.label is not None:
        return p.told(found.label)
    known = not record.questions and all(b.low == b.high for b in (record.score, record.fit, record.merit))
    return p.word("reason", "missed" if found.id == "verdict" and known else found.id)


def gates_passed(record: CompanyRecord, p: Printer) -> str:
    """Say how the rejecting gates stand: all passed only where each did."""
    tally = record.rejecting
    if not tally.asked or record.outcome in ("rejected", "out_of_scope"):
        return ""
    if tally.passed == tally.asked:
        return p.words("verdict.gates_all", n=whole(tally.passed))
    parts = [p.words("verdict.gates_passed", n=whole(tally.passed), of=whole(tally.asked))]
    parts += [
        p.words(f"verdict.gates_{s}", n=whole(getattr(tally, s)))
        for s in ("failed", "unknown", "not_run")
        if getattr(tally, s)
    ]
    return p.listed(parts) + p.words("sign.stop")


def provisional(record: CompanyRecord, p: Printer) -> str:
    """Say that a place or a tier rests on the neutral share of what is missing, and what is still possible."""
    if not record.provisional:
        return ""
    tiers = p.listed(p.told(t, 40) for t in record.tiers_possible)
    if tiers and len(record.tiers_possible) > 1:
        return p.words("verdict.provisional_tiers", tiers=tiers)
    return p.words("verdict.provisional")


def rank(record: CompanyRecord, p: Printer) -> str:
    """Return the rank, and with how many others it is shared; nothing where no points set one before another."""
    if record.rank is None or not record.run.scores:
        return ""
    key = "dossier.rank_shared" if record.sharing > 1 else "dossier.rank"
    return p.words(key, rank=whole(record.rank), of=whole(record.ranked), n=whole(record.sharing))


def red_flags(record: CompanyRecord, p: Printer) -> tuple[Flag, ...]:
    """Return failed gates, gates that nobody could decide, and facts on which sources contradict each other."""
    order = {"reject": 0, "review": 1, "warn": 2}
    gates = [g for g in record.gates if g.status in ("failed", "unknown", "not_run")]
    gates.sort(key=lambda g: (g.status != "failed", order[g.effect]))
    flags = [Flag(_grave(g), p.told(g.label), gate_says(g, p), "gates") for g in gates if g.status != "not_run"]
    idle = [g for g in gates if g.status == "not_run"]
    if idle:
        named = p.listed(p.told(g.label) for g in idle[:NOT_RUN_NAMED])
        named += p.words("alert.more") if len(idle) > NOT_RUN_NAMED else ""
        flags.append(Flag("review", p.words("flag.not_run", n=whole(len(idle))), named, "gates"))
    disputed = [f for f in record.facts if f.reason in ("conflict", "unparsable", "set_aside")]
    if disputed:
        label = p.words("flag.disputed", n=whole(len(disputed)))
        text = p.listed(
            f"{p.told(f.label)}{p.words('sign.open')}{p.word('missing', f.reason)}{p.words('sign.close')}"
            for f in disputed
        )
        flags.append(Flag("review", label, text, "facts"))
    return tuple(flags)


def _grave(gate: GateResult) -> Literal["reject", "review", "warn"]:
    if gate.status == "failed":
        return gate.effect  # type: ignore[return-value]
    return "review" if gate.effect in ("reject", "review") else "warn"


def gate_says(gate: GateResult, p: Printer) -> str:
    """Return the sentence of a gate as it stands: its own where it failed, why not where nobody could decide."""
    match gate.status:
        case "failed":
            return p.told(gate.message)
        case "unknown" | "not_run":
            return p.undecided(gate)
        case _:
            return ""


def highlights(record: CompanyRecord, p: Printer) -> tuple[tuple[str, str], ...]:
    """Return the criteria that surely earned most of what they can give, the weightiest first, with the facts behind."""
    facts = {f.id: f for f in record.facts}
    earned = [
        (c.value * half.weight, c)
        for half in record.halves
        for pillar in half.pillars
        for c in pillar.criteria
        if c.value is not None and c.full and c.low == c.high and c.value >= c.full * HIGH
    ]
    earned.sort(key=lambda item: -item[0])
    result = []
    for _, criterion in earned[:HIGHLIGHTS]:
        known = [facts[f] for f in criterion.direct if f in facts and facts[f].value is not None]
        told = [f"{p.told(f.label)} {p.fact(f)}" for f in known if f.value is not False][:2]
        told += [f"{p.told(label)} {p.told(value)}" for label, value in criterion.axes if value is not None]
        result.append((p.told(criterion.label), p.listed(told)))
    return tuple(result)


def bearing(record: CompanyRecord) -> tuple[Question, ...]:
    """Return the questions whose answer can move the score or decide a gate."""
    return tuple(q for q in record.questions if q.at_stake or q.used_by)


def asked(question: Question, p: Printer) -> str:
    """Return the question as the pack words it, or a plain one."""
    return p.told(question.question) if question.question else p.words("question.plain", fact=p.told(question.label))


def without_stop(sentence: str) -> str:
    """Return a sentence without its full stop, to stand inside another."""
    return sentence.rstrip("。.")
