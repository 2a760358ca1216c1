"""`screen diff`: what moved between two runs, and whether the program, the rules, the date or the data did it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click

from screening.cli import terminal
from screening.cli.console import Exit, guarded
from screening.cli.options import PATH, as_json_too, failing_on_change, in_language, listing, page_too

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from screening.report.wording import Lang, Words
    from screening.result.difference import CompanyChange, Difference, Effect, Listed

_GATES = 3
"""Expired gates named in the terminal; one search usually serves many."""


@click.command(name="diff")
@click.argument("before", type=PATH)
@click.argument("after", type=PATH)
@listing(20)
@page_too
@click.option("--xlsx", type=PATH, help="同时写出工作簿。 Also write a workbook.")
@in_language
@failing_on_change
@as_json_too
@guarded
def command(
    before: Path,
    after: Path,
    show: int,
    html: Path | None,
    xlsx: Path | None,
    lang: Lang,
    *,
    fail_on_change: bool,
    as_json: bool,
) -> None:
    """BEFORE 与 AFTER 是两次运行的文件夹。每家企业的变动按固定次序拆为:程序、规则、基准日(检索到期、时间窗口)、数据;解释不了的余数照实列出。

    BEFORE and AFTER are two run folders. Each company's change is split in a fixed order into program, rules, date of
    knowledge (expired searches, windows) and data; what is left is shown as the remainder.
    """
    from screening.api import diff, plain, write
    from screening.cli.progress import Reporter
    from screening.report.wording import Words

    with Reporter(quiet=as_json) as reporter:
        result = diff(before, after, reporter.step)
    words = Words(lang)
    if as_json:
        terminal.show_json(plain(result))
    else:
        terminal.show_lines(lines(result, words, show))
    asked: tuple[tuple[Path | None, Literal["html", "xlsx"]], ...] = ((html, "html"), (xlsx, "xlsx"))
    for path, form in asked:
        if path is not None:
            write(result, path, lang, form)
            terminal.say(words("diff.wrote", path=path.as_posix()))
    if fail_on_change and result.changes_something:
        raise SystemExit(Exit.PROBLEMS)


def lines(result: Difference, words: Words, show: int) -> Iterator[str]:
    """Yield the difference as text: the two runs, counts, then companies, changed outcomes first."""
    for label, side in (("diff.before", result.before), ("diff.after", result.after)):
        yield f"{words(label)}  {side.run_id}  {side.pack_id} {side.pack_version}  {words('run.as_of')} {side.as_of}"
    from screening.report.difference_page import renamed_rules, same_companies

    yield ""
    if not result.changes_something:
        yield words("diff.nothing", n=result.companies)
        if result.renamed:
            yield words("diff.renamed", n=f"{len(result.renamed):,}")
            yield from (f"  {each}" for each in renamed_rules(result, words)[:show])
        return
    yield words(
        "diff.counts",
        both=f"{result.companies:,}",
        changed=f"{len(result.changed):,}",
        entered=f"{len(result.entered):,}",
        left=f"{len(result.left):,}",
    )
    yield from same_companies(result, words, show)
    for outcome in sorted({*result.outcomes_before, *result.outcomes_after}):
        was, now = result.outcomes_before.get(outcome, 0), result.outcomes_after.get(outcome, 0)
        yield f"  {_padded(words.of('outcome', outcome), 16)} {was:>7,} → {now:<7,} {now - was:+,}"
    if result.outcome_moves:
        yield (
            words("diff.outcome_moves")
            + words("sign.colon")
            + ", ".join(f"{words.of('cause', cause)} {count}" for cause, count in result.outcome_moves.items())
        )
    if result.renamed:
        yield ""
        yield words("diff.renamed", n=f"{len(result.renamed):,}")
        yield from (f"  {each}" for each in renamed_rules(result, words)[:show])
    if result.edits:
        yield ""
        yield words("diff.edits", n=len(result.edits))
        yield from (f"  {edit}" for edit in result.edits[:show])
    yield ""
    yield words("diff.companies", n=f"{len(result.changed):,}", shown=min(show, len(result.changed)))
    for change in result.changed[:show]:
        yield from company_lines(change, result, words)
    for title, listed in (("diff.entered", result.entered), ("diff.left", result.left)):
        if listed:
            yield ""
            yield words(title, n=f"{len(listed):,}")
            yield from (f"  {_entry(each, words)}" for each in listed[:show])


def company_lines(change: CompanyChange, result: Difference, words: Words) -> Iterator[str]:
    """Yield one company: where it stood and stands, then each cause with what it did."""
    from screening.report.difference_page import RULES_SHOWN

    states = [
        f"{words.of('outcome', state['outcome'])}{' ' + state['tier'] if state['tier'] else ''}"
        f" {state['score'] if state['score'] is not None else '–'}"
        for state in (change.before, change.after)
    ]
    yield f"  {change.name} ({change.company_id}): {states[0]} → {states[1]}"
    for step in change.steps:
        yield f"    {_step(step, result, words)}"
        for move in step.rules[:RULES_SHOWN]:
            was, now = (words.moved(move.rule_id, state, result.labels) for state in (move.before, move.after))
            yield f"      {_rule(move.rule_id, result, words)}: {was} → {now}"
            yield from (f"        {edit}" for edit in move.edits[:3])
        if len(step.rules) > RULES_SHOWN:
            yield f"      {words('diff.rules_rest', n=len(step.rules) - RULES_SHOWN)}"
    if change.remainder:
        yield f"    {words('diff.remainder')} {change.remainder:+f}"
    if change.unexplained:
        yield f"    {words('diff.unexplained')}"


def _step(step: Effect, result: Difference, words: Words) -> str:
    parts = [words.of("cause", step.cause)]
    if step.score:
        parts.append(f"{step.score:+f}")
    if step.moved_outcome:
        parts.append(f"{words.of('outcome', step.outcome_before)} → {words.of('outcome', step.outcome_after)}")
    if step.expired:
        named = [_rule(gate, result, words) for gate in step.expired[:_GATES]]
        rest = len(step.expired) - len(named)
        parts.append(words("diff.expired", gates=", ".join([*named, *([f"+{rest}"] if rest else [])])))
    return "  ".join(parts)


def _rule(rule_id: str, result: Difference, words: Words) -> str:
    label = result.labels.get(rule_id)
    return f"{label.text(words.lang)} [{rule_id}]" if label else words.of("rule", rule_id)


def _entry(each: Listed, words: Words) -> str:
    rank = f" #{each.rank}" if each.rank is not None else ""
    return f"{each.name} ({each.company_id}): {words.of('outcome', each.outcome)}{rank}"


def _padded(text: str, cells: int) -> str:
    return text + " " * max(cells - terminal.width(text), 0)
