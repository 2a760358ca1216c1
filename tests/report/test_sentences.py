"""Sentences that a committee can rely on: each says only what holds for this company and this run."""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
from decimal import Decimal
from typing import Any

import jsonschema
import pytest

from screening.report import findings, render_dossier, render_overview, sentences
from screening.report.printer import printer
from screening.report.wording import LANGS, Lang
from screening.result.company import FactResult, GateResult, GateTally, OutcomeReason, as_json, record_schema
from screening.result.overview import SetAside, StaleSource
from screening.result.records import NO_BAND, Text
from tests.report import fictional

D = Decimal
GATE = GateResult(
    id="dishonest",
    label=Text("失信被执行人", "Dishonest debtor"),
    effect="reject",
    on_unknown="review",
    status="unknown",
    reason="stale",
    message=Text("是失信被执行人。", "It is a dishonest debtor."),
    remedy=Text("请先移出名单。", "Have it removed from the list first."),
    searched_on=datetime.date(2026, 6, 15),
    valid_for=D(90),
    valid_for_unit="days",
    stale=(Text("风险事件", "Risk events"),),
)


def review(gate: GateResult) -> Any:
    return dataclasses.replace(
        fictional.dossier(), outcome="review", gates=(gate,), reasons=(OutcomeReason("unknown", gate.id, gate.label),)
    )


class TestAGateThatNobodyCouldDecide:
    @pytest.mark.parametrize("lang", LANGS)
    def test_never_speaks_as_one_that_failed(self, lang: Lang) -> None:
        record, p = review(GATE), printer(lang)
        page = render_dossier(record, lang)
        for said in (sentences.verdict(record, p), page):
            assert GATE.message.text(lang) not in said
            assert GATE.remedy is not None and GATE.remedy.text(lang) not in said

    def test_stale_names_the_source_the_day_and_the_length(self) -> None:
        said = printer("zh").undecided(GATE)
        assert said == "未能核实：风险事件检索于 2026-06-15，已超过 90 天有效期"
        assert "2026-06-15" in printer("en").undecided(GATE) and "90 days" in printer("en").undecided(GATE)

    @pytest.mark.parametrize(
        ("reason", "word"), [("not_disclosed", "未披露"), ("conflict", "来源相互矛盾"), ("unparsable", "无法识别")]
    )
    def test_names_the_fact_and_why_it_is_missing(self, reason: str, word: str) -> None:
        fact = FactResult("listed", Text("是否上市"), "boolean", "none", None, reason)
        gate = dataclasses.replace(GATE, reason=reason, stale=(), datum=(fact,))
        assert printer("zh").undecided(gate) == f"未能核实：是否上市（{word}）"

    def test_not_run_is_not_unknown(self) -> None:
        fact = FactResult("listed", Text("是否上市"), "boolean", "none", None, "not_collected")
        gate = dataclasses.replace(GATE, status="not_run", reason="not_collected", stale=(), datum=(fact,))
        assert printer("zh").undecided(gate) == "未执行：是否上市（数据未采集）"


class TestAllPassed:
    def said(self, **tally: int) -> str:
        record = dataclasses.replace(fictional.dossier(), outcome="shortlisted", rejecting=GateTally(**tally))
        return sentences.gates_passed(record, printer("zh"))

    def test_is_said_only_where_each_passed(self) -> None:
        assert self.said(passed=11, not_applicable=2) == "否决类门槛 11 道全部通过。"

    def test_otherwise_counts_what_could_not_be_told(self) -> None:
        assert self.said(passed=9, unknown=1, not_run=2) == (
            "否决类门槛通过 9 道（共 12 道）、未能核实 1 道、未执行 2 道。"
        )

    def test_no_gate_at_all_passes_nothing(self) -> None:
        assert self.said() == ""

    def test_the_overview_follows(self) -> None:
        overview = fictional.overview(count=40)
        for sure, there in ((False, "并非全部可以核实"), (True, "通过全部适用的否决门槛")):
            text = render_overview(dataclasses.replace(overview, gates_sure=sure), "zh")
            assert there in text


class TestProvisional:
    def test_names_the_tiers_still_possible(self) -> None:
        record = dataclasses.replace(
            fictional.dossier(), outcome="shortlisted", provisional=True, tiers_possible=(Text("A"), Text("B"))
        )
        assert sentences.provisional(record, printer("zh")) == "暂列：入围或等级取决于缺失的资料，等级可能为 A、B。"
        assert "暂列" in render_dossier(record, "zh")
        one = dataclasses.replace(record, tiers_possible=())
        assert sentences.provisional(one, printer("zh")) == "暂列：是否入围取决于缺失的资料。"

    def test_a_certain_place_has_no_mark(self) -> None:
        assert sentences.provisional(dataclasses.replace(fictional.dossier(), provisional=False), printer("zh")) == ""


def test_equal_totals_say_that_they_share_the_rank() -> None:
    record = dataclasses.replace(fictional.dossier(), rank=3, ranked=40, sharing=4)
    assert sentences.rank(record, printer("zh")) == "并列第 3 位（4 家同分），共 40 家"


def test_what_only_stands_in_for_no_record_is_no_fact() -> None:
    fact = FactResult("plan", Text("距量产月数"), "decimal", "months", D(600), low=D(600), high=D(600), assumed=True)
    assert (printer("zh").fact(fact), printer("zh").fact_bounds(fact)) == ("没有记录", "")
    page = render_dossier(dataclasses.replace(fictional.dossier(), facts=(fact,)), "zh")
    assert "600" not in page.split('id="facts"')[1].split("</section>")[0]


