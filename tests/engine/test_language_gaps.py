"""What official tables need of the language: dates by the calendar, company facts in filters, dated verdicts, slots, 125 points."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from screening.expression import render
from screening.rulebook.parsing import parse_pack
from tests.engine.laboratory import AS_OF, criterion, half, pack, parsed, results

D = Decimal
DAY = datetime.date


def number(expr: str, **more: Any) -> dict[str, Any]:
    return {"label": expr, "type": "decimal", "range": [0, 1000], "expr": expr, **more}


def company(**row: Any) -> dict[str, Any]:
    return {"company_id": "1", "name": "试验", "entity_kind": "company", **row}


@pytest.mark.parametrize(
    ("founded", "as_of", "within"),
    [
        (DAY(2021, 6, 30), DAY(2026, 6, 30), True),
        (DAY(2021, 6, 29), DAY(2026, 6, 30), False),
        (DAY(2020, 2, 29), DAY(2025, 2, 28), True),
        (DAY(2020, 2, 29), DAY(2025, 3, 1), False),
        (DAY(2021, 5, 31), DAY(2026, 6, 29), False),
    ],
)
def test_within_five_years_goes_by_the_calendar(founded: DAY, as_of: DAY, within: bool) -> None:
    facts = {
        "founded": {"label": "成立日", "type": "date", "expr": "founded"},
        "young": {"label": "五年以内", "type": "boolean", "expr": "as_of <= add_years(founded, 5)"},
        "months": {"label": "六十个月", "type": "boolean", "expr": "as_of <= add_months(founded, 60)"},
    }
    data = pack(columns={"founded": {"type": "date"}}, facts=facts)
    [got] = results(data, [company(founded=founded)], "facts", as_of=as_of)
    assert (got["young"], got["months"]) == (within, within)


@pytest.mark.parametrize(
    ("a", "b", "value", "low", "high"),
    [(3, 5, 3, 3, 3), (None, 5, 5, 5, 5), (3, None, 3, 3, 3), (None, None, None, 0, 1000)],
)
def test_the_first_known_of_several_columns(a: Any, b: Any, value: Any, low: int, high: int) -> None:
    columns = {n: {"type": "decimal", "range": [0, 1000]} for n in "ab"} | {
        "t": {"type": "text"},
        "u": {"type": "text"},
    }
    facts = {
        "f": number("first_known(a, b)"),
        "w": {"label": "文本", "type": "text", "expr": "first_known(t, u)"},
    }
    row = company(a=a and D(a), b=b and D(b), t=None, u="后者")
    [got] = results(pack(columns=columns, facts=facts), [row], "facts")
    assert (got["f"], got["f.low"], got["f.high"]) == (value, low, high)
    assert got["f.reason"] == (None if value is not None else "not_disclosed")
    assert got["w"] == "后者"


CONTRACTS = {
    "label": "合同", "grain": "一行一份", "key": ["company_id", "no"], "parent": "companies",
    "columns": {
        "company_id": {"type": "code"}, "no": {"type": "text"}, "signed": {"type": "date"},
        "amount": {"type": "decimal", "unit": "cny", "range": [0, 1000]},
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("founded", "revenue", "early", "large"),
    [
        (DAY(2024, 1, 1), 100, 2, D(90)),
        (DAY(2023, 6, 1), 50, 1, D(120)),
        (None, 100, None, D(90)),
        (DAY(2024, 1, 1), None, 2, None),
    ],
)
def test_a_filter_of_rows_may_read_what_is_known_of_the_company(
    founded: DAY | None, revenue: int | None, early: int | None, large: Decimal | None
) -> None:
    facts = {
        "founded": {"label": "成立日", "type": "date", "expr": "founded"},
        "revenue": number("revenue", unit="cny"),
        "early": {
            "label": "一年内合同", "type": "integer", "range": [0, 99], "from": "contracts", "take": "count",
            "where": "signed < add_years(founded, 1)",
        },
        "large": {
            "label": "大合同", "type": "decimal", "unit": "cny", "range": [0, 1000], "from": "contracts", "take": "sum",
            "of": "amount", "where": "amount >= revenue * 0.6",
        },
    }  # fmt: skip
    rows = [
        {"company_id": "1", "no": "a", "signed": DAY(2024, 5, 1), "amount": D(30)},
        {"company_id": "1", "no": "b", "signed": DAY(2024, 9, 1), "amount": D(90)},
    ]
    data = pack(
        columns={"founded": {"type": "date"}, "revenue": {"type": "decimal", "unit": "cny"}},
        tables={"contracts": CONTRACTS}, facts=facts,
    )  # fmt: skip
    row = company(founded=founded, revenue=None if revenue is None else D(revenue))
    [got] = results(data, [row], "facts", children={"contracts": rows})
    assert (got["early"], got["large"]) == (early, large)


def test_a_filter_of_rows_cannot_read_what_other_rows_yield() -> None:
    facts = {
        "most": {"label": "最大", "type": "decimal", "range": [0, 9], "from": "contracts", "take": "max", "of": "amount"},
        "half": number("most / 2"),
        "small": {
            "label": "小合同", "type": "integer", "range": [0, 9], "from": "contracts", "take": "count",
            "where": "amount < half",
        },
    }  # fmt: skip
    with pytest.raises(AssertionError, match="rests on rows itself"):
        parsed(pack(tables={"contracts": CONTRACTS}, facts=facts))


# --- verdicts -------------------------------------------------------------------------------------------------------------

SCORED = {
    "columns": {"s": {"type": "decimal"}, "t": {"type": "decimal"}},
    "facts": {"s": number("s"), "t": number("t")},
}
TOTAL = half({"a": criterion({"formula": "s", "max": 100.0}), "b": criterion({"formula": "t", "max": 25.0})})


def ranked(verdict: dict[str, Any], s: int | None, t: int | None = 0, as_of: DAY = AS_OF) -> dict[str, Any]:
    data = pack(**SCORED, criteria=TOTAL, verdict={"label": "结论", "set_by": "fund", **verdict})
    row = company(s=None if s is None else D(s), t=None if t is None else D(t))
    [got] = results(data, [row], "ranking", as_of=as_of)
    return got


GRADES = [{"id": "A", "at_least": 110}, {"id": "B", "at_least": 80}, {"id": "C", "at_least": 0}]
POINTS = {"weights": {"merit": 1.0}, "shortlist_when": "score >= 80", "grades": GRADES}


@pytest.mark.parametrize(
    ("s", "t", "score", "tier"), [(100, 25, 125, "A"), (90, 20, 110, "A"), (90, 19, 109, "B"), (80, 0, 80, "B")]
)
def test_a_table_of_125_points_is_added_up_and_graded(s: int, t: int, score: int, tier: str) -> None:
    got = ranked(POINTS, s, t)
    assert (got["score"], got["merit"], got["outcome"], got["tier"]) == (score, score, "shortlisted", tier)
    assert (got["provisional"], got["tiers_possible"]) == (False, tier)


@pytest.mark.parametrize(
    ("s", "t", "outcome", "provisional", "tiers"),
    [
        (70, None, "shortlisted", True, "B,C"),
        (100, None, "shortlisted", True, "A,B"),
        (82, None, "shortlisted", False, "B"),
        (60, None, "ranked", True, "B,C"),
        (50, None, "ranked", False, "C"),
    ],
)
def test_a_short_list_or_tier_that_rests_on_midpoints_is_provisional(
    s: int, t: int | None, outcome: str, provisional: bool, tiers: str
) -> None:
    got = ranked(POINTS, s, t)
    assert (got["outcome"], got["provisional"], got["tiers_possible"]) == (outcome, provisional, tiers)


@pytest.mark.parametrize(
    ("s", "outcome", "reason"),
    [
        (70, "review", "verdict_open"),
        (60, "review", "verdict_open"),
        (90, "shortlisted", "verdict"),
        (50, "ranked", "verdict"),
    ],
)
def test_an_undecided_verdict_may_go_to_review(s: int, outcome: str, reason: str) -> None:
    got = ranked(POINTS | {"on_unknown": "review"}, s, None)
    assert (got["outcome"], got["outcome_reason"]) == (outcome, reason)


def test_a_verdict_switches_by_date() -> None:
    dated = POINTS | {
        "versions": [
            {"to": "2024-12-31", "shortlist_when": "score >= 70"},
            {"from": "2026-01-01", "shortlist_when": "score >= 90", "grades": [{"id": "Z", "at_least": 0}]},
        ]
    }
    by_day = {
        DAY(2024, 12, 31): ("shortlisted", "C"),
        DAY(2025, 1, 1): ("ranked", "C"),
        DAY(2026, 1, 1): ("ranked", "Z"),
    }
    for day, expected in by_day.items():
        got = ranked(dated, 75, 0, day)
        assert (got["outcome"], got["tier"]) == expected
    assert ranked(dated, 85, 0, DAY(2025, 6, 1))["outcome"] == "shortlisted"
    assert ranked(dated, 85, 0, DAY(2026, 6, 1))["outcome"] == "ranked"


def test_one_pack_read_for_several_days_has_the_verdict_of_each() -> None:
    data = pack(**SCORED, criteria=TOTAL, verdict={"label": "结论", "set_by": "fund", **POINTS, "versions": [
        {"from": "2026-01-01", "shortlist_when": "score >= 90"},
    ]})  # fmt: skip
    old = parsed(data, DAY(2025, 6, 1))
    new, again = (parse_pack(old.loaded, day) for day in (DAY(2026, 6, 1), DAY(2025, 6, 2)))
    conditions = [render(p.nodes["verdict", "shortlist_when"]) for p in (old, new, again)]
    assert conditions == ["score >= 80", "score >= 90", "score >= 80"]
    assert [p.pack.verdict.shortlist_when for p in (old, new, again)] == conditions


def test_a_verdict_of_gates_alone() -> None:
    gate = {
        "label": "门槛", "set_by": "fund", "effect": "reject", "on_unknown": "review", "message": "不通过",
        "fails_when": "s < 10",
    }  # fmt: skip
    data = pack(**SCORED, gates={"g": gate})
    for s, outcome in ((20, "shortlisted"), (5, "rejected"), (None, "review")):
        [got] = results(data, [company(s=None if s is None else D(s))], "ranking")
        assert got["outcome"] == outcome


@pytest.mark.parametrize(
    ("scale", "low", "points", "high", "coverage"),
    [("points", 44, 54, 64, "0.8333"), ("hundred", 36.67, 45, 53.34, "0.8333")],
)
def test_a_slot_that_nothing_fills_is_open_not_certain(
    scale: str, low: float, points: float, high: float, coverage: str
) -> None:
    pillars = {
        "own": {"label": "共性", "weight": 100.0, "criteria": {"a": criterion({"formula": "s", "max": 100.0})}},
        "slot": {"label": "特色", "weight": 20.0, "slot": True},
    }
    data = pack(**SCORED, criteria={"merit": {"label": "质量", "scale": scale, "pillars": pillars}})
    [got] = results(data, [company(s=D(44))], "criteria")
    assert [got[n] for n in ("merit_low", "merit", "merit_high")] == [D(str(v)) for v in (low, points, high)]
    assert got["merit_coverage"] == D(coverage)


def test_why_a_row_tells_nothing_is_named() -> None:
    facts = {
        "f": {"label": "合计", "type": "decimal", "range": [0, 9], "from": "contracts", "take": "max", "of": "amount"},
    }
    data = pack(tables={"contracts": CONTRACTS}, facts=facts)
    for noted, expected in (
        ("amount=unparsable", "unparsable"),
        ("signed=stale;amount=conflict", "conflict"),
        (None, "not_disclosed"),
    ):
        rows = [{"company_id": "1", "no": "a", "amount": None, "missing_reasons": noted}]
        [got] = results(data, [company()], "facts", children={"contracts": rows})
        assert got["f.reason"] == expected


@pytest.mark.parametrize(
    ("rows", "value", "reason"),
    [
        ([("5", "0")], None, "undefined"),
        ([("0", "0")], None, "undefined"),
        ([("5", None)], None, "not_disclosed"),
        ([("5", "10")], D("0.5"), None),
        ([("5", "0"), ("5", "10")], D("0.5"), None),
    ],
)
@pytest.mark.parametrize("take", ["latest", "max"])
def test_a_quotient_by_zero_in_a_row_is_undefined(
    take: str, rows: list[tuple[str, str | None]], value: Decimal | None, reason: str | None
) -> None:
    table = {
        "label": "财务", "grain": "一行一年", "key": ["company_id", "year"], "parent": "companies", "fiscal_year": "year",
        "columns": {
            "company_id": {"type": "code"}, "year": {"type": "integer"},
            "debt": {"type": "decimal", "unit": "cny"}, "assets": {"type": "decimal", "unit": "cny"},
        },
    }  # fmt: skip
    facts = {
        "ratio": {
            "label": "负债率", "type": "decimal", "unit": "ratio", "range": [0, 9], "from": "years", "take": take,
            "of": "debt / assets",
        }
    }  # fmt: skip
    years = [
        {"company_id": "1", "year": 2020 + i, "debt": D(debt), "assets": None if assets is None else D(assets)}
        for i, (debt, assets) in enumerate(rows)
    ]
    [got] = results(pack(tables={"years": table}, facts=facts), [company()], "facts", children={"years": years})
    open_max = take == "max" and len(rows) > 1
    assert (got["ratio"], got["ratio.reason"]) == ((None, "undefined") if open_max else (value, reason))


@pytest.mark.parametrize("relative", ["percentile", "to_mean"])
def test_among_peers_of_an_unknown_group_nobody_stands_anywhere(relative: str) -> None:
    columns = {"v": {"type": "decimal", "range": [0, 1000]}, "trade": {"type": "category", "values": ["a", "b"]}}
    facts = {"v": number("v"), "trade": {"label": "产业", "type": "category", "values": ["a", "b"], "expr": "trade"}}
    score = {
        "of": "v",
        "relative": relative,
        "within": ["trade"],
        "bands": [{"from": 1.0, "points": 10.0}, {"points": 2.0}],
    }
    data = pack(columns=columns, facts=facts, criteria=half({"k": criterion(score)}))
    rows = [("1", "a", 10), ("2", "a", 30), ("3", None, 500), ("4", None, 100), ("5", "b", 1)]
    got = results(data, [company(company_id=i, trade=t, v=D(v)) for i, t, v in rows])
    bands = {r["company_id"]: (r["k.low"], r["k.high"], r["k.reason"]) for r in got}
    assert bands == {
        "1": (2, 2, None),
        "2": (10, 10, None),
        "3": (2, 10, "not_disclosed"),
        "4": (2, 10, "not_disclosed"),
        "5": (10, 10, None),
    }


def test_peers_to_whom_a_group_does_not_apply_are_a_group_of_their_own() -> None:
    columns = {"v": {"type": "decimal", "range": [0, 1000]}, "trade": {"type": "category", "values": ["a", "b"]}}
    trade = {
        "label": "产业",
        "type": "category",
        "values": ["a", "b"],
        "expr": "trade",
        "not_applicable_when": "v > 99",
    }
    score = {
        "of": "v",
        "relative": "percentile",
        "within": ["trade"],
        "bands": [{"from": 1.0, "points": 10.0}, {"points": 2.0}],
    }
    data = pack(columns=columns, facts={"v": number("v"), "trade": trade}, criteria=half({"k": criterion(score)}))
    rows = [("1", "a", 10), ("2", None, 30), ("3", "a", 500), ("4", None, 100)]
    got = results(data, [company(company_id=i, trade=t, v=D(v)) for i, t, v in rows])
    assert {r["company_id"]: (r["k.low"], r["k.high"]) for r in got} == {
        "1": (10, 10),
        "2": (2, 10),
        "3": (10, 10),
        "4": (2, 2),
    }
