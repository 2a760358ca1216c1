"""`screen lift`: what would move one company, by scoring it again with its facts at other values.

The engine is the run's own: a company is put in as many times as there are settings to try, with everything that the run found
about it, and in each copy one fact (or a few) at another value. Values tried are the bounds that rules compare with and one step
beyond. Only facts that a company can act on are advised, only when they are known, and only in the direction that the criteria call
better.
"""

from __future__ import annotations

import itertools
import tempfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from sqlglot import exp

from screening.analysis.companies import company_records
from screening.arrow import ArrowView
from screening.engine.compile.given import ENDS, GIVEN, has_ends
from screening.engine.inputs import MAIN
from screening.engine.pipeline import Group, screen_cases
from screening.engine.session import session
from screening.engine.steps import is_relative
from screening.engine.supposed import Supposed, fact_kind
from screening.errors import Problem, RulesError, RunError
from screening.expression import Literal, Ref
from screening.expression.tree import children, walk
from screening.expression_sql.decimals import decimal_of
from screening.expression_sql.pieces import column, equals, relation, text
from screening.identifier import file_named
from screening.result.lift import FactChange, FloorDistance, Lift, Way
from screening.result.records import Text
from screening.rulebook.program import Key
from screening.run import manifest as manifests

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from screening.analysis.rundata import RunData
    from screening.result.company import CompanyRecord, FactResult
    from screening.rulebook.model import Fact

MEMORY = "2GB"
AROUND = 4
"""Bounds tried on each side of a value, the nearest first; three values for each."""
COMBINED = 8
"""Facts whose best changes are tried together, by what each gains alone."""
TOGETHER = 3
"""Changes made together at most."""
SHOWN = 5
FACTORS = tuple(Decimal(f) for f in ("1.1", "1.25", "1.5", "2", "4"))
"""A fact that others are worked out from is tried at these multiples of itself."""
GRID, ROUNDS = 16, 3
"""Values tried between a change that lifts and one that does not, and how often."""

_STANDING = ("out_of_scope", "rejected", "insufficient_data", "direction_open", "review", "ranked", "shortlisted")
_CLASS = ("domain_id", "direction_id", "second_domain_id", "second_direction_id", "fit_grade")


@dataclass(frozen=True, slots=True)
class _Setting:
    """Facts at other values, by id."""

    values: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class _Stand:
    """Where a setting puts the company. `level` compares outcomes, then tiers; higher is better."""

    outcome: str
    tier: str | None
    score: Decimal | None
    level: tuple[int, int]


_Pair = tuple[_Setting, _Stand]


def lift(data: RunData, run_dir: Path, company_id: str) -> Lift:
    """Return what would move a company of a finished run.

    Raises RulesError when the company was not judged, RunError when it cannot be scored alone as it was scored in the run.
    """
    record = next(iter(company_records(data, [company_id])))
    if not record.halves:
        raise RulesError(
            [
                Problem(
                    "lift/not-judged",
                    f"'{record.company.name}' was not judged ({record.outcome}), so no fact of it moves anything",
                    remedy="see `screen explain` for what its texts told",
                )
            ]
        )
    if is_relative(data.parsed):
        # Beside its own settings instead of its peers it would stand anywhere.
        raise RunError([_among_peers(f"'{record.company.name}' is scored against other companies")])
    bench = _Bench(data, run_dir, record)
    up, down = list(bench.better()), list(bench.worse())
    stands = bench.score([_Setting(), *up, *down])
    base = stands[0]
    stored = (record.outcome, record.tier, record.score.value)
    if (base.outcome, base.tier, base.score) != stored:
        raise RunError(
            [
                _among_peers(
                    f"scored alone it stands otherwise ({base.outcome} {base.score}) than in the run ({stored[0]} {stored[2]})"
                )
            ]
        )
    singles = list(zip(up, stands[1 : 1 + len(up)], strict=True))
    falls = list(zip(down, stands[1 + len(up) :], strict=True))
    ways = [pair for pair in singles if pair[1].level > base.level]
    tried = len(up) + len(down)
    if ways:
        ways, more = bench.narrowed(ways, base)
        tried += more
    else:
        together = list(_combinations(singles, base))
        tried += len(together)
        found = zip(together, bench.score(together), strict=True) if together else ()
        ways = [pair for pair in found if pair[1].level > base.level]
    nearest = sorted((pair for pair in singles if _gain(pair[1], base) > 0), key=lambda pair: -_gain(pair[1], base))
    return Lift(
        company_id,
        record.company.name,
        record.outcome,
        record.tier,
        record.score.value,
        tuple(_floors(data, company_id)),
        tuple(bench.ways(ways)),
        () if ways else tuple(bench.ways(_one_per_fact(nearest))),
        tuple(bench.ways(pair for pair in falls if pair[1].level < base.level)),
        tried,
        base.level == (len(_STANDING) - 1, 0),
    )


