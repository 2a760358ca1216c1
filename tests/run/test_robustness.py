"""Robustness: what is drawn is added up as by hand, in exact fractions; doubts are kept apart; a published index comes out as printed."""

from __future__ import annotations

import dataclasses
import itertools
import shutil
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.analysis import robustness as module
from screening.analysis.flips import flips
from screening.analysis.goalposts import goalposts
from screening.analysis.pool import TENTHOUSAND, HalfPoints, Pool, pool_from, ranked_companies
from screening.analysis.robustness import draws, placed, robustness, robustness_relation
from screening.errors import RulesError
from screening.run.opened import opened
from screening.run.options import Options
from screening.run.screening import run as screen
from tests.run.shared import PACK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from screening.analysis.rundata import RunData
    from screening.rulebook.model import RulePack

TAI = Path(PACK).parent / "tai"
TAI_DATA = Path(PACK).parents[1] / "tai"
RANGES = (Decimal("0.2"), Decimal("0.1"), Decimal(0))


def pool_of(run: RunData) -> Pool:
    """The ranked companies of a run, a row each, by id."""
    frame = ranked_companies(run).sort("company_id")
    return pool_from(run, frame, np.ones(frame.height, np.int64))


def as_stated(halves: Sequence[HalfPoints]) -> dict[str, float]:
    """The draw in which every weight is as the pack states it."""
    names = [n for h in halves for n in (h.id, *h.names, *(g.name for g in h.goalposts))]
    return dict.fromkeys(names, float(TENTHOUSAND))


@pytest.fixture(scope="module")
def data(sample_dir: Path) -> Iterator[RunData]:
    with opened(sample_dir) as run:
        yield run


@pytest.fixture(scope="module")
def pool(data: RunData) -> Pool:
    return pool_of(data)


def test_the_stated_weights_give_totals_short_list_and_ranks_as_they_stand(pool: Pool) -> None:
    totals = pool.totals(as_stated(pool.halves))
    for name in ("fit", "merit", "score"):
        assert [Decimal(int(t)) / 100 for t in totals[name]] == pool.frame[name].to_list()
    listed = pool.listed(totals)
    assert listed.tolist() == (pool.frame["outcome"] == "shortlisted").to_list()
    assert placed(pool.order(totals, listed), pool.counts).tolist() == pool.frame["rank"].to_list()


def by_hand(pool: Pool, at: int, factors: Mapping[str, float]) -> dict[str, int]:
    """The totals of one company under drawn weights, in hundredths, from fractions alone."""
    found = {}
    for half in pool.halves:
        row = pool.frame.row(at, named=True)
        points = [Fraction(str(row[f"{half.id}.{p}.points"] or 0)) * 100 for p in half.pillars]
        weights = [Fraction(int(w)) for w in half.weights[:, at]]
        drawn = [Fraction(int(factors[n]), 10_000) for n in half.names]
        whole = sum(p * f for p, f in zip(points, drawn, strict=True))
        weight = sum(w * f for w, f in zip(weights, drawn, strict=True))
        whole = whole * sum(weights) / weight if weight else Fraction(0)
        found[half.id] = min(rounded(whole), 10_000)
    worth = {h.id: h.weight * Fraction(int(factors[h.id]), 10_000) for h in pool.halves}
    score = sum(found[h] * w for h, w in worth.items()) * sum(h.weight for h in pool.halves) / sum(worth.values())
    found["score"] = max(rounded(score - Fraction(str(pool.frame["deduction"][at])) * 100), 0)
    return found


