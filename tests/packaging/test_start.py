"""`--version` and `--help` answer at once: nothing heavy is imported for them."""

from __future__ import annotations

import json
import subprocess
import sys

from screening.cli import COMMANDS

HEAVY = ("polars", "duckdb", "pydantic", "sqlglot", "jinja2", "rich", "yaml", "xlsxwriter", "fastexcel")

SCRIPT = """
import contextlib, io, json, sys
from screening.cli import main
told = []
for arguments in json.loads(sys.argv[1]):
    sys.argv = ["screen", *arguments]
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.suppress(SystemExit):
        main()
    told.append([arguments, out.getvalue(), sorted({name.partition(".")[0] for name in sys.modules})])
print(json.dumps(told))
"""


def started(*calls: tuple[str, ...]) -> list[tuple[list[str], str, set[str]]]:
    """Make calls one after the other in one process; return each with what it printed and the packages imported by then."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(calls)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=120,
    )
    return [(arguments, said, set(imported)) for arguments, said, imported in json.loads(done.stdout)]


def test_nothing_heavy_is_imported() -> None:
    for arguments, said, imported in started(("--version",), ("--help",), ("-h",)):
        assert said.strip(), arguments
        assert not imported & set(HEAVY), arguments


def test_help_of_a_command_imports_neither_engine() -> None:
    told = started(*((command, "--help") for command in COMMANDS))
    assert len(told) == len(COMMANDS)
    for (command, _), said, imported in told:
        assert f"screen {command}" in said
        assert not imported & {"polars", "duckdb"}, command


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
