"""What stands around the rules: accounts, holders, rounds and milestones, patents, peers, and the fund's own limits.

Read from the standard tables where the pack declares them and the data have them; a pack of another entity simply has none.
"""

from __future__ import annotations

import bisect
import datetime
import functools
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from screening.analysis.fund_terms import own_limit
from screening.analysis.rulewords import text, told_direction
from screening.result.company import AccountLine, Accounts, Event, FactSource, FundLimits, Note, Peer, Share
from screening.result.records import Text, record_of
from screening.rulebook.program import Key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from screening.analysis.rundata import Row, RunData

YEARS = 3
PEERS = 5
ACCOUNT_LINES = ("revenue", "rd_expense", "net_profit", "total_assets", "total_liabilities", "cash")
_TABLES = ("financials", "holders", "funding_rounds", "milestones", "patents", "deal", "risk_events")


class Background:
    """The rows around some companies, read once for all of them."""

    def __init__(self, run: RunData, narrow: RunData, company_ids: Sequence[str]) -> None:
        self.run, self.pack, self.manifest = run, run.pack, run.manifest
        wanted = set(company_ids)
        self.tables = {t: narrow.by_company(t) for t in _TABLES if t in self.pack.tables and narrow.has(t)}
        self.held = run.rows("holding_counts") if run.has("holdings") else []
        known = run.rows("held_companies") if run.has("holdings") else []
        self.own = {r["company_id"]: r for r in known if r["company_id"] in wanted}
        self.fact_sources = _fact_sources(narrow)
        self._written = functools.cache(self._headers)
        self._peers: dict[str, list[Row]] = {}
        for row in run.rows("peers"):
            self._peers.setdefault(row["direction_id"], []).append(row)

    def accounts(self, company_id: str) -> Accounts | None:
        """Return the last fiscal years; a year without a row is shown empty, never as zero."""
        table = self.pack.tables.get("financials")
        rows = {r["fiscal_year"]: r for r in self.tables.get("financials", {}).get(company_id, ()) if r["fiscal_year"]}
        if table is None or not rows:
            return None
        years = tuple(range(max(rows) - YEARS + 1, max(rows) + 1))
        lines = []
        for column_id in ACCOUNT_LINES:
            column = table.columns.get(column_id)
            values = tuple(rows.get(y, {}).get(column_id) for y in years)
            if column is not None and column.label and any(v is not None for v in values):
                lines.append(AccountLine(column_id, text(column.label), values))
        return (
            Accounts(years, tuple(rows.get(y, {}).get("source_kind") for y in years), tuple(lines)) if lines else None
        )

    def holders(self, company_id: str) -> tuple[Share, ...]:
        """Return the kinds of holders, the largest first."""
        rows = [r for r in self.tables.get("holders", {}).get(company_id, ()) if r.get("holder_kind")]
        rows.sort(key=lambda r: (-(r["share"] if r["share"] is not None else Decimal(-1)), r["holder_kind"]))
        return tuple(Share(r["holder_kind"], r["share"]) for r in rows)

    def events(self, company_id: str, company: Row) -> tuple[Event, ...]:
        """Return what happened and what is planned, in the order of days."""
        found = []
        if company.get("established_on"):
            found.append(Event(company["established_on"], "company", "established", Text("成立", "Established")))
        for table, on, amount in (
            ("funding_rounds", "announced_on", "amount"),
            ("milestones", "reached_on", "amount"),
            ("risk_events", "occurred_on", "amount"),
        ):
            for row in self.tables.get(table, {}).get(company_id, ()):
                day, planned = row.get(on), False
                if day is None and row.get("planned_on"):
                    day, planned = row["planned_on"], True
                if isinstance(day, datetime.date):
                    what = str(row.get("round") or row.get("kind") or "other")
                    label = text(self.pack.tables[table].label)
                    found.append(Event(day, table, what, label, row.get(amount), str(row.get("title") or ""), planned))
        return tuple(sorted(found, key=lambda e: (e.on, e.kind, e.what, e.title)))

    def patents(self, company_id: str) -> tuple[tuple[str, int], ...]:
        """Return how many patents stand in each legal status, most first."""
        rows = self.tables.get("patents", {}).get(company_id, ())
        counts = Counter(str(r.get("legal_status") or "unknown") for r in rows)
        return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def peers(self, ranking: Row) -> tuple[Peer, ...]:
        """Return the ranked companies of the same direction around this one's rank, itself among them."""
        rows = self._peers.get(told_direction(ranking) or "", [])
        if len(rows) < 2 or ranking["rank"] is None:
            return ()
        at = bisect.bisect_left([(r["rank"], r["company_id"]) for r in rows], (ranking["rank"], ranking["company_id"]))
        start = max(0, min(at - PEERS // 2, len(rows) - PEERS))
        return tuple(
            record_of(Peer, r, name=r["name"] or "", own=r["company_id"] == ranking["company_id"])
            for r in rows[start : start + PEERS]
        )

    def limits(self, company_id: str, ranking: Row) -> FundLimits | None:
        """Return what the fund may do here; None where the data name no fund."""
        fund: Mapping[str, Any] = self.manifest.get("fund") or {}
        if not fund:
            return None
        deal = next(iter(self.tables.get("deal", {}).get(company_id, ())), {})
        own: Row = self.own.get(company_id, {})
        ticket = fund.get("ticket")
        label = fund.get("label") or {}
        return FundLimits(
            Text(str(label.get("zh") or fund.get("id") or ""), str(label.get("en") or "")),
            (Decimal(repr(float(ticket[0]))), Decimal(repr(float(ticket[1])))) if ticket else None,
            own_limit(fund).most,
            deal.get("ask"),
            deal.get("pre_money"),
            sum(r["count"] for r in self.held if r["direction_id"] and r["direction_id"] == told_direction(ranking)),
            bool(own.get("held")),
            own.get("held") is False,
            own.get("exited_on"),
            own.get("at_stake"),
        )

    def notes(self, company_id: str) -> tuple[Note, ...]:
        """Return the notes of analysts and the committee, newest first."""
        mine = [n for n in self.manifest.get("notes", ()) if n.get("company_id") == company_id]
        notes = [
            Note(
                datetime.date.fromisoformat(str(n["on"])) if n.get("on") else None,
                str(n.get("by", "")),
                str(n.get("text", "")),
                str(n.get("reason", "")),
            )
            for n in mine
        ]
        return tuple(sorted(notes, key=lambda n: (n.on or datetime.date.min, n.text), reverse=True))

    def sources(self, company_id: str, fact_id: str) -> tuple[FactSource, ...]:
        """Return the source rows that gave a fact its value, where the run recorded them."""
        return tuple(
            FactSource(
                r["table"],
                text(self.pack.tables[r["table"]].label) if r["table"] in self.pack.tables else Text(r["table"]),
                r.get("file"),
                r.get("sheet") or None,
                int(r["row"]) if r.get("row") is not None else None,
                str(r["period"]) if r.get("period") is not None else None,
                r.get("kind"),
                self._written(fact_id, r["table"], r.get("file"), r.get("sheet") or ""),
            )
            for r in self.fact_sources.get((company_id, fact_id), ())
        )

    def _headers(self, fact_id: str, table: str, file: str | None, sheet: str) -> tuple[str, ...]:
        """The headers, as written in that file, of the columns that a fact and those it rests on read; the fiscal year is the period."""
        written: Mapping[str, str] = next(
            (
                d.get("columns") or {}
                for d in self.manifest["data"]
                if (d["table"], d["path"], d.get("sheet") or "") == (table, file, sheet)
            ),
            {},
        )
        program, own = self.run.parsed.program, self.pack.tables.get(table)
        read = [c.partition(".") for f in program.bases(fact_id) for c in program.rules[Key("fact", f)].columns]
        year = own.fiscal_year if own else None
        return tuple(dict.fromkeys(written[c] for t, _, c in read if t == table and c != year and c in written))


def _fact_sources(run: RunData) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = {}
    for row in run.all("fact_sources"):
        found.setdefault((str(row["company_id"]), str(row["fact"])), []).append(row)
    for rows in found.values():
        rows.sort(
            key=lambda r: (str(r.get("period") or ""), str(r.get("file") or ""), int(r.get("row") or 0)), reverse=True
        )
    return found
