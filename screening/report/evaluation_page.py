"""The page of an evaluation: how far the classification agrees with people's labels, and where it does not."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, NamedTuple

from screening.report.charts import px, tint
from screening.report.evidence import Told, evidence
from screening.report.figures import DASH, cut, listed, told, whole
from screening.report.page import PageView, inert
from screening.report.printer import printer
from screening.report.render import rendered
from screening.result.company import EvidenceText, Span
from screening.result.contract import GRADES
from screening.result.evaluation_records import NONE, interval
from screening.result.records import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from screening.report.printer import Printer
    from screening.report.wording import Lang, Words
    from screening.result.evaluation_records import Confused, Errors, Evaluation, Mistake, Naming, PackNames, Score

MISTAKES_SHOWN = 200
TEXT_SHOWN = 1_200
"""Characters of a text beside a mistake; with 200 mistakes the page stays under the 5 MB a browser likes."""
UNMATCHED_SHOWN = 100
BAR = 96
"""Width of the bar that stands for 1."""


class ScoreRow(NamedTuple):
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


class ConfusionView(NamedTuple):
    """The table: gold classes down, predicted classes across, with totals. A cell is its count, its shade, and whether both agree."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, int, bool], ...], str], ...]
    totals: tuple[str, ...]
    total: str


class MistakeView(NamedTuple):
    """One company that was put where its label does not."""

    name: str
    gold: str
    predicted: str
    grade: str
    kind: str
    note: str
    texts: list[Told]
    letters: list[tuple[str, str, str]]
    styles: list[tuple[str, str]]


class EvaluationView(NamedTuple):
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


def render_evaluation(evaluation: Evaluation, pack: PackNames, lang: Lang = "zh") -> str:
    """Return the page of an evaluation as one HTML document."""
    p = printer(lang)
    view = evaluation_view(evaluation, pack, p)
    return rendered("evaluation.html.j2", view.page, p, view)


