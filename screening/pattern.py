"""Regular expressions of a pack: taken as sound where they are plain, else compiled by the engines that will run them.

polars runs those of texts, DuckDB those of phrases. Both run in linear time and bound the size of what they compile; neither takes
all that Python's `re` takes. A plain pattern (words, choices, sets, bounded repetition) means the same to both and is far from
their bounds, so nobody loads an engine to ask: of the shipped packs every pattern is plain.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

Engine = Literal["text", "phrase"]
"""`text`: polars, over whole texts and clauses. `phrase`: DuckDB, over the words around a hit."""

LARGEST, LARGEST_REPEATED = 3_000, 1_000
"""Signs that a plain pattern, and a repeated part of it, may have when repetitions are written out: what both engines take of any sign."""
_DEEPEST = 20

_TOKEN = re.compile(
    r"(?P<open>\((?:\?:)?)|(?P<close>\))|(?P<or>\|)|(?P<edge>\^|\$|\\[Az])"
    r"|(?P<times>[*+?]|\{\d{1,3}(?:,\d{0,3})?\})\??"
    r"|(?P<one>\[\^?(?:[^\[\]\\&~^-](?:-[^\[\]\\&~^-])?|\\[sS])+\]|\\[sSd.\[\]{}()|*+?^$-]|[^\\\[\]{}()|*+?^$])",
    re.DOTALL,
)


class _Plain(NamedTuple):
    """What is known of a part of a pattern: how many signs it has written out, and whether it finds the empty text."""

    size: int
    empty: bool


class _NotPlainError(ValueError):
    pass


def pattern_fault(pattern: str, engine: Engine) -> str:
    """Say why an engine refuses a pattern, empty when it takes it.

    >>> pattern_fault("不含.{0,9}", "text"), bool(pattern_fault("(?=x)", "text"))
    ('', True)
    """
    if _plain(pattern) is not None:
        return ""
    import duckdb  # noqa: PLC0415 - the engines take longer to load than all other checks together
    import polars as pl  # noqa: PLC0415

    try:
        if engine == "text":
            pl.Series([""]).str.contains(pattern)
        else:
            _connection().execute("SELECT regexp_matches('', $1)", [pattern]).fetchall()
    except (pl.exceptions.PolarsError, duckdb.Error, ValueError) as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        return (lines[-1] if lines else type(error).__name__).removeprefix("error: ")[:160]
    return ""


def is_everywhere(pattern: str) -> bool:
    """Tell whether a pattern of texts finds even an empty text, so that it says nothing of any."""
    plain = _plain(pattern)
    if plain is not None:
        return plain.empty
    import polars as pl  # noqa: PLC0415

    return bool(pl.Series([""]).str.contains(pattern)[0])


@functools.lru_cache(maxsize=1024)
def _plain(pattern: str) -> _Plain | None:
    """Return what is known of a plain pattern, None for any other."""
    try:
        tokens = _tokens(pattern)
        found = _choice(tokens, 0)
        if next(tokens, None) is not None:  # a bracket too many
            return None
    except _NotPlainError:
        return None
    return found if found.size <= LARGEST else None


def _tokens(pattern: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(pattern):
        found = _TOKEN.match(pattern, at)
        if found is None:
            raise _NotPlainError
        at = found.end()
        kind = str(found.lastgroup)
        yield kind, found[kind]
    yield "close", ""


def _choice(tokens: Iterator[tuple[str, str]], depth: int) -> _Plain:
    """Read up to the bracket that closes this group: choices, each a sequence of parts."""
    size, empty, found = 0, False, [_Plain(1, empty=True)]
    may_repeat = False
    for kind, said in tokens:
        repeats, may_repeat = may_repeat, kind in ("open", "one")
        if kind == "times":
            if not repeats:
                raise _NotPlainError
            found.append(_repeated(found.pop(), said))
        elif kind == "open":
            if depth == _DEEPEST:
                raise _NotPlainError
            found.append(_choice(tokens, depth + 1))
        elif kind in ("edge", "one"):
            if any(first > last for first, last in re.findall("(.)-(.)", said, re.DOTALL)):
                raise _NotPlainError
            found.append(_Plain(1, kind == "edge"))
        else:
            if (said == "") != (depth == 0) and kind == "close":
                raise _NotPlainError
            size, empty = size + sum(part.size for part in found), empty or all(part.empty for part in found)
            if kind == "close":
                break
            found = [_Plain(1, empty=True)]
    return _Plain(size, empty)


def _repeated(part: _Plain, times: str) -> _Plain:
    least, _, most = times.strip("{}").partition(",")
    if not least.isdigit():
        return _Plain(part.size + 1, part.empty or times in "*?")
    last = int(most or least)
    if int(least) > last or part.size * last > LARGEST_REPEATED:
        raise _NotPlainError
    return _Plain(part.size * max(last, 1) + 1, part.empty or not int(least))


@functools.cache
def _connection() -> duckdb.DuckDBPyConnection:
    import duckdb  # noqa: PLC0415

    return duckdb.connect(config={"enable_external_access": "false", "threads": 1})
