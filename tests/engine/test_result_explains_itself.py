"""Where a fact comes from, how far a floor is away, what a measure says: in the result, not guessed after it."""

from __future__ import annotations

import datetime
import functools
from typing import Any

import pytest

from tests.engine.laboratory import criterion, half, pack, results

ACCOUNTS = {
    "label": "财务",
    "grain": "一行一年",
    "key": ["company_id", "fiscal_year"],
    "parent": "companies",
    "fiscal_year": "fiscal_year",
    "columns": {
        "company_id": {"type": "code"},
        "fiscal_year": {"type": "integer"},
        "revenue": {"type": "decimal"},
        "rd": {"type": "decimal"},
        "source_kind": {"type": "category", "values": ["audited", "self_reported"]},
    },
}
EVENTS = {
    "label": "事件",
    "grain": "一行一项",
    "key": ["company_id", "kind", "happened_on"],
    "parent": "companies",
    "columns": {
        "company_id": {"type": "code"},
        "kind": {"type": "text"},
        "happened_on": {"type": "date"},
        "size": {"type": "integer"},
        "observed_on": {"type": "date"},
    },
}
RANGE = {"range": [0, 1000000], "label": "数"}
FACTS: dict[str, Any] = {
    "staff_now": {**RANGE, "type": "integer", "expr": "staff"},
    "last_revenue": {**RANGE, "from": "accounts", "take": "latest", "of": "revenue"},
    "three_years": {**RANGE, "from": "accounts", "take": "sum", "of": "rd", "window": {"fiscal_years": 3}},
    "growing": {**RANGE, "from": "accounts", "take": "growth", "of": "revenue", "window": {"fiscal_years": 3}},
    "rd_share": {**RANGE, "expr": "three_years / last_revenue"},
    "largest": {**RANGE, "type": "integer", "from": "events", "take": "max", "of": "size", "where": "kind = 'grant'"},
    "grants": {**RANGE, "type": "integer", "from": "events", "take": "count", "where": "kind = 'grant'"},
    "sued": {"label": "诉讼", "type": "boolean", "from": "events", "take": "any", "where": "kind = 'suit'"},
    "all_large": {"label": "皆大", "type": "boolean", "from": "events", "take": "every", "of": "size >= 10"},
    "best_kind": {
        "label": "最佳",
        "type": "category",
        "values": ["suit", "grant"],
        "order": ["grant", "suit"],
        "from": "events",
        "take": "best",
        "of": "kind",
    },
}


def world(**more: Any) -> dict[str, Any]:
    return pack(
        columns={"staff": {"type": "integer"}, "source_kind": {"type": "category", "values": ["registry"]}},
        tables={"accounts": ACCOUNTS, "events": EVENTS},
        facts=FACTS,
        criteria=half({"k": criterion({"of": "staff_now", "points": [[0, 0], [100, 100]]})}),
        **more,
    )


def account(year: int, revenue: int | None, rd: int | None, kind: str, row: int) -> dict[str, Any]:
    return {
        "company_id": "a",
        "fiscal_year": year,
        "revenue": revenue,
        "rd": rd,
        "source_kind": kind,
        "source_file": "accounts.csv",
        "source_row": row,
    }


def event(kind: str, day: int, size: int | None, row: int) -> dict[str, Any]:
    return {
        "company_id": "a",
        "kind": kind,
        "happened_on": datetime.date(2026, 1, day),
        "size": size,
        "observed_on": datetime.date(2026, 5, 1),
        "source_file": "events.xlsx",
        "source_sheet": "事件",
        "source_row": row,
    }


COMPANY = {
    "company_id": "a",
    "name": "甲",
    "staff": 40,
    "source_kind": "registry",
    "source_file": "companies.csv",
    "source_row": 7,
}
ACCOUNT_ROWS = [
    account(2023, 10, 1, "self_reported", 2),
    account(2024, 20, 2, "self_reported", 3),
    account(2025, 40, 4, "audited", 4),
]
EVENT_ROWS = [event("grant", 2, 5, 2), event("grant", 3, 50, 3), event("suit", 4, 20, 4)]


@functools.cache
def sources() -> list[dict[str, Any]]:
    return sources_with(ACCOUNT_ROWS)


