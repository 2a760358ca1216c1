"""The run folder: made in a temporary folder beside its place and renamed when whole. A run is there or it is not."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from screening.errors import Problem
from screening.run.failures import explained, unwritable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MANIFEST = "manifest.json"
LEFT_BEHIND = "run/left-behind"
BUILDING = ".building-"
"""How the name of an unfinished run begins."""

_ALIVE = ".alive"
"""Ends the name of a file beside an unfinished run, locked as long as the run lives."""

_A_WHILE = 3600

_CHUNK = 1 << 20


@contextmanager
def building(out: Path, removed: list[str] | None = None) -> Iterator[Path]:
    """Yield a private folder inside `out`; it is removed on leaving unless it was renamed by `settle`.

    What a killed run left in `out` is removed first; its names are added to `removed`. Raises RunError when `out` cannot be made
    or written, or when the disk or memory runs out on the way.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        left = remove_leftovers(out)
        mark, alive = _marked(out)
        folder = mark.with_name(mark.name.removesuffix(_ALIVE))
        folder.mkdir(mode=0o700)
    except (OSError, ValueError) as error:
        raise unwritable(out, error) from error
    if removed is not None:
        removed += left
    try:
        with alive, explained(out):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            mark.unlink()


def settle(folder: Path, target: Path) -> Path:
    """Give the finished folder its name; a run of the same second and input gets a counter.

    Every file is on the disk before the name is: after a power cut a run is whole or not there.
    """
    folder.chmod(0o755)
    _sync(folder)
    place, number = target, 1
    while True:
        # Another process may take the name between the look and the renaming.
        if not place.exists():
            try:
                folder.rename(place)
            except OSError:
                if not place.exists():
                    raise
            else:
                _sync_folder(place.parent)
                return place
        number += 1
        place = target.with_name(f"{target.name}-{number}")


def remove_leftovers(out: Path) -> list[str]:
    """Remove the folders that killed runs left in `out` and return their names: they hold the data of companies.

    A run that is alive holds a lock on its mark; one whose mark is not locked has ended.
    """
    found = [p for p in sorted(out.iterdir()) if p.name.startswith(BUILDING)]
    names = dict.fromkeys(p.name.removesuffix(_ALIVE) for p in found)
    return [name for name in names if _is_left(out / name) and _removed(out / name)]


def left_behind(name: str) -> Problem:
    """Return the notice of a folder that was removed."""
    return Problem(
        LEFT_BEHIND,
        f"a run that was killed had left the folder '{name}' with data of companies; it was removed",
        severity="notice",
    )


def _is_left(folder: Path) -> bool:
    """True when nobody works in the folder any more. Links are nobody's leftovers."""
    try:
        with _mark(folder).open("r+b") as alive:
            return _locked(alive)
    except FileNotFoundError:
        # A run marks its folder before it makes it; one without a mark is of an older version.
        with contextlib.suppress(OSError):
            status = folder.lstat()
            return stat.S_ISDIR(status.st_mode) and abs(time.time() - status.st_mtime) > _A_WHILE
    except OSError:
        pass
    return False


def _removed(folder: Path) -> bool:
    """Remove a folder and its mark; True when there was a folder."""
    was = folder.is_dir() and not folder.is_symlink()
    if was:
        shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        with contextlib.suppress(OSError):
            _mark(folder).unlink()
    return was and not folder.exists()


def _mark(folder: Path) -> Path:
    return folder.with_name(folder.name + _ALIVE)


def _marked(out: Path) -> tuple[Path, IO[bytes]]:
    """Make a mark and lock it. Another process that looks for leftovers may take it in the moment between: then make another."""
    while True:
        number, name = tempfile.mkstemp(prefix=BUILDING, suffix=_ALIVE, dir=out)
        alive, mark = os.fdopen(number, "r+b"), Path(name)
        _locked(alive)
        if mark.exists():
            return mark, alive
        alive.close()


def _locked(mark: IO[bytes]) -> bool:
    """Take the lock of a mark, False when another process holds it; it is given back when the file or the process ends."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - not on every system

            msvcrt.locking(mark.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - not on every system

            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _sync(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            _sync_folder(path)
        else:
            with path.open("r+b") as handle:
                os.fsync(handle.fileno())
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    """Make names in a folder last; some systems and disks of the network have no such call."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


@dataclass(frozen=True, slots=True)
class Entries:
    """What lies in a run folder: regular files by relative path, and whatever else, with what it is."""

    files: tuple[str, ...]
    foreign: tuple[tuple[str, str], ...]


def entries(folder: Path) -> Entries:
    """Return every entry below a folder without following or opening any. Raises OSError when a folder cannot be listed."""
    files: list[str] = []
    foreign: list[tuple[str, str]] = []
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        with os.scandir(place) as found:
            inside = sorted(found, key=lambda entry: entry.name)
        if not inside and place != folder:
            foreign.append((place.relative_to(folder).as_posix(), "an empty folder"))
        for entry in inside:
            path = Path(entry.path)
            name, mode = path.relative_to(folder).as_posix(), path.lstat().st_mode
            if stat.S_ISLNK(mode) or getattr(path, "is_junction", bool)():
                foreign.append((name, "a link"))
            elif stat.S_ISDIR(mode):
                waiting.append(path)
            elif stat.S_ISREG(mode):
                files.append(name)
            else:
                foreign.append((name, "a fifo" if stat.S_ISFIFO(mode) else "no regular file"))
    return Entries(tuple(sorted(files)), tuple(sorted(foreign)))


def copied(tables: Mapping[str, Path], folder: Path) -> dict[str, Path]:
    """Copy clean tables into a folder that is computed in: the sealed database sees its own folder only."""
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    return {name: Path(shutil.copyfile(path, folder / "tables" / path.name)) for name, path in tables.items()}


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def file_hashes(folder: Path, *, without: tuple[str, ...] = ("manifest.json",)) -> dict[str, str]:
    """Return the hash of every regular file below `folder` by its relative path; nothing else is opened."""
    return {name: sha256(folder / name) for name in entries(folder).files if name not in without}
