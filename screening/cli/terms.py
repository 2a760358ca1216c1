"""`screen terms`: how the terms of the lexicon hit the user's own data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from screening.cli.console import as_json_too, guarded, in_language, of_run
from screening.cli.terminal import show_json

if TYPE_CHECKING:
    from pathlib import Path

    from screening.report.wording import Lang


@click.command(name="terms", short_help="词表命中情况。 How the terms of the lexicon hit.")
@click.argument("term", default="")
@of_run
@click.option(
    "--samples", type=click.IntRange(0, 50), default=None, help="每个词条的语境样例数。 Samples of context per term."
)
@click.option("--dead", is_flag=True, help="只列没有命中的词条。 Only terms that hit nothing.")
@in_language
@as_json_too
@guarded
def command(term: str, run_dir: Path | None, samples: int | None, lang: Lang, *, dead: bool, as_json: bool) -> None:
    """逐词条列出命中次数、单独决定的次数,以及自己数据中的语境,供删减词表时参考。

    For each term: how often it hits, how often it alone decides, and samples of context. Give one TERM to see it alone.
    """
    from screening.api import open_run, plain
    from screening.cli.measures import print_terms

    wanted = samples if samples is not None else 5 if term else 0
    with open_run(run_dir).kept_open() as run:
        uses, names = run.terms(term, samples=wanted), run.names(lang)
    if as_json:
        show_json({"terms": plain(uses)})
    else:
        print_terms(uses, names, lang, dead=dead)
