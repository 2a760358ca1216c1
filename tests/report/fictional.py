"""Records of fictional runs and companies for the pages: a full one, and the awkward ones."""

from __future__ import annotations

import dataclasses
import datetime
import random
from decimal import Decimal

from screening.result.company import (
    Company,
    CompanyRecord,
    CriterionResult,
    DirectionResult,
    EvidenceText,
    FactResult,
    GateResult,
    HalfResult,
    MeasureResult,
    OverrideResult,
    PillarResult,
    PlaceResult,
    Question,
    Span,
    StageAxisResult,
)
from screening.result.fund_terms import FundExposure, FundPlace, Held
from screening.result.overview import (
    Bin,
    CityName,
    DomainName,
    Holdings,
    Overview,
    PlaceCell,
    RankedCompany,
    RowCounts,
    RuleTally,
)
from screening.result.quality_records import ColumnConflict, ColumnQuality, Quality, SourceTable
from screening.result.records import (
    AuthorityRecord,
    Band,
    Citation,
    ClauseRecord,
    Count,
    DataFile,
    Notice,
    RunRecord,
    TargetRecord,
    Text,
    TierGrid,
    TierStep,
    VerdictRecord,
)

D = Decimal
HOSTILE = "</script><img src=x onerror=alert(1)>\u202e司公虚构<b>&\"'\x07"

PLAN = {
    ("二(一)", "未来网络", "Future networks"): [
        ("高速全光通信", "All-optical networks"),
        ("下一代移动通信", "Next-generation mobile"),
        ("算力网络", "Computing networks"),
        ("光计算与可见光通信", "Optical computing and VLC"),
    ],
    ("二(二)", "通用智能", "General intelligence"): [
        ("大模型", "Large models"),
        ("具身智能机器人", "Embodied robots"),
        ("未来智能终端", "Smart terminals"),
        ("智能无人系统", "Unmanned systems"),
        ("类脑智能", "Brain-like intelligence"),
    ],
    ("二(三)", "生命与健康", "Life and health"): [
        ("合成生物", "Synthetic biology"),
        ("AI+生物医药", "AI and biomedicine"),
        ("细胞和基因治疗", "Cell and gene therapy"),
        ("脑科学与脑机接口", "Brain-computer interfaces"),
        ("类器官", "Organoids"),
    ],
    ("二(四)", "低碳能源", "Low-carbon energy"): [
        ("新型储能", "Energy storage"),
        ("绿色氢能", "Green hydrogen"),
        ("先进核能", "Advanced nuclear"),
        ("碳捕集利用与封存(CCUS)", "CCUS"),
    ],
    ("二(五)", "先进材料", "Advanced materials"): [
        ("仿生智能材料", "Bionic materials"),
        ("纳米材料", "Nanomaterials"),
        ("超导材料", "Superconductors"),
        ("先进金属", "Advanced metals"),
    ],
    ("二(六)", "未来空间", "Future space"): [
        ("深海", "Deep sea"),
        ("网络", "Cyberspace"),
        ("低空经济", "Low-altitude economy"),
        ("商业航天", "Commercial space"),
    ],
    ("二(七)", "量子科技", "Quantum technology"): [
        ("量子计算", "Quantum computing"),
        ("量子精密测量", "Quantum sensing"),
        ("量子通信", "Quantum communication"),
    ],
}
CITIES = [
    "广州市",
    "深圳市",
    "珠海市",
    "佛山市",
    "惠州市",
    "东莞市",
    "中山市",
    "江门市",
    "肇庆市",
    "汕头市",
    "汕尾市",
    "潮州市",
    "揭阳市",
    "湛江市",
    "茂名市",
    "阳江市",
    "韶关市",
    "河源市",
    "梅州市",
    "清远市",
    "云浮市",
]
CITY_EN = [
    "Guangzhou",
    "Shenzhen",
    "Zhuhai",
    "Foshan",
    "Huizhou",
    "Dongguan",
    "Zhongshan",
    "Jiangmen",
    "Zhaoqing",
    "Shantou",
    "Shanwei",
    "Chaozhou",
    "Jieyang",
    "Zhanjiang",
    "Maoming",
    "Yangjiang",
    "Shaoguan",
    "Heyuan",
    "Meizhou",
    "Qingyuan",
    "Yunfu",
]
NAMED = {
    "广州市": ["细胞和基因治疗", "类器官", "纳米材料", "低空经济", "量子精密测量"],
    "深圳市": ["算力网络", "大模型", "具身智能机器人", "合成生物", "低空经济", "量子计算"],
    "珠海市": ["新型储能", "深海"],
    "佛山市": ["绿色氢能", "具身智能机器人"],
    "东莞市": ["超导材料", "先进金属"],
    "肇庆市": ["新型储能"],
}
FUND = Citation(set_by="fund")
FINANCIALS, TEAM, COMPANIES, DEAL, RISK = (
    Text("年度财务", "Accounts"),
    Text("团队", "Team"),
    Text("企业", "Companies"),
    Text("本轮交易", "Deal"),
    Text("风险", "Risk"),
)
WEIGHTS = (("fit", Text("契合度", "Fit"), D("0.4")), ("merit", Text("企业质量", "Merit"), D("0.6")))


