"""What stops a run from outside: a full disk, too little memory, a folder that cannot be written. Each with what to do."""

from __future__ import annotations

import errno
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from screening.errors import DatasetError, Problem, RulesError, RunError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_SPACE_SAID = (
    "no space left",
    "disk quota",
    "not enough space",
    "file too large",
    "max_temp_directory_size",
    "invalid thrift: transport error",  # what polars says when the end of a Parquet file cannot be written
)
_NO_MEMORY_SAID = ("out of memory", "could not allocate", "failed to allocate")


@contextmanager
def explained(out: Path) -> Iterator[None]:
    """Turn errors of the disk, the database and memory into RunError; those of this project pass as they are."""
    try:
        yield
    except (RulesError, DatasetError):
        raise
    except Exception as error:
        # Whatever library gave up, for some reasons there is better advice than its own words.
        problem = _problem(error, out)
        if problem is None and isinstance(error, OSError):
            problem = Problem(
                "run/write-failed",
                f"writing the run failed: {error.strerror or error}",
                remedy="choose another folder with --out; nothing was left behind",
            )
        if problem is None:
            raise
        raise RunError([problem]) from error


def unwritable(out: Path, error: OSError | ValueError) -> RunError:
    """Return the error for an output folder that cannot be made or written."""
    if isinstance(error, ValueError):
        return RunError.of(
            "run/unwritable",
            f"no folder can have the name '{out.as_posix()}': {error}",
            remedy="give the name of a folder with --out",
        )
    if out.exists() and not out.is_dir():
        return RunError.of(
            "run/unwritable",
            f"cannot write the run into '{out.as_posix()}': that is a file, not a folder",
            remedy="give the name of a folder with --out",
        )
    problem = _problem(error, out)
    if problem is not None:
        return RunError([problem])
    return RunError.of(
        "run/unwritable",
        f"cannot write to the output folder '{out.as_posix()}': {error.strerror or error}",
        remedy="choose a folder that you may write to with --out",
    )


def _problem(error: BaseException, out: Path) -> Problem | None:
    said = str(error).casefold()
    if (isinstance(error, OSError) and error.errno in _NO_SPACE) or any(words in said for words in _NO_SPACE_SAID):
        return Problem(
            "run/disk-full",
            f"the disk that holds '{out.as_posix()}' is full",
            remedy="free some space or choose another folder with --out; nothing was left behind",
        )
    if isinstance(error, MemoryError | _out_of_memory()) or any(words in said for words in _NO_MEMORY_SAID):
        return Problem(
            "run/memory",
            "the memory allowed is too small for these data",
            remedy="allow more with --memory-limit (default 2GB), or use fewer --threads; nothing was left behind",
        )
    return None


def _out_of_memory() -> type[BaseException]:
    """Return what the database raises when its memory is full; one that was never loaded raises nothing."""
    found: type[BaseException] = getattr(sys.modules.get("duckdb"), "OutOfMemoryException", MemoryError)
    return found
