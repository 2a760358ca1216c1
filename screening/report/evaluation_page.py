"""The page of an evaluation: how far the classification agrees with people's labels, and where it does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from screening.report.charts import px, tint
from screening.report.evidence import EvidenceView, evidence
from screening.report.figures import DASH, cut, listed, told, whole
from screening.report.page import Line, PageView, inert
from screening.result.contract import GRADES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from screening.report.printer import Printer
    from screening.report.wording import Words
    from screening.result.evaluation_records import (
        ConfusionRecord,
        ErrorsRecord,
        EvaluationRecord,
        MistakeRecord,
        ScoreRecord,
    )
    from screening.result.records import Text

MISTAKES_SHOWN = 200
TEXT_SHOWN = 1_200
"""Characters of a text beside a mistake; with 200 mistakes the page stays under the 5 MB a browser likes."""
UNMATCHED_SHOWN = 100
BAR = 96
"""Width of the bar that stands for 1."""


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One class. `precision_bar` and `recall_bar` are widths of BAR, empty where there is no ratio."""

    label: str
    id: str
    precision: str
    recall: str
    f1: str
    precision_bar: str
    recall_bar: str
    spoken: str
    right: str
    predicted: str
    actual: str


@dataclass(frozen=True, slots=True)
class ConfusedCell:
    """Companies of one gold class with one predicted class. `agrees`: the two are the same."""

    count: str
    tint: int
    agrees: bool


