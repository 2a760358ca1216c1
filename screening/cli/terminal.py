"""What is printed, and where to: text that cannot act on a terminal, and streams that may be closed, full or gone."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import sys
import unicodedata
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console

_FILE_WIDTH = 110

_ACTING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Characters that move the cursor, colour or erase what stands there, turn the direction of writing, or cannot be seen."""


def visible(text: str) -> str:
    r"""Return a text in which no character acts: control characters, marks of direction, invisible ones are written as `\u202e`.

    Line ends and tabs stay.
    """
    return _ACTING.sub(lambda found: _written(found[0]), text)


def one_line(text: str) -> str:
    r"""Return `visible(text)` without line ends, for a text of others inside a line of ours: `\n` is written out."""
    return visible(text).replace("\t", "\\t").replace("\n", "\\n")


def _written(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def width(text: str) -> int:
    """Return how many terminal cells a text takes: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


_NOT_FIRST, _NOT_LAST = set("，。；：、！？）】》〉”’…%,.;:!?)]}·"), set("（【《〈“‘([{≥≤<>¥")


def breaks(line: str, room: int) -> list[int]:
    """Return where a line is broken to fit: at blanks and between Chinese characters, never before a closing sign or in a number with its unit.

    >>> breaks("共 55 家满足入围条件，列入名单。", 14)
    [9, 16]
    """
    found: list[int] = []
    start = used = 0
    last = None
    for at, character in enumerate(line):
        before = line[at - 1] if at else ""
        cells = width(character)
        wide = cells == 2 or (before and width(before) == 2)
        after_blank = before == " " and not (line[at - 2 : at - 1].isdigit() and cells == 2)
        if at > start and (after_blank or (wide and before not in _NOT_LAST and " " not in (before, character))):
            last = at if character not in _NOT_FIRST else last
        if used + cells > room and character != " " and last is not None and last > start:
            found.append(last)
            used = width(line[last:at])
            start, last = last, None
        used += cells
    return found


def say(text: str = "") -> None:
    """Print a message to stderr: progress and problems are not results. Where nobody can read it, nothing happens."""
    try:
        _write(sys.stderr, visible(text))
    except OSError:
        _silence("stderr")


def say_in_passing(text: str) -> None:
    """Print what only tells of the way to stderr: it is no part of an answer that may be told again."""
    with contextlib.suppress(OSError):
        _write(in_passing(), visible(text))


def in_passing() -> TextIO:
    """Return the stream for what only tells of the way."""
    stream: TextIO = getattr(sys.stderr, "passing", sys.stderr)
    return stream


def show(text: str = "") -> None:
    """Print a result to stdout. Raises OSError (BrokenPipeError) where it cannot be printed."""
    _write(sys.stdout, visible(text))


def show_lines(lines: Iterable[str]) -> None:
    """Print a result of several lines: a line end inside one, in a name or an id of others, starts no line that looks like ours."""
    show("\n".join(one_line(line) for line in lines))


def show_json(record: object) -> None:
    """Print one JSON object to stdout; escaped where the stream does not carry UTF-8, and where a character would act."""
    plain = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") != "utf8"
    text = json.dumps(record, ensure_ascii=plain, indent=2, default=str)
    _write(sys.stdout, _ACTING.sub(lambda found: json.dumps(found[0])[1:-1], text))


def _write(stream: TextIO, text: str) -> None:
    stream.write(f"{text}\n")
    stream.flush()


def terminal(*, stderr: bool = False) -> Console:
    """Return a console that is as wide as the terminal, of one fixed width where the output goes to a file."""
    from rich.console import Console
    from rich.segment import Segment
    from rich.text import Text

    class Terminal(Console):
        """What is printed comes from others: neither a string nor a styled text may carry a character that acts."""

        def print(self, *objects: Any, **how: Any) -> None:
            # The library breaks at blanks alone, and a Chinese sentence has few.
            super().print(*(objects if how.get("soft_wrap") else map(self._broken, objects)), **how)

        def _broken(self, given: Any) -> Any:
            if not isinstance(given, str | Text):
                return given
            text = Text(visible(given)) if isinstance(given, str) else given
            lines = [part for line in text.split("\n") for part in line.divide(breaks(line.plain, self.width))]
            for line in lines:
                line.rstrip()
            return Text("\n").join(lines)

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

        def render_str(self, text: str, **how: Any) -> Any:
            return super().render_str(visible(text), **how)

        def _render_buffer(self, buffer: Iterable[Segment]) -> str:
            return super()._render_buffer(s if s.control else Segment(visible(s.text), s.style) for s in buffer)

    made = Terminal(stderr=stderr, highlight=False, markup=False)
    if not made.is_terminal:
        made.width = _FILE_WIDTH
    return made


def warm_up() -> None:
    """Print a table to nowhere: the library loads its parts when they are first used, and by then data have been read."""
    from rich.table import Table

    console = terminal()
    console.file = io.StringIO()
    table = Table("…", box=None)
    table.add_row("一")
    console.print(table, soft_wrap=True)


def open_streams() -> None:
    """Make both streams usable: one that was closed before the start takes everything, one of another script replaces characters."""
    for name in ("stdout", "stderr"):
        stream: TextIO | None = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - lives as long as the program
            continue
        # A console that cannot show Chinese must not stop a run that has finished.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def close_streams() -> None:
    """Write out what is left, so that the interpreter has nothing to complain of when it ends. Raises OSError for stdout."""
    try:
        sys.stdout.flush()
    except OSError:
        _silence("stdout")
        raise
    finally:
        try:
            sys.stderr.flush()
        except OSError:
            _silence("stderr")


@contextlib.contextmanager
def printing() -> Iterator[None]:
    """Print a result; whoever left or whatever is full is silenced first, then the error goes on to the caller."""
    try:
        yield
        sys.stdout.flush()
    except OSError:
        _silence("stdout")
        raise


def _silence(name: str) -> None:
    """Lead a stream that nobody takes to nowhere: what is still buffered for it would fail again at the end."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, getattr(sys, name).fileno())
        os.close(nowhere)
