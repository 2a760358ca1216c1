"""An evaluation as the record that its page prints: ratios rounded once, ids beside the words of the pack."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from screening.analysis.evaluation import interval
from screening.analysis.gold import NONE
from screening.analysis.rulewords import direction_text, domain_text, text
from screening.result.company import EvidenceText, Span
from screening.result.contract import GRADES
from screening.result.evaluation_records import (
    ConfusionRecord,
    ErrorsRecord,
    EvaluationRecord,
    MistakeRecord,
    ScoreRecord,
    TrapRecord,
)
from screening.result.records import Authority, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.analysis.evaluation import Confused, Evaluation, EvidenceSpan, Mistake, Score
    from screening.rulebook.model import RulePack

_PLACES = Decimal("0.001")
_NOBODY = Text("不属于任何领域", "in no domain")


def evaluation_record(evaluation: Evaluation, pack: RulePack) -> EvaluationRecord:
    """Return the record of an evaluation."""
    head = pack.pack
    domains = {domain_id: text(domain.label) for domain_id, domain in pack.domains.items()}
    directions = {direction_id: text(direction.label) for _, direction_id, direction in pack.directions()}
    grades = {grade: Text(grade) for grade in GRADES}
    authority = head.authority
    return EvaluationRecord(
        pack_id=head.id,
        pack_version=head.version,
        pack_label=text(head.label),
        authority=Authority(authority.number, authority.title, authority.issuer, authority.issued_on, authority.sha256)
        if authority
        else None,
        companies=evaluation.companies,
        doubled=evaluation.doubled,
        unmatched=tuple(row.name or row.uscc for row in evaluation.unmatched),
        overall=_score(evaluation.overall, Text("")),
        memberships=_score(evaluation.memberships, Text("")),
        baseline=_score(evaluation.baseline, Text("")),
        domains=_scores(evaluation.domains, domains),
        directions=_scores(evaluation.directions, directions),
        grades=_scores(evaluation.grades, grades),
        confusion=_confusion(evaluation.confusion, domains | {NONE: _NOBODY}),
        grade_confusion=_confusion(evaluation.grade_confusion, grades),
        second=_score(evaluation.second, Text("")),
        errors=_errors(evaluation),
        strata=tuple(_score(score, Text(score.class_id)) for score in evaluation.strata),
        traps=tuple(TrapRecord(kind.kind, kind.companies, kind.grades) for kind in evaluation.kinds),
        mistakes=tuple(_mistake(mistake, pack) for mistake in evaluation.mistakes),
        manifest={
            "pack": {"id": head.id, "version": head.version},
            "companies": evaluation.companies,
            "doubled": evaluation.doubled,
            "unmatched": len(evaluation.unmatched),
            **{
                name: _figures(score)
                for name, score in (
                    ("overall", evaluation.overall),
                    ("memberships", evaluation.memberships),
                    ("baseline", evaluation.baseline),
                )
            },
        },
    )


def _ratio(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(_PLACES, rounding=ROUND_HALF_UP)


def _interval(bounds: tuple[float, float] | None) -> tuple[Decimal, Decimal] | None:
    if bounds is None:
        return None
    low, high = (Decimal(str(bound)).quantize(_PLACES, rounding=ROUND_HALF_UP) for bound in bounds)
    return low, high


def _errors(evaluation: Evaluation) -> ErrorsRecord:
    errors, naming = evaluation.errors, evaluation.naming
    return ErrorsRecord(
        errors.accepted,
        errors.missed,
        errors.wrong_domain,
        errors.to_read,
        errors.missed_to_read,
        naming.asked,
        naming.named,
        naming.right,
        naming.nearest,
        naming.nearest_right,
        naming.in_scope,
        naming.in_scope_named,
        _interval(interval(naming.named, naming.asked)),
        _interval(interval(naming.right, naming.named)),
    )


def _figures(score: Score) -> dict[str, int]:
    return {"right": score.true_positive, "predicted": score.predicted, "actual": score.actual}


def _score(score: Score, label: Text) -> ScoreRecord:
    return ScoreRecord(
        score.class_id,
        label,
        score.true_positive,
        score.predicted,
        score.actual,
        _ratio(score.precision),
        _ratio(score.recall),
        _ratio(score.f1),
        _interval(score.precision_interval),
        _interval(score.recall_interval),
    )


def _scores(scores: Sequence[Score], labels: dict[str, Text]) -> tuple[ScoreRecord, ...]:
    """Leave out classes that neither the gold nor the prediction names: there is nothing to measure."""
    return tuple(
        _score(score, labels.get(score.class_id, Text(score.class_id)))
        for score in scores
        if score.predicted or score.actual
    )


def _confusion(cells: Sequence[Confused], labels: dict[str, Text]) -> ConfusionRecord:
    """Keep the classes that occur, in the order of `labels`."""
    seen = {class_id for cell in cells for class_id in (cell.gold, cell.predicted)}
    classes = [*(c for c in labels if c in seen), *sorted(seen - labels.keys())]
    return ConfusionRecord(
        tuple((c, labels.get(c, Text(c))) for c in classes),
        {(cell.gold, cell.predicted): cell.companies for cell in cells},
    )


def _mistake(mistake: Mistake, pack: RulePack) -> MistakeRecord:
    columns = pack.tables["companies"].columns
    texts = []
    for field, told in mistake.texts.items():
        spans = tuple(_span(span, pack) for span in mistake.spans if span.field == field)
        if spans or field != "name":
            label = columns[field].label if field in columns else None
            texts.append(EvidenceText(field, text(label) if label else Text(field), told, spans))
    texts.sort(key=lambda shown: not shown.spans)
    return MistakeRecord(
        mistake.company_id,
        mistake.name,
        tuple(domain_text(pack, d) or Text(d) for d in mistake.gold),
        domain_text(pack, mistake.predicted),
        mistake.grade,
        mistake.kind,
        mistake.note,
        tuple(texts),
    )


def _span(span: EvidenceSpan, pack: RulePack) -> Span:
    named = direction_text(pack, span.domain_id, span.direction_id) or domain_text(pack, span.domain_id)
    return Span(
        span.start,
        span.end,
        span.term,
        span.direction_id or span.domain_id,
        named or Text(span.term),
        span.grade,
        span.kind,
        span.activity,
    )
