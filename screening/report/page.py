"""What both pages share: masthead, colophon, citations and the inert manifest."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, NamedTuple

from screening.report.figures import DASH, cut, date, full_width, short_digest, told, whole
from screening.translation import chinese

if TYPE_CHECKING:
    from screening.report.printer import Printer
    from screening.report.wording import Words
    from screening.result.records import AuthorityRecord, Notice, RunRecord


class Links(NamedTuple):
    """Where else to go: the overview, the neighbours by rank, and this page in the other language. Empty: nowhere.

    `suffix` ends the name of every page in this language.
    """

    home: str = ""
    before: str = ""
    after: str = ""
    other: str = ""
    suffix: str = ".html"


NO_LINKS = Links()


class PageView(NamedTuple):
    """The frame of a page; `colophon` has a label, a value and whether it is set in equal widths."""

    lang_tag: str
    document_title: str
    kicker: str
    heading: str
    subtitle: str
    synthetic: bool
    colophon: tuple[tuple[str, str, bool], ...]
    notices: tuple[str, ...]
    files: tuple[tuple[str, str, str], ...]
    manifest: str
    links: Links = NO_LINKS
    running: str = ""
    external: bool = False


def inert(manifest: object, *, compact: bool = False) -> str:
    """Return JSON that no HTML parser can leave: `<`, `>`, `&` and the line separators are escaped."""
    separators = (",", ":") if compact else None
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=not compact, default=str, separators=separators)
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
    """Return a notice in the language of the page: the program's sentence, with the pack's labels for what it names by id."""
    if words.lang == "en":
        return cut(notice.message, 400)
    labels = {name: told(value, "zh", 200) for name, value in notice.details}
    return cut(full_width(chinese(notice.code, notice.message, labels) or notice.message), 400)


def _authority(authority: AuthorityRecord, p: Printer) -> str:
    """The number of the document, the days that it states, and what the pack says of its text."""
    days = (("issued", authority.issued_on), ("published", authority.published_on))
    dated = p.listed(p.words(f"run.{name}", date=date(day)) for name, day in days if day)
    told = f"{p.words('sign.open')}{dated}{p.words('sign.close')}" if dated else ""
    return p.joined([authority.number + told, p.told(authority.note) if authority.note else ""])


@functools.lru_cache(maxsize=2)
def _manifest(run: RunRecord) -> str:
    return inert({**run.manifest, "synthetic": run.synthetic})


def page(
    run: RunRecord, heading: str, subtitle: str, p: Printer, links: Links = NO_LINKS, *, whole_digests: bool = False
) -> PageView:
    """Return the frame of a page about `run`; with `whole_digests` the page prints them itself, in full."""
    words = p.words
    authority = run.authority
    title = f"《{authority.title}》" if authority and words.lang == "zh" else authority.title if authority else ""
    kicker = " ".join(part for part in (title, authority.number if authority else "") if part)
    basis = words.of("as_of_basis", run.as_of_basis)
    separator = "" if words.lang == "zh" else " "
    colophon = (
        (words("run.pack"), f"{run.pack_label.text(words.lang)} {run.pack_version}", False),
        (words("run.authority"), _authority(authority, p) if authority else DASH, False),
        (words("run.as_of"), f"{date(run.as_of)}{separator}{words('sign.open')}{basis}{words('sign.close')}", False),
        (words("run.method"), run.method_version or DASH, False),
        (words("run.id"), run.run_id, True),
        *(
            (words(f"run.{name}"), short_digest(digest), True)
            for name, digest in (("pack_digest", run.pack_digest), ("result_digest", run.result_digest))
            if not whole_digests
        ),
    )
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
        manifest=_manifest(run),
        links=links,
        running=f"{heading} · {run.pack_label.text(words.lang)} · {run.run_id}",
        external=run.external,
    )
