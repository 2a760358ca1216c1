"""What a fund holds, in ready strings: for the terminal and the workbook alike."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.report.printer import Printer
    from screening.result.fund_terms import Exited, FundExposure, Held


def named(fund: FundExposure, names: Mapping[str, str], p: Printer) -> FundExposure:
    """Return the exposure with its groups under the names of the pack; what is not told is called so."""
    return replace(
        fund,
        groups=tuple(
            (by, names.get(f"life_stage.{v}") or names.get(v, v) or open_says(by, p), amount, untold)
            for by, v, amount, untold in fund.groups
        ),
    )


def open_says(by: str, p: Printer) -> str:
    """What a group is called whose value is not known: a stage is that of this run, the others are as the books say."""
    return p.words("fund_terms.stage_open" if by == "stage" else "fund_terms.not_told")


def limit_says(fund: FundExposure, p: Printer) -> str:
    """The fund's own limit for one company, with its basis."""
    w = p.words
    if fund.most is None or fund.base is None or fund.limit is None:
        return w("fund_terms.no_limit")
    basis = w(f"fund_terms.basis_{fund.basis}")
    return w(
        "fund_terms.limit", basis=basis, base=p.amount(fund.base), limit=p.share(fund.limit), most=p.amount(fund.most)
    )


def of_run_says(fund: FundExposure, p: Printer) -> str:
    """Of how many holdings this run tells where they belong, since the books do not; empty: of none."""
    domain, city = fund.of_run
    return p.words("fund_terms.of_run", domain=domain, city=city) if domain or city else ""


def held_says(each: Held, p: Printer) -> str:
    """Whether a holding is within the limit, what is not told of it, and its rank in this run."""
    w = p.words
    told = [
        "" if each.over is None else w("fund_terms.over" if each.over else "fund_terms.within"),
        w("fund_terms.untold", n=each.unknown) if each.unknown else "",
        w("fund_terms.partly_exited", n=each.partly_exited) if each.partly_exited else "",
        w("fund_terms.liquidating", n=each.liquidating) if each.liquidating else "",
        w("fund_terms.left_before", n=each.exited) if each.exited else "",
        w("fund_terms.rank", rank=each.rank) if each.rank else "",
    ]
    return p.joined(t for t in told if t)


def exited_says(each: Exited, p: Printer) -> str:
    """When and how a company was left, what came back, and its rank in this run; what is not told is left out."""
    w = p.words
    told = [
        p.date(each.exited_on) if each.exited_on else "",
        each.methods,
        f"{w('fund_terms.proceeds')} {p.amount(each.proceeds)}" if each.proceeds is not None else "",
        w("fund_terms.rank", rank=each.rank) if each.rank else "",
    ]
    return p.joined(t for t in told if t)
