"""What the cases of a pack cover. A rule counts as tried only where a case states what it must give: passing through proves
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from screening import trace
from screening.resources import shown_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from screening.engine.compile.functions.scoring import Branch
    from screening.errors import Position
    from screening.rulebook.cases import CompanyCase
    from screening.rulebook.loader import LoadedPack
    from screening.rulebook.model import RulePack
    from screening.run.case_judging import Found

KINDS = ("gate status", "stage value", "scoring branch", "deduction branch", "outcome", "tier", "route", "measure")
_UNSAID = ("score", "of", "when", "bands", "lookup", "applies_when", "cases", "to", "best_of", "sum_of", "switch")
GATE_STATUSES = ("passed", "failed", "unknown")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a case can try: what it is, and where it stands."""

    kind: str
    rule_id: str
    what: str
    position: Position | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Everything to try, and what no case tries."""

    items: tuple[Item, ...]
    untried: tuple[Item, ...]

    @property
    def share(self) -> float:
        """Share of items that a case tries; 1 when there is nothing to try."""
        return 1 - len(self.untried) / len(self.items) if self.items else 1.0

    def by_kind(self) -> list[tuple[str, int, int]]:
        """Return (kind, tried, all) for every kind that the pack has."""
        rows = []
        for kind in KINDS:
            every = [i for i in self.items if i.kind == kind]
            if every:
                rows.append((kind, len(every) - sum(i.kind == kind for i in self.untried), len(every)))
        return rows


def measure(
    loaded: LoadedPack, cases: Sequence[CompanyCase], found: Mapping[str, Found], branches: Sequence[Branch]
) -> Coverage:
    """Return what the cases cover of the rules that stand in the pack's own folder."""
    folder = loaded.path if loaded.path.is_dir() else loaded.path.parent
    trace.listed_below(folder)
    own = {shown_path(file) for file in folder.rglob("*.y*ml")}
    # The rules of the packs below are tried by their own cases.
    items = [i for i in _items(loaded, branches) if i.position is not None and i.position.file in own]
    tried = {key for case in cases for key in _tried(case, found[case.id], branches)}
    return Coverage(tuple(items), tuple(i for i in items if (i.kind, i.rule_id, i.what) not in tried))


def _items(loaded: LoadedPack, branches: Sequence[Branch]) -> Iterator[Item]:
    pack, place = loaded.pack, loaded.document.position
    for gate_id, gate in pack.gates.items():
        for status in (*GATE_STATUSES, *(["not_applicable"] if gate.applies_when else [])):
            yield Item("gate status", gate_id, status, place(("gates", gate_id), key=True))
    for axis_id, axis in pack.stages.items():
        for value in axis.values:
            yield Item("stage value", axis_id, value, place(("stages", axis_id, "values", value), key=True))
    for branch in branches:
        yield Item(_kind(branch), branch.rule_id, _branch_name(branch), place(branch.path))
    verdict = pack.verdict
    for outcome in _outcomes(pack):
        yield Item("outcome", "verdict", outcome, place(("verdict", "shortlist_when")))
    for tier in dict.fromkeys(
        t for row in (verdict.tiers.matrix.values() if verdict.tiers else ()) for t in row.values()
    ):
        yield Item("tier", tier, "given", place(("verdict", "tiers", "matrix")))
    for route_id in verdict.routes:
        yield Item("route", route_id, "taken", place(("verdict", "routes", route_id), key=True))


def _outcomes(pack: RulePack) -> list[str]:
    scoped = ["out_of_scope", "direction_open", "insufficient_data"] if pack.domains else []
    return ["shortlisted", "ranked", "review", "rejected", *scoped]


def _kind(branch: Branch) -> str:
    return {"measures": "measure", "deductions": "deduction branch"}.get(str(branch.path[0]), "scoring branch")


def _branch_name(branch: Branch) -> str:
    """Name a branch by where it lies inside its own rule."""
    inside = branch.path[branch.path.index(branch.rule_id) + 1 :] if branch.rule_id in branch.path else branch.path
    steps = [str(p) for p in inside if p not in _UNSAID and not isinstance(p, int)]
    return " / ".join([*steps, branch.what])


def _tried(case: CompanyCase, found: Found, branches: Sequence[Branch]) -> Iterator[tuple[str, str, str]]:
    expect = case.expect
    for gate_id, status in expect.gates.items():
        yield "gate status", gate_id, status
    for axis_id, wanted in expect.stage.items():
        if isinstance(wanted, str):
            yield "stage value", axis_id, wanted
    for branch in branches:
        stated = branch.rule_id in expect.points or branch.rule_id in expect.measures
        if stated and found.get("branches", branch.column):
            yield _kind(branch), branch.rule_id, _branch_name(branch)
    if expect.outcome is not None:
        yield "outcome", "verdict", expect.outcome
    if expect.route not in (None, "none"):
        yield "route", str(expect.route), "taken"
    if expect.tier not in (None, "none"):
        yield "tier", str(expect.tier), "given"
