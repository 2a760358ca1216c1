"""Two results of the same companies -> who stands elsewhere, and by which rule."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from screening.result.contract import NOT_APPLICABLE
from screening.run.renames import Renames

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from screening.run.rule_changes import Change, Reach

Kind = Literal["enters", "leaves", "outcome", "gate", "class", "tier", "rank"]
KINDS: tuple[Kind, ...] = ("enters", "leaves", "outcome", "gate", "class", "tier", "rank")
SHORTLISTED = "shortlisted"
ABSENT = "absent"
NOT_RUN = "not_run"
OPEN = "direction_open"
IDLE = (ABSENT, "passed", NOT_APPLICABLE)
"""A new gate that somebody passes, or a removed one that somebody passed, moves nobody."""
_SUFFIX = ".status"


@dataclass(frozen=True, slots=True)
class Cause:
    """A rule that gives another result than before, and the edits that can have done it."""

    rule_id: str
    before: str
    after: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """One company that stands elsewhere. `kinds` says how, the weightiest first."""

    company_id: str
    name: str
    kinds: tuple[Kind, ...]
    before: Mapping[str, object]
    after: Mapping[str, object]
    causes: tuple[Cause, ...]

    def as_record(self) -> dict[str, Any]:
        """Return the move as plain data."""
        return {
            "company_id": self.company_id,
            "name": self.name,
            "kinds": list(self.kinds),
            "before": {k: _plain(v) for k, v in self.before.items()},
            "after": {k: _plain(v) for k, v in self.after.items()},
            "causes": [
                {"rule": c.rule_id, "before": c.before, "after": c.after, "edits": [e.text for e in c.changes]}
                for c in self.causes
            ],
        }


@dataclass(frozen=True, slots=True)
class MoveCounts:
    """Counts: companies, moves by kind, outcomes before and after, and how many companies each gate newly decides."""

    companies: int
    by_kind: Mapping[Kind, int]
    outcomes_before: Mapping[str, int]
    outcomes_after: Mapping[str, int]
    gates: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def as_record(self) -> dict[str, Any]:
        """Return the counts as plain data."""
        return {
            "companies": self.companies,
            "moves": dict(self.by_kind),
            "outcomes_before": dict(self.outcomes_before),
            "outcomes_after": dict(self.outcomes_after),
            "gate_crossings": {g: dict(c) for g, c in self.gates.items()},
        }


SHOWN = ("outcome", "outcome_reason", "tier", "fit", "merit", "score", "rank", "direction_id", "fit_grade", "track")


def ranking_of(folder: Path, named: Renames) -> pl.DataFrame:
    """Return the ranking of a result as far as it is compared, with rules under the ids they go by now."""
    reasons = named.of(("gate", "route", "criterion", "pillar"))
    frame = pl.read_parquet(folder / "ranking.parquet", glob=False).select("company_id", "uscc", "name", *SHOWN)
    return frame.with_columns(pl.col("outcome_reason").replace(reasons)) if reasons else frame


def _named(frame: pl.DataFrame, ids: Mapping[str, str]) -> pl.DataFrame:
    """Return a wide relation with the columns of renamed rules under their new ids."""
    return (
        frame.rename({c: ".".join(ids.get(part, part) for part in c.split(".")) for c in frame.columns})
        if ids
        else frame
    )


def compare(
    before: Path,
    after: Path,
    reach: Reach,
    rank_move: int,
    named: tuple[Renames, Renames] = (Renames(), Renames()),
    *,
    scores: bool = False,
) -> tuple[list[Move], MoveCounts]:
    """Return the companies that move and the counts. `before` and `after` are folders of the result's relations.

    `scores`: who only has another score moves too, and is of no kind.
    `named`: what the rules of either are called in the newer pack.
    """
    old, new = (_Result(folder, names) for folder, names in zip((before, after), named, strict=True))
    both = old.ranking.join(new.ranking, on="company_id", suffix="|new")
    gates = _crossings(old, new)
    touched = {c for crossing in gates.values() for ids in crossing.values() for c in ids}
    moves: list[Move] = []
    for row in both.iter_rows(named=True):
        kinds = tuple(_kinds(row, rank_move, crossed=row["company_id"] in touched))
        if kinds or (scores and row["score"] != row["score|new"]):
            company_id = row["company_id"]
            moves.append(
                Move(
                    company_id,
                    row["name"] or company_id,
                    kinds,
                    {k: row[k] for k in SHOWN},
                    {k: row[f"{k}|new"] for k in SHOWN},
                    tuple(_causes(company_id, row, old, new, reach)),
                )
            )
    moves.sort(key=lambda m: ([*map(KINDS.index, m.kinds), len(KINDS)], _rank(m.after), _rank(m.before), m.company_id))
    counted: Counter[Kind] = Counter(kind for m in moves for kind in m.kinds)
    tally = MoveCounts(
        both.height,
        {k: counted[k] for k in KINDS if counted[k]},
        _outcomes(old),
        _outcomes(new),
        {gate: {how: len(ids) for how, ids in crossing.items()} for gate, crossing in gates.items()},
    )
    return moves, tally


class _Result:
    """One result folder; wide rows are looked up only for companies that move."""

    def __init__(self, folder: Path, named: Renames) -> None:
        self.ranking = ranking_of(folder, named)
        self.gates = _named(pl.read_parquet(folder / "gates.parquet", glob=False), named.of(["gate"]))
        points = named.of(("criterion", "pillar", "deduction"))
        self.criteria = _named(pl.read_parquet(folder / "criteria.parquet", glob=False), points)
        self.stage = pl.read_parquet(folder / "stage.parquet", glob=False)
        self._rows: dict[str, dict[str, dict[str, Any]]] = {}

    def row(self, relation: str, company_id: str) -> dict[str, Any]:
        """Return a company's row, empty when its rules were not judged."""
        if relation not in self._rows:
            frame: pl.DataFrame = getattr(self, relation)
            self._rows[relation] = {r["company_id"]: r for r in frame.iter_rows(named=True)}
        return self._rows[relation].get(company_id, {})


