"""A forbidden input does not come in under a neutral column: the header that dataset.yaml maps is judged as a pack's would be."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from screening.errors import DatasetError
from screening.rulebook.loader import load_pack
from screening.run.mapped import mapped_headers
from tests.rulebook.check.packs import AS_OF

if TYPE_CHECKING:
    from pathlib import Path

PACK = """\
    pack: {id: fund, version: "1", label: 基金, tables: company.yaml%s}
    facts:
      paid: {label: 实缴, type: decimal, unit: cny, range: [0, 1e9], expr: paid_in_capital, question: 实缴多少}
      people: {label: 人数, type: integer, unit: persons, range: [0, 100000], expr: staff, question: 多少人}
    gates:
      few: {label: 人太少, effect: reject, fails_when: people < 3, on_unknown: review, set_by: fund, message: 人数不足}
    criteria:
      merit:
        label: 质量
        scale: points
        pillars:
          all:
            label: 全部
            criteria:
              money: {label: 资金, set_by: fund, score: {of: paid, per_unit: 1000000, cap: 50}}
    verdict: {label: 结论, weights: {merit: 1}, shortlist_when: score >= 60, set_by: fund}
"""


def told(folder: Path, columns: str, more: str = "") -> list[tuple[str, str, int, str]]:
    (folder / "pack").mkdir()
    (folder / "pack" / "pack.yaml").write_text(textwrap.dedent(PACK % more), encoding="utf-8")
    (folder / "dataset.yaml").write_text(
        "dataset: {id: demo, label: 演示}\ntables:\n  companies:\n    file: companies.csv\n    columns:\n"
        f"      name: 企业名称\n      {columns}\n",
        encoding="utf-8",
    )
    (folder / "companies.csv").write_text("企业名称\n星禾示例公司\n", encoding="utf-8")
    try:
        found = mapped_headers(load_pack(folder / "pack"), folder, AS_OF)
    except DatasetError as error:
        found = list(error.problems)
    return [(p.severity, p.code, p.position.line if p.position else 0, dict(p.details)["rules"]) for p in found]


@pytest.mark.parametrize(
    "header", ["认缴出资额", "認 缴\u200b出资", "返投比例", "所有制", "政府补助收入", "Subscribed capital"]
)
def test_a_forbidden_header_under_a_scored_column_is_refused(tmp_path: Path, header: str) -> None:
    assert told(tmp_path, f"paid_in_capital: '{header}'") == [("error", "dataset/forbidden-header", 7, "money")]


@pytest.mark.parametrize(("header", "rules"), [("返投承诺", "few"), ("注册地", "few")])
def test_a_gate_is_followed_as_well(tmp_path: Path, header: str, rules: str) -> None:
    assert told(tmp_path, f"staff: {header}") == [("error", "dataset/forbidden-header", 7, rules)]


def test_what_no_rule_uses_is_said_and_read(tmp_path: Path) -> None:
    assert told(tmp_path, "website: 返投比例") == [("warning", "dataset/forbidden-header", 7, "")]


@pytest.mark.parametrize(
    "columns",
    ["registered_capital: 认缴注册资本(万元)", "paid_in_capital: 实缴注册资本", "city: 注册地", "staff: 职工总数"],
)
def test_a_column_of_the_same_kind_may_be_called_so(tmp_path: Path, columns: str) -> None:
    assert told(tmp_path, columns) == []
