"""What the pool does not know, by fact: for how many companies, which gates wait for it, how many points stay open, which column would tell.

Answers "which column should we buy or collect next, and what would it settle": gates first, since an undecided gate keeps a company
off the short list whatever its points.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from screening.analysis.answers import empty, shaped
from screening.analysis.rulewords import text
from screening.result.contract import NOT_APPLICABLE, WITHHELD
from screening.rulebook.program import Key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.analysis.rundata import RunData
    from screening.result.records import Text

_COUNT = "companies"
NOT_RUN = "not_run"
_UNDECIDED = ("unknown", NOT_RUN)


@dataclass(frozen=True, slots=True)
class DataGap:
    """One fact that is missing for somebody on the ranking.

    `missing`: companies; `reasons` why; `gates`: undecided gates that read it, with how many of those companies each leaves undecided;
    `held`: companies that would leave `review` if these gates were decided, at most; `capped`: companies on the long list because rejecting
    gates were not run, of which one waits for it, at most; `open_points`: of the score, summed over companies, in the criteria that rest on it; `columns`: where the datum would stand.
    """

    fact_id: str
    label: Text
    question: Text | None
    missing: int
    ranked: int
    reasons: tuple[tuple[str, int], ...]
    gates: tuple[tuple[str, Text, int], ...]
    held: int
    open_points: Decimal
    criteria: tuple[Text, ...]
    columns: tuple[str, ...]
    capped: int = 0


def data_gaps(run: RunData) -> tuple[DataGap, ...]:
    """Return the missing facts of the ranked companies, those that hold companies in review or off the short list first, then by open points.

    Companies of which the same is known lack the same: each kind of them is counted once, so often.
    """
    kinds = run.unknowns.with_columns(pl.col("members").list.len().cast(pl.Int64).alias(_COUNT))
    spans = kinds.select(
        (pl.col(name) - pl.col(f"{name.removesuffix('_high')}_low")).alias(name.removesuffix(".contribution_high"))
        for name in kinds.columns
        if name.endswith(".contribution_high")
    )
    found = [_gap(run, fact_id, kinds, spans) for fact_id in run.pack.facts if f"{fact_id}.reason" in kinds.columns]
    told = [f for f in found if f is not None and (f.gates or f.open_points)]
    return tuple(
        sorted(told, key=lambda f: (-f.held, -f.capped, -f.open_points, -sum(n for _, _, n in f.gates), f.fact_id))
    )


def gaps_relation(run: RunData) -> pl.DataFrame:
    """Return the relation `gaps`: one row per fact that is missing for a ranked company and on which something hangs."""
    rows = [
        {
            "fact": gap.fact_id,
            "position": number,
            "missing": gap.missing,
            "ranked": gap.ranked,
            "held": gap.held,
            "gates": ",".join(g for g, _, _ in gap.gates) or None,
            "open_points": gap.open_points,
            "columns": ",".join(gap.columns) or None,
            "capped": gap.capped,
        }
        for number, gap in enumerate(data_gaps(run), 1)
    ]
    return shaped("gaps", pl.DataFrame(rows)) if rows else empty("gaps")


def _gap(run: RunData, fact_id: str, kinds: pl.DataFrame, spans: pl.DataFrame) -> DataGap | None:
    key = Key("fact", fact_id)
    rule = run.parsed.program.rules[key]
    # A fact worked out from others is asked for through them.
    if any(k.kind == "fact" for k in rule.reads):
        return None
    reason, count = kinds[f"{fact_id}.reason"], kinds[_COUNT]
    # What is left out for others is known to whoever made the folder: nobody is asked for it.
    lacking = reason.is_not_null() & ~reason.is_in((NOT_APPLICABLE, WITHHELD))
    if not lacking.any():
        return None
    above = set(run.parsed.program.above([key], ("fact", "axis", "gate", "criterion")))
    waiting = list(_gates(run, above, kinds.filter(lacking)))
    held_by = {gate_id for gate_id, _, _ in waiting}
    outcome, because = kinds["outcome"], kinds["outcome_reason"]
    held = lacking & ((because.is_in(sorted(held_by))) & (outcome == "review"))
    rejecting = [g for g in held_by if run.pack.gates[g].effect == "reject"]
    waits = kinds.select(pl.any_horizontal(pl.lit(False), *(pl.col(f"{g}.status") == NOT_RUN for g in rejecting)))
    capped = lacking & (outcome == "ranked") & (because == NOT_RUN) & waits.to_series()
    serving = [k.id for k in above if k.kind == "criterion" and k.id in spans.columns]
    weights = run.pack.verdict.weights
    points, names = Decimal(0), []
    for half_id, _, criterion_id, criterion in run.pack.criteria_of():
        if criterion_id in serving:
            span = (spans[criterion_id] * count).filter(lacking).sum()
            if span:
                points += Decimal(span) * Decimal(repr(weights.get(half_id, 0.0)))
                names.append(text(criterion.label))
    spec = run.pack.facts[fact_id]
    return DataGap(
        fact_id,
        text(spec.label),
        text(asked) if (asked := spec.asked()) is not None else None,
        int(count.filter(lacking).sum()),
        int(count.sum()),
        _reasons(reason.filter(lacking), count.filter(lacking)),
        tuple(waiting),
        int(count.filter(held).sum()),
        points.quantize(Decimal("0.01")),
        tuple(names),
        rule.columns,
        int(count.filter(capped).sum()),
    )


def _reasons(reason: pl.Series, count: pl.Series) -> tuple[tuple[str, int], ...]:
    """Return how many companies each reason is of, the most frequent first."""
    told = pl.DataFrame({"reason": reason, "count": count}).group_by("reason").agg(pl.col("count").sum())
    return tuple(told.sort(-pl.col("count"), "reason").iter_rows())


def _gates(run: RunData, above: set[Key], lacking: pl.DataFrame) -> Iterator[tuple[str, Text, int]]:
    for gate_id, gate in run.pack.gates.items():
        if Key("gate", gate_id) in above and f"{gate_id}.status" in lacking.columns:
            undecided = int(lacking[_COUNT].filter(lacking[f"{gate_id}.status"].is_in(_UNDECIDED)).sum())
            if undecided:
                yield gate_id, text(gate.label), undecided
