"""What would move a company: its facts at other values, judged by the engine's own statements over copies of what the run found.

Each copy has one fact (or a few) at another value; everything else about the company stands as it was found, and no rule is compiled
again. Values tried are the bounds that rules compare with and one step beyond; between one that does and the last that does not, the
least that does is looked for. Advised are only facts that a company can act on, only known ones, and only in the direction that the
pack allows or the criteria call better.
"""

from __future__ import annotations

import contextlib
import itertools
import math
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl

from screening.analysis.answers import empty, shaped
from screening.analysis.copies import STANDING, copies_of, rows_of
from screening.analysis.levers import Levers, step_of
from screening.analysis.rulewords import text as label_of
from screening.engine.steps import is_relative
from screening.errors import Problem, RulesError, RunError
from screening.result.contract import EXTERNAL
from screening.result.lift import FactChange, FloorDistance, Lift, Way

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

    from screening.analysis.copies import Copies, Stand, Values
    from screening.analysis.rundata import Row, RunData
    from screening.result.records import FactValue, Text
    from screening.rulebook.model import Fact

COMBINED = 6
"""Facts whose best changes are tried together, by what each gains alone."""
TOGETHER = 3
"""Changes of which every group is tried; where more are needed, they are found one after the other."""
SHOWN = 5
TOP = (len(STANDING) - 1, 0)
"""The level that nothing is above."""
LEAST, ROUND = 8, 5_000
"""Values tried at once between a change that does and one that does not, and copies that make a round twice as dear as one without any."""

_Asked: TypeAlias = "list[tuple[int, Values]]"
_Asking: TypeAlias = "Generator[_Asked, list[Stand], None]"
"""A search that asks where settings stand, round after round."""

STAND, NOT_ALONE, LIFTS, NEAREST, DROPS = "stand", "not_alone", "lifts", "nearest", "drops"


@dataclass(slots=True)
class _Way:
    """A change that does, of the company at `own`, and for each fact in it the last value known not to do."""

    own: int
    values: dict[str, Any]
    stand: Stand
    fails: dict[str, Any]
    done: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Case:
    """One company: its known facts, where it stands, and what was found to move it."""

    company_id: str
    known: Mapping[str, Any]
    base: Stand
    alone: bool = True
    tried: int = 0
    up: list[tuple[Values, Stand]] = field(default_factory=list)
    down: list[tuple[Values, Stand]] = field(default_factory=list)
    ways: list[_Way] = field(default_factory=list)
    drops: list[_Way] = field(default_factory=list)


def lift_relation(run: RunData, shown: Sequence[str]) -> pl.DataFrame:
    """Return the relation `lift` of the companies shown; empty where a pack compares companies with each other, and for others' eyes."""
    if not shown or is_relative(run.parsed) or run.manifest.get("audience") == EXTERNAL:
        return empty("lift")
    return _searched(run, shown)


def lift_of(run: RunData, company_id: str) -> Lift:
    """Return what would move a company of a finished run: from its relation where it has the company, else worked out here.

    Raises RulesError when the company was not judged, RunError when it cannot be scored alone as it was scored in the run.
    """
    [ranked] = run.select(rows_of("ranking", [company_id]))
    if not run.select(rows_of("verdict", [company_id])):
        raise RulesError.of(
            "lift/not-judged",
            f"'{ranked['name']}' was not judged ({ranked['outcome']}), so no fact of it moves anything",
            remedy="see `screen explain` for what its texts told",
        )
    if is_relative(run.parsed):
        # Beside its own settings instead of its peers it would stand anywhere.
        raise RunError([_among_peers(f"'{ranked['name']}' is scored against other companies")])
    rows = run.select(rows_of("lift", [company_id])) if run.has("lift") else []
    if not rows:
        rows = list(_searched(run, [company_id]).iter_rows(named=True))
    found = next(iter(lifts(run, run, {company_id: rows}).values()), None)
    if found is None:
        raise RunError([_among_peers(f"scored alone '{ranked['name']}' stands otherwise than in the run")])
    return found


