"""Lists in overlays: added to, taken from, or replaced with a word about what is lost. And signs of the Chinese input."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from screening import strict_yaml

if TYPE_CHECKING:
    from screening.strict_yaml import Document

LOWER = (
    "lexicon:\n  甲:\n    strong: [一, 二, 三]\nplaces:\n  subs: [{name: 子, direction: x}, {name: 丑, direction: y}]\n"
)


def laid(upper: str) -> Document:
    return strict_yaml.overlay(strict_yaml.parse(LOWER, "lower"), strict_yaml.parse(upper, "upper"))


def test_entries_are_added_behind_and_keep_their_places() -> None:
    whole = laid("lexicon: {甲: {strong: {add: [四, 一]}}}")
    assert whole.data["lexicon"]["甲"]["strong"] == ["一", "二", "三", "四"]
    assert [str(whole.values["lexicon", "甲", "strong", n]).partition(":")[0] for n in range(4)] == ["lower"] * 3 + [
        "upper"
    ]
    assert not whole.problems


def test_entries_are_taken_away_by_what_they_are_told_by() -> None:
    whole = laid("lexicon: {甲: {strong: {drop: [一]}}}\nplaces: {subs: {drop: [子], add: [{name: 寅, direction: z}]}}")
    assert whole.data["lexicon"]["甲"]["strong"] == ["二", "三"]
    assert [sub["name"] for sub in whole.data["places"]["subs"]] == ["丑", "寅"]
    assert str(whole.values["places", "subs", 0, "direction"]).startswith("lower")
    assert str(whole.values["places", "subs", 1, "direction"]).startswith("upper")
    assert ("lexicon", "甲", "strong", 2) not in whole.values


def test_what_is_not_there_cannot_be_dropped() -> None:
    [problem] = laid("lexicon: {甲: {strong: {drop: [四]}}}").problems
    assert (problem.code, problem.is_error, str(problem.position)) == ("pack/list", True, "upper:1:31")


@pytest.mark.parametrize(
    ("upper", "said"),
    [
        ("lexicon: {甲: {strong: [一]}}", "drops 2 of them: 二, 三"),
        ("lexicon: {甲: {strong: [四, 五, 六]}}", "drops 3 of them"),
        ("places: {subs: [{name: 丑, direction: y}]}", "drops 1 of them: 子"),
    ],
)
def test_replacing_a_list_says_what_it_drops(upper: str, said: str) -> None:
    [problem] = laid(upper).problems
    assert (problem.code, problem.severity) == ("pack/list-replaced", "warning")
    assert said in problem.message


def test_a_list_that_only_grows_is_replaced_without_a_word() -> None:
    assert not laid("lexicon: {甲: {strong: [四, 一, 二, 三]}}").problems


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("gates：\n  a: 1\n", "x:1:6"),
        ("gates:\n  a：1\n  b: 2\n", "x:2:4"),
        ("a: ｛b: 1｝\nc: [1\n", "x:1:4"),
        ("a:\n  - b：c\n    d: 1\n   e: 2\n", "x:2:6"),
    ],
)
def test_a_full_width_sign_is_named(text: str, place: str) -> None:
    assert [(p.code, str(p.position)) for p in strict_yaml.parse(text, "x").problems] == [("yaml/full-width", place)]


def test_full_width_signs_inside_a_text_are_left_alone() -> None:
    assert strict_yaml.parse("label: 高新技术企业：｛示例｝\n", "x").data == {"label": "高新技术企业：｛示例｝"}
