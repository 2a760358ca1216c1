"""A word is tried before it enters the lexicon: hits, false friends, who would move, and what labels say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from screening.analysis.gold import read_gold
from screening.analysis.trial import trial
from screening.errors import RulesError
from screening.rulebook.names import direction_names

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from screening.rulebook.model import RulePack
    from tests.classify.conftest import Classified

ROWS = (
    {"name": "甲", "business_scope": "研发、生产：磁流体推进器"},
    {"name": "乙", "business_scope": "制造：磁流体推进器外壳模具；销售：服装"},
    {"name": "丙", "business_scope": "服装的销售"},
    {"name": "丁", "business_scope": "销售：磁流体推进器"},
)


def test_a_word_is_told_with_its_surroundings_and_whom_it_moves(
    classified: Callable[..., Classified], plan: RulePack, tmp_path: Path
) -> None:
    gold = tmp_path / "gold.csv"
    gold.write_text("name,domain\n甲,二(六)\n乙,none\n丙,none\n", encoding="utf-8")
    tried = trial(classified(ROWS), "磁流体推进器|磁流体", "深海", "strong", read_gold(gold, plan))  # type: ignore[arg-type]
    assert (tried.direction_id, tried.companies, tried.already) == ("二(六)1", 3, ())
    assert "造:【磁流体推进器】外壳" in dict(tried.surroundings)
    assert [(one.name, one.before, one.after) for one in tried.moved] == [("甲", "out", "in")]
    assert (tried.labelled, tried.right_before, tried.right_after) == (2, 1, 2)


def test_a_word_in_another_list_moves_there(classified: Callable[..., Classified]) -> None:
    rows = [{"name": "甲", "business_scope": "日用品、服装、路由器的生产；服装、百货、家具的销售"}]
    tried = trial(classified(rows), "路由器", "二(一)", "related")  # type: ignore[arg-type]
    assert tried.already == ("二(一) weak 路由器",)
    assert [(one.before, one.after) for one in tried.moved] == [("read", "in")]


def test_what_has_no_letter_is_no_word(classified: Callable[..., Classified]) -> None:
    rows = classified(ROWS)
    for word in ("", "、", "，。", "（）", "机器人|、", " "):
        with pytest.raises(RulesError, match="is no word"):
            trial(rows, word, "深海", "strong")  # type: ignore[arg-type]


def test_a_direction_is_named_as_people_write_it(classified: Callable[..., Classified], plan: RulePack) -> None:
    names = direction_names(plan)
    for written in ("二(六)1", "二（六）1", "深海", "深海空间", "深海（最接近）", "二(六)", "Future space"):
        assert names[written][0] == "二(六)", written
    known = trial(classified(ROWS), "磁流体", " Deep sea ", "strong")  # type: ignore[arg-type]
    assert known.domain_id == "二(六)"


def test_an_unknown_direction_is_refused_with_a_suggestion(classified: Callable[..., Classified]) -> None:
    with pytest.raises(RulesError, match="no direction"):
        trial(classified(ROWS), "磁流体", "深诲", "strong")  # type: ignore[arg-type]
