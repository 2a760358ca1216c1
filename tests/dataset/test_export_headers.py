"""Headers of exports matched to the standard tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from screening.dataset.headers import locate_headers, match_headers

from .conftest import examples

if TYPE_CHECKING:
    from screening.catalog import Table


@pytest.mark.parametrize("example", examples("headers"), ids=lambda e: e["header"])
def test_header(example: dict[str, Any], tables: dict[str, Table]) -> None:
    found = match_headers([example["header"]], tables["companies"])
    assert [(match.column, match.unit) for match in found.matches] == (
        [(example["column"], example.get("unit", ""))] if example["column"] else []
    )


def test_every_usual_header_of_a_table_is_matched_to_its_column(tables: dict[str, Table]) -> None:
    for name, table in tables.items():
        for column, spec in table.columns.items():
            for header in spec.headers:
                if column == "brand" and header in table.columns["name"].headers:
                    continue  # alone it is the company's name
                found = match_headers([header], table)
                matched = {match.column for match in (*found.matches, *found.references)}
                assert column in matched, f"{name}.{column}: {header}"


def test_the_better_header_wins_and_the_other_is_reported(tables: dict[str, Table]) -> None:
    found = match_headers(["公司", "公司名称"], tables["companies"])
    assert [(match.column, match.header) for match in found.matches] == [("name", "公司名称")]
    assert found.unrecognised == ("公司",)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (["名称"], {"name": "名称"}),
        (["名称", "成立日期"], {"name": "名称", "established_on": "成立日期"}),
        (["名称", "公司名称"], {"name": "公司名称", "brand": "名称"}),
        (["名称", "简称", "公司名称"], {"name": "公司名称", "brand": "简称"}),
        (["名称", "企业全称"], {"name": "名称"}),
    ],
)
def test_a_bare_name_is_the_brand_only_beside_a_better_company_name(
    headers: list[str], expected: dict[str, str], tables: dict[str, Table]
) -> None:
    found = match_headers(headers, tables["companies"])
    assert {match.column: match.header for match in found.matches} == expected


def test_what_the_manifest_declares_wins_and_null_switches_off(tables: dict[str, Table]) -> None:
    found = match_headers(["公司名称", "全名", "地区"], tables["companies"], {"name": "全名", "city": None})
    assert [(match.column, match.header) for match in found.matches] == [("name", "全名")]
    assert found.unrecognised == ("公司名称", "地区")
    assert match_headers(["a"], tables["companies"], {"name": "b"}).absent == ("b",)


def test_a_child_table_may_name_its_company_in_several_columns(tables: dict[str, Table]) -> None:
    found = match_headers(["企业名称", "统一社会信用代码", "专利号"], tables["patents"])
    assert [match.header for match in found.references] == ["统一社会信用代码", "企业名称"]


def test_header_row_is_found_below_titles(tables: dict[str, Table]) -> None:
    rows = [["企业名录", None], ["截至2025年", ""], ["企业名称", "成立日期"], ["星禾示例公司", "2020-01-01"]]
    found = locate_headers(rows, tables["companies"])
    assert found is not None
    assert (found.index, found.levels) == (2, 1)


def test_two_levels_are_joined_and_merged_cells_filled(tables: dict[str, Table]) -> None:
    rows = [
        ["名录", None, None, None],
        ["企业名称", "资本", None, "成立日期"],
        [None, "注册资本(万元)", "实缴资本(万元)", None],
        ["星禾示例公司", "100", "50", "2020-01-01"],
    ]
    found = locate_headers(rows, tables["companies"])
    assert found is not None
    assert (found.index, found.levels) == (1, 2)
    matched = match_headers(found.headers, tables["companies"])
    assert [match.column for match in matched.matches] == [
        "name",
        "established_on",
        "registered_capital",
        "paid_in_capital",
    ]


def test_a_row_of_data_is_never_taken_into_the_header(tables: dict[str, Table]) -> None:
    rows = [["企业名称", "备注"], ["成立日期示例公司", None]]
    found = locate_headers(rows, tables["companies"])
    assert found is not None
    assert (found.index, found.levels) == (0, 1)
