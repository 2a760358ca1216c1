"""Facts and the questions that missing ones leave, as ready strings."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from screening.report.figures import DASH, cut, listed, points, quantity, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.report.wording import Words
    from screening.result.dossier_records import Dossier, FactResult, Question

UNAUDITED = ("vendor", "self_reported")


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One missing fact as a question."""

    number: str
    question: str
    fact: str
    reason: str
    at_stake: str
    actionable: str
    used_by: str


@dataclass(frozen=True, slots=True)
class FactView:
    """One known fact. `origin` is its source and period, empty where they are those of its group."""

    label: str
    id: str
    value: str
    bounds: str
    origin: str
    unaudited: bool


@dataclass(frozen=True, slots=True)
class FactGroup:
    """The facts drawn from one table: the known ones, those that are just no, and those that are missing."""

    table: str
    origin: str
    unaudited: bool
    facts: tuple[FactView, ...]
    false: str
    missing: str


def bears(question: Question) -> bool:
    """True when the answer can move the score or decide a gate."""
    return bool(question.at_stake or question.used_by)


def asked(question: Question, words: Words) -> str:
    """Return the question as the pack words it, or a plain one."""
    if question.question is not None:
        return told(question.question, words.lang)
    return words("question.plain", fact=told(question.label, words.lang))


def question_views(dossier: Dossier, words: Words) -> tuple[QuestionView, ...]:
    """Return the questions that bear on score or gates, most at stake first."""
    ordered = sorted(
        filter(bears, dossier.questions),
        key=lambda q: (-(q.at_stake if q.at_stake is not None else Decimal(-1)), q.fact_id),
    )
    return tuple(
        QuestionView(
            number=str(index),
            question=asked(q, words),
            fact=told(q.label, words.lang),
            reason=words.of("missing", q.reason),
            at_stake=points(q.at_stake) if q.at_stake is not None else DASH,
            actionable=words("question.actionable" if q.actionable else "question.verify"),
            used_by=listed([told(u, words.lang) for u in q.used_by], words.lang) or DASH,
        )
        for index, q in enumerate(ordered, start=1)
    )


def fact_value(fact: FactResult, words: Words) -> str:
    """Return the value of a fact in words, or why it is missing."""
    if fact.value is None:
        return words.of("missing", fact.reason) if fact.reason else words("sign.unknown")
    if fact.value_label is not None:
        return told(fact.value_label, words.lang)
    if isinstance(fact.value, str):
        return words.of("value", cut(fact.value, 120))
    return quantity(fact.value, fact.unit, words.lang)


def fact_groups(facts: Sequence[FactResult], words: Words) -> tuple[FactGroup, ...]:
    """Return the facts by the table they are drawn from, in the order of the pack; what plays no part here is left out."""
    by_table: dict[str, list[FactResult]] = {}
    for fact in facts:
        if fact.value is not None or fact.reason != "not_applicable":
            by_table.setdefault(fact.table, []).append(fact)
    return tuple(_group(own, words) for own in by_table.values())


def _group(facts: Sequence[FactResult], words: Words) -> FactGroup:
    known = [f for f in facts if f.value is not None]
    origins = {(f.source_kind, f.period) for f in known}
    common = known[0] if len(origins) == 1 else None
    plain_no = [f for f in known if f.value is False]
    label = next((told(f.table_label, words.lang, 30) for f in facts if f.table_label), "")
    return FactGroup(
        table=label or words("fact.other"),
        origin=_origin(common, words) if common else "",
        unaudited=common is not None and common.source_kind in UNAUDITED,
        facts=tuple(_fact(f, words, own_origin=common is None) for f in known if f.value is not False),
        false=listed([told(f.label, words.lang) for f in plain_no], words.lang) if plain_no else "",
        missing=listed([told(f.label, words.lang) for f in facts if f.value is None], words.lang)
        if len(known) < len(facts)
        else "",
    )


def _fact(fact: FactResult, words: Words, *, own_origin: bool) -> FactView:
    """Return a fact in words; figures that nobody audited are marked, here or at the head of their group."""
    bounds = ""
    if fact.low is not None and fact.high is not None and fact.low != fact.high:
        bounds = f"{quantity(fact.low, fact.unit, words.lang)} – {quantity(fact.high, fact.unit, words.lang)}"
    return FactView(
        label=told(fact.label, words.lang),
        id=fact.id,
        value=fact_value(fact, words),
        bounds=bounds,
        origin=_origin(fact, words) if own_origin else "",
        unaudited=own_origin and fact.source_kind in UNAUDITED,
    )


def _origin(fact: FactResult, words: Words) -> str:
    """Return the kind of source, where the data tell it, and the period or day."""
    kind = words.of("source_kind", fact.source_kind) if fact.source_kind else ""
    return " · ".join(part for part in (kind, cut(fact.period, 40) if fact.period else "") if part)
