"""Gates: failed, passed, unknown, not run and not applicable are five different things, and outcomes follow from them."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from tests.engine.laboratory import criterion, half, pack, relations

RISKS = {
    "label": "风险",
    "grain": "一行一项",
    "key": ["company_id", "kind"],
    "parent": "companies",
    "columns": {"company_id": {"type": "code"}, "kind": {"type": "text"}, "state": {"type": "text"}},
}
COLUMNS = {"status": {"type": "category", "values": ["active", "cancelled"]}, "a": {"type": "integer"}}
FACTS = {
    "status_now": {"label": "状态", "type": "category", "values": ["active", "cancelled"], "expr": "status"},
    "a_now": {"label": "甲", "type": "integer", "range": [0, 10], "expr": "a"},
    "debtor": {
        "label": "失信",
        "type": "boolean",
        "from": "risks",
        "take": "any",
        "where": "kind = 'debtor' and state = 'current'",
    },
}


def gate(fails_when: str, **more: Any) -> dict[str, Any]:
    return {
        "label": "门槛",
        "set_by": "fund",
        "fails_when": fails_when,
        "effect": "reject",
        "on_unknown": "review",
        "message": "不通过",
        **more,
    }


def world(gates: dict[str, Any], **more: Any) -> dict[str, Any]:
    return pack(
        columns=COLUMNS,
        tables={"risks": RISKS},
        facts=FACTS,
        gates=gates,
        criteria=half({"k": criterion({"of": "a_now", "points": [[0, 0], [10, 100]]})}),
        **more,
    )


GATES = {"active": gate("status_now <> 'active'"), "honest": gate("debtor")}


def outcome(
    company: dict[str, Any],
    risks: list[dict[str, Any]] | None,
    *,
    absence: str = "zero",
    gates: dict[str, Any] = GATES,
    searched_on: datetime.date | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    children = {} if risks is None else {"risks": [{"company_id": "c", **r} for r in risks]}
    given = {"company_id": "c", "name": "试", "a": 9, **company}
    kept: dict[str, Any] = {"children": children, "absence": {"risks": absence}, "searched_on": {"risks": searched_on}}
    [[judged], [ranked]] = relations(world(gates), [given], "gates", "ranking", **kept)
    return judged, ranked


@pytest.mark.parametrize(
    ("name", "company", "risks", "absence", "statuses", "expected"),
    [
        ("在业且无失信记录则入围", {"status": "active"}, [], "zero", ("passed", "passed"), "shortlisted"),
        ("已注销则否决", {"status": "cancelled"}, [], "zero", ("failed", "passed"), "rejected"),
        (
            "当前失信则否决",
            {"status": "active"},
            [{"kind": "debtor", "state": "current"}],
            "zero",
            ("passed", "failed"),
            "rejected",
        ),
        (
            "失信已移出则通过",
            {"status": "active"},
            [{"kind": "debtor", "state": "removed"}],
            "zero",
            ("passed", "passed"),
            "shortlisted",
        ),
        ("失信状态不明则人工复核", {"status": "active"}, [{"kind": "debtor"}], "zero", ("passed", "unknown"), "review"),
        ("查过但未声明无即为无,则复核", {"status": "active"}, [], "unknown", ("passed", "unknown"), "review"),
        ("状态缺失则复核", {}, [], "zero", ("unknown", "passed"), "review"),
        ("没有风险数据则未执行,最高到长名单", {"status": "active"}, None, "unknown", ("passed", "not_run"), "ranked"),
        ("未执行不掩盖否决", {"status": "cancelled"}, None, "unknown", ("failed", "not_run"), "rejected"),
    ],
)
def test_outcome(
    name: str,
    company: dict[str, Any],
    risks: list[dict[str, Any]] | None,
    absence: str,
    statuses: tuple[str, str],
    expected: str,
) -> None:
    gates, ranking = outcome(company, risks, absence=absence)
    assert (gates["active.status"], gates["honest.status"]) == statuses, name
    assert ranking["outcome"] == expected, name


def test_an_old_search_cannot_pass_a_gate_but_a_record_in_it_still_fails() -> None:
    gates = {"honest": gate("debtor", valid_for="90天")}
    old = datetime.date(2026, 1, 1)
    none, _ = outcome({"status": "active"}, [], gates=gates, searched_on=old)
    assert (none["honest.status"], none["honest.reason"]) == ("unknown", "stale")
    found, ranking = outcome(
        {"status": "active"}, [{"kind": "debtor", "state": "current"}], gates=gates, searched_on=old
    )
    assert found["honest.status"] == "failed"
    assert ranking["outcome_reason"] == "honest"
    fresh, _ = outcome({"status": "active"}, [], gates=gates, searched_on=datetime.date(2026, 6, 1))
    assert fresh["honest.status"] == "passed"


def test_a_gate_that_does_not_apply_is_neither_passed_nor_asked_about() -> None:
    gates = {"honest": gate("debtor", applies_when="status_now = 'cancelled'")}
    got, ranking = outcome({"status": "active"}, None, gates=gates)
    assert (got["honest.status"], got["honest.reason"]) == ("not_applicable", None)
    assert ranking["outcome"] == "shortlisted"


@pytest.mark.parametrize(
    ("effect", "expected"), [("reject", "rejected"), ("review", "review"), ("warn", "shortlisted")]
)
def test_the_effect_decides_what_failing_does(effect: str, expected: str) -> None:
    _, ranking = outcome({"status": "cancelled"}, [], gates={"active": gate("status_now <> 'active'", effect=effect)})
    assert ranking["outcome"] == expected


@pytest.mark.parametrize(
    ("on_unknown", "expected"),
    [("reject", "rejected"), ("review", "review"), ("warn", "shortlisted"), ("ignore", "shortlisted")],
)
def test_on_unknown_decides_what_not_knowing_does(on_unknown: str, expected: str) -> None:
    _, ranking = outcome({}, [], gates={"active": gate("status_now <> 'active'", on_unknown=on_unknown)})
    assert ranking["outcome"] == expected


def test_a_gate_before_its_first_day_in_force_is_not_there() -> None:
    got, ranking = outcome(
        {"status": "cancelled"}, [], gates={"active": gate("status_now <> 'active'", effective_from="2027-01-01")}
    )
    assert "active.status" not in got
    assert ranking["outcome"] == "shortlisted"
    assert ranking["rank"] == 1
