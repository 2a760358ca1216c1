"""`screen ask`: what to ask a company for; without a company, which data the whole list waits for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal

import click

from screening.cli import terminal
from screening.cli.console import guarded
from screening.cli.options import PATH, as_json_too, in_language, listing, of_run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from screening.api.answers import DataGap, Searched
    from screening.report.checklist_page import ChecklistPage
    from screening.report.printer import Printer
    from screening.report.wording import Lang


@click.command(name="ask")
@click.argument("companies", nargs=-1)
@of_run
@click.option("--html", type=PATH, help="补充资料清单写成网页(多家时为文件夹)。 Write checklists as pages.")
@click.option("--docx", type=PATH, help="写成 Word 文件(多家时为文件夹)。 Write them as Word files.")
@click.option(
    "--if-searched",
    metavar="TABLE",
    help="假如这张表的检索没有过期:谁的结论会变。 What if the search of this table had not expired.",
)
@listing(15, 1)
@in_language
@as_json_too
@guarded
def command(
    companies: tuple[str, ...],
    run_dir: Path | None,
    html: Path | None,
    docx: Path | None,
    if_searched: str | None,
    show: int,
    lang: Lang,
    *,
    as_json: bool,
) -> None:
    """给出企业:列出每家的补充资料清单,先列未能核实的门槛所需,再按涉及的分值;不给企业:列出整个名单最该补的数据列,以及补齐后能定下什么。

    With companies: the checklist of each, what undecided gates wait for first, then by the points that hang on it. Without: which data
    the whole list waits for, and what they would settle.
    """
    from screening.api import open_run, plain, write_checklists
    from screening.cli.progress import Reporter
    from screening.report import checklist
    from screening.report.printer import printer

    p, run = printer(lang), open_run(run_dir)
    if if_searched is not None:
        with Reporter(quiet=as_json) as reporter:
            found = run.if_searched(if_searched, reporter.step)
        if as_json:
            terminal.show_json(plain(found))
        else:
            terminal.show_lines(searched_lines(found, p, show, run.names(lang)))
        return
    if not companies:
        if html is not None or docx is not None:
            raise click.UsageError("name the companies whose checklists to write")
        gaps = run.gaps()
        if as_json:
            terminal.show_json({"gaps": plain(gaps)})
        else:
            terminal.show_lines(pool_lines(gaps, p, show, run.names(lang)))
        return
    named = run.companies_named(companies)
    lists = [checklist(each.record, p.lang) for each in named]
    if as_json:
        terminal.show_json({"checklists": [{"name": each.name, "rows": plain(each.rows)} for each in lists]})
    else:
        terminal.show_lines(line for each in lists for line in list_lines(each, p, show))
    asked: tuple[tuple[Path | None, Literal["html", "docx"]], ...] = ((html, "html"), (docx, "docx"))
    for target, form in asked:
        for path in write_checklists(named, target, lang, form) if target is not None else ():
            terminal.say(p.words("diff.wrote", path=path.as_posix()))


def searched_lines(found: Searched, p: Printer, show: int, names: Mapping[str, str]) -> Iterator[str]:
    """Yield what a fresh search that finds nothing new would settle."""
    w = p.words
    table = names.get(f"table.{found.table}", found.table)
    yield w("ask.searched", table=table, on=p.date(found.was_on), as_of=p.date(found.as_of), n=len(found.moved))
    for company_id, name, was, now in found.moved[:show]:
        rank = f" #{now.rank}" if now.rank is not None else ""
        yield f"  {name} ({company_id})  {p.word('outcome', was.outcome)} → {p.word('outcome', now.outcome)}{rank}"
    if len(found.moved) > show:
        yield "  " + w("ask.rest_companies", n=len(found.moved) - show)
    yield w("ask.searched_law")


def list_lines(each: ChecklistPage, p: Printer, show: int) -> Iterator[str]:
    """Yield the checklist of one company as text."""
    colon = p.words("sign.colon")
    yield each.name
    yield f"  {each.intro}"
    for row in each.rows[:show]:
        yield f"  {row.number}. {row.question}"
        told = zip(each.head[4:7], (row.gates, row.criteria, row.at_stake), strict=True)
        yield "      " + " · ".join([row.fact, row.reason, *(f"{head}{colon}{said}" for head, said in told)])
    if len(each.rows) > show:
        yield "  " + p.words("ask.rest", n=len(each.rows) - show)
    yield ""


def pool_lines(gaps: Sequence[DataGap], p: Printer, show: int, names: Mapping[str, str]) -> Iterator[str]:
    """Yield what the whole list waits for as text."""
    words = p.words
    if not gaps:
        yield words("ask.pool_nothing")
        return
    yield words("ask.pool", n=len(gaps), ranked=gaps[0].ranked)
    tables = Counter(t for gap in gaps for t in dict.fromkeys(column.partition(".")[0] for column in gap.columns))
    told = (words("ask.pool_table", table=names.get(f"table.{t}", t), n=n) for t, n in tables.items())
    yield words("ask.pool_tables", tables=words("sign.list").join(told))
    for number, gap in enumerate(gaps[:show], 1):
        yield f"  {number}. {p.told(gap.label, 60)}  {words('ask.pool_missing', n=gap.missing, of=gap.ranked)}  [{', '.join(gap.columns)}]"
        if gap.gates:
            named = p.listed(f"{p.told(label, 40)} {n}" for _, label, n in gap.gates[:3])
            rest = f" +{len(gap.gates) - 3}" if len(gap.gates) > 3 else ""
            yield f"      {words('ask.pool_gates', gates=named + rest)}"
        if gap.held:
            yield f"      {words('ask.pool_held', n=gap.held)}"
        if gap.capped:
            yield f"      {words('ask.pool_capped', n=gap.capped)}"
        if gap.open_points:
            yield f"      {words('ask.pool_points', points=f'{gap.open_points:,.2f}', mean=f'{gap.open_points / gap.missing:.2f}')}"
    if len(gaps) > show:
        yield "  " + words("ask.rest", n=len(gaps) - show)
