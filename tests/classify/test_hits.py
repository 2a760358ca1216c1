"""Laws of the hits: offsets hold in the stored text, nothing depends on order, and blanking keeps every place."""

from __future__ import annotations

import random
import sys
import unicodedata
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.engine.fold import FILLER, fold, fold_table, folded
from screening.engine.hits import TEXT_FIELDS, find, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    from screening.rulebook.model import RulePack
    from tests.classify.conftest import Classified

PIECES = [
    "无人机",
    "研发",
    "、",
    "，",
    "；",
    "。",
    "销售：",
    "ＡＩ算法",
    "ai芯片",
    "（不含无人机）",
    "(除外)",
    "燃料电池",
    "①",
    "㈱",
    "℃",
    "é",
    "𠮷",
    "e\u0301",
    "电脑机箱",
    "人类器官",
    "石墨烯",
    "ＣＡＲ－Ｔ",
    "6g",
    "16G",
    FILLER,
    "\ue001",
    " ",
    "\n",
    "依法须经批准的项目",
    "x",
    "Ⅱ类",
    "İ",
]
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=14).map("".join)


@settings(deadline=None)  # the first text waits for the table
@given(TEXTS)
def test_folding_keeps_every_place(text: str) -> None:
    assert len(fold(text)) == len(text)
    storable = text.encode("utf-8", "ignore").decode("utf-8")
    assert pl.DataFrame({"t": [storable]}).select(folded("t")).item() == fold(storable)


def test_every_character_that_has_another_form_is_folded() -> None:
    points = (point for point in range(sys.maxunicode + 1) if not 0xD800 <= point < 0xE000)
    odd = {point for point in points if _folds(chr(point))}
    assert odd <= fold_table().keys()


def _folds(character: str) -> bool:
    wide = unicodedata.normalize("NFKC", character)
    return (len(wide) == 1 and wide != character) or (len(character.lower()) == 1 and character.lower() != character)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=20, max_size=40))
def test_a_span_folds_to_its_term(classified: Callable[..., Classified], texts: list[tuple[str, str]]) -> None:
    rows = [
        {
            "business_scope": scope.encode("utf-8", "ignore").decode(),
            "name": f"某{name.encode('utf-8', 'ignore').decode()}",
        }
        for scope, name in texts
    ]
    result = classified(rows)
    for span in result.query("SELECT * FROM spans"):
        text = rows[int(span["company_id"][1:])][span["field"]]
        assert fold(text[span["start"] : span["end"]]).replace("\n", "") == span["term"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS)
def test_clauses_keep_the_places_of_the_text(plan: RulePack, text: str) -> None:
    text = text.encode("utf-8", "ignore").decode() + "研发无人机"
    frame = pl.DataFrame({"company_id": ["c"]}).with_columns(
        pl.lit(text if field == "business_scope" else None, dtype=pl.String).alias(field) for field in TEXT_FIELDS
    )
    hits = find(frame, vocabulary(plan), plan.classification)
    for clause in hits.clauses.join(hits.wordings, on="wording_id").iter_rows(named=True):
        stored = fold(text)[clause["place"] : clause["place"] + len(clause["clause"])]
        assert len(stored) == len(clause["clause"])
        assert all(kept in (FILLER, there) for kept, there in zip(clause["clause"], stored, strict=True))


def test_overlapping_readings_give_way_to_the_longest(classified: Callable[..., Classified]) -> None:
    result = classified([{"business_scope": "半固态电池的研发；全钒液流电池的生产"}])
    assert {row["term"] for row in result.query("SELECT term FROM spans")} == {"半固态电池", "全钒液流电池"}


def test_the_order_of_rows_and_the_number_of_threads_change_nothing(classified: Callable[..., Classified]) -> None:
    texts = [
        "研发无人机、锂电池",
        "销售燃料电池",
        "人工智能基础软件开发",
        "光纤、光缆制造;光电子器件制造",
        "",
        "石墨烯、碳纳米管的研发；无人机培训",
    ]
    rows = [{"company_id": f"c{n}", "business_scope": text * (n % 3 + 1)} for n, text in enumerate(texts * 5)]
    shuffled = rows[:]
    random.Random(7).shuffle(shuffled)
    results = [classified(rows, threads=1), classified(shuffled, threads=2)]
    for relation in (
        "SELECT * FROM profile ORDER BY ALL",
        "SELECT * FROM classification ORDER BY ALL",
        "SELECT * FROM spans ORDER BY ALL",
    ):
        first, second = (result.query(relation) for result in results)
        assert first
        assert first == second


def test_keys_are_unique(classified: Callable[..., Classified]) -> None:
    result = classified(
        [
            {
                "name": "某某新能源电池机器人纳米材料有限公司",
                "business_scope": "电池、新材料、5g通信技术服务、无人机、smes超导储能的研发",
            }
        ]
    )
    keys = {
        "spans": 'company_id, field, start, "end", domain_id, direction_id, term',
        "classification": "company_id, domain_id, direction_id",
        "profile": "company_id",
    }
    for relation, key in keys.items():
        rows = result.query(f"SELECT {key} FROM {relation}")  # noqa: S608 - both are constants of this test
        assert len(rows) == len({tuple(row.values()) for row in rows}), relation


def test_companies_in_many_parts_come_out_as_in_one(
    classified: Callable[..., Classified], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"business_scope": text} for text in ("研发无人机", "生产锂电池", "餐饮", "销售氢燃料电池", "N/A")] * 6
    whole = classified(rows)
    monkeypatch.setattr("screening.engine.classify.CHUNK_ROWS", 4)
    parts = classified(rows)
    for relation in ("SELECT * FROM profile ORDER BY ALL", "SELECT * FROM spans ORDER BY ALL"):
        assert whole.query(relation) == parts.query(relation)


def test_no_company_and_no_text_are_fine(classified: Callable[..., Classified]) -> None:
    result = classified([{"company_id": "c0"}])
    assert result.profile("c0")["fit_grade"] == "unknown"
    result.connection.execute("DELETE FROM companies")
    from screening.engine.classify import classify

    classify(result.connection, result.pack)
    assert result.query("SELECT * FROM profile") == []


@pytest.mark.parametrize(
    "text",
    [
        "(" * 3000 + "无人机",
        "无人机、" * 20000,
        "不含" * 5000 + "无人机",
        "除" * 4000 + "外无人机",
        "研发：" * 3000 + "无人机",
        "\x00无人机研发",
        "无人机" + "\u202e" * 500,
    ],
)
def test_hostile_texts_end_in_a_result(classified: Callable[..., Classified], text: str) -> None:
    result = classified([{"business_scope": text}])
    assert result.profile("c0")["fit_grade"] in ("core", "related", "trade", "boilerplate", "none")
