"""Which values of a fact are worth trying: the bounds that rules hold it against, in the direction that is better or worse.

What is better is said by the criteria that rest on a fact, or by the pack (`actionable: up`). A fact that nothing judges by is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from screening.analysis.facts import is_stand_in
from screening.engine.compile.functions.scoring import Scale
from screening.expression import Literal, Ref
from screening.expression.tree import children, walk
from screening.expression_sql.decimals import decimal_of
from screening.rulebook.program import Key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from screening.analysis.copies import Values
    from screening.analysis.rundata import Row
    from screening.rulebook.model import Fact
    from screening.rulebook.scope import ParsedPack

AROUND = 12
"""Values tried on each side of a fact's own, the nearest first, and the farthest; three for each bound."""
FACTORS = tuple(Decimal(f) for f in ("1.1", "1.25", "1.5", "2", "4", "10"))
"""A fact that others are worked out from is tried at these multiples of itself, and at the end of its range."""
_ASIDE = ("measure", "rung")
"""Kinds of rules that tell of a company and do not judge it."""
Turning = Mapping[str, set[Decimal]]
"""Further values to try, by fact."""
_SIGNS: Mapping[Any, set[int]] = {"up": {1}, "down": {-1}}


class Levers:
    """The facts of a pack that decide anything, with the values to try."""

    def __init__(self, parsed: ParsedPack) -> None:
        self.parsed, self.pack, self.program = parsed, parsed.pack, parsed.program
        self.bounds, self.better = self._bounds(), self._better()
        self.steady = {f for f in self.pack.facts if self._is_steady(f)}
        self.deciding = [f for f in self.pack.facts if self._decides(Key("fact", f))]

    def _bounds(self) -> dict[str, set[Decimal]]:
        """Every number that a rule holds a fact against, by fact."""
        found: dict[str, set[Decimal]] = {f: set() for f in self.pack.facts}
        for part in (part for node in self.parsed.nodes.values() for part in walk(node)):
            beside = children(part)
            numbers = [decimal_of(x.value) for x in beside if isinstance(x, Literal) and isinstance(x.value, float)]
            for ref in (x for x in beside if isinstance(x, Ref) and x.name.id in found):
                found[ref.name.id].update(numbers)
        scale = Scale(self.parsed, lambda _path, _what: False)
        for half_id, pillar_id, criterion_id, criterion in self.pack.criteria_of():
            if self.parsed.in_force(criterion):
                path = ("criteria", half_id, "pillars", pillar_id, "criteria", criterion_id, "score")
                ends = {n for s in scale.steps(criterion.score, path) for n in (s.low, s.high) if n is not None}
                for fact_id in self.program.facts("criterion", criterion_id):
                    found[fact_id] |= ends
        return found

    def _better(self) -> dict[str, set[int]]:
        """Up (1), down (-1) or both by fact: as the criteria that rest on it say; both where only gates and stages do."""
        found: dict[str, set[int]] = {f: set() for f in self.pack.facts}
        for _, _, criterion_id, criterion in self.pack.criteria_of():
            sign = {"higher": 1, "lower": -1}.get(criterion.direction, 0)
            if sign and self.parsed.in_force(criterion):
                for fact_id in self.program.facts("criterion", criterion_id):
                    found[fact_id].add(sign)
        return {f: signs or {1, -1} for f, signs in found.items()}

    def _decides(self, key: Key) -> bool:
        """Whether anything that judges rests on a rule: what only tells of a company moves it nowhere."""
        rule = self.program.rules.get(key)
        return rule is not None and any(
            reader.kind not in (*_ASIDE, "fact", "gate")
            or (reader.kind == "gate" and (self.pack.gates[reader.id].effect != "warn" or self._decides(reader)))
            or (reader.kind == "fact" and self._decides(reader))
            for reader in rule.readers
        )

    def _is_steady(self, fact_id: str) -> bool:
        """Whether only criteria judge by the fact, each by its very value and all in one direction: then the farthest value tells for all."""
        signs = set()
        for key in self.program.rules[Key("fact", fact_id)].readers:
            if key.kind in _ASIDE:
                continue
            found = next((each for each in self.pack.criteria_of() if key == Key("criterion", each[2])), None)
            if found is None:
                return False
            half_id, pillar_id, criterion_id, criterion = found
            path = ("criteria", half_id, "pillars", pillar_id, "criteria", criterion_id, "score", "of")
            node = self.parsed.nodes.get(path)
            if criterion.applies_when or not (isinstance(node, Ref) and node.name.id == fact_id):
                return False
            signs.add(criterion.direction)
        return signs in ({"higher"}, {"lower"})

    def known(self, row: Row) -> dict[str, Any]:
        """The facts of a company that are known, and not only what the pack puts in the place of no row."""
        found = {}
        for fact_id in self.deciding:
            fact, value = self.pack.facts[fact_id], row.get(fact_id)
            if value is not None and row.get(f"{fact_id}.reason") is None and not is_stand_in(value, fact):
                found[fact_id] = Decimal(value) if _is_number(value) else value
        return found

    def up(self, known: Mapping[str, Any], turning: Turning) -> Iterator[Values]:
        """Known facts that a company can act on, at bounds in the direction that is better."""
        for fact_id, value in known.items():
            acts = self.pack.facts[fact_id].actionable
            if acts:
                any_way = {1, -1} if isinstance(value, bool) else self.better[fact_id]
                yield from self._settings(fact_id, value, _SIGNS.get(acts, any_way), turning.get(fact_id, ()))

    def down(self, known: Mapping[str, Any], turning: Turning) -> Iterator[Values]:
        """Any known fact, against the direction that is better."""
        for fact_id, value in known.items():
            signs = {1, -1} if isinstance(value, bool) else {-d for d in self.better[fact_id]}
            settings = list(self._settings(fact_id, value, signs, turning.get(fact_id, ())))
            yield from settings[-1:] if fact_id in self.steady else settings

    def _settings(self, fact_id: str, value: Any, signs: Iterable[int], turning: Iterable[Decimal]) -> Iterator[Values]:
        fact = self.pack.facts[fact_id]
        if isinstance(value, bool):
            if signs != {-1 if not value else 1}:
                yield ((fact_id, not value),)
        elif fact.type == "category":
            yield from (((fact_id, v),) for v in fact.values if v != value)
        elif isinstance(value, Decimal):
            for sign in sorted(signs):
                values = self.values(fact_id, fact, value, sign)
                told = {*values[:AROUND], *values[AROUND:][-1:], *_inside(turning, fact, value, sign)}
                yield from (((fact_id, v),) for v in sorted(told, key=lambda v: abs(v - value)))

    def values(self, fact_id: str, fact: Fact, value: Decimal, sign: int) -> list[Decimal]:
        """The nearest bounds on one side, each and one step beyond, inside the fact's range."""
        step = step_of(fact)
        tried = {b for bound in self.bounds[fact_id] for b in (bound, bound + sign * step)}
        if any(key.kind == "fact" for key in self.program.rules[Key("fact", fact_id)].readers):
            # Rules hold what is worked out from it against bounds, not the fact itself.
            tried |= {((value * (f if sign > 0 else 1 / f)) / step).to_integral_value() * step for f in FACTORS}
            tried |= {decimal_of(n) for n in fact.range or ()}
        if fact.type == "integer":
            tried |= {value + sign * n for n in (1, 2, 3)}
            tried = {b for b in tried if b == b.to_integral_value()}
        return sorted(_inside(tried, fact, value, sign), key=lambda b: abs(b - value))


def _inside(tried: Iterable[Decimal], fact: Fact, value: Decimal, sign: int) -> Iterator[Decimal]:
    """Yield what lies on one side of a value and in the range of the fact."""
    low, high = (decimal_of(n) for n in fact.range) if fact.range else (None, None)
    yield from (
        b for b in tried if (b - value) * sign > 0 and (low is None or b >= low) and (high is None or b <= high)
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, Decimal | int) and not isinstance(value, bool)


def step_of(fact: Fact) -> Decimal:
    """The least change worth naming: the fact's own, else one of what is counted, 1万元, a tenth of a month, a hundredth of a percent."""
    if fact.step is not None:
        return decimal_of(fact.step)
    if fact.unit == "cny":
        return Decimal(10_000)
    if fact.type == "integer":
        return Decimal(1)
    return Decimal("0.1") if fact.unit in ("months", "years") else Decimal("0.0001")
