"""The ranking: its first rows as ready strings for every reader, and all of them as inert data for the table's script."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

from screening.report import charts
from screening.report.figures import DASH, cut, points, whole
from screening.report.page import inert

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence
    from decimal import Decimal

    from markupsafe import Markup

    from screening.report.printer import Printer
    from screening.result.overview import DomainName, Overview, RankedCompany
    from screening.result.records import Band

DOM_ROWS = 200
"""Rows written into the page; the script draws the others when they are asked for."""

COLUMNS = (
    ("rank", True),
    ("name", False),
    ("score", True),
    ("band", False),
    ("outcome", False),
    ("tier", False),
    ("fit", True),
    ("merit", True),
    ("coverage", True),
    ("direction", False),
    ("grade", False),
    ("city", False),
    ("stage", False),
    ("steady", True),
)
"""What decides stands first: a phone shows the first five or six of these without a finger moved."""
ALWAYS, ASKED_FOR = ("rank", "name", "outcome"), ("steady",)
"""Columns that every ranking has, and those that a reader asks for; the others are there where somebody has something to say in them."""
UNDECIDED, SHARED, PROVISIONAL, HELD, MERIT_UNKNOWN, ONCE_HELD = 1, 2, 4, 8, 16, 32


Row = tuple["RankedCompany", bool, str]
"""A company, whether it and a neighbour lie in each other's band, and the words that tell what it does."""


class RankingView(NamedTuple):
    """The rows shown, what is not shown, and the choices of the filters. `data` is JSON that no HTML parser can leave."""

    columns: tuple[tuple[str, bool], ...]
    rows: tuple[Row, ...]
    shown: str = ""
    undecided: str = ""
    rest: str = ""
    noscript: str = ""
    filters: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = ()
    choosable: tuple[tuple[str, str, bool], ...] = ()
    data: str = "{}"


def undecided_pairs(bands: Sequence[Band]) -> tuple[bool, ...]:
    """Return for each row whether it and a neighbour each lie within the other's band."""
    flags = [False] * len(bands)
    for index in range(len(bands) - 1):
        if _inside(bands[index], bands[index + 1]) and _inside(bands[index + 1], bands[index]):
            flags[index] = flags[index + 1] = True
    return tuple(flags)


def _inside(one: Band, other: Band) -> bool:
    if one.value is None or other.low is None or other.high is None:
        return False
    return other.low <= one.value <= other.high


def head(
    companies: Sequence[RankedCompany], terms: Mapping[str, Sequence[str]], p: Printer, *, halves: bool
) -> RankingView:
    """Return the first companies as a table without tools, each with the words that tell what it does."""
    undecided = undecided_pairs([c.score for c in companies])
    told = (p.listed(cut(term, 20) for term in terms.get(c.company_id, ())) for c in companies)
    columns = tuple(c for c in _columns(companies, p, halves=halves) if c[0] not in ASKED_FOR)
    return RankingView(columns, tuple(zip(companies, undecided, told, strict=True)))


def ranking(overview: Overview, p: Printer, limit: int, suffix: str = ".html", *, halves: bool = True) -> RankingView:
    """Return the ranking in words, at most `limit` rows; the first of them are in the page without a script."""
    words, shown = p.words, overview.ranking[:limit]
    numbers = _numbers(overview, limit)
    count = sum(undecided for undecided, _, _ in numbers)
    first = tuple((c, u, "") for c, (u, _, _) in zip(shown[:DOM_ROWS], numbers, strict=False))
    listed = _Listed(shown, numbers, overview.domains, p, suffix)
    columns = _columns(shown, p, halves=halves)
    rest = overview.ranking_total - len(shown)
    return RankingView(
        columns,
        first,
        shown=words("rank.shown", shown=whole(len(shown)), total=whole(overview.ranking_total)),
        undecided=words("rank.undecided", n=whole(count)) if count else "",
        rest=words("rank.rest", n=whole(rest)) if rest > 0 else "",
        noscript=words("rank.noscript", n=whole(len(first))) if len(shown) > len(first) else "",
        filters=listed.filters(),
        choosable=tuple(
            (key, words(f"rank.{key}", entity=""), key not in ASKED_FOR)
            for key, _ in columns
            if key not in ("rank", "name")
        ),
        data=listed.data([key for key, _ in columns]) if shown else "{}",
    )


_Numbers = tuple[bool, list[object], list[int | None]]


@functools.lru_cache(maxsize=1)
def _numbers(overview: Overview, limit: int) -> list[_Numbers]:
    """Return what is the same in every language: whether a row is undecided, what it begins with, and its bands in hundredths."""
    shown = overview.ranking[:limit]
    found: list[_Numbers] = []
    for c, undecided in zip(shown, undecided_pairs([c.score for c in shown]), strict=True):
        flags = UNDECIDED * undecided | SHARED * c.shared | PROVISIONAL * c.provisional | HELD * c.held
        flags |= MERIT_UNKNOWN * (not c.merit_coverage) | ONCE_HELD * c.once_held
        bands = [x for band in (c.fit, c.merit, c.score) for x in map(_cents, (band.value, band.low, band.high))]
        found.append((undecided, [c.rank, flags, cut(c.name), cut(c.uscc, 24) if c.uscc else ""], bands))
    return found