def lifts(run: RunData, narrow: RunData, rows: Mapping[str, Sequence[Row]]) -> dict[str, Lift]:
    """Return the rows of the relation as records, with the names of the pack; `narrow` holds at least these companies."""
    wanted = [company_id for company_id, own in rows.items() if any(r["kind"] == STAND for r in own)]
    if not wanted:
        return {}
    ranked = {r["company_id"]: r for r in narrow.select(rows_of("ranking", wanted))}
    verdicts = {r["company_id"]: r for r in narrow.select(rows_of("verdict", wanted))}
    gates = {r["company_id"]: r for r in narrow.select(rows_of("gates", wanted))}
    return {c: _record(run, ranked[c], verdicts[c], gates[c], rows[c]) for c in wanted}


def _waiting(run: RunData, ranked: Row, gates: Row) -> int:
    """Return how many rejecting gates lack the data to be decided, where that decides the outcome."""
    open_ = [
        g
        for g, gate in run.pack.gates.items()
        if gate.effect == "reject" and gates.get(f"{g}.status") in ("unknown", "not_run")
    ]
    return len(open_) if ranked["outcome_reason"] in ("not_run", *open_) else 0


def _barred(run: RunData, ranked: Row, gates: Row) -> Iterator[Text]:
    """Yield the failed gates that decide the outcome: all that reject, or the one that calls for a person."""
    for gate_id, gate in run.pack.gates.items():
        decides = gate.effect == "reject" if ranked["outcome"] == "rejected" else gate_id == ranked["outcome_reason"]
        if decides and gates.get(f"{gate_id}.status") == "failed":
            yield label_of(gate.label)


def _record(run: RunData, ranked: Row, verdict: Row, gates: Row, rows: Sequence[Row]) -> Lift:
    [stand] = [r for r in rows if r["kind"] == STAND]
    names = _names(run)
    by_kind: dict[str, dict[int, list[Row]]] = {}
    for row in rows:
        if row["kind"] != STAND:
            by_kind.setdefault(row["kind"], {}).setdefault(row["position"], []).append(row)
    ways = {
        kind: tuple(
            Way(
                tuple(_change(run, r) for r in found),
                found[0]["outcome"],
                found[0]["tier"],
                found[0]["score"],
                names.get(f"tier {found[0]['tier']}"),
            )
            for _, found in sorted(places.items())
        )
        for kind, places in by_kind.items()
    }
    return Lift(
        ranked["company_id"],
        ranked["name"],
        ranked["outcome"],
        ranked["tier"],
        ranked["score"],
        tuple(_floors(verdict, names)),
        ways.get(LIFTS, ()),
        ways.get(NEAREST, ()),
        ways.get(DROPS, ()),
        stand["tried"],
        _at_top(run, ranked),
        names.get(f"tier {ranked['tier']}"),
        _waiting(run, ranked, gates),
        tuple(_barred(run, ranked, gates)),
    )


def _names(run: RunData) -> dict[str, Text]:
    """What the pack calls the things a verdict speaks of: facts, halves, pillars, criteria, tiers."""
    pack = run.pack
    named = {fact_id: fact.label for fact_id, fact in pack.facts.items()}
    for half_id, half in pack.criteria.items():
        named[half_id] = half.label
        named |= {pillar_id: pillar.label for pillar_id, pillar in half.pillars.items()}
    named |= {criterion_id: criterion.label for _, _, criterion_id, criterion in pack.criteria_of()}
    named |= {f"tier {tier}": label for tier, label in pack.verdict.tier_labels().items()}
    return {key: label_of(label) for key, label in named.items()}


def _at_top(run: RunData, ranked: Row) -> bool:
    labels = list(run.pack.verdict.tier_labels())
    return bool(ranked["outcome"] == STANDING[-1] and (not labels or ranked["tier"] == labels[0]))


def _change(run: RunData, row: Row) -> FactChange:
    fact = run.pack.facts[row["fact"]]
    before, after = (_read(row[end], fact) for end in ("before", "after"))
    return FactChange(
        row["fact"],
        label_of(fact.label),
        fact.unit,
        before,
        after,
        row["relative"],
        *(_named(run, row["fact"], value) for value in (before, after)),
    )


def _named(run: RunData, fact_id: str, value: FactValue) -> Text | None:
    label = run.pack.value_label(fact_id, value) if isinstance(value, str) else None
    return label_of(label) if label is not None else None


def _floors(verdict: Row, names: Mapping[str, Text]) -> Iterator[FloorDistance]:
    for name in verdict:
        if name.startswith("shortlist.") and name.endswith(".state"):
            floor = name.removesuffix(".state")
            value, bound, distance = (verdict.get(f"{floor}.{end}") for end in ("value", "bound", "distance"))
            floor_id = floor.removeprefix("shortlist.")
            yield FloorDistance(floor_id, verdict[name], value, bound, distance, names.get(floor_id))


