"""An invented table of 125 points, encoded from the documents alone, against fractions worked out here.

A date switch, a renewal to which some facts do not apply, a slot filled by a second pack, a percentile among peers, a cap
on the bonus. Every bound is tried on it and one unit beside it.
"""

from __future__ import annotations

import csv
import datetime
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from screening import api

PACKS = Path(__file__).with_name("new_table")
SWITCH = datetime.date(2026, 7, 1)
TRADES = {"装备": "e", "高端装备": "e", "新材料": "m", "材料": "m", "软件": "s"}
RENEWALS, DISHONEST, CLEAN = {"复核", "到期复核"}, {"失信被执行人"}, {"信用良好", "无不良记录"}
DIGITAL = {"一级": 0, "二级": 3, "三级": 4, "四级": 5}
F = Fraction


@dataclass(frozen=True)
class Firm:
    """Amounts in 万元."""

    founded: str = "2021-06-30"
    filing: str = "首次申报"
    credit: str = "信用良好"
    trade: str = "装备"
    cloud: str = "是"
    digital: str = "二级"
    standards: int = 1
    chain: str = "30"
    revenue: str = "6000"
    before: str = "5000"
    rd: str = "300"
    liabilities: str = "5000"
    staff: int = 100
    rd_staff: int = 20
    patents: int = 2
    national: int = 0
    provincial: int = 1
    raised: str = "0"
    penalties: int = 0


FIRMS = [
    *(Firm(rd=x) for x in ("600", "599.99", "300", "299.99", "240", "239.99", "180", "179.99")),
    *(Firm(staff=s, rd_staff=r) for s, r in ((100, 30), (1000, 301), (100, 10), (1000, 101), (3, 1))),
    *(Firm(patents=n) for n in (0, 3, 4)),
    *(Firm(before=a, revenue=b) for a, b in (("5000", "6500"), ("5000", "6499.99"), ("3", "3.9"), ("7", "9.1"), ("0", "50"))),
    *(Firm(before=a, revenue=b) for a, b in (("5000", "5000"), ("5000", "4999.98"), ("999.99", "1000.01"), ("5000", "4000"))),
    *(Firm(liabilities=x) for x in ("7000", "7000.01", "6999.99")),
    *(Firm(founded=d) for d in ("2021-06-29", "2021-07-01", "2021-07-02", "2020-02-29")),
    *(Firm(chain=x) for x in ("0", "20", "50", "49.9", "51", "12.5")),
    *(Firm(national=n, provincial=p) for n, p in ((1, 3), (0, 0), (0, 2), (0, 3))),
    *(Firm(raised=x) for x in ("1000", "1000.01")),
    *(Firm(standards=n, digital=d) for n, d in ((0, "一级"), (3, "三级"), (4, "四级"))),
    *(Firm(penalties=n) for n in (1, 2, 3)),
    *(Firm(credit=c) for c in ("失信被执行人", "非失信被执行人", "已移出失信被执行人", "无不良记录")),
    *(Firm(filing=f, liabilities="9000") for f in ("复核", "到期复核")),
    *(Firm(trade=t, revenue=str(3000 + n)) for n, t in enumerate(("高端装备", "材料", "新材料", "材料", "软件", "非装备", ""))),
    Firm(national=1, raised="2000", standards=3, digital="四级", rd="900", rd_staff=40, patents=9, revenue="9000", chain="60"),
]  # fmt: skip


def steps(value: Fraction, *lines: tuple[bool, int]) -> int:
    return next((points for reached, points in lines if reached), 0)


