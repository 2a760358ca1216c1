"""Each quote stands in its clause; what changed is said with its place and the nearest passage."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening import strict_yaml
from screening.rulebook.loader import LoadedPack, load_pack
from screening.rulebook.model import RulePack
from screening.rulebook.sources import check_sources, fold, sources

if TYPE_CHECKING:
    from screening.errors import Problem
    from screening.rulebook.ground import Source

ROOT = Path(__file__).resolve().parents[2]
PLAN = ROOT.parent / "shared" / "plan" / "000_ebbd9f123b60cc4b.txt"

TEXT = """某省办法

\u00a0 (一)未来网络。加快发展高速全光通信、下一代移动通信,构建未来网络体系。

   (二)推广应用。落实政府采购支持首台(套)相关政策,发展 AI+生物医药。

  附则。本办法自发布之日起施行。

  附则。本办法由某厅解释。
"""

PACK = """pack: {id: tiny, version: "1", label: 试验}
clauses:
  一: {opening: (一)未来网络, line: 3}
  二: {opening: (二)推广应用, line: 5}
gates:
  set:
    label: 首台套
    fails_when: listed
    effect: warn
    on_unknown: ignore
    message: 提示
    source: {clause: 二, quote: 落实政府采购支持首台(套)相关政策}
verdict: {label: 结论, weights: {fit: 1}, shortlist_when: fit > 1, set_by: fund}
"""


def problems(pack: str = PACK, text: str = TEXT) -> list[Problem]:
    document = strict_yaml.parse(pack, "pack.yaml")
    assert document.problems == []
    return check_sources(document, RulePack.model_validate(document.data), text)


def only(found: list[Problem]) -> Problem:
    assert len(found) == 1
    return found[0]


def test_a_quote_that_stands_in_its_clause_passes() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    "written",
    [
        "落实政府采购支持首台（套）相关政策",
        "落实 政府采购 支持首台(套)相关政策",
        '"落实政府采购支持首台(套)相关政策,发展AI＋生物医药"',
        '"落实政府采购支持首台(套)相关政策，发展 AI+生物医药"',
    ],
)
def test_width_and_spaces_do_not_matter(written: str) -> None:
    assert problems(PACK.replace("落实政府采购支持首台(套)相关政策", written)) == []


def test_a_changed_quote_fails_at_its_place_with_the_nearest_passage() -> None:
    problem = only(problems(PACK.replace("落实政府采购支持首台", "落实政府采购优先购买首台")))
    assert problem.code == "source/quote-not-found"
    assert problem.is_error
    assert problem.position is not None
    assert (problem.position.line, problem.position.column) == (12, 32)
    assert "落实政府采购支持首台(套)相关政策" in problem.remedy


def test_a_quote_of_another_clause_is_sent_there() -> None:
    problem = only(problems(PACK.replace("落实政府采购支持首台(套)相关政策", "加快发展高速全光通信")))
    assert problem.remedy == "these words stand in clause 一"


def test_a_quote_like_nothing_says_so() -> None:
    problem = only(problems(PACK.replace("落实政府采购支持首台(套)相关政策", "金融街的咖啡")))
    assert problem.remedy == "nothing in line 5 is like it"


def test_an_unknown_clause_is_named() -> None:
    problem = only(problems(PACK.replace("clause: 二,", "clause: 三,")))
    assert problem.code == "source/unknown-clause"


def test_a_missing_opening_is_reported_once_and_not_again_for_each_quote() -> None:
    problem = only(problems(PACK.replace("opening: (二)推广应用", "opening: (二)推广示范")))
    assert problem.code == "source/no-opening"
    assert "(二)推广应用" in problem.remedy


def test_an_ambiguous_opening_lists_the_lines() -> None:
    problem = only(problems(PACK.replace("  二:", "  三: {opening: 附则。本办法}\n  二:")))
    assert problem.code == "source/ambiguous-opening"
    assert "lines 7, 9" in problem.message


def test_a_clause_that_moved_is_a_warning() -> None:
    problem = only(problems(PACK.replace("line: 5", "line: 6")))
    assert (problem.code, problem.severity) == ("source/moved", "warning")


def test_another_document_is_not_looked_up() -> None:
    assert (
        problems(
            PACK.replace(
                "{clause: 二, quote: 落实政府采购支持首台(套)相关政策}", "{document: 财税〔2018〕55号, clause: 第二条}"
            )
        )
        == []
    )


def test_another_text_is_a_warning_about_the_hash() -> None:
    head = 'authority: {number: 一号, title: 办法, issued_on: 2024-01-01, sha256: "' + "0" * 64 + '"}'
    problem = only(problems(PACK.replace("label: 试验", f"label: 试验, {head}")))
    assert (problem.code, problem.severity) == ("source/other-text", "warning")


@given(st.text(max_size=60))
def test_folding_is_stable_and_leaves_no_white_space(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert folded.split() == ([folded] if folded else [])


@given(st.lists(st.sampled_from("加快发展,(套)AI+"), max_size=20), st.sampled_from([" ", "\u00a0", "\u3000", "\t"]))
def test_any_kind_of_space_between_words_is_dropped(characters: list[str], space: str) -> None:
    assert fold(space.join(characters)) == "".join(characters)


# --- the plan itself -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plan() -> str:
    if not PLAN.is_file():
        pytest.skip("the plan's text is not beside the project")
    return PLAN.read_bytes().decode("utf-8")


@pytest.fixture(scope="module", params=["guangdong-2024", "funds/zhuhai-seed-2025"])
def loaded(request: pytest.FixtureRequest) -> LoadedPack:
    return load_pack(ROOT / "rules" / request.param)


def test_every_quote_of_the_pack_is_in_the_plan(loaded: LoadedPack, plan: str) -> None:
    assert check_sources(loaded.document, loaded.pack, plan) == []


def test_changing_any_quote_is_noticed(plan: str) -> None:
    loaded = load_pack(ROOT / "rules" / "guangdong-2024")
    quoted = [(path, source) for path, source in sources(loaded.pack) if not source.document]
    assert len(quoted) > 150
    for path, source in quoted:
        half = len(source.quote) // 2
        spoilt = source.model_copy(update={"quote": source.quote[:half] + "不" + source.quote[half:]})
        found = check_sources(loaded.document, _only(loaded.pack, spoilt), plan)
        assert [p.code for p in found] == ["source/quote-not-found"], path


def _only(pack: RulePack, source: Source) -> RulePack:
    """The pack with its clauses and one gate that bears `source`, nothing else."""
    gate = next(iter(pack.gates.values())).model_copy(update={"source": source})
    return RulePack(
        pack=pack.pack,
        clauses=pack.clauses,
        gates={"one": gate},
        verdict=pack.verdict.model_copy(update={"source": None}),
    )


def test_quotes_are_short_phrases_not_whole_paragraphs(loaded: LoadedPack, plan: str) -> None:
    paragraphs = {fold(line) for line in plan.splitlines()}
    for _, source in sources(loaded.pack):
        if not source.document:
            assert fold(source.quote) not in paragraphs
            assert len(source.quote) <= 200
