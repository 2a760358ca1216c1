"""`screen init`: lay out a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from screening.cli.console import guarded
from screening.cli.options import PATH
from screening.cli.terminal import say, show

if TYPE_CHECKING:
    from pathlib import Path

_NEXT = "screen run --rules rules/my-fund --data data"


@click.command(name="init")
@click.argument("folder", metavar="DIR", type=PATH)
@guarded
def command(folder: Path) -> None:
    """建立一个可以马上运行的工作目录:叠在方案上的规则包、案例、虚构数据、编辑器设置、说明。

    Lay out a workspace that runs at once: a pack on top of the plan, a case, invented data, editor settings, a README.
    """
    from screening.api import init

    for path in init(folder):
        show((folder / path).as_posix())
    say(f"\ncd {folder.as_posix()}\n{_NEXT}")
