"""Cells of former names as web pages and registries write them, and names with a note behind them."""

from __future__ import annotations

import polars as pl
import pytest

from screening.dataset.names import former_names, names_in, same_name


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("甲示例科技有限公司查看更多", ("甲示例科技有限公司",)),
        ("甲示例科技有限公司（2016-05-01至2019-01-02）", ("甲示例科技有限公司",)),
        ("甲示例科技有限公司(2016年5月至今)；乙示例厂(2010.03-2016.04)", ("甲示例科技有限公司", "乙示例厂")),
        ("甲示例科技有限公司 乙示例科技有限公司", ("甲示例科技有限公司", "乙示例科技有限公司")),
        ("1、甲示例科技有限公司；2、乙示例科技有限公司", ("甲示例科技有限公司", "乙示例科技有限公司")),
        ("(1)甲示例科技有限公司 (2)乙示例（广州）有限公司", ("甲示例科技有限公司", "乙示例(广州)有限公司")),
        ("①甲示例科技有限公司②乙示例科技有限公司", ("甲示例科技有限公司", "乙示例科技有限公司")),
        ("甲示例科技有限公司\n乙示例科技有限公司", ("甲示例科技有限公司", "乙示例科技有限公司")),
        ("曾用名：甲示例科技有限公司 展开", ("甲示例科技有限公司",)),
        ("2016-05-01 甲示例科技有限公司", ("甲示例科技有限公司",)),
        ("Sample Quantum Co., Ltd.", ("Sample Quantum Co. Ltd.",)),
        ("Sample Quantum Limited", ("Sample Quantum Limited",)),
        ("-", ()),
        ("2016-05-01", ()),
    ],
)
def test_a_cell_of_former_names_is_taken_apart(cell: str, names: tuple[str, ...]) -> None:
    assert names_in(cell) == names


@pytest.mark.parametrize(
    "name",
    [
        "乙示例科技有限公司（原甲示例科技有限公司）",
        "乙示例科技有限公司(曾用名:甲示例科技有限公司)",
        "乙示例科技有限公司（原名甲示例科技有限公司）",
    ],
)
def test_a_name_that_gives_its_former_one_answers_to_both(name: str) -> None:
    frame = pl.DataFrame({"id": ["x"], "name": [name]})
    assert former_names(frame, "id")["former_names"].to_list() == ["甲示例科技有限公司"]
    assert frame.select(same_name(pl.col("name"))).item() == "乙示例科技有限公司"


@pytest.mark.parametrize("name", ["360示例科技有限公司", "示例（广州）科技有限公司", "示例科技有限公司第2分公司"])
def test_what_belongs_to_a_name_stays(name: str) -> None:
    bare = name.replace("（", "(").replace("）", ")")
    assert pl.DataFrame({"n": [name]}).select(same_name(pl.col("n"))).item() == bare
