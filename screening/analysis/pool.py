"""The ranked companies of a run as numbers, ready to be added up again: under drawn weights, under moved floors, one by one."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from sqlglot import exp

from screening.analysis.goalposts import contributions, goalposts, with_moves
from screening.expression_sql.decimals import decimal_of
from screening.expression_sql.pieces import column, relation
from screening.result.contract import RANKED_OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from screening.analysis.goalposts import Goalpost
    from screening.analysis.rundata import RunData
    from screening.rulebook.model import RulePack

    Numbers = NDArray[np.float64]
    Truths = NDArray[np.bool_]

CENT = 100
TENTHOUSAND = 10_000
TOTALS = ("fit", "merit", "score")


@dataclass(frozen=True)
class HalfPoints:
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
    halves: tuple[HalfPoints, ...]
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


def ranked_companies(run: RunData) -> pl.DataFrame:
    """Read the ranked companies with what is added up: totals, pillars, weights, the floors of the short list."""
    return with_moves(run, run.wide(_ranked(run)), goalposts(run.parsed)[0])


def ranked_kinds(run: RunData) -> pl.DataFrame:
    """Read them as kinds that are alike in all that is added up: `members` are the ids with the margin of each."""
    own = ("company_id", "margin")
    if not goalposts(run.parsed)[0]:
        return run.kinds(_ranked(run), [column(c) for c in own])
    companies = ranked_companies(run)
    return companies.group_by([c for c in companies.columns if c not in own]).agg(members=pl.struct(own))


def _ranked(run: RunData) -> exp.Select:
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
    return tree.join(relation("profile"), using="company_id", join_type="left").where(
        exp.In(this=column("outcome", "ranking"), expressions=[exp.Literal.string(o) for o in RANKED_OUTCOMES])
    )


def pool_from(run: RunData, frame: pl.DataFrame, counts: NDArray[np.int64]) -> Pool:
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
            HalfPoints(
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
