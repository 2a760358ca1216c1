"""Headers of exports matched to the columns of a standard table, with the unit that a header states."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from screening.dataset.amounts import money_unit
from screening.dataset.vocabulary import fold_word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from screening.catalog import Table

_LONGEST_HEADER = 120
LEVELS = " / "
"""Joins the two parts of a two-level header."""


@dataclass(frozen=True, slots=True)
class Match:
    """One header that was matched to a column. `unit` is what the header says in brackets, empty when nothing."""

    column: str
    header: str
    index: int
    unit: str = ""
    declared: bool = False


@dataclass(frozen=True, slots=True)
class HeaderMap:
    """What became of the headers of one table."""

    matches: tuple[Match, ...]
    references: tuple[Match, ...]
    """Headers that may name the parent row, best first (child tables only)."""
    unrecognised: tuple[str, ...]
    absent: tuple[str, ...] = ()
    """Declared headers that the file does not have."""

    def by_column(self) -> dict[str, Match]:
        """Return the matches by standard column."""
        return {match.column: match for match in self.matches}


_BRACKETED = re.compile(r"^(.+?)[(\[【{](.*)[)\]】}]$")
_TAILED = re.compile(r"^(.+?)[/:_,，-](?:单位:?)?([^/:_]{1,8})$")


@cache
def fold_header(header: str) -> str:
    """Return a header as it is compared: folded, without the marks that forms put round names.

    >>> fold_header(" *注册资本（万元） ")
    '注册资本(万元)'
    """
    return fold_word(header).strip("*:_-.、#'\"")


@cache
def _split_unit(folded: str) -> tuple[str, str]:
    for pattern in (_BRACKETED, _TAILED):
        if found := pattern.match(folded):
            unit = re.sub(r"^单位:?", "", found[2])
            if pattern is _BRACKETED or unit == "%" or money_unit(unit) is not None:
                return found[1], unit
    return folded, ""


@cache
def _readings(header: str) -> tuple[tuple[str, str], ...]:
    """Return (name, unit) as `header` may be read, most literal first; the lower level of a two-level header last."""
    parts = [header, *([header.rpartition(LEVELS)[2]] if LEVELS in header else [])]
    found: list[tuple[str, str]] = []
    for part in parts:
        folded = fold_header(part)
        found.append((folded, ""))
        name, unit = _split_unit(folded)
        if name != folded:
            found.append((name.strip("*:_-"), unit))
    return tuple(found)


@cache
def _synonyms(headers: tuple[str, ...], column: str) -> dict[str, int]:
    ranked: dict[str, int] = {}
    for rank, header in enumerate((column, *headers)):
        ranked.setdefault(fold_header(header), rank)
    return ranked


def parent_key(table: Table) -> str | None:
    """Return the column of a child table that names its parent row, None for a root table."""
    return table.key[0] if table.parent else None


def match_headers(headers: Sequence[str], table: Table, declared: Mapping[str, str | None] | None = None) -> HeaderMap:
    """Match `headers` to the columns of `table`.

    Declared headers first (`None` switches a column off); then the usual names, the best-ranked pair first, so that
    `公司名称` beats `名称` for the name. Each header serves one column, but for the references of a child table.
    """
    declared = declared or {}
    matches: dict[str, Match] = {}
    used: set[int] = set()
    absent: list[str] = []
    declared_references: list[Match] = []
    for column, wanted in declared.items():
        if wanted is None:
            continue
        index = _find(headers, wanted)
        if index is None:
            absent.append(wanted)
            continue
        unit = next((u for n, u in _readings(headers[index]) if u), "")
        match = Match(column, headers[index], index, unit, declared=True)
        if column in table.columns:
            matches[column] = match
            used.add(index)
        else:
            declared_references.append(match)
    key = parent_key(table)
    pairs: list[tuple[int, int, int, str, str]] = []
    references: list[tuple[int, int, str]] = []
    for index, header in enumerate(headers):
        for depth, (name, unit) in enumerate(_readings(header) if len(header) <= _LONGEST_HEADER else ()):
            for order, (column_id, spec) in enumerate(table.columns.items()):
                rank = _synonyms(spec.headers, column_id).get(name)
                if rank is None or (spec.derived_from and not spec.headers):
                    continue
                if column_id == key:
                    references.append((rank, index, column_id))
                elif column_id not in declared:
                    pairs.append((rank + 100 * depth, order, index, column_id, unit))
    for _, _, index, column_id, unit in sorted(pairs):
        if column_id not in matches and index not in used:
            matches[column_id] = Match(column_id, headers[index], index, unit)
            used.add(index)
    ordered = [
        Match(column, headers[index], index)
        for _, index, column in sorted(set(references))
        if index not in used or column in declared
    ]
    if key and key in matches:
        ordered.insert(0, matches[key])
    ordered = [*ordered[:1], *declared_references, *ordered[1:]] if key in matches else [*declared_references, *ordered]
    if key and key not in matches and ordered:
        matches[key] = Match(key, ordered[0].header, ordered[0].index, declared=ordered[0].declared)
    seen: dict[int, Match] = {}
    for match in ordered:
        seen.setdefault(match.index, match)
    used |= set(seen)
    left = tuple(header for index, header in enumerate(headers) if index not in used and header)
    in_order = tuple(matches[column] for column in table.columns if column in matches)
    return HeaderMap(in_order, tuple(seen.values()) if key else (), left, tuple(absent))


def _find(headers: Sequence[str], wanted: str) -> int | None:
    folded = fold_header(wanted)
    short = [(index, header) for index, header in enumerate(headers) if len(header) <= _LONGEST_HEADER]
    exact = [index for index, header in short if header == wanted]
    same = [index for index, header in short if fold_header(header) == folded]
    close = [index for index, header in short if any(name == folded for name, _ in _readings(header))]
    return next(iter([*exact, *same, *close]), None)


MAX_COLUMNS = 5_000
SEARCHED_ROWS = 20
"""How many rows from the top a header row is looked for in."""


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """Where the headers stand: `index` counts rows from 0, `levels` is 2 for a two-level header."""

    index: int
    levels: int
    headers: tuple[str, ...]
    recognised: int


def _filled_right(row: Sequence[str | None]) -> list[str]:
    filled: list[str] = []
    for cell in row:
        filled.append(cell.strip() if cell and cell.strip() else (filled[-1] if filled else ""))
    return filled


def _two_level(upper: Sequence[str | None], lower: Sequence[str | None]) -> list[str]:
    joined: list[str] = []
    spread = _filled_right(upper)
    width = max(len(upper), len(lower))
    for place in range(width):
        above = spread[place] if place < len(spread) else ""
        below = (lower[place] or "").strip() if place < len(lower) else ""
        own = (upper[place] or "").strip() if place < len(upper) else ""
        # A header merged downwards stands in the upper row only.
        joined.append(f"{above}{LEVELS}{below}" if below and above and above != below else below or own)
    return joined


def searched_rows(at: int | None) -> int:
    """Return how many rows to hand to `locate_headers`; `at` is a declared header row, from 1."""
    return (SEARCHED_ROWS if at is None else at) + 1


def locate_headers(
    rows: Sequence[Sequence[str | None]],
    table: Table,
    declared: Mapping[str, str | None] | None = None,
    at: int | None = None,
) -> HeaderRow | None:
    """Find the header row among the first rows: the one, or the pair, in which most columns are recognised.

    With `at`, only the row declared so (from 1), alone or with the one below it.
    """
    best: HeaderRow | None = None
    for index in range(min(len(rows), SEARCHED_ROWS)) if at is None else range(at - 1, min(len(rows), at)):
        row = rows[index]
        if len(row) > MAX_COLUMNS:
            continue
        single = [(cell or "").strip() for cell in row]
        candidates = [HeaderRow(index, 1, tuple(single), _recognised(single, table, declared))]
        if index + 1 < len(rows) and len(rows[index + 1]) <= MAX_COLUMNS:
            pair = _two_level(row, rows[index + 1])
            alone = _recognised([(cell or "").strip() for cell in rows[index + 1]], table, declared)
            score = _recognised(pair, table, declared)
            if score > max(candidates[0].recognised, alone):
                candidates.append(HeaderRow(index, 2, tuple(pair), score))
        for candidate in candidates:
            if candidate.recognised and (best is None or candidate.recognised > best.recognised):
                best = candidate
    return best


def _recognised(headers: Sequence[str], table: Table, declared: Mapping[str, str | None] | None) -> int:
    found = match_headers(headers, table, declared)
    return len({match.index for match in (*found.matches, *found.references)})
