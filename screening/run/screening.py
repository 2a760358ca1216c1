"""`screen run`: load, check, ingest, screen, write. One function per stretch of the way; nothing hidden between them."""

from __future__ import annotations

import datetime
import json
import shutil
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from screening.dataset.committee_notes import read_notes
from screening.dataset.manifest import FUND, find_manifest
from screening.dataset.overrides import read_overrides
from screening.engine.export import export
from screening.engine.inputs import MAIN, Inputs
from screening.engine.kept import Kept
from screening.engine.pipeline import screen
from screening.engine.session import SPILL, few, session
from screening.errors import Problem, RulesError, RunError
from screening.resources import day_in_china
from screening.result.contract import EXTERNAL, OWN_USE
from screening.result.digest import DIGESTED, relation_digest, result_digest
from screening.rulebook.parsing import parse_pack
from screening.run import manifest as manifests
from screening.run.audience import marked, strip, withhold
from screening.run.checked import checked_pack
from screening.run.folder import LEFT_BEHIND, building, file_hashes, left_behind, settle, sha256
from screening.run.gaps import gaps
from screening.run.mapped import mapped_headers
from screening.run.options import SPARK
from screening.run.override_records import override_records
from screening.run.packfile import write_effective_pack
from screening.run.pages import find_company, require_companies, write_pages
from screening.run.readiness import warm_up
from screening.run.room import require_disk
from screening.run.taken_in import taken_in
from screening.store import NOTHING_KEPT, Store, key, store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from screening.dataset.loading import Spread
    from screening.dataset.model import Dataset
    from screening.engine.session import Session
    from screening.result.contract import Relation
    from screening.result.overview import Overview
    from screening.rulebook.loader import LoadedPack
    from screening.rulebook.scope import ParsedPack
    from screening.run.options import Options, Progress

KIND = "digest"
"""What the store calls the digests of relations."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A run that is there: its folder, its manifest, what the pages were made from, and what the report says."""

    run_dir: Path
    manifest: Mapping[str, Any]
    loaded: LoadedPack
    notices: tuple[Problem, ...]
    overview: Overview

    @property
    def left_behind(self) -> bool:
        """True when leftovers of another run, broken off, lie beside it."""
        return any(notice.code == LEFT_BEHIND for notice in self.notices)


def inputs_from(dataset: Dataset) -> Inputs:
    """Return what the dataset offers to the rules."""
    return Inputs(dataset.as_of, dataset.available, dataset.absence, dataset.searched_on)


@contextmanager
def screened(
    work: Path,
    parsed: ParsedPack,
    inputs: Inputs,
    tables: Mapping[str, Path],
    options: Options,
    overrides: Sequence[Any],
    progress: Progress,
    *,
    anew: bool = False,
) -> Iterator[Session]:
    """Run the engine in `work`, where the caller exports to `work/result`; the relations stand in the session that is yielded.

    What earlier runs kept is taken where nothing it rests on has changed; `anew`: everything is worked out.
    """
    if options.engine == SPARK:
        from screening.run.partitions import screened_in_partitions  # noqa: PLC0415 - only where it is asked for

        with screened_in_partitions(work, parsed, inputs, tables, options, overrides, progress) as running:
            yield running
        return
    kept = None if anew else Kept(store(), work / "result", work / SPILL)
    small = few(tables[MAIN])
    with session(work, threads=options.threads, memory_limit=options.memory_limit, small=small) as running:
        screen(running, parsed, inputs, tables, overrides, progress, kept)
        yield running
        if kept is not None:
            kept.keep(running)


def computed(
    folder: Path,
    loaded: LoadedPack,
    inputs: Inputs,
    tables: Mapping[str, Path],
    overrides: Sequence[Any],
    options: Options,
    progress: Progress = lambda _: None,
    *,
    anew: bool = False,
) -> Path:
    """Compute a result in `folder`, where the tables lie, and return its folder. Raises RulesError for a pack that cannot be used."""
    parsed = parse_pack(loaded, inputs.as_of)
    if any(p.is_error for p in parsed.problems):
        raise RulesError(parsed.problems)
    with screened(folder, parsed, inputs, tables, options, overrides, progress, anew=anew) as running:
        export(running, folder / "result")
    return folder / "result"


