"""The steps to market of a firm: prototype, test, pilot line, pilots, acceptance, repeat orders, first set, scale."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .firm import AS_OF

if TYPE_CHECKING:
    from .firm import Firm
    from .material import Direction


@dataclass(frozen=True)
class Steps:
    """What the steps to market are called in a trade."""

    prototype: str = "工程样机"
    pilot_line: str = "中试线通线"
    production_line: str = "生产线投产"
    scale_up: str = "规模化量产计划"


_SOFTWARE = Steps("原型系统", "试运行环境上线", "规模交付平台投运", "规模化推广计划")
_LIFE = Steps("实验室样品", "中试车间投用", "符合规范的生产车间投用", "产业化生产计划")
_MATERIAL = Steps("小试样品")
_STEPS = {"二(二)1": _SOFTWARE, "二(六)2": _SOFTWARE, "二(一)3": _SOFTWARE, "二(三)2": _SOFTWARE, "二(三)4": Steps()}


def _steps(direction: Direction) -> Steps:
    by_domain = {"二(三)": _LIFE, "二(五)": _MATERIAL}.get(direction.id[:4], Steps())
    return _STEPS.get(direction.id, by_domain)


def take_steps(firm: Firm, direction: Direction, product: str) -> None:
    """Record the milestones that a firm of this stage, age and quality has reached."""
    dice, life, good = firm.dice, firm.life, firm.quality
    age, words = (AS_OF - firm.established).days, _steps(direction)

    def reach(kind: str, share: float, title: str, amount: float | None = None, source: str = "self_reported") -> None:
        day = firm.established + dt.timedelta(days=min(age - 3, round(age * share)))
        firm.add("milestones", kind=kind, reached_on=day, planned_on=None, amount=amount, title=title,
                 source_kind=source)

    def proof(kind: str, share: float, title: str) -> None:
        reach(kind, share, title, source="certificate")

    if dice.chance({"seed": 0.2 + 0.7 * good, "early": 0.6 + 0.4 * good}.get(life, 0.95)):
        reach("prototype", dice.between(0.12, 0.34), product + words.prototype)
    if dice.chance(0.22):
        proof("university_licence", 0.05, "高校职务科技成果作价入股")
    if dice.chance({"seed": 0.02 + 0.55 * good, "early": 0.2 + 0.7 * good}.get(life, 0.3 + 0.6 * good)):
        proof("test_report", dice.between(0.36, 0.46), f"{product}第三方检测报告")
    if life == "early":
        if dice.chance(0.25 + 0.4 * good):
            reach("pilot_line", dice.between(0.65, 0.84), product + words.pilot_line)
        if dice.chance(0.15 + 0.2 * good):
            reach("pilot_contract", dice.between(0.86, 0.98), dice.pick(direction.pilots), dice.whole(8, 60) * 1e5)
    if life == "demonstration":
        reach("pilot_line", dice.between(0.47, 0.58), product + words.pilot_line)
        for title in dice.some(direction.pilots, 1 + round(1.6 * good)):
            reach("pilot_contract", dice.between(0.6, 0.8), title, dice.whole(12, 180) * 1e5)
        if dice.chance(0.1 + 0.8 * good):
            proof("acceptance", dice.between(0.81, 0.9), f"{product}试点项目验收")
        if dice.chance(0.75 * good):
            reach("repeat_order", dice.between(0.91, 0.97), f"{product}复购订单", dice.whole(30, 260) * 1e5)
        if dice.chance(0.15 + 0.35 * good):
            proof("demonstration_list", 0.93, "入选省级应用示范名单")
        if dice.chance(0.5 * good):
            proof("first_set", 0.9, f"{product}首台(套)认定")
        if dice.chance(0.15 + 0.6 * good):
            proof("licence", dice.between(0.7, 0.95), direction.licence)
        if dice.chance(0.05 + 0.55 * good):
            reach("production_line", 0.95, f"{product}首条{words.production_line.removeprefix('符合规范的')}")
        if dice.chance(0.9):
            firm.add("milestones", kind="mass_production_plan", reached_on=dt.date(2026, dice.whole(1, 5), 15),
                     planned_on=dt.date(dice.whole(2027, 2030), dice.whole(1, 12), dice.whole(1, 28)),
                     amount=dice.whole(5, 60) * 1e7, title=product + words.scale_up, source_kind="self_reported")
    if life in {"growth", "mature"}:
        reach("production_line", dice.between(0.5, 0.7), product + words.production_line)
        if dice.chance(0.5):
            proof("licence", 0.6, direction.licence)
        if dice.chance(0.35):
            proof("first_set", 0.8, f"{product}首台(套)认定")
