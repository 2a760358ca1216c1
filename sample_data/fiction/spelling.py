"""How a true value ends up in a cell: capital, dates, status, city, as exports write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from .dice import Dice

_NUMERALS = {10: "壹拾", 50: "伍拾", 100: "壹佰", 200: "贰佰", 300: "叁佰", 500: "伍佰", 1000: "壹仟", 2000: "贰仟",
             3000: "叁仟", 5000: "伍仟", 10000: "壹亿"}

# Style → pattern; {w} in 万元, {y} in yuan, {e} in 亿元, {f} with six decimals, {c} with thousands separators.
CAPITAL_STYLES: dict[str, str] = {
    "plain_wan_renminbi": "{w}万人民币",
    "wan_yuan_renminbi": "{w}万元人民币",
    "wan_yuan": "{w}万元",
    "six_decimals": "{f}万人民币",
    "thousands_subscribed": "{c} 万元人民币（认缴）",
    "subscribed": "{w}万元（认缴）",
    "unit_in_brackets": "{w}(万元)",
    "unit_in_wide_brackets": "{w}（万元人民币）",
    "renminbi_first": "人民币{w}万元整",
    "bare_wan": "{w}万",
    "yuan": "{y}元",
    "spaced_brackets": "{w} (万元)",
}
FOREIGN_STYLES = ["{w}(万{u})", "{w}万{u}", "{f}万{u}"]


def capital(dice: Dice, amount: float, currency: str) -> tuple[str, str]:
    """(style, cell) of a registered capital."""
    wan = amount / 1e4
    parts = {"w": f"{wan:g}", "f": f"{wan:.6f}", "c": f"{wan:,.0f}", "y": f"{amount:.0f}", "u": currency}
    if currency != "人民币":
        return "foreign_currency", dice.pick(FOREIGN_STYLES).format(**parts)
    if amount >= 1e8 and amount % 1e7 == 0 and dice.chance(0.5):
        return "yi_yuan", f"{amount / 1e8:g}亿元"
    if wan in _NUMERALS and dice.chance(0.3):
        words = _NUMERALS[int(wan)]
        return "chinese_numerals", f"{words}元整" if words.endswith("亿") else f"{words}万元整"
    style = dice.pick(list(CAPITAL_STYLES))
    return style, CAPITAL_STYLES[style].format(**parts)


def date(dice: Dice, day: dt.date, plain: float) -> tuple[str, str]:
    """(style, cell) of a date; `plain` is the share written YYYY-MM-DD."""
    if dice.chance(plain):
        return "iso", day.isoformat()
    return dice.pick([
        ("slashes", f"{day.year}/{day.month}/{day.day}"),
        ("chinese", f"{day.year}年{day.month}月{day.day}日"),
        ("compact", f"{day:%Y%m%d}"),
        ("dots", f"{day:%Y.%m.%d}"),
        ("with_time", f"{day} 00:00:00"),
    ])


def status(dice: Dice, word: str) -> str:
    """One of the ways to write that a company is alive; other words stay."""
    if word != "存续":
        return word
    return dice.weighted(
        ["存续", "在业", "开业", "在营（开业）企业", "存续（在营、开业、在册）", "正常", "登记成立", "开业(存续)", "在营"],
        [0.3, 0.2, 0.15, 0.08, 0.1, 0.05, 0.05, 0.04, 0.03],
    )


def city(dice: Dice, name: str, province: str) -> str:
    """The city as a 地区 column has it."""
    return dice.weighted([name.removesuffix("市"), name, name if province == name else province + name], [0.5, 0.42, 0.08])


def full_width(text: str) -> str:
    """ASCII letters, digits and some signs as full-width characters."""
    return "".join(chr(ord(char) + 0xFEE0) if (char.isalnum() and char.isascii()) or char in "-+" else char
                   for char in text)


def band(count: int) -> str:
    """A head count as the band that data vendors show."""
    for limit, words in ((50, "小于50人"), (100, "50-99人"), (500, "100-499人"), (1000, "500-999人")):
        if count < limit:
            return words
    return "1000-4999人"
