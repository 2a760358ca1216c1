"""The effective pack of a run: all layers merged into one YAML that runs by itself, with the origin of every value."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import yaml

from screening.strict_yaml import leaves

if TYPE_CHECKING:
    from pathlib import Path

    from screening.rulebook.loader import LoadedPack

HEADER = "# 本次运行实际使用的规则(各层合并后)。 The rules this run used, all layers merged; see origins.csv.\n"
_CATALOGUES = "catalogues"


class _Dumper(yaml.SafeDumper):
    """Writes lists inside mappings indented, as people do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - the base's signature
        return super().increase_indent(flow, indentless=False)


def write_effective_pack(loaded: LoadedPack, folder: Path) -> None:
    """Write `pack.yaml`, `origins.csv` (path, file, line, value) and the catalogues to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    data = effective(loaded)
    text = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
    (folder / "pack.yaml").write_text(HEADER + text, encoding="utf-8", newline="\n")
    with (folder / "origins.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["path", "file", "line", "value"])
        writer.writerows(origins(loaded))
    for catalogue_id, codes in loaded.catalogues.items():
        (folder / _CATALOGUES).mkdir(exist_ok=True)
        with (folder / _CATALOGUES / f"{catalogue_id}.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow(["code"])
            writer.writerows([code] for code in codes)


def effective(loaded: LoadedPack) -> dict[str, Any]:
    """Return the merged data of a pack without the keys that only served to merge it."""
    data = dict(loaded.document.data)
    data["pack"] = {k: v for k, v in data["pack"].items() if k not in ("extends", "tables", "remove")}
    if loaded.catalogues:
        data[_CATALOGUES] = {
            catalogue_id: {**body, "file": f"{_CATALOGUES}/{catalogue_id}.csv", "column": "code"}
            for catalogue_id, body in data[_CATALOGUES].items()
        }
    return data


def origins(loaded: LoadedPack) -> list[tuple[str, str, int, str]]:
    """Return (path, file, line, value) of every effective value, in written order."""
    rows = []
    for path, value in leaves(loaded.document.data):
        place = loaded.document.position(path)
        rows.append((".".join(map(str, path)), place.file if place else "", place.line if place else 0, str(value)))
    return rows
