"""A pattern that is taken as plain is one that both engines take, and it finds the empty text when they do."""

from __future__ import annotations

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening import pattern as patterns
from screening.pattern import is_everywhere, pattern_fault

SIGNS = st.text(alphabet="ab丁量.|()[]^-{}*+?$\\,1279 AzsSdb;、&~:=#", max_size=12)
PIECES = ("不含", "[^,;。]", "[一-龥a-z]", r"\S", r"\(", ".", "(?:甲|乙丙)", "(丁)", "^", "$", r"\z", "|", "(?:", ")")
TIMES = ("", "", "*", "+", "?", "{0,16}", "{3}", "{2,}", "*?", "{1,9}?")
WRITTEN = st.lists(st.builds(str.__add__, st.sampled_from(PIECES), st.sampled_from(TIMES)), max_size=9).map("".join)


def both_take(written: str) -> bool:
    try:
        pl.Series([""]).str.contains(written)
        duckdb.execute("SELECT regexp_matches('', $1)", [written]).fetchall()
    except (pl.exceptions.PolarsError, duckdb.Error):
        return False
    return True


@settings(max_examples=300, deadline=None)
@given(SIGNS | WRITTEN)
def test_both_engines_take_what_is_plain_and_find_the_empty_text_in_it_alike(written: str) -> None:
    plain = patterns._plain(written)
    if plain is None:
        return
    assert both_take(written)
    [found] = duckdb.execute("SELECT regexp_matches('', $1)", [written]).fetchone() or (None,)
    assert plain.empty == pl.Series([""]).str.contains(written)[0] == found


@pytest.mark.parametrize(
    "written",
    [r"(?:\S{99}){9}" * 3, "|".join(["[^丁-万,;]{0,999}"] * 2), "(?:" * 20 + "甲" + ")" * 20, "(?:甲{30}){30}"],
)
def test_the_largest_that_are_plain_are_within_the_bounds_of_both(written: str) -> None:
    assert patterns._plain(written) is not None
    assert both_take(written)


@pytest.mark.parametrize(
    "written",
    [r"\bAI\b", "(?i)ai", "[[:alpha:]]", r"\p{Han}+", "(?P<a>x)", "a**", "甲{3,1}", "[z-a]", "(甲", "甲)", "*甲", "(?:甲{99}){99}"],
)  # fmt: skip
def test_what_is_doubtful_is_left_to_the_engines(written: str) -> None:
    assert patterns._plain(written) is None
    assert bool(pattern_fault(written, "text") or pattern_fault(written, "phrase")) is not both_take(written)


@pytest.mark.parametrize(
    ("written", "everywhere"), [("不含.*", False), ("(?:不含)?", True), ("除|", True), (r"^\z", True)]
)
def test_a_pattern_that_finds_the_empty_text_says_nothing(written: str, everywhere: bool) -> None:
    assert is_everywhere(written) is everywhere