class TestDataProblemsComeFirst:
    def test_a_stale_source_that_empties_the_short_list(self) -> None:
        stale = StaleSource(Text("风险事件"), datetime.date(2026, 3, 1), D(90), "days", (Text("失信"),), 40)
        overview = dataclasses.replace(
            fictional.overview(count=5, merit=False),
            stale=(stale,),
            set_aside=(SetAside("patents", Text("专利"), "no_company", 3),),
        )
        overview = dataclasses.replace(overview, outcomes=tuple(c for c in overview.outcomes if c.id != "shortlisted"))
        first = findings.alerts(overview, printer("zh"))[0]
        assert first.grave == "red"
        assert first.text == (
            "风险事件检索于 2026-03-01，已超过 90 天有效期：1 道门槛未能核实，40 家因此转人工复核。入围名单因此为空；重新检索后再运行。"
        )
        page = render_overview(overview, "zh")
        assert page.index(first.text) < page.index('class="lead"')

    def test_rows_of_every_table_are_counted_and_the_risks_stand_first_in_red(self) -> None:
        rows = (
            SetAside("risk_events", Text("风险事件"), "no_company", 2),
            SetAside("companies", Text("企业"), "duplicate", 15),
            SetAside("patents", Text("专利"), "no_company", 3),
        )
        overview = dataclasses.replace(fictional.overview(count=5), set_aside=rows, stale=())
        found = [a for a in findings.alerts(overview, printer("zh")) if "搁置" in a.text]
        assert [a.grave for a in found] == ["red", "warn"]
        assert "风险事件有 2 行被搁置（找不到所属企业 2）" in found[0].text
        assert "企业 15 行（重复企业 15）；专利 3 行（找不到所属企业 3）" in found[1].text


def test_a_pack_of_another_entity_has_no_words_of_the_plan() -> None:
    """A fund pack with one total: no companies, no two halves, no directions, no plan."""
    overview = fictional.overview(count=8)
    run = dataclasses.replace(
        overview.run, entity=Text("基金", "fund"), authority=None, pack_label=Text("基金绩效", "Funds"), manifest={}
    )
    verdict = dataclasses.replace(overview.verdict, weights=overview.verdict.weights[1:], tiers=None, limits=())
    other = dataclasses.replace(
        overview, run=run, verdict=verdict, domains=(), cities=overview.cities[-1:], places=(), clauses=(), targets=(), holdings=None,
        rules=(), gates=(), tier_cells={}, domain_counts=(), title=Text("达标基金", "Funds"), waiting=(), near=(), stopped=(),
        quality=dataclasses.replace(overview.quality, tables=(), columns=(), conflicts=(), branches=0),
    )  # fmt: skip
    text = render_overview(other, "zh").split("<main", 1)[1].split("</main>")[0]
    body = re.sub(r"<tbody>.*?</tbody>|<script.*?</script>", "", text.replace("企业质量", ""), flags=re.DOTALL)
    for word in ("企业", "方案", "两半", "两项底线", "一哄而上"):
        assert word not in body, word
    assert "基金" in body


class TestTheRecordAsData:
    @pytest.mark.parametrize(
        "record", [fictional.dossier(), fictional.empty_dossier(), fictional.dossier(fictional.HOSTILE)]
    )
    def test_is_json_that_its_schema_describes(self, record: Any) -> None:
        data = json.loads(json.dumps(as_json(record), allow_nan=False))
        jsonschema.validate(data, record_schema())
        assert data["score"]["value"] in (None, str(record.score.value))


def test_a_pack_of_gates_alone_has_no_score_rank_by_points_direction_or_grade() -> None:
    run = dataclasses.replace(fictional.run(), scores=False, classifies=False)
    weightless = dataclasses.replace(fictional.overview(12).verdict, weights=(), tiers=None)
    record = dataclasses.replace(
        fictional.dossier(),
        run=run,
        score=NO_BAND,
        fit=NO_BAND,
        merit=NO_BAND,
        halves=(),
        directions=(),
        verdict=weightless,
    )
    p = printer("en", run)
    assert "scores" not in sentences.verdict(record, p)
    assert sentences.rank(record, p) == ""
    page = render_dossier(record, "en")
    assert "not computed" not in page
    assert "No evidence of a direction" not in page
    found = fictional.overview(12)
    rows = tuple(
        dataclasses.replace(c, score=NO_BAND, grade="", domain=None, direction=None, coverage=None)
        for c in found.ranking
    )
    found = dataclasses.replace(
        found, run=run, verdict=weightless, ranking=rows, histogram=(), fit_histogram=(), plane={}, domains=()
    )
    assert not any("0.00" in sentence or "first rank" in sentence for sentence in findings.summary(found, p))
    overview = render_overview(found, "en")
    assert 'id="dist"' not in overview
    assert ">core<" not in overview


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", "主营落在“通用智能”领域，文字没有指明方向，最接近“大模型”（相关）。"),
        ("en", "the texts name no direction, the nearest is Large models (related)."),
    ],
)
def test_a_direction_that_is_only_the_nearest_is_not_said_to_be_the_business(lang: Lang, said: str) -> None:
    record = fictional.dossier()
    name = Text("大模型", "Large models")
    nearest = dataclasses.replace(
        record.directions[1],
        position=1,
        direction=Text("大模型(最接近)", "Large models (nearest)"),
        direction_id="",
        nearest=name,
    )
    assert said in sentences.verdict(dataclasses.replace(record, directions=(nearest,)), printer(lang))
