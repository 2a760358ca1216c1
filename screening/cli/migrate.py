"""`screen migrate`: a pack of an earlier form in today's, rule for rule the same."""

from __future__ import annotations

from pathlib import Path

import click

from screening.cli.console import guarded, phrase
from screening.cli.options import trusting
from screening.cli.terminal import say, show


@click.command(name="migrate")
@click.argument("pack", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--write",
    is_flag=True,
    help="写回文件;不加只列出会改什么。 Write the files; without it only say what would change.",
)
@trusting
@guarded
def command(pack: Path, trusted: tuple[Path, ...], *, write: bool) -> None:
    """把规则包 PACK 改成现在的写法:各赛道权重合为一张表,风险写在一处,责任单位只写一次。

    Rewrite PACK: weights by track in one table, each risk in one place, departments once. Nothing is written unless every rule
    says the same afterwards.
    """
    from screening.api import migrate

    found = migrate(pack, write=write, trusted=trusted)
    changed = found.changed()
    for file, texts in changed.items():
        before, after = (text.count("\n") for text in texts)
        show(phrase(f"{file.as_posix()}: {before} lines before, {after} after"))
    before, after = found.lines()
    say(phrase(f"{before} lines before, {after} after; every rule says the same"))
    for key in found.lost:
        say(
            phrase(
                f"'{key}' is left out: nothing stands for it today; companies may be classified otherwise, see `screen diff`"
            )
        )
    if not changed:
        say(phrase("nothing to change: the pack has today's form"))
    elif not write:
        say(phrase("nothing was written; add --write to write it"))
