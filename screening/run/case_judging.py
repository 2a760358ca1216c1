"""What a case expected against what the engine found: one line per difference, with the facts behind it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from screening.expression_sql.decimals import decimal_of
from screening.result.contract import NOT_APPLICABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from screening.errors import Position
    from screening.rulebook.case_file import Expected
    from screening.rulebook.case_values import FactValue
    from screening.rulebook.cases import CompanyCase
    from screening.rulebook.program import Kind
    from screening.rulebook.scope import ParsedPack

_NEAR = 0.005
_FACT_NEAR = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of one case, by relation; None where the case was not judged (out of scope)."""

    rows: Mapping[str, Mapping[str, Any] | None]

    def get(self, relation: str, name: str) -> Any:
        """Return a value, None when the case has no row there."""
        row = self.rows.get(relation)
        return None if row is None else row.get(name)


@dataclass(frozen=True, slots=True)
class CaseDifference:
    """One expectation that does not hold. `because` lists what the rule read."""

    what: str
    expected: str
    found: str
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case: without differences it passed."""

    name: str
    position: Position | None
    differences: tuple[CaseDifference, ...]


def judge(case: CompanyCase, found: Found, parsed: ParsedPack) -> CaseResult:
    """Compare everything that the case states."""
    return CaseResult(case.name, case.position, tuple(_Judge(case, found, parsed).differences()))


class _Judge:
    def __init__(self, case: CompanyCase, found: Found, parsed: ParsedPack) -> None:
        self.case, self.expect, self.found, self.parsed = case, case.expect, found, parsed

    def differences(self) -> Iterator[CaseDifference]:
        yield from self._class()
        yield from self._stage()
        yield from self._plain("place_grade", self.expect.place_grade, self.found.get("place", "place_grade"))
        for fact_id, wanted in self.case.expected_facts.items():
            yield from self._fact(fact_id, wanted)
        for gate_id, status in self.expect.gates.items():
            found = self.found.get("gates", f"{gate_id}.status")
            yield from self._plain(f"gates.{gate_id}", status, found, self._because("gate", gate_id))
        for rule_id, points in self.expect.points.items():
            yield from self._points(rule_id, points)
        for half_id, half in self.parsed.pack.criteria.items():
            for pillar_id in half.pillars:
                if pillar_id in self.expect.pillars:
                    name = f"{half_id}.{pillar_id}"
                    ends = self._ends("criteria", f"{name}.low", f"{name}.high")
                    yield from self._number(f"pillars.{pillar_id}", self.expect.pillars[pillar_id], ends)
        yield from self._totals()
        for measure_id, holds in self.expect.measures.items():
            yield from self._measure(measure_id, holds)

    def _plain(
        self, what: str, expected: object, found: object, because: tuple[str, ...] = ()
    ) -> Iterator[CaseDifference]:
        if expected is not None and expected != found:
            yield CaseDifference(what, str(expected), "nothing" if found is None else str(found), because)

    def _class(self) -> Iterator[CaseDifference]:
        wanted = self.expect.classified
        if wanted is not None:
            yield from self._plain("class.domain", wanted.domain, self.found.get("profile", "domain_id"))
            yield from self._plain("class.direction", wanted.direction, self.found.get("profile", "direction_id"))
            yield from self._plain("class.grade", wanted.grade, self.found.get("profile", "fit_grade"))

    def _stage(self) -> Iterator[CaseDifference]:
        for axis_id, wanted in self.expect.stage.items():
            possible = self.found.get("stage", f"{axis_id}.possible")
            found = set(possible.split(",")) if possible else set()
            expected = {wanted} if isinstance(wanted, str) else set(wanted)
            if found != expected:
                yield CaseDifference(
                    f"stage.{axis_id}",
                    ", ".join(sorted(expected)),
                    ", ".join(sorted(found)) or "nothing",
                    self._because("axis", axis_id),
                )

    def _fact(self, fact_id: str, wanted: FactValue) -> Iterator[CaseDifference]:
        value, reason = self.found.get("facts", fact_id), self.found.get("facts", f"{fact_id}.reason")
        if wanted.is_known:
            same = _alike(value, wanted.value)
        elif wanted.reason == NOT_APPLICABLE:
            same = reason == NOT_APPLICABLE
        else:
            ends = [self.found.get("facts", f"{fact_id}.{end}") for end in ("low", "high")]
            same = (
                value is None
                and reason not in (None, NOT_APPLICABLE)
                and (
                    wanted.low is None
                    or all(_alike(a, b) for a, b in zip(ends, (wanted.low, wanted.high), strict=True))
                )
            )
        if not same:
            yield CaseDifference(f"facts.{fact_id}", _stated(wanted), self._shown(fact_id))

    def _points(self, rule_id: str, wanted: Expected) -> Iterator[CaseDifference]:
        reason = self.found.get("criteria", f"{rule_id}.reason")
        because = self._because("criterion", rule_id) or self._because("deduction", rule_id)
        if NOT_APPLICABLE in (wanted, reason):
            yield from self._plain(
                f"points.{rule_id}",
                _text(wanted),
                NOT_APPLICABLE if reason == NOT_APPLICABLE else "it applies",
                because,
            )
            return
        yield from self._number(
            f"points.{rule_id}", wanted, self._ends("criteria", f"{rule_id}.low", f"{rule_id}.high"), because
        )

    def _number(
        self, what: str, wanted: Expected, found: tuple[float, float] | None, because: tuple[str, ...] = ()
    ) -> Iterator[CaseDifference]:
        expected = wanted if isinstance(wanted, tuple) else (wanted, wanted)
        if found is None or any(
            not isinstance(e, int | float) or abs(e - f) > _NEAR for e, f in zip(expected, found, strict=True)
        ):
            shown = (
                "not judged"
                if found is None
                else f"{found[0]:g}"
                if found[0] == found[1]
                else f"[{found[0]:g}, {found[1]:g}]"
            )
            yield CaseDifference(what, _text(wanted), shown, because)

    def _totals(self) -> Iterator[CaseDifference]:
        for name in ("fit", "merit", "score"):
            wanted = getattr(self.expect, name)
            if wanted is not None:
                yield from self._number(name, wanted, self._ends("ranking", f"{name}_low", f"{name}_high"))
        if self.expect.coverage is not None:
            found = self.found.get("ranking", "coverage")
            if found is None or abs(float(found) - self.expect.coverage) > _NEAR / 10:
                yield CaseDifference(
                    "coverage", f"{self.expect.coverage:g}", "not judged" if found is None else f"{float(found):g}"
                )
        reason = self.found.get("ranking", "outcome_reason")
        yield from self._plain(
            "outcome", self.expect.outcome, self.found.get("ranking", "outcome"), (f"decided by {reason}",)
        )
        yield from self._plain("outcome_reason", self.expect.outcome_reason, reason)
        yield from self._plain("tier", self.expect.tier, self.found.get("ranking", "tier") or "none")
        yield from self._plain("route", self.expect.route, self.found.get("verdict", "route") or "none")

    def _measure(self, measure_id: str, wanted: object) -> Iterator[CaseDifference]:
        column = f"{measure_id}.measures.{measure_id}.when"
        found: object = "open"
        if self.found.get("branches", f"{column}.holds"):
            found = True
        elif self.found.get("branches", f"{column}.does not hold"):
            found = False
        yield from self._plain(f"measures.{measure_id}", wanted, found, self._because("measure", measure_id))

    # -- why

    def _because(self, kind: Kind, rule_id: str) -> tuple[str, ...]:
        read = self.parsed.program.facts(kind, rule_id)
        return tuple(f"{fact_id} = {self._shown(fact_id)}" for fact_id in read)

    def _shown(self, fact_id: str) -> str:
        value, reason = self.found.get("facts", fact_id), self.found.get("facts", f"{fact_id}.reason")
        if value is not None:
            return _text(value)
        if self.found.rows.get("facts") is None:
            return "not judged"
        ends = [self.found.get("facts", f"{fact_id}.{end}") for end in ("low", "high")]
        within = f" within [{_text(ends[0])}, {_text(ends[1])}]" if ends[0] is not None else ""
        return f"missing ({reason}){within}"

    def _ends(self, relation: str, low: str, high: str) -> tuple[float, float] | None:
        found = self.found.get(relation, low), self.found.get(relation, high)
        return None if None in found else (float(found[0]), float(found[1]))


def _alike(found: object, wanted: object) -> bool:
    if isinstance(found, int | float | Decimal) and isinstance(wanted, int | float) and not isinstance(found, bool):
        # Facts are decimals, so nothing need be forgiven but what a case does not write out: 0.333333 of a third.
        return abs(Decimal(found) - decimal_of(wanted)) <= _FACT_NEAR
    return found == wanted


def _stated(wanted: FactValue) -> str:
    if wanted.is_known:
        return _text(wanted.value)
    if wanted.reason == NOT_APPLICABLE:
        return NOT_APPLICABLE
    return "missing" if wanted.low is None else f"missing within [{_text(wanted.low)}, {_text(wanted.high)}]"


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_text, value))}]"
    return f"{float(value):g}" if isinstance(value, int | float | Decimal) else str(value)
