"""Answers that are told again: a question put with the same words to the same rules and data has the same answer, and the same
run the same result.

An answer is kept with the trace of all that was looked at for it (`screening.trace`), and told again only while all of it stands
as it was, for the same program on the same day. Of what writes files only a run is kept, with all its files. Where a file was
opened that the trace does not know, nothing is.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
from typing import TYPE_CHECKING, Any, TextIO, cast

from screening import store, trace
from screening.resources import day_in_china

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from types import FrameType

QUESTIONS = frozenset(("check", "test", "plan", "explain", "sql"))
RUN = "run"
KIND = "answer"

_REPORTS = "reports"
_FLAGS = frozenset(("--json", "--quiet"))
_NO_BEARING = {"--threads": r"[1-9]\d?|1\d\d|2[0-4]\d", "--memory-limit": r"[1-9]\d* ?[kmgtKMGT]i?[bB]"}
"""Options that say how a run is to work, with the values that are surely allowed: its result is the same for any."""
_HELP = frozenset(("--help", "-h"))
_WRITES = _HELP | {"--out", "--save"}
_ENVIRONMENT = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "TERM", "COLORTERM", "TZ", "LANG", "LC_ALL")
_MOST = 8_000_000
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_HEARD = frozenset(("open", "os.listdir", "os.scandir"))


def told_again(arguments: list[str]) -> bool:
    """Print the kept answer to a question; False when there is none or something has changed since. Raises OSError."""
    name = _key(arguments)
    kept = store.store().read(KIND, name) if name is not None else None
    if kept is None:
        return False
    answer = json.loads(kept)
    if not trace.stands(answer["trace"]):
        return False
    said = answer["said"]
    if "run" in answer:
        found = _run_again(answer, _asked(arguments)[1])
        if found is None:
            return False
        said = found
    for name, text in said:
        stream = cast("TextIO", getattr(sys, name))
        stream.write(text)
        stream.flush()
    return True


@contextlib.contextmanager
def listening(arguments: list[str]) -> Iterator[None]:
    """Keep what a command answers, when it ends well."""
    keeping, name, said = store.store(), _key(arguments), cast("list[list[str]]", [])
    # Whoever takes the streams elsewhere (a test, a program) may have changed other things too.
    if name is None or keeping.folder is None or sys.stdout is not sys.__stdout__:
        yield
        return
    opened: list[tuple[str, bool]] = []
    looked_into: list[str] = []
    _finished.clear()
    _hear(opened, looked_into)
    streams = cast("tuple[TextIO, TextIO]", (sys.stdout, sys.stderr))
    heard = Listener("stdout", streams[0], said), Listener("stderr", streams[1], said)
    sys.stdout, sys.stderr = cast("Any", heard)
    ended_well = False
    try:
        with trace.traced() as seen:
            try:
                yield
                ended_well = True
            except SystemExit as ended:
                ended_well = not ended.code
                raise
            finally:
                sys.stdout, sys.stderr = streams
                record = seen.record()
                whole = ended_well and record is not None and not any(each.missed for each in heard)
                if (
                    whole
                    and sum(len(text) for _, text in said) <= _MOST
                    and _all_traced(opened, looked_into, seen, keeping)
                ):
                    _keep(keeping, name, {"trace": record, "said": said})
    finally:
        opened.clear()
        looked_into.clear()


_finished: list[tuple[Path, Path, Mapping[str, Any]]] = []
"""The run of this call, when there was one: the folder it was asked into, its own folder, its manifest."""


def finished(out: Path, run_dir: Path, manifest: Mapping[str, Any]) -> None:
    """Tell of a finished run, so that it may be kept."""
    _finished[:] = [(out, run_dir, manifest)]


def _keep(keeping: store.Store, name: str, answer: dict[str, Any]) -> None:
    for _, run_dir, manifest in _finished:
        from screening.run.again import keep, too_large

        seen = set(answer["trace"]["files"].values())
        if not {file["sha256"] for file in (*manifest["data"], *manifest["settings"])} <= seen:
            return  # read where no trace sees it: by a cluster, from a server
        kept = keep(run_dir, manifest, keeping)
        if kept is None:
            told = too_large(run_dir, manifest, keeping)
            if told is not None and not {"--json", "--quiet"} & set(sys.argv[1:]):
                from screening.cli.console import show_problems

                show_problems([told])
            return
        answer["run"] = {**kept, "shown": run_dir.as_posix()}
    keeping.write(KIND, name, json.dumps(answer, ensure_ascii=False, default=str).encode())


def _run_again(answer: Mapping[str, Any], out: str) -> list[list[str]] | None:
    """Write the kept run into a folder as of now and return what to say of it; None when its files are not there any more, or when
    a folder has a name that is not printed as it is written.
    """
    import datetime
    from pathlib import Path

    from screening.cli.console import Stop, show_problems, tell_and_end
    from screening.errors import RunError
    from screening.run.again import run_again
    from screening.run.folder import left_behind

    kept = answer["run"]
    if not all(path.isprintable() and '"' not in path for path in (kept["shown"], out)):
        return None
    with Stop() as stop:
        try:
            found = run_again(kept, Path(out), store.store(), datetime.datetime.now(datetime.UTC))
        except (KeyboardInterrupt, RunError) as error:
            tell_and_end(error, stop, as_json="--json" in sys.argv[1:])
    if found is None:
        return None
    run_dir, left = found
    before, after = str(kept["run_id"]), run_dir.name
    said = [
        [stream, text.replace(kept["shown"], run_dir.as_posix()).replace(before, after)]
        for stream, text in answer["said"]
    ]
    options = sys.argv[1:]
    if left and not {"--json", "--quiet"} & set(options):
        show_problems([left_behind(name) for name in left])
    return said


class Listener:
    """A stream that writes down what goes through it. `passing` is the stream itself, for what only tells of the way."""

    def __init__(self, name: str, stream: TextIO, said: list[list[str]]) -> None:
        self._name, self.passing, self._said, self.missed = name, stream, said, False

    def write(self, text: str) -> int:
        """Write a text and remember it."""
        if self._said and self._said[-1][0] == self._name:
            self._said[-1][1] += text
        else:
            self._said.append([self._name, text])
        return self.passing.write(text)

    @property
    def buffer(self) -> Any:
        """The bytes below, of which nothing is remembered."""
        self.missed = True
        return self.passing.buffer

    def __getattr__(self, name: str) -> Any:
        return getattr(self.passing, name)


def _is_question(arguments: list[str]) -> bool:
    options = {a.partition("=")[0] for a in arguments}
    return bool(arguments) and (
        (arguments[0] in QUESTIONS and not options & _WRITES) or (arguments[0] == RUN and not options & _HELP)
    )


def _asked(arguments: list[str]) -> tuple[list[str], str]:
    """Return what a run is asked, by option and without what leaves its answer as it is, and the folder it is asked into."""
    asked, out = [], _REPORTS
    words = iter(arguments[1:])
    for word in words:
        name, given, value = word.partition("=")
        if name not in _FLAGS and not given:
            value = next(words, "")
        if name == "--out":
            out = value
        elif re.fullmatch(_NO_BEARING.get(name, "(?!)"), value) is None:
            asked.append(f"{name}={value}")
    return sorted(asked, key=lambda said: said.partition("=")[0]), out


def _key(arguments: list[str]) -> str | None:
    """Return the name of an answer, None where there is no question."""
    if not _is_question(arguments):
        return None
    try:
        here = os.getcwd()  # noqa: PTH109
    except OSError:
        return None
    asked = _asked(arguments)[0] if arguments[0] == RUN else arguments
    streams = [[s.isatty(), getattr(s, "encoding", "")] for s in (sys.stdout, sys.stderr)]
    width: object = None
    with contextlib.suppress(OSError, ValueError):
        width = os.get_terminal_size().columns
    told = {name: os.environ.get(name) for name in _ENVIRONMENT}
    return store.key(KIND, asked, here, day_in_china().isoformat(), streams, width, told)


def _hear(opened: list[tuple[str, bool]], looked_into: list[str]) -> None:
    """Write down every file that Python opens from now on, and whether for writing, and every folder that it looks into. Such a
    hook stays as long as the process.
    """

    def hook(event: str, values: tuple[Any, ...], heard: frozenset[str] = _HEARD) -> None:
        if event not in heard:  # of a hundred thousand events some two thousand are
            return
        if _clears_away(sys._getframe(1)):
            return
        if event == "open" and isinstance(values[0], str | os.PathLike):
            mode, flags = values[1], values[2] if isinstance(values[2], int) else 0
            opened.append((os.fspath(values[0]), bool(flags & _WRITING) or (mode or "r")[0] in "wax"))
        elif event != "open" and not isinstance(values[0], int):
            looked_into.append(os.fsdecode(values[0] or "."))

    sys.addaudithook(hook)


def _clears_away(frame: FrameType) -> bool:
    """Tell whether a folder is opened to be removed. That is done by bare names inside a folder that is open, which would be taken
    for names in the working folder.
    """
    return frame.f_globals.get("__name__") == "shutil" and "rmtree" in frame.f_code.co_name


def _all_traced(
    opened: list[tuple[str, bool]], looked_into: list[str], seen: trace.Trace, keeping: store.Store
) -> bool:
    """Tell whether every file that was opened and every folder that was looked into is in the trace, or is none that an answer
    could depend on.
    """
    import tempfile

    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH120, PTH100
    ours = [
        own,
        sys.prefix,
        sys.base_prefix,
        tempfile.gettempdir(),
        str(keeping.folder),
        sys.pycache_prefix or own,
        "/proc",
        "/sys",
        "/dev",
        "/etc",
        "/usr",
    ]
    quiet = tuple(os.path.join(os.path.abspath(place), "") for place in ours)  # noqa: PTH118, PTH100
    quiet += tuple(os.path.join(os.path.abspath(out), "") for out, _, _ in _finished)  # noqa: PTH100, PTH118
    shipped = os.path.join(own, "_data", "")  # noqa: PTH118

    def without_bearing(path: str) -> bool:
        below = os.path.join(path, "")  # noqa: PTH118 - a folder lies in itself
        return below.startswith(quiet) and not below.startswith(shipped)

    for name, writing in list(opened):
        path = os.path.abspath(name)  # noqa: PTH100
        if (path not in seen.files or writing) and not without_bearing(path):
            return False
    # Python looks for modules in its own places.
    places = {os.path.abspath(place) for place in sys.path}  # noqa: PTH100
    for name in set(looked_into):
        path = os.path.abspath(name)  # noqa: PTH100
        if path not in seen.folders and path not in places and not without_bearing(path):
            return False
    return True
