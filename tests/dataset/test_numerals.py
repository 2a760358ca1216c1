"""Figures in words, in several scales and not exact: read where surely told, unread where speech leaves something out."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.dataset.amounts import MoneyUnit, parse_amount
from screening.dataset.numbers import parse_headcount, parse_integer, parse_percent, parse_year
from screening.dataset.numerals import in_digits, numeral

if TYPE_CHECKING:
    from pathlib import Path

    from tests.dataset.conftest import Intake

FORMS = (("零一二三四五六七八九", "十百千", "万亿"), ("零壹贰叁肆伍陆柒捌玖", "拾佰仟", "万亿"))
columns = settings(max_examples=20)
WAN = MoneyUnit(10_000, "CNY")


def spelt(number: int, digits: str, places: str, scales: str) -> str:
    """Write a number as an invoice does, with a zero for each gap."""
    if number >= 10_000:
        at = 1 if number >= 10**8 else 0
        size = (10**4, 10**8)[at]
        whole, rest = divmod(number, size)
        gap = digits[0] if 0 < rest < size // 10 else ""
        return (
            spelt(whole, digits, places, scales)
            + scales[at]
            + gap
            + (spelt(rest, digits, places, scales) if rest else "")
        )
    text, gap = "", False
    for place, digit in zip((3, 2, 1, 0), f"{number:04}", strict=True):
        if digit == "0":
            gap = bool(text)
            continue
        text += (digits[0] if gap else "") + digits[int(digit)] + (places[place - 1] if place else "")
        gap = False
    return text or digits[0]


@columns
@given(st.lists(st.integers(1, 10**12 - 1), min_size=1, max_size=40), st.sampled_from(FORMS))
def test_an_amount_in_words_is_read_exactly_whatever_unit_the_header_states(
    numbers: list[int], form: tuple[str, ...]
) -> None:
    words = [spelt(number, *form) for number in numbers]
    assert [numeral(word) for word in words] == numbers
    for header in (MoneyUnit(), WAN):
        read = parse_amount("x", pl.Series([f"人民币{word}元整" for word in words]), header=header)
        assert read.columns["x"].to_list() == numbers
    counted = parse_integer("x", pl.Series([f"{word}人" for word in words]), unit="万人")
    # What names no 万 of its own is in the unit of the header.
    assert counted.columns["x"].to_list() == [n if n >= 10_000 else n * 10_000 for n in numbers]


@columns
@given(st.lists(st.tuples(st.integers(1, 99), st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=30))
def test_digits_between_scales_are_read_as_they_are_said(parts: list[tuple[int, int, int]]) -> None:
    written = pl.Series([f"{large}亿{thousand}千{hundred}百万元" for large, thousand, hundred in parts])
    yuan = [large * 10**8 + thousand * 10**7 + hundred * 10**6 for large, thousand, hundred in parts]
    assert parse_amount("x", written, header=WAN).columns["x"].to_list() == yuan


@columns
@given(st.lists(st.integers(100, 10**8), min_size=1, max_size=30))
def test_digits_one_by_one_are_a_number(numbers: list[int]) -> None:
    words = ["".join("〇一二三四五六七八九"[int(digit)] for digit in str(number)) for number in numbers]
    assert in_digits(pl.Series(words)).to_list() == [str(number) for number in numbers]


@pytest.mark.parametrize(
    ("cell", "yuan"),
    [
        ("1千2百万元", 12_000_000),
        ("三千五百万", 35_000_000),
        ("一二〇〇万元", 12_000_000),
        ("2.5个亿", 250_000_000),
        ("一点二亿元", 120_000_000),
        ("贰拾叁万伍仟元捌角整", Decimal("235000.8")),
        ("人民币（大写）：伍佰万元整", 5_000_000),
        ("人民币伍佰万元整（¥5,000,000.00）", 5_000_000),
        ("亏损一千二百万元", -12_000_000),
        ("1亿2,000万元（其中货币出资6,000万元）", 120_000_000),
        ("伍佰万元整（¥50,000,000.00）", None),
        ("三万五", None),
        ("1亿5", None),
        ("一亿五千", None),
        ("三千五万元", None),
        ("两三百万元", None),
        ("十几万元", None),
        ("三百万至五百万元", None),
        ("（三百万元）", None),
    ],
)
def test_an_amount_as_it_is_said(cell: str, yuan: int | None) -> None:
    parsed = parse_amount("x", pl.Series([cell]), header=WAN)
    assert parsed.columns["x"][0] == yuan
    assert (parsed.reason[0] == "unparsable") == (yuan is None)


@pytest.mark.parametrize(
    ("cell", "share"),
    [
        ("百分之三十", "0.3"),
        ("百分之三十五点五", "0.355"),
        ("百分之百", "1"),
        ("千分之三", "0.003"),
        ("万分之五", "0.0005"),
        ("负百分之三", "-0.03"),
        ("三成", "0.3"),
        ("三成五", "0.35"),
        ("两成半", "0.25"),
        ("12.5 percent", "0.125"),
        ("三成以上", None),
        ("下降三成", None),
        ("三分之一", None),
        ("3个百分点", None),
    ],
)
def test_a_share_in_words(cell: str, share: str | None) -> None:
    for unit in (None, "%", "1"):
        assert parse_percent("x", pl.Series([cell]), unit=unit).columns["x"][0] == (share and Decimal(share))


@pytest.mark.parametrize(
    ("cell", "people", "told"),
    [
        ("约35人", 35, "approximate"),
        ("35人左右", 35, "approximate"),
        ("近40人", 40, "approximate"),
        ("三百余人", 300, "approximate"),
        ("超过100人", 100, "from_band"),
        ("不少于100人", 100, "from_band"),
        ("员工共35人（其中研发20人）", 35, None),
        ("1千2百人", 1200, None),
        ("35 employees", 35, None),
        ("三五人", None, None),
        ("五六十人", None, None),
        ("十几人", None, None),
        ("不足50人", None, "below_band"),
    ],
)
def test_a_head_count_as_it_is_said(cell: str, people: int | None, told: str | None) -> None:
    parsed = parse_headcount("x", pl.Series([cell]))
    assert parsed.columns["x"][0] == people
    assert [kind for kind, count in parsed.counts.items() if count] == ([told] if told else [])


def test_a_year_that_is_not_exact_is_none() -> None:
    assert parse_year("x", pl.Series(["约2024", "二〇二四", "2024年"])).columns["x"].to_list() == [None, 2024, 2024]


def test_figures_that_are_not_exact_are_said(tmp_path: Path, intake: Intake) -> None:
    path = tmp_path / "c.csv"
    path.write_text(
        "企业名称,员工人数,注册资本\n样例甲有限公司,约35人,近500万元\n样例乙有限公司,40,300万元\n", encoding="utf-8"
    )
    said = [notice for notice in intake(path).notices if notice.code == "data/approximate"]
    assert [dict(notice.details)["header"] for notice in said] == ["注册资本", "员工人数"]
