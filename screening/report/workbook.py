"""`ranking.xlsx` for analysts: the ranking, and of the companies with a dossier every point, gate, fact and source.

Numbers are numbers, dates dates, shares percents; texts are written as texts, so nothing in a cell can run. The same records give
the same bytes.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from screening.report import findings, sentences
from screening.report.figures import plain
from screening.report.fund_view import exited_says, held_says, limit_says, of_run_says
from screening.report.moving import changed, moves
from screening.report.sheets import FORMATS, Sheets
from screening.report.sureness import peers_view

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from screening.report.printer import Printer
    from screening.report.sheets import Column
    from screening.result.company import CompanyRecord, FactResult
    from screening.result.fund_terms import FundExposure
    from screening.result.overview import Overview


class Workbook(Sheets):
    """A workbook whose sheets are named in the reader's language."""

    def __init__(self, p: Printer) -> None:
        super().__init__(plain)
        self.p = p

    def table(self, key: str, columns: Sequence[Column], rows: Iterable[Sequence[object]], frozen: int = 2) -> None:
        """Add a sheet by the key of its name."""
        self.sheet(self.p.words(f"sheet.{key}"), columns, rows, frozen)


def workbook(
    overview: Overview,
    records: Sequence[CompanyRecord],
    ranking: tuple[Sequence[Column], Sequence[Sequence[object]]],
    p: Printer,
    fund: FundExposure | None = None,
) -> bytes:
    """Return the workbook; `ranking` are the columns and rows of its first sheet, `fund` what the fund holds."""
    book, w = Workbook(p), p.words
    name, ident = (w("rank.name", entity=p.told(overview.run.entity)), 30, ""), (w("identity.id"), 20, "")
    book.table("ranking", *ranking)
    book.table(
        "criteria",
        [
            name, ident, (w("sheet.half"), 14, ""), (w("sheet.pillar"), 16, ""), (w("sheet.criterion"), 26, ""), (w("sheet.rule_id"), 24, ""),
            (w("points.value"), 9, "points"), (w("points.full"), 9, "points"), (w("sheet.low"), 9, "points"), (w("sheet.high"), 9, "points"),
            (w("points.in_score"), 10, "number"), (w("trace.band"), 40, ""), (w("points.data"), 50, ""), (w("sheet.missing"), 24, ""),
            (w("trace.rule"), 40, ""), (w("trace.ground"), 50, ""),
        ],
        (row for r in records for row in _criteria(r, p)),
    )  # fmt: skip
    book.table(
        "gates",
        [
            name, ident, (w("gate.gate"), 30, ""), (w("sheet.rule_id"), 24, ""), (w("gate.status"), 12, ""), (w("gate.effect"), 10, ""),
            (w("waiting.why"), 50, ""), (w("gate.datum"), 50, ""), (w("gate.searched_on"), 12, "date"), (w("trace.ground"), 40, ""),
        ],
        (row for r in records for row in _gates(r, p)),
    )  # fmt: skip
    book.table(
        "facts",
        [
            name, ident, (w("sheet.fact"), 30, ""), (w("sheet.fact_id"), 24, ""), (w("sheet.value"), 18, ""), (w("sheet.unit"), 8, ""),
            (w("sheet.low"), 14, ""), (w("sheet.high"), 14, ""), (w("sheet.missing"), 14, ""), (w("tear.kind"), 12, ""), (w("sheet.period"), 12, ""),
            (w("quality.table"), 14, ""), (w("sheet.file"), 30, ""), (w("sheet.sheet"), 14, ""), (w("sheet.row"), 9, "whole"), (w("sheet.column"), 30, ""),
        ],
        (row for r in records for f in r.facts for row in _fact(r, f, p)),
    )  # fmt: skip
    book.table(
        "questions",
        [
            name, ident, (w("question.question"), 60, ""), (w("sheet.fact"), 30, ""), (w("sheet.fact_id"), 24, ""), (w("question.reason"), 14, ""),
            (w("question.at_stake"), 12, "points"), (w("question.used_by"), 40, ""), (w("question.acts"), 14, ""),
        ],
        (
            [
                r.company.name, r.company.company_id, sentences.asked(q, p), p.told(q.label), q.fact_id, p.word("missing", q.reason), q.at_stake,
                p.listed(p.told(u) for u in q.used_by), w("question.actionable" if q.actionable else "question.verify"),
            ]
            for r in records
            for q in r.questions
        ),
    )  # fmt: skip
    if any(r.group for r in records):
        book.table(
            "peers",
            [
                name, ident, (w("peers.within"), 40, ""), (w("peers.standing"), 10, ""), (w("sheet.fact"), 30, ""), (w("sheet.fact_id"), 24, ""),
                (w("sheet.value"), 16, "number"), (w("peers.median"), 16, "number"), (w("sheet.unit"), 8, ""), (w("peers.known"), 10, "whole"),
                (w("peers.better"), 10, "whole"), (w("peers.worse"), 10, "whole"),
            ],
            (row for r in records for row in _peers(r, p)),
        )  # fmt: skip
    if any(r.lift for r in records):
        book.table(
            "lift",
            [
                name, ident, (w("lift.kind"), 8, ""), (w("lift.place"), 7, "whole"), (w("sheet.fact"), 30, ""), (w("sheet.fact_id"), 24, ""),
                (w("lift.before"), 16, ""), (w("lift.after"), 16, ""), (w("lift.relative"), 9, "ratio"), (w("rank.outcome"), 12, ""),
                (w("rank.tier"), 14, ""), (w("rank.score"), 10, "points"),
            ],
            (
                [
                    *_who(r), kind, place, p.told(each.label), each.fact_id, *changed(each, p), each.relative, p.word("outcome", way.outcome),
                    p.told(way.tier_label) if way.tier_label else way.tier, way.score,
                ]
                for r in records
                if r.lift is not None
                for kind, place, each, way in moves(r.lift, p)
            ),
        )  # fmt: skip
    book.table(
        "stopped",
        [
            name,
            ident,
            (w("rank.outcome"), 12, ""),
            (w("waiting.why"), 40, ""),
            (w("rank.score"), 10, "points"),
            (w("waiting.settle"), 60, ""),
        ],
        _stopped(overview, p),
    )
    if fund is not None:
        book.table(
            "fund",
            [
                (w("sheet.item"), 20, ""),
                (w("sheet.value"), 34, ""),
                (w("fund.held"), 20, "cny"),
                (w("sheet.told"), 70, ""),
            ],
            _fund(fund, p),
            frozen=0,
        )
    book.table(
        "set_aside",
        [
            (w("quality.table"), 20, ""),
            (w("sheet.table_id"), 20, ""),
            (w("quality.reason"), 30, ""),
            (w("quality.count"), 10, "whole"),
        ],
        ([p.told(s.label), s.table, p.word("set_aside", s.reason), s.count] for s in overview.set_aside),
    )
    book.table("rules", _rule_columns(p), _rules(overview, records, p))
    book.table("notes", [(w("sheet.item"), 24, ""), (w("sheet.told"), 90, "")], _notes(overview, records, p), frozen=0)
    return book.written()


