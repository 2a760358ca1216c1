"""Concessions and reinvestment: parts add up to the fen, no loss is ever covered, what is not known counts nothing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.analysis.fund_terms import concession, reinvestment
from screening.errors import RulesError

FEN = st.integers(0, 10**13).map(lambda n: Decimal(n) / 100)
SHARE = st.integers(0, 10_000).map(lambda n: Decimal(n) / 10_000)


@given(st.integers(1, 10**13), SHARE, FEN, SHARE)
def test_the_parts_are_the_proceeds_and_each_is_right_to_the_fen(
    cents: int, part: Decimal, proceeds: Decimal, share: Decimal
) -> None:
    capital = Decimal(cents) / 100
    government = (capital * part).quantize(Decimal("0.01"), "ROUND_DOWN")
    found = concession(capital, government, proceeds, share)
    assert found.to_government + found.to_social == proceeds
    own = Fraction(government) / Fraction(capital)
    gain = max(Fraction(proceeds) - Fraction(capital), Fraction(0))
    exact = min(Fraction(proceeds), Fraction(capital)) * own + gain * own * (1 - Fraction(share))
    assert abs(Fraction(found.to_government) - exact) <= Fraction(1, 100)
    assert found.conceded >= 0


@given(st.integers(1, 10**11), st.integers(0, 10**11), SHARE, SHARE)
def test_a_larger_concession_never_gives_the_government_more(
    capital: int, more: int, low: Decimal, high: Decimal
) -> None:
    low, high = sorted((low, high))
    total = Decimal(capital)
    proceeds = total + Decimal(more)
    parts = [concession(total, total / 2, proceeds, s).to_government for s in (low, high)]
    assert parts[1] <= parts[0]
    assert parts[1] >= (total / 2).quantize(Decimal("0.01")) - Decimal("0.01"), "the principal is not conceded"


def test_in_a_loss_nothing_is_conceded_and_everybody_loses_by_capital() -> None:
    found = concession(Decimal(10), Decimal(4), Decimal(5), Decimal(1))
    assert (found.gain, found.conceded, found.to_government, found.to_social) == (0, 0, 2, 3)


@pytest.mark.parametrize(
    "given_", [(0, 0, 5, 0), (10, 11, 5, 0), (10, 4, -1, 0), (10, 4, 5, 2), (10, -1, 5, 0)], ids=str
)
def test_numbers_that_do_not_fit_together_are_refused(given_: tuple[int, int, int, int]) -> None:
    with pytest.raises(RulesError, match="do not fit together"):
        concession(*map(Decimal, given_))


def test_only_what_is_known_and_in_the_city_counts_towards_reinvestment() -> None:
    holdings = [
        {"city": "甲市", "invested": Decimal("30000000.10")},
        {"city": "甲市", "invested": None},
        {"city": "乙市", "invested": Decimal(50)},
        {"city": None, "invested": Decimal(70)},
    ]
    found = reinvestment(Decimal("1.5"), Decimal("40000000.01"), "甲市", holdings)
    assert (found.required, found.counted) == (Decimal("60000000.02"), Decimal("30000000.10"))
    assert (found.missing, found.holdings, found.unknown) == (Decimal("29999999.92"), 1, 2)
    enough = reinvestment(Decimal("0.5"), Decimal(100), "甲市", holdings)
    assert enough.missing == 0
