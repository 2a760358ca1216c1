"""Numbers as people read them: nothing is rounded that could be compared or added up."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.report import charts, figures
from screening.report.printer import Printer, printer
from screening.report.ranking_view import undecided_pairs
from screening.report.wording import Words
from screening.result.overview import Bin
from screening.result.records import Band, FactValue

D = Decimal


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (D("36800000"), "3,680 万元", "CNY 36.8 m"),
        (D("1234567890"), "12.35 亿元", "CNY 1.23 bn"),
        (D("9999"), "9,999 元", "CNY 9,999"),
        (D("-5000000"), "−500 万元", "CNY −5 m"),
        (D("0"), "0 元", "CNY 0"),
        (None, "—", "—"),
        (D("9999.995"), "1 万元", "CNY 10,000"),
        (D("99995000"), "9,999.5 万元", "CNY 100 m"),
        (D("99999999.5"), "1 亿元", "CNY 100 m"),
        (D("-999999999"), "−10 亿元", "CNY −1 bn"),
        (D("-0.004"), "0 元", "CNY 0"),
    ],
)
def test_amounts_in_the_units_of_the_language(value: Decimal | None, zh: str, en: str) -> None:
    assert (printer("zh").amount(value), printer("en").amount(value)) == (zh, en)


def test_another_currency_keeps_its_name() -> None:
    assert printer("zh").amount(D("2000000"), "USD") == "200 万USD"
    assert printer("en").amount(D("2000000"), "USD") == "USD 2 m"


@pytest.mark.parametrize(
    ("value", "unit", "zh"),
    [
        (D("0.462"), "ratio", "46.2%"),
        (53, "months", "53 个月"),
        (True, "none", "是"),
        (False, "none", "否"),
        (datetime.date(2025, 9, 1), "none", "2025-09-01"),
        (0, "count", "0 项"),
        (None, "cny", "—"),
        ("甲", "none", "甲"),
    ],
)
def test_facts_with_their_units(value: FactValue, unit: str, zh: str) -> None:
    assert printer("zh").quantity(value, unit) == zh


@pytest.mark.parametrize(
    ("value", "unit", "bound", "zh"),
    [
        ("0.0296", "ratio", "0.03", "2.96%"),
        ("0.0299996", "ratio", "0.03", "2.99996%"),
        ("0.03", "ratio", "0.03", "3.0%"),
        ("0.596", "ratio", "0.6", "59.6%"),
        ("199999999", "cny", "200000000", "1.99999999 亿元"),
        ("49999999.5", "cny", "50000000", "4,999.99995 万元"),
        ("35.999", "months", "36", "35.999 个月"),
        ("36.001", "months", "36", "36.001 个月"),
        ("-0.0004", "ratio", "0", "−0.04%"),
    ],
)
def test_what_is_printed_never_reaches_the_bound_that_was_missed(value: str, unit: str, bound: str, zh: str) -> None:
    assert Printer(Words("zh"), (D(bound),)).quantity(D(value), unit) == zh


_WORDS = {"亿": 10**8, "万": 10**4}


@given(
    st.decimals(min_value=-(10**13), max_value=10**13, places=6),
    st.sampled_from(["cny", "ratio", "months", "none"]),
    st.integers(min_value=-2, max_value=2),
)
def test_order_with_a_bound_survives_printing(bound: Decimal, unit: str, off: int) -> None:
    value = bound + D(off) / 10**6
    shown = Printer(Words("zh"), (bound,)).quantity(value, unit)
    digits = re.search(r"[−\d.,]+", shown)
    assert digits is not None
    read = D(digits[0].replace(",", "").replace("−", "-"))
    read *= next((n for word, n in _WORDS.items() if word in shown), 1)
    read = read / 100 if unit == "ratio" else read
    assert (read > bound, read < bound) == (value > bound, value < bound)


def test_a_share_is_never_rounded_to_nothing_or_to_all() -> None:
    assert figures.share(1, 115_803) == "<0.1%"
    assert figures.share(115_802, 115_803) == ">99.9%"
    assert figures.share(0, 10) == "0.0%"
    assert figures.share(10, 10) == "100.0%"
    assert figures.share(0, 0) == "—"


@given(st.text(max_size=200))
def test_made_safe_code_point_for_code_point(text: str) -> None:
    shown = figures.plain(text)
    assert len(shown) == len(text)
    assert not set("\u202a\u202e\u2066\x00\x07") & set(shown)


@given(st.integers(min_value=1, max_value=2_000_000))
def test_an_axis_has_at_most_six_ticks_and_covers_the_column(count: int) -> None:
    drawn = ElementTree.fromstring(charts.histogram([Bin(D(60), D(65), "ranked", count)], ["ranked"], "", "", ""))
    ticks = [each.text or "" for each in drawn.iter("text") if each.get("x") == "38"]
    assert 2 <= len(ticks) <= 6
    assert int(ticks[-1].replace(",", "")) >= count


points = st.decimals(min_value=0, max_value=100, places=2)


@given(st.lists(points, min_size=3, max_size=3))
def test_a_bar_stays_inside_its_track(values: list[Decimal]) -> None:
    low, value, high = sorted(values)
    drawn = ElementTree.fromstring(charts.criterion_bar(D(100), Band(value, low, high), D(100), charts.FIT, "条"))
    _, earned, neutral = (float(each.get("width", "")) for each in drawn.iter("rect"))
    *ends, mark = ([float(each.get(at, "")) for at in ("x1", "x2")] for each in drawn.iter("line"))
    assert [each[0] for each in ends] == ([2 + earned, 2 + earned, ends[0][1]] if high > low else [])
    assert mark[0] == mark[1] and 2 + earned <= mark[0] <= (ends[0][1] if ends else mark[0]) <= 250
    assert abs(earned + neutral - (mark[0] - 2)) <= 0.21


@given(st.lists(st.tuples(points, points, points), max_size=12))
def test_undecided_is_mutual(rows: list[tuple[Decimal, Decimal, Decimal]]) -> None:
    """A company is marked exactly when it and a neighbour each lie in the other's band."""
    bands = [Band(v, lo, hi) for lo, v, hi in (sorted(r) for r in rows)]
    flags = undecided_pairs(bands)
    for i, flag in enumerate(flags):
        near = [bands[j] for j in (i - 1, i + 1) if 0 <= j < len(bands)]
        assert flag == any(n.low <= bands[i].value <= n.high and bands[i].low <= n.value <= bands[i].high for n in near)  # type: ignore[operator]


