"""Words to a typed tree, by the grammar of SQL: what binds how tightly, and nothing that the language does not have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from screening.errors import Position, Problem
from screening.expression.build import Builder
from screening.expression.syntax import Syntax
from screening.expression.words import Word, read_words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from screening.expression.tree import Kind, Node, Scope

MAX_NODES = 1_000
MAX_DEPTH = 48
MAX_PROBLEMS = 20
"""Problems kept per expression: a hostile text could yield thousands."""


@dataclass
class Refusals:
    """Collects problems and gives each its line and column."""

    text: str
    position: Position | None = None
    line_text: str = ""
    found: list[Problem] = field(default_factory=list)

    def add(self, code: str, message: str, offset: int = 0, remedy: str = "") -> None:
        """Note a problem at `offset` in the text."""
        if len(self.found) < MAX_PROBLEMS:
            self.found.append(Problem(code, message, self._place(offset), remedy, line_text=self.line_text))

    def _place(self, offset: int) -> Position | None:
        """Return the very word when the text stands literally in its line, else where the text begins."""
        where = self.position
        if where is None or not where.column or not self.text:
            return where
        written = self.text.strip()
        begins = next(
            (start for start in (where.column - 1, where.column) if self.line_text.startswith(written, start)), -1
        )
        if begins < 0 and self.line_text.count(written) == 1:
            begins = self.line_text.index(written)
        inside = offset - (len(self.text) - len(self.text.lstrip()))
        return Position(where.file, where.line, begins + max(inside, 0) + 1) if begins >= 0 else where


def parse_tree(
    text: str,
    scope: Scope,
    catalogues: Collection[str],
    row_level: bool,
    expect: Kind | Literal["any"],
    refusals: Refusals,
) -> Node | None:
    """Return the typed tree of `text`, or None after noting every problem in `refusals`."""
    words = read_words(text, frozenset(scope), refusals.add)
    if words is None:
        return None
    condition = _parse(words, refusals)
    if condition is None or not _is_small(condition, refusals):
        return None
    builder = Builder(words, scope, catalogues, row_level, refusals.add)
    tree = builder.build(condition)
    return tree if tree is None or expect == "any" else builder.fit(tree, expect, condition)


def _parse(words: tuple[Word, ...], refusals: Refusals) -> Syntax | None:
    parser = _Parser(words)
    try:
        found = parser.either()
        if parser.at == len(words):
            return found
    except RecursionError:
        refusals.add("expression/too-deep", "the expression is nested too deep", 0, "split it into named facts")
        return None
    except _StoppedError:
        pass
    _report(min(parser.at, len(words) - 1), words, refusals)
    return None


class _StoppedError(Exception):
    """The grammar cannot go on at the word where the parser stands."""


class _Parser:
    """Reads words from left to right, the loosest binding first."""

    def __init__(self, words: tuple[Word, ...]) -> None:
        self.words, self.at = words, 0

    def _take(self, *wanted: str) -> str:
        """Step over the next word where it is one of the signs or keywords wanted, and return it; else nothing."""
        if self.at < len(self.words):
            word = self.words[self.at]
            if word.form in ("sign", "keyword") and word.text in wanted:
                self.at += 1
                return word.text
        return ""

    def _need(self, wanted: str) -> None:
        if not self._take(wanted):
            raise _StoppedError

    def either(self) -> Syntax:
        """Conditions joined by `or`."""
        return self._chain("or", self._both)

    def _both(self) -> Syntax:
        return self._chain("and", self._equality)

    def _chain(self, joint: Literal["and", "or"], inner: Callable[[], Syntax]) -> Syntax:
        items = [inner()]
        while self._take(joint):
            items.append(inner())
        return items[0] if len(items) == 1 else Syntax(joint, items)

    def _equality(self) -> Syntax:
        return self._of_two(self._comparison, "=", "<>")

    def _comparison(self) -> Syntax:
        return self._of_two(self._range, "<", "<=", ">", ">=")

    def _sum(self) -> Syntax:
        return self._of_two(self._product, "+", "-")

    def _product(self) -> Syntax:
        return self._of_two(self._unary, "*", "/")

    def _of_two(self, inner: Callable[[], Syntax], *signs: str) -> Syntax:
        left = inner()
        while sign := self._take(*signs):
            left = Syntax(sign, [left, inner()])
        return left

    def _range(self) -> Syntax:
        """A value, and whether it lies between two others, is in a list, is null."""
        found, negated = self._sum(), bool(self._take("not"))
        if self._take("between"):
            low = self._sum()
            self._need("and")
            found = Syntax("between", [found, low, self._sum()])
        elif self._take("in"):
            found = Syntax("in", [found, *(self._listed() if self._take("(") else self._unlisted())])
        elif negated:
            self._need("null")
            found = Syntax("is", [found, Syntax("null")])
        if negated:
            found = Syntax("not", [found])
        while self._take("is"):
            negated = bool(self._take("not"))
            found = Syntax("is", [found, self._sum()])
            found = Syntax("not", [found]) if negated else found
        return found

    def _unlisted(self) -> list[Syntax]:
        """Step over what stands after `in` without brackets: that is refused by what it is, not by its place."""
        self._unary()
        return []

    def _listed(self) -> list[Syntax]:
        """What stands between brackets, up to the closing one."""
        items: list[Syntax] = []
        while not self._take(")"):
            if items:
                self._need(",")
            items.append(self.either())
        return items

    def _unary(self) -> Syntax:
        if self._take("not"):
            return Syntax("not", [self._equality()])
        if self._take("-"):
            return Syntax("negative", [self._unary()])
        return self._unary() if self._take("+") else self._single()

    def _single(self) -> Syntax:
        if self._take("("):
            items = self._listed()
            return Syntax("paren" if len(items) == 1 else "list", items)
        if self._take("case"):
            return self._case()
        if self._take("*"):
            return Syntax("star")
        if constant := self._take("true", "false", "null"):
            return Syntax("null" if constant == "null" else "constant", value=constant == "true")
        if self.at == len(self.words) or self.words[self.at].form in ("sign", "keyword"):
            raise _StoppedError
        at = self.at
        self.at += 1
        if self.words[at].form in ("call", "name") and self._take("("):
            return Syntax("call", self._listed(), word=at)
        return Syntax("leaf", word=at)

    def _case(self) -> Syntax:
        subject = None if self.words[self.at : self.at + 1] and self._is_next("when") else self.either()
        branches: list[Syntax] = []
        while self._take("when"):
            when = self.either()
            self._need("then")
            branches.append(Syntax("branch", [when, self.either()]))
        if not branches:
            raise _StoppedError
        default = self.either() if self._take("else") else None
        self._need("end")
        return Syntax("case", branches, subject=subject, default=default)

    def _is_next(self, keyword: str) -> bool:
        return self.words[self.at].form == "keyword" and self.words[self.at].text == keyword


def _report(index: int, words: tuple[Word, ...], refusals: Refusals) -> None:
    """Say where the grammar stopped."""
    word = words[index]
    remedy = "see the list of operators and functions in the rules reference"
    if word.text == "," and index and words[index - 1].form == "number":
        remedy = "write numbers without separators between thousands"
    elif word.form in ("name", "call", "number", "text", "date"):
        remedy = "an operator such as and, or, =, >= is missing before it"
    elif index == len(words) - 1:
        remedy = "something is missing after it"
    refusals.add("expression/syntax", f"the expression cannot be read at '{word.text}'", word.start, remedy)


def _is_small(condition: Syntax, refusals: Refusals) -> bool:
    """Tell whether the parts are within their limits. Chains of and/or are flat, however long."""
    waiting = [(condition, 1)]
    count = 0
    while waiting:
        part, depth = waiting.pop()
        count += max(len(part.items) - 1, 1) if part.kind in ("and", "or") else part.kind != "paren"
        if depth + (part.word >= 0) > MAX_DEPTH:
            refusals.add(
                "expression/too-deep",
                f"the expression is nested more than {MAX_DEPTH} deep",
                0,
                "split it into named facts",
            )
            return False
        if count > MAX_NODES:
            refusals.add(
                "expression/too-large",
                f"the expression has more than {MAX_NODES:,} parts",
                0,
                "split it into named facts, or keep a list in a catalogue file",
            )
            return False
        waiting += [(inner, depth + 1) for inner in part.inside()]
    return True
