"""Who a company is comparable with, and where it stands among them: same direction and stage, judged by facts alone.

Scores play no part: a peer is near when its facts lie at near places in the group. Nothing is said where the group is smaller than
the pack's minimum; where the pack allows it, the same domain and stage is looked at instead, and said so.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from sqlglot import exp

from screening.analysis.answers import empty, shaped
from screening.analysis.rulewords import share
from screening.analysis.rundata import ranked
from screening.expression_sql.pieces import column, equals, relation, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from screening.analysis.rundata import RunData
    from screening.rulebook.model import Peers

SCOPES: Mapping[str, str] = {"direction": "direction_id", "domain": "domain_id"}
FEW = "few"
"""The scope of a company whose groups are all too small."""


def peer_relations(run: RunData, shown: Sequence[str]) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield `peer_groups` and `peer_standing` of every ranked company, and `peers` of the companies shown."""
    stated = run.pack.peers
    if stated is None:
        yield from ((name, empty(name)) for name in ("peer_groups", "peer_standing", "peers"))
        return
    pool = _grouped(_pool(run, stated), stated)
    yield "peer_groups", shaped("peer_groups", pool)
    yield "peer_standing", _standing(pool, stated)
    yield "peers", _nearest(pool, stated, shown)


def _pool(run: RunData, stated: Peers) -> pl.DataFrame:
    """One row per ranked company, by id: what it is compared within, and its facts; NULL where missing."""
    facts = [f for f in stated.facts if f in run.columns("facts")]
    select = [
        *(column(c, "ranking") for c in ("company_id", "domain_id", "track")),
        # A direction that is only the nearest to the words of a text has no peers.
        exp.alias_(
            exp.If(
                this=equals(column("direction_basis", "ranking"), text("told")), true=column("direction_id", "ranking")
            ),
            "direction_id",
        ),
        *(column(f, "facts") for f in facts),
    ]
    tree = exp.select(*select).from_(relation("ranking")).join(relation("facts"), using="company_id")
    frame = run.wide(tree.where(ranked()))
    return frame.with_columns(pl.col(facts).cast(pl.Float64)).sort("company_id")


def _grouped(pool: pl.DataFrame, stated: Peers) -> pl.DataFrame:
    """Add how many others each group has, and which group a company is compared within."""
    told = pl.col("track").is_not_null()
    sizes = [
        pl.when(told & pl.col(key).is_not_null())
        .then(pl.len().over(key, "track") - 1)
        .otherwise(0)
        .alias(f"{scope}_others")
        for scope, key in SCOPES.items()
    ]
    pool = pool.with_columns(sizes)
    scopes = ["direction", *(["domain"] if stated.widen == "domain" else [])]
    scope = pl.lit(FEW)
    for name in reversed(scopes):
        scope = pl.when(pl.col(f"{name}_others") >= stated.at_least).then(pl.lit(name)).otherwise(scope)
    return pool.with_columns(scope.alias("scope"))


def _standing(pool: pl.DataFrame, stated: Peers) -> pl.DataFrame:
    """One row per company with a group and fact that is known for it and for enough others of the group."""
    strong = Fraction(share(stated.strong))
    parts = []
    for scope, key in SCOPES.items():
        for fact, better in stated.facts.items():
            if fact not in pool.columns:
                continue
            value = pl.col(fact)
            known = (value.count() - 1).over(key, "track")
            placed = pool.select(
                "company_id",
                "scope",
                pl.lit(fact).alias("fact"),
                pl.col(f"{scope}_others").alias("others"),
                known.alias("known"),
                value.alias("value"),
                (value.rank("min") - 1).over(key, "track").alias("below"),
                (value.count() - value.rank("max")).over(key, "track").alias("above"),
                value.median().over(key, "track").alias("median"),
            ).filter((pl.col("scope") == scope) & pl.col("value").is_not_null() & (pl.col("known") >= stated.at_least))
            good, bad = ("below", "above") if better == "higher" else ("above", "below")
            parts.append(placed.with_columns(_verdict(good, bad, strong).alias("standing")))
    return shaped("peer_standing", pl.concat(parts, how="vertical_relaxed")) if parts else empty("peer_standing")


def _verdict(good: str, bad: str, strong: Fraction) -> pl.Expr:
    """Strictly better than so many of the others whose value is known is a strength, strictly worse a weakness."""
    bound = pl.col("known").cast(pl.Int64) * strong.numerator
    return (
        pl.when(pl.col(good).cast(pl.Int64) * strong.denominator >= bound)
        .then(pl.lit("strength"))
        .when(pl.col(bad).cast(pl.Int64) * strong.denominator >= bound)
        .then(pl.lit("weakness"))
        .otherwise(pl.lit("between"))
    )


def _nearest(pool: pl.DataFrame, stated: Peers, shown: Sequence[str]) -> pl.DataFrame:
    """The nearest others of each company shown, by the mean difference of places over the facts that both have."""
    facts = [f for f in stated.facts if f in pool.columns]
    rows: list[tuple[str, str, int, float, int]] = []
    wanted = pool.filter(pl.col("company_id").is_in(list(shown)) & (pl.col("scope") != FEW))
    for scope, key in SCOPES.items():
        own = wanted.filter(pl.col("scope") == scope)
        for group in own.partition_by(key, "track", maintain_order=True):
            value, track = group[key][0], group["track"][0]
            members = pool.filter((pl.col(key) == value) & (pl.col("track") == track))
            places = members.select((pl.col(f).rank("average") / pl.col(f).count()) for f in facts).to_numpy()
            ids = members["company_id"].to_list()
            at = {company_id: i for i, company_id in enumerate(ids)}
            for company_id in group["company_id"]:
                rows += _near(ids, places, at[company_id], stated.nearest)
    if not rows:
        return empty("peers")
    return shaped(
        "peers", pl.DataFrame(rows, schema=["company_id", "peer_id", "position", "distance", "shared"], orient="row")
    )


def _near(ids: Sequence[str], places: np.ndarray, own: int, most: int) -> list[tuple[str, str, int, float, int]]:
    """The nearest by distance, equal ones by id. Who shares less than half of the company's known facts is not comparable."""
    gaps = np.abs(places - places[own])
    shared = (~np.isnan(gaps)).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        distance = np.round(np.nansum(gaps, axis=1) / shared, 4)
    need = max(1, (int(shared[own]) + 1) // 2)
    others = [i for i in range(len(ids)) if i != own and shared[i] >= need]
    others.sort(key=lambda i: (float(distance[i]), ids[i]))
    return [(ids[own], ids[i], n, float(distance[i]), int(shared[i])) for n, i in enumerate(others[:most], 1)]
