"""What does not apply plays no part; what may not apply is open; what is known of a sum is kept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.engine.laboratory import criterion, half, pack, results

D = Decimal
COLUMNS = {
    "kind": {"type": "category", "values": ["new", "renewal"]},
    "sold": {"type": "decimal"},
    "kept": {"type": "decimal"},
    "grown": {"type": "decimal"},
}


def number(name: str, **more: Any) -> dict[str, Any]:
    return {"label": name, "type": "decimal", "range": [0, 100], "expr": name, **more}


RENEWAL_ONLY = {"not_applicable_when": "kind = 'new'"}
FACTS = {
    "kind": {"label": "申报类型", "type": "category", "values": ["new", "renewal"], "expr": "kind"},
    "sold": number("sold"),
    "kept": number("kept", **RENEWAL_ONLY),
    "grown": number("grown", **RENEWAL_ONLY),
    "both": number("kept + sold"),
    "share": number("kept / sold"),
    "larger": number("greatest(kept, sold)"),
    "chosen": number("case when kind = 'renewal' then kept else sold end"),
    "only": number("kept + grown"),
}
ROWS = [
    {"company_id": "new", "kind": "new", "sold": D(10), "kept": D(30), "grown": D(5)},
    {"company_id": "old", "kind": "renewal", "sold": D(10), "kept": D(30), "grown": D(5)},
    {"company_id": "open", "kind": None, "sold": D(10), "kept": D(30), "grown": D(5)},
]


def by_company(relation: str, **sections: Any) -> dict[str, dict[str, Any]]:
    rows = [{"name": "试验", "entity_kind": "company", **row} for row in ROWS]
    found = results(pack(columns=COLUMNS, facts=FACTS, **sections), rows, relation)
    return {row["company_id"]: row for row in found}


def test_a_fact_computed_from_what_does_not_apply_leaves_it_out_or_does_not_apply() -> None:
    got = by_company("facts", criteria=half({"k": criterion({"of": "sold", "at_least": 1, "points": 1.0})}))
    new, old, open_ = got["new"], got["old"], got["open"]
    assert (new["kept"], new["kept.reason"], new["kept.low"], new["kept.high"]) == (None, "not_applicable", 0, 100)
    assert [new[f] for f in ("both", "larger", "chosen")] == [10, 10, 10]
    assert [new[f"{f}.reason"] for f in ("share", "only")] == ["not_applicable"] * 2
    assert [old[f] for f in ("kept", "both", "share", "larger", "chosen", "only")] == [30, 40, 3, 30, 30, 35]
    # Whether it applies is not known: the fact is open, for that reason.
    assert (open_["kept"], open_["kept.reason"], open_["kept.low"], open_["kept.high"]) == (
        None,
        "not_disclosed",
        0,
        100,
    )


def gate(condition: str, **more: Any) -> dict[str, Any]:
    return {
        "label": "门槛", "set_by": "fund", "effect": "reject", "on_unknown": "review", "message": "不通过",
        "fails_when": condition, **more,
    }  # fmt: skip


GATES = (
    ("kept < 50", "not_applicable", "failed", "unknown"),
    ("kept > 50", "not_applicable", "passed", "unknown"),
    ("not (kept >= 50)", "not_applicable", "failed", "unknown"),
    ("kept < 50 or sold > 50", "passed", "failed", "unknown"),
    ("kept < 50 and sold < 50", "failed", "failed", "unknown"),
    ("kept > 50 and sold < 50", "failed", "passed", "unknown"),
    ("kept < 50 and grown < 50", "not_applicable", "failed", "unknown"),
    ("(kept < 50 or grown < 50) and sold < 50", "failed", "failed", "unknown"),
    ("share > 2", "not_applicable", "failed", "unknown"),
    ("case when kept > 20 then sold > 5 else sold > 50 end", "passed", "failed", "unknown"),
    ("sold > 50", "passed", "passed", "passed"),
)
"""What fails a gate, and what it says of each company. All stand in one pack: the engine is asked once."""


@pytest.fixture(scope="module")
def judged() -> dict[str, dict[str, Any]]:
    return by_company("gates", gates={f"g{n}": gate(condition) for n, (condition, *_) in enumerate(GATES)})


@pytest.mark.parametrize("number", range(len(GATES)), ids=[condition for condition, *_ in GATES])
def test_a_gate_looks_only_at_what_applies(judged: dict[str, dict[str, Any]], number: int) -> None:
    assert [judged[c][f"g{number}.status"] for c in ("new", "old", "open")] == [*GATES[number][1:]]


FIVE = {"of": "kept", "at_least": 20, "points": 5.0}
TWO = {"of": "sold", "at_least": 5, "points": 2.0}
THREE = {"of": "grown", "at_least": 5, "points": 3.0}


SCORES: tuple[tuple[dict[str, Any], int | None, int], ...] = (
    (FIVE, None, 5),
    ({"best_of": [FIVE, TWO]}, 2, 5),
    ({"sum_of": [FIVE, TWO], "cap": 9.0}, 2, 7),
    ({"sum_of": [FIVE, THREE], "cap": 9.0}, None, 8),
    ({"best_of": [FIVE, {"sum_of": [THREE, TWO], "cap": 9.0}]}, 2, 5),
    ({"when": "kept > 20 and sold > 5", "points": 4.0}, 4, 4),
    ({"when": "kept > 20", "points": 4.0}, None, 4),
    ({"cases": [{"when": "kept > 20", "points": 4.0}, {"when": "sold > 5", "points": 1.0}]}, 1, 4),
    ({"cases": [{"when": "sold > 5", "score": FIVE}]}, None, 5),
    ({"switch": "kind", "to": {"new": TWO, "renewal": FIVE}}, 2, 5),
    ({"formula": "kept + sold", "max": 100.0}, 10, 40),
    ({"formula": "kept / sold", "max": 100.0}, None, 3),
)  # fmt: skip
"""A score, and what it gives the new and the old company."""


@pytest.fixture(scope="module")
def scored() -> dict[str, dict[str, Any]]:
    criteria = {f"k{n}": criterion(score) for n, (score, _, _) in enumerate(SCORES)}
    return by_company("criteria", criteria=half({**criteria, "other": criterion(TWO)}))


@pytest.mark.parametrize("number", range(len(SCORES)))
def test_a_score_counts_only_what_applies(scored: dict[str, dict[str, Any]], number: int) -> None:
    _, new, old = SCORES[number]
    k = f"k{number}"
    assert scored["old"][f"{k}.points"] == scored["old"][f"{k}.low"] == scored["old"][f"{k}.high"] == old
    if new is None:
        assert scored["new"][f"{k}.reason"] == "not_applicable"
        assert scored["new"][f"{k}.contribution"] == scored["new"][f"{k}.weight"] == 0
    else:
        assert [scored["new"][f"{k}.{end}"] for end in ("reason", "low", "high")] == [None, new, new]


def test_a_route_and_a_floor_on_what_does_not_apply_do_not_decide() -> None:
    verdict = {"label": "结论", "weights": {"merit": 1.0}, "set_by": "fund"}
    one = criterion(FIVE)
    two = criterion(TWO)
    cases = [
        ({"shortlist_when": "merit >= 2", "routes": {}}, "shortlisted"),
        ({"shortlist_when": "merit >= 2 and k >= 5"}, "shortlisted"),
        (
            {"shortlist_when": "merit >= 50", "routes": {"r": {"label": "直接", "set_by": "fund", "when": "kept > 1"}}},
            "ranked",
        ),
    ]
    for more, expected in cases:
        got = by_company("ranking", verdict=verdict | more, criteria=half({"k": one, "other": two}))
        assert got["new"]["outcome"] == expected, more


ROUNDS = {
    "label": "融资", "grain": "一行一轮", "key": ["company_id", "round"], "parent": "companies",
    "columns": {
        "company_id": {"type": "code"}, "round": {"type": "text"}, "closed": {"type": "date"},
        "amount": {"type": "decimal", "unit": "cny", "range": [0, 1000]}, "gain": {"type": "decimal"},
    },
}  # fmt: skip


SUMS: tuple[tuple[dict[str, Any], list[int | None], int, int], ...] = (
    ({"take": "sum", "of": "amount"}, [30, None, 20], 50, 1050),
    ({"take": "sum", "of": "amount"}, [30, 20], 50, 50),
    ({"take": "sum", "of": "amount", "where": "round = 'a'"}, [30, None], 30, 30),
    ({"take": "sum", "of": "gain", "range": [-5000, 5000]}, [30, None], -5000, 5000),
    ({"take": "max", "of": "amount"}, [30, None, 20], 30, 5000),
    ({"take": "min", "of": "amount"}, [30, None, 20], 0, 20),
    ({"take": "min", "of": "amount", "where": "round = 'a'"}, [30, None], 30, 30),
    ({"take": "max", "of": "amount"}, [None], 0, 5000),
    ({"take": "distinct", "of": "amount"}, [30, None, 20], 2, 5000),
    ({"take": "mean", "of": "amount"}, [30, None], 0, 5000),
)
"""A fact, the amounts of a company's rounds, and the bounds of what is known."""


