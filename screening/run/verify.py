"""`screen verify`: is a run what it says it is? Entries and hashes first; then the whole run again from its own tables, pack and
overrides, every file of it compared; with `--data`, from the source files too.

What it proves: that the folder is what this program makes of the tables, the rules and the overrides that lie in it. It does not
prove that the tables came from any source (that takes `--data`), nor who made the run (that takes a signature). What the folder
only states is listed as stated.
"""

from __future__ import annotations

import datetime
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from screening.dataset import ingest
from screening.engine.export import export
from screening.errors import RunError, ScreeningError
from screening.resources import day_in_china
from screening.result.contract import ANSWERS, EXTERNAL, RELATIONS
from screening.rulebook.parsing import parse_pack
from screening.run import manifest as manifests
from screening.run.folder import building, entries, file_hashes
from screening.run.opened import reading, run_folder
from screening.run.options import Options
from screening.run.override_records import override_records
from screening.run.packfile import ORIGINS, write_effective_pack
from screening.run.pages import write_pages
from screening.run.pageseal import seal_of
from screening.run.restated import Finding, counts, inputs, origins, outcomes_in, quality, records, same
from screening.run.screening import computed, derived_notices, digest_of, inputs_from, screened, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from screening.dataset.model import Dataset
    from screening.run.opened import RunFolder
    from screening.run.options import Progress

BEARING = ("pack/", "tables/", "set_aside/", "result/", "overrides.", "quality.json")
"""How the names of files begin that are opened again: what the result is computed from, and the result."""

PROGRAM, PLACES = "program", ["file", "line"]
"""The relation that names the places of rules, which a run only states."""

EXPLAINING = tuple(r for r in RELATIONS if not r.digested and r.name != PROGRAM)
"""What follows from the result and is outside its digest."""

NOT_PRINTED = {"files", "synthetic"}
"""The hashes of all files would grow with every page; `synthetic` is the page's own word."""

NOT_HERE = "the result"
WITHOUT_TABLES = (
    "not computed again: this folder was made for others (audience: external) and has no tables. Only hashes and the pages' seals "
    "were checked; result_digest is that of the full result, which whoever made it can verify"
)

STATED = (
    "the time of the run and the versions of its libraries (manifest: run_id, versions)",
    "file and line of each rule (pack/origins.csv, result/program.parquet)",
)
"""What nothing in the folder nor in the source can prove."""

STATED_WITHOUT_DATA = (
    "the clean tables and the rows set aside, as read from the source (tables/, set_aside/)",
    "what was seen in the cells before they were cleaned: filled, parsed, failures, examples, contradictions (quality.json)",
    "names and hashes of the source files, columns supplied, absence, searches, fund, notices of intake (manifest: data, settings, "
    "inputs, fund, dataset, as_of_basis, notices)",
)
"""What `--data` computes again from the source."""


