"""Files that others wrote: opened only when they are regular files, inside the folder they belong to and within a size.

A pipe would wait for ever, a device would fill memory, and a link could carry a file of this machine into a result. So the
kind is looked at before opening and again on what was opened.
"""

from __future__ import annotations

import os
import stat
from typing import IO, TYPE_CHECKING

from screening import trace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_MODE = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # were the file exchanged for a pipe meanwhile, opening it would wait for a writer
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
)

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class FileRefused(OSError):
    """A file that is not read. `strerror` says why, `remedy` what to do. An OSError, since to a reader it is one."""

    def __init__(self, path: Path, why: str, remedy: str, *, is_too_large: bool = False) -> None:
        super().__init__(0, why, str(path))
        self.remedy, self.is_too_large = remedy, is_too_large


def is_inside(path: Path, folders: Iterable[Path]) -> bool:
    """Tell whether a path, with all its links followed, lies in one of the folders. False for what is no path at all."""
    try:
        resolved = path.resolve()
        return any(resolved.is_relative_to(folder.resolve()) for folder in folders)
    except (OSError, ValueError, RuntimeError):  # NUL in the name, a name too long, links in a circle
        return False


def is_regular(path: Path) -> bool:
    """Tell whether a path leads to a regular file. False for what is no path at all."""
    trace.looked(path)
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def open_file(path: Path, *, most: int | None = None, within: Iterable[Path] | None = None) -> IO[bytes]:
    """Open a regular file for reading bytes.

    Raises FileRefused for what is no regular file, has more than `most` bytes, or lies outside the folders `within` when its
    links are followed; OSError when it cannot be opened.
    """
    trace.looked(path)
    if within is not None and not is_inside(path, within):
        raise FileRefused(path, "it lies outside its folder", "put the file itself, not a link, into the folder")
    _look(path, path.stat(), most)
    descriptor = os.open(path, _MODE)
    try:
        _look(path, os.fstat(descriptor), most)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_file(path: Path, *, most: int, within: Iterable[Path] | None = None) -> bytes:
    """Return the content of a regular file of at most `most` bytes. Raises as `open_file`."""
    with open_file(path, most=most, within=within) as stream:
        content = stream.read(most + 1) or b""
    if len(content) > most:  # a file can grow while it is read, and some say that they are empty
        raise _too_large(path, len(content), most)
    trace.read(path, content)
    return content


def _look(path: Path, status: os.stat_result, most: int | None) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = next((name for is_kind, name in _KINDS if is_kind(status.st_mode)), "no regular file")
        raise FileRefused(path, f"it is {kind}, not a regular file", "give a file that is stored on a disk")
    if most is not None and status.st_size > most:
        raise _too_large(path, status.st_size, most)


def _too_large(path: Path, size: int, most: int) -> FileRefused:
    return FileRefused(
        path, f"it has {size:,} bytes; the limit is {most:,}", "split it into several files", is_too_large=True
    )
