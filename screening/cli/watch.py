"""`screen watch`: the head of the ranking while rules and data are edited."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from screening.cli.console import guarded, phrase, show_problems
from screening.cli.options import as_json_too, at_date, on_data, trusting, with_rules, with_threads, within_memory
from screening.cli.terminal import one_line, show_json, show_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.api.answers import Look, Shift

_WAYS = {"entered": "进入 entered", "left": "离开 left", "moved": "移动 moved"}
_SHOWN = 20


@click.command(name="watch")
@with_rules
@on_data
@at_date
@click.option(
    "--top",
    type=click.IntRange(1, 200),
    default=20,
    show_default=True,
    help="看前几名。 How many of the first ranks to watch.",
)
@click.option(
    "--page",
    type=click.Path(path_type=Path, dir_okay=False),
    help="同时写成网页,在浏览器中自行刷新。 Also as a page that refreshes itself in a browser.",
)
@click.option("--times", type=click.IntRange(1), help="看几次后结束;缺省直到 Ctrl-C。 End after so many looks.")
@trusting
@with_threads
@within_memory
@as_json_too
@guarded
def command(*, page: Path | None, as_json: bool, **asked: Any) -> None:
    """保存规则或数据后,列出问题与前几名的变化:谁进、谁出、谁移动、由哪条规则引起。不写运行结果。

    After each save of rules or data: problems, and how the first ranks changed: who entered, left, moved, and by which rule.
    Writes no run.
    """
    from screening.api import watch
    from screening.report.watch_page import render_watch
    from screening.written_file import write_whole

    looks = watch(asked.pop("rules"), asked.pop("data"), **asked)
    with closing(looks):
        for look in looks:
            if as_json:
                show_json(record(look))
            else:
                show_problems([p for p in look.problems if p.is_error] or look.problems)
                show_lines(told(look))
            if page is not None:
                write_whole(page, render_watch(record(look)))


def told(look: Look) -> list[str]:
    """Return a look as lines: the counts, the edits, what changed in the head, or the head itself at first."""
    if not look.is_sound:
        return ["有错误,排名仍为修改之前的。 There are errors; the ranking is that of before.", ""]
    counts = " · ".join(f"{phrase(outcome)} {count:,}" for outcome, count in look.outcomes.items())
    lines = [f"[{look.seconds:.2f} s] {counts}"]
    lines += [f"  {change.text}" for change in look.edits[:_SHOWN]]
    if len(look.edits) > _SHOWN:
        lines.append(f"  … 另有 {len(look.edits) - _SHOWN} 处 more")
    if not look.edits and not look.shifts:
        lines += [
            f"  {_place(r.state):>6}  {r.name}  {_points(r.state)}  {phrase(str(r.state['outcome']))}"
            for r in look.head
        ]
    for shift in look.shifts:
        lines += _shift(shift)
    if look.edits and not look.shifts:
        lines.append("  前列未变。 The head has not changed.")
    return [*lines, ""]


def _shift(shift: Shift) -> list[str]:
    before, after = shift.before, shift.after
    head = f"  {_WAYS[shift.way]}: {one_line(shift.name)}: {_place(before)} {_points(before)} → {_place(after)} {_points(after)}"
    return [head, *(f"      {c.rule_id}: {c.before} → {c.after}" for c in shift.causes[:5])]


def _place(state: Mapping[str, Any]) -> str:
    return f"#{state['rank']}" if state.get("rank") is not None else "—"


def _points(state: Mapping[str, Any]) -> str:
    return str(state["score"]) if state.get("score") is not None else "—"


def record(look: Look) -> dict[str, Any]:
    """Return a look as plain data."""
    from screening.cli.console import problem_record

    def state(values: Mapping[str, Any]) -> dict[str, Any]:
        return {k: v if v is None or isinstance(v, int | str) else str(v) for k, v in values.items()}

    return {
        "sound": look.is_sound,
        "seconds": round(look.seconds, 3),
        "problems": [problem_record(p) for p in look.problems],
        "outcomes": dict(look.outcomes),
        "edits": [change.text for change in look.edits],
        "head": [{"company_id": r.company_id, "name": r.name, **state(r.state)} for r in look.head],
        "shifts": [
            {
                "way": s.way,
                "company_id": s.company_id,
                "name": s.name,
                "before": state(s.before),
                "after": state(s.after),
                "causes": [{"rule": c.rule_id, "before": c.before, "after": c.after} for c in s.causes],
            }
            for s in look.shifts
        ],
    }
