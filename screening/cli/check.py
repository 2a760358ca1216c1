"""`screen check`: every problem of a rule pack at its place, then what the pack holds."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from screening.api import DEFAULT_PACK
from screening.cli.console import Exit, guarded, in_languages, problem_record, show_problems
from screening.cli.options import as_json_too, at_date, trusting
from screening.cli.terminal import one_line, show, show_json

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from screening.api import Check


@click.command(name="check")
@click.argument("pack", default=DEFAULT_PACK)
@click.option(
    "--source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="方案原文(UTF-8 文本),核对每条引文。 The plan's text: looks up every quote.",
)
@at_date
@click.option(
    "--effective",
    metavar="PATH",
    help="打印某处(如 gates.listed_company,或 all)的有效取值及其文件与行号。 "
    "Print the effective values under a path, or all, with file and line.",
)
@trusting
@click.option("--strict", is_flag=True, help="警告也算不通过。 Warnings fail too.")
@as_json_too
@guarded
def command(
    pack: str,
    source: Path | None,
    as_of: datetime.date | None,
    effective: str | None,
    trusted: tuple[Path, ...],
    strict: bool,
    as_json: bool,
) -> None:
    """检查规则包 PACK:写法、名称、单位、分档、权重、引文、禁用输入;所有问题一次列出。

    Check the rule pack PACK: form, names, units, bands, weights, quotes, forbidden inputs; all problems at once. Exit code 1
    when there are errors; docs/rules-checks.md explains each code.
    """
    from screening.api import check

    found = check(pack, source=source, as_of=as_of, trusted=trusted)
    if effective is not None and found.pack is not None:
        for path, file, line, value in found.pack.effective("" if effective == "all" else effective):
            show(one_line(f"{path} = {value}  ({file}:{line})"))
    elif as_json:
        show_json(_record(found))
    else:
        show_problems(found.problems)
        show(in_languages(lambda phrase: _summary(found, phrase)))
    failing = [p for p in found.problems if p.is_error or (strict and p.severity == "warning")]
    sys.exit(Exit.PROBLEMS if failing else Exit.FINE)


def _record(found: Check) -> dict[str, object]:
    pack, quotes, problems = found.pack, found.quotes, found.problems
    return {
        "pack": {"id": pack.id, "version": pack.version, "digest": pack.digest} if pack is not None else None,
        "as_of": found.as_of.isoformat(),
        "counts": dict(pack.counts()) if pack is not None else None,
        "quotes": {"stated": quotes.stated, "confirmed": quotes.confirmed} if quotes is not None else None,
        **{
            f"{severity}s": sum(p.severity == severity for p in problems) for severity in ("error", "warning", "notice")
        },
        "problems": [problem_record(p) for p in problems],
    }


def _summary(found: Check, phrase: Callable[[str], str]) -> str:
    pack, quotes = found.pack, found.quotes
    tally = [
        phrase(f"{number} {severity}{'s' if number != 1 else ''}")
        for severity in ("error", "warning", "notice")
        if (number := sum(p.severity == severity for p in found.problems)) or severity == "error"
    ]
    if pack is None or quotes is None:
        return "; ".join([", ".join(tally), phrase("the pack cannot be used")])
    held = ", ".join(phrase(f"{number} {kind}") for kind, number in pack.counts().items() if number)
    looked_up = (
        phrase(f"{quotes.confirmed} of {quotes.stated} quotes confirmed")
        if quotes.confirmed is not None
        else (phrase(f"{quotes.stated} quotes not looked up (give --source)") if quotes.stated else phrase("no quotes"))
    )
    return f"{pack.id} {pack.version}: {held}; {looked_up}; {', '.join(tally)}"
