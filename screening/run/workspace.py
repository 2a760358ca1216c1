"""`screen init`: a folder in which an analyst can start at once. The files are the ones in `scaffold/`, copied as they are."""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from screening.errors import Problem, RunError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

COMMAND = "screen run --rules rules/my-fund --data data"
_SCHEMAS = "schema"


def lay_out(folder: Path, schemas: Mapping[str, str]) -> list[Path]:
    """Write a workspace and return its files, relative to it. `schemas` are the texts of the editor's schemas by file name.

    Raises RunError for a folder that holds anything, so nothing of anybody's is ever overwritten.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RunError(
            [
                Problem(
                    "init/not-empty",
                    f"'{folder.as_posix()}' exists and is not an empty folder",
                    remedy="name a new folder, or empty this one",
                )
            ]
        )
    with as_file(files("screening.run") / "scaffold") as scaffold:
        shutil.copytree(scaffold, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / _SCHEMAS).mkdir()
    for name, text in schemas.items():
        (folder / _SCHEMAS / name).write_text(text, encoding="utf-8", newline="\n")
    return sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file())