def _gain(stand: _Stand, base: _Stand) -> Decimal:
    return (stand.score or Decimal(0)) - (base.score or Decimal(0))


def _one_per_fact(pairs: Iterable[tuple[_Setting, _Stand]]) -> list[tuple[_Setting, _Stand]]:
    kept: dict[str, tuple[_Setting, _Stand]] = {}
    for setting, stand in pairs:
        kept.setdefault(setting.values[0][0], (setting, stand))
    return list(kept.values())[:SHOWN]


def _among_peers(what: str) -> Problem:
    return Problem(
        "lift/not-alone",
        what,
        remedy="a rule of this pack compares companies with each other (`relative:`); such a pack has no `lift`",
    )


def _combinations(singles: Sequence[tuple[_Setting, _Stand]], base: _Stand) -> Iterator[_Setting]:
    """Changes of the facts that gain most, two and three at a time: of each fact the least and the largest that gain as much as any."""
    by_fact: dict[str, list[tuple[Decimal, _Setting]]] = {}
    for setting, stand in singles:
        by_fact.setdefault(setting.values[0][0], []).append((_gain(stand, base), setting))
    best = {fact_id: max(gain for gain, _ in tried) for fact_id, tried in by_fact.items()}
    strongest = sorted((f for f in best if best[f] > 0), key=lambda f: (-best[f], f))[:COMBINED]
    options = {f: [setting for gain, setting in by_fact[f] if gain == best[f]] for f in strongest}
    for size in range(2, TOGETHER + 1):
        for facts in itertools.combinations(strongest, size):
            ends = [list(dict.fromkeys((options[f][0], options[f][-1]))) for f in facts]
            for group in itertools.product(*ends):
                yield _Setting(tuple(value for setting in group for value in setting.values))


def _floors(data: RunData, company_id: str) -> Iterator[FloorDistance]:
    row = data.select(
        exp.select(exp.Star()).from_(relation("verdict")).where(equals(column("company_id"), text(company_id)))
    )[0]
    for name in row:
        if name.startswith("shortlist.") and name.endswith(".state"):
            floor = name.removesuffix(".state")
            yield FloorDistance(
                floor.removeprefix("shortlist."),
                row[name],
                *(row.get(f"{floor}.{end}") for end in ("value", "bound", "distance")),
            )


