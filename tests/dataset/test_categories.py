"""Category cells: whole words with their negation, further words of a pack or a dataset, and what is not matched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from screening.catalog import Column, Table
from screening.dataset import inspect
from screening.dataset.numbers import parse_category
from screening.dataset.vocabulary import extended
from screening.errors import DatasetError

from .conftest import Intake, examples

if TYPE_CHECKING:
    from pathlib import Path

TABLE = {
    "certificate_kind": ("certificates", "kind"),
    "risk_kind": ("risk_events", "kind"),
    "level": ("certificates", "level"),
    "round": ("funding_rounds", "round"),
}
CELLS = [(name, example) for name, listed in examples("negations").items() for example in listed]


@pytest.mark.parametrize(("name", "example"), CELLS, ids=[f"{name}-{e['cell']}" for name, e in CELLS])
def test_a_word_counts_whole_and_not_when_it_is_taken_back(
    name: str, example: dict[str, Any], tables: dict[str, Table]
) -> None:
    table, column = TABLE[name]
    values = tables[table].columns[column].values
    parsed = parse_category(column, pl.Series(column, [example["cell"]]), values, extended(name, ()))
    assert parsed.columns[column].to_list() == [example["value"]]
    assert (
        parsed.columns["state"].to_list() == [example["state"]] if "state" in example else "state" not in parsed.columns
    )
    assert parsed.reason.to_list() == ([None] if example["value"] else ["unparsable"])


@pytest.mark.parametrize(("match", "value"), [("whole", None), ("inside", "high_tech_enterprise")])
def test_a_longer_text_counts_only_where_the_pack_says_so(match: str, value: str | None) -> None:
    known = extended("certificate_kind", (), inside=match == "inside")
    assert known.look_up("我司系依法认定之高新技术企业并已备案") == value


@pytest.mark.parametrize("text", ["我司并非高新技术企业", "非高新技术企业(2023)", "拟认定为高新技术企业"])
def test_a_negation_blocks_a_word_inside_a_longer_text_too(text: str) -> None:
    assert extended("certificate_kind", (), inside=True).look_up(text) is None


def test_synonyms_of_a_value_that_is_none_are_refused() -> None:
    with pytest.raises(ValueError, match="no such value"):
        Column.model_validate({"type": "category", "values": ["a"], "synonyms": {"b": ["x"]}})


COMPANIES = "企业名称,成立日期\n星禾示例科技有限公司,2016-05-01\n"
RISKS = "企业名称,风险类型,当前状态,列入日期\n星禾示例科技有限公司,失信黑名单甲类,有效,2025-03-01\n星禾示例科技有限公司,老赖,有效,2025-03-01\n"
MANIFEST = """
dataset: {{id: demo, label: Demo, as_of: 2025-06-30}}
tables:
  companies: {{file: companies.csv}}
  risk_events: {{file: risk.csv, absence: zero, searched_on: 2025-06-20{more}}}
"""


def written(folder: Path, more: str = "") -> Path:
    (folder / "companies.csv").write_text(COMPANIES, encoding="utf-8")
    (folder / "risk.csv").write_text(RISKS, encoding="utf-8")
    (folder / "dataset.yaml").write_text(MANIFEST.format(more=more), encoding="utf-8")
    return folder


def test_what_is_not_matched_is_named_with_a_proposal(tmp_path: Path, intake: Intake, tables: dict[str, Table]) -> None:
    dataset = intake(written(tmp_path))
    (said,) = [p for p in dataset.notices if p.code == "data/unmatched-words"]
    assert "失信黑名单甲类" in said.message
    assert "dishonest_debtor" in said.remedy
    looked = inspect(tmp_path / "risk.csv", tables)
    assert [p.code for p in looked.notices if p.code == "data/unmatched-words"] == ["data/unmatched-words"]


def test_a_dataset_can_say_what_its_words_mean(tmp_path: Path, intake: Intake) -> None:
    folder = written(tmp_path, ", synonyms: {kind: {dishonest_debtor: [失信黑名单甲类]}}")
    dataset = intake(folder)
    kinds = pl.read_parquet(dataset.tables["risk_events"])["kind"].to_list()
    assert kinds == ["dishonest_debtor"] * len(kinds)
    assert not [p for p in dataset.notices if p.code == "data/unmatched-words"]


def test_a_synonym_of_no_value_is_an_error_with_its_place(tmp_path: Path, intake: Intake) -> None:
    with pytest.raises(DatasetError) as refused:
        intake(written(tmp_path, ", synonyms: {kind: {dishonest: [失信黑名单甲类]}}"))
    (problem,) = refused.value.problems
    assert problem.code == "dataset/unknown-value"
    assert "dishonest_debtor" in problem.remedy


@pytest.mark.parametrize(
    ("cell", "proposed"),
    [
        ("非失信被执行人", None),
        ("已移出失信被执行人名单", None),
        ("无失信被执行人情形", None),
        ("县失信被执行人(执行局)", ("失信被执行人", "dishonest")),
        ("非高端装备", None),
        ("高端装备类", ("高端装备", "equipment")),
    ],
)
def test_what_denies_a_word_is_not_proposed_as_that_word(cell: str, proposed: tuple[str, str] | None) -> None:
    known = extended("filing", (("失信被执行人", "dishonest"), ("高端装备", "equipment")))
    assert known.proposal(cell) == proposed
