"""Calculators beside the ranking: what a concession gives whom, what a reinvestment ratio still asks for. In exact decimals, never a score."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from screening.analysis.answers import empty, shaped
from screening.analysis.rulewords import domain_text, text
from screening.errors import RulesError
from screening.result.contract import EXTERNAL
from screening.result.fund_terms import Concession, Exited, FundExposure, FundPlace, Held, Reinvestment
from screening.result.records import Text, record_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from screening.analysis.rundata import Row, RunData

_FEN = Decimal("0.01")
FUND_RELATIONS = ("fund_holdings", "fund_exposure", "fund_exits")


def concession(capital: Decimal, government: Decimal, proceeds: Decimal, share: Decimal) -> Concession:
    """Share proceeds by capital, and of the government's gain give `share` to the others.

    No principal and no least return is promised: below the capital everybody gets back by capital. Raises RulesError when the
    government's part exceeds the capital, or `share` is no share.
    """
    if not capital > 0 or not 0 <= government <= capital or proceeds < 0 or not 0 <= share <= 1:
        raise RulesError.of(
            "fund/concession",
            "capital, the government's part of it, proceeds and the share conceded do not fit together",
            remedy="the government's part is at most the capital, the share lies between 0% and 100%, nothing is negative",
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

    A holding without an amount or a city counts nothing and is told; so the gap is the most that can be missing. Raises RulesError
    for a negative ratio or contribution.
    """
    if not ratio >= 0 or not contribution >= 0:
        raise RulesError.of(
            "fund/reinvestment", "the ratio or the contribution is negative", remedy="nothing is negative here"
        )
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


class OwnLimit(NamedTuple):
    """The most in one company by the fund's own terms, in yuan: `limit` of `base`, which is its `basis`. None: not stated."""

    basis: str
    base: Decimal | None
    limit: Decimal | None
    most: Decimal | None


def own_limit(fund: Mapping[str, Any]) -> OwnLimit:
    """Return the fund's own limit for one company; committed capital is its size."""
    concentration = fund.get("concentration") or {}
    basis = str(concentration.get("basis") or "size")
    base, limit = fund.get("size" if basis == "committed" else basis), concentration.get("limit")
    most = _fen(Fraction(str(base)) * Fraction(str(limit))) if base and limit else None
    return OwnLimit(basis, Decimal(str(base)) if base else None, Decimal(str(limit)) if limit else None, most)


def fund_relations(run: RunData) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield `fund_holdings`, `fund_exposure` and `fund_exits`; empty without holdings, and in a folder for others."""
    if not run.has("holdings") or run.manifest.get("audience") == EXTERNAL:
        yield from ((name, empty(name)) for name in FUND_RELATIONS)
        return
    own = own_limit(run.manifest.get("fund") or {})
    terms: dict[str, object] = {
        "base": own.base,
        "most": own.most,
        "limit": own.limit,
        "basis": own.basis if own.base else None,
    }
    yield "fund_holdings", _shaped("fund_holdings", run.rows("fund_holdings", **terms))
    for name in FUND_RELATIONS[1:]:
        yield name, _shaped(name, run.rows(name))


def _shaped(name: str, rows: Sequence[Row]) -> pl.DataFrame:
    return shaped(name, pl.DataFrame(rows, infer_schema_length=None)) if rows else empty(name)


def exposure(run: RunData) -> FundExposure:
    """Hold what the fund has against its own concentration limit, and add it up by domain, city and stage.

    What was left whole before the date of knowledge counts nothing, of what was left in part the rest. A holding without an amount is counted and adds nothing; without a limit none is told.
    """
    own = own_limit(run.manifest.get("fund") or {})
    if all(run.has(n) for n in FUND_RELATIONS):
        found = {n: run.all(n) for n in FUND_RELATIONS}
    else:
        found = {n: frame.to_dicts() for n, frame in fund_relations(run)}
    held = [record_of(Held, r, unknown=r["untold"]) for r in found["fund_holdings"]]
    groups: dict[tuple[str, str], list[Row]] = {}
    together: dict[tuple[str | None, ...], list[Row]] = {}
    for row in found["fund_exposure"]:
        for by, column in (("domain", "domain_id"), ("city", "city"), ("stage", "life_stage")):
            groups.setdefault((by, row[column] or ""), []).append(row)
        together.setdefault((row["domain_id"], row["city"], row["life_stage"]), []).append(row)
    told = sum((h.invested for h in held), Decimal(0))
    places = (_place(run, key, rows, told) for key, rows in together.items())
    return FundExposure(
        *own,
        tuple(sorted(held, key=lambda h: (-h.invested, h.holding_id))),
        tuple((*key, _told(rows), sum(r["untold"] for r in rows)) for key, rows in sorted(groups.items())),
        # The rows come in the order of their keys, which settles equal amounts.
        tuple(sorted(places, key=lambda p: -p.invested)),
        tuple(
            record_of(
                Exited,
                r,
                invested=None if r["untold"] else r["invested"],
                methods=r["methods"] or "",
                proceeds=None if r["proceeds_untold"] else r["proceeds"],
            )
            for r in found["fund_exits"]
        ),
        (
            # A run made before this was told took nothing from its ranking.
            sum(r.get("domain_of_run", 0) for r in found["fund_exposure"]),
            sum(r.get("city_of_run", 0) for r in found["fund_exposure"]),
        ),
    )


def _told(rows: Sequence[Row]) -> Decimal | None:
    """What holdings come to; None where no amount of them is told."""
    if all(r["untold"] == r["holdings"] for r in rows):
        return None
    return sum((r["invested"] for r in rows), Decimal("0.00"))


def _place(run: RunData, key: tuple[str | None, ...], rows: Sequence[Row], told: Decimal) -> FundPlace:
    """Add up the directions of one domain, city and life stage, under the names of the pack."""
    pack, (domain, city, stage) = run.pack, key
    axis = pack.stages.get("life_stage")
    value = axis.values.get(stage or "") if axis else None
    known = pack.places.cities.get(city or "") if pack.places else None
    invested = sum((r["invested"] for r in rows), Decimal(0))
    return FundPlace(
        domain_text(pack, domain) or (Text(domain) if domain else None),
        Text(city, known.en if known else "") if city else None,
        text(value.label) if value else Text(stage) if stage else None,
        sum(r["holdings"] for r in rows),
        sum(r["untold"] for r in rows),
        invested,
        invested / told if told else None,
    )
