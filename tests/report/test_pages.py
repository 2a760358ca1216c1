"""What every page must hold, whatever the run: it is whole, closed, escaped, and says what it does not know."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import re
from collections import Counter
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from screening.errors import RunError
from screening.report import render_dossier, render_overview
from screening.report.render import environment
from screening.report.wording import LANGS, Lang, Words, _catalogue
from screening.result import contract
from screening.result.company import EvidenceText, OutcomeReason, Parent, Span
from screening.result.overview import Holdings, PlaceCell
from screening.result.records import Band, Notice, Text
from tests.report import fictional
from tests.report.fictional import HOSTILE

VOID = {"meta", "input", "br", "col", "img", "link", "hr", "rect", "line", "circle", "path"}

SOURCE = Path(__file__).resolve().parents[2] / "screening"


class Page(HTMLParser):
    """The tags of a page, with attributes, and every text node."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)


def pages(lang: Lang) -> dict[str, str]:
    """One of every kind of page."""
    return {
        "overview": render_overview(fictional.overview(), lang),
        "long list": render_overview(fictional.overview(merit=False, idle=True), lang),
        "nobody": render_overview(fictional.overview(count=0), lang),
        "one company": render_overview(fictional.overview(count=1), lang),
        "dossier": render_dossier(fictional.dossier(), lang),
        "nothing known": render_dossier(fictional.empty_dossier(), lang),
        "hostile": render_dossier(fictional.dossier(HOSTILE), lang),
    }


KINDS = ("overview", "long list", "nobody", "one company", "dossier", "nothing known", "hostile")


@pytest.fixture(scope="module", params=LANGS)
def rendered(request: pytest.FixtureRequest) -> dict[str, str]:
    return pages(request.param)


@pytest.mark.parametrize("kind", KINDS)
class TestEveryPage:
    def test_loads_nothing_from_anywhere(self, rendered: dict[str, str], kind: str) -> None:
        for tag, attributes in Page(rendered[kind]).tags:
            for name in ("src", "srcset", "action", "data", "poster"):
                assert name not in attributes, (tag, attributes)
            link = attributes.get("href") or attributes.get("xlink:href") or "#"
            assert link.startswith(("#", "dossiers/")), (tag, link)
            assert tag not in ("link", "iframe", "object", "embed", "base", "img"), attributes
        style = re.search(r"<style>(.*?)</style>", rendered[kind], re.DOTALL)
        assert style is not None
        assert not re.search(r"@import|url\(\s*['\"]?(?!#)", style[1])

    def test_policy_names_the_only_style_and_script_by_hash(self, rendered: dict[str, str], kind: str) -> None:
        policy = next(
            a["content"] or "" for t, a in Page(rendered[kind]).tags if a.get("http-equiv") == "Content-Security-Policy"
        )
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        for tag in ("style", "script"):
            body = re.search(rf"<{tag}>(.*?)</{tag}>", rendered[kind], re.DOTALL)
            assert body is not None
            digest = base64.b64encode(hashlib.sha256(body[1].encode()).digest()).decode()
            assert f"{tag}-src 'sha256-{digest}'" in policy
        assert not [a for _, a in Page(rendered[kind]).tags if "style" in a or any(n.startswith("on") for n in a)]

    def test_tags_are_balanced_and_ids_unique(self, rendered: dict[str, str], kind: str) -> None:
        page = Page(rendered[kind])
        assert (page.unbalanced, page.open) == ([], [])
        ids = Counter(a["id"] for _, a in page.tags if "id" in a)
        assert [i for i, n in ids.items() if n > 1] == []
        targets = {str(a["href"])[1:] for t, a in page.tags if t == "a" and str(a.get("href", "")).startswith("#")}
        labelled = {i for _, a in page.tags for i in str(a.get("aria-labelledby") or "").split()}
        assert (targets | labelled) - set(ids) == set()

    def test_manifest_is_inert_and_whole(self, rendered: dict[str, str], kind: str) -> None:
        block = re.search(r'<script type="application/json" id="manifest">(.*?)</script>', rendered[kind], re.DOTALL)
        assert block is not None
        assert "<" not in block[1]
        manifest = json.loads(block[1])
        assert manifest["note"] == "</script>"
        assert isinstance(manifest["synthetic"], bool)

    def test_every_table_has_a_caption_and_scoped_heads(self, rendered: dict[str, str], kind: str) -> None:
        html = rendered[kind]
        assert html.count("<table") == html.count("<caption")
        assert all("scope" in a for t, a in Page(html).tags if t == "th")

    def test_fits_the_size_budget(self, rendered: dict[str, str], kind: str) -> None:
        assert len(rendered[kind].encode()) < 5_000_000