def verify(run_dir: Path, data: Path | None = None, progress: Progress = lambda _: None) -> list[Finding]:
    """Check a run folder. With `data`, ingest the source again too. The folder is only read: it may lie on a disk that cannot
    be written.

    Raises RunError when the folder is not a run or holds links or special files, RulesError or DatasetError when the source
    cannot be read; a difference is a finding, never an exception.
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
    if manifest.get("audience") == EXTERNAL:
        return [*findings, *_made_for_others(run_dir, data)]
    run = run_folder(run_dir)
    try:
        with reading(run_dir), building(Path(tempfile.gettempdir())) as work:
            _known(run)
            findings += _again(run, work, {f.what for f in findings if not f.ok}, progress)
    except ScreeningError as error:
        return [*findings, *(Finding("the run again", ok=False, detail=p.message) for p in error.problems)]
    if data is not None:
        progress("ingest")
        with building(Path(tempfile.gettempdir())) as work:
            findings += _from_source(run, data, work, progress)
    stated = (*STATED, *(STATED_WITHOUT_DATA if data is None else ()))
    return [*findings, *(Finding(what, ok=True, detail="as stated, not verified", stated=True) for what in stated)]


def _made_for_others(run_dir: Path, data: Path | None) -> list[Finding]:
    """Check the seal of every page; say that nothing can be computed again. Raises RunError when `data` is given."""
    if data is not None:
        raise RunError.of(
            "verify/made-for-others",
            f"'{run_dir.as_posix()}' was made for others (audience: external); it cannot be compared with its source",
            remedy="verify the internal run with --data; this folder without",
        )
    pages = [run_dir / name for name in entries(run_dir).files if name.endswith(".html")]
    seals = [(page.relative_to(run_dir).as_posix(), seal_of(page)) for page in pages]
    broken = [Finding(name, ok=False, detail=seal.detail) for name, seal in seals if not seal.ok]
    return [
        *(broken or [Finding(f"the seals of {len(pages)} pages", ok=True)]),
        Finding(NOT_HERE, ok=True, detail=WITHOUT_TABLES, stated=True),
    ]


def _known(run: RunFolder) -> None:
    """Raise early what would otherwise be found half way."""
    run.pack()
    run.overrides()
    run.clean_tables()


def _again(run: RunFolder, work: Path, changed: set[str], progress: Progress) -> Iterator[Finding]:
    """Make the run again in `work` from its tables, pack and overrides, and compare every file."""
    manifest, loaded, overrides = run.manifest, run.pack(), run.overrides()
    yield same("pack digest", manifest["pack"]["digest"], loaded.digest)
    yield inputs(run, loaded)
    yield from counts(run)
    progress("recompute")
    parsed = parse_pack(loaded, run.inputs.as_of)
    given = [*(f"tables/{p.name}" for p in run.tables.values()), *_set_aside(run), "quality.json"]
    if run.overrides_file is not None:
        given.append(run.overrides_file.name)
    for name in given:
        # The sealed database sees its own folder only.
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(run.path / name, work / name)
    write_effective_pack(loaded, work / "pack")
    yield same("digest of the result files", manifest["result_digest"], digest_of(run.path / "result"))
    inside = {name: work / "tables" / path.name for name, path in run.tables.items()}
    with screened(work, parsed, run.inputs, inside, Options(), overrides, progress, anew=True) as running:
        export(running, work / "result")
        said, idle = override_records(running, overrides)
    again = digest_of(work / "result")
    yield same("result computed again from tables and pack", manifest["result_digest"], again)
    recorded, found = (digest_of(f / "result", EXPLAINING) for f in (run.path, work))
    yield same("what explains it, computed again", recorded, found)
    places = f"result/{PROGRAM}.parquet"
    yield Finding(
        f"{places} against the rules",
        ok=_frames_equal(run.path / places, work / places, without=PLACES),
    )
    outcomes = outcomes_in(work)
    started = datetime.datetime.strptime(manifest["run_id"][:15], "%Y%m%dT%H%M%S").replace(tzinfo=datetime.UTC)
    day = day_in_china(started)
    notices = [*derived_notices(parsed, run.inputs, day, outcomes), *idle]
    yield from records(
        manifest, parsed_pack=loaded, outcomes=outcomes, overrides=said, notices=manifests.notice_records(notices)
    )
    yield from quality(run)
    progress("report")
    shutil.rmtree(work / "spill", ignore_errors=True)
    printed = {key: value for key, value in manifest.items() if key != "files"}
    yield origins(run, work)
    # Pages name the file and line of every rule, as the run recorded them.
    shutil.copyfile(run.path / "pack" / ORIGINS, work / "pack" / ORIGINS)
    write_pages(work, loaded, printed, _options(manifest), anew=True)
    shutil.rmtree(work / "spill", ignore_errors=True)
    yield _answers(run, work)
    yield from _compare(run, work, {*given, f"pack/{ORIGINS}"}, changed)


def _answers(run: RunFolder, work: Path) -> Finding:
    """The answers follow from the result; those that both have must be equal, and a missing one is found by its file."""
    there = [r for r in ANSWERS if all((f / "result" / f"{r.name}.parquet").is_file() for f in (run.path, work))]
    recorded, found = (digest_of(f / "result", there) for f in (run.path, work))
    return same("answers, worked out again", recorded, found)


def _compare(run: RunFolder, work: Path, given: set[str], changed: set[str]) -> Iterator[Finding]:
    """Every file that is not an input must come out again, byte by byte; relations are compared by their digest."""
    relations = {f"result/{r.name}.parquet" for r in (*RELATIONS, *ANSWERS)}
    # A large relation is a folder of files in the one and a file in the other.
    before, after = (
        {folder if (folder := name.rpartition("/")[0]) in relations else name for name in entries(place).files}
        - {manifests.NAME}
        for place in (run.path, work)
    )
    differ = sorted(
        name
        for name in (before & after) - given - relations - changed
        if (run.path / name).read_bytes() != (work / name).read_bytes()
    )
    made_elsewhere = (
        ""
        if run.manifest.get("versions") == manifests.versions()
        else (
            "; it was made with other versions of the program or its libraries, which may print otherwise (manifest: versions)"
        )
    )
    for name in differ:
        yield Finding(name, ok=False, detail=f"it does not come out again{made_elsewhere}")
    for name in sorted(before - after - changed):
        yield Finding(name, ok=False, detail="no run writes this file")
    for name in sorted(after - before - changed):
        yield Finding(name, ok=False, detail="the run lacks this file, which comes out again")
    unchanged = len((before & after) - given - relations - changed) - len(differ)
    yield Finding("pages, ranking files and rules made again", ok=not differ, detail=f"{unchanged} files are the same")


def _from_source(run: RunFolder, data: Path, work: Path, progress: Progress) -> Iterator[Finding]:
    """Ingest the source again and compare what intake hands on, then screen it."""
    manifest, loaded = run.manifest, run.pack()
    as_of = run.inputs.as_of if _gives_date(manifest) else None
    dataset = ingest(data, loaded.pack.tables, loaded.pack.geography, as_of, work)
    before, after = ([str(f["sha256"]) for f in files] for files in (manifest["data"], dataset.files))
    yield Finding(
        "source files",
        ok=sorted(before) == sorted(after),
        detail="" if sorted(before) == sorted(after) else "the files differ from those of the run",
    )
    for place in ("tables", "set_aside"):
        for name in sorted({p.name for folder in (run.path, work) for p in (folder / place).glob("*.parquet")}):
            one, other = run.path / place / name, work / place / name
            alike = one.is_file() and other.is_file() and _frames_equal(one, other)
            if not alike:
                yield Finding(f"{place}/{name}", ok=False, detail="other rows come out of the source")
    yield from _stated_by_intake(run, data, dataset)
    computed(work, loaded, inputs_from(dataset), dataset.tables, run.overrides(), Options(), progress, anew=True)
    yield same(
        "result computed again from the source files",
        manifest["result_digest"],
        digest_of(work / "result"),
    )


def _stated_by_intake(run: RunFolder, data: Path, dataset: Dataset) -> Iterator[Finding]:
    """Compare what the manifest and quality.json say of the source with what it says now."""
    again = {
        **manifests.from_intake(dataset),
        "settings": settings_of(data, dataset),
        "as_of_basis": run.manifest.get("as_of_basis") if _gives_date(run.manifest) else dataset.as_of_basis,
    }
    wrong = [key for key, value in manifests.plain(again).items() if run.manifest.get(key) != value]
    if manifests.plain(dataset.quality) != manifests.read_json(run.path / "quality.json"):
        wrong.append("quality.json")
    yield Finding("what intake saw", ok=not wrong, detail=f"other than stated: {', '.join(wrong)}" if wrong else "")


def _gives_date(manifest: Mapping[str, Any]) -> bool:
    """True unless the data themselves say of when they are."""
    return manifest.get("as_of_basis") not in ("dataset", "newest_date")


def _frames_equal(one: Path, other: Path, without: Sequence[str] = ()) -> bool:
    before, after = (pl.read_parquet(path, glob=False).drop(without) for path in (one, other))
    if before.columns != after.columns or before.height != after.height:
        return False
    order = before.columns
    return before.sort(order).equals(after.sort(order))


def _set_aside(run: RunFolder) -> list[str]:
    return [f"set_aside/{p.name}" for p in sorted((run.path / "set_aside").glob("*.parquet"))]


def _options(manifest: Mapping[str, Any]) -> Options:
    chosen = manifest.get("options") or {}
    known = {
        k: chosen[k] for k, kind in (("top", int), ("dossiers", str), ("lang", str)) if isinstance(chosen.get(k), kind)
    }
    return Options(**known)


def _hashes(run_dir: Path, manifest: Mapping[str, Any]) -> list[Finding]:
    recorded: Mapping[str, str] = manifest["files"]
    findings = [Finding(name, ok=False, detail=f"{what}: no run holds one") for name, what in entries(run_dir).foreign]
    present = file_hashes(run_dir)
    findings += [Finding(name, ok=False, detail="the file is missing") for name in recorded if name not in present]
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
