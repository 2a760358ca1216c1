"""Folders of Parquet files, as Spark and others write them: one table in many parts.

A folder's name of the form `code=003` is a column of its parts, and `003` is text: nothing is inferred from it, so a code keeps its
zeros and a date its form.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from screening import trace
from screening.errors import DatasetError, Position

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ENDINGS = (".parquet", ".parq")
MOST_PARTS = 20_000
_UNFINISHED = "_temporary"
_NOTHING = "__HIVE_DEFAULT_PARTITION__"


def is_parquet_folder(folder: Path) -> bool:
    """Return whether a folder, or one inside it, holds a Parquet file and is no dataset with a manifest."""
    return any(name.endswith(ENDINGS) for _, _, names in _walked(folder) for name in names)


def _walked(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """Walk a folder; what lies in it decides what is read, so a trace is told of every folder that was looked into."""
    for place, folders, names in os.walk(folder):
        trace.listed(place, [*folders, *names])
        for each in (*folders, *names):
            trace.looked(os.path.join(place, each))  # noqa: PTH118
        yield place, folders, names


def parts_of(folder: Path, label: str) -> list[str]:
    """Return the parts, relative to the folder. What begins with `_` or `.` is a note of the program that wrote them.

    Raises DatasetError for a folder that is still being written, holds no part, or holds what is no Parquet file: a table that is
    read in part would pass for a whole one.
    """
    found: list[str] = []
    foreign: list[str] = []
    for place, folders, names in _walked(folder):
        inside = Path(place).relative_to(folder)
        if _UNFINISHED in folders:
            raise _problem(
                label,
                f"{label} is still being written, or its writing was broken off: it holds _temporary",
                "wait for the job that writes it, or write it again",
            )
        folders[:] = sorted(each for each in folders if each[:1] not in ("_", "."))
        foreign += [(inside / each).as_posix() for each in folders if (Path(place) / each).is_symlink()]
        for name in sorted(each for each in names if each[:1] not in ("_", ".")):
            path = Path(place) / name
            whole = (inside / name).as_posix()
            (found if name.endswith(ENDINGS) and path.is_file() and not path.is_symlink() else foreign).append(whole)
    if foreign:
        shown = ", ".join(foreign[:4])
        raise _problem(
            label,
            f"{label} is read as a folder of Parquet files, but holds something else: {shown}",
            "leave only the Parquet files of one table in it",
        )
    if not found:
        raise _problem(
            label, f"{label} is a folder without any Parquet file", "name a file, or a folder of Parquet files"
        )
    if len(found) > MOST_PARTS:
        raise _problem(
            label,
            f"{label} has {len(found):,} parts; the limit is {MOST_PARTS:,}",
            "write it in fewer and larger parts",
        )
    return found


def told_by_folders(label: str, columns: Sequence[str]) -> dict[str, str | None]:
    """Return what the folders in a part's name say, by column; a column that the part has itself is not asked of them.

    >>> told_by_folders("companies/city_code=0755/day=2025-01-02/part-0.parquet", ["name"])
    {'city_code': '0755', 'day': '2025-01-02'}
    """
    said: dict[str, str | None] = {}
    for piece in label.split("/")[:-1]:
        name, equals, value = piece.partition("=")
        if equals and name and unquote(name) not in columns:
            said[unquote(name)] = None if value == _NOTHING else unquote(value)
    return said


def _problem(label: str, message: str, remedy: str) -> DatasetError:
    return DatasetError.of("data/parquet-folder", message, Position(label), remedy)
