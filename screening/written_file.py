"""Files that a command writes where it is told: whole or not at all, and only in place of a regular file.

A pipe in the place of the file would wait for a reader for ever and a device would swallow what is written, so what lies there
is looked at first. The content is written beside the place and takes the name when it is complete: a full disk leaves what was
there before.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file, its folders included; text as UTF-8 with plain line ends.

    A link is followed. Raises OSError when it cannot be written or something other than a regular file lies there.
    """
    data = content.encode() if isinstance(content, str) else content
    try:
        path = path.resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = _mode(path)
        if mode is not None and not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "it is a folder, a pipe or a device, not a regular file", str(path))
        if mode is not None and not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        # The name of the place itself may be as long as a name can be.
        part = path.with_name(f".screen-{os.getpid()}.part")
        try:
            with part.open("xb") as handle:
                handle.write(data)
                handle.flush()
                os.fsync(handle.fileno())
            if mode is not None:
                part.chmod(stat.S_IMODE(mode))
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except (ValueError, RuntimeError) as error:  # NUL in the name, links in a circle
        raise OSError(errno.EINVAL, str(error), str(path)) from error


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None
