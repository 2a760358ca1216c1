"""`screen schema`: JSON Schemas that let an ordinary YAML editor complete and explain every key."""

from __future__ import annotations

import json
from pathlib import Path

import click

from screening.cli.console import guarded
from screening.cli.terminal import show
from screening.written_file import write_whole

DEFAULT_OUT = "rules/schema"


@click.command(name="schema")
@click.option(
    "--out",
    default=DEFAULT_OUT,
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="写到哪个文件夹。 Folder to write to.",
)
@guarded
def command(out: Path) -> None:
    """写出规则包、案例、数据清单的 JSON Schema(draft 2020-12)。

    Write the schemas of packs, cases and dataset manifests. A YAML file points to one with its first line:

    # yaml-language-server: $schema=../schema/pack.schema.json
    """
    from screening.api import schemas

    out.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        write_whole(out / name, json.dumps(schema, ensure_ascii=False, indent=1) + "\n")
        show((out / name).as_posix())
