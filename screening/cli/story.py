"""The story of one company, as lines for a terminal. The same record as the dossier, fewer words."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rich.table import Table
from rich.text import Text as Line

from screening.cli.terminal import terminal
from screening.report.figures import percent, points, quantity, span
from screening.report.wording import Words

if TYPE_CHECKING:
    from rich.console import Console

    from screening.report.wording import Lang
    from screening.result.dossier_records import CriterionResult, Dossier, FactResult
    from screening.result.records import Citation

_OPEN_QUESTIONS = 12
_DATA_SHOWN = 3


def tell(record: Dossier, lang: str) -> None:
    """Print outcome, score, directions with evidence, gates, stage, place and open questions to stdout."""
    _Story(record, cast("Lang", lang), terminal()).tell()


class _Story:
    def __init__(self, record: Dossier, lang: Lang, console: Console) -> None:
        self.record, self.lang, self.console, self.words = record, lang, console, Words(lang)

    def tell(self) -> None:
        self._head()
        self._scores()
        self._directions()
        self._gates()
        self._stage_and_place()
        self._questions()

    def _title(self, zh: str, en: str) -> None:
        self.console.print()
        self.console.print(Line(en if self.lang == "en" else zh, style="bold"))

    def _say(self, zh: str, en: str) -> str:
        return en if self.lang == "en" else zh

    def _head(self) -> None:
        r = self.record
        self.console.print(Line(f"{r.company.name}  {r.company.uscc or ''}", style="bold"))
        tier = f" · {r.tier_label.text(self.lang) if r.tier_label else r.tier}" if r.tier else ""
        rank = self._say(f" · 第 {r.rank} 名,共 {r.ranked} 家", f" · rank {r.rank} of {r.ranked}") if r.rank else ""
        self.console.print(f"{self.words.of('outcome', r.outcome)}{tier}{rank}")
        for because in r.reasons:
            told = because.message or because.label
            self.console.print(f"  {told.text(self.lang) if told else self.words.of('reason', because.id)}")
        if r.score.value is not None:
            for name, band in (
                (self._say("总分", "Score"), r.score),
                (self._say("契合度", "Fit"), r.fit),
                (self._say("企业质量", "Merit"), r.merit),
            ):
                if band.value is not None:
                    self.console.print(f"  {name} {points(band.value)} [{span(band)}]")
            self.console.print(f"  {self._say('数据覆盖率', 'Coverage')} {percent(r.coverage)}")

    def _scores(self) -> None:
        facts = {f.id: f for f in self.record.facts}
        for half in self.record.halves:
            self._title(
                f"{half.label.text('zh')}(权重 {percent(half.weight)})",
                f"{half.label.text('en')} (weight {percent(half.weight)})",
            )
            table = Table(box=None, pad_edge=False, header_style="dim")
            for zh, en, right in (
                ("评分项", "Criterion", False),
                ("得分", "Points", True),
                ("满分", "Of", True),
                ("区间", "Band", True),
                ("依据的数据", "Data", False),
                ("出处", "Source", False),
            ):
                table.add_column(self._say(zh, en), justify="right" if right else "left", overflow="fold")
            for pillar in half.pillars:
                table.add_row(
                    Line(pillar.label.text(self.lang), style="bold"),
                    points(pillar.band.value),
                    points(pillar.full),
                    span(pillar.band),
                    "",
                    "",
                )
                for item in pillar.criteria:
                    table.add_row(
                        f"  {item.label.text(self.lang)}",
                        points(item.value),
                        points(item.full),
                        self._band(item),
                        self._data(item, facts),
                        cited(item.citation),
                    )
            self.console.print(table)

        self._deductions()

    def _deductions(self) -> None:
        taken = [d for d in self.record.deductions if d.high]
        if taken:
            self._title("扣分", "Deductions")
        for item in taken:
            band = "" if item.low == item.high else f" [{points(item.low)}–{points(item.high)}]"
            self.console.print(f"  {item.label.text(self.lang)}  −{points(item.value)}{band}  {cited(item.citation)}")

    def _band(self, item: CriterionResult) -> str:
        return "" if item.low == item.high else f"{points(item.low)}–{points(item.high)}"

    def _data(self, item: CriterionResult, facts: dict[str, FactResult]) -> str:
        if item.missing:
            return self._say("缺: ", "missing: ") + ", ".join(m.text(self.lang) for m in item.missing)
        known = [facts[f] for f in item.reads if f in facts and facts[f].value is not None]
        return "; ".join(f"{f.label.text(self.lang)} {self._value(f)}" for f in known[:_DATA_SHOWN])

    def _value(self, fact: FactResult) -> str:
        return fact.value_label.text(self.lang) if fact.value_label else quantity(fact.value, fact.unit, self.lang)

    def _directions(self) -> None:
        self._title("主营方向", "Directions")
        for found in self.record.directions:
            name = found.direction.text(self.lang) if found.direction else found.domain.text(self.lang)
            self.console.print(f"  {found.position or '-'}  {name} · {self.words.of('grade', found.grade)}")
        for evidence in self.record.evidence:
            hits = list(
                dict.fromkeys(
                    f"{evidence.text[s.start : s.end]}→{s.direction.text(self.lang)}({self.words.of('grade', s.grade)})"
                    for s in evidence.spans
                )
            )
            if hits:
                self.console.print(f"     {evidence.label.text(self.lang)}: {'; '.join(hits[:8])}")

    def _gates(self) -> None:
        self._title("门槛", "Gates")
        for gate in self.record.gates:
            if gate.status in ("passed", "not_applicable"):
                continue
            said = gate.message.text(self.lang) if gate.status == "failed" else self.words.of("missing", gate.reason)
            self.console.print(
                f"  {self.words.of('gate_status', gate.status)}  {gate.label.text(self.lang)}: {said}  {cited(gate.citation)}"
            )
        passed = sum(g.status == "passed" for g in self.record.gates)
        self.console.print(
            self._say(
                f"  通过 {passed} 道,共 {len(self.record.gates)} 道", f"  {passed} of {len(self.record.gates)} passed"
            )
        )

    def _stage_and_place(self) -> None:
        self._title("阶段与城市", "Stage and place")
        for axis in self.record.stages:
            told = (
                axis.value.text(self.lang)
                if axis.value
                else self._say("未定,可能: ", "open, may be: ") + " / ".join(v.text(self.lang) for v in axis.possible)
            )
            self.console.print(f"  {axis.label.text(self.lang)}: {told}")
        place = self.record.place
        if place is not None:
            named = " · ".join(
                p
                for p in (place.city, self.words.of("place_grade", place.grade), place.sub_industry, place.carrier)
                if p
            )
            self.console.print(f"  {named}  {cited(place.citation)}")

    def _questions(self) -> None:
        if not self.record.questions:
            return
        self._title("待核实(按影响分数大小)", "Open questions, by what is at stake")
        for question in self.record.questions[:_OPEN_QUESTIONS]:
            asked = (question.question or question.label).text(self.lang)
            stake = f"±{points(question.at_stake)}" if question.at_stake is not None else ""
            self.console.print(f"  {stake:>7}  {asked}")
        rest = len(self.record.questions) - _OPEN_QUESTIONS
        if rest > 0:
            self.console.print(self._say(f"  …另有 {rest} 项,见尽调档案", f"  … and {rest} more in the dossier"))


def cited(citation: Citation) -> str:
    """Return the short form of a source: clause and line, document, or the fund's own basis."""
    if citation.document:
        return " ".join(p for p in (citation.document, citation.clause) if p)
    if citation.clause:
        line = f" L{citation.line}" if citation.line else ""
        return f"{citation.clause}{line}"
    return {"fund": "基金自定"}.get(citation.basis, "")
