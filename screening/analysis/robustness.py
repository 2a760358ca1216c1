"""How sure is the ranking? The weights drawn anew within the ranges that the pack states, and every company ranked again each time.

Reads a finished run and computes no rule again: a draw changes only how what the criteria gave is added up. Pillars keep their points
and trade weight among each other; what they trade away is made up for, so that a half still sums to its scale. The numbers drawn
depend on nothing but the ids of pillars and halves. Everything is a whole number held exactly by a float (hundredths of a point,
ten-thousandths of a weight) and each total is one division, rounded once: the same run gives the same answer on every machine.
"""

from __future__ import annotations

import functools
import json
import random
import tempfile
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from sqlglot import exp

from screening.analysis.answers import empty, shaped
from screening.analysis.comparable import company_robustness
from screening.analysis.flips import flips
from screening.analysis.goalposts import contributions, goalposts, with_moves
from screening.analysis.rulewords import share
from screening.arrow import ArrowView
from screening.engine.files import DIALECT
from screening.errors import RulesError
from screening.expression_sql.decimals import decimal_of
from screening.expression_sql.pieces import column, relation
from screening.result.contract import RANKED_OUTCOMES
from screening.result.robustness import Robustness
from screening.store import once

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from screening.analysis.goalposts import Goalpost
    from screening.analysis.rundata import RunData
    from screening.rulebook.model import RulePack

    Numbers = NDArray[np.float64]
    Truths = NDArray[np.bool_]

KIND = "draws"
"""What the store calls drawn weights."""
SEED = 67
CENT = 100
TENTHOUSAND = 10_000
TOTALS = ("fit", "merit", "score")
_IN_MEMORY = 1 << 26
"""Ranks held in memory; more of them lie in a file that is read back by companies."""
_ROWS = 4096
_COUNT = "companies of the kind"


@dataclass(frozen=True)
class Half:
    """A half as numbers: points and weights by pillar and company in hundredths, its weight in the score, its scale."""

    id: str
    pillars: tuple[str, ...]
    weight: Fraction
    hundred: bool
    points: Numbers
    weights: Numbers
    goalposts: tuple[Goalpost, ...] = ()

    @functools.cached_property
    def names(self) -> tuple[str, ...]:
        """How its pillars are called in a draw."""
        return tuple(f"{self.id}.{p}" for p in self.pillars)

    @functools.cached_property
    def stated(self) -> Numbers:
        """What the weights of a company sum to."""
        return np.asarray(self.weights.sum(axis=0))

    @functools.cached_property
    def patterns(self) -> tuple[Numbers, NDArray[np.intp]]:
        """The few sets of weights there are, one column each, and which of them a company has."""
        found, which = np.unique(self.weights, axis=1, return_inverse=True)
        return found, which.reshape(-1)

    def total(self, factors: Mapping[str, float]) -> Numbers:
        """The half in hundredths under drawn factors (ten-thousandths)."""
        drawn = [factors[name] for name in self.names]
        points = self.points if not self.goalposts else self._moved(factors)
        whole = points[0] * drawn[0]
        for row, factor in zip(points[1:], drawn[1:], strict=True):
            whole += row * factor
        if not self.hundred:
            return np.asarray(np.floor(whole / TENTHOUSAND + 0.5))
        patterns, which = self.patterns
        weight = (np.asarray(drawn) @ patterns)[which]
        whole *= self.stated
        if weight.all():
            whole /= weight
        else:
            whole = np.divide(whole, weight, out=np.zeros_like(whole), where=weight > 0)
        whole += 0.5
        return np.asarray(np.minimum(np.floor(whole, out=whole), 100.0 * CENT, out=whole))

    def _moved(self, factors: Mapping[str, float]) -> Numbers:
        """Points by pillar where the bounds of scales move too."""
        points = self.points.copy()
        for at, pillar in enumerate(self.pillars):
            own = [g for g in self.goalposts if g.pillar == pillar]
            if own:
                points[at] += own[0].over
            for goalpost in own:
                points[at] += goalpost.shift(factors[goalpost.name] / TENTHOUSAND)
            if own and own[0].cap is not None:
                np.minimum(points[at], own[0].cap * CENT, out=points[at])
        return points


