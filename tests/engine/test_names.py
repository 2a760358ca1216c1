"""Whatever a pack calls its tables, columns and facts, they are read as names: never as SQL, never as another relation."""

from __future__ import annotations

from typing import Any

import pytest

from screening.result.contract import is_relation
from tests.engine import laboratory
from tests.engine.laboratory import criterion, half, pack, results


def child(column: str) -> dict[str, Any]:
    return {
        "label": "表",
        "grain": "一行一项",
        "key": ["company_id", "no"],
        "parent": "companies",
        "columns": {"company_id": {"type": "code"}, "no": {"type": "code"}, column: {"type": "decimal"}},
    }


def total(table: str, column: str) -> dict[str, Any]:
    return {"label": "和", "from": table, "take": "sum", "of": column, "range": [0, 1000]}


@pytest.mark.parametrize(
    ("tables", "column"),
    [
        (("select", "order"), "group"),
        (("years", "years_facts"), "value"),
        (("companies_file", "source_rows"), "rows_read"),
        (("财务", "表_2"), "金额"),
        (("patents_file", "main"), "memory"),
    ],
)
def test_two_tables_are_never_taken_for_each_other(tables: tuple[str, str], column: str) -> None:
    one, other = tables
    data = pack(
        tables={one: child(column), other: child(column)},
        facts={"a": total(one, column), "b": total(other, column)},
        criteria=half({"c": criterion({"formula": "a * 10 + b", "max": 100})}),
    )
    rows = {
        one: [{"company_id": "x", "no": "1", column: 3}],
        other: [{"company_id": "x", "no": "1", column: 2}, {"company_id": "x", "no": "2", column: 2}],
    }
    [found] = results(data, [{"company_id": "x", "name": "甲"}], children=rows, absence={one: "zero", other: "zero"})
    assert float(found["c.points"]) == 34


def test_every_relation_of_a_run_is_known_to_the_contract(monkeypatch: pytest.MonkeyPatch) -> None:
    """A relation that is missing there could be the name of a pack's table."""
    seen: set[str] = set()
    screen = laboratory.screen

    def watched(running: Any, *rest: Any) -> None:
        screen(running, *rest)
        tables = (
            "SELECT table_name FROM duckdb_tables() UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal"
        )
        seen.update(name for (name,) in running.rows(tables))

    monkeypatch.setattr(laboratory, "screen", watched)
    data = pack(
        domains={"甲": {"label": "甲", "directions": {"甲1": {"label": "甲一"}}}},
        lexicon={"甲1": {"strong": ["设备"]}},
        criteria=half({"c": criterion({"when": "true", "points": 1})}),
    )
    for column in ("products", "description", "business_scope", "industry_name", "industry_code", "company_type"):
        data["tables"]["companies"]["columns"][column] = {"type": "text"}
    results(data, [{"company_id": "x", "name": "甲", "products": "设备"}])
    assert "lexicon_terms" in seen
    assert {name for name in seen if not is_relation(name)} == {"companies", "companies as stored"}