def evaluation_view(found: Evaluation, pack: PackNames, p: Printer) -> EvaluationView:
    """Return the view of an evaluation."""
    words = p.words
    mistakes = tuple(_mistake(mistake, pack, p) for mistake in found.mistakes[:MISTAKES_SHOWN])
    # Core always has a column: that nobody fell for a trap is what a reader looks for.
    grade_ids = tuple(g for g in GRADES if g == "core" or any(g in trap.grades for trap in found.kinds))

    def called(class_id: str, most: int = 60) -> str:
        return told(pack.classes.get(class_id, Text(class_id)), words.lang, most)

    def measured(scores: Sequence[Score]) -> Iterable[Score]:
        """Leave out classes that neither the gold nor the prediction names: there is nothing to measure."""
        return (s for s in scores if s.predicted or s.actual)

    confusions = [
        (words(f"eval.confusion_{what}"), confusion_view(cells, order, label))
        for what, cells, order, label in (
            ("domains", found.confusion, tuple(pack.classes), lambda class_id: called(class_id, 30)),
            ("grades", found.grade_confusion, GRADES, lambda class_id: words.of("grade", class_id)),
        )
        if cells
    ]
    tables = (
        ("domains", tuple(_row(s, called(s.class_id), words) for s in measured(found.domains))),
        ("directions", tuple(_row(s, called(s.class_id), words) for s in measured(found.directions))),
        (
            "grades",
            tuple(_row(s, words.of("grade", s.class_id), words, with_id=False) for s in measured(found.grades)),
        ),
        ("strata", tuple(_row(s, cut(s.class_id, 60), words, with_id=False) for s in found.strata)),
    )
    present = {
        "agreement": True,
        "classes": any(rows for _, rows in tables),
        "confusion": bool(confusions),
        "traps": bool(found.kinds),
        "mistakes": True,
        "unmatched": bool(found.unmatched),
    }
    left_out = len(found.mistakes) - len(mistakes)
    return EvaluationView(
        page=_page(found, pack, words),
        sections=tuple(name for name, there in present.items() if there),
        summary=_summary(found, words),
        head=tuple(
            _row(score, words(f"eval.{name}"), words)
            for name, score in (
                ("overall", found.overall),
                ("memberships", found.memberships),
                *([("second", found.second)] if found.second.actual else []),
                ("baseline", found.baseline),
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
            for trap in found.kinds
        ),
        mistakes=mistakes,
        mistakes_note=words("eval.mistakes_rest", shown=whole(len(mistakes)), rest=whole(left_out)) if left_out else "",
        unmatched=tuple(cut(row.name or row.uscc, 60) for row in found.unmatched[:UNMATCHED_SHOWN]),
        unmatched_note=words("eval.unmatched_rest", rest=whole(len(found.unmatched) - UNMATCHED_SHOWN))
        if len(found.unmatched) > UNMATCHED_SHOWN
        else "",
        styles=tuple(dict.fromkeys(style for mistake in mistakes for style in mistake.styles)),
    )


def confusion_view(confusion: Sequence[Confused], order: Sequence[str], label: Callable[[str], str]) -> ConfusionView:
    """Return the table of the classes that occur, in `order`. Shades tell counts, and the frame on the diagonal where both agree."""
    counts = {(cell.gold, cell.predicted): cell.companies for cell in confusion}
    seen = {class_id for pair in counts for class_id in pair}
    ids = [*(c for c in order if c in seen), *sorted(seen - set(order))]
    most = max(counts.values(), default=0)
    names = [label(class_id) for class_id in ids]
    rows = []
    for gold, name in zip(ids, names, strict=True):
        cells = tuple(
            (whole(n) if (n := counts.get((gold, predicted), 0)) else "", tint(n, most), gold == predicted)
            for predicted in ids
        )
        rows.append((name, cells, whole(sum(counts.get((gold, p), 0) for p in ids))))
    totals = tuple(whole(sum(counts.get((gold, predicted), 0) for gold in ids)) for predicted in ids)
    return ConfusionView(tuple(names), tuple(rows), totals, whole(sum(counts.values())))


def _rounded(value: float) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.001"), rounding=ROUND_HALF_UP)


def _ratio(value: float | None) -> str:
    return DASH if value is None else f"{_rounded(value):.3f}"


def _bar(value: float | None) -> str:
    return "" if value is None else px(_rounded(value) * BAR)


def _row(score: Score, label: str, words: Words, *, with_id: bool = True) -> ScoreRow:
    precision, recall = _ratio(score.precision), _ratio(score.recall)
    return ScoreRow(
        label=label,
        id=score.class_id if with_id else "",
        precision=_within(precision, score.precision_interval, words),
        recall=_within(recall, score.recall_interval, words),
        f1=_ratio(score.f1),
        precision_bar=_bar(score.precision),
        recall_bar=_bar(score.recall),
        spoken=words("eval.bars", precision=precision, recall=recall),
        right=whole(score.true_positive),
        predicted=whole(score.predicted),
        actual=whole(score.actual),
    )


def _within(ratio: str, bounds: tuple[float, float] | None, words: Words) -> str:
    """Return a ratio with its 95 % interval."""
    return words("eval.within", ratio=ratio, low=_ratio(bounds[0]), high=_ratio(bounds[1])) if bounds else ratio


def _summary(record: Evaluation, words: Words) -> tuple[str, ...]:
    def figures(score: Score) -> dict[str, str]:
        return {"precision": _ratio(score.precision), "recall": _ratio(score.recall), "f1": _ratio(score.f1)}

    if not record.companies:
        return (words("eval.nobody"),)
    return (
        words("eval.compared", n=whole(record.companies)),
        words("eval.reached", **figures(record.overall)),
        *_told_once(record.errors, record.naming, words),
        words("eval.beside", **figures(record.baseline)),
        words("eval.wrong", n=whole(len(record.mistakes))) if record.mistakes else words("eval.no_mistakes"),
    )


def _told_once(errors: Errors, naming: Naming, words: Words) -> tuple[str, ...]:
    once = words(
        "eval.once",
        accepted=whole(errors.accepted),
        missed=whole(errors.missed),
        wrong=whole(errors.wrong_domain),
        to_read=whole(errors.to_read),
        missed_to_read=whole(errors.missed_to_read),
    )
    if not naming.asked:
        return (once,)
    return once, words(
        "eval.naming",
        asked=whole(naming.asked),
        named=_within(whole(naming.named), interval(naming.named, naming.asked), words),
        right=_within(whole(naming.right), interval(naming.right, naming.named), words),
        nearest=whole(naming.nearest),
        nearest_right=whole(naming.nearest_right),
        scoped=whole(naming.in_scope),
        scoped_named=whole(naming.in_scope_named),
    )


def _mistake(mistake: Mistake, pack: PackNames, p: Printer) -> MistakeView:
    words = p.words

    def called(class_ids: Sequence[str]) -> str:
        named = [told(pack.classes.get(c, Text(c)), words.lang, 60) for c in class_ids]
        return listed(named, words.lang) or words("eval.nowhere")

    texts, letters, styles = evidence(_texts(mistake, pack), p, TEXT_SHOWN)
    return MistakeView(
        name=cut(mistake.name),
        gold=called(mistake.gold),
        predicted=called([mistake.predicted] if mistake.predicted != NONE else []),
        grade=words.of("grade", mistake.grade),
        kind=cut(mistake.kind, 60) if mistake.kind else "",
        note=cut(mistake.note, 300) if mistake.note else "",
        texts=texts,
        letters=letters,
        styles=styles,
    )


def _texts(mistake: Mistake, pack: PackNames) -> list[EvidenceText]:
    """Return what the company says of itself, texts with hits first; its name only where there is a hit in it."""
    texts = []
    for field, said in mistake.texts.items():
        spans = tuple(
            Span(s.start, s.end, s.term, named, pack.classes.get(named, Text(s.term)), s.grade, s.kind, s.activity)
            for s in mistake.spans
            if s.field == field
            for named in (s.direction_id or s.domain_id,)
        )
        if spans or field != "name":
            texts.append(EvidenceText(field, pack.columns.get(field, Text(field)), said, spans))
    return sorted(texts, key=lambda shown: not shown.spans)


def _page(record: Evaluation, pack: PackNames, words: Words) -> PageView:
    authority = pack.authority
    label = pack.label.text(words.lang)
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
            (words("run.pack"), f"{label} {pack.version}", False),
            (words("run.authority"), authority.number if authority else DASH, False),
            (words("eval.companies"), whole(record.companies), False),
            (
                words("eval.left_out"),
                words("eval.left_out_counts", unmatched=whole(len(record.unmatched)), doubled=whole(record.doubled)),
                False,
            ),
        ),
        notices=(),
        files=(),
        manifest=inert(
            {
                "pack": {"id": pack.id, "version": pack.version},
                "companies": record.companies,
                "doubled": record.doubled,
                "unmatched": len(record.unmatched),
            }
            | {
                name: {"right": score.true_positive, "predicted": score.predicted, "actual": score.actual}
                for name, score in (
                    ("overall", record.overall),
                    ("memberships", record.memberships),
                    ("baseline", record.baseline),
                )
            }
        ),
    )
