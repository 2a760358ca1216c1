"""The words of an expression: text to a flat list, with everything the language lacks refused where it stands.

This pass is linear and never recursive, so a hostile text is refused before any grammar looks at it.
"""

from __future__ import annotations

import re
import typing
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from screening.expression.printing import number_text
from screening.quantity import parse_quantity

if typing.TYPE_CHECKING:
    from screening.catalog import Unit

MAX_LENGTH = 4_000
MAX_WORDS = 1_500
MAX_NESTING = 24

Form = typing.Literal["name", "call", "number", "text", "date", "keyword", "sign"]
Refuse = Callable[[str, str, int, str], None]
"""Takes a code, a message, an offset into the text and a remedy."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word, and where it starts and ends (exclusive) in the text. The text of a literal is its content.

    A number with a unit (`5%`, `500万元`) is in the unit's own scale: 0.05, 5000000.
    """

    form: Form
    text: str
    start: int
    end: int
    unit: Unit | None = None


KEYWORDS = frozenset(
    ("and", "or", "not", "in", "is", "between", "null", "true", "false", "case", "when", "then", "else", "end")
)

_WORD = re.compile(
    r"""(?P<blank>\s+|--[^\n]*|/\*.*?\*/)
    |(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![.0-9]))
    |(?P<wrong>[0-9][0-9.]*)
    |(?P<text>'(?:[^']|'')*')
    |(?P<name>[^\W\d]\w*)
    |(?P<other>/\*.*|->>|->|::|:=|\|\||&&|==|=>|\*\*|//|\?\?|!~~?\*?|~~\*?|\$\$|\$\w*|:[^\W\d]\w*|[＞＜]＝|"[^"]*"?)
    |(?P<sign><>|!=|<=|>=|[=<>+\-*/(),])
    |(?P<stray>.)""",
    re.X | re.S,
)

_ASCII_FOR: Mapping[str, str] = {
    "（": "(",
    "）": ")",
    "，": ",",
    "、": ",",
    "＞": ">",
    "＜": "<",
    "＝": "=",
    "≥": ">=",
    "≤": "<=",
    "≠": "<>",
    "＞＝": ">=",
    "＜＝": "<=",
    "‘": "'",
    "’": "'",
    "“": "'",
    "”": "'",
    "＋": "+",
    "－": "-",
    "−": "-",
    "×": "*",
    "＊": "*",
    "÷": "/",
    "／": "/",
    "；": ";",
    "。": ".",
}

_REFUSED: Mapping[str, tuple[str, str]] = {
    "/*": ("a comment that is not closed", "close it with */"),
    "::": ("a cast", "types are declared in the tables, never cast here"),
    "->": ("a JSON arrow or lambda", "only plain columns and the listed functions exist here"),
    "->>": ("a JSON arrow", "only plain columns and the listed functions exist here"),
    "=>": ("a named argument", "give arguments by position"),
    ":=": ("an assignment", "write = to compare"),
    "==": ("the operator ==", "write = to compare"),
    "||": ("joining texts with ||", "write or for a condition; texts cannot be joined"),
    "&&": ("the operator &&", "write and"),
    "??": ("the operator ??", "write coalesce(a, b) in a row filter, or `if_none:` of the fact"),
    "**": ("a power", "multiply: x * x"),
    "^": ("a power", "multiply: x * x"),
    "//": ("whole division", "write floor(a / b)"),
    "%": ("the remainder operator %", "a percentage is written as a fraction: 5% is 0.05"),
    "~": ("a pattern match", "write contains(x, 'part') or starts_with(x, 'beginning')"),
    "~~": ("a pattern match", "write contains(x, 'part') or starts_with(x, 'beginning')"),
    "?": ("a placeholder", "write the value, or the id of a parameter of the pack"),
    "$": ("a placeholder", "write the value, or the id of a parameter of the pack"),
    ":": ("a placeholder", "write the value, or the id of a parameter of the pack"),
    ";": ("a second statement", "write one condition or formula"),
    "[": ("a list or an element of one", "write in (…) for a list of values"),
    "{": ("a structure", "only plain values exist here"),
    ".": ("a qualified name", "write the name alone, without a table before it"),
    "!": ("the operator !", "write not, or <> for unequal"),
    "@": ("the sign @", ""),
    "#": ("the sign #", "comments start with --"),
    "`": ("a quoted name", "write names plainly"),
    "&": ("the operator &", "write and"),
    "|": ("the operator |", "write or"),
    "\\": ("the sign \\", ""),
}

