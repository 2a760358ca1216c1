"""`screen evaluate`: the classification measured against companies that people labelled."""

from __future__ import annotations

import datetime  # noqa: TC003 - part of the command's signature
from pathlib import Path
from typing import TYPE_CHECKING

import click

from screening.cli.console import guarded, phrase
from screening.cli.options import PATH, as_json_too, at_date, in_language, of_run, page_too, with_rules
from screening.cli.terminal import say, show_json

if TYPE_CHECKING:
    from screening.report.wording import Lang


@click.command(name="evaluate")
@click.option(
    "--gold",
    type=PATH,
    help="金标准 CSV 或标注工作簿:信用代码、domain、direction(分号分隔)、grade。 Gold CSV or workbook.",
)
@click.option(
    "--propose",
    type=click.IntRange(1, 5_000),
    help="写出最值得人工标注的 N 家企业(工作簿)。 Write the N companies whose labels would teach most.",
)
@click.option(
    "--out",
    type=PATH,
    default=Path("to-label.xlsx"),
    show_default=True,
    help="与 --propose 同用。 The workbook, with --propose.",
)
@of_run
@click.option("--data", type=PATH, help="或直接给数据。 Or the data themselves.")
@with_rules
@at_date
@page_too
@in_language
@as_json_too
@guarded
def command(
    gold: Path | None,
    propose: int | None,
    out: Path,
    run_dir: Path | None,
    data: Path | None,
    rules: str,
    as_of: datetime.date | None,
    html: Path | None,
    lang: Lang,
    *,
    as_json: bool,
) -> None:
    """按领域、方向、等级给出精确率、召回率与 F1,混淆表,以及带证据的错误。

    Precision, recall and F1 by domain, direction, grade and stratum with 95 % intervals; how often a direction is named, and
    right when named; the confusion table; the errors with their spans. A plain keyword search stands beside it. With
    --propose, a workbook of the companies to label next, which --gold reads back.
    """
    from screening.api import evaluate, open_run, plain, write
    from screening.api import propose as proposed
    from screening.cli.measures import print_evaluation

    if (gold is None) == (propose is None):
        raise click.UsageError("give --gold FILE, or --propose N")
    run = open_run(run_dir) if run_dir is not None else None
    if propose is not None:
        count = proposed(propose, out, run, data=data, pack=rules, as_of=as_of)
        say(phrase(f"wrote {count} companies to label to {out.as_posix()}; read them back with --gold"))
        return
    assert gold is not None
    found = evaluate(gold, run, data=data, pack=rules, as_of=as_of)
    if as_json:
        show_json(plain(found))
    else:
        print_evaluation(found.view(lang), lang)
    if html is not None:
        write(found, html, lang)
        say(phrase(f"wrote {html.as_posix()}"))
