"""`screen diff`: two finished runs, and for each company what moved it: the program, the rules, the date, or the data.

The old run is computed again four times, each time with one more thing of the new run: today's program, the new pack, the new
date of knowledge, the new tables. What one step changes is that cause's share; their sum is the whole change, and what is then
left between the last computation and the new run as it stands is shown as the remainder (zero unless another version wrote it).
"""

from __future__ import annotations

import dataclasses
import tempfile
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from screening.analysis.rulewords import text
from screening.errors import RulesError
from screening.result.difference import (
    CAUSES,
    CompanyChange,
    Difference,
    Effect,
    Listed,
    Renamed,
    RuleMove,
    RunSide,
    Same,
)
from screening.rulebook.parsing import parse_pack
from screening.run.folder import copied
from screening.run.moves import SHOWN, Move, compare, ranking_of
from screening.run.opened import RunFolder, opened, reading, run_folder
from screening.run.options import Options
from screening.run.renames import Renames, renames
from screening.run.rule_changes import Reach, changes
from screening.run.screening import computed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from screening.engine.inputs import Inputs
    from screening.result.difference import Cause
    from screening.result.records import Text
    from screening.rulebook.loader import LoadedPack
    from screening.run.options import Progress

_STALE = "stale"


@dataclass(frozen=True)
class _Run:
    """One side: a run folder that was looked at, and the pack in it."""

    folder: RunFolder
    loaded: LoadedPack

    @property
    def result(self) -> Path:
        return self.folder.path / "result"

    @property
    def inputs(self) -> Inputs:
        return self.folder.inputs

    @property
    def side(self) -> RunSide:
        manifest = self.folder.manifest
        head = manifest["pack"]
        return RunSide(
            str(manifest["run_id"]),
            str(head["id"]),
            str(head["version"]),
            str(manifest["as_of"]),
            str(manifest["result_digest"]),
        )


def difference(
    before: Path, after: Path, options: Options | None = None, progress: Progress = lambda _: None
) -> Difference:
    """Return what changed from one run folder to another.

    Raises RunError for a folder that is no run, RulesError when the two packs screen different entities.
    """
    options = options or Options()
    old, new = (_opened(folder) for folder in (before, after))
    entities = [run.loaded.pack.pack.entity for run in (old, new)]
    if entities[0] != entities[1]:
        raise RulesError.of(
            "diff/entities",
            f"the two runs screen different things: {entities[0]} and {entities[1]}",
            remedy="compare runs of packs with the same `entity`",
        )
    programs = (parse_pack(old.loaded, old.inputs.as_of).program, parse_pack(new.loaded, new.inputs.as_of).program)
    named = renames(old.loaded, new.loaded, programs)
    reach = Reach(*programs, changes(old.loaded, new.loaded, named), named)
    with reading(after), reading(before), tempfile.TemporaryDirectory(prefix="screen-diff-") as work:
        results = [old.result]
        for cause in CAUSES:
            progress(cause)
            results.append(_computed(cause, old, new, Path(work), results[-1], options))
        progress("compare")
        return _difference(old, new, results, reach)


def _opened(folder: Path) -> _Run:
    # Each by itself first: what is damaged later is told of one of the two, and it may be the other.
    with opened(folder):
        found = run_folder(folder)
    return _Run(found, found.pack())


def _computed(cause: Cause, old: _Run, new: _Run, work: Path, last: Path, options: Options) -> Path:
    """Return the result with everything up to `cause` taken from the new run; the last one again where nothing differs."""
    rules_differ = old.loaded.digest != new.loaded.digest
    dates_differ = old.inputs.as_of != new.inputs.as_of
    data_differ = _data(old) != _data(new)
    same = {"engine": False, "rules": not rules_differ, "date": not dates_differ, "data": not data_differ}
    if same[cause]:
        return last
    at = CAUSES.index(cause)
    loaded = new.loaded if at >= CAUSES.index("rules") else old.loaded
    source = new if at >= CAUSES.index("data") else old
    as_of = (new if at >= CAUSES.index("date") else old).inputs.as_of
    inputs = dataclasses.replace(source.inputs, as_of=as_of)
    folder = work / cause
    tables = copied(source.folder.clean_tables(), folder)
    return computed(folder, loaded, inputs, tables, source.folder.overrides(), options)


