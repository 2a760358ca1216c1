"""`screen coverage`: the plan against the pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from screening.cli import terminal
from screening.cli.console import guarded
from screening.cli.options import as_json_too, in_language, of_run, page_too

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from screening.report.coverage_page import CoveragePage
    from screening.report.wording import Lang

_GAP = "  "


@click.command(name="coverage")
@of_run
@click.option(
    "--against", help="另一版规则包:列出方向、点名、目标的不同。 Another version of the pack: what it says otherwise."
)
@page_too
@in_language
@as_json_too
@guarded
def command(run_dir: Path | None, against: str | None, html: Path | None, lang: Lang, *, as_json: bool) -> None:
    """规划点名而有企业、点名而空白、拥挤之处(按规则包写明的尺度)、各阶段数目、示范组合、企业梯队、量化目标;给出另一版规则包时,列出两版规划的不同。

    Where the plan names a sub-industry and somebody is there, where nobody is, where it is crowded by the pack's own measure, the
    stages, demonstration combinations, the ladder, the targets; with another version of the pack, what that one says otherwise.
    """
    from screening.api import open_run, plain, write
    from screening.report import coverage_view
    from screening.report.wording import Words

    found = open_run(run_dir).coverage(against)
    if as_json:
        told = plain(found)
        terminal.show_json({"run_id": told.pop("run")["run_id"], **told})
    else:
        terminal.show_lines(lines(coverage_view(found, lang)))
    if html is not None:
        write(found, html, lang)
        terminal.say(Words(lang)("diff.wrote", path=html.as_posix()))


def lines(view: CoveragePage) -> Iterator[str]:
    """Yield the view as text: each section with its table in columns."""
    yield view.page.heading
    for part in view.parts:
        yield ""
        yield part.title
        yield f"{_GAP}{part.lead}"
        if not part.rows:
            continue
        table = [part.head, *part.rows]
        widths = [max(terminal.width(row[i]) for row in table) for i in range(len(part.head))]
        for row in table:
            cells = [
                " " * (width - terminal.width(cell)) + cell
                if i in part.numbers
                else cell + " " * (width - terminal.width(cell))
                for i, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            yield _GAP + _GAP.join(cells).rstrip()
