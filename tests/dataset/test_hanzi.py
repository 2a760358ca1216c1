"""Traditional and Hong Kong characters are read as the simplified ones they stand for."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.dataset.text import simplified
from screening.hanzi import _Met, folding, simplify


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("腦機接口", "脑机接口"),
        ("衞星與醫療裝置", "卫星与医疗装置"),
        ("廣東粵港澳大灣區", "广东粤港澳大湾区"),
        ("量子通信 Quantum 5G", "量子通信 Quantum 5G"),
        ("裏、裡、里", "里、里、里"),
    ],
)
def test_a_traditional_text_is_folded(written: str, read: str) -> None:
    assert simplify(written) == read
    assert pl.DataFrame({"x": [written]}).select(simplified(pl.col("x"))).item() == read


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x2FA1F, exclude_categories=["Cs"]), max_size=30))
def test_folding_keeps_every_offset_and_repeats_to_nothing_new(text: str) -> None:
    folded = simplify(text)
    assert len(folded) == len(text)
    assert simplify(folded) == folded


def test_only_single_code_points_are_folded() -> None:
    assert all(len(character) == len(simple) == 1 for character, simple in folding().items())


def test_what_is_folded_as_it_is_met_is_what_the_whole_table_says() -> None:
    characters = [
        chr(point)
        for point in (
            *range(0x20, 0x3400),
            *range(0x3400, 0xA000, 3),
            *range(0xF900, 0xFB00),
            *range(0x20000, 0x2FA20, 7),
        )
    ]
    assert [_Met()[ord(c)] for c in characters[:50]] == characters[:50]
    met = _Met()
    assert [met[ord(c)] for c in characters] == [folding().get(c, c) for c in characters]
