"""What all commands share: exit codes, printing problems like a compiler, `--json`."""

from __future__ import annotations

import contextlib
import enum
import functools
import itertools
import signal
import sys
import traceback
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar

import click

from screening.cli.terminal import one_line, printing, say, show_json, width
from screening.errors import DatasetError, Problem, RulesError, RunError
from screening.run.room import require_address_space
from screening.translation import chinese, told

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from screening.translation import Lang

P = ParamSpec("P")
R = TypeVar("R")

MOST_SHOWN = 200


class Exit(enum.IntEnum):
    """Exit codes of every command; 2 is click's own."""

    FINE = 0
    PROBLEMS = 1
    USAGE = 2
    FAILED = 3


class _Spoken:
    """The language of this command: None where `--lang` was not given, then both are shown."""

    lang: Lang | None = None


def speak(lang: Lang | None) -> None:
    """Tell problems in one language from now on, or in both."""
    _Spoken.lang = lang


def phrase(english: str) -> str:
    """Return a line for the terminal in the language of the command, or in both."""
    return _phrase(english, _Spoken.lang)


def in_languages(make: Callable[[Callable[[str], str]], str]) -> str:
    """Return what `make` puts together from phrases, in the language of the command, or in both below each other."""
    langs: tuple[Lang, ...] = ("zh", "en") if _Spoken.lang is None else (_Spoken.lang,)
    said = [make(functools.partial(_phrase, lang=lang)) for lang in langs]
    return "\n".join(dict.fromkeys(said))


def _phrase(english: str, lang: Lang | None) -> str:
    translated = chinese("terminal", english)
    if translated is None or lang == "en":
        return english
    return translated if lang == "zh" else f"{translated} {english}"


def rendered(problem: Problem, lang: Lang | None = "en", *, with_remedy: bool = True) -> str:
    """Return a problem as `file:line:col: code: what`, the line with a caret under the place, and what to do.

    Without a language Chinese comes first and English below it.
    """
    (what, remedy), (english, advice) = told(problem, lang or "zh"), told(problem, "en")
    place = f"{problem.position}: " if problem.position else ""
    mark = "" if problem.is_error else f"{problem.severity}: "
    # A line end in a label or a file name would let it write lines that look like ours.
    parts = [one_line(f"{place}{mark}{problem.code}: {what}")]
    if lang is None and what != english:
        parts.append(f"        {one_line(english)}")
    if problem.line_text and problem.position and problem.position.column:
        line = problem.line_text.expandtabs(1)
        shift = len(line) - len(line.lstrip())
        before = one_line(line[shift : problem.position.column - 1])
        number = str(problem.position.line)
        parts += [f"  {number:>5} | {one_line(line[shift:][:160])}", f"  {'':>5} | {' ' * width(before)}^"]
    if problem.seen_at is not None:
        parts.append(f"        {_phrase(f'it comes out at {problem.seen_at}', lang)}")
    if problem.remedy and with_remedy:
        parts.append(f"        = {one_line(remedy)}")
        if lang is None and remedy != advice:
            parts.append(f"        = {one_line(advice)}")
    return "\n".join(parts)


def problem_record(problem: Problem) -> dict[str, Any]:
    """Return a problem as plain data for `--json`, in both languages."""
    place = problem.position
    what, remedy = told(problem, "zh")
    return {
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "remedy": problem.remedy,
        "message_zh": what,
        "remedy_zh": remedy,
        "details": dict(problem.details),
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "seen_at": str(problem.seen_at) if problem.seen_at else None,
    }


def show_problems(problems: Sequence[Problem]) -> None:
    """Print problems to stderr in their order; advice that several in a row share is printed once, after the last."""
    shown = problems[:MOST_SHOWN]
    for problem, following in itertools.zip_longest(shown, shown[1:]):
        shared = following is not None and following.remedy == problem.remedy and not problem.is_error
        say(rendered(problem, _Spoken.lang, with_remedy=not shared))
    if len(problems) > MOST_SHOWN:
        say(phrase(f"… and {len(problems) - MOST_SHOWN} more"))


