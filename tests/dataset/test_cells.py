"""Single cells: amounts, dates, codes, words, counts. The examples are tables; the laws are properties."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.dataset.amounts import AMOUNT, MoneyUnit, money_unit, parse_amount
from screening.dataset.credit_code import ALPHABET, check_digit, parse_credit_code, passes_check
from screening.dataset.dates import EARLIEST, parse_date
from screening.dataset.entity import entity_kind
from screening.dataset.numbers import parse_boolean, parse_decimal, parse_headcount, parse_integer, parse_percent
from screening.dataset.text import CONTROLS, MAX_CELL, clean
from screening.dataset.vocabulary import vocabulary
from screening.result.contract import MISSING_REASONS

from .conftest import TODAY, examples

if TYPE_CHECKING:
    from collections.abc import Callable

ANY_TEXT = st.text(max_size=40)
WRITTEN = st.text(alphabet="0123456789.,-+/()（）年月日万亿千百元人民币美港认缴实%‰eE 至今长期约XNA无", max_size=16)


def one(cells: str | None) -> pl.Series:
    return pl.Series("cell", [cells], dtype=pl.String)


@pytest.mark.parametrize("example", examples("amounts"), ids=lambda e: f"{e['cell']}{e.get('unit', '')}")
def test_amount(example: dict[str, Any]) -> None:
    header = money_unit(example["unit"]) if "unit" in example else MoneyUnit()
    assert header is not None
    parsed = parse_amount("capital", one(str(example["cell"])), header=header)
    amount = parsed.columns["capital"][0]
    assert amount == (None if "yuan" not in example else Decimal(example["yuan"]))
    found = "yuan" in example or "currency" in example
    assert parsed.columns["capital_currency"][0] == (example.get("currency", "CNY") if found else None)
    assert parsed.columns["capital_kind"][0] == (example.get("kind", "unstated") if found else None)
    assert parsed.reason[0] == example.get("reason")


def test_currency_of_the_row_counts_before_that_of_the_header() -> None:
    parsed = parse_amount(
        "capital",
        pl.Series(["100", "100", "100万元人民币"]),
        header=MoneyUnit(10_000, "CNY"),
        row_currency=pl.Series(["USD", None, "USD"]),
    )
    assert parsed.reason.to_list() == ["other_currency", None, None]


columns = settings(max_examples=20)
"""A draw is a whole column: few draws try as many cells as many draws of one."""


@columns
@given(
    st.lists(st.integers(0, 10**12), min_size=1, max_size=40),
    st.sampled_from(["", "万", "亿"]),
    st.sampled_from(["", "元", "人民币", "元人民币"]),
)
def test_a_written_amount_is_read_exactly(numbers: list[int], scale: str, currency: str) -> None:
    times = {"": 1, "万": 10**4, "亿": 10**8}[scale]
    numbers = [number for number in numbers if number * times < 10**17]
    for form in ("{0}{1}{2}", "{0:,}({1}{2})", " {0} {1}{2} "):
        written = pl.Series("cell", [form.format(number, scale, currency) for number in numbers], dtype=pl.String)
        assert parse_amount("x", written).columns["x"].to_list() == [Decimal(number) * times for number in numbers]


@pytest.mark.parametrize("example", examples("dates"), ids=lambda e: f"{e['cell']}{'+' * ('may_be_future' in e)}")
def test_date(example: dict[str, Any]) -> None:
    parsed = parse_date("day", one(str(example["cell"])), TODAY, may_be_future=example.get("may_be_future", False))
    assert str(parsed.columns["day"][0]) == str(example.get("date"))
    assert parsed.reason[0] == example.get("reason")
    assert parsed.counts["day_assumed"] == int(example.get("day_assumed", False))


@columns
@given(st.lists(st.dates(EARLIEST, TODAY), min_size=1, max_size=40))
def test_a_date_is_read_in_every_usual_form(days: list[date]) -> None:
    days = [day for day in days if day != date(1970, 1, 1)]
    forms: tuple[Callable[[date], str], ...] = (
        lambda day: day.isoformat(),
        lambda day: f"{day:%Y/%m/%d}",
        lambda day: f"{day:%Y.%m.%d}",
        lambda day: f"{day:%Y%m%d}",
        lambda day: f"{day.year}年{day.month}月{day.day}日",
        lambda day: f"{day.isoformat()} 00:00:43",
        lambda day: f"{day.isoformat()}T08:00:00+08:00",
        lambda day: f"{day.year}-{day.month}-{day.day}",
    )
    for form in forms:
        written = pl.Series("cell", [form(day) for day in days], dtype=pl.String)
        assert parse_date("day", written, TODAY).columns["day"].to_list() == days


@given(st.text(alphabet=ALPHABET, min_size=17, max_size=17))
def test_only_one_check_digit_fits(first: str) -> None:
    digit = check_digit(first)
    assert digit is not None
    codes = pl.DataFrame({"code": [first + character for character in ALPHABET]})
    fitting = codes.filter(passes_check(pl.col("code")))["code"].to_list()
    assert fitting == [first + digit]


@given(st.text(alphabet=ALPHABET, min_size=17, max_size=17), st.integers(0, 16))
def test_a_neighbouring_swap_is_noticed(first: str, place: int) -> None:
    code = first + (check_digit(first) or "")
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert pl.DataFrame({"code": [swapped]}).select(passes_check(pl.col("code"))).item() == (swapped == code)


@pytest.mark.parametrize(
    ("cell", "code", "reason", "count"),
    [
        ("91350100M000100Y43", "91350100M000100Y43", None, {}),
        (" 91350100m000100y43 ", "91350100M000100Y43", None, {}),
        ("９１３５０１００M000100Y43", "91350100M000100Y43", None, {}),
        ("91350100M000100Y44", "91350100M000100Y44", None, {"invalid_code": 1}),
        ("91350100Mx00100Y43", "91350100Mx00100Y43", None, {"masked_code": 1}),
        ("91350100M00****Y43", "91350100M00****Y43", None, {"masked_code": 1}),
        ("9.14403E+17", None, "unparsable", {}),
        ("无", None, None, {}),
        ("未公示", None, "not_disclosed", {}),
        ("hello", None, "unparsable", {}),
    ],
)
def test_credit_code(cell: str, code: str | None, reason: str | None, count: dict[str, int]) -> None:
    parsed = parse_credit_code("uscc", one(cell))
    assert (parsed.columns["uscc"][0], parsed.reason[0]) == (code, reason)
    assert {kind: n for kind, n in parsed.counts.items() if n} == count


@pytest.mark.parametrize(
    ("name", "word", "value"),
    [(name, str(word), value) for name, words in examples("words").items() for word, value in words.items()],
)  # type: ignore[attr-defined]
def test_word(name: str, word: str, value: str | None) -> None:
    known = vocabulary(name)
    assert known is not None
    assert known.look_up(word) == value


@pytest.mark.parametrize("example", examples("entities"), ids=lambda e: e["name"] + e.get("type", ""))
def test_kind_of_entity(example: dict[str, Any]) -> None:
    frame = pl.DataFrame(
        {"name": [example["name"]], "company_type": [example.get("type")], "uscc": [example.get("uscc")]},
        schema=dict.fromkeys(("name", "company_type", "uscc"), pl.String),
    )
    assert entity_kind(frame)[0] == example["kind"]


@pytest.mark.parametrize(
    ("cell", "value", "reason"),
    [
        ("62", 62, None),
        ("62.0", 62, None),
        ("1,200人", 1200, None),
        ("62.5", None, "unparsable"),
        ("35（2023年报）", 35, None),
        ("1,200人 (2023年)", 1200, None),
        ("35(2023)人", None, "unparsable"),
        ("100-499人", 100, None),
        ("10000人以上", 10000, None),
        ("小于50人", None, "not_disclosed"),
        ("50人以下", None, "not_disclosed"),
        ("-", None, None),
        ("若干", None, "unparsable"),
    ],
)
def test_head_count(cell: str, value: int | None, reason: str | None) -> None:
    parsed = parse_headcount("staff", one(cell))
    assert (parsed.columns["staff"][0], parsed.reason[0]) == (value, reason)


@pytest.mark.parametrize(
    ("cells", "unit", "values"),
    [
        (["12.5%", "0.125"], None, ["0.125", "0.125"]),
        (["12.5"], "%", ["0.125"]),
        (["5‰"], None, ["0.005"]),
        (["35", "20.5", "1"], None, ["0.35", "0.205", "0.01"]),
        (["0.35", "0.2", "1"], None, ["0.35", "0.2", "1"]),
    ],
)
def test_percent(cells: list[str], unit: str | None, values: list[str]) -> None:
    read = parse_percent("share", pl.Series(cells), unit=unit).columns["share"].to_list()
    assert read == [Decimal(value) for value in values]


@pytest.mark.parametrize(
    ("cell", "value"), [("是", True), ("否", False), ("无", False), ("1", True), ("", None), ("或许", None)]
)
def test_boolean(cell: str, value: bool | None) -> None:
    assert parse_boolean("listed", one(cell)).columns["listed"][0] == value


@columns
@given(st.lists(st.one_of(st.none(), ANY_TEXT, WRITTEN), min_size=1, max_size=40))
def test_no_text_stops_a_parser_and_every_loss_has_a_reason(cells: list[str | None]) -> None:
    series = clean(pl.Series("cell", cells, dtype=pl.String))
    for parsed in (
        parse_amount("x", series),
        parse_date("x", series, TODAY),
        parse_credit_code("x", series),
        parse_headcount("x", series),
        parse_percent("x", series),
        parse_boolean("x", series),
        parse_integer("x", series),
        parse_decimal("x", series),
    ):
        assert len(parsed.columns["x"]) == len(parsed.reason) == len(cells)
        for cell, value, reason in zip(series, parsed.columns["x"], parsed.reason, strict=True):
            assert reason is None or reason in MISSING_REASONS
            assert reason is None or value is None
            assert cell is not None or (value is None and reason is None)


@given(st.lists(st.one_of(st.none(), ANY_TEXT), min_size=1, max_size=6))
def test_a_cell_reads_the_same_alone_and_among_others(cells: list[str | None]) -> None:
    together = parse_amount("x", pl.Series("cell", cells, dtype=pl.String)).columns["x"].to_list()
    alone = [parse_amount("x", one(cell)).columns["x"][0] for cell in cells]
    assert together == alone


@given(st.text(max_size=60))
def test_cleaning_leaves_no_control_mark_and_is_done_once(text: str) -> None:
    cleaned = clean(one(text))
    assert not cleaned.str.contains(CONTROLS).any()
    assert clean(cleaned).to_list() == cleaned.to_list()


def test_amounts_fit_the_type_of_the_tables() -> None:
    assert parse_amount("x", one("99999999999999999")).columns["x"].dtype == AMOUNT
    assert MAX_CELL == 100_000


@pytest.mark.parametrize(
    ("cell", "yuan"),
    [
        ("1.23456789012亿", "123456789.012"),
        ("12.345678901234万元", "123456.78901234"),
        ("0.00000001亿元", "1"),
        ("1000.00000001万", "10000000.0001"),
    ],
)
def test_decimals_behind_a_large_unit_are_kept(cell: str, yuan: str) -> None:
    assert parse_amount("x", one(cell)).columns["x"].to_list() == [Decimal(yuan)]


@pytest.mark.parametrize(
    ("cell", "share"), [("2.99996%", "0.0299996"), ("12.345678%", "0.12345678"), ("0.5‰", "0.0005")]
)
def test_a_percentage_is_not_rounded_up_to_its_bound(cell: str, share: str) -> None:
    assert parse_percent("x", one(cell)).columns["x"].to_list() == [Decimal(share)]
