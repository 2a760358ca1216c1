"""`screen lift`: what would move one company up, and what would drop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from screening.cli import terminal
from screening.cli.console import as_json_too, guarded, in_language, of_run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from screening.report.printer import Printer
    from screening.report.wording import Lang
    from screening.result.lift import FactChange, Lift, Way


@click.command(
    name="lift", short_help="怎样才能更进一步,什么会使它掉队。 What would lift a company, and what would drop it."
)
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
        found, names = run.lift(company), run.names(lang)
        p = printer(lang, run.about())
    if as_json:
        terminal.show_json(plain(found))
    else:
        terminal.show_lines(lines(found, p, names))


def lines(result: Lift, p: Printer, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the answer as text."""
    words = p.words
    yield f"{result.name} ({result.company_id}): {_stand(result.outcome, result.tier, p, names)} {p.points(result.score)}"
    for floor in result.floors:
        if floor.distance is not None:
            name = names.get(floor.floor_id) or words.of("half", floor.floor_id)
            yield "  " + words(
                "lift.floor",
                floor=name,
                value=p.exact(floor.value),
                bound=p.exact(floor.bound),
                by=p.exact(floor.distance),
            )
    yield ""
    if result.ways:
        yield words("lift.ways")
        yield from (f"  {_way(way, p, names)}" for way in result.ways)
    elif result.at_top:
        yield words("lift.top")
    else:
        yield words("lift.none", tried=result.tried)
        yield from (f"  {_way(way, p, names)}" for way in result.nearest)
    if result.drops:
        yield ""
        yield words("lift.drops")
        yield from (f"  {_way(way, p, names)}" for way in result.drops)


def _way(way: Way, p: Printer, names: Mapping[str, str]) -> str:
    changes = (" + ").join(_change(c, p) for c in way.changes)
    return f"{changes}  ⇒  {_stand(way.outcome, way.tier, p, names)} {p.points(way.score)}"


def _change(change: FactChange, p: Printer) -> str:
    values = [
        p.told(label)
        if label is not None
        else p.word("value", value)
        if isinstance(value, str)
        else p.quantity(value, change.unit)
        for value, label in ((change.before, change.before_label), (change.after, change.after_label))
    ]
    return f"{p.told(change.label, 40)} {values[0]} → {values[1]}"


def _stand(outcome: str, tier: str | None, p: Printer, names: Mapping[str, str]) -> str:
    shown = names.get(f"tier {tier}", tier)
    return f"{p.word('outcome', outcome)}{' ' + shown if shown else ''}"