def failure_record(problems: Sequence[Problem], code: Exit) -> dict[str, Any]:
    """Return what `--json` prints when a command ends without a result."""
    return {"exit_code": int(code), "problems": [problem_record(p) for p in problems]}


class Stop:
    """Ctrl-C, SIGTERM and a closed terminal all end a command by KeyboardInterrupt, so that it cleans up behind itself.

    `asked` stays: libraries turn the interrupt into errors of their own. Outside the main thread nothing changes.
    """

    def __init__(self) -> None:
        self.asked = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Stop:
        with contextlib.suppress(ValueError):
            for name in ("SIGINT", "SIGTERM", "SIGHUP"):
                number = getattr(signal, name, None)
                # A signal that is ignored (nohup) stays ignored.
                if number is not None and signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
                    self._before[number] = signal.signal(number, self._stop)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _stop(self, *_: object) -> None:
        self.asked = True
        raise KeyboardInterrupt


def guarded(function: Callable[P, R]) -> Callable[P, R]:
    """Turn errors into messages and exit codes: a user sees a traceback only for a fault of the program itself."""

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        as_json = bool(kwargs.get("as_json"))
        with Stop() as stop:
            try:
                require_address_space()
                return function(*args, **kwargs)
            except click.ClickException:
                raise
            except BrokenPipeError:
                reader_left()
            except (KeyboardInterrupt, Exception) as error:
                problems, code = ([_STOPPED], Exit.FAILED) if stop.asked else _told(error)
                _end(problems, code, as_json=as_json)

    return wrapper


_STOPPED = Problem(
    "run/stopped",
    "stopped before the end; nothing half-written was left behind",
    remedy="run it again to have the result",
)


def tell_and_end(error: BaseException, stop: Stop, *, as_json: bool) -> NoReturn:
    """Tell an error outside a command and end."""
    problems, code = ([_STOPPED], Exit.FAILED) if stop.asked else _told(error)
    _end(problems, code, as_json=as_json)


def _told(error: BaseException) -> tuple[Sequence[Problem], Exit]:
    """Return what to say of an error, and the exit code."""
    if isinstance(error, RulesError | DatasetError):
        return error.problems, Exit.PROBLEMS
    if isinstance(error, RunError):
        return error.problems, Exit.FAILED
    if isinstance(error, KeyboardInterrupt):
        return [_STOPPED], Exit.FAILED
    if isinstance(error, OSError):
        says = f"the system says of '{error.filename}'" if error.filename else "the system says"
        why = error.strerror or error
        remedy = "check that the place exists and may be used"
        return [Problem("run/system", f"{says}: {why}", remedy=remedy)], Exit.FAILED
    # The last resort: a fault of the program must not end with the code for bad rules or data.
    say("".join(traceback.format_exception(error)))
    return [
        Problem(
            "program/fault",
            f"a fault of the program: {type(error).__name__}: {error}"[:2000],
            remedy="please report it with the lines above and the command you gave",
        )
    ], Exit.FAILED


def _end(problems: Sequence[Problem], code: Exit, *, as_json: bool) -> NoReturn:
    """Tell the problems and end with an exit code."""
    show_problems(problems)
    if as_json:
        # Where stdout is what failed, there is nobody to tell.
        with contextlib.suppress(OSError), printing():
            show_json(failure_record(problems, code))
    else:
        say(_tally(problems))
    sys.exit(code)


def reader_left() -> NoReturn:
    """Whoever read stdout has gone (`screen … | head`): end without a word more to it."""
    with contextlib.suppress(OSError), printing():
        raise BrokenPipeError
    say(phrase("nobody reads the output any more; the rest was not printed"))
    sys.exit(Exit.FAILED)


def _tally(problems: Sequence[Problem]) -> str:
    errors = sum(p.is_error for p in problems)
    others = len(problems) - errors
    return phrase(
        f"{errors} error{'s' if errors != 1 else ''}"
        + (f", {others} other notice{'s' if others != 1 else ''}" if others else "")
    )
