"""Words to a typed tree. sqlglot lends its grammar (what binds how tightly) and nothing else.

Every literal, name and function reaches sqlglot as a numbered stand-in, so its own functions, casts and constants never
come into play, each leaf knows its place in the text, and the node classes below are all that can come back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ParseError
from sqlglot.tokenizer_core import Token, TokenType

from screening.errors import Position, Problem
from screening.expression.build import Builder
from screening.expression.words import KEYWORDS, Word, read_words

if TYPE_CHECKING:
    from collections.abc import Collection

    from screening.expression.tree import Kind, Node, Scope

MAX_NODES = 1_000
MAX_DEPTH = 48
MAX_PROBLEMS = 20
"""Problems kept per expression: a hostile text could yield thousands."""

_SIGNS = {
    "(": TokenType.L_PAREN,
    ")": TokenType.R_PAREN,
    ",": TokenType.COMMA,
    "+": TokenType.PLUS,
    "-": TokenType.DASH,
    "*": TokenType.STAR,
    "/": TokenType.SLASH,
    "=": TokenType.EQ,
    "<>": TokenType.NEQ,
    "<": TokenType.LT,
    "<=": TokenType.LTE,
    ">": TokenType.GT,
    ">=": TokenType.GTE,
} | {word: TokenType[word.upper()] for word in KEYWORDS}

_CHAINS = (exp.And, exp.Or)


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


def _parse(words: tuple[Word, ...], refusals: Refusals) -> exp.Expression | None:
    tokens = [
        Token(_SIGNS[word.text], word.text, 1, i, i, i)
        if word.form in ("sign", "keyword")
        else Token(TokenType.VAR, f"{'call' if word.form == 'call' else 'leaf'}_{i}", 1, i, i, i)
        for i, word in enumerate(words)
    ]
    stand_in = " " * len(tokens)
    try:
        found = Dialect.get_or_raise("duckdb").parser().parse_into(exp.Condition, tokens, stand_in)[0]
    except RecursionError:
        refusals.add("expression/too-deep", "the expression is nested too deep", 0, "split it into named facts")
        return None
    except ParseError as error:
        _report(error, words, refusals)
        return None
    return found if isinstance(found, exp.Expression) else None


def _report(error: ParseError, words: tuple[Word, ...], refusals: Refusals) -> None:
    """Say in our own words where the grammar stopped; sqlglot's messages speak of its classes."""
    at = error.errors[0].get("col") if error.errors else None
    index = at if isinstance(at, int) and 0 <= at < len(words) else len(words) - 1
    word = words[index]
    remedy = "see the list of operators and functions in the rules reference"
    if word.text == "," and index and words[index - 1].form == "number":
        remedy = "write numbers without separators between thousands"
    elif word.form in ("name", "call", "number", "text", "date"):
        remedy = "an operator such as and, or, =, >= is missing before it"
    elif index == len(words) - 1:
        remedy = "something is missing after it"
    refusals.add("expression/syntax", f"the expression cannot be read at '{word.text}'", word.start, remedy)


def _is_small(condition: exp.Expression, refusals: Refusals) -> bool:
    """Tell whether the tree is within its limits. Chains of and/or are flat, however long."""
    waiting = [(condition, 1)]
    count = 0
    while waiting:
        node, depth = waiting.pop()
        count += not isinstance(node, exp.Identifier | exp.Paren)
        if depth > MAX_DEPTH:
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
        for child in node.iter_expressions():
            flat = isinstance(node, _CHAINS) and type(child) is type(node)
            waiting.append((child, depth if flat else depth + 1))
    return True
