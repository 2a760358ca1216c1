"""The page of an evaluation: it is closed and escaped as every page is, and its figures are those it was given."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from screening.report import render_evaluation
from screening.report.evaluation_page import MISTAKES_SHOWN, UNMATCHED_SHOWN, evaluation_view
from screening.report.printer import printer
from screening.report.wording import LANGS, Lang, _catalogue
from screening.result.evaluation_records import (
    Confused,
    Errors,
    Evaluation,
    EvidenceSpan,
    GoldRow,
    KindTally,
    Mistake,
    Naming,
    PackNames,
    Score,
)
from screening.result.records import AuthorityRecord, Text
from tests.report.fictional import HOSTILE
from tests.report.test_pages import Page as Parsed

if TYPE_CHECKING:
    from playwright.sync_api import Page

NETWORKS, ENERGY, NOWHERE = (
    Text("未来网络", "Future networks"),
    Text("低碳能源", "Low-carbon energy"),
    Text("不属于任何领域", "in no domain"),
)


PACK = PackNames(
    "guangdong-2024",
    "2024.1",
    Text("未来产业规则包", "Future industries"),
    AuthorityRecord("粤府〔2024〕67号", "未来产业行动方案"),
    {
        "二(一)": NETWORKS,
        "二(四)": ENERGY,
        "二(四)1": Text("新型储能", "Energy storage"),
        "二(一)1": Text("高速全光通信", "All-optical networks"),
        "none": NOWHERE,
    },
    {"business_scope": Text("经营范围", "Scope")},
)


def mistake(name: str = "虚辰储能(示例)有限公司", text: str = "销售锂电池、五金") -> Mistake:
    span = EvidenceSpan("business_scope", 2, 5, "锂电池", "strong", "trade", "core", "二(四)", "二(四)1")
    told = {"name": name, "business_scope": text}
    return Mistake("c1", name, (), "二(四)", "core", "销售陷阱", "只是贸易", (span,), told)


def evaluation(**changes: Any) -> Evaluation:
    """Forty fictional companies; the classifier finds more, and more rightly, than the plain search."""
    full = Evaluation(
        companies=40,
        doubled=1,
        unmatched=(GoldRow("", "虚岚科技(示例)有限公司", frozenset()),),
        overall=Score("", 18, 19, 20),
        memberships=Score("", 19, 22, 21),
        second=Score("", 0, 0, 0),
        baseline=Score("", 15, 30, 20),
        naming=Naming(0, 0, 0, 0, 0, 0, 0),
        errors=Errors(1, 2, 0, 0, 0),
        strata=(),
        domains=(Score("二(一)", 9, 9, 10), Score("二(四)", 9, 10, 10), Score("二(五)", 0, 0, 0)),
        directions=(Score("二(四)1", 5, 5, 6), Score("二(一)1", 0, 0, 1)),
        grades=(Score("core", 12, 13, 12),),
        confusion=(
            Confused("none", "none", 19),
            Confused("none", "二(四)", 1),
            Confused("二(一)", "none", 2),
            Confused("二(一)", "二(一)", 9),
            Confused("二(四)", "二(四)", 9),
        ),
        grade_confusion=(Confused("core", "core", 12), Confused("trade", "core", 1)),
        kinds=(KindTally("销售陷阱", 4, {"trade": 3, "core": 1}), KindTally("名称陷阱", 2, {"name": 2})),
        mistakes=(mistake(),),
    )
    return dataclasses.replace(full, **changes)


def nothing() -> Evaluation:
    """A gold file of which the data have no company."""
    none, left_out = Score("", 0, 0, 0), ("domains", "directions", "grades", "confusion", "grade_confusion")
    empty: dict[str, Any] = dict.fromkeys((*left_out, "kinds", "mistakes"), ())
    return evaluation(companies=0, overall=none, memberships=none, baseline=none, **empty)


def hostile() -> Evaluation:
    bad = dataclasses.replace(mistake(HOSTILE, HOSTILE + "锂电池"), kind=HOSTILE, note=HOSTILE, gold=(HOSTILE,))
    unmatched = (GoldRow("", HOSTILE, frozenset()),)
    return evaluation(mistakes=(bad,), unmatched=unmatched, kinds=(KindTally(HOSTILE, 1, {"core": 1}),))


KINDS = {"full": evaluation, "nothing": nothing, "hostile": hostile}


@pytest.fixture(params=LANGS)
def lang(request: pytest.FixtureRequest) -> Lang:
    found: Lang = request.param
    return found


@pytest.mark.parametrize("kind", KINDS)
class TestEveryPage:
    def test_is_closed(self, lang: Lang, kind: str) -> None:
        html = render_evaluation(KINDS[kind](), PACK, lang)
        page = Parsed(html)
        assert (page.unbalanced, page.open) == ([], [])
        ids = Counter(a["id"] for _, a in page.tags if "id" in a)
        assert [i for i, n in ids.items() if n > 1] == []
        targets = {str(a["href"])[1:] for t, a in page.tags if t == "a"}
        labelled = {i for _, a in page.tags for i in str(a.get("aria-labelledby") or "").split()}
        assert (targets | labelled) - set(ids) == set()
        assert html.count("<table") == html.count("<caption")
        assert all("scope" in a for t, a in page.tags if t == "th")
        assert not [t for t, a in page.tags if t in ("img", "link", "iframe") or "src" in a or "style" in a]
        policy = next(a["content"] or "" for t, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
        assert policy.startswith("default-src 'none'")

    def test_manifest_is_inert(self, lang: Lang, kind: str) -> None:
        block = re.search(
            r'<script type="application/json" id="manifest">(.*?)</script>',
            render_evaluation(KINDS[kind](), PACK, lang),
            re.DOTALL,
        )
        assert block is not None
        assert "<" not in block[1]


class TestFigures:
    def test_the_classifier_stands_beside_the_plain_search(self, lang: Lang) -> None:
        head = evaluation_view(evaluation(), PACK, printer(lang)).head
        assert [(row.precision[:5], row.recall[:5], row.f1) for row in head] == [
            ("0.947", "0.900", "0.923"),
            ("0.864", "0.905", "0.884"),
            ("0.500", "0.750", "0.600"),
        ]
        summary = "".join(evaluation_view(evaluation(), PACK, printer(lang)).summary)
        assert all(figure in summary for figure in ("0.947", "0.900", "0.500", "0.750"))

    def test_every_class_that_was_measured_has_its_row(self, lang: Lang) -> None:
        html = render_evaluation(evaluation(), PACK, lang)
        for label in (
            NETWORKS,
            ENERGY,
            Text("新型储能", "Energy storage"),
            Text("高速全光通信", "All-optical networks"),
        ):
            assert f'<th scope="row">{label.text(lang)}' in html

    def test_no_denominator_is_a_dash_and_no_bar(self) -> None:
        row = evaluation_view(evaluation(), PACK, printer("zh")).tables[1][1][1]
        assert (row.precision, row.precision_bar, row.recall[:5], row.recall_bar) == ("—", "", "0.000", "0")

    def test_confusion_adds_up_and_frames_agreement(self) -> None:
        table = evaluation_view(evaluation(), PACK, printer("zh")).confusions[0][1]
        assert [total for _, _, total in table.rows] == ["11", "9", "20"]
        assert table.totals == ("9", "10", "21")
        assert table.total == "40"
        assert [[agrees for _, _, agrees in cells] for _, cells, _ in table.rows] == [
            [True, False, False],
            [False, True, False],
            [False, False, True],
        ]
        none, darkest = table.rows[0][1][1], table.rows[2][1][2]
        assert none[:2] == ("", 0)
        assert darkest[:2] == ("19", 5)

    def test_a_trap_fallen_for_stands_out_and_one_avoided_is_a_zero(self) -> None:
        view = evaluation_view(evaluation(), PACK, printer("zh"))
        assert view.trap_head[0] == "核心"
        assert [(kind, cells[0]) for kind, _, cells in view.traps] == [
            ("销售陷阱", ("1", True)),
            ("名称陷阱", ("0", False)),
        ]


class TestMistakes:
    def test_the_text_shows_what_decided(self, lang: Lang) -> None:
        html = render_evaluation(evaluation(), PACK, lang)
        assert re.search(r'<mark class="core"[^>]*>锂电池<sup>A</sup></mark>', html)
        assert "只是贸易" in html

    def test_hostile_text_stays_text(self, lang: Lang) -> None:
        html = render_evaluation(hostile(), PACK, lang)
        assert "<img" not in html
        assert "onerror=alert" in Parsed(html).text
        assert "\u202e" not in html

    def test_a_long_list_is_cut_and_says_so_within_the_budget(self) -> None:
        many = evaluation(
            mistakes=(mistake(text="销售锂电池" + "甲" * 100_000),) * (MISTAKES_SHOWN + 7),
            unmatched=(GoldRow("", "某某", frozenset()),) * (UNMATCHED_SHOWN + 5),
        )
        html = render_evaluation(many, PACK, "zh")
        assert html.count('<article class="mistake">') == MISTAKES_SHOWN
        assert "余 7 家" in html
        assert "另有 5 家未列" in html
        assert len(html.encode()) < 5_000_000

    def test_none_at_all_is_said(self, lang: Lang) -> None:
        assert printer(lang).words("eval.no_mistakes") in render_evaluation(evaluation(mistakes=()), PACK, lang)


def test_nothing_to_compare_is_said_and_claims_no_figure(lang: Lang) -> None:
    html = render_evaluation(nothing(), PACK, lang)
    assert printer(lang).words("eval.nobody") in html
    assert not re.search(r"\b[01]\.\d{3}\b", Parsed(html).text.partition("default")[0])


def test_english_page_holds_no_chinese_of_its_own() -> None:
    own = [pair[0] for key, pair in _catalogue().items() if key.startswith(("eval.", "nav.")) and len(pair[0]) > 3]
    text = Parsed(render_evaluation(evaluation(), PACK, "en")).text
    assert [words for words in own if words in text] == []


@pytest.mark.browser
@pytest.mark.parametrize("kind", KINDS)
class TestInTheBrowser:
    def test_opens_silently_and_passes_axe(self, page: Page, show: Any, kind: str) -> None:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(show(render_evaluation(KINDS[kind](), PACK, "zh")))
        violations = Axe().run(page).response["violations"]
        assert [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in violations] == []
        assert said == []

    def test_fits_a_phone_and_a_sheet(self, page: Page, show: Any, kind: str) -> None:
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(show(render_evaluation(KINDS[kind](), PACK, "en")))
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.set_viewport_size({"width": 688, "height": 972})
        page.emulate_media(media="print")
        cut = page.evaluate(
            "[...document.querySelectorAll('main table, main svg, main p')].filter(e => e.checkVisibility() && "
            "e.getBoundingClientRect().right > 690).map(e => e.outerHTML.slice(0, 120))"
        )
        assert cut == []
