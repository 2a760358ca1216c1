"""Cells that list several: one row of a file that speaks of several kinds or companies becomes a row for each."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

import polars as pl

from screening.dataset.names import FULL
from screening.dataset.raw import ROW, end_of
from screening.dataset.vocabulary import fold_word, vocabulary
from screening.errors import Position, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from screening.catalog import Table
    from screening.dataset.headers import HeaderMap
    from screening.dataset.raw import RawTable, StoredRows
    from screening.dataset.vocabulary import Vocabulary

    Over = Callable[[Callable[[int], tuple[int, int]], Sequence[int]], Iterable[tuple[int, int]]]

_NUMBERED = re.compile(r"[①-⑳]|(?:^|(?<=[\s;；,，、。]))[(（]?\d{1,2}[)）、.．](?!\d)")
_CLAUSES = re.compile(r"[;；|\r\n。]+")
_WORDS = re.compile(r"(?:[、,，/&\s]|[+＋](?!轮))+|(?<=.)(?:以及|和|与|及(?!以))(?=.)")
_DENIED = re.compile("[无未没非不否拟曾]|历史|解除|移出|撤销|取消|失效|过期")
_LONGEST = 400
_MOST = 50
_SHORTEST_CODE = 4
_MARKS_BESIDE = re.compile(r"[;；|\r\n、]|(?<=[%％\u4e00-\u9fff])[,，]")
_AND = re.compile("以及|和|与|及")
_AND_OTHERS = re.compile(r"等(?:[一二三四五六七八九十\d]*(?:家|人|个)?(?:公司|企业|单位)?)?\s*$")
_SO_MANY = re.compile(r"等?共?(\d{1,2})(?:件|项|个|条|起)(?:专利)?\s*$")
_CODE = re.compile(r"^[0-9A-Z]{15,18}$")
# Marks inside brackets part nothing: `甲公司(原乙、丙)`.
_OPENING, _CLOSING = "(（[【", ")）]】"
_STRONG_MARKS, _WEAK_MARKS = frozenset(";；|\r\n\t"), frozenset("、,，/")
_WEB_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_BLANK_BETWEEN = re.compile(r"(公司|大学|学院|集团|中心|研究院|研究所|厂|合伙[)）])[ \u3000]+(?=\w)")


def kinds_in(text: str, known: Vocabulary) -> tuple[str, ...] | None:
    """Return the words of a cell that lists several; None for one word, for none, and where it cannot be told.

    A word that is not known stays a word of its own. What is denied in a list without clauses (`无失信、被执行记录`) may be
    denied of all of it, so nothing is taken from it.

    >>> kinds_in("失信被执行人2条；历史经营异常", vocabulary("risk_kind")), kinds_in("无失信、行政处罚", vocabulary("risk_kind"))
    (('失信被执行人2条', '历史经营异常'), None)
    """
    if len(text) > _LONGEST or known.read(text).value is not None:
        return None
    clauses = [clause.strip() for clause in _CLAUSES.split(_NUMBERED.sub(";", text)) if clause.strip()]
    found = [word for clause in clauses for word in _words_of(clause, known)]
    nothing = vocabulary("missing")
    assert nothing is not None
    listed = tuple(dict.fromkeys(word for word in found if fold_word(word) not in nothing.words))
    several = 0 < len(listed) <= _MOST and listed != (text.strip(),)
    return listed if several and any(known.read(word).value is not None for word in listed) else None


def _words_of(clause: str, known: Vocabulary) -> list[str]:
    if known.read(clause).value is not None:
        return [clause]
    words = [word for word in _WORDS.split(clause) if word]
    readings = [known.read(word) for word in words]
    told = [reading.value is not None and not reading.negation for reading in readings]
    if len(words) > 1 and (all(told) or (any(told) and not _DENIED.search(clause))):
        return words
    return [clause]


def companies_in(text: str) -> tuple[str, ...] | None:
    """Return the names or codes of a cell that lists several companies, with the persons among them; None for one name.

    >>> companies_in("示例甲公司；示例大学; 张某"), companies_in("Sample Quantum Co., Ltd.")
    (('示例甲公司', '示例大学', '张某'), None)
    """
    if len(text) > _LONGEST:
        return None
    others = _AND_OTHERS.sub("", text)
    for marks, latin in ((_STRONG_MARKS, True), (_STRONG_MARKS | _WEAK_MARKS, False)):
        pieces = _apart(others, marks)
        if not pieces or len(pieces) > _MOST or pieces == (text.strip(),):
            continue
        if all(_CODE.match(piece) for piece in pieces):
            return pieces
        named = [bool(re.search(FULL, piece)) for piece in pieces]
        if any(named) and (latin or all(re.search(r"[\u4e00-\u9fff]", piece) for piece in pieces)):
            return tuple(name for piece in pieces for name in _both(piece))
    both = _both(others)
    return both if len(both) > 1 else None


def _both(text: str) -> tuple[str, ...]:
    """Part `甲公司和乙公司`, where every side is a whole name."""
    sides = _AND.split(text)
    return tuple(sides) if len(sides) > 1 and all(re.search(FULL, side) for side in sides) else (text,)


def _apart(text: str, marks: frozenset[str]) -> tuple[str, ...]:
    depth, current, pieces = 0, "", []
    for character in _BLANK_BETWEEN.sub(r"\1;", _NUMBERED.sub(";", _WEB_BREAK.sub(";", text))):
        depth += (character in _OPENING) - (character in _CLOSING)
        if character in marks and depth <= 0:
            pieces.append(current)
            current = ""
        else:
            current += character
    return tuple(dict.fromkeys(piece.strip() for piece in [*pieces, current] if piece.strip()))


def codes_in(text: str) -> tuple[str, ...] | None:
    """Return the numbers of a cell that lists several patents or records; None for one.

    >>> codes_in("202010000001.X、202010000002.8"), codes_in("(2025)粤0101执1号；(2025)粤0101执2号"), codes_in("1,234")
    (('202010000001.X', '202010000002.8'), ('(2025)粤0101执1号', '(2025)粤0101执2号'), None)
    """
    if len(text) > _LONGEST:
        return None
    marks = _STRONG_MARKS | _WEAK_MARKS - {"/"}
    pieces = _apart(text, marks)
    if counted := _SO_MANY.search(text):
        listed = _apart(text[: counted.start()], marks)
        pieces = listed if len(listed) == int(counted[1]) else pieces
    alike = all(re.search(r"\d", piece) and (len(piece) >= _SHORTEST_CODE or piece[0].isalpha()) for piece in pieces)
    return pieces if 1 < len(pieces) <= _MOST and alike else None


def with_rows_of_lists(raw: RawTable, table: Table, words: dict[str, Vocabulary], over: Over) -> None:
    """Write the rows of `raw` that list several kinds, numbers or companies once for each; they keep their row number.

    What lists as many beside them (`有效;已移出`, `70%、30%`) goes with each in its order. Any other amount or share of such a row
    is left out: whose it is cannot be told. `words`: the vocabulary of each category that is part of the table's key. `over`: who works on
    the ranges of rows that lie somewhere.
    """
    if raw.stored is None:
        raw.frame, several = _written_out(raw.frame, raw.headers, table, words)
    else:
        listing = RowsOfLists(raw.stored, tuple(raw.frame.columns), raw.headers, table, words)
        counted = list(over(listing.counted, raw.stored.starts))
        several = sum(each for _, each in counted)
        if several:
            raw.stored = listing.of_sizes([size for size, _ in counted])
    if not several:
        return
    raw.counted()
    raw.problems.append(
        Problem(
            "data/rows-of-lists",
            f"{raw.label}: {several:,} rows list several companies or kinds; each of them has the row",
            Position(raw.label),
            "to have it otherwise, write one row for each",
            "notice",
            details=(("file", raw.label), ("count", str(several))),
        )
    )


@dataclass(frozen=True, slots=True)
class RowsOfLists:
    """Rows that lie somewhere, those that list several written once for each as they are read; a list never parts at the end of a range.

    `columns`: ROW and the names of the columns. `starts`: where the ranges of `below` begin once they are written out.
    """

    below: StoredRows
    columns: tuple[str, ...]
    headers: HeaderMap
    table: Table
    words: dict[str, Vocabulary]
    starts: Sequence[int] = (0,)
    height: int = 0

    def of_sizes(self, sizes: Sequence[int]) -> RowsOfLists:
        """Return the same rows once it is known how many each range has."""
        ends = list(accumulate(sizes, initial=0))
        return replace(self, starts=tuple(ends[:-1]), height=ends[-1])

    def counted(self, start: int) -> tuple[int, int]:
        """Return of the range that begins at `start` how many rows it has, and how many of those below list several."""
        frame, several = self._range(start)
        return frame.height, several

    def _range(self, start: int, count: int | None = None) -> tuple[pl.DataFrame, int]:
        whole = end_of(start, self.below.starts, self.below.height) - start
        found = self.below.read(start, whole if count is None else min(count, whole))
        named = found.rename(dict(zip(found.columns, self.columns, strict=True)))
        return _written_out(named, self.headers, self.table, self.words)

    def read(self, start: int, count: int, places: Sequence[int] | None = None) -> pl.DataFrame:
        """Return some rows: ROW and the columns, or those at `places`."""
        first = bisect_right(self.starts, start) - 1
        frames: list[pl.DataFrame] = []
        for number in range(first, len(self.starts)):
            missing = start + count - self.starts[number]
            if missing <= 0 and frames:
                break
            # Of rows below there are at least as many once they are written out.
            frames.append(self._range(self.below.starts[number], max(missing, 0))[0])
        rows = pl.concat(frames).slice(start - self.starts[first], count)
        names = [
            self.columns[0],
            *(self.columns[1:] if places is None else [self.columns[place + 1] for place in places]),
        ]
        return rows.select(names).rename({name: str(place) for place, name in enumerate(names[1:])})


def _written_out(
    frame: pl.DataFrame, headers: HeaderMap, table: Table, words: dict[str, Vocabulary]
) -> tuple[pl.DataFrame, int]:
    """Return rows with those that list several written once for each, and how many these are."""
    matched = headers.by_column()
    several = 0
    beside = [match for match in headers.matches if match.column != table.key[0]]
    for column in table.key:
        known = words.get(column)
        if column not in matched or (
            known is None and (column == table.key[0] or table.columns[column].type != "code")
        ):
            continue
        header = matched[column].header
        others = [match for match in beside if match.column != column]
        paired = [match.header for match in others if table.columns[match.column].type != "text"]
        counted = [match.header for match in others if table.columns[match.column].type in ("decimal", "integer")]
        found = {t: p for t in _texts(frame, header) if (p := kinds_in(t, known) if known else codes_in(t))}
        frame, more = _explode(frame, {header: found}, counted, paired=paired, once=True)
        several += more
    named = list(dict.fromkeys(match.header for match in headers.references))
    listed = {header: {t: p for t in _texts(frame, header) if (p := companies_in(t))} for header in named}
    frame, more = _explode(frame, {header: found for header, found in listed.items() if found}, [], others=named)
    return frame, several + more


def _texts(frame: pl.DataFrame, header: str) -> list[str]:
    cells = frame[header].drop_nulls().unique()
    return cells.filter(cells.str.contains(r"[;；|\r\n\t、,，/+＋&\s①-⑳。<]|和|与|及|等")).to_list()


def _in_order(text: str) -> list[str]:
    """Part a cell that goes with a list, keeping what it says twice; marks that stand inside numbers and dates part nothing."""
    pieces = _MARKS_BESIDE.split(_NUMBERED.sub(";", text).strip(" ;"))
    return [piece.strip() for piece in pieces if piece.strip()]


def _explode(
    frame: pl.DataFrame,
    listed: dict[str, dict[str, tuple[str, ...]]],
    counted: Sequence[str],
    others: Sequence[str] = (),
    paired: Sequence[str] = (),
    *,
    once: bool = False,
) -> tuple[pl.DataFrame, int]:
    """Return the rows, and how many were written several times; `once`: not those that were already."""
    if not any(listed.values()):
        return frame, 0
    hit = pl.any_horizontal(pl.col(header).is_in(list(found)) for header, found in listed.items() if found)
    several = frame.select(hit.fill_null(False).alias("hit"))["hit"]
    if once:
        several &= ~frame[ROW].is_duplicated()
    names = frame.columns
    made: list[tuple[object, ...]] = []
    for row in frame.filter(several).iter_rows(named=True):
        parts = {h: listed[h][cell] for h in listed if (cell := row[h]) in listed[h]}
        longest = max(len(pieces) for pieces in parts.values())
        with_it = {h: p for h in paired if row[h] and len(p := _in_order(row[h])) == longest}
        for place in range(longest):
            own = {h: p[place] if len(p) == longest else None for h, p in parts.items()}
            beside = {h: None for h in others if h not in parts}
            said = {h: p[place] for h, p in with_it.items()}
            made.append(tuple({**row, **own, **beside, **dict.fromkeys(counted), **said}[name] for name in names))
        single = {h: row[h] for h in others if h not in parts and row[h]}
        if single:
            made.append(tuple({**row, **dict.fromkeys(parts), **single}[name] for name in names))
    rows = pl.DataFrame(made, schema=frame.schema, orient="row")
    return pl.concat([frame.filter(~several), rows]).sort(names[0], maintain_order=True), int(several.sum())
