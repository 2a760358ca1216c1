"""Records to one self-contained HTML string: the only place that knows Jinja.

A page carries its style and its few lines of script inline, and a policy that allows nothing else: the two are named by
their hash, so markup that slipped into a company's name could neither run nor load anything.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import importlib.resources
from typing import TYPE_CHECKING, Protocol

from jinja2 import Environment, PackageLoader, StrictUndefined

from screening.report.difference_page import difference_view
from screening.report.dossier_view import dossier_view
from screening.report.evaluation_page import evaluation_view
from screening.report.overview_view import overview_view
from screening.report.wording import Lang, Words

if TYPE_CHECKING:
    from screening.report.page import PageView
    from screening.result.difference import Difference
    from screening.result.dossier_records import Dossier
    from screening.result.evaluation_records import EvaluationRecord
    from screening.result.records import Overview


class _View(Protocol):
    """Any view-model: they share the head and foot of the page."""

    @property
    def page(self) -> PageView: ...


RANKING_ROWS = 1000
"""Rows of the ranking on the overview; with 1,000 the page stays near 2 MB, well under the 5 MB a browser likes."""


def render_overview(overview: Overview, lang: Lang = "zh", rows: int = RANKING_ROWS) -> str:
    """Return the overview of a run as one HTML document; at most `rows` companies are listed."""
    words = Words(lang)
    return _render("overview.html.j2", overview_view(overview, words, rows), words)


def render_dossier(dossier: Dossier, lang: Lang = "zh") -> str:
    """Return the dossier of one company as one HTML document."""
    words = Words(lang)
    return _render("dossier.html.j2", dossier_view(dossier, words), words)


def render_evaluation(evaluation: EvaluationRecord, lang: Lang = "zh") -> str:
    """Return the page of an evaluation as one HTML document."""
    words = Words(lang)
    return _render("evaluation.html.j2", evaluation_view(evaluation, words), words)


def render_difference(difference: Difference, lang: Lang = "zh") -> str:
    """Return the page of a difference between two runs as one HTML document."""
    words = Words(lang)
    return _render("difference.html.j2", difference_view(difference, words), words)


def _render(template: str, view: _View, words: Words) -> str:
    style, script = _asset("page.css"), _asset("page.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        _environment()
        .get_template(template)
        .render(
            v=view,
            page=view.page,
            t=words,
            style=style,
            script=script,
            policy=policy,
        )
    )


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("screening.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@functools.cache
def _asset(name: str) -> str:
    return importlib.resources.files("screening.report").joinpath("static", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
