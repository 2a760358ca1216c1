"""What both pages share: masthead, colophon, citations and the inert manifest."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from screening.report.figures import DASH, cut, date, plain, short_digest, told, whole

if TYPE_CHECKING:
    from screening.report.wording import Words
    from screening.result.records import Citation, Notice, RunRecord


@dataclass(frozen=True, slots=True)
class Line:
    """A label and its value."""

    label: str
    value: str
    mono: bool = False


@dataclass(frozen=True, slots=True)
class CitationView:
    """Where a rule comes from: the place in words, the quote, and whether it is the plan's or the fund's own."""

    place: str
    quote: str
    basis: str


@dataclass(frozen=True, slots=True)
class PageView:
    """The frame of a page."""

    lang_tag: str
    document_title: str
    kicker: str
    heading: str
    subtitle: str
    synthetic: bool
    colophon: tuple[Line, ...]
    notices: tuple[str, ...]
    files: tuple[tuple[str, str, str], ...]
    manifest: str


def citation(source: Citation, words: Words) -> CitationView:
    """Return a citation in words; a rule without a document is the fund's own and says so."""
    line = words("cite.line", line=source.line) if source.clause and source.line is not None else ""
    place = "".join(part for part in (source.clause, line) if part)
    if source.document:
        place = f"{source.document} {source.clause}".strip()
    own = source.basis == "fund"
    basis = words("cite.fund") if own else ""
    return CitationView(place=place or ("" if own else DASH), quote=plain(source.quote), basis=basis)


def inert(manifest: object) -> str:
    """Return JSON that no HTML parser can leave: `<`, `>`, `&` and the line separators are escaped."""
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, default=str)
    for char, code in (
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        text = text.replace(char, code)
    return text


def _notice(notice: Notice, words: Words) -> str:
    """Return a notice in the language of the page; one that the catalogue has no words for as the program wrote it."""
    values = {name: told(value, words.lang, 200) for name, value in notice.details}
    return words.sentence(
        "notice", notice.code, cut(notice.message, 400), {**values, "message": cut(notice.message, 400)}
    )


def page(run: RunRecord, heading: str, subtitle: str, words: Words) -> PageView:
    """Return the frame of a page about `run`."""
    authority = run.authority
    title = f"《{authority.title}》" if authority and words.lang == "zh" else authority.title if authority else ""
    kicker = " ".join(part for part in (title, authority.number if authority else "") if part)
    basis = words.of("as_of_basis", run.as_of_basis)
    separator = "" if words.lang == "zh" else " "
    colophon = (
        Line(words("run.pack"), f"{run.pack_label.text(words.lang)} {run.pack_version}"),
        Line(words("run.authority"), authority.number if authority else DASH),
        Line(words("run.as_of"), f"{date(run.as_of)}{separator}{words('sign.open')}{basis}{words('sign.close')}"),
        Line(words("run.method"), run.method_version or DASH),
        Line(words("run.id"), run.run_id, mono=True),
        Line(words("run.pack_digest"), short_digest(run.pack_digest), mono=True),
        Line(words("run.result_digest"), short_digest(run.result_digest), mono=True),
    )
    manifest = {**run.manifest, "synthetic": run.synthetic}
    return PageView(
        lang_tag="zh-CN" if words.lang == "zh" else "en",
        document_title=f"{heading} · {run.pack_label.text(words.lang)}",
        kicker=kicker or run.pack_label.text(words.lang),
        heading=heading,
        subtitle=subtitle,
        synthetic=run.synthetic,
        colophon=colophon,
        notices=tuple(_notice(notice, words) for notice in run.notices),
        files=tuple((cut(f.path, 120), short_digest(f.sha256), whole(f.rows)) for f in run.files),
        manifest=inert(manifest),
    )
