"""A page that travels alone: its last line holds the hash of all before it, so that a change on the way shows, and its manifest
says of which run it is.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from screening.errors import RunError
from screening.foreign_file import read_file
from screening.run import manifest as manifests
from screening.run.restated import Finding
from screening.run.seal import SEAL

if TYPE_CHECKING:
    from pathlib import Path

_MOST_BYTES = 64 << 20


def verify_page(page: Path) -> list[Finding]:
    """Tell whether a page is as it was written, and of which run; where it lies in its run folder, the run's manifest is asked
    too.

    Whoever changes a page can write a new last line as well: it shows accidents and carelessness, not a forger. The run folder
    (`screen verify RUN`) does. Raises RunError for a file that is no page of a run.
    """
    try:
        content = read_file(page, most=_MOST_BYTES)
    except OSError as error:
        raise _no_page(page, str(error.strerror or error)) from error
    manifest = manifests.printed_in(page)
    if manifest is None or not isinstance(manifest.get("run_id"), str):
        raise _no_page(page, "it holds no manifest of a run")
    found = _seal(page.name, content)
    pack = manifest.get("pack")
    of = (
        f"run {manifest['run_id']}, as of {manifest.get('as_of')}, pack {pack.get('id')} {pack.get('version')}"
        if isinstance(pack, dict)
        else f"run {manifest['run_id']}"
    )
    return [
        found,
        Finding("its run", ok=True, detail=f"{of}, result {manifest.get('result_digest')}"),
        *_in_folder(page, content, manifest["run_id"]),
    ]


def seal_of(page: Path) -> Finding:
    """Tell whether the last line of a page holds the hash of the rest."""
    return _seal(page.name, page.read_bytes())


def _seal(name: str, content: bytes) -> Finding:
    seal = SEAL.search(content)
    if seal is None:
        return Finding(
            name, ok=False, detail="its last line, which holds its hash, is missing: it was changed or cut off"
        )
    same = hashlib.sha256(content[: seal.start()]).hexdigest().encode() == seal[1]
    said = "unchanged since it was written" if same else "it was changed after it was written"
    return Finding(name, ok=same, detail=said)


def _in_folder(page: Path, content: bytes, run_id: str) -> list[Finding]:
    for folder in (page.resolve().parent, page.resolve().parent.parent):
        try:
            manifest = manifests.read(folder)
        except RunError:
            continue
        name = page.resolve().relative_to(folder).as_posix()
        recorded = manifest["files"].get(name)
        same = manifest["run_id"] == run_id and recorded == hashlib.sha256(content).hexdigest()
        return [
            Finding(
                f"{name} in the manifest of {folder.name}",
                ok=same,
                detail="" if same else "the manifest records another page",
            )
        ]
    return [
        Finding(
            "the run folder", ok=True, detail="not at hand; the page alone shows accidents, not a forger", stated=True
        )
    ]


def _no_page(page: Path, why: str) -> RunError:
    return RunError.of(
        "verify/no-page",
        f"'{page.as_posix()}' is no page of a run: {why}",
        remedy="give a run folder, or a page that `screen run` wrote",
    )
