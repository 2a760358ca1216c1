"""`screen rules`: which rule decides most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from screening.cli import terminal
from screening.cli.console import guarded
from screening.cli.options import as_json_too, in_language, listing, of_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from screening.report.printer import Printer
    from screening.report.wording import Lang
    from screening.result.decisive import Decisive


@click.command(name="rules")
@of_run
@listing(12, 1)
@in_language
@as_json_too
@guarded
def command(run_dir: Path | None, show: int, lang: Lang, *, as_json: bool) -> None:
    """门槛:各决定了几家的结论;评分项:在榜企业得分的差别有多大一部分出自它(各项合计为 100%)。人人同分的评分项,权重再大也不起作用。

    Gates by the companies whose outcome they decided; criteria by their share of the differences between scores, which sum to 100%.
    """
    from screening.api import open_run, plain
    from screening.report.printer import printer

    found = open_run(run_dir).decisive()
    if as_json:
        terminal.show_json(plain(found))
    else:
        terminal.show_lines(lines(found, printer(lang), show))


def lines(found: Decisive, p: Printer, show: int) -> Iterator[str]:
    """Yield both lists as text."""
    w = p.words
    yield w("rules_view.gates")
    if not found.gates:
        yield "  " + w("rules_view.no_gate")
    for gate in found.gates[:show]:
        yield f"  {gate.companies:>6}  {p.word('outcome', gate.outcome)}  {p.told(gate.label, 60)}"
    yield ""
    yield w("rules_view.criteria", n=found.ranked)
    told = [c for c in found.criteria if c.spread][:show]
    for criterion in told:
        yield f"  {criterion.share * 100:>6.1f}%  {p.told(criterion.label, 40)}  {w('rules_view.spread', spread=criterion.spread)}"
    rest = found.rest + sum(c.share for c in found.criteria if c not in told)
    yield f"  {found.deductions * 100:>6.1f}%  {w('rules_view.deductions')}"
    yield f"  {rest * 100:>6.1f}%  {w('rules_view.rest', n=len(found.criteria) - len(told))}"