def rounded(value: Fraction) -> int:
    return int((2 * value + 1) // 2)


@pytest.mark.parametrize("number", [0, 1, 7, 99])
def test_a_draw_adds_up_to_the_hundredth_as_by_hand_and_ranks_as_brute_force(pool: Pool, number: int) -> None:
    drawn = draws(pool.halves, RANGES, number + 1)
    assert all(8000 <= drawn[n][number] <= 12000 for h in pool.halves for n in h.names)
    assert all(9000 <= drawn[h.id][number] <= 11000 for h in pool.halves)
    factors = {name: values[number] for name, values in drawn.items()}
    totals = pool.totals(factors)
    hand = [by_hand(pool, at, factors) for at in range(pool.height)]
    for name in ("fit", "merit", "score"):
        assert totals[name].astype(int).tolist() == [h[name] for h in hand]
    keys = pool.order(totals, pool.listed(totals)).tolist()
    assert placed(np.asarray(keys), pool.counts).tolist() == [1 + sum(other < key for other in keys) for key in keys]


def test_the_smallest_change_takes_the_total_to_the_floor(pool: Pool, data: RunData) -> None:
    at = {c: i for i, c in enumerate(pool.frame["company_id"])}
    flips = [
        (c.company_id, f) for c in robustness(data).companies for f in (c.weight_flip, c.floor_flip) if f is not None
    ]
    assert {flip.kind for _, flip in flips} == {"pillar", "floor"}
    for company_id, flip in flips:
        row = pool.frame.row(at[company_id], named=True)
        if flip.kind == "pillar":
            half, _, _ = flip.id.partition(".")
            factors = {**as_stated(pool.halves), flip.id: 10_000 * (1 + float(flip.change))}
            total = pool.totals(factors)[half][at[company_id]]
            assert abs(total - float(row[f"shortlist.{half}.bound"]) * 100) <= 2
        else:
            moved = Decimal(str(row[f"shortlist.{flip.id}.bound"])) * (1 + flip.change)
            assert abs(moved - row[flip.id]) < Decimal("0.02")


def test_no_other_single_weight_flips_a_company_with_a_smaller_change(pool: Pool, data: RunData) -> None:
    """By search: every pillar moved by a little less than the change that is told leaves the short list as it is."""
    told = {c.company_id: abs(float(c.weight_flip.change)) for c in robustness(data).companies if c.weight_flip}
    before = pool.listed(pool.totals(as_stated(pool.halves)))
    for name in (n for h in pool.halves for n in h.names):
        for share in (-0.9, -0.5, -0.2, -0.05, 0.05, 0.2, 0.5, 1.0):
            after = pool.listed(pool.totals({**as_stated(pool.halves), name: 10_000 * (1 + share)}))
            for company in pool.frame["company_id"].filter(pl.Series(before != after)):
                assert told[company] <= abs(share) + 0.001


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 4)), min_size=1, max_size=40), st.integers(1, 5_000))
def test_companies_alike_stand_together_as_they_would_each_alone(kinds: list[tuple[int, int]], apart: int) -> None:
    key, counts = (np.asarray(each) for each in zip(*kinds, strict=True))
    each = np.repeat(key * apart, counts)
    alone = placed(each, np.ones(len(each), np.int64))
    assert np.repeat(placed(key * apart, counts), counts).tolist() == alone.tolist()
    assert alone.tolist() == [1 + int((each < mine).sum()) for mine in each]


def test_kinds_of_companies_give_the_relation_that_every_company_alone_gives(data: RunData, tmp_path: Path) -> None:
    pool, found = pool_of(data), robustness_relation(data).sort("company_id")
    assert data.pack.verdict.robustness is not None
    number, first = data.pack.verdict.robustness.draws, data.pack.verdict.robustness.top
    drawn = draws(pool.halves, RANGES, number)
    low, high, top, listed = module._ranked_each(pool, drawn, number, first, tmp_path)
    assert found["rank_5"].to_list() == low.tolist()
    assert found["rank_95"].to_list() == high.tolist()
    assert found["top_share"].cast(float).to_list() == (top / number).round(4).tolist()
    assert found["shortlist_share"].cast(float).to_list() == (listed / number).round(4).tolist()
    for name, end in (("best", "_high"), ("worst", "_low")):
        assert found[name].to_list() == module._alone(pool, end).tolist()


def test_bands_hold_and_the_same_run_gives_the_same_answer(data: RunData) -> None:
    first = robustness_relation(data)
    assert first.equals(robustness_relation(data))
    stored = pl.DataFrame(first).equals(pl.read_parquet(data.folder / "result" / "robustness.parquet"))
    assert stored, "the run wrote the same"
    assert (first["rank_5"] <= first["rank_95"]).all()
    assert (first["best"] <= first["rank"]).all()
    assert (first["worst"] >= first["rank"]).all()
    review = first.filter(pl.col("outcome") == "review")
    assert review["shortlist_share"].sum() == 0


def test_without_any_range_every_draw_is_the_ranking_itself(pool: Pool) -> None:
    nothing = (Decimal(0), Decimal(0), Decimal(0))
    for values in draws(pool.halves, nothing, 5).values():
        assert set(values) == {10_000.0}


