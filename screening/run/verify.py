"""`screen verify`: is a run what it says it is? Hashes first, then the result again from the run's own tables and pack."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from screening.dataset import ingest
from screening.dataset.overrides import read_overrides
from screening.engine.export import export
from screening.identifier import file_named
from screening.result.contract import RELATIONS
from screening.rulebook.loader import load_pack
from screening.rulebook.scope import parse_pack
from screening.run import manifest as manifests
from screening.run.folder import building, file_hashes, sha256
from screening.run.geography import geography_of
from screening.run.options import Options
from screening.run.screening import digest_of, inputs_from, screened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.engine.inputs import Inputs
    from screening.rulebook.loader import LoadedPack
    from screening.run.options import Progress


BEARING = ("pack/", "tables/", "set_aside/", "result/", "overrides.")
"""How the names of files begin that are opened again: what the result is computed from, and the result."""


EXPLAINING = tuple(r for r in RELATIONS if not r.digested and r.name != "program")
"""What follows from the result and is outside its digest. `program` names the lines of files, which a run's own pack has not."""


NOT_PRINTED = {"files", "synthetic"}
"""The hashes of all files would grow with every page; `synthetic` is the page's own word."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked; `ok` is False when it does not hold, and `detail` says what differs."""

    what: str
    ok: bool
    detail: str = ""


def verify(run_dir: Path, data: Path | None = None, progress: Progress = lambda _: None) -> list[Finding]:
    """Check a run folder. With `data`, ingest the source again too. The folder is only read: it may lie on a disk that cannot
    be written.

    Raises RunError when the folder is not a run, RulesError or DatasetError when pack or data cannot be read; a difference
    is a finding, never an exception.
    """
    manifest = manifests.read(run_dir)
    progress("hashes")
    findings = [*_hashes(run_dir, manifest), _as_printed(run_dir, manifest)]
    if any(not f.ok for f in findings if f.what.startswith(BEARING)):
        # What was changed cannot vouch for itself; recomputing from it would only confuse.
        return [
            *findings,
            Finding("recomputed result", ok=False, detail="not tried: its inputs or its files were changed"),
        ]
    loaded = load_pack(run_dir / "pack")
    overrides = next(iter(sorted(run_dir.glob("overrides.*"))), None)
    chosen = read_overrides(overrides) if overrides is not None else ()
    findings += [
        _same("pack digest", manifest["pack"]["digest"], loaded.digest),
        _inputs(manifest, loaded, overrides),
        *_counts(run_dir, manifest),
    ]
    progress("recompute")
    tables = {p.stem: p for p in sorted((run_dir / "tables").glob("*.parquet"))}
    with building(Path(tempfile.gettempdir())) as work:
        findings.append(
            _same(
                "digest of the result files", manifest["result_digest"], digest_of(run_dir / "result", work, Options())
            )
        )
        _recompute(work, loaded, manifests.inputs_of(manifest), tables, chosen, progress)
        again = digest_of(work / "result", work, Options())
        findings.append(_same("result computed again from tables and pack", manifest["result_digest"], again))
        recorded, found = (digest_of(f / "result", work, Options(), EXPLAINING) for f in (run_dir, work))
        findings.append(_same("what explains it, computed again", recorded, found))
    if data is not None:
        progress("ingest")
        with building(Path(tempfile.gettempdir())) as work:
            findings += _from_source(work, data, loaded, manifest, chosen, progress)
    return findings


def _recompute(
    work: Path, loaded: LoadedPack, inputs: Inputs, tables: Mapping[str, Path], overrides: Any, progress: Progress
) -> None:
    parsed = parse_pack(loaded, inputs.as_of)
    # The sealed database sees its own folder only.
    inside = {}
    for name, path in tables.items():
        inside[name] = work / "tables" / path.name
        inside[name].parent.mkdir(exist_ok=True)
        shutil.copyfile(path, inside[name])
    with screened(work, parsed, inputs, inside, Options(), overrides, progress) as running:
        export(running, work / "result")


