"""What is kept between runs: by digest of all it was made from, in the user's cache folder, bounded.

A hit is exactly what was written: each file begins with the hash of its content, and is put in its place whole. Where the folder
cannot be written nothing is kept and nobody is told: everything is then made anew. `SCREENING_CACHE` names another folder, or
`off`.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

VARIABLE = "SCREENING_CACHE"
OFF = "off"
LAYOUT = "2"
"""Name of the folder inside the cache folder; raised when the layout changes."""

LIMIT = 2_000_000_000
"""Bytes kept at most; the longest unused goes first."""

FILE = "file"
"""The kind of files that are kept as they are, each once, by the hash of its content; entries of other kinds name them."""

_PARTS = 20
_written: dict[Path | None, int] = {}
"""Bytes written into a folder since it was last looked at, by this process."""
_HASH = 64
_CHUNK = 1 << 20
_PACKAGE = Path(__file__).resolve().parent


class KeptKind(NamedTuple):
    """One kind of things that are kept: how many, and their size in bytes."""

    kind: str
    count: int  # type: ignore[assignment]
    size: int


class Store:
    """A folder of things kept by kind and key. `folder` None: nothing is kept."""

    def __init__(self, folder: Path | None, limit: int = LIMIT) -> None:
        self.folder, self.limit = folder, limit

    def read(self, kind: str, key: str) -> bytes | None:
        """Return what is kept, None when there is nothing or it is not what was written."""
        if self.folder is None:
            return None
        path = self._path(kind, key)
        try:
            content = path.read_bytes()
        except OSError:
            return None
        said, found = content[:_HASH], content[_HASH + 1 :]
        if said != hashlib.sha256(found).hexdigest().encode():
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return found

    def has(self, kind: str, key: str) -> bool:
        """Tell whether something of this name is kept; only `read` tells whether it is whole. It counts as used."""
        try:
            if self.folder is not None:
                os.utime(self._path(kind, key))
                return True
        except OSError:
            pass
        return False

    def write(self, kind: str, key: str, content: bytes) -> None:
        """Keep something. Two that write at once write the same; a write that is cut off leaves nothing behind."""
        if self.folder is None or len(content) > self.limit:
            return
        path = self._path(kind, key)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            import tempfile  # noqa: PLC0415 - nothing that is not needed to read

            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
                Path(name).replace(path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
            self._grown(len(content))

    def adopt(self, kind: str, key: str, path: Path) -> None:
        """Keep a copy of a file, however large."""
        said = self.keep_file(path)
        if said is not None:
            self.write(kind, key, said.encode())

    def fetch(self, kind: str, key: str, target: Path) -> bool:
        """Copy a kept file to `target`, whole and as it was; False, and nothing there, when it is not kept."""
        said = self.read(kind, key)
        return said is not None and self.fetch_file(said.decode(), target)

    def keep_file(self, path: Path, sha256: str | None = None) -> str | None:
        """Keep a copy of a file by the hash of its content, which may be told; return the hash, None where it cannot be kept."""
        if self.folder is None:
            return None
        try:
            if path.stat().st_size > self.limit:
                return None
            said = sha256 or _hash(path)
            if self.has(FILE, said):
                return said
            whole = self._path(FILE, said)
            whole.parent.mkdir(parents=True, exist_ok=True)
            import tempfile  # noqa: PLC0415

            handle, name = tempfile.mkstemp(dir=whole.parent, prefix=".", suffix=".part")
            os.close(handle)
            try:
                if _copied(path, Path(name)) != said:
                    return None
                Path(name).replace(whole)
            finally:
                Path(name).unlink(missing_ok=True)
            self._grown(whole.stat().st_size)
        except OSError:
            return None
        return said

    def fetch_file(self, sha256: str, target: Path) -> bool:
        """Copy the kept file of this content to `target`; False, and nothing there, when it is not there or not what it was.

        A copy and no second name: whoever edits a file of a run must change neither another run nor what is kept.
        """
        if self.folder is None:
            return False
        whole = self._path(FILE, sha256)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if _copied(whole, target) == sha256:
                self.has(FILE, sha256)
                return True
            whole.unlink()
        except OSError:
            pass
        target.unlink(missing_ok=True)
        return False

    def kept(self) -> list[KeptKind]:
        """Return what is kept, by kind."""
        sizes: dict[str, list[int]] = {}
        counts: dict[str, int] = {}
        for path, status in self._files():
            sizes.setdefault(path.parent.name, []).append(status.st_size)
            counts[path.parent.name] = counts.get(path.parent.name, 0) + 1
        return [KeptKind(kind, counts.get(kind, 0), sum(found)) for kind, found in sorted(sizes.items())]

    def clear(self) -> int:
        """Remove everything that is kept and return how many things there were."""
        removed = 0
        for path, _ in self._files():
            with contextlib.suppress(OSError):
                path.unlink()
                removed += 1
        return removed

    def _path(self, kind: str, key: str) -> Path:
        assert self.folder is not None
        return self.folder / LAYOUT / kind / key

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        if self.folder is None:
            return
        # What earlier layouts left is read by nobody: it counts, goes first and is cleared like the rest.
        for layout in range(1, int(LAYOUT) + 1):
            for path in sorted((self.folder / str(layout)).glob("*/*")):
                with contextlib.suppress(OSError):
                    yield path, path.stat()

    def _grown(self, size: int) -> None:
        """Look at the limit when a part of it may have been written since: looking costs more than writing.

        A process begins somewhere in that part, since it does not know what others wrote: together they look as often as one would.
        """
        part = self.limit // _PARTS
        if self.folder not in _written:
            import random  # noqa: PLC0415 - not needed to read

            _written[self.folder] = random.randint(0, part)
        _written[self.folder] += size
        if _written[self.folder] > part:
            _written[self.folder] = 0
            self._bound()

    def _bound(self) -> None:
        """Let the longest unused go until the rest is within the limit."""
        files = sorted(self._files(), key=lambda item: item[1].st_mtime, reverse=True)
        size = 0
        for path, status in files:
            size += status.st_size
            if size > self.limit:
                with contextlib.suppress(OSError):
                    path.unlink()


NOTHING_KEPT = Store(None)


def _copied(source: Path, target: Path) -> str:
    """Copy a file and return the hash of what was copied."""
    digest = hashlib.sha256()
    with source.open("rb") as reading, target.open("wb") as writing:
        while chunk := reading.read(_CHUNK):
            digest.update(chunk)
            writing.write(chunk)
    return digest.hexdigest()


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def store() -> Store:
    """Return the store of this user."""
    named = os.environ.get(VARIABLE, "")
    if named.strip().lower() == OFF:
        return Store(None)
    if named:
        return Store(Path(named))
    import platformdirs  # noqa: PLC0415 - not needed where the folder is named

    return Store(Path(platformdirs.user_cache_dir("screening", appauthor=False)))


def once(kind: str, parts: Sequence[object], made: Callable[[], bytes]) -> bytes:
    """Return what is kept of `parts`, else make it and keep it."""
    keeping, name = store(), key(kind, *parts)
    found = keeping.read(kind, name)
    if found is None:
        found = made()
        keeping.write(kind, name, found)
    return found


def key(*parts: object) -> str:
    """Return the key of what is made from `parts` (plain data) by this very program with these libraries."""
    said = json.dumps([method(), *parts], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


@functools.cache
def method() -> str:
    """Return a digest of what computes and prints: all files of the program, the interpreter, the libraries beside it."""
    digest = hashlib.sha256(f"{sys.version}\n{sys.platform}\n".encode())
    for name in _files_of(str(_PACKAGE)):
        with open(os.path.join(_PACKAGE, name), "rb") as file:  # noqa: PTH118, PTH123 - each call of a command does it
            digest.update(name.encode() + b"\0" + hashlib.sha256(file.read()).digest())
    digest.update("\0".join(_libraries()).encode())
    return digest.hexdigest()


def _files_of(folder: str, below: str = "") -> list[str]:
    """Return the files of the program, without the data it ships and what Python compiles."""
    found: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            name = f"{below}{entry.name}"
            if entry.is_dir():
                if entry.name not in ("__pycache__", "_data"):
                    found += _files_of(entry.path, f"{name}/")
            else:
                found.append(name)
    return sorted(found)


def _libraries() -> list[str]:
    """Return name and version of every installed distribution, as the names of their folders tell them."""
    found: set[str] = set()
    for place in sys.path:
        with contextlib.suppress(OSError):
            found.update(name for name in os.listdir(place or ".") if name.endswith((".dist-info", ".egg-info")))  # noqa: PTH208
    return sorted(found)
