"""What the expression language accepts, and how it refuses the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from screening.errors import Position
from screening.expression import Literal, Name, Ref, names, parse, render, substitute, type_of, unit_of, walk

HERE = Path(__file__).parent
SCOPE = {
    name.id: name
    for name in (
        Name("revenue", "decimal", "cny"),
        Name("cost", "decimal", "cny"),
        Name("age", "integer", "months"),
        Name("staff", "integer", "persons"),
        Name("intensity", "decimal", "ratio"),
        Name("listed", "boolean"),
        Name("founded", "date"),
        Name("as_of", "date"),
        Name("city", "text"),
        Name("industry_code", "text"),
        Name("track", "category", values=("seed", "early")),
        Name("all", "decimal"),
        Name("date", "date"),
    )
}
HOSTILE = [
    (code, text) for code, texts in yaml.safe_load((HERE / "hostile.yaml").read_text("utf-8")).items() for text in texts
]
MISTAKES = yaml.safe_load((HERE / "mistakes.yaml").read_text("utf-8"))

MONSTERS = {
    "a megabyte": "revenue > 1 or " * 70_000,
    "ten thousand brackets": "(" * 10_000 + "1" + ")" * 10_000,
    "brackets just short enough": "(" * 1_990 + "1" + ")" * 1_990,
    "open brackets": "(" * 3_999,
    "nots": "not " * 990 + "listed",
    "nots after signs": "listed" + " = not listed" * 300,
    "minus signs": "- " * 1_900 + "revenue",
    "minus signs after signs": "revenue" + " * - revenue" * 300,
    "a chain of sums": "1" + "+1" * 1_900,
    "a chain of comparisons": "1" + "<1" * 1_900,
    "a chain of is null": "revenue" + " is null" * 400,
    "a chain of in": "revenue" + " in (1)" * 400,
    "a chain of between": "revenue" + " between 1 and 2" * 200,
    "a chain of quotients": "revenue" + "/staff" * 500,
    "nested cases": "case when listed then " * 150 + "1" + " else 2 end" * 150,
    "nested calls": "abs(" * 900 + "1" + ")" * 900,
    "a wide list": f"staff in ({','.join(['1'] * 1_950)})",
    "one long name": "x" * 3_999 + " > 1",
    "one long text": f"city = '{'x' * 3_990}",
    "one long number": "9" * 3_990 + " > revenue",
    "quotes": "'" * 3_999,
    "open comment": "/*" * 1_900,
    "spaces": " " * 3_999,
    "dots": "a" + ".a" * 1_900,
    "unknown names": "a1 or " * 400 + "a1",
}


def read(text: str, **options: Any) -> tuple[Any, list[Any]]:
    return parse(text, SCOPE, **({"expect": "boolean", "catalogues": ("chips",)} | options))


@pytest.mark.parametrize(("code", "text"), HOSTILE, ids=[text[:40] for _, text in HOSTILE])
def test_hostile_text_is_refused_with_its_code(code: str, text: str) -> None:
    tree, problems = read(text, expect="any")
    assert tree is None
    assert code in {problem.code for problem in problems}
    assert all(problem.code.startswith("expression/") and problem.message for problem in problems)


@pytest.mark.parametrize("text", MONSTERS.values(), ids=MONSTERS)
def test_monstrous_text_is_refused_and_nothing_overflows(text: str) -> None:
    tree, problems = read(text)
    assert tree is None
    assert 1 <= len(problems) <= 20


@pytest.mark.parametrize(
    "monster",
    [
        "a megabyte",
        "ten thousand brackets",
        "brackets just short enough",
        "nots",
        "minus signs",
        "nested cases",
        "nots after signs",
        "nested calls",
        "open comment",
    ],
)
def test_the_grammar_never_sees_what_is_too_long_or_too_deep(monster: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object) -> None:
        raise AssertionError("the grammar was asked")

    monkeypatch.setattr("screening.expression.grammar._parse", unreachable)
    assert read(MONSTERS[monster])[1]


@pytest.mark.parametrize("mistake", MISTAKES, ids=[mistake["text"] for mistake in MISTAKES])
def test_a_slip_is_located_and_mended(mistake: dict[str, str]) -> None:
    line = f"    when: {mistake['text']}  # 注释"
    tree, problems = read(
        mistake["text"], expect=mistake.get("expect", "boolean"), position=Position("rules.yaml", 7, 11), line_text=line
    )
    assert tree is None
    problem = problems[0]
    assert problem.code == mistake["code"], problems
    assert problem.position is not None
    assert line[problem.position.column - 1 :].startswith(mistake["at"]), (problem, line[problem.position.column - 1 :])
    assert mistake.get("remedy", "") in problem.remedy


@pytest.mark.parametrize(
    ("written", "plain", "unit"),
    [
        ("revenue >= 500万元", "revenue >= 5000000", "cny"),
        ("revenue >= 1.5 亿元", "revenue >= 150000000", "cny"),
        ("intensity >= 5%", "intensity >= 0.05", "ratio"),
        ("intensity between 5％ and 10 %", "intensity between 0.05 and 0.1", "ratio"),
        ("months_between(founded, as_of) <= 36个月", "months_between(founded, as_of) <= 36", "months"),
    ],
)
def test_a_number_of_an_expression_may_carry_its_unit(written: str, plain: str, unit: str) -> None:
    tree, problems = read(written, expect="boolean")
    bare, _ = read(plain, expect="boolean")
    assert not problems
    assert tree is not None
    assert bare is not None
    assert render(tree) == render(bare)
    assert {part.unit for part in walk(tree) if isinstance(part, Literal)} == {unit}


@pytest.mark.parametrize("written", ["revenue >= 5%", "intensity >= 500万元", "intensity >= 3 * 2年"])
def test_a_number_of_another_unit_is_refused(written: str) -> None:
    _, [problem] = read(written, expect="boolean")
    assert problem.code == "expression/unit"


@pytest.mark.parametrize("written", ["revenue >= 5%%", "revenue >= 5 % 3", "revenue >= 500万", "revenue >= 5%万元"])
def test_what_is_no_unit_is_refused(written: str) -> None:
    tree, problems = read(written, expect="boolean")
    assert tree is None
    assert problems


@pytest.mark.parametrize(
    ("line", "column", "pointed"),
    [
        ("  when: listed and oops > 1", 9, "oops"),
        ("  when: 'listed and oops > 1'", 9, "oops"),
        ('  when: "listed and oops > 1"', 9, "oops"),
        ("  条件: {甲: 乙, when: listed and oops > 1}", 19, "oops"),
        ("  when: >-", 9, ">-"),
        ("  when: 'listed and oops  > 1'", 9, "'listed"),
    ],
    ids=["plain", "single quotes", "double quotes", "after Chinese", "folded block", "not literally in the line"],
)
def test_the_caret_stands_under_the_word_where_the_line_holds_it(line: str, column: int, pointed: str) -> None:
    _, [problem] = read("listed and oops > 1", position=Position("rules.yaml", 3, column), line_text=line)
    assert line[problem.position.column - 1 :].startswith(pointed)


def test_every_problem_is_reported_at_once() -> None:
    _, problems = read("revnue > 1 and track = 'sed' and revenue > age and min(staff) > 1 and city = 5")
    assert [problem.code.removeprefix("expression/") for problem in problems] == [
        "unknown-name",
        "unknown-value",
        "unit",
        "unknown-function",
        "type",
    ]


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("revenue>=5000000 AND NOT listed", "revenue >= 5000000 and not listed"),
        ("staff between 1 and 20 or listed", "staff >= 1 and staff <= 20 or listed"),
        ("staff not between 1 and 20", "not (staff >= 1 and staff <= 20)"),
        ("listed = true and listed <> true", "listed and not listed"),
        ("founded >= '2024-01-31'", "founded >= date '2024-01-31'"),
        ("track not in ('seed')", "track not in ('seed')"),
        ("city is not null", "city is not null"),
        ("not city is null", "city is not null"),
        ("revenue != 0 -- never zero", "revenue <> 0"),
        ("revenue /* gross */ > .5", "revenue > 0.5"),
        ("case track when 'seed' then 1 else 0 end = 1", "case when track = 'seed' then 1 else 0 end = 1"),
        ("(revenue - cost) / revenue * 2 > -1e-3", "(revenue - cost) / revenue * 2 > -0.001"),
        ("revenue - (cost - 1) > 0", "revenue - (cost - 1) > 0"),
        ("revenue - (-3) > 0", "revenue - (-3) > 0"),
        ("city = 'it''s'", "city = 'it''s'"),
        ("listed and (listed and listed)", "listed and listed and listed"),
        ("ALL > 1 and Abs(all) > 1".replace("ALL", "all"), "all > 1 and abs(all) > 1"),
        ("date > '2024-01-01'", "date > date '2024-01-01'"),
        ("in_catalogue(industry_code, 'chips')", "in_catalogue(industry_code, 'chips')"),
        ("revenue / staff > 5 and staff * 2 > staff", "revenue / staff > 5 and staff * 2 > staff"),
    ],
)
def test_text_is_read_and_printed_in_one_canonical_form(text: str, canonical: str) -> None:
    tree, problems = read(text)
    assert problems == []
    assert render(tree) == canonical
    assert read(canonical)[0] == tree


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("revenue / cost", "ratio"),
        ("revenue * intensity", "cny"),
        ("intensity * revenue", "cny"),
        ("revenue / intensity", "cny"),
        ("revenue * 2", "cny"),
        ("2 / revenue", "none"),
        ("revenue / staff", "none"),
        ("revenue * cost", "none"),
        ("months_between(founded, as_of) / 12", "months"),
        ("greatest(0, revenue)", "cny"),
        ("round(-revenue, 0)", "cny"),
        ("case when listed then 0 else revenue end", "cny"),
        ("year(as_of)", "none"),
        ("intensity * intensity", "ratio"),
        ("5", "none"),
    ],
)
def test_units_are_worked_out(text: str, unit: str) -> None:
    tree, problems = read(text, expect="number")
    assert problems == []
    assert (unit_of(tree), type_of(tree)) == (unit, "number")


def test_coalesce_stands_in_row_filters_only() -> None:
    assert read("coalesce(revenue, 0) > 1", row_level=True)[1] == []
    assert read("coalesce(revenue, 0) > 1")[1][0].code == "expression/rows-only"


def test_a_parameter_is_put_in_with_its_unit() -> None:
    scope = SCOPE | {"floor_revenue": Name("floor_revenue", "decimal", "cny")}
    tree, _ = parse("revenue >= floor_revenue and city is not null", scope, expect="boolean")
    assert tree is not None
    put = substitute(tree, {"floor_revenue": Literal.of(5_000_000, "cny")})
    assert names(put) == {"revenue", "city"}
    assert render(put) == "revenue >= 5000000 and city is not null"


def test_a_written_date_is_a_date_where_one_is_expected() -> None:
    tree, problems = read("'2024-05-01'", expect="date")
    assert problems == []
    assert type_of(tree) == "date"


def test_the_tree_of_a_name_carries_what_the_name_is() -> None:
    assert read("track", expect="text")[0] == Ref(SCOPE["track"])
