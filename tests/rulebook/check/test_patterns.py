"""What `check` lets through, the engines run; what they refuse, `check` refuses, in bounded time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening import strict_yaml
from screening.errors import RulesError
from screening.rulebook.check import check
from screening.rulebook.check.patterns import MOST_INSIDE, MOST_PATTERNS
from screening.rulebook.model import RulePack
from tests.engine.laboratory import criterion, half, pack, results
from tests.rulebook.check.packs import AS_OF, loaded

_SIGNS = (
    r"a 甲 \p{Han} \d \Z \z \K (?i) (?x) (?P<n> (?: ( ) [ ] ^ - {2} {1,} {999} * + ? | . $ \ # && \x{41} \b \Q \E {,3}"
)
SIGNS = st.sampled_from(_SIGNS.split(" "))
PATTERNS = st.lists(SIGNS, min_size=1, max_size=8).map("".join)
PLACES = ("exclusions", "tails", "says_nothing", "statements", "before", "between", "after", "pattern", "unless")


def placed(place: str, pattern: str) -> dict[str, object]:
    if place in ("exclusions", "tails", "says_nothing"):
        return {place: [pattern]}
    if place == "statements":
        return {"opening": {"statements": [pattern], "fields": ["description"]}}
    if place in ("before", "between", "after"):
        return {"phrases": [{"activity": "means", "before": "采用", place: pattern}]}
    return {"identities": {"other": {"field": "business_scope", "pattern": "甲", "factor": 0.5, place: pattern}}}


def laid(change: dict[str, object]) -> list[str]:
    """Return the codes that the checks of a small pack say of a classification; a refusal by the models counts too."""
    document = loaded().document
    data = {**document.data, "classification": change}
    try:
        parsed = RulePack.model_validate(data)
    except ValueError:
        return ["schema"]
    whole = loaded()
    object.__setattr__(whole, "pack", parsed)
    return [p.code for p in check(whole, AS_OF) if p.is_error]


@settings(max_examples=25, deadline=None)
@given(PATTERNS, st.sampled_from(PLACES))
def test_a_pattern_that_passes_the_checks_runs(pattern: str, place: str) -> None:
    change = placed(place, pattern)
    started = time.monotonic()
    codes = laid(change)
    assert time.monotonic() - started < 5
    if codes:
        assert set(codes) <= {"schema", "pattern/refused", "pattern/everywhere"}
        return
    data = pack(
        domains={"甲": {"label": "甲", "directions": {"甲1": {"label": "甲一"}}}},
        lexicon={"甲1": {"strong": ["设备"]}},
        criteria=half({"c": criterion({"when": "true", "points": 1})}),
        classification={"activities": {"make": {"words": ["生产"], "weight": 1}}, **change},
    )
    for column in ("products", "description", "business_scope", "industry_name", "industry_code", "company_type"):
        data["tables"]["companies"]["columns"][column] = {"type": "text"}
    rows = [{"company_id": "x", "name": "甲", "business_scope": "生产甲设备,aaaa;采用设备", "description": "设备"}]
    assert len(results(data, rows, "profile")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "separators: ''",
        "item_separators: ''",
        "exclusions: ['(?=甲)']",
        "exclusions: ['(甲)\\1']",
        "masks: ['']",
        "activities: {make: {words: [''], weight: 1}}",
        f"exclusions: ['{'甲' * 1001}']",
        f"masks: ['{'甲' * 61}']",
    ],
)
def test_what_is_empty_or_endless_is_refused_by_the_models(text: str) -> None:
    with pytest.raises(ValueError, match="validation error"):
        loaded(f"classification: {{{text}}}")


def test_the_number_of_patterns_is_limited() -> None:
    many = [f"甲{n}" for n in range(MOST_PATTERNS)]
    assert laid({"exclusions": many}) == []
    assert laid({"exclusions": many, "tails": ["乙"]}) == ["pattern/too-many"]


def test_a_hundred_nested_terms_are_refused_at_once() -> None:
    terms = ", ".join("a" * n for n in range(1, 60))
    assert "lexicon/nested" in {p.code for p in check(loaded(f"lexicon: {{甲1: {{strong: [{terms}]}}}}"), AS_OF)}


def test_terms_side_by_side_are_not_nested() -> None:
    terms = ", ".join(f"甲{n:03}" for n in range(100, 100 + 10 * MOST_INSIDE))
    assert not check(loaded(f"lexicon: {{甲1: {{strong: [{terms}]}}}}"), AS_OF)


def test_the_cases_of_a_pack_do_not_run_with_a_pattern_that_no_engine_takes(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    from screening.rulebook.loader import load_pack
    from screening.run.cases import run_cases

    folder = tmp_path_factory.mktemp("pack")
    head = 'pack: {id: own, version: "1", label: 自, extends: innovative-sme-2022}\n'
    (folder / "pack.yaml").write_text(head + "classification: {exclusions: ['(']}\n", encoding="utf-8")
    (folder / "cases").mkdir()
    case = "defaults: {as_of: 2025-01-01}\ncases: [{name: 空, expect: {}}]\n"
    (folder / "cases" / "a.yaml").write_text(case, encoding="utf-8")
    assert not strict_yaml.read(folder / "cases" / "a.yaml").problems
    with pytest.raises(RulesError, match="refuses it"):
        run_cases(load_pack(folder))
