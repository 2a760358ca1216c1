"""What all commands share: exit codes, printing problems like a compiler, `--json`."""

from __future__ import annotations

import enum
import functools
import json
import sys
import unicodedata
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from screening.errors import DatasetError, RulesError, RunError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from screening.errors import Problem

P = ParamSpec("P")
R = TypeVar("R")

MOST_SHOWN = 200


class Exit(enum.IntEnum):
    """Exit codes of every command; 2 is click's own."""

    FINE = 0
    PROBLEMS = 1
    USAGE = 2
    FAILED = 3


def width(text: str) -> int:
    """Return how many terminal cells a text takes: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def rendered(problem: Problem) -> str:
    """Return a problem as `file:line:col: code: what`, the line with a caret under the place, and what to do."""
    place = f"{problem.position}: " if problem.position else ""
    mark = "" if problem.is_error else f"{problem.severity}: "
    parts = [f"{place}{mark}{problem.code}: {problem.message}"]
    if problem.line_text and problem.position and problem.position.column:
        line = problem.line_text.expandtabs(1)
        shift = len(line) - len(line.lstrip())
        before = line[shift:problem.position.column - 1]
        number = str(problem.position.line)
        parts += [f"  {number:>5} | {line[shift:][:160]}", f"  {'':>5} | {' ' * width(before)}^"]
    if problem.remedy:
        parts.append(f"        = {problem.remedy}")
    return "\n".join(parts)


def problem_record(problem: Problem) -> dict[str, Any]:
    """Return a problem as plain data for `--json`."""
    place = problem.position
    return {
        "code": problem.code, "severity": problem.severity, "message": problem.message, "remedy": problem.remedy,
        "file": place.file if place else None, "line": place.line if place else None, "column": place.column if place else None,
    }


def say(text: str = "") -> None:
    """Print a message to stderr: progress and problems are not results."""
    click.echo(text, err=True)


def show_problems(problems: Sequence[Problem]) -> None:
    """Print problems to stderr, errors first within the order of files."""
    for problem in problems[:MOST_SHOWN]:
        say(rendered(problem))
    if len(problems) > MOST_SHOWN:
        say(f"… and {len(problems) - MOST_SHOWN} more")


def show_json(record: object) -> None:
    """Print one JSON object to stdout."""
    click.echo(json.dumps(record, ensure_ascii=False, indent=2, default=str))


def guarded(function: Callable[P, R]) -> Callable[P, R]:
    """Turn the project's errors into messages and exit codes; a user never sees a traceback for them."""

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except (RulesError, DatasetError) as error:
            _report(error.problems, json_wanted=bool(kwargs.get("as_json")))
            sys.exit(Exit.PROBLEMS)
        except RunError as error:
            _report(error.problems, json_wanted=bool(kwargs.get("as_json")))
            sys.exit(Exit.FAILED)
        except OSError as error:
            say(f"the run failed: {error.strerror or error} ({error.filename or 'no file'})")
            sys.exit(Exit.FAILED)
        except KeyboardInterrupt:
            say("stopped; nothing was left behind")
            sys.exit(Exit.FAILED)

    return wrapper


def _report(problems: Sequence[Problem], *, json_wanted: bool) -> None:
    show_problems(problems)
    if json_wanted:
        show_json({"problems": [problem_record(p) for p in problems]})
        return
    errors = sum(p.is_error for p in problems)
    say(f"{errors} error{'s' if errors != 1 else ''}, {len(problems) - errors} other notices" if len(problems) > errors
        else f"{errors} error{'s' if errors != 1 else ''}")
