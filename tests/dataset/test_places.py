"""The city of a company: examples, and one answer whether told one by one or column by column."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.dataset.place import locate
from screening.geography import CityNames, Geography, city_of

from .conftest import examples

CLUES = ("declared", "address", "code", "name")
WORDS = (
    "广东省",
    "广州市",
    "深圳",
    "中山",
    "中山大道",
    "天河区",
    "南山区",
    "白云区",
    "市",
    "路",
    "湖北省",
    "武汉市",
    "横琴",
    "深汕特别合作区",
    "(",
    ")",
    "镇",
    "城区",
    "1号",
    "贵阳市",
    "北京",
    "X",
    "环市东路",
    "增城市",
)


def as_frame(example: dict[str, Any]) -> pl.DataFrame:
    columns = {"city": "declared", "address": "address", "uscc": "code", "name": "name"}
    return pl.DataFrame(
        {column: [example.get(clue)] for column, clue in columns.items()}, schema=dict.fromkeys(columns, pl.String)
    )


@pytest.mark.parametrize("example", examples("cities"), ids=lambda e: " ".join(str(e.get(c, "")) for c in CLUES))
def test_city(example: dict[str, Any], geography: Geography) -> None:
    told = city_of(geography, **{clue: example.get(clue) for clue in CLUES})
    assert told == (example.get("city"), example.get("basis"))


@given(
    st.fixed_dictionaries(
        {
            clue: st.one_of(st.none(), st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map("".join))
            for clue in CLUES
        }
    )
)
def test_one_by_one_and_column_by_column_agree(clues: dict[str, str | None]) -> None:
    geography = Geography(
        "广东",
        (
            CityNames("广州", "4401", (), ("天河区", "白云区", "增城区")),
            CityNames("深圳", "4403", ("深汕特别合作区",), ("南山区",)),
            CityNames("珠海", "4404", ("横琴",), ()),
            CityNames("中山", "4420"),
            CityNames("汕尾", "4415", (), ("城区",)),
        ),
    )
    frame = locate(as_frame(clues), geography)
    assert (frame["city"][0], frame["city_basis"][0]) == city_of(geography, **clues)  # type: ignore[arg-type]


def test_district_is_read_from_the_address_only_within_its_city(geography: Geography) -> None:
    frame = pl.DataFrame({"city": ["深圳", "广州"], "address": ["南山区科苑路", "南山区科苑路"]})
    assert locate(frame, geography)["district"].to_list() == ["南山区", None]


def test_without_a_geography_the_declared_city_stands() -> None:
    frame = pl.DataFrame({"city": ["Boston", None]})
    assert locate(frame, None).rows() == [("Boston", "declared", None), (None, None, None)]


def test_an_area_run_by_another_city_belongs_to_that_city_however_it_is_declared() -> None:
    """深汕特别合作区 lies in 汕尾 and is run by 深圳; a pack may list it as an alias or as a district."""
    address = "汕尾市海丰县鹅埠镇深汕特别合作区"
    for aliases, districts in ((("深汕特别合作区",), ()), ((), ("深汕特别合作区",))):
        geography = Geography("广东省", (CityNames("深圳市", "4403", aliases, districts), CityNames("汕尾市", "4415")))
        assert city_of(geography, address=address) == ("深圳市", "address")
        assert locate(pl.DataFrame({"address": [address]}), geography)["city"].to_list() == ["深圳市"]
