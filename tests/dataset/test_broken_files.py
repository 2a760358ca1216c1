"""Broken and hostile files end in clean tables with nothing lost, or in a clear message; never in a traceback."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.dataset import Dataset, inspect
from screening.errors import DatasetError

from .broken_files import GOOD, KINDS

if TYPE_CHECKING:
    from pathlib import Path

    from screening.catalog import Table

    from .conftest import Intake

USABLE = (
    "one_row",
    "duplicate_headers",
    "blank_headers",
    "trailing_commas",
    "unclosed_quote",
    "bare_cr",
    "mixed_line_ends",
    "tabs",
    "semicolons",
    "pipes",
    "sep_hint",
    "full_width_commas",
    "gb18030",
    "utf16_no_mark",
    "utf16_be",
    "utf32",
    "title_rows",
    "line_break_in_cell",
    "nul_in_cell",
    "header_with_newline",
    "workbook_titles_and_merged",
    "duckdb_good",
    "no_suffix",
    "parquet_every_type",
    "pattern_headers",
    "workbook_with_pattern_headers",
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "gb18030", "big5")


def outcome(source: Path, intake: Intake) -> Dataset | DatasetError:
    """Run intake and hold it to its promise."""
    try:
        dataset = intake(source)
    except DatasetError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.code.partition("/")[2]
            assert 10 < len(problem.message) < 600
            assert "Traceback" not in problem.message
        return error
    for name, counted in dataset.rows.items():
        clean = pl.read_parquet(dataset.tables[name])
        aside = pl.read_parquet(dataset.set_aside[name])
        assert counted.read == clean.height + aside.height
        assert aside["reason"].null_count() == aside["original"].null_count() == 0
    listed = dataset.rows[dataset.root]
    assert listed.clean > 0 or listed.read == 0  # A file of headers alone is a list without companies.
    return dataset


def test_there_are_enough_kinds() -> None:
    assert len(KINDS) >= 100


@pytest.mark.parametrize("name", sorted(KINDS))
def test_hand_made(name: str, tmp_path: Path, intake: Intake) -> None:
    found = outcome(KINDS[name](tmp_path), intake)
    assert not (name in USABLE and isinstance(found, DatasetError))


@pytest.mark.parametrize("name", sorted(KINDS))
def test_looking_at_a_file_ends_the_same_way(name: str, tmp_path: Path, tables: dict[str, Table]) -> None:
    source = KINDS[name](tmp_path)
    if source.suffix == ".yaml":
        return
    try:
        assert inspect(source, tables).draft.startswith("# dataset.yaml")
    except DatasetError as error:
        assert error.problems


@pytest.mark.parametrize("seed", range(40))
def test_damaged_bytes(seed: int, tmp_path: Path, intake: Intake) -> None:
    """Cut, flip, swap and repeat bytes of good files of every form."""
    chance = random.Random(seed)
    name = chance.choice(
        [
            "workbook_good",
            "workbook_titles_and_merged",
            "parquet_good",
            "duckdb_good",
            "gb18030",
            "crlf",
            "line_break_in_cell",
            "utf16_be",
        ]
    )
    path = KINDS[name](tmp_path)
    content = bytearray(path.read_bytes())
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(content))
        match chance.randrange(4):
            case 0:
                content[place] ^= 1 << chance.randrange(8)
            case 1:
                del content[place : place + chance.randrange(1, 40)]
            case 2:
                content[place:place] = bytes(chance.randrange(256) for _ in range(8))
            case _:
                content[place:place] = content[place : place + 30]
        if not content:
            content = bytearray(b"\n")
    path.write_bytes(bytes(content))
    outcome(path, intake)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120, deadline=None)
@given(
    rows=st.lists(st.lists(st.text(max_size=8), min_size=0, max_size=8), max_size=8),
    separator=st.sampled_from([",", "\t", ";", "|"]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(ENCODINGS),
    header=st.booleans(),
)
def test_generated_text(
    rows: list[list[str]], separator: str, line_end: str, encoding: str, header: bool, tmp_path: Path, intake: Intake
) -> None:
    head = [["企业名称", "地区", "注册资本(万元)", "成立日期"]] if header else []
    text = line_end.join(separator.join(row) for row in [*head, *rows])
    path = tmp_path / "generated.csv"
    path.write_bytes(text.encode(encoding, errors="ignore"))
    outcome(path, intake)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(content=st.binary(max_size=400))
def test_generated_bytes(content: bytes, tmp_path: Path, intake: Intake) -> None:
    path = tmp_path / "generated.bin"
    path.write_bytes(content)
    outcome(path, intake)


def test_an_undeclared_mac_roman_file_asks_for_its_encoding_and_works_when_told(tmp_path: Path, intake: Intake) -> None:
    text = "name,city\rSociété Étoile,Genève\rCafé À côté,Zürich\r"
    (tmp_path / "companies.csv").write_bytes(text.encode("mac_roman"))
    found = outcome(tmp_path / "companies.csv", intake)
    assert isinstance(found, DatasetError)
    assert "mac_roman" in found.problems[0].remedy
    (tmp_path / "dataset.yaml").write_text(
        "dataset: {id: demo, label: Demo}\ntables: {companies: {file: companies.csv, encoding: mac_roman}}\n",
        encoding="utf-8",
    )
    dataset = intake(tmp_path)
    assert sorted(pl.read_parquet(dataset.tables["companies"])["name"]) == ["Café À côté", "Société Étoile"]


def test_a_wrongly_declared_encoding_says_where_it_fails(tmp_path: Path, intake: Intake) -> None:
    (tmp_path / "companies.csv").write_bytes(GOOD.encode("gb18030"))
    (tmp_path / "dataset.yaml").write_text(
        "dataset: {id: demo, label: Demo}\ntables: {companies: {file: companies.csv, encoding: utf-8}}\n",
        encoding="utf-8",
    )
    with pytest.raises(DatasetError) as caught:
        intake(tmp_path)
    assert caught.value.problems[0].code == "data/encoding"
    assert "line 1" in caught.value.problems[0].message


def test_a_row_of_the_wrong_width_is_kept_as_it_came(tmp_path: Path, intake: Intake) -> None:
    dataset = intake(KINDS["short_rows"](tmp_path))
    aside = pl.read_parquet(dataset.set_aside["companies"])
    assert aside.select("source_row", "reason", "detail", "original").rows() == [
        (2, "field_count", "1 fields, the header has 6", '["星禾示例科技有限公司"]')
    ]


def test_a_quote_that_never_closes_costs_its_own_line_only(tmp_path: Path, intake: Intake) -> None:
    dataset = intake(KINDS["unclosed_quote"](tmp_path))
    assert dataset.rows["companies"].as_record() == {
        "read": 4,
        "clean": 3,
        "set_aside": 1,
        "set_aside_by_reason": {"unclosed_quote": 1},
    }


def test_control_and_direction_marks_leave_the_name_and_are_counted(tmp_path: Path, intake: Intake) -> None:
    dataset = intake(KINDS["bidi_in_name"](tmp_path))
    assert pl.read_parquet(dataset.tables["companies"])["name"].str.contains("示例").all()
    column = next(c for c in dataset.quality["tables"]["companies"]["columns"] if c["column"] == "name")
    assert column["suspicious"] == {"controls": 3}


def test_all_problems_come_at_once(tmp_path: Path, intake: Intake) -> None:
    (tmp_path / "companies.csv").write_text("成立日期\n2020-01-01\n", encoding="utf-8")
    (tmp_path / "patents.csv").write_bytes(b"\x89PNG" + bytes(200))
    (tmp_path / "team.csv").write_text("企业编号,姓名\nX1,甲\n", encoding="utf-8")
    (tmp_path / "dataset.yaml").write_text(
        """
dataset: {id: demo, label: Demo}
tables:
  companies: {file: companies.csv}
  patents: {file: patents.csv}
  team: {file: team.csv, columns: {phd: 博士}}
""",
        encoding="utf-8",
    )
    with pytest.raises(DatasetError) as caught:
        intake(tmp_path)
    assert [problem.code for problem in caught.value.problems] == [
        "data/required-column",
        "data/binary",
        "data/no-column",
    ]
