"""Texts as cells hold them: broken lines, placeholders, and what says nothing."""

from __future__ import annotations

import polars as pl
import pytest

from screening.dataset.text import clean, fold, says_nothing, simplified
from screening.hanzi import folding


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("脑机\n接口的研发", "脑机接口的研发"),
        ("脑机\r\n接口的研发", "脑机接口的研发"),
        ("量\n子\n通\n信", "量子通信"),
        ("研发 Quantum\nComputing", "研发 Quantum\nComputing"),
        ("一、研发\n\n二、制造", "一、研发\n\n二、制造"),
        ("研发;\n制造", "研发;\n制造"),
    ],
)
def test_a_line_break_inside_a_word_goes(cell: str, text: str) -> None:
    assert clean(pl.Series([cell])).to_list() == [text]


@pytest.mark.parametrize(
    "cell",
    [
        "(null)",
        r"\N",
        "[NULL]",
        "–",
        "不适用",
        "待补充",
        "详见附件",
        "暂无简介",
        "登录后可见",
        "该企业未公示",
        "####",
        "0",
        "-",
        "暂無簡介",
        "VIP可见",
        "请登录后查看完整内容",
        "=VLOOKUP(A2;B:B;1;0)",
        "待完善",
        "同上",
        "见附表1",
        "加载中...",
        "暂无相关信息",
        "000",
    ],
)
def test_a_placeholder_is_no_text(cell: str) -> None:
    assert pl.DataFrame({"x": [cell]}).select(says_nothing(pl.col("x"))).item()


@pytest.mark.parametrize(
    "cell",
    [
        "未来网络设备的研发",
        "无人机研发制造",
        "无线通信",
        "见面礼机器人",
        "待机功耗芯片",
        "零知识证明",
        "略阳示例公司",
        "没有人驾驶系统研发",
        "3D打印",
    ],
)
def test_a_text_that_begins_like_one_stays(cell: str) -> None:
    assert not pl.DataFrame({"x": [cell]}).select(says_nothing(pl.col("x"))).item()


@pytest.mark.parametrize(
    "cell", ["暫無簡介", "尚未填寫經營範圍", "請登錄後查看", "該企業選擇不公示", "詳見附錄", "没有內容"]
)
def test_a_placeholder_in_traditional_characters_is_none_either(cell: str) -> None:
    assert pl.DataFrame({"x": [cell]}).select(says_nothing(pl.col("x"))).item()


def test_a_placeholder_is_found_whatever_characters_it_is_written_in() -> None:
    """Only the traditional characters that a placeholder may hold are folded for it: as much is found as by folding all."""
    written = [
        *("".join(pair) for pair in folding().items()),
        "暫無簡介",
        "暂無資料",
        "尚未公開",
        "尚未公開簡",
        "暫",
        "無",
    ]
    cells = pl.DataFrame({"x": [*written, *folding(), *(f"暫無{one}介" for one in folding())]})
    told = cells.select(one=says_nothing(pl.col("x")), other=says_nothing(simplified(fold(pl.col("x")))))
    assert told["one"].to_list() == told["other"].to_list()
    assert told["one"].any()