def test_a_pillar_that_is_added_changes_no_other_draw(pool: Pool) -> None:
    fewer = [
        dataclasses.replace(h, pillars=h.pillars[1:], points=h.points[1:], weights=h.weights[1:]) for h in pool.halves
    ]
    all_, some = draws(pool.halves, RANGES, 20), draws(fewer, RANGES, 20)
    assert all(all_[name] == values for name, values in some.items())


def test_a_pack_that_states_no_ranges_is_told_what_to_write(data: RunData) -> None:
    pack = data.pack.model_copy(update={"verdict": data.pack.verdict.model_copy(update={"robustness": None})})
    loaded = dataclasses.replace(data.parsed.loaded, pack=pack)
    silent = dataclasses.replace(data, parsed=dataclasses.replace(data.parsed, loaded=loaded))
    assert robustness_relation(silent).is_empty()
    with pytest.raises(RulesError, match="does not say how far"):
        robustness(silent)


# --- the Technology Achievement Index, as published ------------------------------------------------------------------

TABLE_22 = {  # OECD/JRC Handbook (2008), table 22: weights in hundredths, in the order of the pack's pillars
    "EW": (13, 13, 13, 13, 13, 13, 13, 13),
    "FA": (17, 15, 11, 6, 8, 13, 13, 17),
    "BAP": (11, 11, 11, 18, 10, 6, 15, 18),
    "AHP": (9, 10, 7, 21, 5, 6, 18, 25),
}
TABLE_23 = """Finland 1 1 1 1|United States 2 2 2 3|Sweden 3 3 3 4|Japan 4 4 5 5|Korea 5 5 4 2|Netherlands 6 6 8 11|United Kingdom 7 8 7 7
Singapore 8 11 6 6|Canada 9 10 10 10|Australia 10 7 11 9|Germany 11 12 9 8|Norway 12 9 13 16|Ireland 13 14 12 12|Belgium 14 15 14 13
New Zealand 15 13 17 18|Austria 16 16 15 15|France 17 17 16 14|Israel 18 18 18 17|Spain 19 19 19 19|Italy 20 20 21 21
Czech Republic 21 21 22 22|Hungary 22 23 20 20|Slovenia 23 22 23 23"""


