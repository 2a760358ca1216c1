"""`screen check`: every problem of a rule pack at its place, then what the pack holds."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from screening.cli.console import Exit, guarded, in_languages, problem_record, show_problems, trusting
from screening.cli.terminal import one_line, show, show_json
from screening.run.options import DEFAULT_PACK

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Sequence

    from screening.errors import Problem
    from screening.rulebook.check.counts import Quotes
    from screening.rulebook.loader import LoadedPack


MAX_SOURCE = 20_000_000
"""Bytes of the longest text that quotes are looked up in."""


@click.command(name="check", short_help="检查规则包。 Check a rule pack.")
@click.argument("pack", default=DEFAULT_PACK)
@click.option(
    "--source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="方案原文(UTF-8 文本),核对每条引文。 The plan's text: looks up every quote.",
)
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="基准日,默认今天。 The date of knowledge, today by default."
)
@click.option(
    "--effective",
    metavar="PATH",
    help="打印某处(如 gates.listed_company,或 all)的有效取值及其文件与行号。 "
    "Print the effective values under a path, or all, with file and line.",
)
@trusting
@click.option("--strict", is_flag=True, help="警告也算不通过。 Warnings fail too.")
@click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 对象。 Print one JSON object.")
@guarded
def command(
    pack: str,
    source: Path | None,
    as_of: datetime.datetime | None,
    effective: str | None,
    trusted: tuple[Path, ...],
    strict: bool,
    as_json: bool,
) -> None:
    """检查规则包 PACK:写法、名称、单位、分档、权重、引文、禁用输入;所有问题一次列出。

    Check the rule pack PACK: form, names, units, bands, weights, quotes, forbidden inputs; all problems at once. Exit code 1
    when there are errors; docs/rules-checks.md explains each code.
    """
    from screening.resources import day_in_china
    from screening.rulebook.check import check_pack, in_order
    from screening.rulebook.check.counts import quotes

    day = as_of.date() if as_of else day_in_china()
    loaded, problems = check_pack(pack, day, trusted)
    found = quotes(loaded, _text(source)) if loaded is not None else None
    if found is not None:
        problems = in_order([*problems, *found.problems])
    if effective is not None and loaded is not None:
        _print_effective(loaded, effective)
    elif as_json:
        show_json(_record(loaded, day, problems, found))
    else:
        show_problems(problems)
        show(in_languages(lambda phrase: _summary(loaded, problems, found, phrase)))
    failing = [p for p in problems if p.is_error or (strict and p.severity == "warning")]
    sys.exit(Exit.PROBLEMS if failing else Exit.FINE)


def _print_effective(loaded: LoadedPack, wanted: str) -> None:
    from screening.errors import Problem, RulesError, did_you_mean
    from screening.run.packfile import origins

    rows = [row for row in origins(loaded) if wanted == "all" or row[0] == wanted or row[0].startswith(f"{wanted}.")]
    if not rows:
        known = {".".join(row[0].split(".")[:2]) for row in origins(loaded)}
        raise RulesError(
            [
                Problem(
                    "check/no-such-path",
                    f"the pack has nothing at '{wanted}'",
                    remedy=did_you_mean(wanted, known) or "write section.id, such as gates.listed_company",
                )
            ]
        )
    for path, file, line, value in rows:
        show(one_line(f"{path} = {value}  ({file}:{line})"))


def _text(source: Path | None) -> str | None:
    from screening.errors import Position, Problem, RulesError
    from screening.foreign_file import read_file
    from screening.resources import shown_path

    if source is None:
        return None
    try:
        return read_file(source, most=MAX_SOURCE).decode("utf-8-sig")
    except OSError as error:
        said = f"cannot read the text: {error.strerror or error}"
        raise RulesError([Problem("source/unreadable", said, Position(shown_path(source)))]) from error
    except UnicodeDecodeError as error:
        raise RulesError(
            [
                Problem(
                    "source/encoding",
                    f"the text is not UTF-8 (byte {error.start})",
                    Position(shown_path(source)),
                    "save it as UTF-8",
                )
            ]
        ) from error


def _record(
    loaded: LoadedPack | None, day: datetime.date, problems: Sequence[Problem], found: Quotes | None
) -> dict[str, object]:
    from screening.rulebook.check.counts import counts

    head = loaded.pack.pack if loaded is not None else None
    return {
        "pack": {"id": head.id, "version": head.version, "digest": loaded.digest}
        if head is not None and loaded is not None
        else None,
        "as_of": day.isoformat(),
        "counts": dict(counts(loaded.pack)) if loaded is not None else None,
        "quotes": {"stated": found.stated, "confirmed": found.confirmed} if found is not None else None,
        **{
            f"{severity}s": sum(p.severity == severity for p in problems) for severity in ("error", "warning", "notice")
        },
        "problems": [problem_record(p) for p in problems],
    }


def _summary(
    loaded: LoadedPack | None, problems: Sequence[Problem], found: Quotes | None, phrase: Callable[[str], str]
) -> str:
    from screening.rulebook.check.counts import counts

    tally = [
        phrase(f"{number} {severity}{'s' if number != 1 else ''}")
        for severity in ("error", "warning", "notice")
        if (number := sum(p.severity == severity for p in problems)) or severity == "error"
    ]
    if loaded is None or found is None:
        return "; ".join([", ".join(tally), phrase("the pack cannot be used")])
    held = ", ".join(phrase(f"{number} {kind}") for kind, number in counts(loaded.pack).items() if number)
    looked_up = (
        phrase(f"{found.confirmed} of {found.stated} quotes confirmed")
        if found.confirmed is not None
        else (phrase(f"{found.stated} quotes not looked up (give --source)") if found.stated else phrase("no quotes"))
    )
    head = loaded.pack.pack
    return f"{head.id} {head.version}: {held}; {looked_up}; {', '.join(tally)}"
