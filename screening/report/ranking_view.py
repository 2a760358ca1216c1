"""The ranking table as ready strings, with neighbours that the data cannot tell apart."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from screening.report import charts
from screening.report.figures import DASH, cut, open_span, percent, points, told, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.report.wording import Words
    from screening.result.records import Band, DomainName, RankedCompany


@dataclass(frozen=True, slots=True)
class RankRow:
    """One company of the ranking. `*_key` hold what a column sorts by."""

    company_id: str
    uscc: str
    name: str
    link: str
    rank: str
    undecided: bool
    city: str
    domain: str
    direction: str
    grade: str
    stage: str
    fit: str
    fit_span: str
    merit: str
    merit_span: str
    score: str
    score_span: str
    band: charts.BandGlyph | None
    coverage: str
    coverage_key: str
    tier: str
    outcome: str
    outcome_id: str


@dataclass(frozen=True, slots=True)
class RankingView:
    """The rows shown, what is not shown, and the choices of the filters."""

    rows: tuple[RankRow, ...]
    shown: str
    undecided: str
    rest: str
    cities: tuple[str, ...]
    domains: tuple[str, ...]
    outcomes: tuple[tuple[str, str], ...]


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


def ranking(
    companies: Sequence[RankedCompany], total: int, domains: Sequence[DomainName], words: Words, limit: int
) -> RankingView:
    """Return the ranking in words, at most `limit` rows of `total`."""
    shown = companies[:limit]
    undecided = undecided_pairs([c.score for c in shown])
    count = sum(undecided)
    outcomes: dict[str, str] = {}
    for company in shown:
        outcomes.setdefault(company.outcome, words.of("outcome", company.outcome))
    present = {told(c.domain, words.lang) for c in shown if c.domain}
    ordered = [d.label.text(words.lang) for d in domains if d.label.text(words.lang) in present]
    return RankingView(
        rows=tuple(_row(c, flag, words) for c, flag in zip(shown, undecided, strict=True)),
        shown=words("rank.shown", shown=whole(len(shown)), total=whole(total)),
        undecided=words("rank.undecided", n=whole(count)) if count else "",
        rest=words("rank.rest", n=whole(total - len(shown))) if total > len(shown) else "",
        cities=tuple(dict.fromkeys(_city(c, words) for c in sorted(shown, key=lambda c: c.city or "") if c.city)),
        domains=tuple(ordered),
        outcomes=tuple(outcomes.items()),
    )


def _city(company: RankedCompany, words: Words) -> str:
    return told(company.city_label, words.lang, 20) if company.city_label else cut(company.city, 20)


def _row(company: RankedCompany, undecided: bool, words: Words) -> RankRow:
    score = company.score
    described = words("rank.described", score=points(score.value), low=points(score.low), high=points(score.high))
    track = words.of("track", company.track) if company.track else ""
    stage = told(company.stage, words.lang, 20) if company.stage else ""
    return RankRow(
        company_id=cut(company.company_id, 80),
        uscc=cut(company.uscc, 24) if company.uscc else "",
        name=cut(company.name),
        link=company.dossier or "",
        rank=whole(company.rank),
        undecided=undecided,
        city=_city(company, words),
        domain=told(company.domain, words.lang, 30),
        direction=told(company.direction, words.lang, 60),
        grade=words.of("grade", company.grade),
        stage=stage or track or words("sign.unknown"),
        fit=points(company.fit.value),
        fit_span=open_span(company.fit),
        merit=points(company.merit.value) if company.merit_coverage else words("sign.unknown"),
        merit_span=open_span(company.merit),
        score=points(score.value),
        score_span=open_span(score),
        band=charts.band_glyph(score, described),
        coverage=percent(company.coverage),
        coverage_key=str(company.coverage if company.coverage is not None else Decimal(-1)),
        tier=company.tier or DASH,
        outcome=words.of("outcome", company.outcome),
        outcome_id=company.outcome,
    )