@pytest.fixture(scope="module")
def tai(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    out = tmp_path_factory.mktemp("tai")
    done = screen(Options(rules=str(TAI), data=TAI_DATA / "dataset.yaml", out=out, dossiers="none"))
    with opened(done.run_dir) as data:
        yield pool_of(data)


def printed(method: str) -> dict[str, int]:
    at = list(TABLE_22).index(method)
    cells = [line.rsplit(" ", 4) for part in TABLE_23.splitlines() for line in part.split("|")]
    return {cell[0]: int(cell[1 + at]) for cell in cells}


def names(pool: Pool) -> list[str]:
    table = pl.read_csv(TAI_DATA / "tai.csv")
    by_id = dict(zip(table["company_id"], table["name"], strict=True))
    return [by_id[c] for c in pool.frame["company_id"]]


def ranks(pool: Pool, weights: tuple[float, ...]) -> list[int]:
    (half,) = pool.halves
    factors = {**as_stated(pool.halves), **{n: round(w * 800) for n, w in zip(half.names, weights, strict=True)}}
    totals = pool.totals(factors)
    return placed(pool.order(totals, np.ones(pool.height, bool)), pool.counts).tolist()


@pytest.mark.parametrize("method", ["EW", "BAP"])
def test_the_handbooks_ranking_comes_out_in_all_23_places(tai: Pool, method: str) -> None:
    assert dict(zip(names(tai), ranks(tai, TABLE_22[method]), strict=True)) == printed(method)


@pytest.mark.parametrize("method", ["FA", "AHP"])
def test_weights_printed_to_two_digits_leave_room_for_the_printed_ranking(tai: Pool, method: str) -> None:
    """The weights themselves are rounded: within half a hundredth of what is printed, each country reaches its printed place."""
    chosen = np.random.default_rng(2008)
    seen = [ranks(tai, tuple(w + chosen.uniform(-0.5, 0.5) for w in TABLE_22[method])) for _ in range(400)]
    low, high = np.min(seen, axis=0), np.max(seen, axis=0)
    for name, least, most in zip(names(tai), low, high, strict=True):
        assert least <= printed(method)[name] <= most


def test_moved_goalposts_give_what_the_engine_gives_with_the_bounds_written_so(tai: Pool, tmp_path: Path) -> None:
    written = (TAI / "pack.yaml").read_text(encoding="utf-8")
    moved = written.replace("[[0, 0], [272.6, 100]]", "[[0, 0], [286.23, 100]]").replace(
        "[[0.8, 0], [12, 100]]", "[[0.72, 0], [10.8, 100]]"
    )
    shutil.copytree(TAI, tmp_path / "tai")
    (tmp_path / "tai" / "pack.yaml").write_text(moved, encoding="utf-8")
    done = screen(Options(rules=str(tmp_path / "tai"), data=TAI_DATA / "dataset.yaml", out=tmp_path, dossiers="none"))
    factors = {**as_stated(tai.halves), "goalposts.royalties_scale": 10_500.0, "goalposts.schooling_scale": 9_000.0}
    engine = pl.read_parquet(done.run_dir / "result" / "ranking.parquet").sort("company_id")["merit"]
    assert [Decimal(int(t)) / 100 for t in tai.totals(factors)["merit"]] == engine.to_list()


def test_ranks_of_many_companies_lie_on_disk_and_are_the_same(
    tai: Pool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    drawn = draws(tai.halves, (Decimal("0.2"), Decimal(0), Decimal("0.1")), 50)
    held = module._ranked_each(tai, drawn, 50, 5, tmp_path)
    monkeypatch.setattr(module, "_IN_MEMORY", 1)
    spilled = module._ranked_each(tai, drawn, 50, 5, tmp_path)
    assert all((a == b).all() for a, b in zip(held, spilled, strict=True))


# --- scales of every kind ---------------------------------------------------------------------------------------------

EVERY = """
criteria:
  fit:
    label: 其他
    pillars:
      free:
        label: 其他
        weight: 60
        criteria:
          line: {label: 折线, weight: 30, score: {of: telephones_value, points: [[1, 0], [3, 10]]}, set_by: fund}
          cased: {label: 情形, weight: 30, score: {cases: [{when: schooling_value > 11, points: 5}, {when: schooling_value > 0, score: {of: schooling_value, points: [[4, 0], [14, 5]]}}], otherwise: 0}, set_by: fund}
      rest: {label: 条件, weight: 40, criteria: {yes: {label: 条件, score: {when: royalties_value > 50, points: 5}, set_by: fund}}}
  merit:
    label: 质量
    pillars:
      capped:
        label: 封顶
        weight: 60
        cap: 42
        criteria:
          units: {label: 每满, weight: 20, score: {of: internet_value, per_unit: 2, step: 12, cap: 20}, set_by: fund}
          ratio: {label: 比值, weight: 20, score: {of: patents_value / 10, bands: [{from: 15, points: 10}, {from: 2, points: 5}, {points: 0}]}, set_by: fund}
          named: {label: 参数, weight: 20, score: {of: exports_value, at_least: enough, points: 10, otherwise: 2}, set_by: fund}
      inside:
        label: 合成
        weight: 40
        criteria:
          summed: {label: 相加, weight: 20, score: {sum_of: [{of: university_value, points: [[0, 0], [20, 6]]}, {of: university_value, above: 12, points: 4}], cap: 8}, set_by: fund}
          tiered: {label: 取高, weight: 20, score: {best_of: [{of: electricity_value, per_unit: 1, step: 0.45, cap: 10}, {of: electricity_value, at_least: 3.5, points: 9}]}, set_by: fund}
verdict:
  label: 结论
  weights: {fit: 0.4, merit: 0.6}
  shortlist_when: score >= 48 and merit >= 45
  set_by: fund
  robustness: {draws: 100, top: 5, pillars: 20%, halves: 10%, goalposts: 20%, set_by: fund}
"""
HIGHER = {  # every bound a tenth higher, as an analyst would write it
    "[[1, 0], [3, 10]]": "[[1.1, 0], [3.3, 10]]", "[[4, 0], [14, 5]]": "[[4.4, 0], [15.4, 5]]", "step: 12": "step: 13.2", "from: 15": "from: 16.5",
    "from: 2,": "from: 2.2,", "value: 30": "value: 33", "[20, 6]": "[22, 6]", "above: 12": "above: 13.2", "step: 0.45": "step: 0.495", "at_least: 3.5": "at_least: 3.85",
}  # fmt: skip


def with_every_scale(folder: Path, changed: Mapping[str, str]) -> Path:
    """Screen the countries of the index by invented rules that have a scale of every kind."""
    text = (TAI / "pack.yaml").read_text(encoding="utf-8").split("criteria:\n")[0] + EVERY.lstrip("\n")
    text = text.replace(
        "facts:\n",
        "parameters:\n  enough: {label: 足够, value: 30, set_by: fund}\nfacts:\n",
        1,
    )
    for old, new in changed.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (folder / "rules").mkdir()
    (folder / "rules" / "pack.yaml").write_text(text, encoding="utf-8")
    return screen(
        Options(rules=str(folder / "rules"), data=TAI_DATA / "dataset.yaml", out=folder, dossiers="none")
    ).run_dir


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunData]:
    with opened(with_every_scale(tmp_path_factory.mktemp("every"), {})) as run:
        yield run


def test_bounds_of_every_kind_of_scale_move_as_the_engine_has_them_written_so(every: RunData, tmp_path: Path) -> None:
    moving, fixed = goalposts(every.parsed)
    assert [g.criterion for g in moving] == ["line", "cased", "units", "ratio", "named", "summed", "tiered"]
    assert fixed == ("yes",)
    higher = pl.read_parquet(with_every_scale(tmp_path, HIGHER) / "result" / "ranking.parquet").sort("company_id")
    pool = pool_of(every)
    totals = pool.totals({**as_stated(pool.halves), **{g.name: 11_000.0 for g in moving}})
    for name in ("merit", "score"):
        assert [Decimal(int(t)) / 100 for t in totals[name]] == higher[name].to_list()
    assert higher["merit"].to_list() != pool.frame["merit"].to_list()


@pytest.mark.parametrize("of", ["every", "tai"])
def test_no_single_weight_or_floor_flips_a_company_sooner_than_is_told(of: str, request: pytest.FixtureRequest) -> None:
    """By brute force, in steps of a two-hundredth, on two packs: who is told no change is moved by none, and who is told one by no smaller."""
    given = request.getfixturevalue(of)
    pool = given if isinstance(given, Pool) else pool_of(given)
    stated = as_stated(pool.halves)
    before = pool.listed(pool.totals(stated))
    told = pl.DataFrame(list(flips(pool)))
    levers = [name for h in pool.halves for name in (*h.names, *([h.id] if len(pool.halves) > 1 else []))]
    step, least = 0.005, np.full(pool.height, np.inf)
    for share in np.arange(step, 1.0, step):
        for lever in levers:
            for sign in (-1, 1):
                flipped = before != pool.listed(pool.totals({**stated, lever: 10_000 * (1 + sign * share)}))
                least = np.where(flipped & (share < least), share, least)
    change = told["weight_flip_change"].abs().fill_null(np.inf).to_numpy()
    assert np.isfinite(least).any()
    # A bound is reached to within half a hundredth of a point, which a weight may take a little more or less to move.
    assert [
        c
        for c, t, b in zip(pool.frame["company_id"], change, least, strict=True)
        if not t - 0.006 <= b <= max(t, 0) + 0.011 and min(t, b) < 0.98
    ] == []


# --- flips on made-up pools -------------------------------------------------------------------------------------------

SHIFT = 2
"""Hundredths: a total is rounded to one, and a told change to four places of a factor."""


def made_up(seed: int, pack: RulePack) -> Pool:
    """A few companies of two halves with pillars, some of which play no part, under floors on some totals."""
    chance, size = np.random.default_rng(seed), 4
    halves = []
    for name, worth in (("fit", Fraction(2, 5)), ("merit", Fraction(3, 5))):
        pillars = tuple(f"p{n}" for n in range(chance.integers(1, 4)))
        weights = chance.choice([0.0, 1000.0, 2500.0, 6000.0], (len(pillars), size))
        points = np.floor(weights * chance.integers(0, 21, weights.shape) / 20)
        halves.append(HalfPoints(name, pillars, worth, bool(chance.integers(2)), points, weights))
    bare = pl.DataFrame({"deduction": chance.choice([0.0, 0.0, 3.0], size)})
    totals = Pool(bare, tuple(halves), pack, np.ones(size, np.int64)).totals(as_stated(halves))
    frame, met = (
        bare.with_columns(pl.Series(n, t / 100).cast(pl.Decimal(9, 2)) for n, t in totals.items()),
        np.ones(size, bool),
    )
    for name in chance.permutation(["fit", "merit", "score"])[: chance.integers(0, 4)]:
        bound = chance.choice([np.nan, 0.0, 5.0, 20.0, 35.0, 50.0, 61.25])
        own = totals[name] >= bound * 100 if bound >= 0 else chance.integers(0, 2, size).astype(bool)
        met &= own
        state = pl.Series(np.where(own, "met", "not_met")).alias(f"shortlist.{name}.state")
        frame = frame.with_columns(
            state, pl.lit(None if np.isnan(bound) else bound, pl.Float64).alias(f"shortlist.{name}.bound")
        )
    kind = chance.choice(["", "", "", "route", "review"], size)
    outcome = np.where(kind == "review", "review", np.where((kind == "route") | met, "shortlisted", "ranked"))
    frame = frame.with_columns(pl.Series("outcome", outcome), pl.lit("verdict").alias("outcome_reason"))
    return Pool(
        frame.with_columns(pl.Series("route", [k if k == "route" else None for k in kind], pl.String)),
        tuple(halves),
        pack,
        np.ones(size, np.int64),
    )


def on_list(pool: Pool, totals: Mapping[str, np.ndarray], shift: float) -> np.ndarray:
    """Who is on the short list by hand, with bounds moved by some hundredths."""
    found = pool.can.copy()
    for name, bound, was in pool.floors:
        found &= np.where(np.isnan(bound), was, totals[name] >= bound + shift)
    return found | pool.route


@pytest.mark.parametrize("seed", range(40))
def test_the_smallest_flips_of_made_up_pools_are_those_of_exhaustive_search(every: RunData, seed: int) -> None:
    """By trying every weight in steps of a twenty-fifth and every floor at every hundredth of a point: none flips sooner, and what is told does."""
    pool = made_up(seed, every.pack)
    stated, now = as_stated(pool.halves), pool.totals(as_stated(pool.halves))
    listed = np.asarray(pool.frame["outcome"] == "shortlisted")
    told = pl.DataFrame(list(flips(pool)))
    levers = [n for h in pool.halves for n in h.names] + [h.id for h in pool.halves]
    change = told["weight_flip_change"].cast(pl.Float64).to_numpy()
    for lever, share in itertools.product(levers, np.arange(-0.98, 2.5, 0.04)):
        sooner = np.isnan(change) | (abs(share) < np.abs(change) - 0.0002)
        totals = pool.totals({**stated, lever: 10_000 * (1 + share)})
        # Beyond the rounding of a total, to either side.
        surely = np.where(listed, on_list(pool, totals, -SHIFT), on_list(pool, totals, SHIFT))
        assert (surely == listed)[sooner].all(), "no weight flips it sooner"
    for at in np.flatnonzero(~np.isnan(change)):
        totals = pool.totals({**stated, told["weight_flip_id"][int(at)]: 10_000 * (1 + change[at])})
        assert on_list(pool, totals, SHIFT if listed[at] else -SHIFT)[at] != listed[at], "what is told flips it"
    tried = np.arange(20_001)
    for at in range(pool.height):
        found = {}
        for name, bound, _ in pool.floors:
            others = [was[at] if np.isnan(b[at]) else now[n][at] >= b[at] for n, b, was in pool.floors if n != name]
            on = (now[name][at] >= tried) & pool.can[at] & all(others) | pool.route[at]
            if bound[at] > 0 and (on != listed[at]).any():
                found[name] = np.abs(tried[on != listed[at]] / bound[at] - 1).min()
        floor = told["floor_flip_change"][at]
        assert (floor is None) == (not found)
        if floor is not None:
            # It stands on the bound at the change told, and falls from it one hundredth of a point later.
            nearest = min(found, key=lambda n: found[n])
            assert (
                abs(found[nearest] - abs(floor)) <= 1.01 / min(b[at] for _, b, _ in pool.floors if b[at] > 0) + 0.0001
            )