@pytest.fixture(scope="module")
def summed() -> list[dict[str, Any]]:
    """Each company has its own rounds, and every fact looks at every company."""
    rows = [
        {
            "company_id": str(n),
            "round": "abc"[i],
            "amount": None if a is None else D(a),
            "gain": None if a is None else D(a),
        }
        for n, (_, amounts, _, _) in enumerate(SUMS)
        for i, a in enumerate(amounts)
    ]
    data = pack(
        tables={"rounds": ROUNDS},
        facts={
            f"f{n}": {"label": "合计", "type": "decimal", "range": [0, 5000], "from": "rounds", **fact}
            for n, (fact, *_) in enumerate(SUMS)
        },
        criteria=half({"k": criterion({"of": "f0", "at_least": 1, "points": 1.0})}),
    )
    companies = [{"company_id": str(n), "name": "试验"} for n in range(len(SUMS))]
    return results(data, companies, "facts", children={"rounds": rows})


@pytest.mark.parametrize("number", range(len(SUMS)))
def test_an_aggregate_with_an_undisclosed_part_keeps_the_bound_of_the_others(
    summed: list[dict[str, Any]], number: int
) -> None:
    got, (_, _, low, high) = summed[number], SUMS[number]
    assert got["company_id"] == str(number)
    assert (got[f"f{number}.low"], got[f"f{number}.high"]) == (low, high)
    assert got[f"f{number}"] == (low if low == high else None)