class _Bench:
    """One company of a run, ready to be scored at other values of its facts."""

    def __init__(self, data: RunData, run_dir: Path, record: CompanyRecord) -> None:
        self.data, self.run_dir, self.record = data, run_dir, record
        self.parsed, self.pack = data.parsed, data.pack
        self.program = data.parsed.program
        company_id = record.company.company_id
        self.facts = self._row("facts", company_id)
        self.profile = self._row("profile", company_id)
        self.known = {f.id: f for f in record.facts if f.value is not None and not f.assumed and f.reason is None}
        self._fails: dict[str, list[Decimal]] = {}
        # Facts that rest on other facts alone are worked out again, so that they follow what is changed.
        self.found = [f for f in self.pack.facts if f in self.facts and not self._derived(f)]

    def _row(self, name: str, company_id: str) -> dict[str, Any]:
        tree = exp.select(exp.Star()).from_(relation(name)).where(equals(column("company_id"), text(company_id)))
        return self.data.select(tree)[0]

    def _derived(self, fact_id: str) -> bool:
        rule = self.program.rules[Key("fact", fact_id)]
        children = [c for c in rule.columns if not c.startswith(f"{MAIN}.")]
        return any(key.kind == "fact" for key in rule.reads) and not children

    # -- what to try

    def better(self) -> Iterator[_Setting]:
        """Known facts that a company can act on, at bounds in the direction that is better."""
        for fact_id, fact in self.known.items():
            if self.pack.facts[fact_id].actionable:
                yield from self._settings(fact, self._directions(fact_id))

    def worse(self) -> Iterator[_Setting]:
        """Any known fact, against the direction that is better."""
        for fact_id, fact in self.known.items():
            yield from self._settings(fact, {-d for d in self._directions(fact_id)})

    def _directions(self, fact_id: str) -> set[int]:
        """Up (1), down (-1) or both, as the criteria that rest on the fact say; both where only gates and stages do."""
        found = {
            {"higher": 1, "lower": -1}.get(criterion.direction, 0)
            for half in self.record.halves
            for pillar in half.pillars
            for result in pillar.criteria
            if fact_id in result.direct
            for criterion in (self.pack.criteria[half.id].pillars[pillar.id].criteria[result.id],)
        } - {0}
        return found or {1, -1}

    def _settings(self, fact: FactResult, directions: set[int]) -> Iterator[_Setting]:
        spec = self.pack.facts[fact.id]
        if isinstance(fact.value, bool):
            yield _Setting(((fact.id, not fact.value),))
        elif spec.type == "category":
            yield from (_Setting(((fact.id, v),)) for v in spec.values if v != fact.value)
        elif isinstance(fact.value, Decimal | int):
            value = Decimal(fact.value)
            for sign in sorted(directions):
                yield from (_Setting(((fact.id, v),)) for v in self._values(fact.id, spec, value, sign))

    def _values(self, fact_id: str, spec: Fact, value: Decimal, sign: int) -> list[Decimal]:
        """The nearest bounds on one side, each and one step beyond, inside the fact's range."""
        step = _step(spec)
        bounds = {b for bound in self._bounds(fact_id) for b in (bound, bound + sign * step)}
        if any(key.kind == "fact" for key in self.program.rules[Key("fact", fact_id)].readers):
            # Rules hold what is worked out from it against bounds, not the fact itself.
            bounds |= {((value * (f if sign > 0 else 1 / f)) / step).to_integral_value() * step for f in FACTORS}
        if spec.type == "integer":
            bounds |= {value + sign * n for n in (1, 2, 3)}
            bounds = {b for b in bounds if b == b.to_integral_value()}
        low, high = (decimal_of(n) for n in spec.range) if spec.range else (None, None)
        inside = [
            b for b in bounds if (b - value) * sign > 0 and (low is None or b >= low) and (high is None or b <= high)
        ]
        return sorted(inside, key=lambda b: abs(b - value))[: 3 * AROUND]

    def _bounds(self, fact_id: str) -> set[Decimal]:
        """Every number that a rule holds the fact against."""
        found: set[Decimal] = set()
        for part in (part for node in self.parsed.nodes.values() for part in walk(node)):
            beside = children(part)
            if any(isinstance(x, Ref) and x.name.id == fact_id for x in beside):
                found |= {
                    decimal_of(x.value)
                    for x in beside
                    if isinstance(x, Literal) and x.kind == "number" and isinstance(x.value, float)
                }
        for half in self.record.halves:
            for criterion in (c for pillar in half.pillars for c in pillar.criteria):
                if fact_id in criterion.direct:
                    found |= {n for s in criterion.scale for n in (s.low, s.high) if n is not None}
        return found

    # -- scoring

    def score(self, settings: Sequence[_Setting]) -> list[_Stand]:
        """Return where each setting puts the company: one run of the engine over as many copies."""
        names = [f"s{number:06}" for number in range(len(settings))]
        changed = list(dict.fromkeys(f for setting in settings for f, _ in setting.values))
        given = tuple(dict.fromkeys([*self.found, *changed]))
        with tempfile.TemporaryDirectory(prefix="screen-lift-") as folder:
            work = Path(folder)
            companies = pl.read_parquet(file_named(self.run_dir / "tables", MAIN, ".parquet"), glob=False)
            own = companies.filter(pl.col("company_id") == self.record.company.company_id)
            copies = pl.concat([own] * len(names)).with_columns(pl.Series("company_id", names))
            path = file_named(work, MAIN, ".parquet")
            copies.write_parquet(path)
            supposed = Supposed(self._classes(names), self._patents(), self._given(names, settings, given), given)
            with session(work, threads=2, memory_limit=MEMORY) as running:
                inputs = manifests.inputs_of(self.data.manifest)
                screen_cases(running, [Group(self.parsed, inputs, names)], {MAIN: path}, supposed)
                ranking = pl.DataFrame(ArrowView(running.connection.table("ranking")))
        rows = {r["company_id"]: r for r in ranking.iter_rows(named=True)}
        return [self._stand(rows[name]) for name in names]

    def _stand(self, row: Mapping[str, Any]) -> _Stand:
        labels = list(self.pack.verdict.tier_labels())
        tier = -labels.index(row["tier"]) if row["tier"] in labels else -len(labels)
        return _Stand(row["outcome"], row["tier"], row["score"], (_STANDING.index(row["outcome"]), tier))

    def _classes(self, names: Sequence[str]) -> pl.DataFrame:
        values = [self.profile.get(c) for c in _CLASS]
        schema = {"company_id": pl.String, **dict.fromkeys(_CLASS, pl.String)}
        rows = [(name, *values) for name in names] if self.pack.domains else []
        return pl.DataFrame(rows, schema=schema, orient="row")

    def _patents(self) -> pl.DataFrame:
        return pl.DataFrame(schema={"company_id": pl.String, "patent_no": pl.String, "in_direction": pl.Boolean})

    def _given(self, names: Sequence[str], settings: Sequence[_Setting], given: Sequence[str]) -> pl.DataFrame:
        """One row per setting: each fact as the run found it, or as the setting has it. A fact worked out from others is given only where it is set."""
        columns: list[pl.Series] = [pl.Series("company_id", names, dtype=pl.String)]
        for fact_id in given:
            spec = self.pack.facts[fact_id]
            changed = [dict(s.values).get(fact_id) for s in settings]
            is_set = [fact_id in dict(s.values) for s in settings]
            derived = fact_id not in self.found
            columns.append(pl.Series(f"{GIVEN}{fact_id}?", [s or not derived for s in is_set], dtype=pl.Boolean))
            for end in ENDS:
                if end in (".low", ".high") and not has_ends(spec):
                    continue
                kind = pl.String if end == ".reason" else fact_kind(spec)
                as_found = self.facts.get(f"{fact_id}{end}")
                values = [
                    None if s and end == ".reason" else c if s else as_found
                    for s, c in zip(is_set, changed, strict=True)
                ]
                columns.append(pl.Series(f"{GIVEN}{fact_id}{end}", values, dtype=kind))
        return pl.DataFrame(columns)

    def narrowed(self, ways: Sequence[_Pair], base: _Stand) -> tuple[list[_Pair], int]:
        """Between bounds points may rise in a line: return each numeric change made as small as still lifts, and how many were tried."""
        kept, tried = list(ways), 0
        for _ in range(ROUNDS):
            grids = [(i, value) for i, (setting, _) in enumerate(kept) for value in self._between(setting)]
            if not grids:
                break
            settings = [_Setting(((kept[i][0].values[0][0], value),)) for i, value in grids]
            tried += len(settings)
            for (i, _), setting, stand in zip(grids, settings, self.score(settings), strict=True):
                fact_id = setting.values[0][0]
                smaller = self._size(fact_id, setting) < self._size(fact_id, kept[i][0])
                if stand.level > base.level and smaller:
                    kept[i] = setting, stand
                elif stand.level <= base.level:
                    self._fails.setdefault(kept[i][0].values[0][0], []).append(setting.values[0][1])
        return kept, tried

    def _size(self, fact_id: str, setting: _Setting) -> Decimal:
        return abs(Decimal(setting.values[0][1]) - Decimal(str(self.known[fact_id].value)))

    def _between(self, setting: _Setting) -> Iterator[Decimal]:
        """Values between the largest change known to fail and the smallest known to lift."""
        ((fact_id, reached),) = setting.values
        value = self.known[fact_id].value
        if isinstance(value, bool) or not isinstance(value, Decimal | int):
            return
        start = Decimal(value)
        sign = 1 if reached > start else -1
        failed = [f for f in self._fails.get(fact_id, ()) if (f - start) * sign > 0 and (reached - f) * sign > 0]
        nearest = max(failed, key=lambda f: abs(f - start), default=start)
        step = _step(self.pack.facts[fact_id])
        for number in range(1, GRID):
            between = ((nearest + (reached - nearest) * number / GRID) / step).to_integral_value() * step
            if (between - nearest) * sign > 0 and (reached - between) * sign > 0:
                yield between

    # -- words

    def ways(self, pairs: Iterable[tuple[_Setting, _Stand]]) -> Iterator[Way]:
        """Return settings as changes in words: the fewest first, then the smallest, one per set of facts."""
        made = [Way(tuple(self._change(*v) for v in s.values), t.outcome, t.tier, t.score) for s, t in pairs]
        made.sort(key=lambda w: (len(w.changes), sum(c.relative for c in w.changes), [c.fact_id for c in w.changes]))
        seen: set[tuple[str, ...]] = set()
        for way in made:
            key = tuple(c.fact_id for c in way.changes)
            if key not in seen and len(seen) < SHOWN:
                seen.add(key)
                yield way

    def _change(self, fact_id: str, after: Any) -> FactChange:
        fact, spec = self.known[fact_id], self.pack.facts[fact_id]
        numeric = isinstance(fact.value, Decimal | int) and not isinstance(fact.value, bool)
        before = Decimal(fact.value) if numeric and isinstance(fact.value, Decimal | int) else None
        relative = (
            abs(Decimal(after) - before) / max(abs(before), Decimal("0.0001")) if before is not None else Decimal(1)
        )
        return FactChange(
            fact_id,
            fact.label,
            spec.unit,
            fact.value,
            after,
            relative.quantize(Decimal("0.0001")),
            fact.value_label,
            self._label(spec, after),
        )

    def _label(self, spec: Fact, value: Any) -> Text | None:
        labels = getattr(spec, "labels", None) or {}
        label = labels.get(value) if isinstance(value, str) else None
        return Text(label.zh, label.en) if label is not None else None


def _step(fact: Fact) -> Decimal:
    """The least change worth naming: one of what is counted, one yuan, a hundredth of a percent."""
    return Decimal(1) if fact.type == "integer" or fact.unit == "cny" else Decimal("0.0001")
