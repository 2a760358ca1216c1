"""`screen schema`: JSON Schemas that let an ordinary YAML editor complete and explain every key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from screening.cli.console import guarded
from screening.cli.terminal import show
from screening.written_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.rulebook.editor import Schema

DEFAULT_OUT = "rules/schema"


@click.command(name="schema", short_help="写出编辑器用的 JSON Schema。 Write JSON Schemas for editors.")
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
    from screening.rulebook.editor import text_of

    out.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        write_whole(out / name, text_of(schema))
        show((out / name).as_posix())


def schemas() -> Mapping[str, Schema]:
    """Return every schema by the name of its file."""
    from screening.rulebook.editor import cases_schema, pack_schema

    return {
        "pack.schema.json": pack_schema(),
        "cases.schema.json": cases_schema(),
        "dataset.schema.json": dataset_schema(),
    }


def dataset_schema() -> Schema:
    """Return the schema of `dataset.yaml`, with the short forms that intake accepts: one file inline, or a list of files."""
    from screening.dataset.manifest import Manifest
    from screening.rulebook.editor import schema_of

    schema = schema_of(Manifest, "数据集清单 Manifest of a dataset")
    definitions = schema["$defs"]
    source, table = definitions["SourceFile"], definitions["TableSource"]
    source["properties"]["constants"]["additionalProperties"] = {"type": ["string", "integer"]}
    inline = {
        **source,
        "properties": {
            **source["properties"],
            **{k: table["properties"][k] for k in ("absence", "searched_on", "confidential")},
        },
    }
    definitions["TableSource"] = {
        "description": table["description"],
        "anyOf": [table, inline, {"type": "array", "items": {"$ref": "#/$defs/SourceFile"}, "minItems": 1}],
    }
    return schema
