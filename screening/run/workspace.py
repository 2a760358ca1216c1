"""`screen init`: a folder in which an analyst can start at once. The files are the ones in `scaffold/`, copied as they are."""

from __future__ import annotations

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
        _copy(scaffold, folder)
    (folder / _SCHEMAS).mkdir()
    for name, text in schemas.items():
        (folder / _SCHEMAS / name).write_text(text, encoding="utf-8", newline="\n")
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