def domains() -> tuple[DomainName, ...]:
    return tuple(
        DomainName(did, Text(zh, en), tuple((f"{did}{i}", Text(n, e)) for i, (n, e) in enumerate(items, 1)))
        for (did, zh, en), items in PLAN.items()
    )


def tiers() -> TierGrid:
    return TierGrid(
        fit=(TierStep("high", D(80)), TierStep("middle", D(60)), TierStep("low", D(0))),
        merit=(TierStep("high", D(70)), TierStep("middle", D(50)), TierStep("low", D(0))),
        cells={
            "high": {"high": "A", "middle": "B", "low": "D"},
            "middle": {"high": "B", "middle": "C", "low": "D"},
            "low": {"high": "D", "middle": "D", "low": "D"},
        },
        labels={t: Text(t, t) for t in "ABCD"},
    )


def run(**changes: object) -> RunRecord:
    base = RunRecord(
        run_id="20250901T020304Z-0a1b2c3d",
        pack_id="guangdong-2024",
        pack_version="2024.1",
        pack_digest="sha256:" + "ab12" * 16,
        pack_label=Text("广东未来产业行动方案", "Guangdong future industries plan"),
        as_of=datetime.date(2025, 9, 1),
        as_of_basis="dataset",
        result_digest="sha256:" + "9f03" * 16,
        method_version="0.1.0",
        authority=AuthorityRecord(
            "粤府〔2024〕67号", "关于加快培育发展未来产业的行动方案", "广东省人民政府", datetime.date(2024, 9, 14)
        ),
        files=(DataFile("companies.csv", "c0ffee" * 10, 640), DataFile("patents.xlsx", "deadbe" * 10, 2210)),
        notices=(Notice("data/undated", "2 columns carry no date and are used as of the data's own date."),),
        synthetic=True,
        manifest={"run_id": "20250901T020304Z-0a1b2c3d", "note": "</script>"},
    )
    return dataclasses.replace(base, **changes)  # type: ignore[arg-type]


def gate_tallies(idle: bool = False) -> tuple[RuleTally, ...]:
    plan = Citation("三(五)3", "未来产业企业公共信用信息归集", 124)
    law = Citation(document="市场监管总局令第44号", clause="第八条")

    def tally(
        id_: str, zh: str, en: str, effect: str, counts: tuple[int, int, int, int], source: Citation, ran: bool = True
    ) -> RuleTally:
        ran = ran and not idle
        p, f, u, n = counts if ran else (0, 0, 0, 0)
        return RuleTally(
            id_,
            "gate",
            Text(zh, en),
            "run" if ran else "not_run",
            "" if ran else "source_missing",
            effect,
            p,
            f,
            u,
            0 if ran else 318,
            n,
            source,
        )

    return (
        tally("registration", "登记状态正常", "Registration in force", "reject", (300, 11, 7, 0), law),
        tally("dishonest", "非失信被执行人", "Not a dishonest debtor", "reject", (296, 4, 18, 0), plan),
        tally(
            "serious_illegal",
            "不在严重违法失信名单",
            "Not on the serious-violation list",
            "reject",
            (314, 1, 3, 0),
            law,
        ),
        tally("abnormal", "不在经营异常名录", "Not on the abnormal list", "review", (289, 17, 12, 0), law),
        tally(
            "restricted",
            "不属限制类、淘汰类产业",
            "Not in a restricted industry",
            "reject",
            (0, 0, 0, 0),
            Citation(document="发改财金规〔2025〕1752号"),
            False,
        ),
        tally("listed", "尚未上市", "Not yet listed", "review", (240, 6, 20, 52), FUND),
    )


