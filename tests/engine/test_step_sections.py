"""A step looks at no more of a pack than it says: the text made from these sections alone is the text made from all of it."""

from __future__ import annotations

import datetime

import pytest

from screening.engine import steps as made
from screening.engine.compile.branches import branches_statement
from screening.engine.compile.criteria import points_statement
from screening.engine.files import DIALECT
from screening.engine.inputs import Inputs
from screening.rulebook.loader import load_pack
from screening.rulebook.parsing import parse_pack

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
        loaded.document.data, kept = data, loaded.document.data
        after = {name: parsed.said(made._RECIPES[name].sections) for name in before}
        loaded.document.data = kept
        assert {name for name in before if after[name] != before[name]} == reach, section
