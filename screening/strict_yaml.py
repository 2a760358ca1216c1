"""YAML 1.2 scalars with the position of every key and value; anything surprising is refused.

Not a general YAML library: no tags, anchors, aliases or second documents, and limits on size and depth, because rule
files and data manifests travel between organisations and are treated as hostile.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from screening.errors import Position, Problem, Severity, did_you_mean
from screening.foreign_file import FileRefused, read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
MAX_NODES = 150_000
"""Keys and values of one file."""
LARGEST_INTEGER = 2**63 - 1

Path_ = tuple[str | int, ...]

PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


SCALARS: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
"""The scalars of the YAML 1.2 core that are not text, by first character, so that `NO`, `0111`, `12:30` and dates stay text; a
writer must quote a text that matches.
"""
for _kind, _pattern, _first in (
    ("bool", r"^(true|false)$", "tf"),
    ("null", r"^(null|~|)$", ["n", "~", ""]),
    ("int", r"^-?(0|[1-9][0-9]*)$", "-0123456789"),
    ("float", r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$", "-0123456789"),
):
    for _sign in _first:
        SCALARS.setdefault(_sign, []).append((_kind, re.compile(_pattern)))


@dataclass(slots=True)
class Document:
    """The content of one file, or of several laid over each other.

    `values` and `keys` map a path such as `("gates", "active", "effect")` to where the value and its key stand; a path
    that a layer overrides keeps the place of the layer that won.
    """

    data: dict[str, Any] = field(default_factory=dict)
    values: dict[Path_, Position] = field(default_factory=dict)
    keys: dict[Path_, Position] = field(default_factory=dict)
    lines: dict[str, list[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def position(self, path: Path_, *, key: bool = False) -> Position | None:
        """Return where `path` stands, or its nearest written ancestor.

        Parts that the file does not contain (the tags a validator adds) are stepped over.
        """
        real: Path_ = ()
        for part in path:
            if (*real, part) in self.values:
                real = (*real, part)
        if key and real in self.keys:
            return self.keys[real]
        return self.values.get(real)

    def line(self, position: Position | None) -> str:
        """Return the text of the line at `position`, empty when unknown."""
        if position is None or not position.line:
            return ""
        lines = self.lines.get(position.file, [])
        return lines[position.line - 1] if position.line <= len(lines) else ""

    def problem(
        self,
        code: str,
        message: str,
        path: Path_,
        *,
        remedy: str = "",
        key: bool = False,
        severity: Severity = "error",
        details: tuple[tuple[str, str], ...] = (),
    ) -> Problem:
        """Make a located problem for the value (or key) at `path`."""
        position = self.position(path, key=key)
        return Problem(
            code=code,
            message=message,
            position=position,
            remedy=remedy,
            severity=severity,
            line_text=self.line(position),
            details=details,
        )

    def refuse(self, code: str, message: str, path: Path_, *, remedy: str = "", key: bool = False) -> None:
        """Keep a problem for the value (or key) at `path` among those of the document."""
        self.problems.append(self.problem(code, message, path, remedy=remedy, key=key))


def mapping(value: Any) -> dict[str, Any]:
    """Return a mapping as it is, an empty one for anything else: what a file holds may have any shape."""
    return value if isinstance(value, dict) else {}


def value_at(data: Any, path: Path_, default: Any = None) -> Any:
    """Return what stands at a path of mappings and lists, `default` where nothing does."""
    for part in path:
        if not isinstance(data, dict | list):
            return default
        try:
            data = data[part]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return default
    return data


def read(path: Path, shown_as: str | None = None, within: Iterable[Path] | None = None) -> Document:
    """Read one regular file, which must lie in a folder of `within` when given.

    Problems are collected in `Document.problems`; the data is then as far as it could be read.
    """
    shown = shown_as or str(path)
    try:
        raw = read_file(path, most=MAX_BYTES, within=within)
    except FileRefused as error:
        code = "yaml/too-large" if error.is_too_large else "yaml/not-a-file"
        return _refused(shown, code, f"this file is not read: {error.strerror}", error.remedy)
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or str(error)
        return _refused(shown, "yaml/unreadable", f"cannot read the file: {said}", "check the path")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _refused(shown, "yaml/encoding", f"the file is not UTF-8 (byte {error.start})", "save it as UTF-8")
    return parse(text, shown)


def _refused(shown: str, code: str, message: str, remedy: str) -> Document:
    return Document(problems=[Problem(code=code, message=message, position=Position(shown), remedy=remedy)])


def parse(text: str, shown: str) -> Document:
    """Parse YAML text; `shown` is the file name used in positions. What could exhaust or surprise a reader is refused on the way."""
    document = Document(lines={shown: text.splitlines()})
    reading = _Reading(yaml.parse(text, Loader=PARSER), shown, document)
    try:
        reading.read()
    except _RefusedError as refused:
        return Document(lines=document.lines, problems=[refused.problem])
    except (yaml.YAMLError, ValueError) as error:
        return Document(lines=document.lines, problems=[_syntax_problem(error, shown, document)])
    return document


class _RefusedError(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class _Reading:
    """One text being read, event by event."""

    def __init__(self, events: Iterator[yaml.Event], shown: str, document: Document) -> None:
        self.events, self.shown, self.document = self._sound(events), shown, document

    def read(self) -> None:
        """Fill the document. Raises what refuses a text as a whole."""
        problems = self.document.problems
        documents = 0
        another: yaml.Event | None = None
        for event in self.events:
            if not isinstance(event, yaml.DocumentStartEvent):
                continue
            documents += 1
            if documents > 1:
                another = another or event
                self._skip(next(self.events))
                continue
            top = next(self.events)
            if isinstance(top, yaml.MappingStartEvent):
                self.document.data = self._value(top, ())
            else:
                self._skip(top)
                problems.append(
                    self._at(
                        top,
                        "yaml/not-a-mapping",
                        "the file must be a mapping of sections (name: …)",
                        "write a section name first, such as `pack:`, `overrides:` or `notes:`, and indent the lines below it",
                    )
                )
        if another is not None:
            said = "expected a single document in the stream but found another document"
            raise yaml.composer.ComposerError(None, None, said, another.start_mark)  # type: ignore[arg-type]

    def _sound(self, events: Iterator[Any]) -> Iterator[Any]:
        """Yield the events. Raises _RefusedError at the first that is not allowed."""
        depth = nodes = 0
        for event in events:
            if isinstance(event, yaml.NodeEvent):
                if isinstance(event, yaml.AliasEvent) or event.anchor:
                    said = "anchors (&) and aliases (*) are not allowed", "write the value out"
                    raise _RefusedError(self._at(event, "yaml/alias", *said))
                tag = getattr(event, "tag", None)
                if tag not in (None, "!"):
                    raise _RefusedError(self._at(event, "yaml/tag", f"the tag {tag} is not allowed", "remove the tag"))
                nodes += 1
                if nodes > MAX_NODES:
                    raise _RefusedError(
                        Problem(
                            "yaml/too-many-values",
                            f"the file has more than {MAX_NODES:,} keys and values",
                            self._place(event),
                            "split it, and keep long lists of codes in a catalogue file",
                        )
                    )
                if isinstance(event, yaml.CollectionStartEvent):
                    depth += 1
                    if depth > MAX_DEPTH:
                        raise _RefusedError(_too_deep(self._place(event)))
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            yield event

    def _place(self, event: Any) -> Position:
        mark = event.start_mark
        return Position(self.shown, mark.line + 1, mark.column + 1)

    def _at(self, event: yaml.Event, code: str, message: str, remedy: str) -> Problem:
        where = self._place(event)
        return Problem(code, message, where, remedy, line_text=self.document.line(where))

    def _skip(self, event: yaml.Event) -> None:
        """Pass over a value that is not taken."""
        depth = int(isinstance(event, yaml.CollectionStartEvent))
        while depth:
            event = next(self.events)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)

    def _value(self, event: yaml.Event, path: Path_) -> Any:
        document, events = self.document, self.events
        document.values[path] = self._place(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(event := next(events), yaml.SequenceEndEvent):
                items.append(self._value(event, (*path, len(items))))
            return items
        result: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._skip(event)
                message, remedy = "a key must be a plain text", "write the key as one word or quoted text"
                document.problems.append(self._at(event, "yaml/key", message, remedy))
                self._skip(next(events))
            elif event.value in result:
                message, remedy = f"duplicate key '{event.value}'", "remove or rename one of the two"
                document.problems.append(self._at(event, "yaml/duplicate-key", message, remedy))
                self._skip(next(events))
            else:
                inner = (*path, event.value)
                document.keys[inner] = self._place(event)
                result[event.value] = self._value(next(events), inner)
        return result

    def _scalar(self, event: yaml.ScalarEvent) -> Any:
        text: str = event.value
        if not event.implicit[0]:
            return text
        kind = next((kind for kind, pattern in SCALARS.get(text[:1], ()) if pattern.match(text)), "str")
        if kind == "bool":
            return text == "true"
        if kind == "null":
            return None
        return text if kind == "str" else self._number(event, kind)

    def _number(self, event: yaml.ScalarEvent, kind: str) -> int | float | str:
        """Return a number; one that no computation can hold is a problem, and stays the text that it is."""
        text: str = event.value
        value: int | float = int(text) if kind == "int" and len(text) < 40 else float(text)
        if math.isfinite(value) and (kind == "float" or abs(value) <= LARGEST_INTEGER):
            return value
        shortened = text if len(text) <= 24 else f"{text[:20]}…"
        message, remedy = (
            f"{shortened} is too large for a number",
            "write a number that can be; put a code of many digits in quotes",
        )
        self.document.problems.append(self._at(event, "yaml/number", message, remedy))
        return text


def _too_deep(where: Position) -> Problem:
    return Problem("yaml/too-deep", f"nested deeper than {MAX_DEPTH} levels", where, "flatten it")


def _syntax_problem(error: Exception, shown: str, document: Document) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    where = Position(shown, mark.line + 1, mark.column + 1) if mark else Position(shown)
    line = document.line(where)
    said = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    context = str(getattr(error, "context", "") or "")
    if "\t" in line[: max(where.column, 1)] or "character '\\t'" in said:
        column = line.find("\t") + 1
        where = Position(shown, where.line, column or where.column)
        return Problem("yaml/tab", "a tab is used for indentation", where, "indent with spaces", line_text=line)
    if "maximum nesting depth" in said:  # libyaml from 0.2.6 on has a limit of its own in brackets
        return _too_deep(where)
    wide = _full_width(document, where)
    if wide is not None:
        return wide
    if "mapping values are not allowed" in said:
        remedy = "check the indentation and the blank after each colon, here and above; quote a text that contains ': '"
    elif "flow" in context:
        remedy = "a text ends with the quote it began with, and `{` or `[` with its `}` or `]`: check both on this line"
    elif "simple key" in context:
        begun = getattr(error, "context_mark", None)
        where = Position(shown, begun.line + 1, begun.column + 1) if begun else where
        line = document.line(where)
        remedy = "write `key: value`, with a blank after the colon"
    elif "did not find expected" in said or "expected <block end>" in said:
        remedy = "check the indentation of this line and the one above; keys of one block start in one column"
    elif "document" in said:
        remedy = "keep one document per file (no '---' inside)"
    else:
        remedy = "check quotes, brackets and indentation near here"
    why = f"{said} {context}".strip()
    return Problem("yaml/syntax", f"this cannot be read as YAML: {why}", where, remedy, line_text=line)


_WIDE = {"：": ":", "｛": "{", "｝": "}", "［": "[", "］": "]", "，": ","}
_WIDE_SIGN = re.compile(r"""^\s*(?:-\s+)?[\w.]+(：)|[:：]\s*([｛［])|([｝］])\s*(?:#.*)?$""")


def _full_width(document: Document, where: Position) -> Problem | None:
    """Find a full-width sign where YAML needs a plain one, in the line that cannot be read or the one above."""
    for number in (where.line, where.line - 1):
        place = Position(where.file, number, 1)
        line = document.line(place) if number > 0 else ""
        found = _WIDE_SIGN.search(line)
        if found is not None:
            sign = next(group for group in found.groups() if group)
            column = found.start(next(n for n in (1, 2, 3) if found.group(n))) + 1
            message = f"a full-width '{sign}' stands where YAML needs '{_WIDE[sign]}'"
            remedy = f"type '{_WIDE[sign]}' with the Chinese input off"
            return Problem("yaml/full-width", message, Position(where.file, number, column), remedy, line_text=line)
    return None


def overlay(
    lower: Document,
    upper: Document,
    is_another: Callable[[Path_, dict[str, Any], dict[str, Any]], bool] = lambda path, below, value: False,
) -> Document:
    """Lay `upper` over `lower`: mappings merge key by key, anything else is replaced whole.

    A mapping that `is_another` tells to be another thing than the one below is replaced whole too.

    Over a list, `{add: [...], drop: [...]}` takes entries away and puts others behind. A list of names or words that is replaced by
    one that lacks some of them is a warning.
    """
    merged = Document(
        values=dict(lower.values),
        keys=dict(lower.keys),
        lines={**lower.lines, **upper.lines},
        problems=[*lower.problems, *upper.problems],
    )

    def lay(low: dict[str, Any], high: dict[str, Any], path: Path_) -> dict[str, Any]:
        result = dict(low)
        for key, value in high.items():
            here = (*path, key)
            below = low.get(key)
            if isinstance(value, dict) and isinstance(below, dict) and not is_another(here, below, value):
                result[key] = lay(below, value, here)
                continue
            if isinstance(below, list) and isinstance(value, dict) and value.keys() <= {"add", "drop"} and value:
                result[key] = _changed_list(merged, upper, below, value, here)
                continue
            if isinstance(below, list) and isinstance(value, list):
                merged.problems.extend(_replaced_list(upper, below, value, here))
            result[key] = value
            if key in low:
                _forget(merged, here, below)
            for inner in paths(value, here):
                for table, source in ((merged.values, upper.values), (merged.keys, upper.keys)):
                    if inner in source:
                        table[inner] = source[inner]
        return result

    merged.data = lay(lower.data, upper.data, ())
    return merged


def paths(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Yield the path of a value and of everything inside it."""
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from paths(inner, (*path, number))


def _forget(document: Document, path: Path_, value: Any) -> None:
    """Forget where a value and all inside it stood."""
    for inner in paths(value, path):
        document.values.pop(inner, None)
        document.keys.pop(inner, None)


def _name_of(entry: Any) -> Any:
    """What an entry of a list is told by: itself, or its `name`."""
    return entry.get("name") if isinstance(entry, dict) else entry


def _changed_list(
    merged: Document, upper: Document, below: list[Any], change: dict[str, Any], here: Path_
) -> list[Any]:
    """Return a list with entries dropped and added; the places of what stays and what comes go with it."""
    add, drop = change.get("add", []), change.get("drop", [])
    if not isinstance(add, list) or not isinstance(drop, list):
        merged.problems.append(
            upper.problem("pack/list", "`add:` and `drop:` are lists", here, remedy="write {add: [...], drop: [...]}")
        )
        return below
    names = [_name_of(entry) for entry in below]
    for number, name in enumerate(drop):
        if name not in names:
            text = f"there is no '{name}' in the list below"
            known = [str(n) for n in names]
            remedy = did_you_mean(str(name), known) or f"it has: {', '.join(known[:8])}"
            merged.problems.append(upper.problem("pack/list", text, (*here, "drop", number), remedy=remedy))
    kept = [number for number, name in enumerate(names) if name not in drop]
    added = [number for number, entry in enumerate(add) if _name_of(entry) not in names or _name_of(entry) is None]
    moved = {(*here, old): (*here, new) for new, old in enumerate(kept)}
    brought = {(*here, "add", old): (*here, len(kept) + new) for new, old in enumerate(added)}
    depth = len(here) + 1
    for table, source in ((merged.values, upper.values), (merged.keys, upper.keys)):
        old = {p: table.pop(p) for p in list(table) if len(p) >= depth and p[: len(here)] == here}
        table.update({moved[p[:depth]] + p[depth:]: where for p, where in old.items() if p[:depth] in moved})
        for p, where in source.items():
            if p[: depth + 1] in brought:
                table[brought[p[: depth + 1]] + p[depth + 1 :]] = where
    return [*(below[number] for number in kept), *(add[number] for number in added)]


def _replaced_list(upper: Document, below: list[Any], value: list[Any], here: Path_) -> Iterator[Problem]:
    names = [_name_of(entry) for entry in below]
    if not all(isinstance(name, str) for name in names):
        return
    stated = [_name_of(entry) for entry in value]
    lost = [name for name in names if name not in stated]
    if lost and here[0] != "pack" and here[-1] != "key":
        yield upper.problem(
            "pack/list-replaced",
            f"this replaces a list of {len(names)} entries and drops {len(lost)} of them: "
            f"{', '.join(lost[:4])}{', …' if len(lost) > 4 else ''}",
            here,
            severity="warning",
            remedy="to keep them, write {add: [...]}; to take some away, {drop: [...]}",
        )


def is_under(path: Path_, tops: Collection[Path_]) -> bool:
    """True when `path` is one of `tops`, or lies below one."""
    return any(path[:length] in tops for length in range(1, len(path) + 1))


def remove(document: Document, path: Path_) -> bool:
    """Remove the value at `path`; False when there is none."""
    target: Any = document.data
    for part in path[:-1]:
        target = target.get(part) if isinstance(target, dict) else None
        if target is None:
            return False
    if not isinstance(target, dict) or path[-1] not in target:
        return False
    _forget(document, path, target.pop(path[-1]))
    return True


def leaves(data: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Yield every scalar with its path, in written order."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from leaves(value, (*path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from leaves(value, (*path, number))
    else:
        yield path, data
