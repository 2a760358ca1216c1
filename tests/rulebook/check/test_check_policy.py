"""Never scored: each forbidden input is found where it hides, and only a stated legal basis lifts it."""

from __future__ import annotations

import pytest

from screening.rulebook.check import check
from screening.rulebook.check.never_scored import NEVER_SCORED
from tests.rulebook.check.packs import AS_OF, loaded

CODE = "policy/forbidden-input"


def criterion(score: str, *, id_: str = "extra", label: str = "附加", more: str = "") -> str:
    """Return an overlay with one more criterion, which weighs nothing."""
    return (
        f"criteria: {{merit: {{pillars: {{scale: {{criteria: {{{id_}: {{label: {label}, basis: fund, direction: match, "
        f"weight: 0, score: {score}{more}}}}}}}}}}}}}\n"
    )


def fact(id_: str, body: str, label: str = "某事实") -> str:
    return f"facts: {{{id_}: {{label: {label}, question: 问, {body}}}}}\n"


def forbidden(change: str) -> list[str]:
    """Return which forbidden inputs the checks name."""
    problems = [p for p in check(loaded(change), AS_OF) if p.code == CODE]
    assert all(p.is_error and p.position and p.position.file.startswith("change") for p in problems)
    return sorted({entry.id for entry in NEVER_SCORED for p in problems if f"input: {entry.id}," in p.remedy})


CASES: dict[str, tuple[str, list[str]]] = {
    "a share of reinvestment, by its label": (
        criterion("{when: is_listed, points: 5}", label="返投比例"),
        ["reinvestment"],
    ),
    "a promise to move here, by its id": (criterion("{when: is_listed, points: 5}", id_="relocation"), ["relocation"]),
    "a promise of local tax": (
        fact("tax_promise", "type: boolean, expr: listed") + criterion("{when: tax_promise, points: 5}"),
        ["relocation"],
    ),
    "a concession of returns": (criterion("{when: is_listed, points: 5}", label="让利承诺"), ["return_concession"]),
    "the city itself": (criterion("{when: city = '东市', points: 5}"), ["registered_address"]),
    "the address, through two facts": (
        "facts:\n  lies_east: {label: 在东, type: boolean, question: 问, expr: \"contains(address, '东')\"}\n"
        "  well_placed: {label: 位置好, type: boolean, expr: lies_east or listed}\n"
        + criterion("{when: well_placed, points: 5}"),
        ["registered_address"],
    ),
    "the place as a condition of applying": (
        criterion("{when: is_listed, points: 5}", more=", applies_when: city = '东市'"),
        ["registered_address"],
    ),
    "state ownership": (
        fact("state_share", "type: boolean, from: holders, take: any, where: holder_kind = 'state' and share > 0.5")
        + criterion("{when: state_share, points: 5}"),
        ["ownership"],
    ),
    "holders of any kind": (
        fact("largest", "unit: ratio, range: [0, 1], from: holders, take: max, of: share")
        + criterion("{of: largest, at_least: 50%, points: 5}"),
        ["ownership"],
    ),
    "the sex of the founders": (
        fact("women", "type: boolean, expr: listed", label="创始人性别") + criterion("{when: women, points: 5}"),
        ["personal_trait"],
    ),
    "the age of the founders": (
        fact("founder_age", "type: boolean, expr: listed") + criterion("{when: founder_age, points: 5}"),
        ["personal_trait"],
    ),
    "party membership": (criterion("{when: is_listed, points: 5}", label="党员人数"), ["personal_trait"]),
    "subscribed capital": (
        fact("capital", "unit: cny, range: [0, 1000000000], expr: registered_capital")
        + criterion("{of: capital, at_least: 500万元, points: 5}"),
        ["subscribed_capital"],
    ),
    "patents that are only filed": (
        fact("filings", "type: integer, range: [0, 99], from: patents, take: count")
        + criterion("{of: filings, at_least: 3, points: 5}"),
        ["raw_patent_count"],
    ),
    "patents that are granted and own, but in any direction": (
        fact(
            "granted",
            "type: integer, range: [0, 99], from: patents, take: count, where: legal_status = 'granted' and origin = 'own'",
        )
        + criterion("{of: granted, at_least: 3, points: 5}"),
        ["raw_patent_count"],
    ),
    "subsidies, as part of a ratio": (
        fact(
            "grant_share", "unit: ratio, range: [0, 1], from: financials, take: latest, of: government_grants / revenue"
        )
        + criterion("{of: grant_share, at_least: 5%, points: 5}"),
        ["subsidies"],
    ),
    "a direction seen only in the name": (
        criterion("{of: fit_grade, lookup: {core: 5, name: 1}}"),
        ["name_only_direction"],
    ),
    "a direction seen only in the name, in a condition": (
        criterion("{when: \"fit_grade in ('core', 'name')\", points: 5}"),
        ["name_only_direction"],
    ),
    "the length of the description": (
        fact("long_text", "type: boolean, expr: length(description) > 100") + criterion("{when: long_text, points: 5}"),
        ["keyword_strength"],
    ),
    "the number of keyword hits": (
        fact("keyword_hits", "type: boolean, expr: listed") + criterion("{when: keyword_hits, points: 5}"),
        ["keyword_strength"],
    ),
    "an analyst's impression": (
        fact("impression", "type: boolean, expr: listed", label="印象分") + criterion("{when: impression, points: 5}"),
        ["analyst_notes"],
    ),
    "affiliation with the fund": (criterion("{when: is_listed, points: 5}", id_="affiliated"), ["fund_affiliation"]),
    "missingness": (criterion("{when: rd_share is null, points: 5}"), ["missingness"]),
    "one fact in two criteria": (criterion("{when: rd_share > 0.1, points: 5}"), ["same_fact_twice"]),
    "one fact twice, through a fact made of it": (
        fact("does_research", "type: boolean, expr: rd_share > 0.1") + criterion("{when: does_research, points: 5}"),
        ["same_fact_twice"],
    ),
}


