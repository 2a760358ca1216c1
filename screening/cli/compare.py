"""`screen compare`: two to five companies side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from screening.cli import terminal
from screening.cli.console import guarded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.report.comparison_page import ComparisonPage
    from screening.report.wording import Lang, Words

MOST = 5


@click.command(name="compare", short_help="并排比较两至五家企业。 Two to five companies side by side.")
@click.argument("companies", nargs=-1, required=True)
@click.option(
    "--run",
    "run_dir",
    type=click.Path(path_type=Path),
    help="运行文件夹;缺省为 reports/ 中最新一次。 Run folder; default: the newest in reports/.",
)
@click.option("--html", type=click.Path(path_type=Path), help="同时写出可打印的 HTML。 Also write a page to print.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言。 Language.")
@click.option("--json", "as_json", is_flag=True, help="向标准输出打印一个 JSON。 Print one JSON object.")
@guarded
def command(companies: tuple[str, ...], run_dir: Path | None, html: Path | None, lang: str, *, as_json: bool) -> None:
    """COMPANIES 为两至五家企业(编号、信用代码或名称)。结论、评分项、门槛、事实、证据并排列出,有差别的在前,差距大的在先。

    COMPANIES are two to five companies by id, credit code or name. Outcome, criteria, gates, facts and evidence stand side by
    side: what differs first, the widest apart at the top.
    """
    from screening.report import comparison
    from screening.run.comparison import compared, record, write_page

    if not 2 <= len(companies) <= MOST:
        raise click.UsageError(f"name two to five companies, not {len(companies)}")
    records = compared(companies, run_dir)
    view = comparison(records, cast("Lang", lang))
    if as_json:
        terminal.show_json(record(records))
    else:
        terminal.show_lines(lines(view))
    if html is not None:
        write_page(records, html, cast("Lang", lang))
        terminal.say(_words(lang)("diff.wrote", path=html.as_posix()))


def _words(lang: str) -> Words:
    from screening.report.wording import Words

    return Words(cast("Lang", lang))


def lines(view: ComparisonPage) -> Iterator[str]:
    """Yield the comparison as text: one block per line of the table, a company to a line."""
    yield view.page.heading
    for group in view.groups:
        yield ""
        yield group.title
        for row in group.differing:
            yield f"  {row.label}"
            for index, ((name, _), value) in enumerate(zip(view.names, row.values, strict=True)):
                mark = "*" if row.best and row.best[index] else " "
                yield f"   {mark} {name}{' ' * max(28 - terminal.width(name), 1)}{value}"
