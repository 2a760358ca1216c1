"""A made-up registry export of any size, as a registry writes it: Chinese headers, some 120 characters of scope, dirt.

One company in twelve does something that the plan names. Names carry 样例, codes an administrative division that does not
exist, so no row can belong to anybody. The same size gives the same rows.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

CITIES = (
    "广州市",
    "深圳市",
    "珠海市",
    "汕头市",
    "佛山市",
    "韶关市",
    "河源市",
    "梅州市",
    "惠州市",
    "汕尾市",
    "东莞市",
    "中山市",
    "江门市",
    "阳江市",
    "湛江市",
    "茂名市",
    "肇庆市",
    "清远市",
    "潮州市",
    "揭阳市",
    "云浮市",
    "长沙市",
)
TYPES = (
    "有限责任公司(自然人投资或控股)",
    "有限责任公司(自然人独资)",
    "有限责任公司(法人独资)",
    "有限责任公司",
    "股份有限公司(非上市)",
    "个体工商户",
)
CAPITALS = (
    "N/A",
    "N/A",
    "100万人民币",
    "500.000000万元人民币",
    "1000万元",
    "50 万元",
    "3000万人民币",
    "壹佰万元整",
    "200万美元",
    "10000000",
    "-",
)
DATES = ("{}-{:02}-{:02}", "{}/{}/{}", "{}年{}月{}日", "{}-{:02}-{:02} 00:00:00")
PLAIN = (
    "日用百货零售",
    "普通货物道路运输",
    "室内装饰工程施工",
    "预包装食品批发",
    "服装加工",
    "物业管理",
    "企业管理咨询",
    "五金配件制造",
    "家具销售",
    "印刷品印刷",
    "塑料制品制造",
    "房屋租赁",
    "餐饮服务",
    "园林绿化工程",
    "机械设备维修",
    "化妆品批发",
    "货物进出口",
    "会议及展览服务",
    "文具用品批发",
    "鞋帽零售",
)
TELLING = (
    "锂离子电池的研发、生产",
    "无人机的研发",
    "光纤、光缆制造",
    "体外诊断试剂的生产",
    "工业机器人制造",
    "碳纤维材料的研发、生产",
    "燃料电池电堆的研发",
    "人工智能基础软件开发",
    "集成电路芯片设计",
    "海上风电装备制造",
    "创新药研发",
    "量子通信设备研发",
    "激光器销售",
    "半导体设备的代理",
)
TAIL = "（依法须经批准的项目，经相关部门批准后方可开展经营活动）"
TRADES = ("贸易", "建筑工程", "服饰", "餐饮管理", "科技", "智能装备", "新材料", "物流", "家具", "电子")

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_NO_DIVISION = "449900"
_FIRST = "云澄砚漪岚溪屿霁珩璟沐汐泓澜翎栖峤昱曜荻蕴筠箬笙岑崧洵淞渟溯滢濯灏煦苒芷"
_SECOND = "岬川渚峦汀澈遥舟野陌庭岫渡泽棠榆桐枫梓樾蘅芃葵苇禾麓原坞堤浦湾渊涧泉庐"
_HALVES = 4_000
_TELLING_SHARE, _REPEATED_SHARE, _UNCODED_SHARE = 1 / 12, 1 / 100, 1 / 50


def registry(rows: int, seed: int = 20240914) -> pl.DataFrame:
    """Return `rows` rows of an export. One in a hundred repeats a company, one in fifty has no credit code."""
    chance = random.Random(seed)
    stems = [first + second for first in _FIRST for second in _SECOND]
    companies = max(1, rows - int(rows * _REPEATED_SHARE))
    cities = chance.choices(CITIES, k=companies)
    frame = pl.DataFrame(
        {
            "stem": pl.Series(chance.choices(stems, k=companies)) + pl.Series(chance.choices(stems, k=companies)),
            "trade": chance.choices(TRADES, k=companies),
            "统一社会信用代码": [
                None if chance.random() < _UNCODED_SHARE else _code(number) for number in range(companies)
            ],
            "注册日期": [_day(chance) for _ in range(companies)],
            "企业类型": chance.choices(TYPES, weights=(50, 20, 12, 12, 4, 2), k=companies),
            "注册资金": chance.choices(CAPITALS, k=companies),
            "经营范围": _scopes(chance, companies),
            "地区": cities,
            "door": [chance.randrange(1, 999) for _ in range(companies)],
        }
    )
    frame = frame.select(
        pl.concat_str(pl.col("地区").str.strip_suffix("市"), pl.lit("样例"), "stem", "trade", pl.lit("有限公司")).alias(
            "企业名称"
        ),
        "统一社会信用代码",
        "注册日期",
        "企业类型",
        "注册资金",
        "经营范围",
        "地区",
        pl.format("{}示例大道{}号", "地区", "door").alias("注册地址"),
    )
    again = [chance.randrange(companies) for _ in range(rows - companies)]
    return pl.concat([frame, frame[again]])


def _scopes(chance: random.Random, count: int) -> Sequence[str]:
    """Return scopes; of those that tell of the plan two in three open with it, the others bury it among other things."""
    halves = ["；".join(chance.choices(PLAIN, k=7)) for _ in range(_HALVES)]
    scopes = []
    for first, second in zip(chance.choices(halves, k=count), chance.choices(halves, k=count), strict=True):
        parts = [first, second]
        if chance.random() < _TELLING_SHARE:
            parts.insert(int(chance.random() < 1 / 3), chance.choice(TELLING))
        scopes.append(f"{'；'.join(parts)}。{TAIL if chance.random() < 1 / 2 else ''}")
    return scopes


def _code(number: int) -> str:
    """Return a code of its own for every number, with the check character of GB 32100-2015."""
    places = []
    for _ in range(7):
        number, place = divmod(number, len(_ALPHABET))
        places.append(_ALPHABET[place])
    first = f"91{_NO_DIVISION}MA{''.join(places)}"
    total = sum(_ALPHABET.index(character) * weight for character, weight in zip(first, _WEIGHTS, strict=True))
    return first + _ALPHABET[-total % 31]


def _day(chance: random.Random) -> str:
    return chance.choice(DATES).format(chance.randrange(1995, 2024), chance.randrange(1, 13), chance.randrange(1, 29))