_PATTERN = ("a pattern match", "write contains(x, 'part') or starts_with(x, 'beginning')")
_REFUSED_NAMES: Mapping[str, tuple[str, str]] = {
    "select": ("a subquery", "values over child tables are facts: `from:`, `take:`, `where:`"),
    "exists": ("EXISTS", "use a fact over the child table: `take: any`"),
    "over": ("a window", "ranking among peers is `relative:` of a criterion"),
    "like": _PATTERN,
    "ilike": _PATTERN,
    "similar": _PATTERN,
    "glob": _PATTERN,
    "regexp": _PATTERN,
    "rlike": _PATTERN,
    "cast": ("a cast", "types are declared in the tables, never cast here"),
    "try_cast": ("a cast", "types are declared in the tables, never cast here"),
    "interval": ("an interval", "use months_between, years_between or days_between"),
    "lambda": ("a lambda", "only plain columns and the listed functions exist here"),
    "distinct": ("DISTINCT", "count different values with a fact: `take: distinct`"),
    "union": ("UNION", "write one condition or formula"),
    "from": ("FROM", "values over child tables are facts"),
    "collate": ("COLLATE", "texts are compared code point by code point"),
    "xor": ("XOR", "write (a and not b) or (b and not a)"),
    "any": ("ANY", "write in (…)"),
    "all": ("ALL", "write not in (…)"),
    "as": ("a cast or an alias", "name a value by making it a fact"),
}

_BEFORE_NOT = frozenset({"and", "or", "when", "then", "else", "(", ","})


def read_words(text: str, known: frozenset[str], refuse: Refuse) -> tuple[Word, ...] | None:
    """Return the words of `text`, or None after calling `refuse` for each thing that cannot stand in an expression.

    Names in `known` may be words that SQL uses otherwise (a fact called `all`).
    """
    if len(text) > MAX_LENGTH:
        refuse(
            "expression/too-long",
            f"the expression has {len(text):,} characters, the most is {MAX_LENGTH:,}",
            0,
            "split it into named facts",
        )
        return None
    count = 0

    def stop(code: str, message: str, offset: int, remedy: str) -> None:
        nonlocal count
        count += 1
        refuse(code, message, offset, remedy)

    words = _split(text, known, stop)
    if not words and not count:
        stop("expression/empty", "the expression is empty", 0, "write a condition or a formula")
    if len(words) > MAX_WORDS:
        stop(
            "expression/too-large",
            f"the expression has {len(words):,} words, the most is {MAX_WORDS:,}",
            0,
            "split it into named facts, or keep a list in a catalogue file",
        )
    else:
        _check_nesting(words, stop)
    return None if count else words


def _split(text: str, known: frozenset[str], refuse: Refuse) -> tuple[Word, ...]:
    words: list[Word] = []
    for match in _WORD.finditer(text):
        form, start, end, said = match.lastgroup, match.start(), match.end(), match[0]
        if hidden := next((c for c in said if unicodedata.category(c) in ("Cc", "Cf") and c not in "\n\r\t"), None):
            refuse(
                "expression/hidden-character",
                f"an invisible character (U+{ord(hidden):04X}) stands in the expression",
                start + said.index(hidden),
                "delete it and type the word again",
            )
        elif form == "blank":
            continue
        elif form == "number":
            words.append(Word("number", said, start, end))
        elif form == "text":
            _add_text(words, said[1:-1].replace("''", "'"), start, end)
        elif form == "name":
            _add_name(words, said, start, end, text, known, refuse)
        elif form == "sign":
            words.append(Word("sign", "<>" if said == "!=" else said, start, end))
        else:
            _refuse_sign(words, said, start, text, refuse)
    return tuple(words)


def _add_text(words: list[Word], content: str, start: int, end: int) -> None:
    if words and words[-1].form == "name" and words[-1].text.lower() == "date":
        start = words.pop().start
        words.append(Word("date", content, start, end))
    else:
        words.append(Word("text", content, start, end))


