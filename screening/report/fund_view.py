"""What a fund holds, in ready strings: for the terminal and the workbook alike."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.report.printer import Printer
    from screening.result.fund_terms import FundExposure, Held


def named(fund: FundExposure, names: Mapping[str, str], p: Printer) -> FundExposure:
    """Return the exposure with its groups under the names of the pack; what is not told is called so."""
    return replace(
        fund,
        groups=tuple(
            (by, names.get(f"life_stage.{v}") or names.get(v, v) or p.words("fund_terms.not_told"), amount)
            for by, v, amount in fund.groups
        ),
    )


def limit_says(fund: FundExposure, p: Printer) -> str:
    """The fund's own limit for one company, with its basis."""
    w = p.words
    if fund.most is None or fund.base is None or fund.limit is None:
        return w("fund_terms.no_limit")
    basis = w(f"fund_terms.basis_{fund.basis}")
    return w(
        "fund_terms.limit", basis=basis, base=p.amount(fund.base), limit=p.share(fund.limit), most=p.amount(fund.most)
    )


def held_says(each: Held, p: Printer) -> str:
    """Whether a holding is within the limit, what is not told of it, and its rank in this run."""
    w = p.words
    told = [
        "" if each.over is None else w("fund_terms.over" if each.over else "fund_terms.within"),
        w("fund_terms.untold", n=each.unknown) if each.unknown else "",
        w("fund_terms.rank", rank=each.rank) if each.rank else "",
    ]
    return p.joined(t for t in told if t)
