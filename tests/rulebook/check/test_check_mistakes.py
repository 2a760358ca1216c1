"""Ten typical mistakes of an analyst, each an overlay of the real pack: one precise message, at the right place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from screening.cli.console import rendered
from screening.cli.terminal import width
from screening.rulebook.check import check_pack
from tests.rulebook.check.packs import AS_OF

MISTAKES = sorted((Path(__file__).parent / "mistakes").glob("*.yaml"))

TEN_AT_ONCE = """\
pack: {id: ten, version: "1", label: 十处错误, extends: guangdong-2024}
gates:
  a: {label: 甲, fails_when: staff_cuont < 3, on_unknown: ignore, effect: warn, set_by: fund, message: 甲}
  b: {label: 乙, fails_when: staff_count < 3, on_unkown: ignore, effect: warn, set_by: fund, message: 乙}
  c: {label: 丙, fails_when: staff_count < 3, on_unknown: ignore, effect: warns, set_by: fund, message: 丙}
  d: {label: 丁, fails_when: "staff_count ≥ 3", on_unknown: ignore, effect: warn, set_by: fund, message: 丁}
  e: {label: 戊, fails_when: staff_count >= '3', on_unknown: ignore, effect: warn, set_by: fund, message: 戊}
lexicon:
  二(一)1:
    industries: [3922]
criteria:
  merit:
    pillars:
      rd: {criteria: {rd_team: {score: {bands: [{from: 50, points: 10}, {from: 0%, to: 50%, points: 0}]}}}}
      finances:
        criteria:
          runway: {score: {bands: [{from: 2年, points: 10}, {from: 0个月, to: 24个月, points: 0}]}}
          margin: {score: {bands: [{from: 0%, points: 0}, {from: 30%, points: 10}]}}
          leverage: {score: {bands: [{up_to: 55%, point: 10}, {above: 55%, points: 3}]}}
"""


def expected(file: Path) -> dict[str, str]:
    """Return what the head of the file says is wrong with it."""
    return dict(re.findall(r"^# (\w+): (.*)$", file.read_text(encoding="utf-8"), re.M))


def test_the_ten_mistakes_of_the_issue_are_all_here() -> None:
    assert [re.sub(r"^\d+-", "", file.stem) for file in MISTAKES] == [
        "tab",
        "wrong-indent",
        "typo-in-key",
        "typo-in-fact",
        "code-without-quotes",
        "percent-as-number",
        "band-order",
        "unknown-clause",
        "duplicate-id",
        "wrong-unit",
    ]


@pytest.mark.parametrize("file", MISTAKES, ids=lambda file: file.stem)
def test_a_mistake_gets_one_message_with_its_place_its_remedy_and_a_caret(file: Path) -> None:
    _, problems = check_pack(file, AS_OF)
    told = expected(file)
    assert [
        (f"{p.position.line}:{p.position.column} {p.code}" if p.position else "", p.message, p.remedy) for p in problems
    ] == [(told["expect"], told["message"], told["remedy"])]
    [problem] = problems
    assert problem.position is not None
    _, line, caret, *_ = rendered(problem).splitlines()
    indent = len(problem.line_text) - len(problem.line_text.lstrip())
    assert width(caret.split("^")[0]) == width(line[: line.index("| ") + 2]) + width(
        problem.line_text[indent : problem.position.column - 1]
    )


def test_the_caret_is_right_under_chinese_text(tmp_path: Path) -> None:
    pack = tmp_path / "pack.yaml"
    pack.write_text(TEN_AT_ONCE, encoding="utf-8")
    _, problems = check_pack(pack, AS_OF)
    shown = next(rendered(p) for p in problems if "staff_cuont" in p.message).splitlines()
    # 甲 takes two cells, so the caret stands one column further right than the count of characters.
    assert shown[1].index("staff_cuont") + 1 == shown[2].index("^")


def test_a_file_with_ten_mistakes_yields_ten_messages_at_once(tmp_path: Path) -> None:
    pack = tmp_path / "pack.yaml"
    pack.write_text(TEN_AT_ONCE, encoding="utf-8")
    loaded, problems = check_pack(pack, AS_OF)
    assert loaded is None
    assert [(p.position.line if p.position else 0, p.code) for p in problems] == [
        (3, "expression/unknown-name"),
        (4, "schema/unknown-key"),
        (5, "schema/not-allowed"),
        (6, "expression/full-width"),
        (7, "expression/type"),
        (10, "schema/text-needed"),
        (14, "unit/percent-as-number"),
        (17, "unit/mismatch"),
        (18, "bands/unreachable"),
        (19, "schema/unknown-key"),
    ]


def test_a_rule_that_is_refused_makes_no_noise_elsewhere(tmp_path: Path) -> None:
    pack = tmp_path / "pack.yaml"
    pack.write_text(
        """\
pack: {id: one, version: "1", label: 一处错误, extends: guangdong-2024}
facts:
  staff_count: {type: integr}
""",
        encoding="utf-8",
    )
    _, problems = check_pack(pack, AS_OF)
    assert [p.code for p in problems] == ["schema/not-allowed"]


def test_a_file_that_cannot_be_read_makes_no_noise_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text('pack: {id: one, version: "1", label: 一}\n', encoding="utf-8")
    (tmp_path / "verdict.yaml").write_text("verdict:\n\tlabel: 结论\n", encoding="utf-8")
    _, problems = check_pack(tmp_path, AS_OF)
    assert [p.code for p in problems] == ["yaml/tab"]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("500斤", "schema/wrong-type"),
        ("12个月", "unit/mismatch"),
        ("很多", "schema/wrong-type"),
        ("5%", "unit/mismatch"),
    ],
)
def test_a_parameter_in_a_wrong_unit_makes_no_noise_where_it_is_used(tmp_path: Path, value: str, code: str) -> None:
    pack = tmp_path / "pack.yaml"
    pack.write_text(
        f"""\
pack: {{id: one, version: "1", label: 一处错误, extends: guangdong-2024}}
parameters:
  seed_revenue_limit: {{value: {value}}}
""",
        encoding="utf-8",
    )
    _, problems = check_pack(pack, AS_OF)
    assert [p.code for p in problems if p.severity == "error"] == [code]
