"""The plan's pack holds the whole plan: as many clauses, directions, cities and measures as the document has."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from screening.rulebook.loader import load_pack
from screening.rulebook.parsing import parse_pack

if TYPE_CHECKING:
    from screening.rulebook.model import RulePack

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "rules" / "guangdong-2024"
PLAN = ROOT.parent / "shared" / "plan" / "000_ebbd9f123b60cc4b.txt"
TRACKS = ("seed", "early", "demonstration", "other")


@pytest.fixture(scope="module")
def pack() -> RulePack:
    return load_pack(PACK).pack


@pytest.fixture(scope="module")
def lines() -> list[str]:
    if not PLAN.is_file():
        pytest.skip("the plan's text is not beside the project")
    return [line.replace("\xa0", " ").strip() for line in PLAN.read_text(encoding="utf-8").split("\n")]


# --- domains and directions ------------------------------------------------------------------------------------------


def test_seven_domains_with_29_directions_of_which_three_are_compounds(pack: RulePack) -> None:
    assert [d.label.zh for d in pack.domains.values()] == [
        "未来网络",
        "通用智能",
        "生命与健康",
        "低碳能源",
        "先进材料",
        "未来空间",
        "量子科技",
    ]
    assert [len(d.directions) for d in pack.domains.values()] == [4, 5, 5, 4, 4, 4, 3]
    assert sum(len(d.atomic) or 1 for _, _, d in pack.directions()) == 32


def test_only_future_networks_is_a_closed_list(pack: RulePack) -> None:
    closed = [i for i, d in pack.domains.items() if d.closed_list]
    assert closed == ["二(一)"]
    assert sum(len(d.directions) for i, d in pack.domains.items() if i not in closed) == 25


def test_five_directions_have_another_name_in_the_city_entries(pack: RulePack) -> None:
    assert {d.label.zh: d.aliases for _, _, d in pack.directions() if d.aliases} == {
        "未来智能终端": ("通用智能终端",),
        "深海": ("深海空间",),
        "网络": ("网络空间",),
        "先进金属": ("先进金属材料",),
        "碳捕集利用与封存(CCUS)": ("碳捕集利用与封存",),
    }


def test_direction_ids_are_the_plans_own_numbers(pack: RulePack) -> None:
    for domain_id, domain in pack.domains.items():
        assert list(domain.directions) == [f"{domain_id}{n}" for n in range(1, len(domain.directions) + 1)]


def test_brain_like_intelligence_is_to_be_prepared_the_others_to_be_sped_up(pack: RulePack) -> None:
    assert [d.label.zh for _, _, d in pack.directions() if d.verb_class == "前瞻布局"] == ["类脑智能"]


# --- places ----------------------------------------------------------------------------------------------------------


def test_nine_city_entries_and_the_region_cover_the_21_cities_once_each(pack: RulePack) -> None:
    assert pack.places is not None
    entries = pack.places.entries
    assert [len(e.cities) for e in entries.values()] == [0] * 9 + [12]
    covered = [c for i, e in entries.items() for c in (e.cities or (i.removeprefix("四·"),))]
    assert sorted(covered) == sorted(pack.places.cities)
    assert len(pack.places.cities) == 21


def test_45_pairs_of_place_and_domain_of_which_two_are_the_regions(pack: RulePack) -> None:
    assert pack.places is not None
    counts = [len(e.domains) for e in pack.places.entries.values()]
    assert (sum(counts), counts[-1]) == (45, 2)


def test_71_sub_industries_in_27_wordings_and_14_entries_under_another_name(pack: RulePack) -> None:
    assert pack.places is not None
    entries = [s for e in pack.places.entries.values() for s in e.sub_industries]
    assert len(entries) == 71
    assert len(pack.places.entries["四·粤东粤西粤北"].sub_industries) == 5
    assert len({s.name for s in entries}) == 27
    assert len({s.direction for s in entries}) == 25
    assert Counter(s.name for s in entries if s.mapping == "alias") == {
        "深海空间": 6,
        "网络空间": 4,
        "碳捕集利用与封存": 2,
        "通用智能终端": 1,
        "先进金属材料": 1,
    }


def test_each_sub_industry_means_the_direction_of_that_name_and_lies_in_a_domain_of_its_city(pack: RulePack) -> None:
    assert pack.places is not None
    directions = {i: (domain_id, d) for domain_id, i, d in pack.directions()}
    for entry in pack.places.entries.values():
        for item in entry.sub_industries:
            domain_id, direction = directions[item.direction]
            assert domain_id in entry.domains
            known = {"exact": (direction.label.zh,), "alias": direction.aliases}[item.mapping]
            assert item.name in known


def test_four_directions_are_named_by_no_city(pack: RulePack) -> None:
    assert pack.places is not None
    named = {s.direction for e in pack.places.entries.values() for s in e.sub_industries}
    assert [d.label.zh for _, i, d in pack.directions() if i not in named] == [
        "高速全光通信",
        "类脑智能",
        "商业航天",
        "量子通信",
    ]


def test_31_carriers_and_only_huizhou_and_zhongshan_close_their_lists(pack: RulePack) -> None:
    assert pack.places is not None
    entries = pack.places.entries
    assert [len(e.carriers) for e in entries.values()] == [5, 4, 2, 5, 3, 3, 3, 2, 4, 0]
    assert [i for i, e in entries.items() if e.carriers_open is False] == ["四·惠州市", "四·中山市"]
    assert entries["四·粤东粤西粤北"].carriers_open is None
    assert all(e.domains_open and e.sub_industries_open for e in entries.values())


@pytest.mark.parametrize(
    ("zone", "city"),
    [
        ("深汕特别合作区", "深圳市"),
        ("横琴新区", "珠海市"),
        ("大亚湾", "惠州市"),
        ("仲恺", "惠州市"),
        ("松山湖", "东莞市"),
        ("顺德区", "佛山市"),
        ("南海区", "佛山市"),
        ("前海深港合作区", "深圳市"),
        ("南沙区", "广州市"),
        ("翠亨新区", "中山市"),
    ],
)
def test_zones_belong_to_the_city_that_runs_them(pack: RulePack, zone: str, city: str) -> None:
    assert pack.places is not None
    assert [name for name, c in pack.places.cities.items() if zone in (*c.districts, *c.aliases)] == [city]


def test_no_district_name_stands_in_two_cities(pack: RulePack) -> None:
    assert pack.places is not None
    names = Counter(d for c in pack.places.cities.values() for d in c.districts)
    assert [n for n, count in names.items() if count > 1] == []


# --- programmes, measures, targets -----------------------------------------------------------------------------------


def test_seven_programmes_with_twenty_actions(pack: RulePack) -> None:
    programmes = Counter(a.programme.zh for a in pack.actions.values())
    assert list(programmes.values()) == [4, 3, 2, 3, 3, 3, 2]
    assert len(pack.actions) == 20


def test_departments_are_the_words_in_brackets_at_the_end_of_the_action(pack: RulePack, lines: list[str]) -> None:
    for action_id, action in pack.actions.items():
        line = pack.clauses[action_id].line
        assert line is not None
        assert lines[line - 1].endswith(f"({action.departments})")


def test_a_measure_names_the_departments_of_its_clause(pack: RulePack, lines: list[str]) -> None:
    for measure in pack.measures.values():
        assert measure.source is not None
        line = pack.clauses[measure.source.clause].line
        assert line is not None
        assert re.search(r"\(([^()]*负责)", lines[line - 1])[1] == measure.departments.split(",以下")[0]  # type: ignore[index]


INSTRUMENTS = (
    "支持天使投资发展",
    "天使投资、创业引导、产业引导等基金的引导撬动",
    "按一定比例或全额让渡给社会资本出资方",
    "“耐心资本”",
    "“捐赠+投资”结合试点",
    "再贷款、再贴现",
    "首贷",
    "信用贷款",
    "知识产权质押贷款",
    "融资担保服务",
    "科技保险、专利保险",
    "区域性股权市场",
    "上市、挂牌",
    "“产学研招投”协同创新平台",
    "天使投资专业化服务平台",
    "公共信用信息归集、整合、共享",
    "政府采购支持首台(套)",
    "首购、订购",
    "场景机会清单",
    "供需对接与路演",
    "粤港澳大湾区场景创新中心",
    "应用标杆示范打造计划",
    "应用综合示范区域",
    "概念验证中心",
    "中试熟化与产业化基地",
    "孵化载体",
    "华南(广州)技术转移中心",
    "优质企业梯度培育计划",
    "省市联动加强对未来产业中小企业的政策支持与服务",
    "前沿技术和颠覆性技术研发专项",
    "省自然科学基金",
    "全国重点实验室",
    "行业训练数据资源库",
    "标注平台",
    "算力调度平台",
    "散裂中子源",
    "高等级生物安全实验室",
    "职务科技成果单列管理",
    "“沙盒监管”",
    "建立免责制度",
    "向港澳开放",
    "重大人才工程",
    "卓越青年团队项目",
    "“创投学院”",
)


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_every_instrument_of_the_plan_is_a_measure(pack: RulePack, instrument: str) -> None:
    assert any(m.source is not None and instrument in m.source.quote for m in pack.measures.values())


def test_a_measure_is_worth_a_look_and_never_an_entitlement(pack: RulePack) -> None:
    for measure in pack.measures.values():
        assert re.match(r"(可关注|须关注|供参考)", measure.label.zh)
        said = f"{measure.label.zh}{measure.note.zh if measure.note else ''}"
        assert not re.search(r"享受|有权|符合条件即可|应当给予", said)


def test_six_targets_of_2027_two_of_them_soft(pack: RulePack) -> None:
    assert [(t.value, t.relation) for t in pack.targets.values()] == [
        (3, "about"),
        (20, "at_least"),
        (5, "at_least"),
        (50, "at_least"),
        (10, "at_least"),
        (5, "about"),
    ]
    assert {t.year for t in pack.targets.values()} == {2027}


def test_four_combinations_of_which_one_joins_two_directions(pack: RulePack) -> None:
    assert [c.label.zh for c in pack.combos.values()] == [
        "大模型+虚拟数字人",
        "数字空间+智慧城市",
        "智能无人系统+低空经济",
        "新型储能+绿色低碳",
    ]
    assert [i for i, c in pack.combos.items() if c.with_directions] == ["unmanned_and_low_altitude"]


def test_the_clauses_on_adjustment_monitoring_and_stampede_are_answered(pack: RulePack) -> None:
    quotes = {s.source.clause: s.source.quote for s in pack.safeguards.values() if s.source}
    assert "动态调整" in quotes["二·总"]
    assert "避免一哄而上" in quotes["五(一)"]
    assert {"五(一)", "五(二)", "五(三)", "五(四)", "一(二)3"} <= set(quotes)


def test_clauses_have_unique_aliases_and_rules_point_only_at_them(pack: RulePack) -> None:
    aliases = [c.alias for c in pack.clauses.values()]
    assert len(set(aliases)) == len(aliases) == 55
    assert pack.clauses["三(四)2"].alias == "3.4.2"


# --- scoring as the committee agreed it ------------------------------------------------------------------------------


@pytest.mark.parametrize("track", TRACKS)
def test_weights_of_each_track_add_up_to_a_hundred_and_pillars_to_their_criteria(pack: RulePack, track: str) -> None:
    def of(weight: float | dict[str, float] | None) -> float | None:
        return weight[track] if isinstance(weight, dict) else weight

    for half in pack.criteria.values():
        assert sum(of(p.weight) or 0 for p in half.pillars.values()) == 100
    for pillar in pack.criteria["merit"].pillars.values():
        assert sum(of(c.weight) or 0 for c in pillar.criteria.values()) == of(pillar.weight)


def test_merit_by_track_starts_where_the_design_says(pack: RulePack) -> None:
    table = {
        pillar_id: tuple(p.weight[t] for t in TRACKS[:3])  # type: ignore[index]
        for pillar_id, p in pack.criteria["merit"].pillars.items()
    }
    assert table == {
        "team": (35, 25, 10),
        "technology_ip": (35, 25, 20),
        "rd": (15, 15, 5),
        "market": (5, 20, 30),
        "finances": (10, 15, 15),
        "path_to_scale": (0, 0, 20),
    }


NEVER_SCORED = {
    "registered_capital",
    "paid_in_capital",
    "company_type",
    "government_grants",
    "holder_kind",
    "address",
    "legal_form",
    "registered_capital_kind",
    "amount_asked",
}


def test_nothing_that_must_not_count_stands_behind_a_criterion(pack: RulePack) -> None:
    words = re.compile(r"[a-z_][a-z_0-9]*")
    seen: set[str] = set()
    waiting = [
        word
        for _, _, _, criterion in pack.criteria_of()
        for word in words.findall(criterion.score.model_dump_json() + (criterion.applies_when or ""))
    ]
    while waiting:
        word = waiting.pop()
        if word in seen:
            continue
        seen.add(word)
        if word in pack.facts:
            fact = pack.facts[word]
            if fact.table == "holders":
                # A university among the holders only decides whether its licence must be settled.
                assert word == "university_holder"
                continue
            waiting.extend(words.findall(f"{fact.expr or ''} {fact.of or ''} {fact.where or ''}"))
    assert seen & NEVER_SCORED == set()


def test_patents_count_only_when_granted_own_and_in_the_direction(pack: RulePack) -> None:
    where = pack.facts["own_class_one_ip"].where or ""
    for condition in ("legal_status = 'granted'", "origin = 'own'", "in_direction"):
        assert condition in where


def test_every_number_the_plan_lacks_says_whose_it_is(pack: RulePack) -> None:
    others = {i for i, p in pack.parameters.items() if not p.set_by}
    dated = {i for i in others if not pack.parameters[i].source}
    assert all(value.source for i in dated for value in pack.parameters[i].values)
    plan = {i for i in others - dated if (source := pack.parameters[i].source) and not source.document}
    assert plan == {"scale_up_horizon_min", "scale_up_horizon_max"}


@pytest.mark.parametrize(
    ("day", "staff", "money"),
    [("2018-06-30", 200, 3e7), ("2019-01-01", 300, 5e7), ("2026-06-30", 300, 5e7), ("2010-01-01", 200, 3e7)],
)
def test_the_size_of_a_start_up_follows_the_date_of_the_data(day: str, staff: float, money: float) -> None:
    numbers = parse_pack(load_pack(PACK), datetime.date.fromisoformat(day)).numbers
    assert numbers["startup_staff_limit"].value == staff
    assert numbers["startup_assets_limit"].value == numbers["startup_revenue_limit"].value == money


@pytest.mark.parametrize("folder", ["guangdong-2024", "funds/zhuhai-seed-2025"])
def test_every_expression_reads_with_its_names_types_and_units(folder: str) -> None:
    parsed = parse_pack(load_pack(ROOT / "rules" / folder), datetime.date(2026, 6, 30))
    assert [(p.position, p.message) for p in parsed.problems] == []


def test_every_fact_behind_a_reject_gate_or_a_criterion_has_a_question(pack: RulePack) -> None:
    words = re.compile(r"[a-z_][a-z_0-9]*")
    texts = [g.fails_when for g in pack.gates.values() if g.effect == "reject"]
    texts += [c.score.model_dump_json() for _, _, _, c in pack.criteria_of()]
    used = {w for text in texts for w in words.findall(text)} & set(pack.facts)
    assert [f for f in sorted(used) if pack.facts[f].question is None] == []


def test_the_example_fund_changes_only_what_it_says() -> None:
    plan = load_pack(PACK).pack
    fund = load_pack(ROOT / "rules" / "funds" / "zhuhai-seed-2025").pack
    assert set(fund.gates) - set(plan.gates) == {
        "valuation_over_fund_cap",
        "ask_above_ticket",
        "ask_below_ticket",
        "stage_outside_mandate",
    }
    assert fund.parameters["home_city"].text == "珠海市"
    assert fund.domains == plan.domains
    assert fund.measures == plan.measures
    assert fund.verdict.weights == {"fit": 0.3, "merit": 0.7}
    for track in TRACKS:
        for pillar in fund.criteria["merit"].pillars.values():
            assert isinstance(pillar.weight, dict)
            assert sum(c.weight[track] for c in pillar.criteria.values()) == pillar.weight[track]  # type: ignore[index]