def _peers(record: CompanyRecord, p: Printer) -> Iterable[list[object]]:
    """Strengths and weaknesses with their basis; one line says so where there are none or the group is too small."""
    group, view = record.group, peers_view(record, p)
    if group is None or view is None:
        return
    found = [("strengths", s) for s in group.strengths] + [("weaknesses", s) for s in group.weaknesses]
    for kind, s in found:
        good, bad = (s.below, s.above) if s.better == "higher" else (s.above, s.below)
        unit = s.unit if s.unit in FORMATS else "number"
        yield [
            *_who(record), view.group, p.words(f"peers.{kind}"), p.told(s.label), s.fact_id, (s.value, unit), (s.median, unit),
            "" if unit == "number" else _unit(unit, p), s.known, good, bad,
        ]  # fmt: skip
    if not found:
        yield [*_who(record), view.group, *[None] * 9]


def _fund(fund: FundExposure, p: Printer) -> Iterable[list[object]]:
    """What the fund holds: its limit, each company against it, then by domain, city and stage."""
    w = p.words
    yield [limit_says(fund, p), "", fund.most, ""]
    for each in fund.held:
        yield [
            w("fund.held"),
            each.name,
            each.invested if each.invested or not each.unknown else None,
            held_says(each, p),
        ]
    for by, value, amount, untold in fund.groups:
        yield [w(f"fund_terms.by_{by}"), value, amount, w("fund_terms.untold", n=untold) if untold else ""]
    if told := of_run_says(fund, p):
        yield [told, "", None, ""]
    for left in fund.exits:
        yield [w("fund_terms.exits"), left.name, left.invested, exited_says(left, p)]


def _who(record: CompanyRecord) -> list[object]:
    return [record.company.name, record.company.company_id]


def _criteria(record: CompanyRecord, p: Printer) -> Iterable[list[object]]:
    facts = {f.id: f for f in record.facts}
    for half in record.halves:
        for pillar in half.pillars:
            for c in pillar.criteria:
                known = [facts[f] for f in c.direct if f in facts and facts[f].value is not None]
                yield [
                    *_who(record),
                    p.told(half.label),
                    p.told(pillar.label),
                    p.told(c.label),
                    c.id,
                    c.value,
                    c.full,
                    c.low,
                    c.high,
                    c.value * half.weight if c.value is not None else None,
                    p.joined(p.step(s) for s in c.scale if s.taken),
                    p.joined(f"{p.told(f.label)} {p.fact(f)}" for f in known),
                    p.listed(p.told(m) for m in c.missing),
                    f"{c.place.file}:{c.place.line}" if c.place else "",
                    " ".join(x for x in (p.cited(c.citation), c.citation.quote) if x),
                ]


def _gates(record: CompanyRecord, p: Printer) -> Iterable[list[object]]:
    for g in record.gates:
        data = p.joined(f"{p.told(f.label)} {p.fact(f)}" for f in g.datum)
        status, effect = p.word("gate_status", g.status), p.word("effect", g.effect)
        said = sentences.gate_says(g, p)
        yield [*_who(record), p.told(g.label), g.id, status, effect, said, data, g.searched_on, p.cited(g.citation)]


