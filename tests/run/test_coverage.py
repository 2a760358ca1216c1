"""The plan view: what the plan names against who is there, by counting; crowding by the pack's own measure; versions of the plan."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from click.testing import CliRunner

from screening.analysis.coverage import coverage_relations, named_places
from screening.analysis.plan_view import coverage, plan_changes
from screening.cli import group
from screening.quantity import Quantity
from screening.report import coverage_view, render_coverage
from screening.run.opened import opened
from screening.run.options import Options
from screening.run.screening import run
from tests.run.shared import PACK, companies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.analysis.rundata import RunData


@pytest.fixture(scope="module")
def data(sample_dir: Path) -> Iterator[RunData]:
    with opened(sample_dir) as run:
        yield run


@pytest.fixture(scope="module")
def relations(data: RunData) -> dict[str, pl.DataFrame]:
    return dict(coverage_relations(data))


def with_pack(data: RunData, **changed: Any) -> RunData:
    loaded = dataclasses.replace(data.parsed.loaded, pack=data.pack.model_copy(update=changed))
    return dataclasses.replace(data, parsed=dataclasses.replace(data.parsed, loaded=loaded))


def test_the_plan_names_71_sub_industries_126_pairs_with_the_twelve_cities(data: RunData) -> None:
    named = named_places(data.pack)
    assert Counter(named.values()) == {"city": 66, "region": 60}


def test_every_place_is_what_counting_the_ranking_gives(data: RunData, relations: dict[str, pl.DataFrame]) -> None:
    rows = data.connection.execute(
        "SELECT domain_id, CASE WHEN direction_basis = 'told' THEN direction_id END, city, outcome, rank FROM ranking "
        "WHERE fit_grade IN ('core', 'related') AND domain_id IS NOT NULL"
    ).fetchall()
    cities = set(data.pack.places.cities) if data.pack.places else set()
    placed = [(d, x, c if c in cities else None, o, r) for d, x, c, o, r in rows]
    counted = {
        "companies": Counter(p[:3] for p in placed),
        "ranked": Counter(p[:3] for p in placed if p[4] is not None),
        "shortlisted": Counter(p[:3] for p in placed if p[3] == "shortlisted"),
    }
    named = named_places(data.pack)
    for row in relations["plan_places"].iter_rows(named=True):
        place = (row["domain_id"], row["direction_id"], row["city"])
        assert {k: row[k] for k in counted} == {k: n[place] for k, n in counted.items()}
        assert row["named"] == named.get(place)
        filled = counted["companies"][place] > 0
        assert row["state"] == ("filled" if place not in named else "named_filled" if filled else "named_empty")
    places = set(relations["plan_places"].select("domain_id", "direction_id", "city").iter_rows())
    assert set(named) <= places
    assert relations["plan_places"]["companies"].sum() == relations["plan_stages"]["companies"].sum() == len(placed)


@pytest.mark.parametrize(
    ("least", "part", "of_all", "holdings"),
    [(10, 0.25, 0.01, 3), (2, 0.5, 0.0, None), (3, 0.0, 0.02, 2), (500, 0, 0, None)],
)
def test_crowded_is_what_the_pack_says_and_nothing_else(
    data: RunData, least: int, part: float, of_all: float, holdings: int | None
) -> None:
    assert data.pack.crowding is not None
    stated = data.pack.crowding.model_copy(
        update={
            "at_least": least,
            "share": Quantity(part, "ratio"),
            "of_all": Quantity(of_all, "ratio"),
            "holdings": holdings,
        }
    )
    frame = dict(coverage_relations(with_pack(data, crowding=stated)))["plan_places"]
    rows = frame.to_dicts()
    everyone = sum(r["together"] for r in rows)
    for row in rows:
        own = sum(
            r["together"]
            for r in rows
            if (r["domain_id"], r["direction_id"]) == (row["domain_id"], row["direction_id"])
        )
        told = row["direction_id"] is not None and row["city"] is not None
        many = row["together"] >= least and row["together"] >= part * own and row["together"] >= of_all * everyone
        held = holdings is not None and row["held"] >= holdings
        expected = "holdings" if told and held else "candidates" if told and many else None
        assert row["crowded"] == expected


def test_a_pack_without_a_measure_calls_nothing_crowded(data: RunData) -> None:
    silent = with_pack(data, crowding=None)
    assert dict(coverage_relations(silent))["plan_places"]["crowded"].null_count() == len(
        dict(coverage_relations(silent))["plan_places"]
    )


def test_the_run_wrote_what_is_worked_out_here(data: RunData, relations: dict[str, pl.DataFrame]) -> None:
    for name, frame in relations.items():
        assert frame.equals(pl.read_parquet(data.folder / "result" / f"{name}.parquet")), name


def test_no_target_is_measured_that_the_pack_gives_no_indicator(data: RunData) -> None:
    found = coverage(data)
    told = {t.id: (t.indicator is not None, t.met) for t in found.targets}
    assert list(told) == list(data.pack.targets)
    assert [i for i, (has, _) in told.items() if has] == ["ecosystem_leaders_2027"]
    assert all(met is None for has, met in told.values() if not has)
    text = "\n".join(" ".join(row) for part in coverage_view(found, "zh").parts for row in part.rows)
    assert text.count("尚无指标") == 5


COMBO = """
combos:
  both:
    label: {zh: 两者, en: Both}
    set_by: fund
    directions: [甲1]
    applications: [数字人, CIM]
    masks: [数字人民币]
