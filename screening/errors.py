"""Located problems and the exceptions that carry them.

    ScreeningError
    ├── RulesError      the rule pack has problems (exit code 1)
    ├── DatasetError    the data has problems (exit code 1)
    └── RunError        the run itself failed: disk, memory, a sealed folder (exit code 3)

A problem always says what is wrong and what to do; where it came from a file, it says the line and column too.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Severity = Literal["error", "warning", "notice"]


@dataclass(slots=True, order=True, unsafe_hash=True)
class Position:
    """A place in a file. Line and column count from 1; 0 means the whole file. Nobody changes one; frozen, it would take twice as
    long to make, and a pack has twenty thousand.
    """

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join([self.file, *(str(at) for at in (self.line, self.column) if at)])


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    `code` is a stable ASCII id such as `plan/unknown-fact`; `message` says what is wrong, `remedy` what to do.
    `line_text` is the source line, for the caret. `seen_at` is where a problem comes out when `position` is its cause in another
    file (a rule of the pack below). `details` names what the message is about (a table, a date, ids of rules), so
    that a page can say it in another language.
    """

    code: str
    message: str
    position: Position | None = None
    remedy: str = ""
    severity: Severity = "error"
    line_text: str = ""
    details: tuple[tuple[str, str], ...] = ()
    seen_at: Position | None = None

    @property
    def is_error(self) -> bool:
        """True unless it is a warning or a notice."""
        return self.severity == "error"


def problem_of(said: Mapping[str, Any]) -> Problem:
    """Return a problem that was kept as plain data (`dataclasses.asdict`)."""
    position, seen_at = (Position(**place) if place else None for place in (said["position"], said["seen_at"]))
    details = tuple((key, value) for key, value in said["details"])
    return Problem(**{**said, "position": position, "seen_at": seen_at, "details": details})


class ScreeningError(Exception):
    """Raised with every problem found, never only the first."""

    def __init__(self, problems: Iterable[Problem] | str) -> None:
        self.problems: tuple[Problem, ...] = (
            (Problem(code="error", message=problems),) if isinstance(problems, str) else tuple(problems)
        )
        super().__init__("; ".join(p.message for p in self.problems[:3]))

    @classmethod
    def of(
        cls,
        code: str,
        message: str,
        position: Position | None = None,
        remedy: str = "",
        details: tuple[tuple[str, str], ...] = (),
    ) -> Self:
        """Return the error of one problem."""
        return cls([Problem(code, message, position, remedy, details=details)])


class RulesError(ScreeningError):
    """The rule pack cannot be used."""


class DatasetError(ScreeningError):
    """The data cannot be used."""


class RunError(ScreeningError):
    """The run failed for a reason outside rules and data."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name closest to `name`, or None when none is close."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a remedy sentence for an unknown name, empty when nothing is close."""
    found = nearest(name, known)
    return f"did you mean '{found}'?" if found else ""