def worked_out(firm: Firm, as_of: datetime.date) -> dict[str, Fraction]:
    """Points by hand; what does not apply is left out."""
    revenue, before, rd = F(firm.revenue), F(firm.before), F(firm.rd)
    share, people, mean = rd / revenue, F(firm.rd_staff, firm.staff), (revenue + before) / 2
    floor = F(3, 100) if as_of < SWITCH else F(4, 100)
    points: dict[str, int | Fraction] = {
        "rd": steps(share, (share >= F(1, 10), 20), (share >= F(1, 20), 15), (share >= floor, 8)),
        "rd_staffing": steps(people, (people > F(3, 10), 10), (people > F(1, 10), 5)),
        "ip": min(10, 3 * firm.patents),
        "size": steps(mean, (mean >= 5000, 15), (mean >= 1000, 7)),
        "awards": 15 if firm.national else min(10, 5 * firm.provincial),
        "financing": 8 if F(firm.raised) > 1000 else 0,
        "norm": min(6, 2 * firm.standards),
    }
    points |= {"digital_bonus": DIGITAL[firm.digital]} if as_of >= SWITCH else {"cloud_bonus": 5}
    if firm.filing not in RENEWALS:
        points["growing"] = 0 if before == 0 else max(0, min(5, (revenue / before - 1) // F(1, 10)))
        points["leverage"] = 10 if F(firm.liabilities) / 10000 <= F(7, 10) else 0
    founded = datetime.date.fromisoformat(firm.founded)
    leap = (founded.month, founded.day) == (2, 29)
    fifth = datetime.date(founded.year + 5, founded.month, 28 if leap else founded.day)
    points["youth"] = 10 if as_of <= fifth else 5
    peers = [F(f.revenue) for f in FIRMS if TRADES.get(f.trade) == TRADES.get(firm.trade)]
    stand = F(sum(v <= revenue for v in peers), len(peers))
    points["standing"] = steps(stand, (stand >= F(9, 10), 10), (stand >= F(1, 2), 5)) if firm.trade in TRADES else 0
    chain = F(firm.chain) / 100
    line = chain * 20 if chain <= F(1, 5) else min(F(10), 4 + (chain - F(1, 5)) * 20)
    points["supply"] = F((line * 2 + F(1, 2)) // 1, 2)
    return {rule: F(value) for rule, value in points.items()}


def total(points: dict[str, Fraction], firm: Firm) -> Fraction:
    bonus = {"awards", "financing", "norm", "cloud_bonus", "digital_bonus"}
    basic = sum((v for rule, v in points.items() if rule not in bonus), F(0))
    extra = min(F(25), sum((v for rule, v in points.items() if rule in bonus), F(0)))
    return basic + extra - min(5, 6, 2 * firm.penalties)


def outcome(points: dict[str, Fraction], firm: Firm, as_of: datetime.date) -> str:
    if firm.credit in DISHONEST:
        return "rejected"
    if firm.credit not in CLEAN:
        return "review"
    passes = total(points, firm) >= (60 if as_of < SWITCH else 65)
    return "shortlisted" if passes and points["rd"] + points["rd_staffing"] + points["ip"] >= 15 else "ranked"


def name(number: int) -> str:
    return f"虚构市样例{number:03d}精密科技有限公司"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("table")
    named = [(name(n), f) for n, f in enumerate(FIRMS)]

    def write(file: str, header: str, rows: list[list[object]]) -> None:
        with (made / file).open("w", encoding="utf-8-sig", newline="") as out:
            csv.writer(out).writerows([header.split(), *rows])

    write(
        "企业.csv",
        "企业名称 成立日期 申报类型 信用状况 产业类别 是否上云 数字化水平 主导标准数 本地配套率",
        [[n, f.founded, f.filing, f.credit, f.trade, f.cloud, f.digital, f.standards, f"{f.chain}%"] for n, f in named],
    )
    write(
        "财务.csv",
        "企业名称 会计年度 营业收入(万元) 研发费用(万元) 资产总额(万元) 负债总额(万元)",
        [
            row
            for n, f in named
            for row in ([n, 2024, f.before, "", "", ""], [n, 2025, f.revenue, f.rd, 10000, f.liabilities])
        ],
    )
    write("团队.csv", "企业名称 职工总数 研发人数", [[n, f.staff, f.rd_staff] for n, f in named])
    write(
        "专利.csv",
        "企业名称 专利号 专利类型 法律状态 取得方式",
        [
            [n, f"ZL2021{i:05d}{k}", "发明专利", "授权", "自主研发"]
            for i, (n, f) in enumerate(named)
            for k in range(f.patents)
        ],
    )
    write(
        "资质.csv",
        "企业名称 资质名称 发证日期",
        [
            [n, kind, f"2025-0{k + 1}-01"]
            for n, f in named
            for kind, count in (("国家奖", f.national), ("省里奖", f.provincial))
            for k in range(count)
        ],
    )
    write(
        "融资.csv",
        "企业名称 轮次 融资日期 融资金额(万元)",
        [[n, "A轮", "2025-05-01", f.raised] for n, f in named if f.raised != "0"],
    )
    write(
        "风险.csv",
        "企业名称 风险类型 文号 列入日期",
        [[n, "行政处罚", f"虚罚{k}号", f"2025-0{k + 1}-02"] for n, f in named for k in range(f.penalties)],
    )
    (made / "dataset.yaml").write_text(
        "dataset: {id: invented, label: 虚构申报企业}\n"
        "tables:\n"
        "  companies: {file: 企业.csv}\n"
        "  financials: {file: 财务.csv}\n"
        "  team: {file: 团队.csv}\n"
        "  patents: {file: 专利.csv, absence: zero}\n"
        "  certificates: {file: 资质.csv, absence: zero, synonyms: {kind: {national_award: [国家奖], provincial_award: [省里奖]}}}\n"
        "  funding_rounds: {file: 融资.csv, absence: zero}\n"
        "  risk_events: {file: 风险.csv, absence: zero}\n",
        encoding="utf-8",
    )
    return made


@pytest.mark.parametrize("as_of", [datetime.date(2026, 6, 30), SWITCH])
def test_every_number_is_the_one_worked_out_by_hand(folder: Path, tmp_path: Path, as_of: datetime.date) -> None:
    run = api.screen(folder, api.load_pack(str(PACKS / "city")), as_of=as_of, out=tmp_path / "runs")
    names = dict(run.companies().select("company_id", "name").iter_rows())
    criteria = {names[row["company_id"]]: row for row in run.relation("criteria").to_dicts()}
    ranking = {row["name"]: row for row in run.companies().to_dicts()}
    wrong = []
    for number, firm in enumerate(FIRMS):
        row, expected = criteria[name(number)], worked_out(firm, as_of)
        got = {rule: F(row[f"{rule}.points"]) for rule in expected}
        idle = {r for r in ("growing", "leverage") if row[f"{r}.reason"] == "not_applicable"}
        placed = ranking[name(number)]
        told = (got, idle, F(placed["score"]), placed["outcome"])
        right = (
            expected,
            {"growing", "leverage"} - set(expected),
            total(expected, firm),
            outcome(expected, firm, as_of),
        )
        wrong += [] if told == right else [(firm, told, right)]
    assert not wrong
    highest = max(ranking.values(), key=lambda r: r["score"])
    assert highest["score"] == (125 if as_of < SWITCH else 120)


def test_the_page_adds_up(folder: Path, tmp_path: Path) -> None:
    run = api.screen(folder, api.load_pack(str(PACKS / "province")), as_of=SWITCH, out=tmp_path / "runs")
    record = run.company(name(0)).record
    [half] = record.halves
    shown = {p.id: (p.full, p.band.low, p.band.value, p.band.high) for p in half.pillars}
    assert shown["special"] == (10, 0, 5, 10), "a slot that no pack fills is shown, for its points are in the total"
    assert shown["bonus"][0] == 25, "a group gives at most its cap"
    assert sum((p.band.value or 0 for p in half.pillars), Decimal(0)) == record.score.value
    assert sum(p.full or 0 for p in half.pillars) == 125