def ranked(count: int = 240, merit: bool = True, seed: int = 7) -> list[RankedCompany]:
    rng = random.Random(seed)
    flat = [(d, direction) for d in domains() for direction in d.directions]
    rows = []
    for i in range(count):
        domain, direction = rng.choice(flat)
        core = rng.random() < 0.7
        fit = D(str(round(rng.uniform(62, 98) if core else rng.uniform(40, 70), 2)))
        m = D(str(round(min(95, max(18, rng.gauss(56, 15))), 2)))
        fw, mw = D(str(round(rng.uniform(0, 6), 2))), D(str(round(rng.uniform(4, 18), 2)))
        score = (fit * D("0.4") + m * D("0.6")).quantize(D("0.01")) if merit else fit
        half = ((fw * D("0.4") + mw * D("0.6")) if merit else fw + 3).quantize(D("0.01"))
        outcome = "shortlisted" if merit and fit >= 60 and m >= 55 else "review" if rng.random() < 0.12 else "ranked"
        grid = tiers()
        f_step = next(s.id for s in grid.fit if fit >= s.at_least)
        m_step = next(s.id for s in grid.merit if m >= s.at_least)
        tier = grid.cells[f_step][m_step] if merit else None
        city = rng.choices([*CITIES, None], weights=[14, 24, 8, 10, 6, 10, 6, 4, 3, *[1] * 12, 1])[0]
        rows.append(
            RankedCompany(
                company_id=f"n-{i:012x}",
                uscc=f"00FICT{i:012d}" if rng.random() < 0.9 else None,
                name=f"{rng.choice(['虚辰', '拟澜', '示岚', '假山', '样本', '幻川'])}{rng.choice(['智能', '新能', '生物', '量子', '材料', '航空'])}{i:03d}(示例)有限公司",
                rank=None,
                city=city,
                city_label=Text(city, CITY_EN[CITIES.index(city)]) if city else None,
                domain=domain.label,
                direction=direction[1],
                grade="core" if core else "related",
                stage=None,
                track=rng.choice(["seed", "early", "demonstration", None]),
                fit=Band(fit, max(fit - fw, D(0)), min(fit + fw, D(100))),
                merit=Band(m, max(m - mw, D(0)), min(m + mw, D(100))) if merit else Band(),
                score=Band(score, max(score - half, D(0)), min(score + half, D(100))),
                coverage=D(str(round(rng.uniform(0.3, 0.95), 4))),
                merit_coverage=D("0.6") if merit else D(0),
                tier=tier,
                tier_label=Text(tier, tier) if tier else None,
                outcome=outcome,
                dossier=None,
            )
        )
    rows.sort(key=lambda r: (r.tier or "", -(r.score.value or D(0))))
    return [
        dataclasses.replace(r, rank=i, dossier=f"dossiers/{r.company_id}.html" if i <= 20 else None)
        for i, r in enumerate(rows, 1)
    ]


def _tier_cells(rows: list[RankedCompany]) -> dict[tuple[str, str], int]:
    grid, counts = tiers(), {}
    for r in rows:
        key = tuple(
            next(s.id for s in steps if (b.value or D(0)) >= s.at_least)
            for steps, b in ((grid.fit, r.fit), (grid.merit, r.merit))
        )
        counts[key] = counts.get(key, 0) + 1
    return counts