def _add_name(
    words: list[Word], said: str, start: int, end: int, text: str, known: frozenset[str], refuse: Refuse
) -> None:
    lower = said.lower()
    if lower in KEYWORDS:
        words.append(Word("keyword", lower, start, end))
    elif _carries_unit(words, said, text[words[-1].end : start] if words else ""):
        _take_unit(words, said, text, end, refuse)
    elif text[end:].lstrip()[:1] == "(" and lower not in _REFUSED_NAMES:
        words.append(Word("call", said, start, end))
    elif lower in _REFUSED_NAMES and said not in known:
        what, remedy = _REFUSED_NAMES[lower]
        refuse("expression/not-allowed", f"{what} cannot stand in an expression", start, remedy)
    else:
        words.append(Word("name", said, start, end))


def _carries_unit(words: list[Word], said: str, between: str) -> bool:
    """Tell whether `said` is the unit of the number before it, or grown together with it."""
    if not words or words[-1].form != "number" or between.strip():
        return False
    return not between or parse_quantity(f"{words[-1].text}{said}") is not None


def _take_unit(words: list[Word], unit: str, text: str, end: int, refuse: Refuse) -> None:
    """Put the unit to the number before it."""
    number = words[-1]
    quantity = parse_quantity(f"{number.text}{unit}") if number.unit is None else None
    if quantity is None:
        refuse(
            "expression/number",
            f"'{text[number.start : end]}' is neither a number nor a name",
            number.start,
            "leave a space between a number and a word, and start names with a letter",
        )
    else:
        words[-1] = Word("number", number_text(quantity.value), number.start, end, typing.cast("Unit", quantity.unit))


def _refuse_sign(words: list[Word], said: str, start: int, text: str, refuse: Refuse) -> None:
    if said in "%％" and words and words[-1].form == "number":
        _take_unit(words, "%", text, start + 1, refuse)
    elif said in _ASCII_FOR:
        refuse(
            "expression/full-width",
            f"'{said}' is a full-width or typographic sign",
            start,
            f"type {_ASCII_FOR[said]} instead",
        )
    elif said.startswith('"'):
        refuse(
            "expression/quotes",
            f"double quotes around {said} mean nothing here",
            start,
            f"texts stand in single quotes: '{said.strip(chr(34))}'; names stand without quotes",
        )
    elif said == "'":
        refuse("expression/quotes", "a text is not closed", start, "close it with a single quote")
    elif said in ")]}":
        refuse("expression/not-allowed", f"'{said}' cannot stand in an expression", start, "")
    elif said[0].isdigit():
        refuse("expression/number", f"'{said}' is not a number", start, "write digits with at most one decimal point")
    else:
        key = next((key for key in (said, said[:2], said[:1]) if key in _REFUSED), "")
        what, remedy = _REFUSED.get(key, (f"the sign {said}", ""))
        refuse("expression/not-allowed", f"{what} cannot stand in an expression", start, remedy)


def _check_nesting(words: tuple[Word, ...], refuse: Refuse) -> None:
    """Refuse what would make a recursive grammar dig deep: brackets, cases and chains of prefix signs."""
    opened: list[Word] = []
    before = ""
    for i, word in enumerate(words):
        said = word.text if word.form in ("sign", "keyword") else ""
        after = words[i + 1].text if i + 1 < len(words) else ""
        prefix = not before or before in _BEFORE_NOT
        if said in ("(", "case"):
            opened.append(word)
            if len(opened) > MAX_NESTING:
                refuse(
                    "expression/too-deep",
                    f"brackets and cases are nested more than {MAX_NESTING} deep",
                    word.start,
                    "split the expression into named facts",
                )
                return
        elif said in (")", "end"):
            if not opened or opened[-1].text != ("(" if said == ")" else "case"):
                refuse("expression/syntax", f"'{said}' closes nothing", word.start, "")
                return
            opened.pop()
        elif said == "not" and before != "is" and not prefix and after not in ("in", "between"):
            refuse(
                "expression/syntax", "'not' cannot stand here", word.start, "put the negated part in brackets: (not x)"
            )
        elif (said in ("-", "+") and before in ("-", "+")) or (said == "+" and prefix):
            refuse("expression/syntax", f"'{said}' cannot stand here", word.start, "write one sign, or put brackets")
        before = said or "value"
    for word in opened:
        what = "bracket" if word.text == "(" else "case"
        refuse(
            "expression/syntax", f"this {what} is not closed", word.start, "add )" if what == "bracket" else "add end"
        )
