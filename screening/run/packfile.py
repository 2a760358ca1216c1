"""The effective pack of a run: all layers merged into one YAML that runs by itself, with the origin of every value."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import yaml

from screening.errors import Position
from screening.formula import guarded, unguarded
from screening.identifier import file_named
from screening.rulebook.loader import CATALOGUE_COLUMN, load_pack
from screening.store import once
from screening.strict_yaml import SCALARS, leaves

if TYPE_CHECKING:
    from pathlib import Path

    from screening.rulebook.loader import LoadedPack

_Emitter: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

KIND = "pack"
ORIGINS = "origins.csv"
ORIGINS_HEAD = ["path", "file", "line", "value"]
_DIGITS = 9

HEADER = "# 本次运行实际使用的规则(各层合并后)。 The rules this run used, all layers merged; see origins.csv.\n"


class _Dumper(_Emitter):  # type: ignore[misc]
    """Quotes each text that this project or YAML 1.1 would read as a number."""


for _first, _resolvers in SCALARS.items():
    for _tag, _pattern in _resolvers:
        _Dumper.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", _pattern, [_first] if _first else [""])


def write_effective_pack(loaded: LoadedPack, folder: Path) -> None:
    """Write `pack.yaml`, `origins.csv` (path, file, line, value) and the catalogues to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    data = loaded.effective()
    sections = [_text({section: said}) for section, said in data.items()]
    (folder / "pack.yaml").write_bytes(b"".join([HEADER.encode(), *sections]))
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
    """Return a section as YAML; the same section is put into words once."""

    def made() -> bytes:
        return bytes(yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120).encode())

    return once(KIND, [json.dumps(data, ensure_ascii=False)], made)


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
    rows = []
    for path, value in leaves(loaded.document.data):
        place = loaded.document.position(path)
        rows.append((_joined(path), place.file if place else "", place.line if place else 0, str(value)))
    return rows


def _joined(path: tuple[Any, ...]) -> str:
    return ".".join(map(str, path))
