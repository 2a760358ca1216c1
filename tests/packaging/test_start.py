"""`--version` and `--help` answer at once: nothing heavy is imported for them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from screening.cli import COMMANDS

HEAVY = ("polars", "duckdb", "pydantic", "sqlglot", "jinja2", "rich", "yaml", "xlsxwriter", "fastexcel")

SCRIPT = """
import sys
from screening.cli import main
sys.argv = ["screen", *sys.argv[1:]]
try:
    main()
finally:
    print("\\nimported:", *sorted({name.partition(".")[0] for name in sys.modules}))
"""


def started(*arguments: str) -> tuple[str, set[str]]:
    """What the command printed, and the packages that were imported for it."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=None,
        check=True,
        timeout=120,
    )
    said, _, imported = done.stdout.rpartition("\nimported:")
    return said, set(imported.split())


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("-h",)])
def test_nothing_heavy_is_imported(arguments: tuple[str, ...]) -> None:
    said, imported = started(*arguments)
    assert said.strip()
    assert not imported & set(HEAVY)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_imports_neither_engine(command: str) -> None:
    said, imported = started(command, "--help")
    assert f"screen {command}" in said
    assert not imported & {"polars", "duckdb"}


def test_a_mistyped_command_is_met_with_the_right_one() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "screening", "expalin"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 2
    assert "explain" in done.stderr
