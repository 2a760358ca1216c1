"""Ids of every section have one strict form; none becomes a path, a piece of SQL or a name of the engine."""

from __future__ import annotations

import datetime
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.errors import RulesError, RunError
from screening.identifier import LONGEST, file_named, folded, id_fault, plan_number_fault
from screening.result.contract import INTERNAL, RELATIONS, is_relation
from screening.rulebook.check import check_pack
from screening.rulebook.loader import load_pack

AS_OF = datetime.date(2026, 1, 1)

HEAD = 'pack: {id: ids, version: "1", label: 编号, extends: innovative-sme-2022}\n'
"""Laid over a sound pack, so that only what a test adds can be refused."""

ENTRIES = {
    "tables": "{label: 表, grain: 一行, key: [company_id], columns: {company_id: {type: code}}}",
    "clauses": "{opening: 第一条}",
    "parameters": "{label: 参数, value: 1, set_by: fund}",
    "catalogues": "{label: 目录, file: catalogues/strategic_industries.csv, column: code, set_by: fund}",
    "domains": "{label: 领域, directions: {}}",
    "stages": "{label: 轴, values: {a: {label: 甲, otherwise: true, set_by: fund}}}",
    "facts": "{label: 事实, type: boolean, expr: 'true'}",
    "gates": "{label: 门槛, fails_when: 'false', effect: warn, on_unknown: ignore, set_by: fund, message: 无}",
    "criteria": "{label: 半, pillars: {}}",
    "measures": "{label: 措施, set_by: fund}",
    "actions": "{label: 行动, programme: 工程, set_by: fund}",
    "targets": "{label: 目标, year: 2027, value: 1, relation: about, unit_label: 家, set_by: fund}",
    "combos": "{label: 组合, directions: [], set_by: fund}",
    "ladder": "{label: 梯队, set_by: fund}",
    "safeguards": "{label: 保障, answer: 无, set_by: fund}",
}
HOSTILE = (
    "../outside",
    "/tmp/marker",
    "..",
    "a/b",
    "a\\b",
    "C:marker",
    "x y",
    "x;drop table companies",
    'x"y',
    "x'y",
    "read_csv('marker')",
    "a\u200bb",
    "a\u202eb",
    "a\x07b",
    "",
    "a" * (LONGEST + 1),
)


def quoted(text: str) -> str:
    """Return a text as a YAML scalar in double quotes, every sign beyond ASCII letters and digits escaped."""
    return '"' + "".join(c if c.isascii() and c.isalnum() else f"\\U{ord(c):08x}" for c in text) + '"'


