"""The cast: which firms there are. The order of making is fixed, each firm has its own stream of chance."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from . import identity
from .dice import Dice
from .firm import AS_OF, Firm
from .life import grow, months_before
from .material import Business, City, Direction, businesses, cities, city, directions, stages

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = "67-2024"
PIPELINE, REGISTRY, PARKS = "pipeline", "registry", "parks"

_PER_DIRECTION = {"seed": 3, "early": 3, "demonstration": 3, "growth": 1, "registered": 2}
_EXTRA_MATURE = 18
_REGION = ("汕头市", "汕尾市", "潮州市", "揭阳市", "湛江市", "茂名市", "阳江市",
           "韶关市", "河源市", "梅州市", "清远市", "云浮市")


# Known double memberships: a firm of the first may also make something of the second.
_SECOND = {
    "二(二)4": "二(六)3", "二(六)3": "二(二)4", "二(六)1": "二(二)4", "二(五)3": "二(七)1", "二(一)4": "二(二)5",
    "二(二)3": "二(三)4", "二(四)1": "二(五)3", "二(一)2": "二(六)4", "二(二)2": "二(五)1", "二(七)3": "二(六)2",
}


def _direction(name: str) -> Direction:
    return next(direction for direction in directions() if direction.id == name)


class Cast:
    """Makes firms one after another and hands out what must be unique: stems, codes, ids."""

    def __init__(self) -> None:
        self.firms: list[Firm] = []
        mixed = Dice(f"{SEED}:stems")
        self._stems = mixed.some(identity.stems(), len(identity.stems()))
        self._counts = {PIPELINE: 0, PARKS: 0, REGISTRY: 0}
        self._codes: set[str] = set()
        self._region = 0

    def new(
        self, group: str, life: str, field: str, place: City, file: str, industry: list[str], established: dt.date,
        *, park: bool = False, form: str = "有限公司", code_kind: str = "91",
    ) -> Firm:
        """Make one firm with an identity and nothing else yet."""
        number = len(self.firms) + 1
        dice = Dice(f"{SEED}:firm:{number}")
        stem = self._stems[number]
        code = identity.credit_code(dice, code_kind, place.province_code)
        while code in self._codes:
            code = identity.credit_code(dice, code_kind, place.province_code)
        self._codes.add(code)
        self._counts[file] += 1
        key = {PIPELINE: f"YL{self._counts[file]:04d}", PARKS: f"YQ{self._counts[file]:03d}", REGISTRY: code}[file]
        district, address = identity.address(dice, place, park=park)
        firm = Firm(
            dice=dice, group=group, life=life, quality=dice.unit() ** 1.5, file=file, key=key,
            name=identity.company_name(dice, stem, field, place, form), uscc=code, city=place.name, district=district,
            address=address, established=established, industry=industry, province=place.province,
            brand=f"{identity.MARK}{stem}", company_type=identity.company_type(dice, form),
        )
        if dice.chance(0.07):
            firm.former_names = identity.company_name(dice, self._stems[-number], field, place, "有限公司")
        self.firms.append(firm)
        return firm

    def next_region_city(self) -> City:
        """The cities of the region in turn, so that none stays empty."""
        self._region += 1
        return city(_REGION[self._region % len(_REGION)])


def cast() -> list[Firm]:
    """Every firm of the sample, clean."""
    company = Cast()
    for place, direction in enumerate(directions()):
        for life, count in _PER_DIRECTION.items():
            # Energy is what the plan names for most cities, so there is more of it.
            more = direction.id.startswith("二(四)") and life in {"seed", "early", "demonstration"}
            for turn in range(count + more):
                _plan_firm(company, direction, life, place + turn)
    for turn in range(_EXTRA_MATURE):
        _plan_firm(company, directions()[turn * 5 % 29], "mature", turn)
    for business in businesses():
        for turn in range(business.made):
            _other_firm(company, business, turn)
    _kinds(company)
    return company.firms


def _home(dice: Dice, direction: Direction) -> City:
    """Six in ten where the plan names the direction, most of the rest in the two core cities."""
    if dice.chance(0.62):
        weights = [1 / (1 + place) ** 0.45 for place in range(len(direction.cities))]
        return city(dice.weighted(direction.cities, weights))
    if dice.chance(0.66):
        return city(dice.pick(["广州市", "深圳市"]))
    if dice.chance(0.08):
        return dice.pick([place for place in cities() if place.province != "广东省"])
    return dice.pick([place for place in cities() if place.province == "广东省"])


def _plan_firm(company: Cast, direction: Direction, life: str, turn: int) -> None:
    dice = Dice(f"{SEED}:plan:{direction.id}:{life}:{turn}")
    place = _home(dice, direction)
    if life == "registered":
        file = REGISTRY
        months = dice.whole(4, 170)
    else:
        low, high = stages()[life].months
        months = dice.whole(low, high)
        in_parks = bool(place.parks) and life in {"early", "demonstration", "growth"} and dice.chance(0.14)
        file = REGISTRY if life == "mature" and turn % 4 else PARKS if in_parks else PIPELINE
    established = months_before(AS_OF, months, dice.whole(1, 28))
    form = "股份有限公司" if life in {"growth", "mature"} and dice.chance(0.5) else "有限公司"
    firm = company.new("plan", life, dice.pick(direction.field), place, file, direction.industry, established,
                       park=dice.chance(0.5), form=form)
    firm.direction = direction.id
    if life == "demonstration":
        # Who got as far as pilots is better than the average of those who started.
        firm.quality **= 0.7
    made = firm.dice.some(direction.products, firm.dice.whole(2, 3))
    if direction.id in _SECOND and firm.dice.chance(0.3):
        made.append(firm.dice.pick(_direction(_SECOND[direction.id]).products))
    firm.scope = identity.direction_scope(firm.dice, direction, established, made)
    if life == "registered":
        _registered_capital(firm)
        firm.insured = firm.dice.whole(0, 60)
        return
    grow(firm, direction, made[0])
    if form == "有限公司":
        outside = any(row["holder_kind"] == "hong_kong_macao" for row in firm.rows["holders"])
        firm.company_type = f"有限责任公司({'港澳台投资、非独资' if outside else '自然人投资或控股'})"
    _registered_capital(firm)
    firm.products = "、".join(made)
    firm.description = _description(firm, direction)
    if file == REGISTRY:
        firm.products = firm.description = ""
    if life == "mature" and turn % 4 == 0:
        firm.listed = True
        firm.company_type = "股份有限公司(上市、自然人投资或控股)"
        firm.add("funding_rounds", round="IPO上市", announced_on=dt.date(2021, 3 + turn % 8, 12), amount="未披露",
                 institutional="是")
    if firm.dice.chance(0.16):
        firm.operating_address = identity.address(firm.dice, place, park=True)[1]


_TEAM = [
    "由产业工程师与科研人员共同创办", "由海外归国团队创办", "由行业龙头的研发骨干创办", "孵化自高水平实验室",
    "源自省级新型研发机构", "由装备企业内部创业团队分拆设立",
]
_LINES = {
    "seed": ["目前处于原理验证阶段,尚未形成销售。", "已完成概念验证样机,正在开展第三方检测。",
             "正在进行实验室样机迭代,尚无客户合同。", "关键指标已在实验室复现,正在寻找首个验证场景。"],
    "early": ["样机已交付首批客户试用,中试线正在建设。", "已完成小批量试制,正在打磨工艺。",
              "产品进入客户验证阶段,已形成少量收入。", "首批订单已交付,正在扩建中试车间。"],
    "demonstration": ["已进入试点阶段,计划三至五年内实现规模化量产。", "在多个应用场景开展试点示范,量产线按计划推进。",
                      "中试工艺定型,试点项目通过验收,正在筹建量产基地。"],
    "growth": ["产品批量供货,覆盖全国主要客户。", "产线稳定运行,市场份额居细分领域前列。"],
    "mature": ["产品批量供货,覆盖全国主要客户。", "产线稳定运行,市场份额居细分领域前列。"],
}
_APPLIED = {
    "二(二)1": "面向政务与文旅场景提供虚拟数字人讲解。", "二(六)2": "其数字空间底座已用于智慧城市治理场景。",
    "二(二)4": "与低空运营企业共同开展空地协同巡检。", "二(四)1": "为零碳园区提供绿色低碳的源网荷储方案。",
}


def _description(firm: Firm, direction: Direction) -> str:
    """What the firm says of itself; counts in it are those of its tables."""
    dice = firm.dice
    team, kinds = firm.rows["team"][0], {row["kind"] for row in firm.rows["milestones"]}
    origin = "由高校课题组成果转化而来" if "university_licence" in kinds else dice.pick(_TEAM)
    text = f"{firm.brand}{origin},{dice.pick(direction.stories)}。主要产品为{firm.products}。"
    if team["phd"] and dice.chance(0.4):
        text += f"团队{team['staff_total']}人,其中博士{team['phd']}人。"
    granted = sum(row["kind"] == "发明专利" and row["legal_status"] == "授权" for row in firm.rows["patents"])
    if granted > 1 and dice.chance(0.5):
        text += f"拥有授权发明专利{granted}件。"
    pilots = [row["title"] for row in firm.rows["milestones"] if row["kind"] == "pilot_contract"]
    if pilots and dice.chance(0.6):
        text += f"已承担{pilots[0].removesuffix('合同')}。"
    text += dice.pick(_LINES[firm.life])
    applied = direction.id in _APPLIED and firm.life in {"early", "demonstration"} and dice.chance(0.6)
    return text + (_APPLIED[direction.id] if applied else "")


def _registered_capital(firm: Firm) -> None:
    dice = firm.dice
    base = {"seed": (1e6, 5e6), "early": (3e6, 1.5e7), "demonstration": (1e7, 5e7), "growth": (3e7, 1.5e8),
            "mature": (1e8, 6e8)}.get(firm.life, (5e5, 1.2e7))
    raw = dice.between(*base)
    step = 1e7 if raw > 8e7 else 1e6 if raw > 5e6 else 1e5
    firm.capital = max(step, round(raw / step) * step)
    firm.paid_in = round(firm.capital * dice.pick([0.2, 0.4, 0.6, 0.8, 1.0, 1.0]))


def _anywhere(dice: Dice) -> City:
    return dice.weighted(cities(), [place.weight for place in cities()])


def _other_firm(company: Cast, business: Business, turn: int) -> None:
    dice = Dice(f"{SEED}:other:{business.group}:{business.scope[:12]}:{turn}")
    place = company.next_region_city() if dice.chance(0.3) else _anywhere(dice)
    months = dice.whole(3, 60) if business.group == "boilerplate" else dice.whole(8, 330)
    established = months_before(AS_OF, months, dice.whole(1, 28))
    file = REGISTRY
    if business.group in {"related", "trap", "prohibited"} and business.products:
        file = dice.weighted([REGISTRY, PARKS, PIPELINE], [0.45, 0.35 if place.parks else 0, 0.2])
    firm = company.new(business.group, "", dice.pick(business.field), place, file, business.industry, established,
                       park=file == PARKS)
    firm.scope = identity.other_scope(firm.dice, business.scope, established)
    firm.products = business.products
    firm.description = business.description
    if business.group == "boilerplate":
        firm.capital = firm.dice.pick([1e5, 5e5, 1e6, 5e6, 1e7, 5e7])
        firm.paid_in = 0.0 if firm.dice.chance(0.7) else None
    else:
        _registered_capital(firm)
    firm.insured = firm.dice.whole(0, 6) if business.group == "boilerplate" else firm.dice.whole(0, 180)
    firm.staff = (firm.insured or 1) + firm.dice.whole(0, 20)
    firm.listed = False
    if file != REGISTRY:
        _plain_accounts(firm)


def _plain_accounts(firm: Firm) -> None:
    """Accounts of an ordinary small firm: a margin, hardly any research."""
    dice = firm.dice
    sales = (firm.staff or 10) * dice.between(3e5, 9e5)
    for year in (2024, 2025):
        if firm.established.year >= year:
            continue
        revenue = round(sales * dice.between(0.9, 1.1))
        firm.add("financials", fiscal_year=year, revenue=revenue, main_revenue=round(revenue * 0.97),
                 rd_expense=round(revenue * dice.between(0.002, 0.03)), total_cost=round(revenue * 0.95),
                 net_profit=round(revenue * 0.04), total_assets=round(revenue * 0.8),
                 total_liabilities=round(revenue * 0.8 * dice.between(0.3, 0.7)), source_kind="self_reported",
                 observed_on=dt.date(year + 1, 5, dice.whole(1, 28)))


def _kinds(company: Cast) -> None:
    """Rows of a register that are no companies: branches, sole proprietors, partnerships and others."""
    for kind, code_kind, fields, form, life, scope, capital, amount in _kind_list():
        for turn in range(amount):
            dice = Dice(f"{SEED}:kind:{kind}:{turn}")
            place = _anywhere(dice)
            firm = company.new("kind", life, dice.pick(fields), place, REGISTRY, ["7590", "其他科技推广服务业"],
                               months_before(AS_OF, dice.whole(10, 200), dice.whole(1, 28)),
                               form=form.replace("?", place.short), code_kind=code_kind)
            firm.scope, firm.company_type = scope, kind
            firm.capital = firm.dice.pick(capital) if capital else None


_Kind = tuple[str, str, list[str], str, str, str, list[float], int]


def _kind_list() -> Iterator[_Kind]:
    """(type, first digits of the code, fields, form, life, scope, capitals, how many)."""
    yield ("有限责任公司分公司(非上市、自然人投资或控股)", "91", ["储能技术", "新能源", "动力电池"], "有限公司?分公司", "branch",
           "在隶属公司经营范围内从事储能系统、动力电池的联络与服务", [], 6)
    yield ("个体工商户", "92", ["百货", "通讯", "便利"], "商行", "sole",
           "零售：日用杂品、预包装食品；手机贴膜、手机维修", [1e4, 3e4, 5e4], 7)
    yield ("有限合伙企业", "91", ["科创", "未来产业", "智造"], "投资合伙企业（有限合伙）", "partnership",
           "以自有资金从事投资活动；创业投资（限投资未上市企业）；股权投资", [1e7, 3e7, 1e8], 4)
    yield ("农民专业合作社", "93", ["核桃", "油茶"], "种植专业合作社", "cooperative", "核桃、油茶的种植、收购与销售", [1e6], 2)
    yield ("民办非企业单位", "52", ["人工智能", "智能机器人"], "研究院", "institute",
           "开展具身智能、大模型领域的研究开发、成果转化与学术交流", [3e5, 1e6], 3)
    yield ("外国(地区)企业常驻代表机构", "91", ["电子"], "有限公司?代表处", "office",
           "从事与隶属外国企业有关的市场调查、联络活动", [], 1)
