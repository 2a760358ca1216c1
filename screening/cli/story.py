"""The story of one company, as lines for a terminal. The same record and the same sentences as the dossier, fewer words."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rich.table import Table
from rich.text import Text as Line

from screening.cli.terminal import terminal
from screening.report import sentences
from screening.report.figures import plain
from screening.report.printer import printer

if TYPE_CHECKING:
    from rich.console import Console

    from screening.report.wording import Lang
    from screening.result.company import CompanyRecord, CriterionResult, FactResult
    from screening.result.records import Band

_OPEN_QUESTIONS = 12
_DATA_SHOWN = 3
_HITS_SHOWN = 8


def tell(record: CompanyRecord, lang: str) -> None:
    """Print outcome, score, directions with evidence, gates, stage, place and open questions to stdout."""
    _Story(record, cast("Lang", lang), terminal()).tell()


class _Story:
    def __init__(self, record: CompanyRecord, lang: Lang, console: Console) -> None:
        self.record, self.console = record, console
        self.p = printer(lang, record.run)
        self.words = self.p.words

    def tell(self) -> None:
        self._head()
        self._scores()
        self._directions()
        self._gates()
        self._stage_and_place()
        self._questions()

    def _title(self, text: str) -> None:
        self.console.print()
        self.console.print(Line(text, style="bold"))

    def _line(self, text: str) -> None:
        self.console.print(f"  {plain(text)}")

    def _head(self) -> None:
        r, p = self.record, self.p
        self.console.print(Line(plain(f"{r.company.name}  {r.company.uscc or ''}"), style="bold"))
        tier = p.told(r.tier_label, 40) if r.tier_label else r.tier or ""
        mark = self.words("dossier.provisional") if r.provisional else ""
        parts = (p.word("outcome", r.outcome), tier, mark, sentences.rank(r, p))
        self.console.print(" · ".join(part for part in parts if part))
        self._line(sentences.verdict(r, p))
        for o in r.overrides:
            self._line(
                self.words(
                    "override.said",
                    signed=" ".join(s for s in (p.date(o.decided_on), o.decided_by) if s),
                    state=self.words.of("override", o.state),
                    before=sentences.classed(o.before, o.before_in, p),
                    after=sentences.classed(o.after, o.after_in, p),
                    reason=o.reason,
                )
            )
        for name, band in ((self.words("half.score"), r.score), *((p.told(h.label), h.band) for h in r.halves)):
            if band.value is not None and (len(r.halves) > 1 or band is r.score):
                self._line(f"{name} {p.points(band.value)}{self._open(band)}")
        if r.coverage is not None and r.run.scores:
            self._line(f"{self.words('rank.coverage')} {p.share(r.coverage)}")

    def _open(self, band: Band) -> str:
        bounds = self.p.open_span(band)
        return f" [{bounds}]" if bounds else ""

    def _scores(self) -> None:
        facts = {f.id: f for f in self.record.facts}
        p, words = self.p, self.words
        for half in self.record.halves:
            self._title(
                f"{p.told(half.label)}{words('sign.open')}{words('story.weight', weight=p.share(half.weight))}{words('sign.close')}"
            )
            table = Table(box=None, pad_edge=False, header_style="dim")
            for key, right in (
                ("item", False),
                ("value", True),
                ("full", True),
                ("bounds", True),
                ("data", False),
                ("ground", False),
            ):
                table.add_column(words(f"points.{key}"), justify="right" if right else "left", overflow="fold")
            for pillar in half.pillars:
                bounds = p.open_span(pillar.band)
                table.add_row(
                    Line(p.told(pillar.label), style="bold"),
                    p.points(pillar.band.value),
                    p.points(pillar.full),
                    bounds,
                    "",
                    "",
                )
                for item in pillar.criteria:
                    table.add_row(
                        f"  {p.told(item.label)}",
                        p.points(item.value),
                        p.points(item.full),
                        self._band(item),
                        self._data(item, facts),
                        p.cited(item.citation),
                    )
            self.console.print(table)
        self._deductions()

    def _deductions(self) -> None:
        taken = [d for d in self.record.deductions if d.high]
        if taken:
            self._title(self.words("points.deductions"))
        for item in taken:
            band = self._band(item)
            self._line(
                f"{self.p.told(item.label)}  {'−' if item.value else ''}{self.p.points(item.value)}{f' [{band}]' if band else ''}  "
                f"{self.p.cited(item.citation)}"
            )

    def _band(self, item: CriterionResult) -> str:
        return "" if item.low == item.high else f"{self.p.points(item.low)}–{self.p.points(item.high)}"

    def _data(self, item: CriterionResult, facts: dict[str, FactResult]) -> str:
        if item.missing:
            return self.words("points.missing", facts=self.p.listed(self.p.told(m) for m in item.missing))
        known = [facts[f] for f in item.reads if f in facts and facts[f].value is not None]
        return self.p.joined(f"{self.p.told(f.label)} {self.p.fact(f)}" for f in known[:_DATA_SHOWN])

    def _directions(self) -> None:
        p = self.p
        if self.record.directions:
            self._title(self.words("story.directions"))
        for found in self.record.directions:
            name = p.told(found.direction or found.domain)
            self._line(f"{found.position or '-'}  {name} · {p.word('grade', found.grade)}")
        for evidence in self.record.evidence:
            hits = list(
                dict.fromkeys(
                    f"{evidence.text[s.start : s.end]}→{p.told(s.direction)}"
                    f"{self.words('sign.open')}{p.word('grade', s.grade)}{self.words('sign.close')}"
                    for s in evidence.spans
                )
            )
            if hits:
                self._line(f"   {p.told(evidence.label)}{self.words('sign.colon')}{p.joined(hits[:_HITS_SHOWN])}")

    def _gates(self) -> None:
        p = self.p
        if self.record.gates:
            self._title(self.words("nav.gates"))
        for gate in self.record.gates:
            if gate.status in ("failed", "unknown", "not_run"):
                said = sentences.gate_says(gate, p)
                self._line(
                    f"{p.word('gate_status', gate.status)}  {p.told(gate.label)}{self.words('sign.colon')}{said}  "
                    f"{p.cited(gate.citation)}"
                )
        passed = sum(g.status == "passed" for g in self.record.gates)
        asked = sum(g.status != "not_applicable" for g in self.record.gates)
        if asked:
            self._line(self.words("story.passed", n=passed, of=asked))

    def _stage_and_place(self) -> None:
        p = self.p
        if self.record.stages or self.record.place:
            self._title(self.words("story.stage"))
        for axis in self.record.stages:
            told = (
                p.told(axis.value)
                if axis.value
                else self.words("stage.possible", values=p.listed(map(p.told, axis.possible)))
            )
            self._line(f"{p.told(axis.label)}{self.words('sign.colon')}{told}")
        place = self.record.place
        if place is not None:
            parts = (
                place.city,
                p.word("place_grade", place.grade),
                place.sub_industry,
                place.carrier,
                p.cited(place.citation),
            )
            self._line(" · ".join(part for part in parts if part and part != "—"))

    def _questions(self) -> None:
        if not self.record.questions:
            return
        self._title(self.words("story.questions"))
        for question in self.record.questions[:_OPEN_QUESTIONS]:
            stake = self.p.points(question.at_stake) if question.at_stake is not None else ""
            self.console.print(f"  {stake:>7}  {plain(sentences.asked(question, self.p))}")
        rest = len(self.record.questions) - _OPEN_QUESTIONS
        if rest > 0:
            self._line(self.words("story.rest", n=rest))
