"""`screen terms`: how the terms of the lexicon hit the user's own data."""

from __future__ import annotations

from pathlib import Path

import click

from screening.cli.console import guarded
from screening.cli.terminal import show_json


@click.command(name="terms", short_help="词表命中情况。 How the terms of the lexicon hit.")
@click.argument("term", default="")
@click.option(
    "--run", "run_dir", type=click.Path(path_type=Path), help="运行文件夹;缺省为 reports/ 中最新一次。 Run folder."
)
@click.option(
    "--samples", type=click.IntRange(0, 50), default=None, help="每个词条的语境样例数。 Samples of context per term."
)
@click.option("--dead", is_flag=True, help="只列没有命中的词条。 Only terms that hit nothing.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言。 Language.")
@click.option("--json", "as_json", is_flag=True, help="向标准输出打印一个 JSON。 Print one JSON object.")
@guarded
def command(term: str, run_dir: Path | None, samples: int | None, lang: str, *, dead: bool, as_json: bool) -> None:
    """逐词条列出命中次数、单独决定的次数,以及自己数据中的语境,供删减词表时参考。

    For each term: how often it hits, how often it alone decides, and samples of context. Give one TERM to see it alone.
    """
    import dataclasses

    from screening.analysis.terms import term_uses
    from screening.cli.measures import print_terms
    from screening.run.opened import opened

    wanted = samples if samples is not None else 5 if term else 0
    with opened(run_dir) as run:
        uses = term_uses(run, term=term, samples=wanted)
        if as_json:
            show_json({"terms": [dataclasses.asdict(u) for u in uses]})
        else:
            print_terms(uses, run.pack, lang, dead=dead)
