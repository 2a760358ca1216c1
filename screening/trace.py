"""What a piece of work looked at: files by the hash of what was read, names by what stood there, folders by what they held.

A trace that is kept beside what was made tells later whether all of it still stands as it was, by content and never by time or
size. What cannot be traced (a database, a stream) makes the whole trace worthless, and then nothing is kept.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CHUNK = 1 << 20
_MOST = 20_000
"""Things that one trace holds; more are cheaper worked out again."""
_GRAIN, _COARSE = 50_000_000, 2_000_000_000
"""Nanoseconds. A file written so shortly before it was read may be written again without its time telling so; the longer where the
disk keeps whole seconds only.
"""
# ruff: noqa: PTH100, PTH123 - this module is imported before anything else, and a path that is no path must not fail
_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


class Trace:
    """What was looked at since it was opened. `whole`: nothing was that it cannot hold."""

    def __init__(self) -> None:
        self.began = time.time_ns()
        self.files: dict[str, str] = {}
        self.names: dict[str, list[str]] = {}
        self.folders: dict[str, str] = {}
        self.whole = True

    def record(self) -> dict[str, Any] | None:
        """Return it as plain data, None where it is worthless."""
        if not self.whole or len(self.files) + len(self.names) + len(self.folders) > _MOST:
            return None
        return {"files": self.files, "names": self.names, "folders": self.folders}


_open: list[Trace] = []


@contextmanager
def traced() -> Iterator[Trace]:
    """Trace what is looked at inside; traces may be nested, each sees all."""
    trace = Trace()
    _open.append(trace)
    try:
        yield trace
    finally:
        _open.remove(trace)


def is_open() -> bool:
    """Tell whether anybody traces: telling a whole folder costs something."""
    return bool(_open)


def read(path: str | os.PathLike[str], content: bytes) -> None:
    """Tell what was read of a file."""
    if _open:
        _hashed(os.path.abspath(path), hashlib.sha256(content).hexdigest())


def read_by_library(path: str | os.PathLike[str], sha256: str) -> None:
    """Tell the hash of a file that a library read. One that may have changed meanwhile makes a trace worthless."""
    name = os.path.abspath(path)
    for trace in _open:
        try:
            found = os.stat(name)  # noqa: PTH116 - this module is imported before anything else
        except OSError:
            trace.whole = False
            continue
        written = max(found.st_mtime_ns, found.st_ctime_ns)
        if written > trace.began - (_GRAIN if written % 1_000_000_000 else _COARSE):
            trace.whole = False
    looked(name)
    _hashed(name, sha256)


def looked(path: str | os.PathLike[str]) -> None:
    """Tell that somebody asked what stands at a path."""
    if _open:
        name = os.path.abspath(path)
        stands = _stands(name)
        for trace in _open:
            trace.whole &= trace.names.setdefault(name, stands) == stands


def listed(folder: str | os.PathLike[str], names: Iterable[str]) -> None:
    """Tell which names were found in a folder."""
    if _open:
        name = os.path.abspath(folder)
        said = _names(names)
        for trace in _open:
            trace.whole &= trace.folders.setdefault(name, said) == said


def listed_below(folder: str | os.PathLike[str]) -> None:
    """Tell that every folder below one was listed."""
    if _open:
        for place, folders, files in os.walk(folder):
            listed(place, [*folders, *files])


def untraceable() -> None:
    """Tell that something was read that has no content to compare."""
    for trace in _open:
        trace.whole = False


def absorb(record: dict[str, Any]) -> None:
    """Tell all that an earlier trace saw, where what it made is used again."""
    for trace in _open:
        for mine, theirs in (
            (trace.files, record["files"]),
            (trace.names, record["names"]),
            (trace.folders, record["folders"]),
        ):
            for name, said in theirs.items():
                trace.whole &= mine.setdefault(name, said) == said


def stands(record: dict[str, Any]) -> bool:
    """Tell whether everything is as it was when it was traced."""
    return (
        all(_stands(name) == said for name, said in record["names"].items())
        and all(_listing(name) == said for name, said in record["folders"].items())
        and all(sha256_of(name) == said for name, said in record["files"].items())
    )


def sha256_of(path: str) -> str | None:
    """Return the hash of a regular file, None where there is none that can be read."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116
            return None
        digest = hashlib.sha256()
        with open(os.open(path, _READING), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return None
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except (OSError, ValueError):
        return None
    return digest.hexdigest()


def _hashed(name: str, sha256: str) -> None:
    for trace in _open:
        trace.whole &= trace.files.setdefault(name, sha256) == sha256


def _stands(name: str) -> list[str]:
    """What stands at a path, and where its links lead."""
    try:
        mode = os.stat(name).st_mode  # noqa: PTH116
    except (OSError, ValueError):
        return ["nothing", ""]
    kind = "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "other"
    return [kind, os.path.realpath(name)]


def _names(names: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(sorted(names)).encode(errors="surrogatepass")).hexdigest()


def _listing(name: str) -> str | None:
    try:
        return _names(os.listdir(name))  # noqa: PTH208
    except OSError:
        return None
