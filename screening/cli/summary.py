"""The short summary at the end of a run: the same sentences as the head of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rich.table import Table
from rich.text import Text as Line

from screening.cli.terminal import one_line, terminal, width
from screening.report import findings
from screening.report.figures import points, whole
from screening.report.printer import printer
from screening.result.contract import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from screening.api.answers import Finished
    from screening.report.printer import Printer
    from screening.report.wording import Lang
    from screening.result.overview import Overview, RankedCompany

_COLUMNS = (
    ("rank", False),
    ("name", True),
    ("city", False),
    ("direction", True),
    ("outcome", False),
    ("tier", False),
    ("score", False),
    ("coverage", False),
)
"""Columns of the first ranks, and whether one may be cut."""

_NUMBERS = (0, 6, 7)
_LEAST = 14
_GAP = 2


def print_summary(finished: Finished, *, top: int, lang: str) -> None:
    """Print what is wrong with the data, the answer, outcomes, gates, the first of the ranking, and where the report is."""
    console, found = terminal(), finished.overview
    p = printer(cast("Lang", lang), found.run)
    words = p.words
    basis = p.word("as_of_basis", found.run.as_of_basis)
    as_of = f"{words('run.as_of')} {p.date(found.run.as_of)}{words('sign.open')}{basis}{words('sign.close')}"
    console.print()
    console.print(f"{p.told(found.run.pack_label)} · {as_of}")
    if found.run.synthetic:
        console.print(words("run.synthetic"))
    if found.run.external:
        console.print(Line(words("run.external"), style="bold"))
    for alert in findings.alerts(found, p):
        console.print(Line(f"! {alert.text}", style="bold red" if alert.grave == "red" else "yellow"))
    console.print(p.sentences(findings.summary(found, p)))
    if found.set_aside and not found.run.external:
        console.print(f"{words('story.set_aside')}{words('sign.colon')}set_aside.xlsx")
    rows = found.rows
    console.print(words("story.rows", read=whole(rows.read), clean=whole(rows.clean), aside=whole(rows.set_aside)))
    counts = findings.counts(found)
    console.print(" · ".join(f"{p.word('outcome', o)} {whole(counts[o])}" for o in OUTCOMES if counts.get(o)))
    _gates(console, found, p)
    _first(console, found.ranking[:top], found, p)
    console.print()
    console.print(
        f"{words('story.report')}{words('sign.colon')}{(finished.run_dir / 'report.html').as_posix()}", soft_wrap=True
    )


def _gates(console: Console, found: Overview, p: Printer) -> None:
    failed = [f"{p.told(g.label)} {whole(g.failed)}" for g in found.gates if g.failed]
    if failed:
        console.print(f"{p.words('story.failed')}{p.words('sign.colon')}{p.joined(failed)}")


def _first(console: Console, first: Sequence[RankedCompany], found: Overview, p: Printer) -> None:
    if not first:
        return
    rows = [_row(company, p) for company in first]
    titles = [p.words(f"rank.{key}", entity=p.told(found.run.entity)) for key, _ in _COLUMNS]
    # What the pack does not tell of anybody has no column.
    silent = {key for key in ("city",) if all(company.city is None for company in first)}
    silent |= set() if found.run.scores else {"score", "coverage", "tier"}
    silent |= set() if found.run.classifies else {"direction"}
    kept = [number for number, (key, _) in enumerate(_COLUMNS) if key not in silent]
    widths = _widths([titles, *rows], console.width)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number in kept:
        title, room = titles[number], widths[number]
        table.add_column(
            title,
            no_wrap=True,
            overflow="ellipsis",
            justify="right" if number in _NUMBERS else "left",
            min_width=room,
            max_width=room,
        )
    for row in rows:
        table.add_row(*(row[number] for number in kept))
    console.print()
    console.print(table)


def _row(company: RankedCompany, p: Printer) -> tuple[str, ...]:
    bounds = p.open_span(company.score)
    marks = p.words("rank.provisional") if company.provisional else ""
    return (
        f"{company.rank}{'=' if company.shared else ''}",
        one_line(company.name),
        p.told(company.city_label, 20) if company.city_label else one_line(company.city or "—"),
        p.told(company.direction, 40),
        " ".join(x for x in (p.word("outcome", company.outcome), marks) if x),
        p.told(company.tier_label, 40),
        f"{points(company.score.value)}{f' [{bounds}]' if bounds else ''}",
        p.share(company.coverage),
    )


def _widths(rows: Sequence[Sequence[str]], line: int) -> list[int]:
    """Where the line is too narrow, the widest long text gives way; a number that is cut would read as another."""
    widths = [max(width(row[number]) for row in rows) for number in range(len(_COLUMNS))]
    long = [number for number, (_, may_be_cut) in enumerate(_COLUMNS) if may_be_cut]
    while sum(widths) + _GAP * (len(widths) - 1) > line:
        widest = max(long, key=lambda number: widths[number])
        if widths[widest] <= _LEAST:
            break
        widths[widest] -= 1
    return widths
