"""The lexicon as a section of a pack: what it refuses, and that the plan's own one is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from screening.engine.hits import vocabulary
from screening.rulebook.lexicon import Classification, LexiconEntry

if TYPE_CHECKING:
    from screening.rulebook.model import RulePack


@pytest.mark.parametrize(("body", "said"), [
    ({"strong": ["甲|"]}, "empty spelling"), ({"strong": ["甲 |乙"]}, "blanks"), ({"weak": [""]}, "empty spelling"),
    ({"strong": ["moe"], "needs": {"rag": ["检索"]}}, "in none of the word lists"), ({"strang": ["甲"]}, "Extra inputs"),
])
def test_an_entry_refuses_what_makes_no_sense(body: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        LexiconEntry.model_validate(body)


@pytest.mark.parametrize(("body", "said"), [
    ({"exclusions": ["(甲"]}, "not a regular expression"), ({"tails": ["甲(?=乙)"]}, "linear time"),
    ({"says_nothing": [r"(甲)\1"]}, "linear time"), ({"phrases": [{"activity": "means"}]}, "before"),
    ({"phrases": [{"activity": "applied", "after": "^领域"}]}, "no \\^"), ({"kinds": {"strong": -1}}, "greater than or equal"),
    ({"fields": {"nmae": 1.0}}, "Input should be"),
])
def test_classification_refuses_what_makes_no_sense(body: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Classification.model_validate(body)


def test_every_direction_and_domain_of_the_plan_has_words(plan: RulePack) -> None:
    directions = {direction_id for _, direction_id, _ in plan.directions()}
    assert len(directions) == 29
    assert directions | set(plan.domains) - {"二(六)"} == set(plan.lexicon)
    assert [d for d in directions if not plan.lexicon[d].strong] == []


def test_names_and_aliases_of_the_plan_are_terms(plan: RulePack) -> None:
    """The plan's own words must count; 深海 and 网络 are too common alone and stand in compounds."""
    words = set(vocabulary(plan).words("name"))
    missing = {part for _, direction_id, direction in plan.directions()
               for part in (direction.atomic or (direction.label.zh,))
               if part.lower() not in words and not any(part.lower() in w for w in words)}
    assert missing <= {"碳捕集利用与封存(CCUS)", "AI+生物医药", "高速全光通信", "光计算与可见光通信", "细胞和基因治疗", "脑科学与脑机接口"}


def test_a_kind_without_a_weight_would_be_silent(plan: RulePack) -> None:
    kinds = {kind for entry in plan.lexicon.values() for kind, _ in entry.families()}
    assert kinds <= set(plan.classification.kinds)
