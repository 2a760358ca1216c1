"""Texts as cells hold them: broken lines, placeholders, and what says nothing."""

from __future__ import annotations

import polars as pl
import pytest

from screening.dataset.text import clean, says_nothing


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
