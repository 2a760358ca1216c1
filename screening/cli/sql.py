"""`screen sql`: print what runs, readable, each column with its rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from screening.cli.console import guarded
from screening.cli.options import PATH, at_date, with_rules
from screening.cli.terminal import show
from screening.written_file import write_whole

if TYPE_CHECKING:
    import datetime
    from pathlib import Path


@click.command(name="sql")
@with_rules
@click.option("--rule", "rule_id", help="只看一条规则(事实、门槛、评分项或阶段轴)。 One rule only.")
@click.option("--step", help="只看一步。 One step only.")
@at_date
@click.option("--out", type=PATH, help="写入文件夹,每步一个文件。 Write one file per step.")
@guarded
def command(rules: str, rule_id: str | None, step: str | None, as_of: datetime.date | None, out: Path | None) -> None:
    """打印每一步的 SQL;--rule 只打印一条规则所需的列。

    Print the SQL of every step as it runs when every table of the pack is there.
    """
    from screening.api import statements

    found = statements(rules, rule=rule_id or "", step=step or "", as_of=as_of)
    for item in found:
        if out is None:
            show(f"-- step: {item.name}\n{item.sql};\n")
        else:
            write_whole(out / f"{item.name}.sql", f"{item.sql};\n")
