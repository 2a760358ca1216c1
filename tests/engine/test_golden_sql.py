"""One rule of each kind as SQL, read by eye: a person can follow the names, and a rule fits on two screens.

A change of the compiler shows here as a change of text. `python -m tests.engine.test_golden_sql` writes the files again; read what
changed before it is kept.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from screening.engine.inputs import Inputs
from screening.engine.steps import rule_step
from tests.engine.laboratory import AS_OF, criterion, half, pack, parsed

FOLDER = Path(__file__).parent / "golden_sql"
TWO_SCREENS = 120
RESTS_ON_OTHERS = {"rd_share"}
"""Printed with the facts that it is computed from."""

PATENTS = {
    "label": "专利",
    "grain": "一行一件",
    "key": ["company_id", "number"],
    "columns": {
        "company_id": {"type": "code"},
        "number": {"type": "code"},
        "kind": {"type": "category", "values": ["invention", "utility"]},
        "granted_on": {"type": "date"},
    },
}
ACCOUNTS = {
    "label": "财务",
    "grain": "一行一年",
    "key": ["company_id", "fiscal_year"],
    "columns": {
        "company_id": {"type": "code"},
        "fiscal_year": {"type": "integer"},
        "revenue": {"type": "decimal", "unit": "cny"},
        "rd_expense": {"type": "decimal", "unit": "cny"},
    },
}


def _fact(kind: str, **how: Any) -> dict[str, Any]:
    return {"label": kind, "type": kind, "set_by": "fund", **how}


FACTS = {
    "headcount": _fact("integer", range=[0, 100000], expr="staff"),
    "age_months": _fact("integer", range=[0, 1200], unit="months", expr="months_between(established_on, as_of)"),
    "inventions": _fact(
        "integer",
        range=[0, 1000],
        **{"from": "patents"},
        take="count",
        where="kind = 'invention' AND granted_on IS NOT NULL",
    ),
    "revenue_last": _fact("decimal", range=[0, 1e11], unit="cny", **{"from": "accounts"}, of="revenue", take="latest"),
    "rd_last": _fact("decimal", range=[0, 1e11], unit="cny", **{"from": "accounts"}, of="rd_expense", take="latest"),
    "rd_share": _fact("decimal", range=[0, 10], unit="ratio", expr="rd_last / revenue_last"),
    "line_of_trade": _fact("category", values=["hardware", "software"], expr="track"),
    "on_exchange": _fact("boolean", expr="listed"),
}
SCORES: dict[str, dict[str, Any]] = {
    "by_threshold": {"of": "headcount", "at_least": 20, "points": 3},
    "by_bands": {"of": "rd_share", "bands": [{"from": "10%", "points": 8}, {"from": "5%", "points": 4}, {"points": 0}]},
    "by_line": {"of": "inventions", "points": [[0, 0], [5, 4], [10, 6]]},
    "by_unit": {"of": "inventions", "per_unit": 1, "cap": 5},
    "by_condition": {"when": "on_exchange OR headcount > 50", "points": 2},
    "by_case": {"cases": [{"when": "rd_share >= 10%", "points": 5}, {"when": "inventions > 3", "points": 3}]},
    "by_value": {"of": "line_of_trade", "lookup": {"hardware": 4, "software": 3}},
    "by_switch": {
        "switch": "line_of_trade",
        "to": {
            "hardware": {"of": "rd_share", "at_least": "5%", "points": 4},
            "software": {"when": "headcount > 5", "points": 4},
        },
    },
    "best_of_two": {"best_of": [{"when": "inventions > 0", "points": 4}, {"when": "on_exchange", "points": 3}]},
    "sum_of_two": {"sum_of": [{"when": "inventions > 0", "points": 4}, {"when": "on_exchange", "points": 3}], "cap": 6},
    "by_formula": {"formula": "rd_share * 100", "max": 10},
    "among_peers": {"of": "rd_share", "relative": "percentile", "bands": [{"from": "80%", "points": 5}, {"points": 1}]},
}
RULES = (
    "age_months",
    "inventions",
    "rd_share",
    "life_stage",
    "listed_already",
    *SCORES,
    "late_filing",
    "for_the_young",
)


def _pack() -> dict[str, Any]:
    return pack(
        columns={
            "staff": {"type": "integer"},
            "established_on": {"type": "date"},
            "track": {"type": "category", "values": ["hardware", "software"]},
            "listed": {"type": "boolean"},
        },
        tables={"patents": PATENTS, "accounts": ACCOUNTS},
        facts=FACTS,
        stages={
            "life_stage": {
                "label": "阶段",
                "values": {
                    "seed": {"label": "种子", "set_by": "fund", "when": "age_months <= 36"},
                    "later": {"label": "其后", "set_by": "fund", "otherwise": True},
                },
            }
        },
        gates={
            "listed_already": {
                "label": "已上市",
                "set_by": "fund",
                "fails_when": "on_exchange",
                "applies_when": "life_stage = 'later'",
                "effect": "reject",
                "on_unknown": "review",
                "message": "已上市。",
            }
        },
        criteria=half({name: criterion(score) for name, score in SCORES.items()}),
        deductions={"cap": 5, "items": {"late_filing": criterion({"when": "headcount < 3", "points": 2})}},
        measures={"for_the_young": {"label": "耐心资本", "set_by": "fund", "when": "life_stage = 'seed'"}},
    )


def _sql(rule_id: str) -> str:
    ready = parsed(_pack())
    offered = {name: frozenset(table.columns) for name, table in ready.pack.tables.items()}
    found = rule_step(ready, Inputs(AS_OF, offered, {}, {}), rule_id)
    assert found is not None
    return f"-- step: {found.name}\n{found.sql}\n"


@pytest.mark.parametrize("rule_id", RULES)
def test_a_rule_of_this_kind_reads_as_it_was_last_read(rule_id: str) -> None:
    assert _sql(rule_id) == (FOLDER / f"{rule_id}.sql").read_text(encoding="utf-8")


@pytest.mark.parametrize("rule_id", sorted(set(RULES) - RESTS_ON_OTHERS))
def test_a_rule_fits_on_two_screens(rule_id: str) -> None:
    assert len(_sql(rule_id).splitlines()) <= TWO_SCREENS


if __name__ == "__main__":
    for each in RULES:
        (FOLDER / f"{each}.sql").write_text(_sql(each), encoding="utf-8", newline="\n")
