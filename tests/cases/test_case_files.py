"""What a case file may say, and where its mistakes are shown."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from screening import strict_yaml
from screening.engine import pipeline
from screening.rulebook.cases import read_cases
from screening.rulebook.loader import load_pack
from screening.rulebook.parsing import parse_pack
from screening.run import cases as judging

if TYPE_CHECKING:
    from screening.errors import Problem
    from screening.rulebook.cases import CompanyCase

PACK = load_pack("innovative-sme-2022")


def read(text: str) -> tuple[list[CompanyCase], list[Problem]]:
    return read_cases(strict_yaml.parse(textwrap.dedent(text), "cases/x.yaml"), PACK)


def test_a_case_starts_from_another_and_changes_only_what_it_says() -> None:
    cases, problems = read("""
        defaults: {as_of: 2025-06-30, absence: zero}
        starting_points:
          company: {company: {staff: 10人, status: active}}
          older: {like: company, company: {established_on: 2015-01-01}}
        cases:
          - name: 规模更大
            given: {like: older, company: {staff: 20人}, absence: {risk_events: unknown}}
            expect: {outcome: ranked}
        """)
    assert not problems
    assert cases[0].company["staff"] == 20
    assert cases[0].company["status"] == "active"
    assert str(cases[0].company["established_on"]) == "2015-01-01"
    assert (cases[0].absence["risk_events"], cases[0].absence["patents"]) == ("unknown", "zero")


def test_edges_become_one_case_each_in_words() -> None:
    cases, problems = read("""
        defaults: {as_of: 2025-06-30}
        edges:
          - name: 研发占比
            fact: rd_intensity
            points_of: rd_share
            rows: [[5%, 20], [missing, [0, 20]]]
        """)
    assert not problems
    assert [c.name for c in cases] == ["研发占比: rd_intensity = 5% → 20", "研发占比: rd_intensity = missing → [0, 20]"]
    assert cases[0].facts["rd_intensity"].value == 0.05
    assert (cases[1].facts["rd_intensity"].low, cases[1].facts["rd_intensity"].reason) == (0, "not_disclosed")


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ("given: {facts: {rd_intensty: 5%}}", "case/unknown-name", "did you mean 'rd_intensity'?"),
        ("given: {facts: {rd_intensity: 5万元}}", "unit/mismatch", "write it in ratio"),
        ("given: {facts: {class_one: 1.5项}}", "case/value", "write a whole number"),
        ("given: {facts: {rd_intensity: {missing: lost}}}", "case/value", "reasons: not_collected"),
        ("given: {company: {stafff: 3人}}", "case/unknown-name", "did you mean 'staff'?"),
        ("given: {company: {status: activ}}", "case/value", "did you mean 'active'?"),
        ("given: {company: {established_on: 2025年}}", "case/value", "write a date like 2024-09-14"),
        ("given: {company: {industry_code: 3562}}", "case/value", "write text in quotes"),
        ("given: {tables: {patent: []}}", "case/unknown-name", "did you mean 'patents'?"),
        ("given: {tables: {patents: [{knd: invention}]}}", "case/unknown-name", "did you mean 'kind'?"),
        ("given: {not_collected: [patents.titel]}", "case/unknown-name", "did you mean 'title'?"),
        ("given: {like: nobody}", "case/unknown-name", ""),
        ("expect: {gates: {is_smee: passed}}", "case/unknown-name", "did you mean 'is_sme'?"),
        ("expect: {points: {rd_shar: 5}}", "case/unknown-name", "did you mean 'rd_share'?"),
        ("expect: {route: awards}", "case/unknown-name", "did you mean 'award'?"),
        ("expect: {gates: {is_sme: pased}}", "schema/not-allowed", "did you mean 'passed'?"),
        ("expects: {score: 5}", "schema/unknown-key", "did you mean 'expect'?"),
    ],
)
def test_a_mistake_is_shown_where_it_stands(line: str, code: str, says: str) -> None:
    expect = "" if line.startswith("expect") else "\n    expect: {outcome: ranked}"
    _, problems = read(f"defaults: {{as_of: 2025-06-30}}\ncases:\n  - name: 错误\n    {line}{expect}\n")
    found = [p for p in problems if p.code == code]
    assert found, problems
    assert says in found[0].remedy
    assert found[0].position is not None
    assert (found[0].position.file, found[0].position.line) == ("cases/x.yaml", 4)
    assert found[0].line_text.strip() == line


def test_a_case_needs_a_date() -> None:
    _, problems = read("cases:\n  - name: 无日期\n    expect: {outcome: ranked}\n")
    assert [p.code for p in problems] == ["case/no-date"]


def test_a_case_of_another_collection_has_the_facts_of_a_run_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    patents = "patents: [{patent_no: A1, kind: invention, legal_status: granted}, {patent_no: A2, kind: utility_model, legal_status: granted}]"
    given = f"given: {{company: {{staff: 60人}}, tables: {{{patents}}}"
    others = (
        "",
        ", absence: {patents: unknown}",
        ", not_collected: [patents]",
        ", not_collected: [patents.legal_status, financials]",
        ", not_collected: [companies.staff]",
        ", absence: {risk_events: unknown}, searched_on: {risk_events: 2020-01-01}",
        ", facts: {rd_intensity: 5%}, absence: {financials: unknown}",
    )
    written = "".join(
        f"\n  - name: 例{n}\n    {given}{other}}}\n    expect: {{outcome: ranked}}" for n, other in enumerate(others)
    )
    cases, problems = read(f"defaults: {{as_of: 2025-06-30, absence: zero}}\ncases:{written}\n")
    assert not problems
    groups = list(judging._groups(PACK, cases).values())
    parsed = {cases[0].as_of: parse_pack(PACK, cases[0].as_of)}
    assert len(groups) == len(others)
    together = judging._run(parsed, groups, 1)
    monkeypatch.setattr(pipeline, "facts_apart", lambda _, one, other: () if one is other else None)
    assert judging._run(parsed, groups, 1) == together
    assert len({str(found.rows["facts"]) for found in together.values()}) == len(others)
