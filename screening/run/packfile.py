"""The effective pack of a run: all layers merged into one YAML that runs by itself, with the origin of every value."""

from __future__ import annotations

import csv
import itertools
from typing import TYPE_CHECKING, Any

import yaml

from screening.errors import Position
from screening.formula import guarded, unguarded
from screening.identifier import file_named
from screening.rulebook.loader import CATALOGUE_COLUMN, load_pack
from screening.strict_yaml import SCALARS, leaves

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from screening.rulebook.loader import LoadedPack

_EMITTER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

ORIGINS = "origins.csv"
ORIGINS_HEAD = ["path", "file", "line", "value"]
_DIGITS = 9
_OTHER: Mapping[str, Any] = yaml.SafeDumper.yaml_implicit_resolvers
"""What YAML 1.1 reads as no text, by first character."""

HEADER = "# 本次运行实际使用的规则(各层合并后)。 The rules this run used, all layers merged; see origins.csv.\n"


def write_effective_pack(loaded: LoadedPack, folder: Path) -> None:
    """Write `pack.yaml`, `origins.csv` (path, file, line, value) and the catalogues to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_bytes(HEADER.encode() + _text(loaded.effective()))
    with (folder / ORIGINS).open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(ORIGINS_HEAD)
        writer.writerows([guarded(str(cell)) for cell in row] for row in origins(loaded))
    for catalogue_id, codes in loaded.catalogues.items():
        (folder / "catalogues").mkdir(exist_ok=True)
        with file_named(folder / "catalogues", catalogue_id, ".csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow([CATALOGUE_COLUMN])
            writer.writerows([guarded(code)] for code in codes)


def _text(data: dict[str, Any]) -> bytes:
    """Return plain data as YAML, written event by event: the library's own nodes would take twice as long."""
    around = yaml.StreamStartEvent(), yaml.DocumentStartEvent(), yaml.DocumentEndEvent(), yaml.StreamEndEvent()
    events = itertools.chain(around[:2], _events(data), around[2:])
    return bytes(yaml.emit(events, Dumper=_EMITTER, allow_unicode=True, width=120).encode())


def _events(value: Any) -> Iterator[yaml.Event]:
    if isinstance(value, dict):
        yield yaml.MappingStartEvent(None, None, True, flow_style=False)
        for key, inner in value.items():
            yield _scalar(key)
            yield from _events(inner)
        yield yaml.MappingEndEvent()
    elif isinstance(value, list):
        yield yaml.SequenceStartEvent(None, None, True, flow_style=False)
        for inner in value:
            yield from _events(inner)
        yield yaml.SequenceEndEvent()
    else:
        yield _scalar(value)


def _scalar(value: Any) -> yaml.ScalarEvent:
    """A text that this project or YAML 1.1 would read as something else is quoted."""
    is_text = isinstance(value, str)
    text = value if is_text else "null" if value is None else str(value).lower()
    if isinstance(value, float) and "." not in text:
        text = text.replace("e", ".0e")  # YAML 1.1 knows no 1e+17
    readings = (*_OTHER.get(text[:1], ()), *SCALARS.get(text[:1], ())) if is_text else ()
    return yaml.ScalarEvent(None, None, (not any(pattern.match(text) for _, pattern in readings), is_text), text)


def read_effective_pack(folder: Path) -> LoadedPack:
    """Load the pack of a run; its values stand where `origins.csv` says that the analyst wrote them.

    Raises RulesError when the pack cannot be used. Places that `origins.csv` does not give stay those of the merged file.
    """
    loaded = load_pack(folder)
    try:
        with (folder / ORIGINS).open(encoding="utf-8", newline="") as handle:
            rows = {row[0]: row for row in csv.reader(handle) if len(row) == len(ORIGINS_HEAD)}
    except (OSError, ValueError, csv.Error):
        return loaded
    values = loaded.document.values
    for path, _ in leaves(loaded.document.data):
        row = rows.get(guarded(_joined(path)))
        if row is not None and row[2].isdecimal() and path in values:
            values[path] = Position(unguarded(row[1]), int(row[2][:_DIGITS]))
    return loaded


def origins(loaded: LoadedPack) -> list[tuple[str, str, int, str]]:
    """Return (path, file, line, value) of every effective value, in written order."""
    document, rows = loaded.document, []
    for path, value in leaves(document.data):
        place = document.values.get(path) or document.position(path) or Position("")
        rows.append((_joined(path), place.file, place.line, str(value)))
    return rows


def _joined(path: tuple[Any, ...]) -> str:
    return ".".join(map(str, path))
