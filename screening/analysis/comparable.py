"""The answers of a run about some companies, as records: how sure, what would move them, and who is comparable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp

from screening.analysis.lift import lifts
from screening.analysis.rulewords import share, text
from screening.expression_sql.pieces import relation
from screening.result.peers import NearPeer, PeerGroup, PeerStanding
from screening.result.robustness import CompanyRobustness, Flip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.analysis.rundata import Row, RunData
    from screening.rulebook.model import Peers


class Comparable:
    """The rows of some companies in `robustness`, `lift` and the relations of peers; a run without them says nothing."""

    def __init__(self, run: RunData, narrow: RunData) -> None:
        self.pack = run.pack
        self.sure = {str(r["company_id"]): r for r in _rows(narrow, "robustness")}
        self.groups = {str(r["company_id"]): r for r in _rows(narrow, "peer_groups")}
        self.standing, self.near = _by_company(narrow, "peer_standing"), _by_company(narrow, "peers")
        self.lift = lifts(run, narrow, _by_company(narrow, "lift"))
        named = sorted({str(r["peer_id"]) for rows in self.near.values() for r in rows})
        self.named = {r["company_id"]: r for r in run.rows("named_companies", companies=named)} if named else {}

    def robustness(self, company_id: str, name: str) -> CompanyRobustness | None:
        """Return how sure its rank is; None where the pack states no ranges or it has no rank."""
        row, stated = self.sure.get(company_id), self.pack.verdict.robustness
        return company_robustness({**row, "name": name}, stated.top) if row is not None and stated is not None else None

    def group(self, company_id: str) -> PeerGroup | None:
        """Return its group; None where the pack says nothing of peers or it has no rank."""
        row, stated = self.groups.get(company_id), self.pack.peers
        if row is None or stated is None:
            return None
        standing = sorted(self.standing.get(company_id, ()), key=lambda r: list(stated.facts).index(r["fact"]))
        by_kind: dict[str, list[PeerStanding]] = {}
        for each in standing:
            by_kind.setdefault(each["standing"], []).append(self._standing(each, stated))
        near = sorted(self.near.get(company_id, ()), key=lambda r: r["position"])
        return PeerGroup(
            row["scope"],
            row["direction_others"],
            row["domain_others"],
            stated.at_least,
            share(stated.strong),
            tuple(self._near(r) for r in near),
            tuple(by_kind.get("strength", ())),
            tuple(by_kind.get("weakness", ())),
            len(by_kind.get("between", ())),
        )

    def _standing(self, row: Row, stated: Peers) -> PeerStanding:
        fact = self.pack.facts[row["fact"]]
        return PeerStanding(
            row["fact"],
            text(fact.label),
            fact.unit,
            stated.facts[row["fact"]],
            row["value"].normalize(),
            row["median"].normalize(),
            row["known"],
            row["below"],
            row["above"],
        )

    def _near(self, row: Row) -> NearPeer:
        named: Mapping[str, Any] = self.named.get(row["peer_id"], {})
        return NearPeer(
            row["peer_id"],
            named.get("name") or row["peer_id"],
            named.get("rank"),
            named.get("outcome") or "",
            row["distance"],
            row["shared"],
        )


def company_robustness(row: Mapping[str, Any], first: int) -> CompanyRobustness:
    """Return a row of `robustness`, with its name, as a record; `first` is the N of its chance to be in front."""
    weight, floor = (
        Flip(row[f"{at}_kind"], row[f"{at}_id"], row[f"{at}_change"]) if row[f"{at}_id"] is not None else None
        for at in ("weight_flip", "floor_flip")
    )
    return CompanyRobustness(
        row["company_id"],
        row["name"] or row["company_id"],
        row["outcome"],
        row["rank"],
        row["rank_5"],
        row["rank_95"],
        row["top_share"],
        row["shortlist_share"],
        row["best"],
        row["worst"],
        row["margin"],
        weight,
        floor,
        first,
    )


def _rows(run: RunData, name: str) -> list[Row]:
    return run.select(exp.select(exp.Star()).from_(relation(name))) if run.has(name) else []


def _by_company(run: RunData, name: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in _rows(run, name):
        found.setdefault(str(row["company_id"]), []).append(row)
    return found
