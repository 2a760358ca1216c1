"""The plan view as sections of tables in ready strings, for the page and for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from screening.report.figures import DASH, cut, whole
from screening.report.page import PageView, page
from screening.report.printer import printer
from screening.report.render import rendered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.report.printer import Printer
    from screening.report.wording import Lang
    from screening.result.coverage import DirectionWording, PlanCoverage, PlanPlace
    from screening.result.records import TargetRecord

SHOWN = 30
"""Companies of a combination and crowded places named."""


class CoverageSection(NamedTuple):
    """A heading, what it says, a table. Columns whose names stand in `numbers` are numbers."""

    id: str
    title: str
    lead: str
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    numbers: frozenset[int] = frozenset()


class CoveragePage(NamedTuple):
    """The page in ready strings."""

    page: PageView
    parts: tuple[CoverageSection, ...]


_ALWAYS = ("crowded", "versions")
"""Sections that say something without a row; of the others a pack without such a plan has none."""


def render_coverage(coverage: PlanCoverage, lang: Lang = "zh") -> str:
    """Return the plan against the pool as one HTML document."""
    view = coverage_view(coverage, lang)
    return rendered("coverage.html.j2", view.page, printer(lang, coverage.run), view)


def coverage_view(coverage: PlanCoverage, lang: Lang = "zh") -> CoveragePage:
    """Return the plan against the pool in words."""
    p = printer(lang, coverage.run)
    parts = tuple(part for part in _parts(coverage, p) if part.rows or part.id in _ALWAYS)
    heading = page(coverage.run, p.words("coverage.title"), p.told(coverage.run.pack_label, 80), p)
    return CoveragePage(heading, parts)


def _parts(c: PlanCoverage, p: Printer) -> Iterator[CoverageSection]:
    w = p.words
    if c.changes or c.against:
        yield _changes(c, p)
    named = [x for x in c.places if x.named]
    empty = [x for x in named if not x.companies]
    unranked = sum(1 for x in named if x.companies and not x.ranked)
    yield CoverageSection(
        "named",
        w("coverage.named"),
        p.sentences(
            [
                w(
                    "coverage.named_lead",
                    named=whole(len(named)),
                    filled=whole(len(named) - len(empty)),
                    empty=whole(len(empty)),
                ),
                w("coverage.named_unranked", n=whole(unranked)) if unranked else "",
            ]
        ),
        (w("rank.city"), w("coverage.empty"), w("coverage.filled")),
        tuple(_by_city(named, p)),
    )
    crowded = sorted((x for x in c.places if x.crowded), key=lambda x: (-x.together, x.direction.zh, x.city.zh))
    yield CoverageSection(
        "crowded",
        w("coverage.crowded"),
        _measure(c, p) + (w("heat.no_crowding") if c.crowding and not crowded else ""),
        (w("heat.direction"), w("rank.city"), w("heat.candidates"), w("heat.funded"), w("heat.together"), w("coverage.share"), w("coverage.because")),
        tuple(
            (
                p.told(x.direction, 40), p.told(x.city, 20), whole(x.companies), whole(x.held), whole(x.together),
                p.share(x.share), w(f"coverage.by_{x.crowded}"),
            )
            for x in crowded[:SHOWN]
        ),
        frozenset((2, 3, 4, 5)),
    )  # fmt: skip
    yield CoverageSection(
        "stages",
        w("coverage.stages"),
        w("coverage.stages_lead", n=whole(c.companies)),
        (w("coverage.domain"), *(p.told(t, 12) for t in c.tracks), w("heat.total")),
        tuple((p.told(r.domain, 30), *(whole(n) for n in r.counts), whole(sum(r.counts))) for r in c.stages),
        frozenset(range(1, len(c.tracks) + 2)),
    )
    yield CoverageSection(
        "combos",
        w("coverage.combos"),
        w("coverage.combos_lead"),
        (w("coverage.combo"), w("coverage.companies"), w("coverage.who")),
        tuple(
            (
                p.told(combo.label, 60),
                whole(len(combo.companies)),
                p.listed(
                    f"{cut(x.name, 24)}{w('sign.open')}{x.city or DASH}{w('sign.list')}{p.told(x.what, 20)}{w('sign.close')}"
                    for x in combo.companies[:6]
                )
                or DASH,
            )
            for combo in c.combos
        ),
        frozenset((1,)),
    )
    yield CoverageSection(
        "ladder",
        w("coverage.ladder"),
        w("coverage.ladder_lead"),
        (w("coverage.rung"), w("coverage.met"), w("coverage.open"), w("coverage.note")),
        tuple(
            (
                p.told(r.label, 60),
                w("coverage.by_hand") if r.met is None else whole(r.met),
                DASH if r.open is None else whole(r.open),
                p.told(r.note, 120) if r.note else "",
            )
            for r in c.ladder
        ),
        frozenset((1, 2)),
    )
    yield CoverageSection(
        "targets",
        w("target.title"),
        w("coverage.targets_lead"),
        (w("target.target"), w("target.year"), w("target.value"), w("target.reached")),
        tuple(
            (
                p.told(t.label, 60),
                str(t.year),
                w(f"relation.{t.relation}", value=p.exact(t.value) + p.told(t.unit, 20)),
                reached(t, p),
            )
            for t in c.targets
        ),
    )
    if c.safeguards:
        yield _safeguards(c, p)
    yield _wording(c, p)
    yield _entries(c, p)


def _wording(c: PlanCoverage, p: Printer) -> CoverageSection:
    w = p.words

    def direction(x: DirectionWording, verb: str) -> str:
        own = p.listed([*x.parts, x.verb if x.verb != verb else ""])
        return p.told(x.label, 40) + (f"{w('sign.open')}{cut(own, 80)}{w('sign.close')}" if own else "")

    return CoverageSection(
        "wording",
        w("coverage.wording"),
        w("coverage.wording_lead"),
        (w("coverage.domain"), w("coverage.verb"), w("coverage.list"), w("coverage.directions")),
        tuple(
            (
                p.told(d.label, 30),
                d.verb or DASH,
                w("place.list_closed" if d.closed else "place.list_open"),
                p.listed(direction(x, d.verb) for x in d.directions),
            )
            for d in c.wording
        ),
    )


def _entries(c: PlanCoverage, p: Printer) -> CoverageSection:
    w = p.words
    return CoverageSection(
        "entries",
        w("coverage.entries"),
        w("coverage.entries_lead"),
        (w("coverage.entry"), w("coverage.form"), w("coverage.carriers"), w("coverage.list"), w("coverage.alias")),
        tuple(
            (
                e.entry,
                e.form or DASH,
                p.listed(cut(name, 40) for name in e.carriers) or DASH,
                DASH if e.open is None else w("place.list_open" if e.open else "place.list_closed"),
                p.listed(
                    w("place.means", written=cut(name, 40), direction=p.told(means, 40)) for name, means in e.aliases
                )
                or DASH,
            )
            for e in c.entries
        ),
    )


def _safeguards(c: PlanCoverage, p: Printer) -> CoverageSection:
    w = p.words
    return CoverageSection(
        "safeguards",
        w("coverage.safeguards"),
        w("coverage.safeguards_lead"),
        (w("coverage.safeguard"), w("coverage.clause"), w("coverage.answer")),
        tuple((p.told(s.label, 60), s.clause or DASH, p.told(s.answer, 400)) for s in c.safeguards),
    )


def reached(target: TargetRecord, p: Printer) -> str:
    """Return what the data can say of a target: never progress itself, only who is in these data."""
    if target.indicator is None or target.met is None:
        return p.words("target.unmeasured")
    return p.words(
        "target.counted", met=whole(target.met), open=whole(target.open or 0), rung=p.told(target.indicator, 40)
    )


def _by_city(named: list[PlanPlace], p: Printer) -> Iterator[tuple[str, str, str]]:
    """Yield each city's row; cities with the same blanks and no candidate share one, where the first of them stands."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for city in dict.fromkeys(p.told(x.city, 20) for x in named):
        own = [x for x in named if p.told(x.city, 20) == city]
        empty = p.listed(p.told(x.direction, 30) for x in own if not x.companies)
        filled = p.listed(f"{p.told(x.direction, 30)} {whole(x.companies)}" for x in own if x.companies)
        alike.setdefault((empty or DASH, filled or DASH, city if filled else ""), []).append(city)
    for (empty, filled, _), cities in alike.items():
        yield p.listed(cities), empty, filled


def _measure(c: PlanCoverage, p: Printer) -> str:
    if c.crowding is None:
        return p.words("coverage.no_measure")
    m = c.crowding
    told = p.words("coverage.measure", least=m.at_least, share=p.share(m.share), all=p.share(m.of_all))
    return told + (p.words("coverage.measure_held", n=m.holdings) if m.holdings else "")


def _changes(c: PlanCoverage, p: Printer) -> CoverageSection:
    w = p.words
    return CoverageSection(
        "versions",
        w("coverage.versions"),
        w("coverage.versions_lead" if c.changes else "coverage.versions_same", against=c.against, n=len(c.changes)),
        (w("coverage.change"), w("coverage.what"), w("diff.before"), w("diff.after"), w("coverage.companies")),
        tuple(
            (w(f"coverage.{x.kind}"), p.told(x.what, 60), x.before or DASH, x.after or DASH, whole(x.companies))
            for x in c.changes
        ),
        frozenset((4,)),
    )
