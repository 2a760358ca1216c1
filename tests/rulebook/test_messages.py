"""One slip of form, one message, at the place where it was made."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from screening import strict_yaml
from screening.rulebook.functions import Function
from screening.rulebook.messages import located
from screening.rulebook.model import RulePack

REST = """\
pack: {id: tiny, version: "1", label: 试验}
verdict: {label: 结论, weights: {fit: 1}, shortlist_when: fit > 1, set_by: fund}
"""
GATE = "fails_when: listed, effect: warn, on_unknown: ignore, set_by: fund, message: 提示"


def told(text: str, rest: str = REST) -> list[str]:
    """Return `line:column code: message (remedy)` of each problem of `text`, whose first line is line 1."""
    document = strict_yaml.parse(text + rest, "pack.yaml")
    with pytest.raises(ValidationError) as caught:
        RulePack.model_validate(document.data)
    return [
        f"{p.position.line if p.position else 0}:{p.position.column if p.position else 0} {p.code}: {p.message} ({p.remedy})"
        for p in located(caught.value, document)
    ]


def scored(score: str) -> str:
    """Return a pack whose one criterion has the scoring function `score`, written from column 10 of line 8."""
    return (
        "criteria:\n  fit:\n    label: 契合\n    pillars:\n      p:\n        label: 维\n        criteria: {c: {label: 项, set_by: fund,\n"
        f"  score: {score}}}}}\n"
    )


BAND = "in 'criteria.fit.pillars.p.criteria.c.score"
FUNCTIONS = {
    "a typo in a band": (
        "{of: x, bands: [{form: 50%, points: 1}]}",
        f"8:27 schema/unknown-key: unknown key 'form' {BAND}.bands.0' (did you mean 'from'?)",
    ),
    "a typo in a compulsory key of a band": (
        "{of: x, bands: [{from: 50%, point: 1}]}",
        f"8:38 schema/unknown-key: unknown key 'point' {BAND}.bands.0' (did you mean 'points'?)",
    ),
    "a typo in the key that names the function": (
        "{of: x, band: [{from: 50%, points: 1}]}",
        f"8:18 schema/unknown-key: unknown key 'band' {BAND}' (did you mean 'bands'?)",
    ),
    "points that are no number, beside the key that names the function": (
        "{when: x, points: 十}",
        "8:28 schema/wrong-type: 'points' must be a number, not '十' (write a number)",
    ),
    "points with the unit of something else": (
        "{when: x, points: 10项}",
        "8:28 schema/wrong-type: 'points' must be a number, not '10项' (write 10, without unit or quotes)",
    ),
    "a function in a function": (
        "{best_of: [{of: x, lookup: {a: 1}}, {when: y, pionts: 2}]}",
        f"8:56 schema/unknown-key: unknown key 'pionts' {BAND}.best_of.1' (did you mean 'points'?)",
    ),
    "a point of a line with one number": (
        "{of: x, points: [[0, 1], [2]]}",
        f"8:35 schema/wrong-type: a pair needs two values {BAND}.points.1' (write [value, points] or [lowest, highest])",
    ),
    "a number instead of a function": (
        "5",
        "8:10 schema/wrong-type: 'score' must be a mapping (key: value), not 5 (write a mapping (key: value))",
    ),
    "two bounds of a threshold": (
        "{of: x, at_least: 1, below: 2, points: 3}",
        "8:3 schema/incomplete: give exactly one of at_least, above, at_most, below (see 'score' in the rules reference)",
    ),
}


@pytest.mark.parametrize(("score", "message"), FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_slip_inside_a_scoring_function(score: str, message: str) -> None:
    assert told(scored(score)) == [message]


SLIPS = {
    "a code without quotes": (
        "lexicon: {二: {industries: [3921]}}\n",
        [
            "1:28 schema/text-needed: 'industries' must be text, but 3921 is read as a number "
            '(put it in quotes: "3921" (unquoted codes and versions lose zeros))'
        ],
    ),
    "a weight that is a list": (
        "criteria: {fit: {label: 契合, pillars: {p: {label: 维, weight: [1]}}}}\n",
        [
            "1:61 schema/wrong-type: 'weight' must be a number, or a number for each track, not a list "
            "(write a number, or a number for each track)"
        ],
    ),
    "a value that is a list": (
        "parameters: {p: {label: 甲, set_by: fund, value: [1]}}\n",
        [
            "1:49 schema/wrong-type: 'value' must be a number, a number with its unit (5%, 500万元) or the id of a parameter, not a list "
            "(write a number, a number with its unit (5%, 500万元) or the id of a parameter)"
        ],
    ),
    "a date that is none": (
        f"gates: {{g: {{label: 甲, {GATE}, effective_from: 2024年}}}}\n",
        [
            "1:120 schema/wrong-type: 'effective_from' must be a date like 2024-09-14, not '2024年' (write a date like 2024-09-14)"
        ],
    ),
    "a choice that does not exist": (
        "gates: {g: {label: 甲, fails_when: listed, effect: rejct, on_unknown: ignore, set_by: fund, message: 提示}}\n",
        ["1:51 schema/not-allowed: 'rejct' is not allowed for 'effect' (did you mean 'reject'?)"],
    ),
    "several keys left out": (
        "gates: {g: {label: 甲, effect: warn, set_by: fund}}\n",
        [
            "1:9 schema/missing-key: the keys 'fails_when', 'on_unknown', 'message' are missing in 'gates.g' "
            "(add `fails_when:`, `on_unknown:`, `message:`)"
        ],
    ),
    "a rule without ground": (
        "gates: {g: {label: 甲, fails_when: listed, effect: warn, on_unknown: ignore, message: 提示}}\n",
        [
            "1:9 schema/incomplete: add `source: {clause, quote}`, or `set_by: fund` for the fund's own number (see 'g' in the rules reference)"
        ],
    ),
    "a share above one": (
        f"criteria: {{fit: {{label: 契合, pillars: {{p: {{label: 维, criteria: {{c: {{label: 项, set_by: fund, neutral: 50, {'score: {when: x, points: 1}'}}}}}}}}}}}}}\n",
        [
            "1:101 schema/invalid: 'neutral': input should be less than or equal to 1, not 50 (see 'neutral' in the rules reference)"
        ],
    ),
    "a range of three": (
        "facts: {f: {label: 甲, expr: x, range: [0, 1, 2]}}\n",
        ["1:39 schema/wrong-length: 'range' has 3 values, not 2 (check the list)"],
    ),
    "a section that does not exist": (
        "gate: {}\n",
        ["1:1 schema/unknown-key: unknown key 'gate' (did you mean 'gates'?)"],
    ),
}


@pytest.mark.parametrize(("text", "messages"), SLIPS.values(), ids=SLIPS)
def test_a_slip(text: str, messages: list[str]) -> None:
    assert told(text) == messages


INDENT = """\
gates:
  g:
    label: 甲
    fails_when: listed
    on_unknown: ignore
    set_by: fund
    message: 提示
{effect}: warn
  h: {{label: 乙, fails_when: listed, on_unknown: ignore, set_by: fund, message: 提示}}
