"""Records to one self-contained HTML string: the only place that knows Jinja.

A page carries its style and its few lines of script inline, and a policy that allows nothing else: the two are named by
their hash, so markup that slipped into a company's name could neither run nor load anything.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import hashlib
import importlib.metadata
import importlib.resources
import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator
from jinja2.visitor import NodeTransformer

from screening.report import sentences, wording
from screening.report.backtest_page import backtest_page
from screening.report.checklist_page import checklist_page
from screening.report.comparison_page import comparison_page
from screening.report.coverage_page import coverage_page, reached
from screening.report.difference_page import difference_view
from screening.report.dossier_page import dossier_page
from screening.report.evaluation_page import evaluation_view
from screening.report.evidence import snippets
from screening.report.figures import cut, plain
from screening.report.fund_view import exited_says, held_says, limit_says, of_run_says
from screening.report.overview_view import overview_view
from screening.report.page import NO_LINKS
from screening.report.phrases import Phrases
from screening.report.printer import printer
from screening.report.wording import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2.bccache import Bucket
    from jinja2.compiler import Frame

    from screening.report.checklist_page import ChecklistPage
    from screening.report.comparison_page import ComparisonPage
    from screening.report.coverage_page import CoveragePage
    from screening.report.page import Links, PageView
    from screening.report.printer import Printer
    from screening.report.wording import Lang
    from screening.result.backtest import Backtest
    from screening.result.company import CompanyRecord
    from screening.result.coverage import PlanCoverage
    from screening.result.difference import Difference
    from screening.result.evaluation_records import Evaluation, PackNames
    from screening.result.overview import Overview


class _View(Protocol):
    """Any view-model: they share the head and foot of the page."""

    @property
    def page(self) -> PageView: ...


RANKING_ROWS = 5000
"""Rows of the ranking on the overview, most of them as data for the table's script; 5,000 make about 1 MB."""


def render_overview(overview: Overview, lang: Lang = "zh", rows: int = RANKING_ROWS, links: Links = NO_LINKS) -> str:
    """Return the overview of a run as one HTML document; at most `rows` companies are listed."""
    p = printer(lang, overview.run)
    return _render(
        "overview.html.j2",
        overview_view(overview, p, rows, links),
        p,
        o=overview,
        reached=reached,
        held_says=held_says,
        exited_says=exited_says,
        limit_says=limit_says,
        of_run_says=of_run_says,
    )


def render_dossier(record: CompanyRecord, lang: Lang = "zh", links: Links = NO_LINKS) -> str:
    """Return the dossier of one company as one HTML document."""
    p = printer(lang, record.run)
    view = dossier_page(record, p, links)
    phrases = Phrases(record, p, view.longest)
    named = {name: getattr(phrases, name) for name in vars(Phrases) if not name.startswith("_")}
    return _render("dossier.html.j2", view, p, **named, r=record, say=sentences, snippets=snippets)


def coverage_view(coverage: PlanCoverage, lang: Lang = "zh") -> CoveragePage:
    """Return the plan against the pool in words."""
    return coverage_page(coverage, printer(lang, coverage.run))


def render_coverage(coverage: PlanCoverage, lang: Lang = "zh") -> str:
    """Return the plan against the pool as one HTML document."""
    p = printer(lang, coverage.run)
    return _render("coverage.html.j2", coverage_page(coverage, p), p)


def render_backtest(found: Backtest, lang: Lang = "zh") -> str:
    """Return the page of a back-test as one HTML document."""
    p = printer(lang, found.run)
    return _render("backtest.html.j2", backtest_page(found, p), p)


def render_evaluation(evaluation: Evaluation, pack: PackNames, lang: Lang = "zh") -> str:
    """Return the page of an evaluation as one HTML document."""
    p = printer(lang)
    return _render("evaluation.html.j2", evaluation_view(evaluation, pack, p), p)


def checklist(record: CompanyRecord, lang: Lang = "zh") -> ChecklistPage:
    """Return what to ask a company for, in ready strings."""
    return checklist_page(record, printer(lang, record.run))


def render_checklist(record: CompanyRecord, lang: Lang = "zh") -> str:
    """Return what to ask a company for as one HTML document."""
    p = printer(lang, record.run)
    return _render("checklist.html.j2", checklist_page(record, p), p)


def comparison(records: Sequence[CompanyRecord], lang: Lang = "zh") -> ComparisonPage:
    """Return companies of one run side by side, in ready strings."""
    return comparison_page(records, printer(lang, records[0].run))


