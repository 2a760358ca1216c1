"""A file that somebody asked for beside a run: written whole under its name, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.errors import RunError
from screening.written_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path


def write_asked(path: Path, content: bytes, code: str) -> None:
    """Write `content` to `path`, whose folder is made where it is missing; a file that stood there is replaced in one step.

    Raises RunError with `code` when it cannot be written or no regular file lies there; then nothing half-written is left.
    """
    try:
        write_whole(path, content)
    except OSError as error:
        raise RunError.of(
            code,
            f"cannot write '{path.as_posix()}': {error.strerror or error}",
            remedy="close it where it is open, or choose another place",
        ) from error