def _kinds(row: Mapping[str, Any], rank_move: int, *, crossed: bool) -> Iterator[Kind]:
    was, now = row["outcome"], row["outcome|new"]
    if now == SHORTLISTED != was:
        yield "enters"
    elif was == SHORTLISTED != now:
        yield "leaves"
    elif was != now:
        yield "outcome"
    if crossed:
        yield "gate"
    if (row["direction_id"], row["fit_grade"]) != (row["direction_id|new"], row["fit_grade|new"]):
        yield "class"
    if row["tier"] != row["tier|new"]:
        yield "tier"
    if row["rank"] is not None and row["rank|new"] is not None and abs(row["rank"] - row["rank|new"]) > rank_move:
        yield "rank"


def _crossings(old: _Result, new: _Result) -> dict[str, dict[str, list[str]]]:
    """Per gate: `before → after` and the companies. A gate that one pack lacks counts as absent there."""
    ours, theirs = ({c.removesuffix(_SUFFIX) for c in r.gates.columns if c.endswith(_SUFFIX)} for r in (old, new))
    joined = old.gates.join(new.gates, on="company_id", suffix="|new")
    found: dict[str, dict[str, list[str]]] = {}
    for gate in sorted(ours | theirs):
        was = pl.col(f"{gate}{_SUFFIX}") if gate in ours else pl.lit(ABSENT)
        name = f"{gate}{_SUFFIX}|new" if gate in ours else f"{gate}{_SUFFIX}"
        now = pl.col(name) if gate in theirs else pl.lit(ABSENT)
        crossed = joined.select("company_id", was.alias("was"), now.alias("now")).filter(pl.col("was") != pl.col("now"))
        crossed = crossed.filter(~(pl.col("was").is_in(IDLE) & pl.col("now").is_in(IDLE)))
        # A new gate whose source the data lack decides nothing yet; the outcome would tell if it capped one.
        crossed = crossed.filter(~((pl.col("was") == ABSENT) & (pl.col("now") == NOT_RUN)))
        for company_id, before, after in crossed.iter_rows():
            found.setdefault(gate, {}).setdefault(f"{before} → {after}", []).append(company_id)
    return found


