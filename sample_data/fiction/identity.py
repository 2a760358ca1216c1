"""Who a fictional firm is: name, credit code, address, registered scope. Nothing here can belong to anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from .dice import Dice
    from .material import City, Direction

MARK = "样例"
"""Stands in every company name: nobody is registered as a sample."""

_FIRST = "云澄砚漪岚溪屿霁珩璟沐汐泓澜翎栖峤昱曜荻蕴筠箬笙岑崧洵淞渟溯滢濯灏煦苒芷"
_SECOND = "岬川渚峦汀澈遥舟野陌庭岫渡泽棠榆桐枫梓樾蘅芃葵苇禾麓原坞堤浦湾渊涧泉庐"

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_NO_DIVISION = "9900"
"""No province has a division xx9900, so a code that verifies still cannot have been issued."""


def stems() -> list[str]:
    """Every two-character stem, in a fixed order."""
    return [first + second for first in _FIRST for second in _SECOND]


def check_character(first_17: str) -> str:
    """The check character of GB 32100-2015."""
    total = sum(_ALPHABET.index(char) * (3**place % 31) for place, char in enumerate(first_17))
    return _ALPHABET[-total % 31]


def credit_code(dice: Dice, kind: str = "91", province: str = "44", *, digits: bool = False) -> str:
    """A code whose check character is right and whose division does not exist (province + 9900)."""
    letters = _ALPHABET[:10] if digits else _ALPHABET
    body = "" if digits else "MA"
    while len(body) < 9:
        body += dice.pick(letters)
    first = kind + province + _NO_DIVISION + body
    return first + check_character(first)


def spoilt_code(code: str) -> str:
    """The same code with a wrong check character."""
    return code[:17] + _ALPHABET[(_ALPHABET.index(code[17]) + 7) % 31]


def company_name(dice: Dice, stem: str, field: str, city: City, form: str) -> str:
    """A name in one of the usual shapes."""
    inside = city.province == "广东省"
    region = dice.weighted(
        [city.short, city.name, "广东" if inside else city.short],
        [0.4, 0.4, 0.2],
    )
    if dice.chance(0.12):
        return f"{MARK}{stem}（{city.short}）{field}{form}"
    return f"{region}{MARK}{stem}{field}{form}"


def company_type(dice: Dice, form: str) -> str:
    """The type of enterprise that goes with the form in the name."""
    if form == "股份有限公司":
        return dice.pick(["股份有限公司(非上市、自然人投资或控股)", "其他股份有限公司(非上市)"])
    return dice.weighted(
        ["有限责任公司(自然人投资或控股)", "有限责任公司", "有限责任公司(自然人独资)", "有限责任公司(法人独资)",
         "有限责任公司(港澳台投资、非独资)"],
        [0.5, 0.2, 0.15, 0.12, 0.03],
    )


def address(dice: Dice, city: City, *, park: bool) -> tuple[str, str]:
    """(district, address): real district or park, invented road and house."""
    if park and city.parks:
        place = dice.pick(city.parks)
        district = place[: place.index("区") + 1] if "区" in place[:4] else ""
    else:
        place = district = dice.pick(city.districts)
    road = dice.pick(["示例路", "示例大道", "样例一路", "样例二路", "示例科创街"])
    house = dice.pick(["{}号{}栋{}层", "{}号{}座{}02室", "{}号样例创新园{}号楼{}01", "{}号之{}厂房{}楼"])
    text = f"{city.name}{place}{road}" + house.format(dice.whole(1, 288), dice.whole(1, 12), dice.whole(1, 18))
    return district, text


_TAIL = "（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）"
_LICENSED_TAIL = "（依法须经批准的项目，经相关部门批准后方可开展经营活动，具体经营项目以相关部门批准文件或许可证件为准）"
_GENERIC = [
    "技术服务、技术开发、技术咨询、技术交流、技术转让、技术推广",
    "货物进出口",
    "技术进出口",
    "信息技术咨询服务",
    "新材料技术研发",
    "软件开发",
    "机械设备研发",
    "企业管理咨询",
    "工程和技术研究和试验发展",
]
_LICENSED = ["检验检测服务", "建设工程施工（除核电站建设经营、民用机场建设）", "道路货物运输（不含危险货物）", "食品销售"]


def direction_scope(dice: Dice, direction: Direction, established: dt.date, products: list[str]) -> str:
    """The registered scope of a firm that works in a direction; the newer the firm, the more standardised."""
    if established.year < 2020 or dice.chance(0.2):
        lead = direction.old_scope
        if dice.chance(0.5):
            lead = f"研发、生产、加工、销售：{'、'.join(products)}；{lead}"
        tail = dice.pick([
            "；货物进出口、技术进出口（法律、行政法规禁止的项目除外；法律、行政法规限制的项目须取得许可后方可经营）",
            "；国内贸易（法律、行政法规、国务院决定规定在登记前须经批准的项目除外）。",
            "。（依法须经批准的项目，经相关部门批准后方可开展经营活动）",
        ])
        return lead + tail
    own = dice.some(direction.scope, dice.whole(3, 5))
    phrases = own + dice.some([phrase for phrase in _GENERIC if phrase not in own], dice.whole(2, 5))
    phrases = dice.some(phrases, len(phrases))
    if dice.chance(0.35):
        lead, licensed = "一般经营项目是：", "许可经营项目是："
        return f"{lead}{'；'.join(phrases)}。^{licensed}{dice.pick(['无', dice.pick(_LICENSED)])}。"
    scope = f"一般项目：{'；'.join(phrases)}。{_TAIL}"
    if dice.chance(0.4):
        scope += f"许可项目：{dice.pick(_LICENSED)}。{_LICENSED_TAIL}"
    return scope


def other_scope(dice: Dice, scope: str, established: dt.date) -> str:
    """A scope of the material with the tails and exclusions of real exports."""
    if scope.startswith("一般项目"):
        extra = dice.some(_GENERIC[1:], dice.whole(0, 3))
        return "；".join([scope, *extra]) + "。" + _TAIL
    if established.year >= 2020:
        return f"一般项目：{scope}；{dice.pick(_GENERIC)}。{_TAIL}"
    if dice.chance(0.4):
        return scope + dice.pick(["；国内贸易。", "。(依法须经批准的项目，经相关部门批准后方可开展经营活动)〓", "。"])
    return scope + "（法律、行政法规禁止的项目除外，限制的项目须取得许可后方可经营）"