class TestHostileText:
    def test_a_name_is_text_and_nothing_else(self) -> None:
        html = render_dossier(fictional.dossier(HOSTILE), "zh")
        assert "<img" not in html
        assert "onerror=alert" in Page(html).text
        assert "\u202e" not in html
        assert "\x07" not in html

    def test_names_in_the_ranking_are_cut_and_escaped(self) -> None:
        overview = fictional.overview(count=3)
        first = dataclasses.replace(overview.ranking[0], name=HOSTILE + "甲" * 1_000_000, city=HOSTILE, uscc=HOSTILE)
        html = render_overview(dataclasses.replace(overview, ranking=(first, *overview.ranking[1:])), "zh")
        assert len(html.encode()) < 400_000
        assert "<img" not in html

    def test_a_megabyte_of_scope_is_cut_and_says_so(self) -> None:
        long = dataclasses.replace(
            fictional.dossier(), evidence=(EvidenceText("business_scope", Text("经营范围"), "研发" * 500_000, ()),)
        )
        html = render_dossier(long, "zh")
        assert len(html.encode()) < 300_000
        assert "余 996,000 字" in html

    def test_offsets_hold_where_controls_are_replaced(self) -> None:
        text = "\u202e研\x00发大模型"
        span = Span(4, 7, "大模型", "二(二)1", Text("大模型"), "core")
        html = render_dossier(
            dataclasses.replace(fictional.dossier(), evidence=(EvidenceText("products", Text("产品"), text, (span,)),)),
            "zh",
        )
        assert re.search(r'<mark class="core"[^>]*>大模型<sup>A</sup></mark>', html)

    def test_spans_outside_the_text_are_ignored(self) -> None:
        spans = tuple(Span(s, e, "x", "二(二)1", Text("大模型"), "core") for s, e in ((-1, 2), (3, 3), (2, 99)))
        html = render_dossier(
            dataclasses.replace(
                fictional.dossier(), evidence=(EvidenceText("products", Text("产品"), "研发大模型", spans),)
            ),
            "zh",
        )
        assert "研发大模型" in html


