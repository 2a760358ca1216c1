"""The pages as a reader meets them: in a browser without network, on a phone, on paper, by keyboard, read aloud."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from screening.report import render_dossier, render_overview
from screening.report.ranking_view import COLUMNS
from tests.report import fictional

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser
PAGES: dict[str, Callable[[], str]] = {
    "overview": lambda: render_overview(fictional.overview(count=60), "zh"),
    "overview en": lambda: render_overview(fictional.overview(count=60), "en"),
    "long list": lambda: render_overview(fictional.overview(count=60, merit=False, idle=True), "zh"),
    "nobody": lambda: render_overview(fictional.overview(count=0), "zh"),
    "dossier": lambda: render_dossier(fictional.dossier(), "zh"),
    "dossier en": lambda: render_dossier(fictional.dossier(), "en"),
    "hostile": lambda: render_dossier(fictional.dossier(fictional.HOSTILE), "zh"),
    "nothing known": lambda: render_dossier(fictional.empty_dossier(), "zh"),
}


DARK = ("overview", "dossier en", "nothing known")
"""Read in the dark: a page of each kind, the others by day."""


@functools.cache
def written(kind: str) -> str:
    """A page as it is written, once for all that look at it."""
    return PAGES[kind]()


@pytest.fixture(scope="module")
def context(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[BrowserContext]:
    """One for all tests here: to open a new one costs more than what most of them look at."""
    made = browser.new_context(**browser_context_args)
    yield made
    made.close()


@pytest.fixture(scope="module")
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture(autouse=True)
def _as_on_a_desk(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.emulate_media(media="screen", color_scheme="light")


class Opened(NamedTuple):
    """A page that stands open for all who only look at it: its kind and address, what it said, what it asked for."""

    kind: str
    address: str
    said: list[str]
    asked: list[str]


@pytest.fixture(scope="module", params=PAGES)
def opened(request: pytest.FixtureRequest, context: BrowserContext, tmp_path_factory: Any) -> Iterator[Opened]:
    file = tmp_path_factory.mktemp("page") / "page.html"
    file.write_text(written(request.param), encoding="utf-8")
    found = Opened(request.param, file.as_uri(), [], [])
    listening: tuple[tuple[Any, Any], ...] = (
        ("console", lambda message: found.said.append(message.text)),
        ("pageerror", lambda error: found.said.append(str(error))),
        ("request", lambda asking: found.asked.append(asking.url)),
    )
    page = request.getfixturevalue("page")
    for event, listener in listening:
        page.on(event, listener)
    page.goto(found.address)
    yield found
    for event, listener in listening:
        page.remove_listener(event, listener)


class TestEveryPage:
    def test_opens_without_a_word_in_the_console_or_a_request(self, opened: Opened) -> None:
        assert opened.said == []
        assert opened.asked == [opened.address]

    def test_has_nothing_for_axe_to_report(self, page: Page, opened: Opened) -> None:
        page.emulate_media(color_scheme="dark" if opened.kind in DARK else "light")
        violations = Axe().run(page).response["violations"]
        assert [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in violations] == []

    def test_never_scrolls_sideways_on_a_phone(self, page: Page, opened: Opened) -> None:
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390

    def test_prints_everything_within_the_sheet(self, page: Page, opened: Opened) -> None:
        page.set_viewport_size({"width": 688, "height": 972})
        page.emulate_media(media="print")
        assert all(nav.is_hidden() for nav in page.locator("nav.contents").all())
        cut = page.evaluate(
            "[...document.querySelectorAll('main table, main svg, main p')].filter(e => e.checkVisibility() && "
            "e.getBoundingClientRect().right > 690).map(e => e.outerHTML.slice(0, 120))"
        )
        assert cut == []
        assert page.evaluate(
            "[...document.querySelectorAll('main .scroll')].every(e => e.scrollHeight <= e.clientHeight + 1)"
        )


@pytest.mark.parametrize("kind", ["overview", "nobody", "dossier", "nothing known"])
def test_reads_the_same_with_scripting_off(browser: Browser, show: Any, kind: str) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(show(written(kind)))
    assert page.locator("h1").is_visible()
    assert page.locator("form.tools:visible").count() == 0
    if kind == "dossier":
        page.emulate_media(media="print")
        assert page.locator("details.crit").count() > 0
        assert page.locator(".trace").first.is_visible()
    context.close()


class TestRankingTable:
    @pytest.fixture
    def ranking(self, page: Page, show: Any) -> Page:
        page.goto(show(written("overview")))
        return page

    def _column(self, page: Page, key: str) -> list[str]:
        number = [name for name, _ in COLUMNS].index(key) + 1
        cells = page.locator(f"#ranking-table tbody tr > :nth-child({number})")
        return [text.split("\n")[0] for text in cells.all_inner_texts()]

    def test_sorts_by_a_number_both_ways_and_says_so(self, ranking: Page) -> None:
        button = ranking.locator("#ranking-table thead").get_by_role("button", name="契合")
        head = ranking.locator("#ranking-table th", has=ranking.get_by_role("button", name="契合"))
        button.click()
        assert head.get_attribute("aria-sort") == "descending"
        values = [float(v) for v in self._column(ranking, "fit")]
        assert values == sorted(values, reverse=True)
        button.press("Enter")
        assert head.get_attribute("aria-sort") == "ascending"
        values = [float(v) for v in self._column(ranking, "fit")]
        assert values == sorted(values)
        sorted_heads = '#ranking-table th[aria-sort="ascending"], #ranking-table th[aria-sort="descending"]'
        assert ranking.locator(sorted_heads).count() == 1

    def test_goes_back_to_the_rank(self, ranking: Page) -> None:
        before = self._column(ranking, "name")
        ranking.locator("#ranking-table thead").get_by_role("button", name="城市").click()
        assert self._column(ranking, "name") != before
        ranking.locator("#ranking-table thead").get_by_role("button", name="序").click()
        assert self._column(ranking, "name") == before

    def test_filters_by_city_and_counts_what_is_left_in_every_filter(self, ranking: Page) -> None:
        city = ranking.get_by_label("全部城市")
        city.select_option(label=next(o for o in city.locator("option").all_inner_texts() if o.startswith("深圳市")))
        cities = self._column(ranking, "city")
        assert cities and set(cities) == {"深圳市"}
        assert ranking.locator("#count").inner_text() == f"符合条件 {len(cities)} 家，显示 {len(cities)} 家"
        told = ranking.get_by_label("全部结论").locator("option:not([value=''])").all_inner_texts()
        assert sum(int(text.rsplit("·", 1)[1]) for text in told) == len(cities)

    def test_several_words_must_all_be_found_and_clearing_brings_everyone_back(self, ranking: Page) -> None:
        everyone = len(self._column(ranking, "name"))
        name, city = self._column(ranking, "name")[4], self._column(ranking, "city")[4]
        ranking.get_by_role("searchbox").fill(f"{city} {name[:6].upper()}")
        assert name in self._column(ranking, "name") and set(self._column(ranking, "city")) == {city}
        ranking.get_by_role("button", name="清除").click()
        expect(ranking.locator("#ranking-table tbody tr")).to_have_count(everyone)

    def test_the_address_holds_the_view(self, ranking: Page) -> None:
        ranking.get_by_role("searchbox").fill("深圳")
        ranking.locator("#ranking-table thead").get_by_role("button", name="得分").click()
        ranking.locator("#tools summary").click()
        ranking.locator("#tools").get_by_label("等级").uncheck()
        shown, address = self._column(ranking, "name"), ranking.url
        assert address.endswith("hide=tier") and "sort=score%2Cdescending" in address
        ranking.goto("about:blank")
        ranking.goto(address)
        assert self._column(ranking, "name") == shown
        assert ranking.locator("#ranking-table tbody tr > :nth-child(6)").first.is_hidden()

    def test_the_keyboard_walks_the_rows(self, ranking: Page) -> None:
        ranking.keyboard.press("j")
        ranking.keyboard.press("j")
        assert ranking.evaluate("document.activeElement.rowIndex") == 2
        ranking.keyboard.press("k")
        assert ranking.evaluate("document.activeElement.rowIndex") == 1
        ranking.keyboard.press("/")
        assert ranking.evaluate("document.activeElement.name") == "q"


def test_five_thousand_rows_answer_at_once(page: Page, show: Any) -> None:
    page.goto(show(render_overview(fictional.overview(count=5000), "zh")))
    took = page.evaluate(
        "() => { const q = document.querySelector('#tools').q; q.value = '深圳 核心'; const start = performance.now();"
        " q.dispatchEvent(new Event('input', {bubbles: true})); return performance.now() - start; }"
    )
    assert page.locator("#ranking-table tbody tr").count() <= 200
    assert took < 1000, took
    page.get_by_role("button", name="清除").click()
    page.get_by_role("button", name="再显示 200 家").click()
    assert page.locator("#ranking-table tbody tr").count() == 400


class TestDossier:
    def test_every_point_is_traced_and_printed_open(self, page: Page, show: Any) -> None:
        page.goto(show(written("dossier")))
        page.emulate_media(media="print")
        assert page.locator("details.crit").count() > 0
        assert page.locator(".trace").first.is_visible()
        assert page.locator(".signatures").is_visible()
        page.emulate_media(media="screen")
        assert page.locator(".signatures").is_hidden()

    def test_a_pillar_of_the_waterfall_leads_to_its_points(self, page: Page, show: Any) -> None:
        page.goto(show(written("dossier")))
        assert page.locator(".trace").first.is_hidden()
        page.locator(".fall tbody a").first.click()
        assert page.locator("details.crit[open]").count() > 0

    def test_the_running_head_is_on_paper_whatever_the_name(self, page: Page, show: Any) -> None:
        hostile = 'A"} body{display:none} /*'
        page.goto(show(render_dossier(fictional.dossier(hostile), "zh")))
        assert page.locator("h1").is_visible()
        style = page.evaluate("document.querySelector('style').textContent")
        assert "@top-left" in style and hostile not in style
