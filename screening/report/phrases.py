"""Short phrases of the dossier: lists of a record's parts as ready words."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from screening.report import charts
from screening.report.figures import cut
from screening.report.sentences import asked
from screening.result.records import Band

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from markupsafe import Markup

    from screening.report.printer import Printer
    from screening.result.company import (
        CompanyRecord,
        CriterionResult,
        Event,
        FactResult,
        FundLimits,
        GateResult,
        Share,
    )
    from screening.result.records import ScaleStep, Text

EFFECTS = ("reject", "review", "warn")
STATUS_ORDER = ("failed", "unknown", "not_run", "passed", "not_applicable")


class Phrases:
    """What the dossier's template asks for, in one language."""

    def __init__(self, record: CompanyRecord, p: Printer) -> None:
        self.record, self.p = record, p
        criteria = (c for h in record.halves for pillar in h.pillars for c in pillar.criteria)
        self._longest = max((c.full or Decimal(0) for c in criteria), default=Decimal(0))

    def ladder(self, criterion: CriterionResult) -> tuple[ScaleStep, ...]:
        """Return the steps of a scale; where a category chose among several, those of the one that applies."""
        groups: list[list[ScaleStep]] = [[]]
        for step in criterion.scale:
            if step.kind == "option" and step.points is None:
                groups.append([])
            groups[-1].append(step)
        taken = [group for group in groups if any(step.taken for step in group)]
        return tuple(step for group in (taken if len(groups) > 1 and taken else groups) for step in group)

    def names(self, texts: Iterable[Text]) -> list[str]:
        """Return texts in the language."""
        return [self.p.told(t, 60) for t in texts]

    def labels(self, rules: Iterable[GateResult | FactResult]) -> list[str]:
        """Return the labels of rules or facts."""
        return [self.p.told(r.label) for r in rules]

    def missing(self, facts: Iterable[FactResult]) -> list[str]:
        """Return missing facts, each with its reason."""
        words, p = self.p.words, self.p
        return [
            f"{p.told(f.label)}{words('sign.open')}{p.word('missing', f.reason)}{words('sign.close')}" for f in facts
        ]

    def of_status(self, *states: str) -> list[GateResult]:
        """Return the gates that stand so."""
        return [g for g in self.record.gates if g.status in states]

    def undecided(self, criterion: CriterionResult) -> bool:
        """Tell whether a criterion is open and no step of its scale is sure."""
        return criterion.low != criterion.high and not any(step.taken for step in criterion.scale)

    def by_status(self, gates: Sequence[GateResult]) -> list[GateResult]:
        """Return gates with the gravest first."""
        return sorted(gates, key=lambda g: (STATUS_ORDER.index(g.status), EFFECTS.index(g.effect)))

    def by_effect(self, gates: Sequence[GateResult]) -> list[tuple[str, list[GateResult]]]:
        """Return gates by what follows when they fail, the gravest first."""
        found = {e: [g for g in gates if g.effect == e] for e in EFFECTS}
        return [(e, own) for e, own in found.items() if own]

    def sourced(self, gate: GateResult) -> str:
        """Return the source rows of what a gate read, the first few."""
        rows = dict.fromkeys(self.p.source(s) for f in gate.datum for s in f.sources[:2])
        return self.p.joined(list(rows)[:3])

    def data(self, gate: GateResult) -> list[str]:
        """Return the facts a gate read."""
        return [f"{self.p.told(f.label)} {self.p.fact(f)}" for f in gate.datum]

    def searched(self, gate: GateResult) -> str:
        """Return when the gate's source was searched and how long that holds."""
        if gate.valid_for is None:
            return self.p.words("gate.searched_on_date", date=self.p.date(gate.searched_on))
        length = self.p.quantity(gate.valid_for, gate.valid_for_unit)
        return self.p.words("gate.searched", date=self.p.date(gate.searched_on), length=length)

    def holders(self, holders: Iterable[Share]) -> list[str]:
        """Return kinds of holders with their shares."""
        return [f"{self.p.word('value', h.kind)} {self.p.share(h.share, 1)}" for h in holders]

    def patents(self, counts: Iterable[tuple[str, int]]) -> list[str]:
        """Return patents by legal status."""
        return [f"{self.p.word('value', status)} {n:,}" for status, n in counts]

    def rounds(self, record: CompanyRecord) -> list[str]:
        """Return the funding rounds, the newest first."""
        found = [e for e in record.events if e.kind == "funding_rounds"]
        return [self._dated(e) for e in reversed(found)]

    def _dated(self, event: Event) -> str:
        amount = f" {self.p.amount(event.amount)}" if event.amount is not None else ""
        return f"{event.on.isoformat()[:7]} {self.p.word('value', event.what)}{amount}"

    def event(self, event: Event) -> str:
        """Return one event of the timeline."""
        what = self.p.word("value", event.what)
        amount = self.p.amount(event.amount) if event.amount is not None else ""
        title = cut(event.title, 40) if event.title else ""
        planned = self.p.words("tear.planned") if event.planned else ""
        return " ".join(part for part in (planned, what, amount, title) if part)

    def limits(self, limits: FundLimits) -> list[str]:
        """Return what the fund may do here, against what is asked."""
        p, words = self.p, self.p.words
        parts = []
        if limits.ask is not None:
            parts.append(words("fund.ask", amount=p.amount(limits.ask)))
        if limits.pre_money is not None:
            parts.append(words("fund.pre_money", amount=p.amount(limits.pre_money)))
        if limits.ticket is not None:
            low, high = limits.ticket
            key = "fund.ticket"
            if limits.ask is not None:
                key = (
                    "fund.ticket_below"
                    if limits.ask < low
                    else "fund.ticket_above"
                    if limits.ask > high
                    else "fund.ticket_within"
                )
            parts.append(words(key, low=p.amount(low), high=p.amount(high)))
        if limits.most is not None:
            # What is held already takes room from the limit for one company.
            over = limits.ask is not None and limits.ask + (limits.at_stake or 0) > limits.most
            parts.append(words("fund.most_over" if over else "fund.most", amount=p.amount(limits.most)))
        if limits.holds_it and limits.at_stake is not None:
            parts.append(words("fund.at_stake", amount=p.amount(limits.at_stake)))
        if limits.once_held:
            on = limits.exited_on
            parts.append(words("fund.once_held") if on is None else words("fund.once_held_until", date=p.date(on)))
        parts.append(words("fund.holds_it" if limits.holds_it else "fund.holdings", n=limits.holdings_here))
        return parts

    def facts_by_id(self, record: CompanyRecord) -> Mapping[str, FactResult]:
        """Return the facts by id."""
        return {f.id: f for f in record.facts}

    def implied(self, criterion: CriterionResult) -> list[tuple[str, str]]:
        """Return what a criterion reads of the classification and the place, with its value."""
        record, p = self.record, self.p
        first = record.directions[0] if record.directions else None
        place = record.place
        values = {
            "fit_grade": p.word("grade", first.grade) if first else "",
            "direction_id": p.told(first.direction) if first and first.direction else "",
            "domain_id": p.told(first.domain) if first else "",
            "place_grade": p.word("place_grade", place.grade) if place else "",
            "city": place.city or "" if place else "",
            "district": place.district or "" if place else "",
            "carrier": place.carrier or "" if place else "",
            "sub_industry": place.sub_industry or "" if place else "",
        }
        return [(p.word("judged", n), cut(values[n], 80)) for n in criterion.judged if values.get(n)]

    def bar(self, criterion: CriterionResult, fill: str) -> Markup:
        """Return the bar of a criterion."""
        c, points = criterion, self.p.points
        if c.full is None:
            return charts.NONE
        full, value, low, high = map(points, (c.full, c.value, c.low, c.high))
        said = self.p.words("points.described", value=value, full=full, low=low, high=high)
        return charts.criterion_bar(c.full, Band(c.value, c.low, c.high), max(self._longest, c.full), fill, said, 160)

    def span(self, criterion: CriterionResult) -> str:
        """Return what a criterion can still be, where that is open."""
        return self.p.open_span(Band(criterion.value, criterion.low, criterion.high))

    def side_questions(self, record: CompanyRecord) -> list[str]:
        """Return the questions that bear on neither score nor gates."""
        return list(dict.fromkeys(asked(q, self.p) for q in record.questions if not (q.at_stake or q.used_by)))