class TestWords:
    def test_every_entry_is_in_both_languages(self) -> None:
        for key, pair in _catalogue().items():
            assert len(pair) == 2 and all(pair), key
            places = [set(re.findall(r"\{(\w+)\}", text)) - {"entity"} for text in pair]
            assert places[0] == places[1], key

    def test_the_catalogue_holds_no_words_that_nobody_asks_for(self) -> None:
        """An entry is asked for by its key, or its section with an id of a vocabulary or with a name that is put together."""
        source = "\n".join(f.read_text("utf-8") for end in ("*.py", "*.j2") for f in SOURCE.rglob(end))
        asked = set(re.findall(r"""["']([a-z_]+\.[\w/.-]+)["']""", source))
        together = re.findall(r"""["']([a-z_]+)\.([\w]*)(?:\{|["'] ?[~+])""", source)
        sections = set(re.findall(r"""\b(?:of|word)\(\s*["']([a-z_]+)["']""", source))
        stale = [
            key
            for key in _catalogue()
            if key not in asked
            and key.partition(".")[0] not in sections
            and not any(key.startswith(f"{section}.{start}") for section, start in together)
        ]
        assert stale == []

    @pytest.mark.parametrize(
        ("section", "ids"),
        [
            ("outcome", contract.OUTCOMES),
            ("grade", contract.GRADES),
            ("gate_status", contract.GATE_STATUSES),
            ("missing", contract.MISSING_REASONS),
            ("place_grade", contract.PLACE_GRADES),
            ("mark", contract.GRADES),
        ],
    )
    def test_every_id_of_the_contract_has_words(self, section: str, ids: tuple[str, ...]) -> None:
        assert [i for i in ids if f"{section}.{i}" not in _catalogue()] == []

    def test_an_unknown_key_names_the_nearest(self) -> None:
        with pytest.raises(RunError, match=r"did you mean 'funnel\.read'"):
            Words("zh")("funnel.reed")

    @pytest.mark.parametrize("text", ["{{ nothing }}", "{{ nothing.here }}", "{{ v.nothing }}", "{{ v.nothing() }}"])
    def test_templates_refuse_what_is_undefined(self, text: str) -> None:
        with pytest.raises((UndefinedError, AttributeError)):
            environment("zh").from_string(text).render(v=Words("zh"))

    def test_english_pages_hold_no_chinese_of_their_own(self) -> None:
        """Only names of companies, files and the plan's own words may be Chinese on an English page."""
        own = [pair[0] for key, pair in _catalogue().items() if len(pair[0]) > 5 and not key.startswith("heat.")]
        text = Page(render_overview(fictional.overview(), "en")).text
        assert [sentence for sentence in own if sentence in text] == []