"""


def test_a_key_one_step_too_far_left_is_not_called_missing_above() -> None:
    assert [m.split(" (")[0] for m in told(INDENT.format(effect="  effect"))] == [
        "9:3 schema/missing-key: the key 'effect' is missing in 'gates.h'",
        "8:3 schema/wrong-indent: 'effect' stands as an entry of 'gates'",
    ]


def test_a_key_at_the_margin_is_told_to_be_indented() -> None:
    text = INDENT.format(effect="effect").split("  h:")[0]
    assert told(text)[-1] == (
        "8:1 schema/unknown-key: unknown key 'effect' (it belongs inside an entry: indent it like the keys beside it)"
    )


def test_a_section_is_not_called_missing_when_a_file_could_not_be_read() -> None:
    document = strict_yaml.parse('pack: {id: tiny, version: "1", label: 试验}\n', "pack.yaml")
    with pytest.raises(ValidationError) as caught:
        RulePack.model_validate(document.data)
    assert [p.code for p in located(caught.value, document)] == ["schema/missing-key"]
    document.problems.extend(strict_yaml.parse("verdict:\n\tlabel: 结论\n", "verdict.yaml").problems)
    assert located(caught.value, document) == []


def test_a_range_may_carry_the_unit_of_its_fact_and_no_other() -> None:
    fact = "facts: {x: {label: 甲, expr: y, unit: %s, range: [0, %s]}}\n"
    for unit, given in (("cny", "1亿元"), ("ratio", "100%"), ("months", "36个月"), ("none", "3.5")):
        RulePack.model_validate(strict_yaml.parse(fact % (unit, given) + REST, "pack.yaml").data)
    for unit, given in (("ratio", "1亿元"), ("none", "100%"), ("years", "36个月")):
        [problem] = told(fact % (unit, given))
        assert "`range:` is written in" in problem
        assert f"but `unit:` is {unit}" in problem
    for given in ("1亿", "10,0x"):
        [unclear] = told(fact % ("cny", f'"{given}"'))
        assert "schema/wrong-type" in unclear


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("{when: x, points: 10分, otherwise: 2分}", "{when: x, points: 10, otherwise: 2}"),
        ("{of: x, per_unit: 100万元, points: 2分, cap: 10分}", "{of: x, per_unit: 2, step: 100万元, cap: 10}"),
        ("{of: x, lookup: {a: 5分}}", "{of: x, lookup: {a: 5}}"),
        ("{sum_of: [{formula: x, max: 5分}], cap: 8分}", "{sum_of: [{formula: x, max: 5}], cap: 8}"),
        ("{of: x, points: [[5%, 1分], [10%, 2]]}", "{of: x, points: [[5%, 1], [10%, 2]]}"),
    ],
)
def test_points_may_carry_their_unit(given: str, plain: str) -> None:
    read: TypeAdapter[Function] = TypeAdapter(Function)
    one, other = (
        read.validate_python(strict_yaml.parse(f"score: {text}", "x").data["score"]) for text in (given, plain)
    )
    assert one == other


def test_the_size_of_a_unit_wants_its_points() -> None:
    read: TypeAdapter[Function] = TypeAdapter(Function)
    for given in ({"per_unit": "100万元"}, {"per_unit": "100万元", "points": 1, "step": 2}):
        with pytest.raises(ValidationError, match="is the size of a unit"):
            read.validate_python({"of": "x", "cap": 5, **given})


@pytest.mark.parametrize(
    ("text", "line", "remedy"),
    [
        ("gates:\n  g:\n    set_by: fund\n    effect:review\n    message: m\n", 4, "with a blank after the colon"),
        ('gates:\n  g: {zh: "甲乙, en: "b"}\n', 2, "ends with the quote it began with"),
        ("gates:\n  g: [甲, 乙\n  h: 1\n", 3, "ends with the quote it began with"),
    ],
)
def test_a_slip_of_the_pen_is_told_on_its_line_with_what_to_type(text: str, line: int, remedy: str) -> None:
    [problem] = strict_yaml.parse(text, "pack.yaml").problems
    assert problem.position is not None
    assert (problem.code, problem.position.line) == ("yaml/syntax", line)
    assert remedy in problem.remedy


def test_chinese_quotation_marks_are_named() -> None:
    label = "gates:\n  g: {label: {zh: “甲,乙”, en: b}, fails_when: x, effect: warn, on_unknown: ignore, set_by: fund, message: m}\n"
    [said] = [t for t in told(label) if "乙" in t]
    assert 'type " with the Chinese input off' in said
