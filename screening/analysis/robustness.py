"""How sure is the ranking? The weights drawn anew within the ranges that the pack states, and every company ranked again each time.

Reads a finished run and computes no rule again: a draw changes only how what the criteria gave is added up. Pillars keep their points
and trade weight among each other; what they trade away is made up for, so that a half still sums to its scale. The numbers drawn
depend on nothing but the ids of pillars and halves, so the same run gives the same answer everywhere.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from screening.arrow import ArrowView
from screening.errors import Problem, RulesError
from screening.result.contract import RANKED_OUTCOMES
from screening.result.robustness import CompanyRobustness, Flip, Robustness

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from screening.analysis.rundata import RunData
    from screening.result.robustness import Lever
    from screening.rulebook.model import RulePack

SEED = 67
_CENT = 100
_TOTALS = ("fit", "merit", "score")
_ROWS = 4096
"""Companies whose draws are sorted at a time: bounded memory whatever the pool."""


@dataclass(frozen=True, slots=True)
class _Half:
    """A half: its pillars, its weight in the score, and whether what is drawn is scaled back to 100."""

    id: str
    pillars: tuple[str, ...]
    weight: float
    hundred: bool


def robustness(run: RunData) -> Robustness:
    """Return the robustness of a finished run.

    Raises RulesError when the pack states no ranges: none are assumed.
    """
    stated = run.pack.verdict.robustness
    if stated is None:
        raise RulesError(
            [
                Problem(
                    "robustness/not-stated",
                    f"the pack '{run.pack.pack.id}' does not say how far its weights may be doubted",
                    remedy="add to verdict: robustness: {draws: 1000, top: 20, pillars: 20%, halves: 10%, basis: fund}",
                )
            ]
        )
    pillars, halves = (float(getattr(stated.pillars, "value", 0)), float(getattr(stated.halves, "value", 0)))
    frame = _frame(run)
    groups = _halves(run.pack, frame.columns)
    draws = [_draw(groups, pillars, halves, number) for number in range(stated.draws)]
    ranks, shortlisted = _ranked_each(frame, run.pack, groups, draws)
    low, high, top = _summary(ranks, stated.top)
    companies = tuple(_companies(run, frame, groups, low, high, top, [n / len(draws) for n in shortlisted]))
    return Robustness(
        stated.draws,
        stated.top,
        Decimal(repr(pillars)),
        Decimal(repr(halves)),
        tuple(sorted(companies, key=lambda c: c.rank)),
    )


def _frame(run: RunData) -> pl.DataFrame:
    """One row per ranked company, by id: totals, the points and weight of each pillar, the state and bound of each floor."""
    ranking = pl.DataFrame(ArrowView(run.connection.table("ranking")))
    criteria = pl.DataFrame(ArrowView(run.connection.table("criteria")))
    verdict = pl.DataFrame(ArrowView(run.connection.table("verdict")))
    profile = pl.DataFrame(ArrowView(run.connection.table("profile"))).select("company_id", "margin")
    kept = ranking.filter(pl.col("outcome").is_in(RANKED_OUTCOMES))
    weights = [
        pl.sum_horizontal([pl.col(f"{c}.weight").cast(pl.Float64) for c in ids] or [pl.lit(0.0)]).alias(
            f"{half}.{pillar}.weight"
        )
        for half, pillar, ids in _pillars(run.pack, criteria.columns)
    ]
    points = [
        pl.col(f"{half}.{pillar}.points").cast(pl.Float64) for half, pillar, _ in _pillars(run.pack, criteria.columns)
    ]
    return (
        kept.join(criteria.select("company_id", "deduction", *points, *weights), on="company_id")
        .join(verdict.select("company_id", "route", pl.selectors.starts_with("shortlist.")), on="company_id")
        .join(profile, on="company_id", how="left")
        .sort("company_id")
    )


def _pillars(pack: RulePack, columns: Sequence[str]) -> Iterator[tuple[str, str, list[str]]]:
    present = set(columns)
    for half_id, half in pack.criteria.items():
        for pillar_id, pillar in half.pillars.items():
            if f"{half_id}.{pillar_id}.points" in present:
                yield half_id, pillar_id, [c for c in pillar.criteria if f"{c}.weight" in present]


def _halves(pack: RulePack, columns: Sequence[str]) -> list[_Half]:
    present = set(columns)
    return [
        _Half(
            half_id,
            tuple(p for p in half.pillars if f"{half_id}.{p}.points" in present),
            pack.verdict.weights.get(half_id, 0.0),
            half.scale == "hundred",
        )
        for half_id, half in pack.criteria.items()
    ]


def _draw(groups: Sequence[_Half], pillars: float, halves: float, number: int) -> dict[str, float]:
    """Return factors by `half.pillar` and by half, each within its range around 1."""
    factors = {}
    for group in groups:
        for name, width in ((group.id, halves), *((f"{group.id}.{p}", pillars) for p in group.pillars)):
            # By name, not by place: a pillar that is added moves nobody else's numbers.
            factors[name] = 1 + width * (2 * random.Random(f"{SEED} {number} {name}").random() - 1)
    return factors


def _total(group: _Half, factors: Mapping[str, float]) -> pl.Expr:
    """A half under drawn weights, in hundredths of a point."""
    points = pl.sum_horizontal(pl.col(f"{group.id}.{p}.points") * factors[f"{group.id}.{p}"] for p in group.pillars)
    if not group.hundred:
        return (points * _CENT).round()
    weight = pl.sum_horizontal(pl.col(f"{group.id}.{p}.weight") * factors[f"{group.id}.{p}"] for p in group.pillars)
    # Weights are shown with two decimals: by the sum of what is shown, the stated weights give the stated half.
    stated = pl.sum_horizontal(pl.col(f"{group.id}.{p}.weight") for p in group.pillars)
    scaled = pl.when(weight > 0).then(points * stated / weight).otherwise(0.0)
    return (pl.min_horizontal(scaled, pl.lit(100.0)) * _CENT).round()


def _score(groups: Sequence[_Half], factors: Mapping[str, float]) -> pl.Expr:
    """The total of halves already computed as columns of hundredths."""
    stated = sum(g.weight for g in groups)
    drawn = sum(g.weight * factors[g.id] for g in groups)
    whole = pl.sum_horizontal(pl.col(g.id) * (g.weight * factors[g.id] * stated / drawn) for g in groups)
    return pl.max_horizontal((whole - pl.col("deduction").cast(pl.Float64) * _CENT).round(), pl.lit(0.0))


def _ranked_each(
    frame: pl.DataFrame, pack: RulePack, groups: Sequence[_Half], draws: Sequence[Mapping[str, float]]
) -> tuple[pl.DataFrame, list[int]]:
    """Return one column of ranks per draw (ties share the better rank), and in how many draws each company is on the short list."""
    can = _can_be_listed(frame)
    ranks: list[pl.Series] = []
    listed = pl.Series([0] * frame.height, dtype=pl.UInt32)
    for number, factors in enumerate(draws):
        halves = frame.select(_total(g, factors).alias(g.id) for g in groups)
        base = frame.with_columns(halves.get_columns())
        drawn = base.select(
            *(g.id for g in groups), _score(groups, factors).alias("score"), "coverage", "merit_coverage"
        )
        on_list = (can & _floors(frame, drawn)) | _by_route(frame)
        listed = listed + on_list.cast(pl.UInt32)
        key = _order(pack, drawn, on_list)
        ranks.append(key.rank("min").cast(pl.UInt32).alias(str(number)))
    return pl.DataFrame(ranks), listed.to_list()


def _can_be_listed(frame: pl.DataFrame) -> pl.Series:
    """Nothing but the floors stands between it and the short list."""
    on = frame["outcome"] == "shortlisted"
    return on | ((frame["outcome"] == "ranked") & (frame["outcome_reason"] == "verdict"))


def _floors(frame: pl.DataFrame, drawn: pl.DataFrame) -> pl.Series:
    """Whether every floor is met: those of totals computed again, the others as the run found them."""
    met = pl.Series([True] * frame.height)
    for column in frame.columns:
        if not column.startswith("shortlist.") or not column.endswith(".state"):
            continue
        name = column.removeprefix("shortlist.").removesuffix(".state")
        if name in _TOTALS and name in drawn.columns and f"shortlist.{name}.bound" in frame.columns:
            met &= drawn[name] >= (frame[f"shortlist.{name}.bound"].cast(pl.Float64) * _CENT).round()
        else:
            met &= frame[column] == "met"
    return met


def _order(pack: RulePack, drawn: pl.DataFrame, on_list: pl.Series) -> pl.Series:
    """A number that is smaller the better a company stands: short list and tier first, then score."""
    return drawn.select(
        (_tier(pack, drawn, on_list).cast(pl.Int64) * 10_000_000 - pl.col("score").cast(pl.Int64)).alias("key")
    )["key"]


def _tier(pack: RulePack, drawn: pl.DataFrame, on_list: pl.Series) -> pl.Series:
    """The place of the tier, best first; those without one come last, as the ranking has it."""
    labels = list(pack.verdict.tier_labels())
    last = len(labels)
    tiers, grades = pack.verdict.tiers, pack.verdict.grades
    place: pl.Expr = pl.lit(last)
    if grades:
        for step in reversed(grades):
            place = (
                pl.when(pl.col("score") >= step.at_least * _CENT).then(pl.lit(labels.index(step.id))).otherwise(place)
            )
    elif tiers is not None:
        for fit_step in reversed(tiers.fit):
            row: pl.Expr = pl.lit(last)
            for merit_step in reversed(tiers.merit):
                tier = tiers.matrix.get(fit_step.id, {}).get(merit_step.id)
                at = labels.index(tier) if tier in labels else last
                row = pl.when(pl.col("merit") >= merit_step.at_least * _CENT).then(pl.lit(at)).otherwise(row)
            place = pl.when(pl.col("fit") >= fit_step.at_least * _CENT).then(row).otherwise(place)
        place = (
            pl.when(pl.col("merit_coverage").cast(pl.Float64) >= tiers.coverage_at_least).then(place).otherwise(last)
        )
    return drawn.with_columns(on_list.alias("on_list")).select(
        pl.when(pl.col("on_list")).then(place).otherwise(last).alias("tier")
    )["tier"]


def _summary(ranks: pl.DataFrame, top: int) -> tuple[list[int], list[int], list[float]]:
    """The 5th and the 95th in a hundred of each company's ranks, and the share of ranks within the first N."""
    low: list[int] = []
    high: list[int] = []
    share: list[float] = []
    draws = ranks.width
    for start in range(0, ranks.height, _ROWS):
        part = ranks.slice(start, _ROWS)
        ordered = part.select(pl.concat_list(pl.all()).list.sort().alias("r"))
        picked = ordered.select(
            pl.col("r").list.get((draws * 5) // 100).alias("low"),
            pl.col("r").list.get(min((draws * 95 + 99) // 100, draws) - 1).alias("high"),
        )
        low += picked["low"].to_list()
        high += picked["high"].to_list()
        share += (part.select(pl.sum_horizontal((pl.all() <= top).cast(pl.UInt32)).alias("n"))["n"] / draws).to_list()
    return low, high, share


def _companies(
    run: RunData,
    frame: pl.DataFrame,
    groups: Sequence[_Half],
    low: Sequence[int],
    high: Sequence[int],
    top: Sequence[float],
    listed: Sequence[float],
) -> Iterator[CompanyRobustness]:
    best, worst = (_alone(frame, run.pack, end) for end in ("_high", "_low"))
    thousandth = Decimal("0.001")
    for index, row in enumerate(frame.iter_rows(named=True)):
        yield CompanyRobustness(
            row["company_id"],
            row["name"] or row["company_id"],
            row["outcome"],
            row["rank"],
            low[index],
            high[index],
            Decimal(repr(top[index])).quantize(thousandth),
            Decimal(repr(listed[index])).quantize(thousandth),
            best[index],
            worst[index],
            row["margin"],
            *_flips(row, groups),
        )


def _alone(frame: pl.DataFrame, pack: RulePack, end: str) -> list[int]:
    """Return each company's rank when its own totals are at one end of their band and everybody else stays."""
    stands, moved = (_stands(frame, pack, suffix) for suffix in ("", end))
    before = stands.sort()
    ahead = before.search_sorted(moved, side="left")
    # It does not stand before itself.
    itself = (stands < moved).cast(pl.Int64)
    return (ahead.cast(pl.Int64) - itself + 1).to_list()


def _stands(frame: pl.DataFrame, pack: RulePack, suffix: str) -> pl.Series:
    present = [t for t in _TOTALS if f"{t}{suffix}" in frame.columns]
    drawn = frame.select(
        *((pl.col(f"{t}{suffix}").cast(pl.Float64) * _CENT).round().alias(t) for t in present),
        "coverage",
        "merit_coverage",
    )
    on_list = (_can_be_listed(frame) & _floors(frame, drawn)) | _by_route(frame)
    return _order(pack, drawn, on_list)


def _by_route(frame: pl.DataFrame) -> pl.Series:
    return frame["route"].is_not_null() & (frame["outcome"] == "shortlisted")


def _flips(row: Mapping[str, object], groups: Sequence[_Half]) -> tuple[Flip | None, Flip | None]:
    """The smallest single change of a weight, and of a floor, that takes the company over or under a floor.

    For a listed company: the first floor it would miss; for one kept out by exactly one floor: what would take it over that one.
    """
    if row["outcome"] != "shortlisted" and not (row["outcome"] == "ranked" and row["outcome_reason"] == "verdict"):
        return None, None
    floors = [
        (name, float(str(row[f"shortlist.{name}.bound"])), row[f"shortlist.{name}.state"] == "met")
        for name in _TOTALS
        if row.get(f"shortlist.{name}.bound") is not None
    ]
    missed = [f for f in floors if not f[2]]
    others = [
        c
        for c in row
        if c.startswith("shortlist.") and c.endswith(".state") and c.split(".")[1] not in _TOTALS and row[c] != "met"
    ]
    wanted = floors if row["outcome"] == "shortlisted" else missed if len(missed) == 1 and not others else []
    found = [flip for floor in wanted for flip in _ways(row, groups, floor[0], floor[1])]
    weights, bounds = (
        min((f for f in found if (f.kind == "floor") == is_floor), key=lambda f: (abs(f.change), f.id), default=None)
        for is_floor in (False, True)
    )
    return weights, bounds


def _ways(row: Mapping[str, object], groups: Sequence[_Half], name: str, bound: float) -> Iterator[Flip]:
    value = float(str(row[name]))
    if bound:
        yield _moved("floor", name, value / bound - 1)
    for group in groups:
        if group.id == name:
            for pillar in group.pillars:
                change = _pillar_change(row, group, pillar, bound)
                if change is not None:
                    yield _moved("pillar", f"{group.id}.{pillar}", change)
        elif name == "score":
            change = _half_change(row, groups, group, bound)
            if change is not None:
                yield _moved("half", group.id, change)


def _moved(kind: Lever, lever_id: str, change: float) -> Flip:
    return Flip(kind, lever_id, Decimal(repr(round(change, 4))))


def _pillar_change(row: Mapping[str, object], group: _Half, pillar: str, bound: float) -> float | None:
    """Solve (rest + f·points) · all weight / (rest weight + f·weight) = bound for f; None where no weight from 0 up does it."""
    points = {p: float(str(row[f"{group.id}.{p}.points"])) for p in group.pillars}
    weights = {p: float(str(row[f"{group.id}.{p}.weight"])) for p in group.pillars}
    rest, rest_weight = sum(points.values()) - points[pillar], sum(weights.values()) - weights[pillar]
    if group.hundred:
        whole = sum(weights.values())
        slope = whole * points[pillar] - bound * weights[pillar]
        gap = bound * rest_weight - whole * rest
    else:
        slope, gap = points[pillar], bound - rest
    factor = gap / slope if slope else -1.0
    return factor - 1 if factor >= 0 else None


def _half_change(row: Mapping[str, object], groups: Sequence[_Half], group: _Half, bound: float) -> float | None:
    stated = sum(g.weight for g in groups)
    aim = (bound + float(str(row["deduction"]))) / stated if stated else 0.0
    rest = sum(g.weight * (float(str(row[g.id])) - aim) for g in groups if g is not group)
    slope = group.weight * (float(str(row[group.id])) - aim)
    factor = -rest / slope if slope else -1.0
    return factor - 1 if factor >= 0 else None
