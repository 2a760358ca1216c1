"""One wheel and one fresh environment for all tests of the installed program."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

WINDOWS = os.name == "nt"


def clean_environment() -> dict[str, str]:
    """The environment without what would let a program see the checkout."""
    return {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV", "PYTHONHOME")}


def run(*command: str | Path, cwd: Path, expect: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [str(c) for c in command],
        cwd=cwd,
        env=clean_environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        stdin=subprocess.DEVNULL,
        timeout=300,
        check=False,
    )
    assert done.returncode == expect, f"{command} gave {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done


@dataclass(frozen=True, slots=True)
class Installed:
    """A fresh environment that holds the project as installed from its wheel, and an empty folder to work in."""

    programs: Path
    folder: Path
    wheel: Path

    def __call__(self, program: str, *arguments: str | Path, expect: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment in the working folder."""
        return run(self.programs / program, *arguments, cwd=self.folder, expect=expect)


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    place = tmp_path_factory.mktemp("installed")
    folder = place / "elsewhere"
    folder.mkdir()
    run(sys.executable, "-m", "venv", place / "venv", cwd=place)
    programs = place / "venv" / ("Scripts" if WINDOWS else "bin")
    pip = (programs / "python", "-m", "pip", "--disable-pip-version-check", "--quiet")
    run(*pip, "wheel", "--no-deps", "--wheel-dir", place, ROOT, cwd=place)
    (wheel,) = place.glob("*.whl")
    # Only what the lock names is there when the wheel is installed without an index: the lock is whole and its hashes hold.
    # Python compiles what is imported; most of what is installed is not.
    install = (*pip, "install", "--no-compile")
    run(*install, "--no-deps", "--require-hashes", "-r", ROOT / "requirements.lock", cwd=place)
    run(*install, "--no-index", wheel, cwd=place)
    return Installed(programs, folder, wheel)
