"""What counts as working in a direction, as policy: fictional texts and what must be said of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from screening import strict_yaml
from screening.result.contract import IN_SCOPE
from tests.classify.conftest import COLUMNS, classifier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from screening.rulebook.model import RulePack
    from tests.classify.conftest import Classified

POLICIES = Path(__file__).parent / "policies"


def policies() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for path in sorted(POLICIES.glob("*.yaml")):
        document = strict_yaml.read(path)
        assert not document.problems
        for case in document.data["cases"]:
            # an unquoted comma would end the text and make a key of the rest
            assert set(case["given"]) <= set(COLUMNS), case["title"]
            found.append((path.stem, case))
    return found


CASES = policies()


@pytest.fixture(scope="module")
def judged(plan: RulePack) -> Iterator[Classified]:
    """All cases judged at once: they are companies of one table, as they would be in a run."""
    with classifier(plan) as run:
        yield run([case["given"] for _, case in CASES])


@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{stem}-{case['title']}" for stem, case in CASES])
def test_policy(number: int, judged: Classified) -> None:
    case, company = CASES[number][1], f"c{number}"
    profile, grades = judged.profile(company), judged.grades(company)
    seen = {
        row["id"]
        for row in judged.query(
            "SELECT coalesce(direction_id, domain_id) AS id FROM spans WHERE company_id = $id", {"id": company}
        )
    }
    expect = case.get("expect", {})
    if "grade" in expect:
        assert profile["fit_grade"] == expect["grade"], grades
    if "domain" in expect:
        assert profile["domain_id"] == expect["domain"], grades
    if "direction" in expect:
        assert profile["direction_id"] == expect["direction"], grades
    if expect.get("nearest"):
        assert profile["direction_basis"] == "nearest", grades
    for direction in case.get("never", ()):
        assert direction not in seen
    for domain in case.get("never_domain", ()):
        assert not [one for one in seen if one.startswith(domain)]
    if "open" in case:
        assert profile["is_open"] is case["open"], grades
    if case.get("out") or case.get("open"):
        assert profile["fit_grade"] not in IN_SCOPE, grades
    for direction in (*case.get("also", ()), *case.get("both", ())):
        assert grades.get(direction) in IN_SCOPE, grades
    if "also" in case or "both" in case:
        assert profile["double_membership"]
        assert profile["second_direction_id"] is not None
    if "both" in case:
        assert {profile["direction_id"], profile["second_direction_id"]} == set(case["both"])


def test_every_direction_of_the_plan_can_be_told(classified: Callable[..., Classified], plan: RulePack) -> None:
    """No direction is a dead letter: its first strong term, developed and made, puts a company there."""
    directions = [direction for _, direction, _ in plan.directions()]
    given = [{"business_scope": f"研发、生产：{plan.lexicon[d].strong[0].split('|')[0]}"} for d in directions]
    result = classified(given)
    found = {d: result.grades(f"c{n}").get(d) for n, d in enumerate(directions)}
    assert {d for d, grade in found.items() if grade != "core"} == set()
