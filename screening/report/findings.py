"""What a run found, in sentences: the answer, and before it whatever is wrong with the data. The same on page and terminal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from screening.report.figures import cut, share, whole
from screening.result.contract import IN_SCOPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from screening.report.printer import Printer
    from screening.result.overview import Overview, RankedCompany

GATES_NAMED = 8
MANY_EQUAL = 5
MERIT_LEAST = Decimal("0.10")
"""Below this mean coverage merit is next to nothing but neutral shares."""
RISK = "risk_events"


@dataclass(frozen=True, slots=True)
class Alert:
    """Something wrong with the data; `grave` where it can turn a finding around."""

    grave: Literal["red", "warn"]
    text: str
    link: str = ""


def counts(overview: Overview) -> Mapping[str, int]:
    """Return the number of companies by outcome."""
    return {entry.id: entry.count for entry in overview.outcomes}


def merit_known(overview: Overview) -> bool:
    """True when merit rests on data at all; a pack without two halves has nothing to compare it with."""
    if len(overview.verdict.weights) < 2:
        return True
    return overview.merit_coverage is not None and overview.merit_coverage >= MERIT_LEAST


def alerts(overview: Overview, p: Printer) -> tuple[Alert, ...]:
    """Return what is wrong with the data, the gravest first."""
    return tuple(_alerts(overview, p))


def _alerts(overview: Overview, p: Printer) -> Iterator[Alert]:
    words, listed = p.words, counts(overview).get("shortlisted", 0)
    for source in overview.stale:
        text = words(
            "alert.stale",
            source=p.told(source.label),
            date=p.date(source.searched_on),
            length=p.quantity(source.valid_for, source.unit),
            n=whole(len(source.gates)),
            held_up=whole(source.held_up),
        )
        empties = words("alert.stale_empty") if source.held_up and not listed else ""
        yield Alert("red", p.sentences([text, empties]), "waiting" if source.held_up else "funnel")
    risky = [s for s in overview.set_aside if s.table == RISK]
    if risky:
        yield Alert(
            "red", words("alert.risk_rows", source=p.told(risky[0].label), **_reasons(overview, p, RISK)), "quality"
        )
    idle = [p.told(g.label) for g in overview.gates if g.status == "not_run"]
    named = p.listed(idle[:GATES_NAMED]) + (words("alert.more") if len(idle) > GATES_NAMED else "")
    if idle and len(idle) == len(overview.gates):
        yield Alert("red", words("alert.no_gates", n=len(idle)), "funnel")
    elif idle:
        yield Alert("red", words("alert.gates", n=len(idle), gates=named), "funnel")
    if not merit_known(overview) and overview.ranking:
        half = p.told(overview.verdict.weights[1][1], 30)
        yield Alert("warn", words("alert.merit", half=half, coverage=p.share(overview.merit_coverage, 1)), "quality")
    tables = dict.fromkeys(s.table for s in overview.set_aside if s.table != RISK)
    if tables:
        parts = [
            words(
                "alert.rows_of",
                source=p.told(next(s.label for s in overview.set_aside if s.table == t)),
                **_reasons(overview, p, t),
            )
            for t in tables
        ]
        yield Alert("warn", words("alert.rows", rows=p.joined(parts)), "quality")
    lost = [n for n in overview.run.manifest.get("notes", ()) if not n.get("company_id")]  # type: ignore[attr-defined]
    if lost:
        named = p.listed(cut(str(n.get("company")), 40) for n in lost[:GATES_NAMED])
        yield Alert("warn", words("alert.notes", n=whole(len(lost)), companies=named), "")
    if overview.provisional:
        yield Alert("warn", words("alert.provisional", n=whole(overview.provisional), of=whole(listed)), "ranking")


def _shared_head(first: Sequence[RankedCompany], whole_list: bool, p: Printer) -> str:
    """Say by what those at the head differ, since their totals do not tell them apart; nothing for one, or for a list cut short."""
    if len(first) < MANY_EQUAL or whole_list:
        return ""

    def most(labels: Iterable[str]) -> str:
        return p.listed(f"{label} {whole(n)}" for label, n in Counter(labels).most_common(3))

    domains = most(p.told(c.domain, 30) for c in first if c.domain)
    cities = most(p.told(c.city_label, 20) if c.city_label else cut(c.city, 20) for c in first)
    return p.words("summary.equal", domains=domains, cities=cities) if domains else ""


def _reasons(overview: Overview, p: Printer, table: str) -> dict[str, str]:
    """Return how many rows of a table were set aside, and by reason."""
    own = [s for s in overview.set_aside if s.table == table]
    return {
        "n": whole(sum(s.count for s in own)),
        "reasons": p.listed(f"{p.word('set_aside', s.reason)} {whole(s.count)}" for s in own),
    }


def summary(overview: Overview, p: Printer) -> tuple[str, ...]:
    """Return the answer of the run in a few sentences."""
    words, rows, found = p.words, overview.rows, counts(overview)
    entity = p.told(overview.run.entity)
    if not rows.clean:
        return (words("summary.nobody", entity=entity),)
    scope = sum(entry.count for entry in overview.grades if entry.id in IN_SCOPE)
    sentences = []
    listed = found.get("shortlisted", 0)
    if listed:
        key = "summary.shortlisted_sure" if overview.gates_sure else "summary.shortlisted"
        sentences.append(words(key, n=whole(listed), entity=entity))
    elif found.get("ranked") or found.get("review"):
        sentences.append(words("summary.long_list", n=whole(found.get("ranked", 0)), entity=entity))
    else:
        sentences.append(words("summary.nobody_listed"))
    best = overview.ranking[0] if overview.ranking else None
    if best is not None and best.score.value is not None:
        first = [c for c in overview.ranking if c.rank == best.rank]
        bounds = p.open_span(best.score)
        key = "summary.joint" if len(first) > 1 else "summary.first" if bounds else "summary.first_closed"
        sentences.append(
            words(key, name=cut(best.name, 40), score=p.points(best.score.value), bounds=bounds, n=whole(len(first)))
        )
        sentences.append(_shared_head(first, len(first) >= len(overview.ranking), p))
    stops = [
        words(f"summary.{o}", n=whole(found[o]))
        for o in ("rejected", "review", "insufficient_data", "direction_open")
        if found.get(o)
    ]
    if stops:
        sentences.append(p.listed(stops) + words("sign.stop").rstrip())
    sentences.append(
        words(
            "summary.rows", read=whole(rows.read), clean=whole(rows.clean), aside=whole(rows.set_aside), entity=entity
        )
    )
    if overview.domains:
        sentences.append(words("summary.scope", scope=whole(scope), share=share(scope, rows.clean)))
        busiest = sorted(overview.domain_counts, key=lambda c: -c.count)[:3]
        named = [f"{p.told(c.label)} {whole(c.count)}" for c in busiest if c.count]
        if named:
            sentences.append(words("summary.domains", domains=p.listed(named)))
    return tuple(sentences)
