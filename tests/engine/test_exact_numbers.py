"""Numbers are decimal to the reader and decimal inside: on a bound and one unit beside it, exact fractions are the judge."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.laboratory import criterion, half, pack, results

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

AMOUNT = {"type": "decimal", "unit": "cny"}
NUMBER = {"type": "decimal"}
WIDEST = [-1000000000000000.0, 1000000000000000.0]


def fact(expr: str, **more: Any) -> dict[str, Any]:
    return {"label": "事实", "type": "decimal", "range": WIDEST, "expr": expr, **more}


def scored(score: dict[str, Any], rows: Sequence[dict[str, Any]], facts: dict[str, Any]) -> list[Decimal]:
    """Points of one criterion for rows of company columns; every band must be closed."""
    columns = dict.fromkeys(sorted({name for row in rows for name in row}), NUMBER)
    companies = [{"company_id": f"{i:03d}", "name": "试验", **row} for i, row in enumerate(rows)]
    got = results(pack(columns=columns, facts=facts, criteria=half({"k": criterion(score)})), companies)
    assert all(row["k.low"] == row["k.high"] for row in got)
    return [row["k.points"] for row in got]


D = Decimal


def test_full_steps_of_ten_percent_are_counted_as_a_reader_counts_them() -> None:
    shares = ["0.1", "0.29999999", "0.3", "0.3000001", "0.6", "0.7", "0.69999999", "0.9", "1.1"]
    points = scored(
        {"of": "s", "per_unit": 1.0, "step": "10%", "cap": 20.0}, [{"s": D(s)} for s in shares], {"s": fact("s")}
    )
    assert points == [1, 2, 3, 3, 6, 7, 6, 9, 11]


@pytest.mark.parametrize(
    ("step", "shares", "expected"),
    [
        ("5%", ["0.15", "0.35", "0.55", "0.1499999"], [3, 7, 11, 2]),
        ("7%", ["0.07", "0.21", "0.49", "0.4899999"], [1, 3, 7, 6]),
        ("300万元", ["900000000", "899999999.99", "9000000000000", "8999999999999"], [300, 299, 3000000, 2999999]),
        (0.3, ["0.9", "2.1", "0.8999999999"], [3, 7, 2]),
    ],
)
def test_full_steps_of_any_size(step: str | float, shares: list[str], expected: list[int]) -> None:
    score = {"of": "s", "per_unit": 1.0, "step": step, "cap": 9000000.0}
    assert scored(score, [{"s": D(s)} for s in shares], {"s": fact("s")}) == expected


HOLDING = [
    ("a + b > 0.3", [("0.1", "0.2"), ("0.1", "0.2000000001"), ("0.15", "0.15")], [0, 1, 0]),
    ("a + b <= 0.3", [("0.1", "0.2"), ("0.1", "0.2000000001"), ("0.05", "0.25")], [1, 0, 1]),
    ("a < b * 1.1", [("3300000", "3000000"), ("3299999.99", "3000000"), ("33", "30")], [0, 1, 0]),
    ("a >= b * 1.15", [("115", "100"), ("114.99", "100"), ("11500000000000", "10000000000000")], [1, 0, 1]),
    ("a / b >= 0.03", [("3", "100"), ("299999999999", "10000000000000"), ("0.3", "10")], [1, 0, 1]),
    ("a / b - 1 >= 0.015", [("101500", "100000"), ("101499", "100000"), ("1015", "1000")], [1, 0, 1]),
    ("(a - b) / b >= 0.15", [("345", "300"), ("344.99", "300"), ("11500000000000", "10000000000000")], [1, 0, 1]),
    ("a / b * 3 >= 1", [("1", "3"), ("9999999999999", "30000000000000"), ("7", "21")], [1, 0, 1]),
    ("a / b + a / b + a / b = 1", [("1", "3"), ("2", "6"), ("9999999999999", "29999999999998")], [1, 1, 0]),
    ("floor(a * 100) = 29", [("0.29", "0"), ("0.2899999", "0"), ("0.2999999", "0")], [1, 0, 1]),
    ("ceil(a * 100) = 57", [("0.57", "0"), ("0.5700001", "0"), ("0.5600001", "0")], [1, 0, 1]),
    ("floor(a / b) = 7", [("0.7", "0.1"), ("0.6999999", "0.1"), ("2.1", "0.3")], [1, 0, 1]),
    ("round(a, 2) = 0.02", [("0.015", "0"), ("0.0149999", "0"), ("0.0249999", "0")], [1, 0, 1]),
    ("round(a / b, 2) = 0.08", [("15", "200"), ("14.9999999", "200"), ("16.99", "200")], [1, 0, 1]),
    ("abs(a - b) <= 0.1", [("1.1", "1"), ("0.3", "0.2"), ("1.1000001", "1")], [1, 1, 0]),
    ("a / b - 0.3 > 0", [("3", "10"), ("0.9", "3"), ("3.0000001", "10")], [0, 0, 1]),
    ("a >= 1000000001", [("1000000001", "0"), ("1000000000.99", "0"), ("10000000000000", "0")], [1, 0, 1]),
    ("a = 10000000000000.01", [("10000000000000.01", "0"), ("10000000000000", "0"), ("10000000000000.02", "0")], [1, 0, 0]),
    ("a in (3.3, 5)", [("3.3", "3"), ("5", "1"), ("3.3000001", "3")], [1, 1, 0]),
    ("case when a > b then a / b else b / a end >= 1.1", [("330", "300"), ("300", "330"), ("329", "300")], [1, 1, 0]),
    ("least(a * 1.1, b) < 3.3", [("3", "4"), ("2.9999999", "4"), ("3", "3.2")], [0, 1, 1]),
    # DuckDB rounds the value of a choice whose types need more than 38 digits together.
    ("case when a > b then a * 1.23456789 * 1.1 else a / b end = 0.35", [("0.35", "1"), ("0.4", "1"), ("7", "20")], [1, 0, 1]),
    ("greatest(a * 1.23456789 * 12, b / 3) > 3.4", [("0.1", "10.5"), ("0.1", "10.2"), ("0.25", "1")], [1, 0, 1]),
    ("least(a * a, b * 1.1) < 0.5", [("0.7", "3"), ("0.71", "3"), ("3", "0.4")], [1, 0, 1]),
]  # fmt: skip


@pytest.fixture(scope="module")
def judged() -> dict[str, list[bool | None]]:
    """Every condition over every row, in one run."""
    rows = [{"company_id": f"{i:03d}", "name": "试验", "a": D(a), "b": D(b)} for i, (a, b) in enumerate(_rows())]
    facts = {n: fact(n) for n in "ab"} | {
        f"t{i}": {"label": "判断", "type": "boolean", "expr": condition} for i, (condition, _, _) in enumerate(HOLDING)
    }
    got = results(pack(columns={"a": NUMBER, "b": NUMBER}, facts=facts), rows, "facts")
    return {condition: [row[f"t{i}"] for row in got] for i, (condition, _, _) in enumerate(HOLDING)}


def _rows() -> list[tuple[str, str]]:
    return list(dict.fromkeys(row for _, rows, _ in HOLDING for row in rows))


@pytest.mark.parametrize(("condition", "rows", "expected"), HOLDING, ids=[c for c, _, _ in HOLDING])
def test_a_condition_holds_as_it_reads(
    condition: str, rows: list[tuple[str, str]], expected: list[int], judged: dict[str, list[bool | None]]
) -> None:
    places = _rows()
    assert [judged[condition][places.index(row)] for row in rows] == [bool(e) for e in expected]


def test_a_fact_that_is_a_quotient_meets_its_bound_exactly() -> None:
    rows = [("3", "100"), ("2.96", "100"), ("2.9999999", "100"), ("299999999999", "10000000000000"), ("1", "3")]
    bands = {"of": "r", "bands": [{"from": "3%", "points": 5.0}, {"points": 0.0}]}
    points = scored(
        bands,
        [{"a": D(a), "b": D(b)} for a, b in rows],
        {"a": fact("a"), "b": fact("b"), "r": fact("a / b", unit="ratio")},
    )
    assert points == [5, 0, 0, 0, 5]


def test_half_a_cent_rounds_up_in_every_total() -> None:
    def of(name: str, weight: float) -> dict[str, Any]:
        return {
            "label": name,
            "pillars": {
                f"{name}_all": {
                    "label": name,
                    "criteria": {f"{name}_k": criterion({"formula": name, "max": 100.0}, weight=weight)},
                }
            },
        }

    verdict = {
        "label": "结论",
        "weights": {"fit": 0.25, "merit": 0.75},
        "shortlist_when": "score >= 60",
        "set_by": "fund",
    }
    data = pack(
        columns={"f": NUMBER, "m": NUMBER},
        facts={"fa": fact("f"), "me": fact("m")},
        criteria={"fit": of("fa", 100.0), "merit": of("me", 100.0)},
        verdict=verdict,
    )
    rows = [("59.98", "60.00"), ("59.94", "60.02"), ("59.96", "60.00"), ("0.02", "0.02")]
    companies = [
        {"company_id": f"{i}", "name": "试验", "f": D(f), "m": D(m), "entity_kind": "company"}
        for i, (f, m) in enumerate(rows)
    ]
    got = results(data, companies, "ranking")
    assert [r["score"] for r in got] == [D("60.00"), D("60.00"), D("59.99"), D("0.02")]
    assert [r["outcome"] for r in got] == ["shortlisted", "shortlisted", "ranked", "ranked"]


YEARS = {
    "label": "财务",
    "grain": "一行一年",
    "key": ["company_id", "fiscal_year"],
    "parent": "companies",
    "fiscal_year": "fiscal_year",
    "columns": {
        "company_id": {"type": "code"},
        "fiscal_year": {"type": "integer"},
        "rd": {"type": "decimal", "unit": "cny"},
        "revenue": {"type": "decimal", "unit": "cny"},
    },
}


@pytest.mark.parametrize(
    ("take", "bound", "years", "reached"),
    [
        ("mean", "0.03", [("2.99996", "100")], False),
        ("mean", "0.03", [("3", "100"), ("6", "200"), ("0.3", "10")], True),
        ("mean", "0.2", [("1", "10"), ("2", "10"), ("3", "10")], True),
        ("mean", "0.2", [("1", "10"), ("2", "10"), ("2.999999999", "10")], False),
        ("sum", "0.09", [("2.99996", "100"), ("3", "100"), ("3", "100")], False),
        ("sum", "1", [("1", "3"), ("1", "3"), ("1", "3")], True),
        ("sum", "0.3", [("1", "10"), ("2", "10")], True),
        ("max", "0.03", [("2.99996", "100"), ("1", "100")], False),
        ("min", "0.07", [("7", "100"), ("0.7", "10")], True),
        ("latest", "0.03", [("5", "100"), ("2.9999999", "100")], False),
    ],
)
def test_an_aggregate_of_ratios_rounds_once_at_its_end(
    take: str, bound: str, years: list[tuple[str, str]], reached: bool
) -> None:
    rows = [
        {"company_id": "1", "fiscal_year": 2020 + i, "rd": D(rd), "revenue": D(revenue)}
        for i, (rd, revenue) in enumerate(years)
    ]
    of_rows = {"label": "比例", "type": "decimal", "unit": "ratio", "range": [0, 10], "from": "years"}
    data = pack(
        tables={"years": YEARS},
        facts={"r": {**of_rows, "take": take, "of": "rd / revenue"}},
        criteria=half({"k": criterion({"of": "r", "at_least": float(bound), "points": 1.0})}),
    )
    got = results(data, [{"company_id": "1", "name": "试验"}], children={"years": rows})
    assert got[0]["k.low"] == got[0]["k.high"] == (1 if reached else 0)


@pytest.mark.parametrize(
    ("take", "bound", "revenues", "reached"),
    [
        ("growth", 0.1, ["0", "0", "3000000", "3300000"], True),
        ("growth", 0.1, ["0", "0", "3000000", "3299999.99"], False),
        ("growth", 0.15, ["0", "0", "10000000000000", "11499999999999"], False),
        ("cagr", 0.1, ["1000", "1100", "1210", "1331"], True),
        ("cagr", 0.1, ["1000", "1100", "1210", "1330.99"], False),
        ("mean_growth", 0.2, ["100", "110", "132", "171.6"], True),
        ("mean_growth", 0, ["100", "150", "75", "75"], True),
        ("mean_growth", 0.2, ["100", "110", "132", "171.59"], False),
    ],
)
def test_a_rate_of_growth_meets_its_bound_exactly(take: str, bound: float, revenues: list[str], reached: bool) -> None:
    rows = [{"company_id": "1", "fiscal_year": 2022 + i, "revenue": D(value)} for i, value in enumerate(revenues)]
    of_rows = {"label": "增长", "type": "decimal", "unit": "ratio", "range": [-1, 10], "from": "years"}
    window = {} if take == "growth" else {"window": {"fiscal_years": 3}}
    data = pack(
        tables={"years": YEARS},
        facts={"g": {**of_rows, "take": take, "of": "revenue", **window}},
        criteria=half({"k": criterion({"of": "g", "at_least": float(bound), "points": 1.0})}),
    )
    got = results(data, [{"company_id": "1", "name": "试验"}], children={"years": rows})
    assert got[0]["k.low"] == got[0]["k.high"] == (1 if reached else 0)


@pytest.mark.parametrize(
    ("values", "bound", "expected"),
    [
        (["2", "1", "6"], "0.6666", [1, 0, 1]),
        (["0.2", "0.3", "0.4"], "1", [0, 1, 1]),
        (["3000000000001", "3000000000001", "3000000000001"], "1", [1, 1, 1]),
        (["0.1", "0.2", "0.3"], "0.5", [1, 1, 1]),
        (["0.0999999", "0.2", "0.3000001"], "0.5", [0, 1, 1]),
    ],
)
def test_the_ratio_to_the_mean_of_peers_is_exact(values: list[str], bound: str, expected: list[int]) -> None:
    score = {"of": "v", "relative": "to_mean", "bands": [{"from": bound, "points": 1.0}, {"points": 0.0}]}
    score["bands"] = [{"from": float(bound), "points": 1.0}, {"points": 0.0}]
    assert scored(score, [{"v": D(v)} for v in values], {"v": fact("v")}) == expected


def test_a_mean_of_nothing_or_less_measures_nobody() -> None:
    score = {"of": "v", "relative": "to_mean", "bands": [{"from": 1.0, "points": 5.0}, {"points": 0.0}]}
    data = pack(columns={"v": NUMBER}, facts={"v": fact("v")}, criteria=half({"k": criterion(score)}))
    for values in (["-3", "1", "1"], ["0", "0"], ["-1", "1"]):
        companies = [{"company_id": f"{i}", "name": "试验", "v": D(v)} for i, v in enumerate(values)]
        for row in results(data, companies):
            assert (row["k.low"], row["k.high"], row["k.reason"]) == (0, 5, "undefined")


@pytest.mark.parametrize(("at", "height"), [("0.1", "2.22"), ("0.3", "6.67"), ("0.45", "10"), ("0.0225", "0.5")])
def test_a_line_is_as_high_as_a_ruler_says(at: str, height: str) -> None:
    score = {"of": "v", "points": [[0, 0.0], ["45%", 10.0]]}
    assert scored(score, [{"v": D(at)}], {"v": fact("v", unit="ratio")}) == [D(height)]


# --- on and one unit beside every bound -----------------------------------------------------------------------------------

SHARES = ["0.03", "0.1", "0.15", "0.29", "0.3", "0.57", "1.1", "1.15", "0.005", "0.07"]

Truth = tuple[str, "Callable[[Fraction, Fraction, Fraction], bool]"]
CONDITIONS: list[Truth] = [
    ("a / b >= {r}", lambda a, b, r: a / b >= r),
    ("a / b > {r}", lambda a, b, r: a / b > r),
    ("a / b = {r}", lambda a, b, r: a / b == r),
    ("a < b * {r}", lambda a, b, r: a < b * r),
    ("a - b * {r} >= 0", lambda a, b, r: a - b * r >= 0),
    ("(a - b) / b >= {r} - 1", lambda a, b, r: (a - b) / b >= r - 1),
    ("a / b - 1 >= {r} - 1", lambda a, b, r: a / b - 1 >= r - 1),
    ("a / b * 100 >= {r} * 100", lambda a, b, r: a / b * 100 >= r * 100),
    ("q >= {r}", lambda a, b, r: a / b >= r),
    ("q - {r} > 0", lambda a, b, r: a / b - r > 0),
    ("floor(q / {r}) >= 1", lambda a, b, r: math.floor(a / b / r) >= 1),
    ("ceil(a / b / {r}) <= 1", lambda a, b, r: math.ceil(a / b / r) <= 1),
    ("a / 10000 >= b * {r} / 10000", lambda a, b, r: a >= b * r),
]


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(SHARES), st.integers(0, 13), st.integers(1, 9999)), min_size=12, max_size=12))
def test_on_and_one_unit_beside_every_bound_the_engine_agrees_with_exact_fractions(
    drawn: list[tuple[str, int, int]],
) -> None:
    """Amounts from one yuan to 10^13; the unit is one yuan, and a fen where the whole amount has no more than 14 digits."""
    rows: list[tuple[Decimal, Decimal]] = []
    for share, magnitude, lead in drawn:
        b = min(D(lead) * 10**magnitude / 1000, D(10) ** 13)
        b = max(b.quantize(D("0.01")), D(1))
        on = b * D(share)
        unit = D("0.01") if b <= D(10) ** 11 else D(1)
        rows += [(on.quantize(D("0.0000001")) + step, b) for step in (-unit, D(0), unit)]
    companies = [{"company_id": f"{i:03d}", "name": "试验", "a": a, "b": b} for i, (a, b) in enumerate(rows)]
    tests = {
        f"t{number}_{place}": (text.format(r=share), judge, Fraction(share))
        for number, (text, judge) in enumerate(CONDITIONS)
        for place, share in enumerate(SHARES)
    }
    data = pack(
        columns={"a": AMOUNT, "b": AMOUNT},
        facts={
            "a": fact("a", unit="cny"),
            "b": fact("b", unit="cny"),
            "q": fact("a / b", unit="ratio"),
            **{k: {"label": "判断", "type": "boolean", "expr": text} for k, (text, _, _) in tests.items()},
        },
        criteria=half({"k": criterion({"of": "q", "at_least": 0.1, "points": 1.0})}),
    )
    got = results(data, companies, "facts")
    for (a, b), row in zip(rows, got, strict=True):
        for name, (text, judge, share_) in tests.items():
            assert row[name] is judge(Fraction(a), Fraction(b), share_), (text, a, b)


BESIDE = st.lists(
    st.tuples(st.sampled_from(SHARES), st.integers(0, 13), st.integers(1, 9999)), min_size=12, max_size=12
)


def _beside(drawn: list[tuple[str, int, int]]) -> list[tuple[Decimal, Decimal]]:
    """Return (a, b) with a / b on a share of the drawn ones, and one unit of money beside it on either side."""
    rows: list[tuple[Decimal, Decimal]] = []
    for share, magnitude, lead in drawn:
        b = max(min(D(lead) * 10**magnitude / 1000, D(10) ** 13).quantize(D("0.01")), D(1))
        unit = D("0.01") if b <= D(10) ** 11 else D(1)
        rows += [((b * D(share)).quantize(D("0.0000001")) + step, b) for step in (-unit, D(0), unit)]
    return rows


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(BESIDE)
def test_bands_and_steps_agree_with_exact_fractions_on_and_beside_every_bound(
    drawn: list[tuple[str, int, int]],
) -> None:
    rows = _beside(drawn)
    shares = sorted(SHARES, key=D)
    bands = [{"from": f"{D(s) * 100}%", "points": float(n)} for n, s in enumerate(shares, start=1)]
    scores = {"bands": {"of": "q", "bands": [*reversed(bands), {"points": 0.0}]}} | {
        f"step{n}": {"of": "q", "per_unit": 1.0, "step": f"{D(s) * 100}%", "cap": 400.0} for n, s in enumerate(shares)
    }
    data = pack(
        columns={"a": AMOUNT, "b": AMOUNT},
        facts={"a": fact("a", unit="cny"), "b": fact("b", unit="cny"), "q": fact("a / b", unit="ratio")},
        criteria=half({name: criterion(score) for name, score in scores.items()}),
    )
    companies = [{"company_id": f"{i:03d}", "name": "试验", "a": a, "b": b} for i, (a, b) in enumerate(rows)]
    for (a, b), row in zip(rows, results(data, companies), strict=True):
        q = Fraction(a) / Fraction(b)
        assert row["bands.points"] == sum(Fraction(s) <= q for s in shares), (a, b)
        for n, share in enumerate(shares):
            assert row[f"step{n}.points"] == min(max(math.floor(q / Fraction(share)), 0), 400), (a, b, share)


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 9), st.integers(100, 9999))
def test_ratios_to_the_mean_of_peers_agree_with_exact_fractions(magnitude: int, lead: int) -> None:
    """Pairs that lie as far above the mean as below it keep the mean where it is: on a share of it, and one unit beside.

    Means up to 10^13, as far as fourteen digits tell one yuan apart (ADR 18).
    """
    mean = D(lead) * 10**magnitude
    unit = D("0.01") if mean <= D(10) ** 11 else D(1)
    values = [v for s in SHARES for step in (-unit, D(0), unit) for v in (mean * D(s) + step, mean * (2 - D(s)) - step)]
    assert sum(map(Fraction, values)) / len(values) == Fraction(mean)
    shares = sorted(SHARES, key=D)
    bands = [{"from": float(s), "points": float(n)} for n, s in enumerate(shares, start=1)]
    score = {"of": "v", "relative": "to_mean", "bands": [*reversed(bands), {"points": 0.0}]}
    points = scored(score, [{"v": v} for v in values], {"v": fact("v")})
    assert points == [sum(Fraction(s) <= Fraction(v) / Fraction(mean) for s in shares) for v in values]


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from([("0.4", "0.6"), ("0.25", "0.75"), ("0.3", "0.7")]),
    st.lists(st.tuples(st.integers(0, 10000), st.integers(0, 10000)), min_size=40, max_size=40),
)
def test_totals_agree_with_exact_fractions_rounded_half_up_once(
    weights: tuple[str, str], cents: list[tuple[int, int]]
) -> None:
    def of(name: str) -> dict[str, Any]:
        score = {f"{name}_k": criterion({"formula": name, "max": 100.0}, weight=100.0)}
        return {"label": name, "pillars": {f"{name}_all": {"label": name, "criteria": score}}}

    verdict = {
        "label": "结论",
        "weights": {"fit": float(weights[0]), "merit": float(weights[1])},
        "shortlist_when": "score >= 60",
        "set_by": "fund",
    }
    data = pack(
        columns={"f": NUMBER, "m": NUMBER},
        facts={"fa": fact("f"), "me": fact("m")},
        criteria={"fit": of("fa"), "merit": of("me")},
        verdict=verdict,
    )
    rows = [
        {"company_id": f"{i:02d}", "name": "试验", "f": D(f) / 100, "m": D(m) / 100, "entity_kind": "company"}
        for i, (f, m) in enumerate(cents)
    ]
    got = {r["company_id"]: r for r in results(data, rows, "ranking")}
    for i, (f, m) in enumerate(cents):
        whole = Fraction(weights[0]) * f + Fraction(weights[1]) * m
        total = math.floor(whole + Fraction(1, 2))
        row = got[f"{i:02d}"]
        assert row["score"] == D(total) / 100, (f, m)
        assert row["outcome"] == ("shortlisted" if total >= 6000 else "ranked")
