"""The plan's banded criteria on a sample of companies in GoRules ZEN, pandas and polars: same numbers, what each costs.

    pip install zen-engine pandas      # in an environment beside the program's
    python -m benchmarks.rule_engines [--companies 5000]

Fifteen criteria of one track, each with points, low and high; a third of the facts is missing. ZEN evaluates one decision a company (its
expression node holds all 45 expressions, compiled once); pandas and polars a column at a time. ZEN raises where a number is compared with null, so
each of its expressions asks first. Ends with an error where two of them differ in any number.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time

import polars as pl

from benchmarks.expert import bands

BANDS = {
    "founders_full_time_share": ((0, 0), (0.5, 5), (0.66, 7), (1, 10)),
    "founder_prior_startups": ((0, 4), (1, 8), (2, 10)),
    "phd_count": ((0, 2), (1, 7), (3, 10)),
    "degree_share": ((0, 2), (0.3, 7), (0.6, 10)),
    "own_class_one_ip": ((0, 2), (1, 8), (2, 10)),
    "rd_share_of_cost": ((0, 0), (0.1, 3), (0.2, 6), (0.35, 8), (0.5, 10)),
    "rd_staff_share": ((0, 0), (0.1, 4), (0.3, 7), (0.5, 10)),
    "pilot_contracts": ((0, 0), (1, 6), (2, 8), (3, 10)),
    "acceptances": ((0, 0), (1, 7), (2, 10)),
    "repeat_orders": ((0, 0), (1, 8), (2, 10)),
    "revenue_growth": ((-1e9, 0), (0, 3), (0.15, 6), (0.3, 8), (0.5, 10)),
    "runway_months": ((0, 0), (6, 3), (12, 6), (18, 8), (24, 10)),
    "gross_margin": ((-1e9, 0), (0.15, 4), (0.3, 7), (0.5, 10)),
    "debt_ratio": ((-1e9, 10), (0.55, 5), (0.75, 0)),
    "months_to_scale_up": ((-1e9, 0), (0, 10), (36, 8), (60, 0)),
}
PARTS = ("points", "low", "high")


def made_up(companies: int) -> list[dict[str, float | None]]:
    """Return facts, a third of them missing, values on and beside the edges of the bands."""
    chance = random.Random(20240914)
    return [
        {
            fact: None if chance.random() < 1 / 3 else max(chance.choice(edges)[0], -1) + chance.choice((0, 0.01, 0.4))
            for fact, edges in BANDS.items()
        }
        for _ in range(companies)
    ]


def neutral(edges: tuple[tuple[float, float], ...]) -> tuple[float, float, float]:
    """Return what a missing fact gives: the middle, the least, the most."""
    worth = [points for _, points in edges]
    return (min(worth) + max(worth)) / 2, min(worth), max(worth)


def in_polars(rows: list[dict[str, float | None]]) -> list[tuple[float, ...]]:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(BANDS, pl.Float64))
    scores = {fact: bands(fact, *edges) for fact, edges in BANDS.items()}
    return frame.select(
        score[n].alias(f"{fact}.{part}") for fact, score in scores.items() for n, part in enumerate(PARTS)
    ).rows()


def in_pandas(rows: list[dict[str, float | None]]) -> list[tuple[float, ...]]:
    import pandas as pd  # noqa: PLC0415

    frame, found = pd.DataFrame(rows, columns=list(BANDS), dtype="float64"), {}
    for fact, edges in BANDS.items():
        known = pd.cut(frame[fact], [edge for edge, _ in edges] + [math.inf], right=False, labels=False).map(
            dict(enumerate(points for _, points in edges))
        )
        for part, instead in zip(PARTS, neutral(edges), strict=True):
            found[f"{fact}.{part}"] = known.fillna(instead)
    return list(pd.DataFrame(found).itertuples(index=False, name=None))


def in_zen(rows: list[dict[str, float | None]]) -> list[tuple[float, ...]]:
    import zen  # noqa: PLC0415

    expressions = []
    for fact, edges in BANDS.items():
        known = str(edges[0][1])
        for edge, points in edges[1:]:
            known = (
                f"{fact} >= {edge} ? {points} : ({known})"
                if known == str(edges[0][1])
                else f"{fact} >= {edge} ? {points} : {known}"
            )
        for part, instead in zip(PARTS, neutral(edges), strict=True):
            expressions.append(
                {"id": f"{fact}-{part}", "key": f"{fact}__{part}", "value": f"{fact} == null ? {instead} : ({known})"}
            )
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        {
            "id": "score",
            "type": "expressionNode",
            "name": "score",
            "position": {"x": 1, "y": 0},
            "content": {"expressions": expressions},
        },
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 2, "y": 0}},
    ]
    edges_ = [
        {"id": "a", "type": "edge", "sourceId": "in", "targetId": "score"},
        {"id": "b", "type": "edge", "sourceId": "score", "targetId": "out"},
    ]
    decision = zen.ZenEngine().create_decision(zen.ZenDecisionContent(json.dumps({"nodes": nodes, "edges": edges_})))
    keys = [f"{fact}__{part}" for fact in BANDS for part in PARTS]
    judged = (decision.evaluate(row)["result"] for row in rows)
    return [tuple(one[key] for key in keys) for one in judged]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--companies", type=int, default=5_000)
    rows = made_up(parser.parse_args().companies)
    first: list[tuple[float, ...]] | None = None
    for name, work in (("polars", in_polars), ("pandas", in_pandas), ("GoRules ZEN", in_zen)):
        try:
            work(rows[:10])
        except ImportError:
            print(f"{name:<12} is not installed")
            continue
        started = time.process_time()
        found = work(rows)
        spent = time.process_time() - started
        print(f"{name:<12} {spent:8.3f} s of processor time, {spent / len(rows) * 1e6:8.1f} µs a company")
        if first is not None and any(
            not math.isclose(a, b)
            for one, other in zip(first, found, strict=True)
            for a, b in zip(one, other, strict=True)
        ):
            raise SystemExit(f"{name} gives other numbers")
        first = first or found


if __name__ == "__main__":
    main()
