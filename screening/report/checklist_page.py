"""What to ask one company for: the missing facts as a list to send out, gates first, then by the points that hang on each.

One list in ready strings, for the page, the Word file and the terminal.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from screening.report.figures import DASH, cut
from screening.report.page import PageView, page
from screening.report.printer import printer
from screening.report.render import rendered
from screening.report.sentences import asked

if TYPE_CHECKING:
    from screening.report.printer import Printer
    from screening.report.wording import Lang
    from screening.result.company import CompanyRecord, Question

_EFFECTS = ("reject", "review")
"""Gates that decide; one that only warns waits like any other rule."""


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """One thing to ask for: the question, the fact, why it is missing, the rules it serves, the points that hang on it."""

    number: str
    question: str
    fact: str
    reason: str
    gates: str
    criteria: str
    at_stake: str


@dataclass(frozen=True, slots=True)
class ChecklistPage:
    """The list of one company in ready strings."""

    page: PageView
    name: str
    intro: str
    head: tuple[str, ...]
    rows: tuple[ChecklistRow, ...]


def render_checklist(record: CompanyRecord, lang: Lang = "zh") -> str:
    """Return what to ask a company for as one HTML document."""
    view = checklist(record, lang)
    return rendered("checklist.html.j2", view.page, printer(lang, record.run), view)


def checklist(record: CompanyRecord, lang: Lang = "zh") -> ChecklistPage:
    """Return the checklist of a company; a company of which nothing is missing has an empty one."""
    p = printer(lang, record.run)
    words = p.words
    waiting: dict[str, list[tuple[int, str]]] = {}
    for gate in record.gates:
        if gate.status in ("unknown", "not_run") and gate.effect in _EFFECTS:
            for fact in gate.datum:
                if fact.value is None:
                    waiting.setdefault(fact.id, []).append((_EFFECTS.index(gate.effect), p.told(gate.label, 60)))

    def order(question: Question) -> tuple[int, Decimal, str]:
        gravest = min((effect for effect, _ in waiting.get(question.fact_id, ())), default=len(_EFFECTS))
        return gravest, -(question.at_stake or Decimal(0)), question.fact_id

    rows = tuple(
        ChecklistRow(
            str(number),
            asked(q, p),
            p.told(q.label, 60),
            p.word("missing", q.reason),
            p.listed(label for _, label in sorted(waiting.get(q.fact_id, ()))) or DASH,
            _criteria(q, {p.told(g.label, 60) for g in record.gates}, p),
            p.points(q.at_stake) if q.at_stake else DASH,
        )
        for number, q in enumerate(sorted(record.questions, key=order), 1)
    )
    name = cut(record.company.name, 60)
    return ChecklistPage(
        page=page(record.run, words("ask.title"), name, p),
        name=name,
        intro=words("ask.intro", n=len(rows)) if rows else words("ask.nothing"),
        head=tuple(
            words(f"ask.{k}") for k in ("number", "question", "fact", "reason", "gates", "criteria", "at_stake")
        ),
        rows=rows,
    )


def _criteria(question: Question, gates: set[str], p: Printer) -> str:
    """The criteria that the answer serves; the gates stand in a column of their own."""
    return p.listed(label for t in question.used_by if (label := p.told(t, 60)) not in gates) or DASH