@dataclass(frozen=True)
class Pool:
    """The ranked companies of a run, ready to be added up again: a row each by id, or a row for each kind of them.

    `counts`: how many companies a row stands for.
    """

    frame: pl.DataFrame
    halves: tuple[Half, ...]
    pack: RulePack
    counts: NDArray[np.int64]

    @property
    def height(self) -> int:
        """How many rows."""
        return self.frame.height

    @functools.cached_property
    def deduction(self) -> Numbers:
        """What is taken off the score, in hundredths."""
        return hundredths(self.frame["deduction"], zero=True)

    @functools.cached_property
    def floors(self) -> tuple[tuple[str, Numbers, Truths], ...]:
        """Floors on totals: which, the bound by company (nan: open), whether the run found it met."""
        return tuple(
            (floor, hundredths(self.frame[f"shortlist.{floor}.bound"]), self._met(floor))
            for floor in self._floors(totals=True)
        )

    @functools.cached_property
    def can(self) -> Truths:
        """Nothing but floors on totals stands between it and the short list."""
        outcome, reason = self.frame["outcome"], self.frame["outcome_reason"]
        can = (outcome == "shortlisted") | ((outcome == "ranked") & (reason == "verdict").fill_null(value=False))
        found: Truths = can.to_numpy()
        for floor in self._floors(totals=False):
            found = found & self._met(floor)
        return found

    @functools.cached_property
    def route(self) -> Truths:
        """It is on the short list by a direct route, whatever its totals."""
        frame = self.frame
        return np.asarray((frame["route"].is_not_null() & (frame["outcome"] == "shortlisted")).to_numpy())

    def _floors(self, *, totals: bool) -> list[str]:
        names = [
            c.removeprefix("shortlist.").removesuffix(".state")
            for c in self.frame.columns
            if c.startswith("shortlist.") and c.endswith(".state")
        ]
        return [n for n in names if (n in TOTALS and f"shortlist.{n}.bound" in self.frame.columns) is totals]

    def _met(self, floor: str) -> Truths:
        return np.asarray((self.frame[f"shortlist.{floor}.state"] == "met").fill_null(value=False).to_numpy())

    def listed(self, totals: Mapping[str, Numbers]) -> Truths:
        """Who is on the short list when the totals are these: floors of totals anew, the others as the run found them."""
        met = self.can
        for name, bound, was in self.floors:
            # A bound that is open compares as not reached; what the run found stands then.
            met = met & ((totals[name] >= bound) | (was & np.isnan(bound)) if name in totals else was)
        return met | self.route

    @functools.cached_property
    def _steps(self) -> tuple[tuple[tuple[str, tuple[float, ...]], ...], NDArray[np.int64]]:
        """The bounds that tell tiers apart, by total, and the place of the tier at each combination of steps reached."""
        labels = list(self.pack.verdict.tier_labels())
        last = len(labels)
        tiers, grades = self.pack.verdict.tiers, self.pack.verdict.grades
        if grades:
            places = [last, *(labels.index(step.id) for step in reversed(grades))]
            return (("score", tuple(step.at_least * CENT for step in reversed(grades))),), np.asarray(places)
        if tiers is None:
            return (), np.asarray([last])
        fit, merit = list(reversed(tiers.fit)), list(reversed(tiers.merit))
        table = np.full((len(fit) + 1, len(merit) + 1), last)
        for i, fit_step in enumerate(fit, 1):
            for j, merit_step in enumerate(merit, 1):
                tier = tiers.matrix.get(fit_step.id, {}).get(merit_step.id)
                table[i, j] = labels.index(tier) if tier in labels else last
        bounds = tuple(
            (name, tuple(s.at_least * CENT for s in steps)) for name, steps in (("fit", fit), ("merit", merit))
        )
        return bounds, table.reshape(-1)

    @functools.cached_property
    def _covered(self) -> Truths:
        """Whether its data reach far enough for a tier of the matrix."""
        tiers = self.pack.verdict.tiers
        covered = self.frame["merit_coverage"].cast(pl.Float64).fill_null(-1.0).to_numpy()
        return np.asarray(covered >= (tiers.coverage_at_least if tiers is not None else 0.0))

    def order(self, totals: Mapping[str, Numbers], listed: Truths) -> NDArray[np.int64]:
        """A number from 0 up that is smaller the better a company stands, as the ranking has it: short list, tier, score."""
        bounds, table = self._steps
        reached = np.zeros(self.height, np.intp)
        for name, steps in bounds:
            reached *= len(steps) + 1
            for step in steps:
                reached += totals[name] >= step
        place = table[reached]
        last = len(self.pack.verdict.tier_labels())
        if self.pack.verdict.tiers is not None and not self.pack.verdict.grades:
            place[~(self._covered & listed)] = last
        place[~listed] += last + 1
        place *= self.most + 1
        place += self.most
        place -= totals["score"].astype(np.int64)
        return place

    @functools.cached_property
    def most(self) -> int:
        """A score in hundredths that none exceeds: 100, or twice what the tables of plain points give (goalposts may add)."""
        if all(h.hundred for h in self.halves) and sum(h.weight for h in self.halves) <= 1:
            return 100 * CENT
        scale = max((float(h.stated.max(initial=0.0)) for h in self.halves), default=0.0)
        bound = float(sum(h.weight for h in self.halves)) * max(scale, 100.0 * CENT)
        return 2 * int(max(bound, float(hundredths(self.frame["score_high"], zero=True).max(initial=0.0))))

    @functools.cached_property
    def _worth(self) -> tuple[dict[str, float], float, float]:
        """The weights of the halves as whole numbers, their sum, and by what they were multiplied."""
        scale = _whole([h.weight for h in self.halves])
        return (
            {h.id: float(h.weight * scale) for h in self.halves},
            float(sum(h.weight * scale for h in self.halves)),
            float(scale),
        )

    def totals(self, factors: Mapping[str, float]) -> dict[str, Numbers]:
        """Halves and score in hundredths under drawn factors (ten-thousandths), by company."""
        if not self.halves:
            return {t: hundredths(self.frame[t], zero=True) for t in TOTALS}
        found = {half.id: half.total(factors) for half in self.halves}
        worth, stated, scale = self._worth
        drawn = {h.id: factors[h.id] * worth[h.id] for h in self.halves}
        whole = np.zeros(self.height)
        for half_id, total in found.items():
            whole += total * drawn[half_id]
        whole *= stated
        whole /= sum(drawn.values()) * scale
        whole -= self.deduction
        whole += 0.5
        found["score"] = np.maximum(np.floor(whole, out=whole), 0.0, out=whole)
        return found