def _causes(company_id: str, row: Mapping[str, Any], old: _Result, new: _Result, reach: Reach) -> Iterator[Cause]:
    pairs = {
        relation: (old.row(relation, company_id), new.row(relation, company_id))
        for relation in ("gates", "criteria", "stage")
    }
    told = _class(row, ""), _class(row, "|new")
    if told[0] != told[1]:
        yield Cause("classification", *told, reach.of("classification"))
    if any(pairs["gates"]) and not all(pairs["gates"]):
        # It is not judged any more, or only now: of all the rules that came or went with that, those that decided are told.
        deciding = row["outcome_reason"], row["outcome_reason|new"]
        yield from (c for c in _gate_causes(*pairs["gates"], reach) if c.rule_id in deciding)
        return
    for axis in ("life_stage", "maturity", "track"):
        was, now = (r.get(axis) or r.get(f"{axis}.possible") for r in pairs["stage"])
        if was != now:
            yield Cause(axis, str(was), str(now), reach.of(axis))
    yield from sorted(
        _gate_causes(*pairs["gates"], reach),
        key=lambda c: c.rule_id not in (row["outcome_reason"], row["outcome_reason|new"]),
    )
    yield from _point_causes(*pairs["criteria"], reach)
    if row["outcome"] != row["outcome|new"] or row["tier"] != row["tier|new"]:
        edits = reach.of("verdict")
        if edits:
            yield Cause(
                "verdict",
                f"{row['outcome']} {row['tier'] or ''}".strip(),
                f"{row['outcome|new']} {row['tier|new'] or ''}".strip(),
                edits,
            )


def _class(row: Mapping[str, Any], end: str) -> str:
    """What its texts told: a direction and a grade, or that a person must read them."""
    is_open = row[f"outcome{end}"] == OPEN
    return f"{row[f'direction_id{end}']} {OPEN if is_open else row[f'fit_grade{end}']}"


def _gate_causes(was: Mapping[str, Any], now: Mapping[str, Any], reach: Reach) -> Iterator[Cause]:
    for column in dict.fromkeys([*was, *now]):
        before, after = was.get(column, ABSENT), now.get(column, ABSENT)
        idle = all(state in IDLE for state in (before, after)) or {before, after} == {ABSENT, NOT_RUN}
        if column.endswith(_SUFFIX) and before != after and not idle:
            gate = column.removesuffix(_SUFFIX)
            yield Cause(gate, before, after, reach.of(gate))


def _point_causes(was: Mapping[str, Any], now: Mapping[str, Any], reach: Reach) -> Iterator[Cause]:
    """Criteria by what they contribute, deductions by what they take off; a rule that is new and gives nothing is no cause.

    One that is as unknown as before gives its neutral points by another weight: it is told only where nothing else is.
    """
    found = [
        (_is_as_unknown(c.rule_id, was, now) and not reach.of(c.rule_id), c) for c in _moved_points(was, now, reach)
    ]
    told = [cause for unknown, cause in found if not unknown]
    yield from told or [cause for _, cause in found]


def _is_as_unknown(rule_id: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """True where a missing fact leaves a rule open both times, at the same points and ends before any weight."""
    return all(state.get(f"{rule_id}.reason") not in (None, NOT_APPLICABLE) for state in (was, now)) and all(
        was.get(f"{rule_id}.{end}") == now.get(f"{rule_id}.{end}") for end in ("points", "low", "high")
    )


def _moved_points(was: Mapping[str, Any], now: Mapping[str, Any], reach: Reach) -> Iterator[Cause]:
    columns = {**was, **now}
    for column in columns:
        rule_id, _, end = column.rpartition(".")
        is_deduction = end == "points" and "." not in rule_id and f"{rule_id}.contribution" not in columns
        if (end == "contribution" or is_deduction) and (was.get(column) or 0) != (now.get(column) or 0):
            yield Cause(
                rule_id,
                str(_plain(was.get(column, ABSENT))),
                str(_plain(now.get(column, ABSENT))),
                _with_weights(rule_id, reach),
            )


def _with_weights(rule_id: str, reach: Reach) -> tuple[Change, ...]:
    """A criterion whose own rule is the same moved because the weights beside it did."""
    return reach.of(rule_id) or reach.weights


def _outcomes(result: _Result) -> dict[str, int]:
    return dict(sorted(result.ranking.group_by("outcome").len().iter_rows()))


def _rank(state: Mapping[str, object]) -> int:
    rank = state["rank"]
    return rank if isinstance(rank, int) else 1 << 30


def _plain(value: object) -> Any:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value
