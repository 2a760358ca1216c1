"""The band of a score is sound always, and tight where each missing fact is used once; brute force is the judge."""

from __future__ import annotations

import itertools
import math
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.laboratory import criterion, half, pack, results

HIGHEST = 4
NUMBERS = ("a", "b")
VALUES = ("x", "y", "z")
FACTS = {
    **{n: {"label": n, "type": "integer", "range": [0, HIGHEST], "expr": n} for n in NUMBERS},
    "c": {"label": "c", "type": "category", "values": list(VALUES), "expr": "c"},
}
COLUMNS = {**{n: {"type": "integer"} for n in NUMBERS}, "c": {"type": "category", "values": list(VALUES)}}
COMPLETIONS = {**{n: range(HIGHEST + 1) for n in NUMBERS}, "c": VALUES}
ROWS = [
    {"company_id": f"{i:03d}", "name": "试验", "a": a, "b": b, "c": c}
    for i, (a, b, c) in enumerate(
        itertools.product([None, *range(HIGHEST + 1)], [None, *range(HIGHEST + 1)], [None, *VALUES])
    )
]

points = st.integers(0, 12).map(float)
number = st.sampled_from(NUMBERS)
bound = st.integers(-1, HIGHEST + 1)


@st.composite
def bands(draw: st.DrawFn) -> dict[str, Any]:
    rows = []
    for _ in range(draw(st.integers(1, 3))):
        low, high = sorted((draw(bound), draw(bound)))
        row: dict[str, Any] = {"points": draw(points)}
        if draw(st.booleans()):
            row[draw(st.sampled_from(["from", "above"]))] = low
        if draw(st.booleans()):
            row[draw(st.sampled_from(["to", "up_to"]))] = high + 1
        rows.append(row)
    return {"of": draw(number), "bands": rows}


@st.composite
def thresholds(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(["at_least", "above", "at_most", "below"]))
    return {"of": draw(number), kind: draw(bound), "points": draw(points), "otherwise": draw(points)}


@st.composite
def lines(draw: st.DrawFn) -> dict[str, Any]:
    knots = sorted(draw(st.sets(bound, min_size=2, max_size=4)))
    return {"of": draw(number), "points": [[at, draw(points)] for at in knots]}


@st.composite
def conditions(draw: st.DrawFn) -> str:
    one = st.one_of(
        st.tuples(number, st.sampled_from(["<", "<=", ">", ">=", "=", "<>"]), bound).map(
            lambda t: f"{t[0]} {t[1]} {t[2]}"
        ),
        st.sampled_from(VALUES).map(lambda v: f"c = '{v}'"),
        st.lists(st.sampled_from(VALUES), min_size=1, max_size=2, unique=True).map(
            lambda v: "c in (" + ", ".join(f"'{i}'" for i in v) + ")"
        ),
    )
    first, second = draw(one), draw(one)
    return draw(st.sampled_from([first, f"{first} and {second}", f"{first} or {second}", f"not ({first})"]))


whens = st.builds(lambda w, p, o: {"when": w, "points": p, "otherwise": o}, conditions(), points, points)
per_units = st.builds(
    lambda of, p, s, c: {"of": of, "per_unit": p, "step": s, "cap": c},
    number,
    st.integers(1, 4).map(float),
    st.integers(1, 3),
    st.integers(1, 9).map(float),
)
lookups = st.builds(
    lambda keys, ps, o: {"of": "c", "lookup": dict(zip(keys, ps, strict=False)), "otherwise": o},
    st.lists(st.sampled_from(VALUES), min_size=1, max_size=3, unique=True),
    st.lists(points, min_size=3, max_size=3),
    points,
)
formulas = st.sampled_from(["a * 2", "a + b", "a - b", "a * b", "case when a > b then a else b end"]).map(
    lambda f: {"formula": f, "min": 0.0, "max": 10.0}
)
simple = st.one_of(bands(), thresholds(), lines(), whens, per_units, lookups, formulas)
functions = st.recursive(
    simple,
    lambda inner: st.one_of(
        st.builds(lambda f: {"best_of": f}, st.lists(inner, min_size=2, max_size=3)),
        st.builds(
            lambda f, c: {"sum_of": f, "cap": c}, st.lists(inner, min_size=2, max_size=3), st.integers(1, 20).map(float)
        ),
        st.builds(
            lambda cs, o: {"cases": [{"when": w, "score": f} for w, f in cs], "otherwise": o},
            st.lists(st.tuples(conditions(), inner), min_size=1, max_size=2),
            points,
        ),
        st.builds(
            lambda keys, fs, o: {"switch": "c", "to": dict(zip(keys, fs, strict=False)), "otherwise": o},
            st.lists(st.sampled_from(VALUES), min_size=1, max_size=3, unique=True),
            st.lists(inner, min_size=3, max_size=3),
            points,
        ),
    ),
    max_leaves=4,
)


