"""`screen cache`: what is kept between runs, and how to be rid of it."""

from __future__ import annotations

import click

from screening.cli.console import guarded
from screening.cli.options import as_json_too
from screening.cli.terminal import show_json


@click.command(name="cache")
@click.option("--clear", is_flag=True, help="清空。 Remove everything that is kept.")
@as_json_too
@guarded
def command(*, clear: bool, as_json: bool) -> None:
    """列出各次运行之间保留的内容(清洗好的数据、编译好的 SQL、各步骤的结果、答复与运行);--clear 清空。清空只会使下一次运行慢一些,不改变任何结果。

    List what is kept between runs (clean data, compiled SQL, relations of steps, answers, runs). Clearing it makes the next run slower and changes no result.
    """
    from screening.store import store

    keeping = store()
    removed = keeping.clear() if clear else 0
    kept = keeping.kept()
    folder = keeping.folder.as_posix() if keeping.folder is not None else None
    if as_json:
        kinds = [{"kind": k.kind, "count": k.count, "bytes": k.size} for k in kept]
        show_json({"folder": folder, "limit": keeping.limit, "removed": removed, "kept": kinds})
        return
    if clear:
        click.echo(f"已清空 {removed} 项。 {removed} removed.")
    click.echo(f"文件夹 Folder: {folder or '未启用 off'}")
    for each in kept:
        click.echo(f"  {each.kind:<10} {each.count:>6,}  {each.size / 1e6:>10.1f} MB")
    if not kept:
        click.echo("  没有保留任何内容。 Nothing is kept.")