def assemble(options: Options, work: Path, progress: Progress) -> tuple[LoadedPack, dict[str, Any], list[Problem]]:
    """Do everything but the pages in `work`: tables, result, pack; return pack, manifest and notices.

    Raises RulesError or DatasetError with every problem, RunError when the run itself cannot go on.
    """
    started = datetime.datetime.now(datetime.UTC)
    progress("check")
    loaded, warnings = checked_pack(options.rules, options.as_of or day_in_china(started), options.trusted)
    progress("ingest")
    warnings = (*warnings, *mapped_headers(loaded, options.data, options.as_of or day_in_china(started)))
    today = day_in_china(started)
    spread, limit = _spread(options, work), options.memory_limit
    dataset = taken_in(loaded, options.data, options.as_of, work, today=today, spread=spread, memory_limit=limit)
    progress(f"read {dataset.rows['companies'].clean:,}")
    parsed = parse_pack(loaded, dataset.as_of)
    if any(p.is_error for p in parsed.problems):
        raise RulesError(parsed.problems)
    require_companies(dataset.tables["companies"], options.dossiers)
    inputs = inputs_from(dataset)
    overrides, overrides_digest = _overrides(options, work)
    notes = read_notes(options.notes) if options.notes is not None else []
    with screened(work, parsed, inputs, dataset.tables, options, overrides, progress) as running:
        progress("export")
        export(running, work / "result")
        outcomes = dict(running.rows("SELECT outcome, count(*) FROM ranking GROUP BY outcome ORDER BY outcome"))
        said, idle = override_records(running, overrides)
    notices = [*warnings, *dataset.notices, *derived_notices(parsed, inputs, day_in_china(started), outcomes), *idle]
    clean = dataset.rows["companies"].clean
    if sum(outcomes.values()) != clean:
        raise RunError.of(
            "run/rows-lost",
            f"{clean} clean companies went in, {sum(outcomes.values())} came out",
            remedy="report this with the data: it is a fault of the program",
        )
    digest = digest_of(work / "result", keeping=store())
    shutil.rmtree(work / SPILL, ignore_errors=True)
    write_effective_pack(loaded, work / "pack")
    (work / "quality.json").write_text(_json(dataset.quality), encoding="utf-8", newline="\n")
    settings = settings_of(options.data, dataset)
    inputs_digest = manifests.input_digest(
        loaded.digest,
        parsed.as_of.isoformat(),
        overrides_digest,
        (str(f["sha256"]) for f in (*dataset.files, *settings)),
    )
    record = manifests.build(
        run_id=f"{started:%Y%m%dT%H%M%SZ}-{inputs_digest[:8]}",
        parsed=parsed,
        dataset=dataset,
        outcomes=outcomes,
        result_digest=digest,
        input_digest_=inputs_digest,
        notices=notices,
        options={"top": options.top, "dossiers": options.dossiers, "lang": options.lang},
    )
    record["audience"] = OWN_USE
    record["confidential"] = marked(loaded.pack.tables, dataset)
    record["settings"] = settings
    record["overrides"] = said
    record["notes"] = _notes(notes, work)
    return loaded, record, notices


def run(options: Options, progress: Progress = lambda _: None) -> Finished:
    """Do the whole job and return the finished run; on any error nothing is left behind.

    Raises as `assemble` does.
    """
    warm_up()
    require_disk(options.out, options.data)
    left: list[str] = []
    with building(options.out, left) as work:
        with _at_hand(options):
            loaded, record, notices = assemble(options, work, progress)
        progress("report")
        external = options.audience == EXTERNAL
        if external:
            record = withhold(work, parse_pack(loaded, datetime.date.fromisoformat(record["as_of"])), record)
        found = write_pages(work, loaded, record, options)
        if external:
            strip(work)
        record["files"] = file_hashes(work)
        manifests.write(work, record)
        run_dir = settle(work, options.out / record["run_id"])
        # Not of this run, so neither its manifest nor its pages say it.
        return Finished(run_dir, record, loaded, (*notices, *map(left_behind, left)), found)


def _at_hand(options: Options) -> AbstractContextManager[Any]:
    """Have Spark ready where it is asked for, before any file is read: who has none need not wait for intake to be told."""
    if options.engine != SPARK:
        return nullcontext()
    from screening.engine.spark import spark_session  # noqa: PLC0415 - only where it is asked for

    return spark_session(options.master, options.threads)


