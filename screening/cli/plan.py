"""`screen plan`: the effect of an edit of the rules, before it is used."""

from __future__ import annotations

import datetime  # noqa: TC003 - click reads the annotation's values
from typing import TYPE_CHECKING

import click

from screening.cli import terminal
from screening.cli.console import Exit, guarded, phrase
from screening.cli.options import as_json_too, at_date, failing_on_change, listing, on_data, with_rules

if TYPE_CHECKING:
    from pathlib import Path

    from screening.api.answers import Cause, Move, Preview

_KIND_LABELS = {
    "enters": "enters the short list",
    "leaves": "leaves the short list",
    "outcome": "another outcome",
    "gate": "another status of a gate",
    "class": "another class",
    "tier": "another tier",
    "rank": "another rank",
}


@click.command(name="plan")
@with_rules
@click.option(
    "--against",
    default="",
    metavar="PACK|RUN",
    help="与哪个规则包或哪次运行比较;缺省为所扩展的包。 A pack or a run folder; default: the pack it extends.",
)
@on_data
@at_date
@click.option(
    "--rank-move",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    help="名次移动超过几位才列出。 List rank moves of more than N.",
)
@listing(20)
@failing_on_change
@as_json_too
@guarded
def command(
    rules: str,
    against: str,
    data: Path | None,
    as_of: datetime.date | None,
    rank_move: int,
    show: int,
    *,
    fail_on_change: bool,
    as_json: bool,
) -> None:
    """在同一份数据上比较两个规则包:谁进谁出、门槛与名次如何变动、由哪条规则引起。

    Compare two packs on the same data: who enters and leaves the short list, which gates and ranks move, and by which rule.
    """
    from screening.api import plain, plan
    from screening.cli.progress import Reporter

    with Reporter(quiet=as_json) as reporter:
        result = plan(rules, against, data, as_of=as_of, rank_move=rank_move, progress=reporter.step)
    if as_json:
        terminal.show_json(plain(result))
    else:
        terminal.show(rendered(result, show))
    if fail_on_change and result.changes_something:
        raise SystemExit(Exit.PROBLEMS)


def rendered(result: Preview, show: int) -> str:
    """Return the preview as text: the edits, the counts, then the companies, the weightiest moves first."""
    lines = [f"{result.against} → {result.working}; {phrase(f'as of {result.as_of}')}", ""]
    lines.append(phrase(f"Edits of rules: {len(result.changes)}"))
    lines += [f"  {change.text}" for change in result.changes[:show]]
    if len(result.changes) > show:
        lines.append(f"  {phrase(f'… and {len(result.changes) - show} more')}")
    tally = result.tally
    outcomes = sorted({*tally.outcomes_before, *tally.outcomes_after})
    lines += ["", phrase(f"Companies: {tally.companies}")]
    lines += [
        f"  {tally.outcomes_before.get(o, 0):>6} → {tally.outcomes_after.get(o, 0):<6} {phrase(o)}" for o in outcomes
    ]
    lines += [
        f"  {gate}: {phrase(how)}: {count}" for gate, crossing in tally.gates.items() for how, count in crossing.items()
    ]
    if not result.moves:
        return "\n".join([*lines, "", phrase("No company moves.")])
    for kind, label in _KIND_LABELS.items():
        moved = [m for m in result.moves if m.kinds[0] == kind]
        if moved:
            lines += ["", f"{phrase(label)}: {len(moved)}"]
            for move in moved[:show]:
                lines += _move(move)
            if len(moved) > show:
                lines.append(f"  {phrase(f'… and {len(moved) - show} more')}")
    return "\n".join(lines)


def _move(move: Move) -> list[str]:
    def state(values: object) -> str:
        assert isinstance(values, dict)
        tier = f" {values['tier']}" if values["tier"] else ""
        return f"{phrase(str(values['outcome']))}{tier} {values['score'] if values['score'] is not None else '-'} #{values['rank'] or '-'}"

    return [
        f"  {move.name} ({move.company_id}): {state(move.before)} → {state(move.after)}",
        *(line for cause in move.causes for line in _cause(cause)),
    ]


def _cause(cause: Cause) -> list[str]:
    return [
        f"      {cause.rule_id}: {cause.before} → {cause.after}",
        *(f"        {change.text}" for change in cause.changes[:3]),
    ]
