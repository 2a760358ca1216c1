"""`screen lift`: what would move one company up, and what would drop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from screening.cli import terminal
from screening.cli.console import guarded
from screening.cli.options import as_json_too, in_language, of_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from screening.report.printer import Printer
    from screening.report.wording import Lang
    from screening.result.lift import Lift


@click.command(name="lift")
@click.argument("company")
@of_run
@in_language
@as_json_too
@guarded
def command(company: str, run_dir: Path | None, lang: Lang, *, as_json: bool) -> None:
    """在企业能够改变的已知事实上,找使它入围或升级的最小改动(一项不够则两三项合起来),并列出与各下限的距离和会使它掉队的单项变化。

    The least changes of known facts the company can act on that lift its outcome or tier (two or three together when one does not
    do), its distance to each floor, and the single changes that would drop it.
    """
    from screening.api import open_run, plain
    from screening.report.printer import printer

    with open_run(run_dir).kept_open() as run:
        found = run.lift(company)
        p = printer(lang, run.about())
    if as_json:
        terminal.show_json(plain(found))
    else:
        terminal.show_lines(lines(found, p))


def lines(result: Lift, p: Printer) -> Iterator[str]:
    """Yield the answer as text."""
    from screening.report.moving import moving, stand

    told = moving(result, p)
    assert told is not None
    yield f"{result.name} ({result.company_id}): {stand(result, p)}"
    yield from (f"  {floor}" for floor in told.floors)
    if told.told:
        yield ""
        yield told.told
    for title, ways in told.groups:
        yield ""
        yield title
        yield from (f"  {changes}  ⇒  {leads}" for changes, leads in ways)