def test_a_company_without_a_score_is_never_undecided() -> None:
    assert undecided_pairs([Band(), Band(), Band(D(1), D(0), D(2))]) == (False, False, False)


def test_a_bar_of_parts_fills_its_width_and_shows_every_part() -> None:
    drawn = charts.stacked([("passed", 999_999), ("failed", 1), ("unknown", 0)], 220, "条")
    parts = [each.attrib for each in ElementTree.fromstring(drawn).iter("rect")]
    assert [b["fill"] for b in parts] == [charts.TONES["passed"], charts.TONES["failed"]]
    assert float(parts[1]["width"]) >= 0.5
    assert float(parts[-1]["x"]) + float(parts[-1]["width"]) <= 220


def test_words_in_a_picture_are_only_words() -> None:
    hostile = '"><script>alert(1)</script>'
    band = Band(D(1), D(0), D(2))
    pictures = [
        charts.band_glyph(band, hostile),
        charts.stacked([("passed", 1)], 10, hostile),
        charts.criterion_bar(D(2), band, D(2), charts.FIT, hostile),
        charts.strip([charts.Total(hostile, hostile, hostile, band, charts.FIT)], hostile, hostile),
        charts.histogram([Bin(D(60), D(65), "ranked", 1)], ["ranked"], hostile, hostile, hostile),
    ]
    for picture in pictures:
        drawn = list(ElementTree.fromstring(picture).iter())
        assert "script" not in {each.tag for each in drawn}
        assert hostile in {v for each in drawn for v in (*each.attrib.values(), each.text)}


def test_totals_above_a_hundred_stand_where_they_are_on_their_axes() -> None:
    band = Band(Decimal(125), Decimal(90), Decimal(125))
    _, glyph, _ = ElementTree.fromstring(charts.band_glyph(band, "", width=116, axis=140)).iter("line")
    assert (glyph.get("x1"), glyph.get("x2")) == (
        charts.px(Decimal(3) + 90 * Decimal(110) / 140),
        charts.px(Decimal(3) + 125 * Decimal(110) / 140),
    )
    strip = ElementTree.fromstring(charts.strip([charts.Total("", "", "", band, "#000")], "", "", 140))
    *_, mark = strip.iter("line")
    assert float(mark.get("x1", "")) == pytest.approx(78 + 352 * 125 / 140, abs=0.1)
    drawn = charts.histogram([Bin(Decimal(120), Decimal(125), "ranked", 2)], ["ranked"], "", "", "", 140)
    picture = ElementTree.fromstring(drawn)
    ticks = {each.text: float(each.get("x", "")) for each in picture.iter("text") if each.get("y") == "184"}
    assert list(ticks)[-1] == "140"
    block = picture.find("rect")
    assert block is not None and float(block.get("x", "")) > ticks["120"]
