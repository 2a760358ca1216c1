"""The answer of `screen portfolio` as relations: the choice, the limits, the exposure; to go on with in SQL or a spreadsheet."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl

from screening.run.ranking_files import write_csv

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from screening.result.portfolio import Answer

_TEXT, _WAN = pl.String(), pl.Int64()
CHOICE = {
    **dict.fromkeys(("company_id", "name", "state", "reason"), _TEXT), "rank": pl.Int32(), "score": pl.Decimal(9, 2), "ask": pl.Decimal(18, 2),
    "planned": _WAN, "loss": pl.Decimal(28, 2),
}  # fmt: skip
"""One row per company that could be asked for: `chosen`, `stayed_out` (what forcing it in costs the objective, NULL: it cannot be, for the limits in `reason`), `candidate` or `left` (why)."""
LIMITS = {
    **dict.fromkeys(("limit_id", "by", "of", "sense", "measure"), _TEXT), "bound": pl.Decimal(24, 6), "held": _WAN, "reached": pl.Decimal(24, 6),
    "gain": pl.Decimal(28, 2), "in_conflict": pl.Boolean(), "price": pl.Decimal(24, 6), "untold": pl.Int32(),
}  # fmt: skip
"""One row per limit: 万元, a share or companies; what is reached with holdings that count, what the objective gains without it, and in a conflict how far it would have to give way (NULL: giving way alone does not do, or it cannot be told); `untold` holdings without an amount could break it, so what is held and reached is at least that."""
EXPOSURE = {
    **dict.fromkeys(("domain_id", "city", "life_stage"), _TEXT),
    "held": _WAN,
    "placed": _WAN,
    "untold": pl.Int32(),
}
"""One row per domain, city and life stage, in 万元; NULL: not told, of `held` where none of its `untold` holdings and no other has an amount."""


def write_relations(answer: Answer, folder: Path) -> list[Path]:
    """Write `choice`, `limits` and `exposure` as Parquet and CSV; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, frame in relations(answer).items():
        paths = folder / f"{name}.parquet", folder / f"{name}.csv"
        frame.write_parquet(paths[0])
        write_csv(frame, paths[1])
        written += paths
    return written


def relations(answer: Answer) -> dict[str, pl.DataFrame]:
    """Return the answer as frames."""
    rows = {"choice": (_choice(answer), CHOICE), "limits": (_limits(answer), LIMITS)}
    frames = {name: pl.DataFrame(list(found), schema=kinds, orient="row") for name, (found, kinds) in rows.items()}
    held = [
        (e.domain_id, e.city, e.life_stage, e.held or (None if e.untold else 0), e.placed, e.untold)
        for e in answer.exposure
    ]
    return frames | {"exposure": pl.DataFrame(held, schema=EXPOSURE, orient="row")}


def _choice(answer: Answer) -> Iterator[tuple[object, ...]]:
    chosen = {c.company_id for c in answer.portfolio.chosen}
    out = {s.candidate.company_id: s for s in answer.portfolio.stayed_out}
    for c in sorted(answer.choice.candidates, key=lambda c: (c.rank, c.company_id)):
        other = out.get(c.company_id)
        state = "chosen" if c.company_id in chosen else "stayed_out" if other is not None else "candidate"
        why = ",".join(other.blocked_by) or None if other is not None else None
        loss = other.loss if other is not None else None
        yield c.company_id, c.name, state, why, c.rank, c.score, c.ask, c.planned, loss
    for company_id, name, reason in answer.left:
        yield company_id, name, "left", reason, None, None, None, None, None


def _limits(answer: Answer) -> Iterator[tuple[object, ...]]:
    found, choice = answer.portfolio, answer.choice
    gain = {b.limit_id: b.gain for b in found.binding}
    conflict = found.conflict
    price = conflict.price if conflict is not None else {}
    at_odds = set(conflict.limits) if conflict is not None else set()
    own = (None, None, "at_most", "amount")
    yield *_row("budget", own, Fraction(choice.budget), 0, Fraction(found.placed), gain, at_odds, price), 0
    for limit in choice.limits:
        inside = [c for c in found.chosen if limit.counts(c)]
        money = sum(c.planned for c in inside) + limit.held
        whole = found.placed + limit.held_all
        reached = (
            Fraction(len(inside) + limit.held) if limit.measure == "count"
            else Fraction(money, whole or 1) if limit.measure == "share" else Fraction(money)
        )  # fmt: skip
        kinds = limit.by, ",".join(limit.of) or None, limit.sense, limit.measure
        yield *_row(limit.id, kinds, limit.bound, limit.held, reached, gain, at_odds, price), limit.untold


def _row(
    limit_id: str, kinds: tuple[str | None, ...], bound: Fraction, held: int, reached: Fraction,
    gain: dict[str, Decimal], at_odds: set[str], price: dict[str, Fraction | None],
) -> tuple[object, ...]:  # fmt: skip
    way = price.get(limit_id)
    given = None if way is None else _exact(way)
    return limit_id, *kinds, _exact(bound), held, _exact(reached), gain.get(limit_id), limit_id in at_odds, given


def _exact(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.000001"))
