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
from types import SimpleNamespace
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from screening.report import wording
from screening.report.figures import cut, plain, whole
from screening.report.wording import Words

if TYPE_CHECKING:
    from jinja2.bccache import Bucket
    from jinja2.compiler import Frame

    from screening.report.page import PageView
    from screening.report.printer import Printer
    from screening.report.wording import Lang


def rendered(template: str, frame: PageView, p: Printer, view: object, **more: object) -> str:
    """Return a page. Its template sees `view`, or the parts of it by name where it is a mapping, as `v`."""
    # A margin box that names the page: a string set by an element does not reach it in Chromium, a literal does.
    style, script = _asset("page.css") + _running_head(frame.running), _asset("page.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    v = SimpleNamespace(**view) if isinstance(view, dict) else view
    context = {"v": v, "page": frame, "t": p.words, "p": p, "style": style, "script": script, "policy": policy}
    return environment(p.lang).get_template(template).render({**context, **more})


def _running_head(text: str) -> str:
    """Return the margin boxes of the printed page; every character of the text is escaped, so it can leave no string."""
    if not text:
        return ""
    safe = "".join(f"\\{ord(c):x} " for c in cut(text, 120))
    return f'@page{{@top-left{{content:"{safe}"}}}}@page:first{{@top-left{{content:""}}}}'


class _Direct(CodeGenerator):
    """Attributes, calls and texts of a page as plain Python: ours bear none of the marks that Jinja looks for at each of some ten thousand."""

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """Read an attribute; one that is not there is an error, never an empty text."""
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:
        """Read an item."""
        self.visit(node.node, frame)
        self.write("[")
        self.visit(node.arg, frame)
        self.write("]")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        self.write("environment.escaped(")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
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

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """`t("key")` is the sentence itself."""
        self.generic_visit(node)
        match node:
            case nodes.Call(node=nodes.Name(name="t"), args=[nodes.Const(value=str(key))], kwargs=[]) if (
                self.words.shared(key)
            ):
                return nodes.Const(self.words(key))
        return node

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:
        """`t.lang` is the language."""
        self.generic_visit(node)
        match node:
            case nodes.Getattr(node=nodes.Name(name="t"), attr="lang"):
                return nodes.Const(self.words.lang)
        return node


@functools.lru_cache(maxsize=5_000)
def _escaped(text: str) -> str:
    return str(escape(text))


def escaped(value: object) -> str:
    """Escape what is put out. The same labels stand on many pages; what is markup already never meets what is kept of plain texts."""
    if type(value) is str:
        return _escaped(value)
    return value if type(value) is Markup else escape(value)


class _Templates(Environment):
    code_generator_class = _Direct
    escaped = staticmethod(escaped)

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
        self.filters |= {"cut": cut, "plain": plain, "whole": whole}

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
