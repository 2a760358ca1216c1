"""Two to five companies side by side: one table in ready strings, for the page and for the terminal. What differs comes first."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from screening.report import sentences
from screening.report.figures import DASH, cut
from screening.report.page import PageView, page
from screening.report.printer import printer
from screening.report.render import rendered
from screening.report.sureness import peers_view, sureness

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screening.report.printer import Printer
    from screening.report.wording import Lang
    from screening.result.company import CompanyRecord, CriterionResult
    from screening.result.records import Band

_TERMS = 6


class CompareRow(NamedTuple):
    """One line: a label, a value per company, and whether they differ. `best` marks the companies that stand best, where that can be said."""

    label: str
    values: tuple[str, ...]
    differs: bool
    best: tuple[bool, ...] = ()


class CompareGroup(NamedTuple):
    """Lines of one kind: those that differ, the widest apart first, and those in which all are equal."""

    id: str
    title: str
    differing: tuple[CompareRow, ...]
    equal: tuple[CompareRow, ...]


class ComparisonPage(NamedTuple):
    """The page in ready strings."""

    page: PageView
    names: tuple[tuple[str, str], ...]
    groups: tuple[CompareGroup, ...]


def render_comparison(records: Sequence[CompanyRecord], lang: Lang = "zh") -> str:
    """Return companies of one run side by side as one HTML document."""
    view = comparison(records, lang)
    return rendered("comparison.html.j2", view.page, printer(lang, records[0].run), view)


def comparison(records: Sequence[CompanyRecord], lang: Lang = "zh") -> ComparisonPage:
    """Return companies of one run side by side, in the order given."""
    p = printer(lang, records[0].run)
    groups = tuple(g for g in groups_of(records, p) if g.differing or g.equal)
    heading = p.words("compare.title", n=len(records))
    return ComparisonPage(
        page=page(records[0].run, heading, p.listed(cut(r.company.name, 40) for r in records), p),
        names=tuple((cut(r.company.name, 40), r.company.company_id) for r in records),
        groups=groups,
    )


def groups_of(records: Sequence[CompanyRecord], p: Printer) -> Iterator[CompareGroup]:
    """Yield the groups of lines: outcome, criteria, gates, facts, evidence, open questions."""
    yield _group("standing", [(row, Decimal(0)) for row in _standing(records, p)], p, keep=True)
    yield _group("criteria", list(_criteria(records, p)), p)
    yield _group("gates", [(row, Decimal(0)) for row in _gates(records, p)], p)
    yield _group("facts", [(row, Decimal(0)) for row in _facts(records, p)], p)
    yield _group("evidence", [(row, Decimal(0)) for row in _evidence(records, p)], p)
    yield _group("questions", [(row, Decimal(0)) for row in _questions(records, p)], p)


def _group(
    group_id: str, rows: Sequence[tuple[CompareRow, Decimal]], p: Printer, *, keep: bool = False
) -> CompareGroup:
    """Sort lines by how far apart they are; with `keep` all stay where they are, as a head."""
    title = p.words(f"compare.{group_id}")
    if keep:
        return CompareGroup(group_id, title, tuple(row for row, _ in rows), ())
    differing = sorted((pair for pair in rows if pair[0].differs), key=lambda pair: -pair[1])
    return CompareGroup(group_id, title, tuple(r for r, _ in differing), tuple(r for r, _ in rows if not r.differs))


def _row(label: str, values: Sequence[str], best: Sequence[bool] = ()) -> CompareRow:
    return CompareRow(label, tuple(values), len(set(values)) > 1, tuple(best))


def _standing(records: Sequence[CompanyRecord], p: Printer) -> Iterator[CompareRow]:
    words = p.words
    yield _row(words("rank.outcome"), [p.word("outcome", r.outcome) for r in records])
    yield _row(words("compare.why"), [sentences.verdict(r, p) for r in records])
    yield _row(words("rank.rank"), [sentences.rank(r, p) or DASH for r in records])
    if any(r.tier for r in records):
        yield _row(words("rank.tier"), [p.told(r.tier_label, 40) if r.tier_label else r.tier or DASH for r in records])
    halves = [("fit", [r.fit for r in records]), ("merit", [r.merit for r in records])]
    # A pack without two halves has a total only; where it has them, they are called what it calls them.
    named = {half.id: p.told(half.label, 20) for r in records if len(r.halves) > 1 for half in r.halves}
    lines = [(words("half.score"), [r.score for r in records])]
    lines += [(named[half], bands) for half, bands in halves if half in named]
    for label, bands in lines:
        if any(b.value is not None for b in bands):
            yield _row(label, [_band(b, p) for b in bands], _best([b.value for b in bands]))
    yield from _sure(records, p)
    if records[0].run.scores:
        yield _row(words("rank.coverage"), [p.share(r.coverage) for r in records])
    if any(r.directions for r in records):
        yield _row(words("rank.direction"), [_direction(r, p) for r in records])
    cities = [r.place.city or DASH if r.place else DASH for r in records]
    if set(cities) != {DASH}:
        yield _row(words("rank.city"), cities)
    for axis in records[0].stages:
        values = [next((s for s in r.stages if s.id == axis.id), None) for r in records]
        yield _row(
            p.told(axis.label, 40),
            [
                p.told(v.value, 40) if v and v.value else p.listed(p.told(t, 40) for t in v.possible) if v else DASH
                for v in values
            ],
        )
    flags = [p.joined(f"{flag.label}: {flag.text}" for flag in sentences.red_flags(r, p)) or DASH for r in records]
    yield _row(words("compare.flags"), flags)


def _sure(records: Sequence[CompanyRecord], p: Printer) -> Iterator[CompareRow]:
    """How sure each rank is, and what sets each apart from its peers."""
    views = [sureness(r, p) for r in records]
    if any(views):
        for at, (label, _, _) in enumerate(next(v for v in views if v)[0]):
            yield _row(f"{p.words('nav.sure')} · {label}", [v[0][at][2] if v else DASH for v in views])
    groups = [peers_view(r, p) for r in records]
    if any(groups):
        yield _row(p.words("nav.peers"), [g.group if g else DASH for g in groups])
        for key in ("strengths", "weaknesses"):
            # Where a group is too small nothing was compared: that is no finding of none.
            told = [
                p.joined(getattr(g, key)) or p.words("peers.none") if g and r.group and r.group.scope != "few" else DASH
                for g, r in zip(groups, records, strict=True)
            ]
            yield _row(f"{p.words('nav.peers')} · {p.words(f'peers.{key}')}", told)


def _direction(record: CompanyRecord, p: Printer) -> str:
    if not record.directions:
        return DASH
    first = record.directions[0]
    name = p.told(first.direction or first.domain, 40)
    return f"{name} ({p.word('grade', first.grade)})"


def _band(band: Band, p: Printer) -> str:
    span = p.open_span(band)
    return p.points(band.value) + (f" [{span}]" if span else "")


def _best(values: Sequence[Decimal | None]) -> list[bool]:
    known = [v for v in values if v is not None]
    if len(known) < 2 or len(set(known)) == 1:
        return []
    return [v == max(known) for v in values]


def _criteria(records: Sequence[CompanyRecord], p: Printer) -> Iterator[tuple[CompareRow, Decimal]]:
    """Contributions to the halves. What each can give depends on the track, so it stands beside."""
    tables = [{c.id: c for h in r.halves for pillar in h.pillars for c in pillar.criteria} for r in records]
    for criterion_id, first in {k: c for table in tables for k, c in table.items()}.items():
        cells = [table.get(criterion_id) for table in tables]
        shares = [_share(c) for c in cells]
        known = [s for s in shares if s is not None]
        spread = max(known) - min(known) if len(known) > 1 else Decimal(0)
        yield _row(p.told(first.label, 60), [_contribution(c, p) for c in cells], _best(shares)), spread


def _share(criterion: CriterionResult | None) -> Decimal | None:
    return criterion.value if criterion is not None else None


def _contribution(criterion: CriterionResult | None, p: Printer) -> str:
    if criterion is None or criterion.value is None:
        return DASH
    text = p.points(criterion.value)
    if criterion.full is not None:
        text += f" / {p.exact(criterion.full)}"
    return f"{text} {p.word('missing', criterion.reason)}" if criterion.reason else text


def _gates(records: Sequence[CompanyRecord], p: Printer) -> Iterator[CompareRow]:
    tables = [{g.id: g for g in r.gates} for r in records]
    for gate_id, first in {k: g for table in tables for k, g in table.items()}.items():
        cells = [table.get(gate_id) for table in tables]
        values = [
            DASH
            if g is None
            else p.word("gate_status", g.status)
            + (f" ({p.word('missing', g.reason)})" if g.reason and g.status == "unknown" else "")
            for g in cells
        ]
        yield _row(p.told(first.label, 60), values)


def _facts(records: Sequence[CompanyRecord], p: Printer) -> Iterator[CompareRow]:
    tables = [{f.id: f for f in r.facts} for r in records]
    for fact_id, first in {k: f for table in tables for k, f in table.items()}.items():
        cells = [table.get(fact_id) for table in tables]
        yield _row(p.told(first.label, 60), [DASH if f is None else p.fact(f) for f in cells])


def _evidence(records: Sequence[CompanyRecord], p: Printer) -> Iterator[CompareRow]:
    """The terms in the texts, by what they support."""
    values = []
    for record in records:
        terms = dict.fromkeys(s.term for text in record.evidence for s in text.spans if s.grade in ("core", "related"))
        shown = list(terms)[:_TERMS]
        rest = len(terms) - len(shown)
        values.append(p.listed([*shown, *([f"+{rest}"] if rest else [])]) or DASH)
    yield _row(p.words("compare.terms"), values)


def _questions(records: Sequence[CompanyRecord], p: Printer) -> Iterator[CompareRow]:
    yield _row(
        p.words("compare.open"),
        [p.listed(p.told(q.label, 40) for q in r.questions[:_TERMS]) or DASH for r in records],
    )