def overview(count: int = 240, merit: bool = True, idle: bool = False) -> Overview:
    rows = ranked(count, merit)
    bins: dict[tuple[int, str], int] = {}
    fits: dict[tuple[int, str], int] = {}
    cells: dict[tuple[int, int], int] = {}
    places: dict[tuple[str, str, str], int] = {}
    ids = {label: (d.id, direction) for d in domains() for direction, label in d.directions}
    for r in rows:
        bins[(int(r.score.value or 0) // 5 * 5, r.outcome)] = (
            bins.get((int(r.score.value or 0) // 5 * 5, r.outcome), 0) + 1
        )
        fits[(int(r.fit.value or 0) // 5 * 5, r.outcome)] = fits.get((int(r.fit.value or 0) // 5 * 5, r.outcome), 0) + 1
        if merit:
            key = (int(r.fit.value or 0) // 5 * 5, int(r.merit.value or 0) // 5 * 5)
            cells[key] = cells.get(key, 0) + 1
        if r.city and r.direction:
            place = (*ids[r.direction], r.city)
            places[place] = places.get(place, 0) + 1
    names = {label.zh: (d.id, direction) for d in domains() for direction, label in d.directions}
    named = {(*names[n], city) for city, items in NAMED.items() for n in items}
    named_region = {(*names[n], city) for city in CITIES[9:] for n in ("新型储能", "绿色氢能", "深海")}
    every = set(places) | named | named_region
    tally = {o: sum(r.outcome == o for r in rows) for o in ("shortlisted", "ranked", "review")}
    scope = len(rows)
    return Overview(
        run=run(),
        title=Text("政策匹配短名单", "Short list by policy fit and merit")
        if merit
        else Text("政策匹配长名单", "Long list by policy fit"),
        list_kind="shortlist" if merit else "long_list",
        rows=RowCounts(
            660,
            scope + 16 + 270 + 41,
            660 - (scope + 16 + 270 + 41),
            (Count("duplicate", 22), Count("no_name", 5), Count("after_as_of", 4)),
        )
        if count
        else RowCounts(0, 0, 0),
        outcomes=tuple(Count(o, n) for o, n in tally.items())
        + ((Count("rejected", 16), Count("insufficient_data", 41), Count("out_of_scope", 270)) if count else ()),
        grades=(
            Count("core", scope + 10),
            Count("related", 6),
            Count("unknown", 41),
            Count("none", 250),
            Count("trade", 20),
        )
        if count
        else (),
        gates=gate_tallies(idle),
        rules=(
            RuleTally(
                "restricted",
                "gate",
                Text("不属限制类、淘汰类产业", "Not in a restricted industry"),
                "not_run",
                "source_missing",
                citation=Citation(document="发改财金规〔2025〕1752号"),
            ),
            RuleTally(
                "donation_pilot",
                "measure",
                Text("“捐赠+投资”结合试点", "Donation and investment pilot"),
                "unreached",
                "reached_nobody",
                citation=Citation("三(五)1", "“捐赠+投资”", 120),
            ),
        ),
        verdict=VerdictRecord(WEIGHTS, "fit >= 60 and merit >= 55", D("0.5"), tiers()),
        histogram=tuple(Bin(D(b), D(b + 5), o, n) for (b, o), n in bins.items()) if merit else (),
        fit_histogram=tuple(Bin(D(b), D(b + 5), o, n) for (b, o), n in fits.items()),
        plane={(D(f), D(m)): n for (f, m), n in cells.items()},
        plane_step=D(5),
        domains=domains(),
        cities=(
            *(CityName(c, Text(c, e)) for c, e in zip(CITIES, CITY_EN, strict=True)),
            CityName("", Text("省外", "Elsewhere"), True),
        ),
        places=tuple(
            PlaceCell(
                d,
                n,
                c,
                places.get((d, n, c), 0),
                "city" if (d, n, c) in named else "region" if (d, n, c) in named_region else "",
            )
            for d, n, c in sorted(every)
        ),
        ranking=tuple(rows),
        ranking_total=len(rows),
        quality=Quality(
            tables=(
                SourceTable("companies", Text("企业", "Companies"), True, 660, "unknown"),
                SourceTable("financials", Text("财务", "Accounts"), True, 1210, "unknown"),
                SourceTable("risk_events", Text("风险", "Risk events"), True, 83, "zero", datetime.date(2025, 8, 20)),
                SourceTable("deal", Text("本轮交易", "Deal"), False, None, "unknown"),
            ),
            columns=(
                ColumnQuality("companies", "name", Text("企业名称", "Name"), True, 660, 655),
                ColumnQuality("companies", "registered_capital", Text("注册资本", "Capital"), True, 660, 590, 12, 7),
                ColumnQuality("companies", "city", Text("城市", "City"), True, 660, 641, 4),
                ColumnQuality("companies", "website", Text("网址", "Website"), False, 0, 0),
            ),
            duplicates=22,
            city_basis=(Count("declared", 520), Count("address", 98), Count("code", 23), Count("unknown", 19)),
            conflicts=(
                ColumnConflict(
                    "companies",
                    "status",
                    Text("登记状态", "Status"),
                    3,
                    1,
                    (("00FICT000000000007", ("active", "cancelled")),),
                ),
            ),
            branches=9,
            branches_joined=4,
        ),
        holdings=Holdings(0),
        targets=(
            TargetRecord(
                "leaders",
                Text("生态主导型企业", "Ecosystem leaders"),
                2027,
                D(5),
                "at_least",
                Text("家", "companies"),
                Citation("一(三)2027.3", "5家以上", 52),
            ),
            TargetRecord(
                "platforms",
                Text("未来产业研究院", "Institutes"),
                2027,
                D(3),
                "about",
                Text("个", "platforms"),
                Citation("一(三)2027.1", "3个左右", 50),
            ),
        ),
        clauses=(
            ClauseRecord("二(二)1", Text("大模型", "Large models"), 72, ("direction",)),
            ClauseRecord("五(一)", Text("强化组织实施", "Organisation"), 166, ("crowding",)),
        ),
        merit_coverage=D("0.62") if merit else D("0.02"),
        tier_cells=_tier_cells(rows) if merit else (),
        domain_counts=tuple(Count(d.id, sum(r.domain == d.label for r in rows), d.label) for d in domains()),
        fund=exposure() if count else None,
    )


def exposure() -> FundExposure:
    """Holdings with one above the fund's limit, one whose amount nobody told and one of no place."""
    network, city, early = Text("未来网络", "Future networks"), Text("广州市", "Guangzhou"), Text("早期", "Early stage")
    most = D(200_000_000)
    return FundExposure(
        "paid_in",
        D(1_000_000_000),
        D("0.2"),
        most,
        (
            Held("h1", "虚构的一家名称非常长的已投未来网络科技股份有限公司", most + D("0.01"), True, 0, 3),
            Held("h2", HOSTILE, D("0.00"), None, 1),
            Held("h3", "虚构已投三号", D("0.00"), False, 0),
        ),
        (("city", "广州市", most + D("0.01")), ("domain", "二(一)", most + D("0.01"))),
        (
            FundPlace(network, city, early, 1, 0, most + D("0.01"), D(1)),
            FundPlace(network, None, None, 1, 1, D(0), D(0)),
            FundPlace(None, city, None, 1, 0, D(0), D(0)),
        ),
    )


def _criterion(
    id_: str, zh: str, en: str, full: str, value: str, low: str, high: str, missing: tuple[Text, ...] = ()
) -> CriterionResult:
    return CriterionResult(
        id_, Text(zh, en), D(full), D(value), D(low), D(high), "not_collected" if missing else None, missing, (), FUND
    )


def dossier(name: str = "虚辰具身智能(示例)有限公司") -> CompanyRecord:
    text = "公司研发制造具身智能机器人与关节模组,提供大模型训练服务;代理销售进口减速机;智能机器人乐园除外。"
    robots, models = Text("具身智能机器人", "Embodied robots"), Text("大模型", "Large models")

    def span(
        term: str, direction_id: str, direction: Text, grade: str, kind: str = "strong", activity: str = ""
    ) -> Span:
        start = text.index(term)
        return Span(start, start + len(term), term, direction_id, direction, grade, kind, activity)

    revenue = FactResult(
        "revenue",
        Text("营业收入", "Revenue"),
        "decimal",
        "cny",
        D("36800000"),
        source_kind="audited",
        table="financials",
        period="2024",
        table_label=FINANCIALS,
    )
    fit = HalfResult(
        "fit",
        Text("契合度", "Fit"),
        D("0.4"),
        Band(D("94.50"), D("87.00"), D("100.00")),
        D("0.85"),
        (
            PillarResult(
                "direction",
                Text("方向", "Direction"),
                D(55),
                Band(D(55), D(55), D(55)),
                (_criterion("grade", "方向定级", "Grade of the direction", "55", "55", "55", "55"),),
            ),
            PillarResult(
                "stage",
                Text("阶段与示范", "Stage and demonstration"),
                D(30),
                Band(D("24.50"), D(17), D(30)),
                (
                    _criterion("maturity", "成熟度", "Maturity", "20", "17", "17", "20"),
                    _criterion(
                        "combo",
                        "标杆示范组合",
                        "Demonstration combo",
                        "10",
                        "7.50",
                        "0",
                        "10",
                        (Text("应用场景", "Application"),),
                    ),
                ),
            ),
            PillarResult(
                "city",
                Text("空间", "City"),
                D(15),
                Band(D(15), D(15), D(15)),
                (_criterion("city", "城市契合", "City fit", "15", "15", "15", "15"),),
            ),
        ),
    )
    merit = HalfResult(
        "merit",
        Text("企业质量", "Merit"),
        D("0.6"),
        Band(D("63.20"), D("49.20"), D("78.20")),
        D("0.71"),
        (
            PillarResult(
                "team",
                Text("团队", "Team"),
                D(25),
                Band(D("15.00"), D("10.00"), D("20.00")),
                (
                    _criterion("rd_staff", "研发人员占比", "Share of R&D staff", "15", "10", "10", "10"),
                    _criterion(
                        "full_time",
                        "创始人全职",
                        "Full-time founders",
                        "10",
                        "5",
                        "0",
                        "10",
                        (Text("全职创始人数", "Full-time founders"),),
                    ),
                ),
            ),
            PillarResult(
                "technology",
                Text("技术与知识产权", "Technology and IP"),
                D(25),
                Band(D("21.20"), D("21.20"), D("21.20")),
                (
                    _criterion(
                        "patents",
                        "方向内有效发明专利",
                        "Granted inventions in the direction",
                        "25",
                        "21.20",
                        "21.20",
                        "21.20",
                    ),
                ),
            ),
            PillarResult(
                "market",
                Text("市场", "Market"),
                D(20),
                Band(D("12.00"), D("8.00"), D("17.00")),
                (
                    _criterion(
                        "growth",
                        "收入增长",
                        "Revenue growth",
                        "20",
                        "12",
                        "8",
                        "17",
                        (Text("2023年营业收入", "Revenue 2023"),),
                    ),
                ),
            ),
            PillarResult(
                "finances",
                Text("财务", "Finances"),
                D(15),
                Band(D("7.50"), D(0), D(15)),
                (_criterion("runway", "现金跑道", "Runway", "15", "7.50", "0", "15", (Text("货币资金", "Cash"),)),),
            ),
            PillarResult(
                "rd",
                Text("研发", "R&D"),
                D(15),
                Band(D("7.50"), D("7.50"), D("7.50")),
                (_criterion("intensity", "研发强度", "R&D intensity", "15", "7.50", "7.50", "7.50"),),
            ),
        ),
    )
    return CompanyRecord(
        run=run(),
        company=Company(
            "n-00000000002a",
            name,
            "00FICT000000000042",
            "深圳市",
            "南山区",
            datetime.date(2021, 3, 9),
            "存续",
            "有限责任公司",
            D("12500000"),
            "CNY",
            "深圳市南山区虚构路1号",
            "companies.csv",
            43,
            "registry",
        ),
        outcome="shortlisted",
        reasons=(),
        tier="B",
        tier_label=Text("B 优先尽调", "B priority"),
        rank=12,
        ranked=240,
        score=Band(D("75.72"), D("64.32"), D("86.92")),
        fit=fit.band,
        merit=merit.band,
        coverage=D("0.7660"),
        merit_coverage=D("0.71"),
        verdict=VerdictRecord(WEIGHTS, "fit >= 60 and merit >= 55", D("0.5"), tiers()),
        halves=(fit, merit),
        directions=(
            DirectionResult(
                1, Text("通用智能", "General intelligence"), "二(二)2", robots, "core", D("12.40"), "二(二)2"
            ),
            DirectionResult(
                2, Text("通用智能", "General intelligence"), "二(二)1", models, "related", D("4.10"), "二(二)1"
            ),
        ),
        evidence=(
            EvidenceText(
                "products",
                Text("主营产品", "Products"),
                text,
                (
                    span("具身智能机器人", "二(二)2", robots, "core", activity="make"),
                    span("智能机器人", "二(二)2", robots, "related"),
                    span("关节模组", "二(二)2", robots, "related", "weak"),
                    span("大模型", "二(二)1", models, "related"),
                    span("减速机", "二(二)2", robots, "trade"),
                    span("智能机器人乐园除外", "二(二)2", robots, "none", "mask"),
                ),
            ),
            EvidenceText(
                "business_scope",
                Text("经营范围", "Scope"),
                "人工智能基础软件开发;智能机器人的研发;技术服务、技术开发、技术咨询。",
                (
                    Span(11, 16, "智能机器人", "二(二)2", robots, "related"),
                    Span(20, 34, "技术服务", "二(二)2", robots, "boilerplate"),
                ),
            ),
        ),
        gates=(
            GateResult(
                "registration",
                Text("登记状态正常", "Registration in force"),
                "reject",
                "review",
                "passed",
                None,
                Text("登记状态异常", "Registration is not in force"),
                None,
                (FactResult("status", Text("登记状态", "Status"), "text", "none", "active", source_kind="registry"),),
                citation=Citation(document="市场监管总局令第44号"),
            ),
            GateResult(
                "dishonest",
                Text("非失信被执行人", "Not a dishonest debtor"),
                "reject",
                "review",
                "passed",
                None,
                Text("为失信被执行人", "Is a dishonest debtor"),
                None,
                (FactResult("dishonest_count", Text("失信记录", "Records"), "integer", "count", 0),),
                datetime.date(2025, 8, 20),
                D(6),
                "months",
                Citation("三(五)3", "未来产业企业公共信用信息归集", 124),
            ),
            GateResult(
                "penalty",
                Text("近三年无重大处罚", "No major penalty in three years"),
                "warn",
                "warn",
                "failed",
                None,
                Text("近三年有一次较大数额罚款。", "One large fine within three years."),
                Text("核实整改情况。", "Verify the remedy."),
                (FactResult("fines", Text("罚款金额", "Fines"), "decimal", "cny", D(300000), source_kind="vendor"),),
                datetime.date(2025, 8, 20),
                D(6),
                "months",
                FUND,
            ),
            GateResult(
                "restricted",
                Text("不属限制类、淘汰类产业", "Not in a restricted industry"),
                "reject",
                "review",
                "not_run",
                "source_missing",
                Text("属限制类", "Restricted"),
                citation=Citation(document="发改财金规〔2025〕1752号"),
            ),
            GateResult(
                "listed",
                Text("尚未上市", "Not yet listed"),
                "review",
                "warn",
                "unknown",
                "not_collected",
                Text("已上市", "Listed"),
                Text("查交易所公告。", "Check the exchange."),
                citation=FUND,
            ),
        ),
        track=Text("初创赛道", "Early"),
        stages=(
            StageAxisResult(
                "life_stage",
                Text("生命阶段", "Life stage"),
                Text("初创期", "Early"),
                (Text("初创期", "Early"),),
                None,
                (),
                Citation("三(五)1", "种子期、初创期企业", 120),
            ),
            StageAxisResult(
                "maturity",
                Text("技术成熟度", "Maturity"),
                None,
                (Text("中试熟化", "Pilot production"), Text("试点示范", "Demonstration")),
                "not_collected",
                (Text("试点合同", "Pilot contract"),),
                Citation("三(四)2", "目前已进入试点阶段", 114),
            ),
        ),
        place=PlaceResult(
            "named_sub_industry",
            "深圳市",
            "declared",
            "南山区",
            "四·深圳市",
            "具身智能机器人",
            "西丽湖国际科教城",
            (),
            True,
            (),
            True,
            Citation("四·深圳市", "具身智能机器人", 146),
        ),
        measures=(
            MeasureResult(
                "angel",
                Text("天使投资、创业引导等基金", "Angel and start-up guidance funds"),
                "省委金融办,省发展改革委、科技厅、工业和信息化厅、财政厅、国资委",
                "company",
                None,
                Citation("三(五)1", "支持天使投资发展", 120),
            ),
            MeasureResult(
                "ip_loan",
                Text("知识产权质押贷款", "Loans on intellectual property"),
                "省委金融办,省科技厅,中国人民银行广东省分行",
                "company",
                Text("有 6 件方向内有效发明专利", "6 granted inventions in the direction"),
                Citation("三(五)2", "知识产权质押贷款", 122),
            ),
        ),
        questions=(
            Question(
                "cash",
                Text("货币资金", "Cash"),
                Text(
                    "截至目前的货币资金与月均净流出是多少?请附银行对账单。",
                    "What are cash and monthly burn? Attach bank statements.",
                ),
                "not_collected",
                D("9.00"),
                False,
                (Text("现金跑道", "Runway"),),
            ),
            Question(
                "full_time",
                Text("全职创始人数", "Full-time founders"),
                Text("几位创始人全职在岗?请提供社保记录。", "How many founders work full time?"),
                "not_disclosed",
                D("6.00"),
                True,
                (Text("创始人全职", "Full-time founders"),),
            ),
            Question(
                "application",
                Text("应用场景", "Application"),
                None,
                "not_collected",
                D("4.00"),
                True,
                (Text("标杆示范组合", "Demonstration combo"),),
            ),
            Question("listed", Text("是否上市", "Listed"), None, "not_collected", D(0), False),
        ),
        facts=(
            revenue,
            FactResult(
                "rd_share",
                Text("研发人员占比", "Share of R&D staff"),
                "decimal",
                "ratio",
                D("0.462"),
                source_kind="self_reported",
                table="team",
                period="2025-06-30",
                table_label=TEAM,
            ),
            FactResult(
                "age",
                Text("成立月数", "Age"),
                "integer",
                "months",
                53,
                source_kind="registry",
                table="companies",
                table_label=COMPANIES,
            ),
            FactResult(
                "growth",
                Text("收入增长", "Revenue growth"),
                "decimal",
                "ratio",
                None,
                "not_collected",
                table="financials",
                table_label=FINANCIALS,
            ),
            FactResult(
                "dishonest",
                Text("失信被执行人", "Dishonest debtor"),
                "boolean",
                "none",
                False,
                source_kind="registry",
                table="risk_events",
                table_label=RISK,
            ),
            FactResult(
                "frozen",
                Text("股权冻结", "Equity frozen"),
                "boolean",
                "none",
                False,
                source_kind="registry",
                table="risk_events",
                table_label=RISK,
            ),
            FactResult(
                "misconduct",
                Text("科研失信", "Misconduct"),
                "boolean",
                "none",
                None,
                "stale",
                table="risk_events",
                table_label=RISK,
            ),
            FactResult(
                "idle",
                Text("不适用的事实", "A fact that plays no part"),
                "boolean",
                "none",
                None,
                "not_applicable",
                table="risk_events",
                table_label=RISK,
            ),
            FactResult(
                "pre_money",
                Text("投前估值", "Pre-money"),
                "decimal",
                "cny",
                D("420000000"),
                source_kind="vendor",
                low=D("380000000"),
                high=D("460000000"),
                table="deal",
                table_label=DEAL,
            ),
        ),
        clauses=(
            (
                ClauseRecord("二(二)2", Text("通用智能", "General intelligence"), 72, ("具身智能机器人",)),
                "加快大模型、具身智能机器人、未来智能终端、智能无人系统等技术突破和产业化",
            ),
            (
                ClauseRecord("三(四)2", Text("标杆示范行动", "Demonstration"), 114, ("标杆示范组合",)),
                "目前已进入试点阶段、应用场景较为明确、在3-5年内有望实现规模产业化",
            ),
        ),
        overrides=(
            OverrideResult(
                "applied",
                "related",
                Text("大模型", "Large models"),
                "core",
                Text("具身智能机器人", "Embodied robots"),
                "现场走访确认主营为整机。",
                datetime.date(2025, 8, 28),
                "分析员甲",
            ),
        ),
    )


def empty_dossier() -> CompanyRecord:
    """A company of which nothing but a name is known."""
    return dataclasses.replace(
        dossier(),
        company=Company("n-0", "无文字示例企业"),
        outcome="insufficient_data",
        tier=None,
        tier_label=None,
        rank=None,
        score=Band(),
        fit=Band(),
        merit=Band(),
        coverage=None,
        merit_coverage=None,
        halves=(),
        directions=(),
        evidence=(),
        gates=(),
        track=None,
        stages=(),
        place=None,
        measures=(),
        questions=(),
        facts=(),
        clauses=(),
        overrides=(),
        run=run(authority=None, as_of=None, files=(), notices=(), synthetic=False),
    )