def _among_peers(what: str) -> Problem:
    return Problem(
        "lift/not-alone",
        what,
        remedy="a rule of this pack compares companies with each other (`relative:`); such a pack has no `lift`",
    )


def _searched(run: RunData, company_ids: Sequence[str]) -> pl.DataFrame:
    with copies_of(run, company_ids) as copies:
        return _Search(run, copies).relation()


class _Search:
    """What moves some companies of a run: every round of questions is put for all of them at once."""

    def __init__(self, run: RunData, copies: Copies) -> None:
        self.run, self.pack, self.copies, self.levers = run, run.pack, copies, Levers(run.parsed)
        self.ids, self.stands = copies.ids, copies.stands

    def relation(self) -> pl.DataFrame:
        """Return the rows of `lift` for all companies: every round of questions is put for all of them at once."""
        cases = self._cases()
        for case in cases:
            case.ways = [self._way(own_values, case, stand) for own_values, stand in _least(case, up=True)]
            case.drops = [self._way(own_values, case, stand) for own_values, stand in _least(case, up=False)]
        self._answered(self._narrow(cases, _open(cases)), self._together(cases))
        rows = [row for case in cases for row in self._told(case)]
        return shaped("lift", pl.DataFrame(rows, schema=_SCHEMA, orient="row"))

    def _cases(self) -> list[_Case]:
        """Every company with its single changes tried."""
        known = [self.levers.known(row) for row in self.copies.facts.iter_rows(named=True)]
        turning = self._turning(known)
        tried = [
            (list(self.levers.up(k, turning[own])), list(self.levers.down(k, turning[own])))
            for own, k in enumerate(known)
        ]
        asked = [(own, values) for own, (up, down) in enumerate(tried) for values in ((), *up, *down)]
        stored = {r["company_id"]: r for r in self.run.select(rows_of("ranking", self.ids))}
        stands = iter(self.stands(asked))
        cases: list[_Case] = []
        for company_id, facts, (up, down) in zip(self.ids, known, tried, strict=True):
            base, was = next(stands), stored[company_id]
            alone = (base.outcome, base.tier, base.score) == (was["outcome"], was["tier"], was["score"])
            case = _Case(company_id, facts, base, alone, len(up) + len(down))
            case.up = [(values, next(stands)) for values in up]
            case.down = [(values, next(stands)) for values in down]
            cases.append(case)
        return cases

    def _turning(self, known: Sequence[Mapping[str, Any]]) -> list[dict[str, set[Decimal]]]:
        """Where a change of one fact brings another, that is worked out from it, to a bound: whole steps around it, by company and fact.

        Sums, differences and quotients are known from three of their values; what is otherwise is tried at a place that tells nothing.
        """
        asked, put = [], []
        for own, facts in enumerate(known):
            for fact_id, value in facts.items():
                moved = [d for d in self.copies.moving[fact_id] if self.levers.bounds[d]]
                if moved and isinstance(value, Decimal):
                    step = step_of(self.pack.facts[fact_id])
                    at = [value + n * max(step, abs(value)) for n in range(3)]
                    asked += [(own, ((fact_id, x),)) for x in at]
                    put.append((own, fact_id, moved, at, step))
        told = iter(self.copies.facts_at(asked))
        found: list[dict[str, set[Decimal]]] = [{} for _ in known]
        for own, fact_id, moved, at, step in put:
            rows = [next(told) for _ in at]
            for other in moved:
                ends = [r[other] for r in rows]
                for bound in self.levers.bounds[other] if all(isinstance(e, Decimal) for e in ends) else ():
                    place = _crossing(at, ends, bound)
                    if place is not None:
                        below = (place / step).to_integral_value(ROUND_FLOOR)
                        found[own].setdefault(fact_id, set()).update((below + n) * step for n in (-1, 0, 1, 2))
        return found

    def _answered(self, *searches: _Asking) -> None:
        """Let searches go on side by side: what they ask next is put in one round, until none asks any more."""
        told: dict[_Asking, list[Stand] | None] = dict.fromkeys(searches)
        while told:
            asked: dict[_Asking, _Asked] = {}
            for search, stands in told.items():
                with contextlib.suppress(StopIteration):
                    asked[search] = next(search) if stands is None else search.send(stands)
            found = iter(self.stands([each for questions in asked.values() for each in questions]))
            told = {search: list(itertools.islice(found, len(questions))) for search, questions in asked.items()}

    def _together(self, cases: Sequence[_Case]) -> _Asking:
        """Where no single change does: of the facts that gain most the least and the largest change, two and three at a time."""
        asked = [
            (own, values)
            for own, case in enumerate(cases)
            if case.alone and not _lifting(case)
            for values in _groups(case)
        ]
        stands = yield asked
        for (own, values), stand in zip(asked, stands, strict=True):
            cases[own].tried += 1
            if stand.level > cases[own].base.level:
                cases[own].ways.append(self._way(values, cases[own], stand))
        for case in (cases[own] for own in sorted({own for own, _ in asked})):
            fewest: dict[frozenset[str], _Way] = {}
            for way in sorted(case.ways, key=lambda w: (len(w.values), self._size(case, w))):
                # Three changes are no advice where two of them do.
                if not any(facts < way.values.keys() for facts in fewest):
                    fewest.setdefault(frozenset(way.values), way)
            case.ways = list(fewest.values())[:SHOWN]
        open_ = [
            own
            for own, case in enumerate(cases)
            if case.alone and case.up and case.base.level < TOP and not (_lifting(case) or case.ways)
        ]
        climbed = yield from self._climbed(cases, open_)
        for own, way in climbed.items():
            cases[own].ways = [way]
        together = sorted({own for own, _ in asked} | climbed.keys())
        yield from self._narrow(cases, [(way, True) for own in together for way in cases[own].ways])

    def _climbed(self, cases: Sequence[_Case], open_: Sequence[int]) -> Generator[_Asked, list[Stand], dict[int, _Way]]:
        """Where no few changes do: one after the other, each the one that brings it nearest; else all facts at their best at once. Then
        what is not needed is taken back.
        """
        best = {own: _best_of_each(cases[own]) for own in open_}
        found: dict[int, _Way] = {}
        at = {own: (dict[str, Any](), cases[own].base) for own in open_}
        climbing = list(open_)
        while climbing:
            asked = [
                (own, tuple({**at[own][0], **dict(values)}.items()))
                for own in climbing
                for values in (*(v for v, _ in cases[own].up), *([] if at[own][0] else [best[own]]))
            ]
            reached: dict[int, tuple[Values, Stand]] = {}
            stands = yield asked
            for (own, setting), stand in zip(asked, stands, strict=True):
                cases[own].tried += 1
                if own not in reached or _key(stand) > _key(reached[own][1]):
                    reached[own] = setting, stand
            for own in tuple(climbing):
                setting, stand = reached[own]
                if stand.level > cases[own].base.level:
                    found[own] = self._way(setting, cases[own], stand)
                if own in found or _key(stand) <= _key(at[own][1]):
                    climbing.remove(own)
                at[own] = dict(setting), stand
        needless = list(found)
        while needless:
            asked = [
                (own, tuple((f, v) for f, v in found[own].values.items() if f != gone))
                for own in needless
                for gone in found[own].values
            ]
            stands = yield asked
            fewer = {
                own: (setting, s)
                for (own, setting), s in zip(asked, stands, strict=True)
                if s.level > cases[own].base.level
            }
            found |= {own: self._way(setting, cases[own], stand) for own, (setting, stand) in fewer.items()}
            needless = list(fewer)
        return found

    def _way(self, values: Values, case: _Case, stand: Stand) -> _Way:
        changed = dict(values)
        own = self.ids.index(case.company_id)
        fails = {f: case.known[f] for f in changed}
        if len(changed) == 1:
            ((fact_id, reached),) = values
            if isinstance(reached, Decimal):
                start, up = case.known[fact_id], stand.level > case.base.level
                short = [
                    v[0][1]
                    for v, s in (case.up if up else case.down)
                    if v[0][0] == fact_id
                    and (v[0][1] - start) * (reached - start) > 0
                    and abs(v[0][1] - start) < abs(reached - start)
                    and not _does(s, case.base, up=up)
                ]
                fails[fact_id] = max(short, key=lambda v: abs(v - start), default=start)
        return _Way(own, changed, stand, fails)

    def _narrow(self, cases: Sequence[_Case], open_: list[tuple[_Way, bool]]) -> _Asking:
        """Make each numeric change as small as still does, one fact after the other: points may rise in a line between bounds."""
        while True:
            next_ = [(way, up, f) for way, up in open_ if (f := self._unsettled(cases[way.own], way)) is not None]
            if not next_:
                return
            asked: _Asked = []
            put: list[tuple[_Way, bool, str]] = []
            most = max(LEAST, ROUND // len(next_))
            for way, up, fact_id in next_:
                between = list(self._between(cases[way.own], fact_id, way, most))
                asked += [(way.own, tuple({**way.values, fact_id: v}.items())) for v in between]
                put += [(way, up, fact_id)] * len(between)
            stands = yield asked
            for (way, up, fact_id), (_, values), stand in zip(put, asked, stands, strict=True):
                self._nearer(cases[way.own], way, fact_id, dict(values)[fact_id], stand, up=up)

    def _unsettled(self, case: _Case, way: _Way) -> str | None:
        """The first fact of a way of which a smaller change may do."""
        for fact_id in way.values.keys() - way.done:
            if not any(self._between(case, fact_id, way, LEAST)):
                way.done.add(fact_id)
        return next((f for f in way.values if f not in way.done), None)

    def _nearer(self, case: _Case, way: _Way, fact_id: str, value: Decimal, stand: Stand, *, up: bool) -> None:
        start = case.known[fact_id]
        case.tried += 1
        if _does(stand, case.base, up=up):
            if abs(value - start) < abs(way.values[fact_id] - start):
                way.values[fact_id], way.stand = value, stand
        elif abs(way.values[fact_id] - start) > abs(value - start) > abs(way.fails[fact_id] - start):
            way.fails[fact_id] = value

    def _between(self, case: _Case, fact_id: str, way: _Way, most: int) -> Iterator[Decimal]:
        """Values between the last that does not and the least that does: whole steps, bounds, and what is just short of the latter.

        As few as end it in as few rounds as at most `most` of them in each do.
        """
        reached, failed = way.values[fact_id], way.fails[fact_id]
        if not isinstance(reached, Decimal):
            return
        fact = self.pack.facts[fact_id]
        step, sign = step_of(fact), 1 if reached > failed else -1
        steps = max(float(abs(reached - failed) / step), 2.0)
        grid = next(g for rounds in itertools.count(1) if (g := math.ceil(steps ** (1 / rounds))) <= most)
        at = [failed + (reached - failed) * n / grid for n in range(1, grid)]
        found = {(v / step).to_integral_value() * step for v in at} | {reached - sign * step}
        found.update(self.levers.values(fact_id, fact, case.known[fact_id], sign))
        yield from sorted(v for v in found if (v - failed) * sign > 0 and (reached - v) * sign > 0)

    def _size(self, case: _Case, way: _Way) -> Decimal:
        return sum((_relative(case.known[f], v) for f, v in way.values.items()), Decimal(0))

    def _told(self, case: _Case) -> Iterator[tuple[Any, ...]]:
        """The rows of one company: its stand, then its ways, the fewest changes first, then the smallest."""
        base = case.base
        kind = STAND if case.alone else NOT_ALONE
        yield case.company_id, kind, 0, None, None, None, None, base.outcome, base.tier, base.score, case.tried
        if not case.alone:
            return
        up, down = (
            sorted(ways, key=lambda w: (len(w.values), self._size(case, w), sorted(w.values)))
            for ways in (case.ways, case.drops)
        )
        for kind, ways in ((LIFTS, up), (NEAREST, [] if up else self._gaining(case)), (DROPS, down)):
            for position, way in enumerate(ways[:SHOWN], 1):
                s = way.stand
                for fact_id, after in way.values.items():
                    before = case.known[fact_id]
                    ends = (_written(before), _written(after), _relative(before, after))
                    yield case.company_id, kind, position, fact_id, *ends, s.outcome, s.tier, s.score, None

    def _gaining(self, case: _Case) -> list[_Way]:
        """The best single changes, one per fact, when none and no combination does it."""
        kept: dict[str, _Way] = {}
        for values, stand in sorted(case.up, key=lambda pair: -_gain(pair[1], case.base)):
            if _gain(stand, case.base) > 0:
                kept.setdefault(values[0][0], self._way(values, case, stand))
        return list(kept.values())


def _open(cases: Sequence[_Case]) -> list[tuple[_Way, bool]]:
    """Every way that was found, with whether it leads up."""
    return [(way, up) for case in cases for ways, up in ((case.ways, True), (case.drops, False)) for way in ways]


_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(("company_id", "kind"), pl.String),
    "position": pl.Int32,
    **dict.fromkeys(("fact", "before", "after"), pl.String),
    "relative": pl.Decimal(9, 4),
    **dict.fromkeys(("outcome", "tier"), pl.String),
    "score": pl.Decimal(9, 2),
    "tried": pl.Int32,
}


