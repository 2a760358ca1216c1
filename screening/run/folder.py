"""The run folder: made in a temporary folder beside its place and renamed when whole. A run is there or it is not."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from screening.run.failures import explained, unwritable

if TYPE_CHECKING:
    from collections.abc import Iterator

BUILDING = ".building-"
"""How the name of an unfinished run begins."""

_CHUNK = 1 << 20


@contextmanager
def building(out: Path) -> Iterator[Path]:
    """Yield a private folder inside `out`; it is removed on leaving unless it was renamed by `settle`.

    Raises RunError when `out` cannot be made or written, or when the disk or memory runs out on the way.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=BUILDING, dir=out))
    except OSError as error:
        raise unwritable(out, error) from error
    try:
        with explained(out):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def settle(folder: Path, target: Path) -> Path:
    """Give the finished folder its name; a run of the same second and input gets a counter."""
    folder.chmod(0o755)
    place, number = target, 1
    while True:
        # Another process may take the name between the look and the renaming.
        if not place.exists():
            try:
                return folder.rename(place)
            except OSError:
                if not place.exists():
                    raise
        number += 1
        place = target.with_name(f"{target.name}-{number}")


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def file_hashes(folder: Path, *, without: tuple[str, ...] = ("manifest.json",)) -> dict[str, str]:
    """Return the hash of every file below `folder` by its relative path."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    names = {p: p.relative_to(folder).as_posix() for p in files}
    return {names[p]: sha256(p) for p in files if names[p] not in without}
