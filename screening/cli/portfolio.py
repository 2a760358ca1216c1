"""`screen portfolio`: which companies of a run to fund, under a budget and limits."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

from screening.cli import terminal
from screening.cli.console import Exit, guarded
from screening.cli.options import PATH, as_json_too, in_language, of_run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from screening.api.answers import Answer
    from screening.report.wording import Lang, Words
    from screening.result.portfolio import Candidate, StayedOut


@click.command(name="portfolio")
@of_run
@click.option("--budget", metavar="AMOUNT", help="预算,如 3亿元。 The budget, such as 3亿元.")
@click.option("--limits", type=PATH, metavar="FILE", help="约束文件(YAML)。 The limits, a YAML file.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="另写成表:选择、约束、敞口(Parquet 与 CSV)。 Also write choice, limits and exposure as Parquet and CSV.",
)
@in_language
@as_json_too
@guarded
def command(
    run_dir: Path | None, budget: str | None, limits: Path | None, out: Path | None, lang: Lang, *, as_json: bool
) -> None:
    """在预算、单笔上下限、城市/领域/阶段约束与基金集中度之内,选出总分(按金额加权)最高的组合;约束相互冲突时指出是哪几条、各需放宽多少。

    Choose the companies worth most under the budget, tickets, caps and floors and the fund's own concentration limit. Limits that
    cannot hold together are named, with how far each must give way.
    """
    from screening.api import open_run, plain, write
    from screening.report.wording import Words

    run = open_run(run_dir)
    answer = run.portfolio(limits, budget=budget)
    if out is not None:
        write(answer, out)
    if as_json:
        terminal.show_json(plain(answer))
    else:
        terminal.show_lines(lines(answer, Words(lang), run.names(lang)))
    if answer.portfolio.state != "chosen":
        raise SystemExit(Exit.PROBLEMS)


def lines(answer: Answer, words: Words, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the answer as text: the choice and its sum, what the limits cost, who stayed out and why, the exposure.

    `names`: what domains and directions are called.
    """
    found, choice = answer.portfolio, answer.choice
    yield words("fund.budget", budget=_wan(choice.budget, words), candidates=len(choice.candidates))
    if answer.left:
        counted: dict[str, int] = {}
        for _, _, reason in answer.left:
            counted[reason] = counted.get(reason, 0) + 1
        yield words("fund.left") + words("sign.list").join(
            f"{words.of('fund_left', r)} {n}" for r, n in counted.items()
        )
    if found.conflict is not None:
        yield ""
        yield words("fund.conflict")
        for limit in found.conflict.limits:
            yield f"  {_limit(limit, answer, words, names)}  {_price(limit, answer, words)}"
        yield from _untold(answer, words, names)
        return
    if found.state == "nobody":
        yield words("fund.nobody")
        yield from _untold(answer, words, names)
        return
    yield ""
    yield words(
        "fund.chosen",
        n=len(found.chosen),
        placed=_wan(found.placed, words),
        left=_wan(choice.budget - found.placed, words),
    )
    for each in found.chosen:
        yield f"  {_candidate(each, words)}"
    if found.binding:
        yield ""
        yield words("fund.binding")
        for binding in found.binding:
            yield f"  {_limit(binding.limit_id, answer, words, names)}  +{binding.gain:,.2f}"
    if found.stayed_out:
        yield ""
        yield words("fund.stayed_out")
        for out in found.stayed_out:
            yield f"  {_candidate(out.candidate, words)}  {_why(out, answer, words, names)}"
    yield ""
    yield words("fund.exposure")
    for row in answer.exposure:
        place = " · ".join(
            (
                names.get(row.domain_id or "", "–"),
                names.get(row.city or "", row.city or "–"),
                words.of("life_stage", row.life_stage) if row.life_stage else "–",
            )
        )
        held = _wan(row.held, words)
        if row.untold:
            held = words("fund.at_least", amount=held) if row.held else words("fund_terms.not_told")
        yield f"  {place}  {words('fund.held')} {held}  {words('fund.new')} {_wan(row.placed, words)}"
    if answer.untold:
        yield words("fund.untold", n=answer.untold)
    yield from _untold(answer, words, names)


def _candidate(each: Candidate, words: Words) -> str:
    return f"#{each.rank:<4} {each.score:>6}  {_wan(each.planned, words):>12}  {each.name} ({each.company_id})"


def _why(out: StayedOut, answer: Answer, words: Words, names: Mapping[str, str]) -> str:
    if out.loss is None:
        return words(
            "fund.blocked", limits=words("sign.list").join(_limit(i, answer, words, names) for i in out.blocked_by)
        )
    instead = words("sign.list").join(answer.names.get(i, i) for i in out.displaces[:3])
    rest = f" +{len(out.displaces) - 3}" if len(out.displaces) > 3 else ""
    return words("fund.loss", loss=f"{out.loss:,.2f}", instead=f"{instead}{rest}" or "–")


def _limit(limit_id: str, answer: Answer, words: Words, names: Mapping[str, str]) -> str:
    """Return a limit in words: what it is over, whom it means, its bound."""
    limit = next((each for each in answer.choice.limits if each.id == limit_id), None)
    if limit is None:
        _, must, company_id = limit_id.rpartition("must:")
        return (
            words("fund.must", name=answer.names.get(company_id, company_id))
            if must
            else words.of("fund_limit", limit_id)
        )
    head, _, _ = limit_id.rpartition(" ≤ " if limit.sense == "at_most" else " ≥ ")
    of = head.partition(" ")[2]
    if limit.by != "city":
        called = names if limit.by in ("domain", "direction") else answer.names
        of = words("sign.list").join(
            words.of("life_stage", each) if limit.by == "life_stage" else called.get(each, each) for each in limit.of
        )
    return " ".join(part for part in (words.of("limit_by", limit.by or "all"), of, limit_id[len(head) + 1 :]) if part)


def _untold(answer: Answer, words: Words, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the limits that cannot be shown to be kept for want of an amount, and those under which somebody's group is not told."""
    for limit in answer.choice.limits:
        if limit.untold:
            yield words("fund.limit_untold", limit=_limit(limit.id, answer, words, names), n=limit.untold)
        if limit.maybe:
            yield words("fund.limit_maybe", limit=_limit(limit.id, answer, words, names), n=len(limit.maybe))


def _price(limit_id: str, answer: Answer, words: Words) -> str:
    """Return how far a limit alone would have to give way, in its own measure, rounded so that it does."""
    price = answer.portfolio.conflict.price.get(limit_id) if answer.portfolio.conflict is not None else None
    limit = next((each for each in answer.choice.limits if each.id == limit_id), None)
    if price is None:
        return words("fund.price_untold" if limit is not None and limit.untold else "fund.no_price")
    if limit_id.startswith("must:"):
        return words("fund.price_must")
    if limit is not None and limit.measure == "share":
        by = words("fund.points", n=f"{math.ceil(price * 10_000) / 100:.2f}")
    elif limit_id == "most_companies" or (limit is not None and limit.measure == "count"):
        by = words("fund.companies", n=math.ceil(price))
    else:
        by = _wan(math.ceil(price), words)
    return words("fund.price", by=by)


def _wan(amount: int, words: Words) -> str:
    return f"{amount:,}万元" if words.lang == "zh" else f"CNY {amount / 100:,.2f} m"
