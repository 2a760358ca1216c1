"""`screen lift`: what would move one company up, and what would drop it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from screening.cli import terminal
from screening.cli.console import guarded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from screening.catalog import Label
    from screening.report.printer import Printer
    from screening.report.wording import Lang
    from screening.result.lift import FactChange, Lift, Way
    from screening.rulebook.model import RulePack


@click.command(
    name="lift", short_help="怎样才能更进一步,什么会使它掉队。 What would lift a company, and what would drop it."
)
@click.argument("company")
@click.option(
    "--run",
    "run_dir",
    type=click.Path(path_type=Path),
    help="运行文件夹;缺省为 reports/ 中最新一次。 Run folder; default: the newest in reports/.",
)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言。 Language.")
@click.option("--json", "as_json", is_flag=True, help="向标准输出打印一个 JSON。 Print one JSON object.")
@guarded
def command(company: str, run_dir: Path | None, lang: str, *, as_json: bool) -> None:
    """在企业能够改变的已知事实上,找使它入围或升级的最小改动(一项不够则两三项合起来),并列出与各下限的距离和会使它掉队的单项变化。

    The least changes of known facts the company can act on that lift its outcome or tier (two or three together when one does not
    do), its distance to each floor, and the single changes that would drop it.
    """
    import dataclasses

    import polars as pl

    from screening.analysis.rulewords import run_record
    from screening.arrow import ArrowView
    from screening.errors import RulesError
    from screening.report.printer import printer
    from screening.run.lift import lift
    from screening.run.opened import newest_run, opened
    from screening.run.pages import find_company, not_found

    folder = run_dir or newest_run(Path("reports"))
    with opened(folder) as data:
        companies = pl.DataFrame(ArrowView(data.connection.table("ranking")))
        company_id = find_company(companies, company)
        if company_id is None:
            raise RulesError([not_found(companies, company)])
        result = lift(data, folder, company_id)
        p = printer(cast("Lang", lang), run_record(data))
        names = _names(data.pack)
    if as_json:
        terminal.show_json(dataclasses.asdict(result))
    else:
        terminal.show_lines(lines(result, p, names))


def _names(pack: RulePack) -> dict[str, Label]:
    """Labels by id of what a verdict speaks of: halves, pillars, criteria, facts; and its tiers."""
    names = {fact_id: fact.label for fact_id, fact in pack.facts.items()}
    for half_id, half in pack.criteria.items():
        names[half_id] = half.label
        names |= {pillar_id: pillar.label for pillar_id, pillar in half.pillars.items()}
    names |= {criterion_id: criterion.label for _, _, criterion_id, criterion in pack.criteria_of()}
    return names | {f"tier {tier}": label for tier, label in pack.verdict.tier_labels().items()}


def lines(result: Lift, p: Printer, names: Mapping[str, Label]) -> Iterator[str]:
    """Yield the answer as text."""
    words = p.words
    yield f"{result.name} ({result.company_id}): {_stand(result.outcome, result.tier, p, names)} {p.points(result.score)}"
    for floor in result.floors:
        if floor.distance is not None:
            label = names.get(floor.floor_id)
            name = label.text(p.lang) if label else words.of("half", floor.floor_id)
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


def _way(way: Way, p: Printer, names: Mapping[str, Label]) -> str:
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


def _stand(outcome: str, tier: str | None, p: Printer, names: Mapping[str, Label]) -> str:
    label = names.get(f"tier {tier}")
    shown = label.text(p.lang) if label else tier
    return f"{p.word('outcome', outcome)}{' ' + shown if shown else ''}"
