"""Facts and the questions that missing ones leave, as ready strings."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from screening.report.figures import DASH, cut, listed, points, quantity, told

if TYPE_CHECKING:
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
    """One fact."""

    label: str
    id: str
    value: str
    bounds: str
    period: str
    source: str
    source_id: str
    unaudited: bool
    known: bool


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
    ordered = sorted(filter(bears, dossier.questions), key=lambda q: (-(q.at_stake if q.at_stake is not None else Decimal(-1)), q.fact_id))
    return tuple(
        QuestionView(
            number=str(index),
            question=asked(q, words),
            fact=told(q.label, words.lang), reason=words.of("missing", q.reason),
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


def fact_view(fact: FactResult, words: Words) -> FactView:
    """Return a fact in words; figures that nobody audited are marked."""
    bounds = ""
    if fact.low is not None and fact.high is not None and fact.low != fact.high:
        bounds = f"{quantity(fact.low, fact.unit, words.lang)} – {quantity(fact.high, fact.unit, words.lang)}"
    return FactView(
        label=told(fact.label, words.lang), id=fact.id, value=fact_value(fact, words), bounds=bounds,
        period=cut(fact.period, 40), source=_source(fact, words),
        source_id=fact.source_kind or "", unaudited=fact.source_kind in UNAUDITED, known=fact.value is not None,
    )


def _source(fact: FactResult, words: Words) -> str:
    """Return the table and, where the data tells it, the kind of source."""
    table = told(fact.table_label, words.lang, 30) if fact.table_label else ""
    kind = words.of("source_kind", fact.source_kind) if fact.source_kind else ""
    return " · ".join(part for part in (table, kind) if part) or DASH