def _crossing(at: Sequence[Decimal], ends: Sequence[Decimal], bound: Decimal) -> Decimal | None:
    """Where a quotient of two lines through three points meets a bound: the cross-ratio stays the same."""
    (x1, x2, x3), (y1, y2, y3) = at, ends
    if len({y1, y2, y3}) < len(ends):
        return None
    if bound == y3:
        return x3
    ratio = (bound - y1) * (y2 - y3) / ((bound - y3) * (y2 - y1))
    below = (x2 - x3) - ratio * (x2 - x1)
    return (x1 * (x2 - x3) - ratio * x3 * (x2 - x1)) / below if below else None


def _least(case: _Case, *, up: bool) -> Iterator[tuple[Values, Stand]]:
    """Of each fact the single change nearest to what it is that does; nothing where changes together were needed."""
    if not case.alone or (up and case.ways):
        return
    found: dict[tuple[str, bool], tuple[Values, Stand]] = {}
    for values, stand in case.up if up else case.down:
        if _does(stand, case.base, up=up):
            ((fact_id, value),) = values
            start = case.known[fact_id]
            side = isinstance(value, Decimal) and value > start
            other = found.get((fact_id, side))
            if other is None or _relative(start, value) < _relative(start, other[0][0][1]):
                found[fact_id, side] = values, stand
    yield from found.values()