def robustness(run: RunData) -> Robustness:
    """Return the robustness of a finished run: from its relation where the run has one, else worked out here.

    Raises RulesError when the pack states no ranges: none are assumed.
    """
    stated = run.pack.verdict.robustness
    if stated is None:
        raise RulesError.of(
            "robustness/not-stated",
            f"the pack '{run.pack.pack.id}' does not say how far its weights may be doubted",
            remedy="add to verdict: robustness: {draws: 1000, top: 20, pillars: 20%, halves: 10%, set_by: fund}",
        )
    frame = pl.DataFrame(ArrowView(run.connection.table("robustness"))) if run.has("robustness") else None
    if frame is None:
        frame = robustness_relation(run)
    names = pl.DataFrame(ArrowView(run.connection.table("ranking").select("company_id", "name")))
    named = frame.join(names, on="company_id").sort("rank", "company_id")
    return Robustness(
        stated.draws,
        stated.top,
        share(stated.pillars),
        share(stated.halves),
        tuple(company_robustness(row, stated.top) for row in named.iter_rows(named=True)),
        share(stated.goalposts) if stated.goalposts is not None else None,
        goalposts(run.parsed)[1],
    )


def robustness_relation(run: RunData) -> pl.DataFrame:
    """Return the relation `robustness`: one row per ranked company; empty where the pack states no ranges.

    Companies alike in all that is added up stand alike in every draw, so each kind of them is added up once.
    """
    stated = run.pack.verdict.robustness
    if stated is None:
        return empty("robustness")
    companies = _companies(run)
    told = [c for c in companies.columns if c not in ("company_id", "margin")]
    kinds = companies.group_by(told).agg(pl.len().alias(_COUNT), members=pl.struct("company_id", "margin"))
    pool = _pool(run, kinds, kinds[_COUNT].to_numpy().astype(np.int64))
    ranges = (share(stated.pillars), share(stated.halves), share(stated.goalposts) if stated.goalposts else Decimal(0))
    drawn = draws(pool.halves, ranges, stated.draws)
    with tempfile.TemporaryDirectory(prefix="screen-draws-") as folder:
        low, high, top, listed = _ranked_each(pool, drawn, stated.draws, stated.top, Path(folder))
    best, worst = (_alone(pool, end) for end in ("_high", "_low"))
    frame = pool.frame.select("members", "outcome", "rank").with_columns(
        pl.Series("rank_5", low),
        pl.Series("rank_95", high),
        pl.Series("top_share", top / stated.draws),
        pl.Series("shortlist_share", listed / stated.draws),
        pl.Series("best", best),
        pl.Series("worst", worst),
        *flips(pool),
    )
    return shaped("robustness", frame.explode("members", empty_as_null=False).unnest("members"))


