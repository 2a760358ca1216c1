"""Facts over child rows: what counts, what is zero, what is unknown and why."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from screening import strict_yaml
from screening.engine.inputs import Inputs
from screening.engine.pipeline import screen
from screening.engine.session import session
from tests.engine.laboratory import AS_OF, criterion, half, pack, parsed, results

CASES = strict_yaml.read(Path(__file__).with_name("facts.yaml")).data["cases"]
TABLE = {
    "label": "年度",
    "grain": "一行一年",
    "key": ["company_id", "fiscal_year"],
    "parent": "companies",
    "fiscal_year": "fiscal_year",
    "columns": {
        "company_id": {"type": "code"},
        "fiscal_year": {"type": "integer"},
        "revenue": {"type": "decimal"},
        "profit": {"type": "decimal"},
        "dated_on": {"type": "date"},
        "ends_on": {"type": "date"},
        "grade": {"type": "category", "values": ["I", "II", "III"]},
    },
}


def day(value: Any) -> Any:
    return datetime.date.fromisoformat(value) if isinstance(value, str) and value[:2] == "20" else value


def fact(case: dict[str, Any]) -> dict[str, Any]:
    spec = {"label": "事实", "from": "years", **case["fact"]}
    if spec.get("type", "decimal") in ("decimal", "integer"):
        spec.setdefault("range", [0, 1000])
    return spec


def circumstances(case: dict[str, Any]) -> tuple[Any, ...]:
    """What holds for a whole table: whether it is there, what no row means, when it was searched."""
    return case["rows"] is None, case.get("absence", "unknown"), case.get("searched_on")


@pytest.fixture(scope="module")
def judged() -> dict[str, dict[str, Any]]:
    """The facts of the company of each case, by its name; cases of the same circumstances stand in one pack."""
    found: dict[str, dict[str, Any]] = {}
    for together in dict.fromkeys(map(circumstances, CASES)):
        absent, absence, searched_on = together
        cases = {f"c{n:02}": case for n, case in enumerate(CASES) if circumstances(case) == together}
        data = pack(
            tables={"years": TABLE},
            facts={f"f_{company}": fact(case) for company, case in cases.items()},
            criteria=half({"k": criterion({"when": "1 = 1", "points": 1})}),
        )
        years = [
            {"company_id": company, **{k: day(v) for k, v in row.items()}}
            for company, case in cases.items()
            for row in case["rows"] or ()
        ]
        rows = results(
            data,
            [{"company_id": company, "name": "试验"} for company in cases],
            "facts",
            children={} if absent else {"years": years},
            absence={"years": absence},
            searched_on={"years": day(searched_on)} if searched_on else {},
        )
        found |= {cases[row["company_id"]]["name"]: row for row in rows}
    return found


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_a_fact_over_child_rows(judged: dict[str, dict[str, Any]], case: dict[str, Any]) -> None:
    got, expected = judged[case["name"]], case["expect"]
    f = f"f_{got['company_id']}"
    assert got[f"{f}.reason"] == expected.get("reason")
    if "value" in expected:
        wanted = expected["value"]
        number = isinstance(wanted, float | int) and not isinstance(wanted, bool)
        assert got[f] == (Decimal(str(wanted)) if number else wanted)
    else:
        assert got[f] is None
    for end in ("low", "high"):
        if end in expected:
            assert got[f"{f}.{end}"] == expected[end]


def test_a_number_read_from_a_company_column_keeps_its_reason() -> None:
    data = pack(
        columns={"staff": {"type": "integer"}},
        facts={"s": {"label": "人数", "type": "integer", "range": [0, 9], "expr": "staff"}},
        criteria=half({"k": criterion({"when": "1 = 1", "points": 1})}),
    )
    rows = [{"company_id": "a", "name": "甲", "staff": 3}, {"company_id": "b", "name": "乙"}]
    known, missing = results(data, rows, "facts")
    assert (known["s"], known["s.reason"]) == (3, None)
    assert (missing["s"], missing["s.low"], missing["s.high"], missing["s.reason"]) == (None, 0, 9, "not_disclosed")
    unsupplied = results(data, rows, "facts", available={"companies": frozenset({"company_id", "name"})})[1]
    assert unsupplied["s.reason"] == "not_collected"


def test_a_quotient_with_a_zero_divisor_is_undefined_and_never_infinite() -> None:
    data = pack(
        columns={"a": {"type": "integer"}, "b": {"type": "integer"}},
        facts={"q": {"label": "比", "range": [0, 2], "expr": "a / b"}},
        criteria=half({"k": criterion({"when": "1 = 1", "points": 1})}),
    )
    got = results(data, [{"company_id": "c", "name": "试", "a": 1, "b": 0}], "facts")[0]
    assert (got["q"], got["q.low"], got["q.high"], got["q.reason"]) == (None, 0, 2, "undefined")


def test_a_fact_that_does_not_apply_is_neither_known_nor_missing() -> None:
    data = pack(
        columns={"a": {"type": "integer"}, "kind": {"type": "category", "values": ["x", "y"]}},
        facts={
            "k": {"label": "类", "type": "category", "values": ["x", "y"], "expr": "kind"},
            "f": {"label": "数", "type": "integer", "range": [0, 9], "expr": "a", "not_applicable_when": "k = 'x'"},
        },
        criteria=half(
            {
                "c": criterion({"of": "f", "at_least": 5, "points": 10}),
                "d": criterion({"when": "k = 'x'", "points": 10}),
            }
        ),
    )
    facts = results(data, [{"company_id": "c", "name": "试", "a": 3, "kind": "x"}], "facts")[0]
    assert (facts["f"], facts["f.reason"]) == (None, "not_applicable")
    scored = results(data, [{"company_id": "c", "name": "试", "a": 3, "kind": "x"}])[0]
    assert scored["c.reason"] == "not_applicable"
    assert scored["merit_coverage"] == 1


def test_a_fact_of_a_table_that_is_not_there_has_its_type_all_the_same(tmp_path: Path) -> None:
    """A column of nothing but untyped NULL cannot be taken up again by whoever judges a company at another value."""
    facts = {
        "certified": ({"take": "any", "type": "boolean"}, "BOOLEAN"),
        "last_seen": ({"take": "latest", "of": "dated_on", "type": "date", "window": {"on": "dated_on"}}, "DATE"),
        "revenue_now": ({"take": "sum", "of": "revenue", "type": "decimal", "range": [0, 1000]}, "DECIMAL"),
    }
    ready = parsed(
        pack(
            tables={"years": TABLE},
            facts={name: {"label": "事实", "from": "years", **spec} for name, (spec, _) in facts.items()},
            criteria=half({"k": criterion({"when": "1 = 1", "points": 1})}),
        ),
        AS_OF,
    )
    columns = dict.fromkeys((*ready.pack.tables["companies"].columns, "source_file", "source_sheet"), pl.String)
    row = pl.DataFrame([{"company_id": "c"}], schema={**columns, "source_row": pl.Int64})
    row.write_parquet(tmp_path / "companies.parquet")
    with session(tmp_path, threads=1, memory_limit="500MB") as running:
        offered = Inputs(AS_OF, {"companies": frozenset()}, {}, {})
        screen(running, ready, offered, {"companies": tmp_path / "companies.parquet"})
        kinds = dict(running.columns("facts"))
    assert '"NULL"' not in kinds.values()
    for name, (_, kind) in facts.items():
        assert kinds[name].startswith(kind)
