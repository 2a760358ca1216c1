"""Two steps: points, contributions and halves (`contributions`), and what the weights of the halves make of them (`criteria`), for
every track that is still possible. An edit of those weights leaves the first and dear one as it is.

A contribution is quantised once, to two decimals, half away from zero; totals are exact sums of what is shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.compile.functions.scoring import Scores
from screening.engine.compile.judged import Judged, can_be, facts_read
from screening.engine.compile.stages import source
from screening.expression_sql.bands import Band, added, scaled
from screening.expression_sql.decimals import common, decimal_of, double, form_of, sum_form
from screening.expression_sql.layers import Layers, chosen
from screening.expression_sql.nodes import cast
from screening.expression_sql.pieces import (
    case,
    coalesce,
    column,
    conjunction,
    difference,
    disjunction,
    equals,
    greatest,
    least,
    negated,
    null,
    number,
    product,
    quotient,
    relation,
    text,
    total,
)
from screening.result.contract import NOT_APPLICABLE, POINTS
from screening.rulebook.functions import Relative
from screening.rulebook.scope import expression_paths, functions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from screening.rulebook.bounds import MovedScale
    from screening.rulebook.functions import Function
    from screening.rulebook.model import Criterion, Half, Pillar
    from screening.rulebook.scope import ParsedPack, Path_

ENDS = ("points", "low", "high")
_SUFFIXES = {"points": "", "low": "_low", "high": "_high"}
SCORE = ("score", "score_low", "score_high", "coverage")
"""What the weights of the halves decide."""
HALVES = ("fit", "merit")
ANY_TRACK = ""
COVERAGE = "DECIMAL(5, 4)"
FINE = "DECIMAL(18, 10)"


@dataclass(frozen=True, slots=True)
class _Judged:
    """One criterion, or a slot that nothing fills (without an id), compiled: its points, of `most` at best, and whether it counts.

    `counts` holds for the band, `estimated` for the points; they differ only where missing facts drop a criterion.
    None means always.
    """

    criterion_id: str
    pillar_id: str
    band: Band
    estimate: Band
    most: float
    covered: exp.Expr
    counts: exp.Expr | None
    estimated: exp.Expr | None
    weight: Mapping[str, float]

    def contribution(self, end: str, weight: Weighed) -> exp.Expr:
        """The share of its best that it reaches, of its weight: one division at most, then quantised."""
        value = self.estimate.low if end == "points" else self.band.low if end == "low" else self.band.high
        form = self.band.form if end != "points" else self.estimate.form
        points = Band(value, value, form)
        if weight.fixed is not None:
            factor = Fraction(weight.fixed) / Fraction(decimal_of(self.most))
            worth = _times(points, factor)
            if weight.taken is not None:
                worth = case([(weight.taken, worth)], number(0))
            return _points(worth)
        share = quotient(double(value), number(self.most)) if self.most != 1 else double(value)
        return _points(_fine(product(weight.sql, share)))

    def taken(self, *, estimate: bool) -> exp.Expr | None:
        """Whether it counts: for the points when `estimate`, else for the band."""
        return self.estimated if estimate else self.counts


def tracks(parsed: ParsedPack) -> list[str]:
    """Return the tracks that weights may name; one nameless track when the pack has none."""
    axis = parsed.pack.stages.get("track")
    return list(axis.values) if axis is not None else [ANY_TRACK]


def criteria_in_force(parsed: ParsedPack, half: Half) -> list[tuple[str, Pillar, list[str]]]:
    """Return (pillar id, pillar, criterion ids) of a half, without what is not in force on `as_of`."""
    return [
        (pillar_id, pillar, [c for c, rule in pillar.criteria.items() if parsed.in_force(rule)])
        for pillar_id, pillar in half.pillars.items()
    ]


def criteria_columns(parsed: ParsedPack) -> list[str]:
    """Return the columns of `criteria` after the key."""
    columns: list[str] = []
    for half_id, half in parsed.pack.criteria.items():
        for pillar_id, _, criterion_ids in criteria_in_force(parsed, half):
            for criterion_id in criterion_ids:
                columns += [
                    f"{criterion_id}.{end}"
                    for end in (*ENDS, "reason", "weight", "contribution", "contribution_low", "contribution_high")
                ]
            columns += [f"{half_id}.{pillar_id}.{end}" for end in ENDS]
    if parsed.pack.deductions is not None:
        for item_id, item in parsed.pack.deductions.items.items():
            if parsed.in_force(item):
                columns += [f"{item_id}.{end}" for end in (*ENDS, "reason")]
    return [*columns, *half_columns(parsed)]


def half_columns(parsed: ParsedPack) -> list[str]:
    """Return the columns of what both halves and the deductions come to."""
    halves = [h for h in HALVES if h in parsed.pack.criteria]
    return [
        *(f"{h}{e}" for h in halves for e in _SUFFIXES.values()),
        *(f"{h}_coverage" for h in halves),
        *(f"deduction{e}" for e in _SUFFIXES.values()),
    ]


def total_columns(parsed: ParsedPack) -> list[str]:
    """Return the columns of totals: halves, deduction, score and coverage."""
    return [*half_columns(parsed), *SCORE]


def contributions_statement(parsed: ParsedPack, only: str = "") -> exp.Select:
    """Return the one statement of the step: one row per judged company; halves are never NULL, and stand there for each track too."""
    return _Criteria(parsed).statement(only)


def criteria_statement(parsed: ParsedPack) -> exp.Select:
    """Return the one statement of the step: the contributions with the score; one row per judged company; totals are never NULL."""
    return _Total(parsed).statement()


class _Tracks:
    """What a value is where the track may still be one of several."""

    def __init__(self, parsed: ParsedPack) -> None:
        self.parsed, self.tracks = parsed, tracks(parsed)

    def possible(self, track: str) -> exp.Expr:
        return exp.true() if track == ANY_TRACK else can_be("track", track)

    def assumed(self, by_track: Mapping[str, exp.Expr]) -> exp.Expr:
        """The value for the track that points are computed for."""
        if len(set(by_track.values())) == 1:
            return next(iter(by_track.values())).copy()
        return case([(equals(column("track.assumed"), text(t)), e) for t, e in by_track.items()])

    def over(self, by_track: Mapping[str, exp.Expr], pick: str) -> exp.Expr:
        """The extreme over the tracks that are still possible."""
        if len(set(by_track.values())) == 1:
            return next(iter(by_track.values())).copy()
        options = [case([(self.possible(t), e)]) for t, e in by_track.items()]
        return least(options) if pick == "low" else greatest(options)

    def weights(self, weight: float | Mapping[str, float] | None, default: float) -> dict[str, float]:
        if weight is None:
            return dict.fromkeys(self.tracks, default)
        if isinstance(weight, float | int):
            return dict.fromkeys(self.tracks, float(weight))
        return {t: float(weight.get(t, 0.0)) for t in self.tracks}

    def half_by_track(self, half_id: str, suffix: str) -> dict[str, str]:
        """Return the column of a half by track: its own where no weight in it asks for the track."""
        pillars = self.parsed.pack.criteria[half_id].pillars.values()
        said = [p.weight for p in pillars] + [c.weight for p in pillars for c in p.criteria.values()]
        same = all(len(set(self.weights(weight, 0.0).values())) == 1 for weight in said)
        return {t: f"{half_id}{suffix}" if same else f"{half_id}.in.{t}{suffix}" for t in self.tracks}


class _Criteria:
    def __init__(self, parsed: ParsedPack) -> None:
        self.parsed = parsed
        self.select, names = source(parsed, joined=("place", "stage"))
        self.layers = Layers("source", names)
        self.scores = Scores(parsed, Judged(parsed, self.layers))
        self.by = _Tracks(parsed)
        self.tracks = self.by.tracks
        self.sums: dict[tuple[str, str, bool], tuple[exp.Column, exp.Column]] = {}

    def statement(self, only: str) -> exp.Select:
        for half_id, half in self.parsed.pack.criteria.items():
            self._half(half_id, half)
        self._deductions()
        output = chosen(criteria_columns(self.parsed), only)
        if not only:
            output += [*self._unused_halves(), *_working_columns(self.parsed)]
        return self.layers.statement(["company_id", *output], prelude=[("source", self.select)])

    def points(self, criterion_ids: Sequence[str], scales: Mapping[str, Sequence[MovedScale]]) -> exp.Select:
        output = ["company_id"]
        for half_id, half in self.parsed.pack.criteria.items():
            for pillar_id, pillar, ids in criteria_in_force(self.parsed, half):
                for criterion_id in (c for c in ids if c in criterion_ids):
                    own = pillar.criteria[criterion_id]
                    scored = {criterion_id: own.score}
                    scored |= {f"{criterion_id}~{n}": m.function for n, m in enumerate(scales.get(criterion_id, ()), 1)}
                    for name, score in scored.items():
                        criterion = own.model_copy(update={"score": score})
                        found = self._criterion(half_id, pillar_id, criterion_id, criterion, name)
                        ends = (("", found.estimate.low), (".low", found.band.low), (".high", found.band.high))
                        for end, value in ends:
                            self.layers.add(f"{name}{end}.exact", _fine(value), criterion_id)
                        output += [*(f"{name}{end}.exact" for end, _ in ends), f"{name}.reason"]
        return self.layers.statement(output, prelude=[("source", self.select)])

    def _unused_halves(self) -> list[str]:
        """The ranking names both halves; a pack without one of them leaves it empty."""
        return [
            self.layers.add(name, cast(null(), kind), half).name
            for half in HALVES
            if half not in self.parsed.pack.criteria
            for name, kind in (
                (half, POINTS),
                (f"{half}_low", POINTS),
                (f"{half}_high", POINTS),
                (f"{half}_coverage", COVERAGE),
            )
        ]

    # -- one half

    def _half(self, half_id: str, half: Half) -> None:
        groups = criteria_in_force(self.parsed, half)
        judged: dict[str, list[_Judged]] = {
            pillar_id: [self._criterion(half_id, pillar_id, c, pillar.criteria[c]) for c in criterion_ids]
            or self._unfilled(pillar_id, pillar)
            for pillar_id, pillar, criterion_ids in groups
        }
        pillar_weight = {
            pillar_id: self.by.weights(pillar.weight, 0.0)
            if pillar.weight is not None
            else {t: sum(j.weight[t] for j in judged[pillar_id]) for t in self.tracks}
            for pillar_id, pillar, _ in groups
        }
        sums: dict[str, dict[str, list[exp.Expr]]] = {
            e: {t: [] for t in self.tracks} for e in (*ENDS, "covered", "weight")
        }
        for pillar_id, pillar, _ in groups:
            self._pillar(half_id, half, pillar_id, pillar, judged, pillar_weight, sums)
        # Contributions are rounded one by one: three thirds of 100.01 must not exceed the scale.
        most = 100.0 if half.scale == "hundred" else None
        for end, suffix in (("points", ""), ("low", "_low"), ("high", "_high")):
            by_track = {
                t: self.layers.hoist(_points(_capped(total(sums[end][t]), most)), f"{half_id}.{end}")
                for t in self.tracks
            }
            value = self.by.assumed(by_track) if end == "points" else self.by.over(by_track, end)
            self.layers.add(f"{half_id}{suffix}", value, half_id)
            for t, name in self.by.half_by_track(half_id, suffix).items():
                if name not in self.layers:
                    self.layers.add(name, by_track[t], half_id)
        coverage = {
            t: coalesce(_fine(quotient(double(total(sums["covered"][t])), total(sums["weight"][t]))), number(0))
            for t in self.tracks
        }
        self.layers.add(f"{half_id}_coverage", cast(self.by.assumed(coverage), COVERAGE), half_id)

    def _unfilled(self, pillar_id: str, pillar: Pillar) -> list[_Judged]:
        """A slot that no pack fills: anything between nothing and all that it may give, and no data. None where that is not said."""
        size = pillar.weight if pillar.weight is not None else pillar.cap
        if not pillar.slot or pillar.criteria or size is None:
            return []
        neutral = self.parsed.pack.pack.neutral
        band = Band(number(0), number(1), form_of(1.0))
        estimate = Band(number(neutral), number(neutral), form_of(neutral))
        return [_Judged("", pillar_id, band, estimate, 1.0, exp.false(), None, None, self.by.weights(size, 0.0))]

    def _criterion(
        self, half_id: str, pillar_id: str, criterion_id: str, criterion: Criterion, name: str = ""
    ) -> _Judged:
        """Compile a criterion; its columns begin with `name`, its id unless given."""
        path: Path_ = ("criteria", half_id, "pillars", pillar_id, "criteria", criterion_id)
        name = name or criterion_id
        band = self.scores.points(criterion.score, (*path, "score"), name)
        applies = self.scores.truth((*path, "applies_when")) if criterion.applies_when else None
        read = self._facts_of(criterion.score, (*path, "score"))
        idle = self.scores.idle(criterion.score, (*path, "score"))
        excluded = [] if idle == exp.false() else [self.layers.hoist(idle, name)]
        least_points, most = criterion.score.extremes(self.parsed)
        low, high, form = band.low, band.high, band.form
        counts: exp.Expr | None = None
        unsure: exp.Expr | None = None
        if applies is not None or excluded:
            may_count = conjunction([*([applies.can_be_true] if applies else []), *(negated(e) for e in excluded)])
            counts = self.layers.hoist(may_count, name)
            if applies is not None:
                # Leaving the weights equals counting with the mean of the others, which lies within [least, most].
                unsure = self.layers.hoist(exp.and_(counts.copy(), applies.can_be_false.copy()), name)
                low = self.layers.hoist(case([(unsure, number(min(least_points, 0.0)))], low), name)
                high = self.layers.hoist(case([(unsure, number(most))], high), name)
        settled = self.layers.hoist(equals(low, high), name)
        share = {"open": criterion.neutral if criterion.neutral is not None else self.parsed.pack.pack.neutral}.get(
            criterion.on_missing, 0.0
        )
        ends = Band(low, high, common([form, form_of(least_points), form_of(most)]))
        estimate = _between(ends, share)
        estimated = counts
        if criterion.on_missing == "drop":
            # The points leave it out; the band must still hold for every value it may turn out to have.
            estimated = self.layers.hoist(conjunction([*([counts] if counts is not None else []), settled]), name)
            low = self.layers.hoist(case([(settled, low)], number(min(least_points, 0.0))), name)
            high = self.layers.hoist(case([(settled, high)], number(most)), name)
        reason: exp.Expr = coalesce(*[column(f"{f}.reason") for f in read]) if read else null()
        if read:
            reason = coalesce(reason, text("undefined"))
        reason = case([(negated(settled), coalesce(reason, text("undefined")))])
        if counts is not None:
            reason = case([(negated(counts), text(NOT_APPLICABLE))], reason)
        kept, ends = (
            Band(self.layers.hoist(b.low, name), self.layers.hoist(b.high, name), b.form)
            for b in (estimate.settled(), Band(low, high, ends.form))
        )
        for end, value in (("points", kept.low), ("low", ends.low), ("high", ends.high)):
            self.layers.add(f"{name}.{end}", _points(value), criterion_id)
        self.layers.add(f"{name}.reason", reason, criterion_id)
        return _Judged(
            criterion_id,
            pillar_id,
            ends,
            kept,
            most if most > 0 else 1.0,
            settled,
            counts,
            estimated,
            self.by.weights(criterion.weight, most),
        )

    def _facts_of(self, function: Function, path: Path_) -> list[str]:
        """The facts that a function reads: in its expressions, then those that group its peers."""
        read = [
            f
            for node_path in expression_paths(function, path)
            for f in facts_read(self.parsed.nodes[node_path], self.parsed)
        ]
        groups = [g for _, f in functions(function, path) if isinstance(f, Relative) for g in f.within]
        return list(dict.fromkeys([*read, *(g for g in groups if g in self.parsed.pack.facts)]))

    def _pillar(
        self,
        half_id: str,
        half: Half,
        pillar_id: str,
        pillar: Pillar,
        judged: Mapping[str, Sequence[_Judged]],
        pillar_weight: Mapping[str, Mapping[str, float]],
        sums: Mapping[str, Mapping[str, list[exp.Expr]]],
    ) -> None:
        here = judged[pillar_id]
        by_end: dict[str, dict[str, list[exp.Expr]]] = {e: {t: [] for t in self.tracks} for e in ENDS}
        for item in here:
            weights = {t: self._effective(half, item, judged, pillar_weight, t, estimate=False) for t in self.tracks}
            estimated = {t: self._effective(half, item, judged, pillar_weight, t, estimate=True) for t in self.tracks}
            if item.criterion_id:
                shown = self.by.assumed({t: w.quantised() for t, w in estimated.items()})
                self.layers.add(f"{item.criterion_id}.weight", shown, item.criterion_id)
            for end, suffix in (("points", "contribution"), ("low", "contribution_low"), ("high", "contribution_high")):
                by_track = {
                    t: self.layers.hoist(item.contribution(end, w), item.criterion_id or pillar_id)
                    for t, w in (estimated if end == "points" else weights).items()
                }
                if item.criterion_id:
                    self.layers.add(f"{item.criterion_id}.{suffix}", self.by.assumed(by_track), item.criterion_id)
                for t, contribution in by_track.items():
                    by_end[end][t].append(contribution)
            for t, weight in weights.items():
                sums["weight"][t].append(weight.value())
                sums["covered"][t].append(case([(item.covered, weight.value())], number(0)))
        for end in ENDS:
            totals = {t: _capped(total(by_end[end][t]), pillar.cap) for t in self.tracks}
            hoisted = {t: self.layers.hoist(_points(e), f"{half_id}.{pillar_id}") for t, e in totals.items()}
            self.layers.add(f"{half_id}.{pillar_id}.{end}", self.by.assumed(hoisted), pillar_id)
            for t in self.tracks:
                sums[end][t].append(hoisted[t])

    def _effective(
        self,
        half: Half,
        item: _Judged,
        judged: Mapping[str, Sequence[_Judged]],
        pillar_weight: Mapping[str, Mapping[str, float]],
        track: str,
        *,
        estimate: bool,
    ) -> Weighed:
        """The weight of a criterion in one track after what does not apply has left: 100 in all, or plain points."""
        group = judged[item.pillar_id]
        own, whole_pillar = item.weight[track], pillar_weight[item.pillar_id][track]
        if own == 0 or whole_pillar == 0:
            return Weighed(Fraction(0))
        share = exactly(own) / sum(exactly(j.weight[track]) for j in group)
        if half.scale == "points":
            return Weighed(exactly(whole_pillar) * share, item.taken(estimate=estimate))
        # A pillar with no criterion plays no part, but for a slot that says its weight.
        weighty = {p: w[track] for p, w in pillar_weight.items() if any(j.weight[track] > 0 for j in judged[p])}
        if all(j.taken(estimate=estimate) is None for p in weighty for j in judged[p]):
            return Weighed(100 * exactly(whole_pillar) / sum(map(exactly, weighty.values())) * share)
        # The same for every criterion of a pillar: worked out once for each.
        if (item.pillar_id, track, estimate) not in self.sums:
            of_group = total([_if_taken(j, number(j.weight[track]), estimate=estimate) for j in group])
            of_half = total(
                [
                    case([(disjunction([_taken(j, estimate=estimate) for j in judged[p]]), number(w))], number(0))
                    for p, w in weighty.items()
                ]
            )
            self.sums[item.pillar_id, track, estimate] = (
                self.layers.hoist(of_group, item.pillar_id),
                self.layers.hoist(of_half, "weights"),
            )
        group_sum, pillar_sum = self.sums[item.pillar_id, track, estimate]
        of_all = float(100 * exactly(own) * exactly(whole_pillar))
        effective = coalesce(
            quotient(number(of_all), product(double(group_sum), double(pillar_sum))), double(number(0))
        )
        taken = item.taken(estimate=estimate)
        left = effective if taken is None else case([(taken, effective)], double(number(0)))
        return Weighed(None, None, self.layers.hoist(left, item.criterion_id))

    # -- totals

    def _deductions(self) -> None:
        deductions = self.parsed.pack.deductions
        bands: list[Band] = []
        for item_id, item in deductions.items.items() if deductions is not None else ():
            if not self.parsed.in_force(item):
                continue
            path: Path_ = ("deductions", "items", item_id, "score")
            band = self.scores.points(item.score, path, item_id)
            bands.append(band)
            for end, value in (("points", band.low), ("low", band.low), ("high", band.high)):
                self.layers.add(f"{item_id}.{end}", _points(value), item_id)
            read = self._facts_of(item.score, path)
            reason = coalesce(*[column(f"{f}.reason") for f in read], text("undefined"))
            self.layers.add(f"{item_id}.reason", case([(negated(equals(band.low, band.high)), reason)]), item_id)
        cap = number(deductions.cap if deductions is not None else 0)
        # What is not known takes nothing off the points, only off the low end.
        for suffix, ends in (
            ("", [b.low for b in bands]),
            ("_low", [b.low for b in bands]),
            ("_high", [b.high for b in bands]),
        ):
            self.layers.add(f"deduction{suffix}", _points(least([total(ends), cap])), "deduction")


def _working_columns(parsed: ParsedPack) -> list[str]:
    """Return the columns of `contributions` that only `criteria` reads: each half for each track that it depends on."""
    by, own = _Tracks(parsed), half_columns(parsed)
    named = [by.half_by_track(h, suffix) for h in HALVES if h in parsed.pack.criteria for suffix in _SUFFIXES.values()]
    return [name for names in named for name in names.values() if name not in own]


class _Total:
    def __init__(self, parsed: ParsedPack) -> None:
        self.parsed = parsed
        self.by = _Tracks(parsed)
        unused = [h for h in HALVES if h not in parsed.pack.criteria]
        self.output = ["company_id", *criteria_columns(parsed)]
        self.output += [f"{h}{e}" for h in unused for e in (*_SUFFIXES.values(), "_coverage")]
        names = [*self.output, *_working_columns(parsed)]
        self.select = exp.select(*[column(n, "contributions") for n in names])
        self.select = self.select.from_(relation("contributions"), copy=False)
        if self.by.tracks != [ANY_TRACK]:
            axis = ["track.assumed", *(f"track.can_be.{t}" for t in self.by.tracks)]
            self.select = self.select.select(*[column(n, "stage") for n in axis], copy=False)
            self.select = self.select.join(relation("stage"), using="company_id", copy=False)
            names += axis
        self.layers = Layers("source", names)

    def statement(self) -> exp.Select:
        weights = self.parsed.pack.verdict.weights
        used = {h: w for h, w in weights.items() if h in self.parsed.pack.criteria}
        for end, suffix, taken in (
            ("points", "", "deduction"),
            ("low", "_low", "deduction_high"),
            ("high", "_high", "deduction_low"),
        ):
            halves = {h: self.by.half_by_track(h, suffix) for h in used}
            by_track: dict[str, exp.Expr] = {}
            for track in self.by.tracks:
                parts = [product(column(halves[h][track]), number(w)) for h, w in used.items()]
                by_track[track] = self.layers.hoist(_points(total(parts)), "score")
            value = self.by.assumed(by_track) if end == "points" else self.by.over(by_track, end)
            self.layers.add(f"score{suffix}", _points(greatest([difference(value, column(taken)), number(0)])), "score")
        weighed = total([product(column(f"{h}_coverage"), number(w)) for h, w in used.items()])
        coverage = _fine(quotient(double(weighed), number(sum(map(decimal_of, used.values()), Decimal(0)))))
        self.layers.add("coverage", cast(coalesce(coverage, number(0)), COVERAGE), "score")
        return self.layers.statement([*self.output, *SCORE], prelude=[("source", self.select)])


@dataclass(frozen=True, slots=True)
class Weighed:
    """A weight: `fixed`, counted only where `taken` holds; or `sql`, a DOUBLE that no fact leaves fixed."""

    fixed: Fraction | None
    taken: exp.Expr | None = None
    sql: exp.Expr = field(default_factory=null)

    def value(self) -> exp.Expr:
        """The weight as a number that may be added up."""
        if self.fixed is None:
            return self.sql
        weight = number(float(self.fixed))
        return weight if self.taken is None else case([(self.taken, weight)], number(0))

    def quantised(self) -> exp.Expr:
        """The weight as the contract shows it."""
        if self.fixed is None:
            return _points(_fine(self.sql))
        one = number(1)
        weight = _points(_times(Band(one, one, form_of(1.0)), self.fixed))
        return weight if self.taken is None else case([(self.taken, weight)], number(0))


def exactly(value: float) -> Fraction:
    """Return the fraction that a written number is."""
    return Fraction(decimal_of(value))


def _times(points: Band, factor: Fraction) -> exp.Expr:
    """Return points times a fraction: exact where the fraction is a decimal, else one division, settled."""
    whole = scaled(points, "*", float(factor.numerator))
    worth = scaled(whole, "/", float(factor.denominator))
    return _fine(worth.low) if worth.form == "binary" else worth.low


def _fine(value: exp.Expr) -> exp.Expr:
    """Bring a binary number of points or a share to decimals: of a scale far below a cent and far above binary noise.

    Points are at most thousands, so a fixed scale does what settling does at a tenth of its cost.
    """
    return cast(value, FINE)


def _between(ends: Band, share: float) -> Band:
    """Return the point at a share of the way from the low end to the high end, the low end where both meet."""
    if share == 0:
        return ends
    apart = Band(difference(ends.high, ends.low), difference(ends.high, ends.low), sum_form(ends.form, ends.form))
    point = added([Band(ends.low, ends.low, ends.form), scaled(apart, "*", share)])
    return Band(point.low, point.low, point.form)


def _taken(item: _Judged, *, estimate: bool) -> exp.Expr:
    return item.taken(estimate=estimate) or exp.true()


def _if_taken(item: _Judged, weight: exp.Expr, *, estimate: bool) -> exp.Expr:
    taken = item.taken(estimate=estimate)
    return weight if taken is None else case([(taken, weight)], number(0))


def _points(value: exp.Expr) -> exp.Expr:
    """Quantise a decimal to the contract's points: a cast rounds it half away from zero."""
    return cast(value, POINTS)


def _capped(value: exp.Expr, cap: float | None) -> exp.Expr:
    return value if cap is None else least([value, cast(number(cap), POINTS)])


def points_statement(
    parsed: ParsedPack, criterion_ids: Sequence[str], scales: Mapping[str, Sequence[MovedScale]]
) -> exp.Select:
    """Return the points of criteria before any weight, to ten decimals, with both ends of what they can be (`.low`, `.high`), and why
    they are open (`.reason`): one row per judged company.

    Relations keep points to two decimals, weights are applied to these; who weighs anew needs what was weighed. `scales` are
    others to judge a criterion by: their columns are `<criterion>~1.exact` and so on.
    """
    return _Criteria(parsed).points(criterion_ids, scales)
