"""`screen backtest`: scores and tiers of a run against what became of the companies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click

from screening.cli import terminal
from screening.cli.console import guarded
from screening.cli.options import PATH, as_json_too, in_language, of_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from screening.api.answers import Backtest, Group
    from screening.report.printer import Printer
    from screening.report.wording import Lang


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
@click.option("--html", type=PATH, help="同时写出 HTML。 Also write a page.")
@click.option("--xlsx", type=PATH, help="同时写出工作簿。 Also write a workbook.")
@in_language
@as_json_too
@guarded
def command(
    outcomes: Path,
    run_dir: Path | None,
    earlier: Path | None,
    html: Path | None,
    xlsx: Path | None,
    lang: Lang,
    *,
    as_json: bool,
) -> None:
    """把一次运行的得分和等级与企业后来的结果对照:AUC 及区间、各等级与五分位的成功率、提升倍数。基准日当天或之前就已知道的结果不能用。

    AUC with its interval, the share that turned out well by tier and by fifth of the score, and the lift. An outcome known on or before
    the date of knowledge is refused.
    """
    from screening.api import open_run, plain, write
    from screening.report.wording import Words

    with open_run(run_dir).kept_open() as run:
        found = run.backtest(outcomes, open_run(earlier) if earlier is not None else None)
    if as_json:
        terminal.show_json(plain(found))
    else:
        terminal.show_lines(lines(found, lang))
    asked: tuple[tuple[Path | None, Literal["html", "xlsx"]], ...] = ((html, "html"), (xlsx, "xlsx"))
    for path, form in asked:
        if path is not None:
            write(found, path, lang, form)
            terminal.say(Words(lang)("diff.wrote", path=path.as_posix()))


def lines(found: Backtest, lang: Lang) -> Iterator[str]:
    """Yield the answer as text."""
    from screening.report.backtest_page import drift_lines, group_name, summary_lines, warning_lines
    from screening.report.printer import printer

    p = printer(lang, found.run)
    yield from summary_lines(found, p)
    for warning in warning_lines(found, p):
        yield p.words("backtest.beware") + warning
    for kind, groups in (("tiers", found.tiers), ("fifths", found.fifths), ("outcomes", found.outcomes)):
        if groups:
            yield ""
            yield p.words(f"backtest.{kind}")
            yield from (f"  {_group(g, group_name(g, kind, p), p)}" for g in groups)
    if found.drift is not None:
        yield ""
        head, *rest = drift_lines(found.drift, p)
        yield head
        yield from (f"  {line}" for line in rest)
        for band in found.drift.bands:
            if band.before or band.after:
                parts = (_part(band.before, found.drift.before), _part(band.after, found.drift.after))
                yield f"    {band.id:>7}  {parts[0]} → {parts[1]}"


def _part(part: int, whole: int) -> str:
    return f"{part / whole:>6.1%}" if whole else "     —"


def _group(group: Group, name: str, p: Printer) -> str:
    if group.share is None or group.between is None:
        return f"{name}  {p.words('backtest.nobody')}"
    from screening.report.figures import percent

    low, high = group.between
    lift = f"  ×{group.lift:.2f}" if group.lift is not None else ""
    return f"{name}  {group.good}/{group.companies} = {percent(group.share, 1)} [{percent(low, 1)}, {percent(high, 1)}]{lift}"
