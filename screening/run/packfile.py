"""The effective pack of a run: all layers merged into one YAML that runs by itself, with the origin of every value."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import yaml

from screening.identifier import file_named
from screening.rulebook.loader import CATALOGUE_COLUMN
from screening.strict_yaml import SCALARS, leaves

if TYPE_CHECKING:
    from pathlib import Path

    from screening.rulebook.loader import LoadedPack

_Emitter: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

HEADER = "# 本次运行实际使用的规则(各层合并后)。 The rules this run used, all layers merged; see origins.csv.\n"


class _Dumper(_Emitter):  # type: ignore[misc]
    """Quotes each text that this project or YAML 1.1 would read as a number."""


for _first, _resolvers in SCALARS.items():
    for _tag, _pattern in _resolvers:
        _Dumper.add_implicit_resolver(_tag, _pattern, [_first] if _first else [""])


def write_effective_pack(loaded: LoadedPack, folder: Path) -> None:
    """Write `pack.yaml`, `origins.csv` (path, file, line, value) and the catalogues to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    data = loaded.effective()
    text = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
    (folder / "pack.yaml").write_text(HEADER + text, encoding="utf-8", newline="\n")
    with (folder / "origins.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["path", "file", "line", "value"])
        writer.writerows(origins(loaded))
    for catalogue_id, codes in loaded.catalogues.items():
        (folder / "catalogues").mkdir(exist_ok=True)
        with file_named(folder / "catalogues", catalogue_id, ".csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow([CATALOGUE_COLUMN])
            writer.writerows([code] for code in codes)


def origins(loaded: LoadedPack) -> list[tuple[str, str, int, str]]:
    """Return (path, file, line, value) of every effective value, in written order."""
    rows = []
    for path, value in leaves(loaded.document.data):
        place = loaded.document.position(path)
        rows.append((".".join(map(str, path)), place.file if place else "", place.line if place else 0, str(value)))
    return rows