def _from_source(
    work: Path, data: Path, loaded: LoadedPack, manifest: Mapping[str, Any], overrides: Any, progress: Progress
) -> list[Finding]:
    inputs = manifests.inputs_of(manifest)
    dataset = ingest(data, loaded.pack.tables, geography_of(loaded.pack), inputs.as_of, work)
    before = sorted(str(f["sha256"]) for f in manifest["data"])
    after = sorted(str(f["sha256"]) for f in dataset.files)
    parsed = parse_pack(loaded, dataset.as_of)
    with screened(work, parsed, inputs_from(dataset), dataset.tables, Options(), overrides, progress) as running:
        export(running, work / "result")
    return [
        Finding(
            "source files",
            ok=before == after,
            detail="" if before == after else "the files differ from those of the run",
        ),
        _same(
            "result computed again from the source files",
            manifest["result_digest"],
            digest_of(work / "result", work, Options()),
        ),
    ]


def _hashes(run_dir: Path, manifest: Mapping[str, Any]) -> list[Finding]:
    recorded: Mapping[str, str] = manifest["files"]
    present = file_hashes(run_dir)
    findings = [Finding(name, ok=False, detail="the file is missing") for name in recorded if name not in present]
    findings += [
        Finding(name, ok=False, detail="the file was changed after the run")
        for name, digest in recorded.items()
        if name in present and present[name] != digest
    ]
    findings += [
        Finding(name, ok=False, detail="the file was added after the run") for name in present if name not in recorded
    ]
    return findings or [Finding(f"{len(recorded)} files", ok=True)]


def _as_printed(run_dir: Path, manifest: Mapping[str, Any]) -> Finding:
    """The manifest itself has no hash in it; what the report printed of it is the witness."""
    what = f"{manifests.NAME} as printed in report.html"
    printed = manifests.printed_in(run_dir / "report.html")
    if printed is None:
        return Finding(what, ok=False, detail="the report holds no manifest")
    differing = sorted(
        key for key in (manifest.keys() | printed.keys()) - NOT_PRINTED if manifest.get(key) != printed.get(key)
    )
    return Finding(what, ok=not differing, detail=f"they differ in: {', '.join(differing)}" if differing else "")


def _inputs(manifest: Mapping[str, Any], loaded: LoadedPack, overrides: Path | None) -> Finding:
    digest = manifests.input_digest(
        loaded.digest,
        manifest["as_of"],
        sha256(overrides) if overrides is not None else "",
        (f["sha256"] for f in manifest["data"]),
    )
    if digest != manifest["input_digest"]:
        return _same("digest of the inputs", manifest["input_digest"], digest)
    named = str(manifest["run_id"]).endswith(digest[:8])
    return Finding(
        "digest of the inputs",
        ok=named,
        detail=digest[:16] if named else f"the run id {manifest['run_id']} belongs to other inputs",
    )


def _counts(run_dir: Path, manifest: Mapping[str, Any]) -> list[Finding]:
    """Rows and outcomes as the manifest states them, against the files."""
    wrong = []
    for table, rows in manifest["tables"].items():
        clean, aside = (_rows(file_named(run_dir / place, table, ".parquet")) for place in ("tables", "set_aside"))
        if (clean, aside) != (rows["clean"], rows["set_aside"]) or rows["read"] != clean + aside:
            wrong.append(
                f"{table}: the manifest says {rows['read']} = {rows['clean']} + {rows['set_aside']}, "
                f"the files hold {clean} + {aside}"
            )
    if manifest["rows"] != manifest["tables"]["companies"]:
        wrong.append("the rows of the run are not those of its companies")
    counted = (
        pl.read_parquet(run_dir / "result" / "ranking.parquet", columns=["outcome"], glob=False)
        .group_by("outcome")
        .len()
    )
    outcomes = dict(counted.iter_rows())
    return [
        Finding("rows: read = clean + set aside", ok=not wrong, detail="; ".join(wrong)),
        Finding(
            "outcomes",
            ok=outcomes == manifest["outcomes"],
            detail="" if outcomes == manifest["outcomes"] else f"recorded {manifest['outcomes']}, found {outcomes}",
        ),
    ]


def _rows(path: Path) -> int:
    return int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item()) if path.is_file() else 0


def _same(what: str, recorded: str, found: str) -> Finding:
    if recorded == found:
        return Finding(what, ok=True, detail=found[:16])
    return Finding(what, ok=False, detail=f"recorded {recorded[:16]}…, found {found[:16]}…")
