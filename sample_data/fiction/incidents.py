"""What went wrong for some firms: risk records, ended registrations. Chosen among firms that would else do well."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from .cast import PIPELINE
from .dice import Dice

if TYPE_CHECKING:
    from .firm import Firm

_FINE = (5e4, 1.1e6)

# (risk, state, count, days ago between, amount between)
_RECORDS: tuple[tuple[str, str, int, tuple[int, int], tuple[float, float] | None], ...] = (
    ("失信被执行人", "未履行", 4, (60, 700), (3e5, 6e6)),
    ("失信被执行人", "已履行", 2, (500, 1100), (1e5, 8e5)),
    ("限制高消费", "列入", 2, (40, 400), None),
    ("被执行人", "执行中", 4, (30, 500), (1e5, 9e6)),
    ("严重违法失信", "列入", 3, (100, 900), None),
    ("经营异常名录", "列入", 6, (30, 700), None),
    ("经营异常名录", "已移出", 7, (200, 1500), None),
    ("行政处罚", "有效", 9, (30, 1300), _FINE),
    ("责令停产停业", "有效", 2, (60, 500), None),
    ("重大税收违法", "列入", 2, (90, 800), (8e5, 5e6)),
    ("欠税公告", "有效", 3, (30, 300), (5e4, 9e5)),
    ("开庭公告(被告)", "未结", 8, (20, 600), (2e5, 2e7)),
    ("股权冻结", "有效", 3, (40, 500), (1e6, 1.5e7)),
    ("股权出质", "有效", 4, (60, 800), (2e6, 2e7)),
    ("知识产权出质", "有效", 5, (60, 700), (1e6, 1e7)),
    ("简易注销公告", "有效", 2, (10, 40), None),
    ("清算信息", "有效", 1, (20, 60), None),
    ("环境事故", "有效", 1, (200, 600), (1e5, 4e5)),
    ("安全事故", "有效", 2, (200, 900), (1e5, 5e5)),
    ("科研失信", "有效", 1, (100, 700), None),
    ("出口管制清单", "列入", 1, (100, 700), None),
)
_ENDS: tuple[tuple[str, int], ...] = (
    ("注销", 5), ("已注销", 2), ("吊销，未注销", 3), ("吊销,已注销", 1), ("吊销", 1), ("迁出", 3), ("迁往市外", 1),
    ("歇业", 1), ("清算中", 1), ("责令关闭", 1), ("筹建", 1),
)
_SURPRISING_INDUSTRIES = (["7040", "房地产租赁经营"], ["6760", "资本投资服务"], ["7040", "房地产租赁经营"])
_ORDINARY_ENDS = ("注销", "吊销，未注销", "注销企业", "迁移异地", "注销", "除名", "停业")


def befall(firms: list[Firm], as_of: dt.date) -> None:
    """Spread the records and the ended registrations; at most one cause of each table per firm."""
    dice = Dice("67-2024:incidents")
    grown = [firm for firm in firms if firm.life in {"early", "demonstration", "growth"}]
    chosen = dice.some(grown, len(grown))
    number = 0
    for kind, state, count, ago, amount in _RECORDS:
        for _ in range(count):
            number += 1
            firm = chosen.pop()
            occurred = as_of - dt.timedelta(days=dice.whole(*ago))
            firm.add(
                "risk_events",
                record_no=f"样例〔{occurred.year}〕{number}号",
                kind=kind,
                state=state,
                occurred_on=occurred,
                removed_on=occurred + dt.timedelta(days=dice.whole(30, 150)) if state.startswith("已") else None,
                amount=None if amount is None else round(dice.between(*amount) / 1e3) * 1e3,
            )
    for status, count in _ENDS:
        for _ in range(count):
            _end(chosen.pop(), status, dice, as_of)
    # Registered under finance or real estate although they make something: for a person to look at.
    for industry in _SURPRISING_INDUSTRIES:
        next(chosen.pop(place) for place in range(len(chosen) - 1, -1, -1)
             if chosen[place].file == PIPELINE).industry = industry
    ordinary = [firm for firm in firms if firm.group in {"ordinary", "trade", "hollow"}]
    for status, firm in zip(_ORDINARY_ENDS * 2, dice.some(ordinary, 14), strict=True):
        _end(firm, status, dice, as_of)
    for firm in dice.some([firm for firm in ordinary if firm.status == "存续"], 9):
        number += 1
        firm.add("risk_events", record_no=f"样例〔2025〕{number}号", kind=dice.pick(["经营异常名录", "行政处罚", "被执行人"]),
                 state="有效", occurred_on=dt.date(2025, dice.whole(1, 12), dice.whole(1, 28)), removed_on=None,
                 amount=dice.whole(2, 90) * 1e3)


def _end(firm: Firm, status: str, dice: Dice, as_of: dt.date) -> None:
    firm.status = status
    if "销" in status:
        firm.cancelled = as_of - dt.timedelta(days=dice.whole(20, 500))
