"""What is not known of each ranked company, as a relation: which fact, why, which undecided gates wait for it, how many points hang on it.

The law is that of the questions of a dossier, for all companies at once: a fact that is missing only because others are is asked
through those, and what hangs on a fact hangs on what is worked out from it too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from screening.analysis.answers import empty, shaped
from screening.expression_sql.decimals import decimal_of
from screening.result.contract import NOT_APPLICABLE, WITHHELD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from screening.analysis.rundata import RunData

EFFECTS = ("reject", "review")
"""Gates that decide; one that only warns waits like any other rule."""
UNDECIDED = ("unknown", "not_run")
WHOLE = 10**6
"""Makes the weights of halves whole numbers."""
_AT_ONCE = 20_000
"""Companies whose questions are held at once: each has some sixty of them."""
_NEVER = pl.lit(value=False)


def questions_relation(run: RunData) -> Iterator[pl.DataFrame]:
    """Return the relation `questions`, part by part in its order: one row per ranked company and fact to ask for, the first to ask first.

    Companies of which the same is known are asked the same: each kind of them is worked out once.
    """
    pool = run.unknowns.with_row_index("company_id")
    missing = {
        f: (pl.col(f"{f}.reason").is_not_null() & ~pl.col(f"{f}.reason").is_in((NOT_APPLICABLE, WITHHELD))).alias(f)
        for f in run.pack.facts
        if f"{f}.reason" in pool.columns
    }
    flags = pool.select(missing.values())
    some = [f for f in missing if flags[f].any()]
    carried = _carried(run, flags, some)
    reads = {criterion_id: _criterion_reads(run, criterion_id) for _, _, criterion_id, _ in run.pack.criteria_of()}
    parts = [found for f in some if (found := _asked(run, pool, flags, f, carried[f], reads)) is not None]
    if not parts:
        yield empty("questions")
        return
    frame = pl.concat(parts).sort(
        "company_id", "gravest", pl.col("at_stake"), "fact", descending=[False, False, True, False]
    )
    place = pl.int_range(1, pl.len() + 1).over("company_id")
    frame = frame.with_columns(place.alias("position")).sort("company_id", "fact").rename({"company_id": "kind"})
    members = pool.select(pl.col("company_id").alias("kind"), pl.col("members").alias("company_id"))
    each = members.explode("company_id", empty_as_null=False).sort("company_id")
    for some_of_them in each.iter_slices(_AT_ONCE):
        asked = some_of_them.join(frame, on="kind", how="inner", maintain_order="left_right")
        yield shaped("questions", asked, in_order=True)


def _carried(run: RunData, flags: pl.DataFrame, some: Collection[str]) -> dict[str, dict[str, pl.Series]]:
    """For each missing fact the facts that are missing through it, with whom: itself first."""
    program = run.parsed.program
    found: dict[str, dict[str, pl.Series]] = {}
    order = [f for f in program.fact_order if f in some]
    for fact in some:
        reached = {fact: flags[fact]}
        for above in order:
            under = [reached[b] for b in program.facts("fact", above) if b in reached]
            if above != fact and under:
                through = (
                    flags[above]
                    & pl.DataFrame({str(i): u for i, u in enumerate(under)})
                    .select(pl.any_horizontal(pl.all()))
                    .to_series()
                )
                if through.any():
                    reached[above] = through
        found[fact] = reached
    return found


def _asked(
    run: RunData,
    pool: pl.DataFrame,
    flags: pl.DataFrame,
    fact: str,
    carried: Mapping[str, pl.Series],
    reads: Mapping[str, Collection[str]],
) -> pl.DataFrame | None:
    """The rows of one fact: those who miss it and nothing that it rests on."""
    program, pack = run.parsed.program, run.pack
    asked = flags[fact]
    for below in program.facts("fact", fact):
        if below in flags.columns:
            asked = asked & ~flags[below]
    if not asked.any():
        return None
    with_carried = pool.with_columns(s.alias(f"carried {d}") for d, s in carried.items()).filter(asked)
    hang, names, gates, worst = [], [], [], []
    for half_id, _, criterion_id, _ in pack.criteria_of():
        through = _through(reads[criterion_id], carried)
        if through is None or f"{criterion_id}.contribution_low" not in pool.columns:
            continue
        width = pl.col(f"{criterion_id}.contribution_high") - pl.col(f"{criterion_id}.contribution_low")
        weight = int(decimal_of(pack.verdict.weights.get(half_id, 0.0)) * WHOLE)
        open_ = through & (width > 0)
        hang.append(pl.when(open_).then(_hundredths(width) * weight).otherwise(0))
        names.append(pl.when(open_).then(pl.lit(criterion_id)))
    read_by = [g for g in pack.gates if f"{g}.status" in pool.columns and set(program.facts("gate", g)) & set(carried)]
    for gate_id in read_by:
        effect = pack.gates[gate_id].effect
        if effect in EFFECTS:
            through = _through(program.facts("gate", gate_id), carried)
            assert through is not None
            waits = through & pl.col(f"{gate_id}.status").is_in(UNDECIDED)
            gates.append(pl.when(waits).then(pl.lit(gate_id)))
            worst.append(pl.when(waits).then(EFFECTS.index(effect)))
    told = with_carried.select(
        "company_id",
        pl.lit(fact).alias("fact"),
        pl.col(f"{fact}.reason").alias("reason"),
        _joined(gates).alias("gates"),
        _joined(names).alias("criteria"),
        pl.coalesce(pl.min_horizontal(worst) if worst else pl.lit(None, pl.Int32), pl.lit(len(EFFECTS)))
        .cast(pl.Int32)
        .alias("gravest"),
        (
            # Half away from zero, in whole numbers.
            pl.min_horizontal((2 * pl.sum_horizontal(hang) + WHOLE) // (2 * WHOLE), _hundredths(pl.col("band")))
            if hang
            else pl.lit(0, pl.Int64)
        ).alias("at_stake"),
        (_any([t for g in read_by if (t := _through(program.facts("gate", g), carried)) is not None])).alias("gated"),
    )
    keep = (
        pl.lit(value=True)
        if pack.facts[fact].question is not None
        else pl.col("criteria").is_not_null() | pl.col("gated")
    )
    return told.filter(keep).drop("gated").with_columns((pl.col("at_stake") / 100).alias("at_stake"))


def _hundredths(points: pl.Expr) -> pl.Expr:
    return (points.cast(pl.Float64) * 100).round().cast(pl.Int64)


def _criterion_reads(run: RunData, criterion_id: str) -> tuple[str, ...]:
    program = run.parsed.program
    axes = program.axes("criterion", criterion_id)
    return (*program.facts("criterion", criterion_id), *(f for a in axes for f in run.reading.axis_facts(a)))


def _through(reads: Collection[str], carried: Mapping[str, pl.Series]) -> pl.Expr | None:
    """True where one of the facts read is missing through the one asked for; None where none ever is."""
    touched = [pl.col(f"carried {d}") for d in carried if d in reads]
    return _any(touched) if touched else None


def _any(parts: list[pl.Expr]) -> pl.Expr:
    return pl.any_horizontal(parts) if parts else _NEVER


def _joined(names: Sequence[pl.Expr]) -> pl.Expr:
    """The ids that stand there, joined by commas; NULL: none."""
    if not names:
        return pl.lit(None, pl.String)
    joined = pl.concat_str(names, separator=",", ignore_nulls=True)
    return pl.when(joined != "").then(joined)