class TestOverview:
    def test_counts_of_the_steps_add_up_to_the_rows_read(self) -> None:
        overview = fictional.overview()
        grades = sum(c.count for c in overview.grades)
        assert overview.rows.read == overview.rows.set_aside + overview.rows.clean
        assert grades == overview.rows.clean
        assert grades == sum(c.count for c in overview.outcomes)

    def test_gates_that_were_not_run_are_said_first(self) -> None:
        html = render_overview(fictional.overview(idle=True), "zh")
        said = html.index("全部 6 道门槛均未执行")
        assert said < html.index('id="funnel"')
        assert "未执行 6 道：数据没有所需来源。未执行不等于通过。" in Page(html).text

    def test_without_merit_the_plane_gives_way_to_the_distribution_of_fit(self) -> None:
        html = render_overview(fictional.overview(merit=False), "zh")
        assert 'aria-labelledby="plane-t' not in html
        assert "不画质量轴" in html
        assert "契合度分布" in html

    def test_rows_beyond_the_limit_are_in_the_csv(self) -> None:
        html = render_overview(fictional.overview(count=40), "zh", rows=25)
        table = html[html.index('id="ranking-table"') :]
        assert table[: table.index("</tbody>")].count("<tr>") == 26  # with its head
        assert "其余 15 家见 ranking.csv" in html

    def test_a_thousand_rows_stay_within_the_budget(self) -> None:
        assert len(render_overview(fictional.overview(count=1000), "zh").encode()) < 3_000_000

    def test_nobody_ranked_is_explained(self) -> None:
        some = fictional.overview(count=2)
        assert "没有进入排名的" in render_overview(
            dataclasses.replace(some, ranking=(), ranking_total=0, what_if=None), "zh"
        )

    def test_a_ranking_of_gates_alone_has_no_columns_of_dashes(self) -> None:
        some = fictional.overview(count=3)
        bare = [
            dataclasses.replace(
                c, score=Band(None, None, None), coverage=None, tier=None, grade="", stage=None, track=None
            )
            for c in some.ranking
        ]
        page = render_overview(dataclasses.replace(some, ranking=tuple(bare), what_if=None), "en")
        assert {
            k for k in ("score", "band", "tier", "coverage", "grade", "stage", "steady") if f' class="c-{k}' in page
        } == set()
        assert ' class="c-outcome' in page and ' class="c-city' in page

    def test_an_empty_list_says_so_and_shows_its_data(self) -> None:
        page = render_overview(fictional.overview(count=0), "en")
        assert "The list holds no" in page and 'id="quality"' in page
        assert 'id="funnel"' not in page and "have a value in every row" not in page

    def test_synthetic_data_is_labelled(self) -> None:
        overview = fictional.overview(count=2)
        real = dataclasses.replace(overview, run=fictional.run(synthetic=False))
        assert "虚构示例数据" in render_overview(overview, "zh")
        assert "虚构示例数据" not in render_overview(real, "zh")

    def test_a_gap_is_a_zero_in_a_frame_and_an_unnamed_blank_stays_blank(self) -> None:
        html = render_overview(fictional.overview(count=1), "zh")
        assert '<td class="h0 named-city">0<span class="vh"> 该市点名</span></td>' in html
        assert '<td class="h0"></td>' in html

    def test_contradictions_are_shown_with_what_became_of_them(self) -> None:
        text = Page(render_overview(fictional.overview(count=2), "zh")).text
        section = text[text.index("来源之间的矛盾") :]
        assert section.index("登记状态") < section.index("存续 ≠ 注销")
        assert "分支机构与来料加工厂 9 家，其中 4 家的总公司也在数据中。" in text

    def test_every_target_is_listed_though_nothing_measures_it(self) -> None:
        text = Page(render_overview(fictional.overview(count=2), "zh")).text
        assert "5家以上" in text and "3个左右" in text
        assert text.count("尚无指标") == 2

    def test_crowding_counts_what_is_funded_and_each_company_once(self) -> None:
        place = PlaceCell("二(二)", "二(二)1", "深圳市", 8, funded=5, both=2, crowded="candidates")
        rest = PlaceCell("二(一)", "二(一)1", "广州市", 3)
        records = dataclasses.replace(fictional.overview(count=2), places=(place, rest), holdings=Holdings(6, 1))
        text = Page(render_overview(records, "zh")).text
        assert "集中之处（候选与已投合计，已投且在候选之列的只计一次）：深圳市·大模型 11。" in text
        assert "基金已投 6 家，分布在 1 个“方向 × 城市”" in text and "另有 1 个项目未注明方向" in text
        without = dataclasses.replace(
            records, places=(dataclasses.replace(place, funded=0, both=0, crowded=""), rest), holdings=None
        )
        assert "未见明显集中之处" in Page(render_overview(without, "zh")).text
        assert "数据没有已投项目表" in Page(render_overview(without, "zh")).text

    def test_notices_are_chinese_on_chinese_pages(self) -> None:
        details = (
            ("source", Text("企业 · 实缴资本", "Companies · Paid-in capital")),
            ("rules", Text("资本到位", "Capital paid in")),
            ("count", Text("3")),
        )
        said = "the data have no column 'companies.paid_in_capital'; not decided without it: capital_paid_in"
        notice = Notice("data/not-collected", said, "notice", details)
        strange = Notice("data/unheard-of", "something else")
        cut_short = Notice("run/before-plan", "the data are old")
        records = dataclasses.replace(
            fictional.overview(count=2), run=fictional.run(notices=(notice, strange, cut_short))
        )
        zh, en = (Page(render_overview(records, lang)).text for lang in LANGS)
        assert "数据中没有列“企业 · 实缴资本”；缺它不能决定：资本到位" in zh and notice.message not in zh
        assert notice.message in en
        assert all(message in page for message in ("something else", "the data are old") for page in (zh, en))

    def test_same_records_make_the_same_bytes(self) -> None:
        assert render_overview(fictional.overview(), "zh") == render_overview(fictional.overview(), "zh")