def _fact(record: CompanyRecord, f: FactResult, p: Printer) -> Iterable[list[object]]:
    """One row per source row of the fact; one without a source where it has none."""
    unit = f.unit if f.unit in FORMATS else "number"
    plain_value = isinstance(f.value, Decimal | int) and not isinstance(f.value, bool) and not f.assumed
    value: object = (f.value, unit) if plain_value else p.fact(f) if f.value is not None else None
    if isinstance(f.value, datetime.date):
        value = f.value
    open_ = f.low is not None and f.low != f.high and not f.assumed
    head = [
        *_who(record), p.told(f.label), f.id, value, "" if unit == "number" else _unit(unit, p), (f.low, unit) if open_ else None,
        (f.high, unit) if open_ else None, p.word("missing", f.reason) if f.reason else "", p.word("source_kind", f.source_kind) if f.source_kind else "",
        f.period or "",
    ]  # fmt: skip
    if not f.sources:
        yield [*head, p.told(f.table_label) if f.table_label else "", "", "", None, ""]
    for s in f.sources:
        kind = p.word("source_kind", s.kind) if s.kind else ""
        yield [
            *head[:9],
            kind,
            s.period or "",
            p.told(s.table_label),
            s.file or "",
            s.sheet or "",
            s.row,
            p.joined(s.columns),
        ]


def _unit(unit: str, p: Printer) -> str:
    return p.word("unit", unit)


def _stopped(overview: Overview, p: Printer) -> Iterable[list[object]]:
    for s in (s for s in overview.stopped if s.outcome != "direction_open"):
        why = p.told(s.label) if s.label else p.word("reason", s.reason)
        for c in s.names:
            yield [c.name, c.company_id, p.word("outcome", s.outcome), why, None, ""]
    for w in overview.waiting:
        why = p.told(w.gate) if w.gate else p.word("reason", w.outcome)
        if w.reason:
            why += f"{p.words('sign.open')}{p.word('missing', w.reason)}{p.words('sign.close')}"
        settle = p.told(w.settle) if w.settle else p.words(f"waiting.{'judged' if w.gate else 'direction_open'}")
        yield [w.company.name, w.company.company_id, p.word("outcome", w.outcome), why, w.score, settle]


def _rule_columns(p: Printer) -> list[Column]:
    w = p.words
    counts: list[Column] = [
        (p.word("gate_status", s), 9, "whole") for s in ("passed", "failed", "unknown", "not_run", "not_applicable")
    ]
    return [
        (w("idle.rule"), 36, ""), (w("sheet.rule_id"), 26, ""), (w("idle.kind"), 10, ""), (w("gate.effect"), 10, ""), *counts,
        (w("sheet.place"), 40, ""), (w("trace.ground"), 50, ""),
    ]  # fmt: skip


def _rules(overview: Overview, records: Sequence[CompanyRecord], p: Printer) -> Iterable[list[object]]:
    places = {g.id: g.place for r in records[:1] for g in r.gates}
    for g in overview.gates:
        place = places.get(g.id)
        counts = [g.passed, g.failed, g.unknown, g.not_run, g.not_applicable]
        where = f"{place.file}:{place.line}" if place else ""
        effect = p.word("effect", g.effect)
        yield [p.told(g.label), g.id, p.word("kind", g.kind), effect, *counts, where, _ground(g.citation, p)]
    seen: set[str] = set()
    for record in records:
        for c in (c for half in record.halves for pillar in half.pillars for c in pillar.criteria):
            if c.id not in seen:
                seen.add(c.id)
                where = f"{c.place.file}:{c.place.line}" if c.place else ""
                none = [None] * 5
                yield [p.told(c.label), c.id, p.word("kind", "criterion"), "", *none, where, _ground(c.citation, p)]


def _ground(citation: Any, p: Printer) -> str:
    return " ".join(x for x in (p.cited(citation), citation.quote) if x)


def _notes(overview: Overview, records: Sequence[CompanyRecord], p: Printer) -> Iterable[list[object]]:
    run, w = overview.run, p.words
    yield [w("run.pack"), f"{p.told(run.pack_label)} {run.pack_version}"]
    yield [w("run.authority"), f"{run.authority.number} {run.authority.title}" if run.authority else ""]
    yield [w("run.as_of"), run.as_of]
    yield [w("run.id"), run.run_id]
    yield [w("run.pack_digest"), run.pack_digest]
    yield [w("run.result_digest"), run.result_digest]
    yield [w("sheet.scope"), w("sheet.scope_note", n=len(records))]
    yield [w("sheet.units"), w("sheet.units_note")]
    for alert in findings.alerts(overview, p):
        yield [w("quality.notices"), alert.text]
    for sentence in findings.summary(overview, p):
        yield [w("nav.summary"), sentence]
    if run.external:
        yield [w("quality.notices"), w("run.external")]
    if run.synthetic:
        yield [w("quality.notices"), w("run.synthetic")]