def pool_of(run: RunData) -> Pool:
    """Return the ranked companies of a run, a row each, by id."""
    frame = _companies(run).sort("company_id")
    return _pool(run, frame, np.ones(frame.height, np.int64))


def _companies(run: RunData) -> pl.DataFrame:
    """Read the ranked companies with what is added up: totals, pillars, weights, the floors of the short list."""
    criteria, verdict = run.columns("criteria"), sorted(run.columns("verdict"))
    pillars = list(_pillars(run.pack, criteria))
    moving, _ = goalposts(run.parsed)
    capped = dict.fromkeys((g.half, g.pillar) for g in moving if g.cap is not None)
    select = [
        *(column(c, "ranking") for c in ("company_id", "outcome", "outcome_reason", "tier", "rank", "merit_coverage")),
        *(column(f"{t}{e}", "ranking") for t in TOTALS for e in ("", "_low", "_high")),
        column("deduction", "criteria"),
        *(column(f"{h}.{p}.points", "criteria") for h, p, _ in pillars),
        *(column(f"{c}.weight", "criteria") for _, _, ids in pillars for c in ids),
        *(column(c, "criteria") for at in capped for c in contributions(run, *at)),
        column("route", "verdict"),
        *(column(c, "verdict") for c in verdict if c.startswith("shortlist.") and c.endswith((".state", ".bound"))),
        column("margin", "profile"),
    ]
    tree = exp.select(*select).from_(relation("ranking"))
    for name in ("criteria", "verdict"):
        tree = tree.join(relation(name), using="company_id")
    tree = tree.join(relation("profile"), using="company_id", join_type="left").where(
        exp.In(this=column("outcome", "ranking"), expressions=[exp.Literal.string(o) for o in RANKED_OUTCOMES])
    )
    return with_moves(run, pl.DataFrame(ArrowView(run.connection.sql(tree.sql(DIALECT)))), moving)


def _pool(run: RunData, frame: pl.DataFrame, counts: NDArray[np.int64]) -> Pool:
    """Turn what was read into numbers."""
    pillars, (moved, _) = list(_pillars(run.pack, run.columns("criteria"))), goalposts(run.parsed)
    halves = []
    for half_id, half in run.pack.criteria.items():
        own = [(p, ids) for h, p, ids in pillars if h == half_id]
        if not own or half_id not in run.pack.verdict.weights:
            continue
        points = np.stack([hundredths(frame[f"{half_id}.{p}.points"], zero=True) for p, _ in own])
        weights = np.stack(
            [sum((hundredths(frame[f"{c}.weight"], zero=True) for c in ids), np.zeros(frame.height)) for _, ids in own]
        )
        halves.append(
            Half(
                half_id,
                tuple(p for p, _ in own),
                Fraction(decimal_of(run.pack.verdict.weights[half_id])),
                half.scale == "hundred",
                points,
                weights,
                tuple(g.read(frame) for g in moved if g.half == half_id),
            )
        )
    return Pool(frame, tuple(halves), run.pack, counts)


def _pillars(pack: RulePack, present: frozenset[str]) -> list[tuple[str, str, list[str]]]:
    return [
        (half_id, pillar_id, [c for c in pillar.criteria if f"{c}.weight" in present])
        for half_id, half in pack.criteria.items()
        for pillar_id, pillar in half.pillars.items()
        if f"{half_id}.{pillar_id}.points" in present
    ]


def hundredths(series: pl.Series, *, zero: bool = False) -> Numbers:
    """Return a decimal column as whole hundredths; NULL is nan, or 0 where asked."""
    scaled = (series.cast(pl.Float64) * CENT).round()
    return (scaled.fill_null(0.0) if zero else scaled).to_numpy().astype(np.float64)


