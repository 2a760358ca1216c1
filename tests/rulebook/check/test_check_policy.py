"""Never scored: each forbidden input is found where it hides, and only a stated legal basis lifts it."""

from __future__ import annotations

import re

import pytest
import yaml

from screening import strict_yaml
from screening.rulebook.check import check
from screening.rulebook.check.never_scored import NEVER_SCORED
from tests.rulebook.check.packs import AS_OF, loaded

CODE = "policy/forbidden-input"


def criterion(score: str, *, id_: str = "extra", label: str = "附加", more: str = "") -> str:
    """Return an overlay with one more criterion, which weighs nothing."""
    return (
        f"criteria: {{merit: {{pillars: {{scale: {{criteria: {{{id_}: {{label: {label}, set_by: fund, direction: match, "
        f"weight: 0, score: {score}{more}}}}}}}}}}}}}\n"
    )


def fact(id_: str, body: str, label: str = "某事实") -> str:
    return f"facts: {{{id_}: {{label: {label}, question: 问, {body}}}}}\n"


def forbidden(change: str) -> list[str]:
    """Return which forbidden inputs the checks name."""
    problems = [p for p in check(loaded(change), AS_OF) if p.code == CODE]
    assert all(p.is_error and p.position and p.position.file.startswith("change") for p in problems), problems
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
    "missingness": (criterion("{when: rd_share is null, points: 5}"), ["missingness", "same_fact_twice"]),
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


def fact_block(id_: str, body: str) -> str:
    return f"facts:\n  {id_}: {{label: 某事实, question: 问, {body}}}\n"


def headed(header: str) -> str:
    """A column with a neutral name, whose header in the data says what it is."""
    return (
        f"tables: {{companies: {{columns: {{score_a: {{type: integer, label: 指标一, headers: ['{header}']}}}}}}}}\n"
        + fact("a", "type: integer, range: [0, 99], expr: score_a", "指标甲")
    )


def east(expression: str) -> str:
    return fact("lies_east", f'type: boolean, expr: "{expression}"') + criterion("{when: lies_east, points: 5}")


HIDDEN: dict[str, tuple[str, list[str]]] = {
    "behind a header": (headed("承诺返投金额") + criterion("{of: a, at_least: 3, points: 5}"), ["reinvestment"]),
    "behind an English header": (headed("Re-Invest") + criterion("{of: a, at_least: 3, points: 5}"), ["reinvestment"]),
    "between blanks": (criterion("{when: is_listed, points: 5}", label="返 投 比例"), ["reinvestment"]),
    "between zero-width signs": (
        criterion("{when: is_listed, points: 5}", label='"让\u200b利"'),
        ["return_concession"],
    ),
    "between dashes": (criterion("{when: is_listed, points: 5}", label="返-投"), ["reinvestment"]),
    "in full width": (criterion("{when: is_listed, points: 5}", label="ｇｅｎｄｅｒ"), ["personal_trait"]),
    "in traditional characters": (criterion("{when: is_listed, points: 5}", label="黨員人數"), ["personal_trait"]),
    "in traditional characters of the land": (
        criterion("{when: is_listed, points: 5}", label="註冊資本"),
        ["subscribed_capital"],
    ),
    "as two English words": (criterion("{when: is_listed, points: 5}", label="Local Tax"), ["relocation"]),
    "the place in the name": (east("contains(name, '东市')"), ["registered_address"]),
    "the place in the code": (east("starts_with(uscc, '919901')"), ["registered_address"]),
    "the place in the id": (east("starts_with(company_id, '919901')"), ["registered_address"]),
    "the place in another text": (east("contains(description, '东市')"), ["registered_address"]),
    "the place in a parameter": (
        "parameters: {home: {label: 本地, text: 东市, set_by: fund}}\n" + east("contains(description, home)"),
        ["registered_address"],
    ),
    "the place in a stage": (
        "stages: {side: {label: 位置, values: {near: {label: 近, when: lies_east, set_by: fund}, "
        "far: {label: 远, otherwise: true, set_by: fund}}}}\n"
        + fact("lies_east", "type: boolean, expr: \"contains(address, '东市')\"")
        + criterion("{of: side, lookup: {near: 5}}"),
        ["registered_address"],
    ),
    "the place in what makes a fact not applicable": (
        fact_block("pays", "unit: ratio, range: [0, 1], expr: staff / 100000, not_applicable_when: lies_east")
        + "  lies_east: {label: 在东, type: boolean, question: 问, expr: \"contains(address, '东')\"}\n"
        + criterion("{of: pays, at_least: 1%, points: 5}"),
        ["registered_address"],
    ),
    "a word that the text is searched for": (east("contains(description, '国有企业')"), ["ownership"]),
}