def sources_with(accounts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return results(world(), [COMPANY], "fact_sources", children={"accounts": accounts, "events": EVENT_ROWS})


def rows_of(fact: str, found: list[dict[str, Any]]) -> list[tuple[str, int]]:
    return sorted((r["table"], r["row"]) for r in found if r["fact"] == fact)


@pytest.mark.parametrize(
    ("fact", "rows"),
    {
        "staff_now": [("companies", 7)],
        "last_revenue": [("accounts", 4)],
        "three_years": [("accounts", 2), ("accounts", 3), ("accounts", 4)],
        "growing": [("accounts", 3), ("accounts", 4)],
        "rd_share": [("accounts", 2), ("accounts", 3), ("accounts", 4)],
        "largest": [("events", 3)],
        "grants": [("events", 2), ("events", 3)],
        "sued": [("events", 4)],
        "all_large": [("events", 2)],
        "best_kind": [("events", 2), ("events", 3)],
    }.items(),
)
def test_a_fact_names_the_very_rows_that_gave_its_value(fact: str, rows: list[tuple[str, int]]) -> None:
    assert rows_of(fact, sources()) == rows


def test_an_audited_newest_figure_stays_audited_beside_older_reports() -> None:
    found = results(world(), [COMPANY], "fact_sources", children={"accounts": ACCOUNT_ROWS, "events": []})
    [latest] = [r for r in found if r["fact"] == "last_revenue"]
    assert (latest["kind"], latest["period"], latest["file"], latest["sheet"]) == (
        "audited",
        "2025",
        "accounts.csv",
        None,
    )
    assert {r["kind"] for r in found if r["fact"] == "three_years"} == {"audited", "self_reported"}
    assert {r["kind"] for r in found if r["fact"] == "staff_now"} == {"registry"}


def test_a_missing_fact_has_no_source() -> None:
    found = sources_with([account(2025, None, 4, "audited", 4)])
    assert rows_of("last_revenue", found) == rows_of("rd_share", found) == []


def verdict(company: dict[str, Any], **more: Any) -> dict[str, Any]:
    condition = "merit >= 60 and staff_now <= 90 and (staff_now > 70 or sued)"
    data = world(
        verdict={
            "label": "结论",
            "weights": {"merit": 1.0},
            "shortlist_when": condition,
            "set_by": "fund",
            "routes": {"grown": {"label": "途径", "when": "grants >= 2", "set_by": "fund"}},
        },
        **more,
    )
    [row] = results(data, [company], "verdict", children={"accounts": [], "events": EVENT_ROWS})
    return row


def test_each_floor_says_whether_it_is_met_and_how_far_away_it_is() -> None:
    row = verdict(COMPANY)
    assert (row["shortlist.merit.state"], row["shortlist.merit.value"], row["shortlist.merit.distance"]) == (
        "not_met",
        40,
        -20,
    )
    assert (
        row["shortlist.staff_now.state"],
        row["shortlist.staff_now.bound"],
        row["shortlist.staff_now.distance"],
    ) == (
        "met",
        90,
        50,
    )
    assert row["shortlist.part_3.state"] == "met"
    assert "shortlist.part_3.distance" not in row
    assert row["route.grown.state"] == "met"


def test_a_floor_that_a_missing_fact_leaves_open_has_no_distance() -> None:
    row = verdict({**COMPANY, "staff": None})
    assert row["shortlist.staff_now.state"] == "open"
    assert row["shortlist.staff_now.distance"] is None
    assert row["shortlist.part_3.state"] == "met"


def test_a_measure_is_met_not_met_or_open_and_only_what_has_a_condition_is_asked() -> None:
    def measure(when: str | None) -> dict[str, Any]:
        return {"label": "措施", "set_by": "fund", **({"when": when} if when else {})}

    data = world(
        measures={
            "big": measure("staff_now >= 30"),
            "small": measure("staff_now < 30"),
            "richer": measure("last_revenue > 5"),
            "read_only": measure(None),
        }
    )
    [row] = results(data, [COMPANY], "measures", children={"accounts": [], "events": []})
    assert row == {"company_id": "a", "big.state": "met", "small.state": "not_met", "richer.state": "open"}
