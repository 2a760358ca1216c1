"""Totals: parts add up, tracks stay possible until facts decide, and what is unknown moves only the band."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.laboratory import criterion, half, pack, results

COLUMNS = {"a": {"type": "integer"}, "b": {"type": "integer"}}
FACTS = {n: {"label": n, "type": "integer", "range": [0, 10], "expr": n} for n in ("a", "b")}
LINE = {"points": [[0, 0], [10, 10]]}


def two(**more: Any) -> dict[str, Any]:
    return {"x": criterion({"of": "a", **LINE}, weight=60.0), "y": criterion({"of": "b", **LINE}, weight=40.0, **more)}


def company(a: int | None = None, b: int | None = None, key: str = "c") -> dict[str, Any]:
    return {"company_id": key, "name": "试", "a": a, "b": b}


def test_contributions_add_up_to_the_half_and_the_score() -> None:
    got = results(pack(columns=COLUMNS, facts=FACTS, criteria=half(two(), scale="hundred")), [company(5, 10)])[0]
    assert (got["x.contribution"], got["y.contribution"]) == (Decimal(30), Decimal(40))
    assert got["merit"] == got["score"] == Decimal(70) == got["merit_low"] == got["merit_high"]
    assert got["coverage"] == 1


def test_a_missing_fact_takes_the_neutral_share_and_opens_the_band() -> None:
    got = results(pack(columns=COLUMNS, facts=FACTS, criteria=half(two(), scale="hundred")), [company(a=10)])[0]
    assert (got["merit"], got["merit_low"], got["merit_high"]) == (Decimal(80), Decimal(60), Decimal(100))
    assert (got["y.reason"], got["merit_coverage"]) == ("not_disclosed", Decimal("0.6"))


def test_an_official_table_gives_nothing_for_what_is_missing() -> None:
    got = results(
        pack(columns=COLUMNS, facts=FACTS, criteria=half(two(on_missing="zero"), scale="hundred")), [company(a=10)]
    )[0]
    assert (got["merit"], got["merit_low"], got["merit_high"]) == (Decimal(60), Decimal(60), Decimal(100))


def test_dropping_must_be_asked_for_and_keeps_the_band_sound() -> None:
    got = results(
        pack(columns=COLUMNS, facts=FACTS, criteria=half(two(on_missing="drop"), scale="hundred")), [company(a=5)]
    )[0]
    assert (got["merit"], got["merit_low"], got["merit_high"]) == (Decimal(50), Decimal(30), Decimal(70))
    assert got["x.weight"] == Decimal(100)


def test_what_does_not_apply_leaves_the_weights() -> None:
    got = results(
        pack(columns=COLUMNS, facts=FACTS, criteria=half(two(applies_when="a > 5"), scale="hundred")), [company(a=5)]
    )[0]
    assert (got["merit"], got["merit_low"], got["merit_high"], got["coverage"]) == (
        Decimal(50),
        Decimal(50),
        Decimal(50),
        Decimal(1),
    )
    assert got["y.reason"] == "not_applicable"


TRACKS = {
    "track": {
        "label": "赛道",
        "values": {
            "early": {"label": "早", "set_by": "fund", "when": "a < 3"},
            "late": {"label": "晚", "set_by": "fund", "otherwise": True},
        },
    }
}


def by_track() -> dict[str, Any]:
    return {
        "x": criterion({"of": "b", **LINE}, weight={"early": 100.0, "late": 20.0}),
        "y": criterion({"when": "1 = 2", "points": 10}, weight={"early": 0.0, "late": 80.0}),
    }


def test_while_the_track_is_open_the_band_spans_every_track_still_possible() -> None:
    data = pack(columns=COLUMNS, facts=FACTS, stages=TRACKS, criteria=half(by_track(), scale="hundred"))
    early, late, open_ = results(data, [company(1, 10, "1"), company(9, 10, "2"), company(None, 10, "3")])
    assert (early["merit"], late["merit"]) == (Decimal(100), Decimal(20))
    assert (open_["merit"], open_["merit_low"], open_["merit_high"]) == (Decimal(20), Decimal(20), Decimal(100))
    stage = results(data, [company(None, 10, "3")], "stage")[0]
    assert (stage["track"], stage["track.possible"], stage["track.reason"], stage["track.assumed"]) == (
        None,
        "early,late",
        "not_disclosed",
        "late",
    )


def test_a_value_of_an_open_axis_that_is_ruled_out_is_ruled_out() -> None:
    stages = {
        "life": {
            "label": "期",
            "values": {
                "seed": {"label": "1", "set_by": "fund", "when": "a < 1"},
                "early": {"label": "2", "set_by": "fund", "when": "b < 5"},
                "mature": {"label": "3", "set_by": "fund", "otherwise": True},
            },
        }
    }
    criteria = half(
        {
            "x": criterion({"when": "life = 'seed'", "points": 10}),
            "y": criterion({"when": "life in ('early', 'mature')", "points": 10}),
        }
    )
    got = results(pack(columns=COLUMNS, facts=FACTS, stages=stages, criteria=criteria), [company(a=5)])[0]
    assert (got["x.low"], got["x.high"], got["y.low"], got["y.high"]) == (0, 0, 10, 10)


def test_deductions_are_capped_and_what_is_unknown_only_lowers_the_low_end() -> None:
    items = {
        "p": {"label": "扣", "set_by": "fund", "score": {"of": "a", "at_least": 5, "points": 8}},
        "q": {"label": "扣", "set_by": "fund", "score": {"of": "b", "at_least": 5, "points": 8}},
    }
    data = pack(
        columns=COLUMNS,
        facts=FACTS,
        deductions={"cap": 10.0, "items": items},
        criteria=half({"k": criterion({"when": "1 = 1", "points": 100})}),
    )
    both, one, open_ = results(data, [company(9, 9, "1"), company(9, 0, "2"), company(9, None, "3")])
    assert (both["score"], one["score"]) == (Decimal(90), Decimal(92))
    assert (open_["score"], open_["score_low"], open_["score_high"]) == (Decimal(92), Decimal(90), Decimal(92))


def test_a_direct_route_passes_without_the_score_while_gates_stay() -> None:
    verdict = {
        "label": "结论",
        "weights": {"merit": 1.0},
        "shortlist_when": "merit >= 60 and only >= 50",
        "set_by": "fund",
        "routes": {"award": {"label": "获奖", "set_by": "fund", "when": "b = 1"}},
    }
    gates = {
        "g": {
            "label": "g",
            "set_by": "fund",
            "fails_when": "a = 0",
            "effect": "reject",
            "on_unknown": "review",
            "message": "m",
        }
    }
    data = pack(
        columns=COLUMNS,
        facts=FACTS,
        gates=gates,
        verdict=verdict,
        criteria=half({"k": criterion({"of": "a", "points": [[0, 0], [10, 100]]})}),
    )
    rows = [company(9, 0, "1"), company(2, 1, "2"), company(0, 1, "3"), company(2, 0, "4")]
    ranking = results(data, rows, "ranking")
    assert [(r["outcome"], r["outcome_reason"]) for r in ranking] == [
        ("shortlisted", "verdict"),
        ("shortlisted", "award"),
        ("rejected", "g"),
        ("ranked", "verdict"),
    ]
    assert [r["rank"] for r in ranking] == [1, 2, None, 3]


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    values=st.lists(st.tuples(st.none() | st.integers(0, 10), st.none() | st.integers(0, 10)), min_size=1, max_size=8),
    extra=st.integers(0, 10),
)
def test_no_company_moves_because_another_joined_and_more_is_never_worse(
    values: list[tuple[int | None, int | None]], extra: int
) -> None:
    data = pack(columns=COLUMNS, facts=FACTS, criteria=half(two(), scale="hundred"))
    rows = [company(a, b, f"{i:02d}") for i, (a, b) in enumerate(values)]
    alone = results(data, rows)
    together = results(data, [*reversed(rows), company(extra, extra, "zz")], threads=2)
    assert together[:-1] == alone
    better = results(
        data, [company(None if a is None else min(a + 1, 10), b, f"{i:02d}") for i, (a, b) in enumerate(values)]
    )
    for before, after in zip(alone, better, strict=True):
        assert (
            after["merit"] >= before["merit"]
            and after["merit_low"] >= before["merit_low"]
            and after["merit_high"] >= before["merit_high"]
        )


def test_a_table_that_grades_by_the_total_alone_grades_every_ranked_company() -> None:
    grades = [{"id": "good", "at_least": 80.0, "label": "良好"}, {"id": "fair", "at_least": 60.0}]
    verdict = {
        "label": "结论",
        "weights": {"merit": 1.0},
        "shortlist_when": "merit >= 90 and k > 0",
        "set_by": "fund",
        "grades": grades,
    }
    data = pack(
        columns=COLUMNS,
        facts=FACTS,
        verdict=verdict,
        criteria=half({"k": criterion({"of": "a", "points": [[0, 0], [10, 100]]})}),
    )
    ranking = results(
        data, [company(6, None, "1"), company(8, None, "2"), company(5, None, "3"), company(10, None, "4")], "ranking"
    )
    assert [(r["outcome"], r["tier"], r["rank"]) for r in ranking] == [
        ("ranked", "fair", 3),
        ("ranked", "good", 2),
        ("ranked", None, 4),
        ("shortlisted", "good", 1),
    ]
