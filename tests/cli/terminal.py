"""The command line called as a person or a program calls it, without a new process for each call."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from screening.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Ended:
    """How a command ended: exit code, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """What `--json` printed; fails unless stdout is exactly one object."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found

    @property
    def codes(self) -> list[str]:
        """The codes of the problems in the object."""
        return [p["code"] for p in self.json["problems"]]


def screen(*arguments: object, encoding: str = "utf-8") -> Ended:
    """Run `screen` with arguments, on a console of some encoding."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="") for _ in range(2))
    code: object = 0
    with (
        mock.patch.object(sys, "argv", ["screen", *map(str, arguments)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode(encoding))  # type: ignore[attr-defined]
    assert isinstance(code, int)
    return Ended(code, *texts)


ROOT = Path(__file__).parents[2]


def command() -> list[str]:
    """Return what starts the program in a process of its own: the installed command, else the package of this checkout."""
    installed = shutil.which("screen", path=str(Path(sys.executable).parent))
    return [installed] if installed else [sys.executable, "-m", "screening"]


def environment() -> dict[str, str]:
    """Return an environment in which the package is found from any working folder."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


def heed_signals() -> None:
    """Let a program that a background shell starts hear Ctrl-C again: such a shell has it ignored, and that is inherited."""
    for name in ("SIGINT", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)


@contextlib.contextmanager
def started(folder: Path, *arguments: object) -> Iterator[subprocess.Popen[bytes]]:
    """Start the program in a working folder; it is ended and its pipes are closed on leaving."""
    with subprocess.Popen(
        [*command(), *map(str, arguments)],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=None if sys.platform == "win32" else heed_signals,  # noqa: PLW1509 - these tests start no threads
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