def written(folder: Path, text: str) -> Path:
    (folder / "pack.yaml").write_text(HEAD + text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("section", ENTRIES)
def test_ids_with_other_signs_are_refused_each_where_it_stands(tmp_path: Path, section: str) -> None:
    entries = "".join(f"  {quoted(id_)}: {ENTRIES[section]}\n" for id_ in HOSTILE)
    _, problems = check_pack(written(tmp_path, f"{section}:\n{entries}"), AS_OF)
    refused = [p.position and (p.position.line, p.position.column) for p in problems if p.code == "name/not-an-id"]
    assert refused == [(3 + number, 3) for number in range(len(HOSTILE))]


@pytest.mark.parametrize(
    "text",
    [
        "tables: {companies: {columns: {%s: {type: text}}}}",
        "criteria: {merit: {pillars: {%s: {label: 维度}}}}",
        "criteria: {merit: {pillars: {innovation: {criteria: {%s: {label: 项, set_by: fund, score: {when: 'true', points: 1}}}}}}}",
        "deductions: {cap: 1, items: {%s: {label: 扣, set_by: fund, score: {when: 'true', points: 1}}}}",
        "verdict: {routes: {%s: {label: 途径, when: 'true', set_by: fund}}}",
        "domains: {甲: {label: 甲, directions: {%s: {label: 乙}}}}",
        "places: {province: 省, entries: {}, cities: {%s: {code: '9901'}}}",
        "places: {province: 省, cities: {}, entries: {%s: {label: 市, domains: [], sub_industries: [], set_by: fund}}}",
        "stages: {s: {label: 轴, values: {%s: {label: 甲, otherwise: true, set_by: fund}}}}",
        "classification: {identities: {%s: {field: name, pattern: 甲, factor: 1}}}",
        "verdict: {tiers: {fit: [{id: %s, at_least: 1}], merit: [], matrix: {}}}",
        "verdict: {grades: [{id: %s, at_least: 1}]}",
        "verdict: {tiers: {fit: [], merit: [], matrix: {a: {%s: A}}}}",
        "verdict: {weights: {%s: 1}}",
    ],
)
@pytest.mark.parametrize("id_", ["../outside", 'x"; select 1', "a\u200bb"])
def test_ids_deep_inside_a_section_are_refused_too(tmp_path: Path, text: str, id_: str) -> None:
    with pytest.raises(RulesError) as refused:
        load_pack(written(tmp_path, text % quoted(id_) + "\n"))
    assert "name/not-an-id" in [p.code for p in refused.value.problems if p.position]


@pytest.mark.parametrize("table", ["ranking", "Ranking", "ＦＡＣＴＳ", "layer_7", "kind_weights"])
def test_no_table_is_called_like_a_relation(tmp_path: Path, table: str) -> None:
    assert all(is_relation(folded(name)) for name in (table, *INTERNAL, *(r.name for r in RELATIONS)))
    with pytest.raises(RulesError) as refused:
        load_pack(written(tmp_path, f"tables:\n  {table}: {ENTRIES['tables']}\n"))
    assert [(p.code, p.position and p.position.line) for p in refused.value.problems] == [("name/not-an-id", 3)]


@pytest.mark.parametrize("name", ["con", "NUL", "Com1"])
@pytest.mark.parametrize("section", ["tables", "catalogues"])
def test_what_becomes_a_file_is_not_called_like_a_device(tmp_path: Path, section: str, name: str) -> None:
    with pytest.raises(RulesError, match="device"):
        load_pack(written(tmp_path, f"{section}: {{{name}: {ENTRIES[section]}}}\n"))


@pytest.mark.parametrize(
    ("one", "other"), [("Share", "share"), ("ｓhare", "share"), ("café", "cafe\u0301"), ("straße", "STRASSE")]
)
@pytest.mark.parametrize("section", ["tables", "facts", "gates", "clauses"])
def test_two_ids_that_fold_to_one_are_refused(tmp_path: Path, section: str, one: str, other: str) -> None:
    body = ENTRIES[section]
    with pytest.raises(RulesError) as refused:
        load_pack(written(tmp_path, f"{section}:\n  {quoted(one)}: {body}\n  {quoted(other)}: {body}\n"))
    assert "name/not-an-id" in [p.code for p in refused.value.problems]


@pytest.mark.parametrize("id_", ["研发费用", "r_d_2024", "Économie", "данные", "a" * LONGEST])
def test_letters_of_any_script_are_ids(id_: str) -> None:
    assert not id_fault(id_)


@pytest.mark.parametrize("number", ["二(四)1", "四·广州市", "一(三)2027.1", "3.4.2", "第七条"])
def test_the_plans_own_numbers_are_ids_of_clauses_and_directions(number: str) -> None:
    assert not plan_number_fault(number)


@given(st.text(max_size=80) | st.sampled_from(HOSTILE))
def test_a_file_named_after_an_id_lies_in_its_folder_or_nowhere(text: str) -> None:
    folder = Path("/nowhere/folder")
    try:
        file = file_named(folder, text, ".csv")
    except RunError:
        return
    assert file.parent == folder
    assert Path(f"{folder}/{text}.csv").resolve() == file.resolve()
    assert re.fullmatch(r"\w+", text)
    assert not text.startswith(("_", "."))


@given(st.text(max_size=30))
def test_folding_an_id_again_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert folded(unicodedata.normalize("NFD", text)) == folded(unicodedata.normalize("NFC", text))