def _data(run: _Run) -> tuple[object, ...]:
    """What a run was computed from, apart from the rules and the date: tables and overrides by their hashes, and what they offered."""
    hashed = {f: h for f, h in run.folder.manifest["files"].items() if f.startswith(("tables/", "overrides."))}
    return hashed, run.folder.manifest["inputs"]


def _labels(loaded: LoadedPack) -> dict[str, Text]:
    pack = loaded.pack
    labelled = [
        *pack.gates.items(),
        *pack.stages.items(),
        *((criterion_id, criterion) for _, _, criterion_id, criterion in pack.criteria_of()),
        *(pack.deductions.items.items() if pack.deductions is not None else ()),
    ]
    named = {rule_id: text(rule.label) for rule_id, rule in labelled}
    named |= {f"classification.{d}": text(direction.name) for _, d, direction in pack.directions()}
    named |= {
        f"{axis_id}.{v}": text(value.label) for axis_id, axis in pack.stages.items() for v, value in axis.values.items()
    }
    return named


def _difference(old: _Run, new: _Run, results: list[Path], reach: Reach) -> Difference:
    # Up to the program the old pack is at work: its rules go by the ids that the new one has for them.
    by_old = CAUSES.index("rules") + 1
    named = [*[reach.renamed] * by_old, *[Renames()] * (len(results) - by_old), Renames()]
    rankings = [_ranking(result, names) for result, names in zip((*results, new.result), named, strict=True)]
    first, last, stored = rankings[0], rankings[-2], rankings[-1]
    both = [c for c in first if c in stored]
    moves: dict[Cause, dict[str, Move]] = {}
    expired: dict[Cause, dict[str, tuple[str, ...]]] = {}
    for n, (cause, was, now) in enumerate(zip(CAUSES, results, results[1:], strict=False)):
        if was == now:
            continue
        found_moves, _ = compare(was, now, reach, 0, (named[n], named[n + 1]), scores=True)
        moves[cause] = {move.company_id: move for move in found_moves}
        expired[cause] = _expired(was, now) if cause == "date" else {}
    changed = [
        change
        for company_id in both
        if (change := _changed(company_id, rankings, moves, expired, last, stored)) is not None
    ]
    changed.sort(key=_weight)
    labels = {**_labels(old.loaded), **_labels(new.loaded)}
    entered, left = _listed(stored, set(stored) - set(first)), _listed(first, set(first) - set(stored))
    return Difference(
        before=old.side,
        after=new.side,
        causes=tuple(c for c in CAUSES if c in moves),
        edits=tuple(c.text for c in reach.found),
        renamed=tuple(
            Renamed(key.kind, key.id, now, labels.get(now) or labels.get(key.id))
            for key, now in reach.renamed.ids.items()
        ),
        companies=len(both),
        changed=tuple(changed),
        entered=entered,
        left=left,
        same_as=tuple(_same_as(left, entered, first, stored)),
        outcomes_before=_outcomes(first),
        outcomes_after=_outcomes(stored),
        labels=labels,
        synthetic=all(run.folder.manifest["dataset"]["synthetic"] for run in (old, new)),
        outcome_moves=dict(Counter(c.decisive for c in changed if c.decisive is not None)),
    )


def _ranking(result: Path, named: Renames) -> dict[str, dict[str, Any]]:
    return {row["company_id"]: row for row in ranking_of(result, named).iter_rows(named=True)}


def _same_as(
    left: tuple[Listed, ...],
    entered: tuple[Listed, ...],
    first: Mapping[str, Mapping[str, Any]],
    stored: Mapping[str, Mapping[str, Any]],
) -> Iterator[Same]:
    """Yield whose id only one run has and who may be a company of the other: by its credit code, else by a name that one alone has there."""
    for rows, there, back in ((left, stored, False), (entered, first, True)):
        codes, names = (_alone(there, column) for column in ("uscc", "name"))
        own = first if not back else stored
        for row in rows:
            other = codes.get(own[row.company_id]["uscc"] or "") or names.get(row.name)
            if other is None:
                continue
            beside = other in first and other in stored
            # A new id for somebody who left is told once, from the side of those who left.
            if back and not beside:
                continue
            [found] = _listed(there, {other})
            yield Same(
                "split" if back else "merged" if beside else "renumbered", *((found, row) if back else (row, found))
            )


def _alone(ranking: Mapping[str, Mapping[str, Any]], column: str) -> dict[str, str]:
    """Return, by a value that one company alone has, its id."""
    counted = Counter(row[column] for row in ranking.values() if row[column])
    return {row[column]: i for i, row in ranking.items() if row[column] and counted[row[column]] == 1}


