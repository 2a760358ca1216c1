"""`screen terms`: how the terms of the lexicon hit the user's own data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from screening.cli.console import guarded
from screening.cli.options import PATH, as_json_too, in_language, of_run
from screening.cli.terminal import show_json

if TYPE_CHECKING:
    from pathlib import Path

    from screening.api.answers import TermKind
    from screening.report.wording import Lang


@click.command(name="terms")
@click.argument("term", default="")
@of_run
@click.option(
    "--samples", type=click.IntRange(0, 50), default=None, help="每个词条的语境样例数。 Samples of context per term."
)
@click.option("--dead", is_flag=True, help="只列没有命中的词条。 Only terms that hit nothing.")
@click.option(
    "--try", "direction", help="试加这个词到某方向或领域(编号或名称)。 Try the word in a direction or domain."
)
@click.option(
    "--kind",
    type=click.Choice(["strong", "abbreviation", "related", "scope", "weak", "boilerplate"]),
    default="related",
    show_default=True,
    help="试加的词类(与 --try 同用)。 The kind of term, with --try.",
)
@click.option("--gold", type=PATH, help="标注文件(与 --try 同用)。 Labelled companies, with --try.")
@in_language
@as_json_too
@guarded
def command(
    term: str,
    run_dir: Path | None,
    samples: int | None,
    direction: str | None,
    kind: TermKind,
    gold: Path | None,
    lang: Lang,
    *,
    dead: bool,
    as_json: bool,
) -> None:
    """逐词条列出命中次数、单独决定的次数,以及自己数据中的语境,供删减词表时参考。

    For each term: how often it hits, how often it alone decides, and samples of context. Give one TERM to see it alone.
    With --try, a word that is not in the lexicon yet (or in another list): what it would hit, the words it would be found
    inside, whom it would move, and with --gold how many labelled companies it would set right or wrong.
    """
    from screening.api import open_run, plain
    from screening.cli.measures import print_terms, print_trial

    if direction is not None:
        if not term:
            raise click.UsageError("give the word to try")
        with open_run(run_dir).kept_open() as run:
            tried, names = run.try_term(term, direction, kind, gold), run.names(lang)
        if as_json:
            show_json(plain(tried))
        else:
            print_trial(tried, names, lang)
        return

    wanted = samples if samples is not None else 5 if term else 0
    with open_run(run_dir).kept_open() as run:
        uses, names = run.terms(term, samples=wanted), run.names(lang)
    if as_json:
        show_json({"terms": plain(uses)})
    else:
        print_terms(uses, names, lang, dead=dead)
