"""`screen robustness`: how sure the ranking is, under doubts of weights, of missing facts and of the direction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from screening.cli import terminal
from screening.cli.console import guarded
from screening.cli.options import as_json_too, in_language, listing, of_run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from screening.report.wording import Lang, Words
    from screening.result.robustness import CompanyRobustness, Robustness


@click.command(name="robustness")
@of_run
@listing(30)
@in_language
@as_json_too
@guarded
def command(run_dir: Path | None, show: int, lang: Lang, *, as_json: bool) -> None:
    """按规则包写明的幅度反复抽取权重重新排名,给出每家的名次区间、进入前 N 名与入围的比例,以及使结论翻转的最小单项改动;缺数据与分类的疑问分列。

    Draw the weights anew within the ranges that the pack states and rank again: rank bands, chances, and the smallest single change
    that flips the short list. Doubts from missing facts and from the direction stand apart.
    """
    from screening.api import open_run, plain
    from screening.report.wording import Words

    with open_run(run_dir).kept_open() as run:
        found, names = run.robustness(), run.names(lang)
    if as_json:
        terminal.show_json(plain(found))
    else:
        terminal.show_lines(lines(found, Words(lang), show, names))


def lines(result: Robustness, words: Words, show: int, pillars: Mapping[str, str]) -> Iterator[str]:
    """Yield the result as text: what was drawn, then a line per company. `pillars`: their names for people, by `half.pillar`."""
    yield words(
        "robust.drawn",
        draws=f"{result.draws:,}",
        pillars=f"{float(result.pillars):.0%}",
        halves=f"{float(result.halves):.0%}",
    )
    if result.goalposts is not None:
        yield words(
            "robust.goalposts",
            width=f"{float(result.goalposts):.0%}",
            fixed=words("sign.list").join(result.fixed) or "0",
        )
    if not result.companies:
        yield words("robust.nobody")
        return
    yield words("robust.legend", top=result.top)
    first = [c.rank for c in result.companies if c.rank <= result.top]
    if len(first) > result.top:
        yield words("robust.tied", top=result.top, rank=first[-1], n=first.count(first[-1]))
    yield ""
    for each in result.companies[:show]:
        yield from _lines(each, words, pillars)
    if len(result.companies) > show:
        yield words("robust.rest", n=f"{len(result.companies) - show:,}")


def _lines(each: CompanyRobustness, words: Words, pillars: Mapping[str, str]) -> Iterator[str]:
    parts = [
        f"#{each.rank:<5} {words.of('outcome', each.outcome)}",
        f"{words('robust.weights')} {each.rank_5}–{each.rank_95}",
        f"{words('robust.top')} {float(each.top):.0%}",
        f"{words('robust.listed')} {float(each.shortlist):.0%}",
        f"{words('robust.unknowns')} {each.best}–{each.worst}",
    ]
    if each.margin is not None:
        parts.append(f"{words('robust.margin')} {each.margin}")
    flips = [f for f in (each.weight_flip, each.floor_flip) if f is not None]
    if flips:
        told = [
            f"{words.of('lever', f.kind)} {pillars.get(f.id) or words.of('half', f.id)} {float(f.change):+.1%}"
            for f in flips
        ]
        parts.append(f"{words('robust.flip')} {words('sign.list').join(told)}")
    yield f"  {each.name} ({each.company_id})"
    yield "      " + "  ".join(parts)