def _groups(case: _Case) -> Iterator[Values]:
    """Of the facts that gain most the least and the largest changes that gain as much as any, two and three at a time."""
    by_fact: dict[str, list[tuple[Decimal, Values]]] = {}
    for values, stand in case.up:
        by_fact.setdefault(values[0][0], []).append((_gain(stand, case.base), values))
    best = {fact_id: max(gain for gain, _ in tried) for fact_id, tried in by_fact.items()}
    strongest = sorted((f for f in best if best[f] > 0), key=lambda f: (-best[f], f))[:COMBINED]
    options = {f: [values for gain, values in by_fact[f] if gain == best[f]] for f in strongest}
    for size in range(2, TOGETHER + 1):
        for facts in itertools.combinations(strongest, size):
            ends = [list(dict.fromkeys((options[f][0], options[f][-1]))) for f in facts]
            yield from (tuple(value for values in group for value in values) for group in itertools.product(*ends))


def _lifting(case: _Case) -> bool:
    return any(s.level > case.base.level for _, s in case.up)


def _best_of_each(case: _Case) -> Values:
    """Of each fact the change that brings it nearest alone, of equal ones the largest."""
    best: dict[str, tuple[Values, Stand]] = {}
    for values, stand in case.up:
        fact_id = values[0][0]
        if fact_id not in best or _key(stand) >= _key(best[fact_id][1]):
            best[fact_id] = values, stand
    return tuple(values[0] for values, _ in best.values())


def _key(stand: Stand) -> tuple[tuple[int, int], tuple[int, Decimal]]:
    return stand.level, stand.near


def _does(stand: Stand, base: Stand, *, up: bool) -> bool:
    return stand.level > base.level if up else stand.level < base.level


def _gain(stand: Stand, base: Stand) -> Decimal:
    return (stand.score or Decimal(0)) - (base.score or Decimal(0))


def _relative(before: Any, after: Any) -> Decimal:
    """The size of a change against the larger of both values; 1 for what is no number."""
    if not isinstance(before, Decimal):
        return Decimal(1)
    size: Decimal = abs(after - before) / max(abs(before), abs(after))
    return size.quantize(Decimal("0.0001"))


def _written(value: Any) -> str:
    """A value as the relation has it: a number without zeros behind it, true, false, or the value of a category."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _read(written: str, fact: Fact) -> FactValue:
    if fact.type == "boolean":
        return written == "true"
    if fact.type == "integer":
        return int(written)
    return Decimal(written) if fact.type == "decimal" else written