def _columns(companies: Sequence[RankedCompany], p: Printer, *, halves: bool) -> tuple[tuple[str, bool], ...]:
    """Return the columns in which somebody has something: no ranking of gates alone shows dashes for scores."""
    some = {
        "score": any(c.score.value is not None for c in companies),
        "band": any(c.score.low is not None for c in companies),
        "tier": any(c.tier for c in companies),
        "fit": halves,
        "merit": halves,
        "coverage": any(c.coverage is not None for c in companies),
        "direction": any(c.direction or c.domain for c in companies),
        "grade": any(c.grade for c in companies),
        "city": any(c.city for c in companies),
        "stage": any(stage(c, p) != DASH for c in companies),
        "steady": any(c.steady for c in companies),
    }
    return tuple(c for c in COLUMNS if c[0] in ALWAYS or some[c[0]])


class _Listed:
    """All rows as data: texts once, each row a list of numbers."""

    KEYS = ("domain", "direction", "city", "stage", "outcome")

    def __init__(
        self,
        companies: Sequence[RankedCompany],
        numbers: Sequence[_Numbers],
        domains: Sequence[DomainName],
        p: Printer,
        suffix: str,
    ) -> None:
        self.companies, self.p, self.suffix = companies, p, suffix
        self.texts: dict[str, dict[str, int]] = {key: {} for key in (*self.KEYS, "grade", "tier")}
        present = {p.told(c.domain, 30) for c in companies if c.domain}
        directions = {c.direction for c in companies}
        for domain in domains:
            if (label := p.told(domain.label, 30)) in present:
                self._index("domain", label)
            for _, direction in domain.directions:
                if direction in directions:
                    self._index("direction", p.told(direction, 60))
        for name in sorted({city(c, p) for c in companies if c.city}):
            self._index("city", name)
        self._places: dict[tuple[str, Hashable], int] = {}
        self.rows = [self._row(c, begin, bands) for c, (_, begin, bands) in zip(companies, numbers, strict=True)]

    def _index(self, key: str, text: str) -> int:
        return self.texts[key].setdefault(text, len(self.texts[key]))

    def _place(self, key: str, of: Hashable, told: Callable[[], str]) -> int:
        """Return the place of a company's text; what many companies share is put into words once."""
        place = self._places.get((key, of))
        if place is None:
            place = self._places[key, of] = self._index(key, told())
        return place

    def _row(self, c: RankedCompany, begin: list[object], bands: list[int | None]) -> list[object]:
        p = self.p
        return [
            *begin,
            f"{c.dossier}{self.suffix}" if c.dossier else "",
            self._place("city", c.city, lambda: city(c, p)),
            self._place("domain", c.domain, lambda: p.told(c.domain, 30)),
            self._place("direction", c.direction, lambda: p.told(c.direction, 60)),
            self._place("grade", c.grade, lambda: p.word("grade", c.grade) if c.grade else DASH),
            self._place("stage", (c.grade == "", c.stage, c.track), lambda: stage(c, p)),
            *bands,
            p.share(c.coverage),
            self._index("tier", c.tier or DASH),
            self._index("outcome", c.outcome),
            c.beside,
            *(c.steady or (None, None)),
        ]

    def filters(self) -> tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]:
        """Return (name, words for all, options) of each filter that has a choice."""
        words, p = self.p.words, self.p
        found = []
        for key, every in zip(self.KEYS, ("domains", "directions", "cities", "stages", "outcomes"), strict=True):
            texts = self.texts[key]
            options = tuple((str(i), p.word("outcome", t) if key == "outcome" else t) for t, i in texts.items())
            found.append((key, words(f"rank.all_{every}"), options if len(options) > 1 else ()))
        there = {"1": any(c.held for c in self.companies), "2": any(c.once_held for c in self.companies)}
        if any(there.values()):
            options = (("1", words("rank.held_only")), ("2", words("rank.once_held")), ("0", words("rank.not_held")))
            found.append(("held", words("rank.all_holdings"), tuple(o for o in options if there.get(o[0], True))))
        return tuple(found)

    def data(self, columns: Sequence[str]) -> str:
        """Return everything the script needs."""
        words = self.p.words
        return inert(
            {
                "columns": columns,
                "axis": self.p.axis,
                "texts": {key: list(texts) for key, texts in self.texts.items()},
                "outcomes": [self.p.word("outcome", o) for o in self.texts["outcome"]],
                "words": {
                    "joint": words("rank.joint"),
                    "held": words("rank.held"),
                    "once": words("rank.once_held"),
                    "provisional": words("rank.provisional"),
                    "undecided": words("rank.undecided_mark"),
                    "unknown": words("sign.unknown"),
                    "none": DASH,
                    "beside": words("rank.beside", n="{n}"),
                    "described": words("rank.described", score="{0}", low="{1}", high="{2}"),
                },
                "rows": self.rows,
            },
            compact=True,
        )


def _cents(value: Decimal | None) -> int | None:
    return None if value is None else int(value * 100)


def city(company: RankedCompany, p: Printer) -> str:
    """Return its city."""
    return p.told(company.city_label, 20) if company.city_label else cut(company.city, 20)


def stage(company: RankedCompany, p: Printer) -> str:
    """Return its stage, or its track."""
    if not company.grade:
        # A pack that knows no directions knows no stages of them either.
        return DASH
    told = p.told(company.stage, 20) if company.stage else ""
    return told or (p.word("track", company.track) if company.track else "") or p.words("sign.unknown")


def steady(company: RankedCompany) -> str:
    """Return the ranks between which it stays."""
    return "–".join(map(str, dict.fromkeys(company.steady or ()))) or DASH


def band(company: RankedCompany, p: Printer) -> Markup:
    """Return the picture of its score."""
    score = company.score
    described = p.words("rank.described", score=points(score.value), low=points(score.low), high=points(score.high))
    return charts.band_glyph(score, described, axis=p.axis)
