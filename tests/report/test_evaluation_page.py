"""The page of an evaluation: it is closed and escaped as every page is, and its figures are those it was given."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from screening.report import render_evaluation
from screening.report.evaluation_page import MISTAKES_SHOWN, UNMATCHED_SHOWN, evaluation_view
from screening.report.printer import printer
from screening.report.wording import LANGS, Lang, _catalogue
from screening.result.company import EvidenceText, Span
from screening.result.evaluation_records import (
    ConfusionRecord,
    EvaluationRecord,
    MistakeRecord,
    ScoreRecord,
    TrapRecord,
)
from screening.result.records import Authority, Text
from tests.report.fictional import HOSTILE
from tests.report.test_pages import Page as Parsed

if TYPE_CHECKING:
    from playwright.sync_api import Page

D = Decimal
NETWORKS, ENERGY, NOWHERE = (
    Text("未来网络", "Future networks"),
    Text("低碳能源", "Low-carbon energy"),
    Text("不属于任何领域", "in no domain"),
)


def score(class_id: str, right: int, predicted: int, actual: int, label: Text = NETWORKS) -> ScoreRecord:
    def ratio(part: int, whole: int) -> Decimal | None:
        return (D(part) / D(whole)).quantize(D("0.001")) if whole else None

    return ScoreRecord(
        class_id,
        label,
        right,
        predicted,
        actual,
        ratio(right, predicted),
        ratio(right, actual),
        ratio(2 * right, predicted + actual),
    )


def mistake(name: str = "虚辰储能(示例)有限公司", text: str = "销售锂电池、五金") -> MistakeRecord:
    span = Span(2, 5, "锂电池", "二(四)1", Text("新型储能", "Energy storage"), "core", "strong", "trade")
    return MistakeRecord(
        "c1",
        name,
        (),
        ENERGY,
        "core",
        "销售陷阱",
        "只是贸易",
        (EvidenceText("business_scope", Text("经营范围", "Scope"), text, (span,)),),
    )


def evaluation(**changes: Any) -> EvaluationRecord:
    """Forty fictional companies; the classifier finds more, and more rightly, than the plain search."""
    full = EvaluationRecord(
        pack_id="guangdong-2024",
        pack_version="2024.1",
        pack_label=Text("未来产业规则包", "Future industries"),
        authority=Authority("粤府〔2024〕67号", "未来产业行动方案"),
        companies=40,
        doubled=1,
        unmatched=("虚岚科技(示例)有限公司",),
        overall=score("", 18, 19, 20),
        memberships=score("", 19, 22, 21),
        baseline=score("", 15, 30, 20),
        domains=(score("二(一)", 9, 9, 10), score("二(四)", 9, 10, 10, ENERGY)),
        directions=(
            score("二(四)1", 5, 5, 6, Text("新型储能", "Energy storage")),
            score("二(一)1", 0, 0, 1, Text("高速全光通信", "All-optical networks")),
        ),
        grades=(score("core", 12, 13, 12, Text("core")),),
        confusion=ConfusionRecord(
            (("二(一)", NETWORKS), ("二(四)", ENERGY), ("none", NOWHERE)),
            {
                ("二(一)", "二(一)"): 9,
                ("二(四)", "二(四)"): 9,
                ("none", "none"): 19,
                ("none", "二(四)"): 1,
                ("二(一)", "none"): 2,
            },
        ),
        grade_confusion=ConfusionRecord(
            (("core", Text("core")), ("trade", Text("trade"))), {("core", "core"): 12, ("trade", "core"): 1}
        ),
        traps=(TrapRecord("销售陷阱", 4, {"trade": 3, "core": 1}), TrapRecord("名称陷阱", 2, {"name": 2})),
        mistakes=(mistake(),),
        manifest={"note": "</script>", "companies": 40},
    )
    return dataclasses.replace(full, **changes)


def nothing() -> EvaluationRecord:
    """A gold file of which the data have no company."""
    none = ConfusionRecord((), {})
    return evaluation(
        companies=0,
        overall=score("", 0, 0, 0),
        memberships=score("", 0, 0, 0),
        baseline=score("", 0, 0, 0),
        domains=(),
        directions=(),
        grades=(),
        confusion=none,
        grade_confusion=none,
        traps=(),
        mistakes=(),
    )


def hostile() -> EvaluationRecord:
    bad = dataclasses.replace(mistake(HOSTILE, HOSTILE + "锂电池"), kind=HOSTILE, note=HOSTILE, gold=(Text(HOSTILE),))
    return evaluation(mistakes=(bad,), unmatched=(HOSTILE,), traps=(TrapRecord(HOSTILE, 1, {"core": 1}),))


KINDS = {"full": evaluation, "nothing": nothing, "hostile": hostile}


@pytest.fixture(params=LANGS)
def lang(request: pytest.FixtureRequest) -> Lang:
    found: Lang = request.param
    return found


@pytest.mark.parametrize("kind", KINDS)
class TestEveryPage:
    def test_is_closed(self, lang: Lang, kind: str) -> None:
        html = render_evaluation(KINDS[kind](), lang)
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
            render_evaluation(KINDS[kind](), lang),
            re.DOTALL,
        )
        assert block is not None
        assert "<" not in block[1]


class TestFigures:
    def test_the_classifier_stands_beside_the_plain_search(self, lang: Lang) -> None:
        head = evaluation_view(evaluation(), printer(lang)).head
        assert [(row.precision, row.recall, row.f1) for row in head] == [
            ("0.947", "0.900", "0.923"),
            ("0.864", "0.905", "0.884"),
            ("0.500", "0.750", "0.600"),
        ]
        summary = "".join(evaluation_view(evaluation(), printer(lang)).summary)
        assert all(figure in summary for figure in ("0.947", "0.900", "0.500", "0.750"))

    def test_every_class_that_was_measured_has_its_row(self, lang: Lang) -> None:
        html = render_evaluation(evaluation(), lang)
        for label in (
            NETWORKS,
            ENERGY,
            Text("新型储能", "Energy storage"),
            Text("高速全光通信", "All-optical networks"),
        ):
            assert f'<th scope="row">{label.text(lang)}' in html

    def test_no_denominator_is_a_dash_and_no_bar(self) -> None:
        row = evaluation_view(evaluation(), printer("zh")).tables[1][1][1]
        assert (row.precision, row.precision_bar, row.recall, row.recall_bar) == ("—", "", "0.000", "0")

    def test_confusion_adds_up_and_frames_agreement(self) -> None:
        table = evaluation_view(evaluation(), printer("zh")).confusions[0][1]
        assert [total for _, _, total in table.rows] == ["11", "9", "20"]
        assert table.totals == ("9", "10", "21")
        assert table.total == "40"
        assert [[cell.agrees for cell in cells] for _, cells, _ in table.rows] == [
            [True, False, False],
            [False, True, False],
            [False, False, True],
        ]
        none, darkest = table.rows[0][1][1], table.rows[2][1][2]
        assert (none.count, none.tint) == ("", 0)
        assert (darkest.count, darkest.tint) == ("19", 5)

    def test_a_trap_fallen_for_stands_out_and_one_avoided_is_a_zero(self) -> None:
        view = evaluation_view(evaluation(), printer("zh"))
        assert view.trap_head[0] == "核心"
        assert [(kind, cells[0]) for kind, _, cells in view.traps] == [
            ("销售陷阱", ("1", True)),
            ("名称陷阱", ("0", False)),
        ]


class TestMistakes:
    def test_the_text_shows_what_decided(self, lang: Lang) -> None:
        html = render_evaluation(evaluation(), lang)
        assert re.search(r'<mark class="core"[^>]*>锂电池<sup>A</sup></mark>', html)
        assert "只是贸易" in html

    def test_hostile_text_stays_text(self, lang: Lang) -> None:
        html = render_evaluation(hostile(), lang)
        assert "<img" not in html
        assert "onerror=alert" in Parsed(html).text
        assert "\u202e" not in html

    def test_a_long_list_is_cut_and_says_so_within_the_budget(self) -> None:
        many = evaluation(
            mistakes=(mistake(text="销售锂电池" + "甲" * 100_000),) * (MISTAKES_SHOWN + 7),
            unmatched=("某某",) * (UNMATCHED_SHOWN + 5),
        )
        html = render_evaluation(many, "zh")
        assert html.count('<article class="mistake">') == MISTAKES_SHOWN
        assert "余 7 家" in html
        assert "另有 5 家未列" in html
        assert len(html.encode()) < 5_000_000

    def test_none_at_all_is_said(self, lang: Lang) -> None:
        assert printer(lang).words("eval.no_mistakes") in render_evaluation(evaluation(mistakes=()), lang)


def test_nothing_to_compare_is_said_and_claims_no_figure(lang: Lang) -> None:
    html = render_evaluation(nothing(), lang)
    assert printer(lang).words("eval.nobody") in html
    assert not re.search(r"\b[01]\.\d{3}\b", Parsed(html).text.partition("default")[0])


def test_english_page_holds_no_chinese_of_its_own() -> None:
    own = [pair[0] for key, pair in _catalogue().items() if key.startswith(("eval.", "nav.")) and len(pair[0]) > 3]
    text = Parsed(render_evaluation(evaluation(), "en")).text
    assert [words for words in own if words in text] == []


@pytest.mark.browser
@pytest.mark.parametrize("kind", KINDS)
class TestInTheBrowser:
    def test_opens_silently_and_passes_axe(self, page: Page, show: Any, kind: str) -> None:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(show(render_evaluation(KINDS[kind](), "zh")))
        violations = Axe().run(page).response["violations"]
        assert [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in violations] == []
        assert said == []

    def test_fits_a_phone_and_a_sheet(self, page: Page, show: Any, kind: str) -> None:
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(show(render_evaluation(KINDS[kind](), "en")))
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.set_viewport_size({"width": 688, "height": 972})
        page.emulate_media(media="print")
        cut = page.evaluate(
            "[...document.querySelectorAll('main table, main svg, main p')].filter(e => e.checkVisibility() && "
            "e.getBoundingClientRect().right > 690).map(e => e.outerHTML.slice(0, 120))"
        )
        assert cut == []