@pytest.mark.parametrize(("change", "found"), HIDDEN.values(), ids=HIDDEN)
def test_a_forbidden_input_is_found_however_it_is_hidden(change: str, found: list[str]) -> None:
    columns = "tables: {companies: {columns: {name: {type: text}, uscc: {type: code}}}}\n"
    assert forbidden(merged(columns, change)) == found


def merged(*changes: str) -> str:
    """Lay several overlays over each other, as YAML."""
    whole = strict_yaml.Document()
    for change in changes:
        for part in re.split(r"\n(?=\w)", change):
            whole = strict_yaml.overlay(whole, strict_yaml.parse(part, "change"))
    return yaml.safe_dump(whole.data, allow_unicode=True, sort_keys=False)


def test_several_forbidden_inputs_of_one_expression_are_all_told() -> None:
    change = east("city = '东市' or registered_capital > 5 or size_class is null")
    assert forbidden(change) == ["missingness", "registered_address", "subscribed_capital"]


FREE = {
    "an owner of rights, in words": criterion("{when: is_listed, points: 5}", label="Patent ownership and licences"),
    "what goes there and back": criterion("{when: is_listed, points: 5}", label="往返、投入"),
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
  steady: {label: 持续研发, set_by: fund, weight: 0, score: {when: rd_share > 0.1, points: 5}}}}}}}
"""
    assert forbidden(twice) == ["same_fact_twice"]
    capped = twice.replace("{research: {criteria", "{research: {cap: 60, criteria")
    assert forbidden(capped) == []


def test_deductions_are_bound_like_criteria() -> None:
    assert forbidden(
        "deductions: {cap: 5, items: {far: {label: 远, set_by: fund, score: {when: city = '西市', points: 5}}}}\n"
    ) == ["registered_address"]


GATES = {
    "a gate may look at the address": ("fails_when: city <> '东市'", "某门槛", []),
    "a gate may warn by subscribed capital": ("fails_when: subscribed < 5", "某门槛", []),
    "a gate may ask whether a code is there": ("fails_when: city = '东市' and staff_count is null", "某门槛", []),
    "a gate may look at ownership": ("fails_when: foreign_share", "某门槛", []),
    "a gate may not ask for reinvestment": ("fails_when: is_listed", "返投不足", ["reinvestment"]),
    "a gate may not look at sex": ("fails_when: is_listed", "性别", ["personal_trait"]),
}


@pytest.mark.parametrize(("condition", "label", "found"), GATES.values(), ids=GATES)
def test_gates(condition: str, label: str, found: list[str]) -> None:
    foreign = fact("foreign_share", "type: boolean, from: holders, take: any, where: holder_kind = 'foreign'")
    subscribed = fact("subscribed", "unit: cny, range: [0, 9], expr: registered_capital")
    gate = f"gates: {{extra: {{label: {label}, {condition}, effect: warn, on_unknown: ignore, set_by: fund, message: 提示}}}}\n"
    assert forbidden(merged(foreign, subscribed, gate)) == found


KNOCK_OUTS = {
    "the city": "city <> '东市'",
    "the city in a fact": "elsewhere",
    "subscribed capital": "subscribed < 5",
    "the place in the name": "named_west",
    "the place in the code": "coded_west",
}


@pytest.mark.parametrize("effect", ["reject", "review"])
@pytest.mark.parametrize("condition", KNOCK_OUTS.values(), ids=KNOCK_OUTS)
def test_nobody_is_knocked_out_by(condition: str, effect: str) -> None:
    change = (
        "tables: {companies: {columns: {name: {type: text}, uscc: {type: code}}}}\n"
        "facts:\n  elsewhere: {label: 别, type: boolean, question: 问, expr: city <> '东市'}\n"
        "  subscribed: {label: 资, unit: cny, range: [0, 9], question: 问, expr: registered_capital}\n"
        "  named_west: {label: 名, type: boolean, question: 问, expr: \"contains(name, '东市')\"}\n"
        "  coded_west: {label: 码, type: boolean, question: 问, expr: \"starts_with(uscc, '91')\"}\n"
        f'gates: {{extra: {{label: 某门槛, fails_when: "{condition}", effect: {effect}, on_unknown: ignore, set_by: fund, message: 提示}}}}\n'
    )
    assert len(forbidden(change)) == 1


def test_a_company_may_be_known_by_its_name() -> None:
    change = (
        "tables: {companies: {columns: {name: {type: text}}}}\n"
        + fact("is_trial", "type: boolean, expr: \"contains(name, '测试')\"")
        + "gates: {extra: {label: 某门槛, fails_when: is_trial, effect: reject, on_unknown: ignore, set_by: fund, message: 提示}}\n"
    )
    assert forbidden(change) == []


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
