"""Calculators beside the ranking: what a concession gives whom, what a reinvestment ratio still asks for. In exact decimals, never a score."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from screening.errors import Problem, RulesError
from screening.result.fund_terms import Concession, FundExposure, Held, Reinvestment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

_FEN = Decimal("0.01")


def concession(capital: Decimal, government: Decimal, proceeds: Decimal, share: Decimal) -> Concession:
    """Share proceeds by capital, and of the government's gain give `share` to the others.

    No principal and no least return is promised: below the capital everybody gets back by capital. Raises RulesError when the
    government's part exceeds the capital, or `share` is no share.
    """
    if not capital > 0 or not 0 <= government <= capital or proceeds < 0 or not 0 <= share <= 1:
        raise RulesError(
            [
                Problem(
                    "fund/concession",
                    "capital, the government's part of it, proceeds and the share conceded do not fit together",
                    remedy="the government's part is at most the capital, the share lies between 0% and 100%, nothing is negative",
                )
            ]
        )
    part = Fraction(government) / Fraction(capital)
    gain = max(Fraction(proceeds) - Fraction(capital), Fraction(0))
    own = gain * part
    conceded = _fen(own * Fraction(share))
    back = Fraction(proceeds) - gain
    to_government = _fen(back * part + own) - conceded
    return Concession(
        capital, government, proceeds, share, _fen(gain), _fen(own), conceded, to_government, proceeds - to_government
    )


def reinvestment(
    ratio: Decimal, contribution: Decimal, city: str, holdings: Iterable[Mapping[str, Any]]
) -> Reinvestment:
    """Hold what is invested in a city against the ratio of the public contribution.

    A holding without an amount or a city counts nothing and is told; so the gap is the most that can be missing.
    """
    required = _fen(Fraction(ratio) * Fraction(contribution))
    rows = list(holdings)
    here = [r for r in rows if r["city"] == city and r["invested"] is not None]
    counted = sum((Decimal(r["invested"]) for r in here), Decimal(0)).quantize(_FEN)
    unknown = sum(1 for r in rows if r["city"] is None or (r["city"] == city and r["invested"] is None))
    return Reinvestment(
        ratio, contribution, city, required, counted, max(required - counted, Decimal("0.00")), len(here), unknown
    )


def _fen(value: Fraction) -> Decimal:
    """Round to the fen, half up."""
    return Decimal((2 * value * 100 + 1) // 2) / 100


def exposure(
    fund: Mapping[str, Any], holdings: Iterable[Mapping[str, Any]], directions: Mapping[str, str]
) -> FundExposure:
    """Hold what the fund has against its own concentration limit, and add it up by domain, city and stage.

    `directions` gives the domain of a direction. A holding without an amount is counted and adds nothing; without a limit none is told.
    """
    rows = list(holdings)
    concentration = fund.get("concentration") or {}
    basis = str(concentration.get("basis") or "size")
    base, limit = fund.get(basis), concentration.get("limit")
    most = _fen(Fraction(str(base)) * Fraction(str(limit))) if base and limit else None
    by_company: dict[str, tuple[str, Decimal, int]] = {}
    for row in rows:
        key = str(row["company_id"] or row["holding_id"])
        name, sum_, unknown = by_company.get(key, (row["name"] or key, Decimal(0), 0))
        invested = row["invested"]
        by_company[key] = name, sum_ + (Decimal(invested) if invested is not None else 0), unknown + (invested is None)
    held = [
        Held(key, name, amount.quantize(_FEN), None if most is None else amount > most, unknown)
        for key, (name, amount, unknown) in by_company.items()
    ]
    groups: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        values = {
            "domain": directions.get(row["direction_id"] or "", ""),
            "city": row["city"] or "",
            "stage": row["life_stage"] or "",
        }
        for by, value in values.items():
            groups[by, value] = groups.get((by, value), Decimal(0)) + Decimal(row["invested"] or 0)
    return FundExposure(
        basis,
        Decimal(str(base)) if base else None,
        Decimal(str(limit)) if limit else None,
        most,
        tuple(sorted(held, key=lambda h: (-h.invested, h.holding_id))),
        tuple((by, value, amount.quantize(_FEN)) for (by, value), amount in sorted(groups.items())),
    )
