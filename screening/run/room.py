"""What a run needs of the machine, looked at before the work begins: address space here, disk for the data."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from screening import trace
from screening.errors import RunError
from screening.foreign_file import read_file

if TYPE_CHECKING:
    from pathlib import Path

_LEAST_DISK, _PLAIN, _PACKED = 16 << 20, 2, 6
_MOST_MANIFEST = 2_000_000
_PACKED_FORMS = (".parquet", ".xlsx", ".xlsm", ".duckdb", ".zip", ".gz")

ADDRESS_SPACE = 2 << 30
"""Bytes of address space below which the libraries for data cannot start; they end the process instead of saying so."""


def require_address_space() -> None:
    """Raise RunError when a limit of the system (`ulimit -v`) is too low for the libraries to start."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on every system

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < ADDRESS_SPACE:
        raise RunError.of(
            "run/address-space",
            f"a limit of this system leaves {limit >> 20:,} MB of address space; at least {ADDRESS_SPACE >> 20:,} MB are needed",
            remedy="raise it (ulimit -v unlimited); the memory that is really used is held by --memory-limit",
        )


def require_disk(out: Path, data: Path) -> None:
    """Raise RunError when the disk of `out` has less room than a run of these data is likely to need.

    Measured: 20,000 companies in 6.6 MB of CSV take 9 MB at the most, spill and pages included. Packed forms count for what they
    unpack to. An estimate: a run that fills the disk all the same stops and leaves nothing behind.
    """
    try:
        files = _named(data)
        need = _LEAST_DISK + sum(
            f.stat().st_size * (_PACKED if f.suffix.lower() in _PACKED_FORMS else _PLAIN) for f in files
        )
        place = out.absolute()
        while not place.exists():
            place = place.parent
        free = shutil.disk_usage(place).free
    except OSError:
        return
    if free < need:
        raise RunError.of(
            "run/disk-space",
            f"the disk that holds '{out.as_posix()}' has {free >> 20:,} MB free; these data may need {need >> 20:,} MB",
            remedy="free some space or choose another folder with --out; nothing was written",
        )


def _named(data: Path) -> list[Path]:
    """The file itself, or those of a folder that its `dataset.yaml` names."""
    if data.is_file() and data.suffix != ".yaml":
        return [data]
    folder = data if data.is_dir() else data.parent
    said = read_file(folder / "dataset.yaml" if data.is_dir() else data, most=_MOST_MANIFEST).decode(errors="replace")
    there = list(folder.iterdir())
    trace.listed(folder, (p.name for p in there))
    return [p for p in there if p.name in said and p.is_file()]
