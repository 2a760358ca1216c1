"""A file that somebody asked for beside a run: written whole under its name, or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from screening.errors import Problem, RunError


def write_asked(path: Path, content: bytes, code: str) -> None:
    """Write `content` to `path`, whose folder is made where it is missing; a file that stood there is replaced in one step.

    Raises RunError with `code` when it cannot be written; then nothing half-written is left.
    """
    made: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False) as part:
            made = part.name
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(made).chmod(0o666 & ~mask)
        Path(made).replace(path)
    except (OSError, ValueError) as error:
        if made is not None:
            with suppress(OSError):
                Path(made).unlink()
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise RunError(
            [
                Problem(
                    code,
                    f"cannot write '{path.as_posix()}': {said}",
                    remedy="close it where it is open, or choose another place",
                )
            ]
        ) from error
