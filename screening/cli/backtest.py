"""`screen backtest`: scores and tiers of a run against what became of the companies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from screening.cli import terminal
from screening.cli.console import guarded
from screening.cli.options import PATH, as_json_too, in_language, of_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from screening.api.answers import Backtest, Drift, Group
    from screening.report.wording import Lang, Words


@click.command(name="backtest")
@click.option(
    "--outcomes",
    type=PATH,
    required=True,
    help="结果表 CSV/XLSX:企业、outcome(是/否)、on(日期)。 Outcomes: company, outcome (yes/no), on (date).",
)
@of_run
@click.option(
    "--earlier",
    type=PATH,
    help="更早的一次运行:看两期之间得分与等级的分布有没有漂移。 An earlier run: has the pool drifted since?",
)
@in_language
@as_json_too
@guarded
def command(outcomes: Path, run_dir: Path | None, earlier: Path | None, lang: Lang, *, as_json: bool) -> None:
    """把一次运行的得分和等级与企业后来的结果对照:AUC 及区间、各等级与五分位的成功率、提升倍数。基准日当天或之前就已知道的结果不能用。

    AUC with its interval, the share that turned out well by tier and by fifth of the score, and the lift. An outcome known on or before
    the date of knowledge is refused.
    """
    from screening.api import open_run, plain
    from screening.report.wording import Words

    with open_run(run_dir).kept_open() as run:
        found = run.backtest(outcomes)
        moved = run.drift(open_run(earlier)) if earlier is not None else None
    words = Words(lang)
    if as_json:
        terminal.show_json(plain(found) | ({"drift": plain(moved)} if moved is not None else {}))
    else:
        terminal.show_lines([*lines(found, words), *(drift_lines(moved, words) if moved is not None else ())])


def lines(found: Backtest, words: Words) -> Iterator[str]:
    """Yield the answer as text."""
    yield words("backtest.head", n=found.companies, good=found.good, as_of=found.as_of)
    if found.unmatched or found.unranked or found.without:
        yield words("backtest.left", unmatched=len(found.unmatched), unranked=found.unranked, without=found.without)
    if found.auc is None or found.auc_between is None:
        yield words("backtest.no_auc")
    else:
        low, high = found.auc_between
        yield words("backtest.auc", auc=f"{found.auc:.3f}", low=f"{low:.3f}", high=f"{high:.3f}")
        if low <= 0.5 <= high:
            yield words("backtest.chance")
    for title, groups in (
        ("backtest.tiers", found.tiers),
        ("backtest.fifths", found.fifths),
        ("backtest.outcomes", found.outcomes),
    ):
        if groups:
            yield ""
            yield words(title)
            yield from (f"  {_group(g, words)}" for g in groups)


def drift_lines(moved: Drift, words: Words) -> Iterator[str]:
    """Yield how far the pool has moved since the earlier run as text."""
    from screening.api.answers import LARGE, SMALL

    yield ""
    yield words("backtest.drift", earlier=moved.earlier, later=moved.later, before=moved.before, after=moved.after)
    for key, index in (("backtest.drift_score", moved.score), ("backtest.drift_tier", moved.tier)):
        if index is None:
            yield "  " + words(key, index="—", says=words("backtest.nobody"))
        else:
            level = "small" if index < SMALL else "large" if index > LARGE else "some"
            yield "  " + words(key, index=f"{index:.3f}", says=words(f"backtest.drift_{level}"))
    for band in moved.bands:
        if band.before or band.after:
            yield f"    {band.id:>7}  {_part(band.before, moved.before)} → {_part(band.after, moved.after)}"


def _part(part: int, whole: int) -> str:
    return f"{part / whole:>6.1%}" if whole else "     —"


def _group(group: Group, words: Words) -> str:
    name = words.of("outcome", group.id)
    if group.share is None or group.between is None:
        return f"{name}  {words('backtest.nobody')}"
    low, high = group.between
    lift = f"  ×{group.lift:.2f}" if group.lift is not None else ""
    return f"{name}  {group.good}/{group.companies} = {group.share:.1%} [{low:.1%}, {high:.1%}]{lift}"