class TestDossier:
    def test_failed_gates_come_first_and_not_run_is_never_passed(self) -> None:
        html = render_dossier(fictional.dossier(), "zh")
        body, appendix = html.split('class="appendix"')
        order = re.findall(r'class="status (\w+)"', body)
        assert order == ["failed", "unknown"]
        assert "未执行 1 道（未执行不等于通过）" in body
        assert re.findall(r'class="status (\w+)"', appendix)[:3] == ["failed", "unknown", "not_run"]
        text = Page(html).text
        passed = text[text.index("通过 2 道：") :]
        assert "科研失信" not in passed[: passed.index("。")]

    def test_questions_stand_in_the_order_of_points_at_stake(self) -> None:
        html = render_dossier(fictional.dossier(), "zh")
        section = html[html.index('<section id="questions"') :]
        stakes = re.findall(r'<td class="n">([\d.]+)</td>', section[: section.index("</section>")])
        assert [Decimal(s) for s in stakes] == sorted((Decimal(s) for s in stakes), reverse=True)

    def test_figures_nobody_audited_are_marked(self) -> None:
        html = render_dossier(fictional.dossier(), "zh")
        section = html[html.index('<section id="facts"') :]
        entries = re.split(r"<h3>|<div><dt>", section[: section.index("</section>")])
        marked = [entry for entry in entries if "未经审计" in entry]
        assert len(marked) == 2
        assert all("企业自报" in entry or "数据商" in entry for entry in marked)

    def test_facts_stand_by_table_with_plain_noes_and_missing_ones_in_a_line(self) -> None:
        text = Page(render_dossier(fictional.dossier(), "zh")).text
        section = text[text.index("投前估值") - 400 :]
        assert (
            section.index("年度财务")
            < section.index("3,680 万元")
            < section.index("缺失：收入增长（")
            < section.index("本轮交易")
        )
        assert "均为否：失信被执行人、股权冻结。" in text
        assert "缺失：科研失信（" in text
        assert "不适用的事实" not in text

    def test_a_branch_names_its_head_company(self) -> None:
        whose = dataclasses.replace(
            fictional.dossier().company, entity_kind="branch", parent=Parent("n-1", "虚辰示例集团", "shortlisted")
        )
        rejected = dataclasses.replace(
            fictional.dossier(),
            company=whose,
            outcome="rejected",
            reasons=(OutcomeReason("failed", "entity", Text("应为企业法人")),),
        )
        text = Page(render_dossier(rejected, "zh")).text
        assert "分支机构，总机构：虚辰示例集团（入围）" in text
        assert "被否决：应为企业法人。其总机构“虚辰示例集团”也在数据中，结论为入围。" in text
        alone = dataclasses.replace(rejected, company=dataclasses.replace(whose, parent=None))
        assert "分支机构，总机构不在数据中" in Page(render_dossier(alone, "zh")).text
        assert "总机构" not in Page(render_dossier(fictional.dossier(), "zh")).text

    def test_a_measure_is_never_an_entitlement(self) -> None:
        for lang, promise in (("zh", ("享受", "有权", "可获得")), ("en", ("entitled", "eligible for"))):
            text = Page(render_dossier(fictional.dossier(), lang)).text  # type: ignore[arg-type]
            assert not [word for word in promise if word in text]

    def test_a_company_without_text_keeps_only_what_it_has(self) -> None:
        page = Page(render_dossier(fictional.empty_dossier(), "zh"))
        sections = [a["id"] for t, a in page.tags if t == "section"]
        assert sections == ["reason", "notes", "provenance"]
        assert "不足以判断其业务" in page.text

    def test_overlapping_hits_keep_the_text_whole(self) -> None:
        dossier = fictional.dossier()
        html = render_dossier(dossier, "zh")
        block = html[html.index('<div class="text">') :]
        shown = re.sub(r"<sup>.*?</sup>|<[^>]+>", "", block[block.index("<bdi>") : block.index("</bdi>")])
        assert shown == dossier.evidence[0].text

    def test_a_closed_band_is_not_drawn_as_open(self) -> None:
        dossier = dataclasses.replace(
            fictional.dossier(), fit=Band(Decimal("97.00"), Decimal("97.00"), Decimal("97.00"))
        )
        assert "97.00–97.00" not in render_dossier(dossier, "zh")

    def test_footer_says_where_it_comes_from_and_how_to_verify(self) -> None:
        text = Page(render_dossier(fictional.dossier(), "zh")).text
        for piece in (
            "companies.csv，第 43 行",
            "20250901T020304Z-0a1b2c3d",
            "screen verify",
            "sha256:" + "9f03" * 16,
            "经办",
            "复核",
        ):
            assert piece in text
