"""`screen init`: a folder in which an analyst can start at once. The files are the ones in `scaffold/`, copied as they are."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from screening.dataset.manifest import Manifest
from screening.errors import RunError
from screening.rulebook.editor import cases_schema, pack_schema, schema_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from screening.rulebook.editor import Schema

_SCHEMAS = "schema"


def lay_out(folder: Path) -> list[Path]:
    """Write a workspace and return its files, relative to it; the editor's schemas are among them.

    Raises RunError for a folder that holds anything, so nothing of anybody's is ever overwritten.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RunError.of(
            "init/not-empty",
            f"'{folder.as_posix()}' exists and is not an empty folder",
            remedy="name a new folder, or empty this one",
        )
    with as_file(files("screening.run") / "scaffold") as scaffold:
        _copy(scaffold, folder)
    (folder / _SCHEMAS).mkdir()
    for name, schema in schemas().items():
        (folder / _SCHEMAS / name).write_text(text_of(schema), encoding="utf-8", newline="\n")
    return sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file())


def _copy(source: Path, folder: Path) -> None:
    """Copy contents only: of an install that cannot be written, a copy that keeps the modes could not be written either."""
    folder.mkdir(parents=True, exist_ok=True)
    for entry in sorted(source.iterdir()):
        if entry.is_dir():
            if entry.name != "__pycache__":
                _copy(entry, folder / entry.name)
        else:
            (folder / entry.name).write_bytes(entry.read_bytes())


def schemas() -> Mapping[str, Schema]:
    """Return every schema by the name of its file."""
    return {
        "pack.schema.json": pack_schema(),
        "cases.schema.json": cases_schema(),
        "dataset.schema.json": dataset_schema(),
    }


def dataset_schema() -> Schema:
    """Return the schema of `dataset.yaml`, with the short forms that intake accepts: one file inline, or a list of files."""
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