def _spread(options: Options, work: Path) -> Spread | None:
    """Return who cleans and parses rows where they lie: Spark where it is asked for, else nobody but this process."""
    if options.engine != SPARK:
        return None
    from screening.engine.spark import spark_session, spread  # noqa: PLC0415 - only where it is asked for

    def work_on(function: Callable[[Any], Any], things: Sequence[Any]) -> list[Any]:
        with spark_session(options.master, options.threads) as spark:
            return spread(spark, work, function, things)

    return work_on


def derived_notices(
    parsed: ParsedPack, inputs: Inputs, today: datetime.date, outcomes: Mapping[str, int]
) -> list[Problem]:
    """Return what follows from pack, tables and result: sources that are lacking, dates, nobody in scope."""
    return [*gaps(parsed, inputs), *_dates(parsed, today), *_reach(outcomes)]


def settings_of(data: Path, dataset: Dataset) -> list[dict[str, str]]:
    """Return the files beside the data that decide a result too: `dataset.yaml` (units, absence, searches) and `fund.yaml`."""
    manifest = find_manifest(data)
    if manifest is None:
        return []
    files = [manifest, *([manifest.parent / FUND] if dataset.fund is not None else [])]
    return [{"path": file.name, "sha256": sha256(file)} for file in files]


def digest_of(folder: Path, relations: Sequence[Relation] = DIGESTED, keeping: Store = NOTHING_KEPT) -> str:
    """Return the digest of relations in a result folder.

    `keeping`: where the digests of relations may stand already, by the hash of their files.
    """
    files = {relation.name: folder / f"{relation.name}.parquet" for relation in relations}
    names = {
        n: key(KIND, n, sha256(path)) for n, path in files.items() if keeping.folder is not None and path.is_file()
    }
    digests = {n: said.decode() for n, name in names.items() if (said := keeping.read(KIND, name)) is not None}
    missing = [relation for relation in relations if relation.name not in digests]
    for relation in missing:
        digests[relation.name] = relation_digest(files[relation.name], relation)
        if relation.name in names:
            keeping.write(KIND, names[relation.name], digests[relation.name].encode())
    return result_digest({relation.name: digests[relation.name] for relation in relations})


def _json(record: object) -> str:
    return json.dumps(record, ensure_ascii=False, indent=2, default=str) + "\n"


def _notes(notes: Sequence[Mapping[str, str]], work: Path) -> list[dict[str, str | None]]:
    """Return the notes with the company each is about; one that names nobody here keeps its place, with no company."""
    if not notes:
        return []
    ranking = pl.read_parquet(work / "result" / "ranking.parquet", columns=["company_id", "uscc", "name"], glob=False)
    return [{"company_id": find_company(ranking, note["company"]), **note} for note in notes]


def _overrides(options: Options, work: Path) -> tuple[Sequence[Any], str]:
    """Read the analyst's overrides and keep the file with the run."""
    if options.overrides is None:
        return (), ""
    overrides = read_overrides(options.overrides)
    shutil.copyfile(options.overrides, work / f"overrides{options.overrides.suffix}")
    return overrides, sha256(options.overrides)


def _dates(parsed: ParsedPack, today: datetime.date) -> list[Problem]:
    """Say where the date of knowledge lies before the plan, or has not come yet."""
    start = parsed.pack.pack.effective_from
    if start is not None and parsed.as_of < start:
        return [
            Problem(
                "run/before-plan",
                f"the data are of {parsed.as_of}, before the pack takes effect ({start}); "
                "its first valid values are used and ages count from the data's date",
                severity="notice",
                details=(("as_of", parsed.as_of.isoformat()), ("start", start.isoformat())),
            )
        ]
    if parsed.as_of > today:
        return [
            Problem(
                "run/date-ahead",
                f"the date of knowledge {parsed.as_of} has not come yet; companies are as old in this run "
                "as they will be then",
                remedy="check --as-of, or `as_of` in dataset.yaml",
                severity="warning",
                details=(("as_of", parsed.as_of.isoformat()),),
            )
        ]
    return []


def _reach(outcomes: Mapping[str, int]) -> list[Problem]:
    """Say so when no company is in the plan: the ranking is empty for a reason, not by mistake."""
    if outcomes and set(outcomes) <= {"out_of_scope", "direction_open"}:
        return [
            Problem(
                "run/nobody-in-scope",
                "no company lies in a direction of the plan, so nobody is ranked",
                remedy="check that the data have business scopes, products or descriptions; `screen terms` shows what was found",
                severity="warning",
            )
        ]
    return []