crowding: {at_least: 2, share: 50%, of_all: 1%, set_by: fund}
"""


def test_a_combination_needs_the_word_itself_not_a_word_that_holds_it(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "pack.yaml").write_text((Path(PACK) / "pack.yaml").read_text(encoding="utf-8") + COMBO, encoding="utf-8")
    table = companies(
        tmp_path / "t.csv",
        ("样例甲数字人科技有限公司", "脑机接口设备研发;虚拟数字人制作", "60"),
        ("样例乙支付科技有限公司", "脑机接口设备研发;数字人民币受理", "60"),
        ("样例丙平台科技有限公司", "脑机接口设备研发;ＣＩＭ平台开发", "60"),
        ("样例丁器件科技有限公司", "脑机接口设备研发;scimitar器件", "60"),
        ("样例戊餐饮有限公司", "餐饮服务;数字人展示", "60"),
    )
    done = run(Options(rules=str(pack), data=table, out=tmp_path / "out", dossiers="none"))
    frame = pl.read_parquet(done.run_dir / "result" / "plan_combos.parquet")
    ranking = pl.read_parquet(done.run_dir / "result" / "ranking.parquet").select("company_id", "name")
    found = dict(frame.join(ranking, on="company_id").select("name", "what").iter_rows())
    assert found == {"样例甲数字人科技有限公司": "数字人", "样例丙平台科技有限公司": "CIM"}


def test_another_version_of_the_plan_is_told_by_what_it_says_otherwise(data: RunData) -> None:
    before = data.pack
    assert before.places is not None
    domains = dict(before.domains)
    first = domains["二(一)"]
    kept = {k: v for k, v in first.directions.items() if k != "二(一)1"}
    kept["二(一)9"] = first.directions["二(一)1"].model_copy(update={"label": first.label})
    domains["二(一)"] = first.model_copy(update={"directions": kept})
    entries = dict(before.places.entries)
    city = entries["四·肇庆市"]
    entries["四·肇庆市"] = city.model_copy(update={"sub_industries": ()})
    after = before.model_copy(
        update={"domains": domains, "places": before.places.model_copy(update={"entries": entries})}
    )
    found = coverage(data, after)
    assert [(c.kind, c.before, c.after) for c in found.changes] == [
        ("direction_removed", "二(一)1", ""),
        ("direction_added", "", "二(一)9"),
        ("named_removed", "city", ""),
    ]
    assert found.changes[0].companies == sum(p.companies for p in found.places if p.direction.zh == "高速全光通信")
    assert list(plan_changes(before, before, [])) == []
    back = list(plan_changes(after, before, []))
    assert {c.kind for c in back} == {"direction_removed", "direction_added", "named_added"}


def test_the_command_prints_and_writes_in_both_languages(sample_dir: Path, tmp_path: Path) -> None:
    page = tmp_path / "plan.html"
    call = ["coverage", "--run", str(sample_dir), "--html", str(page), "--lang", "en", "--against", "guangdong-2024"]
    done = CliRunner().invoke(group, call)
    assert done.exit_code == 0, done.output
    assert "126 pairs of city and sub-industry are named" in done.output
    assert "are as in guangdong-2024" in done.output
    assert "Named and empty" in page.read_text(encoding="utf-8")
    told = CliRunner().invoke(group, ["coverage", "--run", str(sample_dir), "--json"])
    assert len(json.loads(told.stdout)["targets"]) == 6


def test_the_page_holds_nothing_that_runs_from_a_name(data: RunData) -> None:
    found = coverage(data)
    combo = found.combos[0]
    nasty = dataclasses.replace(combo.companies[0], name="<script>alert(1)</script>")
    changed = dataclasses.replace(found, combos=(dataclasses.replace(combo, companies=(nasty,)), *found.combos[1:]))
    assert "<script>alert" not in render_coverage(changed, "zh")


def test_cities_with_the_same_blanks_and_nobody_share_a_row(data: RunData) -> None:
    found = coverage(data)

    def table(places: list[Any]) -> list[tuple[str, ...]]:
        view = coverage_view(dataclasses.replace(found, places=tuple(places)), "zh")
        return [*next(part for part in view.parts if part.id == "named").rows]

    cities = {x.city.zh for x in found.places if x.named}
    nobody = table([dataclasses.replace(x, companies=0) for x in found.places])
    assert len(nobody) < len(cities)
    assert len({empty for _, empty, _ in nobody}) == len(nobody)
    assert sorted(c for row in nobody for c in row[0].split("、")) == sorted(cities)
    everywhere = table([dataclasses.replace(x, companies=1) for x in found.places])
    assert len(everywhere) == len(cities)


def test_a_company_that_is_nobody_is_told_with_the_run_that_was_asked(sample_dir: Path) -> None:
    told = CliRunner().invoke(group, ["explain", "样例无此公司", "--run", str(sample_dir)])
    assert told.exit_code == 1
    assert f"{sample_dir.name} (guangdong-2024)" in told.output
    assert "--run" in told.output


@pytest.mark.parametrize(("lang", "word"), [("zh", "相关词"), ("en", "related")])
def test_terms_are_told_in_the_words_of_the_pages(sample_dir: Path, lang: str, word: str) -> None:
    told = CliRunner().invoke(group, ["terms", "机器人", "--run", str(sample_dir), "--lang", lang])
    assert word in told.output
    assert lang == "en" or "related" not in told.output


def test_how_the_plan_speaks_and_who_carries_it_is_told(data: RunData) -> None:
    parts = {part.id: {row[0]: row[1:] for row in part.rows} for part in coverage_view(coverage(data), "zh").parts}
    verb, listed, directions = parts["wording"]["通用智能"]
    assert (verb, listed) == ("加快…技术突破和产业化", "清单开放")
    assert directions.endswith("智能无人系统、类脑智能（前瞻布局）"), "a direction's own verb"
    assert parts["wording"]["未来网络"][1] == "清单封闭"
    assert parts["wording"]["未来网络"][2].endswith("光计算与可见光通信（光计算、可见光通信）"), "the single directions"
    assert parts["wording"]["未来空间"][2].startswith("深海空间、网络空间、"), "the name to be shown"
    form, carriers, listed, otherwise = parts["entries"]["四·惠州市"]
    assert (form, listed) == ("以…为核心载体", "清单封闭")
    assert carriers == "大亚湾开发区、仲恺高新区、惠州新材料产业园"
    assert otherwise == "碳捕集利用与封存，即碳捕集利用与封存(CCUS)"
    assert parts["entries"]["四·深圳市"][3] == "通用智能终端，即未来智能终端"
    assert parts["entries"]["四·粤东粤西粤北"][:3] == ("—", "—", "—"), "no carriers: no list that could be open"


def test_the_document_is_named_with_its_days_and_what_is_left_out_of_its_text(data: RunData) -> None:
    told = {label: value for label, value, _ in coverage_view(coverage(data), "en").page.colophon}["Authority"]
    assert told.startswith("粤府〔2024〕67号 (issued 2024-09-14, published 2024-10-08); ")
    assert "abridged" in told
