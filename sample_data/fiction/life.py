"""What has happened to a firm: accounts, team, patents, rounds, certificates, milestones, deal, holders.

Everything follows from four things: its life stage, its age, its quality (0..1) and chance. So the older has more
revenue, the heavier in research more patents, the better team more runway; nothing is drawn alone.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from .firm import AS_OF
from .material import stages
from .steps import take_steps

if TYPE_CHECKING:
    from .firm import Firm
    from .material import Direction, Stage


def months_before(day: dt.date, months: int, day_of_month: int) -> dt.date:
    """The day that many whole months earlier, on the given day of the month (at most 28)."""
    count = day.year * 12 + day.month - 1 - months
    return dt.date(count // 12, count % 12 + 1, day_of_month)


def _rounded(amount: float) -> float:
    """Accounts to the hundred yuan: enough digits to look kept, few enough to read."""
    return round(amount / 100) * 100


def grow(firm: Firm, direction: Direction, product: str) -> None:
    """Give the firm the whole life of its stage, told of its first product."""
    dice, stage = firm.dice, stages()[firm.life]
    ripeness = 0.35 * dice.unit() + 0.65 * firm.quality
    firm.staff = round(stage.staff[0] + (stage.staff[1] - stage.staff[0]) * (0.6 * ripeness + 0.4 * dice.unit()))
    firm.insured = max(1, round(firm.staff * dice.between(0.72, 1.0)))
    firm.listed = False
    latest = _accounts(firm, stage, ripeness)
    _team(firm, stage)
    _patents(firm, direction, stage)
    _rounds(firm, stage, latest["loss"] + latest["cash"])
    _certificates(firm)
    take_steps(firm, direction, product)
    _deal(firm)
    _holders(firm)


def _accounts(firm: Firm, stage: Stage, ripeness: float) -> dict[str, float]:
    dice, staff = firm.dice, firm.staff or 1
    idle = firm.life == "seed" and dice.chance(0.62)
    last = 0.0 if idle else stage.revenue[0] + (stage.revenue[1] - stage.revenue[0]) * ripeness * dice.between(0.5, 1)
    growth = dice.between(*stage.growth) * (0.2 + 1.1 * firm.quality) - 0.12 * dice.unit()
    research = dice.between(*stage.research) * (0.35 + 0.8 * firm.quality)
    material, debt = dice.between(*stage.material), dice.between(*stage.debt) * (1.25 - 0.4 * firm.quality)
    wage = dice.between(2.2e5, 3.3e5)
    runway = dice.between(2, 9) + 19 * firm.quality
    age = max(1.0, (AS_OF - firm.established).days / 365.25)
    out = {"loss": 0.0, "cash": 0.0}
    for year in (2023, 2024, 2025):
        lived = (dt.date(year, 12, 31) - firm.established).days / 365.25
        if lived <= 0.2:
            continue
        then = max(3, round(staff * min(1.0, (lived / age) ** 0.7)))
        revenue = last / (1 + growth) ** (2025 - year)
        # Young firms spend ahead of sales; grown ones keep a margin.
        cost = then * wage * 1.2 * min(1.0, lived) + revenue * material
        if firm.life in {"growth", "mature"}:
            cost = revenue * (1 - dice.between(0.01, 0.15) * (0.4 + firm.quality))
        grants = cost * dice.between(0.0, 0.08) * firm.quality
        profit = revenue + grants - cost
        burn = max(-profit, 0) / 12
        cash = burn * runway if burn else revenue * dice.between(0.08, 0.28)
        assets = cash + revenue * dice.between(0.3, 0.6) + then * dice.between(5e4, 1.6e5)
        main = revenue * dice.between(0.82, 1.0)
        firm.add(
            "financials",
            fiscal_year=year,
            revenue=_rounded(revenue),
            main_revenue=_rounded(main),
            product_revenue=_rounded(main * dice.between(0.62, 0.99)),
            rd_expense=_rounded(cost * min(research, 0.92)),
            total_cost=_rounded(cost),
            net_profit=_rounded(profit),
            gross_profit=_rounded(revenue * (1 - material) * (0.4 + 0.45 * firm.quality + 0.15 * dice.unit())),
            total_assets=_rounded(assets),
            total_liabilities=_rounded(assets * min(debt, 0.97)),
            cash=_rounded(cash),
            operating_cash_flow=_rounded(profit * dice.between(0.75, 1.1) - abs(profit) * 0.05),
            government_grants=_rounded(grants),
            source_kind="audited" if firm.life not in {"seed", "early"} or dice.chance(0.3) else "self_reported",
            observed_on=dt.date(year + 1, dice.whole(3, 5), dice.whole(1, 28)),
        )
        out = {"loss": out["loss"] + max(-profit, 0), "cash": cash}
    return out


def _team(firm: Firm, stage: Stage) -> None:
    dice, staff, young = firm.dice, firm.staff or 1, firm.life in {"seed", "early"}
    founders = dice.whole(2, 5)
    share = dice.between(0.12, 0.34) if firm.life == "seed" else dice.between(0.03, 0.12) if young else 0.02
    firm.add(
        "team",
        founders=founders,
        founders_full_time=max(1, founders - (0 if dice.chance(0.12 + 0.8 * firm.quality) else dice.whole(1, 3))),
        staff_total=staff,
        phd=round(staff * share * (0.05 + 1.4 * firm.quality)),
        bachelor_or_above=min(staff, round(staff * stage.degree * (0.45 + 0.6 * firm.quality) * dice.between(0.8, 1.15))),
        rd_staff=min(staff, round(staff * (0.75 if firm.life == "seed" else 0.5 if young else 0.26)
                                  * (0.5 + 0.6 * firm.quality) * dice.between(0.75, 1.2))),
        prior_startups=dice.weighted([0, 1, 2, 3], [0.55, 0.3, 0.1, 0.05]),
        industry_years=round(dice.between(1.5, 6) + 9 * firm.quality, 1),
        observed_on=dt.date(2026, dice.whole(3, 6), dice.whole(1, 28)),
    )


_REFINED = ["", "", "", "小型化的", "低成本的", "高可靠的", "面向批量制造的", "低功耗的", "模块化的", "自校准的"]
_ELSEWHERE = ["G06Q10/06", "H05K7/20", "F16M11/04", "B65G47/90", "G06F11/36"]


def _patents(firm: Firm, direction: Direction, stage: Stage) -> None:
    dice = firm.dice
    spent = sum(row["rd_expense"] for row in firm.rows["financials"])
    count = min(stage.patents, round(spent / 1.6e6 * (0.15 + 1.2 * firm.quality) * dice.between(0.5, 1.2)))
    for _ in range(count):
        age = (AS_OF - firm.established).days
        filed = AS_OF - dt.timedelta(days=dice.whole(40, max(60, min(age, 2600))))
        kind = dice.weighted(["发明专利", "实用新型", "软件著作权", "外观设计"], [0.64, 0.22, 0.1, 0.04])
        wait = dice.whole(260, 900) if kind == "发明专利" else dice.whole(90, 220)
        granted = filed + dt.timedelta(days=wait)
        status = "授权" if granted <= AS_OF else "实质审查"
        if status == "授权" and dice.chance(0.1 - 0.05 * firm.quality):
            status = dice.pick(["未缴年费终止", "驳回", "宣告无效"])
        title = dice.pick(_REFINED) + dice.pick(direction.patents).removeprefix("一种")
        software = kind == "软件著作权"
        firm.add(
            "patents",
            patent_no=_patent_number(firm, filed, software=software),
            kind=kind,
            legal_status="授权" if software else status,
            origin=dice.weighted(["自主研发", "受让", "独占许可"], [0.88, 0.06, 0.06]),
            filed_on=filed,
            granted_on=granted if status == "授权" and not software else None,
            ipc="" if software else ";".join(
                dice.some(direction.ipc, dice.whole(1, 2)) if dice.chance(0.84) else [dice.pick(_ELSEWHERE)]),
            title=title.removesuffix("方法") + "软件" if software else title,
            pledged="是" if status == "授权" and dice.chance(0.04) else "否",
        )


def _patent_number(firm: Firm, filed: dt.date, *, software: bool) -> str:
    """A number that no office gives: kind digit 7 does not exist, and no register has the letters YL."""
    serial = firm.dice.whole(100000, 999999)
    return f"{filed.year}YL{serial}" if software else f"ZL{filed.year}70{serial}.{firm.dice.whole(0, 9)}"


def _rounds(firm: Firm, stage: Stage, needed: float) -> None:
    dice = firm.dice
    if firm.life == "seed" and dice.chance(0.25):
        firm.add("funding_rounds", round="尚未获投", announced_on=None, amount="", institutional="否")
        return
    taken = stage.rounds[: max(1, round(len(stage.rounds) * (0.45 + 0.55 * firm.quality)))]
    age = (AS_OF - firm.established).days
    weights = [2.4**place for place in range(len(taken))]
    for place, label in enumerate(taken):
        days = age * (place + 0.5 + 0.4 * dice.unit()) / (len(taken) + 0.3)
        amount = max(1e6, round(needed * 0.95 * weights[place] / sum(weights) / 1e6) * 1e6)
        firm.add(
            "funding_rounds",
            round=label,
            announced_on=firm.established + dt.timedelta(days=round(days)),
            amount=_spelled_round(firm, amount),
            institutional="是" if label not in {"种子轮"} or dice.chance(0.5) else "否",
        )
    if firm.life in {"early", "demonstration"} and dice.chance(0.12):
        firm.add("funding_rounds", round="战略融资", announced_on=dt.date(2026, 3, dice.whole(1, 28)),
                 amount="未披露", institutional="是")


def _spelled_round(firm: Firm, amount: float) -> str:
    if firm.dice.chance(0.12):
        return "未披露"
    if amount >= 1e8:
        return f"{amount / 1e8:g}亿人民币"
    return firm.dice.pick(["{:g}万人民币", "{:g}万元人民币", "{:g}万元"]).format(amount / 1e4)


_CERTIFICATES: dict[str, dict[str, float]] = {
    "seed": {"科技型中小企业": 0.45},
    "early": {"科技型中小企业": 0.7, "高新技术企业": 0.55, "创新型中小企业": 0.35},
    "demonstration": {"高新技术企业": 0.9, "创新型中小企业": 0.5, "专精特新中小企业": 0.5,
                      "专精特新“小巨人”企业": 0.12, "瞪羚企业": 0.15, "广东省工程技术研究中心": 0.25},
    "growth": {"高新技术企业": 0.95, "专精特新中小企业": 0.6, "专精特新“小巨人”企业": 0.4, "瞪羚企业": 0.3,
               "广东省工程技术研究中心": 0.5, "广东省科学技术奖": 0.3, "国家知识产权优势企业": 0.3},
    "mature": {"高新技术企业": 0.95, "专精特新“小巨人”企业": 0.4, "制造业单项冠军": 0.3, "国家企业技术中心": 0.3,
               "广东省科学技术奖": 0.5, "链主企业": 0.15, "国家知识产权示范企业": 0.3},
}
_NATIONAL = {"科技型中小企业", "高新技术企业", "专精特新“小巨人”企业", "制造业单项冠军", "国家企业技术中心"}
_FOR_GOOD = {"广东省科学技术奖", "广东省工程技术研究中心", "国家企业技术中心", "链主企业"}


def _certificates(firm: Firm) -> None:
    dice = firm.dice
    for kind, likely in _CERTIFICATES[firm.life].items():
        if not dice.chance(likely * (0.35 + 0.9 * firm.quality)):
            continue
        oldest = max(firm.established + dt.timedelta(days=200), dt.date(2022, 3, 1))
        issued = oldest + dt.timedelta(days=round((AS_OF - oldest).days * dice.between(0.05, 0.97)))
        years = 1 if kind == "科技型中小企业" else 3
        firm.add(
            "certificates",
            kind=kind,
            level="国家级" if kind in _NATIONAL or kind.startswith("国家") else "省级",
            issued_on=issued,
            expires_on=None if kind in _FOR_GOOD else dt.date(issued.year + years, issued.month, min(issued.day, 28)),
        )


def _deal(firm: Firm) -> None:
    dice = firm.dice
    worth, ask = {
        "seed": ((1.5e7, 9e7), (3e6, 1.2e7)), "early": ((5e7, 3.2e8), (1e7, 3.5e7)),
        "demonstration": ((1.8e8, 1.2e9), (2e7, 9e7)), "growth": ((6e8, 3.5e9), (8e7, 3e8)),
        "mature": ((2e9, 9e9), (2e8, 8e8)),
    }[firm.life]
    share = 0.6 * firm.quality + 0.4 * dice.unit()
    firm.add(
        "deal",
        pre_money=round((worth[0] + (worth[1] - worth[0]) * share) / 1e6) * 1e6,
        ask=round((ask[0] + (ask[1] - ask[0]) * share) / 1e5) * 1e5,
        instrument=dice.weighted(["equity", "convertible", "safe"], [0.85, 0.1, 0.05]),
        offered_on=dt.date(2026, dice.whole(2, 6), dice.whole(1, 28)),
    )


def _holders(firm: Firm) -> None:
    dice = firm.dice
    outside = {"seed": 0.18, "early": 0.3, "demonstration": 0.42, "growth": 0.5, "mature": 0.6}[firm.life]
    outside *= dice.between(0.7, 1.2)
    kinds = ["venture_capital", *dice.some(["state", "corporate", "corporate", "hong_kong_macao", "foundation"],
                                           dice.whole(0, 2))]
    # A university that put its results into the company holds shares; a few hold them with nothing settled.
    if any(row["kind"] == "university_licence" for row in firm.rows["milestones"]) or dice.chance(0.06):
        kinds.append("university")
    kinds = list(dict.fromkeys(kinds))
    cuts = [dice.between(0.4, 1.0) for _ in kinds]
    employees = round(dice.between(0.04, 0.14), 4)
    shares = {"employees": employees}
    shares |= {kind: round(outside * cut / sum(cuts), 4) for kind, cut in zip(kinds, cuts, strict=True)}
    shares = {"founders": round(1 - sum(shares.values()), 4), **shares}
    for kind, share in shares.items():
        firm.add("holders", holder_kind=kind, share=f"{share * 100:.2f}%" if dice.chance(0.5) else f"{share:.4f}")