def _changed(
    company_id: str,
    rankings: list[dict[str, dict[str, Any]]],
    moves: Mapping[Cause, Mapping[str, Move]],
    expired: Mapping[Cause, Mapping[str, tuple[str, ...]]],
    last: Mapping[str, Mapping[str, Any]],
    stored: Mapping[str, Mapping[str, Any]],
) -> CompanyChange | None:
    steps = tuple(_steps(company_id, rankings, moves, expired))
    before, after = rankings[0][company_id], stored[company_id]
    again = last.get(company_id)
    remainder = _less(after["score"], again["score"]) if again is not None else None
    if not steps and not remainder and all(before[k] == after[k] for k in SHOWN):
        return None
    return CompanyChange(
        company_id,
        after["name"] or company_id,
        {k: before[k] for k in SHOWN},
        {k: after[k] for k in SHOWN},
        steps,
        remainder,
    )


def _steps(
    company_id: str,
    rankings: list[dict[str, dict[str, Any]]],
    moves: Mapping[Cause, Mapping[str, Move]],
    expired: Mapping[Cause, Mapping[str, tuple[str, ...]]],
) -> Iterator[Effect]:
    for number, cause in enumerate(CAUSES):
        was, now = rankings[number].get(company_id), rankings[number + 1].get(company_id)
        if cause not in moves or was is None or now is None:
            continue
        move = moves[cause].get(company_id)
        over = expired[cause].get(company_id, ())
        score = _less(now["score"], was["score"])
        # A rank that moved because others did is no step of this company's own.
        if not score and was["outcome"] == now["outcome"] and (move is None or not move.causes):
            continue
        yield Effect(
            cause,
            score,
            was["outcome"],
            now["outcome"],
            tuple(
                RuleMove(c.rule_id, c.before, c.after, tuple(e.text for e in c.changes) if cause == "rules" else ())
                for c in (move.causes if move is not None else ())
                if c.rule_id not in over
            ),
            over,
        )


def _expired(was: Path, now: Path) -> dict[str, tuple[str, ...]]:
    """Return, by company, the gates that became undecided because their search is too old."""
    before, after = (pl.read_parquet(folder / "gates.parquet", glob=False) for folder in (was, now))
    gates = [c.removesuffix(".reason") for c in after.columns if c.endswith(".reason") and c in before.columns]
    if not gates:
        return {}
    joined = after.join(before, on="company_id", suffix="|was")
    found: dict[str, tuple[str, ...]] = {}
    for gate in gates:
        ids = joined.filter(
            (pl.col(f"{gate}.reason") == _STALE) & (pl.col(f"{gate}.reason|was").fill_null("") != _STALE)
        )["company_id"]
        for company_id in ids:
            found[company_id] = (*found.get(company_id, ()), gate)
    return found


def _less(now: Decimal | None, was: Decimal | None) -> Decimal | None:
    return now - was if now is not None and was is not None else None


def _listed(ranking: Mapping[str, Mapping[str, Any]], ids: set[str]) -> tuple[Listed, ...]:
    rows = [Listed(i, ranking[i]["name"] or i, ranking[i]["outcome"], ranking[i]["rank"]) for i in ids]
    return tuple(sorted(rows, key=lambda r: (r.rank is None, r.rank or 0, r.company_id)))


def _outcomes(ranking: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    return dict(sorted(Counter(str(row["outcome"]) for row in ranking.values()).items()))


def _weight(change: CompanyChange) -> tuple[object, ...]:
    """Outcomes first, the short list before the rest; then gates; then tiers; then the size of the move."""
    shortlist = "shortlisted" in (change.before["outcome"], change.after["outcome"])
    gate = any(s.expired for s in change.steps)
    total = _less(change.after["score"], change.before["score"]) or Decimal(0)
    return (
        change.decisive is None,
        not shortlist,
        not gate,
        change.before["tier"] == change.after["tier"],
        -abs(total),
        change.company_id,
    )


def record(result: Difference) -> dict[str, Any]:
    """Return a difference as plain data for JSON, `decisive` and `unexplained` beside each company."""
    plain = dataclasses.asdict(result)
    for row, change in zip(plain["changed"], result.changed, strict=True):
        row |= {"decisive": change.decisive, "unexplained": change.unexplained}
    return plain
