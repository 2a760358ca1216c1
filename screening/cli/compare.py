"""`screen compare`: two to five companies side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from screening.cli import terminal
from screening.cli.console import guarded
from screening.cli.options import as_json_too, in_language, of_run, page_too

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from screening.report.comparison_page import ComparisonPage
    from screening.report.wording import Lang

MOST = 5


@click.command(name="compare")
@click.argument("companies", nargs=-1, required=True)
@of_run
@page_too
@in_language
@as_json_too
@guarded
def command(companies: tuple[str, ...], run_dir: Path | None, html: Path | None, lang: Lang, *, as_json: bool) -> None:
    """COMPANIES 为两至五家企业(编号、信用代码或名称)。结论、评分项、门槛、事实、证据并排列出,有差别的在前,差距大的在先。

    COMPANIES are two to five companies by id, credit code or name. Outcome, criteria, gates, facts and evidence stand side by
    side: what differs first, the widest apart at the top.
    """
    from screening.api import open_run, plain, write
    from screening.report import comparison
    from screening.report.wording import Words

    if not 2 <= len(companies) <= MOST:
        raise click.UsageError(f"name two to five companies, not {len(companies)}")
    named = open_run(run_dir).companies_named(companies)
    if as_json:
        terminal.show_json({"companies": plain(named)})
    else:
        terminal.show_lines(lines(comparison([each.record for each in named], lang)))
    if html is not None:
        write(named, html, lang)
        terminal.say(Words(lang)("diff.wrote", path=html.as_posix()))


def lines(view: ComparisonPage) -> Iterator[str]:
    """Yield the comparison as text: one block per line of the table, a company to a line."""
    yield view.page.heading
    for group in (each for each in view.groups if each.differing):
        yield ""
        yield group.title
        for row in group.differing:
            yield f"  {row.label}"
            for index, ((name, _), value) in enumerate(zip(view.names, row.values, strict=True)):
                mark = "*" if row.best and row.best[index] else " "
                yield f"   {mark} {name}{' ' * max(28 - terminal.width(name), 1)}{value}"
