"""`screen ask`: what to ask a company for; without a company, which data the whole list waits for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from screening.cli import terminal
from screening.cli.console import guarded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screening.analysis.data_gaps import DataGap
    from screening.report.checklist_page import ChecklistPage
    from screening.report.printer import Printer
    from screening.report.wording import Lang
    from screening.run.searched import Searched


@click.command(name="ask", short_help="该补哪些资料。 What to ask for: by company, or for the whole list.")
@click.argument("companies", nargs=-1)
@click.option(
    "--run",
    "run_dir",
    type=click.Path(path_type=Path),
    help="运行文件夹;缺省为 reports/ 中最新一次。 Run folder; default: the newest in reports/.",
)
@click.option(
    "--html", type=click.Path(path_type=Path), help="补充资料清单写成网页(多家时为文件夹)。 Write checklists as pages."
)
@click.option(
    "--docx", type=click.Path(path_type=Path), help="写成 Word 文件(多家时为文件夹)。 Write them as Word files."
)
@click.option(
    "--if-searched",
    metavar="TABLE",
    help="假如这张表的检索没有过期:谁的结论会变。 What if the search of this table had not expired.",
)
@click.option("--show", type=click.IntRange(1), default=15, show_default=True, help="列出几项。 How many to list.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言。 Language.")
@click.option("--json", "as_json", is_flag=True, help="向标准输出打印一个 JSON。 Print one JSON object.")
@guarded
def command(
    companies: tuple[str, ...],
    run_dir: Path | None,
    html: Path | None,
    docx: Path | None,
    if_searched: str | None,
    show: int,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """给出企业:列出每家的补充资料清单,先列未能核实的门槛所需,再按涉及的分值;不给企业:列出整个名单最该补的数据列,以及补齐后能定下什么。

    With companies: the checklist of each, what undecided gates wait for first, then by the points that hang on it. Without: which data
    the whole list waits for, and what they would settle.
    """
    import dataclasses

    from screening.analysis.data_gaps import data_gaps
    from screening.report import checklist
    from screening.report.printer import printer
    from screening.run.checklists import write_documents, write_pages
    from screening.run.comparison import compared
    from screening.run.opened import opened

    p = printer(cast("Lang", lang))
    if if_searched is not None:
        _told_if_searched(run_dir, if_searched, p, show, as_json=as_json)
        return
    if not companies:
        if html is not None or docx is not None:
            raise click.UsageError("name the companies whose checklists to write")
        with opened(run_dir) as data:
            gaps = data_gaps(data)
        if as_json:
            terminal.show_json({"gaps": [dataclasses.asdict(g) for g in gaps]})
        else:
            terminal.show_lines(pool_lines(gaps, p, show))
        return
    records = compared(companies, run_dir)
    lists = [checklist(r, p.lang) for r in records]
    if as_json:
        kept = [{"name": each.name, "rows": [dataclasses.asdict(r) for r in each.rows]} for each in lists]
        terminal.show_json({"checklists": kept})
    else:
        terminal.show_lines(line for each in lists for line in list_lines(each, p, show))
    for target, write in ((html, write_pages), (docx, write_documents)):
        for path in write(records, target, p.lang) if target is not None else ():
            terminal.say(p.words("diff.wrote", path=path.as_posix()))


def _told_if_searched(run_dir: Path | None, table: str, p: Printer, show: int, *, as_json: bool) -> None:
    """Say whose outcome would be another if the search had not expired."""
    import dataclasses

    from screening.cli.progress import Reporter
    from screening.run.opened import newest_run
    from screening.run.searched import if_searched

    with Reporter(quiet=as_json) as reporter:
        found = if_searched(run_dir or newest_run(Path("reports")), table, reporter.step)
    if as_json:
        terminal.show_json(dataclasses.asdict(found))
    else:
        terminal.show_lines(searched_lines(found, p, show))


def searched_lines(found: Searched, p: Printer, show: int) -> Iterator[str]:
    """Yield what a fresh search that finds nothing new would settle."""
    w = p.words
    yield w("ask.searched", table=found.table, on=p.date(found.was_on), as_of=p.date(found.as_of), n=len(found.moved))
    for company_id, name, was, now in found.moved[:show]:
        rank = f" #{now.rank}" if now.rank is not None else ""
        yield f"  {name} ({company_id})  {p.word('outcome', was.outcome)} → {p.word('outcome', now.outcome)}{rank}"
    if len(found.moved) > show:
        yield "  " + w("ask.rest_companies", n=len(found.moved) - show)
    yield w("ask.searched_law")


def list_lines(each: ChecklistPage, p: Printer, show: int) -> Iterator[str]:
    """Yield the checklist of one company as text."""
    yield each.name
    yield f"  {each.intro}"
    for row in each.rows[:show]:
        yield f"  {row.number}. {row.question}"
        yield f"      {row.fact} · {row.reason} · {each.head[4]}: {row.gates} · {each.head[5]}: {row.criteria} · {each.head[6]}: {row.at_stake}"
    if len(each.rows) > show:
        yield "  " + p.words("ask.rest", n=len(each.rows) - show)
    yield ""


def pool_lines(gaps: Sequence[DataGap], p: Printer, show: int) -> Iterator[str]:
    """Yield what the whole list waits for as text."""
    words = p.words
    if not gaps:
        yield words("ask.pool_nothing")
        return
    yield words("ask.pool", n=len(gaps), ranked=gaps[0].ranked)
    for number, gap in enumerate(gaps[:show], 1):
        yield f"  {number}. {p.told(gap.label, 60)}  {words('ask.pool_missing', n=gap.missing, of=gap.ranked)}  [{', '.join(gap.columns)}]"
        if gap.gates:
            named = p.listed(f"{p.told(label, 40)} {n}" for _, label, n in gap.gates[:3])
            rest = f" +{len(gap.gates) - 3}" if len(gap.gates) > 3 else ""
            yield f"      {words('ask.pool_gates', gates=named + rest)}"
        if gap.held:
            yield f"      {words('ask.pool_held', n=gap.held)}"
        if gap.open_points:
            yield f"      {words('ask.pool_points', points=f'{gap.open_points:,.2f}', mean=f'{gap.open_points / gap.missing:.2f}')}"
    if len(gaps) > show:
        yield "  " + words("ask.rest", n=len(gaps) - show)