def _whole(weights: Sequence[Fraction]) -> int:
    """The least factor that makes all weights whole."""
    scale = 1
    for weight in weights:
        scale *= (weight * scale).denominator
    return scale


def draws(halves: Sequence[Half], ranges: tuple[Decimal, Decimal, Decimal], number: int) -> dict[str, list[float]]:
    """Return factors in ten-thousandths by half, `half.pillar` and `goalposts.criterion`, each within its range around 1."""
    names = [(h.id, ranges[1]) for h in halves]
    names += [(name, ranges[0]) for h in halves for name in h.names]
    names += [(g.name, ranges[2]) for h in halves for g in h.goalposts]
    # By name, not by place: a pillar that is added moves nobody else's numbers.
    said = once(
        KIND, [SEED, names, number], lambda: json.dumps({n: _series(n, width, number) for n, width in names}).encode()
    )
    return {name: [float(each) for each in series] for name, series in json.loads(said).items()}


def _series(name: str, width: Decimal, number: int) -> list[int]:
    # A weight that were drawn as nothing would leave a half without any.
    return [
        max(1, round(TENTHOUSAND * (1 + float(width) * (2 * random.Random(f"{SEED} {n} {name}").random() - 1))))
        for n in range(number)
    ]


def as_stated(halves: Sequence[Half]) -> dict[str, float]:
    """Return the draw in which every weight is as the pack states it."""
    names = [n for h in halves for n in (h.id, *h.names, *(g.name for g in h.goalposts))]
    return dict.fromkeys(names, float(TENTHOUSAND))


def _ranked_each(
    pool: Pool, drawn: Mapping[str, Sequence[float]], number: int, top: int, folder: Path
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return the 5th and the 95th in a hundred of each company's ranks, and in how many draws it is in the top and listed."""
    height = pool.height
    if number * height > _IN_MEMORY:
        ranks: Any = np.lib.format.open_memmap(folder / "ranks.npy", "w+", np.int32, (number, height))
    else:
        ranks = np.empty((number, height), np.int32)
    inside, listed = np.zeros(height, np.int64), np.zeros(height, np.int64)
    for at in range(number):
        totals = pool.totals({name: values[at] for name, values in drawn.items()})
        on_list = pool.listed(totals)
        rank = placed(pool.order(totals, on_list), pool.counts)
        ranks[at] = rank
        inside += rank <= top
        listed += on_list
    low, high = np.empty(height, np.int32), np.empty(height, np.int32)
    first, last = (number * 5) // 100, min((number * 95 + 99) // 100, number) - 1
    for start in range(0, height, _ROWS):
        part = np.ascontiguousarray(ranks[:, start : start + _ROWS].T)
        part.partition((first, last), axis=1)
        low[start : start + _ROWS], high[start : start + _ROWS] = part[:, first], part[:, last]
    return low, high, inside, listed


def placed(key: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return ranks from keys, best first; equal keys share the better rank and the next one skips. Each key counts so often."""
    span = int(key.max(initial=0)) + 1
    if span <= 4 * len(key):
        # As floats, which hold the counts of any pool exactly.
        held = np.bincount(key, weights=counts, minlength=span)
        return np.asarray((np.cumsum(held) - held)[key] + 1, np.int32)
    return np.asarray(_ahead(key, counts, key) + 1, np.int32)


def _ahead(key: NDArray[np.int64], counts: NDArray[np.int64], asked: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many companies stand before each key asked for."""
    order = np.argsort(key)
    before = np.concatenate(([0], np.cumsum(counts[order])))
    return np.asarray(before[np.searchsorted(key[order], asked, side="left")])


def _alone(pool: Pool, end: str) -> NDArray[np.int64]:
    """Return each company's rank when its own totals are at one end of their band and everybody else stays."""
    stands, moved = (_stands(pool, suffix) for suffix in ("", end))
    # It does not stand before itself.
    return np.asarray(_ahead(stands, pool.counts, moved) - (stands < moved) + 1)


def _stands(pool: Pool, suffix: str) -> NDArray[np.int64]:
    totals = {t: hundredths(pool.frame[f"{t}{suffix}"], zero=True) for t in TOTALS}
    return pool.order(totals, pool.listed(totals))
