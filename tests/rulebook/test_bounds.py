"""Scales moved by a share, and what an overlay has to say for it: on the plan's own criteria."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from screening.rulebook.bounds import moved_scales, written_bounds
from screening.rulebook.parsing import parse_pack
from screening.run.checked import checked_pack

if TYPE_CHECKING:
    from screening.rulebook.bounds import MovedScale
    from screening.rulebook.scope import ParsedPack

DAY = datetime.date(2026, 6, 30)


@pytest.fixture(scope="module")
def plan() -> ParsedPack:
    return parse_pack(checked_pack("guangdong-2024", DAY)[0], DAY)


def moved(plan: ParsedPack, criterion: str, reach: str = "0.2") -> tuple[MovedScale, ...]:
    half, pillar, _, found = next(c for c in plan.pack.criteria_of() if c[2] == criterion)
    path = ("criteria", half, "pillars", pillar, "criteria", criterion)
    return moved_scales(plan, path, found, Decimal(reach))


def bounds(scales: tuple[MovedScale, ...]) -> dict[Decimal, list[Any]]:
    return {m.share * 100: [b.get("from") for b in json.loads(m.written).get("bands", [])] for m in scales}


def test_all_bounds_of_a_scale_move_by_the_same_share(plan: ParsedPack) -> None:
    assert bounds(moved(plan, "rd_team"))[Decimal(10)] == ["55%", "33%", "11%", "0%"]


def test_all_founders_stays_all_founders(plan: ParsedPack) -> None:
    found = bounds(moved(plan, "founders_full_time"))
    assert {b[0] for b in found.values()} == {"100%"}
    assert found[Decimal(-20)][1:] == ["52.8%", "40%", "0%"]


def test_a_bound_that_is_a_parameter_stays(plan: ParsedPack) -> None:
    assert {b[1] for b in bounds(moved(plan, "team_education")).values()} == {"startup_degree_share"}


def test_whole_numbers_move_to_whole_numbers(plan: ParsedPack) -> None:
    found = {m.share: m.shown for m in moved(plan, "core_ip")}
    assert all(b.removesuffix("项").isdigit() for shown in found.values() for b in shown)
    assert "12项" in found[Decimal("0.2")]


def test_a_scale_that_no_step_moves_has_none(plan: ParsedPack) -> None:
    assert moved(plan, "team_startups") == ()  # once and twice, a fifth more or less, stay once and twice


def test_a_step_that_puts_bounds_out_of_order_ends_the_way(plan: ParsedPack) -> None:
    # A degree share of 60 % comes down to the parameter's 30 % and below: no scale any more.
    assert [m.share for m in moved(plan, "team_education", "0.9")] == [Decimal("-0.45"), Decimal("0.45")]


def test_knots_of_a_line_move_and_their_points_stay(plan: ParsedPack) -> None:
    last = json.loads(moved(plan, "team_experience")[-1].written)
    assert last == {"points": [["0年", 0], ["3.6年", 4], ["6年", 6], ["12年", 10]]}


def test_a_parameter_is_shown_by_its_value(plan: ParsedPack) -> None:
    criterion = next(c for *_, name, c in plan.pack.criteria_of() if name == "team_education")
    assert written_bounds(plan, criterion.score) == ("60%", "30%", "0%")
