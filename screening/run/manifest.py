"""`manifest.json`: what was run, on what, with which result; enough to run it again and to see any tampering."""

from __future__ import annotations

import errno
import hashlib
import json
import platform
import stat
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from screening import __version__, trace
from screening.errors import Problem, RunError
from screening.foreign_file import read_file
from screening.result.manifest import RunManifest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from screening.dataset.model import Dataset
    from screening.rulebook.loader import LoadedPack
    from screening.rulebook.scope import ParsedPack

NAME = "manifest.json"
FORMAT = 1
MOST_BYTES = 64 << 20
"""A manifest names every file; one of this size would name half a million."""
_PRINTED = '<script type="application/json" id="manifest">'
_LIBRARIES = ("duckdb", "polars", "pydantic", "sqlglot", "jinja2")


def input_digest(pack_digest: str, as_of: str, overrides: str, files: Iterable[str]) -> str:
    """Return a digest of all that decides a result: rules, date (ISO), overrides and data, the last two by their hashes."""
    return hashlib.sha256("\n".join([pack_digest, as_of, overrides, *sorted(files)]).encode()).hexdigest()


def build(
    *,
    run_id: str,
    parsed: ParsedPack,
    dataset: Dataset,
    outcomes: Mapping[str, int],
    result_digest: str,
    input_digest_: str,
    notices: Sequence[Problem],
    options: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the manifest without its `files`, which are hashed last."""
    return {
        "format": FORMAT,
        "run_id": run_id,
        "pack": pack_used(parsed.loaded),
        "as_of": parsed.as_of.isoformat(),
        "as_of_basis": dataset.as_of_basis,
        **from_intake(dataset),
        "outcomes": dict(outcomes),
        "result_digest": result_digest,
        "input_digest": input_digest_,
        "notices": notice_records(notices),
        "options": dict(options),
        "versions": versions(),
    }


def pack_used(loaded: LoadedPack) -> dict[str, Any]:
    """Return what the manifest says of the pack."""
    head = loaded.pack.pack
    return {
        "id": head.id,
        "version": head.version,
        "digest": loaded.digest,
        "authority": head.authority.number if head.authority else None,
    }


def from_intake(dataset: Dataset) -> dict[str, Any]:
    """Return what the manifest says of the data: only intake saw it, so that only the source can prove it."""
    return {
        "dataset": {"id": dataset.id, "label": dict(dataset.label), "synthetic": dataset.synthetic},
        "data": [dict(f) for f in dataset.files],
        "inputs": {
            "available": {t: sorted(c) for t, c in sorted(dataset.available.items())},
            "absence": dict(dataset.absence),
            "searched_on": {t: d.isoformat() if d else None for t, d in dataset.searched_on.items()},
        },
        "fund": dict(dataset.fund) if dataset.fund else None,
        "rows": dataset.rows["companies"].as_record(),
        "tables": {t: counts.as_record() for t, counts in dataset.rows.items()},
    }


def notice_records(notices: Sequence[Problem]) -> list[dict[str, Any]]:
    """Return notices as the manifest keeps them: without places in files."""
    return [
        {
            "code": n.code,
            "severity": n.severity,
            "message": n.message,
            "remedy": n.remedy,
            "details": dict(n.details),
        }
        for n in notices
    ]


def versions() -> dict[str, str]:
    """Return the versions of the program and of the libraries that decide how a result is computed and printed."""
    return {
        "screening": __version__,
        "python": platform.python_version(),
        **{lib: version(lib) for lib in _LIBRARIES},
    }


def plain(record: object) -> Any:
    """Return a record as it reads after it was written as JSON."""
    return json.loads(json.dumps(record, ensure_ascii=False, default=str))


def read_json(path: Path) -> Any:
    """Read a JSON file of a run, None where it is none."""
    try:
        return json.loads(read_file(path, most=MOST_BYTES).decode())
    except (OSError, ValueError, RecursionError):
        return None


def write(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest."""
    text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=False, default=str)
    (folder / NAME).write_text(text + "\n", encoding="utf-8", newline="\n")


def read(run_dir: Path) -> dict[str, Any]:
    """Read the manifest of a run. Raises RunError when the folder is not a run or the manifest lacks what a run records."""
    path = run_dir / NAME
    trace.looked(path)
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise OSError(errno.EINVAL, "it is a link or no regular file")
        if path.stat().st_size > MOST_BYTES:
            raise OSError(errno.EFBIG, f"it is larger than {MOST_BYTES >> 20} MB")
        content = path.read_bytes()
        trace.read(path, content)
        manifest = json.loads(content.decode())
    except OSError as error:
        raise RunError.of(
            "run/no-manifest",
            f"'{run_dir.as_posix()}' is not a run folder, or an incomplete copy of one: it has no {NAME} that can be"
            f" read ({error.strerror or error})",
            remedy="give the folder that `screen run` printed at its end",
        ) from error
    except (ValueError, RecursionError) as error:
        raise _damaged(run_dir, str(error)) from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise RunError.of(
            "run/format",
            f"the manifest in '{run_dir.as_posix()}' has an unknown format",
            remedy="use the version of `screen` that wrote it",
        )
    try:
        RunManifest.model_validate(manifest)
    except ValidationError as error:
        wrong = dict.fromkeys(str(e["loc"][0]) if e["loc"] else str(e["msg"]) for e in error.errors())
        raise _damaged(run_dir, f"wrong or missing: {', '.join(wrong)}") from None
    return manifest


def printed_in(page: Path) -> dict[str, Any] | None:
    """Return the manifest that a page carries, None where it carries none that can be read."""
    try:
        text = read_file(page, most=MOST_BYTES).decode()
        start = text.index(_PRINTED) + len(_PRINTED)
        printed = json.loads(text[start : text.index("</script>", start)])
    except (OSError, ValueError):
        return None
    return printed if isinstance(printed, dict) else None


def _damaged(run_dir: Path, why: str) -> RunError:
    return RunError.of(
        "run/manifest",
        f"the {NAME} in '{run_dir.as_posix()}' is damaged: {why}",
        remedy="take the run folder from a copy, or run the screening again",
    )