def truth(text: str, row: dict[str, Any]) -> bool:
    """Evaluate the small grammar of `conditions` in Python."""
    listed = re.sub(r"in \(([^)]*)\)", r"in [\1]", text)
    return bool(eval(listed.replace("<>", "!=").replace(" = ", " == "), {}, row))


def worth(function: dict[str, Any], row: dict[str, Any]) -> float:
    """Points of a scoring function for known facts: written apart from the compiler, to judge it."""
    if "best_of" in function:
        return max(worth(f, row) for f in function["best_of"])
    if "sum_of" in function:
        return min(sum(worth(f, row) for f in function["sum_of"]), function["cap"])
    if "cases" in function:
        found = next((c["score"] for c in function["cases"] if truth(c["when"], row)), None)
        return function["otherwise"] if found is None else worth(found, row)
    if "switch" in function:
        chosen = function["to"].get(row["c"])
        return function["otherwise"] if chosen is None else worth(chosen, row)
    if "when" in function:
        return function["points"] if truth(function["when"], row) else function["otherwise"]
    if "lookup" in function:
        return function["lookup"].get(row["c"], function["otherwise"])
    if "formula" in function:
        value = {
            "a * 2": row["a"] * 2,
            "a + b": row["a"] + row["b"],
            "a - b": row["a"] - row["b"],
            "a * b": row["a"] * row["b"],
        }.get(function["formula"], max(row["a"], row["b"]))
        return min(max(float(value), 0.0), 10.0)
    value = row[function["of"]]
    if "per_unit" in function:
        return max(min(math.floor(value / function["step"]) * function["per_unit"], function["cap"]), 0.0)
    if isinstance(function["points"], list) if "points" in function else False:
        return on_line(function["points"], value)
    if "bands" in function:
        return next((b["points"] for b in function["bands"] if within(b, value)), 0.0)
    reached = {
        "at_least": lambda x: value >= x,
        "above": lambda x: value > x,
        "at_most": lambda x: value <= x,
        "below": lambda x: value < x,
    }
    kind = next(k for k in reached if k in function)
    return function["points"] if reached[kind](function[kind]) else function["otherwise"]


def within(band: dict[str, Any], value: float) -> bool:
    return (
        value >= band.get("from", -math.inf)
        and value > band.get("above", -math.inf)
        and value < band.get("to", math.inf)
        and value <= band.get("up_to", math.inf)
    )


def on_line(knots: list[list[float]], value: float) -> float:
    if value <= knots[0][0]:
        return knots[0][1]
    for (x0, y0), (x1, y1) in itertools.pairwise(knots):
        if value < x1:
            return y0 + (y1 - y0) * (value - x0) / (x1 - x0)
    return knots[-1][1]


def mentions(function: Any, name: str) -> int:
    """How often a function uses a fact."""
    if isinstance(function, dict):
        return sum(mentions(v, name) for v in function.values())
    if isinstance(function, list):
        return sum(mentions(v, name) for v in function)
    if isinstance(function, str):
        return sum(word == name for word in function.replace("(", " ").replace(")", " ").split())
    return 0


def uses(function: dict[str, Any], name: str) -> int:
    return mentions(function, name) + (
        str(function).count("'lookup'") + str(function).count("'switch'") if name == "c" else 0
    )


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(function=functions)
def test_no_completion_of_missing_facts_leaves_the_band(function: dict[str, Any]) -> None:
    found = results(pack(columns=COLUMNS, facts=FACTS, criteria=half({"k": criterion(function)})), ROWS)
    for row, got in zip(ROWS, found, strict=True):
        missing = [n for n in COMPLETIONS if row[n] is None]
        worlds = [
            worth(function, {**row, **dict(zip(missing, chosen, strict=True))})
            for chosen in itertools.product(*(COMPLETIONS[n] for n in missing))
        ]
        low, high = float(got["k.low"]), float(got["k.high"])
        assert low <= min(worlds) + 0.005, (row, function)
        assert high >= max(worlds) - 0.005, (row, function)
        if not missing:
            assert got["k.low"] == got["k.high"] == got["k.points"]
        if all(uses(function, n) <= 1 for n in missing) and "formula" not in str(function):
            assert low == pytest.approx(min(worlds), abs=0.006), (row, function)
            assert high == pytest.approx(max(worlds), abs=0.006), (row, function)
        assert got["k.low"] <= got["k.points"] <= got["k.high"]
        assert isinstance(got["k.points"], Decimal)
