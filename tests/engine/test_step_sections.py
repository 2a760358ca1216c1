"""A step looks at no more of a pack than it says: the text made from these sections alone is the text made from all of it."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from screening.engine import steps as made
from screening.engine.compile.branches import branches_statement
from screening.engine.compile.criteria import points_statement
from screening.engine.files import DIALECT
from screening.engine.inputs import Inputs
from screening.rulebook.loader import load_pack
from screening.rulebook.parsing import parse_pack
from tests.engine.laboratory import criterion, half, pack
from tests.engine.laboratory import parsed as parsed_of

AS_OF = datetime.date(2026, 6, 30)


@pytest.mark.parametrize("pack", ["guangdong-2024", "innovative-sme-2022"])
def test_the_text_from_the_sections_is_the_text_from_the_pack(pack: str) -> None:
    loaded = load_pack(pack)
    parsed = parse_pack(loaded, AS_OF)
    inputs = Inputs(AS_OF, {name: frozenset(table.columns) for name, table in loaded.pack.tables.items()})
    for name, recipe in made._RECIPES.items():
        if recipe.build is not None and recipe.sections:
            seen = parsed.narrowed(recipe.sections)
            assert recipe.build(seen, inputs, "").sql(DIALECT) == recipe.build(parsed, inputs, "").sql(DIALECT), name
    (seen_tree, seen_branches), (tree, branches) = map(branches_statement, (parsed.narrowed(made.BRANCHING), parsed))
    scored = [criterion_id for _, _, criterion_id, rule in parsed.pack.criteria_of() if parsed.in_force(rule)]
    seen_points, points = (points_statement(p, scored, {}) for p in (parsed.narrowed(made.POINTS), parsed))
    assert seen_points.sql(DIALECT) == points.sql(DIALECT)
    assert (seen_tree.sql(DIALECT), seen_branches) == (tree.sql(DIALECT), branches)


def test_an_edit_elsewhere_leaves_the_text_of_a_step_and_one_of_its_own_does_not() -> None:
    loaded = load_pack("innovative-sme-2022")
    parsed = parse_pack(loaded, AS_OF)
    before = {name: parsed.said(recipe.sections) for name, recipe in made._RECIPES.items() if recipe.sections}
    for section, reach in (
        ("verdict", {"criteria", "verdict"}),
        ("lexicon", set()),
        ("gates", {"gates", "verdict", "rules"}),
        ("criteria", {"contributions", "criteria", "verdict", "rules"}),
        ("measures", {"measures"}),
        ("facts", set(before) - {"rules"}),
        ("parameters", set(before) - {"rules"}),
    ):
        data = {**loaded.document.data, section: {"edited": {}}}
        edited = replace(parsed, loaded=replace(loaded, document=replace(loaded.document, data=data), digests={}))
        after = {name: edited.said(made._RECIPES[name].sections) for name in before}
        assert {name for name in before if after[name] != before[name]} == reach, section


DATED = pack(
    columns={"a": {"type": "integer"}, "founded": {"type": "date"}},
    parameters={
        "floor": {
            "label": "下限",
            "unit": "none",
            "set_by": "fund",
            "values": [
                {"value": 3, "valid_from": "2025-01-01"},
                {"value": 5, "valid_from": "2026-01-01"},
            ],
        }
    },
    facts={
        "a_now": {"label": "甲", "type": "integer", "range": [0, 10], "expr": "a"},
        "age": {"label": "年龄", "type": "integer", "range": [0, 99], "expr": "years_between(founded, as_of)"},
        "founded_on": {"label": "成立", "type": "date", "expr": "founded"},
    },
    gates={
        "few": {
            "label": "少",
            "set_by": "fund",
            "fails_when": "a_now < floor",
            "effect": "reject",
            "on_unknown": "review",
            "message": "不通过",
            "effective_from": "2025-06-01",
            "effective_to": "2026-06-30",
        }
    },
    criteria=half({"one": criterion({"when": "age >= 3", "points": 1})}),
)
DAYS = [
    datetime.date.fromisoformat(day)
    for day in (
        "2024-12-31",
        "2025-05-31",
        "2025-06-01",
        "2025-08-09",
        "2025-12-31",
        "2026-01-01",
        "2026-06-30",
        "2026-07-01",
    )
]


def test_on_two_dates_a_step_has_one_text_where_the_pack_says_the_same_on_both() -> None:
    told: dict[tuple[str, str], dict[str, int]] = {}
    for day in DAYS:
        its = parsed_of(DATED, day)
        for name, recipe in made._RECIPES.items():
            if recipe.build is not None:
                inputs = Inputs(day, {"companies": frozenset(its.pack.tables["companies"].columns)})
                key = str((its.said(recipe.sections), recipe.offer(inputs)))
                text = recipe.build(its.narrowed(recipe.sections), inputs, "").sql(DIALECT)
                told.setdefault((name, key), {}).setdefault(text, 0)
                told[name, key][text] += 1
    assert all(len(texts) == 1 for texts in told.values())
    # Nothing names the date but facts, whose text is of its day; what holds between two stated days is one text for all of them.
    assert {name: sum(n == name for n, _ in told) for name in ("facts", "gates", "verdict")} == {
        "facts": 8,
        "gates": 7,
        "verdict": 7,
    }
    assert max(sum(texts.values()) for (name, _), texts in told.items() if name == "gates") == 2


def test_a_gate_that_names_the_date_is_of_its_day() -> None:
    gate = {**DATED["gates"]["few"], "fails_when": "founded_on > as_of"}
    days = DAYS[3:5]
    keys = {
        str(parsed_of({**DATED, "gates": {"few": gate}}, day).said(made._RECIPES["gates"].sections)) for day in days
    }
    assert len(keys) == 2
    assert len({str(parsed_of(DATED, day).said(made._RECIPES["gates"].sections)) for day in days}) == 1


def test_a_gate_that_asks_how_long_ago_was_searched_is_of_its_day() -> None:
    offer = made._RECIPES["gates"].offer
    searched = {"companies": datetime.date(2025, 3, 1)}
    assert offer(Inputs(DAYS[0], {}, {}, searched)) != offer(Inputs(DAYS[1], {}, {}, searched))
    assert offer(Inputs(DAYS[0], {})) == offer(Inputs(DAYS[1], {}, {}, {"companies": None}))
