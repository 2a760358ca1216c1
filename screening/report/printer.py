"""Values to words: the one place where a number, a fact or a step of a scale becomes a text.

Pages, terminal and workbook all print through it, so the same quantity reads the same everywhere. What is rounded for the eye
never lands on or across a number that the pack compares with.
"""

from __future__ import annotations

import bisect
import functools
from decimal import Decimal
from typing import TYPE_CHECKING

from screening.report import figures
from screening.report.figures import DASH, cut, listed
from screening.report.wording import Words, singular
from screening.result.company import FactSource

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence

    from screening.report.wording import Lang
    from screening.result.company import FactResult, GateResult
    from screening.result.overview import AsideRow
    from screening.result.records import Band, Citation, FactValue, RunRecord, ScaleStep, Text

MOST_PLACES = 10


class Printer:
    """Prints in one language. `bounds` are the pack's own numbers in base units, sorted; axes of totals end at `axis`."""

    def __init__(self, words: Words, bounds: Sequence[Decimal] = (), axis: int = 100) -> None:
        self.words, self.bounds, self.axis = words, bounds, axis
        self.lang = words.lang
        # The same numbers, steps and sources stand on many pages of a run.
        self._scaled = functools.lru_cache(20_000)(self._rounded)
        self.step = functools.lru_cache(2_000)(self._step)
        self.cited = functools.lru_cache(2_000)(self._cited)

    # -- texts

    def told(self, text: Text | None, length: int = 400) -> str:
        """Return a pack's text, cut; a dash for none."""
        if text is None:
            return DASH
        return cut((text.en or text.zh) if self.lang == "en" else text.zh, length)

    def listed(self, parts: Iterable[str]) -> str:
        """Join a list the way the language does."""
        return listed([p for p in parts if p], self.lang)

    def joined(self, parts: Iterable[str]) -> str:
        """Join clauses: a longer breath than a list."""
        return ("；" if self.lang == "zh" else "; ").join(p for p in parts if p)

    def sentences(self, parts: Iterable[str]) -> str:
        """Join sentences."""
        return ("" if self.lang == "zh" else " ").join(p for p in parts if p)

    def word(self, section: str, identifier: str | None) -> str:
        """Return the word for an id of a vocabulary."""
        return self.words.of(section, identifier)

    # -- numbers

    def points(self, value: Decimal | None) -> str:
        """Return points as the contract keeps them."""
        return figures.points(value)

    def exact(self, value: Decimal | None) -> str:
        """Return a number with all its places and no idle zeros: parts that are printed so add up."""
        return DASH if value is None else f"{value.normalize():,f}".replace("-", "−")

    def open_span(self, band: Band) -> str:
        """Return the bounds where missing facts leave any room, else nothing."""
        return figures.open_span(band)

    def share(self, value: Decimal | None, places: int = 0) -> str:
        """Return a fraction in percent."""
        return DASH if value is None else self._scaled(value, Decimal("0.01"), places, True) + "%"

    def amount(self, value: Decimal | None, currency: str | None = None) -> str:
        """Return an amount in the large units of the language: the unit of the rounded amount, never 10,000 万 for 1 亿."""
        if value is None:
            return DASH
        scale, _ = figures.money_unit(value, self.lang)
        scale, unit = figures.money_unit(figures.half_up(value / scale, 2) * scale, self.lang)
        number = self._scaled(value, scale, 2)
        foreign = currency if currency and currency.upper() not in ("CNY", "RMB") else None
        if self.lang == "zh":
            return f"{number} {unit}{foreign or '元'}"
        return f"{foreign or 'CNY'} {number}{' ' + unit if unit else ''}"

    def quantity(self, value: FactValue, unit: str) -> str:
        """Return a value with its unit."""
        if value is None or isinstance(value, bool | str) or not isinstance(value, Decimal | int):
            return figures.quantity(value, unit, self.lang)
        number = Decimal(value)
        if unit == "cny":
            return self.amount(number)
        if unit == "ratio":
            return self.share(number, 1)
        told = f"{self._scaled(number, Decimal(1), 2)} {figures.unit_word(unit, self.lang)}".rstrip()
        return singular(told) if self.words.lang == "en" else told

    def date(self, value: datetime.date | None) -> str:
        """Return an ISO date."""
        return figures.date(value)

    def _rounded(self, value: Decimal, scale: Decimal, places: int, keep: bool = False) -> str:
        """Round `value / scale` to the fewest places, from `places` on, that stay on the value's side of every bound."""
        shown = value / scale
        for digits in range(places, MOST_PLACES):
            rounded = figures.half_up(shown, digits) or Decimal(0)
            if self._side(rounded * scale) == self._side(value):
                text = f"{rounded:,.{digits}f}"
                trim = "." in text and not (keep and digits == places)
                return (text.rstrip("0").rstrip(".") if trim else text).replace("-", "−")
        return f"{shown.normalize():,f}".replace("-", "−")

    def _side(self, value: Decimal) -> tuple[int, int]:
        return bisect.bisect_left(self.bounds, value), bisect.bisect_right(self.bounds, value)

    # -- facts and rules

    def fact(self, fact: FactResult) -> str:
        """Return the value of a fact, or why it is missing; what only stands in for no record is not shown as a value."""
        if fact.value is None:
            return self.word("missing", fact.reason) if fact.reason else self.words("sign.unknown")
        if fact.assumed:
            return self.words("fact.no_record")
        if fact.value_label is not None:
            return self.told(fact.value_label)
        if isinstance(fact.value, str):
            return self.word("value", cut(fact.value, 120))
        return self.quantity(fact.value, fact.unit)

    def fact_bounds(self, fact: FactResult) -> str:
        """Return what a fact can be, where its value is only one end or the middle."""
        if fact.assumed or fact.low is None or fact.high is None or fact.low == fact.high:
            return ""
        return f"{self.quantity(fact.low, fact.unit)} – {self.quantity(fact.high, fact.unit)}"

    def source(self, source: FactSource | AsideRow) -> str:
        """Return file, sheet and row of a source row, and the headers of what was read in it."""
        sheet = self.words("trace.sheet", sheet=cut(source.sheet, 40)) if source.sheet else ""
        row = self.words("trace.row", row=source.row) if source.row is not None else ""
        read = source.columns if isinstance(source, FactSource) else ()
        columns = self.words("trace.columns", columns=self.listed(cut(c, 30) for c in read)) if read else ""
        return " · ".join(p for p in (cut(source.file, 80) if source.file else "", sheet, row, columns) if p)

    def _step(self, step: ScaleStep) -> str:
        """Return one step of a scoring function: where it lies and what it gives."""
        gives = self.words("scale.points", points=self.exact(step.points)) if step.points is not None else ""
        match step.kind:
            case "band":
                where = self._stretch(step)
                label = self.told(step.label) if step.label else ""
                where = f"{where}{self.words('sign.open')}{label}{self.words('sign.close')}" if label else where
            case "knot":
                where = self.quantity(step.low, step.unit)
            case "option":
                where = self.told(step.label) if step.label else self.word("value", step.value)
            case "condition":
                where = self.told(step.label) if step.label else cut(step.value, 160)
            case "unit":
                return self.words(
                    "scale.per_unit",
                    step=self.quantity(step.low, step.unit),
                    points=self.exact(step.points),
                    cap=self.exact(step.high),
                )
            case "formula":
                where = self.words(
                    "scale.formula", formula=cut(step.value, 200), low=self.exact(step.low), high=self.exact(step.high)
                )
            case "otherwise":
                where = self.words("scale.otherwise")
        return f"{where} → {gives}" if gives else where

    def _stretch(self, step: ScaleStep) -> str:
        low = self.quantity(step.low, step.unit) if step.low is not None else ""
        high = self.quantity(step.high, step.unit) if step.high is not None else ""
        if low and high and step.low_included and not step.high_included:
            return f"{low} – {high}"
        parts = [f"{'≥' if step.low_included else '>'} {low}" if low else ""]
        parts.append(f"{'≤' if step.high_included else '<'} {high}" if high else "")
        return self.listed(parts) or self.words("scale.any")

    def _cited(self, source: Citation) -> str:
        """Return where a rule comes from: clause and line, another document, or the fund's own choice."""
        line = self.words("cite.line", line=source.line) if source.clause and source.line is not None else ""
        place = f"{source.document} {source.clause}".strip() if source.document else f"{source.clause}{line}"
        own = self.words("cite.fund") if source.set_by == "fund" else ""
        return " · ".join(p for p in (place, own) if p) or DASH

    def undecided(self, gate: GateResult, as_of: datetime.date | None = None) -> str:
        """Say why a gate could not be decided; never the sentence or the remedy of one that failed."""
        if gate.reason == "stale" and gate.stale:
            length = self.quantity(gate.valid_for, gate.valid_for_unit) if gate.valid_for is not None else ""
            return self.words(
                "undecided.stale",
                sources=self.listed(map(self.told, gate.stale)),
                date=self.date(gate.searched_on),
                length=length,
            )
        open_facts = [f for f in gate.datum if f.value is None] or list(gate.datum)
        facts = self.listed(
            f"{self.told(f.label)}{self.words('sign.open')}{self.word('missing', f.reason or gate.reason)}"
            f"{self.words('sign.close')}"
            for f in open_facts
        )
        if [f.label for f in open_facts] == [gate.label]:
            # A gate named after the one fact it reads: the name stands before this sentence already.
            facts = self.word("missing", open_facts[0].reason or gate.reason)
        if gate.status == "not_run":
            return self.words("undecided.not_run", facts=facts or self.word("missing", gate.reason))
        return self.words("undecided.unknown", facts=facts or self.word("missing", gate.reason))


@functools.lru_cache(maxsize=8)
def printer(lang: Lang, run: RunRecord | None = None) -> Printer:
    """Return the printer of a language; for a run, one that keeps its pack's bounds and speaks of what the pack screens."""
    if run is None:
        return Printer(Words(lang))
    return Printer(Words(lang, (run.entity.zh, run.entity.text("en"))), run.bounds, run.axis)
