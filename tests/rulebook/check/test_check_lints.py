"""Each lint: one change in a sound pack, and everything that the checks then say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from screening import strict_yaml
from screening.rulebook.check import check
from tests.rulebook.check.packs import AS_OF, loaded, said

LINTS: list[dict[str, Any]] = strict_yaml.read(Path(__file__).parent / "lints.yaml").data["lints"]


def test_the_sound_pack_gives_no_cause_for_remark() -> None:
    assert check(loaded(), AS_OF) == []


@pytest.mark.parametrize("lint", LINTS, ids=[lint["what"] for lint in LINTS])
def test_a_change_is_remarked_on_at_its_place_and_nothing_else_is_said(lint: dict[str, Any]) -> None:
    problems = check(loaded(lint["change"], replaced=lint.get("replace", {})), AS_OF)
    assert sorted(map(said, problems)) == sorted(lint["says"])


def test_every_remark_says_what_to_do() -> None:
    for lint in LINTS:
        for problem in check(loaded(lint["change"], replaced=lint.get("replace", {})), AS_OF):
            assert problem.remedy, problem
            assert problem.message[0] != problem.message[0].upper() or not problem.message[0].isalpha(), problem
