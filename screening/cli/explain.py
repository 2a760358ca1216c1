"""`screen explain`: one company's whole story in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from screening.cli.console import guarded
from screening.cli.options import as_json_too, in_language, of_run
from screening.cli.terminal import show_json

if TYPE_CHECKING:
    from pathlib import Path

    from screening.report.wording import Lang


@click.command(name="explain")
@click.argument("company")
@of_run
@in_language
@as_json_too
@guarded
def command(company: str, run_dir: Path | None, lang: Lang, *, as_json: bool) -> None:
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