@dataclass(frozen=True, slots=True)
class ConfusionView:
    """The table: gold classes down, predicted classes across, with totals."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[ConfusedCell, ...], str], ...]
    totals: tuple[str, ...]
    total: str


@dataclass(frozen=True, slots=True)
class MistakeView:
    """One company that was put where its label does not."""

    name: str
    gold: str
    predicted: str
    grade: str
    kind: str
    note: str
    evidence: EvidenceView


@dataclass(frozen=True, slots=True)
class EvaluationView:
    """The page in ready strings."""

    page: PageView
    sections: tuple[str, ...]
    summary: tuple[str, ...]
    head: tuple[ScoreRow, ...]
    tables: tuple[tuple[str, tuple[ScoreRow, ...]], ...]
    confusions: tuple[tuple[str, ConfusionView], ...]
    trap_head: tuple[str, ...]
    traps: tuple[tuple[str, str, tuple[tuple[str, bool], ...]], ...]
    mistakes: tuple[MistakeView, ...]
    mistakes_note: str
    unmatched: tuple[str, ...]
    unmatched_note: str
    styles: tuple[tuple[str, str], ...]


def evaluation_view(record: EvaluationRecord, p: Printer) -> EvaluationView:
    """Return the view of an evaluation."""
    words = p.words
    mistakes = tuple(_mistake(mistake, p) for mistake in record.mistakes[:MISTAKES_SHOWN])
    # Core always has a column: that nobody fell for a trap is what a reader looks for.
    grade_ids = tuple(g for g in GRADES if g == "core" or any(g in trap.grades for trap in record.traps))
    confusions = [
        (words(f"eval.confusion_{what}"), confusion_view(confusion, label))
        for what, confusion, label in (
            ("domains", record.confusion, lambda _, name: told(name, words.lang, 30)),
            ("grades", record.grade_confusion, lambda class_id, _: words.of("grade", class_id)),
        )
        if confusion.classes
    ]
    tables = (
        ("domains", tuple(_row(s, told(s.label, words.lang, 60), words) for s in record.domains)),
        ("directions", tuple(_row(s, told(s.label, words.lang, 60), words) for s in record.directions)),
        ("grades", tuple(_row(s, words.of("grade", s.id), words, with_id=False) for s in record.grades)),
        ("strata", tuple(_row(s, cut(s.id, 60), words, with_id=False) for s in record.strata)),
    )
    present = {
        "agreement": True,
        "classes": any(rows for _, rows in tables),
        "confusion": bool(confusions),
        "traps": bool(record.traps),
        "mistakes": True,
        "unmatched": bool(record.unmatched),
    }
    left_out = len(record.mistakes) - len(mistakes)
    return EvaluationView(
        page=_page(record, words),
        sections=tuple(name for name, there in present.items() if there),
        summary=_summary(record, words),
        head=tuple(
            _row(score, words(f"eval.{name}"), words)
            for name, score in (
                ("overall", record.overall),
                ("memberships", record.memberships),
                *([("second", record.second)] if record.second and record.second.actual else []),
                ("baseline", record.baseline),
            )
        ),
        tables=tuple((words(f"eval.by_{what}"), rows) for what, rows in tables if rows),
        confusions=tuple(confusions),
        trap_head=tuple(words.of("grade", grade) for grade in grade_ids),
        traps=tuple(
            (
                cut(trap.kind, 60),
                whole(trap.companies),
                tuple(
                    (whole(n) if (n := trap.grades.get(g, 0)) or g == "core" else "", g == "core" and n > 0)
                    for g in grade_ids
                ),
            )
            for trap in record.traps
        ),
        mistakes=mistakes,
        mistakes_note=words("eval.mistakes_rest", shown=whole(len(mistakes)), rest=whole(left_out)) if left_out else "",
        unmatched=tuple(cut(name, 60) for name in record.unmatched[:UNMATCHED_SHOWN]),
        unmatched_note=words("eval.unmatched_rest", rest=whole(len(record.unmatched) - UNMATCHED_SHOWN))
        if len(record.unmatched) > UNMATCHED_SHOWN
        else "",
        styles=tuple(dict.fromkeys(style for mistake in mistakes for style in mistake.evidence.styles)),
    )


def confusion_view(confusion: ConfusionRecord, label: Callable[[str, Text], str]) -> ConfusionView:
    """Return the table of a confusion. Shades tell counts, and the frame on the diagonal where both agree."""
    ids = [class_id for class_id, _ in confusion.classes]
    counts = confusion.companies
    most = max(counts.values(), default=0)
    names = [label(class_id, name) for class_id, name in confusion.classes]
    rows = []
    for gold, name in zip(ids, names, strict=True):
        cells = tuple(
            ConfusedCell(whole(n) if (n := counts.get((gold, predicted), 0)) else "", tint(n, most), gold == predicted)
            for predicted in ids
        )
        rows.append((name, cells, whole(sum(counts.get((gold, p), 0) for p in ids))))
    totals = tuple(whole(sum(counts.get((gold, predicted), 0) for gold in ids)) for predicted in ids)
    return ConfusionView(tuple(names), tuple(rows), totals, whole(sum(counts.values())))


def _ratio(value: Decimal | None) -> str:
    return DASH if value is None else f"{value:.3f}"


def _bar(value: Decimal | None) -> str:
    return "" if value is None else px(value * BAR)


def _row(score: ScoreRecord, label: str, words: Words, *, with_id: bool = True) -> ScoreRow:
    precision, recall = _ratio(score.precision), _ratio(score.recall)
    return ScoreRow(
        label=label,
        id=score.id if with_id else "",
        precision=_within(precision, score.precision_interval, words),
        recall=_within(recall, score.recall_interval, words),
        f1=_ratio(score.f1),
        precision_bar=_bar(score.precision),
        recall_bar=_bar(score.recall),
        spoken=words("eval.bars", precision=precision, recall=recall),
        right=whole(score.right),
        predicted=whole(score.predicted),
        actual=whole(score.actual),
    )


def _share(count: int, bounds: tuple[Decimal, Decimal] | None, words: Words) -> str:
    """Return a count with the 95 % interval of its share."""
    return _within(whole(count), bounds, words)


def _within(ratio: str, bounds: tuple[Decimal, Decimal] | None, words: Words) -> str:
    """Return a ratio with its 95 % interval."""
    return words("eval.within", ratio=ratio, low=_ratio(bounds[0]), high=_ratio(bounds[1])) if bounds else ratio


def _summary(record: EvaluationRecord, words: Words) -> tuple[str, ...]:
    def figures(score: ScoreRecord) -> dict[str, str]:
        return {"precision": _ratio(score.precision), "recall": _ratio(score.recall), "f1": _ratio(score.f1)}

    if not record.companies:
        return (words("eval.nobody"),)
    return (
        words("eval.compared", n=whole(record.companies)),
        words("eval.reached", **figures(record.overall)),
        *_told_once(record.errors, words),
        words("eval.beside", **figures(record.baseline)),
        words("eval.wrong", n=whole(len(record.mistakes))) if record.mistakes else words("eval.no_mistakes"),
    )


def _told_once(errors: ErrorsRecord | None, words: Words) -> tuple[str, ...]:
    if errors is None:
        return ()
    once = words(
        "eval.once",
        accepted=whole(errors.accepted),
        missed=whole(errors.missed),
        wrong=whole(errors.wrong_domain),
        to_read=whole(errors.to_read),
        missed_to_read=whole(errors.missed_to_read),
    )
    if not errors.direction_asked:
        return (once,)
    return once, words(
        "eval.naming",
        asked=whole(errors.direction_asked),
        named=_share(errors.direction_named, errors.named_interval, words),
        right=_share(errors.direction_right, errors.right_interval, words),
        nearest=whole(errors.direction_nearest),
        nearest_right=whole(errors.direction_nearest_right),
        scoped=whole(errors.in_scope),
        scoped_named=whole(errors.in_scope_named),
    )


def _mistake(mistake: MistakeRecord, p: Printer) -> MistakeView:
    words = p.words
    return MistakeView(
        name=cut(mistake.name),
        gold=_names(mistake.gold, words) or words("eval.nowhere"),
        predicted=told(mistake.predicted, words.lang, 60) if mistake.predicted else words("eval.nowhere"),
        grade=words.of("grade", mistake.grade),
        kind=cut(mistake.kind, 60) if mistake.kind else "",
        note=cut(mistake.note, 300) if mistake.note else "",
        evidence=evidence(mistake.texts, p, TEXT_SHOWN),
    )


def _names(labels: Sequence[Text], words: Words) -> str:
    return listed([told(label, words.lang, 60) for label in labels], words.lang)


def _page(record: EvaluationRecord, words: Words) -> PageView:
    authority = record.authority
    label = record.pack_label.text(words.lang)
    title = f"《{authority.title}》" if authority and words.lang == "zh" else authority.title if authority else ""
    heading = words("eval.title")
    return PageView(
        lang_tag="zh-CN" if words.lang == "zh" else "en",
        document_title=f"{heading} · {label}",
        kicker=" ".join(part for part in (title, authority.number if authority else "") if part) or label,
        heading=heading,
        subtitle=words("eval.subtitle"),
        synthetic=False,
        colophon=(
            Line(words("run.pack"), f"{label} {record.pack_version}"),
            Line(words("run.authority"), authority.number if authority else DASH),
            Line(words("eval.companies"), whole(record.companies)),
            Line(
                words("eval.left_out"),
                words("eval.left_out_counts", unmatched=whole(len(record.unmatched)), doubled=whole(record.doubled)),
            ),
        ),
        notices=(),
        files=(),
        manifest=inert(record.manifest),
    )
