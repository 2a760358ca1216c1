"""Headers of exports matched to the columns of a standard table, with the unit that a header states."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from screening.dataset.amounts import money_unit
from screening.dataset.vocabulary import fold_word
from screening.dataset.years import without_labels, year_of_header
from screening.errors import nearest
from screening.hanzi import simplify

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from screening.catalog import Column, Table

_LONGEST_HEADER = 120
_LONGEST_TURNED = 30
LEVELS = " / "
"""Joins the two parts of a two-level header."""


@dataclass(frozen=True, slots=True)
class Match:
    """One header that was matched to a column.

    `unit`: the unit said for its amounts, empty when none is; `basis`: where: `header`, `unit_row` or `above` the table.
    """

    column: str
    header: str
    index: int
    unit: str = ""
    declared: bool = False
    basis: str = ""


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
_REMARKS = re.compile(r"[)\]】}]\s*[(\[【{]|[,;、](?!\d{3})")
_INNER = re.compile(r"[(\[【{][^()\[\]【】{}]*[)\]】}]")
_TAILED = re.compile(r"^(.+?)[/:_,，-](?:单位:?)?([^/:_]{1,8})$")
# `注册资本万元`: the unit stands behind the name without a mark.
_GLUED = re.compile(r"^(.{2,}?)((?:[十百千]?万亿?|亿|千|百)?(?:美|港|欧)?元|[百千]?万|亿|%|‰)$")
# `万元注册资本`, `(万元)注册资本`: it stands before the name.
_LED = re.compile(r"^[(\[【{]?((?:人民币)?(?:[十百千]?万亿?|亿|千|百)(?:美|港|欧)?元)[)\]】}]?[:_]?(.{2,})$")
# What kind of capital it is stands before a name that is known without it.
# `企业统一社会信用代码`, `公司登记状态`: whose it is stands before a name that is known without it.
_OWNER = re.compile(r"^(?:企业|(?:本)?公司|单位|申报单位|申报企业)的?(.{3,})$")
_KIND = re.compile(r"^(?:认缴|认缴的)(?=注册)")
_NUMBERED = re.compile(r"^[(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)、.:]+")
# In brackets behind a name (or over it, of two levels) stands what makes it another thing: no `营业收入(同比)` is revenue.
_ANOTHER = re.compile(
    r"同比|环比|增长|增速|增幅|增减|变动|变化|涨幅|排名|排序|名次|占比|比重|比例|比率|率$|是否|达标"
    r"|^(?:备注|说明|来源|单位|链接|日期|时间)$"
    r"|^(?:原|旧|曾用|历史)(?:[名地]|$)|(?:变更|更名|调整|修改|迁移|搬迁)前|^变更$|^迁[入出]$"
)
_TO_COME = re.compile("预计|预测|预算|计划|目标|预期|^拟")
_ANOTHER_ABOVE = re.compile(
    r"^(?:同比|环比|增长|增速|增幅|增减|变动|预计|预测|预算|计划|目标|上年同期|去年同期|上年数|上期)[^/]{0,6}$"
)
_MEAN = re.compile(r"[月人户]均|平均|均值|投后|[两二三四五\d]年(?:累计|合计)")
_OTHER_PERIOD = re.compile(
    r"上一?年|去年|上期|同期|前年|半年|季|[qh][1-4]|[1-4][qh]|中报|年初|期初|[本当单]月|月度"
    r"|(?<![\d-])(?:0?[1-9]|1[01])月(?!\d)|-(?:0?[1-9]|1[01])月"
)
# What an other column of the same name goes before: the group's accounts before the parent's, a Chinese name before a foreign one.
_PARENT = re.compile("母公司|单体|本部|个别报表")
_LESSER = re.compile(f"{_PARENT.pattern}|英文|外文|english|实缴|实收")
_LESSER_BY = 50
_NAMES = frozenset(("企业名称", "公司名称", "单位名称", "名称", "企业全称", "公司全称"))
_OF_OLD = re.compile("^(?:曾用|原名?$|变更前|更名前|历史)")
_KINDS_BEHIND = re.compile("^(?:实缴|实收|认缴|预计|计划)$")
_MARKS = "*:_-.、#'\"?="
_MOST_PIECES = 4
_SHORTEST_NEAR = 2
_DEEP = 100
"""How much a looser reading of a header counts behind a literal one."""


@lru_cache(maxsize=1 << 14)
def fold_header(header: str) -> str:
    """Return a header as it is compared: folded, without the marks that forms put round names.

    Traditional characters count as simplified ones; in English names spaces, `_` and `-` say nothing.

    >>> fold_header(" *注册资本（万元） "), fold_header("Company_Name")
    ('注册资本(万元)', 'companyname')
    """
    folded = fold_word(without_labels(header)[0])
    try:
        folded.encode("gb2312")
    except UnicodeEncodeError:
        folded = simplify(folded)
    folded = folded.strip(_MARKS)
    return re.sub(r"[_\-.]", "", folded) if folded.isascii() else folded


def _split_unit(folded: str) -> tuple[str, str]:
    for pattern in (_BRACKETED, _TAILED):
        if found := pattern.match(folded):
            unit = re.sub(r"^(?:金额)?单位:?", "", found[2])
            if pattern is _BRACKETED and money_unit(unit) is None:
                # `(2024年,万元)`, `(万元)(合并)`: one of several remarks.
                pieces = [
                    piece for piece in _REMARKS.split(unit) if piece in ("%", "‰") or money_unit(piece) is not None
                ]
                unit = pieces[0] if len(pieces) == 1 else unit
            if pattern is _BRACKETED or unit == "%" or money_unit(unit) is not None:
                return found[1], unit
    return folded, ""


def unit_in_brackets(title: str) -> str:
    """Return the unit of money that stands in brackets behind a title, empty when none does.

    >>> unit_in_brackets("财务指标（万元）"), unit_in_brackets("财务指标（合并）")
    ('万元', '')
    """
    _, unit = _split_unit(fold_header(title)) if title and len(title) <= _LONGEST_HEADER else ("", "")
    return unit if money_unit(unit) is not None else ""


@lru_cache(maxsize=1 << 14)
def _remarks(header: str) -> tuple[tuple[str, ...], str]:
    """Return what stands in brackets in a header, remark by remark, and the upper of its two levels."""
    above, _, name = header.rpartition(LEVELS)
    folded, inside = fold_header(name), [period] if (period := without_labels(name)[1]) else []
    while found := _INNER.findall(folded):
        inside += [piece for remark in found for piece in _REMARKS.split(remark[1:-1])]
        folded = _INNER.sub("", folded)
    return tuple(inside), fold_header(above)


def _another(header: str, name: str, column: Column, fiscal_year: str | None) -> bool:
    """Return whether brackets or a title over it make a header another thing than the column that `name`, a part of it, stands for."""
    inside, above = _remarks(header)
    if not (inside or above) or name == fold_header(header):
        return False
    said = [remark for remark in inside if f"{remark}" not in name]
    if column.type in ("decimal", "integer") and column.unit != "ratio" and any(r in ("%", "‰") for r in said):
        return True
    if column.type in ("decimal", "integer", "date") and any(_TO_COME.search(remark) for remark in said):
        return True
    if column.unit == "cny" and any(_MEAN.search(remark) for remark in said):
        return True
    if fiscal_year and any(_OTHER_PERIOD.search(remark) for remark in said):
        return True
    return any(_ANOTHER.search(remark) for remark in said) or bool(_ANOTHER_ABOVE.match(above))


@lru_cache(maxsize=1 << 14)
def _readings(header: str) -> tuple[tuple[str, str], ...]:
    """Return (name, unit) as `header` may be read, most literal first; the lower level of a two-level header last."""
    parts = [header, *([header.rpartition(LEVELS)[2]] if LEVELS in header else [])]
    found: dict[tuple[str, str], None] = {}
    for part in parts:
        folded = fold_header(part)
        # The upper of two levels may state the unit of what stands below it.
        above = unit_in_brackets(header.partition(LEVELS)[0]) if part is not header else ""
        found[(folded, above)] = None
        name, unit = _split_unit(folded)
        unit = unit or above
        found[(name.strip(_MARKS), unit)] = None
        # What stands in brackets inside a name, and numbers before it, say how a form is filled in.
        bare = _NUMBERED.sub("", _INNER.sub("", name)).strip(_MARKS + "/")
        # A unit in brackets counts wherever it stands: `(万元)注册资本`, `营业收入(万元)2024年`.
        inside = [said for said in _INNER.findall(name) if money_unit(said[1:-1]) is not None]
        unit = unit or (inside[0][1:-1] if len(inside) == 1 else "")
        found[(bare, unit)] = None
        if glued := _GLUED.match(bare):
            found[(glued[1].strip(_MARKS), unit or glued[2])] = None
        if led := _LED.match(folded):
            found[(led[2].strip(_MARKS), unit or led[1])] = None
        if kind := _KIND.match(bare):
            found[(bare[kind.end() :], unit)] = None
        if owned := _OWNER.match(bare):
            found[(owned[1], unit)] = None
        for remark in _remarks(part)[0]:
            if bare in _NAMES and _OF_OLD.match(remark):
                found[("曾用名", "")] = None
            if _KINDS_BEHIND.match(remark):
                found[(f"{remark}{bare}", unit)] = None
    return tuple(reading for reading in found if reading[0])


@dataclass(frozen=True, slots=True)
class _Known:
    """The usual headers of a table: folded header → (order of the column, column, rank among its headers)."""

    table: Table
    by_name: Mapping[str, tuple[tuple[int, str, int], ...]]

    def columns(self, header: str) -> Iterator[tuple[int, int, str, str]]:
        """Yield (rank, order, column, unit) of what `header` may stand for."""
        if not header or len(header) > _LONGEST_HEADER:
            return
        readings, fiscal_year = _readings(header), self.table.fiscal_year
        less = _LESSER_BY if any(_LESSER.search(said) for said in (*_remarks(header)[0], _remarks(header)[1])) else 0
        for depth, (name, unit) in enumerate(readings):
            for order, column, rank in self.by_name.get(name, ()):
                if (
                    depth == 0
                    or name == "曾用名"
                    or not _another(header, name, self.table.columns[column], fiscal_year)
                ):
                    yield rank + _DEEP * depth + less, order, column, unit
        # `信用代码/注册号` names one thing twice; `公司/电话` does not.
        pieces = [piece.strip(_MARKS) for piece in readings[-1][0].split("/")] if readings else []
        if 1 < len(pieces) < _MOST_PIECES and LEVELS not in header and all(piece in self.by_name for piece in pieces):
            for order, column, rank in self.by_name[pieces[0]]:
                yield rank + _DEEP * len(readings), order, column, readings[-1][1]

    def knows(self, header: str) -> bool:
        """Return whether `header` may stand for any column."""
        return next(self.columns(header), None) is not None


def of_parent_alone(one: str, other: str) -> bool:
    """Return whether one of two headers of a figure, not both, is of the parent's own accounts beside the group's."""
    return (_PARENT.search(one) is None) != (_PARENT.search(other) is None)


def other_than(header: str, table: Table) -> str | None:
    """Return the column that a header would stand for without its brackets and the title over it, None where it is one or none."""
    known = _known(table)
    if not header or len(header) > _LONGEST_HEADER or known.knows(header):
        return None
    names = (column for name, _ in _readings(header) for _, column, _ in known.by_name.get(name, ()))
    return next(names, None)


_KNOWN: dict[int, _Known] = {}
_MOST_KNOWN = 256


def _known(table: Table) -> _Known:
    """Return the usual headers of a table, worked out once for each table that is read."""
    held = _KNOWN.get(id(table))
    if held is not None and held.table is table:
        return held
    by_name: dict[str, dict[str, tuple[int, str, int]]] = {}
    for order, (column, spec) in enumerate(table.columns.items()):
        if spec.derived_from and not spec.headers:
            continue
        labels = (spec.label.zh, spec.label.en) if spec.label is not None else ()
        for rank, header in enumerate((column, *spec.headers, *labels)):
            name = fold_header(header)
            if name:
                by_name.setdefault(name, {}).setdefault(column, (order, column, rank))
    known = _Known(table, {name: tuple(columns.values()) for name, columns in by_name.items()})
    if len(_KNOWN) >= _MOST_KNOWN:
        _KNOWN.clear()
    _KNOWN[id(table)] = known
    return known


def headers_among(cells: Iterable[str], table: Table) -> list[str]:
    """Return the cells that are usual headers of the table: below a header they show that it is turned on its side."""
    known = _known(table)
    return [cell for cell in cells if cell and len(cell) <= _LONGEST_TURNED and known.knows(cell.strip())]


def years_among(headers: Sequence[str], table: Table) -> dict[int, tuple[str, str]]:
    """Return by place (figure, year) of the headers that name a figure of one year (`2024年营业收入`), or a year alone ('', year).

    Only of a table of fiscal years: it has none of its own columns for each year.
    """
    if table.fiscal_year is None:
        return {}
    known = _known(table)
    found: dict[int, tuple[str, str]] = {}
    for place, header in enumerate(headers):
        said = year_of_header(header) if header else None
        if said is None:
            continue
        best = min(known.columns(said[0]), default=None)
        if unit_alone(said[0]):
            said = ("", said[1])
        if not said[0] or (best is not None and table.columns[best[2]].type == "decimal"):
            found[place] = said
    return found


def unit_alone(text: str) -> str:
    """Return the unit of money that a text is and nothing else (`(万元)`), empty where it is another."""
    unit = fold_header(text).strip("()[]【】")
    return unit if unit and money_unit(unit) is not None else ""


def figures_of_others(found: HeaderMap, table: Table, tables: Mapping[str, Table]) -> dict[str, tuple[str, str]]:
    """Return unrecognised header → (table of fiscal years, its figure): accounts that stand in a table without years."""
    if table.fiscal_year is not None:
        return {}
    others = {name: other for name, other in tables.items() if other.fiscal_year is not None}
    return {
        header: (name, column)
        for header in found.unrecognised
        if header and len(header) <= _LONGEST_HEADER
        for name, other in others.items()
        for _, column, _ in _known(other).by_name.get(fold_header(header), ())[:1]
        if other.columns[column].type == "decimal"
    }


def figures_in(titles: Iterable[str], table: Table) -> str | None:
    """Return the name of the one figure that the titles speak of, None where it is none or several."""
    found: dict[str, str] = {}
    for title in (fold_header(title) for title in titles if len(title) <= _LONGEST_HEADER):
        said = [name for name in _known(table).by_name if len(name) >= _SHORTEST_NEAR and name in title]
        for name in said:
            _, column, _ = _known(table).by_name[name][0]
            if table.columns[column].type == "decimal" and not any(name != other and name in other for other in said):
                found[column] = name
    return next(iter(found.values())) if len(found) == 1 else None


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
    known = _known(table)
    pairs: list[tuple[int, int, int, str, str]] = []
    references: list[tuple[int, int, str]] = []
    for index, header in enumerate(headers):
        for rank, order, column_id, unit in known.columns(header):
            if column_id == key:
                references.append((rank, index, column_id))
            elif column_id not in declared:
                pairs.append((rank, order, index, column_id, unit))
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
    """Where the headers stand: `index` counts rows from 0, `levels` is 2 for a two-level header.

    `recognised`: how many headers are known. `complete`: those without which the table is useless are among them.
    """

    index: int
    levels: int
    headers: tuple[str, ...]
    recognised: int
    complete: bool = False

    @property
    def standing(self) -> tuple[bool, int]:
        """Return by what one candidate is better than another."""
        return self.complete, self.recognised


def filled_right(row: Sequence[str | None]) -> list[str]:
    """Return a row of titles with each written over the columns to its right, as a merged cell stands over them."""
    filled: list[str] = []
    for cell in row:
        filled.append(cell.strip() if cell and cell.strip() else (filled[-1] if filled else ""))
    return filled


def _two_level(upper: Sequence[str | None], lower: Sequence[str | None]) -> list[str]:
    joined: list[str] = []
    spread = filled_right(upper)
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
    return (SEARCHED_ROWS if at is None else at) + 2


def locate_headers(
    rows: Sequence[Sequence[str | None]],
    table: Table,
    declared: Mapping[str, str | None] | None = None,
    at: int | None = None,
) -> HeaderRow | None:
    """Find the header row among the first rows: the one, or the pair, in which most columns are recognised.

    With `at`, only the row declared so (from 1), alone or with the one below it.
    """
    wanted = {fold_header(header) for header in (declared or {}).values() if header is not None}
    known = _known(table)
    best: HeaderRow | None = None

    def at_most(cells: Sequence[str], least: int) -> int:
        """Return how many cells may be headers; looking ends where those that are left cannot make it more than `least`."""
        yearly = _figures_of_years(cells, table)
        count, left = 0, sum(1 for cell in cells if cell)
        for place, cell in enumerate(cells):
            if cell and count + left > least:
                left -= 1
                count += bool(known.knows(cell) or place in yearly or (wanted and _declared(cell, wanted)))
        return count

    def candidate(index: int, levels: int, cells: list[str], least: int) -> HeaderRow | None:
        if at_most(cells, least) <= least:
            return None
        found = match_headers(cells, table, declared)
        yearly = _figures_of_years(cells, table) if found.references and not _has_year(found, table) else set()
        count = len({match.index for match in (*found.matches, *found.references)} | yearly)
        missing = set(missing_columns(found, table)) - ({table.fiscal_year} if yearly else set())
        return HeaderRow(index, levels, tuple(cells), count, not missing) if count > least else None

    def enough() -> int:
        """Return how many headers no other row needs to be tried with: a complete one has as many."""
        return best.recognised if best is not None and best.complete else 0

    def better(found: HeaderRow | None) -> HeaderRow | None:
        return found if best is None or (found is not None and found.standing > best.standing) else best

    for index in range(min(len(rows), SEARCHED_ROWS)) if at is None else range(at - 1, min(len(rows), at)):
        row = rows[index]
        if len(row) > MAX_COLUMNS:
            continue
        single = [(cell or "").strip() for cell in row]
        best = better(candidate(index, 1, single, enough()))
        if index + 1 < len(rows) and len(rows[index + 1]) <= MAX_COLUMNS:
            both = _two_level(row, rows[index + 1])
            if at_most(both, enough()) > enough():
                upper = candidate(index, 1, single, 0)
                lower = at_most([(cell or "").strip() for cell in rows[index + 1]], 0)
                best = better(candidate(index, 2, both, max(upper.recognised if upper else 0, lower)))
    return best


def _declared(cell: str, wanted: set[str]) -> bool:
    return len(cell) <= _LONGEST_HEADER and any(name in wanted for name, _ in _readings(cell))


def missing_columns(found: HeaderMap, table: Table) -> tuple[str, ...]:
    """Return the columns without which the table is useless and that no header stands for."""
    matched = found.by_column()
    missing = [column for column, spec in table.columns.items() if spec.required and column not in matched]
    key = parent_key(table)
    return (*([key] if key and not found.references else []), *missing)


def _figures_of_years(cells: Sequence[str], table: Table) -> set[int]:
    return {place for place, (figure, _) in years_among(cells, table).items() if figure}


def _has_year(found: HeaderMap, table: Table) -> bool:
    return table.fiscal_year in found.by_column()


def near_misses(found: HeaderMap, table: Table) -> dict[str, str]:
    """Return unrecognised header → the column that it may mean, one proposal for each.

    A header that holds a usual one, or is held by one, comes before one that is only spelt much alike.
    """
    matched = found.by_column()
    key = parent_key(table)
    taken = {*matched, *([key] if key and found.references else [])}
    free: dict[str, str] = {}
    for name, columns in _known(table).by_name.items():
        left = [column for _, column, _ in columns if column not in taken]
        if left:
            free[name] = left[0]
    proposed: dict[str, str] = {}
    for header in found.unrecognised:
        folded = _readings(header)[-1][0] if header and len(header) <= _LONGEST_HEADER and _readings(header) else ""
        if len(folded) < _SHORTEST_NEAR:
            continue
        inside = [name for name in free if len(name) >= _SHORTEST_NEAR and (name in folded or folded in name)]
        close = max(inside, key=len) if inside else nearest(folded, free)
        if close is not None and free[close] not in proposed.values():
            proposed[header] = free[close]
    return proposed
