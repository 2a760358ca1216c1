"""The answers of a run about some companies, as records: how sure, what would move them, and who is comparable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screening.analysis.lift import lifts
from screening.analysis.rulewords import share, text
from screening.result.peers import NearPeer, PeerGroup, PeerStanding
from screening.result.records import record_of
from screening.result.robustness import CompanyRobustness, Flip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.analysis.rundata import Row, RunData
    from screening.rulebook.model import Peers


class Comparable:
    """The rows of some companies in `robustness`, `lift` and the relations of peers; a run without them says nothing."""

    def __init__(self, run: RunData, narrow: RunData) -> None:
        self.pack = run.pack
        self.sure = {str(r["company_id"]): r for r in narrow.all("robustness")}
        self.groups = {str(r["company_id"]): r for r in narrow.all("peer_groups")}
        self.standing, self.near = narrow.by_company("peer_standing"), narrow.by_company("peers")
        self.lift = lifts(run, narrow, narrow.by_company("lift"))
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
        said = {
            "fact_id": row["fact"],
            "label": text(fact.label),
            "unit": fact.unit,
            "better": stated.facts[row["fact"]],
        }
        return record_of(PeerStanding, row, **said, value=row["value"].normalize(), median=row["median"].normalize())

    def _near(self, row: Row) -> NearPeer:
        named: Mapping[str, Any] = self.named.get(row["peer_id"], {})
        told = {"rank": named.get("rank"), "outcome": named.get("outcome") or ""}
        return record_of(NearPeer, row, company_id=row["peer_id"], name=named.get("name") or row["peer_id"], **told)


def company_robustness(row: Mapping[str, Any], first: int) -> CompanyRobustness:
    """Return a row of `robustness`, with its name, as a record; `first` is the N of its chance to be in front."""
    weight, floor = (
        Flip(row[f"{at}_kind"], row[f"{at}_id"], row[f"{at}_change"]) if row[f"{at}_id"] is not None else None
        for at in ("weight_flip", "floor_flip")
    )
    shares = {"top": row["top_share"], "shortlist": row["shortlist_share"]}
    name = row["name"] or row["company_id"]
    return record_of(CompanyRobustness, row, **shares, name=name, weight_flip=weight, floor_flip=floor, first=first)