def render_comparison(records: Sequence[CompanyRecord], lang: Lang = "zh") -> str:
    """Return companies of one run side by side as one HTML document."""
    p = printer(lang, records[0].run)
    return _render("comparison.html.j2", comparison_page(records, p), p)


def render_difference(difference: Difference, lang: Lang = "zh") -> str:
    """Return the page of a difference between two runs as one HTML document."""
    p = printer(lang)
    return _render("difference.html.j2", difference_view(difference, p.words), p)


def _render(template: str, view: _View, p: Printer, **more: object) -> str:
    # A margin box that names the page: a string set by an element does not reach it in Chromium, a literal does.
    style, script = _asset("page.css") + _running_head(view.page.running), _asset("page.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    context = {"v": view, "page": view.page, "t": p.words, "p": p, "style": style, "script": script, "policy": policy}
    return environment(p.lang).get_template(template).render({**context, **more})


def _running_head(text: str) -> str:
    """Return the margin boxes of the printed page; every character of the text is escaped, so it can leave no string."""
    if not text:
        return ""
    safe = "".join(f"\\{ord(c):x} " for c in cut(text, 120))
    return f'@page{{@top-left{{content:"{safe}"}}}}@page:first{{@top-left{{content:""}}}}'


class _Direct(CodeGenerator):
    """Attributes, calls and texts of a page as plain Python: ours bear none of the marks that Jinja looks for at each of some ten thousand."""

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        """Read an attribute; one that is not there is an error, never an empty text."""
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802, FBT001, FBT002
        """Call a function of the program or a macro."""
        if forward_caller or node.dyn_args or node.dyn_kwargs:
            super().visit_Call(node, frame, forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for given in (*node.args, *node.kwargs):
            self.visit(given, frame)
            self.write(", ")
        self.write(")")


class _Said(NodeTransformer):
    """Puts the words of one language into a template as it is compiled, but for those in which a pack has its own name for companies."""

    def __init__(self, lang: Lang) -> None:
        self.words = Words(lang)

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802
        """`t("key")` is the sentence itself."""
        self.generic_visit(node)
        match node:
            case nodes.Call(node=nodes.Name(name="t"), args=[nodes.Const(value=str(key))], kwargs=[]) if self.words.shared(key):
                return nodes.Const(self.words(key))
        return node

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:  # noqa: N802
        """`t.lang` is the language."""
        self.generic_visit(node)
        match node:
            case nodes.Getattr(node=nodes.Name(name="t"), attr="lang"):
                return nodes.Const(self.words.lang)
        return node


class _Templates(Environment):
    code_generator_class = _Direct

    def __init__(self, lang: Lang | None) -> None:
        self.lang = lang
        super().__init__(
            loader=PackageLoader("screening.report", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=_Compiled(lang or "both"),
        )
        self.filters |= {"cut": cut, "plain": plain}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed = super()._parse(source, name, filename)
        if self.lang is not None:
            _Said(self.lang).visit(parsed)
        return parsed


class _Compiled(FileSystemBytecodeCache):
    """Compiled templates of one language beside the compiled modules of the program, kept and trusted as these are.

    Never in a folder for data: what is loaded from here runs.
    """

    def __init__(self, lang: str) -> None:
        beside = Path(importlib.util.cache_from_source(str(Path(__file__).parent / "templates" / "page.py"))).parent
        super().__init__(str(beside), f"%s.{lang}.jinja-{importlib.metadata.version('jinja2')}.{_code()}")

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template, where Python keeps modules and this user may."""
        if not sys.dont_write_bytecode:
            with contextlib.suppress(OSError):
                Path(self.directory).mkdir(parents=True, exist_ok=True)
                super().dump_bytecode(bucket)


@functools.cache
def _code() -> str:
    """Return what the compiled form of a template depends on beside its text: this module and the words."""
    files = (Path(__file__), Path(wording.__file__), Path(wording.__file__).with_name(wording.LABELS))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]


@functools.cache
def environment(lang: Lang | None = None) -> Environment:
    """Return the templates in a language; None: those of a page in both."""
    return _Templates(lang)


@functools.cache
def _asset(name: str) -> str:
    return importlib.resources.files("screening.report").joinpath("static", name).read_text(encoding="utf-8")


def script_hash() -> str:
    """Return the hash by which the policy of a page names the one script that may run in it, in base64."""
    return _hash(_asset("page.js")).removeprefix("sha256-")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
