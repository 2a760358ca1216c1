"""What the sample fund holds and held: some firms of the sample, some it no longer lists; sold whole, in part, or added to."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from .cast import PIPELINE
from .dice import Dice
from .identity import MARK

if TYPE_CHECKING:
    from .firm import Firm, Row

_LISTED, _ELSEWHERE = 11, 3
_EXITS = (("股权转让", 1.46), ("回购", 1.12), ("清算", 0.3))
"""How what is no longer listed was left, and what came back of each yuan."""


def holdings(firms: list[Firm]) -> list[Row]:
    """Holdings with a direction, a city, an amount in yuan, a share and what was left of them before the data's date."""
    dice = Dice("67-2024:holdings")
    able = [firm for firm in firms if firm.file == PIPELINE and firm.status == "存续"
            and firm.life in {"early", "demonstration"} and firm.quality > 0.45]
    rows = []
    chosen = dice.some(able, _LISTED)
    for number, firm in enumerate(chosen, start=1):
        rows.append(_row(dice, number, firm.key, firm.name, firm.direction, firm.city))
    for number in range(_LISTED + 1, _LISTED + _ELSEWHERE + 1):
        rows.append(_row(dice, number, "", f"深圳{MARK}已退项目{number}号科技有限公司", "二(二)2", "深圳市"))
    dice = Dice("67-2024:exits")
    for row, (method, back) in zip(rows[_LISTED:], _EXITS, strict=True):
        _leave(dice, row, method, row["invested"], back)
    # One listed firm was left whole, one in part, into one more was put.
    sold = next(firm for firm in able if firm not in chosen)
    rows.append(_row(dice, len(rows) + 1, sold.key, sold.name, sold.direction, sold.city))
    _leave(dice, rows[-1], "并购", rows[-1]["invested"], 2.1)
    _leave(dice, rows[7], "老股转让", rows[7]["invested"] / 3, 1.65, status="部分退出")
    more = chosen[1]
    rows.append(_row(dice, len(rows) + 1, more.key, more.name, more.direction, more.city))
    for row in rows:
        row.setdefault("status", "在管")
    return rows


def _leave(dice: Dice, row: Row, method: str, cost: float, back: float, status: str = "已退出") -> None:
    """Let the fund leave a holding, or `cost` of it, with `back` for each yuan of cost."""
    row |= {
        "status": status, "exited_on": dt.date(2026, dice.whole(1, 5), dice.whole(1, 28)), "exit_method": method,
        "exited_cost": cost, "proceeds": round(cost * back, -4),
    }


def _row(dice: Dice, number: int, key: str, name: str, direction: str, city: str) -> Row:
    return {
        "holding_id": f"CC{number:02d}", "company_id": key, "name": name, "direction_id": direction, "city": city,
        "invested_on": dt.date(dice.whole(2023, 2025), dice.whole(1, 12), dice.whole(1, 28)),
        "invested": dice.whole(6, 48) * 1e6, "share": f"{dice.between(0.02, 0.12):.4f}",
    }
