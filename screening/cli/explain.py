"""`screen explain`: one company's whole story in the terminal."""

from __future__ import annotations

from pathlib import Path

import click

from screening.cli.console import guarded
from screening.cli.terminal import show_json


@click.command(name="explain", short_help="说明一家企业的结果。 Tell one company's whole story.")
@click.argument("company")
@click.option(
    "--run",
    "run_dir",
    type=click.Path(path_type=Path),
    help="运行文件夹;缺省为 reports/ 中最新一次。 Run folder; default: the newest in reports/.",
)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言。 Language.")
@click.option("--json", "as_json", is_flag=True, help="向标准输出打印一个 JSON。 Print one JSON object.")
@guarded
def command(company: str, run_dir: Path | None, lang: str, *, as_json: bool) -> None:
    """说明一家企业为何得此结果:得分、数据、条款、缺失。企业可用编号、信用代码或名称。

    Tell why a company came out as it did: scores, data, clauses, what is missing. Name it by id, credit code or name.
    """
    from screening.api import open_run
    from screening.cli.story import tell

    found = open_run(run_dir).company(company)
    if as_json:
        show_json(found.as_json())
    else:
        tell(found.record, lang)
