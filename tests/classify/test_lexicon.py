"""The lexicon as a section of a pack: what it refuses, and that the plan's own one is whole."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from benchmarks.constants import MOVED, shipped
from screening.rulebook.lexicon import Classification, LexiconEntry

if TYPE_CHECKING:
    from collections.abc import Callable

    from screening.rulebook.model import RulePack
    from tests.classify.conftest import Classified


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"strong": ["甲|"]}, "empty spelling"),
        ({"related": ["甲"], "nearest": {"二(一)1": [], "二(一)2": ["乙"]}}, "none of the word lists"),
        ({"related": ["甲"], "nearest": {"二(一)1": ["甲"]}}, "exactly one direction without words"),
        ({"related": ["甲"], "nearest": {"二(一)1": [], "二(一)2": []}}, "exactly one direction without words"),
        ({"strong": ["甲 |乙"]}, "blanks"),
        ({"weak": [""]}, "empty spelling"),
        ({"strong": ["moe"], "needs": {"rag": ["检索"]}}, "in none of the word lists"),
        ({"strang": ["甲"]}, "Extra inputs"),
    ],
)
def test_an_entry_refuses_what_makes_no_sense(body: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        LexiconEntry.model_validate(body)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"tails": ["甲(?=乙)"]}, "linear time"),
        ({"says_nothing": [r"(甲)\1"]}, "linear time"),
        ({"phrases": [{"activity": "means"}]}, "before"),
        ({"phrases": [{"activity": "applied", "after": "^领域"}]}, "no \\^"),
        ({"kinds": {"strong": -1}}, "greater than or equal"),
        ({"fields": {"nmae": 1.0}}, "Input should be"),
    ],
)
def test_classification_refuses_what_makes_no_sense(body: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Classification.model_validate(body)


def test_every_direction_and_domain_of_the_plan_has_words(plan: RulePack) -> None:
    directions = {direction_id for _, direction_id, _ in plan.directions()}
    assert len(directions) == 29
    assert directions | set(plan.domains) - {"二(六)"} == set(plan.lexicon)
    assert [d for d in directions if not plan.lexicon[d].strong] == []


def test_the_names_of_the_plan_are_found_in_text(classified: Callable[..., Classified], plan: RulePack) -> None:
    """The plan's own words count, aliases too; 网络 alone is too common and stands in compounds only."""
    named = [
        (direction_id, name)
        for _, direction_id, direction in plan.directions()
        for name in (direction.label.zh, *direction.aliases)
        if name != "网络"
    ]
    result = classified([{"business_scope": f"研发:{name}"} for _, name in named])
    found = {
        (row["company_id"], row["direction_id"]) for row in result.query("SELECT company_id, direction_id FROM spans")
    }
    assert [name for n, (direction_id, name) in enumerate(named) if (f"c{n}", direction_id) not in found] == []


def test_a_kind_without_a_weight_would_be_silent(plan: RulePack) -> None:
    kinds = {kind for entry in plan.lexicon.values() for kind, _ in entry.families()}
    assert kinds <= set(plan.classification.kinds)


def test_the_page_of_classification_shows_every_constant_as_it_is_shipped(plan: RulePack) -> None:
    page = (Path(__file__).parents[2] / "docs" / "classification.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^\| `([a-z]+\.[a-z]+)` \|[^|]+\| ([0-9.]+) →", page, re.MULTILINE))
    assert shown == {
        f"{section}.{name}": f"{shipped(plan.classification, section, name):g}" for section, name, _, _ in MOVED
    }


def test_nearest_stands_for_every_word_that_tells_a_domain_alone(plan: RulePack) -> None:
    for domain_id, domain in plan.domains.items():
        words = plan.lexicon.get(domain_id)
        if words is None:
            continue
        nearest = dict(words.nearest_of())
        spellings = {spelling for _, family in words.families() for spelling in family.split("|")}
        assert spellings == set(nearest)
        assert set(nearest.values()) <= set(domain.directions)
