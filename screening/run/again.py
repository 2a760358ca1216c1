"""A run whose rules, data, options and day all stand as they were: written again as it was, under the name of this moment.

The files are kept by the hash of their content. Only what bears the name of the run is changed on the way: pages, which are sealed
again, one cell of the workbook, and the manifest with the hashes of these. No library for data is loaded for it.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

from screening.errors import Problem
from screening.run.folder import MANIFEST, building, settle
from screening.run.seal import SEAL, sealed
from screening.store import FILE

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping
    from pathlib import Path

    from screening.store import Store

_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)
TOO_LARGE = "run/too-large-to-keep"
_RENAMED = (".html", ".xlsx")
"""Files that bear the name of their run."""


def keep(run_dir: Path, manifest: Mapping[str, Any], keeping: Store) -> dict[str, Any] | None:
    """Keep the files of a finished run; return what to remember of it, None where it is too large or was renamed."""
    files: Mapping[str, str] = manifest["files"]
    if run_dir.name != manifest["run_id"] or too_large(run_dir, manifest, keeping) is not None:
        return None
    if not all(keeping.keep_file(run_dir / name, sha256) for name, sha256 in files.items()):
        return None
    return {"run_id": manifest["run_id"], "manifest": dict(manifest)}


def too_large(run_dir: Path, manifest: Mapping[str, Any], keeping: Store) -> Problem | None:
    """Return what to say of a run that would push out all else that is kept, its own relations among it."""
    size = sum((run_dir / name).stat().st_size for name in manifest["files"])
    if size <= keeping.limit // 2:
        return None
    have, most = f"{size / 1e6:,.0f}", f"{keeping.limit / 2e6:,.0f}"
    return Problem(
        TOO_LARGE,
        f"the run has {have} MB, more than the {most} MB that are kept of one run: next time its files are made again though nothing changed",
        severity="notice",
        details=(("have", have), ("most", most)),
    )


def run_again(
    kept: Mapping[str, Any], out: Path, keeping: Store, now: datetime.datetime
) -> tuple[Path, list[str]] | None:
    """Write a kept run into `out` as of this moment; return its folder and the leftovers removed there, None when it is not whole.

    Raises RunError as every run does when the folder cannot be written.
    """
    before = str(kept["run_id"])
    manifest = kept["manifest"]
    if not all(keeping.has(FILE, sha256) for sha256 in manifest["files"].values()):
        return None
    run_id = f"{now:%Y%m%dT%H%M%SZ}{before[16:]}"
    left: list[str] = []
    with building(out, left) as work:
        files: dict[str, str] = {}
        for name, sha256 in manifest["files"].items():
            path = work / name
            if not keeping.fetch_file(sha256, path):
                return None
            files[name] = sha256
            if name.endswith(_RENAMED):
                content = _renamed(name, path.read_bytes(), before, run_id)
                if content is None:
                    return None
                path.write_bytes(content)
                files[name] = hashlib.sha256(content).hexdigest()
        record = {**manifest, "run_id": run_id, "files": files}
        text = json.dumps(record, ensure_ascii=False, indent=2, sort_keys=False)
        (work / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")
        return settle(work, out / run_id), left


def _renamed(name: str, content: bytes, before: str, after: str) -> bytes | None:
    """Return a file of a run as the run of another moment writes it, None where that cannot be told from the file."""
    old, new = before.encode(), after.encode()
    return _renamed_page(content, before, after) if name.endswith(".html") else _renamed_workbook(content, old, new)


def _renamed_page(content: bytes, before: str, after: str) -> bytes | None:
    """Give a page another run id: in its text, in the head that is printed on paper, in the hash of its style, in its seal."""
    seal, style = SEAL.search(content), _STYLE.search(content)
    if seal is None or style is None:
        return None
    head = style[1].replace(_escaped(before), _escaped(after))
    if head == style[1]:
        return None  # a heading so long that the id was cut off: the page is printed again
    body = content[: style.start(1)] + head + content[style.end(1) : seal.start()]
    body = body.replace(_hash(style[1]), _hash(head)).replace(before.encode(), after.encode())
    return sealed(body.decode()).encode()


def _escaped(text: str) -> bytes:
    """Return a text as the running head of a page has it."""
    return "".join(f"\\{ord(c):x} " for c in text).encode()


def _hash(style: bytes) -> bytes:
    return base64.b64encode(hashlib.sha256(style).digest())


def _renamed_workbook(content: bytes, old: bytes, new: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [(entry, archive.read(entry)) for entry in archive.infolist()]
    if not any(old in part for _, part in parts):
        return content
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, part in parts:
            archive.writestr(entry, part.replace(old, new))
    return written.getvalue()
