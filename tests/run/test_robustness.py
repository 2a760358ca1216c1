"""Robustness on the sample run: what is drawn is added up as the engine adds up, and the doubts are kept apart."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from screening.analysis import robustness as module
from screening.analysis.robustness import robustness
from screening.errors import RulesError
from screening.run.opened import opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from screening.analysis.rundata import RunData


@pytest.fixture(scope="module")
def data(sample_dir: Path) -> Iterator[RunData]:
    with opened(sample_dir) as run:
        yield run


def factors_of_one(data: RunData) -> dict[str, float]:
    frame = module._frame(data)
    groups = module._halves(data.pack, frame.columns)
    return {name: 1.0 for g in groups for name in (g.id, *(f"{g.id}.{p}" for p in g.pillars))}


def test_the_stated_weights_give_the_ranking_as_it_stands(data: RunData) -> None:
    frame = module._frame(data)
    groups = module._halves(data.pack, frame.columns)
    ranks, listed = module._ranked_each(frame, data.pack, groups, [factors_of_one(data)])
    assert [bool(n) for n in listed] == (frame["outcome"] == "shortlisted").to_list()
    drawn = dict(zip(frame["company_id"], ranks["0"], strict=True))
    inside = frame.filter(frame["outcome"] == "shortlisted").sort("rank")
    places = [drawn[c] for c in inside["company_id"]]
    # Equal companies share a place where the ranking goes by their id.
    assert places == sorted(places)
    assert all(place <= rank for place, rank in zip(places, inside["rank"], strict=True))


def total_by_hand(
    row: Mapping[str, object], half: str, pillars: tuple[str, ...], factors: Mapping[str, float]
) -> Fraction:
    points = sum(Fraction(str(row[f"{half}.{p}.points"])) * Fraction(factors[f"{half}.{p}"]) for p in pillars)
    weights = sum(Fraction(str(row[f"{half}.{p}.weight"])) * Fraction(factors[f"{half}.{p}"]) for p in pillars)
    stated = sum(Fraction(str(row[f"{half}.{p}.weight"])) for p in pillars)
    return points * stated / weights


def test_a_draw_adds_up_as_by_hand(data: RunData) -> None:
    frame = module._frame(data)
    groups = module._halves(data.pack, frame.columns)
    factors = module._draw(groups, 0.2, 0.1, 7)
    assert all(0.8 <= factors[f"{g.id}.{p}"] <= 1.2 for g in groups for p in g.pillars)
    assert all(0.9 <= factors[g.id] <= 1.1 for g in groups)
    for group in groups:
        drawn = frame.select(module._total(group, factors).alias("t"))["t"]
        for row, value in zip(frame.iter_rows(named=True), drawn, strict=True):
            by_hand = min(total_by_hand(row, group.id, group.pillars, factors), Fraction(100))
            assert abs(Fraction(value) - by_hand * 100) <= Fraction(51, 100)


def test_the_smallest_change_takes_the_total_to_the_floor(data: RunData) -> None:
    frame = {r["company_id"]: r for r in module._frame(data).iter_rows(named=True)}
    groups = {g.id: g for g in module._halves(data.pack, module._frame(data).columns)}
    companies = robustness(data).companies
    flips = [(c.company_id, f) for c in companies for f in (c.weight_flip, c.floor_flip) if f is not None]
    assert {flip.kind for _, flip in flips} == {"pillar", "floor"}
    for company_id, flip in flips:
        row = frame[company_id]
        if flip.kind == "pillar":
            half, _, _ = flip.id.partition(".")
            factors = {f"{half}.{p}": 1.0 for p in groups[half].pillars} | {flip.id: 1 + float(flip.change)}
            value = total_by_hand(row, half, groups[half].pillars, factors)
            assert abs(value - Fraction(str(row[f"shortlist.{half}.bound"]))) < Fraction(2, 100)
        elif flip.kind == "floor":
            moved = Decimal(str(row[f"shortlist.{flip.id}.bound"])) * (1 + flip.change)
            assert abs(moved - row[flip.id]) < Decimal("0.02")


def test_bands_hold_the_rank_and_the_same_run_gives_the_same_answer(data: RunData) -> None:
    first, again = robustness(data), robustness(data)
    assert first == again
    for each in first.companies:
        assert each.rank_5 <= each.rank_95
        assert each.best <= each.worst
        assert 0 <= each.top <= 1
        assert 0 <= each.shortlist <= 1
        if each.outcome == "review":
            assert each.shortlist == 0


def test_a_pack_that_states_no_ranges_is_told_what_to_write(data: RunData) -> None:
    pack = data.pack.model_copy(update={"verdict": data.pack.verdict.model_copy(update={"robustness": None})})
    loaded = dataclasses.replace(data.parsed.loaded, pack=pack)
    silent = dataclasses.replace(data, parsed=dataclasses.replace(data.parsed, loaded=loaded))
    with pytest.raises(RulesError, match="does not say how far"):
        robustness(silent)
