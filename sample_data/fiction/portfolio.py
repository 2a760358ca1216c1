"""What the sample fund already holds: some firms of the sample, some it no longer lists."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from .cast import PIPELINE
from .dice import Dice
from .identity import MARK

if TYPE_CHECKING:
    from .firm import Firm, Row

_LISTED, _ELSEWHERE = 11, 3


def holdings(firms: list[Firm]) -> list[Row]:
    """Holdings with a direction, a city, an amount in yuan and a share."""
    dice = Dice("67-2024:holdings")
    able = [firm for firm in firms if firm.file == PIPELINE and firm.status == "存续"
            and firm.life in {"early", "demonstration"} and firm.quality > 0.45]
    rows = []
    for number, firm in enumerate(dice.some(able, _LISTED), start=1):
        rows.append(_row(dice, number, firm.key, firm.name, firm.direction, firm.city))
    for number in range(_LISTED + 1, _LISTED + _ELSEWHERE + 1):
        rows.append(_row(dice, number, "", f"深圳{MARK}已退项目{number}号科技有限公司", "二(二)2", "深圳市"))
    return rows


def _row(dice: Dice, number: int, key: str, name: str, direction: str, city: str) -> Row:
    return {
        "holding_id": f"CC{number:02d}", "company_id": key, "name": name, "direction_id": direction, "city": city,
        "invested_on": dt.date(dice.whole(2023, 2025), dice.whole(1, 12), dice.whole(1, 28)),
        "invested": dice.whole(6, 48) * 1e6, "share": f"{dice.between(0.02, 0.12):.4f}",
    }