@pytest.mark.parametrize(("change", "found"), CASES.values(), ids=CASES)
def test_a_criterion_may_not_use(change: str, found: list[str]) -> None:
    assert forbidden(change) == found


def test_every_entry_of_the_list_is_tried_above() -> None:
    assert {entry.id for entry in NEVER_SCORED} == {id_ for _, found in CASES.values() for id_ in found}


FREE = {
    "own, granted and in the direction": (
        fact(
            "own",
            "type: integer, range: [0, 99], from: patents, take: count, "
            "where: kind = 'invention' and legal_status = 'granted' and origin = 'own' and in_direction",
        )
        + criterion("{of: own, at_least: 3, points: 5}")
    ),
    "the plan's own city fit": criterion("{of: place_grade, lookup: {city_domain: 5}}"),
    "who holds title to the technology": (
        fact("university_share", "type: boolean, from: holders, take: any, where: holder_kind = 'university'")
        + criterion("{when: university_share, points: 5}")
    ),
    "the age of the company": criterion("{when: age_months > 36, points: 5}"),
    "a ratio of facts that are scored elsewhere": (
        fact("research_per_head", "range: [0, 1], expr: rd_share / staff_count")
        + criterion("{of: research_per_head, at_least: 0.5, points: 5}")
    ),
    "a fact that only chooses the function": criterion("{switch: size, to: {small: {when: is_listed, points: 5}}}"),
}


@pytest.mark.parametrize("change", FREE.values(), ids=FREE)
def test_a_criterion_may_use(change: str) -> None:
    assert forbidden(change) == []


def test_one_fact_may_stand_twice_in_one_capped_pillar() -> None:
    twice = """\
criteria: {merit: {pillars: {research: {criteria: {
  steady: {label: 持续研发, basis: fund, weight: 0, score: {when: rd_share > 0.1, points: 5}}}}}}}
"""
    assert forbidden(twice) == ["same_fact_twice"]
    capped = twice.replace("{research: {criteria", "{research: {cap: 60, criteria")
    assert forbidden(capped) == []


def test_deductions_are_bound_like_criteria() -> None:
    assert forbidden(
        "deductions: {cap: 5, items: {far: {label: 远, basis: fund, score: {when: city = '西市', points: 5}}}}\n"
    ) == ["registered_address"]


GATES = {
    "a gate may look at the address": ("fails_when: city <> '东市'", "某门槛", []),
    "a gate may look at ownership": ("fails_when: foreign_share", "某门槛", []),
    "a gate may not ask for reinvestment": ("fails_when: is_listed", "返投不足", ["reinvestment"]),
    "a gate may not look at sex": ("fails_when: is_listed", "性别", ["personal_trait"]),
}


@pytest.mark.parametrize(("condition", "label", "found"), GATES.values(), ids=GATES)
def test_gates(condition: str, label: str, found: list[str]) -> None:
    foreign = fact("foreign_share", "type: boolean, from: holders, take: any, where: holder_kind = 'foreign'")
    gate = f"gates: {{extra: {{label: {label}, {condition}, effect: warn, on_unknown: ignore, basis: fund, message: 提示}}}}\n"
    assert forbidden(foreign + gate) == found


LIFT = "lifts: [{rule: extra, input: registered_address, legal_basis: 基金合伙协议第五条}]"


def codes(change: str) -> list[tuple[str, str]]:
    return sorted((p.severity, p.code) for p in check(loaded(change), AS_OF) if p.code.startswith("policy/"))


def test_an_overlay_lifts_an_input_with_its_legal_basis_and_that_is_noted() -> None:
    city = criterion("{when: city = '东市', points: 5}")
    assert codes(f"pack: {{extends: below, {LIFT}}}\n" + city) == [("notice", "policy/lifted-input")]


def test_a_pack_of_its_own_cannot_lift_what_no_document_prescribes() -> None:
    city = criterion("{when: city = '东市', points: 5}")
    assert codes(f"pack: {{{LIFT}}}\n" + city) == [("error", "policy/lift-without-base")]


def test_an_official_table_is_its_own_basis_and_still_says_so() -> None:
    city = criterion("{when: city = '东市', points: 5}", more=", source: {document: 某部〔2022〕1号}")
    assert codes(f"pack: {{{LIFT}}}\n" + city) == [("notice", "policy/lifted-input")]


def test_a_lift_covers_only_the_rule_and_the_input_it_names() -> None:
    capital = fact("capital", "unit: cny, range: [0, 1000000000], expr: registered_capital") + criterion(
        "{of: capital, above: 1万元, points: 5}"
    )
    assert codes(f"pack: {{extends: below, {LIFT}}}\n" + capital) == [
        ("error", CODE),
        ("warning", "policy/lift-unused"),
    ]
