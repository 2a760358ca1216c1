"""`screen fund`: calculators of a fund's terms, beside the ranking."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import click

from screening.cli import terminal
from screening.cli.console import guarded
from screening.cli.options import as_json_too, in_language, of_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from screening.report.printer import Printer
    from screening.report.wording import Lang
    from screening.result.fund_terms import Concession, FundExposure, Reinvestment


@click.command(name="fund")
@of_run
@click.option("--government", help="财政出资额,如 4亿元。 What the government put in, such as 4亿元.")
@click.option("--proceeds", help="可分配总额,如 15亿元:测算让利。 What there is to share: works out the concession.")
@click.option(
    "--concede", default="0%", show_default=True, help="财政收益让出的比例。 Share of its gain that it concedes."
)
@click.option(
    "--reinvest", help="返投比例,如 1.5:测算还差多少。 Reinvestment ratio, such as 1.5: what is still missing."
)
@click.option("--city", help="返投认定的市;缺省为基金所在市。 City that counts; default: the fund's own.")
@in_language
@as_json_too
@guarded
def command(
    run_dir: Path | None,
    government: str | None,
    proceeds: str | None,
    concede: str,
    reinvest: str | None,
    city: str | None,
    lang: Lang,
    *,
    as_json: bool,
) -> None:
    """不给数目:列出基金自己的集中度上限、已投项目各占多少、按领域、城市、阶段的敞口。给出数目:按基金规模(fund.yaml)与给定数目测算:财政让出部分收益后各方分得多少;返投比例要求多少、已投多少、还差多少。两者都不计分,也不承诺本金与收益。

    Without figures: the fund's own concentration limit, what it holds against it, exposure by domain, city and stage. With figures: what each party gets when the government concedes part of its gain; what a reinvestment
    ratio asks for and what is still missing. Neither is ever scored, and no principal or return is promised.
    """
    from screening.api import open_run, plain
    from screening.report.fund_view import named
    from screening.report.printer import printer

    if (proceeds is not None or reinvest is not None) and government is None:
        raise click.UsageError("give --government with --proceeds or --reinvest")
    run, p = open_run(run_dir), printer(lang)
    if not run.fund:
        raise click.UsageError("the data of this run have no fund.yaml; name another run with --run")
    if government is None:
        with run.kept_open():
            told, names = run.exposure(), run.names(lang)
        if as_json:
            terminal.show_json(plain(told))
        else:
            terminal.show_lines(exposure_lines(named(told, names, p), p))
        return
    money = _amount(government, "--government")
    shared = back = None
    if proceeds is not None:
        shared = run.concession(money, _amount(proceeds, "--proceeds"), _share(concede, "--concede"))
    if reinvest is not None:
        back = run.reinvestment(_share(reinvest, "--reinvest"), money, city or "")
    if as_json:
        terminal.show_json({"concession": plain(shared), "reinvestment": plain(back)})
    else:
        terminal.show_lines(lines(shared, back, p))


def exposure_lines(found: FundExposure, p: Printer) -> Iterator[str]:
    """Yield the fund's own limit, what stands against it, and the exposure as text."""
    from screening.report.fund_view import exited_says, held_says, limit_says, of_run_says

    yield limit_says(found, p)
    for each in found.held:
        known = each.invested or not each.unknown
        share = p.share(each.invested / found.base, 1) if found.base and known else "—"
        cost = p.amount(each.invested) if known else p.words("fund_terms.unknown_amount")
        yield f"  {cost:>12}  {share:>6}  {each.name}  {held_says(each, p)}".rstrip()
    for by in ("domain", "city", "stage"):
        yield p.words(f"fund_terms.by_{by}")
        for kind, value, amount, untold in found.groups:
            if kind == by:
                sum_ = p.words("fund_terms.unknown_amount") if amount is None else p.amount(amount)
                more = p.words("fund_terms.untold", n=untold) if untold else ""
                yield f"  {sum_:>12}  {value}  {more}".rstrip()
    if told := of_run_says(found, p):
        yield told
    if found.exits:
        yield p.words("fund_terms.exits")
    for left in found.exits:
        cost = p.words("fund_terms.unknown_amount") if left.invested is None else p.amount(left.invested)
        yield f"  {cost:>12}  {left.name}  {exited_says(left, p)}".rstrip()


def lines(shared: Concession | None, back: Reinvestment | None, p: Printer) -> Iterator[str]:
    """Yield both calculations as text."""
    w = p.words
    if shared is not None:
        yield w("fund_terms.concession")
        yield "  " + w(
            "fund_terms.given",
            capital=p.amount(shared.capital),
            government=p.amount(shared.government),
            proceeds=p.amount(shared.proceeds),
            share=p.share(shared.share, 1),
        )
        key = "fund_terms.conceded" if shared.gain else "fund_terms.no_gain"
        yield "  " + w(key, gain=_yuan(shared.gain), own=_yuan(shared.government_gain), conceded=_yuan(shared.conceded))
        yield "  " + w("fund_terms.parts", government=_yuan(shared.to_government), social=_yuan(shared.to_social))
        yield "  " + w("fund_terms.concession_law")
    if back is not None:
        yield w("fund_terms.reinvestment")
        yield "  " + w(
            "fund_terms.required",
            ratio=p.exact(back.ratio),
            contribution=p.amount(back.contribution),
            required=_yuan(back.required),
        )
        yield "  " + w(
            "fund_terms.counted",
            city=back.city or "—",
            n=back.holdings,
            counted=_yuan(back.counted),
            missing=_yuan(back.missing),
        )
        if back.unknown:
            yield "  " + w("fund_terms.unknown", n=back.unknown)
        yield "  " + w("fund_terms.reinvestment_law")


def _yuan(value: Decimal) -> str:
    return f"{value:,.2f}"


def _amount(text: str, option: str) -> Decimal:
    from screening.expression_sql.decimals import decimal_of
    from screening.quantity import parse_quantity

    found = parse_quantity(text)
    if found is None or found.unit != "cny":
        raise click.UsageError(f"{option} needs its unit, such as 4亿元")
    return decimal_of(found.value)


def _share(text: str, option: str) -> Decimal:
    from screening.expression_sql.decimals import decimal_of
    from screening.quantity import parse_quantity

    found = parse_quantity(text)
    try:
        ratio = decimal_of(found.value) if found is not None and found.unit == "ratio" else Decimal(text.strip())
    except InvalidOperation:
        ratio = Decimal("NaN")
    if not ratio.is_finite() or ratio < 0:
        raise click.UsageError(f"{option} is a ratio, such as 50% or 1.5")
    return ratio
